//! An article as the JSON of `extract`, `test` and `show` has it.

use chrono::SecondsFormat;
use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

use super::time;
use crate::model::article::Article;
use crate::model::date::{ChosenDate, DateClaim, When, Zone};

/// The JSON object of a file.
pub(super) fn object(file: &str, url: Option<&Url>, article: &Article) -> Value {
    json!({
        "file": file,
        "url": url,
        "title": article.title,
        "authors": article.authors,
        "site_name": article.site_name,
        "language": article.language,
        "description": article.description,
        "image_url": article.image_url,
        "published": article.published.as_ref().map(DateObject::from),
        "updated": article.updated.as_ref().map(DateObject::from),
        "content_text": article.content_text,
        "content_html": article.content_html,
        "word_count": article.word_count,
        "kind": article.kind,
        "access": article.access.as_ref().map(|found| found.access),
        "access_reason": article.access.as_ref().map(|found| &found.reason),
        "related": article.related,
        "next_part": article.next_part,
        "warnings": article.warnings,
    })
}

/// Every date that a page claims, as `--reasons` shows them.
pub(super) fn claims(claims: &[DateClaim]) -> Value {
    let one = |claim: &DateClaim| {
        json!({
            "field": claim.field,
            "source": claim.source.as_str(),
            "label": claim.label,
            "raw": claim.raw,
            "at": claim.when.map(|when| shown(&when)),
            "precision": claim.when.map(|when| when.precision.as_str()),
            "chosen": claim.chosen,
            "reason": claim.reject_reason,
        })
    };
    claims.iter().map(one).collect()
}

/// A date in the JSON: `at` with the offset where one is stated, the ends of the interval in UTC.
#[derive(Debug, Serialize)]
pub(super) struct DateObject {
    at: String,
    earliest: String,
    latest: String,
    precision: &'static str,
    zone: &'static str,
    source: &'static str,
    raw: String,
}

impl From<&ChosenDate> for DateObject {
    fn from(date: &ChosenDate) -> Self {
        let when = date.when;
        Self {
            at: shown(&when),
            earliest: time::stamp(when.earliest),
            latest: time::stamp(when.latest),
            precision: when.precision.as_str(),
            zone: when.zone.as_str(),
            source: date.source.as_str(),
            raw: date.raw.clone(),
        }
    }
}

/// With the offset where one is stated.
fn shown(when: &When) -> String {
    match when.zone {
        Zone::Stated => when.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        Zone::Assumed => time::stamp(when.at.to_utc()),
    }
}
