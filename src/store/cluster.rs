//! Clusters of copies: asks the pure `dedup` for its verdict and keeps `duplicate_of` a head, never a chain.
//!
//! All of it happens inside the transaction that stores the text, on the one writer: two copies that arrive at once
//! still meet.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::content::record;
use super::sql::{Time, execute};
use crate::dedup::{self, Copy, DuplicateKind, Follower, Shares, Verdict};
use crate::model::id::ArticleId;
use crate::revision::{self, Version};

/// Copies that one article is compared with. The first seen come first, so the head is among them.
const CANDIDATES: usize = 16;

/// An article's place: its head, and when that was first seen.
struct Place {
    head: ArticleId,
    head_seen_at: Time,
}

/// Finds the copies of `article` and joins it to them, or releases it when it is none any more.
///
/// `same_address` are the articles that own an address of its page. Only an article whose own text changed is released:
/// that its head was edited does not part the two.
pub(super) fn settle(
    db: &Connection,
    article: ArticleId,
    same_address: &[ArticleId],
    text_changed: bool,
    at: DateTime<Utc>,
) -> rusqlite::Result<Verdict> {
    let was = stored_verdict(db, article)?;
    if !text_changed && (same_address.is_empty() || was != Verdict::Unique) {
        return Ok(was);
    }
    let candidates = candidates(db, article, same_address, text_changed)?;
    let verdict = dedup::classify(article, seen_at(db, article)?, &candidates);
    match &verdict {
        Verdict::DuplicateOf { head, kind, similarity } => join(db, article, *head, *kind, *similarity, at)?,
        Verdict::Unique | Verdict::HeadOf(_) if was != Verdict::Unique => release(db, article, at)?,
        Verdict::Unique | Verdict::HeadOf(_) => {}
    }
    // It may have been seen before its copies and read after them.
    if let Verdict::HeadOf(followers) = verdict {
        for Follower { head, kind, similarity } in followers {
            join(db, head, article, kind, similarity, at)?;
        }
    }
    stored_verdict(db, article)
}

/// Those who share an address or the whole text with `article` and are not in its own cluster already as its copies.
fn candidates(
    db: &Connection,
    article: ArticleId,
    same_address: &[ArticleId],
    text_changed: bool,
) -> rusqlite::Result<Vec<Copy>> {
    let mut found = Vec::new();
    for other in same_address {
        if is_same_document(db, article, *other)? {
            found.push((*other, Shares::Url));
        }
    }
    if text_changed {
        let mut same_text = db.prepare_cached(
            "SELECT other.article_id FROM fingerprints this JOIN fingerprints other USING (content_hash)
             WHERE this.article_id = ?1 AND other.article_id <> ?1 ORDER BY other.article_id LIMIT ?2",
        )?;
        for other in same_text.query_map(params![article, CANDIDATES], |row| row.get(0))? {
            found.push((other?, Shares::Exact));
        }
    }
    let mut copies = Vec::with_capacity(found.len());
    for (id, shares) in found {
        let Place { head, head_seen_at } = place(db, id)?;
        if head != article {
            // Clusters meet by their heads: the head stands for the copy that was found.
            copies.push(Copy { id: head, head, first_seen_at: head_seen_at.0, shares });
        }
    }
    Ok(copies)
}

/// Whether two articles that claim one address are one document: one has no text yet, or half of the one's words are in
/// the other. Sites exist whose pages all name the home page, or the newest story, as their canonical address.
fn is_same_document(db: &Connection, article: ArticleId, other: ArticleId) -> rusqlite::Result<bool> {
    let (this, other) = (text(db, article)?, text(db, other)?);
    let (Some(this), Some(other)) = (this, other) else { return Ok(true) };
    let version = |text| Version { title: None, text, updated: None };
    let words = other.split_whitespace().count().min(this.split_whitespace().count());
    let (smaller, larger) = if this.len() < other.len() { (&this, &other) } else { (&other, &this) };
    let change = revision::compare(&version(smaller), &version(larger));
    Ok(change.is_none_or(|change| change.words_removed as usize * 2 <= words))
}

fn text(db: &Connection, id: ArticleId) -> rusqlite::Result<Option<String>> {
    let mut statement = db.prepare_cached("SELECT content_text FROM articles WHERE id = ?1")?;
    statement.query_row([id], |row| row.get(0))
}

fn seen_at(db: &Connection, id: ArticleId) -> rusqlite::Result<DateTime<Utc>> {
    let mut statement = db.prepare_cached("SELECT first_seen_at FROM articles WHERE id = ?1")?;
    statement.query_row([id], |row| row.get::<_, Time>(0).map(|time| time.0))
}

fn place(db: &Connection, id: ArticleId) -> rusqlite::Result<Place> {
    let mut statement = db.prepare_cached(
        "SELECT h.id, h.first_seen_at FROM articles a JOIN articles h ON h.id = coalesce(a.duplicate_of, a.id)
         WHERE a.id = ?1",
    )?;
    statement.query_row([id], |row| Ok(Place { head: row.get(0)?, head_seen_at: row.get(1)? }))
}

/// What the row says now.
fn stored_verdict(db: &Connection, id: ArticleId) -> rusqlite::Result<Verdict> {
    let mut statement = db.prepare_cached(
        "SELECT duplicate_of, duplicate_kind, similarity FROM articles WHERE id = ?1 AND duplicate_of IS NOT NULL",
    )?;
    let row = statement.query_row([id], |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?))).optional()?;
    let Some((head, kind, similarity)) = row else { return Ok(Verdict::Unique) };
    let kinds = [DuplicateKind::Url, DuplicateKind::Exact, DuplicateKind::Near, DuplicateKind::Contained];
    // The column's CHECK admits no other word.
    let kind = kinds.into_iter().find(|known| known.as_str() == kind).unwrap_or(DuplicateKind::Exact);
    Ok(Verdict::DuplicateOf { head, kind, similarity })
}

/// Makes `article` and all its copies copies of `head`.
fn join(
    db: &Connection,
    article: ArticleId,
    head: ArticleId,
    kind: DuplicateKind,
    similarity: f64,
    at: DateTime<Utc>,
) -> rusqlite::Result<()> {
    // Whoever is named as head may have got one itself meanwhile.
    let head = place(db, head)?.head;
    let was = place(db, article)?.head;
    if head == article || was == head {
        return Ok(());
    }
    let mut moved = vec![article];
    let mut copies = db.prepare_cached("SELECT id FROM articles WHERE duplicate_of = ?1 ORDER BY id")?;
    for copy in copies.query_map([article], |row| row.get(0))? {
        moved.push(copy?);
    }
    execute(db, "UPDATE articles SET duplicate_of = ?2 WHERE duplicate_of = ?1", params![article, head])?;
    execute(
        db,
        "UPDATE articles SET duplicate_of = ?2, duplicate_kind = ?3, similarity = ?4 WHERE id = ?1",
        params![article, head, kind.as_str(), similarity],
    )?;
    for copy in moved {
        record(db, at, "duplicate", copy, None)?;
    }
    Ok(())
}

fn release(db: &Connection, article: ArticleId, at: DateTime<Utc>) -> rusqlite::Result<()> {
    execute(
        db,
        "UPDATE articles SET duplicate_of = NULL, duplicate_kind = NULL, similarity = NULL WHERE id = ?1",
        [article],
    )?;
    record(db, at, "released", article, None)
}
