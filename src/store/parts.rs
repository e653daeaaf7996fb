//! The later pages of articles that run over several: what the stored text was joined from.

use rusqlite::{Connection, params};
use url::Url;

use super::sql::{Columns, Time, execute};
use super::values::StoredPart;
use crate::model::id::ArticleId;
use crate::model::outcome::ReadPage;

/// Whether a page could not be had when the text was stored, and now is there: the publisher changed nothing by that.
pub(super) fn is_completed_by(db: &Connection, id: ArticleId, page: &ReadPage) -> rusqlite::Result<bool> {
    let mut statement = db.prepare_cached(
        "SELECT count(fetched_at), count(fetched_at) < count(*) FROM article_parts WHERE article_id = ?1",
    )?;
    let (joined, is_incomplete): (usize, bool) = statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(is_incomplete && page.parts.len() > joined)
}

/// Makes the rows of an article those of `page`. Writes nothing where they are that already and no bytes are to be kept.
pub(super) fn store(db: &Connection, id: ArticleId, page: &ReadPage) -> rusqlite::Result<()> {
    let parts = page.parts.iter().map(|part| (&part.final_url, Some(part)));
    let missing = page.missing_part.iter().map(|url| (url, None));
    let rows: Vec<_> = parts.chain(missing).collect();
    let mut stored = db.prepare_cached(
        "SELECT url, fetched_at IS NOT NULL AS is_there FROM article_parts WHERE article_id = ?1 ORDER BY number",
    )?;
    let stored: Vec<(String, bool)> =
        stored.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    let same = |(url, is_there): &(String, bool), (new, part): &(&Url, Option<_>)| {
        *url == new.as_str() && *is_there == part.is_some()
    };
    let is_same = stored.len() == rows.len() && stored.iter().zip(&rows).all(|(old, new)| same(old, new));
    if is_same && page.parts.iter().all(|part| part.raw.is_none()) {
        return Ok(());
    }
    execute(db, "DELETE FROM article_parts WHERE article_id = ?1", [id])?;
    for (at, (url, part)) in rows.into_iter().enumerate() {
        let raw = part.and_then(|part| part.raw.as_ref());
        execute(
            db,
            "INSERT INTO article_parts (article_id, number, url, fetched_at, content_type, zstd)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                id,
                at + 2,
                url.as_str(),
                part.map(|part| Time(part.fetched_at)),
                raw.and_then(|raw| raw.content_type.as_ref()),
                raw.map(|raw| &raw.zstd),
            ],
        )?;
    }
    Ok(())
}

/// The pages that the text was joined from, to be read again.
pub(super) fn kept(db: &Connection, id: ArticleId) -> rusqlite::Result<Vec<StoredPart>> {
    let mut statement = db.prepare_cached(
        "SELECT number, url, content_type, fetched_at, zstd FROM article_parts
         WHERE article_id = ?1 AND fetched_at IS NOT NULL ORDER BY number",
    )?;
    let rows = statement.query_map([id], |row| {
        Ok(StoredPart {
            number: row.get("number")?,
            final_url: row.maybe_url("url")?,
            content_type: row.get("content_type")?,
            fetched_at: row.time("fetched_at")?,
            zstd: row.get("zstd")?,
        })
    })?;
    rows.collect()
}
