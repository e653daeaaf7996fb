//! `diff`: what an edit did, word by word.

use serde_json::json;

use crate::house::House;
use crate::texts::{feed, house};

const FIRST: &str = "One is here.\n\nTwo is here.\n\nThree is here.\n\nFour turns on Monday.\n\nFive is “here”.";

fn versions() -> Vec<String> {
    let version = |title, text: &str| feed(&[("a", title, text), ("b", "B", "Another.")]);
    let second = FIRST.replace("Monday", "Tuesday evening");
    vec![
        version("Wheel turns", FIRST),
        version("Wheel turns", &second),
        version("Wheel stops", &second.replace("One is here.\n\n", "")),
    ]
}

fn archive() -> House {
    house(&versions())
}

#[test]
fn the_last_two_revisions_are_compared() {
    let out = archive().run(&["diff", "1"]).good();
    assert!(
        out.starts_with("article 1\nfrom revision 2 of ") && out.contains("\n1 word added, 4 words removed\n"),
        "{out}"
    );
    assert!(out.ends_with("\nWheel [-turns-]{+stops+}\n\n[-One is here.-]\n\nTwo is here.\n\n…\n"), "{out}");
}

#[test]
fn any_two_are_and_what_did_not_change_is_left_out() {
    let house = archive();
    let out = house.run(&["diff", "1", "1", "2"]).good();
    assert!(out.contains("\n2 words added, 1 word removed\n"), "{out}");
    let body =
        "\nWheel turns\n\n…\n\nThree is here.\n\nFour turns on [-Monday.-]{+Tuesday evening.+}\n\nFive is “here”.\n";
    assert!(out.ends_with(body), "{out}");
    let full = house.run(&["diff", "--full", "1", "1", "2"]).good();
    assert!(full.contains("\nOne is here.\n\nTwo is here.\n\nThree is here.\n") && !full.contains('…'), "{full}");
    let back = house.run(&["diff", "1", "2", "1"]).good();
    assert!(back.contains("Four turns on [-Tuesday evening.-]{+Monday.+}\n"), "{back}");
    let same = house.run(&["diff", "1", "2", "2"]).good();
    assert!(same.contains("\n0 words added, 0 words removed\n") && same.ends_with("\nWheel turns\n\n…\n"), "{same}");
}

#[test]
fn json_gives_the_pieces_of_each_paragraph() {
    let ran = archive().run(&["diff", "--json", "1", "1", "2"]);
    let [json] = &ran.json()[..] else { panic!("{ran:?}") };
    assert_eq!(json["title"], json!([{"op": "equal", "text": "Wheel turns"}]));
    assert_eq!((&json["words_added"], &json["words_removed"]), (&json!(2), &json!(1)));
    assert_eq!(
        json["paragraphs"][3],
        json!([
            {"op": "equal", "text": "Four turns on "},
            {"op": "delete", "text": "Monday."},
            {"op": "insert", "text": "Tuesday evening."},
            {"op": "equal", "text": "\n\n"},
        ])
    );
}

#[test]
fn one_revision_is_nothing_to_compare() {
    let ran = archive().run(&["diff", "2"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    ran.says(&["article 2 has one revision only"]);
}

#[test]
fn a_revision_that_is_not_there_is_an_error_that_names_those_that_are() {
    let house = archive();
    house.run(&["diff", "1", "1", "9"]).refused(1, &["revision 9 of article 1 never was: there is 1, 2, 3"]);
    house.run(&["diff", "1", "0", "1"]).refused(1, &["revision 0 of article 1 never was"]);
    house.run(&["diff", "1", "2"]).refused(2, &["<M>"]);
    house.run(&["diff", "7"]).refused(1, &["no article `7` in "]);
}

#[test]
fn a_pruned_revision_is_said_to_be_pruned() {
    let house = House::new("[feed.news]\nurl = 'SERVER/feed.xml'\ncontent = 'feed'\n");
    let config = std::fs::read_to_string(house.folder.path().join("tearsheet.toml")).unwrap();
    house.file("tearsheet.toml", &config.replace("[store]\n", "[store]\nkeep_revisions = 2\n"));
    house.server.on("/feed.xml", versions().into_iter().map(crate::support::Reply::ok));
    for _ in versions() {
        house.run(&["once", "news"]).good();
    }
    house.run(&["diff", "1", "1", "2"]).refused(1, &["revision 2 of article 1 was pruned: there is 1, 3"]);
    assert!(house.run(&["diff", "1"]).good().contains("\nfrom revision 1 of "));
}
