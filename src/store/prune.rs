//! Deleting what is older than the config keeps, in steps so small that nobody else has to wait for long.
//!
//! A pass goes through the archive stage by stage, some hundred rows at each call, from a bookmark that the
//! [`Store`](super::Store) keeps in memory. Log rows that stay because they are somebody's latest, one an article in the end, are
//! looked at again once a day and not in every pass.
//!
//! What a pass keeps true: `duplicate_of` is a head, never a chain; whoever follows `changes` hears of each article that goes
//! and of each cluster whose head goes; an entry that is still in its feed stays known, so that no poll brings its article
//! back for being there.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

use super::error::StoreError;
use super::reader::Reader;
use super::sql::{Time, execute};
use super::values::{PruneLimits, Pruned};
use super::{content, expire};
use crate::model::id::ArticleId;

/// Rows looked at in one step, where most of them stay or are small.
const ROWS: usize = 500;

/// Raw pages deleted in one step: each is a chain of a dozen and more pages of the file.
const RAW_PAGES: usize = 50;

/// How often the logs are gone through from their beginning.
const LOGS_EVERY: TimeDelta = TimeDelta::days(1);

/// Where a pass stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bookmark {
    stage: Stage,
    /// The last row looked at, in stages that begin anew with each pass.
    row: i64,
    /// The last rows of the logs that were looked at since a pass began with the first ones.
    polls: LogMark,
    visits: LogMark,
    logs_since: Option<DateTime<Utc>>,
    /// No article has more revisions than that: whoever stores one deletes what it makes too many.
    revisions: Option<u32>,
}

/// In the order of a pass. Articles come after all that would go with them, so that counting first counts the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    RawPages,
    Polls,
    Visits,
    Revisions,
    Entries,
    Robots,
    Articles,
}

/// A row of a log: when it was written, and its id.
type LogMark = (DateTime<Utc>, i64);

/// Does one step from `bookmark` on; returns what it deleted, and where the next one goes on.
pub(super) fn step(
    db: &Connection,
    limits: &PruneLimits,
    mut bookmark: Bookmark,
) -> rusqlite::Result<(Pruned, Bookmark)> {
    let mut pruned = Pruned::default();
    if bookmark.logs_since.is_none_or(|since| (limits.now - since).abs() >= LOGS_EVERY) {
        (bookmark.polls, bookmark.visits) = (LogMark::default(), LogMark::default());
        bookmark.logs_since = Some(limits.now);
    }
    let (is_done, next) = match bookmark.stage {
        Stage::RawPages => (raw_pages(db, limits, &mut pruned)?, Stage::Polls),
        Stage::Polls => (log(db, &POLLS, limits, &mut bookmark.polls, &mut pruned.polls)?, Stage::Visits),
        Stage::Visits => (log(db, &VISITS, limits, &mut bookmark.visits, &mut pruned.visits)?, Stage::Revisions),
        Stage::Revisions => (revisions(db, limits, &mut bookmark, &mut pruned)?, Stage::Entries),
        Stage::Entries => (rows(db, &ENTRIES, limits.entries, &mut bookmark.row, &mut pruned.entries)?, Stage::Robots),
        Stage::Robots => (rows(db, &ROBOTS, limits.robots, &mut bookmark.row, &mut pruned.robots)?, Stage::Articles),
        Stage::Articles => (expire::articles(db, limits, &mut bookmark.row, &mut pruned)?, Stage::RawPages),
    };
    if is_done {
        (bookmark.stage, bookmark.row) = (next, 0);
    }
    pruned.more = bookmark.stage != Stage::default() || !is_done;
    Ok((pruned, bookmark))
}

fn raw_pages(db: &Connection, limits: &PruneLimits, pruned: &mut Pruned) -> rusqlite::Result<bool> {
    let Some(before) = limits.raw_pages else { return Ok(true) };
    pruned.raw_pages = execute(
        db,
        "DELETE FROM raw_pages WHERE article_id IN
         (SELECT article_id FROM raw_pages WHERE fetched_at < ?1 ORDER BY fetched_at LIMIT ?2)",
        params![Time(before), RAW_PAGES],
    )?;
    if pruned.raw_pages == RAW_PAGES {
        return Ok(false);
    }
    // Of a later page the row stays: it tells what the text was joined from.
    let parts = execute(
        db,
        "UPDATE article_parts SET zstd = NULL WHERE zstd IS NOT NULL AND (article_id, number) IN
         (SELECT article_id, number FROM article_parts WHERE zstd IS NOT NULL AND fetched_at < ?1
          ORDER BY fetched_at LIMIT ?2)",
        params![Time(before), RAW_PAGES],
    )?;
    pruned.raw_pages += parts;
    Ok(parts < RAW_PAGES)
}

/// The statements of one log.
struct Log {
    /// Its rows before `?1` that come after the row `?3` of the time `?2`.
    look: &'static str,
    /// Deletes the row `?1` unless it is the latest of its feed or article.
    delete: &'static str,
    /// How many rows before `?1` are not the latest.
    count: &'static str,
}

const POLLS: Log = Log {
    look: "SELECT id, started_at FROM polls WHERE started_at < ?1 AND started_at >= ?2 AND (started_at, id) > (?2, ?3)
           ORDER BY started_at, id LIMIT ?4",
    delete: "DELETE FROM polls WHERE id = ?1 AND EXISTS (SELECT 1 FROM polls later
             WHERE later.feed_id = polls.feed_id AND (later.started_at, later.id) > (polls.started_at, polls.id))",
    count: "SELECT count(*) FROM polls WHERE started_at < ?1 AND EXISTS (SELECT 1 FROM polls later
            WHERE later.feed_id = polls.feed_id AND (later.started_at, later.id) > (polls.started_at, polls.id))",
};

const VISITS: Log = Log {
    look: "SELECT id, started_at FROM visits WHERE started_at < ?1 AND started_at >= ?2 AND (started_at, id) > (?2, ?3)
           ORDER BY started_at, id LIMIT ?4",
    delete: "DELETE FROM visits WHERE id = ?1 AND EXISTS (SELECT 1 FROM visits later
             WHERE later.article_id = visits.article_id AND (later.started_at, later.id) > (visits.started_at, visits.id))",
    count: "SELECT count(*) FROM visits WHERE started_at < ?1 AND EXISTS (SELECT 1 FROM visits later
            WHERE later.article_id = visits.article_id AND (later.started_at, later.id) > (visits.started_at, visits.id))",
};

fn log(
    db: &Connection,
    log: &Log,
    limits: &PruneLimits,
    mark: &mut LogMark,
    deleted: &mut usize,
) -> rusqlite::Result<bool> {
    let Some(before) = limits.log else { return Ok(true) };
    let mut look = db.prepare_cached(log.look)?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Time>(1)?.0, row.get(0)?));
    let seen: Vec<LogMark> =
        look.query_map(params![Time(before), Time(mark.0), mark.1, ROWS], read)?.collect::<rusqlite::Result<_>>()?;
    for (_, id) in &seen {
        *deleted += execute(db, log.delete, [id])?;
    }
    if let Some(last) = seen.last() {
        *mark = *last;
    }
    Ok(seen.len() < ROWS)
}

/// For an archive that was written with a larger `keep_revisions`.
fn revisions(
    db: &Connection,
    limits: &PruneLimits,
    bookmark: &mut Bookmark,
    pruned: &mut Pruned,
) -> rusqlite::Result<bool> {
    if bookmark.revisions.is_some_and(|most| most <= limits.keep_revisions) {
        return Ok(true);
    }
    let mut count = db.prepare_cached(
        "SELECT article_id, count(*) FROM revisions WHERE article_id > ?1 GROUP BY article_id ORDER BY article_id LIMIT ?2",
    )?;
    let counted: Vec<(ArticleId, u32)> = count
        .query_map(params![bookmark.row, ROWS], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (article, count) in &counted {
        if *count > limits.keep_revisions {
            let deleted = content::prune_revisions(db, *article, limits.keep_revisions)?;
            pruned.revisions += deleted;
            if deleted == content::PRUNED_AT_ONCE || pruned.revisions >= ROWS {
                // This article may have more of them: the next step begins with it.
                return Ok(false);
            }
        }
        bookmark.row = article.0;
    }
    if counted.len() < ROWS {
        bookmark.revisions = Some(limits.keep_revisions);
    }
    Ok(counted.len() < ROWS)
}

/// The statements of a table without an index by age, and so small that it is walked through.
struct Table {
    /// Row ids after `?1`, and whether the row is older than `?2`.
    look: &'static str,
    /// Deletes the row `?1`.
    delete: &'static str,
}

/// Entries whose article is deleted, once they have left their feed for long enough not to come back.
const ENTRIES: Table = Table {
    look: "SELECT id, coalesce(absent_since < ?2, 0) FROM entries WHERE article_id IS NULL AND id > ?1 ORDER BY id LIMIT ?3",
    delete: "DELETE FROM entries WHERE id = ?1",
};

const ROBOTS: Table = Table {
    look: "SELECT rowid, fetched_at < ?2 FROM robots WHERE rowid > ?1 ORDER BY rowid LIMIT ?3",
    delete: "DELETE FROM robots WHERE rowid = ?1",
};

fn rows(
    db: &Connection,
    table: &Table,
    before: DateTime<Utc>,
    after: &mut i64,
    deleted: &mut usize,
) -> rusqlite::Result<bool> {
    let mut look = db.prepare_cached(table.look)?;
    let seen: Vec<(i64, bool)> = look
        .query_map(params![*after, Time(before), ROWS], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (id, _) in seen.iter().filter(|(_, is_old)| *is_old) {
        *deleted += execute(db, table.delete, [id])?;
    }
    if let Some((last, _)) = seen.last() {
        *after = *last;
    }
    Ok(seen.len() < ROWS)
}

impl Reader {
    /// How much a whole pass of `prune` would delete. Works beside a running daemon, and reads through all articles.
    pub fn prunable(&self, limits: &PruneLimits) -> Result<Pruned, StoreError> {
        prunable(&self.db, limits).map_err(|error| StoreError::sqlite(&self.path, error))
    }
}

fn prunable(db: &Connection, limits: &PruneLimits) -> rusqlite::Result<Pruned> {
    let before = |sql: &str, before: Option<DateTime<Utc>>| match before {
        Some(before) => db.query_row(sql, [Time(before)], |row| row.get(0)),
        None => Ok(0),
    };
    // In one snapshot, so that the counts belong together.
    let _snapshot = db.unchecked_transaction()?;
    Ok(Pruned {
        raw_pages: before(
            "SELECT (SELECT count(*) FROM raw_pages WHERE fetched_at < ?1)
             + (SELECT count(*) FROM article_parts WHERE zstd IS NOT NULL AND fetched_at < ?1)",
            limits.raw_pages,
        )?,
        polls: before(POLLS.count, limits.log)?,
        visits: before(VISITS.count, limits.log)?,
        revisions: db.query_row(
            "SELECT coalesce(sum(n - ?1), 0) FROM (SELECT count(*) AS n FROM revisions GROUP BY article_id) WHERE n > ?1",
            [limits.keep_revisions],
            |row| row.get(0),
        )?,
        articles: expire::count_articles(db, limits)?,
        entries: before(
            "SELECT count(*) FROM entries WHERE article_id IS NULL AND absent_since < ?1",
            Some(limits.entries),
        )? + expire::count_entries(db, limits)?,
        robots: before("SELECT count(*) FROM robots WHERE fetched_at < ?1", Some(limits.robots))?,
        more: false,
    })
}
