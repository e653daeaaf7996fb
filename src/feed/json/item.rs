//! One item of a JSON Feed → Atom with notes.

use url::Url;

use super::value::{Kind, Value};
use crate::feed::allowance::{Allowance, MAX_PARTS};
use crate::feed::atom::{AtomLink, Markup, NormalEnclosure, NormalEntry};
use crate::feed::base::{absolute, is_http};
use crate::feed::construct::{self, Untyped};
use crate::feed::entry::person_name;
use crate::feed::media;

/// Reads an item. Nothing in it is required.
///
/// There is no place for the `url` and `avatar` of its authors, and the `title` of its attachments.
pub(super) fn read(item: Value<'_, '_>, url: Option<&Url>, untyped: Untyped, parts: &Allowance) -> NormalEntry {
    let mut entry = NormalEntry::default();
    let notes = &mut entry.notes;
    notes.base = url.cloned();
    notes.base_is_guess = true;
    notes.guid = item.text_of("id").or_else(|| item.text_of("guid")).or_else(|| map_key(item));
    // The page of the item itself; JSON Feed 1.0 recommends it as the id. What the item is about comes last.
    let own = item.text_of("url").or_else(|| notes.guid.clone().filter(|guid| is_http(guid)));
    let external = item.text_of("external_url").map(|link| absolute(&link, url));
    notes.link = own.map(|link| absolute(&link, url));
    let related =
        external.as_ref().filter(|external| notes.link.as_ref().is_some_and(|link| link != *external)).cloned();
    notes.link = notes.link.take().or(external);
    notes.published = dates(item, &["date_published", "published", "pub_date", "date"]);
    notes.image_url =
        item.first_of(&["image", "banner_image"]).and_then(Value::text).map(|image| absolute(&image, url));
    notes.language = item.text_of("language");
    notes.is_half = item.is_open();
    notes.updated = dates(item, &["date_modified", "date_updated", "modified", "updated"]);

    let atom = &mut entry.atom;
    for name in authors(item).into_iter().take_while(|_| parts.take()) {
        atom.author(&name);
    }
    for element in ["title", "summary"] {
        if let Some(text) = item.text_of(element) {
            atom.markup(element, &construct::guess_as(text, untyped));
        }
    }
    let html = item.text_of("content_html").map(Markup::Html);
    let content = html.or_else(|| item.text_of("content_text").map(Markup::Text));
    if let Some(content) = content.or_else(|| item.text_of("content").map(construct::guess)) {
        atom.markup("content", &content);
    }
    for tag in tags(item).into_iter().take_while(|_| parts.take()) {
        atom.category(&tag, None, None);
    }
    if let Some(href) = related {
        atom.link(&AtomLink { rel: "related", href: &href, ..AtomLink::default() });
    }
    for attachment in item.get("attachments").into_iter().flat_map(Value::list).take(MAX_PARTS) {
        let text = |names: &[&str]| attachment.first_of(names).and_then(Value::text);
        if let Some(href) = text(&["url", "href"]).or_else(|| attachment.text()).filter(|_| parts.take()) {
            notes.enclosures.push(NormalEnclosure {
                href: absolute(&href, url),
                media_type: text(&["mime_type", "type"]),
                length_bytes: text(&["size_in_bytes", "length", "size"]).and_then(|size| bytes(&size)),
                duration_seconds: text(&["duration_in_seconds", "duration"]).and_then(|text| media::seconds(&text)),
            });
        }
    }
    entry
}

/// `authors` of 1.1, else `author` of 1.0. A plain text is a person as RSS has them: a name, an address, or both.
pub(super) fn authors(holder: Value<'_, '_>) -> Vec<String> {
    let person = |author: Value<'_, '_>| Some(person_name(&author.text()?).to_owned());
    let name =
        |author: Value<'_, '_>| author.text_of("name").or_else(|| author.text_of("url")).or_else(|| person(author));
    let of = |key: &str| holder.get(key).into_iter().flat_map(Value::list).take(MAX_PARTS).filter_map(name).collect();
    let authors: Vec<String> = of("authors");
    if authors.is_empty() { of("author") } else { authors }
}

/// The tags of a list, or of a text with commas between; an object is its name.
fn tags(item: Value<'_, '_>) -> Vec<String> {
    let Some(tags) = item.first_of(&["tags", "categories"]) else { return Vec::new() };
    let name = |tag: Value<'_, '_>| tag.text().or_else(|| tag.first_of(&["name", "term", "label", "title"])?.text());
    match tags.kind() {
        Kind::Text(text) => text.split(',').map(|tag| tag.trim().to_owned()).take(MAX_PARTS).collect(),
        _ => tags.list().filter_map(name).take(MAX_PARTS).collect(),
    }
}

/// The key of an item in a map of items, unless it only counts them.
fn map_key(item: Value<'_, '_>) -> Option<String> {
    let key = item.key().trim();
    let is_name = key.contains(|c: char| !c.is_ascii_digit()) && !matches!(key, "items" | "entries");
    is_name.then(|| key.to_owned())
}

/// The dates under these names, as texts.
fn dates(item: Value<'_, '_>, names: &[&str]) -> Vec<String> {
    names.iter().filter_map(|name| item.text_of(name)).collect()
}

/// A count of bytes, also one that is written as a text or a floating-point number.
fn bytes(text: &str) -> Option<u64> {
    let whole = text.split('.').next().unwrap_or_default();
    whole.replace([',', ' '], "").parse().ok().filter(|bytes| *bytes > 0)
}
