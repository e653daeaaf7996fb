//! Articles row by row, for `export`: from one snapshot, in constant memory however large the archive is.

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, ToSql, params_from_iter};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::error::StoreError;
use super::reader::Reader;
use super::sql::{Json, Time};
use crate::model::id::{ArticleId, Slug};

/// The columns of `articles`, then what other tables say of an article: the order of a row.
const ARTICLE: [&str; 37] = [
    "id",
    "url",
    "site",
    "site_name",
    "title",
    "authors",
    "language",
    "description",
    "image_url",
    "word_count",
    "content_source",
    "published_at",
    "published_precision",
    "published_source",
    "published_zone",
    "published_raw",
    "updated_at",
    "updated_earliest",
    "updated_latest",
    "updated_precision",
    "updated_source",
    "updated_zone",
    "updated_raw",
    "first_seen_at",
    "changed_at",
    "revision_count",
    "duplicate_of",
    "duplicate_kind",
    "similarity",
    "content_html",
    "content_text",
    "article_kind",
    "access",
    "access_reason",
    "state",
    "feeds",
    "tags",
];

/// The columns of `unique_articles`, with the feeds and tags of all copies.
const CLUSTER: [&str; 23] = [
    "id",
    "url",
    "site",
    "site_name",
    "title",
    "authors",
    "language",
    "article_kind",
    "description",
    "image_url",
    "published_at",
    "updated_at",
    "first_seen_at",
    "changed_at",
    "revision_count",
    "copies",
    "text_article_id",
    "word_count",
    "access",
    "content_html",
    "content_text",
    "feeds",
    "tags",
];

/// The columns that hold JSON arrays.
const LISTS: [&str; 3] = ["authors", "feeds", "tags"];

/// Which articles are wanted. An article counts by when it was published, else first seen: `latest.at`.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Not before this.
    pub since: Option<DateTime<Utc>>,
    /// Before this.
    pub until: Option<DateTime<Utc>>,
    /// Brought by one of these feeds, where there are any; also feeds that left the config.
    pub feeds: Vec<Slug>,
    /// Brought by a feed with one of these tags, where there are any.
    pub tags: Vec<String>,
    /// One row a cluster of duplicates; one copy that a feed brought is enough.
    pub unique: bool,
    /// So many, the newest.
    pub limit: Option<u64>,
}

/// An article with the names of its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedArticle {
    columns: &'static [&'static str],
    values: Vec<Value>,
}

impl Selection {
    /// The columns of each row, in its order.
    pub fn columns(&self) -> &'static [&'static str] {
        if self.unique { &CLUSTER } else { &ARTICLE }
    }
}

impl ExportedArticle {
    /// The values, in the order of [`Selection::columns`].
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The value of a column; null where there is no such column.
    pub fn value(&self, column: &str) -> &Value {
        let index = self.columns.iter().position(|name| *name == column);
        index.and_then(|index| self.values.get(index)).unwrap_or(&Value::Null)
    }

    /// The text of a column, where it has one.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.value(column).as_str()
    }

    /// The texts of a column that is a list.
    pub fn texts(&self, column: &str) -> impl Iterator<Item = &str> {
        self.value(column).as_array().into_iter().flatten().filter_map(Value::as_str)
    }
}

/// One object, with its keys in the order of the columns.
impl Serialize for ExportedArticle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for (column, value) in self.columns.iter().zip(&self.values) {
            map.serialize_entry(column, value)?;
        }
        map.end()
    }
}

impl Reader {
    /// Hands each wanted article to `each`, newest first, until it breaks off. All are of one snapshot.
    ///
    /// As long as it goes on, a writer's log cannot be folded into the archive: the reader must not dawdle.
    pub fn export(
        &self,
        selection: &Selection,
        each: impl FnMut(ExportedArticle) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let in_snapshot = || {
            // Dropped, it ends: there is nothing to commit.
            let snapshot = self.db.unchecked_transaction()?;
            export(&snapshot, selection, each)
        };
        in_snapshot().map_err(|error| StoreError::sqlite(&self.path, error))
    }
}

fn export(
    db: &Connection,
    selection: &Selection,
    mut each: impl FnMut(ExportedArticle) -> ControlFlow<()>,
) -> rusqlite::Result<()> {
    let columns = selection.columns();
    let Ids { sql, parameters } = Ids::of(selection);
    let (mut ids, mut by_id) = (db.prepare(&sql)?, db.prepare(&row_by_id(selection))?);
    let mut ids = ids.query(params_from_iter(parameters))?;
    while let Some(row) = ids.next()? {
        let id: ArticleId = row.get(0)?;
        let values = by_id.query_row([id], |row| values(columns, row))?;
        if each(ExportedArticle { columns, values }).is_break() {
            break;
        }
    }
    Ok(())
}

/// The query for the ids alone, newest first by an index: nothing is sorted, so nothing is held in memory.
struct Ids {
    sql: String,
    parameters: Vec<Box<dyn ToSql>>,
}

impl Ids {
    fn of(selection: &Selection) -> Self {
        let mut ids = Self {
            sql: "SELECT a.id FROM articles a INDEXED BY articles_newest WHERE true".to_owned(),
            parameters: Vec::new(),
        };
        if let Some(since) = selection.since {
            ids.and("coalesce(a.published_at, a.first_seen_at) >= ?", Time::not_before(since));
        }
        if let Some(until) = selection.until {
            ids.and("coalesce(a.published_at, a.first_seen_at) < ?", Time::not_before(until));
        }
        if selection.unique {
            ids.sql += " AND a.duplicate_of IS NULL";
        }
        let brought = format!(
            "EXISTS (SELECT 1 FROM entries e WHERE e.article_id IN ({}) AND e.feed_id IN",
            members(selection.unique)
        );
        if !selection.feeds.is_empty() {
            let these = "(SELECT id FROM feeds WHERE slug IN (SELECT value FROM json_each(?)))";
            ids.and(&format!("{brought} {these})"), Json(selection.feeds.clone()));
        }
        if !selection.tags.is_empty() {
            let these = "(SELECT feed_id FROM feed_tags WHERE tag IN (SELECT value FROM json_each(?)))";
            ids.and(&format!("{brought} {these})"), Json(selection.tags.clone()));
        }
        ids.sql += " ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC LIMIT ?";
        // To SQLite, a negative limit is none.
        ids.parameters.push(Box::new(selection.limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX))));
        ids
    }

    fn and(&mut self, condition: &str, parameter: impl ToSql + 'static) {
        self.sql += &format!(" AND {condition}");
        self.parameters.push(Box::new(parameter));
    }
}

/// The articles that a row stands for.
fn members(unique: bool) -> &'static str {
    if unique { "SELECT m.id FROM articles m WHERE m.id = a.id OR m.duplicate_of = a.id" } else { "a.id" }
}

fn row_by_id(selection: &Selection) -> String {
    let members = members(selection.unique);
    let table = if selection.unique { "unique_articles" } else { "articles" };
    let columns = selection.columns().iter().map(|column| match *column {
        "state" => "(SELECT state FROM article_status WHERE article_id = a.id) AS state".to_owned(),
        "feeds" => format!(
            "(SELECT json_group_array(slug) FROM (SELECT slug FROM feeds
             WHERE id IN (SELECT feed_id FROM entries WHERE article_id IN ({members})) ORDER BY slug)) AS feeds"
        ),
        "tags" => format!(
            "(SELECT json_group_array(tag) FROM (SELECT DISTINCT tag FROM feed_tags
             WHERE feed_id IN (SELECT feed_id FROM entries WHERE article_id IN ({members})) ORDER BY tag)) AS tags"
        ),
        column => format!("a.{column}"),
    });
    format!("SELECT {} FROM {table} a WHERE a.id = ?1", columns.collect::<Vec<_>>().join(", "))
}

fn values(columns: &[&str], row: &Row<'_>) -> rusqlite::Result<Vec<Value>> {
    let value = |(index, column): (usize, &&str)| {
        if LISTS.contains(column) {
            return row.get::<_, Option<Json<Value>>>(index).map(|list| list.map_or(Value::Null, |list| list.0));
        }
        Ok(match row.get_ref(index)? {
            ValueRef::Null | ValueRef::Blob(_) => Value::Null,
            ValueRef::Integer(number) => number.into(),
            ValueRef::Real(number) => number.into(),
            ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
        })
    };
    columns.iter().enumerate().map(value).collect()
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{ARTICLE, CLUSTER, Ids, Selection};
    use crate::model::id::Slug;
    use crate::store::migrate::MIGRATIONS;

    fn empty() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        for (_, sql) in MIGRATIONS {
            db.execute_batch(sql).unwrap();
        }
        db
    }

    fn texts(db: &Connection, sql: &str, column: usize) -> Vec<String> {
        let mut statement = db.prepare(sql).unwrap();
        let unbound = (1..=statement.parameter_count()).map(|_| None::<i64>);
        let rows = statement.query_map(rusqlite::params_from_iter(unbound), |row| row.get(column));
        rows.unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn every_column_is_exported() {
        let db = empty();
        let check = |table: &str, columns: &[&str], others: &[&str]| {
            let expected = texts(&db, &format!("SELECT name FROM pragma_table_info('{table}')"), 0);
            let (own, rest) = columns.split_at(expected.len());
            assert_eq!((own, rest), (expected.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), others));
        };
        check("articles", &ARTICLE, &["state", "feeds", "tags"]);
        check("unique_articles", &CLUSTER, &["feeds", "tags"]);
    }

    #[test]
    fn no_selection_is_sorted_in_memory() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        let all = Selection {
            since: Some(at),
            until: Some(at),
            feeds: vec![Slug::new("news").unwrap()],
            tags: vec!["daily".to_owned()],
            unique: true,
            limit: Some(1),
        };
        for selection in [Selection::default(), Selection { unique: false, ..all.clone() }, all] {
            let plan = texts(&empty(), &format!("EXPLAIN QUERY PLAN {}", Ids::of(&selection).sql), 3).join("\n");
            assert!(plan.contains("articles_newest") && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
