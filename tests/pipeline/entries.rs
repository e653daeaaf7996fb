//! What a feed says about its entries: identity, filters, and where the text comes from.

use crate::world::{Item, NEWS, World, item, page, paragraphs, story};

const ENTRIES: &str = "SELECT id, title, article_id, absent_since IS NOT NULL FROM entries ORDER BY id";

/// Two polls of a feed whose pages answer, the feed edited in between.
async fn polled_twice(before: &[Item], after: &[Item]) -> World {
    let world = World::new(NEWS);
    for (path, title, about) in
        [("/bells", "Bells", "bells"), ("/wells", "Wells", "wells"), ("/bells-2", "B2", "barns")]
    {
        world.answer(path, page(title, about).html());
    }
    for items in [before, after] {
        world.feed(items);
        world.round_after_hours(2).await;
    }
    world
}

#[tokio::test]
async fn the_same_guid_with_a_new_headline_is_the_same_entry() {
    let world = polled_twice(&[item("Bells", "/bells").guid("1")], &[item("Bells!", "/bells").guid("1")]).await;
    assert_eq!(world.rows(ENTRIES), ["1|Bells!|1|0"]);
    assert_eq!(world.row("SELECT entries_new, entries_changed FROM polls ORDER BY id DESC LIMIT 1"), "0|1");
}

#[tokio::test]
async fn the_same_guid_with_a_new_link_is_the_same_article_at_its_new_address() {
    let world = polled_twice(&[item("Bells", "/bells").guid("1")], &[item("Bells", "/bells-2").guid("1")]).await;
    assert_eq!(world.rows(ENTRIES), ["1|Bells|1|0"]);
    assert_eq!(world.row("SELECT url FROM articles"), "http://news.test/bells-2");
}

#[tokio::test]
async fn without_a_guid_an_edited_headline_keeps_the_entry() {
    let world = polled_twice(&[item("Bells", "/bells")], &[item("Bells, edited", "/bells")]).await;
    assert_eq!(world.rows(ENTRIES), ["1|Bells, edited|1|0"]);
}

#[tokio::test]
async fn a_guid_that_turns_to_https_makes_no_second_article() {
    let guid = |guid| item("Bells", "/bells").guid(guid);
    let world = polled_twice(&[guid("http://news.example/1")], &[guid("https://news.example/1")]).await;
    assert_eq!(world.rows(ENTRIES), ["1|Bells|1|0"]);
    assert_eq!(world.rows("SELECT kind FROM changes"), ["new"]);
}

#[tokio::test]
async fn items_that_share_one_guid_are_entries_of_their_own() {
    let items = [item("Bells", "/bells").guid("x"), item("Wells", "/wells").guid("x")];
    let world = polled_twice(&items, &items).await;
    assert_eq!(world.rows(ENTRIES), ["1|Bells|1|0", "2|Wells|2|0"]);
    assert_eq!(world.rows("SELECT outcome FROM polls ORDER BY id"), ["new", "unchanged"]);
}

#[tokio::test]
async fn without_guid_and_link_an_edited_text_further_down_keeps_the_entry() {
    let entry = |end: &str| item("Bells", "").content(format!("<p>{}</p><p>{end}</p>", story("bells").join(" ")));
    let world = polled_twice(&[entry("More soon.")], &[entry("No more.")]).await;
    world.feed(&[entry("No more.")]);
    world.round_after_hours(2).await;
    assert_eq!(world.rows(ENTRIES), ["1|Bells|1|0"]);
    assert_eq!(world.rows("SELECT kind FROM revisions"), ["first", "text"]);
}

#[tokio::test]
async fn a_feed_without_items_is_a_success_and_keeps_what_is_stored() {
    let world = polled_twice(&[item("Bells", "/bells")], &[]).await;
    assert_eq!(world.rows(ENTRIES), ["1|Bells|1|1"]);
    assert_eq!(world.rows("SELECT outcome, gap FROM polls ORDER BY id"), ["new|0", "unchanged|0"]);
}

#[tokio::test]
async fn an_entry_that_leaves_the_feed_is_absent_and_its_article_stays() {
    let both = [item("Bells", "/bells"), item("Wells", "/wells")];
    let world = polled_twice(&both, &both[..1]).await;
    assert_eq!(world.rows(ENTRIES), ["1|Bells|1|0", "2|Wells|2|1"]);
    world.feed(&both);
    world.round_after_hours(2).await;
    assert_eq!(world.rows(ENTRIES), ["1|Bells|1|0", "2|Wells|2|0"]);
    assert_eq!(world.row("SELECT count(*) FROM articles"), "2");
}

#[tokio::test]
async fn a_document_without_any_known_entry_is_a_gap() {
    let world = polled_twice(&[item("Bells", "/bells")], &[item("Wells", "/wells")]).await;
    assert_eq!(world.rows("SELECT gap FROM polls ORDER BY id"), ["0", "1"]);
}

#[tokio::test]
async fn blocked_entries_are_not_stored() {
    let world = World::new(&format!("{NEWS}block = [{{ title = '(?i)^advert' }}]\n"));
    world.feed(&[item("Advert: bells", "/bells"), item("Wells", "/wells")]);
    world.answer("/wells", page("Wells", "wells").html());
    world.round().await;
    assert_eq!(world.rows("SELECT title FROM entries"), ["Wells"]);
    assert!(world.asked("/bells").is_empty());
}

#[tokio::test]
async fn with_keep_only_what_matches_is_stored() {
    let world = World::new(&format!("{NEWS}keep = [{{ url = '/wells$' }}, {{ content = 'ding dong' }}]\n"));
    world.feed(&[
        item("Bells", "/bells").content("<p>ding <b>dong</b></p>"),
        item("Barns", "/barns"),
        item("Wells", "/wells"),
    ]);
    world.round().await;
    assert_eq!(world.rows("SELECT title FROM entries ORDER BY id"), ["Bells", "Wells"]);
}

#[tokio::test]
async fn content_feed_takes_the_feed_s_words_and_asks_for_no_page() {
    let world = World::new(&format!("{NEWS}content = 'feed'\n"));
    world.feed(&[item("Bells", "/bells").content("<p>Bells <b>ring</b>.</p><script>x()</script>")]);
    let round = world.round().await;
    assert!(round.visits.is_empty());
    assert_eq!(world.server.targets(), ["/feed.xml"]);
    assert_eq!(
        world.row("SELECT content_source, content_text, content_html FROM articles"),
        "feed|Bells ring.|<p>Bells <b>ring</b>.</p>"
    );
    assert_eq!(world.row("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'ring'"), "1");
}

#[tokio::test]
async fn an_edit_of_the_feed_s_words_is_a_revision() {
    let world = World::new(&format!("{NEWS}content = 'feed'\n"));
    for words in ["Bells ring.", "Bells ring. Loudly."] {
        world.feed(&[item("Bells", "/bells").content(format!("<p>{words}</p>"))]);
        world.round_after_hours(2).await;
    }
    assert_eq!(world.rows("SELECT kind, words_added FROM revisions"), ["first|3", "text|1"]);
}

#[tokio::test]
async fn content_auto_visits_only_the_teasers() {
    let world = World::new(&format!("{NEWS}content = 'auto'\n"));
    let whole = ["bells", "barns", "boats"].map(paragraphs).concat();
    world.feed(&[item("Bells", "/bells").content(whole), item("Wells", "/wells").content("<p>Wells are deep.</p>")]);
    world.answer("/wells", page("Wells", "wells").html());
    let round = world.round().await;
    assert_eq!(round.visits, ["http://news.test/wells new"]);
    assert_eq!(world.rows("SELECT title, content_source FROM articles ORDER BY id"), ["Bells|feed", "Wells|page"]);
}

#[tokio::test]
async fn an_entry_without_a_link_is_an_article_without_an_address() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "").guid("1").content("<p>Bells ring.</p>")]);
    let round = world.round().await;
    assert!(round.visits.is_empty());
    assert_eq!(world.row("SELECT url, content_source, content_text FROM articles"), "|feed|Bells ring.");
    assert!(world.rows("SELECT * FROM article_urls").is_empty());
}

#[tokio::test]
async fn items_of_a_changelog_that_share_a_link_are_articles_of_their_own() {
    let world = World::new(NEWS);
    let items = ["1.0", "1.1", "1.2"]
        .map(|version| item(version, "/changes").guid(version).content(format!("<p>Version {version}.</p>")));
    world.feed(&items);
    let round = world.round().await;
    assert!(round.visits.is_empty());
    assert_eq!(
        world.rows("SELECT title, url, content_text, duplicate_of FROM articles ORDER BY id"),
        ["1.0", "1.1", "1.2"].map(|version| format!("{version}|http://news.test/changes|Version {version}.|"))
    );
    assert!(world.rows("SELECT * FROM article_urls").is_empty());
    assert!(world.asked("/changes").is_empty());
}

#[tokio::test]
async fn entities_in_titles_are_resolved_once() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells &amp;amp; Wells", "/bells")]);
    world.round().await;
    assert_eq!(world.row("SELECT title FROM entries"), "Bells & Wells");
}

#[tokio::test]
async fn what_is_odd_in_one_item_costs_no_other() {
    let world = World::new(&format!("{NEWS}content = 'feed'\n"));
    let odd = "<item><title>Od\u{0}d &rsquo; \u{1d}</title><link>http://[broken</link><pubDate>never</pubDate></item>";
    let feed = crate::world::rss(&[item("Bells", "/bells"), item("ODD", ""), item("Wells", "/wells")]);
    world.answer("/feed.xml", feed.replace("<item><title>ODD</title></item>", odd));
    world.round().await;
    assert_eq!(world.rows("SELECT title FROM entries ORDER BY id"), ["Bells", "Odd \u{2019}", "Wells"]);
    let warnings = world.row("SELECT warnings FROM polls");
    assert!(warnings.contains("never"), "{warnings}");
}

#[tokio::test]
async fn an_entry_s_published_date_is_no_updated_date() {
    let world = World::new(&format!("{NEWS}content = 'feed'\n"));
    let dated = "<item><pubDate>Thu, 05 Mar 2015 11:20:00 +0100</pubDate><title>";
    world.answer("/feed.xml", crate::world::rss(&[item("Bells", "/bells")]).replace("<item><title>", dated));
    world.round().await;
    assert_eq!(
        world.row("SELECT published_at, published_offset, updated_at FROM entries"),
        "2015-03-05T10:20:00Z|3600|"
    );
    assert_eq!(
        world.row("SELECT published_at, published_source, published_zone, updated_at FROM articles"),
        "2015-03-05T10:20:00Z|feed|stated|"
    );
}
