//! Validators: those of the last document that was stored, and no others.

use crate::support::Reply;
use crate::world::{NEWS, World, item, rss};

/// What `If-None-Match` and `If-Modified-Since` of the third poll are, after these two answers.
async fn check(first: Reply, second: Reply, expected: (Option<&str>, Option<&str>)) {
    let world = World::new(NEWS);
    world.server.on("/feed.xml", [first, second, Reply::status("304 Not Modified")]);
    for _ in 0..3 {
        world.round_after_hours(100).await;
    }
    let third = &world.asked("/feed.xml")[2];
    assert_eq!((third.header("if-none-match"), third.header("if-modified-since")), expected);
}

fn document() -> Reply {
    Reply::ok(rss(&[item("Bells", "").guid("1")]))
}

fn not_modified() -> Reply {
    Reply::status("304 Not Modified")
}

#[tokio::test]
async fn a_304_may_bring_new_ones() {
    let first = || document().header("ETag", "\"1\"").header("Last-Modified", "yesterday");
    check(first(), not_modified().header("ETag", "W/\"2\""), (Some("W/\"2\""), Some("yesterday"))).await;
    check(first(), not_modified().header("Last-Modified", "today"), (Some("\"1\""), Some("today"))).await;
    check(first(), not_modified(), (Some("\"1\""), Some("yesterday"))).await;
}

#[tokio::test]
async fn an_equal_document_with_new_ones_replaces_the_old_ones() {
    check(document().header("ETag", "\"1\""), document().header("ETag", "\"2\""), (Some("\"2\""), None)).await;
}

#[tokio::test]
async fn a_document_without_any_drops_the_old_ones() {
    check(document().header("ETag", "\"1\"").header("Last-Modified", "yesterday"), document(), (None, None)).await;
}

#[tokio::test]
async fn what_is_no_feed_leaves_the_old_ones() {
    let page = Reply::ok("<html><title>Back soon</title></html>").header("ETag", "\"page\"");
    check(document().header("ETag", "\"1\""), page, (Some("\"1\""), None)).await;
}

#[tokio::test]
async fn a_permanent_redirect_is_followed_and_not_remembered() {
    let world = World::new(NEWS);
    world.server.on("/feed.xml", [Reply::redirect(301, "/moved.xml")]);
    world.feed_at("/moved.xml", &[item("Bells", "").guid("1")]);
    world.round().await;
    world.round_after_hours(2).await;
    assert_eq!(world.server.targets(), ["/feed.xml", "/moved.xml", "/feed.xml", "/moved.xml"]);
    assert_eq!(world.row("SELECT url FROM feeds"), "http://news.test/feed.xml");
}
