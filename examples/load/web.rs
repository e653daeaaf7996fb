//! A synthetic web: as many sites as are asked for, each with a feed and its articles. The same numbers give the same
//! bytes, and no two articles share a sentence.
//!
//! A page is built like those of news sites: about 4.8 KB of text among forty times as much navigation, teasers, style,
//! script and state. Words follow a steep curve over a large vocabulary, because the full-text index is paid by distinct
//! word.

use std::fmt::Write;
use std::net::Ipv4Addr;

/// `write!` into a string, which takes every character.
macro_rules! push {
    ($text:expr, $($arguments:tt)*) => {
        write!($text, $($arguments)*).expect("a string takes every character")
    };
}

/// The shape of the web.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Web {
    /// Articles a site.
    pub(crate) articles: u32,
    /// Size of a page.
    pub(crate) page_kib: usize,
}

/// Site 0; the sites after it have the addresses after it.
const FIRST: u32 = u32::from_be_bytes([127, 10, 0, 0]);

/// The address of a site. All of 127.0.0.0/8 is routed to this machine by Linux.
pub(crate) fn address(site: u32) -> Ipv4Addr {
    Ipv4Addr::from(FIRST + site)
}

/// Which site a `Host` header names.
pub(crate) fn site_of(host: &str) -> Option<u32> {
    let address: Ipv4Addr = host.split(':').next()?.parse().ok()?;
    u32::from(address).checked_sub(FIRST)
}

/// Of the text; the news article of the project's measurements has as many.
const TEXT_BYTES: usize = 4800;

const PARAGRAPHS: usize = 12;

impl Web {
    /// The site's feed, RSS 2.0.
    pub(crate) fn feed(&self, site: u32, host: &str) -> String {
        let mut feed = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>Site {site}</title>\
             <link>http://{host}/</link><description>News of site {site}</description>\n"
        );
        for number in 0..self.articles {
            let mut words = Words::of(site, number);
            let title = words.sentence(8);
            let summary = words.sentence(30);
            push!(
                feed,
                "<item><title>{title}</title><link>http://{host}/story/{number}</link>\
                 <guid isPermaLink=\"false\">{site}-{number}</guid><pubDate>{}</pubDate>\
                 <description>{summary}</description></item>\n",
                published(number).format("%a, %d %b %Y %H:%M:%S GMT")
            );
        }
        feed.push_str("</channel></rss>\n");
        feed
    }

    /// An article's page.
    pub(crate) fn page(&self, site: u32, host: &str, number: u32) -> String {
        let mut words = Words::of(site, number);
        let title = words.sentence(8);
        let summary = words.sentence(30);
        let size = self.page_kib * 1024;
        let mut page = String::with_capacity(size + 4096);
        let at = published(number).to_rfc3339();
        push!(
            page,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | Site {site}</title>\n\
             <link rel=\"canonical\" href=\"http://{host}/story/{number}\">\n\
             <meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" content=\"{title}\">\n\
             <meta property=\"og:description\" content=\"{summary}\">\n\
             <script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\",\
             \"headline\":\"{title}\",\"datePublished\":\"{at}\",\"dateModified\":\"{at}\",\
             \"author\":{{\"@type\":\"Person\",\"name\":\"Author {site}\"}}}}</script>\n"
        );
        push_style(&mut page, size / 10);
        push_navigation(&mut page, size / 10);
        push!(
            page,
            "<main><article class=\"story\"><h1>{title}</h1><p class=\"byline\">By Author {site}</p>\
             <time datetime=\"{at}\">{at}</time>\n<div class=\"story-body\">\n"
        );
        push_text(&mut page, &mut words);
        page.push_str("</div></article>\n");
        push_teasers(&mut page, &mut words, host, size - size * 3 / 10);
        page.push_str("</main>\n");
        let rest = size.saturating_sub(page.len());
        push_state(&mut page, rest);
        page.push_str("<footer><p>All rights reserved.</p></footer></body></html>\n");
        page
    }
}

/// An hour between two articles of a feed, the newest first.
fn published(number: u32) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(1_767_261_600 - i64::from(number) * 3600, 0).expect("it is in this century")
}

fn push_text(page: &mut String, words: &mut Words) {
    for _ in 0..PARAGRAPHS {
        let start = page.len();
        page.push_str("<p>");
        while page.len() - start < TEXT_BYTES / PARAGRAPHS {
            page.push_str(&words.sentence(18));
            page.push_str(". ");
        }
        page.push_str("</p>\n");
    }
}

fn push_style(page: &mut String, bytes: usize) {
    let end = page.len() + bytes;
    page.push_str("<style>");
    for number in 0.. {
        if page.len() >= end {
            break;
        }
        push!(
            page,
            ".c-{number}__item{{display:flex;margin:0 {number}px;color:#1a1a1a}}@media(min-width:40em){{.c-{number}{{width:50%}}}}\n"
        );
    }
    page.push_str("</style></head>\n<body>\n");
}

fn push_navigation(page: &mut String, bytes: usize) {
    let end = page.len() + bytes;
    page.push_str("<header><nav class=\"main-nav\"><ul>\n");
    for number in 0.. {
        if page.len() >= end {
            break;
        }
        push!(
            page,
            "<li class=\"nav-item\"><a class=\"nav-link\" href=\"/section/{number}\" data-track=\"nav\">Section {number}</a></li>\n"
        );
    }
    page.push_str("</ul></nav></header>\n");
}

/// Cards until the page has `end` bytes.
fn push_teasers(page: &mut String, words: &mut Words, host: &str, end: usize) {
    page.push_str("<section class=\"teasers\">\n");
    for number in 0.. {
        if page.len() >= end {
            break;
        }
        let (title, lead) = (words.sentence(9), words.sentence(20));
        push!(
            page,
            "<div class=\"card card--teaser\" data-id=\"{number}\"><a class=\"card__link\" href=\"http://{host}/teaser/{number}\">\
             <picture><source srcset=\"/img/{number}-320.webp 320w, /img/{number}-640.webp 640w\" type=\"image/webp\">\
             <img src=\"/img/{number}.jpg\" alt=\"\" loading=\"lazy\" width=\"320\" height=\"180\"></picture>\
             <h3 class=\"card__title\">{title}</h3></a><p class=\"card__lead\">{lead}</p>\
             <span class=\"card__meta\">{} hours ago</span></div>\n",
            number % 24
        );
    }
    page.push_str("</section>\n");
}

/// The state that a script would take over from.
fn push_state(page: &mut String, bytes: usize) {
    let end = page.len() + bytes;
    page.push_str("<script>window.__STATE__ = {\"items\":[");
    for number in 0.. {
        if page.len() >= end {
            break;
        }
        push!(
            page,
            "{{\"id\":{number},\"type\":\"teaser\",\"visible\":true,\"tags\":[\"a\",\"b\"],\"score\":0.{number}}},"
        );
    }
    page.push_str("null]};</script>\n");
}

/// Made-up words, from a generator of its own for each article.
#[derive(Debug)]
struct Words {
    state: u64,
}

/// Consonants and vowels of a syllable; three of them make 512,000 words, of which a site uses some thousands.
const ONSETS: [&str; 16] = ["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "w"];
const NUCLEI: [&str; 5] = ["a", "e", "i", "o", "u"];

/// The words that hold English together, about every second one.
const COMMON: [&str; 16] =
    ["the", "of", "and", "to", "in", "a", "that", "is", "was", "for", "on", "with", "as", "it", "by", "at"];

impl Words {
    fn of(site: u32, number: u32) -> Self {
        Self { state: u64::from(site) << 32 | u64::from(number) }
    }

    /// splitmix64 (Steele, Lea, Flood 2014): small, and good from any seed.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("it is below a usize")
    }

    fn push_word(&mut self, text: &mut String) {
        if self.below(2) == 0 {
            text.push_str(COMMON[self.below(COMMON.len())]);
            return;
        }
        // The lower the bound that was drawn first, the more often its words come: a curve as steep as language's.
        let bound = 1 + self.below(ONSETS.len());
        for _ in 0..2 + self.below(2) {
            text.push_str(ONSETS[self.below(bound)]);
            text.push_str(NUCLEI[self.below(NUCLEI.len())]);
        }
    }

    /// `count` words, the first one with a capital.
    fn sentence(&mut self, count: usize) -> String {
        let mut sentence = String::with_capacity(count * 6);
        for number in 0..count {
            if number > 0 {
                sentence.push(' ');
            }
            self.push_word(&mut sentence);
        }
        sentence[..1].make_ascii_uppercase();
        sentence
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Web, address, site_of};

    const WEB: Web = Web { articles: 10, page_kib: 160 };

    #[test]
    fn a_site_is_found_again_by_its_address() {
        for site in [0, 1, 255, 256, 1999, 70_000] {
            assert_eq!(site_of(&format!("{}:8080", address(site))), Some(site));
            assert!(address(site).is_loopback());
        }
        assert_eq!(site_of("127.0.0.1:80"), None);
        assert_eq!(site_of("localhost"), None);
    }

    #[test]
    fn the_same_numbers_give_the_same_bytes() {
        assert_eq!(WEB.page(3, "127.10.0.3", 4), WEB.page(3, "127.10.0.3", 4));
        assert_eq!(WEB.feed(3, "127.10.0.3"), WEB.feed(3, "127.10.0.3"));
    }

    #[test]
    fn no_two_articles_share_a_paragraph() {
        let mut seen = HashSet::new();
        for (site, number) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let page = WEB.page(site, "127.10.0.0", number);
            for paragraph in page.split("<p>").skip(1).take(12) {
                assert!(seen.insert(paragraph.split("</p>").next().unwrap().to_owned()));
            }
        }
        assert_eq!(seen.len(), 48);
    }

    #[test]
    fn a_page_has_the_size_asked_for_and_the_text_of_a_news_story() {
        for page_kib in [80, 160, 320] {
            let page = Web { page_kib, ..WEB }.page(0, "127.10.0.0", 0);
            assert!(page.len().abs_diff(page_kib * 1024) < 2048, "{page_kib} KiB: {}", page.len());
        }
        let page = WEB.page(0, "127.10.0.0", 0);
        let (_, body) = page.split_once("<div class=\"story-body\">").unwrap();
        let (body, _) = body.split_once("</div>").unwrap();
        assert!((4600..6500).contains(&body.len()), "{}", body.len());
    }

    #[test]
    fn a_feed_lists_every_article() {
        let feed = WEB.feed(7, "127.10.0.7:99");
        assert_eq!(feed.matches("<item>").count(), 10);
        assert!(feed.contains("<link>http://127.10.0.7:99/story/9</link>"));
        assert!(feed.contains("<pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate>"));
    }
}
