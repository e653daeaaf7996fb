//! JSON Feed from outside: every member of the specification, slips, damage, and documents that are no feed.

use chrono::{DateTime, Utc};
use tearsheet::config::Identity;
use tearsheet::feed::{FeedBytes, FeedError, parse, storable};
use tearsheet::model::failure::{ErrorClass, InsteadOfFeed};
use tearsheet::model::feed::{ParsedEntry, ParsedFeed};
use url::Url;

fn try_read(bytes: &[u8]) -> Result<ParsedFeed, FeedError> {
    let url = Url::parse("https://news.example/feeds/all.json").expect("a constant");
    let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().expect("a constant");
    let identity = Identity::Auto;
    parse(&FeedBytes { bytes, content_type: None, url: Some(&url), identity, assume_timezone: None, now })
}

#[track_caller]
fn read(text: &str) -> ParsedFeed {
    try_read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn with_items(items: &str) -> String {
    format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"News\",\"items\":[{items}]}}")
}

#[track_caller]
fn item(members: &str) -> ParsedEntry {
    let mut feed = read(&with_items(&format!("{{{members}}}")));
    assert_eq!(feed.entries.len(), 1, "{members}: {feed:?}");
    feed.entries.remove(0)
}

fn url_of(url: Option<&Url>) -> &str {
    url.map_or("", Url::as_str)
}

#[test]
fn what_a_feed_says_of_itself_is_read() {
    let feed = read(
        r#"{"version":"https://jsonfeed.org/version/1.1","user_comment":"no","title":"A &amp; B","home_page_url":"/",
            "feed_url":"f.json","next_url":"?page=2","description":"d","language":"en-GB","expired":true,
            "icon":"/i.png","favicon":"/f.ico","authors":[{"name":"Ann","url":"/ann","avatar":"/ann.png"}],
            "hubs":[{"type":"rssCloud","url":"https://cloud.example/"},{"type":"WebSub","url":"https://hub.example/"}],
            "_blue_shed":{"about":"/x","explicit":false},"items":[{"id":"1","content_text":"x"}]}"#,
    );
    assert_eq!((feed.format.as_str(), feed.title.as_deref()), ("json-feed-1.1", Some("A & B")));
    assert_eq!(url_of(feed.site_url.as_ref()), "https://news.example/");
    assert_eq!(url_of(feed.self_url.as_ref()), "https://news.example/feeds/f.json");
    assert_eq!(url_of(feed.next_page.as_ref()), "https://news.example/feeds/all.json?page=2");
    assert_eq!(url_of(feed.hub.as_ref()), "https://hub.example/");
    assert_eq!(feed.language.as_deref(), Some("en-GB"));
    assert_eq!(feed.entries[0].authors, ["Ann"]);
    assert_eq!(feed.warnings, ["the feed says that it is finished (`expired`)"]);
}

#[test]
fn what_an_item_says_is_read() {
    let entry = item(
        r#""id":"1","url":"/1","external_url":"https://other.example/","title":"T","content_html":"<p>h</p>",
           "content_text":"t","summary":"s","date_published":"2015-03-05T10:20:00+01:00","date_modified":"2015-03-06",
           "author":{"name":"Old"},"authors":[{"name":"Ann"},{"url":"https://bo.example/"}],"tags":["a, b","c"],
           "attachments":[{"url":"/a.mp3","mime_type":"audio/mpeg","size_in_bytes":9,"duration_in_seconds":60}]"#,
    );
    assert_eq!((entry.guid.as_deref(), url_of(entry.url.as_ref())), (Some("1"), "https://news.example/1"));
    assert_eq!(entry.related[0].url.as_str(), "https://other.example/");
    assert_eq!((entry.content.as_deref(), entry.summary.as_deref()), (Some("<p>h</p>"), Some("s")));
    assert_eq!(entry.published.map(|date| date.at.to_rfc3339()).as_deref(), Some("2015-03-05T09:20:00+00:00"));
    assert_eq!(entry.updated.map(|date| date.at.to_rfc3339()).as_deref(), Some("2015-03-06T00:00:00+00:00"));
    assert_eq!(entry.authors, ["Ann", "https://bo.example/"]);
    assert_eq!(entry.categories.iter().map(|tag| tag.term.as_str()).collect::<Vec<_>>(), ["a, b", "c"]);
    let file = &entry.enclosures[0];
    assert_eq!((file.media_type.as_deref(), file.length_bytes), (Some("audio/mpeg"), Some(9)));
}

#[test]
fn ids_are_kept_as_written() {
    let check = |id: &str, expected: Option<&str>| {
        let entry = item(&format!("\"id\":{id},\"title\":\"T\""));
        assert_eq!(entry.guid.as_deref(), expected, "{id}");
    };
    check("12", Some("12"));
    check("12345678901234567890123", Some("12345678901234567890123"));
    check("1.50", Some("1.50"));
    check("1e3", Some("1e3"));
    check("007", Some("007"));
    check("true", Some("true"));
    check("\" a \"", Some("a"));
    check("null", None);
    check("1,\"id\":2", Some("2"));
    check("1,\"id\":null", Some("1"));
}

#[test]
fn a_link_is_the_item_s_own_page_if_it_names_one() {
    let check = |members: &str, link: &str, related: &str| {
        let entry = item(members);
        let found = entry.related.first().map(|related| &related.url);
        assert_eq!((url_of(entry.url.as_ref()), url_of(found)), (link, related), "{members}");
    };
    check(r#""id":"https://a.example/1""#, "https://a.example/1", "");
    check(r#""id":"1","external_url":"https://b.example/""#, "https://b.example/", "");
    check(
        r#""id":"https://a.example/1","external_url":"https://b.example/""#,
        "https://a.example/1",
        "https://b.example/",
    );
    check(r#""url":"https://a.example/","external_url":"https://a.example/""#, "https://a.example/", "");
    check(r#""id":"1","title":"T""#, "", "");
}

#[test]
fn dates_may_be_counts() {
    let check = |date: &str, expected: &str| {
        let published = item(&format!("\"id\":1,\"date_published\":{date}")).published;
        let shown = published.map(|date| date.at.format("%FT%T").to_string()).unwrap_or_default();
        assert_eq!(shown, expected, "{date}");
    };
    check("1425550800", "2015-03-05T10:20:00");
    check("1425550800.5", "2015-03-05T10:20:00");
    check("1425550800000", "2015-03-05T10:20:00");
    check("\"1425550800\"", "2015-03-05T10:20:00");
    check("20150305", "2015-03-05T00:00:00");
    check("20150305102000", "2015-03-05T10:20:00");
    check("7", "");
    check("1e999", "");
    check("-1", "");
}

#[test]
fn parts_are_read_in_every_form() {
    let tags = |tags: &str| {
        let entry = item(&format!("\"id\":1,\"tags\":{tags}"));
        entry.categories.into_iter().map(|tag| tag.term).collect::<Vec<_>>()
    };
    assert_eq!(tags("\"a, b,,c\""), ["a", "b", "c"]);
    assert_eq!(tags(r#"[{"name":"a"},{"term":"b"},3,null,["x"]]"#), ["a", "b", "3"]);
    assert_eq!(tags("{\"name\":\"a\"}"), ["a"]);
    let authors = |author: &str| item(&format!("\"id\":1,{author}")).authors;
    assert_eq!(authors("\"author\":\"jane@x.example (Jane)\""), ["Jane"]);
    assert_eq!(authors("\"authors\":[],\"author\":{\"name\":\"Jane (J)\"}"), ["Jane (J)"]);
    assert_eq!(authors("\"authors\":[\"A\",{\"name\":\"B\"}]"), ["A", "B"]);
    let sizes = |size: &str| {
        let entry = item(&format!("\"id\":1,\"attachments\":{{\"url\":\"/a\",\"size_in_bytes\":{size}}}"));
        entry.enclosures[0].length_bytes
    };
    assert_eq!((sizes("\"1,024\""), sizes("12.0"), sizes("\"big\""), sizes("0")), (Some(1024), Some(12), None, None));
    assert_eq!(item("\"id\":1,\"attachments\":\"/a.mp3\"").enclosures.len(), 1);
    let camel = item("\"ID\":1,\"contentHtml\":\"<p>a</p>\",\"date-published\":\"2015-03-05\"");
    assert!(camel.guid.is_some() && camel.content.is_some() && camel.published.is_some());
}

#[test]
fn titles_are_plain_text_with_entities_resolved_once() {
    let check = |title: &str, expected: &str| {
        assert_eq!(item(&format!("\"id\":1,\"title\":\"{title}\"")).title.as_deref(), Some(expected));
    };
    check("AT&amp;T", "AT&T");
    check("<b>Bold</b> & bare", "Bold & bare");
    check("How <br> works", "How <br> works");
    check("1 < 2", "1 < 2");
}

#[test]
fn items_are_found_where_they_are() {
    let check = |members: &str, expected: &[&str]| {
        let feed = read(&format!("{{\"version\":\"https://jsonfeed.org/version/1\",{members}}}"));
        let ids: Vec<_> = feed.entries.iter().map(|entry| entry.guid.as_deref().unwrap_or("-")).collect();
        assert_eq!(ids, expected, "{members}");
    };
    check(r#""items":{"0":{"id":"a"},"2":{"title":"b"}}"#, &["a", "-"]);
    check(r#""items":{"-Kx":{"title":"a"}}"#, &["-Kx"]);
    check(r#""items":{"id":"a"}"#, &["a"]);
    check(r#""entries":[{"id":"a"}]"#, &["a"]);
    check(r#""items":[]"#, &[]);
    check(r#""title":"empty""#, &[]);
}

#[test]
fn a_broken_item_costs_that_item() {
    let feed = read(&with_items(r#"{"id":1},null,"x",{},[{"id":9}],{"id":2}"#));
    assert_eq!(feed.entries.len(), 2);
    let expected = [
        "item 2 is left out: it is null, no object",
        "item 3 is left out: it is a text, no object",
        "item 4 is left out: it is empty",
        "item 5 is left out: it is an array, no object",
    ];
    assert_eq!(feed.warnings, expected);
}

/// Each slip leaves both entries as they are, and is told with its line.
#[test]
fn slips_are_repaired_and_told() {
    const VERSION: &str = "\"version\":\"https://jsonfeed.org/version/1\"";
    const ITEMS: &str = r#""items":[{"id":1,"title":"One"},{"id":2,"title":"Two"}]"#;
    let check = |text: &str, warning: &str| {
        let feed = read(text);
        let entries: Vec<_> =
            feed.entries.iter().map(|entry| (entry.guid.as_deref(), entry.title.as_deref())).collect();
        assert_eq!(entries, [(Some("1"), Some("One")), (Some("2"), Some("Two"))], "{text}");
        assert!(!feed.breaks_off, "{text}");
        assert!(feed.warnings.iter().any(|told| told.starts_with(warning)), "{text}: {:?}", feed.warnings);
    };
    check(&format!("/**/feed({{{VERSION},{ITEMS}}});"), "line 1: a comment");
    check(&format!("feed({{{VERSION},{ITEMS}}});"), "line 1: a function call");
    check(&format!("var feed = {{{VERSION},{ITEMS}}};"), "line 1: text before");
    check(&format!("<br />\n<b>Notice</b>: x in y.php<br />\n{{{VERSION},{ITEMS}}}"), "line 1: text before");
    check(&format!("{{{VERSION},{ITEMS}}}\n<b>Warning</b>: x"), "line 2: text after");
    check(&format!("{{{VERSION}\n{ITEMS}}}"), "line 2: a comma is missing");
    check(&format!("{{{VERSION},{ITEMS},}}"), "line 1: a comma has nothing");
    check(&format!("{{// v\n{VERSION},{ITEMS}}}"), "line 1: a comment");
    check(&format!("{{{VERSION},x:NaN,{ITEMS}}}"), "line 1: a key has no quotes");
    check(&format!("{{{VERSION},\"d\":\"a\n\tb\",{ITEMS}}}"), "line 1: a line break");
    check(&format!("{{{VERSION},\"d\":\"a \"b\" c\",{ITEMS}}}"), "line 1: a quote");
    check(&format!("{{{VERSION},\n@@,{ITEMS}}}"), "line 2: a ");
    check(&format!("{{{VERSION},{ITEMS}}}").replace('"', "'"), "line 1: a text is in single quotes");
    check(&format!("{{{VERSION},{ITEMS}}}").replace("\"One\"},", "\"One\","), "line 1: an object or array");
    check(&format!("{{{VERSION},{ITEMS}}}").replace("\"One\"},", "\"One\"}},"), "line 1: a closing bracket");
}

#[test]
fn what_is_no_feed_is_refused() {
    let feed = r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"a"}]}"#;
    let check = |text: &str, class: ErrorClass, says: &str| {
        let error = try_read(text.as_bytes()).and_then(storable).expect_err(text);
        assert_eq!(error.class(), class, "{text}");
        assert!(error.to_string().contains(says), "{text}: {error}");
    };
    check(&format!("[{feed}]"), ErrorClass::NotAFeed(InsteadOfFeed::Json), "a JSON array");
    check(&format!("cb([{feed}])"), ErrorClass::NotAFeed(InsteadOfFeed::Text), "plain text");
    check(
        &format!("<!DOCTYPE html><title>How to</title><pre>{feed}"),
        ErrorClass::NotAFeed(InsteadOfFeed::HtmlPage),
        "titled \"How to\"",
    );
    check(
        &format!("A feed looks like this:\n{feed}\nIs it not nice?"),
        ErrorClass::NotAFeed(InsteadOfFeed::Text),
        "plain text",
    );
    check(
        "{\"error\":{\"code\":404,\"message\":\"gone\"}}",
        ErrorClass::NotAFeed(InsteadOfFeed::JsonError),
        "says \"gone\"",
    );
    check("{\"entries\":[{\"id\":1}]}", ErrorClass::NotAFeed(InsteadOfFeed::Json), "a JSON document");
    check("{\"a\":[1,", ErrorClass::NotAFeed(InsteadOfFeed::Json), "a JSON document that breaks off");
    check("{{ page.title }}", ErrorClass::NotAFeed(InsteadOfFeed::Text), "plain text");
    check("[Error] too many requests", ErrorClass::NotAFeed(InsteadOfFeed::Text), "plain text");
    check("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":", ErrorClass::BrokenFeed, "breaks off");
}

const SAMPLE: &str = r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[
    {"id":"1","title":"One","content_html":"<p>a \"b\" \u00e9</p>","tags":["x","y"]},
    {"id":2,"authors":[{"name":"Ann"}],"attachments":[{"url":"/a.mp3","size_in_bytes":1}]},
    {"id":"3","_x":{"y":[1,{"z":"]}"}]},"summary":"s"}
  ],"language":"en","description":"}]"}"#;

#[test]
fn every_beginning_of_a_feed_has_the_items_that_end_in_it() {
    let whole = read(SAMPLE).entries;
    let ends: Vec<usize> = SAMPLE.match_indices('\n').map(|(at, _)| at).skip(1).collect();
    for end in SAMPLE.char_indices().map(|(at, _)| at) {
        let text = &SAMPLE[..end];
        // An item ends with its brace, which stands before a comma or the line's end.
        let complete = ends.iter().take(3).filter(|line| end > SAMPLE[..**line].rfind('}').unwrap()).count();
        match try_read(text.as_bytes()).and_then(storable) {
            Ok(feed) => {
                assert!(feed.breaks_off, "{text}");
                assert_eq!(feed.entries, whole[..complete], "{text}");
            }
            Err(error) => {
                assert_eq!(complete, 0, "{error}: {text}");
                assert!(!matches!(error, FeedError::Panicked { .. }), "{text}");
            }
        }
    }
}

#[test]
fn random_damage_costs_little_and_never_panics() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).expect("a small number")
    };
    let bytes = b"{}[]\",:\\'/*\n\0 u1-tnf#)(=;\xff";
    let mut read = 0;
    for _ in 0..5_000 {
        let mut text = SAMPLE.as_bytes().to_vec();
        for _ in 0..=random(3) {
            let (at, byte) = (random(text.len()), bytes[random(bytes.len())]);
            match random(3) {
                0 => text[at] = byte,
                1 => text.insert(at, byte),
                _ => drop(text.remove(at)),
            }
        }
        match try_read(&text) {
            Ok(feed) => read += usize::from(!feed.entries.is_empty()),
            Err(error) => assert!(!matches!(error, FeedError::Panicked { .. }), "{error}"),
        }
    }
    assert!(read > 4_500, "{read} of 5000 damaged feeds still have entries");
}

#[test]
fn documents_that_are_made_to_hurt_are_read_in_little_time() {
    let head = r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"title":"a"},"#;
    for part in [
        "[",
        "{\"a\":",
        "{},",
        "{\"id\":1},",
        "\"",
        "'",
        "\"\\",
        "/*",
        "//",
        "\",\"",
        "\" ,'",
        "a(",
        "\"\n\"a\"",
        "#\r",
        ":",
        "\\u",
    ] {
        let feed = try_read((head.to_owned() + &part.repeat(200_000 / part.len())).as_bytes());
        assert!(feed.is_ok_and(|feed| !feed.entries.is_empty()), "{part}");
    }
}

#[test]
fn titles_are_resolved_unless_the_publisher_shows_plain_text() {
    let titles = |titles: [&str; 2]| {
        let items = titles.map(|title| format!("{{\"title\":\"{title}\"}}")).join(",");
        read(&with_items(&items)).entries.into_iter().filter_map(|entry| entry.title).collect::<Vec<_>>()
    };
    assert_eq!(titles(["It&#8217;s", "Write &amp;"]), ["It’s", "Write &"]);
    assert_eq!(titles(["Q&A", "Write &amp;"]), ["Q&A", "Write &amp;"]);
}

#[test]
fn a_document_type_in_a_text_declares_nothing() {
    let entry = item(r#""id":"1","content_text":"<!ENTITY a 'b'> &a;""#);
    assert_eq!(entry.content.as_deref(), Some("&lt;!ENTITY a 'b'&gt; &amp;a;"));
}

#[test]
fn a_list_that_is_there_twice_loses_nothing() {
    for lists in [
        r#""items":[{"id":"1"}],"items":[]"#,
        r#""items":[],"items":[{"id":"1"}]"#,
        r#""entries":[{"content_text":"1"}]"#,
    ] {
        let feed = read(&format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",{lists}}}"));
        assert_eq!(feed.entries.len(), 1, "{lists}");
    }
}
