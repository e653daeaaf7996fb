//! Answers that are no feed, read as the poller reads them: what they say of themselves, and what must not become a feed.

use std::time::{Duration, Instant};

use tearsheet::config::Identity;
use tearsheet::feed::{FeedBytes, FeedError, parse};
use tearsheet::model::feed::ParsedFeed;
use url::Url;

fn read(content_type: &str, bytes: &[u8]) -> Result<ParsedFeed, FeedError> {
    parse(&FeedBytes {
        bytes,
        content_type: Some(content_type),
        url: Some(&Url::parse("https://example.org/feed").expect("a URL")),
        identity: Identity::Auto,
        assume_timezone: None,
        now: chrono::DateTime::UNIX_EPOCH,
    })
}

#[track_caller]
fn check(bytes: &[u8], class: &str) {
    for content_type in ["text/html", "application/rss+xml", ""] {
        let result = read(content_type, bytes);
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(100)]).into_owned();
        let error = result.map(|feed| feed.entries.len()).expect_err(&head);
        assert_eq!(error.class().as_str(), class, "{content_type}: {head}: {error}");
    }
}

#[test]
fn a_feed_is_a_feed_whatever_the_header_says() {
    let rss = "<rss><channel><title>News</title><item><title>One</title></item></channel></rss>";
    let atom = "<!-- <html> --><feed xmlns='http://www.w3.org/2005/Atom'><entry><title>One</title></entry></feed>";
    let json = r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"One"}],"error":"none"}"#;
    for text in [rss, atom, json, &format!("<html><body>{rss}</body></html>"), &format!("Warning: x <br>{rss}")] {
        for content_type in ["text/html; charset=utf-8", "text/plain", "image/png", "nonsense"] {
            let feed = read(content_type, text.as_bytes()).expect(text);
            assert_eq!(feed.entries.len(), 1, "{content_type}: {text}");
        }
    }
}

#[test]
fn a_page_that_holds_the_words_of_feeds_is_a_page() {
    let page =
        |body: &str| format!("<!DOCTYPE html><html><head><title>How to</title></head><body>{body}</body></html>");
    for body in [
        "<pre>&lt;rss&gt;&lt;channel&gt;&lt;item&gt;</pre>",
        "<pre><item><title>One</title></item></pre>",
        "<code><channel><item></code>",
        "<entry><title>One</title></entry>",
        "<feed><p>Fed</p></feed>",
        "<script>var x = '<rss><channel><item><title>One</title></item></channel></rss>';</script>",
        "<!-- <rss><channel><item><title>One</title></item></channel></rss> -->",
        "<textarea><rss><channel><item><title>One</title></item></channel></rss></textarea>",
        "<svg><item/></svg>",
    ] {
        check(page(body).as_bytes(), "not-a-feed:html-page");
    }
}

#[test]
fn any_answer_is_described_in_bounded_time() {
    let link = |n| format!("<link rel=alternate type=application/rss+xml href=/{n} title='<b>{n}&amp;'>");
    let mib = 1024 * 1024;
    let many_links: String = (0..100_000).map(link).collect();
    for (what, bytes) in [
        ("links", format!("<html>{many_links}")),
        ("anchors", format!("<html>{}", "<a href='/feed'>x</a>".repeat(400_000))),
        ("depth", format!("<html>{}", "<div>".repeat(500_000))),
        ("a title", format!("<html><title>{}", "a &amp; ".repeat(mib))),
        ("fields", format!("<html>{}", "<input type=password><form action=login>".repeat(100_000))),
        ("text", "login ".repeat(mib)),
        ("JSON", format!("[{}1]", "1,".repeat(4 * mib))),
        ("nested JSON", "[".repeat(8 * mib)),
        ("a JSON message", format!("{{\"error\":\"{}\"}}", "x".repeat(8 * mib))),
        ("XML", format!("<a>{}", "<message/>".repeat(500_000))),
        ("white space", " ".repeat(8 * mib)),
        ("NULs", "\0".repeat(8 * mib)),
    ] {
        let started = Instant::now();
        let error = read("text/html", bytes.as_bytes()).map(|_| ()).expect_err(what);
        let message = error.to_string();
        // Ten times what an optimised build takes is allowed to a debug build on a busy machine.
        assert!(started.elapsed() < Duration::from_secs(20), "{what}: {:?}", started.elapsed());
        assert!(message.len() < 2000, "{what}: {} bytes", message.len());
    }
}
