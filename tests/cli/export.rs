//! `export`: what other programs get, and what they never get.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;

use crate::house::{House, TEXT, feed, page};
use crate::support::Reply;

/// An archive of the feeds `news` and `copy`, which both lead to article One, and `copy` to Two too.
fn house() -> House {
    let house = House::new(
        "[feed.news]\nurl = 'SERVER/feed.xml'\ntags = ['daily']\n[feed.copy]\nurl = 'SERVER/copy.xml'\ntags = ['daily', 'b&c']\n",
    );
    let copy = feed("One", "/one").replace(
        "</channel>",
        "<item><title>Two &amp; &lt;b&gt; \"q\", more\u{202e}</title><link>/two</link><pubDate>Thu, 05 Mar 2015 10:20:01 GMT</pubDate></item></channel>",
    );
    house
        .server
        .on("/feed.xml", [Reply::ok(feed("One", "/one"))])
        .on("/copy.xml", [Reply::ok(copy)])
        .on("/one", [Reply::ok(page("One"))])
        .on(
            "/two",
            [Reply::ok(page("Two & \"q\",\nmore").replace("10:20:00Z", "10:20:01Z").replace("bells", "church bells"))],
        );
    house.run(&["once"]).good();
    house
}

fn titles(out: &str) -> Vec<String> {
    let title = |line| serde_json::from_str::<Value>(line).unwrap()["title"].as_str().unwrap().to_owned();
    out.lines().map(title).collect()
}

#[test]
fn json_lines_have_the_columns_and_what_brought_them() {
    let house = house();
    let rows = house.run(&["export"]).json();
    assert_eq!(rows.len(), 2);
    let one = &rows[1];
    assert_eq!(one["title"], "One");
    assert_eq!(one["content_text"], TEXT);
    assert_eq!(one["published_at"], "2015-03-05T10:20:00Z");
    assert_eq!(one["feeds"], serde_json::json!(["copy", "news"]));
    assert_eq!(one["tags"], serde_json::json!(["b&c", "daily"]));
    assert_eq!(one["authors"], serde_json::json!([]));
    assert!(rows[0]["title"].as_str().unwrap().starts_with("Two"), "newest first");
}

#[test]
fn filters() {
    let house = house();
    let check = |arguments: &[&str], count: usize| {
        let out = house.run(&[&["export"], arguments].concat()).good();
        assert_eq!(titles(&out).len(), count, "{arguments:?}");
    };
    check(&["--since", "2015-03-05T10:20:01Z"], 1);
    check(&["--until", "2015-03-05T10:20:01Z"], 1);
    check(&["--since", "2015-03-05T10:20:00.5Z"], 1);
    check(&["--since", "7d"], 0);
    check(&["--since", "2015-03-05", "--until", "2015-03-06"], 2);
    check(&["--since", "100000y"], 2);
    check(&["--feed", "news"], 1);
    check(&["--feed", "news", "--feed", "copy"], 2);
    check(&["--tag", "b&c", "--limit", "1"], 1);
    check(&["--tag", "none"], 0);
    check(&["--limit", "0"], 0);
    check(&["--limit", "18446744073709551615"], 2);
    check(&["--unique"], house.run(&["export"]).json().iter().filter(|row| row["duplicate_of"].is_null()).count());
    house.run(&["export", "--feed", "nws"]).refused(1, &["no feed `nws`"]);
    house.run(&["export", "--since", "soon"]).refused(2, &["--since", "7d"]);
}

#[test]
fn a_cluster_is_one_row_with_all_its_feeds() {
    let house = house();
    for row in house.run(&["export", "--unique"]).json() {
        assert!(row["copies"].is_u64() && row["text_article_id"].is_u64() && row["feeds"].is_array(), "{row}");
    }
}

#[test]
fn csv_quotes_what_it_must() {
    let house = house();
    let out = house.run(&["export", "--format", "csv"]).good();
    assert!(out.starts_with("id,url,site,") && out.lines().next().unwrap().ends_with(",state,feeds,tags"));
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let json = house.run(&["export"]).json();
    for (row, json) in rows.iter().zip(&json) {
        for (column, cell) in headers.iter().zip(row) {
            match &json[column] {
                Value::Null => assert_eq!(cell, ""),
                Value::String(text) => assert_eq!(cell, text),
                value => assert_eq!(serde_json::from_str::<Value>(cell).unwrap(), *value),
            }
        }
    }
    assert_eq!(house.run(&["export", "--format", "csv", "--limit", "0"]).good().lines().count(), 1, "the header stays");
}

#[test]
fn atom_is_read_back_as_the_same_articles() {
    let house = house();
    let out = house.run(&["export", "--format", "atom"]).good();
    house.file("out.xml", &out);
    let parsed: Value = serde_json::from_str(&house.run_bare(&["parse", "out.xml"], "").good()).unwrap();
    assert_eq!(parsed["ok"], true, "{parsed}");
    let articles = house.run(&["export"]).json();
    let entries = parsed["entries"].as_array().unwrap();
    assert_eq!(entries.len(), articles.len());
    for (entry, article) in entries.iter().zip(&articles) {
        assert_eq!(entry["title"], article["title"]);
        assert_eq!(entry["url"], article["url"]);
        assert!(entry["published"].to_string().contains(article["published_at"].as_str().unwrap()), "{entry}");
        assert!(entry.to_string().contains("to decide about the"), "{entry}");
        assert!(entry.to_string().contains("daily"), "{entry}");
    }
    assert!(out.contains("<category term=\"b&amp;c\"/>"), "{out}");
}

#[test]
fn opml_shows_no_secret() {
    let house = House::new(
        "[feed.a]\nurl = 'SERVER/a?key=${file:key}'\ntitle = 'A & <b>'\ntags = ['x']\n[feed.b]\nurl = 'SERVER/b'\nenabled = false\n",
    );
    house.file("key", "s3cret");
    let out = house.run(&["export", "--format", "opml"]).good();
    assert!(out.contains("key=${file:key}") && !out.contains("s3cret"), "{out}");
    assert!(
        out.contains("<outline text=\"x\">") && out.contains("text=\"A &amp; &lt;b>\"")
            || out.contains("A &amp; &lt;b&gt;"),
        "{out}"
    );
    assert!(!house.run(&["export", "--format", "opml", "--feed", "a"]).good().contains("/b\""));
    for filter in [&["--since", "7d"][..], &["--until", "7d"], &["--unique"], &["--limit", "1"]] {
        house.run(&[&["export", "--format", "opml"], filter].concat()).refused(2, &["--feed", "--tag"]);
    }
}

#[test]
fn a_file_appears_whole_or_not_at_all() {
    let house = house();
    let expected = house.run(&["export"]).good();
    assert_eq!(house.run(&["export", "-o", "out.jsonl"]).good(), "");
    assert_eq!(fs::read_to_string(house.folder.path().join("out.jsonl")).unwrap(), expected);
    house.run(&["export", "-o", "nowhere/out"]).refused(1, &["nowhere/out"]);
    house.run(&["export", "--feed", "nws", "-o", "out.jsonl"]).refused(1, &["nws"]);
    assert_eq!(fs::read_to_string(house.folder.path().join("out.jsonl")).unwrap(), expected);
    let left = fs::read_dir(house.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!left.into_iter().any(|name| name.to_string_lossy().ends_with(".new")));
}

#[test]
fn the_archive_is_not_written_over() {
    let house = house();
    symlink("tearsheet.db", house.folder.path().join("link")).unwrap();
    let before = fs::read(house.database()).unwrap();
    for name in ["tearsheet.db", "./tearsheet.db", "link", "tearsheet.db.lock"] {
        house.run(&["export", "-o", name]).refused(2, &["archive itself"]);
    }
    assert_eq!(fs::read(house.database()).unwrap(), before);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let house = house();
    for format in ["jsonl", "csv", "atom", "opml"] {
        let (status, err) = house.run_into_closed_pipe(&["export", "--format", format]);
        assert_eq!((status.code(), err.as_str()), (Some(0), ""), "{format}");
    }
}
