use std::time::Duration;

use chrono::TimeDelta;

use super::{Archive, document, entry, failure, feed, slug, time};
use crate::model::failure::ErrorClass;
use crate::model::outcome::{PollResult, Validators};
use crate::store::values::{Claim, FeedClaim, FeedRow, Reconciled};

#[tokio::test]
async fn claimed_feed_is_not_claimed_again_before_its_lease_ends() {
    let archive = Archive::new();
    archive.feeds(&["a"]).await;
    assert_eq!(archive.due_feeds().await.len(), 1);
    archive.pass(9);
    assert_eq!(archive.due_feeds().await.len(), 0);
    archive.pass(1);
    assert_eq!(archive.due_feeds().await.len(), 1);
}

#[tokio::test]
async fn applying_the_outcome_ends_the_lease() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    archive.due_feeds().await;
    archive.store.apply_poll(archive.poll(feed, PollResult::Failed(failure(ErrorClass::Timeout)))).await.unwrap();
    assert_eq!(archive.value("SELECT lease_until FROM feeds"), "");
    archive.pass(60);
    assert_eq!(archive.due_feeds().await.len(), 1);
}

#[tokio::test]
async fn busy_sites_are_left_out_and_one_site_gets_its_share() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let stories = (0..10).map(|n| entry(&format!("https://a.example/{n}"), "x"));
    let others = ["https://b.example/1", "https://c.example/1"].map(|link| entry(link, "x"));
    archive.polled(feed, stories.chain(others).collect()).await;
    let claim = Claim { per_site: 2, busy_sites: vec!["b.example".to_owned()], ..archive.claim() };
    let claimed = archive.store.claim_due_articles(claim, None).await.unwrap();
    let mut sites: Vec<_> = claimed.iter().map(|due| due.url.host_str().unwrap()).collect();
    sites.sort_unstable();
    assert_eq!(sites, ["a.example", "a.example", "c.example"]);
}

#[tokio::test]
async fn burst_on_one_site_hides_no_other() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let burst = (0..2000).map(|n| entry(&format!("https://a.example/{n}"), "x"));
    archive.polled(feed, burst.collect()).await;
    archive.pass(1);
    let last = entry("https://z.example/late", "x");
    let second = archive.poll(feed, document(vec![last], "\"v2\""));
    archive.store.apply_poll(second).await.unwrap();
    let claim = Claim { per_site: 1, limit: 10, ..archive.claim() };
    let claimed = archive.store.claim_due_articles(claim, None).await.unwrap();
    let urls: Vec<_> = claimed.iter().map(|due| due.url.as_str()).collect();
    assert_eq!(urls, ["https://a.example/0", "https://z.example/late"]);
}

#[tokio::test]
async fn due_article_brings_what_the_feed_said() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let mut polled = entry("https://a.example/1", "One");
    polled.entry.authors = vec!["Ann".to_owned()];
    polled.entry.published = Some(crate::model::feed::EntryDate {
        at: time("2026-02-01T00:00:00Z"),
        offset_seconds: Some(3600),
        has_time: false,
        raw: "1 Feb".to_owned(),
    });
    polled.entry.categories =
        vec![crate::model::feed::Category { term: "x".to_owned(), scheme: None, label: Some("X".to_owned()) }];
    polled.entry.enclosures = vec![crate::model::feed::Enclosure {
        url: super::url("https://a.example/1.mp3"),
        media_type: Some("audio/mpeg".to_owned()),
        length_bytes: Some(7),
        duration_seconds: Some(60),
    }];
    polled.entry.comments_url = Some(super::url("https://a.example/1#comments"));
    polled.entry.image_url = Some(super::url("https://a.example/1.jpg"));
    polled.entry.language = Some("de".to_owned());
    polled.entry.source = Some(crate::model::feed::EntrySource {
        title: Some("The Other Paper".to_owned()),
        url: Some(super::url("https://b.example/")),
    });
    (polled.entry.season, polled.entry.episode) = (Some(2), Some(7));
    archive.polled(feed, vec![polled.clone()]).await;
    let due = archive.due_articles().await.remove(0);
    assert_eq!(due.entry, Some(polled.entry));
    assert_eq!((due.slug, due.has_page_text, due.first_seen_at), (Some(slug("a")), false, archive.now()));
    assert_eq!(archive.value("SELECT published_precision, published_zone FROM articles"), "day|stated");
}

#[tokio::test]
async fn once_claims_no_article_twice() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    archive.polled(feed, vec![entry("https://a.example/1", "One")]).await;
    let started = archive.now();
    archive.read("https://a.example/1", "text").await;
    archive.pass(60);
    let due = |since| archive.store.claim_due_articles(archive.claim(), since);
    assert_eq!(due(Some(started)).await.unwrap().len(), 0);
    assert_eq!(due(Some(archive.now())).await.unwrap().len(), 1);
}

#[tokio::test]
async fn feeds_are_claimed_by_name_but_not_inside_a_retry_after_window() {
    let archive = Archive::new();
    let id = archive.feeds(&["a", "b", "off"]).await;
    let mut feeds = vec![feed("a"), feed("off")];
    feeds[1].enabled = false;
    archive.store.reconcile(feeds).await.unwrap();
    let mut outcome = archive.poll(id, PollResult::Failed(failure(ErrorClass::RateLimited)));
    outcome.retry_after = Some(Duration::from_hours(1));
    archive.store.apply_poll(outcome).await.unwrap();
    let claim = |force| {
        let slugs = ["a", "b", "off", "never"].map(slug).to_vec();
        archive.store.claim_feeds(slugs, archive.now(), Duration::from_mins(1), force)
    };
    let until = time("2026-03-01T13:00:00Z");
    let claims = claim(false).await.unwrap();
    assert!(matches!(&claims[0], FeedClaim::Waiting { until: end, .. } if *end == until), "{claims:?}");
    assert!(matches!(&claims[1], FeedClaim::Unknown(_)), "removed: {claims:?}");
    assert!(matches!(&claims[2], FeedClaim::Disabled(_)), "{claims:?}");
    assert!(matches!(&claims[3], FeedClaim::Unknown(_)), "{claims:?}");
    assert!(matches!(&claim(true).await.unwrap()[0], FeedClaim::Due(due) if due.id == id));
    archive.pass(61);
    assert!(matches!(&claim(false).await.unwrap()[0], FeedClaim::Due(_)));
}

#[tokio::test]
async fn history_tells_the_rhythm_of_a_feed() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    archive.polled(feed, vec![entry("https://a.example/1", "One")]).await;
    let first = archive.now();
    archive.pass(60);
    let not_modified = PollResult::NotModified(Validators { etag: Some("\"v1\"".to_owned()), last_modified: None });
    archive.store.apply_poll(archive.poll(feed, not_modified)).await.unwrap();
    let polled_at = archive.now();
    archive.pass(60);
    let due = archive.due_feeds().await.remove(0);
    assert_eq!(due.history.last_polled_at, Some(polled_at));
    assert_eq!(due.history.interval, Some(Duration::from_hours(1)));
    assert_eq!((due.history.unchanged_polls, due.history.consecutive_failures), (1, 0));
    assert_eq!(due.history.recent_entries, [first]);
}

#[tokio::test]
async fn same_config_changes_nothing() {
    let archive = Archive::new();
    archive.feeds(&["a", "b"]).await;
    let before = archive.dump(&["feeds", "feed_tags"]);
    archive.pass(5);
    let again = archive.store.reconcile(vec![feed("a"), feed("b")]).await.unwrap();
    assert_eq!(again, Reconciled { unchanged: 2, ..Reconciled::default() });
    assert_eq!(archive.dump(&["feeds", "feed_tags"]), before);
}

#[tokio::test]
async fn feed_that_leaves_the_config_loses_nothing_and_may_come_back() {
    let archive = Archive::new();
    let id = archive.feeds(&["a"]).await;
    archive.polled(id, vec![entry("https://a.example/1", "One")]).await;
    let kept = ["entries", "articles", "article_urls", "polls"];
    let before = archive.dump(&kept);
    let done = archive.store.reconcile(Vec::new()).await.unwrap();
    assert_eq!(done.removed, [slug("a")]);
    assert_eq!(archive.value("SELECT state FROM feeds"), "removed");
    assert_eq!(archive.dump(&kept), before);
    archive.pass(60);
    assert_eq!(archive.due_feeds().await.len(), 0, "a removed feed is not claimed");
    let done = archive.store.reconcile(vec![feed("a")]).await.unwrap();
    assert_eq!(done.returned, [slug("a")]);
    assert_eq!(archive.due_feeds().await[0].validators.etag.as_deref(), Some("\"v1\""));
}

#[tokio::test]
async fn new_slug_with_an_old_address_keeps_the_row() {
    let archive = Archive::new();
    let id = archive.feeds(&["old"]).await;
    let renamed = FeedRow { slug: slug("new"), ..feed("old") };
    let done = archive.store.reconcile(vec![renamed.clone()]).await.unwrap();
    assert_eq!(done.renamed, [(slug("old"), slug("new"))]);
    assert_eq!(archive.rows("SELECT id, slug, state FROM feeds"), [format!("{id}|new|active")]);
    // While the old name is in use, the new one is another feed.
    let done = archive.store.reconcile(vec![renamed, FeedRow { slug: slug("second"), ..feed("old") }]).await.unwrap();
    assert_eq!(done.added, [slug("second")]);
}

#[tokio::test]
async fn new_address_drops_validators_and_keeps_history() {
    let archive = Archive::new();
    let id = archive.feeds(&["a"]).await;
    archive.polled(id, vec![entry("https://a.example/1", "One")]).await;
    let moved = FeedRow { url_key: "another".to_owned(), ..feed("a") };
    assert_eq!(archive.store.reconcile(vec![moved]).await.unwrap().moved, [slug("a")]);
    let due = archive.due_feeds().await.remove(0);
    assert_eq!((due.id, due.validators), (id, Validators::default()));
    assert_eq!(due.history.recent_entries.len(), 1);
}

#[tokio::test]
async fn gone_feed_stays_gone_until_its_config_changes() {
    let archive = Archive::new();
    let id = archive.feeds(&["a"]).await;
    let mut outcome = archive.poll(id, PollResult::Failed(failure(ErrorClass::Gone)));
    outcome.next.at = None;
    archive.store.apply_poll(outcome).await.unwrap();
    let disabled = FeedRow { enabled: false, ..feed("a") };
    for (config, state) in [(feed("a"), "gone"), (disabled, "disabled"), (feed("a"), "active")] {
        archive.store.reconcile(vec![config]).await.unwrap();
        assert_eq!(archive.value("SELECT state FROM feeds"), state);
    }
    assert_eq!(archive.due_feeds().await.len(), 1);
}

#[tokio::test]
async fn title_is_the_operators_else_the_feeds() {
    let archive = Archive::new();
    let id = archive.feeds(&["a"]).await;
    archive.polled(id, Vec::new()).await;
    assert_eq!(archive.value("SELECT title FROM feeds"), "The Paper");
    let named = FeedRow { title: Some("Mine".to_owned()), tags: vec!["x".to_owned()], ..feed("a") };
    archive.store.reconcile(vec![named]).await.unwrap();
    assert_eq!(archive.value("SELECT title, tag FROM feeds JOIN feed_tags"), "Mine|x");
    archive.store.reconcile(vec![feed("a")]).await.unwrap();
    assert_eq!(archive.value("SELECT title, tag FROM feeds JOIN feed_tags"), "The Paper|news");
}

#[tokio::test]
async fn counts_tell_what_is_due_and_when_the_next_is() {
    let archive = Archive::new();
    let id = archive.feeds(&["a", "b"]).await;
    archive.polled(id, vec![entry("https://a.example/1", "One")]).await;
    let counts = archive.store.counts(archive.now()).await.unwrap();
    assert_eq!((counts.feeds, counts.failing, counts.feeds_due, counts.articles_due), (2, 0, 1, 1));
    assert_eq!(counts.next_due_at, Some(archive.now()));
    archive.due_feeds().await;
    archive.due_articles().await;
    let next = archive.store.next_due(archive.now()).await.unwrap();
    assert_eq!(next, Some(archive.now() + chrono::TimeDelta::minutes(10)), "when the leases end");
}

#[tokio::test]
async fn unreadable_address_leaves_the_queue_and_stops_no_other() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    archive.polled(feed, ["https://a.example/1", "https://a.example/2"].map(|link| entry(link, "x")).to_vec()).await;
    archive.db().execute("UPDATE articles SET url = 'no address' WHERE id = 1", []).unwrap();
    assert_eq!(archive.due_articles().await.len(), 1);
    assert_eq!(
        archive.rows("SELECT state, last_error FROM article_status WHERE next_check_at IS NULL"),
        ["failed|the address cannot be read"]
    );
}

#[tokio::test]
async fn config_that_asks_for_it_is_obeyed_sooner_and_the_server_before_the_config() {
    let archive = Archive::new();
    let id = archive.feeds(&["a"]).await;
    let minutes = |minutes| vec![FeedRow { longest: Duration::from_mins(minutes), ..super::feed("a") }];
    let next = || archive.value("SELECT next_poll_at FROM feeds");
    let mut outcome = archive.poll(id, document(Vec::new(), ""));
    outcome.next = archive.next(600);
    archive.store.apply_poll(outcome.clone()).await.unwrap();
    archive.pass(30);
    // As the schedule planned it: nothing to do.
    assert_eq!(archive.store.reconcile(minutes(600)).await.unwrap().sooner, []);
    assert_eq!(next(), "2026-03-01T22:00:00Z");
    // One and a half intervals, counted from the last poll; again the same changes nothing.
    assert_eq!(archive.store.reconcile(minutes(60)).await.unwrap().sooner, [slug("a")]);
    assert_eq!(next(), "2026-03-01T13:30:00Z");
    assert_eq!(archive.store.reconcile(minutes(60)).await.unwrap().sooner, []);
    // Long overdue by the new config: now.
    archive.store.reconcile(minutes(5)).await.unwrap();
    assert_eq!(next(), "2026-03-01T12:30:00Z");
    // What the server asked for stands.
    outcome.next.not_before = Some(archive.now() + TimeDelta::hours(8));
    archive.store.apply_poll(outcome).await.unwrap();
    archive.store.reconcile(minutes(5)).await.unwrap();
    assert_eq!(next(), "2026-03-01T20:30:00Z");
}

#[tokio::test]
async fn feeds_that_change_names_with_each_other_keep_their_histories() {
    let archive = Archive::new();
    archive.feeds(&["a", "b", "c"]).await;
    let named = |slug: &str, of: &str| FeedRow { slug: super::slug(slug), ..feed(of) };
    let rows = || archive.rows("SELECT id, slug, url_key, state FROM feeds ORDER BY id");
    let (a, b, c) = (feed("a").url_key, feed("b").url_key, feed("c").url_key);

    // Two change places.
    let done = archive.store.reconcile(vec![named("b", "a"), named("a", "b"), feed("c")]).await.unwrap();
    assert_eq!((done.renamed.len(), done.moved.len(), done.unchanged), (2, 0, 1));
    assert_eq!(rows(), [format!("1|b|{a}|active"), format!("2|a|{b}|active"), format!("3|c|{c}|active")]);

    // All move on by one, and the last has a new name.
    archive.store.reconcile(vec![named("a", "a"), named("c", "b"), named("d", "c")]).await.unwrap();
    assert_eq!(rows(), [format!("1|a|{a}|active"), format!("2|c|{b}|active"), format!("3|d|{c}|active")]);

    // A name that stays with its row while another one's address comes to it: that one has moved.
    let done = archive.store.reconcile(vec![named("a", "b")]).await.unwrap();
    assert_eq!((done.moved, done.removed), (vec![slug("a")], vec![slug("c"), slug("d")]));
}
