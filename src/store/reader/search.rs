//! Full-text search: clusters of copies by their best match, with the words that matched.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use thiserror::Error;

use super::super::error::StoreError;
use super::super::sql::Columns;
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

/// A hit before its texts are read.
struct Candidate {
    id: ArticleId,
    matched: ArticleId,
    at: DateTime<Utc>,
    feeds: Vec<String>,
    rank: f64,
}

fn hits(db: &Connection, expression: &str, search: &Search<'_>) -> rusqlite::Result<Vec<Hit>> {
    let mut marked = db.prepare(
        "SELECT highlight(articles_fts, 0, ?3, ?4), snippet(articles_fts, 1, ?3, ?4, '…', ?5)
         FROM articles_fts WHERE articles_fts MATCH ?1 AND rowid = ?2",
    )?;
    let mut article = db.prepare("SELECT duplicate_of, title, url, site, published_at FROM articles WHERE id = ?1")?;
    let [open, close] = MARKS.map(String::from);
    let mut hits = Vec::new();
    for Candidate { id, matched, at, feeds, rank } in candidates(db, expression, search)? {
        let texts = marked.query_row(params![expression, matched, open, close, SNIPPET_WORDS], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?))
        });
        let (title, snippet) = texts.optional()?.unwrap_or_default();
        hits.push(article.query_row([id], |row| {
            // A head is shown by its own title; that of the copy that matched may be another.
            let title = if id == matched { title } else { row.get("title")? };
            Ok(Hit {
                id,
                matched,
                duplicate_of: row.get("duplicate_of")?,
                title: title.map(|title| Marked::read(&title)),
                url: row.get("url")?,
                site: row.get("site")?,
                published_at: row.maybe_time("published_at")?,
                at,
                feeds,
                snippet: Marked::read(&snippet.unwrap_or_default()).around_first_match(),
                rank,
            })
        })?);
    }
    Ok(hits)
}

/// The best matches, each cluster once: it stands where its best match stands, and among equal ones its head is the match.
///
/// The index gives its matches in the order of their rank, so that only the first ones are looked at. Each look is a
/// statement of its own with a plan that nothing can change: a join was planned by statistics from when the archive was
/// small, and took a minute.
fn candidates(db: &Connection, expression: &str, search: &Search<'_>) -> rusqlite::Result<Vec<Candidate>> {
    let allowed = allowed_feeds(db, search)?;
    let mut matches = db.prepare("SELECT rowid, rank FROM articles_fts WHERE articles_fts MATCH ?1 ORDER BY rank")?;
    let mut head = db.prepare("SELECT duplicate_of FROM articles WHERE id = ?1")?;
    let mut time = db.prepare("SELECT coalesce(published_at, first_seen_at) AS at FROM articles WHERE id = ?1")?;
    let mut feeds_of = db.prepare(
        "SELECT DISTINCT f.slug FROM (
             SELECT ?1 AS id UNION ALL
             SELECT id FROM articles INDEXED BY articles_copies WHERE duplicate_of = ?1 AND NOT ?2) m
         CROSS JOIN entries e INDEXED BY entries_article ON e.article_id = m.id
         CROSS JOIN feeds f ON f.id = e.feed_id ORDER BY f.slug",
    )?;
    let mut seen: HashMap<ArticleId, Option<usize>> = HashMap::new();
    let mut found: Vec<Candidate> = Vec::new();
    let mut rows = matches.query([expression])?;
    while let Some(row) = rows.next()? {
        let (matched, rank): (ArticleId, f64) = (row.get(0)?, row.get(1)?);
        // Equal ones are told apart by their age, so all of them are needed.
        if found.len() >= search.limit && found.last().is_none_or(|last| last.rank < rank) {
            break;
        }
        let head: Option<Option<ArticleId>> = head.query_row([matched], |row| row.get(0)).optional()?;
        let Some(head) = head else { continue };
        let id = head.filter(|_| !search.all_copies).unwrap_or(matched);
        if let Some(place) = seen.get(&id) {
            if let Some(candidate) = place.map(|place| &mut found[place])
                && id == matched
                && candidate.rank.total_cmp(&rank).is_eq()
            {
                candidate.matched = matched;
            }
            continue;
        }
        let at = time.query_row([id], |row| row.time("at"))?;
        let feeds = feeds_of.query_map(params![id, search.all_copies], |row| row.get(0))?;
        let feeds: Vec<String> = feeds.collect::<rusqlite::Result<_>>()?;
        let is_wanted = search.since.is_none_or(|since| at >= since)
            && allowed.as_ref().is_none_or(|allowed| feeds.iter().any(|feed| allowed.contains(feed)));
        seen.insert(id, is_wanted.then_some(found.len()));
        if is_wanted {
            found.push(Candidate { id, matched, at, feeds, rank });
        }
    }
    found.sort_by(|one, other| one.rank.total_cmp(&other.rank).then((other.at, other.id).cmp(&(one.at, one.id))));
    found.truncate(search.limit);
    Ok(found)
}

/// The feeds that an article must be from; `None` for any.
fn allowed_feeds(db: &Connection, search: &Search<'_>) -> rusqlite::Result<Option<HashSet<String>>> {
    if search.feed.is_none() && search.tag.is_none() {
        return Ok(None);
    }
    let mut feeds = db.prepare(
        "SELECT slug FROM feeds f WHERE (?1 IS NULL OR slug = ?1)
         AND (?2 IS NULL OR EXISTS (SELECT 1 FROM feed_tags t WHERE t.feed_id = f.id AND t.tag = ?2))",
    )?;
    feeds.query_map(params![search.feed, search.tag], |row| row.get(0))?.collect::<rusqlite::Result<_>>().map(Some)
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
