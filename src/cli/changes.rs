//! `tearsheet changes`: the change feed, for programs that follow along.

use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use clap::Args;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use serde_json::json;

use super::{CliError, configured, table, time, written};
use crate::store::reader::{Reader, StoredChange};

/// Rows that are read at once. Each batch is a snapshot of its own, so that a slow reader of the output holds up no checkpoint.
const BATCH: usize = 500;

/// How often the archive is looked at while nothing changes.
const PAUSE: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

/// Lists what happened to articles in the order of commits; who has seen SEQ has seen all smaller ones.
///
/// Address, title and head are those of now; the head is named for articles that are copies now.
#[derive(Debug, Args)]
pub(super) struct ChangesArgs {
    /// Only what came after this one.
    #[arg(long, value_name = "SEQ", default_value_t = 0, allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(0..))]
    since: i64,
    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Waits for more, until it is interrupted or nobody reads any more.
    #[arg(long)]
    follow: bool,
    /// Prints one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Prints the changes as they are read. Works beside a running daemon.
pub(super) fn run(args: &ChangesArgs, config: Option<&Path>, verbose: u8) -> Result<(), CliError> {
    let config = configured::load_to_read(config, verbose)?;
    let reader = Reader::open(&config.store.path).map_err(|error| CliError::failed(&error))?;
    let newest = reader.newest_change().map_err(|error| CliError::failed(&error))?;
    if args.since > newest {
        eprintln!("tearsheet: the newest change is {newest}, {} is beyond it", args.since);
    }
    let mut output = Output::new(args.json);
    let mut seq = args.since;
    let mut left = args.limit.unwrap_or(u64::MAX);
    let mut seen_version = None;
    loop {
        // Asked before the rows, so that a commit between the two is seen the next time.
        let version = reader.data_version().map_err(|error| CliError::failed(&error))?;
        if seen_version != Some(version) {
            let batch = usize::try_from(left).unwrap_or(BATCH).min(BATCH);
            let changes = reader.changes(seq, batch).map_err(|error| CliError::failed(&error))?;
            if let Err(error) = output.write(&changes) {
                return written(Err(error));
            }
            seq = changes.last().map_or(seq, |last| last.seq);
            left -= changes.len() as u64;
            if changes.len() == batch && left > 0 {
                continue;
            }
            seen_version = Some(version);
        }
        if left == 0 || !args.follow {
            return Ok(());
        }
        if pause_or_closed() {
            return Ok(());
        }
    }
}

/// Waits a moment; sooner, and true, when nobody reads the output any more.
fn pause_or_closed() -> bool {
    let stdout = io::stdout();
    // No event is asked for, so only what is always told ends the wait: the other end was closed.
    let mut output = [PollFd::new(&stdout, PollFlags::empty())];
    match poll(&mut output, Some(&PAUSE)) {
        Ok(ready) => ready > 0,
        Err(Errno::INTR) => false,
        // What cannot be watched must not be asked without end.
        Err(_) => {
            thread::sleep(Duration::from_secs(1));
            false
        }
    }
}

/// Where the rows go.
struct Output {
    /// `None` for JSON.
    table: Option<table::Stream<8>>,
    has_heading: bool,
}

impl Output {
    fn new(json: bool) -> Self {
        let table = (!json).then(|| table::Stream::new([6, 20, 11, 8, 8, 8, 40, 0]));
        Self { table, has_heading: false }
    }

    fn write(&mut self, changes: &[StoredChange]) -> io::Result<()> {
        let mut text = String::new();
        if let Some(table) = self.table.as_ref().filter(|_| !self.has_heading && !changes.is_empty()) {
            let headings = ["SEQ", "AT", "KIND", "ARTICLE", "REVISION", "COPY OF", "TITLE", "URL"];
            text += &table.line(&headings.map(str::to_owned));
            self.has_heading = true;
        }
        for change in changes {
            text += &match &self.table {
                Some(table) => table.line(&row(change)),
                None => to_json(change),
            };
        }
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }
}

fn row(change: &StoredChange) -> [String; 8] {
    let shown = |id: Option<String>| id.unwrap_or_default();
    [
        change.seq.to_string(),
        time::stamp(change.at),
        change.kind.clone(),
        change.article.to_string(),
        shown(change.revision_number.map(|number| number.to_string())),
        shown(change.head.map(|head| head.to_string())),
        shown(change.title.clone()),
        shown(change.url.clone()),
    ]
}

fn to_json(change: &StoredChange) -> String {
    let change = json!({
        "seq": change.seq,
        "at": time::stamp(change.at),
        "kind": change.kind,
        "article_id": change.article,
        "revision_id": change.revision,
        "revision": change.revision_number,
        "url": change.url,
        "title": change.title,
        "duplicate_of": change.head,
    });
    format!("{change}\n")
}
