//! What the pages of one site have in common, and what is remembered of a page that is looked at again.

use crate::world::{NEWS, World, item, page};

/// Stands in the text like any other paragraph.
const APPEAL: &str = "Contact the editors: news@news.test | The News, Quay 4, River Valley";

const TEXTS: &str = "SELECT content_text LIKE '%Contact the editors%' FROM articles ORDER BY id";

/// What is under the text of a page, as the publisher has it today.
fn with_tail(title: &'static str, about: &'static str, tail: &str) -> String {
    page(title, about).html().replace("</article>", &format!("<p>{APPEAL}</p>{tail}</article>"))
}

#[tokio::test]
async fn a_first_page_is_read_again_once_another_shows_what_is_the_sites() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells")]);
    world.answer("/bells", with_tail("Bells", "bells", ""));
    world.round().await;
    assert_eq!(world.rows(TEXTS), ["1"], "alone, it is a paragraph like any other");

    world.feed(&[item("Bells", "/bells"), item("Geese", "/geese")]);
    world.answer("/geese", with_tail("Geese", "geese", ""));
    world.round_after_hours(2).await;
    assert_eq!(world.rows(TEXTS), ["0", "0"]);
    assert_eq!(
        world.rows("SELECT article_id, number, kind, silent, correction FROM revisions ORDER BY 1, 2"),
        ["1|1|first|0|0", "1|2|reextracted|0|0", "2|1|first|0|0"],
        "ours to mend, so no edit of the publisher's"
    );
    assert_eq!(world.rows("SELECT changed_at FROM articles WHERE id = 1"), [""]);
    let before = world.content();

    world.round_after_hours(24).await;
    assert_eq!(world.content(), before, "pages that did not change are read as before");
}

#[tokio::test]
async fn without_its_page_a_text_stays_as_it_was_read() {
    let world = World::new(NEWS);
    world.configure_store("keep_raw = '0'\n", NEWS);
    world.feed(&[item("Bells", "/bells")]);
    world.answer("/bells", with_tail("Bells", "bells", ""));
    world.round().await;
    world.feed(&[item("Bells", "/bells"), item("Geese", "/geese")]);
    world.answer("/geese", with_tail("Geese", "geese", ""));
    world.round_after_hours(2).await;
    world.round_after_hours(24).await;
    assert_eq!(world.rows(TEXTS), ["1", "0"]);
    assert_eq!(world.row("SELECT count(*) FROM revisions WHERE kind <> 'first'"), "0");
}

#[tokio::test]
async fn furniture_that_comes_and_goes_is_no_edit() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells")]);
    world.answer("/bells", with_tail("Bells", "bells", ""));
    world.round().await;
    let teasers: String =
        (1..30).map(|n| format!("<a href='/{n}'>What else happened in week {n} of the year</a>")).collect();
    world.answer(
        "/bells",
        with_tail("Bells", "bells", &format!("<section class='related'><h3>More stories</h3>{teasers}</section>")),
    );
    let round = world.round_after_hours(2).await;
    assert_eq!(round.visits, ["http://news.test/bells unchanged"]);
}

#[tokio::test]
async fn what_other_rules_of_the_config_change_is_no_edit() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells")]);
    world.answer("/bells", page("Bells", "bells").more("<span class=x>A word of the editors.</span>").html());
    world.round().await;
    world.configure(&format!("{NEWS}[feed.news.page]\nselect = 'article p:first-of-type'\n"));
    world.round_after_hours(2).await;
    let revisions = "SELECT number, kind, silent, words_removed > 40 FROM revisions WHERE number > 1";
    assert_eq!(world.rows(revisions), ["2|reextracted|0|1"]);
    assert_eq!(world.rows("SELECT changed_at FROM articles"), [""]);
    world.configure(NEWS);
    world.round_after_hours(24).await;
    assert_eq!(world.rows("SELECT kind FROM revisions ORDER BY number"), ["first", "reextracted", "reextracted"]);
    world.answer("/bells", page("Bells", "bells").more("The mayor has left the town.").html());
    world.round_after_hours(24 * 7).await;
    assert_eq!(world.row("SELECT kind FROM revisions WHERE number = 4"), "text", "and an edit is one again");
}

#[tokio::test]
async fn of_a_site_the_newest_pages_are_remembered_and_those_still_looked_at() {
    const STORIES: [(&str, &str, &str); 14] = [
        ("Bells", "/1", "bells"),
        ("Geese", "/2", "geese"),
        ("Boats", "/3", "boats"),
        ("Barns", "/4", "barns"),
        ("Wells", "/5", "wells"),
        ("Mills", "/6", "mills"),
        ("Roads", "/7", "roads"),
        ("Parks", "/8", "parks"),
        ("Trams", "/9", "trams"),
        ("Lamps", "/10", "lamps"),
        ("Doors", "/11", "doors"),
        ("Fairs", "/12", "fairs"),
        ("Choirs", "/13", "choirs"),
        ("Fords", "/14", "fords"),
    ];
    let world = World::new(&format!("{NEWS}recheck = ['1h']\n"));
    let items: Vec<_> = STORIES.iter().map(|(title, link, _)| item(title, link)).collect();
    for (title, link, about) in STORIES {
        world.answer(link, page(title, about).html());
    }
    world.feed(&items);
    world.round().await;
    assert_eq!(world.row("SELECT count(*) FROM page_blocks"), "14", "all of them are going to be looked at again");
    world.round_after_hours(2).await;
    assert_eq!(world.row("SELECT count(*) FROM article_status WHERE next_check_at IS NULL"), "14");
    assert_eq!(world.row("SELECT count(*), min(article_id) FROM page_blocks"), "12|3");
}
