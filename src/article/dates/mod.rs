//! Dates with their provenance, as JSON-LD states them.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use ego_tree::NodeId;
use serde_json::Value;
use url::Url;

use crate::model::date::{ChosenDate, DateClaim, DateField, DateSource, Precision, When, Zone};
use crate::model::feed::ParsedEntry;

/// What the dates of a page are read from.
#[derive(Debug)]
pub struct PageView<'a> {
    /// The page.
    pub tree: &'a scraper::Html,
    /// Its JSON-LD.
    pub json_ld: &'a [Value],
    /// Its address.
    pub url: &'a Url,
    /// BCP 47.
    pub language: Option<&'a str>,
    /// When it was fetched.
    pub now: DateTime<Utc>,
    /// For dates without an offset.
    pub assume_timezone: Option<Tz>,
    /// What the feed says.
    pub entry: Option<&'a ParsedEntry>,
    /// The HTTP header.
    pub last_modified: Option<&'a str>,
    /// The headline.
    pub title_node: Option<NodeId>,
    /// The smallest element around the text.
    pub content_node: Option<NodeId>,
}

/// Every date of a page.
pub fn collect(page: &PageView<'_>) -> Vec<DateClaim> {
    let mut claims = Vec::new();
    for node in page.json_ld {
        for (key, field) in [("datePublished", DateField::Published), ("dateModified", DateField::Updated)] {
            if let Some(raw) = node.get(key).and_then(Value::as_str) {
                let when = DateTime::parse_from_rfc3339(raw).ok().map(|at| When {
                    at,
                    earliest: at.to_utc(),
                    latest: at.to_utc(),
                    precision: Precision::Second,
                    zone: Zone::Stated,
                });
                let source = DateSource::JsonLd;
                let label = Some(key.to_owned());
                claims.push(DateClaim {
                    field,
                    source,
                    raw: raw.to_owned(),
                    label,
                    when,
                    chosen: false,
                    reject_reason: None,
                });
            }
        }
    }
    claims
}

/// The first of each field that is not in the future.
pub fn choose(claims: &mut [DateClaim], now: DateTime<Utc>) -> (Option<ChosenDate>, Option<ChosenDate>) {
    let mut first = |field| {
        let claim = claims.iter_mut().find(|claim| {
            claim.field == field && claim.when.is_some_and(|when| when.earliest <= now + TimeDelta::days(1))
        })?;
        claim.chosen = true;
        Some(ChosenDate { when: claim.when?, source: claim.source, raw: claim.raw.clone() })
    };
    (first(DateField::Published), first(DateField::Updated))
}

pub mod line {
    //! Lines of dates.

    use std::sync::LazyLock;

    use chrono::{DateTime, Utc};
    use chrono_tz::Tz;
    use regex::Regex;

    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?x) \b(19|20)\d\d\b .* \d | \d{1,2} [./-] \d{1,2} [./-] \d{2,4} | \d .* \b(19|20)\d\d\b | \b\d+\s+\w+\s+ago\b";
        Regex::new(pattern).expect("the pattern is a constant")
    });

    /// What a date line says.
    #[derive(Debug, Clone, PartialEq)]
    pub struct DateLine {
        /// Whether the line is dates and their labels alone.
        pub only_dates: bool,
    }

    /// Reads a line that is mainly dates; `None` for prose that mentions a date.
    pub fn read(text: &str, _language: Option<&str>, _now: DateTime<Utc>, _assume: Option<Tz>) -> Option<DateLine> {
        let few_words = text.split_whitespace().count() <= 12 && text.chars().count() <= 80;
        (few_words && DATE.is_match(text)).then_some(DateLine { only_dates: true })
    }
}
