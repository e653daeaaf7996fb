//! What was done: the newest polls of a feed and visits of an article.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

use super::super::sql::Columns;
use crate::model::id::{ArticleId, Slug};

/// An attempt to look at an article's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVisit {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long it took, waiting for the site's turn left out.
    pub duration: Duration,
    /// `new`, `revised`, `unchanged`, `not_modified` or `error`.
    pub outcome: String,
    /// Of the last answer, where there was one.
    pub http_status: Option<u16>,
    /// Of the body on the wire.
    pub body_bytes: u64,
    /// What was wrong with the document.
    pub warnings: Vec<String>,
    /// The kind of failure.
    pub error_class: Option<String>,
    /// The failure in words.
    pub error: Option<String>,
}

/// An attempt to look at a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPoll {
    /// What it has in common with a visit; the outcome is never `revised`.
    pub visit: StoredVisit,
    /// Entries of the document.
    pub entries_seen: u32,
    /// Those not known before.
    pub entries_new: u32,
    /// Those of which the feed then said something else.
    pub entries_changed: u32,
    /// Nothing known was in the document, so that entries may have been missed.
    pub gap: bool,
}

/// The newest polls of a feed, newest first.
pub(super) fn polls(db: &Connection, slug: &Slug, limit: usize) -> rusqlite::Result<Vec<StoredPoll>> {
    let mut statement = db.prepare(
        "SELECT * FROM polls WHERE feed_id = (SELECT id FROM feeds WHERE slug = ?1)
         ORDER BY started_at DESC, id DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![slug, limit], |row| {
        Ok(StoredPoll {
            visit: visit(row)?,
            entries_seen: row.get("entries_seen")?,
            entries_new: row.get("entries_new")?,
            entries_changed: row.get("entries_changed")?,
            gap: row.get("gap")?,
        })
    })?;
    rows.collect()
}

/// The newest visits of an article, newest first.
pub(super) fn visits(db: &Connection, article: ArticleId, limit: usize) -> rusqlite::Result<Vec<StoredVisit>> {
    let mut statement =
        db.prepare("SELECT * FROM visits WHERE article_id = ?1 ORDER BY started_at DESC, id DESC LIMIT ?2")?;
    let rows = statement.query_map(params![article, limit], visit)?;
    rows.collect()
}

fn visit(row: &Row<'_>) -> rusqlite::Result<StoredVisit> {
    Ok(StoredVisit {
        started_at: row.time("started_at")?,
        duration: Duration::from_millis(row.get("duration_ms")?),
        outcome: row.get("outcome")?,
        http_status: row.get("http_status")?,
        body_bytes: row.get("body_bytes")?,
        warnings: row.json("warnings")?,
        error_class: row.get("error_class")?,
        error: row.get("error")?,
    })
}
