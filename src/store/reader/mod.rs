//! Reading the archive, for the commands: a connection that cannot write, beside a running daemon or without one.

mod article;
mod feeds;

mod changes;
mod log;

mod fts;
mod search;

use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};
use url::Url;

pub use self::article::{
    Copied, LaterPage, RevisionText, StoredArticle, StoredDuplicate, StoredLink, StoredRevision, StoredStatus,
};
pub use self::changes::StoredChange;
pub use self::feeds::{FeedRecord, FeedStatus};
pub use self::fts::EmptyQuery;
pub use self::log::{StoredPoll, StoredVisit};
pub use self::search::{Hit, Marked, Search, SearchError, Words};
use super::error::StoreError;
use super::open;
use crate::fingerprint::url_key;
use crate::model::id::{ArticleId, Slug};

/// A reading connection.
#[derive(Debug)]
pub struct Reader {
    pub(in crate::store) db: Connection,
    pub(in crate::store) path: PathBuf,
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
        self.read(|db| feeds::feeds(db, slug))
    }

    /// The article with this id.
    pub fn article(&self, id: ArticleId) -> Result<Option<StoredArticle>, StoreError> {
        self.read(|db| article::article(db, id))
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

    /// What is known of a feed beyond [`Self::feeds`]: what its last answer said.
    pub fn feed_record(&self, slug: &Slug) -> Result<Option<FeedRecord>, StoreError> {
        self.read(|db| feeds::record(db, slug))
    }

    /// Whether a feed has this tag.
    pub fn has_tag(&self, tag: &str) -> Result<bool, StoreError> {
        self.read(|db| db.query_row("SELECT EXISTS (SELECT 1 FROM feed_tags WHERE tag = ?1)", [tag], |row| row.get(0)))
    }

    /// The newest polls of a feed, newest first.
    pub fn polls(&self, slug: &Slug, limit: usize) -> Result<Vec<StoredPoll>, StoreError> {
        self.read(|db| log::polls(db, slug, limit))
    }

    /// The newest visits of an article, newest first.
    pub fn visits(&self, article: ArticleId, limit: usize) -> Result<Vec<StoredVisit>, StoreError> {
        self.read(|db| log::visits(db, article, limit))
    }

    /// The copies of a head, first seen first.
    pub fn copies(&self, head: ArticleId, limit: usize) -> Result<Vec<Copied>, StoreError> {
        self.read(|db| article::copies(db, head, limit))
    }

    /// A version with its text.
    pub fn revision(&self, article: ArticleId, number: u32) -> Result<Option<RevisionText>, StoreError> {
        self.read(|db| article::revision_text(db, article, number))
    }

    /// The articles that a query finds, best first, equal ones by age, the newest first.
    pub fn search(&self, search: &Search<'_>) -> Result<Vec<Hit>, SearchError> {
        search::search(&self.db, &self.path, search)
    }

    /// The changes after `seq` in their order, at most `limit`.
    pub fn changes(&self, seq: i64, limit: usize) -> Result<Vec<StoredChange>, StoreError> {
        self.read(|db| changes::after(db, seq, limit))
    }

    /// The `seq` of the newest change; 0 before the first.
    pub fn newest_change(&self) -> Result<i64, StoreError> {
        self.read(changes::newest)
    }

    /// A number that another connection's commit changes: cheap to ask for, again and again.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        let version = self.db.pragma_query_value(None, "data_version", |row| row.get(0));
        version.map_err(|error| StoreError::sqlite(&self.path, error))
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
