//! Time and memory grow with a document, never faster, also where the document was made to make them.

use std::time::{Duration, Instant};

use tearsheet::feed::parse;

use crate::{address, feed_invariants, input};

/// A family of documents: how it begins, what it repeats, how it ends.
type Family = (&'static str, &'static str, &'static str, &'static str);

/// Each made one parser or another quadratic, or could.
const FAMILIES: &[Family] = &[
    ("subsets that stay open", "<rss><channel>", "<!x [>", ""),
    ("sections that stay open", "<rss><channel><item><title>", "<![CDATA[x</title>", ""),
    ("sections of another case", "<rss><channel><item>", "<a><![cdata[</a>", "<![CDATA[]]>"),
    ("comments that stay open", "<rss><channel><item>", "<!-- <b>", ""),
    ("instructions that stay open", "<rss><channel><item>", "<?x <b>", ""),
    ("quotes that stay open", "<rss><channel><item>", "<a b=\"c d='e>", ""),
    ("elements that stay open", "<rss><channel><item><description>", "<b><p>", ""),
    (
        "end tags that nothing open has",
        "<rss><channel><item><aaaaab><aaaaac><aaaaad><aaaaae><aaaaaf><aaaaag>",
        "</aaaaah>",
        "",
    ),
    ("end tags of nothing", "<rss><channel><item><description><a><b><c>", "</x>", ""),
    (
        "HTML that stays open",
        "<rss><channel><item><description><![CDATA[",
        "<b><p><a href=/x>",
        "]]></description></item>",
    ),
    ("tables in tables", "<rss><channel><item><description><![CDATA[", "<table><tr><td>x", "]]></description></item>"),
    ("references", "<rss><channel><item><description>", "&amp;lt;&lt;&#38;", "</description></item>"),
    (
        "declared entities",
        "<!DOCTYPE r [<!ENTITY a 'bbbbbbbbbbbb'>]><rss><channel><item><title>",
        "&a;&b;",
        "</title></item>",
    ),
    ("a tag of many attributes", "<rss><channel><item><title", " a='b' c", ">x</title></item>"),
    ("declarations of prefixes", "<rss><channel>", "<item xmlns:a='b'><a:b/>", ""),
    ("empty entries", "<rss><channel>", "<item/>", ""),
    ("entries with one guid", "<rss><channel>", "<item><guid>a</guid></item>", ""),
    (
        "authors of a feed",
        "<feed><author><name>Ann</name></author>",
        "<entry/><author><name>Bo</name></author>",
        "</feed>",
    ),
    ("links from one base", "<feed xml:base='http://a.example/b/c/'>", "<entry><link href='../d'/></entry>", "</feed>"),
    ("parts of a date", "<rss><channel>", "<item><pubDate>1 1 1 1 1 (((a 1 1:1:1 +1</pubDate></item>", ""),
    ("arrays that stay open", "{\"items\":[{\"id\":", "[", ""),
    ("objects that stay open", "{\"items\":[", "{\"id\":", ""),
    ("items", "{\"items\":[{\"id\":0}", ",{\"id\":\"a\\u0041\"}", "]}"),
    ("bytes of no encoding", "<rss><channel><item><title>", "\u{fffd}\u{85}&#133;", ""),
];

fn document(family: &Family, len: usize) -> String {
    let (_, beginning, repeated, end) = family;
    [beginning, &*repeated.repeat(len / repeated.len()), end].concat()
}

fn time(text: &str) -> Duration {
    let url = address();
    let begin = Instant::now();
    let result = parse(&input(text.as_bytes(), &url));
    let time = begin.elapsed();
    drop(result);
    time
}

#[test]
fn time_is_linear() {
    const LEN: usize = 128 * 1024;
    let mut slow = Vec::new();
    for family in FAMILIES {
        let (half, whole) = (document(family, LEN / 2), document(family, LEN));
        // The shortest times count: whatever else runs on the machine makes them longer, never shorter.
        let (mut best_half, mut best_whole) = (Duration::MAX, Duration::MAX);
        let is_linear = (0..8).any(|_| {
            best_half = best_half.min(time(&half));
            best_whole = best_whole.min(time(&whole));
            // Below this a measurement is noise, and nothing quadratic is this fast at this length.
            best_whole < Duration::from_millis(50) || best_whole < best_half.mul_f64(3.5)
        });
        if !is_linear {
            slow.push((family.0, best_half, best_whole));
        }
    }
    assert!(slow.is_empty(), "time grows faster than the document: {slow:?}");
}

#[test]
fn what_is_read_is_bounded_by_what_is_written() {
    let long = "x".repeat(100_000);
    let names: String = (0..50).map(|n| format!("<author><name>{n}{}</name></author>", &long[..4000])).collect();
    let links = "<entry><link href='a'/><link rel='via' href='b'/></entry>".repeat(3000);
    let body = "<a href='a'>b</a>".repeat(1000);
    for text in [
        format!("<feed xml:base='https://a.example/{long}/'>{links}</feed>"),
        format!("<feed xml:base='https://a.example/{}/'>{links}</feed>", &long[..900]),
        format!("<feed xml:base='https://a.example/{long}/'><entry><content type='html'><![CDATA[{body}"),
        format!("<feed>{names}{}</feed>", "<entry/>".repeat(3000)),
        format!("<rss><item><author>{long}</author><title>{long}</title><link>{long}</link><guid>{long}</guid>"),
    ] {
        feed_invariants::check(&input(text.as_bytes(), &address()));
    }
}
