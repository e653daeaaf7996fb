//! `tearsheet extract`: the article reader over HTML files. No network, no database.

use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use serde_json::json;
use url::Url;

use super::article_json::object;
use super::{CliError, batch, written};
use crate::article::{self, PageInput};
use crate::clock::Clock;
use crate::config::PageRules;

/// Reads articles from HTML files.
#[derive(Debug, Args)]
pub(super) struct Extract {
    /// Where the pages are from: what their relative links count from.
    #[arg(long, value_name = "BASE")]
    url: Option<Url>,
    /// What time it is for relative dates (RFC 3339) [default: now].
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    at: Option<DateTime<Utc>>,
    /// Reads `file<TAB>base URL<TAB>time` a line in place of names; the last two may be empty.
    #[arg(long, value_name = "TSV", conflicts_with = "files")]
    list: Option<PathBuf>,
    /// What to print: one JSON object a file on one line, or the article's text in a format.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Threads [default: all cores].
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// HTML files; `-` is standard input.
    #[arg(value_name = "FILE", required_unless_present = "list")]
    files: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Text,
    Html,
    Markdown,
}

/// One file to read.
struct Page {
    file: PathBuf,
    url: Option<Url>,
    now: DateTime<Utc>,
}

/// A file that could not be read; `None` where the list does not even name it.
struct Unreadable {
    file: Option<PathBuf>,
    message: String,
}

impl Extract {
    /// Reads every file and prints the results in the order given. A file that cannot be read is an error at the end.
    pub(super) fn run(self) -> Result<(), CliError> {
        let now = self.at.unwrap_or_else(|| Clock::system().now());
        let pages: Box<dyn Iterator<Item = Result<Page, Unreadable>> + Send> = if let Some(list) = &self.list {
            Box::new(listed(list, self.url.clone(), now)?)
        } else {
            let url = self.url.clone();
            Box::new(self.files.into_iter().map(move |file| Ok(Page { file, url: url.clone(), now })))
        };
        let failures = std::sync::atomic::AtomicUsize::new(0);
        let fail = |Unreadable { file, message }| {
            failures.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            eprintln!("tearsheet: {message}");
            json!({ "file": file, "error": message }).to_string()
        };
        let jobs = self.jobs.unwrap_or_else(batch::default_jobs);
        let mut out = BufWriter::new(io::stdout().lock());
        let work =
            |page: Result<Page, Unreadable>| page.and_then(|page| extract(&page, self.format)).unwrap_or_else(fail);
        written(batch::write_lines(pages, jobs, &mut out, work))?;
        match failures.into_inner() {
            0 => Ok(()),
            1 => Err(CliError::Failed("1 file could not be read".to_owned())),
            n => Err(CliError::Failed(format!("{n} files could not be read"))),
        }
    }
}

fn parse_time(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .map_err(|error| format!("not an RFC 3339 time: {error}"))
}

/// The lines of a list as pages.
fn listed(
    list: &Path,
    url: Option<Url>,
    now: DateTime<Utc>,
) -> Result<impl Iterator<Item = Result<Page, Unreadable>> + Send + use<>, CliError> {
    let name = list.display().to_string();
    let file = fs::File::open(list).map_err(|error| CliError::Failed(format!("cannot read `{name}`: {error}")))?;
    let lines = BufReader::new(file).lines().enumerate();
    Ok(lines.filter(|(_, line)| line.as_ref().map_or(true, |line| !line.trim().is_empty())).map(
        move |(number, line)| {
            let at = |problem: String| format!("{name}:{}: {problem}", number + 1);
            let line = line.map_err(|error| Unreadable { file: None, message: at(error.to_string()) })?;
            let mut fields = line.split('\t');
            let file = PathBuf::from(fields.next().unwrap_or_default());
            let wrong = |problem: String| Unreadable { file: Some(file.clone()), message: at(problem) };
            let mut optional = || fields.next().map(str::trim).filter(|field| !field.is_empty());
            let url = match optional() {
                Some(field) => Some(Url::parse(field).map_err(|error| wrong(format!("`{field}` is no URL: {error}")))?),
                None => url.clone(),
            };
            let now = optional().map_or(Ok(now), parse_time).map_err(wrong)?;
            Ok(Page { file, url, now })
        },
    ))
}

fn extract(page: &Page, format: Format) -> Result<String, Unreadable> {
    let name = page.file.display().to_string();
    let bytes = if name == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(&page.file)
    };
    let bytes = bytes.map_err(|error| Unreadable {
        file: Some(page.file.clone()),
        message: format!("cannot read `{name}`: {error}"),
    })?;
    let nowhere = Url::parse("about:blank").expect("the URL is a constant");
    let article = article::read(&PageInput {
        bytes: &bytes,
        content_type: None,
        url: page.url.as_ref().unwrap_or(&nowhere),
        now: page.now,
        assume_timezone: None,
        rules: &PageRules::default(),
        entry: None,
        last_modified: None,
    });
    Ok(match format {
        Format::Json => object(&name, page.url.as_ref(), &article).to_string(),
        Format::Text => article.content_text,
        Format::Html => article.content_html,
        Format::Markdown => article::markdown::write(&article.content_html),
    })
}
