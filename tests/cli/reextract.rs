//! `reextract`: what a better reader changes, what it leaves alone, and what it cannot read.

use rusqlite::{Connection, params};
use serde_json::json;
use tearsheet::clock::Clock;
use tearsheet::store::Store;

use crate::house::{House, TEXT, feed, page};
use crate::support::Reply;

/// An archive with two articles, of which the second came by a feed of its own.
fn house() -> House {
    let house = House::with_news();
    house.configure("[feed.news]\nurl = 'SERVER/feed.xml'\n[feed.other]\nurl = 'SERVER/other.xml'\n");
    house.server.on("/other.xml", [Reply::ok(feed("Two", "/two"))]).on("/two", [Reply::ok(page("Two"))]);
    house.run(&["once"]).good();
    house
}

fn db(house: &House) -> Connection {
    Connection::open(house.database()).unwrap()
}

/// What a worse reader would have stored of the article.
fn worsen(house: &House, assignment: &str, article: i64) {
    let sql = format!("UPDATE articles SET {assignment} WHERE id = ?1");
    assert_eq!(db(house).execute(&sql, [article]).unwrap(), 1);
}

/// Everything that is told about articles.
fn dump(house: &House) -> Vec<String> {
    let db = db(house);
    let mut lines = Vec::new();
    for table in ["articles", "revisions", "date_claims", "related_links", "changes", "article_urls", "fingerprints"] {
        let mut statement = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            lines.push(format!("{table} {:?}", (0..columns).map(|at| row.get_ref(at).unwrap()).collect::<Vec<_>>()));
        }
    }
    lines
}

fn value(house: &House, sql: &str) -> String {
    db(house)
        .query_row(sql, [], |row| row.get::<_, rusqlite::types::Value>(0))
        .map(|value| format!("{value:?}"))
        .unwrap()
}

/// The last line of `--json`: read, changed text, changed otherwise, unchanged, outdated, failed.
#[track_caller]
fn check(house: &House, arguments: &[&str], expected: [u64; 6]) {
    let ran = house.run(&[&["reextract", "--json"], arguments].concat());
    let summary = ran.json().pop().unwrap_or_else(|| panic!("{ran:?}"));
    let names = ["read", "changed_text", "changed_otherwise", "unchanged", "outdated", "failed"];
    assert_eq!(names.map(|name| summary[name].as_u64().unwrap()), expected, "{}", ran.out);
    assert_eq!(ran.code, Some(i32::from(expected[5] > 0)), "{ran:?}");
}

#[test]
fn the_same_reader_writes_nothing() {
    let house = house();
    let before = dump(&house);
    let out = house.run(&["reextract"]).good();
    assert_eq!(out, "read        2\nchanged     0 in text, 0 otherwise\nunchanged   2\nfailed      0\n");
    assert_eq!(dump(&house), before);
}

#[test]
fn a_better_text_is_a_revision_and_no_edit_of_the_publisher() {
    let house = house();
    worsen(&house, "content_text = 'Cookies? Yes! ' || content_text", 1);
    check(&house, &[], [2, 1, 0, 1, 0, 0]);
    let article = &house.run(&["show", "1", "--json"]).json()[0];
    assert_eq!((&article["content_text"], &article["changed_at"]), (&json!(TEXT), &json!(null)));
    let revision = &article["revisions"][1];
    assert_eq!(
        (&revision["kind"], &revision["silent"], &revision["correction"], &revision["number"]),
        (&json!("reextracted"), &json!(false), &json!(false), &json!(2))
    );
    assert_eq!(
        value(&house, "SELECT group_concat(kind) FROM changes WHERE article_id = 1 AND kind <> 'duplicate'"),
        "Text(\"new,reextracted\")"
    );
    check(&house, &[], [2, 0, 0, 2, 0, 0]);
}

#[test]
fn better_dates_authors_and_links_are_no_revision() {
    let house = house();
    let clean = dump(&house);
    worsen(&house, "published_at = '2014-01-01T00:00:00Z', published_raw = 'wrong', language = 'xx'", 1);
    db(&house).execute_batch("DELETE FROM date_claims; DELETE FROM related_links WHERE article_id = 1").unwrap();
    check(&house, &[], [2, 0, 2, 0, 0, 0]);
    let told = |dump: &[String]| {
        let is_told = |line: &&String| !line.starts_with("changes") && !line.starts_with("related_links");
        dump.iter().filter(is_told).cloned().collect::<Vec<_>>()
    };
    assert_eq!(told(&dump(&house)), told(&clean));
    assert_eq!(value(&house, "SELECT count(*) FROM related_links WHERE article_id = 1"), "Integer(1)");
    assert_eq!(
        value(&house, "SELECT count(*) FROM changes WHERE kind = 'reextracted' AND revision_id IS NULL"),
        "Integer(2)"
    );
    check(&house, &[], [2, 0, 0, 2, 0, 0]);
}

#[test]
fn a_dry_run_tells_and_changes_nothing() {
    let house = house();
    worsen(&house, "content_text = 'Cookies? Yes!'", 1);
    worsen(&house, "language = 'xx'", 2);
    let before = dump(&house);
    let out = house.run(&["reextract", "-n"]).good();
    assert!(out.contains("article 1  text\n") && out.contains("article 2  otherwise\n"), "{out}");
    assert!(out.ends_with("to change   1 in text, 1 otherwise\nunchanged   0\nfailed      0\n"), "{out}");
    assert_eq!(dump(&house), before);
}

#[test]
fn copies_are_found_and_released_by_the_new_text() {
    let house = house();
    assert_eq!(value(&house, "SELECT duplicate_of FROM articles WHERE id = 2"), "Integer(1)");
    worsen(&house, "content_text = 'Cookies? Yes! ' || content_text, duplicate_of = NULL, duplicate_kind = NULL", 2);
    check(&house, &[], [2, 1, 0, 1, 0, 0]);
    assert_eq!(value(&house, "SELECT duplicate_of FROM articles WHERE id = 2"), "Integer(1)");
}

#[test]
fn articles_feeds_and_ages_select() {
    let house = house();
    check(&house, &["1"], [1, 0, 0, 1, 0, 0]);
    check(&house, &["2", &format!("{}/two", house.address())], [1, 0, 0, 1, 0, 0]);
    check(&house, &["--feed", "other"], [1, 0, 0, 1, 0, 0]);
    check(&house, &["--since", "1h"], [2, 0, 0, 2, 0, 0]);
    check(&house, &["--since", "2999-01-01"], [0, 0, 0, 0, 0, 0]);
    house.run(&["reextract", "--since", "soon"]).refused(2, &["'soon'", "neither a time"]);
    house.run(&["reextract", "--feed", "nope"]).refused(1, &["no feed `nope`"]);
    house.run(&["reextract", "--feed", "no pe"]).refused(2, &["'no pe'", "the name of a feed is"]);
    let ran = house.run(&["reextract", "1", "99"]);
    assert_eq!((ran.code, ran.out.starts_with("read        1\n")), (Some(1), true), "{ran:?}");
    ran.says(&["no article `99`", "1 article not read again"]);
}

#[test]
fn a_broken_page_is_named_and_the_others_are_read() {
    let house = house();
    worsen(&house, "content_text = 'Cookies? Yes!'", 2);
    let before = value(&house, "SELECT content_text FROM articles WHERE id = 1");
    let blank = zstd::bulk::compress(b"<html></html>", 1).unwrap();
    let bomb = zstd::bulk::compress(&vec![b' '; 64 << 20], 1).unwrap();
    for (zstd, why) in [
        (&b"rotten"[..], "its stored page is broken"),
        (&bomb, "larger than 16777216 bytes"),
        (b"", "is broken"),
        (&blank, "no text is found"),
    ] {
        db(&house).execute("UPDATE raw_pages SET zstd = ?1 WHERE article_id = 1", params![zstd]).unwrap();
        let ran = house.run(&["reextract"]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        ran.says(&["article 1: ", why, "1 article not read again"]);
        assert!(ran.out.starts_with("read        1\n"), "{}", ran.out);
        assert_eq!(value(&house, "SELECT content_text FROM articles WHERE id = 1"), before);
    }
    assert_eq!(value(&house, "SELECT revision_count FROM articles WHERE id = 2"), "Integer(2)");
    db(&house).execute("DELETE FROM raw_pages WHERE article_id = 1", []).unwrap();
    house.run(&["reextract", "1"]).says(&["article 1: no page of it is kept"]);
}

#[test]
fn a_text_that_is_newer_than_its_page_stays() {
    let house = house();
    worsen(&house, "content_text = 'Newer', content_source = 'feed', changed_at = '2999-01-01T00:00:00Z'", 1);
    check(&house, &[], [1, 0, 0, 1, 1, 0]);
    assert_eq!(value(&house, "SELECT content_text FROM articles WHERE id = 1"), "Text(\"Newer\")");
}

#[test]
fn a_text_of_the_feed_gives_way_to_that_of_the_page() {
    let house = house();
    worsen(&house, "content_text = 'In short', content_source = 'feed'", 1);
    check(&house, &["1"], [1, 1, 0, 0, 0, 0]);
    assert_eq!(value(&house, "SELECT content_source FROM articles WHERE id = 1"), "Text(\"page\")");
}

#[test]
fn page_rules_of_the_config_hold() {
    let house = house();
    house.configure(
        "[feed.news]\nurl = 'SERVER/feed.xml'\npage.drop = ['h1 + p']\n[feed.other]\nurl = 'SERVER/other.xml'\n",
    );
    check(&house, &[], [2, 1, 0, 1, 0, 0]);
    let shown = house.run(&["show", "1"]).good();
    assert!(!shown.contains("The council") && shown.contains("A vote"), "{shown}");
}

#[test]
fn it_waits_for_no_running_writer() {
    let house = house();
    let store = Store::open(&house.database(), Clock::system()).unwrap();
    let pid = format!("(process {})", std::process::id());
    for arguments in [&["reextract"][..], &["reextract", "-n"]] {
        house.run(arguments).refused(1, &["is being written by another tearsheet", &pid]);
    }
    drop(store);
    let empty = House::with_news();
    empty.run(&["reextract"]).refused(1, &["does not exist"]);
    assert!(!empty.database().exists());
}

/// A page of an article of two.
fn page_of_two(number: usize, about: &str) -> String {
    let pager = ["<b>1</b> <a href='/one/2'>2</a>", "<a href='/one'>1</a> <b>2</b>"][number - 1];
    let said =
        format!("The {about} was seen by all who came, and all who came said that there had been no other {about}.");
    page("One").replace("</article>", &format!("<p>{said}</p><p>{pager}</p></article>"))
}

#[test]
fn an_article_of_several_pages_is_read_from_all_of_them() {
    let house = House::with_news();
    house.server.on("/one", [Reply::ok(page_of_two(1, "harbor"))]).on("/one/2", [Reply::ok(page_of_two(2, "castle"))]);
    house.run(&["once"]).good();
    let before = dump(&house);
    assert!(value(&house, "SELECT content_text FROM articles").contains("castle"));
    check(&house, &[], [1, 0, 0, 1, 0, 0]);
    assert_eq!(dump(&house), before, "the same reader joins the same text");
    let explained = house.run(&["explain", "1", "--json"]).json().pop().unwrap();
    assert_eq!((&explained["pages"], &explained["later_pages"][0]["number"]), (&json!(2), &json!(2)));
    assert!(house.run(&["explain", "1"]).out.contains("2 joined"));

    worsen(&house, "content_text = 'Nothing'", 1);
    check(&house, &[], [1, 1, 0, 0, 0, 0]);
    assert!(value(&house, "SELECT content_text FROM articles").contains("castle"));
    db(&house).execute("UPDATE article_parts SET zstd = NULL", []).unwrap();
    check(&house, &[], [0, 0, 0, 0, 0, 1]);
    assert!(value(&house, "SELECT content_text FROM articles").contains("castle"), "no text is lost with a page");
}
