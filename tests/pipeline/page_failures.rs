//! Pages that cannot be had: the feed's words stand in, the page is tried again, and a text is never lost.

use crate::support::Reply;
use crate::world::{NEWS, World, item, page, story};

const TEXT: &str = "SELECT content_source, content_text, changed_at, revision_count FROM articles";

/// A feed with one entry, whose page answers so.
fn world(reply: Reply) -> World {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells").content("<p>Bells ring.</p>")]);
    world.server.on("/bells", [reply]);
    world
}

fn state(world: &World) -> String {
    world.row("SELECT state, consecutive_failures, last_error IS NULL, next_check_at IS NULL FROM article_status")
}

/// A first visit that fails: the feed's words, and a visit later or never.
async fn check(reply: Reply, status: &str, class: &str, expected: &str) {
    let world = world(reply);
    let round = world.round().await;
    assert_eq!(round.visits, [format!("http://news.test/bells {class}")]);
    assert_eq!(world.row(TEXT), "feed|Bells ring.||1");
    assert_eq!(world.row("SELECT outcome, http_status, error_class FROM visits"), format!("error|{status}|{class}"));
    assert_eq!(state(&world), expected);
    assert_eq!(world.row("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'ring'"), "1");
}

#[tokio::test]
async fn a_page_that_lost_its_text_takes_none_from_the_archive() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells")]);
    world.answer("/bells", page("Bells", "bells").html());
    world.round().await;
    let text = world.row("SELECT content_text FROM articles");
    world.answer("/bells", "<!doctype html><title>Bells</title><nav><a href='/'>Home</a></nav><div id='root'></div>");
    let round = world.round_after_hours(2).await;
    assert_eq!(round.visits, ["http://news.test/bells not-a-page"]);
    assert_eq!(world.row("SELECT content_text FROM articles"), text);
    assert_eq!(world.row("SELECT count(*) FROM revisions"), "1");
}

#[tokio::test]
async fn the_feed_s_words_stand_in() {
    check(Reply::status("500 Internal Server Error"), "500", "server", "failed|1|0|0").await;
    check(Reply::status("404 Not Found"), "404", "not-found", "failed|1|0|0").await;
    check(Reply::status("403 Forbidden"), "403", "denied", "failed|1|0|0").await;
    check(Reply::ok(""), "200", "empty", "failed|1|0|0").await;
    check(Reply::ok(page("Bells", "bells").html()).announced(90_000), "200", "truncated", "failed|1|0|0").await;
    check(Reply::ok("%PDF-1.7").header("Content-Type", "application/pdf"), "200", "not-a-page", "failed|1|0|0").await;
    check(Reply::ok("<html><script>run()</script></html>"), "200", "not-a-page", "failed|1|0|0").await;
    check(Reply::ok(vec![b' '; 300 << 10]), "200", "too-large", "failed|1|0|0").await;
    check(Reply::redirect(302, "http://192.168.0.1/"), "302", "blocked", "failed|1|0|0").await;
    check(Reply::status("410 Gone"), "410", "gone", "gone|1|0|1").await;
}

#[tokio::test]
async fn a_failed_page_is_tried_again_although_the_feed_answers_304_and_then_takes_the_place_of_the_feed_s_words() {
    let world = World::new(NEWS);
    let feed = crate::world::rss(&[item("Bells", "/bells").content("<p>Bells ring.</p>")]);
    world.server.on("/feed.xml", [world.ok(feed).header("ETag", "\"1\""), Reply::status("304 Not Modified")]);
    world.server.on(
        "/bells",
        [Reply::status("502 Bad Gateway"), Reply::status("502 Bad Gateway"), Reply::ok(page("Bells", "bells").html())],
    );
    world.round().await;
    assert_eq!(state(&world), "failed|1|0|0");
    let round = world.round_after_hours(2).await;
    assert_eq!(
        (round.polls, round.visits),
        (vec!["news not_modified".into()], vec!["http://news.test/bells server".into()])
    );
    assert_eq!(state(&world), "failed|2|0|0");
    assert_eq!(world.row(TEXT), "feed|Bells ring.||1");

    let round = world.round_after_hours(2).await;
    assert_eq!(round.visits, ["http://news.test/bells new"]);
    assert_eq!(world.row(TEXT), format!("page|{}||2", story("bells").join("\n\n")));
    assert_eq!(world.rows("SELECT kind FROM revisions ORDER BY number"), ["first", "reextracted"]);
    assert_eq!(world.rows("SELECT kind FROM changes ORDER BY seq"), ["new", "reextracted"]);
    assert_eq!(state(&world), "ok|0|1|0");
    assert!(world.rows("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'ring'").is_empty());
}

#[tokio::test]
async fn the_next_try_waits_longer_each_time_and_missing_pages_are_given_up() {
    let world = world(Reply::status("404 Not Found"));
    for failures in 1..=4 {
        world.round_after_hours(30).await;
        assert_eq!(world.row("SELECT consecutive_failures FROM article_status"), failures.to_string());
    }
    let given_up = world.row("SELECT next_check_at, next_check_reason FROM article_status");
    assert_eq!(given_up, "|failure 4 (not-found): given up");
    world.round_after_hours(1000).await;
    assert_eq!(world.asked("/bells").len(), 4);
}

#[tokio::test]
async fn a_page_that_fails_after_it_was_read_keeps_its_text() {
    let failures = [
        Reply::status("500 Internal Server Error"),
        Reply::status("404 Not Found"),
        Reply::status("410 Gone"),
        Reply::ok(""),
        Reply::ok("<html><body></body></html>"),
        Reply::redirect(302, "http://10.0.0.1/"),
    ];
    for failure in failures {
        let world = world(Reply::ok(page("Bells", "bells").html()).header("ETag", "\"1\""));
        world.round().await;
        let before = world.row("SELECT * FROM articles");
        world.server.on("/bells", [failure.clone()]);
        world.round_after_hours(2).await;
        assert_eq!(world.row("SELECT * FROM articles"), before, "{failure:?}");
        assert_eq!(world.rows("SELECT kind FROM revisions"), ["first"]);
        assert_eq!(world.row("SELECT etag, consecutive_failures FROM article_status"), "\"1\"|1", "{failure:?}");
    }
}

#[tokio::test]
async fn a_page_that_is_gone_is_told_once() {
    let world = world(Reply::ok(page("Bells", "bells").html()));
    world.round().await;
    world.server.on("/bells", [Reply::status("410 Gone")]);
    world.round_after_hours(2).await;
    world.round_after_hours(200).await;
    assert_eq!(world.rows("SELECT kind FROM changes ORDER BY seq"), ["new", "gone"]);
    assert_eq!(world.asked("/bells").len(), 2);
}

#[tokio::test]
async fn a_page_that_asks_to_wait_is_left_alone_for_so_long() {
    let world = world(Reply::status("503 Service Unavailable").header("Retry-After", "86400"));
    world.round().await;
    assert_eq!(world.row("SELECT next_check_at >= '2025-06-04T09:00:00Z' FROM article_status"), "1");
    world.round_after_hours(20).await;
    assert_eq!(world.asked("/bells").len(), 1);
}
