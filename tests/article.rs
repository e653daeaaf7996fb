//! Pages read from end to end: the text, the markup, the metadata and the related links that come out.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::slice;

use chrono::{DateTime, Utc};
use tearsheet::article::{PageInput, from_entry, read, siblings};
use tearsheet::config::PageRules;
use tearsheet::model::article::{AddressKind, Article, LinkKind, PageBlocks};
use tearsheet::model::feed::ParsedEntry;
use url::Url;

fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2025-09-01T12:00:00Z").unwrap().to_utc()
}

fn read_page(html: &str, rules: &PageRules) -> Article {
    read_beside(html, rules, &[])
}

fn read_beside(html: &str, rules: &PageRules, siblings: &[PageBlocks]) -> Article {
    let url = Url::parse("https://harbourpost.example/news/page").unwrap();
    read(&input(html, &url, rules, siblings))
}

fn input<'a>(html: &'a str, url: &'a Url, rules: &'a PageRules, siblings: &'a [PageBlocks]) -> PageInput<'a> {
    let content_type = Some("text/html; charset=utf-8");
    PageInput { content_type, rules, siblings, ..PageInput::new(html.as_bytes(), url, now()) }
}

/// Reads a body inside a page with some furniture and compares the text.
#[track_caller]
fn check(body: &str, expected: &[&str]) {
    let page = format!(
        "<html><head><title>The title</title></head><body><nav><a href=/>Home</a> <a href=/news>News</a></nav>{body}\
         <footer>© Harbour Post</footer></body></html>"
    );
    assert_eq!(read_page(&page, &PageRules::default()).content_text, expected.join("\n\n"));
}

const FIRST: &str =
    "The first paragraph is long enough to be one, since it says what happened, where, when and to whom it did.";
const SECOND: &str =
    "The second one goes on about it, with commas, as such paragraphs do, and it ends with a full stop at the end.";
const THIRD: &str =
    "A third one closes the matter, for now, and says that the paper will go on writing about it as things go on.";

const FOURTH: &str = "Not so the fourth, which was found in the attic of an editor, years later, and is as long as each of the others was.";

#[test]
fn a_news_page_is_read_as_a_reader_sees_it() {
    let article = read_page(include_str!("fixtures/ferry/page.html"), &PageRules::default());
    assert_eq!(article.title.as_deref(), Some("Ferry crews to meet island councils over winter timetable"));
    assert_eq!(article.content_text, include_str!("fixtures/ferry/expected.txt").trim_end());
    assert_eq!(article.site_name.as_deref(), Some("Harbour Post"));
    assert_eq!(article.language.as_deref(), Some("en"));
    assert_eq!(article.image_url.as_ref().map(Url::as_str), Some("https://harbourpost.example/images/ferry.jpg"));
    assert_eq!(article.addresses.len(), 1);
    assert_eq!(article.addresses[0].kind, AddressKind::Canonical);
    let inline = &article.related[0];
    assert_eq!((inline.kind, inline.label.as_deref()), (LinkKind::Inline, Some("READ MORE")));
    assert_eq!(inline.title.as_deref(), Some("Port director calls for a second pier in the face of winter storms"));
    assert_eq!(inline.url.as_str(), "https://harbourpost.example/news/port-director-calls-for-second-pier");
    let blocks: Vec<&str> = article.related[1..].iter().filter_map(|link| link.title.as_deref()).collect();
    assert_eq!(blocks, ["Second berth opens a month early", "What the storm season will bring"]);
    assert!(
        article.related[1..]
            .iter()
            .all(|link| link.kind == LinkKind::Block && link.label.as_deref() == Some("Related articles"))
    );
    assert!(
        article.content_html.contains("<a href=\"https://harbourpost.example/archive/board-rules\">unacceptable</a>")
    );
    assert!(!article.content_html.contains("READ MORE") && !article.content_html.contains("class="));
    assert_eq!(article.warnings, Vec::<String>::new());
}

#[test]
fn headings_lists_and_tables_are_text() {
    check(
        &format!(
            "<article><p>{FIRST}</p><h2>What is known</h2><ul><li>One thing</li><li>Another thing</li></ul><p>{SECOND}</p>\
             <table><tr><th>Year</th><th>Boats</th></tr><tr><td>2014</td><td>12</td></tr></table><p>{THIRD}</p></article>"
        ),
        &[FIRST, "What is known", "One thing", "Another thing", SECOND, "Year\tBoats", "2014\t12", THIRD],
    );
}

#[test]
fn the_mark_that_links_a_heading_to_itself_is_none_of_it() {
    let html = format!("<article><p>{FIRST}</p><h2>Bells <a href='#bells'>¶</a></h2><p>{SECOND}</p></article>");
    check(&html, &[FIRST, "Bells", SECOND]);
    assert!(!read_page(&html, &PageRules::default()).content_html.contains('¶'));
}

#[test]
fn pages_without_paragraph_elements_are_read() {
    check(&format!("<div>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</div>"), &[FIRST, SECOND, THIRD]);
    check(
        &format!(
            "<table><tr><td><a href=/a>One</a><br><a href=/b>Two</a><br></td><td><font>{FIRST}</font><p>{SECOND}<p>{THIRD}<p>{FOURTH}</td></tr></table>"
        ),
        &[FIRST, SECOND, THIRD, FOURTH],
    );
}

#[test]
fn scripts_without_spaces_are_read() {
    let first = "市議会は火曜日、港にかかる古い橋を今年中に架け替えることを決めた。費用は市と県が半分ずつ負担する。";
    let second = "工事は九月に始まり、来年の春までに終わる予定で、その間は仮の橋を使うことになると市長は話した。";
    check(&format!("<div class=story><p>{first}</p><p>{second}</p></div>"), &[first, second]);
}

#[test]
fn a_rule_wins_and_one_that_matches_nothing_is_a_warning() {
    let page = format!(
        "<article><p>{FIRST}</p><p>{SECOND}</p></article><div id=x><p>Only this.</p><p class=no>Not this.</p></div>"
    );
    let rules = PageRules { select: Some("#x".to_owned()), drop: vec![".no".to_owned()], next: None };
    assert_eq!(read_page(&page, &rules).content_text, "Only this.");
    let rules = PageRules { select: Some("#nowhere".to_owned()), drop: Vec::new(), next: None };
    let article = read_page(&page, &rules);
    assert_eq!(article.warnings, ["rule `select = #nowhere` matches nothing"]);
    assert!(article.content_text.starts_with(FIRST));
}

#[test]
fn reading_cannot_fail() {
    for html in
        ["", "<", "\0\0\0", "<html><body></body></html>", "<script type='application/ld+json'>{</script>", "just text"]
    {
        let article = read_page(html, &PageRules::default());
        assert!(article.content_text.len() <= html.len(), "{html}");
    }
}

#[test]
fn an_entry_alone_makes_an_article() {
    let entry = ParsedEntry {
        title: Some("A title".to_owned()),
        content: Some(format!("<p onclick='x()'>{FIRST}</p><img src=/a.png>")),
        ..ParsedEntry::default()
    };
    let base = Url::parse("https://harbourpost.example/").unwrap();
    let article = from_entry(&entry, Some(&base), now());
    assert_eq!(article.content_text, FIRST);
    assert_eq!(article.content_html, format!("<p>{FIRST}</p><img src=\"https://harbourpost.example/a.png\">"));
}

/// A page of a site that says what it is under each text.
fn appealing(paragraphs: [&str; 3]) -> String {
    page_of(paragraphs, "Contact the editors: news@post.test | The Post, Quay 4, River Valley")
}

fn page_of(paragraphs: [&str; 3], tail: &str) -> String {
    let [first, second, third] = paragraphs;
    format!(
        "<html><title>The title</title><article><h1>The title</h1><p>{first}</p><p>{second}</p><p>{third}</p><p>{tail}</p>\
         </article><footer>All rights reserved</footer></html>"
    )
}

const HARBOUR: [&str; 3] = [
    "Another matter altogether is the harbour, where the cranes have stood still since the storm of last November.",
    "Nobody knows when they will be mended, says the harbour master, who has written to the maker three times by now.",
    "Until then each box is carried by hand, which takes a day for what was a matter of an hour, and costs a fortune.",
];

#[test]
fn what_a_sibling_says_in_the_same_words_is_not_the_articles() {
    let rules = PageRules::default();
    let page = appealing([FIRST, SECOND, THIRD]);
    let alone = read_page(&page, &rules);
    assert!(alone.content_text.contains("Contact the editors"));
    let sibling = read_page(&appealing(HARBOUR), &rules).blocks;
    let beside = read_beside(&page, &rules, slice::from_ref(&sibling));
    assert_eq!(beside.content_text, [FIRST, SECOND, THIRD].join("\n\n"));
    assert!(siblings::is_outdated(&alone.blocks, [].into_iter(), &sibling));
    assert!(!siblings::is_outdated(&beside.blocks, [].into_iter(), &sibling), "read once, it is right");
    let selected = PageRules { select: Some("article".to_owned()), ..PageRules::default() };
    let by_rule = read_beside(&page, &selected, slice::from_ref(&sibling));
    assert!(by_rule.content_text.contains("Contact the editors"), "what a rule selects is the article");
    assert!(!siblings::is_outdated(&by_rule.blocks, [].into_iter(), &sibling), "and is not read again for that");
}

#[test]
fn background_that_is_surely_text_may_be_in_several_articles() {
    let rules = PageRules::default();
    let [harbour, master, _] = HARBOUR;
    let page = page_of([FIRST, SECOND, THIRD], FOURTH);
    let sibling = read_page(&page_of([harbour, SECOND, master], "It is going to be a long winter."), &rules).blocks;
    let beside = |count: usize| read_beside(&page, &rules, &vec![sibling.clone(); count]).content_text;
    assert!(beside(1).contains(SECOND) && beside(5).contains(SECOND));
    assert!(!beside(6).contains(SECOND), "what is on most pages of a site is none's");
}

#[test]
fn a_page_that_is_looked_at_again_is_read_as_before() {
    let rules = PageRules::default();
    let again = |html: &str, before: &PageBlocks| {
        let url = Url::parse("https://harbourpost.example/news/page").unwrap();
        read(&PageInput { before: Some(before), ..input(html, &url, &rules, &[]) }).content_text
    };
    let page = appealing([FIRST, SECOND, THIRD]);
    let alone = read_page(&page, &rules);
    assert!(alone.content_text.contains("Contact the editors"));
    let sibling = read_page(&appealing(HARBOUR), &rules).blocks;
    let beside = read_beside(&page, &rules, &[sibling]);
    assert_eq!(again(&page, &alone.blocks), alone.content_text);
    assert_eq!(again(&page, &beside.blocks), beside.content_text, "although nothing is known of the site any more");
    let edited = appealing([FIRST, FOURTH, THIRD]);
    assert_eq!(again(&edited, &beside.blocks), [FIRST, FOURTH, THIRD].join("\n\n"), "new words are judged anew");
}

#[test]
fn a_text_in_the_state_of_a_program_stands_in_where_the_page_has_none() {
    const TEXT: [&str; 6] = [FIRST, SECOND, THIRD, FOURTH, HARBOUR[0], HARBOUR[1]];
    let state = |shown: &str| {
        let body: Vec<String> = TEXT.map(|text| format!("{{\"text\":\"{text}\"}}")).into();
        format!(
            "<title>The title</title><div id=__next>{shown}</div><script id=__NEXT_DATA__ type=application/json>\
             {{\"props\":{{\"story\":{{\"headline\":\"The title\",\"body\":[{}]}}}}}}</script>",
            body.join(",")
        )
    };
    let rules = PageRules::default();
    let article = read_page(&state("<p>Loading</p>"), &rules);
    assert_eq!(article.content_text, TEXT.join("\n\n"));
    assert!(article.content_html.starts_with("<p>The first paragraph"), "{}", article.content_html);
    let [first, second, third] = HARBOUR;
    let shown = format!("<article><h1>The title</h1><p>{first}</p><p>{second}</p><p>{third}</p></article>");
    assert_eq!(read_page(&state(&shown), &rules).content_text, HARBOUR.join("\n\n"), "what the page shows is its text");
}

#[test]
fn what_stands_apart_on_the_page_stands_apart_in_the_markup() {
    let page = format!(
        "<title>The title</title><article><h1>The title</h1><p>{FIRST}</p><p>{SECOND}</p>\
         <ol start=3><li><p>Third step of the plan</p><p>which takes a day</p></li><li>Fourth step of the plan</li></ol>\
         <table><tr><th>Stop<th>Notes</tr><tr><td><p>North quay</p><p>closed</p></td><td>one<br>two</td></tr></table>\
         <p>{THIRD}</p></article>"
    );
    let html = read_page(&page, &PageRules::default()).content_html;
    for part in [
        "<ol start=\"3\"><li><p>Third step of the plan</p><p>which takes a day</p></li><li>Fourth step of the plan</li></ol>",
        "<tr><td>North quay<br>closed</td><td>one<br>two</td></tr>",
    ] {
        assert!(html.contains(part), "{html}");
    }
}

#[test]
fn the_same_article_under_another_address_is_no_sibling() {
    let rules = PageRules::default();
    let page = appealing([FIRST, SECOND, THIRD]);
    let copy = read_page(&appealing([FIRST, SECOND, FOURTH]), &rules).blocks;
    assert_eq!(read_beside(&page, &rules, &[copy]).content_text, read_page(&page, &rules).content_text);
}
