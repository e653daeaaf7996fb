//! Applying a visit: the log row, the article's status, and what the page says, all in one transaction.

use rusqlite::{Connection, OptionalExtension, params};
use url::Url;

use super::content::{self, Source, Stored};
use super::sql::{Columns, Json, Time, execute, insert};
use super::values::{Retention, VisitApplied, VisitKind};
use super::{cluster, links, memory, parts};
use crate::dedup::Verdict;
use crate::model::article::{AddressKind, Article, RelatedLink};
use crate::model::failure::{ErrorClass, Failure};
use crate::model::id::ArticleId;
use crate::model::outcome::{ReadPage, Validators, VisitOutcome, VisitResult};
use crate::site::site_of;

/// Stores `outcome`. Twice the same changes nothing but adds a log row.
pub(super) fn apply(db: &Connection, outcome: &VisitOutcome, retention: Retention) -> rusqlite::Result<VisitApplied> {
    let Some(before) = Before::load(db, outcome.article)? else {
        // Deleted for its age while the visit was under way: there is nothing to store it with.
        return Ok(VisitApplied { outcome: VisitKind::Error, verdict: Verdict::Unique });
    };
    let visit = Visit { db, outcome, retention, before };
    let mut warning = None;
    let (kind, changed, same_address) = match &outcome.result {
        VisitResult::Read(page) => {
            let (stored, same_address) = visit.read(page)?;
            warning = (stored == Stored::Kept).then_some(content::CUT);
            let kind = match stored {
                Stored::First | Stored::FromPage => VisitKind::New,
                Stored::Revised => VisitKind::Revised,
                Stored::Unchanged | Stored::Kept => VisitKind::Unchanged,
            };
            visit.write_status("ok", None, Some(&page.validators))?;
            if stored != Stored::Kept {
                memory::store(db, outcome.article, &site_of(&page.final_url), &page.article.blocks)?;
            }
            (kind, kind != VisitKind::Unchanged, same_address)
        }
        VisitResult::NotModified(validators) => {
            visit.write_status("ok", None, Some(validators))?;
            (VisitKind::NotModified, false, Vec::new())
        }
        VisitResult::Failed { failure, fallback } => {
            let changed = visit.fall_back(fallback.as_deref())?;
            let state = if failure.class == ErrorClass::Gone { "gone" } else { "failed" };
            if state == "gone" && visit.before.state != "gone" {
                content::record(db, outcome.started_at, "gone", outcome.article, None)?;
            }
            visit.write_status(state, Some(&failure.message), None)?;
            (VisitKind::Error, changed, Vec::new())
        }
        VisitResult::Robots { fallback } => {
            let changed = visit.fall_back(fallback.as_deref())?;
            visit.write_status("robots", Some(ROBOTS), None)?;
            (VisitKind::Error, changed, Vec::new())
        }
    };
    if outcome.next.at.is_none() {
        memory::forget(db, outcome.article)?;
    }
    visit.write_log(kind, warning)?;
    let verdict = cluster::settle(db, outcome.article, &same_address, changed, outcome.started_at)?;
    Ok(VisitApplied { outcome: kind, verdict })
}

const ROBOTS: &str = "robots.txt asks to stay away";

/// The article before the visit.
struct Before {
    state: String,
    has_text: bool,
    /// Whether this outcome was applied already, and must not count again.
    checked_at: Option<Time>,
}

impl Before {
    fn load(db: &Connection, article: ArticleId) -> rusqlite::Result<Option<Self>> {
        let mut statement = db.prepare_cached(
            "SELECT s.state, s.checked_at, a.content_source IS NOT NULL AS has_text
             FROM article_status s JOIN articles a ON a.id = s.article_id WHERE s.article_id = ?1",
        )?;
        let before = statement.query_row([article], |row| {
            Ok(Self { state: row.get("state")?, has_text: row.get("has_text")?, checked_at: row.get("checked_at")? })
        });
        before.optional()
    }
}

struct Visit<'a> {
    db: &'a Connection,
    outcome: &'a VisitOutcome,
    retention: Retention,
    before: Before,
}

impl Visit<'_> {
    /// Stores the page; returns what it brought and the other articles that own one of its addresses.
    fn read(&self, page: &ReadPage) -> rusqlite::Result<(Stored, Vec<ArticleId>)> {
        let (db, id, at) = (self.db, self.outcome.article, self.outcome.started_at);
        let feed_links = feed_links(db, id)?;
        let is_ours = parts::is_completed_by(db, id, page)? || memory::has_other_rules(db, id, &page.article.blocks)?;
        let source = if is_ours { Source::PageAnew } else { Source::Page };
        let stored = content::store(db, id, &page.article, source, &feed_links, at, self.retention)?;
        // A page that shows less than what is stored is nothing to read again.
        if stored == Stored::Kept {
            return Ok((stored, add_addresses(db, id, &page.final_url, &page.article)?));
        }
        parts::store(db, id, page)?;
        if let Some(raw) = &page.raw {
            execute(
                db,
                "INSERT OR REPLACE INTO raw_pages (article_id, fetched_at, url, content_type, zstd)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, Time(raw.fetched_at), page.final_url.as_str(), raw.content_type, raw.zstd],
            )?;
        }
        Ok((stored, add_addresses(db, id, &page.final_url, &page.article)?))
    }

    /// Stores what the feed carries where there is no text yet; tells whether it did.
    fn fall_back(&self, article: Option<&Article>) -> rusqlite::Result<bool> {
        let Some(article) = article.filter(|_| !self.before.has_text) else { return Ok(false) };
        let (id, at) = (self.outcome.article, self.outcome.started_at);
        content::store(self.db, id, article, Source::Feed, &feed_links(self.db, id)?, at, self.retention)?;
        Ok(true)
    }

    fn write_status(&self, state: &str, error: Option<&str>, validators: Option<&Validators>) -> rusqlite::Result<()> {
        let outcome = self.outcome;
        let again = self.before.checked_at.is_some_and(|at| at.seconds() == outcome.started_at.timestamp());
        execute(
            self.db,
            "UPDATE article_status SET state = ?2, next_check_at = ?3, next_check_reason = ?4, checked_at = ?5,
             consecutive_failures = iif(?6 IS NULL, 0, consecutive_failures + ?7), last_error = ?6, lease_until = NULL,
             etag = iif(?8, ?9, etag), last_modified = iif(?8, ?10, last_modified) WHERE article_id = ?1",
            params![
                outcome.article,
                state,
                outcome.next.at.map(Time::not_before),
                outcome.next.reason,
                Time(outcome.started_at),
                error,
                // robots.txt is the site's wish and no failure.
                !again && state != "robots",
                validators.is_some(),
                validators.and_then(|validators| validators.etag.as_ref()),
                validators.and_then(|validators| validators.last_modified.as_ref()),
            ],
        )
        .map(drop)
    }

    fn write_log(&self, kind: VisitKind, warning: Option<&str>) -> rusqlite::Result<()> {
        let outcome = self.outcome;
        let of_page = match &outcome.result {
            VisitResult::Read(page) => &page.article.warnings[..],
            _ => &[],
        };
        let warnings: Vec<&str> = of_page.iter().map(String::as_str).chain(warning).collect();
        let (class, error) = match &outcome.result {
            VisitResult::Failed { failure: Failure { class, message }, .. } => {
                (Some(class.as_str()), Some(&message[..]))
            }
            VisitResult::Robots { .. } => (Some("robots"), Some(ROBOTS)),
            _ => (None, None),
        };
        insert(
            self.db,
            "INSERT INTO visits (article_id, started_at, duration_ms, outcome, http_status, body_bytes, warnings,
             error_class, error) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                outcome.article,
                Time(outcome.started_at),
                u64::try_from(outcome.duration.as_millis()).unwrap_or(u64::MAX >> 1),
                kind.as_str(),
                outcome.http_status,
                outcome.body_bytes,
                Json(warnings),
                class,
                error,
            ],
        )
        .map(drop)
    }
}

/// Makes the addresses of a page those of its article; returns the other articles that own one of them.
pub(super) fn add_addresses(
    db: &Connection,
    id: ArticleId,
    final_url: &Url,
    article: &Article,
) -> rusqlite::Result<Vec<ArticleId>> {
    let mut addresses = vec![(AddressKind::Final, final_url)];
    addresses.extend(article.addresses.iter().map(|address| (address.kind, &address.url)));
    // As the road is listed: where redirects ended, canonical, AMP, og:url.
    addresses.sort_by_key(|(kind, _)| *kind);
    let mut owners = Vec::new();
    // A home page is no article's address: redirects and careless templates lead there from many.
    for (kind, url) in addresses.into_iter().filter(|(_, url)| !is_home_page(url)) {
        let owner = links::add_address(db, id, kind, url)?;
        owners.extend(owner.filter(|owner| !owners.contains(owner)));
    }
    Ok(owners)
}

/// The related links of the entries that led to the article.
pub(super) fn feed_links(db: &Connection, id: ArticleId) -> rusqlite::Result<Vec<RelatedLink>> {
    let mut statement =
        db.prepare_cached("SELECT related FROM entries WHERE article_id = ?1 AND related <> '[]' ORDER BY id")?;
    let lists = statement.query_map([id], |row| row.json::<Vec<RelatedLink>>("related"))?;
    lists.collect::<rusqlite::Result<Vec<_>>>().map(|lists| lists.into_iter().flatten().collect())
}

fn is_home_page(url: &Url) -> bool {
    url.path() == "/" && url.query().is_none()
}
