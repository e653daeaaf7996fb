//! Feeds that cannot be had: each is one row of the log, costs nothing that is stored, and holds up no other feed.

use tearsheet::daemon::round::Selection;
use tearsheet::model::id::Slug;

use crate::support::Reply;
use crate::world::{NEWS, World, item, page, rss};

const ETAG: &str = "\"first\"";
const WIRE: &str = "[feed.wire]\nurl = 'http://wire.test/wire.xml'\n";

/// A feed that was read once, and another one.
async fn world() -> World {
    let world = World::new(&format!("{NEWS}{WIRE}"));
    let feed = rss(&[item("Bells", "/bells").content("<p>Bells ring.</p>")]);
    world.server.on("/feed.xml", [world.ok(feed).header("ETag", ETAG)]);
    world.feed_at("/wire.xml", &[item("Wells", "/wells")]);
    world.answer("/bells", page("Bells", "bells").html());
    world.answer("/wells", page("Wells", "wells").html());
    world.round().await;
    world
}

/// Lets the first feed answer so; the log row must say so, and all else must be as before.
async fn check(reply: Reply, status: &str, class: &str) -> World {
    let world = world().await;
    world.server.on("/feed.xml", [reply]);
    check_failed_poll(world, &format!("{status}|{class}")).await
}

async fn check_failed_poll(world: World, logged: &str) -> World {
    world.feed_at("/wire.xml", &[item("Wells", "/wells"), item("Barns", "/barns")]);
    let before = news(&world);
    let polls_before = world.rows("SELECT id FROM polls").len();
    world.round_after_hours(2).await;
    let log = world.rows(
        "SELECT outcome, http_status, error_class FROM polls JOIN feeds ON feeds.id = feed_id
         WHERE slug = 'news' AND polls.id > 2",
    );
    assert_eq!(log, [format!("error|{logged}")]);
    assert_eq!(world.rows("SELECT id FROM polls").len(), polls_before + 2);
    assert_eq!(news(&world), before, "validators, entries and articles are as before");
    assert_eq!(world.row("SELECT count(*) FROM entries WHERE title = 'Barns'"), "1", "the other feed goes on");
    let state = world.row("SELECT consecutive_failures, last_error IS NOT NULL, next_poll_reason LIKE '%failure 1%' OR state = 'gone' FROM feeds WHERE slug = 'news'");
    assert_eq!(state, "1|1|1");
    world
}

fn news(world: &World) -> Vec<String> {
    let mut rows = world.rows("SELECT etag, last_modified, title FROM feeds WHERE slug = 'news'");
    rows.extend(world.rows("SELECT * FROM entries WHERE feed_id = 1"));
    rows.extend(world.rows("SELECT * FROM articles WHERE title = 'Bells'"));
    rows
}

#[tokio::test]
async fn broken_xml() {
    check(Reply::ok("<rss version='2.0'><channel><<<"), "200", "broken-feed").await;
}

#[tokio::test]
async fn an_empty_body() {
    check(Reply::ok(""), "200", "empty").await;
}

#[tokio::test]
async fn an_html_page_whose_validators_are_not_kept() {
    let page = page("We are back soon", "repairs").html();
    check(
        Reply::ok(page).header("ETag", "\"page\"").header("Content-Type", "text/html"),
        "200",
        "not-a-feed:maintenance-page",
    )
    .await;
}

#[tokio::test]
async fn a_page_tells_the_feeds_that_it_names_and_they_are_not_asked_for() {
    let link = |href: &str| format!("<link rel=alternate type='application/rss+xml' href='{href}'>");
    let page = format!("<!doctype html><title>Home</title>{}{}", link("/comments/feed"), link("/new.xml"));
    let world = check(Reply::ok(page), "200", "not-a-feed:html-page").await;
    assert_eq!(
        world.row("SELECT last_error FROM feeds WHERE slug = 'news'"),
        "not a feed but an HTML page titled \"Home\"; it names the feeds http://news.test/new.xml, \
         http://news.test/comments/feed"
    );
    assert!(world.asked("/new.xml").is_empty());
}

#[tokio::test]
async fn not_found() {
    check(Reply::status("404 Not Found"), "404", "not-found").await;
}

#[tokio::test]
async fn forbidden() {
    check(Reply::status("403 Forbidden"), "403", "denied").await;
}

#[tokio::test]
async fn server_error() {
    check(Reply::status("500 Internal Server Error"), "500", "server").await;
}

#[tokio::test]
async fn too_large() {
    check(Reply::ok(vec![b' '; 300 << 10]), "200", "too-large").await;
}

#[tokio::test]
async fn a_body_shorter_than_announced() {
    let feed = rss(&[item("Bells", "/bells"), item("New", "/new")]);
    check(Reply::ok(feed).announced(100_000), "200", "truncated").await;
}

#[tokio::test]
async fn a_304_to_an_unconditional_request() {
    let world = World::new(&format!("{NEWS}{WIRE}"));
    world.feed(&[]);
    world.feed_at("/wire.xml", &[]);
    world.round().await;
    world.server.on("/feed.xml", [Reply::status("304 Not Modified")]);
    check_failed_poll(world, "304|protocol").await;
}

#[tokio::test]
async fn a_redirect_to_a_private_address() {
    check(Reply::redirect(302, "http://10.0.0.1/feed.xml"), "302", "blocked").await;
}

#[tokio::test]
async fn a_redirect_to_itself() {
    check(Reply::redirect(301, "/feed.xml"), "301", "redirect").await;
}

#[tokio::test]
async fn a_connection_that_breaks() {
    check(Reply::raw(""), "", "connect").await;
}

#[tokio::test]
async fn an_unreachable_port() {
    let world = world().await;
    // A new address has no validators yet; they are dropped before the poll, not by it.
    world.configure(&format!("[feed.news]\nurl = 'http://127.0.0.1:1/feed.xml'\n{WIRE}"));
    world.select(Selection::Feeds { slugs: Vec::new(), force: false }).await;
    check_failed_poll(world, "|connect").await;
}

#[tokio::test]
async fn a_name_that_does_not_resolve() {
    let world = world().await;
    world.configure(&format!("[feed.news]\nurl = 'http://nowhere.invalid/feed.xml'\n{WIRE}"));
    world.select(Selection::Feeds { slugs: Vec::new(), force: false }).await;
    check_failed_poll(world, "|dns").await;
}

#[tokio::test]
async fn gone_is_not_asked_again_until_its_address_changes() {
    let world = check(Reply::status("410 Gone"), "410", "gone").await;
    assert_eq!(world.row("SELECT state, next_poll_at FROM feeds WHERE slug = 'news'"), "gone|");
    let asked = world.asked("/feed.xml").len();
    world.round_after_hours(1000).await;
    assert_eq!(world.asked("/feed.xml").len(), asked);

    world.configure(&format!("[feed.news]\nurl = 'http://news.test/new.xml'\n{WIRE}"));
    world.feed_at("/new.xml", &[item("Bells", "/bells")]);
    world.round().await;
    assert_eq!(world.row("SELECT state FROM feeds WHERE slug = 'news'"), "active");
}

#[tokio::test]
async fn inside_a_retry_after_window_only_force_asks() {
    let reply = Reply::status("429 Too Many Requests").header("Retry-After", "36000");
    let world = check(reply, "429", "rate-limited").await;
    assert_eq!(world.row("SELECT retry_after_until FROM feeds WHERE slug = 'news'"), "2025-06-03T21:00:00Z");
    let asked = world.asked("/feed.xml").len();
    let named = |force| Selection::Feeds { slugs: vec![Slug::new("news").unwrap()], force };

    let round = world.round_after_hours(9).await;
    assert!(!round.polls.iter().any(|poll| poll.starts_with("news")));
    let refused = world.select(named(false)).await.leftover.refused;
    assert!(refused[0].reason.contains("2025-06-03T21:00:00Z"), "{refused:?}");
    assert_eq!(world.asked("/feed.xml").len(), asked);

    world.feed(&[item("Bells", "/bells").content("<p>Bells ring.</p>")]);
    assert_eq!(world.select(named(true)).await.polls, ["news unchanged"]);
}

#[tokio::test]
async fn failures_are_asked_less_and_less_and_one_success_ends_it() {
    let world = world().await;
    world.server.on("/feed.xml", [Reply::status("500 Internal Server Error")]);
    let mut waits = Vec::new();
    for _ in 0..6 {
        world.round_after_hours(30).await;
        waits.push(world.row("SELECT interval_seconds FROM feeds WHERE slug = 'news'").parse::<u64>().unwrap() / 3600);
    }
    assert_eq!(world.row("SELECT consecutive_failures FROM feeds WHERE slug = 'news'"), "6");
    let reasons = world.rows("SELECT next_poll_reason FROM feeds WHERE slug = 'news'");
    assert!(reasons[0].contains("failure 6 (server): back-off"), "{reasons:?} {waits:?}");
    world.feed(&[item("Bells", "/bells")]);
    world.round_after_hours(30).await;
    assert_eq!(world.row("SELECT consecutive_failures, last_error FROM feeds WHERE slug = 'news'"), "0|");
}

#[tokio::test]
async fn a_feed_that_breaks_off_brings_its_whole_entries_and_takes_nothing_away() {
    let world = World::new(NEWS);
    let entries =
        [item("Bells", "/bells").guid("1"), item("Wells", "/wells").guid("2"), item("Barns", "/barns").guid("3")];
    world.feed(&entries[1..]);
    world.round().await;
    let whole = rss(&entries);
    let half = &whole[..whole.find("/wells").unwrap()];
    let etag = |reply: Reply| reply.header("ETag", ETAG);
    world.server.on("/feed.xml", [etag(Reply::ok(half)), etag(Reply::ok(whole.as_str()))]);
    world.round_after_hours(2).await;
    assert_eq!(world.rows("SELECT title, absent_since FROM entries ORDER BY guid"), ["Bells|", "Wells|", "Barns|"]);
    world.round_after_hours(2).await;
    assert_eq!(world.asked("/feed.xml")[2].header("if-none-match"), None, "half a document vouches for nothing");
    assert_eq!(world.row("SELECT etag FROM feeds"), ETAG);
}
