//! The first look at a feed, and looks that bring nothing.

use crate::support::Reply;
use crate::world::{NEWS, World, item, page};

const ETAG: &str = "W/\"a;b 1\"";
const LAST_MODIFIED: &str = "Tue,  03 Jun 2025 08:00:00 +0000";

/// A feed of two articles, of which the first leads to the second; all answer 304 from the second request on.
fn paper() -> World {
    let world = World::new(NEWS);
    let unchanged = |reply: Reply| {
        [reply.header("ETag", ETAG).header("Last-Modified", LAST_MODIFIED), Reply::status("304 Not Modified")]
    };
    let feed = crate::world::rss(&[item("Bells", "/bells").guid("1"), item("Wells", "/wells").guid("2")]);
    world.server.on("/feed.xml", unchanged(world.ok(feed)));
    let bells = page("Bells", "bells")
        .dated("2025-06-02T10:20:00+02:00", "2025-06-02T11:00:00+02:00")
        .more("READ MORE: <a href='/wells'>Wells</a>");
    world.server.on("/bells", unchanged(world.ok(bells.html())));
    world.server.on("/wells", unchanged(world.ok(page("Wells", "wells").html())));
    world
}

#[tokio::test]
async fn first_round_makes_clean_dated_linked_articles_that_can_be_found() {
    let world = paper();
    let round = world.round().await;
    assert_eq!(round.polls, ["news new"]);
    assert_eq!(round.visits, ["http://news.test/bells new", "http://news.test/wells new"]);
    assert_eq!(
        world.rows("SELECT e.title, a.url, a.content_source, a.revision_count, s.state FROM entries e JOIN articles a ON a.id = e.article_id JOIN article_status s ON s.article_id = a.id ORDER BY e.position"),
        ["Bells|http://news.test/bells|page|1|ok", "Wells|http://news.test/wells|page|1|ok"]
    );
    let text = world.row("SELECT content_text FROM articles WHERE id = 1");
    assert_eq!(text, crate::world::story("bells").join("\n\n"));
    assert_eq!(
        world.row("SELECT published_at, published_precision, published_source, published_zone, published_raw, updated_at, updated_source FROM articles WHERE id = 1"),
        "2025-06-02T08:20:00Z|second|meta|stated|2025-06-02T10:20:00+02:00|2025-06-02T09:00:00Z|meta"
    );
    assert_eq!(
        world.row("SELECT kind, label, title, url, target_article_id FROM related_links WHERE article_id = 1"),
        "inline|READ MORE|Wells|http://news.test/wells|2"
    );
    assert_eq!(world.row("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'bells NEAR town'"), "1");
    assert_eq!(world.rows("SELECT kind, article_id FROM changes ORDER BY 2"), ["new|1", "new|2"]);
}

#[tokio::test]
async fn a_round_of_304s_changes_nothing_but_the_logs() {
    let world = paper();
    world.round().await;
    let before = world.content();
    let round = world.round_after_hours(2).await;
    assert_eq!(round.polls, ["news not_modified"]);
    assert_eq!(round.visits, ["http://news.test/bells not_modified", "http://news.test/wells not_modified"]);
    assert_eq!(world.content(), before);
    assert_eq!(world.rows("SELECT outcome, http_status FROM polls ORDER BY id"), ["new|200", "not_modified|304"]);
    assert_eq!(world.row("SELECT count(*) FROM visits"), "4");
}

#[tokio::test]
async fn second_look_sends_the_validators_back_byte_for_byte() {
    let world = paper();
    world.round().await;
    world.round_after_hours(2).await;
    for path in ["/feed.xml", "/bells"] {
        let asked = world.asked(path);
        let sent: Vec<_> = asked
            .iter()
            .map(|request| (request.header("if-none-match"), request.header("if-modified-since")))
            .collect();
        assert_eq!(sent, [(None, None), (Some(ETAG), Some(LAST_MODIFIED))], "{path}");
    }
}

#[tokio::test]
async fn the_same_documents_with_200_write_no_content() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells").guid("1").content("<p>Bells ring.</p>"), item("Wells", "/wells")]);
    world.answer("/bells", page("Bells", "bells").html());
    world.answer("/wells", page("Wells", "wells").html());
    world.round().await;
    let before = world.content();
    for hours in [2, 5, 24, 200] {
        let round = world.round_after_hours(hours).await;
        assert_eq!(round.polls, ["news unchanged"]);
        assert_eq!(round.visits, ["http://news.test/bells unchanged", "http://news.test/wells unchanged"]);
        assert_eq!(world.content(), before);
    }
}

#[tokio::test]
async fn nothing_is_asked_before_it_is_due() {
    let world = paper();
    world.round().await;
    let asked = world.server.requests().len();
    let round = world.round().await;
    assert!(round.polls.is_empty() && round.visits.is_empty());
    assert_eq!(world.server.requests().len(), asked);
}
