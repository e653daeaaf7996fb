//! `tearsheet test`: fetches one feed or page and shows what would be stored, and why. Stores nothing.

use std::path::Path;

use clap::Args;
use serde_json::json;
use url::Url;

use super::article_json;
use super::parse::Output;
use super::{CliError, configured, print, table, time};
use crate::article::{self, PageInput};
use crate::clock::Clock;
use crate::config::{Config, FeedConfig, FeedSettings, PageRules, find};
use crate::feed::{self, FeedBytes, FeedError};
use crate::fetch::{Answer, Document, Fetcher, Purpose, Request, robots_allow};
use crate::html::{self, FeedLink};
use crate::model::article::Article;
use crate::model::date::DateClaim;
use crate::model::feed::{EntryDate, ParsedEntry, ParsedFeed};
use crate::model::id::{FeedId, Slug};
use crate::model::outcome::{FeedHistory, ServerWishes, Validators};
use crate::model::secret::SecretUrl;
use crate::schedule::{self, PollAttempt};

/// Fetches one feed or page and shows what would be stored and why; stores nothing.
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// An address, or the name of a feed in the config.
    #[arg(value_name = "URL|SLUG")]
    target: String,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// What is asked for, with the settings that count for it.
struct Target {
    request: Request,
    settings: FeedSettings,
    rules: PageRules,
}

/// A feed that was found, with the other feeds that the page named.
struct Found {
    /// Where it was found, as it may be shown.
    address: String,
    document: Document,
    wishes: ServerWishes,
    feed: ParsedFeed,
    named_by_page: Vec<Url>,
}

/// Fetches and shows. A page that names feeds is answered with the first of them, any other page with its article.
pub(super) async fn run(args: TestArgs, config: Option<&Path>, verbose: u8, clock: Clock) -> Result<(), CliError> {
    let config = config_for(&args.target, config, verbose)?;
    let target = target(&args.target, &config)?;
    let fetcher = Fetcher::new(&config.fetch, &config.hosts, clock.clone()).map_err(|e| CliError::failed(&e))?;
    let (document, wishes) = get(&fetcher, &target.request).await?;
    let not_a_feed = match parse(&document, &target.settings, &clock) {
        Ok(feed) => {
            let address = shown_address(&document, &target.request);
            let found = Found { address, document, wishes, feed, named_by_page: Vec::new() };
            return show_feed(&args, &found, &target, &clock);
        }
        Err(error) => error,
    };
    if !is_page(&document) {
        return Err(CliError::Failed(format!("cannot read `{}`: {not_a_feed}", target.request.url)));
    }
    let named_by_page: Vec<Url> = feeds_named_by(&document).into_iter().map(|feed| feed.url).collect();
    let Some(first) = named_by_page.first() else {
        return show_page(&args, &fetcher, &document, &target, &clock).await;
    };
    // What the config sends along is for the address that it names.
    let request = Request {
        url: SecretUrl::plain(first.clone()),
        headers: Vec::new(),
        basic_auth: None,
        ..target.request.clone()
    };
    let (document, wishes) = get(&fetcher, &request).await?;
    match parse(&document, &target.settings, &clock) {
        Ok(feed) => {
            let address = shown_address(&document, &request);
            show_feed(&args, &Found { address, document, wishes, feed, named_by_page }, &target, &clock)
        }
        Err(error) => Err(CliError::Failed(format!("cannot read `{}`: {error}", request.url))),
    }
}

/// The config, where there is one. For an address none is needed: the defaults do.
fn config_for(target: &str, config: Option<&Path>, verbose: u8) -> Result<Config, CliError> {
    if config.is_none() && Url::parse(target).is_ok() && find::default_path().is_err() {
        return Ok(Config::default());
    }
    configured::load(config, verbose)
}

/// A slug of the config, else an address; an address that the config has counts with that feed's settings.
fn target(text: &str, config: &Config) -> Result<Target, CliError> {
    let by_slug = Slug::new(text).and_then(|slug| config.feed(&slug));
    let url = Url::parse(text).ok();
    let by_url = || config.feeds.iter().find(|feed| Some(feed.url.expose()) == url.as_ref());
    if let Some(feed) = by_slug.or_else(by_url) {
        return Ok(configured_target(feed));
    }
    let Some(url) = url.filter(url::Url::has_host) else {
        return Err(CliError::Usage(format!("`{text}` is neither a feed of the config nor an address")));
    };
    Ok(Target {
        request: Request {
            url: SecretUrl::plain(url),
            purpose: Purpose::Feed,
            validators: Validators::default(),
            headers: Vec::new(),
            basic_auth: None,
        },
        settings: config.defaults.clone(),
        rules: PageRules::default(),
    })
}

fn configured_target(feed: &FeedConfig) -> Target {
    Target {
        request: Request {
            url: feed.url.clone(),
            purpose: Purpose::Feed,
            validators: Validators::default(),
            headers: feed.headers.clone(),
            basic_auth: feed.basic_auth.clone(),
        },
        settings: feed.settings.clone(),
        rules: feed.page.clone(),
    }
}

/// Fetches a document.
pub(super) async fn get(fetcher: &Fetcher, request: &Request) -> Result<(Document, ServerWishes), CliError> {
    let attempt = fetcher.fetch(request).await;
    match attempt.result {
        Ok(Answer::Document(document)) => Ok((document, attempt.wishes)),
        Ok(Answer::NotModified { .. }) => Err(CliError::Failed(format!("`{}` answered 304 to nothing", request.url))),
        Err(failure) => Err(CliError::Failed(format!("{} ({})", failure.message, failure.class))),
    }
}

/// Reads a document as a feed.
pub(super) fn parse(document: &Document, settings: &FeedSettings, clock: &Clock) -> Result<ParsedFeed, FeedError> {
    feed::parse(&FeedBytes {
        bytes: &document.body,
        content_type: document.content_type.as_deref(),
        url: Some(&document.final_url),
        identity: settings.identity,
        assume_timezone: settings.assume_timezone,
        now: clock.now(),
    })
}

/// Where a document was found: the end of the redirects, unless what was asked for holds a secret that may be in there.
fn shown_address(document: &Document, request: &Request) -> String {
    if request.url.is_secret() { request.url.to_string() } else { document.final_url.to_string() }
}

/// Whether a document that is no feed may be a page.
pub(super) fn is_page(document: &Document) -> bool {
    let declared = document.content_type.as_deref().is_some_and(|media_type| media_type.contains("html"));
    declared || document.body.trim_ascii_start().first() == Some(&b'<')
}

/// The feeds that a page names, the most likely one first.
pub(super) fn feeds_named_by(page: &Document) -> Vec<FeedLink> {
    let text = html::decode(&page.body, page.content_type.as_deref()).text;
    html::discover_feeds(&html::parse(&text), &page.final_url)
}

fn show_feed(args: &TestArgs, found: &Found, target: &Target, clock: &Clock) -> Result<(), CliError> {
    let Found { address, document, wishes, feed, named_by_page } = found;
    let published: Vec<_> =
        feed.entries.iter().filter_map(|entry| entry.published.as_ref()).map(|date| date.at).collect();
    let attempt =
        PollAttempt::Document { new: feed.entries.len(), gap: false, hints: &feed.hints, published: &published };
    let now = clock.now();
    let next = schedule::next_poll(&FeedHistory::default(), &attempt, *wishes, &target.settings, FeedId(0), now);
    let next_at = next.at.map(time::stamp);
    if args.json {
        let object = json!({
            "kind": "feed",
            "url": address,
            "named_by_page": named_by_page,
            "etag": document.validators.etag,
            "last_modified": document.validators.last_modified,
            "next_poll_at": next_at,
            "next_poll_reason": next.reason,
            "feed": Output::of(address, feed.clone()),
        });
        return print(&format!("{object}\n"));
    }
    let validators = [&document.validators.etag, &document.validators.last_modified];
    let [etag, modified] = validators.map(|validator| validator.clone().unwrap_or_else(|| "none".to_owned()));
    let known = [
        ("feed", address.clone()),
        ("format", feed.format.clone()),
        ("site", feed.site_url.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("hub", feed.hub.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("etag", etag),
        ("modified", modified),
        ("next poll", next_at.unwrap_or_default()),
        ("why then", next.reason),
        ("entries", feed.entries.len().to_string()),
    ];
    let others = named_by_page.iter().skip(1).map(|url| ("also", url.to_string()));
    let warnings = feed.warnings.iter().map(|warning| ("warning", warning.clone()));
    let head = table::fields(known.into_iter().chain(others).chain(warnings));
    let entries = feed.entries.iter().map(entry_in_full).collect::<Vec<_>>().concat();
    print(&format!("{}\n\n{head}{entries}", feed.title.as_deref().unwrap_or("(no title)")))
}

fn entry_in_full(entry: &ParsedEntry) -> String {
    let date = |date: &EntryDate| format!("{} ({:?})", time::stamp(date.at), date.raw);
    let url = entry.url.as_ref().map_or_else(|| "none: kept from the feed".to_owned(), ToString::to_string);
    let fields = table::fields([
        ("key", entry.key.clone()),
        ("url", url),
        ("by", entry.authors.join(", ")),
        ("published", entry.published.as_ref().map(date).unwrap_or_default()),
        ("updated", entry.updated.as_ref().map(date).unwrap_or_default()),
    ]);
    format!("\n{}\n{fields}", entry.title.as_deref().unwrap_or("(no title)"))
}

async fn show_page(
    args: &TestArgs,
    fetcher: &Fetcher,
    document: &Document,
    target: &Target,
    clock: &Clock,
) -> Result<(), CliError> {
    let url = &document.final_url;
    let article = article::read(&PageInput {
        bytes: &document.body,
        content_type: document.content_type.as_deref(),
        url,
        now: clock.now(),
        assume_timezone: target.settings.assume_timezone,
        rules: &target.rules,
        entry: None,
        last_modified: document.validators.last_modified.as_deref(),
    });
    let robots = fetcher.robots(url).await;
    let allowed = robots_allow(&robots, url);
    let address = shown_address(document, &target.request);
    if args.json {
        let mut object = json!({"kind": "page", "url": address, "robots_allow": allowed});
        let url = Some(url).filter(|_| !target.request.url.is_secret());
        object["article"] = article_json::object(&address, url, &article);
        return print(&format!("{object}\n"));
    }
    print(&page_in_full(&address, &article, allowed))
}

fn page_in_full(address: &str, article: &Article, allowed: bool) -> String {
    let robots = if allowed { "allows it" } else { "asks to stay away: a visit would not fetch it" };
    let known = [
        ("page", address.to_owned()),
        ("feeds", "none named".to_owned()),
        ("robots.txt", robots.to_owned()),
        ("by", article.authors.join(", ")),
        ("site", article.site_name.clone().unwrap_or_default()),
        ("language", article.language.clone().unwrap_or_default()),
        ("words", article.word_count.to_string()),
    ];
    let claims = article.date_claims.iter().map(|claim| (claim.field.as_str(), claim_in_words(claim)));
    let related = article.related.iter().map(|link| {
        let label = link.label.as_deref().unwrap_or(link.kind.as_str());
        ("related", format!("{label}: {} <{}>", link.title.as_deref().unwrap_or_default(), link.url))
    });
    let warnings = article.warnings.iter().map(|warning| ("warning", warning.clone()));
    let head = table::fields(known.into_iter().chain(claims).chain(related).chain(warnings));
    let title = article.title.as_deref().unwrap_or("(no title)");
    format!("{title}\n\n{head}\n{}\n", article.content_text)
}

fn claim_in_words(claim: &DateClaim) -> String {
    let value = claim.when.map_or_else(|| "unreadable".to_owned(), |when| time::stamp(when.at.to_utc()));
    let verdict = match (claim.chosen, claim.reject_reason.as_deref()) {
        (true, None) => "chosen".to_owned(),
        (true, Some(flag)) => format!("chosen, {flag}"),
        (false, reason) => reason.unwrap_or("not chosen").to_owned(),
    };
    format!("{value} ({}: {:?}; {verdict})", claim.source.as_str(), claim.raw)
}
