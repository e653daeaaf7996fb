//! The feeds that a page points to.

use scraper::{Html, Node};
use url::Url;

use super::text::plain_text;
use super::tree::Tree;
use super::write::absolute;

/// A feed that a page points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLink {
    /// Its address.
    pub url: Url,
    /// What the page calls it.
    pub title: Option<String>,
    /// Its media type as declared; `None` when it was guessed from a link in the page's text.
    pub media_type: Option<String>,
}

/// The feeds that a page declares in `<link rel="alternate">`, in document order; where it declares none, those that
/// its links look like. Feeds of comments come last.
pub fn discover_feeds(tree: &Tree, base: &Url) -> Vec<FeedLink> {
    let base = document_base(&tree.html, base);
    let mut feeds: Vec<FeedLink> = Vec::new();
    for link in elements(&tree.html).filter_map(|element| declared(element, &base)) {
        if feeds.iter().all(|feed| feed.url != link.url) {
            feeds.push(link);
        }
    }
    if feeds.is_empty() {
        for link in elements(&tree.html).filter_map(|element| guessed(element, &base)) {
            if feeds.iter().all(|feed| feed.url != link.url) {
                feeds.push(link);
            }
        }
    }
    feeds.sort_by_key(|feed| feed.url.path().contains("comments"));
    feeds
}

/// What relative references on a page count from: its `<base href>`, else its own address.
pub(crate) fn document_base(html: &Html, url: &Url) -> Url {
    elements(html)
        .find(|element| element.name() == "base" && element.attr("href").is_some())
        .and_then(|element| absolute(element.attr("href")?, Some(url)))
        .unwrap_or_else(|| url.clone())
}

fn elements(html: &Html) -> impl Iterator<Item = &scraper::node::Element> {
    html.tree.values().filter_map(Node::as_element)
}

fn declared(element: &scraper::node::Element, base: &Url) -> Option<FeedLink> {
    let rel = (element.name() == "link").then(|| element.attr("rel")).flatten()?.to_ascii_lowercase();
    let media_type = element.attr("type").map(|media_type| media_type.trim().to_ascii_lowercase());
    let is_feed_type = media_type.as_deref().is_some_and(|media_type| {
        ["rss", "atom", "feed+json", "rdf+xml"].iter().any(|kind| media_type.contains(kind))
            || matches!(media_type, "text/xml" | "application/xml")
    });
    let is_feed = rel.split_ascii_whitespace().any(|word| word == "feed" || word == "alternate" && is_feed_type);
    if !is_feed {
        return None;
    }
    let title = element.attr("title").map(plain_text).filter(|title| !title.is_empty());
    Some(FeedLink { url: absolute(element.attr("href")?, Some(base))?, title, media_type })
}

fn guessed(element: &scraper::node::Element, base: &Url) -> Option<FeedLink> {
    let href = (element.name() == "a").then(|| element.attr("href")).flatten()?;
    let url = absolute(href, Some(base))?;
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let looks_like_feed = [
        ".rss",
        ".atom",
        ".rdf",
        "/feed",
        "/rss",
        "/atom",
        "feed.xml",
        "rss.xml",
        "atom.xml",
        "index.xml",
        "feed.json",
    ]
    .iter()
    .any(|end| path.ends_with(end));
    looks_like_feed.then_some(FeedLink { url, title: None, media_type: None })
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::discover_feeds;
    use crate::html::parse;

    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        let base = Url::parse("https://example.org/a/").unwrap();
        let found: Vec<String> = discover_feeds(&parse(html), &base).iter().map(|feed| feed.url.to_string()).collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn declared_feeds_are_found() {
        check("<link rel=alternate type='application/rss+xml' href=/rss>", &["https://example.org/rss"]);
        check("<link rel='ALTERNATE home' type='application/atom+xml' href=feed>", &["https://example.org/a/feed"]);
        check("<link rel=alternate hreflang=de href=/de>", &[]);
        check("<base href='https://example.net/'><link rel=feed href=x>", &["https://example.net/x"]);
        check(
            "<link rel=alternate type=application/rss+xml href=/comments/feed><link rel=alternate type=application/rss+xml href=/feed>",
            &["https://example.org/feed", "https://example.org/comments/feed"],
        );
    }

    #[test]
    fn links_are_a_guess_where_none_is_declared() {
        check(
            "<a href='/news.rss'>RSS</a><a href='/feed/'>x</a>",
            &["https://example.org/news.rss", "https://example.org/feed/"],
        );
        check("<link rel=feed href=/x><a href='/news.rss'>RSS</a>", &["https://example.org/x"]);
    }
}
