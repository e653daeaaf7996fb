//! Applying a poll: the log row, the feed's row with its validators, the entries and the articles behind them,
//! all in one transaction.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};
use url::Url;

use super::content::{self, Source};
use super::sql::{Columns, Json, Time, execute, insert};
use super::values::{PollApplied, Retention};
use super::{cluster, entry, links};
use crate::fingerprint::url_key;
use crate::model::article::AddressKind;
use crate::model::date::{ChosenDate, DateSource, Precision, When, Zone};
use crate::model::failure::{ErrorClass, Failure};
use crate::model::feed::{EntryDate, ParsedEntry};
use crate::model::id::{ArticleId, EntryId, FeedId};
use crate::model::outcome::{ArticleFrom, PollOutcome, PollResult, PolledDocument, PolledEntry, Validators};
use crate::site::site_of;

/// Stores `outcome`. Twice the same changes nothing but adds a log row.
pub(super) fn apply(db: &Connection, outcome: &PollOutcome, retention: Retention) -> rusqlite::Result<PollApplied> {
    // An outcome that is applied again must not count again.
    let mut feed = db.prepare_cached("SELECT last_polled_at, url_key FROM feeds WHERE id = ?1")?;
    let (last_polled_at, url_key) = feed
        .query_row([outcome.feed], |row| Ok((row.maybe_time("last_polled_at")?, row.get::<_, String>("url_key")?)))?;
    // The config gave the feed another address meanwhile: what the old one says is not stored, and least of all its
    // validators.
    if url_key != outcome.url_key {
        write_log(db, outcome, PollApplied::default())?;
        return Ok(PollApplied::default());
    }
    let again = last_polled_at.map(Time).is_some_and(|at| at.seconds() == outcome.started_at.timestamp());
    let applied = match &outcome.result {
        PollResult::Document(document) => {
            let applied = apply_document(db, outcome, document, retention)?;
            let brought = if applied.entries_new > 0 { Some(0) } else { None };
            write_validators(db, outcome.feed, &document.validators)?;
            write_document(db, outcome.feed, document)?;
            write_success(db, outcome, brought, again)?;
            applied
        }
        PollResult::NotModified(validators) => {
            write_validators(db, outcome.feed, validators)?;
            write_success(db, outcome, None, again)?;
            PollApplied::default()
        }
        PollResult::Failed(failure) => {
            write_failure(db, outcome, failure, again)?;
            PollApplied::default()
        }
    };
    write_log(db, outcome, applied)?;
    Ok(applied)
}

fn apply_document(
    db: &Connection,
    outcome: &PollOutcome,
    document: &PolledDocument,
    retention: Retention,
) -> rusqlite::Result<PollApplied> {
    let (feed, at) = (outcome.feed, outcome.started_at);
    let mut left = entry::present(db, feed)?;
    let shared = shared_keys(document);
    let mut seen = HashSet::new();
    let mut applied = PollApplied::default();
    for (position, polled) in document.entries.iter().enumerate() {
        // Keys are unique within a document; if a bug breaks that, the first one stands.
        if !seen.insert(polled.entry.key.as_str()) {
            continue;
        }
        let known = match left.remove(&polled.entry.key) {
            Some(known) => Some(known),
            None => entry::find(db, feed, &polled.entry.key)?,
        };
        let work = Work { db, polled, at, retention, own_address: own_address(&polled.entry, &shared) };
        match known {
            None => {
                let id = entry::add(db, feed, polled, position, at)?;
                applied.entries_new += 1;
                work.link(id, &mut applied)?;
            }
            Some(known) => {
                if known.absent {
                    execute(db, "UPDATE entries SET absent_since = NULL WHERE id = ?1", [known.id])?;
                }
                // Decided here and not by the caller, whose reading of the rows is older than this transaction.
                if known.hash != polled.hash {
                    let is_renewed = known.article.is_none() && entry::is_renewed(db, known.id, &polled.entry)?;
                    entry::change(db, known.id, polled, position, at)?;
                    applied.entries_changed += 1;
                    match known.article {
                        Some(article) => work.changed(known.id, article, &mut applied)?,
                        None if is_renewed => work.link(known.id, &mut applied)?,
                        // Its article was deleted for its age, and a new comment count does not make it young.
                        None => {}
                    }
                }
            }
        }
    }
    let absent = if document.feed.breaks_off { HashMap::new() } else { left };
    for gone in absent.values() {
        execute(db, "UPDATE entries SET absent_since = ?2 WHERE id = ?1", params![gone.id, Time(at)])?;
    }
    Ok(applied)
}

/// The address keys that more than one entry of the document has: a changelog page, whose items are articles of their own.
fn shared_keys(document: &PolledDocument) -> HashSet<String> {
    let mut count: HashMap<String, usize> = HashMap::new();
    for url in document.entries.iter().filter_map(|polled| polled.entry.url.as_ref()) {
        *count.entry(url_key(url)).or_default() += 1;
    }
    count.into_iter().filter_map(|(key, count)| (count > 1).then_some(key)).collect()
}

/// The address that is this entry's alone, with its key.
fn own_address<'a>(entry: &'a ParsedEntry, shared: &HashSet<String>) -> Option<(&'a Url, String)> {
    let url = entry.url.as_ref()?;
    let key = url_key(url);
    (!shared.contains(&key)).then_some((url, key))
}

/// One new or changed entry on its way to its article.
struct Work<'a> {
    db: &'a Connection,
    polled: &'a PolledEntry,
    at: DateTime<Utc>,
    retention: Retention,
    own_address: Option<(&'a Url, String)>,
}

impl Work<'_> {
    /// Links the entry to the article of its address, or to a new one.
    fn link(&self, entry: EntryId, applied: &mut PollApplied) -> rusqlite::Result<()> {
        let known = match &self.own_address {
            Some((_, key)) => links::owner(self.db, key)?,
            None => None,
        };
        let article = match known {
            Some(article) => article,
            None => self.add_article(applied)?,
        };
        execute(self.db, "UPDATE entries SET article_id = ?2 WHERE id = ?1", params![entry, article])?;
        Ok(())
    }

    fn add_article(&self, applied: &mut PollApplied) -> rusqlite::Result<ArticleId> {
        let (db, entry) = (self.db, &self.polled.entry);
        let site = entry.url.as_ref().map(site_of);
        let published = entry.published.as_ref().map(chosen);
        let id = insert(
            db,
            "INSERT INTO articles (url, site, title, authors, first_seen_at, published_at, published_precision,
             published_source, published_zone, published_raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                entry.url.as_ref().map(Url::as_str),
                site,
                entry.title,
                Json(&entry.authors),
                Time(self.at),
                published.as_ref().map(|date| Time(date.when.at.to_utc())),
                published.as_ref().map(|date| date.when.precision.as_str()),
                published.as_ref().map(|date| date.source.as_str()),
                published.as_ref().map(|date| date.when.zone.as_str()),
                published.as_ref().map(|date| &date.raw),
            ],
        )?;
        let id = ArticleId(id);
        applied.articles_new += 1;
        let due = matches!(self.polled.article, ArticleFrom::Page) && entry.url.is_some();
        let (state, reason) = if due { ("pending", "new") } else { ("ok", "the feed has all there is") };
        execute(
            db,
            "INSERT INTO article_status (article_id, state, site, next_check_at, next_check_reason)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, state, site.unwrap_or_default(), due.then_some(Time(self.at)), reason],
        )?;
        if let Some((url, _)) = self.own_address {
            links::add_address(db, id, AddressKind::Link, url)?;
        }
        match &self.polled.article {
            ArticleFrom::Page => {
                applied.articles_due += usize::from(due);
                links::replace_related(db, id, entry.related.iter())?;
            }
            ArticleFrom::Feed(_) => self.store_feed_text(id)?,
        }
        Ok(id)
    }

    /// The feed says something else about a known article.
    fn changed(&self, entry: EntryId, article: ArticleId, applied: &mut PollApplied) -> rusqlite::Result<()> {
        let db = self.db;
        if let Some((url, _)) = self.own_address {
            // The same entry with a new link: the document has moved, unless that is another document's address.
            if links::add_address(db, article, AddressKind::Link, url)?.is_none() {
                execute(
                    db,
                    "UPDATE articles SET url = ?2, site = ?3 WHERE id = ?1 AND url IS NOT ?2",
                    params![article, url.as_str(), site_of(url)],
                )?;
                execute(
                    db,
                    "UPDATE article_status SET site = ?2 WHERE article_id = ?1 AND site <> ?2",
                    params![article, site_of(url)],
                )?;
            }
        }
        match &self.polled.article {
            ArticleFrom::Page => {
                let due = execute(
                    db,
                    "UPDATE article_status SET next_check_at = ?2, next_check_reason = 'the feed says it changed'
                     WHERE article_id = ?1 AND state <> 'gone'
                     AND (SELECT url FROM articles WHERE id = ?1) IS NOT NULL",
                    params![article, Time(self.at)],
                )?;
                applied.articles_due += due;
            }
            // Where several feeds carry one document, the first one's words count; a page's text is better than either.
            ArticleFrom::Feed(_) => {
                let mut statement = db.prepare_cached(
                    "SELECT (SELECT min(id) FROM entries WHERE article_id = a.id) = ?2 AND content_source IS NOT 'page'
                     FROM articles a WHERE id = ?1",
                )?;
                if statement.query_row(params![article, entry], |row| row.get(0))? {
                    self.store_feed_text(article)?;
                }
            }
        }
        Ok(())
    }

    fn store_feed_text(&self, id: ArticleId) -> rusqlite::Result<()> {
        let ArticleFrom::Feed(article) = &self.polled.article else { return Ok(()) };
        let related = &self.polled.entry.related;
        let stored = content::store(self.db, id, article, Source::Feed, related, self.at, self.retention)?;
        cluster::settle(self.db, id, &[], stored != content::Stored::Unchanged, self.at).map(drop)
    }
}

/// An entry's date as an article's, until the page tells more.
fn chosen(date: &EntryDate) -> ChosenDate {
    let precision = if date.has_time { Precision::Second } else { Precision::Day };
    let zone = if date.offset_seconds.is_some() { Zone::Stated } else { Zone::Assumed };
    let latest = if date.has_time { date.at } else { date.at + TimeDelta::seconds(24 * 60 * 60 - 1) };
    let when = When { at: date.at.fixed_offset(), earliest: date.at, latest, precision, zone };
    ChosenDate { when, source: DateSource::Feed, raw: date.raw.clone() }
}

fn write_validators(db: &Connection, feed: FeedId, validators: &Validators) -> rusqlite::Result<()> {
    execute(
        db,
        "UPDATE feeds SET etag = ?2, last_modified = ?3 WHERE id = ?1 AND (etag IS NOT ?2 OR last_modified IS NOT ?3)",
        params![feed, validators.etag, validators.last_modified],
    )
    .map(drop)
}

fn write_document(db: &Connection, feed: FeedId, document: &PolledDocument) -> rusqlite::Result<()> {
    let said = &document.feed;
    let address = |url: &Option<Url>| url.as_ref().map(|url| url.as_str().to_owned());
    execute(
        db,
        "UPDATE feeds SET (own_title, site_url, hints, self_url, hub_url, next_page_url, description, language, image_url)
         = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) WHERE id = ?1
         AND (own_title, site_url, hints, self_url, hub_url, next_page_url, description, language, image_url)
         IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            feed,
            said.title,
            address(&said.site_url),
            Json(&said.hints),
            address(&said.self_url),
            address(&said.hub),
            address(&said.next_page),
            said.description,
            said.language,
            address(&said.image_url),
        ],
    )
    .map(drop)
}

fn write_success(db: &Connection, outcome: &PollOutcome, unchanged: Option<u32>, again: bool) -> rusqlite::Result<()> {
    // A feed that was gone and answers is back; one that the config disabled meanwhile stays so.
    execute(
        db,
        "UPDATE feeds SET last_polled_at = ?2, next_poll_at = ?3, next_poll_reason = ?4, interval_seconds = ?5,
         unchanged_polls = coalesce(?6, unchanged_polls + ?7), retry_after_until = ?8, consecutive_failures = 0,
         last_error = NULL, lease_until = NULL, state = iif(state = 'gone', 'active', state), not_before = ?9
         WHERE id = ?1",
        params![
            outcome.feed,
            Time(outcome.started_at),
            outcome.next.at.map(Time::not_before),
            outcome.next.reason,
            outcome.next.interval.as_secs(),
            if again { None } else { unchanged },
            !again,
            retry_after_until(outcome),
            outcome.next.not_before.map(Time::not_before),
        ],
    )
    .map(drop)
}

fn write_failure(db: &Connection, outcome: &PollOutcome, failure: &Failure, again: bool) -> rusqlite::Result<()> {
    execute(
        db,
        "UPDATE feeds SET last_polled_at = ?2, next_poll_at = ?3, next_poll_reason = ?4, interval_seconds = ?5,
         consecutive_failures = consecutive_failures + ?6, last_error = ?7, retry_after_until = ?8, lease_until = NULL,
         state = iif(?9 AND state = 'active', 'gone', state), not_before = ?10 WHERE id = ?1",
        params![
            outcome.feed,
            Time(outcome.started_at),
            outcome.next.at.map(Time::not_before),
            outcome.next.reason,
            outcome.next.interval.as_secs(),
            !again,
            failure.message,
            retry_after_until(outcome),
            failure.class == ErrorClass::Gone,
            outcome.next.not_before.map(Time::not_before),
        ],
    )
    .map(drop)
}

fn retry_after_until(outcome: &PollOutcome) -> Option<Time> {
    let wait = TimeDelta::from_std(outcome.retry_after?.checked_add(outcome.duration)?).ok()?;
    outcome.started_at.checked_add_signed(wait).map(Time)
}

fn write_log(db: &Connection, outcome: &PollOutcome, applied: PollApplied) -> rusqlite::Result<()> {
    let (kind, document, failure) = match &outcome.result {
        PollResult::Document(document) if applied.entries_new + applied.entries_changed > 0 => {
            ("new", Some(document), None)
        }
        PollResult::Document(document) => ("unchanged", Some(document), None),
        PollResult::NotModified(_) => ("not_modified", None, None),
        PollResult::Failed(failure) => ("error", None, Some(failure)),
    };
    insert(
        db,
        "INSERT INTO polls (feed_id, started_at, duration_ms, outcome, http_status, body_bytes, entries_seen, entries_new,
         entries_changed, gap, warnings, error_class, error)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            outcome.feed,
            Time(outcome.started_at),
            u64::try_from(outcome.duration.as_millis()).unwrap_or(u64::MAX >> 1),
            kind,
            outcome.http_status,
            outcome.body_bytes,
            document.map_or(0, |document| document.entries.len()),
            applied.entries_new,
            applied.entries_changed,
            document.is_some_and(|document| document.gap),
            Json(document.map_or(&[][..], |document| &document.feed.warnings)),
            failure.map(|failure| failure.class.as_str()),
            failure.map(|failure| &failure.message),
        ],
    )
    .map(drop)
}
