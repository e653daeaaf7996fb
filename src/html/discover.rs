//! The feeds that a page points to.

use std::collections::HashSet;

use scraper::node::Element;
use scraper::{Html, Node};
use url::Url;

use super::address::absolute;
use super::text::plain_text;
use super::tree::Tree;

/// Feeds of one page that are told; nobody reads a longer list, and an attacker would write one.
const MAX_FEEDS: usize = 100;
/// Characters of a title that are told.
const MAX_TITLE: usize = 120;

/// A feed that a page points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLink {
    /// Its address, without a fragment.
    pub url: Url,
    /// What the page calls it, as plain text.
    pub title: Option<String>,
    /// Its media type as declared, without parameters; `None` when it was guessed from a link in the page's text.
    pub media_type: Option<String>,
}

/// The feeds that a page declares with `rel="alternate"` or `rel="feed"`; where it declares none, those that its links
/// look like. In document order, but feeds of a part of the site, of comments and of other hosts come last.
///
/// The page itself is never among them. The addresses are the page's word: whoever fetches one, guards it.
pub fn discover_feeds(tree: &Tree, url: &Url) -> Vec<FeedLink> {
    let base = document_base(&tree.html, url);
    let declared = distinct(elements(&tree.html).filter_map(|element| declared(element, &base)), url);
    let mut feeds = if declared.is_empty() {
        distinct(elements(&tree.html).filter_map(|element| guessed(element, &base)), url)
    } else {
        declared
    };
    feeds.sort_by_key(|feed| distance(feed, url));
    feeds
}

/// Undoes the schemes that only say that an address is a feed's: `feed:https://e.org/f`, `feed://e.org/f`.
pub fn without_feed_scheme(address: &str) -> Option<String> {
    let scheme = address.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("feed:"))?;
    let rest = &address[scheme.len()..];
    // draft-obasanjo-feed-URI-scheme-02, section 3: without a scheme of its own it is http.
    Some(if rest.starts_with("//") { format!("http:{rest}") } else { rest.to_owned() })
}

/// What relative references on a page count from: its `<base href>`, else its own address.
pub(crate) fn document_base(html: &Html, url: &Url) -> Url {
    elements(html)
        .find(|element| element.name() == "base" && element.attr("href").is_some())
        .and_then(|element| absolute(element.attr("href")?, Some(url)))
        .unwrap_or_else(|| url.clone())
}

fn elements(html: &Html) -> impl Iterator<Item = &Element> {
    html.tree.values().filter_map(Node::as_element)
}

/// A link that may be a feed's; its title is looked at only when it is a new one.
struct Candidate<'a> {
    url: Url,
    title: Option<&'a str>,
    media_type: Option<String>,
}

fn distinct<'a>(candidates: impl Iterator<Item = Candidate<'a>>, page: &Url) -> Vec<FeedLink> {
    let page = without_fragment(page.clone());
    let mut known = HashSet::new();
    let new = candidates.filter(|candidate| candidate.url != page && known.insert(candidate.url.clone()));
    let told = new.take(MAX_FEEDS).map(|candidate| FeedLink {
        url: candidate.url,
        title: candidate.title.map(|title| plain_text(title).chars().take(MAX_TITLE).collect()),
        media_type: candidate.media_type,
    });
    told.map(|feed| FeedLink { title: feed.title.filter(|title: &String| !title.is_empty()), ..feed }).collect()
}

fn declared<'a>(element: &'a Element, base: &Url) -> Option<Candidate<'a>> {
    let rel = matches!(element.name(), "link" | "a").then(|| element.attr("rel")).flatten()?;
    let is_rel = |name: &str| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(name));
    let title = element.attr("title");
    let media_type = element.attr("type").map(essence).filter(|media_type| !media_type.is_empty());
    let href = element.attr("href")?;
    let speaks_of_feed = || says_feed(href) || title.is_some_and(says_feed);
    // Without a type, an alternate is nearly always the same page in another language or for another screen.
    let is_variant = element.attr("hreflang").is_some() || element.attr("media").is_some();
    let is_feed = match media_type.as_deref().map_or(Type::Unknown, type_of) {
        _ if is_rel("feed") => true,
        Type::Feed => is_rel("alternate"),
        Type::Unsure => is_rel("alternate") && speaks_of_feed(),
        Type::Unknown => is_rel("alternate") && media_type.is_none() && !is_variant && speaks_of_feed(),
    };
    is_feed.then_some(Candidate { url: address(href, base)?, title, media_type })
}

fn guessed<'a>(element: &'a Element, base: &Url) -> Option<Candidate<'a>> {
    let href = matches!(element.name(), "a" | "area").then(|| element.attr("href")).flatten()?;
    let url = address(href, base)?;
    let looks_like_feed = without_feed_scheme(href.trim()).is_some() || names_a_feed(&url);
    looks_like_feed.then(|| Candidate { url, title: element.attr("title"), media_type: None })
}

/// How surely a media type is a feed's.
enum Type {
    Feed,
    /// Feeds have it, and other things too.
    Unsure,
    Unknown,
}

fn type_of(media_type: &str) -> Type {
    match media_type {
        "application/rss+xml"
        | "application/atom+xml"
        | "application/feed+json"
        | "application/rss"
        | "application/atom"
        | "application/x.atom+xml"
        | "application/x-atom+xml"
        | "application/x-rss+xml"
        | "text/rss+xml"
        | "text/atom+xml"
        | "text/rss"
        | "text/atom"
        | "text/xml"
        | "application/xml"
        | "application/rdf+xml" => Type::Feed,
        "application/json" | "application/x-rss" | "text/rdf" | "text/plain" => Type::Unsure,
        _ => Type::Unknown,
    }
}

/// A media type without its parameters, in lower case.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a title or an address has the name of a format as a word of its own.
fn says_feed(text: &str) -> bool {
    words(text).any(|word| {
        ["rss", "rss2", "atom", "feed", "feeds", "rdf", "jsonfeed"].iter().any(|name| word.eq_ignore_ascii_case(name))
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether an address looks like a feed's: `/feed/`, `/news.rss`, `/rss/all.xml`, `?feed=rss2`, `?format=feed`.
fn names_a_feed(url: &Url) -> bool {
    let mut segments = url.path_segments().into_iter().flatten().rev().filter(|segment| !segment.is_empty());
    let last = segments.next().unwrap_or_default().to_ascii_lowercase();
    let (stem, extension) = last.rsplit_once('.').unwrap_or((&last, ""));
    match extension {
        "rss" | "atom" | "rdf" => return true,
        "" if matches!(stem, "feed" | "feeds" | "rss" | "rss2" | "atom" | "rdf") => return true,
        "xml" if says_feed(stem) || stem == "index" || segments.next().is_some_and(says_feed) => return true,
        "json" if stem == "feed" => return true,
        _ => {}
    }
    url.query_pairs().any(|(key, value)| match &*key {
        "feed" | "format" | "type" | "output" => says_feed(&value),
        _ => false,
    })
}

/// The address of a reference, for http and https alone; one with a password in it is nobody's feed.
fn address(href: &str, base: &Url) -> Option<Url> {
    let plain = without_feed_scheme(href.trim());
    let url = absolute(plain.as_deref().unwrap_or(href), Some(base))?;
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    is_anonymous.then(|| without_fragment(url))
}

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

/// How far a feed is from what the page's reader wants: the site, a part of it, what others say, another site.
fn distance(feed: &FeedLink, page: &Url) -> u8 {
    const TALK: [&str; 12] = [
        "comment",
        "comments",
        "replies",
        "kommentar",
        "kommentare",
        "commentaires",
        "comentarios",
        "comentários",
        "commenti",
        "reacties",
        "komentarze",
        "комментарии",
    ];
    const PART: [&str; 9] =
        ["category", "categories", "tag", "tags", "author", "authors", "label", "search", "archive"];
    let title = feed.title.as_deref().unwrap_or_default().to_lowercase();
    let says = |text: &str, names: &[&str]| words(text).any(|word| names.contains(&word));
    let address = feed.url[url::Position::BeforePath..].to_ascii_lowercase();
    let is_part = |url: &Url| says(&url.path().to_ascii_lowercase(), &PART);
    match () {
        () if says(&address, &TALK) || says(&title, &TALK) => 2,
        () if feed.media_type.is_none() && feed.url.host() != page.host() => 3,
        () if is_part(&feed.url) && !is_part(page) => 1,
        () => 0,
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{MAX_FEEDS, discover_feeds, without_feed_scheme};
    use crate::html::parse;

    /// The addresses found on a page at `https://example.org/a/`, which is left out of them.
    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        let base = Url::parse("https://example.org/a/").unwrap();
        let found: Vec<String> = discover_feeds(&parse(html), &base).iter().map(|feed| feed.url.to_string()).collect();
        let short = |url: &String| url.strip_prefix("https://example.org").unwrap_or(url).to_owned();
        assert_eq!(found.iter().map(short).collect::<Vec<_>>(), expected, "{html}");
    }

    #[test]
    fn declared_feeds_are_found() {
        check("<link rel=alternate type='application/rss+xml' href=/rss>", &["/rss"]);
        check("<link rel='ALTERNATE home' type=' Application/Atom+XML; charset=utf-8' href=feed>", &["/a/feed"]);
        check("<base href='https://example.net/'><link rel=feed href=x>", &["https://example.net/x"]);
        check("<p>x<link rel=alternate type=application/feed+json href=/f.json>", &["/f.json"]);
        check("<a rel='nofollow alternate' type=application/rss+xml href=/rss>x</a>", &["/rss"]);
        check("<link rel=alternate type=text/xml href=/all.xml>", &["/all.xml"]);
        check(
            "<link rel=alternate type=application/rss+xml href='feed:https://example.net/x'>",
            &["https://example.net/x"],
        );
    }

    #[test]
    fn a_type_that_is_missing_or_common_needs_a_word_beside_it() {
        check("<link rel=alternate title='RSS 2.0' href=/x>", &["/x"]);
        check("<link rel=alternate href=/feed/>", &["/feed/"]);
        check("<link rel=alternate title=Feedback href=/x>", &[]);
        check("<link rel=alternate type=application/json href=/feed.json>", &["/feed.json"]);
        check("<link rel=alternate type=application/json title=JSON href=/wp-json/wp/v2/posts/1>", &[]);
    }

    #[test]
    fn other_alternates_are_no_feeds() {
        check("<link rel=alternate hreflang=de href=/de/feed>", &[]);
        check("<link rel=alternate media=handheld href=/m/feed>", &[]);
        check("<link rel=amphtml href=/amp/feed><link rel=stylesheet type=application/rss+xml href=/x>", &[]);
        check("<link rel=alternate type=application/json+oembed href=/oembed/feed>", &[]);
        check("<link rel=alternate type=text/xml+oembed href=/oembed?url=feed>", &[]);
        check("<link rel=alternate type=application/atomsvc+xml href=/feed>", &[]);
        check("<link rel=alternate href='android-app://org.example/feed'>", &[]);
    }

    #[test]
    fn the_page_itself_and_what_cannot_be_fetched_is_no_feed() {
        for href in [
            "",
            "#feed",
            "./#top",
            "javascript:feed()",
            "data:text/xml,feed",
            "https://u:p@example.org/feed",
            "http://",
        ] {
            check(&format!("<link rel=alternate type=application/rss+xml href='{href}'>"), &[]);
        }
    }

    #[test]
    fn duplicates_are_one_and_titles_are_plain() {
        let base = Url::parse("https://example.org/").unwrap();
        let link =
            "<link rel=alternate type=application/rss+xml title=' &lt;b&gt;Tom&lt;/b&gt;\n&amp;amp; Co ' href=/rss>";
        let found = discover_feeds(&parse(&format!("{link}{link}<link rel=feed href='/rss#a'>")), &base);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].title.as_deref(), Some("Tom & Co"));
        assert_eq!(found[0].media_type.as_deref(), Some("application/rss+xml"));
    }

    #[test]
    fn the_whole_site_comes_before_its_parts_and_before_comments() {
        let link = |href: &str, title: &str| {
            format!("<link rel=alternate type=application/rss+xml href='{href}' title='{title}'>")
        };
        check(&(link("/comments/feed", "") + &link("/feed", "")), &["/feed", "/comments/feed"]);
        check(
            &(link("/x", "Post Comments Feed") + &link("/tag/a/feed", "") + &link("/y", "")),
            &["/y", "/tag/a/feed", "/x"],
        );
        check(&(link("/b", "") + &link("/a", "")), &["/b", "/a"]);
    }

    #[test]
    fn links_are_a_guess_where_none_is_declared() {
        check("<a href='/news.rss'>RSS</a><a href='/feed/'>x</a>", &["/news.rss", "/feed/"]);
        check(
            "<a href='/?feed=rss2'>x</a><a href='/?format=feed&type=atom'>x</a>",
            &["/?feed=rss2", "/?format=feed&type=atom"],
        );
        check(
            "<a href='feed://example.net/all'>x</a><a href='/rss/all.xml'>",
            &["/rss/all.xml", "http://example.net/all"],
        );
        check("<link rel=feed href=/x><a href='/news.rss'>RSS</a>", &["/x"]);
        check("<a href=/feedback>x</a><a href=/sitemap.xml>x</a><a href=/feed-the-birds>x</a>", &[]);
    }

    #[test]
    fn feed_schemes_are_undone() {
        for (address, expected) in [
            ("feed:https://e.org/f", Some("https://e.org/f")),
            ("FEED://e.org/f", Some("http://e.org/f")),
            ("https://e.org/feed:", None),
            ("feeé", None),
        ] {
            assert_eq!(without_feed_scheme(address).as_deref(), expected);
        }
    }

    #[test]
    fn a_page_full_of_links_is_bounded() {
        let link = |n| format!("<link rel=alternate type=application/rss+xml href=/{n} title='<b>{n}'>");
        let page: String = (0..100_000).map(link).collect();
        let base = Url::parse("https://example.org/").unwrap();
        assert_eq!(discover_feeds(&parse(&page), &base).len(), MAX_FEEDS);
    }
}
