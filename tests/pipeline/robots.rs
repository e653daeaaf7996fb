//! robots.txt: honoured for pages, asked once a day.

use crate::support::Reply;
use crate::world::{Item, NEWS, World, item, page};

const PATHS: [&str; 5] = ["/private/a", "/b", "/c", "/d", "/e"];

/// A feed of five articles on a site with this robots.txt.
fn world(config: &str, robots: Reply) -> World {
    let world = World::new(config);
    world.server.on("/robots.txt", [robots]);
    world.feed(&PATHS.map(|path| -> Item { item("Bells", path).content(format!("<p>{path} in short.</p>")) }));
    for (path, about) in PATHS.into_iter().zip(["apples", "bells", "coats", "doors", "eggs"]) {
        world.answer(path, page("Bells", about).html());
    }
    world
}

fn rules() -> Reply {
    Reply::ok("User-agent: *\nDisallow: /\n\nUser-agent: tearsheet\nDisallow: /private/\n")
}

#[tokio::test]
async fn a_disallowed_page_is_never_asked_for_and_the_feed_s_words_stand_in() {
    let world = world(NEWS, rules());
    world.round().await;
    world.round_after_hours(2).await;
    assert!(world.asked("/private/a").is_empty());
    assert_eq!(world.asked("/b").len(), 2);
    let states = world.rows("SELECT state, content_source, consecutive_failures FROM articles JOIN article_status ON id = article_id ORDER BY id");
    assert_eq!(states, ["robots|feed|0", "ok|page|0", "ok|page|0", "ok|page|0", "ok|page|0"]);
    assert_eq!(world.row("SELECT content_text FROM articles WHERE id = 1"), "/private/a in short.");
    assert_eq!(world.row("SELECT outcome, http_status, error_class FROM visits WHERE article_id = 1"), "error||robots");
}

#[tokio::test]
async fn robots_txt_is_asked_once_a_day_whatever_is_visited() {
    let world = world(NEWS, rules());
    world.round().await;
    world.round_after_hours(2).await;
    world.round_after_hours(20).await;
    assert_eq!(world.asked("/robots.txt").len(), 1);
    world.round_after_hours(3).await;
    assert_eq!(world.asked("/robots.txt").len(), 2);
}

#[tokio::test]
async fn each_origin_is_asked() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "http://news.test/bells"), item("Wells", "http://wire.test/wells")]);
    world.round().await;
    assert_eq!(world.asked("/robots.txt").len(), 2);
    assert_eq!(
        world.rows("SELECT origin, state FROM robots ORDER BY 1"),
        ["http://news.test|allowed", "http://wire.test|allowed"]
    );
}

#[tokio::test]
async fn while_robots_txt_cannot_be_had_no_page_is_asked_for() {
    let world = world(NEWS, Reply::status("500 Internal Server Error"));
    world.round().await;
    assert!(PATHS.iter().all(|path| world.asked(path).is_empty()));
    assert_eq!(world.asked("/robots.txt").len(), 1);
    assert_eq!(
        world.rows("SELECT DISTINCT state, content_source FROM articles JOIN article_status ON id = article_id"),
        ["failed|feed"]
    );
    world.server.on("/robots.txt", [Reply::status("404 Not Found")]);
    world.round_after_hours(2).await;
    assert_eq!(
        world.rows("SELECT DISTINCT state, content_source FROM articles JOIN article_status ON id = article_id"),
        ["ok|page"]
    );
}

#[tokio::test]
async fn the_config_can_say_that_robots_txt_is_not_asked() {
    let world = world(&format!("{NEWS}robots = false\n"), rules());
    world.round().await;
    assert!(world.asked("/robots.txt").is_empty());
    assert_eq!(world.asked("/private/a").len(), 1);
}

#[tokio::test]
async fn feeds_are_polled_whatever_robots_txt_says() {
    let world = world(NEWS, Reply::ok("User-agent: *\nDisallow: /\n"));
    let round = world.round().await;
    assert_eq!(round.polls, ["news new"]);
    assert_eq!(world.server.targets(), ["/feed.xml", "/robots.txt"]);
}
