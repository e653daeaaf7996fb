//! Pagers of each form, and what looks like one.

use chrono::{DateTime, Utc};
use url::Url;

use super::PartOf;
use super::join::{Added, Joining};
use crate::article::{PageInput, read};
use crate::config::PageRules;
use crate::model::article::Article;

const FIRST: &str =
    "The first paragraph is long enough to be one, since it says what happened, where, when and to whom it did.";
const SECOND: &str =
    "The second one goes on about it, with commas, as such paragraphs do, and it ends with a full stop at the end.";
const THIRD: &str =
    "A third one closes the matter, for now, and says that the paper will go on writing about it as things go on.";
const FOURTH: &str =
    "Not so the fourth, which was found in the attic of an editor, years later, and is as long as the others were.";

/// A page with a head, a text, and what follows the text.
fn page(head: &str, paragraphs: &[&str], after: &str) -> String {
    let text = format!("<p>{}</p>", paragraphs.join("</p><p>"));
    format!(
        "<!doctype html><html lang=en><head><title>The title</title>{head}</head><body><nav><a href=/>Home</a> \
         <a href=/news>News</a></nav><article><h1>The title</h1>{text}{after}</article><footer>© The Post</footer></body></html>"
    )
}

fn at(path: &str) -> Url {
    Url::parse("https://post.example").unwrap().join(path).unwrap()
}

fn read_at(path: &str, html: &str, rules: &PageRules, part_of: Option<PartOf<'_>>) -> Article {
    let url = at(path);
    let content_type = Some("text/html; charset=utf-8");
    let input = PageInput::new(html.as_bytes(), &url, DateTime::<Utc>::UNIX_EPOCH);
    read(&PageInput { content_type, rules, part_of, ..input })
}

fn next_of(path: &str, head: &str, after: &str) -> Option<String> {
    let html = page(head, &[FIRST, SECOND, THIRD, FOURTH], after);
    let next = read_at(path, &html, &PageRules::default(), None).next_part?;
    Some(next.as_str().strip_prefix("https://post.example").unwrap_or(next.as_str()).to_owned())
}

/// The next part of a first page with `after` its text.
#[track_caller]
fn check(path: &str, after: &str, expected: Option<&str>) {
    assert_eq!(next_of(path, "", after).as_deref(), expected, "{path} {after}");
}

#[track_caller]
fn check_head(path: &str, head: &str, expected: Option<&str>) {
    assert_eq!(next_of(path, head, "").as_deref(), expected, "{path} {head}");
}

#[test]
fn a_relation_to_the_page_s_own_stem_is_the_next_part() {
    check_head("/a/story", "<link rel=next href='/a/story?page=2'>", Some("/a/story?page=2"));
    check_head("/a/story/", "<link rel='NEXT' href='2/'>", Some("/a/story/2/"));
    check_head("/a/story.html", "<link rel=next href='story-p2.html#top'>", Some("/a/story-p2.html"));
    check("/a/story", "<p><a rel=next href='/a/story/page/2/'>More</a></p>", Some("/a/story/page/2/"));
    check("/a/story", "<p><a class='btn btn-next' href='/a/story/seite-2'>Weiter</a></p>", Some("/a/story/seite-2"));
    check("/a/story?utm_source=rss", "<a rel=next href='/a/story?page=2'>2</a>", Some("/a/story?page=2"));
    let canonical = "<link rel=canonical href='/a/story-77.html'><link rel=next href='/a/story-77.html?page=2'>";
    check_head("/node/77", canonical, Some("/a/story-77.html?page=2"));
}

#[test]
fn a_relation_to_anything_else_is_not() {
    // WordPress: the next post, also one of the same title, and the next page of an archive.
    check_head("/2015/03/story/", "<link rel=next href='/2015/03/other/'>", None);
    check("/open-thread/", "<a rel=next href='/open-thread-2/'>Open thread</a>", None);
    check("/episode-7/", "<a rel=next href='/episode-8/'>Episode 8</a>", None);
    check("/comics/57", "<a rel=next href='/comics/58'>Next</a>", None);
    check("/comics/1", "<a rel=next href='/comics/2'>Next</a>", None);
    check_head("/tag/harbour/", "<link rel=next href='/tag/harbour/page/2/'>", None);
    check_head("/2015/blog/", "<link rel=next href='/2015/blog/page/2/'>", None);
    check("/a/story", "<ul class=pager><li class=next><a rel=next href='?page=1'>››</a></li></ul>", None);
    check_head("/", "<link rel=next href='/page/2/'>", None);
    check_head("/a/story", "<link rel=next href='/a/story?page=3'>", None);
    check_head("/a/story", "<link rel=next href='https://other.example/a/story?page=2'>", None);
    check_head("/a/story?page=2", "<link rel=next href='/a/story?page=3'>", None);
    check(
        "/a/story",
        "<section class=comments><a rel=next href='/a/story/comment-page-2/#comments'>Older</a></section>",
        None,
    );
}

#[test]
fn a_pager_is_found_in_each_form() {
    let numbers = |two: &str, three: &str| {
        format!("<div class=pages><span>1</span> <a href='{two}'>2</a> <a href='{three}'>3</a></div>")
    };
    for (path, two, three) in [
        ("/a/story", "/a/story?page=2", "/a/story?page=3"),
        ("/a/story?id=5", "?id=5&seite=2", "?id=5&seite=3"),
        ("/a/story", "/a/story/2", "/a/story/3"),
        ("/a/story.html", "/a/story-2.html", "/a/story-3.html"),
        ("/a/story_77.shtml", "story_77_2.shtml", "story_77_3.shtml"),
        ("/a/story", "/a/story_p2", "/a/story_p3"),
        ("/a/story/", "/a/story/page/2/", "/a/story/page/3/"),
        ("/a/story,77.html", "/a/story,77,2.html", "/a/story,77,3.html"),
        ("/a/story-1.html", "/a/story-2.html", "/a/story-3.html"),
    ] {
        let expected = at(path).join(two).unwrap();
        let expected = expected.as_str().strip_prefix("https://post.example");
        check(path, &numbers(two, three), expected);
    }
}

#[test]
fn a_pager_marks_the_page_in_each_way() {
    let two = Some("/a/story/2");
    check("/a/story", "<p>1 | <a href=/a/story/2>2</a></p>", two);
    check("/a/story", "<ul><li class=active><a href=#>1</a></li><li><a href=/a/story/2>2</a></li></ul>", two);
    check(
        "/a/story",
        "<ul><li><a href=/a/story aria-current=page>1</a></li><li><a href=/a/story/2>2</a></li></ul>",
        two,
    );
    check("/a/story", "<div>Page 1 of 3 <a href=/a/story/2>Next page »</a></div>", two);
    check("/a/story", "<div><b>1</b>/3 <a href=/a/story/2>›</a></div>", two);
    check(
        "/a/story",
        "<div>第 1 页 <a href=/a/story/2>2</a> <a href=/a/story/3>3</a> <a href=/a/story/2>下一页</a></div>",
        two,
    );
    check("/a/story", "<div dir=rtl><span>١</span> <a href=/a/story/2>٢</a> <a href=/a/story/3>٣</a></div>", two);
    check("/a/story", "<div><span>１</span> <a href=/a/story/2>２</a></div>", two);
    let titled = "<ol class=toc><li>1. Introduction</li><li><a href=/a/story/2>2. The engine</a></li></ol>";
    check("/a/story", titled, two);
    // Addresses that count from zero.
    check(
        "/a/story",
        "<div><b>1</b> <a href=/a/story?page=1>2</a> <a href=/a/story?page=2>3</a></div>",
        Some("/a/story?page=1"),
    );
}

#[test]
fn other_lists_of_numbers_are_no_pagers() {
    check("/a/story", "<p><a href=/a/story/2>2</a></p>", None);
    check("/a/story", "<p>1 <a href=/a/other/2>2</a></p>", None);
    check("/a/story", "<p>1 <a href=/a/story-part-2>2</a></p>", None);
    check("/a/story", "<p>1 <a href='/a/story?slide=2'>2</a></p>", None);
    check(
        "/a/story-part-1",
        "<p>Part 1 <a href=/a/story-part-2>Part 2</a> <a href=/a/story-part-3>Part 3</a></p>",
        None,
    );
    check("/a/photo-gallery/storm", "<p>1 <a href=/a/photo-gallery/storm/2>2</a></p>", None);
    check("/a/story", "<div class=gallery><p>1 / 9 <a href=/a/story/2>›</a></p></div>", None);
    check("/a/story", "<div id=comments><p>1 <a href=/a/story?page=2>2</a></p></div>", None);
    check("/a/story", "<div class=related-posts><p>1 <a href=/a/story?page=2>2</a></p></div>", None);
    check("/a/story", "<aside><h3>More</h3><p>1 <a href=/a/story?page=2>2</a></p></aside>", None);
    check(
        "/a/story",
        "<p><a href=/a/story-1>Previous: a storm</a> <a href=/a/story-2>Next: no storm, 1 of 3</a></p>",
        None,
    );
}

#[test]
fn comments_between_the_text_and_a_pager_make_it_theirs() {
    let comment =
        "<li><p>I have read all of this and think that nobody should have written it, least of all in March.</p></li>";
    let pager = "<p>1 <a href=/a/story?page=2>2</a></p>";
    check("/a/story", &format!("<ol class=comments>{}</ol>{pager}", comment.repeat(2)), None);
    check("/a/story", pager, Some("/a/story?page=2"));
}

#[test]
fn the_rule_decides_alone() {
    let rules = |next: &str| PageRules { next: Some(next.to_owned()), ..PageRules::default() };
    let check = |rule: &str, after: &str, expected: Option<&str>, warnings: &[&str]| {
        let article = read_at("/a/story", &page("", &[FIRST, SECOND, THIRD], after), &rules(rule), None);
        assert_eq!(article.next_part, expected.map(at), "{rule}");
        assert_eq!(article.warnings, warnings, "{rule}");
    };
    let pager = "<p>1 <a href=/a/story/2>2</a> <b class=on><a href=/somewhere/else>On</a></b></p>";
    check(".on", pager, Some("/somewhere/else"), &[]);
    check(".on a", pager, Some("/somewhere/else"), &[]);
    check(".nowhere", pager, None, &[]);
    check(
        "p.on a",
        "<p class=on><a href='https://other.example/2'>2</a></p>",
        None,
        &["rule `next = p.on a` leads to another site: https://other.example/2"],
    );
    check(".on", "<p class=on>2</p>", None, &["rule `next = .on` matches no link to a page"]);
    check(".on a", "<p class=on><a href='#top'>2</a></p>", None, &[]);
}

/// The parts of an article read and joined: its text, and what became of each.
fn joined(pages: &[(&str, &str)]) -> (Article, Vec<Added>) {
    let rules = PageRules::default();
    let (path, html) = pages[0];
    let article = read_at(path, html, &rules, None);
    let first = at(path);
    let mut earlier = vec![article.blocks.clone()];
    let mut joining = Joining::new(article);
    let mut added = Vec::new();
    for (path, html) in &pages[1..] {
        let part = read_at(path, html, &rules, Some(PartOf { first: &first, earlier: &earlier }));
        earlier.push(part.blocks.clone());
        added.push(joining.add(part));
    }
    (joining.finish(), added)
}

const STANDFIRST: &str = "What is said here is said above each of the pages of it, so that nobody has to look for it.";

#[test]
fn later_parts_lead_on() {
    let html = |own: u32, next: u32| {
        page("", &[FIRST, SECOND], &format!("<p><a href=/s/1>1</a> {own} <a href=/s/{next}>{next}</a></p>"))
    };
    let first = at("/s");
    let later = |path: &str, html: &str| {
        read_at(path, html, &PageRules::default(), Some(PartOf { first: &first, earlier: &[] })).next_part
    };
    assert_eq!(later("/s/2", &html(2, 3)), Some(at("/s/3")));
    assert_eq!(later("/s/3", &html(3, 2)), None, "the last page leads back");
}

#[test]
fn texts_follow_each_other_and_what_is_repeated_is_left_out() {
    let link = "<p>READ MORE: <a href=/a/other-story>Another story about it</a></p>";
    let one = page("", &[STANDFIRST, FIRST, SECOND], link);
    let two = page("", &[STANDFIRST, THIRD, FOURTH], link);
    let (article, added) = joined(&[("/a/story", &one), ("/a/story/2", &two)]);
    assert_eq!(added, [Added::Joined]);
    assert_eq!(article.content_text, [STANDFIRST, FIRST, SECOND, THIRD, FOURTH].join("\n\n"));
    assert_eq!(article.content_html.matches("<p>").count(), 5);
    assert_eq!(article.content_html.matches(STANDFIRST).count(), 1);
    assert_eq!(article.title.as_deref(), Some("The title"));
    assert_eq!(article.related.len(), 1, "{:?}", article.related);
    let words: u32 = article.content_text.split_whitespace().count().try_into().unwrap();
    assert_eq!(article.word_count, words);
}

#[test]
fn a_page_that_answers_with_the_first_one_adds_nothing() {
    let one = page("", &[FIRST, SECOND, THIRD], "");
    let (article, added) = joined(&[("/a/story", &one), ("/a/story/2", &one)]);
    assert_eq!(added, [Added::Repeated]);
    assert_eq!(article.content_text, [FIRST, SECOND, THIRD].join("\n\n"));
}

#[test]
fn a_page_with_the_whole_article_takes_its_place() {
    let one = page("", &[FIRST, SECOND], "");
    let all = page("", &[FIRST, SECOND, THIRD, FOURTH], "");
    let (article, added) = joined(&[("/a/story", &one), ("/a/story?page=2", &all)]);
    assert_eq!(added, [Added::Whole]);
    assert_eq!(article.content_text, [FIRST, SECOND, THIRD, FOURTH].join("\n\n"));
    assert_eq!(article.content_html.matches(FIRST).count(), 1);
}

#[test]
fn warnings_of_a_part_name_it() {
    let rules = PageRules { drop: vec![".ad".to_owned()], ..PageRules::default() };
    let part = |path: &str, text: &[&str], after: &str| read_at(path, &page("", text, after), &rules, None);
    let mut joining = Joining::new(part("/a/story", &[FIRST, SECOND], "<p class=ad>Buy!</p>"));
    joining.add(part("/a/story/2", &[THIRD, FOURTH], ""));
    assert_eq!(joining.finish().warnings, ["part 2: rule `drop = .ad` matches nothing"]);
}
