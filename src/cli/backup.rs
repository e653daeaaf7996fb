//! `tearsheet backup`: a copy of the archive in one file, made beside a running daemon.

use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use clap::Args;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::{CliError, configured, print, table};
use crate::store::backup::{BackupError, backup};
use crate::store::values::BackedUp;

/// Copies the archive to one file, beside a running daemon, and checks the copy.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// Where the copy goes.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replaces FILE where it exists, once the new copy is whole.
    #[arg(long)]
    force: bool,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// Makes the copy and says what is in it. On SIGINT and SIGTERM nothing of it stays behind.
pub(super) async fn run(args: BackupArgs, config: Option<&Path>, verbose: u8) -> Result<(), CliError> {
    if args.file == Path::new("-") {
        return Err(CliError::Usage("a backup goes to a file, not to standard output".to_owned()));
    }
    let config = configured::load_to_read(config, verbose)?;
    let failed = |error: io::Error| CliError::failed(&error);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let (reply, mut copied) = oneshot::channel();
    let (archive, file, force) = (config.store.path.clone(), args.file.clone(), args.force);
    let (go_on, mut is_called_off) = oneshot::channel::<()>();
    let copying = thread::Builder::new().name("backup".to_owned()).spawn(move || {
        let mut go_on = |_share| matches!(is_called_off.try_recv(), Err(oneshot::error::TryRecvError::Empty));
        // Somebody waits for it to the end.
        let _gone = reply.send(backup(&archive, &file, force, &mut go_on)).is_err();
    });
    copying.map_err(failed)?;
    // Calling it off takes as long as a step; whoever cannot wait for the end of the check says it twice.
    for go_on in [Some(go_on), None] {
        tokio::select! {
            result = &mut copied => {
                let made = result.map_err(failed_to_hear)?.map_err(|error| CliError::failed(&error))?;
                return print(&if args.json { to_json(&args.file, &made) } else { to_text(&args.file, &made) });
            }
            _ = interrupt.recv() => drop(go_on),
            _ = terminate.recv() => drop(go_on),
        }
    }
    Err(CliError::failed(&BackupError::CalledOff))
}

fn failed_to_hear(_: oneshot::error::RecvError) -> CliError {
    CliError::Failed("the copying ended without a word: a bug".to_owned())
}

fn to_text(file: &Path, made: &BackedUp) -> String {
    let rows = made.rows;
    table::fields([
        ("copy", file.display().to_string()),
        ("bytes", made.bytes.to_string()),
        ("feeds", rows.feeds.to_string()),
        ("entries", rows.entries.to_string()),
        ("articles", rows.articles.to_string()),
        ("revisions", rows.revisions.to_string()),
        ("raw pages", rows.raw_pages.to_string()),
        ("checked", "integrity, foreign keys, rows".to_owned()),
    ])
}

fn to_json(file: &Path, made: &BackedUp) -> String {
    let rows = made.rows;
    let made = json!({
        "file": file.to_string_lossy(),
        "bytes": made.bytes,
        "feeds": rows.feeds,
        "entries": rows.entries,
        "articles": rows.articles,
        "revisions": rows.revisions,
        "raw_pages": rows.raw_pages,
    });
    format!("{made}\n")
}
