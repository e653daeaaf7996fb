//! What the store costs: `cargo bench --bench store`. Prints CPU-bound wall time a row, in batches as the daemon makes them.

use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tearsheet::clock::Clock;
use tearsheet::model::article::Article;
use tearsheet::model::feed::{FeedHints, ParsedEntry};
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
    let began = Instant::now();
    let mut claims = 0;
    loop {
        let claimed = store.claim_due_articles(claim(clock.now(), 64), None).await.expect("articles are claimed");
        claims += 1;
        articles.extend_from_slice(&claimed);
        if claimed.is_empty() {
            break;
        }
    }
    report("claim an article", articles.len(), began.elapsed());
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
    let began = Instant::now();
    while !store.claim_due_feeds(claim(clock.now(), 64)).await.expect("feeds are claimed").is_empty() {}
    report("claim a feed", FEEDS, began.elapsed());
    let polls = (0..FEEDS).map(|n| poll(n, clock.now(), not_modified())).collect();
    report("poll answered 304", FEEDS, together(polls, |outcome| store.apply_poll(outcome)).await);
    let began = Instant::now();
    store.close().await.expect("the archive closes");
    report("close", 1, began.elapsed());
}

/// Calls a verb with all values, 64 at a time.
async fn together<T, R, E, F>(values: Vec<T>, verb: impl Fn(T) -> F) -> Duration
where
    F: Future<Output = Result<R, E>>,
    E: std::fmt::Debug,
{
    let began = Instant::now();
    let mut values = values.into_iter().peekable();
    while values.peek().is_some() {
        let batch: Vec<_> = values.by_ref().take(64).map(&verb).collect();
        for result in futures_util::future::join_all(batch).await {
            result.expect("the outcome is applied");
        }
    }
    began.elapsed()
}

fn report(what: &str, rows: usize, took: Duration) {
    let micros = took.as_secs_f64() * 1e6 / f64::from(u32::try_from(rows.max(1)).unwrap_or(u32::MAX));
    println!("{what}: {rows} in {took:.2?}, {micros:.0} µs each");
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
    }
}

fn claim(now: DateTime<Utc>, limit: usize) -> Claim {
    let lease = Duration::from_secs(600);
    Claim { now, due_before: now, limit, per_site: 4, lease, busy_sites: Vec::new() }
}

fn poll(feed: usize, now: DateTime<Utc>, result: PollResult) -> PollOutcome {
    PollOutcome {
        feed: FeedId(i64::try_from(feed).expect("a small number") + 1),
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
        interval: Duration::from_secs(1800),
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
        title: Some(format!("Paper {feed}")),
        site_url: None,
        hints: FeedHints::default(),
        entries: entries.collect(),
        gap: false,
        warnings: Vec::new(),
    }))
}

fn visit(due: &DueArticle, n: usize, now: DateTime<Utc>) -> VisitOutcome {
    let text = words(n, WORDS);
    let article = Article {
        title: Some(format!("Story number {n}")),
        content_html: format!("<p>{text}</p>"),
        word_count: 700,
        content_text: text,
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
