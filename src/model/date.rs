//! Dates with their provenance: what was read, where, how precisely, and what became of it.

use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;

/// How precisely a source states a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// To the second.
    Second,
    /// To the minute.
    Minute,
    /// To the hour.
    Hour,
    /// To the day.
    Day,
    /// To the month.
    Month,
    /// To the year.
    Year,
}

impl Precision {
    /// The word that the database and the JSON use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// Where a date was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateSource {
    /// The feed's entry.
    Feed,
    /// JSON-LD of this page's article node.
    JsonLd,
    /// A `<meta>` element.
    Meta,
    /// schema.org microdata.
    Microdata,
    /// A `<time>` element.
    Time,
    /// The page's URL.
    Url,
    /// Text that a reader sees.
    Visible,
    /// Seconds in an inline script.
    Script,
    /// The HTTP `Last-Modified` header.
    Http,
}

impl DateSource {
    /// The word that the database and the JSON use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::JsonLd => "json-ld",
            Self::Meta => "meta",
            Self::Microdata => "microdata",
            Self::Time => "time",
            Self::Url => "url",
            Self::Visible => "visible",
            Self::Script => "script",
            Self::Http => "http",
        }
    }
}

/// Whether the source states an offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    /// The source gives the offset, or an instant.
    Stated,
    /// The source gives none: `assume_timezone`, else UTC.
    Assumed,
}

impl Zone {
    /// The word that the database and the JSON use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Assumed => "assumed",
        }
    }
}

/// A point in time as a text states it: the best single value and the interval that the words allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The best single value, with the offset where one is stated (UTC otherwise).
    pub at: DateTime<FixedOffset>,
    /// The first instant that the words allow.
    pub earliest: DateTime<Utc>,
    /// The last instant that the words allow. Equal to `earliest` at second precision.
    pub latest: DateTime<Utc>,
    /// How precisely the words say it.
    pub precision: Precision,
    /// Whether an offset was stated.
    pub zone: Zone,
}

/// What a date claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DateField {
    /// When the article was first published.
    Published,
    /// When the publisher last changed it.
    Updated,
}

impl DateField {
    /// The word that the database and the JSON use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Updated => "updated",
        }
    }
}

/// One date found on a page or in a feed, and what became of it: a row of `date_claims`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateClaim {
    /// What it claims to be.
    pub field: DateField,
    /// Where it was found.
    pub source: DateSource,
    /// The text as found, at most 200 characters.
    pub raw: String,
    /// The key or word that names it: `dateModified`, `article:published_time`, `Updated`.
    pub label: Option<String>,
    /// Its value; `None` when it could not be read, and then `reject_reason` says why.
    pub when: Option<When>,
    /// Whether it is the one that the article's column shows.
    pub chosen: bool,
    /// Why it is not, in a few words; may also be set on a chosen one to flag it (`equals published`).
    pub reject_reason: Option<String>,
}

/// The date that an article's `published_*` or `updated_*` columns show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenDate {
    /// Its value.
    pub when: When,
    /// Where it was found.
    pub source: DateSource,
    /// The text as found.
    pub raw: String,
}

impl When {
    /// Whether it was read from words that count from the visit, like "10 years ago".
    ///
    /// Their interval ends at the value, the visit less the words' span; a calendar date's begins there.
    pub fn is_relative(&self) -> bool {
        let at = self.at.to_utc();
        self.earliest < at && at == self.latest
    }
}

impl ChosenDate {
    /// What both say together, where `self` and the `later` reading name one moment in relative words.
    ///
    /// The interval is where both overlap, so it only ever narrows; a later reading that contradicts is not believed.
    #[must_use]
    pub fn narrow(&self, later: &Self) -> Self {
        let earliest = self.when.earliest.max(later.when.earliest);
        let latest = self.when.latest.min(later.when.latest);
        if earliest > latest {
            return self.clone();
        }
        let at = self.when.at.to_utc().clamp(earliest, latest).with_timezone(self.when.at.offset());
        let precision = self.when.precision.min(later.when.precision);
        Self { when: When { at, earliest, latest, precision, zone: self.when.zone }, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{ChosenDate, DateSource, Precision, When, Zone};

    fn utc(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn chosen(earliest: &str, latest: &str, precision: Precision) -> ChosenDate {
        let (earliest, latest) = (utc(earliest), utc(latest));
        let when = When { at: latest.fixed_offset(), earliest, latest, precision, zone: Zone::Stated };
        ChosenDate { when, source: DateSource::Visible, raw: String::new() }
    }

    #[test]
    fn relative_words_are_told_from_calendar_dates() {
        let ago = chosen("2014-11-22T21:14:18Z", "2015-11-22T21:14:18Z", Precision::Year);
        assert!(ago.when.is_relative());
        assert!(
            ago.narrow(&chosen("2015-03-01T00:00:00Z", "2016-03-01T00:00:00Z", Precision::Year)).when.is_relative()
        );
        let day = When { at: ago.when.earliest.fixed_offset(), precision: Precision::Day, ..ago.when };
        assert!(!day.is_relative());
    }

    #[test]
    fn narrowing_never_leaves_the_first_interval() {
        let first = chosen("2014-11-22T21:14:18Z", "2015-11-22T21:14:17Z", Precision::Year);
        let later = chosen("2015-03-01T00:00:01Z", "2016-03-01T00:00:00Z", Precision::Year);
        let both = first.narrow(&later);
        assert_eq!((both.when.earliest, both.when.latest), (later.when.earliest, first.when.latest));
        assert_eq!(both.narrow(&later), both, "narrowing twice changes nothing");
        let contradicts = chosen("2020-01-01T00:00:01Z", "2021-01-01T00:00:00Z", Precision::Year);
        assert_eq!(first.narrow(&contradicts), first);
        let earlier = chosen("2014-01-01T00:00:01Z", "2015-01-01T00:00:00Z", Precision::Year);
        let moved = first.narrow(&earlier).when;
        assert_eq!(moved.at.to_utc(), earlier.when.latest, "the value moves into the interval");
        assert!(moved.latest - moved.earliest > TimeDelta::zero());
    }
}
