//! A feed: when it is polled, and why then.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::advice::advice;
use super::{CliError, LOOKS, columns, section, table, time, visit_json};
use crate::cli::configured::count;
use crate::config::{Config, ContentMode, Every, FeedConfig};
use crate::model::feed::FeedHints;
use crate::model::id::Slug;
use crate::store::error::StoreError;
use crate::store::reader::{FeedRecord, FeedStatus, Reader, StoredPoll};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// All that is known of a feed's schedule.
pub(super) struct Feed<'a> {
    config: &'a Config,
    settings: Option<&'a FeedConfig>,
    status: FeedStatus,
    record: FeedRecord,
    polls: Vec<StoredPoll>,
}

/// Reads it; `None` when the archive has no such feed.
pub(super) fn read<'a>(reader: &Reader, config: &'a Config, slug: &Slug) -> Result<Option<Feed<'a>>, CliError> {
    let read = || {
        let (Some(status), Some(record)) = (reader.feeds(Some(slug))?.pop(), reader.feed_record(slug)?) else {
            return Ok(None);
        };
        let polls = reader.polls(slug, LOOKS)?;
        Ok(Some(Feed { config, settings: config.feed(slug), status, record, polls }))
    };
    read().map_err(|error: StoreError| CliError::failed(&error))
}

impl Feed<'_> {
    /// For people.
    pub(super) fn to_text(&self) -> String {
        let Self { status, record, .. } = self;
        let fields = table::fields([
            ("feed", status.slug.to_string()),
            ("title", status.title.clone().unwrap_or_default()),
            ("url", status.url.clone()),
            ("site", record.site_url.clone().unwrap_or_default()),
            ("state", format!("{}: {}", status.state, state_means(&status.state))),
            ("added", time::stamp(record.added_at)),
            ("last poll", stamp(status.last_polled_at)),
            ("next poll", stamp(status.next_poll_at)),
            ("why then", status.next_poll_reason.clone().unwrap_or_default()),
            (
                "at work",
                record
                    .lease_until
                    .map(|at| format!("claimed until {} at the latest", time::stamp(at)))
                    .unwrap_or_default(),
            ),
            ("failures", format!("{} in a row", status.consecutive_failures)),
            ("last error", status.last_error.clone().unwrap_or_default()),
            ("means", self.advice().unwrap_or_default().to_owned()),
        ]);
        let rhythm = table::fields([
            ("interval", record.interval.map(show).unwrap_or_default()),
            (
                "a day",
                status.entries_per_day.map(|rate| format!("{rate:.1} new entries over 30 days")).unwrap_or_default(),
            ),
            ("newest", stamp(status.newest_entry_at)),
            ("quiet", format!("{} without a new entry", count(record.unchanged_polls as usize, "good poll"))),
            ("entries", status.entries.to_string()),
        ]);
        let wishes = table::fields(wishes(&record.hints).into_iter().chain([
            ("held until", stamp(status.retry_after_until)),
            ("etag", record.etag.clone().unwrap_or_default()),
            ("modified", record.last_modified.clone().unwrap_or_default()),
        ]));
        let settings = match self.settings {
            Some(settings) => table::fields(self.in_force(settings)),
            None => "none: the config has no such feed any more\n".to_owned(),
        };
        let polls = if self.polls.is_empty() {
            "none yet\n".to_owned()
        } else {
            let headings = ["STARTED", "OUTCOME", "HTTP", "TOOK", "NEW", "CHANGED", "NOTES"];
            table::render(headings, &self.polls.iter().map(row).collect::<Vec<_>>())
        };
        [
            fields,
            section("Settings in force", &settings),
            section("What the server asked for", &wishes),
            section("Rhythm", &rhythm),
            section("Last polls", &polls),
        ]
        .concat()
    }

    /// For programs.
    pub(super) fn to_json(&self) -> String {
        let Self { status, record, .. } = self;
        let settings = self.settings.map(|settings| {
            self.in_force(settings)
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect::<serde_json::Map<_, _>>()
        });
        let polls = self.polls.iter().map(|poll| {
            let mut object = visit_json(&poll.visit);
            object["entries_seen"] = poll.entries_seen.into();
            object["entries_new"] = poll.entries_new.into();
            object["entries_changed"] = poll.entries_changed.into();
            object["gap"] = poll.gap.into();
            object
        });
        let feed = json!({
            "what": "feed",
            "slug": status.slug,
            "title": status.title,
            "url": status.url,
            "site_url": record.site_url,
            "state": status.state,
            "state_means": state_means(&status.state),
            "added_at": time::stamp(record.added_at),
            "last_polled_at": status.last_polled_at.map(time::stamp),
            "next_poll_at": status.next_poll_at.map(time::stamp),
            "next_poll_reason": status.next_poll_reason,
            "lease_until": record.lease_until.map(time::stamp),
            "consecutive_failures": status.consecutive_failures,
            "last_error": status.last_error,
            "advice": self.advice(),
            "settings": settings,
            "hints": record.hints,
            "retry_after_until": status.retry_after_until.map(time::stamp),
            "etag": record.etag,
            "last_modified": record.last_modified,
            "interval_seconds": record.interval.map(|interval| interval.as_secs()),
            "entries_per_day": status.entries_per_day,
            "newest_entry_at": status.newest_entry_at.map(time::stamp),
            "unchanged_polls": record.unchanged_polls,
            "entries": status.entries,
            "polls": polls.collect::<Vec<_>>(),
        });
        format!("{feed}\n")
    }

    /// About the last error, while it stands.
    fn advice(&self) -> Option<&'static str> {
        let failed = self.polls.first().filter(|_| self.status.last_error.is_some())?;
        advice(failed.visit.error_class.as_deref()?)
    }

    /// The settings that bear on when it is asked.
    fn in_force(&self, feed: &FeedConfig) -> Vec<(&'static str, String)> {
        let settings = &feed.settings;
        let host_delay = self.host_delay(feed);
        vec![
            ("at", feed.location.clone()),
            (
                "every",
                match settings.every {
                    Every::Adaptive => "adaptive".to_owned(),
                    Every::Fixed(every) => show(every),
                },
            ),
            ("min_every", show(settings.min_every)),
            ("max_every", show(settings.max_every)),
            ("max_hint", show(settings.max_hint)),
            ("host_delay", show(host_delay)),
            (
                "content",
                match settings.content {
                    ContentMode::Page => "page",
                    ContentMode::Feed => "feed",
                    ContentMode::Auto => "auto",
                }
                .to_owned(),
            ),
            (
                "recheck",
                match &settings.recheck[..] {
                    [] => "never".to_owned(),
                    steps => steps.iter().copied().map(show).collect::<Vec<_>>().join(", "),
                },
            ),
        ]
    }

    /// The delay of the nearest `[host]`, else of `[fetch]`.
    fn host_delay(&self, feed: &FeedConfig) -> Duration {
        let host = feed.url.expose().host_str().unwrap_or_default();
        let covers = |name: &str| host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
        let rules = self.config.hosts.iter().filter(|rule| covers(&rule.host));
        let nearest = rules.filter(|rule| rule.host_delay.is_some()).max_by_key(|rule| rule.host.len());
        nearest.and_then(|rule| rule.host_delay).unwrap_or(self.config.fetch.host_delay)
    }
}

fn state_means(state: &str) -> &'static str {
    match state {
        "active" => "polled when it is due",
        "gone" => "the server said 410; not polled until the config gives it another address",
        "disabled" => "disabled in the config; not polled",
        "removed" => "no longer in the config; not polled, nothing of it is deleted",
        _ => "of another version of this program",
    }
}

fn wishes(hints: &FeedHints) -> [(&'static str, String); 4] {
    let list = |items: Vec<String>| items.join(", ");
    let day = |day: &u8| DAYS.get(usize::from(*day)).map_or_else(|| day.to_string(), ToString::to_string);
    [
        (
            "ttl",
            hints.ttl_minutes.map(|minutes| show(Duration::from_secs(u64::from(minutes) * 60))).unwrap_or_default(),
        ),
        (
            "sy:update",
            hints.update_period_seconds.map(|seconds| show(Duration::from_secs(seconds))).unwrap_or_default(),
        ),
        ("skipHours", list(hints.skip_hours.iter().map(ToString::to_string).collect())),
        ("skipDays", list(hints.skip_days.iter().map(day).collect())),
    ]
}

fn row(poll: &StoredPoll) -> [String; 7] {
    let [started, outcome, http, took, mut notes] = columns(&poll.visit);
    if poll.gap {
        notes = ["entries may have been missed before", &notes]
            .into_iter()
            .filter(|note| !note.is_empty())
            .collect::<Vec<_>>()
            .join("; ");
    }
    [started, outcome, http, took, poll.entries_new.to_string(), poll.entries_changed.to_string(), notes]
}

/// As the config writes it: `1h 30m`, `7d`.
fn show(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    let millis = (u64::from(duration.subsec_millis()), "ms");
    let parts = parts.into_iter().chain([millis]).filter(|(number, _)| *number > 0);
    let text = parts.map(|(number, unit)| format!("{number}{unit}")).collect::<Vec<_>>().join(" ");
    if text.is_empty() { "0".to_owned() } else { text }
}

fn stamp(at: Option<DateTime<Utc>>) -> String {
    at.map(time::stamp).unwrap_or_default()
}
