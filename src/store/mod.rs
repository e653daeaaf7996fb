//! The archive: one SQLite file, one writer thread, and a dozen verbs in domain words.
//!
//! [`Store`] writes: each verb is a transaction on the writer thread and answers after the commit. [`Reader`](reader::Reader) only
//! reads, beside a writer or without one. The rules are elsewhere: `schedule` says when, `dedup` and `revision` say
//! what; here is what happens to rows. This is the only room that knows SQL.
//!
//! What it keeps: validators commit with the entries they vouch for, or not at all; applying an outcome twice changes
//! nothing but adds a log row; an unchanged document writes no content; removing a feed deletes nothing.

pub mod backup;
pub mod error;
pub mod export;
pub mod reader;
pub mod schema;
pub mod vacuum;
pub mod values;

mod open;
mod pulse;
mod writer;

mod claim;
mod reconcile;

mod poll;
mod reextract;
mod visit;

mod expire;
mod prune;

mod disk;

mod cluster;
mod content;
mod entry;
mod links;
mod memory;
mod parts;

mod migrate;
mod sql;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use self::error::StoreError;
use self::open::Writer;
use self::sql::{Columns, Time};
use self::values::{
    Claim, Counts, FeedClaim, FeedRow, Hold, Left, Patience, PollApplied, PruneLimits, Pruned, RawPages, Reconciled,
    Reextracted, RereadPage, Retention, SiteMemory, StoredPage, StoredRobots, VisitApplied,
};
use self::writer::{LOCK_PATIENCE, Queue};
use crate::clock::Clock;
use crate::model::id::{ArticleId, FeedId, Slug};
use crate::model::outcome::{DueArticle, DueFeed, KnownEntry, PollOutcome, RobotsTxt, VisitOutcome};

/// The one writer of an archive. Clones share it.
///
/// Dropping the last clone does what is queued and closes too, but some time later and without saying how it went.
#[derive(Debug, Clone)]
pub struct Store {
    queue: Queue,
    clock: Clock,
    retention: Retention,
    /// Where the pass of [`Store::prune`] stands.
    bookmark: Arc<Mutex<prune::Bookmark>>,
}

/// Brings the archive at `path` to this program's schema, or creates it. Returns the schema before and after.
pub fn migrate(path: &Path) -> Result<(u32, u32), StoreError> {
    let writer = Writer::open(path)?;
    let before = writer.found;
    writer.close()?;
    Ok((before, migrate::newest()))
}

impl Store {
    /// Opens the archive at `path` for writing, creating or migrating it, with the default [`Retention`].
    pub fn open(path: &Path, clock: Clock) -> Result<Self, StoreError> {
        Self::open_with(path, clock, Retention::default(), Patience::Short)
    }

    /// Opens the archive at `path` for writing, creating or migrating it.
    ///
    /// Refused when another process writes to it ([`StoreError::Locked`]); nothing is written when the file is
    /// somebody else's or of a newer schema. With [`Patience::Endless`] a lock on it is told at once, so that the caller can
    /// hear other things while it waits.
    pub fn open_with(path: &Path, clock: Clock, retention: Retention, patience: Patience) -> Result<Self, StoreError> {
        let began = Instant::now();
        let writer = loop {
            match Writer::open(path) {
                // Somebody reads a file at rest, whose journal mode cannot be changed meanwhile.
                Err(StoreError::Busy { .. }) if patience == Patience::Short && began.elapsed() < LOCK_PATIENCE => {
                    thread::sleep(Duration::from_millis(100));
                }
                opened => break opened?,
            }
        };
        Ok(Self { queue: Queue::start(writer, patience)?, clock, retention, bookmark: Arc::default() })
    }

    /// The same archive with another [`Retention`] for what is written from here on through this value and its clones.
    #[must_use]
    pub fn with_retention(self, retention: Retention) -> Self {
        Self { retention, ..self }
    }

    /// Does what is queued and leaves one self-contained file behind. Clones are refused from here on.
    pub async fn close(self) -> Result<(), StoreError> {
        self.queue.close().await
    }

    /// What keeps the store from writing, where something does: only with [`Patience::Endless`].
    pub fn trouble(&self) -> Option<String> {
        self.queue.pulse().trouble()
    }

    /// How long the writer has been at one thing; zero while it is idle, and small while it waits for a disk or a lock.
    pub fn at_work_for(&self) -> Duration {
        self.queue.pulse().at_work_for()
    }

    /// Makes the feeds what the config says; twice the same changes nothing. Deletes nothing.
    pub async fn reconcile(&self, feeds: Vec<FeedRow>) -> Result<Reconciled, StoreError> {
        let now = self.clock.now();
        self.queue.run(move |db| reconcile::reconcile(db, &feeds, now)).await
    }

    /// Claims active feeds that are due, oldest first.
    pub async fn claim_due_feeds(&self, claim: Claim) -> Result<Vec<DueFeed>, StoreError> {
        self.queue.run(move |db| claim::due_feeds(db, &claim)).await
    }

    /// Claims feeds by name, due or not, in the order given; inside a Retry-After window only with `force`.
    pub async fn claim_feeds(
        &self,
        slugs: Vec<Slug>,
        now: DateTime<Utc>,
        lease: Duration,
        force: bool,
    ) -> Result<Vec<FeedClaim>, StoreError> {
        self.queue.run(move |db| claim::feeds_by_slug(db, &slugs, now, lease, force)).await
    }

    /// The entries of a feed as they are stored, to compare a document with.
    pub async fn known_entries(&self, feed: FeedId) -> Result<Vec<KnownEntry>, StoreError> {
        self.queue.run(move |db| entry::known(db, feed)).await
    }

    /// Stores what a poll brought, in one transaction. Which entries are new or changed is decided again within it.
    pub async fn apply_poll(&self, outcome: PollOutcome) -> Result<PollApplied, StoreError> {
        let retention = self.retention;
        self.queue.run(move |db| poll::apply(db, &outcome, retention)).await
    }

    /// Claims articles that are due, oldest first; with `not_checked_since` only those not visited since then.
    pub async fn claim_due_articles(
        &self,
        claim: Claim,
        not_checked_since: Option<DateTime<Utc>>,
    ) -> Result<Vec<DueArticle>, StoreError> {
        self.queue.run(move |db| claim::due_articles(db, &claim, not_checked_since)).await
    }

    /// Stores what a visit brought, in one transaction.
    pub async fn apply_visit(&self, outcome: VisitOutcome) -> Result<VisitApplied, StoreError> {
        let retention = self.retention;
        self.queue.run(move |db| visit::apply(db, &outcome, retention)).await
    }

    /// Deletes some of what is old enough: little enough that nobody has to wait for long. There may be more to do, now or
    /// after a step that found nothing, until [`Pruned::more`] says that the pass is over; the next call begins another one.
    pub async fn prune(&self, limits: PruneLimits) -> Result<Pruned, StoreError> {
        let bookmark = *self.bookmark();
        let (pruned, next) = self.queue.run(move |db| prune::step(db, &limits, bookmark)).await?;
        // Only now that it is committed.
        *self.bookmark() = next;
        Ok(pruned)
    }

    /// Lets the query planner know how large the tables are by now. Without it, statistics from when the archive was small
    /// make full scans of joins; it looks only at tables that changed much, and at a sample of them.
    pub async fn optimize(&self) -> Result<(), StoreError> {
        self.queue.run(|db| db.execute_batch("PRAGMA optimize")).await
    }

    fn bookmark(&self) -> MutexGuard<'_, prune::Bookmark> {
        self.bookmark.lock().expect("no code panics while it holds the lock")
    }

    /// The articles after `after`, by id, whose stored pages are meant by `selection`; at most `limit`.
    pub async fn raw_pages(
        &self,
        selection: RawPages,
        after: ArticleId,
        limit: usize,
    ) -> Result<Vec<ArticleId>, StoreError> {
        self.queue.run(move |db| reextract::raw_pages(db, &selection, after, limit)).await
    }

    /// The stored page of an article with all that it is read with; `None` when none is kept.
    pub async fn raw_page(&self, article: ArticleId) -> Result<Option<StoredPage>, StoreError> {
        self.queue.run(move |db| reextract::raw_page(db, article)).await
    }

    /// Stores what a stored page says when it is read again, in one transaction; `dry_run` only tells what that would change.
    pub async fn apply_reextract(&self, reread: RereadPage, dry_run: bool) -> Result<Reextracted, StoreError> {
        let (now, retention) = (self.clock.now(), self.retention);
        self.queue.run(move |db| reextract::apply(db, &reread, dry_run, now, retention)).await
    }

    /// What is remembered of the page of `article` and of the newest others of `site`.
    pub async fn site_memory(&self, site: String, article: ArticleId) -> Result<SiteMemory, StoreError> {
        self.queue.run(move |db| memory::load(db, &site, article)).await
    }

    /// What is known of the robots.txt of `origin`.
    pub async fn robots(&self, origin: String) -> Result<Option<StoredRobots>, StoreError> {
        self.queue.run(move |db| robots(db, &origin)).await
    }

    /// Keeps the robots.txt of `origin`.
    pub async fn save_robots(&self, origin: String, robots: StoredRobots) -> Result<(), StoreError> {
        self.queue.run(move |db| save_robots(db, &origin, &robots)).await
    }

    /// The place of the newest row of `changes`; 0 while there is none.
    pub async fn newest_change(&self) -> Result<i64, StoreError> {
        self.queue.run(|db| db.query_row("SELECT coalesce(max(seq), 0) FROM changes", [], |row| row.get(0))).await
    }

    /// How many articles were found to be copies after that place in `changes`.
    pub async fn duplicates_since(&self, seq: i64) -> Result<usize, StoreError> {
        let sql = "SELECT count(DISTINCT article_id) FROM changes WHERE seq > ?1 AND kind = 'duplicate'";
        self.queue.run(move |db| db.query_row(sql, [seq], |row| row.get(0))).await
    }

    /// The feeds whose server asked to be left alone for longer than until `now`.
    pub async fn holds(&self, now: DateTime<Utc>) -> Result<Vec<Hold>, StoreError> {
        self.queue.run(move |db| claim::holds(db, now)).await
    }

    /// How much there is to do.
    pub async fn counts(&self, now: DateTime<Utc>) -> Result<Counts, StoreError> {
        self.queue.run(move |db| counts(db, now)).await
    }

    /// When the next feed or article falls due that is not claimed; a leased one counts from its lease's end.
    pub async fn next_due(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.queue.run(move |db| next_due(db, now)).await
    }

    /// What a round that began at `since` has not looked at: feeds that were due then, articles that are due now.
    pub async fn left_of_round(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Left, StoreError> {
        self.queue.run(move |db| claim::left_of_round(db, since, now)).await
    }

    /// Ends all leases: whoever begins to work alone on this file knows that nobody else is at work.
    pub async fn void_leases(&self) -> Result<(), StoreError> {
        self.queue.run(claim::void_leases).await
    }
}

fn robots(db: &Connection, origin: &str) -> rusqlite::Result<Option<StoredRobots>> {
    let mut statement = db.prepare_cached("SELECT fetched_at, state, body FROM robots WHERE origin = ?1")?;
    let found = statement.query_row([origin], |row| {
        let robots = match row.get_ref("state")?.as_str()? {
            "allowed" => RobotsTxt::Allowed,
            "rules" => RobotsTxt::Rules(row.get("body")?),
            _ => RobotsTxt::Unavailable,
        };
        Ok(StoredRobots { fetched_at: row.time("fetched_at")?, robots })
    });
    found.optional()
}

fn save_robots(db: &Connection, origin: &str, robots: &StoredRobots) -> rusqlite::Result<()> {
    let (state, body) = match &robots.robots {
        RobotsTxt::Allowed => ("allowed", None),
        RobotsTxt::Rules(text) => ("rules", Some(text)),
        RobotsTxt::Unavailable => ("unavailable", None),
    };
    sql::execute(
        db,
        "INSERT OR REPLACE INTO robots (origin, fetched_at, state, body) VALUES (?1, ?2, ?3, ?4)",
        params![origin, Time(robots.fetched_at), state, body],
    )
    .map(drop)
}

fn counts(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<Counts> {
    let mut statement = db.prepare_cached(
        "SELECT count(*), count(*) FILTER (WHERE consecutive_failures > 0),
         count(*) FILTER (WHERE next_poll_at <= ?1 AND (lease_until IS NULL OR lease_until <= ?1)),
         (SELECT count(*) FROM article_status
          WHERE next_check_at <= ?1 AND (lease_until IS NULL OR lease_until <= ?1))
         FROM feeds WHERE state = 'active'",
    )?;
    let counts = statement.query_row([Time(now)], |row| {
        let (feeds, failing, feeds_due, articles_due) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(Counts { feeds, failing, feeds_due, articles_due, next_due_at: None })
    })?;
    Ok(Counts { next_due_at: next_due(db, now)?, ..counts })
}

fn next_due(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<Option<DateTime<Utc>>> {
    // Leased rows are few, since they are at work: those that are not leased come straight from the index.
    let mut statement = db.prepare_cached(
        "SELECT min(at) FROM (
             SELECT * FROM (SELECT max(next_poll_at, coalesce(lease_until, '')) AS at FROM feeds
                 WHERE state = 'active' AND next_poll_at IS NOT NULL AND (lease_until IS NULL OR lease_until <= ?1)
                 ORDER BY next_poll_at LIMIT 1)
             UNION ALL SELECT min(max(next_poll_at, lease_until)) FROM feeds WHERE state = 'active' AND lease_until > ?1
             UNION ALL SELECT * FROM (SELECT next_check_at FROM article_status
                 WHERE next_check_at IS NOT NULL AND (lease_until IS NULL OR lease_until <= ?1)
                 ORDER BY next_check_at LIMIT 1)
             UNION ALL SELECT min(max(next_check_at, lease_until)) FROM article_status
                 WHERE next_check_at IS NOT NULL AND lease_until > ?1)",
    )?;
    Ok(statement.query_row([Time(now)], |row| row.get::<_, Option<Time>>(0))?.map(|time| time.0))
}
