//! The keys that `[defaults]`, `[group.<name>]` and `[feed.<slug>]` share, and how a nearer table wins over a farther one.

use std::time::Duration;

use chrono_tz::{TZ_VARIANTS, Tz};
use regex::{Regex, RegexBuilder};

use super::finding::suggestion;
use super::keys;
use super::limits::{EVERY, MAX_FILTERS, MAX_PATTERN, MAX_RECHECKS, MAX_TAGS, PATTERN_SIZE, RECHECK, TAG};
use super::quantity::show_duration;
use super::table::{Field, Table};
use super::{ContentMode, EntryFilter, Every, FeedSettings, Identity};

/// What one table says; `None` where it says nothing.
#[derive(Debug, Default)]
pub(super) struct Layer {
    every: Option<Every>,
    min_every: Option<Duration>,
    max_every: Option<Duration>,
    max_hint: Option<Duration>,
    content: Option<ContentMode>,
    recheck: Option<Vec<Duration>>,
    robots: Option<bool>,
    identity: Option<Identity>,
    block: Option<Vec<EntryFilter>>,
    keep: Option<Vec<EntryFilter>>,
    assume_timezone: Option<Tz>,
    /// Of all layers, these add up.
    pub(super) tags: Vec<String>,
}

impl Layer {
    pub(super) fn read(table: &mut Table<'_, '_>) -> Self {
        let intervals = Intervals::read(table);
        Self {
            every: intervals.every,
            min_every: intervals.min_every,
            max_every: intervals.max_every,
            max_hint: table.take("max_hint").and_then(|field| field.duration(&EVERY)),
            content: table.take("content").and_then(|field| {
                field.one_of(&[("page", ContentMode::Page), ("feed", ContentMode::Feed), ("auto", ContentMode::Auto)])
            }),
            recheck: table.take("recheck").and_then(recheck),
            robots: table.take("robots").and_then(|field| field.boolean()),
            identity: table.take("identity").and_then(|field| {
                field.one_of(&[
                    ("auto", Identity::Auto),
                    ("guid", Identity::Guid),
                    ("link", Identity::Link),
                    ("link+date", Identity::LinkDate),
                    ("title", Identity::Title),
                ])
            }),
            block: table.take("block").and_then(filters),
            keep: table.take("keep").and_then(filters),
            assume_timezone: table.take("assume_timezone").and_then(|field| timezone(&field)),
            tags: table.take("tags").and_then(tags).unwrap_or_default(),
        }
    }

    /// Lays this table over what farther ones said.
    ///
    /// Where an interval here contradicts a farther one, the farther one gives way: `min_every = "2d"` in a feed
    /// raises the `max_every = "1d"` of the defaults for this feed. Contradictions in one table are errors.
    pub(super) fn apply(&self, settings: &mut FeedSettings) {
        set(&mut settings.every, self.every);
        set(&mut settings.min_every, self.min_every);
        set(&mut settings.max_every, self.max_every);
        set(&mut settings.max_hint, self.max_hint);
        set(&mut settings.content, self.content);
        set(&mut settings.recheck, self.recheck.clone());
        set(&mut settings.robots, self.robots);
        set(&mut settings.identity, self.identity);
        set(&mut settings.block, self.block.clone());
        set(&mut settings.keep, self.keep.clone());
        if self.assume_timezone.is_some() {
            settings.assume_timezone = self.assume_timezone;
        }
        if self.min_every.is_some() {
            settings.max_every = settings.max_every.max(settings.min_every);
        } else {
            settings.min_every = settings.min_every.min(settings.max_every);
        }
        if let Every::Fixed(every) = settings.every {
            if self.every.is_some() {
                settings.min_every = settings.min_every.min(every);
                settings.max_every = settings.max_every.max(every);
            } else {
                settings.every = Every::Fixed(every.clamp(settings.min_every, settings.max_every));
            }
        }
    }
}

fn set<T>(value: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *value = new;
    }
}

/// The three keys that must agree within one table.
struct Intervals {
    every: Option<Every>,
    min_every: Option<Duration>,
    max_every: Option<Duration>,
}

impl Intervals {
    fn read(table: &mut Table<'_, '_>) -> Self {
        let (every_field, min_field, max_field) =
            (table.take("every"), table.take("min_every"), table.take("max_every"));
        let every = every_field.as_ref().and_then(every);
        let min_every = min_field.as_ref().and_then(|field| field.duration(&EVERY));
        let max_every = max_field.as_ref().and_then(|field| field.duration(&EVERY));
        if let (Some(field), Some(min), Some(max)) = (&min_field, min_every, max_every)
            && min > max
        {
            field.error_got(&format!("must not be longer than max_every, which is {}", show_duration(max)));
        } else if let (Some(field), Some(Every::Fixed(every))) = (&every_field, every) {
            if let Some(min) = min_every.filter(|min| every < *min) {
                field.error_got(&format!("must not be shorter than min_every, which is {}", show_duration(min)));
            }
            if let Some(max) = max_every.filter(|max| every > *max) {
                field.error_got(&format!("must not be longer than max_every, which is {}", show_duration(max)));
            }
        }
        Self { every, min_every, max_every }
    }
}

fn every(field: &Field<'_, '_>) -> Option<Every> {
    if field.is_text(|text| text == "adaptive") {
        return Some(Every::Adaptive);
    }
    if field.is_text(|text| !text.contains(|c: char| c.is_ascii_digit())) {
        field.error_got("must be \"adaptive\" or a duration, such as \"30m\"");
        return None;
    }
    field.duration(&EVERY).map(Every::Fixed)
}

/// Times after first sight, each later than the one before.
fn recheck(field: Field<'_, '_>) -> Option<Vec<Duration>> {
    let mut times = Vec::new();
    for element in field.elements(MAX_RECHECKS)? {
        let Some(time) = element.duration(&RECHECK) else { continue };
        match times.last() {
            Some(last) if time <= *last => {
                element.error_got(&format!("must be longer than the one before, which is {}", show_duration(*last)));
            }
            _ => times.push(time),
        }
    }
    Some(times)
}

fn tags(field: Field<'_, '_>) -> Option<Vec<String>> {
    Some(field.elements(MAX_TAGS)?.iter().filter_map(|element| element.line(TAG)).collect())
}

fn timezone(field: &Field<'_, '_>) -> Option<Tz> {
    let text = field.as_text()?;
    if let Ok(zone) = text.parse() {
        return Some(zone);
    }
    let hint = suggestion(text, TZ_VARIANTS.iter().map(|zone| zone.name()));
    field.error_got(&format!("not a time zone such as \"Europe/Berlin\"{hint}"));
    None
}

fn filters(field: Field<'_, '_>) -> Option<Vec<EntryFilter>> {
    Some(field.elements(MAX_FILTERS)?.into_iter().filter_map(filter).collect())
}

fn filter(field: Field<'_, '_>) -> Option<EntryFilter> {
    let mut table = field.table(&keys::FILTER)?;
    let mut given = false;
    let mut pattern = |key| {
        let field = table.take(key);
        given |= field.is_some();
        field.and_then(|field| regex(&field))
    };
    let filter = EntryFilter {
        title: pattern("title"),
        url: pattern("url"),
        author: pattern("author"),
        category: pattern("category"),
        content: pattern("content"),
    };
    if !given {
        // It would match every entry.
        table.error(&format!("must have one or more of {}", keys::FILTER.keys.join(", ")));
    }
    Some(filter)
}

fn regex(field: &Field<'_, '_>) -> Option<Regex> {
    let pattern = field.as_text()?;
    if pattern.is_empty() {
        field.error("must not be empty: it would match everything");
        return None;
    }
    if pattern.len() > MAX_PATTERN {
        field.error_got(&format!("must be {MAX_PATTERN} bytes or fewer"));
        return None;
    }
    match RegexBuilder::new(pattern).size_limit(PATTERN_SIZE).build() {
        Ok(regex) => Some(regex),
        Err(error) => {
            // The library draws the pattern over several lines and says what is wrong in the last.
            let text = error.to_string();
            let problem = text.lines().last().unwrap_or_default();
            let problem = problem.trim_start_matches("error: ").trim_end_matches('.');
            field.error_got(&format!("not a regular expression: {problem}"));
            None
        }
    }
}
