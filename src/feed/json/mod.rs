//! JSON Feed 1.0 and 1.1 → Atom with notes, as tolerantly as XML is read.
//!
//! What is wrong with the JSON costs the smallest part that has it (see [`reader`]), what is wrong with an item that
//! item. `user_comment` and extensions (keys that begin with `_`) are for others, as the specification says.

mod item;
mod reader;
mod slip;
mod string;
mod value;
mod word;

use url::Url;

pub(super) use self::reader::read as read_value;
use self::slip::Slip;
pub(super) use self::value::{Document, Value};
use super::MAX_ENTRIES;
use super::allowance::{Allowance, MAX_PARTS};
use super::atom::{AtomLink, AtomWriter, Normal};
use super::base::absolute;
use super::construct::{self, Untyped, has_bare_ampersand};
use super::finish::warn;

/// Reads a JSON Feed; `None` when the text is none.
pub(super) fn read(text: &str, url: Option<&Url>) -> Option<Normal> {
    let document = read_value(text)?;
    let feed = document.root();
    let version = feed.text_of("version").unwrap_or_default();
    let declares = version.contains("jsonfeed.org/version");
    if !feed.is_object() || is_shown(&document) || !(declares || looks_like_feed(&document)) {
        return None;
    }
    let mut normal = Normal::default();
    let number = version.rsplit('/').find(|part| !part.is_empty() && part.len() <= 4 && declares).unwrap_or("1");
    normal.notes.format = format!("json-feed-{}", if number == "1" { "1.0" } else { number });
    normal.notes.language = feed.text_of("language");
    normal.notes.image_url = feed.first_of(&["icon", "favicon"]).and_then(Value::text).map(|icon| absolute(&icon, url));
    normal.notes.breaks_off = document.breaks_off();
    normal.notes.warnings = document.slips.warnings(text);
    read_head(&mut normal.head, feed, url);
    read_items(&mut normal, feed, url);
    if feed.text_of("expired").is_some_and(|expired| expired == "true") {
        warn(&mut normal.notes.warnings, || "the feed says that it is finished (`expired`)".to_owned());
    }
    if document.was_cut {
        warn(&mut normal.notes.warnings, || "the document is too large: it has too many values".to_owned());
    }
    Some(normal)
}

/// Whether the document is one that a page or a text shows, and not what was sent.
fn is_shown(document: &Document<'_>) -> bool {
    const MARKS: [&str; 9] = ["<!doctype", "<?xml", "<html", "<head", "<body", "<rss", "<feed", "<rdf", "<channel"];
    let before = document.before.to_ascii_lowercase();
    let is_element = before.ends_with(['[', ',']);
    let is_between = !document.after.is_empty() && document.slips.has(Slip::Before);
    is_element || is_between || MARKS.iter().any(|mark| before.contains(mark))
}

/// Whether a document that does not declare itself is a feed by what it holds.
fn looks_like_feed(document: &Document<'_>) -> bool {
    let has_any = |names: &'static [&str]| move |item: Value<'_, '_>| names.iter().any(|name| item.get(name).is_some());
    let feed = document.root();
    if !document.before.is_empty() {
        return false;
    }
    if let Some(items) = feed.get("items") {
        let is_item = has_any(&["id", "url", "content_html", "content_text", "date_published"]);
        return items.is_open() || items.children().any(is_item);
    }
    // Other documents have entries too.
    let is_entry = has_any(&["content_html", "content_text", "date_published"]);
    feed.get("entries").is_some_and(|entries| entries.children().any(is_entry))
}

/// Reads what a feed says of itself.
///
/// There is no place for the `url` and `avatar` of its authors.
fn read_head(head: &mut AtomWriter, feed: Value<'_, '_>, url: Option<&Url>) {
    if let Some(title) = feed.text_of("title") {
        head.markup("title", &construct::guess(title));
    }
    if let Some(description) = feed.text_of("description") {
        head.markup("subtitle", &construct::guess(description));
    }
    let links = [("home_page_url", "alternate"), ("feed_url", "self"), ("next_url", "next")];
    for (key, rel) in links {
        if let Some(href) = feed.text_of(key) {
            head.link(&AtomLink { rel, href: &absolute(&href, url), ..AtomLink::default() });
        }
    }
    let hubs = feed.get("hubs").into_iter().flat_map(Value::list).take(MAX_PARTS);
    for hub in hubs.filter(|hub| hub.text_of("type").is_none_or(|kind| !kind.eq_ignore_ascii_case("rssCloud"))) {
        if let Some(href) = hub.text_of("url").or_else(|| hub.text()) {
            head.link(&AtomLink { rel: "hub", href: &absolute(&href, url), ..AtomLink::default() });
        }
    }
    for name in item::authors(feed) {
        head.author(&name);
    }
}

/// Reads the items. One that is none is left out.
fn read_items(normal: &mut Normal, feed: Value<'_, '_>, url: Option<&Url>) {
    let (warnings, parts) = (&mut normal.notes.warnings, Allowance::new());
    // Of a key that is there twice, as some writers have it, the list with something in it.
    let longest =
        |key| feed.children().filter(move |list| list.key() == key).max_by_key(|list| list.children().count());
    let Some(items) = longest("items").or_else(|| longest("entries")) else { return };
    // A lone item where the list belongs, or a list that became a map on its way through PHP.
    let is_lone = items.is_object() && items.first_of(&["id", "url", "content_html", "content_text"]).is_some();
    let (lone, listed) = (Some(items).filter(|_| is_lone), items.children().filter(|_| !is_lone));
    // Titles are plain text (JSON Feed 1.1), and yet many publishers escape them; those have no bare ampersand.
    let is_plain =
        items.children().filter_map(|item| item.text_of("title")).any(|title| has_bare_ampersand(&title, "&"));
    let untyped = if is_plain { Untyped::GuessByTags } else { Untyped::Guess };
    for (number, item) in lone.into_iter().chain(listed).enumerate().map(|(index, item)| (index + 1, item)) {
        if number > MAX_ENTRIES {
            warn(warnings, || format!("the document is too large: at most {MAX_ENTRIES} entries were read"));
            break;
        }
        if !item.is_object() {
            warn(warnings, || format!("item {number} is left out: it is {}, no object", item.kind()));
        } else if item.children().all(Value::is_null) {
            warn(warnings, || format!("item {number} is left out: it is empty"));
        } else {
            normal.entries.push(item::read(item, url, untyped, &parts));
        }
    }
}
