//! What a feed document says: [`ParsedFeed`] and its entries, in RFC 4287's words whatever the format was.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::article::RelatedLink;

/// A feed document, understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParsedFeed {
    /// `rss-2.0`, `rss-1.0`, `rss-0.91`, `atom-1.0`, `json-feed-1.1` … as the document declares itself.
    pub format: String,
    /// The feed's title as plain text.
    pub title: Option<String>,
    /// What it is about (RFC 4287 `subtitle`, RSS `description`), plain text.
    pub description: Option<String>,
    /// The page that the feed belongs to (`rel="alternate"`, RSS `link`).
    pub site_url: Option<Url>,
    /// The feed's own address (`rel="self"`).
    pub self_url: Option<Url>,
    /// The WebSub hub (`rel="hub"`).
    pub hub: Option<Url>,
    /// The next page of the feed (RFC 5005 `rel="next"` or `prev-archive`).
    pub next_page: Option<Url>,
    /// BCP 47 tag, as declared.
    pub language: Option<String>,
    /// The picture that stands for it (RFC 4287 `logo` and `icon`, RSS `image`).
    pub image_url: Option<Url>,
    /// What the document asks of pollers.
    pub hints: FeedHints,
    /// Its entries, in document order.
    pub entries: Vec<ParsedEntry>,
    /// The document ends in the middle: entries may be missing.
    pub breaks_off: bool,
    /// What was wrong with the document, in words.
    pub warnings: Vec<String>,
}

/// What a feed document asks of those who poll it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedHints {
    /// RSS `ttl`, in minutes.
    pub ttl_minutes: Option<u32>,
    /// RSS `skipHours`: hours of the day in GMT, 0 to 23.
    pub skip_hours: Vec<u8>,
    /// RSS `skipDays`: 0 is Monday, in GMT.
    pub skip_days: Vec<u8>,
    /// `sy:updatePeriod` divided by `sy:updateFrequency`, in seconds.
    pub update_period_seconds: Option<u64>,
    /// RSS `cloud`: where one can ask to be told of changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud: Option<Cloud>,
}

/// The rssCloud service of a feed (RSS 2.0, `cloud`), as the document names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cloud {
    /// Its host.
    pub domain: String,
    /// Its port.
    pub port: u16,
    /// Where it listens.
    pub path: String,
    /// The procedure to be called, for XML-RPC and SOAP.
    pub register_procedure: String,
    /// `http-post`, `https-post`, `xml-rpc` or `soap`.
    pub protocol: String,
}

/// One entry of a feed document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParsedEntry {
    /// The identity within this feed: stable over polls, never random, survives an edited headline.
    pub key: String,
    /// RFC 4287 `id`, RSS `guid`, as given.
    pub guid: Option<String>,
    /// The article's page (`rel="alternate"`, RSS `link`, a permalink guid), absolute.
    pub url: Option<Url>,
    /// The same link as the document writes it, made absolute where it was relative and a base is known. Where there
    /// is no link, the id, unless it denies to be one; `url` has none then.
    pub link_text: Option<String>,
    /// Plain text.
    pub title: Option<String>,
    /// Names, plain text.
    pub authors: Vec<String>,
    /// What the publisher says.
    pub published: Option<EntryDate>,
    /// What the publisher says; never a copy of `published`.
    pub updated: Option<EntryDate>,
    /// Sanitised HTML.
    pub summary: Option<String>,
    /// Sanitised HTML.
    pub content: Option<String>,
    /// Categories, in document order.
    pub categories: Vec<Category>,
    /// Attached files.
    pub enclosures: Vec<Enclosure>,
    /// `rel="related"` and `rel="via"` links.
    pub related: Vec<RelatedLink>,
    /// The page with what readers say about it (RSS `comments`, Atom `rel="replies"`).
    pub comments_url: Option<Url>,
    /// The picture that stands for it (`media:thumbnail`, `itunes:image`, JSON Feed `image`, an attached picture).
    pub image_url: Option<Url>,
    /// BCP 47 tag, as the entry itself declares it.
    pub language: Option<String>,
    /// The feed that it was taken over from.
    pub source: Option<EntrySource>,
    /// The season of a series (`itunes:season`).
    pub season: Option<u32>,
    /// Its number within the season (`itunes:episode`).
    pub episode: Option<u32>,
    /// The document breaks off inside it: what is here is the beginning of what the publisher wrote.
    pub is_half: bool,
}

/// An entry's date with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryDate {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The offset stated, in seconds east of UTC; `None` when the zone was assumed.
    pub offset_seconds: Option<i32>,
    /// Whether the text gave a time of day.
    pub has_time: bool,
    /// The text as found.
    pub raw: String,
}

/// A category of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The category itself.
    pub term: String,
    /// The IRI of its scheme.
    pub scheme: Option<String>,
    /// The name for people.
    pub label: Option<String>,
}

/// A file attached to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// Where it is.
    pub url: Url,
    /// Its media type.
    pub media_type: Option<String>,
    /// Its length as declared.
    pub length_bytes: Option<u64>,
    /// How long it plays, as declared (`itunes:duration`, `media:content duration`, JSON Feed `duration_in_seconds`).
    pub duration_seconds: Option<u64>,
}

/// The feed that an entry was taken over from (RFC 4287 `source`, RSS `source`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntrySource {
    /// Its title as plain text.
    pub title: Option<String>,
    /// Its page or its address.
    pub url: Option<Url>,
}
