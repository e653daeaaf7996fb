//! `prune`: what goes, what is said about it, and that it does not come back.

use rusqlite::Connection;
use serde_json::json;
use tearsheet::clock::Clock;
use tearsheet::store::Store;

use crate::house::{House, page};
use crate::support::Reply;

const STORE: &str = "[store]\npath = 'tearsheet.db'\nretention = '30d'\n[fetch]\ncontact = 'me@example.org'\n\
                     host_delay = '0s'\nprivate_networks = true\n[feed.news]\nurl = 'SERVER/feed.xml'\n";

/// Three copies of one article and a config that keeps articles for thirty days.
fn house() -> House {
    let house = House::with_news();
    let item = |n: u32| format!("<item><title>One</title><link>/{n}</link><description>In short.</description></item>");
    let items = (1..=3).map(item).collect::<String>();
    let document = format!("<rss version='2.0'><channel><title>The News</title>{items}</channel></rss>");
    house.server.on("/feed.xml", [Reply::ok(document)]);
    for n in 1..=3 {
        house.server.on(&format!("/{n}"), [Reply::ok(page("One"))]);
    }
    house.file("tearsheet.toml", &STORE.replace("SERVER", &house.address()));
    house.run(&["once"]).good();
    house
}

/// Makes these articles a year old, as if they had been found then.
fn age(house: &House, ids: &str) {
    let sql = format!("UPDATE articles SET first_seen_at = '2001-01-01T00:00:00Z' WHERE id IN ({ids})");
    Connection::open(house.database()).unwrap().execute(&sql, []).unwrap();
}

fn rows(house: &House, sql: &str) -> Vec<String> {
    let db = Connection::open(house.database()).unwrap();
    let mut statement = db.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

const CLUSTER: &str = "SELECT concat_ws('|', id, duplicate_of) FROM articles ORDER BY id";

#[test]
fn a_deleted_head_hands_over_and_does_not_come_back() {
    let house = house();
    assert_eq!(rows(&house, CLUSTER), ["1", "2|1", "3|1"]);
    age(&house, "1");
    assert_eq!(house.run(&["prune"]).good(), "deleted     1 article\n");
    assert_eq!(rows(&house, CLUSTER), ["2", "3|2"]);
    let requests = house.server.requests().len();
    house.run(&["once", "news"]).good();
    assert_eq!(rows(&house, CLUSTER), ["2", "3|2"]);
    assert_eq!(house.server.requests().len(), requests + 1, "the feed alone was asked for");
    assert_eq!(
        rows(&house, "SELECT kind FROM changes ORDER BY seq DESC LIMIT 3"),
        ["deleted", "duplicate", "released"]
    );
}

#[test]
fn an_empty_archive_is_left_when_everything_is_old() {
    let house = house();
    age(&house, "1, 2, 3");
    assert_eq!(house.run(&["prune"]).good(), "deleted     3 articles\n");
    assert_eq!(house.run(&["prune"]).good(), "deleted     nothing\n");
    let out = house.run(&["once", "news"]).good();
    assert!(out.contains("articles    none"), "{out}");
}

#[test]
fn a_dry_run_counts_and_deletes_nothing_also_beside_a_daemon() {
    let house = house();
    age(&house, "1, 2");
    let store = Store::open(&house.database(), Clock::system()).unwrap();
    assert_eq!(house.run(&["prune", "-n"]).good(), "to delete   2 articles\n");
    let [counts] = &house.run(&["prune", "-n", "--json"]).json()[..] else { panic!("one object") };
    assert_eq!((&counts["dry_run"], &counts["articles"], &counts["polls"]), (&json!(true), &json!(2), &json!(0)));
    house.run(&["prune"]).refused(1, &["is being written by another tearsheet", &std::process::id().to_string()]);
    drop(store);
    assert_eq!(rows(&house, CLUSTER).len(), 3);
}

#[test]
fn vacuum_gives_back_what_deleting_left_free() {
    let house = house();
    let db = Connection::open(house.database()).unwrap();
    let old = "INSERT INTO raw_pages VALUES (1, '2001-01-01T00:00:00Z', 'http://a/', NULL, zeroblob(3000000))
               ON CONFLICT DO UPDATE SET fetched_at = excluded.fetched_at, zstd = excluded.zstd";
    db.execute(old, []).unwrap();
    db.close().unwrap();
    let before = house.database().metadata().unwrap().len();
    let [summary] = &house.run(&["prune", "--vacuum", "--json"]).json()[..] else { panic!("one object") };
    let after = house.database().metadata().unwrap().len();
    assert_eq!(summary["raw_pages"], json!(1));
    assert_eq!((&summary["bytes_given_back"], &summary["bytes"]), (&json!(before - after), &json!(after)));
    assert!(before - after >= 2_900_000, "{before} {after}");
    assert!(house.run(&["prune", "--vacuum"]).good().contains("given back  0 bytes, the file has "));
    let left: Vec<_> = house.folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "config, archive and lock: {left:?}");
}

#[test]
fn there_is_nothing_to_delete_where_there_is_no_archive() {
    let house = House::with_news();
    for arguments in [&["prune"][..], &["prune", "-n"], &["prune", "--vacuum"]] {
        house.run(arguments).refused(1, &["tearsheet.db does not exist"]);
    }
    assert!(!house.database().exists());
    assert_eq!(house.run(&["prune", "-n", "--vacuum"]).code, Some(2));
}
