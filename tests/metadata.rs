//! Titles, authors and sites of whole pages, each kind that pages get wrong on one invented page.

#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::DateTime;
use tearsheet::article::{PageInput, read};
use tearsheet::model::article::Article;
use url::Url;

fn page(head: &str, body: &str) -> Article {
    let html = format!(
        "<html lang=en><head>{head}</head><body>{body}<p>The first paragraph is long enough to be one, since it says what \
         happened, where, when and to whom it did.<p>The second one goes on about it, with commas, as such paragraphs do, and \
         it ends with a full stop.</body></html>"
    );
    let url = Url::parse("https://www.harbourpost.example/news/page").unwrap();
    let input = PageInput::new(html.as_bytes(), &url, DateTime::from_timestamp(1_756_728_000, 0).unwrap());
    read(&PageInput { content_type: Some("text/html; charset=utf-8"), ..input })
}

#[track_caller]
fn check_title(head: &str, body: &str, expected: &str) {
    assert_eq!(page(head, body).title.as_deref(), Some(expected), "{head} {body}");
}

#[test]
fn the_site_s_name_is_no_headline() {
    let head = "<title>A new road is built | Harbour Post</title>";
    check_title(head, "<h1>Harbour Post</h1><h2>A new road is built</h2>", "A new road is built");
    check_title(head, "<h1>Harbour Post</h1>", "A new road is built");
}

#[test]
fn a_line_above_the_headline_is_not_part_of_it() {
    let head = "<meta property=og:title content='A new road is built'>";
    check_title(head, "<h1><span>Traffic news</span> A new road is built</h1>", "A new road is built");
    check_title(head, "<h1>Traffic: A new road is built</h1>", "Traffic: A new road is built");
}

#[test]
fn a_title_cut_short_is_completed_by_the_headline() {
    let head = "<meta property=og:title content='A new road is built between the harbour and…'>";
    let headline = "A new road is built between the harbour and the town";
    check_title(head, &format!("<h1>{headline}</h1>"), headline);
}

#[track_caller]
fn check_authors(head: &str, body: &str, expected: &[&str]) {
    let headline = "<h1>A new road is built</h1>";
    assert_eq!(page(head, &format!("{headline}{body}")).authors, expected, "{head} {body}");
}

#[test]
fn authors_of_the_data_are_found_by_reference_and_in_lists() {
    let graph = r#"<script type="application/ld+json">{"@graph": [
        {"@type": "Article", "headline": "A new road is built", "author": [{"@id": "urn:1"}, {"@type": "Person", "name": "John Roe"}]},
        {"@id": "urn:1", "@type": "Person", "name": "Jane Doe", "url": "/jane"}]}</script>"#;
    check_authors(graph, "", &["Jane Doe", "John Roe"]);
}

#[test]
fn the_owner_of_the_template_gives_way_to_the_byline() {
    let owner = "<meta name=author content='Max Media Group'>";
    check_authors(owner, "<p class=byline>By Jane Doe and John Roe</p>", &["Jane Doe", "John Roe"]);
    check_authors(owner, "<p>By <a href=/author/jane-doe>Jane Doe</a></p>", &["Jane Doe"]);
    check_authors(owner, "", &["Max Media Group"]);
}

#[test]
fn a_first_name_gives_way_to_the_whole() {
    check_authors("<meta name=author content=Jane>", "<p class=byline>By Jane Doe</p>", &["Jane Doe"]);
}

#[test]
fn names_in_elements_of_their_own_do_not_run_together() {
    let byline = "<div class=byline>By <a href=/author/jane-doe>Jane Doe</a><span>City Columnist</span></div>";
    check_authors("", byline, &["Jane Doe"]);
    check_authors("", "<span class=author>Jane Doe</span><span class=date>3 May 2024</span>", &["Jane Doe"]);
}

#[test]
fn a_nickname_is_an_author_where_the_markup_says_so() {
    let linked = "<a rel=author href=/jane>Jane Doe</a>";
    check_authors("", &format!("<p class=byline>By {linked} and John Roe</p>"), &["Jane Doe", "John Roe"]);
    check_authors("", &format!("<p>By {linked}, John Roe and Eva Berg</p>"), &["Jane Doe", "John Roe", "Eva Berg"]);
    check_authors("", &format!("<p>By {linked}</p><p>John Roe is away</p>"), &["Jane Doe"]);
    check_authors("", "<p>Posted by <a rel=author href=/users/12>gizmo</a> at noon</p>", &["gizmo"]);
}

#[test]
fn the_staff_stand_in_where_nobody_is_named() {
    let staff = "<meta name=author content='Harbour Staff'>";
    check_authors(staff, "", &["Harbour Staff"]);
    check_authors(staff, "<p class=byline>By Jane Doe</p>", &["Jane Doe"]);
}

#[test]
fn what_names_no_author_is_left_out() {
    let head = "<meta name=author content=admin><meta property=article:author content='https://social.example/post'>";
    check_authors(head, "<div class=byline>Reviewed by the editors</div>", &[]);
}

#[test]
fn the_site_is_what_the_title_adds() {
    let article = page("<title>A new road is built | The Gazette</title>", "<h1>A new road is built</h1>");
    assert_eq!(article.site_name.as_deref(), Some("The Gazette"));
}
