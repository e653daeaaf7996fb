//! What holds of every feed document, whatever its bytes are. Stated once, for the fuzz target and for the property
//! tests of the suite (`tests/feed_properties.rs`).

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use chrono_tz::Tz;
use tearsheet::config::Identity;
use tearsheet::feed::{FeedBytes, FeedError, MAX_ENTRIES, compare, entry_hash, parse, storable};
use tearsheet::html;
use tearsheet::model::feed::{EntryDate, ParsedEntry, ParsedFeed};
use tearsheet::model::outcome::{EntryChange, KnownEntry};
use url::Url;

/// How many bytes at the beginning of a case choose how its document is read.
pub(crate) const HEADER: usize = 4;

/// How many bytes may be read out of one byte of a document: a reference costs two bytes to write and a base of
/// 1 KiB to resolve, and the same link stands in several fields.
const GROWTH: usize = 200;
/// How much of each entry may come from the feed: the names of its authors.
const INHERITED: usize = 4 * 1024;
/// What a document without a byte in it may cost.
const SMALLEST: usize = 4 * 1024;

const CONTENT_TYPES: [Option<&str>; 8] = [
    None,
    Some("application/rss+xml"),
    Some("text/xml; charset=utf-8"),
    Some("text/xml; charset=windows-1252"),
    Some("application/feed+json"),
    Some("text/html; charset=\"Shift_JIS\""),
    Some("application/atom+xml;charset=utf-16"),
    Some("application/xml; charset=iso-2022-jp"),
];
const BASES: [Option<&str>; 4] =
    [Some("https://news.example/feeds/all.xml"), None, Some("http://[2001:db8::1]:8080/a?b#c"), Some("data:,x")];
const IDENTITIES: [Identity; 5] = [Identity::Auto, Identity::Guid, Identity::Link, Identity::LinkDate, Identity::Title];
const TIMEZONES: [Option<Tz>; 4] =
    [None, Some(Tz::Europe__Berlin), Some(Tz::America__St_Johns), Some(Tz::Pacific__Apia)];

/// Reads a case (a header of [`HEADER`] bytes that chooses the circumstances, then the document) and checks what is
/// read. The header `0000` is a document without a content type at an ordinary address.
pub(crate) fn check_case(case: &[u8]) {
    let Some((header, document)) = case.split_at_checked(HEADER) else { return };
    let choice = |at: usize, count: usize| usize::from(header[at].wrapping_sub(b'0')) % count;
    let url = BASES[choice(1, BASES.len())].map(|url| Url::parse(url).expect("a constant"));
    check(&FeedBytes {
        bytes: document,
        content_type: CONTENT_TYPES[choice(0, CONTENT_TYPES.len())],
        url: url.as_ref(),
        identity: IDENTITIES[choice(2, IDENTITIES.len())],
        assume_timezone: TIMEZONES[choice(3, TIMEZONES.len())],
        now: now(),
    });
}

/// When every case is read.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().expect("a constant")
}

/// Reads a document and checks what is read. Panics where an invariant does not hold.
pub(crate) fn check(input: &FeedBytes<'_>) {
    let result = parse(input);
    let again = parse(input);
    match (&result, &again) {
        (Ok(feed), Ok(again)) => assert_eq!(feed, again, "the same document reads differently"),
        (Err(error), Err(again)) => assert_eq!(error.to_string(), again.to_string()),
        _ => panic!("the same document is a feed once and none at another time"),
    }
    match result {
        Ok(feed) => check_feed(feed, input),
        Err(error) => {
            assert!(!matches!(error, FeedError::Panicked { .. }), "{error}");
            assert!(error.to_string().len() < 2048, "an error of {} bytes", error.to_string().len());
        }
    }
}

fn check_feed(feed: ParsedFeed, input: &FeedBytes<'_>) {
    assert!(feed.entries.len() <= MAX_ENTRIES);
    assert!(feed.warnings.len() <= 100, "{} warnings", feed.warnings.len());
    let caught = feed.warnings.iter().find(|warning| warning.contains("panicked"));
    assert_eq!(caught, None, "a panic cost an entry");
    for line in feed.title.iter().chain(&feed.description).chain(&feed.language) {
        check_line(line);
    }
    for url in [&feed.site_url, &feed.self_url, &feed.hub, &feed.next_page, &feed.image_url].into_iter().flatten() {
        check_url(url);
    }
    assert!(feed.hints.skip_hours.iter().all(|hour| *hour < 24), "{:?}", feed.hints);
    assert!(feed.hints.skip_days.iter().all(|day| *day < 7), "{:?}", feed.hints);
    for entry in &feed.entries {
        check_entry(entry, input.now);
    }
    let size = size(&feed);
    let bound = GROWTH * input.bytes.len() + INHERITED * feed.entries.len() + SMALLEST;
    assert!(size <= bound, "{size} bytes were read out of {}", input.bytes.len());
    // Half an entry may lack its id, and is never stored.
    if let Ok(feed) = storable(feed) {
        assert!(!feed.entries.iter().any(|entry| entry.is_half));
        check_keys(feed.entries, input.identity);
    }
}

fn check_entry(entry: &ParsedEntry, now: DateTime<Utc>) {
    let terms = entry.categories.iter().flat_map(|category| [Some(&category.term), category.label.as_ref()]);
    let labels = entry.related.iter().map(|related| related.title.as_ref());
    for line in entry.title.iter().chain(&entry.authors).chain(terms.chain(labels).flatten()) {
        check_line(line);
    }
    let source = entry.source.as_ref();
    for line in entry.language.iter().chain(source.and_then(|source| source.title.as_ref())) {
        check_line(line);
    }
    let urls = [&entry.url, &entry.comments_url, &entry.image_url].into_iter().flatten();
    let urls = urls
        .chain(source.and_then(|source| source.url.as_ref()))
        .chain(entry.enclosures.iter().map(|enclosure| &enclosure.url));
    for url in urls.chain(entry.related.iter().map(|related| &related.url)) {
        check_url(url);
    }
    let link = entry.link_text.as_ref().and_then(|link| Url::parse(link).ok());
    assert!(link.is_none_or(|link| link.scheme() != "javascript"), "{:?}", entry.link_text);
    for date in entry.published.iter().chain(&entry.updated) {
        check_date(date, now);
    }
    for markup in entry.summary.iter().chain(&entry.content) {
        check_markup(markup);
    }
}

/// A line for people: nothing that a terminal obeys, nothing that breaks the line.
fn check_line(line: &str) {
    assert!(!line.contains(char::is_control), "control characters in {line:?}");
    assert!(!line.is_empty() && line.trim() == line, "blank or untrimmed: {line:?}");
}

fn check_url(url: &Url) {
    assert!(matches!(url.scheme(), "http" | "https") && url.host().is_some(), "{url}");
}

fn check_date(date: &EntryDate, now: DateTime<Utc>) {
    assert!(date.at.year() >= 1900 && date.at <= now + TimeDelta::days(366), "{date:?}");
    assert!(date.offset_seconds.is_none_or(|seconds| seconds.abs() <= 14 * 3600), "{date:?}");
}

/// Stored markup is what the sanitiser makes of it: it holds nothing that another reading would drop or change.
fn check_markup(markup: &str) {
    assert!(!markup.trim().is_empty());
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    assert!(!markup.contains(is_control), "control characters in {markup:?}");
    if !markup.contains(['<', '&']) {
        return;
    }
    // Two ways to write the same character.
    let spelled = |markup: &str| markup.replace("&quot;", "\"").replace("&nbsp;", "\u{A0}");
    let again = html::sanitize(markup, None);
    assert_eq!(spelled(&again), spelled(markup), "sanitised again, it is something else");
}

/// Entries with the same key say exactly the same, and the document against itself is no change.
fn check_keys(entries: Vec<ParsedEntry>, identity: Identity) {
    let mut hashes = HashMap::new();
    for entry in &entries {
        assert!(!entry.key.is_empty());
        let hash = entry_hash(entry);
        let first = hashes.entry(entry.key.clone()).or_insert_with(|| hash.clone());
        assert_eq!(*first, hash, "two entries share the key {:?}", entry.key);
    }
    let distinct = hashes.len();
    let known: Vec<_> = hashes.into_iter().map(|(key, hash)| KnownEntry { key, hash }).collect();
    let (compared, gap) = compare(&known, entries, identity);
    assert!(!gap, "entries are missing between a document and itself");
    assert_eq!(compared.len(), distinct);
    for (entry, _, change) in compared {
        assert_eq!(change, EntryChange::Unchanged, "{:?} against itself", entry.key);
    }
}

/// The bytes of text in a feed.
fn size(feed: &ParsedFeed) -> usize {
    let len = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let url = |url: &Option<Url>| url.as_ref().map_or(0, |url| url.as_str().len());
    let date = |date: &Option<EntryDate>| date.as_ref().map_or(0, |date| date.raw.len());
    let entry = |entry: &ParsedEntry| {
        let texts = [&entry.guid, &entry.link_text, &entry.title, &entry.summary, &entry.content];
        let source = entry.source.as_ref();
        let categories = entry.categories.iter();
        let enclosures = entry.enclosures.iter();
        let related = entry.related.iter();
        entry.key.len()
            + [&entry.url, &entry.comments_url, &entry.image_url].into_iter().map(url).sum::<usize>()
            + source.map_or(0, |source| len(&source.title) + url(&source.url))
            + len(&entry.language)
            + texts.into_iter().map(len).sum::<usize>()
            + entry.authors.iter().map(String::len).sum::<usize>()
            + date(&entry.published)
            + date(&entry.updated)
            + categories.map(|it| it.term.len() + len(&it.scheme) + len(&it.label)).sum::<usize>()
            + enclosures.map(|it| it.url.as_str().len() + len(&it.media_type)).sum::<usize>()
            + related.map(|it| it.url.as_str().len() + len(&it.title) + len(&it.label)).sum::<usize>()
    };
    let urls = [&feed.site_url, &feed.self_url, &feed.hub, &feed.next_page, &feed.image_url];
    len(&feed.title)
        + len(&feed.description)
        + len(&feed.language)
        + feed.format.len()
        + urls.into_iter().map(url).sum::<usize>()
        + feed.warnings.iter().map(String::len).sum::<usize>()
        + feed.entries.iter().map(entry).sum::<usize>()
}
