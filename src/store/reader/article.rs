//! One article with all that is known of it.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use url::Url;

use super::super::content;
use super::super::sql::{Columns, Word};
use crate::model::article::{AccessFound, AddressKind, ArticleKind, LinkKind};
use crate::model::date::{ChosenDate, DateClaim, DateField, DateSource, When};
use crate::model::id::{ArticleId, RevisionId, Slug};

/// An article with all that is known of it, for `show` and `explain`.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// Its row.
    pub id: ArticleId,
    /// Its address as fetched; `None` for an entry without link.
    pub url: Option<Url>,
    /// Registrable domain of the address.
    pub site: Option<String>,
    /// The publication.
    pub site_name: Option<String>,
    /// Plain text.
    pub title: Option<String>,
    /// Names.
    pub authors: Vec<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Plain text.
    pub description: Option<String>,
    /// The lead image.
    pub image_url: Option<Url>,
    /// Sanitised HTML; `None` while there is no text.
    pub content_html: Option<String>,
    /// Plain text; `None` while there is none.
    pub content_text: Option<String>,
    /// Words of the text.
    pub word_count: u32,
    /// What it is to a reader.
    pub kind: ArticleKind,
    /// Whether the text is the whole one.
    pub access: Option<AccessFound>,
    /// `page` or `feed`; `None` while there is no text.
    pub content_source: Option<String>,
    /// What the publisher says. The database keeps no interval of it: both its ends are the value itself.
    pub published: Option<ChosenDate>,
    /// What the publisher says.
    pub updated: Option<ChosenDate>,
    /// When a feed first led to it.
    pub first_seen_at: DateTime<Utc>,
    /// When the publisher was last seen to have changed it.
    pub changed_at: Option<DateTime<Utc>>,
    /// Versions seen.
    pub revision_count: u32,
    /// The head of its cluster, how it is a copy of that, and how much of it.
    pub duplicate: Option<StoredDuplicate>,
    /// Where the looking at it stands.
    pub status: StoredStatus,
    /// The feeds that brought it.
    pub feeds: Vec<Slug>,
    /// The addresses by which it is known.
    pub urls: Vec<(AddressKind, Url)>,
    /// Every date found on the current version.
    pub date_claims: Vec<DateClaim>,
    /// Related links in document order.
    pub related: Vec<StoredLink>,
    /// The pages after the first, where it runs over several.
    pub parts: Vec<LaterPage>,
    /// Versions kept, oldest first.
    pub revisions: Vec<StoredRevision>,
}

/// A later page of an article that runs over several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterPage {
    /// Its place among the pages, from 2.
    pub number: u32,
    /// Where redirects ended.
    pub url: Url,
    /// When it was read; `None` when it could not be had, so that the text ends before it.
    pub fetched_at: Option<DateTime<Utc>>,
}

/// What an article is a copy of.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDuplicate {
    /// The first seen of the cluster.
    pub head: ArticleId,
    /// `url`, `exact`, `near` or `contained`.
    pub kind: String,
    /// Share of the smaller text found in the other.
    pub similarity: f64,
}

/// Where the looking at an article stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStatus {
    /// `pending`, `ok`, `failed`, `gone` or `robots`.
    pub state: String,
    /// When a visit is due.
    pub next_check_at: Option<DateTime<Utc>>,
    /// Why then.
    pub next_check_reason: Option<String>,
    /// When the last visit began.
    pub checked_at: Option<DateTime<Utc>>,
    /// Failed visits since the last good one.
    pub consecutive_failures: u32,
    /// What went wrong at the last visit.
    pub last_error: Option<String>,
}

/// A related link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLink {
    /// How it was found.
    pub kind: LinkKind,
    /// The words that call it related.
    pub label: Option<String>,
    /// The text of the link.
    pub title: Option<String>,
    /// Where it leads.
    pub url: Url,
    /// The article really linked, where it is known.
    pub target: Option<ArticleId>,
}

/// A version of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRevision {
    /// Its row.
    pub id: RevisionId,
    /// From 1; pruned ones leave gaps.
    pub number: u32,
    /// When it was seen.
    pub observed_at: DateTime<Utc>,
    /// When the publisher says that it was made.
    pub updated_at: Option<DateTime<Utc>>,
    /// `first`, `title`, `text`, `title+text`, `stamp` or `reextracted`.
    pub kind: String,
    /// Changed without a new date.
    pub silent: bool,
    /// The text says that it corrects.
    pub correction: bool,
    /// Words that the version before did not have.
    pub words_added: u32,
    /// Words of the version before that are gone.
    pub words_removed: u32,
    /// Its title.
    pub title: Option<String>,
}

/// A version with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionText {
    /// Which one it is.
    pub revision: StoredRevision,
    /// Its text.
    pub content_text: String,
}

/// A copy of a head.
#[derive(Debug, Clone, PartialEq)]
pub struct Copied {
    /// The copy.
    pub id: ArticleId,
    /// Its address.
    pub url: Option<Url>,
    /// `url`, `exact`, `near` or `contained`.
    pub kind: String,
    /// Share of the smaller text found in the other.
    pub similarity: f64,
}

/// The article with this id.
pub(super) fn article(db: &Connection, id: ArticleId) -> rusqlite::Result<Option<StoredArticle>> {
    let mut statement = db.prepare(
        "SELECT a.*, s.state, s.next_check_at, s.next_check_reason, s.checked_at, s.consecutive_failures, s.last_error
         FROM articles a JOIN article_status s ON s.article_id = a.id WHERE a.id = ?1",
    )?;
    let Some(article) = statement.query_row([id], row_of_article).optional()? else { return Ok(None) };
    Ok(Some(StoredArticle {
        feeds: list(
            db,
            "SELECT DISTINCT f.slug FROM entries e JOIN feeds f ON f.id = e.feed_id WHERE e.article_id = ?1 ORDER BY f.slug",
            id,
            |row| row.get(0).map(Some),
        )?,
        urls: list(db, "SELECT kind, url FROM article_urls WHERE article_id = ?1 ORDER BY kind, url", id, |row| {
            Ok(row.maybe_word("kind")?.zip(row.maybe_url("url")?))
        })?,
        date_claims: list(db, "SELECT * FROM date_claims WHERE article_id = ?1 ORDER BY position", id, claim)?,
        related: list(db, "SELECT * FROM related_links WHERE article_id = ?1 ORDER BY position", id, link)?,
        parts: list(
            db,
            "SELECT number, url, fetched_at FROM article_parts WHERE article_id = ?1 ORDER BY number",
            id,
            later_page,
        )?,
        // Without their texts, of which there may be many.
        revisions: list(
            db,
            "SELECT id, number, observed_at, updated_at, kind, silent, correction, words_added, words_removed, title
             FROM revisions WHERE article_id = ?1 ORDER BY number",
            id,
            revision,
        )?,
        ..article
    }))
}

/// The rows that belong to an article, without those that `read` skips.
fn list<T>(
    db: &Connection,
    sql: &str,
    id: ArticleId,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<Option<T>>,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([id], |row| read(row))?;
    rows.filter_map(Result::transpose).collect()
}

fn row_of_article(row: &Row<'_>) -> rusqlite::Result<StoredArticle> {
    let duplicate = match row.get("duplicate_of")? {
        Some(head) => {
            Some(StoredDuplicate { head, kind: row.get("duplicate_kind")?, similarity: row.get("similarity")? })
        }
        None => None,
    };
    let status = StoredStatus {
        state: row.get("state")?,
        next_check_at: row.maybe_time("next_check_at")?,
        next_check_reason: row.get("next_check_reason")?,
        checked_at: row.maybe_time("checked_at")?,
        consecutive_failures: row.get("consecutive_failures")?,
        last_error: row.get("last_error")?,
    };
    Ok(StoredArticle {
        id: row.get("id")?,
        url: row.maybe_url("url")?,
        site: row.get("site")?,
        site_name: row.get("site_name")?,
        title: row.get("title")?,
        authors: row.json("authors")?,
        language: row.get("language")?,
        description: row.get("description")?,
        image_url: row.maybe_url("image_url")?,
        content_html: row.get("content_html")?,
        content_text: row.get("content_text")?,
        word_count: row.get("word_count")?,
        kind: row.maybe_word("article_kind")?.unwrap_or_default(),
        access: content::access(row)?,
        content_source: row.get("content_source")?,
        published: content::published(row)?,
        updated: content::updated(row)?,
        first_seen_at: row.time("first_seen_at")?,
        changed_at: row.maybe_time("changed_at")?,
        revision_count: row.get("revision_count")?,
        duplicate,
        status,
        feeds: Vec::new(),
        urls: Vec::new(),
        date_claims: Vec::new(),
        related: Vec::new(),
        parts: Vec::new(),
        revisions: Vec::new(),
    })
}

fn claim(row: &Row<'_>) -> rusqlite::Result<Option<DateClaim>> {
    let times = (row.maybe_time("at")?, row.maybe_time("earliest")?, row.maybe_time("latest")?);
    let when = match (times, row.maybe_word("precision")?, row.maybe_word("zone")?) {
        ((Some(at), Some(earliest), Some(latest)), Some(precision), Some(zone)) => {
            Some(When { at: at.fixed_offset(), earliest, latest, precision, zone })
        }
        _ => None,
    };
    let (field, source) = (row.maybe_word::<DateField>("field")?, row.maybe_word::<DateSource>("source")?);
    let Some((field, source)) = field.zip(source) else { return Ok(None) };
    let (raw, label) = (row.get("raw")?, row.get("label")?);
    Ok(Some(DateClaim {
        field,
        source,
        raw,
        label,
        when,
        chosen: row.get("chosen")?,
        reject_reason: row.get("reject_reason")?,
    }))
}

fn link(row: &Row<'_>) -> rusqlite::Result<Option<StoredLink>> {
    let (label, title, target) = (row.get("label")?, row.get("title")?, row.get("target_article_id")?);
    let found = word::<LinkKind>(row)?.zip(row.maybe_url("url")?);
    Ok(found.map(|(kind, url)| StoredLink { kind, label, title, url, target }))
}

fn later_page(row: &Row<'_>) -> rusqlite::Result<Option<LaterPage>> {
    let (number, fetched_at) = (row.get("number")?, row.maybe_time("fetched_at")?);
    Ok(row.maybe_url("url")?.map(|url| LaterPage { number, url, fetched_at }))
}

fn word<T: Word>(row: &Row<'_>) -> rusqlite::Result<Option<T>> {
    row.maybe_word("kind")
}

fn revision(row: &Row<'_>) -> rusqlite::Result<Option<StoredRevision>> {
    Ok(Some(StoredRevision {
        id: row.get("id")?,
        number: row.get("number")?,
        observed_at: row.time("observed_at")?,
        updated_at: row.maybe_time("updated_at")?,
        kind: row.get("kind")?,
        silent: row.get("silent")?,
        correction: row.get("correction")?,
        words_added: row.get("words_added")?,
        words_removed: row.get("words_removed")?,
        title: row.get("title")?,
    }))
}

/// A version with its text.
pub(super) fn revision_text(db: &Connection, id: ArticleId, number: u32) -> rusqlite::Result<Option<RevisionText>> {
    let mut statement = db.prepare("SELECT * FROM revisions WHERE article_id = ?1 AND number = ?2")?;
    let found = statement.query_row(params![id, number], |row| {
        let content_text = row.get("content_text")?;
        Ok(revision(row)?.map(|revision| RevisionText { revision, content_text }))
    });
    Ok(found.optional()?.flatten())
}

/// The copies of a head, first seen first.
pub(super) fn copies(db: &Connection, head: ArticleId, limit: usize) -> rusqlite::Result<Vec<Copied>> {
    let mut statement = db.prepare(
        "SELECT id, url, duplicate_kind, similarity FROM articles WHERE duplicate_of = ?1
         ORDER BY first_seen_at, id LIMIT ?2",
    )?;
    let rows = statement.query_map(params![head, limit], |row| {
        let (kind, similarity) = (row.get("duplicate_kind")?, row.get("similarity")?);
        Ok(Copied { id: row.get("id")?, url: row.maybe_url("url")?, kind, similarity })
    })?;
    rows.collect()
}
