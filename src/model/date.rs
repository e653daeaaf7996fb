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

impl ChosenDate {
    /// This date, narrowed by what a later look at the same words allows.
    ///
    /// The result lies inside this date's interval and keeps its source and words: relative words that drift ("9 years
    /// ago", then "10 years ago") are the same date seen from two days. Where the two have nothing in common the later
    /// words mean another date, and this one is returned as it is.
    #[must_use]
    pub fn narrow(&self, later: &Self) -> Self {
        let (earliest, latest) = (self.when.earliest.max(later.when.earliest), self.when.latest.min(later.when.latest));
        if earliest > latest {
            return self.clone();
        }
        let at = self.when.at.clamp(earliest.fixed_offset(), latest.fixed_offset());
        let precision = self.when.precision.min(later.when.precision);
        Self { when: When { at, earliest, latest, precision, zone: self.when.zone }, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::{ChosenDate, DateSource, Precision, When, Zone};

    fn chosen(earliest: &str, latest: &str) -> ChosenDate {
        let when = When {
            at: latest.parse().unwrap(),
            earliest: earliest.parse().unwrap(),
            latest: latest.parse().unwrap(),
            precision: Precision::Year,
            zone: Zone::Stated,
        };
        ChosenDate { when, source: DateSource::Visible, raw: "10 years ago".to_owned() }
    }

    #[test]
    fn narrowing_stays_inside_the_first_interval_and_keeps_its_words() {
        let first = chosen("2014-06-01T00:00:00Z", "2015-06-01T00:00:00Z");
        for (earliest, latest, expected) in [
            ("2014-09-01T00:00:00Z", "2015-09-01T00:00:00Z", ("2014-09-01T00:00:00Z", "2015-06-01T00:00:00Z")),
            ("2014-03-01T00:00:00Z", "2015-03-01T00:00:00Z", ("2014-06-01T00:00:00Z", "2015-03-01T00:00:00Z")),
            ("2019-03-01T00:00:00Z", "2020-03-01T00:00:00Z", ("2014-06-01T00:00:00Z", "2015-06-01T00:00:00Z")),
        ] {
            let narrowed = first.narrow(&chosen(earliest, latest));
            let expected = chosen(expected.0, expected.1);
            assert_eq!(narrowed, expected, "{earliest}");
        }
    }
}
