//! `cargo run --release --example demo`: a small invented newspaper on loopback is ingested with the real pipeline, edits
//! a story, corrects a headline, syndicates one to a second feed, and is ingested again two hours later. No network.
//!
//! Leaves `demo.db` in the current folder, prints the queries worth trying with their results, and checks what came out
//! against what the pages say: a promise that does not hold makes the exit code 1.
#![expect(clippy::print_stdout, reason = "the demo's output is for its reader")]

mod expect;
#[path = "../loopback/mod.rs"]
mod loopback;
mod newspaper;
mod pipeline;
mod queries;
mod table;
mod template;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, TimeDelta, Utc};
use tearsheet::clock::Clock;

use crate::newspaper::Newspaper;
use crate::template::Edition;

/// When the demo takes place. Fixed, so that it prints the same whenever it runs and "10 years ago" means something.
const FIRST_VISIT: &str = "2026-03-01T12:00:00Z";

/// Until the second edition.
const LATER: TimeDelta = TimeDelta::hours(2);

/// Wide enough for the tables' content, narrow enough for a terminal side by side with an editor.
const TABLE_WIDTH: usize = 140;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Path::new("demo.db")).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("demo: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(database: &Path) -> Result<(), String> {
    let newspaper = Newspaper::open().await.map_err(|error| format!("cannot listen on 127.0.0.1: {error}"))?;
    let config = start_afresh(database, newspaper.base())?;
    let clock = Clock::manual(FIRST_VISIT.parse::<DateTime<Utc>>().expect("it is RFC 3339"));

    for edition in [Edition::First, Edition::Second] {
        if edition == Edition::Second {
            clock.advance(LATER);
        }
        newspaper.publish(edition);
        let summary = pipeline::ingest(&config, clock.clone()).await?;
        println!("{edition:?} edition, {}: {summary}", clock.now().format("%F %R UTC"));
    }
    for question in queries::QUESTIONS {
        let rows = pipeline::query(database, question.sql)?;
        println!("\n\n-- {}\n{}\n\n{}", question.asks, question.sql, table::render(&rows, TABLE_WIDTH));
    }
    report(database, newspaper.base())
}

/// Removes what an earlier demo left (but not the lock, which a running one may hold), and writes the config beside the database.
fn start_afresh(database: &Path, base: &str) -> Result<PathBuf, String> {
    for suffix in ["", "-wal", "-shm"] {
        let mut path = database.as_os_str().to_owned();
        path.push(suffix);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("cannot remove the old {}: {error}", path.display()));
            }
            _ => {}
        }
    }
    let config = database.with_extension("toml");
    std::fs::write(&config, config_text(database, base))
        .map_err(|error| format!("cannot write {}: {error}", config.display()))?;
    Ok(config)
}

/// A config like any other, but for a server on this machine, to which no politeness is due.
fn config_text(database: &Path, base: &str) -> String {
    // A JSON string of a path is a TOML string too.
    let database = serde_json::json!(database.to_string_lossy());
    format!(
        r#"# Written by the demo: {base} was only there while it ran.

[store]
path = {database}

[fetch]
contact = "demo@tarnmouth.example"
private_networks = ["127.0.0.0/8"]
host_delay = "0s"
host_concurrency = 4

[defaults]
every = "1s"
min_every = "1s"
recheck = ["1s"]

[feed.ledger-news]
url = "{base}/feeds/news.xml"
tags = ["tarnmouth"]

[feed.ledger-culture]
url = "{base}/feeds/culture.atom"
tags = ["tarnmouth", "culture"]

[feed.courier-archive]
url = "{base}/feeds/harbour.rdf"
tags = ["estuary"]

[feed.elver-wire]
url = "{base}/feeds/wire.json"
tags = ["estuary", "partners"]
"#
    )
}

fn report(database: &Path, base: &str) -> Result<(), String> {
    let broken = expect::broken(base, |sql| pipeline::query(database, sql));
    if broken.is_empty() {
        println!(
            "\nAll {} promises hold. The database is {}: try the queries above in",
            expect::count(base),
            database.display()
        );
        println!(
            "`sqlite3 {0}`, or `datasette {0}`. docs/schema.md explains every table and column.",
            database.display()
        );
        Ok(())
    } else {
        Err(format!("{} of {} promises do not hold:\n  {}", broken.len(), expect::count(base), broken.join("\n  ")))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{config_text, start_afresh};

    #[test]
    fn config_is_toml_with_four_feeds_whatever_the_path() {
        let path = "a \"quoted\" folder/\\demo.db";
        let config: toml::Table = config_text(Path::new(path), "http://127.0.0.1:1").parse().unwrap();
        assert_eq!(config["store"]["path"].as_str(), Some(path));
        assert_eq!(config["feed"].as_table().unwrap().len(), 4);
    }

    #[test]
    fn an_earlier_demo_is_removed_and_a_first_one_needs_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("demo.db");
        assert!(start_afresh(&database, "http://127.0.0.1:1").unwrap().exists());
        std::fs::write(&database, "old").unwrap();
        std::fs::write(folder.path().join("demo.db-wal"), "old").unwrap();
        start_afresh(&database, "http://127.0.0.1:1").unwrap();
        assert!(!database.exists() && !folder.path().join("demo.db-wal").exists());
    }
}
