//! `search`: what is found, in which order, and what no query can do.

use serde_json::{Value, json};

use crate::house::{House, Ran};
use crate::support::Reply;
use crate::texts::{feed, house};

const MILL: &str = "The council of Lower Wexley voted on Tuesday to keep the old mill's wheel turning, after residents \
                    collected four thousand signatures in a single week of rain.";

/// Five texts about different things.
fn archive() -> House {
    house(&[feed(&[
        ("bells", "Bells ring again", "The tower was silent for years. Now it is not."),
        ("tower", "A tower", "From its top the bells were heard by everybody in the valley, it is said."),
        ("mill", "Old mill saved", MILL),
        ("tokyo", "会議", "東京で会議を開いた。新東京は別の町である。"),
        ("code", "C++ o'clock", "Write to me@example.org about std::vector and the naïve state-of-the-art approach."),
    ])])
}

/// The titles that a query finds, in order.
#[track_caller]
fn check(house: &House, query: &[&str], expected: &[&str]) {
    let ran = house.run(&[&["search", "--json"], query].concat());
    assert_eq!(ran.code, Some(0), "{query:?} {ran:?}");
    let titles: Vec<Value> = ran.json().into_iter().map(|hit| hit["title"].clone()).collect();
    assert_eq!(titles, expected, "{query:?} {}", ran.err);
    assert_eq!(ran.err.is_empty(), !expected.is_empty(), "{query:?} {}", ran.err);
}

#[test]
fn the_best_match_comes_first() {
    let house = archive();
    check(&house, &["bells"], &["Bells ring again", "A tower"]);
    check(&house, &["tower"], &["A tower", "Bells ring again"]);
    check(&house, &["--limit", "1", "bells"], &["Bells ring again"]);
}

#[test]
fn words_phrases_prefixes_and_exclusions() {
    let house = archive();
    check(&house, &["BELL*"], &["Bells ring again", "A tower"]);
    check(&house, &["bell"], &[]);
    check(&house, &["\"ring again\""], &["Bells ring again"]);
    check(&house, &["\"again ring\""], &[]);
    check(&house, &["bells -ring"], &["A tower"]);
    check(&house, &["--", "bells", "-ring"], &["A tower"]);
    check(&house, &["bells", "--limit", "1"], &["Bells ring again"]);
    check(&house, &["bells NOT ring"], &["A tower"]);
    check(&house, &["wheel OR ring", "again"], &["Bells ring again"]);
    check(&house, &["naive"], &["C++ o'clock"]);
}

#[test]
fn a_script_without_spaces_is_found_where_a_run_begins() {
    let house = archive();
    check(&house, &["東京"], &["会議"]);
    check(&house, &["新東"], &["会議"]);
    check(&house, &["会議"], &["会議"]);
    check(&house, &["別の町"], &[]);
}

#[test]
fn nothing_that_is_typed_is_a_syntax_error() {
    let house = archive();
    for query in
        ["C++", "o'clock", "me@example.org", "std::vector", "state-of-the-art", "\"approach", "write (to", "title:c++ "]
    {
        let ran = house.run(&["search", query]);
        assert_eq!(ran.code, Some(0), "{query} {ran:?}");
        assert!(ran.out.starts_with("C++ o'clock\n") || query.starts_with("title:"), "{query} {ran:?}");
    }
    for query in ["'; DROP TABLE articles; --", "a* * b", "NEAR(", "AND OR NOT", "{x y}: z", "a \\", "x OR", "-x y"] {
        assert_eq!(house.run(&["search", "--", query]).code, Some(0), "{query}");
    }
}

#[test]
fn a_query_without_a_word_is_a_usage_error() {
    let house = archive();
    house.run(&["search", "++"]).refused(2, &["the query has no word to search for"]);
    house.run(&["search", "--", "-bells"]).refused(2, &["only says what to leave out"]);
    house.run(&["search"]).refused(2, &["<QUERY>"]);
    house.run(&["search", "--since", "yesterday", "x"]).refused(2, &["'yesterday'", "neither a time"]);
    house.run(&["search", "--limit", "0", "x"]).refused(2, &["--limit"]);
}

#[test]
fn raw_passes_fts5_through_with_its_errors() {
    let house = archive();
    check(&house, &["--raw", "title: tower"], &["A tower"]);
    check(&house, &["--raw", "NEAR(tower years, 5)"], &["Bells ring again"]);
    for (wrong, message) in
        [("AND", "syntax error"), ("\"x", "unterminated string"), ("nope: x", "no such column: nope")]
    {
        house.run(&["search", "--raw", wrong]).refused(2, &["not an FTS5 query: ", message]);
    }
}

#[test]
fn filters_by_feed_tag_and_age() {
    let house = archive();
    check(&house, &["--feed", "news", "--tag", "town", "--since", "1d", "mill"], &["Old mill saved"]);
    check(&house, &["--since", "2100-01-01", "mill"], &[]);
    house.run(&["search", "--feed", "nwes", "mill"]).refused(1, &["no feed `nwes` in ", "tearsheet.db"]);
    house.run(&["search", "--feed", "N", "mill"]).refused(2, &["'N'", "the name of a feed is"]);
    house.run(&["search", "--tag", "tonw", "mill"]).refused(1, &["no feed with the tag `tonw`"]);
}

#[test]
fn a_cluster_is_one_hit_unless_copies_are_asked_for() {
    let house = archive();
    house.configure("[feed.news]\nurl = 'SERVER/feed.xml'\ncontent = 'feed'\n[feed.copy]\nurl = 'SERVER/copy.xml'\ncontent = 'feed'\n");
    house.server.on("/copy.xml", [Reply::ok(feed(&[("mill2", "Mill: stays", MILL)]))]);
    house.run(&["once", "copy"]).good();
    let hits = house.run(&["search", "--json", "signatures"]).json();
    assert_eq!(hits.len(), 1);
    assert_eq!((&hits[0]["title"], &hits[0]["feeds"]), (&json!("Old mill saved"), &json!(["copy", "news"])));
    // The copy alone has this word: the cluster is found by it, and shown by its head.
    let hits = house.run(&["search", "--json", "--feed", "news", "stays"]).json();
    assert_eq!((&hits[0]["title"], &hits[0]["matched_id"]), (&json!("Old mill saved"), &json!(6)));
    let hits = house.run(&["search", "--json", "--all-copies", "signatures"]).json();
    let copies: Vec<_> = hits.iter().map(|hit| (&hit["id"], &hit["duplicate_of"], &hit["feeds"])).collect();
    assert_eq!(copies.len(), 2);
    assert!(copies.contains(&(&json!(6), &json!(3), &json!(["copy"]))), "{copies:?}");
    assert!(house.run(&["search", "--all-copies", "stays"]).good().contains("article 6 · copy of article 3 · "));
}

#[test]
fn ties_are_ordered_by_age() {
    let text = "The same few words of a text.";
    let dated = |name, day| (name, format!("Same {day}"), day);
    let entries = [dated("a", 3), dated("b", 5), dated("c", 4)];
    let items: Vec<_> = entries.iter().map(|(name, title, _)| (*name, title.as_str(), text)).collect();
    let mut document = feed(&items);
    for (_, title, day) in &entries {
        let date = format!("</title><pubDate>0{day} Mar 2015 10:20:00 GMT</pubDate>");
        document = document.replace(&format!("{title}</title>"), &format!("{title}{date}"));
    }
    check(&house(&[document]), &["words"], &["Same 5", "Same 4", "Same 3"]);
}

#[test]
fn hits_are_text_or_json_without_marks() {
    let house = archive();
    let out = house.run(&["search", "wheel"]).good();
    assert!(out.starts_with("Old mill saved\n  article 3 · ") && out.contains(" · news · http://127.0.0.1:"), "{out}");
    assert!(
        out.contains("\n  The council of Lower Wexley") && !out.contains('\u{1b}') && !out.contains('\u{1}'),
        "{out}"
    );
    let [hit] = &house.run(&["search", "--json", "東京"]).json()[..] else { panic!() };
    assert_eq!(
        (&hit["snippet"], &hit["title"]),
        (&json!("東京で会議を開いた。新東京は別の町である。"), &json!("会議"))
    );
    assert_eq!((&hit["snippet_matches"], &hit["title_matches"]), (&json!([[0, 9]]), &json!([])));
    assert!(hit["rank"].as_f64().unwrap() < 0.0);
}

#[test]
fn no_hit_is_no_failure() {
    let Ran { code, out, err } = archive().run(&["search", "zeppelin"]);
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "", "tearsheet: nothing found for `zeppelin`\n"));
}

#[test]
fn an_archive_that_is_not_there_is_named() {
    House::with_news().run(&["search", "x"]).refused(1, &["tearsheet.db does not exist"]);
}
