//! One document by several roads, and several copies of one text.

use crate::support::Reply;
use crate::world::{NEWS, Page, World, item, page};

const WIRE: &str = "[feed.wire]\nurl = 'http://wire.test/wire.xml'\n";
const VERDICT: &str = "SELECT id, url, duplicate_of, duplicate_kind, similarity FROM articles ORDER BY id";
const UNIQUE: &str = "SELECT id, text_article_id, copies FROM unique_articles ORDER BY id";

/// Two articles of one feed with these pages, read in one round.
async fn pair(first: Page, second: Page) -> World {
    let world = World::new(NEWS);
    world.feed(&[item("One", "/one"), item("Two", "/two")]);
    world.answer("/one", world.with_port(&first.html()));
    world.answer("/two", world.with_port(&second.html()));
    world.round().await;
    world
}

#[tokio::test]
async fn one_link_in_two_feeds_is_one_article() {
    let world = World::new(&format!("{NEWS}{WIRE}"));
    world.feed(&[item("Bells", "http://news.test/bells")].map(|i| i.guid("1")));
    let linked = world.with_port("http://www.news.test/bells?utm_source=wire#top");
    let wire = crate::world::rss(&[item("Bells (wire)", "LINK")]).replace("LINK", &linked);
    world.answer("/feed.xml", crate::world::rss(&[item("Bells", "http://news.test/bells")]));
    world.answer("/wire.xml", wire);
    world.answer("/bells", page("Bells", "bells").html());
    world.round().await;
    assert_eq!(world.row("SELECT count(*), count(DISTINCT article_id) FROM entries"), "2|1");
    assert_eq!(world.row("SELECT feeds FROM latest"), "[\"news\",\"wire\"]");
    assert_eq!(world.row("SELECT count(*) FROM visits"), "1");
}

#[tokio::test]
async fn pages_that_name_one_canonical_address_are_copies_by_url() {
    let text = page("One", "bells");
    let world = pair(
        text.clone().canonical("http://news.test/one"),
        text.canonical("http://news.test/one").more("Printed from the web."),
    )
    .await;
    let row = &world.rows(VERDICT)[1];
    assert!(row.starts_with("2|http://news.test/two|1|url|"), "{row}");
    assert_eq!(world.rows(UNIQUE), ["1|2|2"], "the head's id, the fullest copy's text");
    assert_eq!(world.rows("SELECT kind, article_id FROM changes WHERE kind = 'duplicate'"), ["duplicate|2"]);
}

#[tokio::test]
async fn a_canonical_address_that_careless_pages_share_makes_no_copies() {
    let other = "Snow fell on the hills early this year, and the schools of the upper valley opened an hour later than \
                 usual, which pleased the children and worried those parents who drive buses for a living.";
    let start = "http://news.test/start";
    let world = pair(page("One", "bells").canonical(start), page("Two", "").text(other).canonical(start)).await;
    assert_eq!(world.rows(UNIQUE).len(), 2);
}

#[tokio::test]
async fn the_same_text_at_two_addresses_is_an_exact_copy_of_the_first_seen() {
    let world = World::new(&format!("{NEWS}{WIRE}"));
    world.feed_at("/wire.xml", &[item("Bells", "http://wire.test/two")]);
    world.feed(&[]);
    world.answer("/two", page("Bells", "bells").html());
    world.answer("/one", page("Bells", "bells").html());
    world.round().await;
    world.feed(&[item("Bells", "http://news.test/one")]);
    world.round_after_hours(2).await;
    assert_eq!(world.rows(VERDICT), ["1|http://wire.test/two|||", "2|http://news.test/one|1|exact|1"]);
    assert_eq!(world.rows(UNIQUE), ["1|1|2"]);
    assert_eq!(world.rows("SELECT kind, article_id FROM changes ORDER BY seq"), ["new|1", "new|2", "duplicate|2"]);
}

#[tokio::test]
async fn a_copy_whose_text_becomes_its_own_is_released() {
    let world = pair(page("One", "bells"), page("Two", "bells")).await;
    assert_eq!(world.rows(UNIQUE).len(), 1);
    world.answer("/two", page("Two", "wells").html());
    world.round_after_hours(2).await;
    assert_eq!(world.rows(UNIQUE).len(), 2);
    assert_eq!(world.row("SELECT article_id FROM changes WHERE kind = 'released'"), "2");
}

#[tokio::test]
async fn a_redirect_leads_to_the_article_that_is_known_by_its_end() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells"), item("Bells", "/go?id=1")]);
    world.answer("/bells", page("Bells", "bells").html());
    world.server.on("/go?id=1", [Reply::redirect(302, "/bells")]);
    world.round().await;
    assert_eq!(world.rows(UNIQUE).len(), 1);
    assert_eq!(world.row("SELECT duplicate_of, duplicate_kind FROM articles WHERE id = 2"), "1|url");
}

#[tokio::test]
async fn short_texts_are_no_copies_of_each_other() {
    let world = World::new(&format!("{NEWS}content = 'feed'\n"));
    world.feed(&[
        item("One", "/one").content("<p>See the page.</p>"),
        item("Two", "/two").content("<p>See the page.</p>"),
    ]);
    world.round().await;
    assert_eq!(world.rows(UNIQUE).len(), 2);
}

#[tokio::test]
async fn a_related_link_is_resolved_when_its_target_arrives() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells")]);
    let link = "READ MORE: <a href='/wells?utm_source=more'>Wells</a>";
    world.answer("/bells", page("Bells", "bells").more(link).html());
    world.answer("/wells", page("Wells", "wells").html());
    world.round().await;
    let target = "SELECT kind, title, target_article_id FROM related_links";
    assert_eq!(world.row(target), "inline|Wells|");
    world.feed(&[item("Wells", "/wells"), item("Bells", "/bells")]);
    world.round_after_hours(2).await;
    assert_eq!(world.row(target), "inline|Wells|2");
    assert_eq!(world.row("SELECT count(*) FROM revisions WHERE article_id = 1"), "1");
}
