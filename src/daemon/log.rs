//! The log lines of polls and visits: one each, and each failure once.

use chrono::{DateTime, SecondsFormat, Utc};
use tracing::field::display;
use tracing::{info, warn};

use crate::ingest::{Polled, Visited};

/// One line a poll: `info`, or `warn` with the failure, which is logged here and nowhere else.
pub(super) fn poll(polled: &Polled) {
    let (slug, next) = (&polled.slug, polled.next.at.map(stamp));
    match &polled.failure {
        None => info!(
            feed = %slug,
            entries_new = polled.applied.entries_new,
            entries_changed = polled.applied.entries_changed,
            next,
            "polled {slug}: {} new, {} changed",
            polled.applied.entries_new,
            polled.applied.entries_changed,
        ),
        Some(failure) => {
            warn!(feed = %slug, class = %failure.class, next, "cannot poll {slug}: {}", failure.message);
        }
    }
}

/// One line a visit, like [`poll`].
pub(super) fn visit(visited: &Visited) {
    let (article, url, next) = (visited.article, &visited.url, visited.next.at.map(stamp));
    let feed = visited.feed.as_ref().map(display);
    match &visited.failure {
        None => {
            let outcome = visited.applied.outcome.as_str();
            info!(feed, article = %article, url, outcome, next, "visited {url}: {outcome}");
        }
        Some(failure) => {
            warn!(feed, article = %article, url, class = %failure.class, next, "cannot visit {url}: {}", failure.message);
        }
    }
}

/// A time as logs and messages show it.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// `1 feed`, `2 feeds`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
