//! What the publisher changes in a page: one revision each, of the right kind.

use crate::world::{NEWS, Page, World, item, page};

const REVISION: &str =
    "SELECT number, kind, silent, words_added, words_removed, observed_at FROM revisions WHERE number > 1";

/// Reads a page, then the page as it was edited two hours later; the world afterwards.
async fn edited(before: Page, after: Page) -> World {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells")]);
    world.answer("/bells", before.html());
    world.round().await;
    world.answer("/bells", after.html());
    let round = world.round_after_hours(2).await;
    assert_eq!(round.visits, ["http://news.test/bells revised"]);
    world
}

fn dated(modified: &str) -> Page {
    page("Bells", "bells").dated("2025-06-02T10:00:00Z", modified)
}

#[tokio::test]
async fn an_edited_text_is_one_revision_with_its_words_counted() {
    let world = edited(page("Bells", "bells"), page("Bells", "bells").more("The mayor has left the town.")).await;
    assert_eq!(world.row(REVISION), "2|text|1|6|0|2025-06-03T11:00:00Z");
    assert_eq!(world.row("SELECT changed_at, revision_count FROM articles"), "2025-06-03T11:00:00Z|2");
    assert_eq!(world.rows("SELECT kind, article_id, revision_id FROM changes"), ["new|1|1", "revised|1|2"]);
    assert_eq!(world.row("SELECT rowid FROM articles_fts WHERE articles_fts MATCH '\"mayor has left\"'"), "1");
}

#[tokio::test]
async fn removed_words_are_counted_too() {
    let world = edited(page("Bells", "bells").more("The mayor has left the town."), page("Bells", "bells")).await;
    assert_eq!(world.row(REVISION), "2|text|1|0|6|2025-06-03T11:00:00Z");
    assert!(world.rows("SELECT rowid FROM articles_fts WHERE articles_fts MATCH '\"mayor has left\"'").is_empty());
}

#[tokio::test]
async fn an_edited_headline_is_a_revision_of_the_title() {
    let world = edited(page("Bells", "bells"), page("Bells ring again", "bells")).await;
    assert_eq!(world.row("SELECT kind, title FROM revisions WHERE number = 2"), "title|Bells ring again");
    assert_eq!(world.row("SELECT title FROM articles"), "Bells ring again");
    assert_eq!(world.row("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'title: ring'"), "1");
}

#[tokio::test]
async fn a_new_date_alone_is_a_stamp() {
    let world = edited(dated("2025-06-02T11:00:00Z"), dated("2025-06-03T10:30:00Z")).await;
    assert_eq!(world.row(REVISION), "2|stamp|0|0|0|2025-06-03T11:00:00Z");
    assert_eq!(world.row("SELECT updated_at FROM articles"), "2025-06-03T10:30:00Z");
}

#[tokio::test]
async fn an_edit_with_a_new_date_is_not_silent() {
    let world = edited(dated("2025-06-02T11:00:00Z"), dated("2025-06-03T10:30:00Z").more("The vote is off.")).await;
    assert_eq!(world.row(REVISION), "2|text|0|4|0|2025-06-03T11:00:00Z");
}

#[tokio::test]
async fn a_page_whose_surroundings_change_is_not_revised() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells")]);
    let html = page("Bells", "bells").html();
    world.answer("/bells", html.clone());
    world.round().await;
    world.answer("/bells", html.replace("All rights reserved", "<p>Most read today: nothing at all</p>"));
    let round = world.round_after_hours(2).await;
    assert_eq!(round.visits, ["http://news.test/bells unchanged"]);
    assert_eq!(world.row("SELECT revision_count, changed_at FROM articles"), "1|");
}

#[tokio::test]
async fn an_edit_in_the_feed_makes_the_page_due_at_once() {
    let world = World::new(&format!("{NEWS}recheck = []\n"));
    world.feed(&[item("Bells", "/bells").guid("1")]);
    world.answer("/bells", page("Bells", "bells").html());
    world.round().await;
    world.feed(&[item("Bells ring", "/bells").guid("1")]);
    world.answer("/bells", page("Bells ring", "bells").html());
    let round = world.round_after_hours(2).await;
    assert_eq!((round.polls, round.visits), (vec!["news new".into()], vec!["http://news.test/bells revised".into()]));
}

#[tokio::test]
async fn relative_words_narrow_and_make_no_revision() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells")]);
    let with_age = |age: &str| {
        let byline = format!("<h1>Bells</h1><p class='date'>2 Jun, 2020 10:20 / Updated {age}</p>");
        page("Bells", "bells").html().replace("<h1>Bells</h1>", &byline)
    };
    world.answer("/bells", with_age("4 years ago"));
    world.round().await;
    let before = world.row("SELECT updated_at, updated_earliest, updated_latest FROM articles");
    world.answer("/bells", with_age("5 years ago"));
    let round = world.round_after_hours(2).await;
    assert_eq!(round.visits, ["http://news.test/bells unchanged"]);
    let narrowed = world.row("SELECT updated_latest < updated_earliest, revision_count FROM articles");
    assert_eq!(narrowed, "0|1");
    let after = world.row("SELECT updated_at, updated_earliest, updated_latest FROM articles");
    assert_ne!(before, after, "the second visit knows more");
}
