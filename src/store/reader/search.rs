//! Full-text search: clusters of copies by their best match, with the words that matched.

use std::ops::Range;
use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use thiserror::Error;

use super::super::error::StoreError;
use super::super::sql::{Columns, Time};
use super::fts::{self, EmptyQuery};
use crate::model::id::{ArticleId, Slug};

/// What to search for, and where.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// What to search for.
    pub words: Words<'a>,
    /// At most so many hits.
    pub limit: usize,
    /// Only what this feed brought.
    pub feed: Option<&'a Slug>,
    /// Only what feeds with this tag brought.
    pub tag: Option<&'a str>,
    /// Only what was published, else first seen, since then.
    pub since: Option<DateTime<Utc>>,
    /// Copies are hits of their own.
    pub all_copies: bool,
}

/// What to search for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words<'a> {
    /// As a person types it: never wrong.
    Typed(&'a str),
    /// An FTS5 expression.
    Fts5(&'a str),
}

/// An article that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The article; of a cluster its head, unless copies are hits of their own.
    pub id: ArticleId,
    /// The article whose text matched: it, or a copy of it.
    pub matched: ArticleId,
    /// The head where the hit is a copy.
    pub duplicate_of: Option<ArticleId>,
    /// Its title.
    pub title: Option<Marked>,
    /// Its address.
    pub url: Option<String>,
    /// Registrable domain of its address.
    pub site: Option<String>,
    /// What the publisher says.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was published, else first seen.
    pub at: DateTime<Utc>,
    /// The feeds that brought it or, for a cluster, one of its copies.
    pub feeds: Vec<String>,
    /// The part of the text with most of the words.
    pub snippet: Marked,
    /// bm25: smaller is better.
    pub rank: f64,
}

/// A text and the places in it that matched, in bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// The text without marks.
    pub text: String,
    /// The places, in order.
    pub matches: Vec<Range<usize>>,
}

/// Why nothing could be searched for.
#[derive(Debug, Error)]
pub enum SearchError {
    /// What was typed has no word to search for.
    #[error("{0}")]
    Empty(EmptyQuery),
    /// The FTS5 expression is wrong.
    #[error("not an FTS5 query: {0}")]
    Syntax(String),
    /// The archive refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Marks around a match. No text of a publisher has them: control characters are not stored.
const MARKS: [char; 2] = ['\u{1}', '\u{2}'];

/// Words of a snippet; FTS5 allows 64.
const SNIPPET_WORDS: u32 = 24;

/// Characters of a snippet: in a script without spaces a "word" of the index may be a whole page.
const SNIPPET_CHARS: usize = 400;

/// The articles found, best first, equal ones by age, the newest first.
pub(super) fn search(db: &Connection, path: &Path, search: &Search<'_>) -> Result<Vec<Hit>, SearchError> {
    let expression = match search.words {
        Words::Typed(text) => fts::expression(text).map_err(SearchError::Empty)?,
        Words::Fts5(expression) => expression.to_owned(),
    };
    let found = || {
        let tx = db.unchecked_transaction()?;
        let hits = hits(&tx, &expression, search)?;
        tx.commit()?;
        Ok(hits)
    };
    found().map_err(|error: rusqlite::Error| match (&error, search.words) {
        // SQLite's plainest error: all that FTS5 says about an expression is one.
        (rusqlite::Error::SqliteFailure(code, Some(message)), Words::Fts5(_)) if code.code == ErrorCode::Unknown => {
            SearchError::Syntax(message.strip_prefix("fts5: ").unwrap_or(message).to_owned())
        }
        _ => SearchError::Store(StoreError::sqlite(path, error)),
    })
}

fn hits(db: &Connection, expression: &str, search: &Search<'_>) -> rusqlite::Result<Vec<Hit>> {
    let Search { limit, feed, tag, since, all_copies, .. } = *search;
    // A cluster stands where its best match stands; among equal ones its head is the match. The rows that are sorted
    // are small: texts are read for the hits alone.
    let mut statement = db.prepare(
        "WITH matches AS (
             SELECT a.id AS matched, iif(?2, a.id, coalesce(a.duplicate_of, a.id)) AS id, f.rank AS rank
             FROM articles_fts f JOIN articles a ON a.id = f.rowid WHERE articles_fts MATCH ?1
         ), best AS (
             SELECT *, row_number() OVER (PARTITION BY id ORDER BY rank, matched <> id, matched) AS place FROM matches
         )
         SELECT a.id, b.matched, b.rank, a.duplicate_of, a.title, a.url, a.site, a.published_at,
             coalesce(a.published_at, a.first_seen_at) AS at,
             (SELECT json_group_array(slug) FROM (SELECT DISTINCT f.slug FROM entries e JOIN feeds f ON f.id = e.feed_id
                 WHERE e.article_id = a.id
                 OR NOT ?2 AND e.article_id IN (SELECT c.id FROM articles c WHERE c.duplicate_of = a.id)
                 ORDER BY f.slug)) AS feeds
         FROM best b JOIN articles a ON a.id = b.id
         WHERE b.place = 1 AND (?3 IS NULL OR coalesce(a.published_at, a.first_seen_at) >= ?3)
         AND (?4 IS NULL AND ?5 IS NULL OR EXISTS (
             SELECT 1 FROM entries e JOIN feeds f ON f.id = e.feed_id
             WHERE (e.article_id = a.id
                 OR NOT ?2 AND e.article_id IN (SELECT c.id FROM articles c WHERE c.duplicate_of = a.id))
             AND (?4 IS NULL OR f.slug = ?4)
             AND (?5 IS NULL OR EXISTS (SELECT 1 FROM feed_tags t WHERE t.feed_id = f.id AND t.tag = ?5))))
         ORDER BY b.rank, at DESC, a.id DESC LIMIT ?6",
    )?;
    let mut marked = db.prepare(
        "SELECT highlight(articles_fts, 0, ?3, ?4), snippet(articles_fts, 1, ?3, ?4, '…', ?5)
         FROM articles_fts WHERE articles_fts MATCH ?1 AND rowid = ?2",
    )?;
    let mut rows = statement.query(params![expression, all_copies, since.map(Time), feed, tag, limit])?;
    let [open, close] = MARKS.map(String::from);
    let mut hits = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, matched): (ArticleId, ArticleId) = (row.get("id")?, row.get("matched")?);
        let texts = marked.query_row(params![expression, matched, open, close, SNIPPET_WORDS], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?))
        });
        let (title, snippet) = texts.optional()?.unwrap_or_default();
        // The head is shown by its own title; a copy's may be another.
        let title = if id == matched { title } else { row.get("title")? };
        hits.push(Hit {
            id,
            matched,
            duplicate_of: row.get("duplicate_of")?,
            title: title.map(|title| Marked::read(&title)),
            url: row.get("url")?,
            site: row.get("site")?,
            published_at: row.maybe_time("published_at")?,
            at: row.time("at")?,
            feeds: row.json("feeds")?,
            snippet: Marked::read(&snippet.unwrap_or_default()).around_first_match(),
            rank: row.get("rank")?,
        });
    }
    Ok(hits)
}

impl Marked {
    /// Takes the marks out of a text and remembers where they were.
    fn read(marked: &str) -> Self {
        let mut read = Self::default();
        let mut from = None;
        for c in marked.chars() {
            if c == MARKS[0] {
                from = Some(read.text.len());
            } else if c == MARKS[1] {
                read.matches.extend(from.take().map(|from| from..read.text.len()));
            } else {
                read.text.push(c);
            }
        }
        read
    }

    /// Cuts a text that is too long for a snippet, so that its first match stands in it from its beginning on.
    fn around_first_match(self) -> Self {
        let Some((end_of_limit, _)) = self.text.char_indices().nth(SNIPPET_CHARS) else { return self };
        let first = self.matches.first().map_or(0, |first| first.start);
        // As it is while the match begins in its first half, else from a little before the match.
        let start = if self.text[..first].chars().count() <= SNIPPET_CHARS / 2 {
            0
        } else {
            self.text[..first].char_indices().rev().nth(SNIPPET_CHARS / 4).map_or(0, |(at, _)| at)
        };
        let end = match start {
            0 => end_of_limit,
            _ => self.text[start..].char_indices().nth(SNIPPET_CHARS).map_or(self.text.len(), |(at, _)| start + at),
        };
        let (before, after) = (if start > 0 { "…" } else { "" }, if end < self.text.len() { "…" } else { "" });
        let place = |at: usize| at.clamp(start, end) - start + before.len();
        let matches = self.matches.iter().map(|found| place(found.start)..place(found.end));
        Self {
            text: format!("{before}{}{after}", &self.text[start..end]),
            matches: matches.filter(|found| !found.is_empty()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Marked, SNIPPET_CHARS};

    fn matched(marked: &Marked) -> Vec<&str> {
        marked.matches.iter().map(|found| &marked.text[found.clone()]).collect()
    }

    #[test]
    fn marks_become_places() {
        let marked = Marked::read("the \u{1}béll\u{2} and \u{1}鐘\u{2}\u{2} \u{1}open");
        assert_eq!((marked.text.as_str(), matched(&marked)), ("the béll and 鐘 open", vec!["béll", "鐘"]));
    }

    #[test]
    fn a_long_snippet_is_cut_around_its_first_match() {
        for (before, match_length, after) in [(0, 900, 0), (900, 2, 900), (900, 900, 0), (150, 2, 900), (900, 2, 0)] {
            let text = format!("{}\u{1}{}\u{2}{}", "前".repeat(before), "語".repeat(match_length), "後".repeat(after));
            let cut = Marked::read(&text).around_first_match();
            assert!(cut.text.chars().count() <= SNIPPET_CHARS + 2, "{before} {match_length} {after}");
            assert!(matched(&cut).iter().all(|found| found.chars().all(|c| c == '語')), "{before} {cut:?}");
            assert_eq!(cut.matches.len(), 1);
        }
        let short = Marked::read("a \u{1}b\u{2}");
        assert_eq!(short.clone().around_first_match(), short);
    }
}
