//! Dates with their provenance.
//!
//! A page says when its article was published and updated in many places, and they disagree. Every claim is collected with
//! its source, raw text and precision; one ranked rule chooses; what was not chosen stays, with the reason.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use scraper::{ElementRef, Html};
use url::Url;

use crate::model::date::{DateClaim, DateField, DateSource, When};
use crate::model::feed::ParsedEntry;
use crate::phrase::{Setting, Unreadable};

mod choose;
mod ends;
mod lines;
mod names;
mod page;
mod scripts;
mod settle;
mod structured;
mod times;

pub use choose::choose;

/// A claim's raw text is cut to this many characters.
const LONGEST_RAW: usize = 200;
/// A page has no more claims than this that tell anything.
const MOST_CLAIMS: usize = 60;

/// What dates are read from.
#[derive(Debug, Clone, Copy)]
pub struct PageView<'a> {
    /// The whole page.
    pub tree: &'a Html,
    /// Its JSON-LD blocks, parsed.
    pub json_ld: &'a [serde_json::Value],
    /// Where it was found, after redirects.
    pub url: &'a Url,
    /// BCP 47 tag, declared or detected.
    pub language: Option<&'a str>,
    /// When it was fetched.
    pub now: DateTime<Utc>,
    /// For dates without an offset; UTC when `None`.
    pub assume_timezone: Option<Tz>,
    /// The feed's entry that led here.
    pub entry: Option<&'a ParsedEntry>,
    /// The HTTP header.
    pub last_modified: Option<&'a str>,
    /// The article's heading, where it is known; else the page's first `h1`.
    pub title_node: Option<ElementRef<'a>>,
    /// The element that holds the article's text, where it is known.
    pub content_node: Option<ElementRef<'a>>,
}

impl PageView<'_> {
    fn setting(&self) -> Setting<'_> {
        Setting { language: self.language, now: self.now, assume: self.assume_timezone }
    }
}

/// Every date that the page, its URL, its entry and its headers claim for the article, best place first within a source.
pub fn collect(page: &PageView<'_>) -> Vec<DateClaim> {
    let mut claims = Claims { page, list: Vec::new() };
    structured::json_ld(&mut claims);
    page::collect(&mut claims);
    structured::url(&mut claims);
    structured::entry(&mut claims);
    structured::last_modified(&mut claims);
    claims.list.truncate(MOST_CLAIMS);
    settle::order(&mut claims.list, &page.setting());
    if page.assume_timezone.is_none() {
        settle::offset(&mut claims.list);
    }
    claims.list
}

/// The claims found so far, and the page they come from.
struct Claims<'a> {
    page: &'a PageView<'a>,
    list: Vec<DateClaim>,
}

impl Claims<'_> {
    /// Adds the claim that a text in a machine's format makes.
    fn add_text(&mut self, field: DateField, source: DateSource, label: &str, raw: &str) {
        let raw = raw.trim();
        // A value without a digit is a template's placeholder, or no date.
        if raw.bytes().any(|byte| byte.is_ascii_digit() || byte >= 0x80) {
            let when = structured::machine_value(raw, &self.page.setting());
            self.add(field, source, Some(label), raw, when);
        }
    }

    fn add(
        &mut self,
        field: DateField,
        source: DateSource,
        label: Option<&str>,
        raw: &str,
        when: Result<When, Unreadable>,
    ) {
        let raw: String = raw.chars().take(LONGEST_RAW).collect();
        let seen = |claim: &DateClaim| {
            (claim.field, claim.source, claim.raw.as_str(), claim.label.as_deref())
                == (field, source, raw.as_str(), label)
        };
        if self.list.len() < 2 * MOST_CLAIMS && !self.list.iter().any(seen) {
            let reject_reason = when.err().map(|problem| problem.reason().to_owned());
            let label = label.map(str::to_owned);
            self.list.push(DateClaim { field, source, raw, label, when: when.ok(), chosen: false, reject_reason });
        }
    }
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::{PageView, choose, collect};
    use crate::model::date::{DateClaim, DateField, DateSource, Precision, Zone};

    fn claims(html: &str, json_ld: &str, url: &str) -> Vec<DateClaim> {
        let tree = Html::parse_document(html);
        let json_ld: Vec<serde_json::Value> = serde_json::from_str(json_ld).unwrap();
        collect(&view(&tree, &json_ld, &url.parse().unwrap()))
    }

    fn view<'a>(tree: &'a Html, json_ld: &'a [serde_json::Value], url: &'a url::Url) -> PageView<'a> {
        PageView {
            tree,
            json_ld,
            url,
            language: Some("en"),
            now: "2026-11-22T12:00:00Z".parse().unwrap(),
            assume_timezone: None,
            entry: None,
            last_modified: None,
            title_node: None,
            content_node: None,
        }
    }

    /// The chosen dates as `at source`, `-` for none.
    fn check(html: &str, json_ld: &str, url: &str, published: &str, updated: &str) {
        let mut found = claims(html, json_ld, url);
        let (first, second) = choose(&mut found, "2026-11-22T12:00:00Z".parse().unwrap());
        let shown = |date: Option<crate::model::date::ChosenDate>| {
            date.map_or("-".to_owned(), |date| format!("{} {}", &date.when.at.to_rfc3339()[..16], date.source.as_str()))
        };
        assert_eq!(
            (shown(first), shown(second)),
            (published.to_owned(), updated.to_owned()),
            "{html} {json_ld}: {found:#?}"
        );
    }

    const PLAIN: &str = "https://example.org/news/title";

    #[test]
    fn the_line_under_a_heading_gives_minute_and_age() {
        let html = "<h1>A heading that is long enough</h1><p class=date>5 Mar, 2015 10:20 / Updated 10 years ago</p><p>Text.</p>";
        check(html, "[]", PLAIN, "2015-03-05T10:20 visible", "2016-11-22T12:00 visible");
        let found = claims(html, "[]", PLAIN);
        let (updated, published) = (found[0].when.unwrap(), found[1].when.unwrap());
        assert_eq!((published.precision, published.zone), (Precision::Minute, Zone::Assumed));
        assert_eq!(
            (updated.precision, found[0].raw.as_str(), found[0].label.as_deref()),
            (Precision::Year, "10 years ago", Some("Updated"))
        );
    }

    #[test]
    fn seconds_in_a_script_replace_the_words_that_it_prints() {
        let html = "<h1>A heading that is long enough</h1><span>5 Mar, 2015 10:20 / Updated <b id=u></b></span>\
            <script>u.innerText = dayjs.unix(1425552000).fromNow()</script>";
        check(html, "[]", PLAIN, "2015-03-05T10:20 visible", "2015-03-05T10:40 script");
    }

    #[test]
    fn each_kind_of_markup_is_read() {
        let meta = "<meta property='article:published_time' content='2015-03-05T10:20:00Z'>\
            <meta property='article:modified_time' content='2015-03-06T10:20:00Z'>";
        check(meta, "[]", PLAIN, "2015-03-05T10:20 meta", "2015-03-06T10:20 meta");
        let properties = "<h1>Title</h1><span itemprop=datePublished content='2015-03-05T10:20:00Z'></span>\
            <span property='dc:modified' content='2015-03-06T10:20:00Z'></span>";
        check(properties, "[]", PLAIN, "2015-03-05T10:20 microdata", "2015-03-06T10:20 microdata");
        let time = "<h1>Title</h1><p>Published <time datetime='2015-03-05T10:20:00Z'>5 March</time>, \
            updated <time datetime='2015-03-06T10:20:00Z'>6 March</time></p>";
        check(time, "[]", PLAIN, "2015-03-05T10:20 time", "2015-03-06T10:20 time");
        check("", "[]", "https://example.org/2015/03/05/title", "2015-03-05T00:00 url", "-");
        check("", "[]", "https://example.org/item/20150305-title", "2015-03-05T00:00 url", "-");
    }

    #[test]
    fn json_ld_is_read_from_this_page_s_article() {
        let graph = r#"[{"@graph": [
            {"@type": "NewsArticle", "url": "/other", "datePublished": "2001-01-01T00:00:00Z"},
            {"@type": "NewsArticle", "url": "https://example.org/news/title/", "datePublished": "2015-03-05T10:20:00Z", "dateModified": "2015-03-06"}
        ]}]"#;
        check("", graph, PLAIN, "2015-03-05T10:20 json-ld", "2015-03-06T00:00 json-ld");
    }

    #[test]
    fn dates_of_others_do_not_count() {
        let html = "<header><p>Sunday, 22 November 2026</p></header><div class=wrap><h1>A heading that is long enough</h1>\
            <p>5 March 2015</p><p>Text.</p><div class=related-posts><a>Other</a> <p>Updated 6 March 2016</p></div>\
            <div class=comments><p>Updated 7 March 2016</p></div></div>";
        check(html, "[]", PLAIN, "2015-03-05T00:00 visible", "-");
    }

    #[test]
    fn an_ambiguous_date_is_a_claim_with_the_reason() {
        let found = claims("<h1>A heading that is long enough</h1><p>Published 03/04/2015</p>", "[]", PLAIN);
        assert_eq!((found[0].source, found[0].when), (DateSource::Visible, None));
        assert_eq!(found[0].reject_reason.as_deref(), Some("day and month can't be told apart"));
    }

    #[test]
    fn a_time_alone_is_of_the_article_s_day() {
        let html = "<meta property='article:published_time' content='2015-03-05T10:20:00Z'>\
            <h1>A heading that is long enough</h1><p>Updated 14:20</p>";
        check(html, "[]", PLAIN, "2015-03-05T10:20 meta", "2015-03-05T14:20 visible");
    }

    #[test]
    fn the_articles_heading_is_the_one_before_its_text() {
        let html = "<header><h1>The motto of a paper that is long enough</h1><p>1 January 2001</p></header><p>x</p>\
            <article><h1>A heading that is long enough</h1><p><span>Le </span><time datetime='2019-06-28T13:49:45Z'>28 juin</time></p>\
            <div id=text>Text.</div></article>";
        let tree = Html::parse_document(html);
        let text = tree.select(&scraper::Selector::parse("#text").unwrap()).next();
        let url = PLAIN.parse().unwrap();
        let page = PageView { content_node: text, ..view(&tree, &[], &url) };
        let found: Vec<_> = collect(&page).into_iter().map(|claim| claim.raw).collect();
        assert!(found[0] == "2019-06-28T13:49:45Z" && found.iter().all(|raw| !raw.contains("2001")), "{found:?}");
    }

    #[test]
    fn a_date_in_a_sentence_is_no_line_and_one_between_breaks_is() {
        let long = "a sentence of many words that goes on about nothing at all, and on, and on ".repeat(3);
        let head = "<h1>A heading that is long enough</h1>";
        let inside = format!("{head}<p>What the ministry said on <a href=/x>15 April 2020</a> was, as {long}</p>");
        check(&inside, "[]", PLAIN, "-", "-");
        let between = format!("{head}<p>Published on 16 August 2019<br>It lasts an hour.<br>{long}</p>");
        check(&between, "[]", PLAIN, "2019-08-16T00:00 visible", "-");
    }

    #[test]
    fn what_an_article_says_of_itself_in_a_column_counts() {
        let column = |text: &str| {
            format!(
                "<article><h1>A heading that is long enough</h1><aside><p>12 January 2017</p>{text}</aside><p>Text.</p></article>"
            )
        };
        check(&column("<p>By Jane Doe</p>"), "[]", PLAIN, "2017-01-12T00:00 visible", "-");
        let teasers = "<p>Another story, which was written by others and is about something else</p>".repeat(4);
        let found = claims(&column(&teasers), "[]", PLAIN);
        assert!(found.iter().all(|claim| claim.field != DateField::Updated), "{found:?}");
    }

    #[test]
    fn stamps_in_attributes_are_read() {
        let html = "<h1>A heading that is long enough</h1><p><span class='published' title='2013-04-04T18:52:11+00:00'>long ago</span>\
            <abbr class='updated' title='2013-04-05T18:52:11Z'>5th</abbr></p>";
        check(html, "[]", PLAIN, "2013-04-04T18:52 microdata", "2013-04-05T18:52 microdata");
        let seconds = "<h1>A heading that is long enough</h1><p><abbr data-utime='1425552000'>5 March</abbr></p>";
        check(seconds, "[]", PLAIN, "2015-03-05T10:40 microdata", "-");
    }

    #[test]
    fn what_a_line_leaves_out_is_in_the_address_or_nowhere() {
        let line = |date: &str| format!("<h1>A heading that is long enough</h1><p>{date}</p>");
        check(&line("6 PM | 18 May"), "[]", "https://example.org/2014/05/18/title", "2014-05-18T18:00 visible", "-");
        check(&line("16:45"), "[]", PLAIN, "-", "-");
        check("", "[]", "https://example.org/news/29-10-2021", "2021-10-29T00:00 url", "-");
        check("", "[]", "https://example.org/news/05-10-2021", "-", "-");
    }

    #[test]
    fn the_order_of_day_and_month_is_that_of_the_rest_of_the_page() {
        let html = "<meta name=date content='11/01/2023 12:43:42'><h1>A heading that is long enough</h1><p>Published 1 November 2023</p>";
        check(html, "[]", PLAIN, "2023-11-01T12:43 meta", "-");
        check(&html.replace("1 November", "11 January"), "[]", PLAIN, "2023-01-11T12:43 meta", "-");
        check(&html.replace("1 November", "3 November"), "[]", PLAIN, "2023-11-03T00:00 visible", "-");
    }

    #[test]
    fn a_text_may_begin_with_its_date() {
        let text = "Farmers tremble before what comes, as they do in each year at this time, and have done for many. "
            .repeat(3);
        let html = format!("<h1>A heading that is long enough</h1><div id=t><p>Vienna, (18.01.2018). {text}</p></div>");
        let tree = Html::parse_document(&html);
        let content_node = tree.select(&scraper::Selector::parse("#t").unwrap()).next();
        let url = PLAIN.parse().unwrap();
        let found = collect(&PageView { content_node, ..view(&tree, &[], &url) });
        assert_eq!(found.iter().map(|claim| claim.raw.as_str()).collect::<Vec<_>>(), ["18.01.2018"]);
    }

    #[test]
    fn a_page_s_node_stands_in_for_an_article_s() {
        let page = r#"[{"@type": "WebPage", "url": "https://example.org/news/title", "datePublished": "2018-02-28T15:07:03+00:00"}]"#;
        check("", page, PLAIN, "2018-02-28T15:07 json-ld", "-");
    }

    #[test]
    fn a_local_time_shows_its_offset_where_the_page_states_the_same_minute() {
        let html = "<meta property='article:published_time' content='2026-01-06T16:29:31Z'>\
            <h1>A heading that is long enough</h1><p>Published 06.01.2026 - 17:29, updated 06.01.2026 - 17:35</p>";
        let published = r#"[{"@type": "NewsArticle", "datePublished": "2026-01-06T16:29:31Z", "dateModified": "2026-01-06T16:29:31Z"}]"#;
        check(
            &html.replace("06.01.2026", "6 January 2026"),
            published,
            PLAIN,
            "2026-01-06T16:29 json-ld",
            "2026-01-06T16:35 visible",
        );
    }

    #[test]
    fn a_local_time_takes_the_offset_that_the_page_states() {
        let html = "<meta property='article:published_time' content='2026-01-06T13:55:27+01:00'>\
            <meta property='article:modified_time' content='2026-01-06 14:20:32'>";
        check(html, "[]", PLAIN, "2026-01-06T13:55 meta", "2026-01-06T13:20 meta");
    }
}
