//! `tearsheet reextract`: reads the stored pages again, with the reader of today.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use clap::Args;
use serde_json::json;
use tokio::task::JoinSet;

use super::configured::{self, count};
use super::time_bound::TimeBound;
use super::{CliError, print, table, written};
use crate::clock::Clock;
use crate::ingest::Ingest;
use crate::model::id::{ArticleId, Slug};
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::reader::Reader;
use crate::store::values::{RawPages, Reextracted};

/// Ids of stored pages that are asked for at once. The pages themselves are loaded one by one.
const BATCH: usize = 256;

/// Reads stored pages again, after the reader or the config's `page` rules got better. Not beside a running daemon.
///
/// Fetches nothing. What changes is told apart from what publishers change: a new text is a revision `reextracted`, and the
/// time of the publisher's last change stays.
#[derive(Debug, Args)]
pub(super) struct ReextractArgs {
    /// Only these articles: ids, or addresses by which they are known.
    #[arg(value_name = "ARTICLE")]
    articles: Vec<String>,
    /// Only articles that this feed led to.
    #[arg(long, value_name = "SLUG", conflicts_with = "articles")]
    feed: Option<Slug>,
    /// Only pages fetched since then: a date, a time, or an age such as `7d`.
    #[arg(long, value_name = "TIME|AGE", conflicts_with = "articles")]
    since: Option<TimeBound>,
    /// Changes no article, only says what would change.
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Prints one JSON object a line: each article that changes or fails, then the summary.
    #[arg(long)]
    json: bool,
}

/// Reads them all and prints what came of it. A page that cannot be read is named and skipped, and ends it with exit 1.
pub(super) async fn run(args: ReextractArgs, config: Option<&Path>, verbose: u8, clock: Clock) -> Result<(), CliError> {
    let config = configured::load(config, verbose)?;
    configured::init_logs(&config, verbose)?;
    let selection = RawPages { feed: args.feed.clone(), since: args.since.map(|bound| bound.at(clock.now())) };
    // Before the store, which would create an archive where there is none.
    let wanted = Wanted::find(&args, &selection, &config.store.path)?;
    let store = configured::open_store(&config, &clock).await?;
    let ingest = Ingest::new(Arc::new(config), store.clone(), clock).map_err(|error| CliError::failed(&error))?;
    let mut summary = Summary::new(args.dry_run, args.json);
    for name in &wanted.unknown {
        summary.fail(None, &format!("no article `{name}`"))?;
    }
    let result = read_all(&ingest, wanted.ids, selection, &mut summary).await;
    drop(ingest);
    let closed = store.close().await;
    result?;
    closed.map_err(|error| CliError::failed(&error))?;
    print(&summary.in_short())?;
    match summary.failed {
        0 => Ok(()),
        failed => Err(CliError::Failed(format!("{} not read again", count(failed, "article")))),
    }
}

/// The articles of the command line.
struct Wanted {
    /// `None` for all that have a stored page.
    ids: Option<Vec<ArticleId>>,
    unknown: Vec<String>,
}

impl Wanted {
    fn find(args: &ReextractArgs, selection: &RawPages, archive: &Path) -> Result<Self, CliError> {
        let failed = |error: StoreError| CliError::failed(&error);
        let reader = Reader::open(archive).map_err(failed)?;
        if let Some(slug) = &selection.feed
            && reader.feeds(Some(slug)).map_err(failed)?.is_empty()
        {
            return Err(CliError::Failed(format!("no feed `{slug}` in {}", archive.display())));
        }
        if args.articles.is_empty() {
            return Ok(Self { ids: None, unknown: Vec::new() });
        }
        let (mut ids, mut unknown) = (Vec::new(), Vec::new());
        for text in &args.articles {
            match reader.resolve(text).map_err(failed)? {
                // Two names of one article are one article: else it would be read by two at once.
                Some(id) if ids.contains(&id) => {}
                Some(id) => ids.push(id),
                None => unknown.push(text.clone()),
            }
        }
        Ok(Self { ids: Some(ids), unknown })
    }
}

/// Reads the wanted articles, as many at once as there are cores: no more pages than that are in memory.
async fn read_all(
    ingest: &Ingest,
    wanted: Option<Vec<ArticleId>>,
    selection: RawPages,
    summary: &mut Summary,
) -> Result<(), CliError> {
    let failed = |error: StoreError| CliError::failed(&error);
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let dry_run = summary.dry_run;
    let mut at_work = JoinSet::new();
    let mut after = ArticleId(i64::MIN);
    let is_listed = wanted.is_some();
    let mut batch = wanted.unwrap_or_default();
    loop {
        if batch.is_empty() && !is_listed {
            batch = next_batch(ingest.store(), &selection, after).await.map_err(failed)?;
        }
        if batch.is_empty() {
            break;
        }
        after = batch.last().copied().unwrap_or(after);
        for id in batch.drain(..) {
            // One more than the cores, so that a page is loaded while all are read.
            if at_work.len() > cores {
                summary.take(at_work.join_next().await)?;
            }
            let ingest = ingest.clone();
            at_work.spawn(async move { (id, ingest.reextract(id, dry_run).await) });
        }
    }
    while !at_work.is_empty() {
        summary.take(at_work.join_next().await)?;
    }
    Ok(())
}

async fn next_batch(store: &Store, selection: &RawPages, after: ArticleId) -> Result<Vec<ArticleId>, StoreError> {
    store.raw_pages(selection.clone(), after, BATCH).await
}

type Done = (ArticleId, Result<Result<Reextracted, String>, StoreError>);

/// What came of it, counted; what is told of single articles is printed at once, so that it takes no memory.
#[derive(Debug)]
struct Summary {
    dry_run: bool,
    json: bool,
    read: usize,
    text: usize,
    otherwise: usize,
    unchanged: usize,
    outdated: usize,
    failed: usize,
}

impl Summary {
    fn new(dry_run: bool, json: bool) -> Self {
        Self { dry_run, json, read: 0, text: 0, otherwise: 0, unchanged: 0, outdated: 0, failed: 0 }
    }

    fn take(&mut self, done: Option<Result<Done, tokio::task::JoinError>>) -> Result<(), CliError> {
        let Some(done) = done else { return Ok(()) };
        let (id, result) = done.map_err(|error| CliError::failed(&error))?;
        let counted = match result.map_err(|error| CliError::failed(&error))? {
            Err(why) => return self.fail(Some(id), &why),
            Ok(Reextracted::Text) => {
                self.tell(id, "text")?;
                &mut self.text
            }
            Ok(Reextracted::Otherwise) => {
                self.tell(id, "otherwise")?;
                &mut self.otherwise
            }
            Ok(Reextracted::Unchanged) => &mut self.unchanged,
            Ok(Reextracted::Outdated) => {
                self.outdated += 1;
                return Ok(());
            }
        };
        *counted += 1;
        self.read += 1;
        Ok(())
    }

    /// Says of an article that it changes.
    fn tell(&self, id: ArticleId, changed: &str) -> Result<(), CliError> {
        if self.json {
            return line(&json!({"article": id, "changed": changed}).to_string());
        }
        // The summary says it for all; one by one it is of use where nothing is done yet.
        if self.dry_run { line(&format!("article {id}  {changed}")) } else { Ok(()) }
    }

    /// Names an article that stays as it is, and why.
    fn fail(&mut self, id: Option<ArticleId>, why: &str) -> Result<(), CliError> {
        self.failed += 1;
        if self.json {
            return line(&json!({"article": id, "error": why}).to_string());
        }
        match id {
            Some(id) => eprintln!("tearsheet: article {id}: {why}"),
            None => eprintln!("tearsheet: {why}"),
        }
        Ok(())
    }

    fn in_short(&self) -> String {
        if self.json {
            let summary = json!({
                "dry_run": self.dry_run,
                "read": self.read,
                "changed_text": self.text,
                "changed_otherwise": self.otherwise,
                "unchanged": self.unchanged,
                "outdated": self.outdated,
                "failed": self.failed,
            });
            return format!("{summary}\n");
        }
        let changed = if self.dry_run { "to change" } else { "changed" };
        table::fields([
            ("read", self.read.to_string()),
            (changed, format!("{} in text, {} otherwise", self.text, self.otherwise)),
            ("unchanged", self.unchanged.to_string()),
            ("outdated", if self.outdated == 0 { String::new() } else { self.outdated.to_string() }),
            ("failed", self.failed.to_string()),
        ])
    }
}

fn line(text: &str) -> Result<(), CliError> {
    written(writeln!(io::stdout().lock(), "{text}"))
}
