//! `tearsheet extract`: the article reader over HTML files. No network, no database.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use serde_json::json;
use url::Url;

use super::article_json::{claims, object};
use super::{CliError, batch, written};
use crate::article::{self, PageInput};
use crate::clock::Clock;
use crate::model::article::PageBlocks;

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
    /// Leaves out what other files of the same host say in the same words. The host is that of the base URL, else the one that
    /// the page gives itself.
    #[arg(long)]
    siblings: bool,
    /// Adds the evidence on each block that may be text to the JSON.
    #[arg(long)]
    reasons: bool,
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

/// The pages of a call, one after another.
type Pages = Box<dyn Iterator<Item = Result<Page, Unreadable>> + Send>;

/// What is remembered of the pages of a call, by host.
#[derive(Default)]
struct Siblings {
    hosts: HashMap<PathBuf, String>,
    pages: HashMap<String, Vec<(PathBuf, PageBlocks)>>,
}

/// Other pages of a host that a page is compared with.
const MAX_SIBLINGS: usize = 50;

impl Siblings {
    /// Reads all pages for what they have in common. What cannot be read is told when it is read for its text.
    fn find(pages: Pages, jobs: usize) -> Result<Self, CliError> {
        let found = Mutex::new(BTreeMap::new());
        let read = |page: Result<Page, Unreadable>| {
            let Ok(page) = page else { return String::new() };
            // Standard input can be read once.
            if page.file.as_os_str() == "-" {
                return String::new();
            }
            let Ok(bytes) = bytes(&page) else { return String::new() };
            let article = article::read(&input(&page, &bytes, &[]));
            let mut own = page.url.iter().chain(article.addresses.iter().map(|address| &address.url));
            let host = own.find_map(Url::host_str).map(|host| host.trim_start_matches("www.").to_owned());
            if let Some(host) = host {
                found.lock().expect("no reader panics with it").insert(page.file, (host, article.blocks));
            }
            String::new()
        };
        written(batch::write_lines(pages, jobs, &mut io::sink(), read))?;
        let mut siblings = Self::default();
        for (file, (host, blocks)) in found.into_inner().unwrap_or_default() {
            siblings.hosts.insert(file.clone(), host.clone());
            siblings.pages.entry(host).or_default().push((file, blocks));
        }
        Ok(siblings)
    }

    /// The other pages of a file's host.
    fn of(&self, file: &Path) -> Vec<PageBlocks> {
        let pages = self.hosts.get(file).and_then(|host| self.pages.get(host));
        let others = pages.into_iter().flatten().filter(|(other, _)| other != file);
        others.take(MAX_SIBLINGS).map(|(_, blocks)| blocks.clone()).collect()
    }
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
    /// The files of the call, or of its list.
    fn pages(&self, now: DateTime<Utc>) -> Result<Pages, CliError> {
        let url = self.url.clone();
        if let Some(list) = &self.list {
            return Ok(Box::new(listed(list, url, now)?));
        }
        let files = self.files.clone().into_iter();
        Ok(Box::new(files.map(move |file| Ok(Page { file, url: url.clone(), now }))))
    }

    fn extract(&self, page: &Page, siblings: &Siblings) -> Result<String, Unreadable> {
        let bytes = bytes(page)?;
        let others = siblings.of(&page.file);
        let input = input(page, &bytes, &others);
        let name = page.file.display().to_string();
        if self.reasons && matches!(self.format, Format::Json) {
            let (article, reasons) = article::read_with_reasons(&input);
            let mut object = object(&name, page.url.as_ref(), &article);
            object["reasons"] = reasons.to_json();
            object["reasons"]["dates"] = claims(&article.date_claims);
            return Ok(object.to_string());
        }
        let article = article::read(&input);
        Ok(match self.format {
            Format::Json => object(&name, page.url.as_ref(), &article).to_string(),
            Format::Text => article.content_text,
            Format::Html => article.content_html,
            Format::Markdown => article::markdown::write(&article.content_html),
        })
    }

    /// Reads every file and prints the results in the order given. A file that cannot be read is an error at the end.
    pub(super) fn run(self) -> Result<(), CliError> {
        let now = self.at.unwrap_or_else(|| Clock::system().now());
        let jobs = self.jobs.unwrap_or_else(batch::default_jobs);
        let siblings = if self.siblings { Siblings::find(self.pages(now)?, jobs)? } else { Siblings::default() };
        let pages = self.pages(now)?;
        let failures = std::sync::atomic::AtomicUsize::new(0);
        let fail = |Unreadable { file, message }| {
            failures.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            eprintln!("tearsheet: {message}");
            json!({ "file": file, "error": message }).to_string()
        };
        let mut out = BufWriter::new(io::stdout().lock());
        let work =
            |page: Result<Page, Unreadable>| page.and_then(|page| self.extract(&page, &siblings)).unwrap_or_else(fail);
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

/// The bytes of a file, or of standard input.
fn bytes(page: &Page) -> Result<Vec<u8>, Unreadable> {
    let name = page.file.display().to_string();
    let bytes = if name == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(&page.file)
    };
    bytes.map_err(|error| Unreadable {
        file: Some(page.file.clone()),
        message: format!("cannot read `{name}`: {error}"),
    })
}

/// The page as the reader gets it.
fn input<'a>(page: &'a Page, bytes: &'a [u8], siblings: &'a [PageBlocks]) -> PageInput<'a> {
    static NOWHERE: LazyLock<Url> = LazyLock::new(|| Url::parse("about:blank").expect("the URL is a constant"));
    PageInput { siblings, ..PageInput::new(bytes, page.url.as_ref().unwrap_or(&NOWHERE), page.now) }
}
