//! `tearsheet status`: each feed with its state, its next poll and why then.

use std::path::Path;

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;

use super::{CliError, configured, print, table, time};
use crate::model::id::Slug;
use crate::store::reader::{FeedStatus, Reader};

/// Shows each feed: state, last and next poll, why then, entries a day, last error.
#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// Only this feed, with everything that is known of it.
    #[arg(value_name = "SLUG")]
    slug: Option<Slug>,
    /// Prints one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Prints the listing. Works beside a running daemon.
pub(super) fn run(args: &StatusArgs, config: Option<&Path>, verbose: u8) -> Result<(), CliError> {
    let config = configured::load_to_read(config, verbose)?;
    let reader = Reader::open(&config.store.path).map_err(|error| CliError::failed(&error))?;
    let feeds = reader.feeds(args.slug.as_ref()).map_err(|error| CliError::failed(&error))?;
    if let (Some(slug), true) = (&args.slug, feeds.is_empty()) {
        return Err(CliError::Failed(format!("no feed `{slug}` in {}", config.store.path.display())));
    }
    if args.json {
        return print(&feeds.iter().map(|feed| to_json(feed) + "\n").collect::<String>());
    }
    match (&args.slug, feeds.first()) {
        (Some(_), Some(feed)) => print(&in_full(feed)),
        _ => print(&listing(&feeds)),
    }
}

fn listing(feeds: &[FeedStatus]) -> String {
    let row = |feed: &FeedStatus| {
        [
            feed.slug.to_string(),
            feed.state.clone(),
            stamp(feed.last_polled_at),
            stamp(feed.next_poll_at),
            feed.next_poll_reason.clone().unwrap_or_default(),
            per_day(feed),
            warnings(feed),
            feed.last_error.clone().unwrap_or_default(),
        ]
    };
    let headings = ["FEED", "STATE", "LAST POLL", "NEXT POLL", "WHY THEN", "A DAY", "WARNINGS", "LAST ERROR"];
    table::render(headings, &feeds.iter().map(row).collect::<Vec<_>>())
}

fn in_full(feed: &FeedStatus) -> String {
    let fields = [
        ("feed", feed.slug.to_string()),
        ("title", feed.title.clone().unwrap_or_default()),
        ("url", feed.url.clone()),
        ("tags", feed.tags.join(", ")),
        ("state", feed.state.clone()),
        ("last poll", stamp(feed.last_polled_at)),
        ("next poll", stamp(feed.next_poll_at)),
        ("why then", feed.next_poll_reason.clone().unwrap_or_default()),
        ("held until", stamp(feed.retry_after_until)),
        ("failures", feed.consecutive_failures.to_string()),
        ("last error", feed.last_error.clone().unwrap_or_default()),
        ("entries", feed.entries.to_string()),
        ("a day", per_day(feed)),
        ("newest", stamp(feed.newest_entry_at)),
    ];
    let warnings = feed.last_warnings.iter().map(|warning| ("warning", warning.clone()));
    table::fields(fields.into_iter().chain(warnings))
}

fn to_json(feed: &FeedStatus) -> String {
    json!({
        "slug": feed.slug,
        "title": feed.title,
        "url": feed.url,
        "tags": feed.tags,
        "state": feed.state,
        "last_polled_at": feed.last_polled_at.map(time::stamp),
        "next_poll_at": feed.next_poll_at.map(time::stamp),
        "next_poll_reason": feed.next_poll_reason,
        "retry_after_until": feed.retry_after_until.map(time::stamp),
        "consecutive_failures": feed.consecutive_failures,
        "last_error": feed.last_error,
        "entries": feed.entries,
        "entries_per_day": feed.entries_per_day,
        "warnings": feed.last_warnings,
        "newest_entry_at": feed.newest_entry_at.map(time::stamp),
    })
    .to_string()
}

fn per_day(feed: &FeedStatus) -> String {
    feed.entries_per_day.map(|rate| format!("{rate:.1}")).unwrap_or_default()
}

/// How many the last poll had; nothing where it had none.
fn warnings(feed: &FeedStatus) -> String {
    match feed.last_warnings.len() {
        0 => String::new(),
        n => n.to_string(),
    }
}

fn stamp(at: Option<DateTime<Utc>>) -> String {
    at.map(time::stamp).unwrap_or_default()
}
