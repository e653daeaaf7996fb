//! Reading the archive, for the commands: a connection that cannot write, beside a running daemon or without one.

mod article;
mod feeds;

use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};
use url::Url;

pub use self::article::{StoredArticle, StoredDuplicate, StoredLink, StoredRevision, StoredStatus};
pub use self::feeds::FeedStatus;
use super::error::StoreError;
use super::open;
use crate::fingerprint::url_key;
use crate::model::id::{ArticleId, Slug};

/// A reading connection.
#[derive(Debug)]
pub struct Reader {
    db: Connection,
    path: PathBuf,
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
