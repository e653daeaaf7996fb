//! `tearsheet export`: the archive for other programs, as JSON Lines, CSV or an Atom feed; the feeds of the config as OPML.
//!
//! Articles are streamed from one snapshot, beside a running daemon or without one, newest first.

mod atom;
mod csv;
mod json_lines;
mod opml;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::time_bound::TimeBound;
use super::{CliError, configured, written};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::id::Slug;
use crate::replace::Replacement;
use crate::store::export::{ExportedArticle, Selection};
use crate::store::reader::Reader;

/// Writes the articles for other programs, newest first: JSON Lines, CSV or Atom; or the config's feeds as OPML.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// What to write.
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// Not before this: a time (RFC 3339), a date (UTC) or an age such as `7d`. An article counts by when it was published, else
    /// first seen.
    #[arg(long, value_name = "TIME|AGE")]
    since: Option<TimeBound>,
    /// Before this; of a date, before its beginning.
    #[arg(long, value_name = "TIME|AGE")]
    until: Option<TimeBound>,
    /// What this feed brought. Given more than once: any of them.
    #[arg(long, value_name = "SLUG")]
    feed: Vec<Slug>,
    /// What feeds with this tag brought. Given more than once: any of them.
    #[arg(long)]
    tag: Vec<String>,
    /// One row a cluster of duplicates, with the text of its fullest copy.
    #[arg(long)]
    unique: bool,
    /// At most so many, the newest.
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Writes to this file, which appears when it is whole; `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object a line.
    Jsonl,
    /// A table with a header; lists are JSON arrays. Texts are as they are: a spreadsheet may take one for a formula.
    Csv,
    /// A feed of the articles.
    Atom,
    /// The feeds of the config, for other readers.
    Opml,
}

/// One of the formats, written row by row.
trait Rows {
    /// Writes an article.
    fn row(&mut self, article: &ExportedArticle) -> io::Result<()>;
    /// Writes what stands behind the last one.
    fn end(&mut self) -> io::Result<()>;
}

/// Writes what was asked for. Nothing is left of a file that could not be written to its end.
pub(super) fn run(args: &ExportArgs, config: Option<&Path>, verbose: u8, clock: &Clock) -> Result<(), CliError> {
    if args.format == Format::Opml
        && (args.since.is_some() || args.until.is_some() || args.unique || args.limit.is_some())
    {
        return Err(CliError::Usage(
            "OPML lists feeds, not articles: of the filters it takes --feed and --tag alone".to_owned(),
        ));
    }
    let config = configured::load_to_read(config, verbose)?;
    match args.output.as_deref().filter(|file| *file != Path::new("-")) {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            match write(args, &config, clock, &mut out) {
                Err(Stop::Output(error)) => written(Err(error)),
                Err(Stop::Failed(error)) => Err(error),
                Ok(()) => Ok(()),
            }
        }
        Some(file) => {
            refuse_archive(file, &config.store.path)?;
            let failed = |error: &io::Error| CliError::Failed(format!("cannot write {}: {error}", file.display()));
            let replacement = Replacement::begin(file).map_err(|error| failed(&error))?;
            let mut out = BufWriter::new(replacement);
            match write(args, &config, clock, &mut out) {
                Err(Stop::Output(error)) => return Err(failed(&error)),
                Err(Stop::Failed(error)) => return Err(error),
                Ok(()) => {}
            }
            let replacement = out.into_inner().map_err(|error| failed(error.error()))?;
            replacement.finish().map_err(|error| failed(&error))
        }
    }
}

/// Why writing stopped before the end.
enum Stop {
    /// Nothing more can be written to where it goes.
    Output(io::Error),
    Failed(CliError),
}

fn write(args: &ExportArgs, config: &Config, clock: &Clock, out: &mut dyn Write) -> Result<(), Stop> {
    if args.format == Format::Opml {
        return opml::write(config, &args.feed, &args.tag, out).map_err(Stop::Output);
    }
    let now = clock.now();
    let selection = Selection {
        since: args.since.map(|bound| bound.at(now)),
        until: args.until.map(|bound| bound.at(now)),
        feeds: args.feed.clone(),
        tags: args.tag.clone(),
        unique: args.unique,
        limit: args.limit,
    };
    let reader = Reader::open(&config.store.path).map_err(|error| Stop::Failed(CliError::failed(&error)))?;
    refuse_unknown(&selection, config, &reader).map_err(Stop::Failed)?;
    let mut rows: Box<dyn Rows + '_> = match args.format {
        Format::Csv => Box::new(csv::Csv::begin(out, selection.columns()).map_err(Stop::Output)?),
        Format::Atom => Box::new(atom::Atom::begin(out, &config.store.path, now).map_err(Stop::Output)?),
        Format::Jsonl | Format::Opml => Box::new(json_lines::JsonLines::begin(out)),
    };
    let mut result = Ok(());
    let exported = reader.export(&selection, |article| {
        result = rows.row(&article);
        if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    exported.map_err(|error| Stop::Failed(CliError::failed(&error)))?;
    result.and_then(|()| rows.end()).map_err(Stop::Output)
}

/// A feed that neither the config nor the archive knows is a slip of the pen, not an empty result.
fn refuse_unknown(selection: &Selection, config: &Config, reader: &Reader) -> Result<(), CliError> {
    for slug in &selection.feeds {
        let is_known = config.feed(slug).is_some()
            || !reader.feeds(Some(slug)).map_err(|error| CliError::failed(&error))?.is_empty();
        if !is_known {
            return Err(CliError::Failed(format!("no feed `{slug}` in {}", config.path.display())));
        }
    }
    Ok(())
}

/// The archive is not written over by what is read from it, whatever name it is given by.
fn refuse_archive(file: &Path, archive: &Path) -> Result<(), CliError> {
    let Ok(file_meant) = fs::canonicalize(file) else { return Ok(()) };
    let Ok(archive) = fs::canonicalize(archive) else { return Ok(()) };
    let is_part = ["", "-wal", "-shm", "-journal", ".lock"].iter().any(|suffix| {
        let mut part = archive.clone().into_os_string();
        part.push(suffix);
        file_meant == Path::new(&part)
    });
    if is_part {
        return Err(CliError::Usage(format!("{} belongs to the archive itself", file.display())));
    }
    Ok(())
}
