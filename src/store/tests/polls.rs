use super::{Archive, document, entry, entry_with_text, failure, story};
use crate::model::article::{LinkKind, RelatedLink};
use crate::model::failure::{ErrorClass, InsteadOfFeed};
use crate::model::outcome::{PollResult, Validators};
use crate::store::reader::Reader;
use crate::store::values::{FeedRow, PollApplied};

const CONTENT: &[&str] = &[
    "entries",
    "entry_categories",
    "articles",
    "article_urls",
    "revisions",
    "related_links",
    "changes",
    "fingerprints",
];

#[tokio::test]
async fn new_entries_become_articles_that_are_due() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let entries = vec![entry("https://a.example/1", "One"), entry("https://a.example/2", "Two")];
    let applied = archive.store.apply_poll(archive.poll(feed, document(entries, "\"v1\""))).await.unwrap();
    assert_eq!((applied.entries_new, applied.articles_new, applied.articles_due), (2, 2, 2));
    assert_eq!(
        archive.rows("SELECT a.title, s.state, s.site, s.next_check_at FROM articles a JOIN article_status s ON s.article_id = a.id"),
        ["One|pending|a.example|2026-03-01T12:00:00Z", "Two|pending|a.example|2026-03-01T12:00:00Z"]
    );
    assert_eq!(archive.value("SELECT outcome, entries_seen, entries_new, entries_changed FROM polls"), "new|2|2|0");
    let known = archive.store.known_entries(feed).await.unwrap();
    assert_eq!(known.iter().map(|entry| entry.hash.as_str()).collect::<Vec<_>>(), ["Two", "One"]);
}

#[tokio::test]
async fn same_outcome_twice_adds_one_log_row_and_nothing_else() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let feed_text = entry_with_text("full", Some("https://a.example/full"), &story("Full"));
    let result = document(vec![entry("https://a.example/1", "One"), feed_text], "\"v1\"");
    let outcome = archive.poll(feed, result);
    archive.store.apply_poll(outcome.clone()).await.unwrap();
    let everything = [CONTENT, &["feeds", "article_status"]].concat();
    let before = archive.dump(&everything);
    let applied = archive.store.apply_poll(outcome).await.unwrap();
    assert_eq!(applied, super::super::values::PollApplied::default());
    assert_eq!(archive.dump(&everything), before);
    assert_eq!(archive.rows("SELECT outcome FROM polls"), ["new", "unchanged"]);
    let failed = archive.poll(feed, PollResult::Failed(failure(ErrorClass::Dns)));
    archive.pass(60);
    for _ in 0..2 {
        archive.store.apply_poll(failed.clone()).await.unwrap();
    }
}

#[tokio::test]
async fn unchanged_document_writes_no_content() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let entries = || vec![entry("https://a.example/1", "One"), entry_with_text("2", None, &story("Two"))];
    archive.polled(feed, entries()).await;
    let before = archive.dump(CONTENT);
    archive.pass(60);
    archive.store.apply_poll(archive.poll(feed, document(entries(), "\"v2\""))).await.unwrap();
    assert_eq!(archive.dump(CONTENT), before);
    assert_eq!(archive.value("SELECT etag, unchanged_polls FROM feeds"), "\"v2\"|1");
}

#[tokio::test]
async fn validators_commit_with_their_entries_or_not_at_all() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    archive.db().execute_batch(
        "CREATE TRIGGER no_more BEFORE INSERT ON entries WHEN new.entry_key LIKE '%/2' BEGIN SELECT raise(ABORT, 'no'); END",
    ).unwrap();
    let entries = vec![entry("https://a.example/1", "One"), entry("https://a.example/2", "Two")];
    let refused = archive.store.apply_poll(archive.poll(feed, document(entries, "\"v1\""))).await;
    assert!(refused.is_err());
    assert_eq!(archive.value("SELECT count(*), (SELECT count(*) FROM entries) FROM feeds WHERE etag IS NULL"), "1|0");
    archive.polled(feed, vec![entry("https://a.example/1", "One")]).await;
    assert_eq!(archive.value("SELECT etag, (SELECT count(*) FROM entries) FROM feeds"), "\"v1\"|1");
}

#[tokio::test]
async fn failure_keeps_validators_and_entries_and_counts_once() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    archive.polled(feed, vec![entry("https://a.example/1", "One")]).await;
    archive.pass(60);
    let failed = archive.poll(feed, PollResult::Failed(failure(ErrorClass::NotAFeed(InsteadOfFeed::Text))));
    for _ in 0..2 {
        archive.store.apply_poll(failed.clone()).await.unwrap();
    }
    assert_eq!(
        archive.value("SELECT etag, consecutive_failures, last_error FROM feeds"),
        "\"v1\"|1|it failed: not-a-feed:text"
    );
    assert_eq!(archive.value("SELECT count(*) FROM entries WHERE absent_since IS NULL"), "1");
    assert_eq!(
        archive.value("SELECT error_class, error FROM polls ORDER BY id DESC LIMIT 1"),
        "not-a-feed:text|it failed: not-a-feed:text"
    );
}

#[tokio::test]
async fn not_modified_stores_the_validators_of_the_answer() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let validators = Validators { etag: Some("W/\"x\"".to_owned()), last_modified: Some("yesterday".to_owned()) };
    archive.store.apply_poll(archive.poll(feed, PollResult::NotModified(validators))).await.unwrap();
    assert_eq!(archive.value("SELECT etag, last_modified FROM feeds"), "W/\"x\"|yesterday");
    assert_eq!(archive.value("SELECT outcome FROM polls"), "not_modified");
}

#[tokio::test]
async fn entry_that_leaves_the_feed_is_kept_and_may_come_back() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let one = || entry("https://a.example/1", "One");
    archive.polled(feed, vec![one()]).await;
    archive.pass(60);
    archive.polled(feed, vec![entry("https://a.example/2", "Two")]).await;
    archive.pass(60);
    archive.polled(feed, vec![entry("https://a.example/2", "Two")]).await;
    let absent = "SELECT absent_since FROM entries WHERE title = 'One'";
    assert_eq!(archive.value(absent), "2026-03-01T13:00:00Z", "since the first poll without it");
    archive.pass(60);
    archive.polled(feed, vec![one()]).await;
    assert_eq!(archive.value(absent), "");
    assert_eq!(archive.value("SELECT count(*) FROM articles"), "2");
}

#[tokio::test]
async fn edited_headline_makes_the_page_due_again() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    archive.polled(feed, vec![entry("https://a.example/1", "One")]).await;
    archive.read("https://a.example/1", "text").await;
    archive.pass(5);
    let mut edited = entry("https://a.example/1", "One, corrected");
    edited.entry.url = Some(super::url("https://a.example/1-corrected"));
    let applied = archive.store.apply_poll(archive.poll(feed, document(vec![edited], "\"v2\""))).await.unwrap();
    assert_eq!((applied.entries_new, applied.entries_changed, applied.articles_due), (0, 1, 1));
    assert_eq!(
        archive.value("SELECT e.title, e.first_seen_at, e.changed_at, a.title, a.url FROM entries e JOIN articles a ON a.id = e.article_id"),
        "One, corrected|2026-03-01T12:00:00Z|2026-03-01T12:05:00Z|From the page|https://a.example/1-corrected"
    );
    assert_eq!(archive.due_articles().await.len(), 1);
}

#[tokio::test]
async fn feeds_with_one_link_share_the_article() {
    let archive = Archive::new();
    let a = archive.feeds(&["a", "b"]).await;
    let b = crate::model::id::FeedId(a.0 + 1);
    archive.polled(a, vec![entry("https://a.example/1?utm_source=rss#top", "One")]).await;
    let mut other = entry("http://www.a.example/1?utm_source=rss", "One again");
    other.entry.key = "another key".to_owned();
    archive.polled(b, vec![other]).await;
    assert_eq!(archive.value("SELECT count(*), count(DISTINCT article_id) FROM entries"), "2|1");
    assert_eq!(archive.value("SELECT feeds, tags FROM latest"), r#"["a","b"]|["news"]"#);
}

#[tokio::test]
async fn items_that_share_one_address_are_articles_of_their_own() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let page = Some("https://a.example/changelog");
    let items = ["1.0", "1.1"].map(|version| entry_with_text(version, page, &story(version)));
    archive.polled(feed, items.to_vec()).await;
    assert_eq!(archive.value("SELECT count(*) FROM articles WHERE content_source = 'feed'"), "2");
    assert_eq!(archive.value("SELECT count(*) FROM article_urls"), "0");
    assert_eq!(archive.due_articles().await.len(), 0);
    let reader = Reader::open(&archive.path()).unwrap();
    assert_eq!(reader.resolve("https://a.example/changelog").unwrap(), Some(crate::model::id::ArticleId(1)));
}

#[tokio::test]
async fn article_from_the_feed_gets_its_revisions_from_the_feed() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    archive.polled(feed, vec![entry_with_text("1", Some("https://a.example/1"), &story("First"))]).await;
    archive.pass(60);
    archive.polled(feed, vec![entry_with_text("1", Some("https://a.example/1"), &story("Second"))]).await;
    assert_eq!(archive.rows("SELECT number, kind FROM revisions"), ["1|first", "2|text"]);
    assert_eq!(archive.rows("SELECT kind, revision_id FROM changes"), ["new|1", "revised|2"]);
    assert_eq!(
        archive.value(
            "SELECT state, next_check_at, content_source, revision_count, changed_at FROM articles JOIN article_status"
        ),
        "ok||feed|2|2026-03-01T13:00:00Z"
    );
}

#[tokio::test]
async fn related_links_of_an_entry_find_their_article_once_it_is_known() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let mut one = entry("https://a.example/1", "One");
    let target = super::url("https://a.example/2");
    one.entry.related = vec![RelatedLink { kind: LinkKind::Feed, label: None, title: None, url: target }];
    archive.polled(feed, vec![one]).await;
    let link = "SELECT kind, target_article_id FROM related_links";
    assert_eq!(archive.value(link), "feed|");
    archive.pass(60);
    archive.polled(feed, vec![entry("https://a.example/2", "Two")]).await;
    assert_eq!(archive.value(link), "feed|2");
    assert_eq!(archive.value("SELECT article_id, target_article_id, title FROM related"), "1|2|Two");
}

#[tokio::test]
async fn health_of_a_feed_is_told_over_the_days_before_its_last_poll() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    archive.polled(feed, (0..3).map(|n| entry(&format!("https://a.example/{n}"), "x")).collect()).await;
    archive.pass(60);
    archive.store.apply_poll(archive.poll(feed, PollResult::Failed(failure(ErrorClass::Timeout)))).await.unwrap();
    assert_eq!(
        archive.value("SELECT slug, state, consecutive_failures, entries, entries_present, entries_per_day, polls, polls_failed, gaps FROM feed_health"),
        "a|active|1|3|3|0.1|2|1|0"
    );
    let status = Reader::open(&archive.path()).unwrap().feeds(Some(&super::slug("a"))).unwrap().remove(0);
    assert_eq!((status.entries, status.entries_per_day), (3, Some(0.1)));
    assert_eq!(status.last_error.as_deref(), Some("it failed: timeout"));
}

#[tokio::test]
async fn outcome_of_an_address_that_the_config_changed_meanwhile_is_logged_and_not_stored() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let late = archive.poll(feed, document(vec![entry("https://a.example/1", "One")], "\"old\""));
    let moved = FeedRow { url_key: "another".to_owned(), ..super::feed("a") };
    archive.store.reconcile(vec![moved]).await.unwrap();
    let before = archive.dump(&["feeds", "entries", "articles"]);
    assert_eq!(archive.store.apply_poll(late).await.unwrap(), PollApplied::default());
    assert_eq!(archive.dump(&["feeds", "entries", "articles"]), before);
    assert_eq!(archive.value("SELECT count(*) FROM polls"), "1");
}

#[tokio::test]
async fn next_poll_is_not_rounded_down() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let mut outcome = archive.poll(feed, PollResult::NotModified(Validators::default()));
    outcome.next.at = Some("2026-03-01T13:00:00.001Z".parse().unwrap());
    archive.store.apply_poll(outcome).await.unwrap();
    assert_eq!(archive.value("SELECT next_poll_at FROM feeds"), "2026-03-01T13:00:01Z");
}
