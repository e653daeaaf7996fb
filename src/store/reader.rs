//! Reading the archive, for the commands: a connection that cannot write, beside a running daemon or without one.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};
use url::Url;

use super::content;
use super::error::StoreError;
use super::open;
use super::sql::{Columns, Word};
use crate::fingerprint::url_key;
use crate::model::article::{AddressKind, LinkKind};
use crate::model::date::{ChosenDate, DateClaim, DateField, DateSource, When};
use crate::model::id::{ArticleId, RevisionId, Slug};

/// A reading connection.
#[derive(Debug)]
pub struct Reader {
    pub(super) db: Connection,
    pub(super) path: PathBuf,
}

/// A feed, for `status`.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedStatus {
    /// Its name.
    pub slug: Slug,
    /// The operator's name for it, else its own title.
    pub title: Option<String>,
    /// Its address with secrets unexpanded.
    pub url: String,
    /// `active`, `gone`, `removed` or `disabled`.
    pub state: String,
    /// Of the config.
    pub tags: Vec<String>,
    /// When the last poll began.
    pub last_polled_at: Option<DateTime<Utc>>,
    /// When it is due.
    pub next_poll_at: Option<DateTime<Utc>>,
    /// Why then.
    pub next_poll_reason: Option<String>,
    /// Until then the server asked to be left alone.
    pub retry_after_until: Option<DateTime<Utc>>,
    /// Failed polls since the last good one.
    pub consecutive_failures: u32,
    /// What went wrong at the last poll.
    pub last_error: Option<String>,
    /// Entries ever seen.
    pub entries: u64,
    /// New entries a day over the 30 days before its last poll.
    pub entries_per_day: Option<f64>,
    /// When its newest entry was published, else first seen.
    pub newest_entry_at: Option<DateTime<Utc>>,
}

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
    /// Versions kept, oldest first.
    pub revisions: Vec<StoredRevision>,
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
    /// Its text.
    pub content_text: String,
}

/// The rows of a query as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, each with one text a column.
    pub rows: Vec<Vec<String>>,
}

impl Reader {
    /// Opens the archive at `path`. An error when it is missing, somebody else's, or of another schema.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { db: open::open_reader(path)?, path: path.to_owned() })
    }

    /// All feeds of the config by name, or the one that is asked for, which may also have left the config.
    pub fn feeds(&self, slug: Option<&Slug>) -> Result<Vec<FeedStatus>, StoreError> {
        self.read(|db| feeds(db, slug))
    }

    /// The article with this id.
    pub fn article(&self, id: ArticleId) -> Result<Option<StoredArticle>, StoreError> {
        self.read(|db| article(db, id))
    }

    /// The article that `text` means: an id, or any address by which it is known.
    pub fn resolve(&self, text: &str) -> Result<Option<ArticleId>, StoreError> {
        self.read(|db| {
            let text = text.trim();
            if let Ok(id) = text.parse::<i64>() {
                return db.query_row("SELECT id FROM articles WHERE id = ?1", [id], |row| row.get(0)).optional();
            }
            let Ok(url) = Url::parse(text) else { return Ok(None) };
            // Last, the articles that own no key: those that share their address with others.
            db.query_row(
                "SELECT article_id FROM (SELECT 1 AS rank, article_id FROM article_urls WHERE url_key = ?1
                 UNION ALL SELECT 2, article_id FROM entries WHERE url = ?2 AND article_id IS NOT NULL)
                 ORDER BY rank, article_id LIMIT 1",
                params![url_key(&url), url.as_str()],
                |row| row.get(0),
            )
            .optional()
        })
    }

    /// What one SELECT answers, as text; NULL is empty. For tools that show tables: the connection cannot write.
    pub fn query(&self, sql: &str) -> Result<Answer, StoreError> {
        self.read(|db| {
            let mut statement = db.prepare(sql)?;
            let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
            let rows = statement
                .query_map([], |row| (0..columns.len()).map(|index| row.get_ref(index).map(shown)).collect())?;
            let rows = rows.collect::<rusqlite::Result<_>>()?;
            Ok(Answer { columns, rows })
        })
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        // One snapshot for all statements, whatever a writer does meanwhile.
        let transaction = || {
            let tx = self.db.unchecked_transaction()?;
            let value = read(&tx)?;
            tx.commit()?;
            Ok(value)
        };
        transaction().map_err(|error| StoreError::sqlite(&self.path, error))
    }
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        ValueRef::Blob(bytes) => format!("({} bytes)", bytes.len()),
    }
}

fn feeds(db: &Connection, slug: Option<&Slug>) -> rusqlite::Result<Vec<FeedStatus>> {
    let mut statement = db.prepare(
        "SELECT f.slug, f.title, f.url, f.state, f.last_polled_at,
         iif(f.state IN ('disabled', 'removed'), NULL, f.next_poll_at) AS next_poll_at,
         CASE f.state WHEN 'disabled' THEN 'disabled in the config' WHEN 'removed' THEN 'no longer in the config'
             ELSE f.next_poll_reason END AS next_poll_reason,
         f.retry_after_until,
         f.consecutive_failures, f.last_error, count(e.id) AS entries,
         (SELECT json_group_array(tag) FROM (SELECT tag FROM feed_tags WHERE feed_id = f.id ORDER BY tag)) AS tags,
         max(coalesce(e.published_at, e.first_seen_at)) AS newest_entry_at,
         iif(f.last_polled_at IS NULL, NULL, count(e.id) FILTER (WHERE coalesce(e.published_at, e.first_seen_at)
             > strftime('%Y-%m-%dT%H:%M:%SZ', f.last_polled_at, '-30 days')) / 30.0) AS entries_per_day
         FROM feeds f LEFT JOIN entries e ON e.feed_id = f.id
         WHERE iif(?1 IS NULL, f.state <> 'removed', f.slug = ?1) GROUP BY f.id ORDER BY f.slug",
    )?;
    let rows = statement.query_map([slug], |row| {
        Ok(FeedStatus {
            slug: row.get("slug")?,
            title: row.get("title")?,
            url: row.get("url")?,
            state: row.get("state")?,
            tags: row.json("tags")?,
            last_polled_at: row.maybe_time("last_polled_at")?,
            next_poll_at: row.maybe_time("next_poll_at")?,
            next_poll_reason: row.get("next_poll_reason")?,
            retry_after_until: row.maybe_time("retry_after_until")?,
            consecutive_failures: row.get("consecutive_failures")?,
            last_error: row.get("last_error")?,
            entries: row.get("entries")?,
            entries_per_day: row.get("entries_per_day")?,
            newest_entry_at: row.maybe_time("newest_entry_at")?,
        })
    })?;
    rows.collect()
}

fn article(db: &Connection, id: ArticleId) -> rusqlite::Result<Option<StoredArticle>> {
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
        revisions: list(db, "SELECT * FROM revisions WHERE article_id = ?1 ORDER BY number", id, revision)?,
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
        content_source: row.get("content_source")?,
        published: published(row)?,
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
        revisions: Vec::new(),
    })
}

fn published(row: &Row<'_>) -> rusqlite::Result<Option<ChosenDate>> {
    let at = row.maybe_time("published_at")?;
    let how = (
        row.maybe_word("published_precision")?,
        row.maybe_word("published_source")?,
        row.maybe_word("published_zone")?,
    );
    let (Some(at), (Some(precision), Some(source), Some(zone))) = (at, how) else { return Ok(None) };
    let when = When { at: at.fixed_offset(), earliest: at, latest: at, precision, zone };
    Ok(Some(ChosenDate { when, source, raw: row.get::<_, Option<String>>("published_raw")?.unwrap_or_default() }))
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
        content_text: row.get("content_text")?,
    }))
}
