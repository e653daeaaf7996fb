//! Storing what an article says: the row, its revision, its date claims and links. Writes nothing when nothing changed.

use chrono::{DateTime, Timelike, Utc};
use rusqlite::{Connection, params};

use super::links;
use super::sql::{Columns, Json, Time, execute, insert};
use super::values::Retention;
use crate::fingerprint::{content_hash, text_hash};
use crate::model::article::{Access, AccessFound, Article, ArticleKind, RelatedLink};
use crate::model::date::{ChosenDate, When};
use crate::model::id::{ArticleId, RevisionId};
use crate::revision::{self, Change, Version};

/// Where a text is from: `articles.content_source`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Page,
    /// The page, now read with parts that could not be had before, or by other rules of the config.
    PageAnew,
    Feed,
}

impl Source {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Page | Self::PageAnew => "page",
            Self::Feed => "feed",
        }
    }
}

/// What storing a text did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// There was no text before.
    First,
    /// The publisher changed it.
    Revised,
    /// The page's text took the place of the feed's, or of a part of it.
    FromPage,
    /// It is as it was.
    Unchanged,
    /// The page shows only the beginning now: the stored text stays.
    Kept,
}

/// The stored version, as far as the comparison needs it.
pub(super) struct Current {
    pub(super) title: Option<String>,
    pub(super) text: Option<String>,
    source: Option<String>,
    pub(super) published: Option<ChosenDate>,
    pub(super) updated: Option<ChosenDate>,
    kind: ArticleKind,
    access: Option<AccessFound>,
}

/// Makes `article` the current version of the row `id`, unless it is that already.
///
/// `feed_links` are the entry's own related links, kept beside those of the page.
pub(super) fn store(
    db: &Connection,
    id: ArticleId,
    article: &Article,
    source: Source,
    feed_links: &[RelatedLink],
    seen_at: DateTime<Utc>,
    retention: Retention,
) -> rusqlite::Result<Stored> {
    let current = current(db, id)?;
    if is_cut(&current, article) {
        let access = AccessFound { access: Access::Metered, reason: CUT.to_owned() };
        write_nature(db, id, &current, article.kind, Some(&access))?;
        return Ok(Stored::Kept);
    }
    // A page without a title keeps the feed's.
    let title = article.title.as_deref().or(current.title.as_deref());
    let new = Version { title, text: &article.content_text, updated: absolute(article.updated.as_ref()) };
    let from_page = match source {
        Source::Page => current.source.as_deref() == Some("feed"),
        Source::PageAnew => true,
        Source::Feed => false,
    };
    let (stored, change) = match &current.text {
        None => (Stored::First, Some(revision::first(&new))),
        Some(text) => {
            let old = Version { title: current.title.as_deref(), text, updated: absolute(current.updated.as_ref()) };
            match revision::compare(&old, &new) {
                // The feed's text was ours to choose, and a page that was missing was there, so their replacement is no edit
                // of the publisher's.
                Some(change) if from_page => (Stored::FromPage, Some(change.of_ours())),
                None if from_page && source == Source::Page => (Stored::FromPage, None),
                Some(change) => (Stored::Revised, Some(change)),
                None => (Stored::Unchanged, None),
            }
        }
    };
    let updated = narrowed(current.updated.as_ref(), article.updated.as_ref(), stored == Stored::Unchanged);
    if stored == Stored::Unchanged {
        write_nature(db, id, &current, article.kind, article.access.as_ref())?;
        if let Some(updated) = updated.filter(|updated| Some(updated) != current.updated.as_ref()) {
            write_interval(db, id, &updated)?;
        }
        return Ok(stored);
    }
    let published = article.published.as_ref().or(current.published.as_ref()).cloned();
    let row = NewVersion { article, title, source, published, updated, counts: change.is_some() };
    write_row(db, id, &row, (stored == Stored::Revised).then_some(seen_at))?;
    write_fingerprint(db, id, &article.content_text)?;
    write_claims(db, id, article)?;
    links::replace_related(db, id, article.related.iter().chain(feed_links))?;
    if let Some(change) = change {
        let revision = add_revision(db, id, &new, &change, article, seen_at)?;
        prune_revisions(db, id, retention.keep_revisions)?;
        let kind = match stored {
            Stored::First => "new",
            Stored::FromPage => "reextracted",
            Stored::Revised | Stored::Unchanged | Stored::Kept => "revised",
        };
        record(db, seen_at, kind, id, Some(revision))?;
    }
    Ok(stored)
}

/// What is said of a page that shows only the beginning of the stored text.
pub(super) const CUT: &str = "the page shows only the beginning now, behind a wall";

/// Whether the page shows less than what is stored because a wall stands before the rest. Nobody edited anything then.
fn is_cut(current: &Current, article: &Article) -> bool {
    let is_walled = matches!(&article.access, Some(found) if matches!(found.access, Access::Paywall | Access::Metered));
    is_walled && current.text.as_deref().is_some_and(|text| revision::is_beginning(&article.content_text, text))
}

/// Writes what the article is where that differs: no revision, since it is not the text.
fn write_nature(
    db: &Connection,
    id: ArticleId,
    current: &Current,
    kind: ArticleKind,
    access: Option<&AccessFound>,
) -> rusqlite::Result<()> {
    if current.kind == kind && current.access.as_ref() == access {
        return Ok(());
    }
    execute(
        db,
        "UPDATE articles SET article_kind = ?2, access = ?3, access_reason = ?4 WHERE id = ?1",
        params![id, kind.as_str(), access.map(|found| found.access.as_str()), access.map(|found| &found.reason)],
    )
    .map(drop)
}

/// The `access` columns of an article.
pub(super) fn access(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<AccessFound>> {
    let reason = row.get::<_, Option<String>>("access_reason")?.unwrap_or_default();
    Ok(row.maybe_word("access")?.map(|access| AccessFound { access, reason }))
}

/// Appends a row to the change feed.
pub(super) fn record(
    db: &Connection,
    at: DateTime<Utc>,
    kind: &str,
    article: ArticleId,
    revision: Option<RevisionId>,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO changes (at, kind, article_id, revision_id) VALUES (?1, ?2, ?3, ?4)";
    insert(db, sql, params![Time(at), kind, article, revision]).map(drop)
}

/// The version of the row `id`.
pub(super) fn current(db: &Connection, id: ArticleId) -> rusqlite::Result<Current> {
    let mut statement = db.prepare_cached(
        "SELECT title, content_source, published_at, published_precision, published_source, published_zone,
         published_raw, updated_at, updated_earliest, updated_latest, updated_precision, updated_source,
         updated_zone, updated_raw, content_text, article_kind, access, access_reason FROM articles WHERE id = ?1",
    )?;
    statement.query_row([id], |row| {
        Ok(Current {
            title: row.get("title")?,
            text: row.get("content_text")?,
            source: row.get("content_source")?,
            published: published(row)?,
            updated: updated(row)?,
            kind: row.maybe_word("article_kind")?.unwrap_or_default(),
            access: access(row)?,
        })
    })
}

/// The `published_` columns of an article, which keep no interval: both its ends are the value itself.
pub(super) fn published(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<ChosenDate>> {
    let at = row.maybe_time("published_at")?;
    let words = (
        row.maybe_word("published_precision")?,
        row.maybe_word("published_source")?,
        row.maybe_word("published_zone")?,
    );
    let (Some(at), (Some(precision), Some(source), Some(zone))) = (at, words) else { return Ok(None) };
    let when = When { at: at.fixed_offset(), earliest: at, latest: at, precision, zone };
    Ok(Some(ChosenDate { when, source, raw: row.get::<_, Option<String>>("published_raw")?.unwrap_or_default() }))
}

/// The `updated_` columns of an article; `None` also when some are missing.
pub(super) fn updated(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<ChosenDate>> {
    let at = row.maybe_time("updated_at")?;
    let interval = (row.maybe_time("updated_earliest")?, row.maybe_time("updated_latest")?);
    let words =
        (row.maybe_word("updated_precision")?, row.maybe_word("updated_source")?, row.maybe_word("updated_zone")?);
    let (Some(at), (Some(earliest), Some(latest)), (Some(precision), Some(source), Some(zone))) = (at, interval, words)
    else {
        return Ok(None);
    };
    let when = When { at: at.fixed_offset(), earliest, latest, precision, zone };
    Ok(Some(ChosenDate { when, source, raw: row.get::<_, Option<String>>("updated_raw")?.unwrap_or_default() }))
}

/// A date that two versions can be compared by: relative words give another one at each visit.
pub(super) fn absolute(date: Option<&ChosenDate>) -> Option<DateTime<Utc>> {
    date.filter(|date| !date.when.is_relative()).map(|date| date.when.at.to_utc())
}

/// The date to show, from the stored one and the one just read. Relative words only ever narrow the stored interval;
/// where the text changed too, words that contradict it tell of that change.
fn narrowed(old: Option<&ChosenDate>, new: Option<&ChosenDate>, same_text: bool) -> Option<ChosenDate> {
    let date = match (old, new) {
        (Some(old), Some(new)) if old.when.is_relative() && new.when.is_relative() => {
            let contradicts = new.when.earliest > old.when.latest || new.when.latest < old.when.earliest;
            Some(if contradicts && !same_text { new.clone() } else { old.narrow(new) })
        }
        (old, _) if same_text => old.cloned(),
        (old, new) => new.or(old).cloned(),
    };
    date.map(as_stored)
}

/// As it will be read back, so that a date that stays compares as equal.
pub(super) fn as_stored(mut date: ChosenDate) -> ChosenDate {
    let whole = |at: DateTime<Utc>| at.with_nanosecond(0).unwrap_or(at);
    (date.when.earliest, date.when.latest) = (whole(date.when.earliest), whole(date.when.latest));
    date.when.at = whole(date.when.at.to_utc()).fixed_offset();
    date
}

/// The columns of a new version.
pub(super) struct NewVersion<'a> {
    pub(super) article: &'a Article,
    pub(super) title: Option<&'a str>,
    pub(super) source: Source,
    pub(super) published: Option<ChosenDate>,
    pub(super) updated: Option<ChosenDate>,
    /// Whether it is a revision of its own.
    pub(super) counts: bool,
}

macro_rules! columns {
    () => {
        "(title, authors, site_name, language, description, image_url, word_count, content_source, revision_count,
          changed_at, content_html, content_text, published_at, published_precision, published_source, published_zone,
          published_raw, updated_at, updated_earliest, updated_latest, updated_precision, updated_source, updated_zone,
          updated_raw, article_kind, access, access_reason)"
    };
}

// What the new version does not say stays as it was: a page without an author line has not lost its author.
macro_rules! values {
    () => {
        "(?2, iif(?3 = '[]', authors, ?3), coalesce(?4, site_name), coalesce(?5, language), coalesce(?6, description),
          coalesce(?7, image_url), ?8, ?9, revision_count + ?10, coalesce(?11, changed_at), ?12, ?13, ?14, ?15, ?16, ?17,
          ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)"
    };
}

/// Writes all columns in one statement, since each update of a row copies its texts, and none where all stay as they are.
/// Tells whether it did.
pub(super) fn write_row(
    db: &Connection,
    id: ArticleId,
    row: &NewVersion<'_>,
    changed_at: Option<DateTime<Utc>>,
) -> rusqlite::Result<bool> {
    let (article, published, updated) = (row.article, row.published.as_ref(), row.updated.as_ref());
    let written = execute(
        db,
        concat!(
            "UPDATE articles SET ",
            columns!(),
            " = ",
            values!(),
            " WHERE id = ?1 AND ",
            columns!(),
            " IS NOT ",
            values!()
        ),
        params![
            id,
            row.title,
            Json(&article.authors),
            article.site_name,
            article.language,
            article.description,
            article.image_url.as_ref().map(url::Url::as_str),
            article.word_count,
            row.source.as_str(),
            row.counts,
            changed_at.map(Time),
            article.content_html,
            article.content_text,
            published.map(|date| Time(date.when.at.to_utc())),
            published.map(|date| date.when.precision.as_str()),
            published.map(|date| date.source.as_str()),
            published.map(|date| date.when.zone.as_str()),
            published.map(|date| &date.raw),
            updated.map(|date| Time(date.when.at.to_utc())),
            updated.map(|date| Time(date.when.earliest)),
            updated.map(|date| Time(date.when.latest)),
            updated.map(|date| date.when.precision.as_str()),
            updated.map(|date| date.source.as_str()),
            updated.map(|date| date.when.zone.as_str()),
            updated.map(|date| &date.raw),
            article.kind.as_str(),
            article.access.as_ref().map(|found| found.access.as_str()),
            article.access.as_ref().map(|found| &found.reason),
        ],
    )?;
    Ok(written > 0)
}

/// Narrows the interval of relative words.
fn write_interval(db: &Connection, id: ArticleId, date: &ChosenDate) -> rusqlite::Result<()> {
    let when = &date.when;
    execute(
        db,
        "UPDATE articles SET updated_at = ?2, updated_earliest = ?3, updated_latest = ?4, updated_precision = ?5 WHERE id = ?1",
        params![id, Time(when.at.to_utc()), Time(when.earliest), Time(when.latest), when.precision.as_str()],
    )
    .map(drop)
}

pub(super) fn write_fingerprint(db: &Connection, id: ArticleId, text: &str) -> rusqlite::Result<()> {
    match content_hash(text) {
        Some(hash) => execute(
            db,
            "INSERT INTO fingerprints (article_id, content_hash) VALUES (?1, ?2)
             ON CONFLICT (article_id) DO UPDATE SET content_hash = excluded.content_hash
             WHERE content_hash <> excluded.content_hash",
            params![id, hash],
        ),
        None => execute(db, "DELETE FROM fingerprints WHERE article_id = ?1", [id]),
    }
    .map(drop)
}

pub(super) fn write_claims(db: &Connection, id: ArticleId, article: &Article) -> rusqlite::Result<()> {
    execute(db, "DELETE FROM date_claims WHERE article_id = ?1", [id])?;
    for (position, claim) in article.date_claims.iter().enumerate() {
        let when = claim.when.as_ref();
        execute(
            db,
            "INSERT INTO date_claims (article_id, position, field, source, raw, label, at, earliest, latest, precision,
             zone, chosen, reject_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                id,
                position,
                claim.field.as_str(),
                claim.source.as_str(),
                claim.raw,
                claim.label,
                when.map(|when| Time(when.at.to_utc())),
                when.map(|when| Time(when.earliest)),
                when.map(|when| Time(when.latest)),
                when.map(|when| when.precision.as_str()),
                when.map(|when| when.zone.as_str()),
                claim.chosen,
                claim.reject_reason,
            ],
        )?;
    }
    Ok(())
}

pub(super) fn add_revision(
    db: &Connection,
    id: ArticleId,
    version: &Version<'_>,
    change: &Change,
    article: &Article,
    seen_at: DateTime<Utc>,
) -> rusqlite::Result<RevisionId> {
    // The row already counts this one.
    let revision = insert(
        db,
        "INSERT INTO revisions (article_id, number, observed_at, updated_at, kind, silent, correction, words_added,
         words_removed, content_hash, title, content_text)
         VALUES (?1, (SELECT revision_count FROM articles WHERE id = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            id,
            Time(seen_at),
            article.updated.as_ref().map(|date| Time(date.when.at.to_utc())),
            change.kind.as_str(),
            change.silent,
            change.correction,
            change.words_added,
            change.words_removed,
            text_hash(version.title, version.text),
            version.title,
            version.text,
        ],
    )?;
    Ok(RevisionId(revision))
}

/// Revisions deleted at once, should there be that many.
pub(super) const PRUNED_AT_ONCE: usize = 200;

/// Keeps the first and the newest; what goes is from the middle. Returns how many did.
pub(super) fn prune_revisions(db: &Connection, id: ArticleId, keep: u32) -> rusqlite::Result<usize> {
    execute(
        db,
        "DELETE FROM revisions WHERE id IN (SELECT id FROM revisions WHERE article_id = ?1
         AND number > (SELECT min(number) FROM revisions WHERE article_id = ?1)
         AND number NOT IN (SELECT number FROM revisions WHERE article_id = ?1 ORDER BY number DESC LIMIT ?2)
         ORDER BY number LIMIT ?3)",
        params![id, keep.max(2) - 1, PRUNED_AT_ONCE],
    )
}
