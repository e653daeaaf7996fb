//! Reading stored pages again: which there are, and storing what a better reader finds on them.
//!
//! The publisher did nothing, so nothing here looks like an edit: a new text is a revision of kind `reextracted` that is neither
//! silent nor a correction, and `changed_at` stays. What differs otherwise is refreshed without a revision. What does not
//! differ is not written, so that running it twice writes once.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::content::{self, Current, NewVersion, Source};
use super::sql::{Columns, Time};
use super::values::{RawPages, Reextracted, RereadPage, Retention, StoredPage};
use super::{claim, cluster, links, memory, parts, visit};
use crate::model::article::Article;
use crate::model::date::{ChosenDate, When};
use crate::model::id::ArticleId;
use crate::revision::{self, Change, RevisionKind, Version};
use crate::site::site_of;

/// Relative words count from the moment of reading, which a visit has to the fraction, and its log row only as the second in
/// which the visit began. So much apart they are the same words.
const SLACK_SECONDS: i64 = 60;

/// The articles after `after` with a stored page, by id.
pub(super) fn raw_pages(
    db: &Connection,
    selection: &RawPages,
    after: ArticleId,
    limit: usize,
) -> rusqlite::Result<Vec<ArticleId>> {
    let mut statement = db.prepare_cached(
        "SELECT article_id FROM raw_pages r WHERE article_id > ?1 AND (?2 IS NULL OR fetched_at >= ?2)
         AND (?3 IS NULL OR EXISTS (SELECT 1 FROM entries e JOIN feeds f ON f.id = e.feed_id
             WHERE e.article_id = r.article_id AND f.slug = ?3))
         ORDER BY article_id LIMIT ?4",
    )?;
    let since = selection.since.map(Time::not_before);
    let ids = statement.query_map(params![after, since, selection.feed, limit], |row| row.get(0))?;
    ids.collect()
}

/// The stored page of an article.
pub(super) fn raw_page(db: &Connection, article: ArticleId) -> rusqlite::Result<Option<StoredPage>> {
    let mut statement = db.prepare_cached(
        "SELECT r.*, a.word_count > 0 AS has_text,
         iif(EXISTS (SELECT 1 FROM visits v WHERE v.article_id = r.article_id AND v.started_at > r.fetched_at
             AND v.outcome IN ('new', 'revised', 'unchanged')), NULL, s.last_modified) AS last_modified
         FROM raw_pages r JOIN articles a ON a.id = r.article_id JOIN article_status s ON s.article_id = r.article_id
         WHERE r.article_id = ?1",
    )?;
    let page = statement.query_row([article], |row| {
        Ok(StoredPage {
            article,
            final_url: row.maybe_url("url")?,
            content_type: row.get("content_type")?,
            last_modified: row.get("last_modified")?,
            fetched_at: row.time("fetched_at")?,
            zstd: row.get("zstd")?,
            slug: None,
            entry: None,
            has_text: row.get("has_text")?,
            parts: Vec::new(),
            is_outdated: false,
        })
    });
    let Some(page) = page.optional()? else { return Ok(None) };
    let (entry, slug) = claim::first_entry(db, article)?.unzip();
    let is_outdated = is_outdated(db, article, page.fetched_at)?;
    let parts = parts::kept(db, article)?;
    Ok(Some(StoredPage { slug, entry, parts, is_outdated, ..page }))
}

/// Whether the article got another text after `fetched_at`: from a page that was not kept, or from its feed.
fn is_outdated(db: &Connection, article: ArticleId, fetched_at: DateTime<Utc>) -> rusqlite::Result<bool> {
    let mut statement = db.prepare_cached(
        "SELECT coalesce(changed_at > ?2, 0) OR EXISTS (SELECT 1 FROM visits WHERE article_id = ?1 AND started_at > ?2
             AND outcome IN ('new', 'revised')) FROM articles WHERE id = ?1",
    )?;
    statement.query_row(params![article, Time(fetched_at)], |row| row.get(0))
}

/// Makes the article what its page says now. `dry_run` does the same and takes it back.
pub(super) fn apply(
    db: &Connection,
    page: &RereadPage,
    dry_run: bool,
    now: DateTime<Utc>,
    retention: Retention,
) -> rusqlite::Result<Reextracted> {
    if !dry_run {
        return store(db, page, now, retention);
    }
    db.execute_batch("SAVEPOINT dry_run")?;
    let result = store(db, page, now, retention);
    db.execute_batch("ROLLBACK TO dry_run; RELEASE dry_run")?;
    result
}

fn store(
    db: &Connection,
    page: &RereadPage,
    now: DateTime<Utc>,
    retention: Retention,
) -> rusqlite::Result<Reextracted> {
    let (id, article) = (page.article, &page.reading);
    // Once more: this is the moment at which it counts.
    if is_outdated(db, id, page.fetched_at)? {
        return Ok(Reextracted::Outdated);
    }
    let current = content::current(db, id)?;
    let title = article.title.as_deref().or(current.title.as_deref());
    let new = Version { title, text: &article.content_text, updated: content::absolute(article.updated.as_ref()) };
    let change = change(&current, &new);
    let row = NewVersion {
        article,
        title,
        source: Source::Page,
        published: published(&current, article),
        updated: updated(&current, article),
        counts: change.is_some(),
    };
    let mut is_other = content::write_row(db, id, &row, None)?;
    is_other |= refresh_claims(db, id, article)?;
    let feed_links = visit::feed_links(db, id)?;
    let related = || article.related.iter().chain(&feed_links);
    if !links::are_related(db, id, related())? {
        links::replace_related(db, id, related())?;
        is_other = true;
    }
    let revision = match &change {
        Some(change) => {
            content::write_fingerprint(db, id, &article.content_text)?;
            let revision = content::add_revision(db, id, &new, change, article, now)?;
            content::prune_revisions(db, id, retention.keep_revisions)?;
            Some(revision)
        }
        None => None,
    };
    if is_other || revision.is_some() {
        content::record(db, now, "reextracted", id, revision)?;
    }
    let owners = visit::add_addresses(db, id, &page.final_url, article)?;
    memory::store(db, id, &site_of(&page.final_url), &article.blocks)?;
    cluster::settle(db, id, &owners, change.is_some(), now)?;
    Ok(match (change, is_other) {
        (Some(_), _) => Reextracted::Text,
        (None, true) => Reextracted::Otherwise,
        (None, false) => Reextracted::Unchanged,
    })
}

/// What the reader changes in title and text. Another date alone is no revision.
fn change(current: &Current, new: &Version<'_>) -> Option<Change> {
    let old = Version {
        title: current.title.as_deref(),
        text: current.text.as_deref().unwrap_or_default(),
        updated: content::absolute(current.updated.as_ref()),
    };
    let change = revision::compare(&old, new).filter(|change| change.kind != RevisionKind::Stamp)?;
    Some(change.of_ours())
}

/// The date to show. Of relative words the stored ones are the finer, when both name one moment: they were read sooner after it.
fn published(current: &Current, article: &Article) -> Option<ChosenDate> {
    let Some(new) = article.published.clone().map(content::as_stored) else {
        return current.published.clone().filter(|old| !is_refuted(old, article));
    };
    let slack = TimeDelta::seconds(SLACK_SECONDS);
    let is_finer = |old: &ChosenDate| {
        let at = old.when.at.to_utc();
        old.when.precision <= new.when.precision && at >= new.when.earliest - slack && at <= new.when.latest + slack
    };
    let stored =
        current.published.clone().filter(|old| new.when.is_relative() && old.source == new.source && is_finer(old));
    Some(stored.unwrap_or(new))
}

/// The date to show, narrowed by relative words as a visit does it.
fn updated(current: &Current, article: &Article) -> Option<ChosenDate> {
    let old = current.updated.clone();
    let Some(new) = article.updated.clone().map(content::as_stored) else {
        return old.filter(|old| !is_refuted(old, article));
    };
    let Some(old) = old.filter(|old| old.when.is_relative() && new.when.is_relative()) else { return Some(new) };
    let contradicts = new.when.earliest > old.when.latest || new.when.latest < old.when.earliest;
    let narrow = if contradicts { new } else { old.narrow(&new) };
    let is_near = |a: DateTime<Utc>, b: DateTime<Utc>| (a - b).num_seconds().abs() <= SLACK_SECONDS;
    let is_same = is_near(narrow.when.earliest, old.when.earliest) && is_near(narrow.when.latest, old.when.latest);
    Some(if is_same { old } else { narrow })
}

/// Whether the words of a date that the reading does not have are on the page: no longer taken for it. Else the date is from an
/// earlier page, which said more.
fn is_refuted(old: &ChosenDate, article: &Article) -> bool {
    article.date_claims.iter().any(|claim| claim.source == old.source && claim.raw == old.raw)
}

/// Replaces the claims where they differ; tells whether they did.
fn refresh_claims(db: &Connection, id: ArticleId, article: &Article) -> rusqlite::Result<bool> {
    let mut count = db.prepare_cached("SELECT count(*) FROM date_claims WHERE article_id = ?1")?;
    let mut is_same = count.query_row([id], |row| row.get::<_, usize>(0))? == article.date_claims.len();
    let mut stored = db.prepare_cached(
        "SELECT 1 FROM date_claims WHERE article_id = ?1 AND position = ?2
         AND (field, source, raw, label, precision, zone, chosen, reject_reason) IS (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         AND ((at, earliest, latest) IS (?11, ?12, ?13)
             OR (?14 AND abs(unixepoch(at) - unixepoch(?11)) <= ?15 AND abs(unixepoch(earliest) - unixepoch(?12)) <= ?15
                 AND abs(unixepoch(latest) - unixepoch(?13)) <= ?15))",
    )?;
    for (position, claim) in article.date_claims.iter().enumerate() {
        let when = claim.when.as_ref();
        is_same = is_same
            && stored.exists(params![
                id,
                position,
                claim.field.as_str(),
                claim.source.as_str(),
                claim.raw,
                claim.label,
                when.map(|when| when.precision.as_str()),
                when.map(|when| when.zone.as_str()),
                claim.chosen,
                claim.reject_reason,
                when.map(|when| Time(when.at.to_utc())),
                when.map(|when| Time(when.earliest)),
                when.map(|when| Time(when.latest)),
                when.is_some_and(When::is_relative),
                SLACK_SECONDS,
            ])?;
    }
    if !is_same {
        content::write_claims(db, id, article)?;
    }
    Ok(!is_same)
}
