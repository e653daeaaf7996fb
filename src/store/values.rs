//! What goes into the store's verbs and comes out of them, in domain words.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::config::{Keep, StoreSettings};
use crate::dedup::Verdict;
use crate::model::article::{Article, PageBlocks};
use crate::model::feed::ParsedEntry;
use crate::model::id::{ArticleId, Slug};
use crate::model::outcome::{DueFeed, RobotsTxt};

/// What to claim of a queue.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The time now: leases that have ended by then are void.
    pub now: DateTime<Utc>,
    /// What is due by then is claimed, oldest first.
    pub due_before: DateTime<Utc>,
    /// At most so many rows.
    pub limit: usize,
    /// At most so many rows of one site, so that a burst on one hides no other.
    pub per_site: usize,
    /// How long the claim holds when no outcome is applied.
    pub lease: Duration,
    /// Sites at which no request may start now: none of theirs is claimed.
    pub busy_sites: Vec<String>,
}

/// A feed of the config, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRow {
    /// Its name.
    pub slug: Slug,
    /// Its address with secrets unexpanded.
    pub url_shown: String,
    /// A hash of the expanded address.
    pub url_key: String,
    /// The operator's name for it.
    pub title: Option<String>,
    /// The registrable domain of its address.
    pub site: String,
    /// Of all layers.
    pub tags: Vec<String>,
    /// Whether it is polled.
    pub enabled: bool,
    /// The longest that the config lets pass between two polls; only servers may ask for more.
    pub longest: Duration,
}

/// What a new config changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Feeds that were not known.
    pub added: Vec<Slug>,
    /// Feeds under a new name, `(old, new)`.
    pub renamed: Vec<(Slug, Slug)>,
    /// Feeds with a new address: polled anew, history kept.
    pub moved: Vec<Slug>,
    /// Feeds that are polled sooner than was planned, because the config now asks for it.
    pub sooner: Vec<Slug>,
    /// Feeds that are active again after they were removed, disabled or gone.
    pub returned: Vec<Slug>,
    /// Feeds that the config now disables.
    pub disabled: Vec<Slug>,
    /// Feeds that the config no longer has; nothing of theirs is deleted.
    pub removed: Vec<Slug>,
    /// Feeds of the config of which nothing changed.
    pub unchanged: usize,
}

/// What became of the wish to poll one feed now.
#[derive(Debug, Clone)]
pub enum FeedClaim {
    /// Claimed.
    Due(Box<DueFeed>),
    /// The server asked not to be asked before `until`.
    Waiting {
        /// The feed.
        slug: Slug,
        /// The end of the window.
        until: DateTime<Utc>,
    },
    /// The config disables it.
    Disabled(Slug),
    /// The config has no such feed.
    Unknown(Slug),
}

/// What applying a poll stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PollApplied {
    /// Entries not known before.
    pub entries_new: usize,
    /// Entries of which the feed now says something else.
    pub entries_changed: usize,
    /// Articles not known before.
    pub articles_new: usize,
    /// Articles that this poll made due for a visit.
    pub articles_due: usize,
}

/// What a visit brought: `visits.outcome`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VisitKind {
    /// The first text of the page.
    New,
    /// Another version.
    Revised,
    /// The page, and it says the same.
    Unchanged,
    /// 304.
    NotModified,
    /// No page.
    Error,
}

impl VisitKind {
    /// The word that the database uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Revised => "revised",
            Self::Unchanged => "unchanged",
            Self::NotModified => "not_modified",
            Self::Error => "error",
        }
    }
}

/// What applying a visit stored.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitApplied {
    /// What the visit brought.
    pub outcome: VisitKind,
    /// What the article is among the others, now.
    pub verdict: Verdict,
}

/// A robots.txt and when it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRobots {
    /// When it was asked for.
    pub fetched_at: DateTime<Utc>,
    /// What the answer was.
    pub robots: RobotsTxt,
}

/// How much there is to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Active feeds.
    pub feeds: usize,
    /// Those whose last poll failed.
    pub failing: usize,
    /// Those that are due now.
    pub feeds_due: usize,
    /// Articles that are due now.
    pub articles_due: usize,
    /// When the next feed or article falls due; past when some are due now.
    pub next_due_at: Option<DateTime<Utc>>,
}

/// What a round has not looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// Feeds.
    pub feeds: usize,
    /// Articles.
    pub articles: usize,
}

/// How much of the past is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Revisions of an article; the first and the last always are.
    pub keep_revisions: u32,
}

impl Default for Retention {
    /// The config's default.
    fn default() -> Self {
        Self { keep_revisions: 20 }
    }
}

/// What is done when the database cannot be written for a reason that may pass: a lock, a full disk, a failing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// A lock is waited for for 10 s; anything else fails at once. For commands.
    Short,
    /// Says so once and waits until it passes or the store is closed. For the daemon.
    Endless,
}

/// A server's wish to be left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The feed that it was said to.
    pub slug: Slug,
    /// The end of the wish.
    pub until: DateTime<Utc>,
}

/// What is old enough to be deleted: everything from before these times. `None` keeps all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PruneLimits {
    /// The time now, as `changes` is going to tell it. What a visit holds until later than that stays.
    pub now: DateTime<Utc>,
    /// Raw pages by when they were fetched.
    pub raw_pages: Option<DateTime<Utc>>,
    /// Polls and visits by when they began; the latest of each feed and article stays.
    pub log: Option<DateTime<Utc>>,
    /// Articles by when they were first seen or, if that is later, changed.
    pub articles: Option<DateTime<Utc>>,
    /// Entries of deleted articles by when they left their feed.
    pub entries: DateTime<Utc>,
    /// Files robots.txt by when they were asked for.
    pub robots: DateTime<Utc>,
    /// Revisions of an article; the first and the last always stay.
    pub keep_revisions: u32,
}

impl PruneLimits {
    /// What the config keeps, seen from `now`. Pure.
    pub fn new(settings: &StoreSettings, now: DateTime<Utc>) -> Self {
        let before = |keep| match keep {
            Keep::Off => Some(now),
            // Longer ago than there is a calendar for: nothing is that old.
            Keep::For(time) => TimeDelta::from_std(time).ok().and_then(|time| now.checked_sub_signed(time)),
            Keep::Forever => None,
        };
        Self {
            now,
            raw_pages: before(settings.keep_raw),
            log: before(settings.keep_log),
            articles: before(settings.retention),
            // Feeds drop entries and show them again after days, when an editor moves them or a server falls back.
            entries: now - TimeDelta::days(30),
            // One of more than a day is not gone by any more.
            robots: now - TimeDelta::days(7),
            keep_revisions: settings.keep_revisions.max(2),
        }
    }
}

/// What was deleted, or would be. What goes with an article is counted as the article.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Raw pages over age.
    pub raw_pages: usize,
    /// Polls over age.
    pub polls: usize,
    /// Visits over age.
    pub visits: usize,
    /// Revisions beyond the number to keep.
    pub revisions: usize,
    /// Articles over age.
    pub articles: usize,
    /// Entries of deleted articles.
    pub entries: usize,
    /// Files robots.txt over age.
    pub robots: usize,
    /// Whether there is more to do: the verb does a little at a time.
    pub more: bool,
}

impl Pruned {
    /// Both together; `more` is the later one's.
    #[must_use]
    pub fn and(self, later: Self) -> Self {
        Self {
            raw_pages: self.raw_pages + later.raw_pages,
            polls: self.polls + later.polls,
            visits: self.visits + later.visits,
            revisions: self.revisions + later.revisions,
            articles: self.articles + later.articles,
            entries: self.entries + later.entries,
            robots: self.robots + later.robots,
            more: later.more,
        }
    }
}

/// What a copy of the archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackedUp {
    /// Its size.
    pub bytes: u64,
    /// The same as in the archive at the moment that the copy shows.
    pub rows: Rows,
}

/// Rows of the main tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rows {
    /// Feeds, also those that left the config.
    pub feeds: u64,
    /// Entries.
    pub entries: u64,
    /// Articles.
    pub articles: u64,
    /// Versions of articles.
    pub revisions: u64,
    /// Pages kept to be read again.
    pub raw_pages: u64,
}

/// Which stored pages are meant. The conditions add up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawPages {
    /// Of articles that this feed led to.
    pub feed: Option<Slug>,
    /// Fetched then or later.
    pub since: Option<DateTime<Utc>>,
}

/// What is remembered of a site's pages when one of them is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteMemory {
    /// The page itself, where it was read before.
    pub before: Option<PageBlocks>,
    /// The newest other ones.
    pub siblings: Vec<(ArticleId, PageBlocks)>,
}

/// A page as it was received, with all that it is read with.
#[derive(Debug, Clone)]
pub struct StoredPage {
    /// The article.
    pub article: ArticleId,
    /// Where redirects ended; `None` when it cannot be read.
    pub final_url: Option<Url>,
    /// As sent.
    pub content_type: Option<String>,
    /// As sent, where it is known to be of this page and not of a later one.
    pub last_modified: Option<String>,
    /// When: what relative dates count from.
    pub fetched_at: DateTime<Utc>,
    /// The bytes, compressed.
    pub zstd: Vec<u8>,
    /// The feed whose settings hold for it.
    pub slug: Option<Slug>,
    /// What that says of the article now.
    pub entry: Option<ParsedEntry>,
    /// Whether the article has words to lose.
    pub has_text: bool,
    /// The pages that were joined to it, in order.
    pub parts: Vec<StoredPart>,
    /// Whether the publisher is known to have changed the article after the page was fetched: it says less than is stored.
    pub is_outdated: bool,
}

/// A later page of a stored article, as it was received.
#[derive(Debug, Clone)]
pub struct StoredPart {
    /// Its place among the pages, from 2.
    pub number: u32,
    /// Where redirects ended; `None` when it cannot be read.
    pub final_url: Option<Url>,
    /// As sent.
    pub content_type: Option<String>,
    /// When: what relative dates count from.
    pub fetched_at: DateTime<Utc>,
    /// The bytes, compressed; `None` when they are not kept.
    pub zstd: Option<Vec<u8>>,
}

/// A stored page, read again.
#[derive(Debug, Clone)]
pub struct RereadPage {
    /// The article.
    pub article: ArticleId,
    /// Where redirects ended.
    pub final_url: Url,
    /// When the page was fetched.
    pub fetched_at: DateTime<Utc>,
    /// What it says.
    pub reading: Article,
}

/// What came of reading a stored page again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reextracted {
    /// Another title or text: a revision.
    Text,
    /// The same words; other dates, authors, links, addresses or markup.
    Otherwise,
    /// Nothing was written.
    Unchanged,
    /// Left as it is: the publisher changed the article after the page was fetched.
    Outdated,
}
