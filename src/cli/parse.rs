//! `tearsheet parse`: the feed reader over files; no network, no database.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use serde::Serialize;
use url::Url;

use super::{CliError, batch};
use crate::clock::Clock;
use crate::config::Identity;
use crate::feed::{self, FeedBytes};
use crate::model::article::RelatedLink;
use crate::model::feed::{EntryDate, FeedHints, ParsedEntry, ParsedFeed};

/// As `fetch.max_body` by default: what the daemon would not take in is not read here either.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The arguments of `parse`.
#[derive(Debug, Args)]
pub(super) struct ParseArgs {
    /// What relative links refer to.
    #[arg(long, value_name = "BASE")]
    url: Option<Url>,
    /// The Content-Type header that the documents came with.
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// Reads `file<TAB>base URL<TAB>content type` a line instead of names; the last two may be empty.
    #[arg(long, value_name = "TSV", conflicts_with_all = ["url", "content_type", "files"])]
    list: Option<PathBuf>,
    /// How many documents are read at once [default: all cores].
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// The documents; `-` is standard input.
    #[arg(value_name = "FILE", required_unless_present = "list")]
    files: Vec<String>,
}

/// Prints one object a document, in the order given. A document that is no feed is a result like any other; a file
/// that cannot be read has `ok: false` too and makes the command fail at the end.
pub(super) fn run(args: &ParseArgs, clock: &Clock) -> Result<(), CliError> {
    let unreadable = AtomicUsize::new(0);
    let now = clock.now();
    let work = |input: io::Result<Input>| {
        let output = match input {
            Ok(input) => read(input, now),
            Err(error) => Output::failed("", format!("cannot read the list: {error}"), true),
        };
        if let Some(error) = output.error.as_ref().filter(|_| output.is_unreadable) {
            unreadable.fetch_add(1, Ordering::Relaxed);
            eprintln!("tearsheet: {error}");
        }
        serde_json::to_string(&output).expect("strings and lists serialise")
    };
    let jobs = args.jobs.unwrap_or_else(batch::default_jobs);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = if let Some(list) = &args.list {
        let file =
            File::open(list).map_err(|error| CliError::Failed(format!("cannot read `{}`: {error}", list.display())))?;
        let lines = BufReader::new(file).lines().filter(|line| line.as_ref().map_or(true, |line| !line.is_empty()));
        batch::write_lines(lines.map(|line| line.map(|line| Input::of_line(&line))), jobs, &mut out, work)
    } else {
        let inputs = args.files.iter().map(|file| {
            let (url, content_type) = (args.url.clone(), args.content_type.clone());
            Ok(Input { file: file.clone(), url, content_type, url_error: None })
        });
        batch::write_lines(inputs, jobs, &mut out, work)
    };
    super::written(written)?;
    match unreadable.into_inner() {
        0 => Ok(()),
        count => Err(CliError::Failed(format!("{count} of the documents could not be read"))),
    }
}

#[derive(Debug)]
struct Input {
    file: String,
    url: Option<Url>,
    content_type: Option<String>,
    /// Why the base URL of a list's line is none.
    url_error: Option<String>,
}

impl Input {
    fn of_line(line: &str) -> Self {
        let mut fields = line.split('\t');
        let mut field = || fields.next().map(str::trim).unwrap_or_default();
        let (file, base, content_type) = (field().to_owned(), field(), field());
        let (url, url_error) = match Url::parse(base) {
            _ if base.is_empty() => (None, None),
            Ok(url) => (Some(url), None),
            Err(error) => (None, Some(format!("the base URL `{base}` is not used: {error}"))),
        };
        Self { file, url, content_type: Some(content_type.to_owned()).filter(|text| !text.is_empty()), url_error }
    }
}

fn read(input: Input, now: DateTime<Utc>) -> Output {
    let bytes = match load(&input.file) {
        Ok(bytes) if bytes.len() as u64 > MAX_BYTES => {
            return Output::failed(&input.file, format!("larger than {MAX_BYTES} bytes"), false);
        }
        Ok(bytes) => bytes,
        Err(error) => return Output::failed(&input.file, format!("cannot read `{}`: {error}", input.file), true),
    };
    let document = FeedBytes {
        bytes: &bytes,
        content_type: input.content_type.as_deref(),
        url: input.url.as_ref(),
        identity: Identity::Auto,
        assume_timezone: None,
        now,
    };
    match feed::parse(&document) {
        Ok(feed) => {
            let mut output = Output::of(&input.file, feed);
            output.warnings.extend(input.url_error);
            output
        }
        Err(error) => Output::failed(&input.file, error.to_string(), false),
    }
}

fn load(file: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file == "-" {
        io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    } else {
        fs::File::open(file)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// A document in the JSON.
#[derive(Debug, Default, Serialize)]
pub(super) struct Output {
    file: String,
    ok: bool,
    error: Option<String>,
    format: Option<String>,
    title: Option<String>,
    description: Option<String>,
    language: Option<String>,
    site_url: Option<Url>,
    self_url: Option<Url>,
    hub: Option<Url>,
    next_page: Option<Url>,
    image_url: Option<Url>,
    hints: FeedHints,
    entries: Vec<OutputEntry>,
    warnings: Vec<String>,
    #[serde(skip)]
    is_unreadable: bool,
}

#[derive(Debug, Serialize)]
struct OutputEntry {
    key: String,
    guid: Option<String>,
    /// As the document writes it where it stays relative, so that nothing is hidden.
    url: Option<String>,
    title: Option<String>,
    authors: Vec<String>,
    published: Option<String>,
    updated: Option<String>,
    summary: Option<String>,
    content: Option<String>,
    categories: Vec<String>,
    enclosures: Vec<Url>,
    related: Vec<RelatedLink>,
    comments_url: Option<Url>,
    image_url: Option<Url>,
    language: Option<String>,
    source_title: Option<String>,
    source_url: Option<Url>,
    season: Option<u32>,
    episode: Option<u32>,
    /// The document breaks off inside it; the daemon waits for the whole one.
    is_half: bool,
}

impl Output {
    /// The object of a feed that was read from `file`.
    pub(super) fn of(file: &str, feed: ParsedFeed) -> Self {
        Self {
            file: file.to_owned(),
            ok: true,
            format: Some(feed.format),
            title: feed.title,
            description: feed.description,
            language: feed.language,
            site_url: feed.site_url,
            self_url: feed.self_url,
            hub: feed.hub,
            next_page: feed.next_page,
            image_url: feed.image_url,
            hints: feed.hints,
            entries: feed.entries.into_iter().map(OutputEntry::of).collect(),
            warnings: feed.warnings,
            ..Self::default()
        }
    }

    fn failed(file: &str, error: String, is_unreadable: bool) -> Self {
        Self { file: file.to_owned(), error: Some(error), is_unreadable, ..Self::default() }
    }
}

impl OutputEntry {
    fn of(entry: ParsedEntry) -> Self {
        let time = |date: EntryDate| date.at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let (source_title, source_url) = entry.source.map(|source| (source.title, source.url)).unwrap_or_default();
        Self {
            key: entry.key,
            guid: entry.guid,
            url: entry.link_text,
            title: entry.title,
            authors: entry.authors,
            published: entry.published.map(time),
            updated: entry.updated.map(time),
            summary: entry.summary,
            content: entry.content,
            categories: entry.categories.into_iter().map(|category| category.term).collect(),
            enclosures: entry.enclosures.into_iter().map(|enclosure| enclosure.url).collect(),
            related: entry.related,
            comments_url: entry.comments_url,
            image_url: entry.image_url,
            language: entry.language,
            source_title,
            source_url,
            season: entry.season,
            episode: entry.episode,
            is_half: entry.is_half,
        }
    }
}
