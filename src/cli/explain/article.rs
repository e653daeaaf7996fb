//! An article: where its text, its dates and its place among its copies come from.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::advice::advice_on_page;
use super::{CliError, LOOKS, columns, section, table, time, visit_json};
use crate::cli::show;
use crate::model::date::DateClaim;
use crate::store::error::StoreError;
use crate::store::reader::{Copied, LaterPage, Reader, StoredArticle, StoredRevision, StoredVisit};

/// Copies that are listed.
const COPIES: usize = 50;

/// All that is known of why an article is as it is.
pub(super) struct Article {
    stored: StoredArticle,
    copies: Vec<Copied>,
    visits: Vec<StoredVisit>,
}

/// Reads the rest of it.
pub(super) fn read(reader: &Reader, article: StoredArticle) -> Result<Article, CliError> {
    let head = article.duplicate.as_ref().map_or(article.id, |duplicate| duplicate.head);
    let read = || -> Result<_, StoreError> { Ok((reader.copies(head, COPIES)?, reader.visits(article.id, LOOKS)?)) };
    let (mut copies, visits) = read().map_err(|error| CliError::failed(&error))?;
    copies.retain(|copy| copy.id != article.id);
    Ok(Article { stored: article, copies, visits })
}

impl Article {
    /// For people.
    pub(super) fn to_text(&self) -> String {
        let article = &self.stored;
        let status = &article.status;
        let fields = table::fields([
            ("article", article.id.to_string()),
            ("title", article.title.clone().unwrap_or_default()),
            ("url", article.url.as_ref().map_or("none: the entry has no link".to_owned(), ToString::to_string)),
            ("state", format!("{}: {}", status.state, state_means(&status.state))),
            ("text from", self.text_from()),
            ("kind", show::kind(article.kind)),
            ("access", article.access.as_ref().map(show::access).unwrap_or_default()),
            ("pages", self.pages()),
            ("feeds", article.feeds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
            ("seen", time::stamp(article.first_seen_at)),
            ("changed", stamp(article.changed_at)),
            ("last visit", stamp(status.checked_at)),
            ("next visit", status.next_check_at.map_or_else(|| "none".to_owned(), time::stamp)),
            ("why then", status.next_check_reason.clone().unwrap_or_default()),
            (
                "failures",
                match status.consecutive_failures {
                    0 => String::new(),
                    n => format!("{n} in a row"),
                },
            ),
            ("last error", status.last_error.clone().unwrap_or_default()),
            ("means", self.advice().unwrap_or_default().to_owned()),
            (
                "copy of",
                article
                    .duplicate
                    .as_ref()
                    .map(|duplicate| {
                        let (head, kind, share) = (duplicate.head, &duplicate.kind, duplicate.similarity * 100.0);
                        format!("article {head}: {} ({share:.0} % of the smaller text)", kind_means(kind))
                    })
                    .unwrap_or_default(),
            ),
        ]);
        let dates = [("published", article.published.as_ref()), ("updated", article.updated.as_ref())];
        let dates = table::fields(
            dates.map(|(name, date)| (name, date.map_or_else(|| "nobody says".to_owned(), show::provenance))),
        );
        let mut claims = String::new();
        if !article.date_claims.is_empty() {
            let headings = ["FIELD", "SOURCE", "LABEL", "AS FOUND", "READ AS", "PRECISION", "VERDICT"];
            claims = table::render(headings, &article.date_claims.iter().map(claim_row).collect::<Vec<_>>());
        }
        let urls: Vec<_> = article.urls.iter().map(|(kind, url)| [kind.as_str().to_owned(), url.to_string()]).collect();
        let revisions: Vec<_> = article.revisions.iter().map(revision_row).collect();
        let copies: Vec<_> = self.copies.iter().map(copy_row).collect();
        let pages: Vec<_> = article.parts.iter().map(page_row).collect();
        let visits: Vec<_> = self.visits.iter().map(columns).collect();
        [
            fields,
            section("Dates", &dates),
            section("Every date found", &claims),
            section("Addresses", &listing(["BY", "URL"], &urls)),
            section("Later pages", &listing(["NUMBER", "READ", "URL"], &pages)),
            section("Other copies", &listing(["ARTICLE", "KIND", "SHARE", "URL"], &copies)),
            section("Revisions", &listing(["NUMBER", "SEEN", "KIND", "HOW", "ADDED", "REMOVED"], &revisions)),
            section("Last visits", &listing(["STARTED", "OUTCOME", "HTTP", "TOOK", "NOTES"], &visits)),
        ]
        .concat()
    }

    /// For programs: what `show` has, without the texts, and the rest.
    pub(super) fn to_json(&self) -> String {
        let mut article = show::to_json(&self.stored);
        let own = json!({
            "what": "article",
            "state_means": state_means(&self.stored.status.state),
            "consecutive_failures": self.stored.status.consecutive_failures,
            "advice": self.advice(),
            "copies": self.copies.iter().map(|copy| json!({
                "id": copy.id, "url": copy.url, "kind": copy.kind, "similarity": copy.similarity,
            })).collect::<Vec<_>>(),
            "visits": self.visits.iter().map(visit_json).collect::<Vec<_>>(),
        });
        if let (Some(article), serde_json::Value::Object(own)) = (article.as_object_mut(), own) {
            article.retain(|key, _| !matches!(key.as_str(), "content_html" | "content_text"));
            article.extend(own);
        }
        format!("{article}\n")
    }

    fn text_from(&self) -> String {
        let words = self.stored.word_count;
        match self.stored.content_source.as_deref() {
            Some("page") => format!("its page, {words} words"),
            Some("feed") => format!("what the feed carries, {words} words"),
            Some(other) => format!("{other}, {words} words"),
            None => "nowhere yet".to_owned(),
        }
    }

    /// Of an article that runs over several.
    fn pages(&self) -> String {
        let parts = &self.stored.parts;
        let joined = parts.iter().filter(|part| part.fetched_at.is_some()).count();
        let missing = parts.iter().find(|part| part.fetched_at.is_none());
        match missing {
            Some(part) => format!("{} joined; page {} could not be had: {}", joined + 1, part.number, part.url),
            None if joined > 0 => format!("{} joined", joined + 1),
            None => String::new(),
        }
    }

    /// About the last error, while it stands.
    fn advice(&self) -> Option<&'static str> {
        let failed = self.visits.first().filter(|_| self.stored.status.last_error.is_some())?;
        advice_on_page(failed.error_class.as_deref()?)
    }
}

/// A table, or nothing where it has no rows.
fn listing<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    if rows.is_empty() { String::new() } else { table::render(headings, rows) }
}

fn state_means(state: &str) -> &'static str {
    match state {
        "pending" => "its page was not looked at yet",
        "ok" => "the last look brought it",
        "failed" => "the last look at its page failed; a text from before or from the feed stays",
        "gone" => "its page was removed; what was stored stays",
        "robots" => "robots.txt asks to stay away from its page; what the feed carries is kept",
        _ => "of another version of this program",
    }
}

fn kind_means(kind: &str) -> &str {
    match kind {
        "url" => "the same address",
        "exact" => "the same text",
        "near" => "nearly the same text",
        "contained" => "one text is contained in the other",
        other => other,
    }
}

fn claim_row(claim: &DateClaim) -> [String; 7] {
    let verdict = match (claim.chosen, claim.reject_reason.as_deref()) {
        (true, None) => "chosen".to_owned(),
        (true, Some(oddity)) => format!("chosen; {oddity}"),
        (false, reason) => format!("rejected: {}", reason.unwrap_or("no reason recorded")),
    };
    [
        claim.field.as_str().to_owned(),
        claim.source.as_str().to_owned(),
        claim.label.clone().unwrap_or_default(),
        claim.raw.clone(),
        claim.when.map(|when| time::stamp(when.at.to_utc())).unwrap_or_default(),
        claim.when.map(|when| format!("{}, zone {}", when.precision.as_str(), when.zone.as_str())).unwrap_or_default(),
        verdict,
    ]
}

fn revision_row(revision: &StoredRevision) -> [String; 6] {
    let how = [(revision.silent, "silent"), (revision.correction, "correction")];
    let how: Vec<&str> = how.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
    [
        revision.number.to_string(),
        time::stamp(revision.observed_at),
        revision.kind.clone(),
        how.join(", "),
        revision.words_added.to_string(),
        revision.words_removed.to_string(),
    ]
}

fn page_row(page: &LaterPage) -> [String; 3] {
    let read = page.fetched_at.map_or_else(|| "could not be had".to_owned(), time::stamp);
    [page.number.to_string(), read, page.url.to_string()]
}

fn copy_row(copy: &Copied) -> [String; 4] {
    [
        copy.id.to_string(),
        copy.kind.clone(),
        format!("{:.2}", copy.similarity),
        copy.url.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

fn stamp(at: Option<DateTime<Utc>>) -> String {
    at.map(time::stamp).unwrap_or_default()
}
