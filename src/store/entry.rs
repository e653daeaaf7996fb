//! Entries: a feed's words about each thing, as rows and back.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::sql::{Columns, Json, Time, execute, insert};
use crate::fingerprint::url_key;
use crate::model::feed::{Category, Enclosure, EntryDate, EntrySource, ParsedEntry};
use crate::model::id::{ArticleId, EntryId, FeedId};
use crate::model::outcome::{KnownEntry, PolledEntry};

/// Keys that a comparison is given. Beyond that the oldest are left out; should one come back, the key finds it anyway.
const KNOWN: usize = 20_000;

/// An entry's row, as far as a poll needs it.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) id: EntryId,
    pub(super) hash: String,
    pub(super) article: Option<ArticleId>,
    pub(super) absent: bool,
}

/// The entries of `feed`, newest first, for the comparison with a document.
pub(super) fn known(db: &Connection, feed: FeedId) -> rusqlite::Result<Vec<KnownEntry>> {
    let mut statement = db.prepare_cached(
        "SELECT entry_key, content_hash FROM entries WHERE feed_id = ?1 ORDER BY absent_since IS NOT NULL, id DESC LIMIT ?2",
    )?;
    let rows =
        statement.query_map(params![feed, KNOWN], |row| Ok(KnownEntry { key: row.get(0)?, hash: row.get(1)? }))?;
    rows.collect()
}

/// The entries that were in the feed's last document, by key.
pub(super) fn present(db: &Connection, feed: FeedId) -> rusqlite::Result<HashMap<String, Stored>> {
    let mut statement = db.prepare_cached(
        "SELECT id, content_hash, article_id, absent_since, entry_key FROM entries
         WHERE feed_id = ?1 AND absent_since IS NULL",
    )?;
    let rows = statement.query_map([feed], |row| Ok((row.get("entry_key")?, stored(row)?)))?;
    rows.collect()
}

/// The entry of `feed` with this key, also when it left the feed.
pub(super) fn find(db: &Connection, feed: FeedId, key: &str) -> rusqlite::Result<Option<Stored>> {
    let mut statement = db.prepare_cached(
        "SELECT id, content_hash, article_id, absent_since FROM entries WHERE feed_id = ?1 AND entry_key = ?2",
    )?;
    statement.query_row(params![feed, key], stored).optional()
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        id: row.get("id")?,
        hash: row.get("content_hash")?,
        article: row.get("article_id")?,
        absent: row.get_ref("absent_since")? != rusqlite::types::ValueRef::Null,
    })
}

/// Whether a known entry now stands for something new: it has another link, or a later date.
pub(super) fn is_renewed(db: &Connection, id: EntryId, entry: &ParsedEntry) -> rusqlite::Result<bool> {
    let mut stored = db.prepare_cached("SELECT url, published_at, updated_at FROM entries WHERE id = ?1")?;
    let (url, date) = stored.query_row([id], |row| {
        Ok((row.maybe_url("url")?, row.maybe_time("published_at")?.max(row.maybe_time("updated_at")?)))
    })?;
    let is_elsewhere = url.as_ref().map(url_key) != entry.url.as_ref().map(url_key);
    let new_date = entry.published.iter().chain(&entry.updated).map(|date| Time(date.at).seconds()).max();
    // A date where there was none says nothing of when.
    Ok(is_elsewhere || date.zip(new_date).is_some_and(|(old, new)| Time(old).seconds() < new))
}

/// Inserts a new entry.
pub(super) fn add(
    db: &Connection,
    feed: FeedId,
    polled: &PolledEntry,
    position: usize,
    seen_at: DateTime<Utc>,
) -> rusqlite::Result<EntryId> {
    let sql =
        "INSERT INTO entries (feed_id, entry_key, content_hash, position, first_seen_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let id = insert(db, sql, params![feed, polled.entry.key, polled.hash, position, Time(seen_at)])?;
    write(db, EntryId(id), polled, position)?;
    Ok(EntryId(id))
}

/// Makes a known entry say what the feed says now.
pub(super) fn change(
    db: &Connection,
    id: EntryId,
    polled: &PolledEntry,
    position: usize,
    seen_at: DateTime<Utc>,
) -> rusqlite::Result<()> {
    execute(db, "UPDATE entries SET changed_at = ?2 WHERE id = ?1", params![id, Time(seen_at)])?;
    execute(db, "DELETE FROM entry_categories WHERE entry_id = ?1", [id])?;
    execute(db, "DELETE FROM enclosures WHERE entry_id = ?1", [id])?;
    write(db, id, polled, position)
}

fn write(db: &Connection, id: EntryId, polled: &PolledEntry, position: usize) -> rusqlite::Result<()> {
    let entry = &polled.entry;
    let date = |date: &Option<EntryDate>| {
        let date = date.clone();
        let (at, has_time) = (date.as_ref().map(|date| Time(date.at)), date.as_ref().map(|date| date.has_time));
        (at, date.as_ref().and_then(|date| date.offset_seconds), has_time, date.map(|date| date.raw))
    };
    let (published_at, published_offset, published_has_time, published_raw) = date(&entry.published);
    let (updated_at, updated_offset, updated_has_time, updated_raw) = date(&entry.updated);
    execute(
        db,
        "UPDATE entries SET content_hash = ?2, position = ?3, guid = ?4, url = ?5, title = ?6, authors = ?7,
         published_at = ?8, published_offset = ?9, published_has_time = ?10, published_raw = ?11,
         updated_at = ?12, updated_offset = ?13, updated_has_time = ?14, updated_raw = ?15,
         related = ?16, summary = ?17, content_html = ?18, comments_url = ?19, image_url = ?20, language = ?21,
         source_title = ?22, source_url = ?23, season = ?24, episode = ?25 WHERE id = ?1",
        params![
            id,
            polled.hash,
            position,
            entry.guid,
            entry.url.as_ref().map(url::Url::as_str),
            entry.title,
            Json(&entry.authors),
            published_at,
            published_offset,
            published_has_time,
            published_raw,
            updated_at,
            updated_offset,
            updated_has_time,
            updated_raw,
            Json(&entry.related),
            entry.summary,
            entry.content,
            entry.comments_url.as_ref().map(url::Url::as_str),
            entry.image_url.as_ref().map(url::Url::as_str),
            entry.language,
            entry.source.as_ref().and_then(|source| source.title.as_deref()),
            entry.source.as_ref().and_then(|source| source.url.as_ref()).map(url::Url::as_str),
            entry.season,
            entry.episode,
        ],
    )?;
    for (position, category) in entry.categories.iter().enumerate() {
        execute(
            db,
            "INSERT INTO entry_categories (entry_id, position, term, scheme, label) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, position, category.term, category.scheme, category.label],
        )?;
    }
    for (position, file) in entry.enclosures.iter().enumerate() {
        // A length beyond what SQLite can hold is no length.
        let length = file.length_bytes.and_then(|length| i64::try_from(length).ok());
        execute(
            db,
            "INSERT INTO enclosures (entry_id, position, url, type, length_bytes, duration_seconds)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, position, file.url.as_str(), file.media_type, length, file.duration_seconds],
        )?;
    }
    Ok(())
}

/// The entry as it was parsed.
pub(super) fn load(db: &Connection, id: EntryId) -> rusqlite::Result<ParsedEntry> {
    let mut categories =
        db.prepare_cached("SELECT term, scheme, label FROM entry_categories WHERE entry_id = ?1 ORDER BY position")?;
    let categories = categories
        .query_map([id], |row| Ok(Category { term: row.get(0)?, scheme: row.get(1)?, label: row.get(2)? }))?
        .collect::<rusqlite::Result<_>>()?;
    let mut enclosures = db.prepare_cached("SELECT * FROM enclosures WHERE entry_id = ?1 ORDER BY position")?;
    let mut files = enclosures.query([id])?;
    let mut enclosures = Vec::new();
    while let Some(row) = files.next()? {
        let Some(url) = row.maybe_url("url")? else { continue };
        enclosures.push(Enclosure {
            url,
            media_type: row.get("type")?,
            length_bytes: row.get("length_bytes")?,
            duration_seconds: row.get("duration_seconds")?,
        });
    }
    let mut entry = db.prepare_cached("SELECT * FROM entries WHERE id = ?1")?;
    entry.query_row([id], |row| {
        Ok(ParsedEntry {
            key: row.get("entry_key")?,
            guid: row.get("guid")?,
            url: row.maybe_url("url")?,
            link_text: row.get("url")?,
            title: row.get("title")?,
            authors: row.json("authors")?,
            published: entry_date(row, ["published_at", "published_offset", "published_has_time", "published_raw"])?,
            updated: entry_date(row, ["updated_at", "updated_offset", "updated_has_time", "updated_raw"])?,
            summary: row.get("summary")?,
            content: row.get("content_html")?,
            categories,
            enclosures,
            related: row.json("related")?,
            comments_url: row.maybe_url("comments_url")?,
            image_url: row.maybe_url("image_url")?,
            language: row.get("language")?,
            source: entry_source(row)?,
            season: row.get("season")?,
            episode: row.get("episode")?,
            is_half: false,
        })
    })
}

fn entry_source(row: &Row<'_>) -> rusqlite::Result<Option<EntrySource>> {
    let source = EntrySource { title: row.get("source_title")?, url: row.maybe_url("source_url")? };
    Ok((source.title.is_some() || source.url.is_some()).then_some(source))
}

fn entry_date(row: &Row<'_>, [at, offset, has_time, raw]: [&str; 4]) -> rusqlite::Result<Option<EntryDate>> {
    let Some(at) = row.maybe_time(at)? else { return Ok(None) };
    Ok(Some(EntryDate { at, offset_seconds: row.get(offset)?, has_time: row.get(has_time)?, raw: row.get(raw)? }))
}
