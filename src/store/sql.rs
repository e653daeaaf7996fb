//! Small values between Rust and SQLite: times as RFC 3339 text, lists as JSON, enums as their words.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::model::article::{Access, AddressKind, ArticleKind, LinkKind};
use crate::model::date::{DateField, DateSource, Precision, Zone};
use crate::model::id::{ArticleId, EntryId, FeedId, RevisionId, Slug};

const FORMAT: &str = "%Y-%m-%dT%H:%M:%SZ";

/// An instant as the database writes it: RFC 3339 in UTC, whole seconds. Fractions are cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Time(pub(super) DateTime<Utc>);

impl Time {
    /// The first whole second that is not before `at`: for what must not happen earlier.
    pub(super) fn not_before(at: DateTime<Utc>) -> Self {
        let is_whole = at.timestamp_subsec_nanos() == 0;
        Self(if is_whole { at } else { at.checked_add_signed(TimeDelta::seconds(1)).unwrap_or(at) })
    }

    /// From seconds on, `DateTime<Utc>` values compare as their stored texts do.
    pub(super) fn seconds(self) -> i64 {
        self.0.timestamp()
    }
}

impl ToSql for Time {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.format(FORMAT).to_string().into())
    }
}

impl FromSql for Time {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let time = NaiveDateTime::parse_from_str(value.as_str()?, FORMAT).map_err(FromSqlError::other)?;
        Ok(Self(time.and_utc()))
    }
}

/// A list, or any other value, as JSON text.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text =
            serde_json::to_string(&self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        Ok(text.into())
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

/// A value that is stored as one of its words.
pub(super) trait Word: Sized {
    /// The value that `word` names.
    fn from_word(word: &str) -> Option<Self>;
}

macro_rules! words {
    ($type:ty: $($variant:ident),+) => {
        impl Word for $type {
            fn from_word(word: &str) -> Option<Self> {
                [$(Self::$variant),+].into_iter().find(|value| value.as_str() == word)
            }
        }
    };
}

words!(Precision: Second, Minute, Hour, Day, Month, Year);
words!(DateSource: Feed, JsonLd, Meta, Microdata, Time, Url, Visible, Script, Http);
words!(Zone: Stated, Assumed);
words!(DateField: Published, Updated);
words!(LinkKind: Inline, Block, Feed, Metadata);
words!(ArticleKind: Article, Live, Gallery, Podcast, Video, Forum, Product, List);
words!(Access: Free, Metered, Paywall, Consent);
words!(AddressKind: Link, Final, Canonical, Amp, Og);

/// A column that cannot be understood: the file was changed by hand, or by a newer program.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{0}`")]
struct Unreadable(String);

macro_rules! ids {
    ($($name:ident),+) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_i64().map(Self)
            }
        }
    )+};
}

ids!(FeedId, EntryId, ArticleId, RevisionId);

impl ToSql for Slug {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.as_str().to_sql()
    }
}

impl FromSql for Slug {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        Self::new(text).ok_or_else(|| FromSqlError::other(Unreadable(text.to_owned())))
    }
}

/// Reads the columns of one row by name.
pub(super) trait Columns {
    /// A time.
    fn time(&self, column: &str) -> rusqlite::Result<DateTime<Utc>>;
    /// A time or NULL.
    fn maybe_time(&self, column: &str) -> rusqlite::Result<Option<DateTime<Utc>>>;
    /// A JSON value.
    fn json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T>;
    /// One of an enum's words, or NULL.
    fn maybe_word<T: Word>(&self, column: &str) -> rusqlite::Result<Option<T>>;
    /// An absolute URL; `None` for NULL, and for one that cannot be read: one such row must not stop a queue.
    fn maybe_url(&self, column: &str) -> rusqlite::Result<Option<Url>>;
}

impl Columns for Row<'_> {
    fn time(&self, column: &str) -> rusqlite::Result<DateTime<Utc>> {
        self.get::<_, Time>(column).map(|time| time.0)
    }

    fn maybe_time(&self, column: &str) -> rusqlite::Result<Option<DateTime<Utc>>> {
        Ok(self.get::<_, Option<Time>>(column)?.map(|time| time.0))
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T> {
        self.get::<_, Json<T>>(column).map(|json| json.0)
    }

    fn maybe_word<T: Word>(&self, column: &str) -> rusqlite::Result<Option<T>> {
        let index = self.as_ref().column_index(column)?;
        let value = self.get_ref(index)?;
        let Some(word) = value.as_str_or_null()? else { return Ok(None) };
        T::from_word(word).map(Some).ok_or_else(|| {
            let error = Box::new(Unreadable(word.to_owned()));
            rusqlite::Error::FromSqlConversionFailure(index, value.data_type(), error)
        })
    }

    fn maybe_url(&self, column: &str) -> rusqlite::Result<Option<Url>> {
        Ok(self.get_ref(column)?.as_str_or_null()?.and_then(|text| Url::parse(text).ok()))
    }
}

/// Runs a statement that is used again and again; returns the number of rows it changed.
pub(super) fn execute(db: &Connection, sql: &str, params: impl rusqlite::Params) -> rusqlite::Result<usize> {
    db.prepare_cached(sql)?.execute(params)
}

/// Inserts a row by a statement that is used again and again; returns its id.
pub(super) fn insert(db: &Connection, sql: &str, params: impl rusqlite::Params) -> rusqlite::Result<i64> {
    db.prepare_cached(sql)?.insert(params)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use rusqlite::Connection;

    use super::Time;

    #[test]
    fn times_are_stored_as_whole_seconds_in_utc_and_come_back() {
        let time = DateTime::parse_from_rfc3339("2015-03-05T11:20:00+01:00").unwrap().to_utc();
        let db = Connection::open_in_memory().unwrap();
        let text: String =
            db.query_row("SELECT ?1", [Time(time + TimeDelta::milliseconds(999))], |row| row.get(0)).unwrap();
        assert_eq!(text, "2015-03-05T10:20:00Z");
        let back: Time = db.query_row("SELECT ?1", [text], |row| row.get(0)).unwrap();
        assert_eq!(back.0, time);
    }
}
