//! The config's feeds → rows: what is new, renamed, moved, disabled, removed or back. Deletes nothing but tags.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

use super::sql::{Columns, Time, execute, insert};
use super::values::{FeedRow, Reconciled};
use crate::model::id::{FeedId, Slug};

/// A row as it is, with what the config decides of it.
struct Known {
    id: FeedId,
    row: FeedRow,
    state: String,
    pace: Pace,
}

/// When it is polled next, and what bears on that.
struct Pace {
    last_polled_at: Option<DateTime<Utc>>,
    next_poll_at: Option<DateTime<Utc>>,
    not_before: Option<DateTime<Utc>>,
    consecutive_failures: u32,
}

impl Pace {
    /// When to poll instead, where the config now asks for it earlier; `None` also when it is due. After failures the
    /// back-off stands.
    fn sooner(&self, longest: Duration, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (Some(last), Some(next), 0) = (self.last_polled_at, self.next_poll_at, self.consecutive_failures) else {
            return None;
        };
        // The schedule spreads the first poll over half an interval more, and times are stored as whole seconds; what it
        // planned by this config stands.
        let longest = TimeDelta::from_std(longest.saturating_add(longest / 2)).ok()?;
        // A clock that was wrong once may have put it far into the future.
        let latest = last.min(now).checked_add_signed(longest)?.max(self.not_before.unwrap_or(last)).max(now);
        (next > latest + TimeDelta::seconds(2)).then_some(latest)
    }
}

/// Makes the rows say what the config says. Twice with the same config changes nothing.
pub(super) fn reconcile(db: &Connection, feeds: &[FeedRow], now: DateTime<Utc>) -> rusqlite::Result<Reconciled> {
    let mut known = known(db)?;
    let old_names = renamed(feeds, &known);
    let mut done = Reconciled::default();
    // Names may change places with each other: first all of them let go of theirs.
    for old in old_names.values() {
        execute(db, "UPDATE feeds SET slug = '~' || id WHERE slug = ?1", [old])?;
    }
    let mut rows: HashMap<&Slug, Known> =
        old_names.iter().filter_map(|(new, old)| Some((*new, known.remove(old)?))).collect();
    for feed in feeds {
        let row = match rows.remove(&feed.slug) {
            Some(row) => {
                done.renamed.push((row.row.slug.clone(), feed.slug.clone()));
                Some(row)
            }
            None => known.remove(&feed.slug),
        };
        match row {
            Some(row) => update(db, &row, feed, now, &mut done)?,
            None => add(db, feed, now, &mut done)?,
        }
    }
    let mut left: Vec<Known> = known.into_values().filter(|row| row.state != "removed").collect();
    left.sort_by_key(|row| row.id);
    for row in left {
        execute(db, "UPDATE feeds SET state = 'removed', lease_until = NULL WHERE id = ?1", [row.id])?;
        done.removed.push(row.row.slug);
    }
    Ok(done)
}

/// The feeds that have another name now, new name → old name: the history stays with the address.
///
/// A name that another row has is free for it only when that row gets another name too, as when two change places;
/// otherwise that row has got a new address.
fn renamed<'f>(feeds: &'f [FeedRow], known: &HashMap<Slug, Known>) -> HashMap<&'f Slug, Slug> {
    let stays = |feed: &FeedRow| known.get(&feed.slug).is_some_and(|row| row.row.url_key == feed.url_key);
    let staying: HashSet<&Slug> = feeds.iter().filter(|feed| stays(feed)).map(|feed| &feed.slug).collect();
    let mut by_address: HashMap<&str, &Known> = HashMap::new();
    for row in known.values().filter(|row| !staying.contains(&row.row.slug)) {
        let first = by_address.entry(&row.row.url_key).or_insert(row);
        if row.id < first.id {
            *first = row;
        }
    }
    let mut old_names: HashMap<&Slug, Slug> = HashMap::new();
    for feed in feeds.iter().filter(|feed| !stays(feed)) {
        if let Some(row) = by_address.remove(feed.url_key.as_str()) {
            old_names.insert(&feed.slug, row.row.slug.clone());
        }
    }
    loop {
        let given_up: HashSet<&Slug> = old_names.values().collect();
        let taken = |new: &Slug| known.contains_key(new) && !given_up.contains(new);
        let Some(kept) = old_names.keys().find(|new| taken(new)).copied() else { return old_names };
        old_names.remove(kept);
    }
}

fn known(db: &Connection) -> rusqlite::Result<HashMap<Slug, Known>> {
    let mut tags: HashMap<FeedId, Vec<String>> = HashMap::new();
    let mut statement = db.prepare_cached("SELECT feed_id, tag FROM feed_tags")?;
    for row in statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
        let (feed, tag) = row?;
        tags.entry(feed).or_default().push(tag);
    }
    let mut statement = db.prepare_cached(
        "SELECT id, slug, url, url_key, config_title, site, state, last_polled_at, next_poll_at, not_before,
         consecutive_failures FROM feeds",
    )?;
    let rows = statement.query_map([], |sql| {
        let id = sql.get("id")?;
        let state: String = sql.get("state")?;
        let row = FeedRow {
            slug: sql.get("slug")?,
            url_shown: sql.get("url")?,
            url_key: sql.get("url_key")?,
            title: sql.get("config_title")?,
            site: sql.get("site")?,
            tags: tags.remove(&id).unwrap_or_default(),
            enabled: state != "disabled",
            longest: Duration::ZERO, // It is the config's alone.
        };
        let pace = Pace {
            last_polled_at: sql.maybe_time("last_polled_at")?,
            next_poll_at: sql.maybe_time("next_poll_at")?,
            not_before: sql.maybe_time("not_before")?,
            consecutive_failures: sql.get("consecutive_failures").unwrap_or_default(),
        };
        Ok((row.slug.clone(), Known { id, row, state, pace }))
    })?;
    rows.collect()
}

fn add(db: &Connection, feed: &FeedRow, now: DateTime<Utc>, done: &mut Reconciled) -> rusqlite::Result<()> {
    let id = insert(
        db,
        "INSERT INTO feeds (slug, url, url_key, site, config_title, state, added_at, next_poll_at, next_poll_reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 'new')",
        params![feed.slug, feed.url_shown, feed.url_key, feed.site, feed.title, state(feed.enabled), Time(now)],
    )?;
    write_tags(db, FeedId(id), &feed.tags)?;
    done.added.push(feed.slug.clone());
    Ok(())
}

fn update(
    db: &Connection,
    known: &Known,
    feed: &FeedRow,
    now: DateTime<Utc>,
    done: &mut Reconciled,
) -> rusqlite::Result<()> {
    let id = known.id;
    let moved = known.row.url_key != feed.url_key;
    // What a feed that answered 410 needs to be asked again is a change of its config: another address, or a round
    // through `enabled = false`.
    let stays_gone = known.state == "gone" && !moved && feed.enabled;
    let new_state = if stays_gone { "gone" } else { state(feed.enabled) };
    if let Some(at) = known.pace.sooner(feed.longest, now).filter(|_| !moved && feed.enabled) {
        let sql =
            "UPDATE feeds SET next_poll_at = ?2, next_poll_reason = 'the config asks for it sooner' WHERE id = ?1";
        execute(db, sql, params![id, Time(at)])?;
        done.sooner.push(feed.slug.clone());
    }
    let mut wanted = FeedRow { longest: known.row.longest, ..feed.clone() };
    wanted.tags.sort_unstable();
    wanted.tags.dedup();
    if wanted == known.row && new_state == known.state {
        done.unchanged += 1;
        return Ok(());
    }
    execute(
        db,
        "UPDATE feeds SET slug = ?2, url = ?3, url_key = ?4, site = ?5, config_title = ?6, state = ?7
         WHERE id = ?1",
        params![id, feed.slug, feed.url_shown, feed.url_key, feed.site, feed.title, new_state],
    )?;
    if wanted.tags != known.row.tags {
        execute(db, "DELETE FROM feed_tags WHERE feed_id = ?1", [id])?;
        write_tags(db, id, &wanted.tags)?;
    }
    if moved {
        // The validators vouch for another address's document.
        execute(
            db,
            "UPDATE feeds SET etag = NULL, last_modified = NULL, hints = '{}', not_before = NULL, consecutive_failures = 0,
             retry_after_until = NULL, lease_until = NULL, next_poll_at = ?2, next_poll_reason = 'the address changed'
             WHERE id = ?1",
            params![id, Time(now)],
        )?;
        done.moved.push(feed.slug.clone());
    }
    if new_state == "disabled" && known.state != "disabled" {
        done.disabled.push(feed.slug.clone());
    }
    if new_state == "active" && known.state != "active" {
        // A feed that answered 410 before it was disabled or removed has no next poll.
        execute(
            db,
            "UPDATE feeds SET next_poll_at = ?2, next_poll_reason = 'back in the config'
             WHERE id = ?1 AND next_poll_at IS NULL",
            params![id, Time(now)],
        )?;
        done.returned.push(feed.slug.clone());
    }
    Ok(())
}

fn write_tags(db: &Connection, feed: FeedId, tags: &[String]) -> rusqlite::Result<()> {
    for tag in tags {
        execute(db, "INSERT OR IGNORE INTO feed_tags (feed_id, tag) VALUES (?1, ?2)", params![feed, tag])?;
    }
    Ok(())
}

fn state(enabled: bool) -> &'static str {
    if enabled { "active" } else { "disabled" }
}
