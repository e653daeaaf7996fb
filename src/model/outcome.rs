//! What is due for a look, and what became of looking: the values that cross between `ingest` and `store`.
//!
//! Every attempt ends in exactly one [`PollOutcome`] or [`VisitOutcome`], failures included, and each is applied in
//! one transaction.

use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::article::Article;
use super::failure::Failure;
use super::feed::{FeedHints, ParsedEntry, ParsedFeed};
use super::id::{ArticleId, FeedId, Slug};

/// The validators of a stored document (RFC 9110 section 8.8), byte for byte as the server sent them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, quotes and `W/` included.
    pub etag: Option<String>,
    /// `Last-Modified`, never reformatted.
    pub last_modified: Option<String>,
}

/// What the server asked for in an answer's headers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ServerWishes {
    /// `Retry-After` of a 429 or 503 (or of any answer that has it), counted from now.
    pub retry_after: Option<Duration>,
    /// How much longer the answer is fresh (RFC 9111: `max-age` less `Age`, else `Expires` less `Date`).
    pub fresh_for: Option<Duration>,
}

/// A feed that was claimed for a poll.
#[derive(Debug, Clone)]
pub struct DueFeed {
    /// Its row.
    pub id: FeedId,
    /// Its name in the config, where its URL and settings are.
    pub slug: Slug,
    /// A hash of its address, by which the store notices that the config gave it another one while it was polled.
    pub url_key: String,
    /// From the last document whose entries were stored; empty at first, and after the feed's URL changed.
    pub validators: Validators,
    /// What its last polls were like.
    pub history: FeedHistory,
}

/// What `schedule` knows of a feed's past.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeedHistory {
    /// When it was last polled; `None` before the first.
    pub last_polled_at: Option<DateTime<Utc>>,
    /// The interval chosen then.
    pub interval: Option<Duration>,
    /// Failed polls since the last good one.
    pub consecutive_failures: u32,
    /// Good polls since the last one that brought a new entry.
    pub unchanged_polls: u32,
    /// What the last good document asked for; a 304 has no document to ask.
    pub hints: FeedHints,
    /// When the newest known entries were published, else first seen; newest first, at most 20.
    pub recent_entries: Vec<DateTime<Utc>>,
}

/// An entry as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEntry {
    /// `entries.entry_key`.
    pub key: String,
    /// `entries.content_hash`: of everything that the feed said about it.
    pub hash: String,
}

/// When to look again, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextLook {
    /// The time; `None` is never.
    pub at: Option<DateTime<Utc>>,
    /// The interval before jitter; what `FeedHistory::interval` will be next time.
    pub interval: Duration,
    /// What the server asks for allows no look before this; `None` when it asks for nothing.
    pub not_before: Option<DateTime<Utc>>,
    /// For people: stored in `next_poll_reason` and `next_check_reason`.
    pub reason: String,
}

/// One attempt to look at a feed.
#[derive(Debug, Clone)]
pub struct PollOutcome {
    /// Which feed.
    pub feed: FeedId,
    /// A hash of the address that was asked, from [`DueFeed::url_key`].
    pub url_key: String,
    /// When the attempt began.
    pub started_at: DateTime<Utc>,
    /// How long it took, waiting for the host's turn left out.
    pub duration: Duration,
    /// The status of the last answer, where there was one.
    pub http_status: Option<u16>,
    /// Bytes of the body on the wire.
    pub body_bytes: u64,
    /// `Retry-After` of the answer: until then not even `once SLUG` asks again.
    pub retry_after: Option<Duration>,
    /// When to look again.
    pub next: NextLook,
    /// What came of it.
    pub result: PollResult,
}

/// What came of looking at a feed.
#[derive(Debug, Clone)]
pub enum PollResult {
    /// A feed document was read.
    Document(Box<PolledDocument>),
    /// 304: nothing changed. The validators are those to send next time.
    NotModified(Validators),
    /// No document; validators and entries stay as they are.
    Failed(Failure),
}

/// A feed document, compared with what was known.
#[derive(Debug, Clone)]
pub struct PolledDocument {
    /// The validators that vouch for exactly these entries.
    pub validators: Validators,
    /// What the document says of itself, and what was wrong with it. Its entries are taken out: they are in `entries`.
    pub feed: ParsedFeed,
    /// All its entries that the config lets in, in document order.
    pub entries: Vec<PolledEntry>,
    /// Entries were known, and none of them is in this document.
    pub gap: bool,
}

/// An entry of a polled document.
#[derive(Debug, Clone)]
pub struct PolledEntry {
    /// What the feed says.
    pub entry: ParsedEntry,
    /// Of everything that the feed says about it.
    pub hash: String,
    /// Compared with the known entry of the same key.
    pub change: EntryChange,
    /// Where its article comes from.
    pub article: ArticleFrom,
}

/// An entry compared with what was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryChange {
    /// Not known before.
    New,
    /// Known, and the feed now says something else about it.
    Changed,
    /// Known, and the same.
    Unchanged,
}

/// Where an entry's article comes from.
#[derive(Debug, Clone)]
pub enum ArticleFrom {
    /// From the page behind its link: the article is due for a visit.
    Page,
    /// From what the feed carries.
    Feed(Box<Article>),
}

/// An article that was claimed for a visit.
#[derive(Debug, Clone)]
pub struct DueArticle {
    /// Its row.
    pub id: ArticleId,
    /// Its address as the feed gave it.
    pub url: Url,
    /// The feed through which it was first found, for its settings; `None` when that feed's row has no slug any more.
    pub slug: Option<Slug>,
    /// From the last page that was read.
    pub validators: Validators,
    /// When it was first seen: what the recheck schedule counts from.
    pub first_seen_at: DateTime<Utc>,
    /// Failed visits since the last good one.
    pub consecutive_failures: u32,
    /// Whether the article has a text already, and from where.
    pub has_page_text: bool,
    /// Whether that has words to lose.
    pub has_words: bool,
    /// Pages that its text was joined from, the first one counted.
    pub pages: usize,
    /// What the feed's entry says, for its dates and links and as the text when the page cannot be had.
    pub entry: Option<ParsedEntry>,
}

/// One attempt to look at an article's page.
#[derive(Debug, Clone)]
pub struct VisitOutcome {
    /// Which article.
    pub article: ArticleId,
    /// When the attempt began.
    pub started_at: DateTime<Utc>,
    /// How long it took, waiting for the host's turn left out.
    pub duration: Duration,
    /// The status of the last answer, where there was one.
    pub http_status: Option<u16>,
    /// Bytes of the body on the wire.
    pub body_bytes: u64,
    /// When to look again.
    pub next: NextLook,
    /// What came of it.
    pub result: VisitResult,
}

/// What came of looking at an article's page.
#[derive(Debug, Clone)]
pub enum VisitResult {
    /// The page was read.
    Read(Box<ReadPage>),
    /// 304: nothing changed.
    NotModified(Validators),
    /// The page was not to be had. `fallback` is the feed's own content, stored where there is no text yet.
    Failed {
        /// What went wrong.
        failure: Failure,
        /// The article as the feed carries it.
        fallback: Option<Box<Article>>,
    },
    /// robots.txt asks us to stay away; nothing was requested.
    Robots {
        /// The article as the feed carries it.
        fallback: Option<Box<Article>>,
    },
}

/// A page that was read.
#[derive(Debug, Clone)]
pub struct ReadPage {
    /// What it says.
    pub article: Article,
    /// The validators that vouch for it.
    pub validators: Validators,
    /// Where redirects ended.
    pub final_url: Url,
    /// The page's bytes as received, compressed with zstd, to be kept for `reextract`.
    pub raw: Option<RawPage>,
    /// Articles of the site that were read before this page showed that some of their text is the site's.
    pub outdated: Vec<ArticleId>,
    /// The pages that were joined to it, in order.
    pub parts: Vec<ReadPart>,
    /// The page after these, when it could not be had: the text ends before it.
    pub missing_part: Option<Url>,
}

/// A later page of an article that runs over several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadPart {
    /// Where redirects ended.
    pub final_url: Url,
    /// When it was read.
    pub fetched_at: DateTime<Utc>,
    /// Its bytes, as those of the first page.
    pub raw: Option<RawPage>,
}

/// A page as received, to be read again later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawPage {
    /// When it was read: what relative dates on it count from.
    pub fetched_at: DateTime<Utc>,
    /// The decoded bytes, compressed with zstd.
    pub zstd: Vec<u8>,
    /// `Content-Type` as sent.
    pub content_type: Option<String>,
}

/// What a site's robots.txt came to (RFC 9309).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RobotsTxt {
    /// There is none (4xx, or redirects without end): everything may be fetched.
    Allowed,
    /// Its text, at most 500 KiB.
    Rules(String),
    /// It cannot be had now (5xx, 429, network): nothing may be fetched for now.
    Unavailable,
}
