//! `tearsheet once`: one round over what is due, with progress bars on a terminal and a summary.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::configured::{self, count};
use super::{CliError, print, table};
use crate::clock::Clock;
use crate::daemon::round::{Event, Leftover, Selection, round};
use crate::ingest::Ingest;
use crate::model::failure::Failure;
use crate::model::id::Slug;

/// Polls every feed that is due, visits every article that is due or newly found, and exits.
#[derive(Debug, Args)]
pub(super) struct OnceArgs {
    /// Only these feeds, due or not.
    #[arg(value_name = "SLUG")]
    slugs: Vec<Slug>,
    /// Polls the named feeds even inside a Retry-After window.
    #[arg(long, requires = "slugs")]
    force: bool,
    /// Exits with 1 when a feed failed.
    #[arg(long)]
    strict: bool,
    /// Prints the summary as one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Runs one round and prints what came of it.
pub(super) async fn run(args: OnceArgs, config: Option<&Path>, verbose: u8, clock: Clock) -> Result<(), CliError> {
    let config = configured::load(config, verbose)?;
    configured::init_logs(&config, verbose)?;
    let selection = selection(&args);
    let started = Instant::now();
    let store = configured::open_store(&config, &clock).await?;
    let ingest = Ingest::new(Arc::new(config), store.clone(), clock).map_err(|e| CliError::failed(&e))?;
    let progress = Progress::new(verbose > 0);
    let mut summary = Summary::default();
    let before = store.newest_change().await.map_err(|e| CliError::failed(&e))?;
    let result = round(&ingest, selection, |event| {
        progress.show(&event);
        summary.add(&event);
    })
    .await;
    progress.finish();
    let leftover = result.map_err(|e| CliError::failed(&e))?;
    drop(ingest);
    summary.duplicates = store.duplicates_since(before).await.map_err(|e| CliError::failed(&e))?;
    store.close().await.map_err(|e| CliError::failed(&e))?;

    summary.took = started.elapsed();
    let text = if args.json { summary.to_json(&leftover) } else { summary.to_text(&leftover) };
    print(&text)?;
    if !leftover.refused.is_empty() {
        return Err(CliError::Failed(format!("{} not polled", count(leftover.refused.len(), "feed"))));
    }
    if args.strict && !summary.failed.is_empty() {
        return Err(CliError::Failed(format!("{} failed", count(summary.failed.len(), "feed"))));
    }
    Ok(())
}

fn selection(args: &OnceArgs) -> Selection {
    if args.slugs.is_empty() {
        return Selection::Due;
    }
    Selection::Feeds { slugs: args.slugs.clone(), force: args.force }
}

/// What a round did, counted.
#[derive(Debug, Default)]
struct Summary {
    polls: BTreeMap<&'static str, u64>,
    visits: BTreeMap<&'static str, u64>,
    entries_new: usize,
    entries_changed: usize,
    duplicates: usize,
    failed: Vec<(Slug, Failure, String)>,
    warned: Vec<(Slug, Vec<String>)>,
    took: Duration,
}

impl Summary {
    fn add(&mut self, event: &Event<'_>) {
        match event {
            Event::Due { .. } => {}
            Event::Polled(polled) => {
                *self.polls.entry(polled.outcome).or_default() += 1;
                self.entries_new += polled.applied.entries_new;
                self.entries_changed += polled.applied.entries_changed;
                if let Some(failure) = &polled.failure {
                    self.failed.push((polled.slug.clone(), failure.clone(), polled.next.reason.clone()));
                }
                if !polled.warnings.is_empty() {
                    self.warned.push((polled.slug.clone(), polled.warnings.clone()));
                }
            }
            Event::Visited(visited) => {
                *self.visits.entry(visited.applied.outcome.as_str()).or_default() += 1;
            }
        }
    }

    fn to_text(&self, leftover: &Leftover) -> String {
        let counted = [
            ("feeds", counts(&self.polls)),
            ("entries", format!("{} new, {} changed", self.entries_new, self.entries_changed)),
            ("articles", format!("{}, {}", counts(&self.visits), count(self.duplicates, "duplicate"))),
        ];
        let failed = self.failed.iter().map(|(slug, failure, reason)| {
            ("failed", format!("{slug}: {} ({}); {reason}", failure.message, failure.class))
        });
        let warned = self.warned.iter().filter_map(|(slug, warnings)| {
            let more = match warnings.len() - 1 {
                0 => String::new(),
                n => format!(" (and {n} more in `polls`)"),
            };
            Some(("warning", format!("{slug}: {}{more}", warnings.first()?)))
        });
        let refused = leftover.refused.iter().map(|r| ("refused", format!("{}: {}", r.slug, r.reason)));
        let waiting = match leftover.waiting {
            0 => String::new(),
            n => format!("{n} whose site asked to be left alone for longer"),
        };
        let rest = [("waiting", waiting), ("took", format!("{:.1} s", self.took.as_secs_f64()))];
        table::fields(counted.into_iter().chain(failed).chain(warned).chain(refused).chain(rest))
    }

    fn to_json(&self, leftover: &Leftover) -> String {
        let failed = self.failed.iter().map(|(slug, failure, reason)| {
            json!({"feed": slug, "error_class": failure.class, "error": failure.message, "next": reason})
        });
        let refused = leftover.refused.iter().map(|r| json!({"feed": r.slug, "reason": r.reason}));
        let warned = self.warned.iter().map(|(slug, warnings)| json!({"feed": slug, "warnings": warnings}));
        let summary = json!({
            "polls": self.polls,
            "visits": self.visits,
            "entries_new": self.entries_new,
            "entries_changed": self.entries_changed,
            "duplicates": self.duplicates,
            "failed": failed.collect::<Vec<_>>(),
            "warned": warned.collect::<Vec<_>>(),
            "refused": refused.collect::<Vec<_>>(),
            "waiting": leftover.waiting,
            "seconds": self.took.as_secs_f64(),
        });
        format!("{summary}\n")
    }
}

/// `3 new, 1 error`, or `none`.
fn counts(counts: &BTreeMap<&'static str, u64>) -> String {
    let parts: Vec<String> = counts.iter().map(|(outcome, n)| format!("{n} {}", outcome.replace('_', " "))).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

/// Two bars on standard error while it is a terminal, nothing otherwise.
struct Progress {
    bars: MultiProgress,
    feeds: ProgressBar,
    articles: ProgressBar,
}

impl Progress {
    /// `logs` go to standard error too, and bars would be drawn across them.
    fn new(logs: bool) -> Self {
        let shown = io::stderr().is_terminal() && !logs;
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bars = MultiProgress::with_draw_target(target);
        let style =
            ProgressStyle::with_template("{prefix:9} {bar:40} {pos}/{len} {wide_msg}").expect("a valid template");
        let bar = |prefix| bars.add(ProgressBar::new(0)).with_style(style.clone()).with_prefix(prefix);
        let (feeds, articles) = (bar("feeds"), bar("articles"));
        Self { bars, feeds, articles }
    }

    fn show(&self, event: &Event<'_>) {
        match event {
            Event::Due { feeds, articles } => {
                self.feeds.inc_length(*feeds as u64);
                self.articles.inc_length(*articles as u64);
            }
            Event::Polled(polled) => {
                self.feeds.inc(1);
                self.feeds.set_message(polled.slug.to_string());
            }
            Event::Visited(visited) => {
                self.articles.inc(1);
                self.articles.set_message(visited.url.clone());
            }
        }
    }

    fn finish(&self) {
        self.feeds.finish_and_clear();
        self.articles.finish_and_clear();
        // The bars are gone already; a terminal that cannot be cleared is no reason to fail.
        let _cleared = self.bars.clear();
    }
}
