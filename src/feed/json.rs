//! JSON Feed 1.0 and 1.1 → Atom with notes. Lenient: numbers as ids, single values where lists belong, missing parts.

use serde_json::{Map, Value};
use url::Url;

use super::MAX_ENTRIES;
use super::atom::{AtomLink, Markup, Normal, NormalEnclosure, NormalEntry};
use super::construct;
use super::entry::absolute;
use super::media;
use super::xml::entity;

/// More values than this are not a feed; a parsed value takes 32 bytes and more.
const MAX_VALUES: usize = 1_000_000;
/// Nor are more objects: the smallest takes 600 bytes.
const MAX_OBJECTS: usize = 120_000;

/// Reads a JSON Feed. `None` when the text is no JSON object that could be one; an error when it should be and is broken.
pub(super) fn read(text: &str, url: Option<&Url>) -> Option<Result<Normal, String>> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').trim_end();
    if !text.starts_with('{') {
        return None;
    }
    let declares = text.contains("jsonfeed.org/version") || text.contains("\"items\"");
    if text.bytes().filter(|byte| *byte == b',').count() > MAX_VALUES || objects(text) > MAX_OBJECTS {
        return declares.then(|| Err("it has too many values".to_owned()));
    }
    let feed = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(feed)) => feed,
        Ok(_) => return None,
        Err(error) => return declares.then(|| Err(error.to_string())),
    };
    let version = string(&feed, "version").unwrap_or_default();
    let items = feed.get("items").and_then(Value::as_array);
    if !version.contains("jsonfeed.org/version") && items.is_none_or(|items| !items.iter().any(looks_like_item)) {
        return None;
    }
    Some(Ok(read_feed(&feed, &version, items.map_or(&[], Vec::as_slice), url)))
}

/// How many objects with something in them a JSON text holds. Inside a text the quote would be escaped.
fn objects(text: &str) -> usize {
    let is_object = |after: &&str| after.trim_ascii_start().starts_with('"');
    text.split('{').skip(1).filter(is_object).count()
}

fn looks_like_item(item: &Value) -> bool {
    ["id", "url", "content_html", "content_text", "date_published"].iter().any(|key| item.get(key).is_some())
}

fn read_feed(feed: &Map<String, Value>, version: &str, items: &[Value], url: Option<&Url>) -> Normal {
    let mut normal = Normal::default();
    let number = version.rsplit('/').next().filter(|number| !number.is_empty() && number.len() <= 4).unwrap_or("1");
    normal.notes.format = format!("json-feed-{}", if number == "1" { "1.0" } else { number });
    normal.notes.language = string(feed, "language");
    if let Some(title) = string(feed, "title") {
        normal.head.markup("title", &construct::guess(title));
    }
    normal.notes.image_url = string(feed, "icon").or_else(|| string(feed, "favicon")).map(|icon| absolute(&icon, url));
    if let Some(description) = string(feed, "description") {
        normal.head.markup("subtitle", &construct::guess(description));
    }
    let links = [("home_page_url", "alternate"), ("feed_url", "self"), ("next_url", "next")];
    for (key, rel) in links {
        if let Some(href) = string(feed, key) {
            normal.head.link(&AtomLink { rel, href: &absolute(&href, url), ..AtomLink::default() });
        }
    }
    for hub in list(feed.get("hubs")).filter(|hub| hub.get("type").is_none_or(|kind| kind != "rssCloud")) {
        if let Some(href) = hub.as_object().and_then(|hub| string(hub, "url")) {
            normal.head.link(&AtomLink { rel: "hub", href: &href, ..AtomLink::default() });
        }
    }
    for name in authors(feed) {
        normal.head.author(&name);
    }
    if items.len() > MAX_ENTRIES {
        normal.notes.warnings.push(format!("the document is too large: at most {MAX_ENTRIES} entries were read"));
    }
    let objects = items.iter().take(MAX_ENTRIES).filter_map(Value::as_object);
    normal.entries = objects.map(|item| read_item(item, url)).collect();
    let lost = items.len().min(MAX_ENTRIES) - normal.entries.len();
    if lost > 0 {
        normal.notes.warnings.push(format!("{lost} of the items are no objects"));
    }
    normal
}

fn read_item(item: &Map<String, Value>, url: Option<&Url>) -> NormalEntry {
    let mut entry = NormalEntry::default();
    let notes = &mut entry.notes;
    notes.base = url.cloned();
    notes.guid = string(item, "id");
    notes.link = string(item, "url").or_else(|| string(item, "external_url")).map(|link| absolute(&link, url));
    if notes.link.is_none() {
        // JSON Feed 1.0 recommends the permalink as id.
        notes.link = notes.guid.clone().filter(|guid| super::entry::is_http(guid));
    }
    notes.published = string(item, "date_published").into_iter().collect();
    notes.updated = string(item, "date_modified").into_iter().collect();

    let atom = &mut entry.atom;
    for name in authors(item) {
        atom.author(&name);
    }
    if let Some(title) = string(item, "title") {
        atom.markup("title", &construct::guess(title));
    }
    if let Some(summary) = string(item, "summary") {
        atom.markup("summary", &construct::guess(summary));
    }
    let html = string(item, "content_html").map(Markup::Html);
    if let Some(content) = html.or_else(|| string(item, "content_text").map(Markup::Text)) {
        atom.markup("content", &content);
    }
    for tag in list(item.get("tags")).filter_map(text) {
        atom.category(&tag, None, None);
    }
    if let (Some(external), Some(_)) = (string(item, "external_url"), string(item, "url")) {
        atom.link(&AtomLink { rel: "related", href: &absolute(&external, url), ..AtomLink::default() });
    }
    for attachment in list(item.get("attachments")).take(100).filter_map(Value::as_object) {
        if let Some(href) = string(attachment, "url") {
            entry.notes.enclosures.push(NormalEnclosure {
                href: absolute(&href, url),
                media_type: string(attachment, "mime_type"),
                length_bytes: attachment.get("size_in_bytes").and_then(Value::as_u64),
                duration_seconds: string(attachment, "duration_in_seconds").and_then(|text| media::seconds(&text)),
            });
        }
    }
    entry.notes.language = string(item, "language");
    let image = string(item, "image").or_else(|| string(item, "banner_image"));
    entry.notes.image_url = image.map(|image| absolute(&image, url));
    entry
}

/// `authors` of 1.1, else `author` of 1.0; a plain string is a name.
fn authors(holder: &Map<String, Value>) -> Vec<String> {
    let name = |author: &Value| match author {
        Value::Object(author) => string(author, "name").or_else(|| string(author, "url")),
        other => text(other),
    };
    let of = |key: &str| list(holder.get(key)).take(50).filter_map(name).collect::<Vec<_>>();
    let authors = of("authors");
    if authors.is_empty() { of("author") } else { authors }
}

/// The values of a list, or the one value where a list belongs.
fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let many = value.and_then(Value::as_array);
    let one = value.filter(|value| many.is_none() && !value.is_null());
    many.into_iter().flatten().chain(one)
}

fn string(holder: &Map<String, Value>, key: &str) -> Option<String> {
    holder.get(key).and_then(text)
}

/// A string, or a number as text; blank is nothing.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => entity::clean(text).trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{MAX_OBJECTS, objects, read};

    #[test]
    fn objects_are_counted_outside_of_texts() {
        assert_eq!(objects(r#"{"items": [{ "id": "{\"a\": {}}"}, {}]}"#), 2);
    }

    #[test]
    fn a_million_small_objects_are_refused() {
        let items = r#"{"id":1},"#.repeat(MAX_OBJECTS);
        let text = format!(r#"{{"version":"https://jsonfeed.org/version/1.1","items":[{items}{{}}]}}"#);
        assert!(matches!(read(&text, None), Some(Err(reason)) if reason.contains("too many values")));
    }
}
