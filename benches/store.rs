//! What the store costs a row, in batches as the daemon makes them: `cargo bench --bench store`.
//!
//! Prints the CPU time of all threads beside the wall time: on a busy machine only the former means something.

#![expect(clippy::print_stdout, reason = "the figures are its result")]

use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tearsheet::clock::Clock;
use tearsheet::model::article::{Article, PageBlocks};
use tearsheet::model::feed::{ParsedEntry, ParsedFeed};
use tearsheet::model::id::{FeedId, Slug};
use tearsheet::model::outcome::{
    ArticleFrom, DueArticle, EntryChange, NextLook, PollOutcome, PollResult, PolledDocument, PolledEntry, ReadPage,
    Validators, VisitOutcome, VisitResult,
};
use tearsheet::store::Store;
use tearsheet::store::values::{Claim, FeedRow};
use url::Url;

const FEEDS: usize = 2000;
const ENTRIES: usize = 10;
const WORDS: usize = 700;
const BLOCKS: u64 = 60;
/// Shapes that are remembered of a page.
const SHAPES: u64 = 30;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime can be built");
    let folder = tempfile::tempdir().expect("a folder can be made");
    runtime.block_on(run(&folder.path().join("bench.db")));
}

async fn run(path: &Path) {
    let clock = Clock::manual(DateTime::UNIX_EPOCH + TimeDelta::days(20_000));
    let store = Store::open(path, clock.clone()).expect("a new archive opens");
    store.reconcile((0..FEEDS).map(feed).collect()).await.expect("the config is stored");

    let polls = (0..FEEDS).map(|n| poll(n, clock.now(), document(n))).collect();
    report("poll with 10 new entries", FEEDS, together(polls, |outcome| store.apply_poll(outcome)).await);

    let mut articles = Vec::new();
    let began = Stopwatch::start();
    let mut claims = 0;
    loop {
        let claimed = store.claim_due_articles(claim(clock.now(), 64), None).await.expect("articles are claimed");
        claims += 1;
        articles.extend_from_slice(&claimed);
        if claimed.is_empty() {
            break;
        }
    }
    report("claim an article", articles.len(), began.stop());
    println!("({claims} claims)");

    articles.truncate(4000);
    let visits = articles.iter().enumerate().map(|(n, due)| visit(due, n, clock.now())).collect();
    report(
        "visit with a first text, FTS",
        articles.len(),
        together(visits, |outcome| store.apply_visit(outcome)).await,
    );
    clock.advance(TimeDelta::hours(1));
    let visits = articles.iter().enumerate().map(|(n, due)| visit(due, n, clock.now())).collect();
    report("visit with the same text", articles.len(), together(visits, |outcome| store.apply_visit(outcome)).await);

    let not_modified = || PollResult::NotModified(Validators { etag: Some("\"1\"".to_owned()), last_modified: None });
    let began = Stopwatch::start();
    while !store.claim_due_feeds(claim(clock.now(), 64)).await.expect("feeds are claimed").is_empty() {}
    report("claim a feed", FEEDS, began.stop());
    let polls = (0..FEEDS).map(|n| poll(n, clock.now(), not_modified())).collect();
    report("poll answered 304", FEEDS, together(polls, |outcome| store.apply_poll(outcome)).await);
    let began = Stopwatch::start();
    store.close().await.expect("the archive closes");
    report("close", 1, began.stop());
}

/// Calls a verb with all values, 64 at a time.
async fn together<T, R, E, F>(values: Vec<T>, verb: impl Fn(T) -> F) -> Cost
where
    F: Future<Output = Result<R, E>>,
    E: std::fmt::Debug,
{
    let began = Stopwatch::start();
    let mut values = values.into_iter().peekable();
    while values.peek().is_some() {
        let batch: Vec<_> = values.by_ref().take(64).map(&verb).collect();
        for result in futures_util::future::join_all(batch).await {
            result.expect("the outcome is applied");
        }
    }
    began.stop()
}

/// Wall time and, where the system tells it, CPU time.
#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    cpu: Option<Duration>,
}

struct Stopwatch {
    wall: Instant,
    cpu: Option<Duration>,
}

impl Stopwatch {
    fn start() -> Self {
        Self { wall: Instant::now(), cpu: cpu_time() }
    }

    fn stop(&self) -> Cost {
        let cpu = cpu_time().zip(self.cpu).map(|(now, then)| now.saturating_sub(then));
        Cost { wall: self.wall.elapsed(), cpu }
    }
}

/// User and system time of this process, from Linux's `/proc` in ticks of 10 ms.
fn cpu_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold spaces; the times are fields 14 and 15.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

fn report(what: &str, rows: usize, cost: Cost) {
    let micros = |took: Duration| took.as_micros() / rows.max(1) as u128;
    let cpu = cost.cpu.map_or_else(|| "unknown".to_owned(), |cpu| format!("{} µs", micros(cpu)));
    println!("{what}: {rows} rows, CPU {cpu} each, wall {} µs each", micros(cost.wall));
}

fn feed(n: usize) -> FeedRow {
    FeedRow {
        slug: Slug::new(&format!("feed-{n}")).expect("a slug"),
        url_shown: format!("https://site-{n}.example/feed.xml"),
        url_key: n.to_string(),
        title: None,
        site: format!("site-{n}.example"),
        tags: Vec::new(),
        enabled: true,
        longest: Duration::from_hours(24),
    }
}

fn claim(now: DateTime<Utc>, limit: usize) -> Claim {
    let lease = Duration::from_mins(10);
    Claim { now, due_before: now, limit, per_site: 4, lease, busy_sites: Vec::new() }
}

fn poll(feed: usize, now: DateTime<Utc>, result: PollResult) -> PollOutcome {
    PollOutcome {
        feed: FeedId(i64::try_from(feed).expect("a small number") + 1),
        url_key: feed.to_string(),
        started_at: now,
        duration: Duration::from_millis(30),
        http_status: Some(200),
        body_bytes: 15_000,
        retry_after: None,
        next: next(now),
        result,
    }
}

fn next(now: DateTime<Utc>) -> NextLook {
    NextLook {
        at: Some(now + TimeDelta::minutes(30)),
        interval: Duration::from_mins(30),
        not_before: None,
        reason: "a new entry about every half hour".to_owned(),
    }
}

fn document(feed: usize) -> PollResult {
    let entries = (0..ENTRIES).map(|n| {
        let link = format!("https://site-{feed}.example/news/2024/10/04/story-number-{n}");
        let entry = ParsedEntry {
            key: link.clone(),
            guid: Some(link.clone()),
            url: Url::parse(&link).ok(),
            title: Some(format!("Story number {n} of paper {feed}")),
            summary: Some(words(feed * ENTRIES + n, 40)),
            ..ParsedEntry::default()
        };
        PolledEntry { entry, hash: link, change: EntryChange::New, article: ArticleFrom::Page }
    });
    PollResult::Document(Box::new(PolledDocument {
        validators: Validators { etag: Some("\"1\"".to_owned()), last_modified: None },
        feed: ParsedFeed { title: Some(format!("Paper {feed}")), ..ParsedFeed::default() },
        entries: entries.collect(),
        gap: false,
    }))
}

fn visit(due: &DueArticle, n: usize, now: DateTime<Utc>) -> VisitOutcome {
    let text = words(n, WORDS);
    let article = Article {
        title: Some(format!("Story number {n}")),
        content_html: format!("<p>{text}</p>"),
        word_count: 700,
        content_text: text,
        blocks: PageBlocks {
            keys: (0..BLOCKS).map(|at| (n as u64 * BLOCKS + at).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect(),
            shapes: (0..SHAPES).map(|at| at.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect(),
            rules: String::new(),
        },
        ..Article::default()
    };
    VisitOutcome {
        article: due.id,
        started_at: now,
        duration: Duration::from_millis(30),
        http_status: Some(200),
        body_bytes: 160_000,
        next: next(now),
        result: VisitResult::Read(Box::new(ReadPage {
            article,
            validators: Validators::default(),
            final_url: due.url.clone(),
            raw: None,
            outdated: Vec::new(),
            parts: Vec::new(),
            missing_part: None,
        })),
    }
}

/// Words of an invented language, as many different ones as a newspaper has; the same `seed` gives the same text.
fn words(seed: usize, count: usize) -> String {
    let mut state = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut text = String::new();
    for _ in 0..count {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Few words are frequent and many are rare: the product of two draws leans to the small.
        let word = ((state >> 33) % 200) * ((state >> 45) % 200);
        let syllables = ["ba", "le", "mo", "tri", "su", "ka", "en", "dor", "vi", "pal"];
        for digit in word.to_string().bytes() {
            text.push_str(syllables[usize::from(digit - b'0')]);
        }
        text.push(' ');
    }
    text
}
