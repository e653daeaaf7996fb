//! The config changes between two rounds: nothing that is stored is lost.

use crate::world::{NEWS, World, item, page};

const FEEDS: &str = "SELECT slug, state, etag, next_poll_at IS NOT NULL FROM feeds ORDER BY id";

/// A feed with an entity tag, read once.
async fn world() -> World {
    let world = World::new(NEWS);
    let feed = crate::world::rss(&[item("Bells", "/bells").guid("1")]);
    for path in ["/feed.xml", "/moved.xml"] {
        world.server.on(path, [world.ok(feed.clone()).header("ETag", "\"1\"")]);
    }
    world.answer("/bells", page("Bells", "bells").html());
    world.round().await;
    world
}

#[tokio::test]
async fn a_feed_that_leaves_the_config_loses_no_row_and_is_not_polled() {
    let world = world().await;
    let before = world.content();
    world.configure("");
    let round = world.round_after_hours(100).await;
    assert!(round.polls.is_empty());
    let without_feed =
        |rows: Vec<String>| -> Vec<String> { rows.into_iter().filter(|row| !row.starts_with("news|")).collect() };
    assert_eq!(without_feed(world.content()), without_feed(before));
    assert_eq!(world.row("SELECT state FROM feeds"), "removed");

    world.configure(NEWS);
    assert_eq!(world.round().await.polls, ["news unchanged"]);
    assert_eq!(world.row("SELECT state FROM feeds"), "active");
    assert_eq!(world.row("SELECT count(*) FROM entries"), "1");
}

#[tokio::test]
async fn a_new_address_drops_the_validators_of_the_old_one() {
    let world = world().await;
    world.configure("[feed.news]\nurl = 'http://news.test/moved.xml'\n");
    let round = world.round().await;
    assert_eq!(round.polls, ["news unchanged"], "due at once, and the entries are known");
    assert_eq!(world.asked("/moved.xml")[0].header("if-none-match"), None);
}

#[tokio::test]
async fn a_new_slug_with_the_old_address_keeps_feed_and_history() {
    let world = world().await;
    world.configure("[feed.paper]\nurl = 'http://news.test/feed.xml'\n");
    assert!(world.round().await.polls.is_empty(), "it is as due as before");
    assert_eq!(world.rows(FEEDS), ["paper|active|\"1\"|1"]);
    world.round_after_hours(2).await;
    assert_eq!(world.asked("/feed.xml")[1].header("if-none-match"), Some("\"1\""));
    assert_eq!(world.row("SELECT count(*) FROM entries"), "1");
}

#[tokio::test]
async fn a_disabled_feed_is_not_polled() {
    let world = world().await;
    world.configure(&format!("{NEWS}enabled = false\n"));
    assert!(world.round_after_hours(100).await.polls.is_empty());
    assert_eq!(world.row("SELECT state FROM feeds"), "disabled");
    world.configure(NEWS);
    assert_eq!(world.round().await.polls, ["news unchanged"]);
}

#[tokio::test]
async fn tags_and_title_follow_the_config() {
    let world = world().await;
    world.configure(&format!("{NEWS}tags = ['world', 'daily']\ntitle = 'My paper'\n"));
    world.round().await;
    assert_eq!(world.rows("SELECT tag FROM feed_tags ORDER BY 1"), ["daily", "world"]);
    assert_eq!(world.row("SELECT title FROM feeds"), "My paper");
    assert_eq!(world.row("SELECT tags FROM latest"), "[\"daily\",\"world\"]");
}
