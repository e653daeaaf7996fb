//! `tearsheet test`: fetches one feed or page and shows what would be stored, and why. Stores nothing.

use std::path::Path;

use clap::Args;
use serde_json::json;
use url::Url;

use super::article_json;
use super::discovery::{self, Choice, Discovery, FoundFeed, FoundPage, Led, Tried};
use super::parse::Output;
use super::plain::{paragraphs, plain};
use super::{CliError, configured, print, table, time};
use crate::article::{self, PageInput};
use crate::clock::Clock;
use crate::config::{Config, FeedConfig, FeedSettings, PageRules, find};
use crate::feed::FeedError;
use crate::fetch::{Document, Fetcher, Purpose, Request, robots_allow};
use crate::html;
use crate::model::article::Article;
use crate::model::date::DateClaim;
use crate::model::feed::{EntryDate, ParsedEntry};
use crate::model::id::{FeedId, Slug};
use crate::model::outcome::{FeedHistory, Validators};
use crate::model::secret::SecretUrl;
use crate::schedule::{self, PollAttempt};

/// Fetches one feed or page and shows what would be stored and why; stores nothing.
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// An address, or the name of a feed in the config.
    #[arg(value_name = "URL|SLUG")]
    target: String,
    /// Shows the page at the address as an article, and looks for no feed.
    #[arg(long)]
    page: bool,
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

/// Fetches and shows. A page is answered with the feed that it leads to, else with its article.
pub(super) async fn run(args: TestArgs, config: Option<&Path>, verbose: u8, clock: Clock) -> Result<(), CliError> {
    let config = config_for(&args.target, config, verbose)?;
    let target = target(&args.target, &config)?;
    let fetcher = Fetcher::new(&config.fetch, &config.hosts, clock.clone()).map_err(|e| CliError::failed(&e))?;
    let discovery = Discovery { fetcher: &fetcher, settings: &target.settings, clock: &clock, choice: Choice::First };
    let led = if args.page { discovery.stay(&target.request).await } else { discovery.follow(&target.request).await };
    match led? {
        Led::ToFeed(found) => show_feed(&args, &found, &target, &clock),
        Led::ToPage(page) => show_page(&args, &fetcher, &page, &target, &clock).await,
    }
}

/// The config, where there is one. For an address none is needed: the defaults do.
fn config_for(target: &str, config: Option<&Path>, verbose: u8) -> Result<Config, CliError> {
    if config.is_none() && discovery::address(target).is_ok() && find::default_path().is_err() {
        return Ok(Config::default());
    }
    configured::load(config, verbose)
}

/// A slug of the config, else an address; an address that the config has counts with that feed's settings.
fn target(text: &str, config: &Config) -> Result<Target, CliError> {
    let by_slug = Slug::new(text).and_then(|slug| config.feed(&slug));
    let url = discovery::address(text).ok();
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

/// Where a document was found: the end of the redirects, unless what was asked for holds a secret that may be in there.
fn shown_address(document: &Document, request: &Request) -> String {
    if request.url.is_secret() { request.url.to_string() } else { document.final_url.to_string() }
}

fn show_feed(args: &TestArgs, found: &FoundFeed, target: &Target, clock: &Clock) -> Result<(), CliError> {
    let FoundFeed { request, document, wishes, feed, named_by_page, tried } = found;
    let address = shown_address(document, request);
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
            "named_by_page": named_by_page.iter().map(|feed| feed.url.as_str()).collect::<Vec<_>>(),
            "tried": tried.iter().map(|place| place.url.as_str()).collect::<Vec<_>>(),
            "etag": document.validators.etag,
            "last_modified": document.validators.last_modified,
            "next_poll_at": next_at,
            "next_poll_reason": next.reason,
            "feed": Output::of(&address, feed.clone()),
        });
        return print(&format!("{object}\n"));
    }
    let validators = [&document.validators.etag, &document.validators.last_modified];
    let [etag, modified] = validators.map(|validator| validator.clone().unwrap_or_else(|| "none".to_owned()));
    let is_asked = request.url.expose() == target.request.url.expose();
    let is_named = named_by_page.iter().any(|named| named.url == *request.url.expose());
    let found_by = match (is_asked, is_named) {
        (true, _) => "",
        (false, true) => "the page at the address names it",
        (false, false) => "a guess: the page at the address names no feed",
    };
    let known = [
        ("feed", address.clone()),
        ("found by", found_by.to_owned()),
        ("format", feed.format.clone()),
        ("site", feed.site_url.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("hub", feed.hub.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("etag", etag),
        ("modified", modified),
        ("next poll", next_at.unwrap_or_default()),
        ("why then", next.reason),
        ("entries", feed.entries.len().to_string()),
    ];
    let others = named_by_page.iter().filter(|other| other.url != *request.url.expose());
    let others = others.map(|other| ("also", format!("{} {}", other.url, other.title.as_deref().unwrap_or_default())));
    let tried = tried.iter().map(|place| ("tried", place.to_string()));
    let warnings = feed.warnings.iter().map(|warning| ("warning", warning.clone()));
    let head = table::fields(known.into_iter().chain(others).chain(tried).chain(warnings));
    let entries = feed.entries.iter().map(entry_in_full).collect::<Vec<_>>().concat();
    print(&format!("{}\n\n{head}{entries}", plain(feed.title.as_deref().unwrap_or("(no title)"))))
}

fn entry_in_full(entry: &ParsedEntry) -> String {
    let date = |date: &EntryDate| format!("{} ({:?})", time::stamp(date.at), date.raw);
    let url = entry.url.as_ref().map_or_else(|| "none: kept from the feed".to_owned(), ToString::to_string);
    let address = |url: &Option<Url>| url.as_ref().map(ToString::to_string).unwrap_or_default();
    let terms: Vec<_> = entry.categories.iter().map(|category| category.term.as_str()).collect();
    let known = [
        ("key", entry.key.clone()),
        ("url", url),
        ("by", entry.authors.join(", ")),
        ("published", entry.published.as_ref().map(date).unwrap_or_default()),
        ("updated", entry.updated.as_ref().map(date).unwrap_or_default()),
        ("categories", terms.join(", ")),
        ("comments", address(&entry.comments_url)),
        ("image", address(&entry.image_url)),
        ("summary", in_short(entry.summary.as_deref())),
        ("content", in_short(entry.content.as_deref())),
    ];
    let files = entry.enclosures.iter().map(|file| {
        let length = file.length_bytes.map(|bytes| format!(", {bytes} bytes")).unwrap_or_default();
        let seconds = file.duration_seconds.map(|seconds| format!(", {seconds} s")).unwrap_or_default();
        let media_type = file.media_type.as_deref().unwrap_or("unknown type");
        ("enclosure", format!("{} ({media_type}{length}{seconds})", file.url))
    });
    let related = entry.related.iter().map(|link| ("related", link.url.to_string()));
    let fields = table::fields(known.into_iter().chain(files).chain(related));
    format!("\n{}\n{fields}", plain(entry.title.as_deref().unwrap_or("(no title)")))
}

/// How long a body is and how it begins.
fn in_short(body: Option<&str>) -> String {
    const BEGINNING: usize = 100;
    let Some(body) = body else { return String::new() };
    let text = html::visible_text(body);
    let words = text.split_whitespace().count();
    let beginning: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(BEGINNING).collect();
    let more = if beginning.chars().count() == BEGINNING { "…" } else { "" };
    format!("{words} words: {beginning}{more}")
}

async fn show_page(
    args: &TestArgs,
    fetcher: &Fetcher,
    page: &FoundPage,
    target: &Target,
    clock: &Clock,
) -> Result<(), CliError> {
    let FoundPage { document, error, tried } = page;
    let url = &document.final_url;
    let mut article = article::read(&PageInput {
        content_type: document.content_type.as_deref(),
        assume_timezone: target.settings.assume_timezone,
        rules: &target.rules,
        last_modified: document.validators.last_modified.as_deref(),
        ..PageInput::new(&document.body, url, clock.now())
    });
    // The address of the next part is made from that of the page, secret and all.
    article.next_part = article.next_part.filter(|_| !target.request.url.is_secret());
    let robots = fetcher.robots(url).await;
    let allowed = robots_allow(&robots, url);
    let address = shown_address(document, &target.request);
    if args.json {
        let mut object = json!({"kind": "page", "url": address, "robots_allow": allowed});
        object["class"] = json!(error.as_ref().map(FeedError::class));
        object["tried"] = tried.iter().map(|place| place.url.as_str()).collect();
        let url = Some(url).filter(|_| !target.request.url.is_secret());
        object["article"] = article_json::object(&address, url, &article);
        return print(&format!("{object}\n"));
    }
    print(&page_in_full(&address, &article, error.as_ref(), tried, allowed))
}

fn page_in_full(address: &str, article: &Article, error: Option<&FeedError>, tried: &[Tried], allowed: bool) -> String {
    let robots = if allowed { "allows it" } else { "asks to stay away: a visit would not fetch it" };
    let places: Vec<String> = tried.iter().map(ToString::to_string).collect();
    let feeds = match places.as_slice() {
        _ if error.is_none() => "not looked for".to_owned(),
        [] => "none named".to_owned(),
        places => format!("none named, and none at {}", places.join(", ")),
    };
    let known = [
        ("page", address.to_owned()),
        ("class", error.map(|error| error.class().to_string()).unwrap_or_default()),
        ("feeds", feeds),
        ("robots.txt", robots.to_owned()),
        ("by", article.authors.join(", ")),
        ("site", article.site_name.clone().unwrap_or_default()),
        ("language", article.language.clone().unwrap_or_default()),
        ("words", article.word_count.to_string()),
        ("next part", article.next_part.as_ref().map(|url| format!("{url} (a visit joins it)")).unwrap_or_default()),
    ];
    let claims = article.date_claims.iter().map(|claim| (claim.field.as_str(), claim_in_words(claim)));
    let related = article.related.iter().map(|link| {
        let label = link.label.as_deref().unwrap_or(link.kind.as_str());
        ("related", format!("{label}: {} <{}>", link.title.as_deref().unwrap_or_default(), link.url))
    });
    let warnings = article.warnings.iter().map(|warning| ("warning", warning.clone()));
    let head = table::fields(known.into_iter().chain(claims).chain(related).chain(warnings));
    let title = plain(article.title.as_deref().unwrap_or("(no title)"));
    format!("{title}\n\n{head}\n{}\n", paragraphs(&article.content_text))
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
