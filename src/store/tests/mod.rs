//! The contract of the store, one file a subject.

mod backup;
mod claims;
mod clusters;
mod export;
mod files;
mod polls;
mod prune;
mod schema;
mod visits;
mod writer;

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;
use url::Url;

use super::Store;
use super::values::{Claim, FeedRow, Patience, Retention};
use crate::clock::Clock;
use crate::model::article::Article;
use crate::model::failure::{ErrorClass, Failure};
use crate::model::feed::{ParsedEntry, ParsedFeed};
use crate::model::id::{ArticleId, FeedId, Slug};
use crate::model::outcome::{
    ArticleFrom, DueArticle, DueFeed, EntryChange, NextLook, PollOutcome, PollResult, PolledDocument, PolledEntry,
    ReadPage, Validators, VisitOutcome, VisitResult,
};

/// Addresses of articles on three sites.
const LINKS: [&str; 3] = ["https://a.example/1", "https://b.example/2", "https://c.example/3"];

/// A store in a folder that vanishes, with a clock that stands still.
struct Archive {
    folder: TempDir,
    store: Store,
    clock: Clock,
}

impl Archive {
    fn new() -> Self {
        Self::keeping(Retention::default())
    }

    fn keeping(retention: Retention) -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Clock::manual(time("2026-03-01T12:00:00Z"));
        let store =
            Store::open_with(&folder.path().join("tearsheet.db"), clock.clone(), retention, Patience::Short).unwrap();
        Self { folder, store, clock }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("tearsheet.db")
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn pass(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    /// A second connection, as `sqlite3` would have one.
    fn db(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    /// The one value of a query, as text.
    fn value(&self, sql: &str) -> String {
        self.rows(sql).join("\n")
    }

    /// The rows of a query, their columns joined by `|`.
    fn rows(&self, sql: &str) -> Vec<String> {
        rows(&self.db(), sql)
    }

    /// Everything in these tables, to see whether something was written.
    fn dump(&self, tables: &[&str]) -> Vec<String> {
        tables.iter().flat_map(|table| self.rows(&format!("SELECT '{table}', * FROM {table}"))).collect()
    }

    /// A config of these feeds, each `https://SLUG.example/feed.xml`; returns the first one's id.
    async fn feeds(&self, slugs: &[&str]) -> FeedId {
        self.store.reconcile(slugs.iter().map(|slug| feed(slug)).collect()).await.unwrap();
        let id = self.value(&format!("SELECT id FROM feeds WHERE slug = '{}'", slugs[0]));
        FeedId(id.parse().unwrap())
    }

    fn claim(&self) -> Claim {
        Claim {
            now: self.now(),
            due_before: self.now(),
            limit: 100,
            per_site: 100,
            lease: Duration::from_mins(10),
            busy_sites: Vec::new(),
        }
    }

    async fn due_feeds(&self) -> Vec<DueFeed> {
        self.store.claim_due_feeds(self.claim()).await.unwrap()
    }

    async fn due_articles(&self) -> Vec<DueArticle> {
        self.store.claim_due_articles(self.claim(), None).await.unwrap()
    }

    fn poll(&self, feed: FeedId, result: PollResult) -> PollOutcome {
        PollOutcome {
            feed,
            url_key: self.value(&format!("SELECT url_key FROM feeds WHERE id = {}", feed.0)),
            started_at: self.now(),
            duration: Duration::from_millis(40),
            http_status: Some(200),
            body_bytes: 1000,
            retry_after: None,
            next: self.next(60),
            result,
        }
    }

    fn visit(&self, article: ArticleId, result: VisitResult) -> VisitOutcome {
        VisitOutcome {
            article,
            started_at: self.now(),
            duration: Duration::from_millis(40),
            http_status: Some(200),
            body_bytes: 1000,
            next: self.next(60),
            result,
        }
    }

    fn next(&self, minutes: i64) -> NextLook {
        let interval = Duration::from_secs(minutes.unsigned_abs() * 60);
        NextLook {
            at: Some(self.now() + TimeDelta::minutes(minutes)),
            interval,
            not_before: None,
            reason: "test".to_owned(),
        }
    }

    /// Polls a document of `entries` into `feed`.
    async fn polled(&self, feed: FeedId, entries: Vec<PolledEntry>) {
        self.store.apply_poll(self.poll(feed, document(entries, "\"v1\""))).await.unwrap();
    }

    /// Reads a page with this text for the article behind `url`.
    async fn read(&self, url: &str, text: &str) -> super::values::VisitApplied {
        let article = self.article(url);
        self.store.apply_visit(self.visit(article, page(url, text))).await.unwrap()
    }

    fn article(&self, url: &str) -> ArticleId {
        ArticleId(self.value(&format!("SELECT id FROM articles WHERE url = '{url}'")).parse().unwrap())
    }
}

fn rows(db: &Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(sql).unwrap();
    let columns = statement.column_count();
    let text = |value: Value| match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text,
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    };
    let rows = statement.query_map([], |row| {
        (0..columns).map(|index| row.get(index).map(text)).collect::<Result<Vec<_>, _>>().map(|row| row.join("|"))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn feed(name: &str) -> FeedRow {
    FeedRow {
        slug: slug(name),
        url_shown: format!("https://{name}.example/feed.xml"),
        url_key: format!("key of {name}"),
        title: None,
        site: format!("{name}.example"),
        tags: vec!["news".to_owned()],
        enabled: true,
        longest: Duration::from_hours(24),
    }
}

/// An entry whose link is its key.
fn entry(link: &str, title: &str) -> PolledEntry {
    let entry = ParsedEntry {
        key: link.to_owned(),
        url: Url::parse(link).ok(),
        link_text: Some(link.to_owned()),
        title: Some(title.to_owned()),
        ..ParsedEntry::default()
    };
    PolledEntry { entry, hash: title.to_owned(), change: EntryChange::New, article: ArticleFrom::Page }
}

/// An entry that brings its article's text.
fn entry_with_text(key: &str, link: Option<&str>, text: &str) -> PolledEntry {
    let mut polled = entry(key, key);
    polled.entry.url = link.map(url);
    text.clone_into(&mut polled.hash);
    polled.article = ArticleFrom::Feed(Box::new(article("From the feed", text)));
    polled
}

fn document(entries: Vec<PolledEntry>, etag: &str) -> PollResult {
    PollResult::Document(Box::new(PolledDocument {
        validators: Validators { etag: Some(etag.to_owned()), last_modified: None },
        feed: ParsedFeed { title: Some("The Paper".to_owned()), ..ParsedFeed::default() },
        entries,
        gap: false,
    }))
}

fn article(title: &str, text: &str) -> Article {
    Article {
        title: Some(title.to_owned()),
        content_html: format!("<p>{text}</p>"),
        content_text: text.to_owned(),
        word_count: u32::try_from(text.split_whitespace().count()).unwrap(),
        ..Article::default()
    }
}

fn page(final_url: &str, text: &str) -> VisitResult {
    page_of(final_url, article("From the page", text))
}

fn page_of(final_url: &str, article: Article) -> VisitResult {
    let validators = Validators { etag: Some("\"p1\"".to_owned()), last_modified: None };
    VisitResult::Read(Box::new(ReadPage {
        article,
        validators,
        final_url: url(final_url),
        raw: None,
        outdated: Vec::new(),
        parts: Vec::new(),
        missing_part: None,
    }))
}

fn failure(class: ErrorClass) -> Failure {
    Failure { class, message: format!("it failed: {class}") }
}

/// More than 20 words, told apart by the first.
fn story(name: &str) -> String {
    format!("{name} {}", "and the long story of the harbor goes on with many words until it ends ".repeat(3))
}
