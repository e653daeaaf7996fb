//! The harness: a server under a few names, a config, an archive, and a clock that stands.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use tearsheet::clock::Clock;
use tearsheet::config::{ANY_SELECTOR, Config};
use tearsheet::daemon::reconcile::reconcile;
use tearsheet::daemon::round::{Event, Leftover, Selection, round};
use tearsheet::fetch::{Fetcher, Resolver};
use tearsheet::ingest::Ingest;
use tearsheet::store::Store;
use tearsheet::store::reader::Reader;
use tempfile::TempDir;

use crate::support::{Logged, Reply, Server};

/// All of these lead to the one server.
const SITES: [&str; 3] = ["news.test", "wire.test", "blog.test"];

/// Before the feeds of each config. Loopback alone may be fetched, so that a redirect elsewhere is refused.
const SETTINGS: &str = "[fetch]\nhost_delay = '0s'\nhost_concurrency = 4\ntimeout = '20s'\nmax_body = '256KiB'\n\
                        private_networks = ['127.0.0.0/8']\n[defaults]\nevery = '1h'\n";

/// A feed at `http://news.test/feed.xml`, for configs that need no more.
pub(crate) const NEWS: &str = "[feed.news]\nurl = 'http://news.test/feed.xml'\n";

/// Everything around one archive. In configs, documents and answers of the archive, the server's port is left out.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) clock: Clock,
    folder: TempDir,
}

/// What a round did, in the words of the log tables: `polls.outcome` or `error_class` by feed, and `visits` by address.
pub(crate) struct Round {
    pub(crate) polls: Vec<String>,
    pub(crate) visits: Vec<String>,
    pub(crate) leftover: Leftover,
}

impl World {
    /// A world with a config, of which `feeds` is the feeds' part.
    pub(crate) fn new(feeds: &str) -> Self {
        let clock = Clock::manual("2025-06-03T09:00:00Z".parse().unwrap());
        let world = Self { server: Server::start(), clock, folder: tempfile::tempdir().unwrap() };
        world.configure(feeds);
        world
    }

    /// Replaces the feeds' part of the config.
    pub(crate) fn configure(&self, feeds: &str) {
        self.configure_store("", feeds);
    }

    /// The same, with more lines for `[store]`.
    pub(crate) fn configure_store(&self, store: &str, feeds: &str) {
        let store = format!("[store]\npath = '{}'\n{store}", self.database().display());
        std::fs::write(self.config_file(), self.with_port(&format!("{store}{SETTINGS}{feeds}"))).unwrap();
    }

    /// What the feed at `http://news.test/feed.xml` says from now on.
    pub(crate) fn feed(&self, items: &[Item]) {
        self.feed_at("/feed.xml", items);
    }

    pub(crate) fn feed_at(&self, path: &str, items: &[Item]) {
        self.answer(path, rss(items));
    }

    /// What a path answers from now on: the same document each time.
    pub(crate) fn answer(&self, path: &str, body: impl Into<String>) {
        self.server.on(path, [self.ok(body)]);
    }

    /// A good answer with this document.
    pub(crate) fn ok(&self, body: impl Into<String>) -> Reply {
        Reply::ok(self.with_port(&body.into()))
    }

    /// One round, by a process that begins with it and ends after it.
    pub(crate) async fn round(&self) -> Round {
        self.select(Selection::Due).await
    }

    pub(crate) async fn select(&self, selection: Selection) -> Round {
        let config = Config::load(&self.config_file(), ANY_SELECTOR).unwrap();
        let loopback = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
        let resolver = Resolver::fixed(HashMap::from(SITES.map(|site| (site.to_owned(), loopback.clone()))));
        let fetcher = Fetcher::with_resolver(&config.fetch, &config.hosts, self.clock.clone(), resolver).unwrap();
        let store = Store::open(&config.store.path, self.clock.clone()).unwrap();
        reconcile(&config, &store).await.unwrap();
        let ingest = Ingest::with_fetcher(Arc::new(config), store.clone(), fetcher, self.clock.clone());
        let (mut polls, mut visits) = (Vec::new(), Vec::new());
        let note = |event: Event<'_>| match event {
            Event::Due { .. } => {}
            Event::Polled(polled) => {
                let failure = polled.failure.as_ref().map(|failure| failure.class.as_str());
                polls.push(format!("{} {}", polled.slug, failure.unwrap_or(polled.outcome)));
            }
            Event::Visited(visited) => {
                let failure = visited.failure.as_ref().map(|failure| failure.class.as_str());
                let outcome = failure.unwrap_or(visited.applied.outcome.as_str());
                visits.push(self.without_port(&format!("{} {outcome}", visited.url)));
            }
        };
        let leftover = round(&ingest, selection, note).await.unwrap();
        drop(ingest);
        store.close().await.unwrap();
        polls.sort();
        visits.sort();
        Round { polls, visits, leftover }
    }

    /// One round some hours after the one before.
    pub(crate) async fn round_after_hours(&self, hours: i64) -> Round {
        self.clock.advance(TimeDelta::hours(hours));
        self.round().await
    }

    /// The rows of a query, the columns of each joined by `|`; NULL is empty.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        let reader = Reader::open(&self.database()).unwrap();
        reader.query(sql).unwrap().rows.iter().map(|row| self.without_port(&row.join("|"))).collect()
    }

    /// The only row of a query.
    #[track_caller]
    pub(crate) fn row(&self, sql: &str) -> String {
        let rows = self.rows(sql);
        assert_eq!(rows.len(), 1, "{sql}: {rows:?}");
        rows.into_iter().next().unwrap()
    }

    /// Everything that is known of feeds' entries and articles, row by row: all but logs, caches, and when
    /// to look again.
    pub(crate) fn content(&self) -> Vec<String> {
        let tables = [
            "entries",
            "entry_categories",
            "enclosures",
            "articles",
            "article_urls",
            "fingerprints",
            "revisions",
            "date_claims",
            "related_links",
            "changes",
            "feed_tags",
        ];
        let rows =
            tables.iter().flat_map(|table| self.rows(&format!("SELECT '{table}', * FROM {table} ORDER BY 1, 2, 3")));
        let validators = self.rows("SELECT slug, url, state, etag, last_modified FROM feeds ORDER BY id");
        let pages = self.rows("SELECT article_id, state, etag, last_modified FROM article_status ORDER BY 1");
        rows.chain(validators).chain(pages).collect()
    }

    /// The requests for a path so far.
    pub(crate) fn asked(&self, path: &str) -> Vec<Logged> {
        self.server.requests().into_iter().filter(|request| request.target == path).collect()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("tearsheet.db")
    }

    fn config_file(&self) -> PathBuf {
        self.folder.path().join("tearsheet.toml")
    }

    pub(crate) fn with_port(&self, text: &str) -> String {
        text.replace(".test/", &format!(".test:{}/", self.server.address().port()))
    }

    fn without_port(&self, text: &str) -> String {
        text.replace(&format!(".test:{}", self.server.address().port()), ".test")
    }
}

/// One item of a feed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Item {
    pub(crate) title: &'static str,
    /// None where it is empty.
    pub(crate) link: &'static str,
    /// None where it is empty.
    pub(crate) guid: &'static str,
    /// HTML.
    pub(crate) content: String,
}

pub(crate) fn item(title: &'static str, link: &'static str) -> Item {
    Item { title, link, ..Item::default() }
}

impl Item {
    pub(crate) fn guid(self, guid: &'static str) -> Self {
        Self { guid, ..self }
    }

    pub(crate) fn content(self, content: impl Into<String>) -> Self {
        Self { content: content.into(), ..self }
    }

    fn xml(&self) -> String {
        let element = |start: &str, text: &str, end: &str| match text {
            "" => String::new(),
            text => format!("{start}{text}{end}"),
        };
        [
            "<item>",
            &element("<title>", self.title, "</title>"),
            &element("<link>", self.link, "</link>"),
            &element("<guid isPermaLink='false'>", self.guid, "</guid>"),
            &element("<description><![CDATA[", &self.content, "]]></description>"),
            "</item>",
        ]
        .concat()
    }
}

pub(crate) fn rss(items: &[Item]) -> String {
    let items: String = items.iter().map(Item::xml).collect();
    format!("<rss version='2.0'><channel><title>The News</title><link>http://news.test/</link>{items}</channel></rss>")
}

/// An article's page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    title: &'static str,
    about: &'static str,
    /// In place of the story about that, unless empty.
    text: &'static str,
    head: Vec<String>,
    more: Vec<String>,
}

/// A page with a text of its own about `about`.
pub(crate) fn page(title: &'static str, about: &'static str) -> Page {
    Page { title, about, ..Page::default() }
}

impl Page {
    /// With the publisher's dates.
    pub(crate) fn dated(mut self, published: &str, modified: &str) -> Self {
        for (property, value) in [("published_time", published), ("modified_time", modified)] {
            self.head.push(format!("<meta property='article:{property}' content='{value}'>"));
        }
        self
    }

    pub(crate) fn canonical(mut self, url: &str) -> Self {
        self.head.push(format!("<link rel='canonical' href='{url}'>"));
        self
    }

    /// With another text altogether.
    pub(crate) fn text(self, text: &'static str) -> Self {
        Self { text, ..self }
    }

    /// With one more paragraph.
    pub(crate) fn more(mut self, html: &str) -> Self {
        self.more.push(format!("<p>{html}</p>"));
        self
    }

    pub(crate) fn html(&self) -> String {
        let (title, head, more) = (self.title, self.head.concat(), self.more.concat());
        let text = match self.text {
            "" => paragraphs(self.about),
            text => format!("<p>{text}</p>"),
        };
        format!(
            "<!doctype html><html lang='en'><head><title>{title}</title>{head}</head><body><nav><a href='/'>Home</a></nav>\
             <article><h1>{title}</h1>{text}{more}</article><footer>All rights reserved</footer></body></html>"
        )
    }
}

/// Three paragraphs of a text that no other subject has.
pub(crate) fn story(about: &str) -> [String; 3] {
    [
        format!(
            "The council met on Monday to decide about the {about}, which had kept the town busy since the winter, and \
             heard eleven speakers, of whom nine knew the {about} only from hearsay."
        ),
        format!(
            "Nobody denied that the {about} had become a burden for the people who live near the river. The mayor said \
             that she would not hurry, and that there would be {about} enough for everybody in spring."
        ),
        format!(
            "A vote is expected before the end of the month. Until then the {about} stays where it is, guarded by two \
             volunteers and a dog that dislikes strangers and loves the {about} above all."
        ),
    ]
}

/// The same as HTML.
pub(crate) fn paragraphs(about: &str) -> String {
    format!("<p>{}</p>", story(about).join("</p><p>"))
}
