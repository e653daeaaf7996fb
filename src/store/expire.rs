//! Articles that are older than `retention`: out of their clusters, out of their entries, and gone.

use rusqlite::{Connection, params};

use super::content::record;
use super::sql::{Time, execute};
use super::values::{PruneLimits, Pruned};
use crate::model::id::ArticleId;

/// Articles whose age is looked at in one step. Ids rise with the time of first sight, so the old ones come first.
const LOOKED_AT: usize = 500;

/// Articles deleted in one step: each takes its words out of the full-text index.
const DELETED: usize = 8;

/// Deletes articles that are over age, from the row after `after` on; says whether there are no more.
///
/// Those that were first seen long ago and changed lately are looked at in each pass: they are few.
pub(super) fn articles(
    db: &Connection,
    limits: &PruneLimits,
    after: &mut i64,
    pruned: &mut Pruned,
) -> rusqlite::Result<bool> {
    let Some(before) = limits.articles.map(Time) else { return Ok(true) };
    let mut look = db.prepare_cached(
        "SELECT id, first_seen_at < ?2, max(first_seen_at, coalesce(changed_at, '')) < ?2 FROM articles
         WHERE id > ?1 ORDER BY id LIMIT ?3",
    )?;
    let seen: Vec<(ArticleId, bool, bool)> = look
        .query_map(params![*after, before, LOOKED_AT], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (id, _, is_over_age) in &seen {
        if *is_over_age && (pruned.articles >= DELETED || !article_with_copies(db, limits, before, *id, pruned)?) {
            return Ok(false);
        }
        *after = id.0;
    }
    // One that was first seen while the clock was wrong hides nothing behind it: only a whole step of young ones ends a pass.
    Ok(seen.len() < LOOKED_AT || seen.iter().all(|(_, is_old, _)| !is_old))
}

/// How many articles are over age.
pub(super) fn count_articles(db: &Connection, limits: &PruneLimits) -> rusqlite::Result<usize> {
    let Some(before) = limits.articles.map(Time) else { return Ok(0) };
    db.query_row(
        "SELECT count(*) FROM articles a WHERE max(first_seen_at, coalesce(changed_at, '')) < ?1
         AND NOT EXISTS (SELECT 1 FROM article_status s WHERE s.article_id = a.id AND s.lease_until > ?2)",
        params![before, Time(limits.now)],
        |row| row.get(0),
    )
}

/// How many entries go with them.
pub(super) fn count_entries(db: &Connection, limits: &PruneLimits) -> rusqlite::Result<usize> {
    let Some(before) = limits.articles.map(Time) else { return Ok(0) };
    db.query_row(
        "SELECT count(*) FROM articles a JOIN entries e ON e.article_id = a.id
         WHERE max(a.first_seen_at, coalesce(a.changed_at, '')) < ?1 AND e.absent_since < ?3
         AND NOT EXISTS (SELECT 1 FROM article_status s WHERE s.article_id = a.id AND s.lease_until > ?2)",
        params![before, Time(limits.now), Time(limits.entries)],
        |row| row.get(0),
    )
}

/// Deletes an article that is over age, after those of its copies that are too: so a cluster that goes as a whole has no
/// heads in between. `false` when there are more copies than one step takes.
fn article_with_copies(
    db: &Connection,
    limits: &PruneLimits,
    before: Time,
    id: ArticleId,
    pruned: &mut Pruned,
) -> rusqlite::Result<bool> {
    if is_at_work(db, id, limits)? {
        return Ok(true);
    }
    let mut copies = db.prepare_cached(
        "SELECT id FROM articles WHERE duplicate_of = ?1 AND max(first_seen_at, coalesce(changed_at, '')) < ?2
         ORDER BY id",
    )?;
    let copies: Vec<ArticleId> =
        copies.query_map(params![id, before], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for copy in copies {
        if pruned.articles >= DELETED {
            return Ok(false);
        }
        if !is_at_work(db, copy, limits)? {
            delete(db, limits, copy, pruned)?;
        }
    }
    hand_over(db, limits, id)?;
    delete(db, limits, id, pruned)?;
    Ok(true)
}

/// Whether a visit is under way, whose outcome is going to be stored.
fn is_at_work(db: &Connection, id: ArticleId, limits: &PruneLimits) -> rusqlite::Result<bool> {
    let mut lease = db.prepare_cached("SELECT 1 FROM article_status WHERE article_id = ?1 AND lease_until > ?2")?;
    lease.exists(params![id, Time(limits.now)])
}

/// Makes the first seen of the copies that stay the head of the others.
fn hand_over(db: &Connection, limits: &PruneLimits, head: ArticleId) -> rusqlite::Result<()> {
    let mut copies = db.prepare_cached("SELECT id FROM articles WHERE duplicate_of = ?1 ORDER BY first_seen_at, id")?;
    let copies: Vec<ArticleId> = copies.query_map([head], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let Some((new_head, others)) = copies.split_first() else { return Ok(()) };
    execute(
        db,
        "UPDATE articles SET duplicate_of = NULL, duplicate_kind = NULL, similarity = NULL WHERE id = ?1",
        [new_head],
    )?;
    record(db, limits.now, "released", *new_head, None)?;
    execute(db, "UPDATE articles SET duplicate_of = ?2 WHERE duplicate_of = ?1", params![head, new_head])?;
    for copy in others {
        record(db, limits.now, "duplicate", *copy, None)?;
    }
    Ok(())
}

/// Deletes an article with all that is its own; links that lead to it lead nowhere again.
fn delete(db: &Connection, limits: &PruneLimits, id: ArticleId, pruned: &mut Pruned) -> rusqlite::Result<()> {
    pruned.entries += execute(
        db,
        "DELETE FROM entries WHERE article_id = ?1 AND absent_since < ?2",
        params![id, Time(limits.entries)],
    )?;
    // The others are known again when their feed shows them once more. For that their texts are not needed.
    execute(
        db,
        "UPDATE entries SET article_id = NULL, summary = NULL, content_html = NULL WHERE article_id = ?1",
        [id],
    )?;
    // The rest goes by foreign keys, and the full-text index by its trigger.
    let deleted = execute(db, "DELETE FROM articles WHERE id = ?1", [id])?;
    if deleted > 0 {
        pruned.articles += deleted;
        record(db, limits.now, "deleted", id, None)?;
    }
    Ok(())
}
