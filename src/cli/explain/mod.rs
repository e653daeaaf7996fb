//! `tearsheet explain`: the recorded reasons behind a feed's schedule, or behind what an article is.

mod advice;
mod article;
mod feed;

use std::path::Path;

use clap::Args;

use super::{CliError, configured, print, show, table, time};
use crate::model::id::Slug;
use crate::store::reader::{Reader, StoredVisit};

/// Polls and visits that are listed.
const LOOKS: usize = 10;

/// Explains when a feed is polled and why, or where an article's text, dates and copies come from.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// A feed; or an article by its id or any address by which it is known.
    #[arg(value_name = "SLUG|ARTICLE")]
    what: String,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// Prints the reasons. Works beside a running daemon.
pub(super) fn run(args: &ExplainArgs, config: Option<&Path>, verbose: u8) -> Result<(), CliError> {
    let config = configured::load_to_read(config, verbose)?;
    let reader = Reader::open(&config.store.path).map_err(|error| CliError::failed(&error))?;
    let what = args.what.as_str();
    if let Some(slug) = Slug::new(what)
        && let Some(feed) = feed::read(&reader, &config, &slug)?
    {
        let also = reader.resolve(what).map_err(|error| CliError::failed(&error))?;
        if let Some(id) = also {
            eprintln!("tearsheet: `{what}` is a feed; there is an article {id} too: name it by its address");
        }
        return print(&if args.json { feed.to_json() } else { feed.to_text() });
    }
    let Some(article) = show::find(&reader, what)? else {
        let database = config.store.path.display();
        return Err(CliError::Failed(format!("neither a feed nor an article `{what}` in {database}")));
    };
    let article = article::read(&reader, article)?;
    print(&if args.json { article.to_json() } else { article.to_text() })
}

/// A heading and its lines; nothing where there are none.
fn section(heading: &str, lines: &str) -> String {
    if lines.is_empty() { String::new() } else { format!("\n{heading}\n{lines}") }
}

/// What a visit came to, in the columns that a poll has too.
fn columns(visit: &StoredVisit) -> [String; 5] {
    let mut notes: Vec<String> = Vec::new();
    if let Some(error) = &visit.error {
        notes.push(format!("{error} ({})", visit.error_class.as_deref().unwrap_or("error")));
    }
    notes.extend(visit.warnings.iter().map(|warning| format!("warning: {warning}")));
    [
        time::stamp(visit.started_at),
        visit.outcome.replace('_', " "),
        visit.http_status.map(|status| status.to_string()).unwrap_or_default(),
        format!("{} ms", visit.duration.as_millis()),
        notes.join("; "),
    ]
}

fn visit_json(visit: &StoredVisit) -> serde_json::Value {
    serde_json::json!({
        "started_at": time::stamp(visit.started_at),
        "duration_ms": u64::try_from(visit.duration.as_millis()).unwrap_or(u64::MAX),
        "outcome": visit.outcome,
        "http_status": visit.http_status,
        "body_bytes": visit.body_bytes,
        "warnings": visit.warnings,
        "error_class": visit.error_class,
        "error": visit.error,
    })
}
