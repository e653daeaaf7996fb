//! From an address to a feed, for the commands: the document itself, the feeds that its page names, well-known places.
//!
//! Only for people who ask. The daemon polls what the config says and nothing else: a page can name anything, and places
//! that are tried by guess are requests that a publisher did not invite.

use std::fmt;

use url::Url;

use super::CliError;
use crate::clock::Clock;
use crate::config::FeedSettings;
use crate::feed::{self, FeedBytes, FeedError};
use crate::fetch::{Answer, Document, Fetcher, Request};
use crate::html::{FeedLink, without_feed_scheme};
use crate::model::failure::{ErrorClass, Failure, InsteadOfFeed};
use crate::model::feed::ParsedFeed;
use crate::model::outcome::ServerWishes;
use crate::model::secret::SecretUrl;

/// Of the feeds that a page names, so many are asked for until one is a feed.
const MAX_NAMED: usize = 5;

/// Where feeds are found although no page names them, the commonest first.
const WELL_KNOWN: [&str; 7] = ["feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json"];

/// What an address led to.
pub(super) enum Led {
    /// To a feed.
    ToFeed(Box<FoundFeed>),
    /// To a page without any.
    ToPage(Box<FoundPage>),
}

/// A feed that was read.
pub(super) struct FoundFeed {
    /// What was asked for at last.
    pub(super) request: Request,
    pub(super) document: Document,
    pub(super) wishes: ServerWishes,
    pub(super) feed: ParsedFeed,
    /// All that the page named which led here; empty when none did.
    pub(super) named_by_page: Vec<FeedLink>,
    /// The places tried in vain before.
    pub(super) tried: Vec<Tried>,
}

/// A page that names no feed, and well-known places near it that have none.
pub(super) struct FoundPage {
    pub(super) document: Document,
    /// That it is no feed, and what it is; `None` when nobody wanted to know.
    pub(super) error: Option<FeedError>,
    pub(super) tried: Vec<Tried>,
}

/// A place that has no feed, and why that is so.
pub(super) struct Tried {
    pub(super) url: Url,
    why: String,
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.url, self.why)
    }
}

/// Which of the feeds that a page names is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// The first that is a feed.
    First,
    /// The only one; several are for a person to choose from.
    Only,
}

/// Follows an address to a feed.
pub(super) struct Discovery<'a> {
    pub(super) fetcher: &'a Fetcher,
    pub(super) settings: &'a FeedSettings,
    pub(super) clock: &'a Clock,
    pub(super) choice: Choice,
}

/// Why an address led nowhere.
pub(super) enum Astray {
    /// In words, with the address.
    Failed(String),
    /// The page names several feeds.
    Several(Vec<FeedLink>),
}

impl Discovery<'_> {
    /// The feed at the address of `request`, one that its page names, or one at a well-known place near it.
    pub(super) async fn follow(&self, request: &Request) -> Result<Led, Astray> {
        let (document, wishes) = self.get(request).await.map_err(|failure| Astray::Failed(in_words(&failure)))?;
        let error = match self.parse(&document) {
            Ok(feed) => {
                let (request, named_by_page, tried) = (request.clone(), Vec::new(), Vec::new());
                return Ok(Led::ToFeed(Box::new(FoundFeed { request, document, wishes, feed, named_by_page, tried })));
            }
            Err(error) => error,
        };
        let (kind, mut named) = match &error {
            FeedError::NotAFeed { kind, names, .. } if is_page(*kind) => (*kind, names.clone()),
            // What comes from a secret address may repeat the secret, in a quoted line as in links.
            _ if request.url.is_secret() => {
                return Err(Astray::Failed(format!("cannot read `{}`: {}", request.url, error.class())));
            }
            _ => return Err(Astray::Failed(format!("cannot read `{}`: {error}", request.url))),
        };
        // An address that redirects to a page which names it.
        named.retain(|feed| feed.url != *request.url.expose());
        if request.url.is_secret() {
            return Ok(Led::ToPage(Box::new(FoundPage { document, error: Some(error), tried: Vec::new() })));
        }
        if self.choice == Choice::Only && named.len() > 1 {
            return Err(Astray::Several(named));
        }
        let mut tried = Vec::new();
        let places = match kind {
            _ if !named.is_empty() => named.iter().take(MAX_NAMED).map(|feed| feed.url.clone()).collect(),
            // What is written into a config is named by the publisher, not guessed.
            InsteadOfFeed::HtmlPage if self.choice != Choice::Only => well_known_places(&document.final_url),
            _ => Vec::new(), // A site that lets nobody in, or is none, does so everywhere.
        };
        for url in places {
            // What the config sends along is for the address that it names.
            let request = Request {
                url: SecretUrl::plain(url.clone()),
                headers: Vec::new(),
                basic_auth: None,
                ..request.clone()
            };
            let (why, is_hopeless) = match self.get(&request).await {
                Ok((document, wishes)) => match self.parse(&document) {
                    Ok(feed) => {
                        let found = FoundFeed { request, document, wishes, feed, named_by_page: named, tried };
                        return Ok(Led::ToFeed(Box::new(found)));
                    }
                    Err(error) if named.is_empty() => (error.class().to_string(), false),
                    Err(error) => (error.to_string(), false),
                },
                Err(failure) if named.is_empty() => (failure.class.to_string(), is_hopeless(failure.class)),
                Err(failure) => (in_words(&failure), false),
            };
            tried.push(Tried { url, why });
            if is_hopeless {
                break;
            }
        }
        if named.is_empty() {
            return Ok(Led::ToPage(Box::new(FoundPage { document, error: Some(error), tried })));
        }
        let tried: Vec<String> = tried.iter().map(ToString::to_string).collect();
        Err(Astray::Failed(format!("`{}` is {error}, none of which can be read: {}", request.url, tried.join("; "))))
    }

    /// The document at the address of `request`, taken for a page whatever it is.
    pub(super) async fn stay(&self, request: &Request) -> Result<Led, Astray> {
        let (document, _) = self.get(request).await.map_err(|failure| Astray::Failed(in_words(&failure)))?;
        Ok(Led::ToPage(Box::new(FoundPage { document, error: None, tried: Vec::new() })))
    }

    async fn get(&self, request: &Request) -> Result<(Document, ServerWishes), Failure> {
        let attempt = self.fetcher.fetch(request).await;
        match attempt.result? {
            Answer::Document(document) => Ok((document, attempt.wishes)),
            Answer::NotModified { .. } => {
                let message = format!("`{}` answered 304 to nothing", request.url);
                Err(Failure { class: ErrorClass::Protocol, message })
            }
        }
    }

    fn parse(&self, document: &Document) -> Result<ParsedFeed, FeedError> {
        feed::parse(&FeedBytes {
            bytes: &document.body,
            content_type: document.content_type.as_deref(),
            url: Some(&document.final_url),
            identity: self.settings.identity,
            assume_timezone: self.settings.assume_timezone,
            now: self.clock.now(),
        })
        .and_then(feed::storable)
    }
}

/// An address as people have it: `feed:` links come from browsers.
pub(super) fn address(text: &str) -> Result<Url, url::ParseError> {
    let text = text.trim();
    Url::parse(without_feed_scheme(text).as_deref().unwrap_or(text))
}

/// How a failure is told.
pub(super) fn in_words(failure: &Failure) -> String {
    format!("{} ({})", failure.message, failure.class)
}

impl From<Astray> for CliError {
    fn from(astray: Astray) -> Self {
        match astray {
            Astray::Failed(message) => Self::Failed(message),
            Astray::Several(feeds) => Self::Failed(format!("the page names {} feeds: name one of them", feeds.len())),
        }
    }
}

fn is_page(kind: InsteadOfFeed) -> bool {
    match kind {
        InsteadOfFeed::HtmlPage
        | InsteadOfFeed::LoginPage
        | InsteadOfFeed::ChallengePage
        | InsteadOfFeed::ConsentPage
        | InsteadOfFeed::MaintenancePage
        | InsteadOfFeed::ParkedDomain => true,
        InsteadOfFeed::JsonError
        | InsteadOfFeed::Json
        | InsteadOfFeed::Xml
        | InsteadOfFeed::Text
        | InsteadOfFeed::Binary => false,
    }
}

/// Whether the next place of the same host can be no better, or the host wants to be left alone.
fn is_hopeless(class: ErrorClass) -> bool {
    matches!(
        class,
        ErrorClass::Dns
            | ErrorClass::Connect
            | ErrorClass::Tls
            | ErrorClass::Timeout
            | ErrorClass::Blocked
            | ErrorClass::CloudflareChallenge
            | ErrorClass::RateLimited
    )
}

/// The well-known places of a page: in its folder, then at the root.
fn well_known_places(page: &Url) -> Vec<Url> {
    let mut folder = page.clone();
    folder.set_query(None);
    folder.set_fragment(None);
    // `/blog` is the folder `/blog/` as people write it, `/blog.html` is not.
    if page.path().rsplit('/').next().is_some_and(|last| !last.is_empty() && !last.contains('.')) {
        folder.set_path(&format!("{}/", page.path()));
    }
    let root = folder.join("/").ok();
    let mut places = Vec::new();
    for base in [Some(folder), root].into_iter().flatten() {
        for url in WELL_KNOWN.iter().filter_map(|name| base.join(name).ok()) {
            if url != *page && !places.contains(&url) {
                places.push(url);
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{address, well_known_places};

    #[test]
    fn well_known_places_are_near_the_page_then_at_the_root() {
        let check = |page: &str, first: &str, count: usize| {
            let places = well_known_places(&Url::parse(page).unwrap());
            assert_eq!((places[0].as_str(), places.len()), (first, count), "{page}");
        };
        check("https://e.org/?a=b#c", "https://e.org/feed", 7);
        check("https://e.org/blog/", "https://e.org/blog/feed", 14);
        check("https://e.org/blog", "https://e.org/blog/feed", 14);
        check("https://e.org/blog/post.html", "https://e.org/blog/feed", 14);
        check("https://e.org/feed", "https://e.org/feed/feed", 13);
    }

    #[test]
    fn feed_schemes_are_taken_off() {
        assert_eq!(address(" feed:https://e.org/f ").unwrap().as_str(), "https://e.org/f");
        assert_eq!(address("feed://e.org/f").unwrap().as_str(), "http://e.org/f");
    }
}
