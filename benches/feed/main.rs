//! How fast feeds are read, beside feed-rs alone on the same documents, and how long the worst of 16 MiB takes:
//! `cargo bench --bench feed`, `-- --list FILE` with documents of one's own, `-- --hostile [WORD]` for the second table
//! alone.
//!
//! The lines of FILE are `file<TAB>base URL<TAB>content type`, as those of `tearsheet parse --list`. Both readers see
//! each document in turn, several rounds long; what counts is the least CPU time that each needed for it.

#![expect(clippy::print_stdout, reason = "the figures are its result")]

mod documents;
mod hostile;
#[path = "../support/mod.rs"]
mod support;

use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use tearsheet::config::Identity;
use tearsheet::feed::{self, FeedBytes};

use self::documents::Document;
use self::support::{peak, timed};

/// Rounds over all documents.
const ROUNDS: usize = 7;
/// What no input of [`hostile::BYTES`] may take.
const LIMIT: Duration = Duration::from_secs(2);

fn main() {
    // What feed-rs panics on is counted, not shown.
    std::panic::set_hook(Box::new(|_| {}));
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => {
            compare(&documents::generated());
            attack("");
        }
        ["--list", list] => compare(&documents::listed(list)),
        ["--hostile"] => attack(""),
        ["--hostile", word] => attack(word),
        _ => println!("usage: cargo bench --bench feed [-- --list FILE | --hostile [WORD]]"),
    }
}

/// The first table: both readers over the same documents.
fn compare(documents: &[Document]) {
    let mut least = vec![[Duration::MAX; 2]; documents.len()];
    let mut is_read = vec![true; documents.len()];
    for _ in 0..ROUNDS {
        for (number, document) in documents.iter().enumerate() {
            let (alone, took_alone) = timed(|| read_alone(document));
            let (_, took) = timed(|| read(document));
            is_read[number] &= alone;
            least[number] = [least[number][0].min(took_alone), least[number][1].min(took)];
        }
    }
    let mut kinds: Vec<&str> = documents.iter().map(|document| document.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    println!("{:30} {:>5} {:>9} {:>14} {:>10} {:>6}", "", "docs", "MiB", "feed-rs MB/s", "MB/s", "ratio");
    let row = |name: &str, is_in: &dyn Fn(&Document) -> bool| {
        let chosen = (0..documents.len()).filter(|number| is_read[*number] && is_in(&documents[*number]));
        let (mut count, mut bytes, mut took) = (0, 0.0, [0.0; 2]);
        for number in chosen {
            count += 1;
            bytes += size(documents[number].bytes.len());
            took = [took[0] + least[number][0].as_secs_f64(), took[1] + least[number][1].as_secs_f64()];
        }
        let speed = took.map(|took| bytes / 1e6 / took);
        let ratio = took[0] / took[1];
        println!("{name:30} {count:5} {:9.1} {:14.1} {:10.1} {ratio:6.3}", bytes / 1_048_576.0, speed[0], speed[1]);
    };
    for kind in kinds {
        row(kind, &|document| document.kind == kind);
    }
    row("all", &|_| true);
    let refused = is_read.iter().filter(|read| !**read).count();
    println!("{refused} documents that feed-rs refuses are left out");
}

/// The second table: inputs that are made to hold a reader up.
fn attack(word: &str) {
    println!("\n{:40} {:>8} {:>9}", "16 MiB of", "CPU", "peak");
    for (name, make) in hostile::INPUTS.iter().filter(|(name, _)| name.contains(word)) {
        let document = Document::of("hostile", hostile::fit(make()));
        let ((entries, took), peak) = peak(|| timed(|| read(&document)));
        let verdict = if took < LIMIT { "" } else { "  ABOVE THE LIMIT" };
        println!("{name:40} {:6.2} s {peak:5} MiB  {entries}{verdict}", took.as_secs_f64());
    }
}

fn read(document: &Document) -> String {
    let result = feed::parse(&FeedBytes {
        bytes: &document.bytes,
        content_type: document.content_type.as_deref(),
        url: document.url.as_ref(),
        identity: Identity::Auto,
        assume_timezone: None,
        now: DateTime::UNIX_EPOCH + TimeDelta::days(20_000),
    });
    match black_box(result) {
        Ok(feed) => format!("{} entries", feed.entries.len()),
        Err(error) => error.to_string().chars().take(60).collect(),
    }
}

/// Whether feed-rs reads it.
fn read_alone(document: &Document) -> bool {
    let parse = || feed_rs::parser::parse(document.bytes.as_slice());
    matches!(black_box(catch_unwind(AssertUnwindSafe(parse))), Ok(Ok(_)))
}

#[expect(clippy::cast_precision_loss, reason = "sizes of feeds are small")]
fn size(bytes: usize) -> f64 {
    bytes as f64
}
