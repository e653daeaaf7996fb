//! `tearsheet prune`: deletes what is older than the config keeps.

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::configured::{self, count};
use super::{CliError, print, table};
use crate::clock::Clock;
use crate::model::size::Bytes;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::reader::Reader;
use crate::store::vacuum::{Vacuumed, vacuum};
use crate::store::values::{Patience, PruneLimits, Pruned, Retention};

/// Deletes what is older than `keep_raw`, `keep_log`, `keep_revisions` and `retention` say.
#[derive(Debug, Args)]
pub(super) struct PruneArgs {
    /// Only counts what would be deleted; works beside a running daemon.
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Then writes the file anew, which gives the room back to the file system.
    #[arg(long, conflicts_with = "dry_run")]
    vacuum: bool,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// Deletes all of it and says how much it was.
pub(super) async fn run(args: PruneArgs, config: Option<&Path>, verbose: u8, clock: Clock) -> Result<(), CliError> {
    let config = configured::load_to_read(config, verbose)?;
    configured::init_logs(&config, verbose)?;
    let limits = PruneLimits::new(&config.store, clock.now());
    if args.dry_run {
        let reader = Reader::open(&config.store.path).map_err(|e| CliError::failed(&e))?;
        let pruned = reader.prunable(&limits).map_err(|e| CliError::failed(&e))?;
        return print(&summary(&args, &pruned, None));
    }
    if !config.store.path.exists() {
        // Opening for writing would create one, to find nothing in it.
        Reader::open(&config.store.path).map_err(|e| CliError::failed(&e))?;
    }
    let retention = Retention { keep_revisions: config.store.keep_revisions };
    let store = Store::open_with(&config.store.path, clock, retention, Patience::Short);
    let store = store.map_err(|e| CliError::failed(&e))?;
    // Alone on this file, it knows that no visit is under way.
    store.void_leases().await.map_err(|e| CliError::failed(&e))?;
    let pruned = whole_pass(&store, &limits).await;
    let closed = store.close().await;
    let pruned = pruned.map_err(|e| CliError::failed(&e))?;
    closed.map_err(|e| CliError::failed(&e))?;
    if !args.vacuum {
        return print(&summary(&args, &pruned, None));
    }
    match vacuum(&config.store.path) {
        Ok(vacuumed) => print(&summary(&args, &pruned, Some(vacuumed))),
        Err(error) => {
            // What was deleted is deleted all the same.
            print(&summary(&args, &pruned, None))?;
            Err(CliError::failed(&error))
        }
    }
}

/// A step at a time, as the daemon does it; what a step has deleted stays so, whatever becomes of the next.
async fn whole_pass(store: &Store, limits: &PruneLimits) -> Result<Pruned, StoreError> {
    let mut pruned = Pruned { more: true, ..Pruned::default() };
    while pruned.more {
        pruned = pruned.and(store.prune(limits.clone()).await?);
    }
    Ok(pruned)
}

fn summary(args: &PruneArgs, pruned: &Pruned, vacuumed: Option<Vacuumed>) -> String {
    let Pruned { raw_pages, polls, visits, revisions, articles, entries, robots, more: _ } = *pruned;
    let given_back = vacuumed.map(|file| file.before.saturating_sub(file.after));
    if args.json {
        let summary = json!({
            "dry_run": args.dry_run,
            "articles": articles,
            "entries": entries,
            "revisions": revisions,
            "raw_pages": raw_pages,
            "polls": polls,
            "visits": visits,
            "robots": robots,
            "bytes_given_back": given_back,
            "bytes": vacuumed.map(|file| file.after),
        });
        return format!("{summary}\n");
    }
    let counted = [
        (articles, "article"),
        (entries, "entry"),
        (revisions, "revision"),
        (raw_pages, "raw page"),
        (polls, "poll"),
        (visits, "visit"),
        (robots, "robots.txt"),
    ];
    let plural = |(number, noun): &(usize, &str)| match *noun {
        "entry" if *number != 1 => format!("{number} entries"),
        "robots.txt" => format!("{number} robots.txt"),
        noun => count(*number, noun),
    };
    let parts: Vec<String> = counted.iter().filter(|(number, _)| *number > 0).map(plural).collect();
    let what = if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") };
    let vacuumed = vacuumed
        .map(|file| format!("{}, the file has {} now", Bytes(given_back.unwrap_or_default()), Bytes(file.after)));
    let verb = if args.dry_run { "to delete" } else { "deleted" };
    table::fields([(verb, what), ("given back", vacuumed.unwrap_or_default())])
}
