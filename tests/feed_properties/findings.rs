//! What the fuzz target, its invariants and the properties here found, each made as small as it goes.

use url::Url;

use crate::{address, check, feed_invariants, input, read};

/// A document of every kind that once broke an invariant, and what it broke.
#[test]
fn what_was_found_stays_mended() {
    let long_name = format!("<a{} b='c'>", "é".repeat(40));
    let body = |html: &str| format!("<rss><item><description><![CDATA[{html}]]></description></item></rss>");
    let long_address = body(&format!("<img src='{}'><a href='/{}'>x</a>", "é".repeat(1500), "&".repeat(2000)));
    let long_words = body(&format!("<img src=x alt='{}'><p>x", "\"".repeat(2000)));
    let crossed = body("<a href=/2><div><li><table><div><div><div><div><p><ul><div><b><p></p>x<a href=/1><b>");
    for document in [
        // A link in a link, where the parser gives up on what is crossed: the next reading ends the outer one.
        crossed.as_str(),
        // An attribute that is longer than what is read of one, once it is escaped.
        &long_address,
        &long_words,
        // A panic: the name of a root that is no feed's was cut inside a character, to quote it.
        long_name.as_str(),
        // A language, title or label that holds markup, line ends or control characters.
        "<feed xml:lang='de>urn:x</id>\n<b>'><entry/></feed>",
        "<feed><entry><category term='a\u{1b}b' label='\u{1b}'/><link rel='via' href='/b' title='\u{7}'/></entry></feed>",
        // A carriage return in a body is a line feed when the body is read again.
        "<rss><item><description>a\rb\r\nc &amp; d</description></item></rss>",
        // A panic: a typographic minus before a zone is three bytes long, and one was skipped.
        "<rss><item><pubDate>Sun Jan  4 16:29:06 \u{2212}0100 2004</pubDate></item></rss>",
        "<rss><item><pubDate>Sun, 4 Jan 2004 16:29:06 GMT \u{2013}0100</pubDate></item></rss>",
        // Line breaks at the beginning of preformatted text, of which each reading drops one.
        "<rss><item><description>a&lt;pre&gt;\n\n\nx&lt;/pre&gt;</description></item></rss>",
        "<rss><item><description>&lt;p&gt;a&amp;#13;b&lt;/p&gt;</description></item></rss>",
    ] {
        check(document.as_bytes());
    }
}

#[test]
fn a_foreign_root_with_a_long_name_is_quoted_in_part() {
    let document = "<\u{6F64}abcdefghijklmnopqrstuvwxyzabcdefghijk\u{6F64}\u{6F64} />";
    let error = tearsheet::feed::parse(&input(document.as_bytes(), &address())).expect_err("no feed");
    assert!(error.to_string().starts_with("not a feed"), "{error}");
}

#[test]
fn line_ends_in_a_body_are_line_feeds() {
    let feed = read(b"<rss><item><description>a\rb\r\nc &lt; d</description></item></rss>");
    let entry = &feed.entries[0];
    assert_eq!(entry.summary.as_deref().or(entry.content.as_deref()), Some("a\nb\nc &lt; d"));
}

#[test]
fn a_base_that_is_too_long_is_not_believed() {
    let with = |len: usize| format!("<feed xml:base='https://a.example/{}/'><entry><link href='b'/>", "x".repeat(len));
    let link = |document: &str| read(document.as_bytes()).entries[0].url.as_ref().map(|url| url.as_str().len());
    assert_eq!(link(&format!("{}</entry></feed>", with(400))), Some("https://a.example/".len() + 400 + "/b".len()));
    assert_eq!(link(&format!("{}</entry></feed>", with(2000))), Some("https://news.example/feeds/b".len()));
}

#[test]
fn what_the_addresses_of_a_document_count_from_does_not_blow_it_up() {
    let base = format!("http://a.example/{}/", "x".repeat(480));
    let images = "<img src=x>".repeat(2000);
    let item = format!("<item><description><![CDATA[{images}]]></description></item>");
    let document = format!("<rss xml:base='{base}'><channel><title>t</title>{}</channel></rss>", item.repeat(60));
    let feed = read(document.as_bytes());
    let written: usize = feed.entries.iter().filter_map(|entry| entry.summary.as_deref()).map(str::len).sum();
    assert!(written < 8 * document.len(), "{written} bytes of {}", document.len());

    let url =
        Url::parse(&format!("https://a.example/{}/feed?key={}", "y".repeat(2000), "z".repeat(2000))).expect("a URL");
    let feed = tearsheet::feed::parse(&input(b"<rss><item><link>b</link></item></rss>", &url)).expect("a feed");
    assert_eq!(feed.entries[0].url.as_ref().map(Url::as_str), Some("https://a.example/b"));
}

#[test]
fn a_document_gives_a_bounded_number_of_parts() {
    let links = "<link rel='via' href='b'/>".repeat(99);
    let feed = read(format!("<feed>{}</feed>", format!("<entry>{links}</entry>").repeat(2000)).as_bytes());
    assert_eq!(feed.entries.iter().map(|entry| entry.related.len()).sum::<usize>(), 100_000);
    assert!(feed.warnings.iter().any(|warning| warning.contains("too many")), "{:?}", feed.warnings);
}

#[test]
fn a_feed_of_many_authors_gives_its_entries_few() {
    let names: String = (0..50).map(|n| format!("<author><name>{n} {}</name></author>", "x".repeat(4000))).collect();
    let feed = read(format!("<feed>{names}<entry><title>a</title></entry></feed>").as_bytes());
    let authors = &feed.entries[0].authors;
    assert!(authors.len() <= 10 && authors.iter().map(String::len).sum::<usize>() <= 2560, "{authors:?}");
    feed_invariants::check(&input(b"<feed/>", &address()));
}

#[test]
fn a_category_of_nothing_is_none() {
    let feed = read(
        "<rss><item><category>\u{80}</category><category>&lt;b>&lt;/b></category><category>a</category></item></rss>"
            .as_bytes(),
    );
    let terms: Vec<_> = feed.entries[0].categories.iter().map(|category| category.term.as_str()).collect();
    assert_eq!(terms, ["€", "a"]);
    check("<rss><item><category>\u{85}\u{81}</category><category>&#x85;</category></item></rss>".as_bytes());
}
