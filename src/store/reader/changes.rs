//! The change feed: what happened to articles, in the order of commits.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::super::sql::Columns;
use crate::model::id::{ArticleId, RevisionId};

/// Something that happened to an article. Its address and title are those of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChange {
    /// Its place in the order of commits.
    pub seq: i64,
    /// When it was seen.
    pub at: DateTime<Utc>,
    /// `new`, `revised`, `duplicate`, `released`, `reextracted`, `gone` or `deleted`.
    pub kind: String,
    /// The article, which may be deleted since.
    pub article: ArticleId,
    /// The version that it brought.
    pub revision: Option<RevisionId>,
    /// The number of that version, unless it was pruned since.
    pub revision_number: Option<u32>,
    /// The article's address.
    pub url: Option<String>,
    /// The article's title.
    pub title: Option<String>,
    /// The head of the article's cluster, where it is a copy.
    pub head: Option<ArticleId>,
}

/// The changes after `seq` in their order, at most `limit`.
pub(super) fn after(db: &Connection, seq: i64, limit: usize) -> rusqlite::Result<Vec<StoredChange>> {
    let mut statement = db.prepare_cached(
        "SELECT c.seq, c.at, c.kind, c.article_id, c.revision_id, r.number, a.url, a.title, a.duplicate_of
         FROM changes c LEFT JOIN articles a ON a.id = c.article_id LEFT JOIN revisions r ON r.id = c.revision_id
         WHERE c.seq > ?1 ORDER BY c.seq LIMIT ?2",
    )?;
    let rows = statement.query_map(params![seq, limit], |row| {
        Ok(StoredChange {
            seq: row.get("seq")?,
            at: row.time("at")?,
            kind: row.get("kind")?,
            article: row.get("article_id")?,
            revision: row.get("revision_id")?,
            revision_number: row.get("number")?,
            url: row.get("url")?,
            title: row.get("title")?,
            head: row.get("duplicate_of")?,
        })
    })?;
    rows.collect()
}

/// The `seq` of the newest change; 0 before the first.
pub(super) fn newest(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT coalesce(max(seq), 0) FROM changes")?.query_row([], |row| row.get(0))
}
