//! Dates with their provenance.
//!
//! A page says when its article was published and updated in many places, and they disagree. Every claim is collected with
//! its source, raw text and precision; one ranked rule chooses; what was not chosen stays, with the reason.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use scraper::{ElementRef, Html};
use url::Url;

use crate::model::date::{DateClaim, DateField, DateSource, Precision, When, Zone};
use crate::model::feed::ParsedEntry;

mod choose;
mod page;
mod structured;

pub mod line;
pub mod phrase;

mod parts;
mod relative;
mod scan;
mod text;
mod words;

pub use choose::choose;

/// A claim's raw text is cut to this many characters.
const LONGEST_RAW: usize = 200;
/// A page has no more claims than this that tell anything.
const MOST_CLAIMS: usize = 60;

/// What dates are read from.
#[derive(Debug, Clone, Copy)]
pub struct PageView<'a> {
    /// The whole page.
    pub tree: &'a Html,
    /// Its JSON-LD blocks, parsed.
    pub json_ld: &'a [serde_json::Value],
    /// Where it was found, after redirects.
    pub url: &'a Url,
    /// BCP 47 tag, declared or detected.
    pub language: Option<&'a str>,
    /// When it was fetched.
    pub now: DateTime<Utc>,
    /// For dates without an offset; UTC when `None`.
    pub assume_timezone: Option<Tz>,
    /// The feed's entry that led here.
    pub entry: Option<&'a ParsedEntry>,
    /// The HTTP header.
    pub last_modified: Option<&'a str>,
    /// The article's heading, where it is known; else the page's first `h1`.
    pub title_node: Option<ElementRef<'a>>,
    /// The element that holds the article's text, where it is known.
    pub content_node: Option<ElementRef<'a>>,
}

/// Every date that the page, its URL, its entry and its headers claim for the article, best place first within a source.
pub fn collect(page: &PageView<'_>) -> Vec<DateClaim> {
    let mut claims = Claims { page, list: Vec::new() };
    structured::json_ld(&mut claims);
    page::collect(&mut claims);
    structured::url(&mut claims);
    structured::entry(&mut claims);
    structured::last_modified(&mut claims);
    claims.list.truncate(MOST_CLAIMS);
    if page.assume_timezone.is_none() {
        assume_stated_offset(&mut claims.list);
    }
    claims.list
}

/// Moves local times without an offset to the offset that another claim of the page states: one newsroom, one zone.
fn assume_stated_offset(claims: &mut [DateClaim]) {
    let stated = claims.iter().filter_map(|claim| claim.when).find_map(|when| {
        let offset = when.at.offset().local_minus_utc();
        (when.zone == Zone::Stated && offset != 0).then(|| Duration::seconds(i64::from(offset)))
    });
    let Some(offset) = stated else { return };
    for when in claims.iter_mut().filter_map(|claim| claim.when.as_mut()) {
        if when.zone == Zone::Assumed && when.precision < Precision::Day {
            when.at -= offset;
            when.earliest -= offset;
            when.latest -= offset;
        }
    }
}

/// The claims found so far, and the page they come from.
struct Claims<'a> {
    page: &'a PageView<'a>,
    list: Vec<DateClaim>,
}

impl Claims<'_> {
    fn setting(&self) -> scan::Setting<'_> {
        scan::Setting { language: self.page.language, now: self.page.now, assume: self.page.assume_timezone }
    }

    /// Adds the claim that a text in a machine's format makes.
    fn add_text(&mut self, field: DateField, source: DateSource, label: &str, raw: &str) {
        let raw = raw.trim();
        // A value without a digit is a template's placeholder, or no date.
        if raw.bytes().any(|byte| byte.is_ascii_digit() || byte >= 0x80) {
            let when = structured::machine_value(raw, &self.setting());
            self.add(field, source, Some(label), raw, when);
        }
    }

    fn add(
        &mut self,
        field: DateField,
        source: DateSource,
        label: Option<&str>,
        raw: &str,
        when: Result<When, scan::Unreadable>,
    ) {
        let raw: String = raw.chars().take(LONGEST_RAW).collect();
        let seen = |claim: &DateClaim| {
            (claim.field, claim.source, claim.raw.as_str(), claim.label.as_deref())
                == (field, source, raw.as_str(), label)
        };
        if self.list.len() < 2 * MOST_CLAIMS && !self.list.iter().any(seen) {
            let reject_reason = when.err().map(|problem| problem.reason().to_owned());
            let label = label.map(str::to_owned);
            self.list.push(DateClaim { field, source, raw, label, when: when.ok(), chosen: false, reject_reason });
        }
    }
}
