//! What a document is that is no feed, in words for the operator.

use super::xml::entity;
use super::{FeedError, clip, json};

/// Says what `text` is instead of a feed. `bytes` are its bytes before decoding.
pub(super) fn describe(text: &str, bytes: &[u8]) -> FeedError {
    let head = clip(text, 64 * 1024);
    let trimmed = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\0');
    if trimmed.is_empty() {
        return FeedError::Empty;
    }
    let was = if let Some(kind) = binary_kind(bytes) {
        kind.to_owned()
    } else if let Some(object) = json_kind(text) {
        object
    } else if is_html(trimmed) {
        html_page(trimmed)
    } else if trimmed.starts_with('<') {
        match root_name(trimmed) {
            Some(name) => format!("an XML document with the root element <{name}>"),
            None => "markup without an element".to_owned(),
        }
    } else if text.chars().take(1000).filter(|c| *c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace())).count()
        > 20
    {
        "binary data".to_owned()
    } else {
        format!("plain text that begins with \"{}\"", excerpt(trimmed, 60))
    };
    FeedError::NotAFeed { was }
}

fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG image"),
        (b"\xFF\xD8\xFF", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"%PDF-", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1F\x8B", "gzip data"),
        (b"ID3", "an MP3 file"),
    ];
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
}

fn json_kind(text: &str) -> Option<String> {
    let document = json::read_value(text).filter(json::Document::is_json)?;
    let root = document.root();
    let kind = if root.is_array() { "a JSON array" } else { "a JSON document" };
    if document.breaks_off() {
        return Some(format!("{kind} that breaks off"));
    }
    Some(match json_message(root, 3) {
        Some(message) if root.is_object() => format!("{kind} that says \"{}\"", excerpt(&message, 120)),
        _ => kind.to_owned(),
    })
}

/// What a JSON value says to people: itself, or what is said in it.
fn json_message(value: json::Value<'_, '_>, depth: usize) -> Option<String> {
    const NAMES: [&str; 6] = ["error_description", "message", "detail", "error", "errors", "title"];
    if let Some(text) = value.text() {
        return Some(text);
    }
    let depth = depth.checked_sub(1)?;
    if value.is_array() {
        return value.children().find_map(|element| json_message(element, depth));
    }
    NAMES.into_iter().filter_map(|name| value.get(name)).find_map(|found| json_message(found, depth))
}

fn is_html(head: &str) -> bool {
    let start = clip(head, 2048).to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<title", "<script", "<meta "].iter().any(|mark| start.contains(mark))
}

fn html_page(head: &str) -> String {
    let lower = head.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|at| {
        let open = at + lower[at..].find('>')? + 1;
        let close = open + lower[open..].find("</title")?;
        let title = entity::resolve(&head[open..close]).split_whitespace().collect::<Vec<_>>().join(" ");
        (!title.is_empty()).then_some(title)
    });
    let kind = if lower.contains("type=\"password\"") || lower.contains("type='password'") {
        "a login page"
    } else {
        "an HTML page"
    };
    match title {
        Some(title) => format!("{kind} titled \"{}\"", excerpt(&title, 120)),
        None => kind.to_owned(),
    }
}

fn root_name(head: &str) -> Option<&str> {
    let start = head
        .match_indices('<')
        .map(|(at, _)| &head[at + 1..])
        .find(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let len = start.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
    Some(clip(&start[..len], 40)).filter(|name| name.is_ascii())
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
    use super::describe;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(describe(text, text.as_bytes()).to_string(), expected);
    }

    #[test]
    fn what_is_no_feed_is_named() {
        check(" \n", "the document is empty");
        check("<!DOCTYPE html><html><title>A &amp; B</title>", "not a feed but an HTML page titled \"A & B\"");
        check("<html><title>Hi</title><input type=\"password\">", "not a feed but a login page titled \"Hi\"");
        check("{\"error\":\"no such feed\"}", "not a feed but a JSON document that says \"no such feed\"");
        check("[1]", "not a feed but a JSON array");
        check("%PDF-1.4 …", "not a feed but a PDF document");
        check("<svg a='b'></svg>", "not a feed but an XML document with the root element <svg>");
        check(&format!("<a{} b='c'>", "é".repeat(40)), "not a feed but markup without an element");
        check("Too many\nrequests", "not a feed but plain text that begins with \"Too many requests\"");
    }
}
