//! What a document is that is no feed: its kind for the log, words for the operator, and the feeds that a page names.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::xml::tree::{Element, Forest};
use super::{FeedBytes, FeedError, clip, json};
use crate::html;
use crate::model::failure::InsteadOfFeed;

/// What is looked at of a page: its head and enough of its body to know it by.
const MAX_PAGE: usize = 1024 * 1024;
/// Larger JSON is no message: it is checked, and not kept in memory to be quoted.
const MAX_JSON_MESSAGE: usize = 64 * 1024;
/// An object with more members than this carries data, whatever one of them is called.
const MAX_ERROR_MEMBERS: usize = 8;

/// Says what `input` is instead of a feed; `text` is what it decodes to, and `forest` that text read as markup.
pub(super) fn describe(input: &FeedBytes<'_>, text: &str, forest: &Forest<'_>) -> FeedError {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\0');
    if trimmed.is_empty() {
        return FeedError::Empty;
    }
    let not_a_feed = |kind, was| FeedError::NotAFeed { kind, was, names: Vec::new() };
    if let Some(name) = binary_kind(input.bytes) {
        return not_a_feed(InsteadOfFeed::Binary, name.to_owned());
    }
    if let Some((kind, was)) = json_kind(trimmed) {
        return not_a_feed(kind, was);
    }
    let root = forest.roots.first();
    if is_page(input.content_type, trimmed, root) {
        return page(input);
    }
    let is_json = input.content_type.is_some_and(|media_type| media_type.to_ascii_lowercase().contains("json"));
    match root {
        Some(root) if trimmed.starts_with('<') => not_a_feed(InsteadOfFeed::Xml, xml_kind(root)),
        None if ["<?xml", "<!--"].iter().any(|start| trimmed.starts_with(start)) => {
            not_a_feed(InsteadOfFeed::Xml, "an XML document without elements".to_owned())
        }
        _ if is_json && serde_json::from_str::<IgnoredAny>(trimmed).is_ok() => {
            not_a_feed(InsteadOfFeed::Json, format!("the JSON value {}", excerpt(clip(trimmed, 1024), 60)))
        }
        _ if is_binary(trimmed) => not_a_feed(InsteadOfFeed::Binary, "binary data".to_owned()),
        _ => {
            let was = format!("plain text that begins with \"{}\"", excerpt(clip(trimmed, 1024), 60));
            not_a_feed(InsteadOfFeed::Text, was)
        }
    }
}

fn page(input: &FeedBytes<'_>) -> FeedError {
    // Again from the bytes: where HTML declares its encoding, XML does not look.
    let bytes = &input.bytes[..input.bytes.len().min(MAX_PAGE)];
    let markup = html::decode(bytes, input.content_type).text;
    let tree = html::parse(&markup);
    let html::PageInstead { kind, title } = html::page_instead(&tree, &markup);
    let what = match kind {
        InsteadOfFeed::LoginPage => "a login page",
        InsteadOfFeed::ChallengePage => "a page that checks for robots",
        InsteadOfFeed::ConsentPage => "a page that asks for consent",
        InsteadOfFeed::MaintenancePage => "a maintenance page",
        InsteadOfFeed::ParkedDomain => "the page of a parked domain",
        _ => "an HTML page",
    };
    let was = match title {
        Some(title) => format!("{what} titled \"{}\"", excerpt(&title, 120)),
        None => what.to_owned(),
    };
    let names = input.url.map(|url| html::discover_feeds(&tree, url)).unwrap_or_default();
    FeedError::NotAFeed { kind, was, names }
}

/// Whether markup is a page's: by its root, else by the header, unless the root is a vocabulary of its own.
fn is_page(content_type: Option<&str>, text: &str, root: Option<&Element<'_>>) -> bool {
    const PAGE: [&str; 30] = [
        "html", "head", "body", "title", "meta", "link", "script", "style", "noscript", "base", "frameset", "div", "p",
        "span", "a", "b", "br", "center", "font", "form", "h1", "h2", "h3", "hr", "iframe", "img", "main", "pre",
        "table", "ul",
    ];
    const SURE: usize = 11; // Of these; the others are names in other vocabularies too.
    const OTHER: [&str; 6] = ["opml", "urlset", "sitemapindex", "svg", "envelope", "error"];
    let start = clip(text, 1024).to_ascii_lowercase();
    let media_type = content_type.unwrap_or_default().to_ascii_lowercase();
    let is_declared = media_type.contains("html");
    let names = if media_type.contains("xml") && !is_declared { &PAGE[..SURE] } else { &PAGE };
    match root.map(|root| &*root.name) {
        _ if start.contains("<!doctype html") => true,
        Some(name) if names.contains(&name) => true,
        Some(name) => is_declared && !OTHER.contains(&name),
        None => is_declared,
    }
}

fn xml_kind(root: &Element<'_>) -> String {
    let name = clip(&root.name, 40);
    let what = match name {
        "opml" => "an OPML document, a list of feeds",
        "urlset" | "sitemapindex" => "a sitemap",
        "svg" => "an SVG image",
        "service" => "an Atom service document",
        "opensearchdescription" => "a search description",
        _ => "an XML document with the root element",
    };
    let named = format!("{what} <{name}>");
    match message(root, 4) {
        Some(message) => format!("{named} that says \"{}\"", excerpt(&message, 120)),
        None => named,
    }
}

/// What an error in XML says: of a storage service, SOAP, problem details (RFC 9457).
fn message(element: &Element<'_>, depth: usize) -> Option<String> {
    let is_message = |name: &str| matches!(name, "message" | "faultstring" | "detail" | "errormessage" | "error");
    element.elements().take(MAX_ERROR_MEMBERS).find_map(|child| {
        let has_elements = child.elements().next().is_some();
        let text = (is_message(&child.name) && !has_elements).then(|| child.text().into_owned());
        let below = || (depth > 0).then(|| message(child, depth - 1)).flatten();
        text.filter(|text| !text.is_empty()).or_else(below)
    })
}

fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(usize, &[u8], &str)] = &[
        (0, b"\x89PNG", "a PNG image"),
        (0, b"\xFF\xD8\xFF", "a JPEG image"),
        (0, b"GIF8", "a GIF image"),
        (8, b"WEBP", "a WebP image"),
        (4, b"ftypavif", "an AVIF image"),
        (0, b"\0\0\x01\0", "an icon"),
        (0, b"%PDF-", "a PDF document"),
        (0, b"PK\x03\x04", "a ZIP archive"),
        (0, b"\x1F\x8B", "gzip data"),
        (0, b"BZh", "bzip2 data"),
        (0, b"\xFD7zXZ", "xz data"),
        (0, b"\x28\xB5\x2F\xFD", "zstd data"),
        (0, b"7z\xBC\xAF", "a 7z archive"),
        (0, b"Rar!\x1A", "a RAR archive"),
        (0, b"ID3", "an MP3 file"),
        (0, b"\xFF\xFB", "an MP3 file"),
        (0, b"OggS", "an Ogg file"),
        (0, b"fLaC", "a FLAC file"),
        (8, b"WAVE", "a WAV file"),
        (4, b"ftyp", "an MP4 file"),
        (0, b"\x1A\x45\xDF\xA3", "a Matroska file"),
        (0, b"\x7FELF", "a program"),
        (0, b"MZ\x90", "a program"),
    ];
    let has = |at: usize, magic: &[u8]| bytes.get(at..).is_some_and(|bytes| bytes.starts_with(magic));
    MAGIC.iter().find(|(at, magic, _)| has(*at, magic)).map(|(_, _, name)| *name)
}

fn is_binary(text: &str) -> bool {
    text.chars().take(1000).filter(|c| *c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace())).count() > 20
}

/// Whether a text is one value of JSON.
pub(super) fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

fn json_kind(text: &str) -> Option<(InsteadOfFeed, String)> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    if text.len() > MAX_JSON_MESSAGE {
        serde_json::from_str::<IgnoredAny>(text).ok()?;
        return Some((InsteadOfFeed::Json, "a JSON document".to_owned()));
    }
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        let document = json::read_value(text).filter(json::Document::is_json)?;
        let what = if document.breaks_off() { "a JSON document that breaks off" } else { "a broken JSON document" };
        return Some((InsteadOfFeed::Json, what.to_owned()));
    };
    Some(match &value {
        Value::Array(_) => (InsteadOfFeed::Json, "a JSON array".to_owned()),
        Value::Object(object) if tells_of_error(object) => {
            let message = json_message(&value, 4).unwrap_or_else(|| text.to_owned());
            (InsteadOfFeed::JsonError, format!("a JSON error that says \"{}\"", excerpt(&message, 120)))
        }
        _ => (InsteadOfFeed::Json, "a JSON document".to_owned()),
    })
}

/// Whether an object is an error: it says so by a member, by a status, or has little else than a message.
fn tells_of_error(object: &Map<String, Value>) -> bool {
    let says = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => !object.is_empty(),
        Value::Bool(true) => true,
        Value::Number(number) => number.as_i64() != Some(0),
    };
    let has = |keys: &[&str]| keys.iter().any(|key| object.get(*key).is_some_and(says));
    let is = |keys: &[&str], value: fn(&Value) -> bool| keys.iter().any(|key| object.get(*key).is_some_and(value));
    has(&["error", "errors", "error_description", "error_message", "errorMessage", "fault", "exception", "Error"])
        || is(&["success", "ok"], |value| *value == Value::Bool(false))
        || is(&["status", "result", "code"], |value| matches!(value.as_str(), Some("error" | "fail" | "failed")))
        || is(&["status", "code", "statusCode", "status_code"], |value| {
            value.as_u64().is_some_and(|status| (400..600).contains(&status))
        })
        || object.len() <= MAX_ERROR_MEMBERS && is(&["message", "detail", "msg", "Message"], Value::is_string)
}

/// The sentence for people in an error, wherever the service puts it.
fn json_message(value: &Value, depth: usize) -> Option<String> {
    const KEYS: [&str; 15] = [
        "error_description",
        "error_message",
        "errorMessage",
        "message",
        "Message",
        "detail",
        "msg",
        "reason",
        "error",
        "Error",
        "errors",
        "fault",
        "exception",
        "description",
        "title",
    ];
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Object(object) if depth > 0 => KEYS.iter().find_map(|key| json_message(object.get(*key)?, depth - 1)),
        Value::Array(list) if depth > 0 => json_message(list.first()?, depth - 1),
        _ => None,
    }
}

fn excerpt(text: &str, max: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= max {
        return one_line;
    }
    one_line.chars().take(max).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use crate::config::Identity;
    use crate::feed::{FeedBytes, parse};

    /// What a document says of itself that came with this `Content-Type`.
    #[track_caller]
    fn check_typed(content_type: &str, bytes: &[u8], class: &str, message: &str) {
        let url = Url::parse("https://example.org/feed").unwrap();
        let now = chrono::DateTime::UNIX_EPOCH;
        let input = FeedBytes {
            bytes,
            content_type: Some(content_type),
            url: Some(&url),
            identity: Identity::Auto,
            assume_timezone: None,
            now,
        };
        let error = parse(&input).expect_err("no feed");
        let class_without_prefix = error.class().as_str().trim_start_matches("not-a-feed:");
        assert_eq!((class_without_prefix, error.to_string().as_str()), (class, message));
    }

    #[track_caller]
    fn check(text: &str, class: &str, message: &str) {
        check_typed("", text.as_bytes(), class, message);
    }

    #[test]
    fn what_shows_nothing_is_empty() {
        for text in ["", " \n\t", "\u{FEFF}", "\u{FEFF}\r\n", "\0\0"] {
            check(text, "empty", "the document is empty");
        }
        check_typed("", b"\xFF\xFE", "empty", "the document is empty");
    }

    #[test]
    fn pages_are_named_by_kind_and_title() {
        check(
            "<!DOCTYPE html><html><title>A &amp; B</title>",
            "html-page",
            "not a feed but an HTML page titled \"A & B\"",
        );
        check(
            "<input type=password><title>Hi</title>",
            "xml",
            "not a feed but an XML document with the root element <input>",
        );
        check_typed(
            "text/html",
            b"<input type=password><title>Hi</title>",
            "login-page",
            "not a feed but a login page titled \"Hi\"",
        );
        check_typed("text/html", b"Sorry", "html-page", "not a feed but an HTML page");
        check_typed(
            "text/html",
            b"<meta charset=windows-1251><title>\xCF\xF0\xE8\xE2\xE5\xF2</title>",
            "html-page",
            "not a feed but an HTML page titled \"\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}\"",
        );
    }

    #[test]
    fn a_page_names_its_feeds() {
        let link = |href: &str| format!("<link rel=alternate type=application/rss+xml href='{href}'>");
        let page = |links: &str| format!("<html><head>{links}</head><body>x</body></html>");
        check(&page(&link("/a")), "html-page", "not a feed but an HTML page; it names the feed https://example.org/a");
        check(
            &page(&(link("/comments/feed") + &link("b") + &link("/c") + &link("/d") + &link("/e"))),
            "html-page",
            "not a feed but an HTML page; it names the feeds https://example.org/b, https://example.org/c, \
             https://example.org/d and 2 more",
        );
        check(&page(&link("/feed")), "html-page", "not a feed but an HTML page");
    }

    #[test]
    fn json_is_told_from_an_error_in_json() {
        let error = |text: &str, message: &str| {
            check(text, "json-error", &format!("not a feed but a JSON error that says \"{message}\""));
        };
        error("{\"error\":\"no such feed\"}", "no such feed");
        error("{\"message\":\"Not Found\",\"documentation_url\":\"x\"}", "Not Found");
        error("{\"errors\":[{\"status\":404,\"detail\":\"no\"}]}", "no");
        error("{\"error\":{\"code\":401,\"message\":\"who?\"}}", "who?");
        error("{\"type\":\"about:blank\",\"title\":\"Gone\",\"status\":410}", "Gone");
        error("{\"success\":false}", "{\"success\":false}");
        error(
            "{\"error\":\"no <rss><item><title>x</title></item></rss>\"}",
            "no <rss><item><title>x</title></item></rss>",
        );
        let json = |text: &str| check(text, "json", "not a feed but a JSON document");
        json("{\"error\":null,\"data\":[1]}");
        json("{\"errors\":[],\"status\":200}");
        json(&format!("{{\"message\":\"{}\"}}", "x".repeat(70_000)));
        check("[1]", "json", "not a feed but a JSON array");
        check("{{ title }}", "text", "not a feed but plain text that begins with \"{{ title }}\"");
    }

    #[test]
    fn other_xml_is_named_by_its_root() {
        let xml = |text: &str, was: &str| check(text, "xml", &format!("not a feed but {was}"));
        xml("<svg a='b'></svg>", "an SVG image <svg>");
        xml("<opml><head><title>x</title></head></opml>", "an OPML document, a list of feeds <opml>");
        xml("<urlset><url><loc>x</loc></url></urlset>", "a sitemap <urlset>");
        xml("<!-- <html> --><a:thing/>", "an XML document with the root element <thing>");
        xml(
            "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
            "an XML document with the root element <error> that says \"Access Denied\"",
        );
        xml(
            "<s:Envelope><s:Body><s:Fault><faultstring>no</faultstring></s:Fault></s:Body></s:Envelope>",
            "an XML document with the root element <envelope> that says \"no\"",
        );
        check_typed("text/xml", b"<a><b/></a>", "xml", "not a feed but an XML document with the root element <a>");
        check_typed("text/xml", b"<html><b/></html>", "html-page", "not a feed but an HTML page");
        check_typed("text/html", b"<opml></opml>", "xml", "not a feed but an OPML document, a list of feeds <opml>");
    }

    #[test]
    fn text_and_binary_data_are_told_apart() {
        check("<?xml version='1.0'?>", "xml", "not a feed but an XML document without elements");
        check_typed("application/json", b"null", "json", "not a feed but the JSON value null");
        check("Too many\nrequests", "text", "not a feed but plain text that begins with \"Too many requests\"");
        check("%PDF-1.4 \u{2026}", "binary", "not a feed but a PDF document");
        check_typed("application/rss+xml", b"RIFF\0\0\0\0WEBPVP8", "binary", "not a feed but a WebP image");
        check_typed("text/html", b"\x1F\x8B\x08", "binary", "not a feed but gzip data");
        check_typed("", &[1; 50], "binary", "not a feed but binary data");
    }
}
