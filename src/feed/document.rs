//! An XML document of any dialect → Atom with notes: finds the feed, its own elements and its entries.

use std::borrow::Cow;

use url::Url;

use super::allowance::Allowance;
use super::atom::{AtomLink, Normal};
use super::base::{absolute, base_of};
use super::construct::Untyped;
use super::entry::{self, Frame};
use super::xml::namespace::Space;
use super::xml::tree::{Element, Forest};
use super::{MAX_ENTRIES, construct};
use crate::model::feed::Cloud;

/// How deep below the top a feed is looked for.
const SEARCH_DEPTH: usize = 6;

/// Reads a forest; `None` when there is no feed in it.
pub(super) fn read(forest: &Forest<'_>, url: Option<&Url>) -> Option<Normal> {
    let root = forest.roots.iter().find_map(|root| find_feed(root, SEARCH_DEPTH))?;
    let is_atom = matches!(&*root.name, "feed" | "entry");
    let untyped = if is_atom { Untyped::Characters } else { Untyped::Guess };
    let mut normal = Normal::default();
    normal.notes.format = format_of(root);
    normal.notes.language = root.attribute("xml:lang").map(Cow::into_owned);

    let outer_base = base_of(root, url);
    // CDF's channel is the document, and may hold others.
    let channel = Some(root).filter(|root| root.name != "channel").and_then(|root| root.child(Space::Core, "channel"));
    let base = channel.map_or_else(|| outer_base.clone(), |channel| base_of(channel, outer_base.as_ref()));
    let channel = channel.unwrap_or(root);
    for child in channel.elements() {
        read_feed_element(&mut normal, child, untyped, base.as_ref());
    }
    if let Some(page) = channel.attribute("href").filter(|_| channel.name == "channel") {
        normal.head.link(&AtomLink { rel: "alternate", href: &absolute(&page, base.as_ref()), ..AtomLink::default() });
    }
    normal.notes.hints.update_period_seconds = update_period(channel);
    if !root.is_entry() {
        for child in root.elements().filter(|child| child.is(Space::Core, "link") && !std::ptr::eq(root, channel)) {
            read_feed_element(&mut normal, child, untyped, base.as_ref()); // RSS with its `atom:link` beside the channel.
        }
    }

    let mut entries = Vec::new();
    for root in &forest.roots {
        collect_entries(root, &mut entries);
    }
    let titles = || entries.iter().flat_map(|entry| entry.elements()).filter(|child| child.is(Space::Core, "title"));
    let untyped = match untyped {
        Untyped::Guess if titles().any(construct::is_escaped_once) => Untyped::GuessByTags,
        untyped => untyped,
    };
    let parts = Allowance::new();
    // RSS 1.0 has its items beside the channel; an entry that is the document is read with its own base.
    let base = match &*root.name {
        "rdf" => outer_base.as_ref(),
        "item" | "entry" => url,
        _ => base.as_ref(),
    };
    let base_is_guess = !is_atom && base == url;
    let frame = Frame { base, base_is_guess, untyped, parts: &parts };
    normal.entries = entries.into_iter().map(|element| entry::read(element, frame)).collect();
    if parts.is_spent() {
        normal
            .notes
            .warnings
            .push("the document is too large: it has too many authors, categories, links or files".to_owned());
    }
    if let Some(last) = normal.entries.last_mut() {
        last.notes.is_half = forest.is_last_entry_half;
    }
    normal.notes.breaks_off = forest.breaks_off;
    if forest.was_cut {
        normal.notes.warnings.push(format!("the document is too large: at most {MAX_ENTRIES} entries were read"));
    }
    Some(normal)
}

fn find_feed<'t, 'a>(element: &'t Element<'a>, depth: usize) -> Option<&'t Element<'a>> {
    if element.name == "html" {
        return find_wrapped_feed(element, depth);
    }
    let is_feed = match element.space {
        Space::Core => matches!(&*element.name, "rss" | "rdf" | "feed" | "channel" | "item" | "entry"),
        Space::Rdf | Space::Other => element.name == "rdf",
        _ => false,
    };
    if is_feed {
        return Some(element);
    }
    if depth == 0 {
        return None;
    }
    element.elements().find_map(|child| find_feed(child, depth - 1))
}

/// The feed that somebody wrapped into a page. A page about feeds has their elements too: in samples, scripts and text
/// fields, or without the document element that makes a feed of them.
fn find_wrapped_feed<'t, 'a>(element: &'t Element<'a>, depth: usize) -> Option<&'t Element<'a>> {
    let is_feed = match &*element.name {
        "rss" | "rdf" => true,
        "feed" => element.elements().any(Element::is_entry),
        _ => false,
    };
    if is_feed {
        return Some(element);
    }
    let is_sample = matches!(&*element.name, "script" | "style" | "textarea" | "pre" | "code" | "xmp" | "template");
    if is_sample || depth == 0 {
        return None;
    }
    element.elements().find_map(|child| find_wrapped_feed(child, depth - 1))
}

/// However deep: elements that were left open before an entry hold it.
fn collect_entries<'t, 'a>(element: &'t Element<'a>, entries: &mut Vec<&'t Element<'a>>) {
    if element.is_entry() {
        entries.push(element);
    } else {
        element.elements().for_each(|child| collect_entries(child, entries));
    }
}

/// `rss-2.0`, `rss-1.0`, `atom-0.3` …
fn format_of(root: &Element<'_>) -> String {
    let version = root.attribute("version").unwrap_or_default();
    let declares = |uri: &str| root.attribute("xmlns").is_some_and(|namespace| namespace.contains(uri));
    match &*root.name {
        "rdf" if declares("rdf/simple/0.9") => "rss-0.90".to_owned(),
        "rdf" => "rss-1.0".to_owned(),
        "feed" | "entry" if version == "0.3" || declares("purl.org/atom/ns") => "atom-0.3".to_owned(),
        "feed" | "entry" => "atom-1.0".to_owned(),
        "channel" if declares("rss1.1") => "rss-1.1".to_owned(),
        "channel" if root.attribute("href").is_some() || root.attribute("base").is_some() => "cdf".to_owned(),
        _ if version.is_empty() || version.len() > 8 => "rss".to_owned(),
        _ => format!("rss-{version}"),
    }
}

fn read_feed_element(normal: &mut Normal, child: &Element<'_>, untyped: Untyped, base: Option<&Url>) {
    let own_base = child.attribute("xml:base").and_then(|_| base_of(child, base));
    let base = own_base.as_ref().or(base);
    let notes = &mut normal.notes;
    match (child.space, &*child.name) {
        (Space::Core, "description" | "subtitle" | "tagline" | "abstract") => {
            normal.head.markup("subtitle", &construct::read(child, untyped));
        }
        (Space::Core, "image") => {
            if let Some(url) = child.child(Space::Core, "url") {
                notes.image_url.get_or_insert_with(|| absolute(&url.text(), base));
            }
        }
        (Space::Core, "logo" | "icon") => {
            let address = child.attribute("href").unwrap_or_else(|| child.text());
            notes.image_url.get_or_insert_with(|| absolute(&address, base));
        }
        (Space::Itunes, "image") => {
            if let Some(address) = child.attribute("href") {
                notes.image_url.get_or_insert_with(|| absolute(&address, base));
            }
        }
        (Space::Core, "cloud") => notes.hints.cloud = cloud(child),
        (Space::Core, "title") => normal.head.markup("title", &construct::read(child, untyped)),
        (Space::Core, "link") => read_feed_link(normal, child, base),
        (Space::Core | Space::DublinCore, "language") => {
            notes.language.get_or_insert_with(|| child.text().into_owned());
        }
        // RFC 4287 section 4.2.1: an entry without an author has its feed's. RSS has no such rule.
        (Space::Core, "author") => {
            if let Some(name) = child.elements().find(|part| part.name == "name") {
                normal.head.author(&name.text());
            }
        }
        (Space::Core, "ttl") => notes.hints.ttl_minutes = number(&child.text()),
        (Space::Core, "skiphours") => {
            let hours = child.elements().filter_map(|hour| number(&hour.text()));
            notes.hints.skip_hours = hours.filter(|hour| *hour <= 24).map(|hour: u8| hour % 24).take(24).collect();
        }
        (Space::Core, "skipdays") => {
            notes.hints.skip_days = child.elements().filter_map(|day| day_number(&day.text())).take(7).collect();
        }
        _ => {}
    }
}

fn read_feed_link(normal: &mut Normal, child: &Element<'_>, base: Option<&Url>) {
    let href = child.attribute("href").filter(|href| !href.is_empty());
    let (rel, href) = match &href {
        Some(href) => (child.attribute("rel").unwrap_or_default().to_ascii_lowercase(), absolute(href, base)),
        None => (String::new(), absolute(&child.text(), base)),
    };
    let rel = if rel.is_empty() { "alternate" } else { &rel };
    normal.head.link(&AtomLink {
        rel,
        href: &href,
        media_type: child.attribute("type").as_deref(),
        ..AtomLink::default()
    });
}

/// RSS 2.0's `cloud`: a service that tells of changes. Without all it needs to be called it is of no use.
fn cloud(element: &Element<'_>) -> Option<Cloud> {
    let text = |name| element.attribute(name).filter(|text| !text.is_empty()).map(Cow::into_owned);
    Some(Cloud {
        domain: text("domain")?,
        port: text("port").map_or(Some(80), |port| port.parse().ok())?,
        path: text("path").unwrap_or_else(|| "/".to_owned()),
        register_procedure: text("registerProcedure").unwrap_or_default(),
        protocol: text("protocol")?,
    })
}

/// A whole number; `1,440` is none that everybody reads alike, and `1 hour` none of minutes.
fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let unit = text[digits..].trim_start();
    let is_whole = unit.is_empty() || unit.starts_with("min") || unit.trim_matches(['.', '0']).is_empty();
    text[..digits].parse().ok().filter(|_| is_whole)
}

fn day_number(text: &str) -> Option<u8> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let text = text.trim().to_ascii_lowercase();
    (0..7).zip(DAYS).find(|(_, name)| text.starts_with(name)).map(|(number, _)| number)
}

/// `sy:updatePeriod` divided by `sy:updateFrequency`; the defaults are the module's: daily, once.
fn update_period(channel: &Element<'_>) -> Option<u64> {
    const DAY: u64 = 86_400;
    let text = |name| channel.child(Space::Syndication, name).map(Element::text);
    let (period, frequency) = (text("updateperiod"), text("updatefrequency"));
    if period.is_none() && frequency.is_none() {
        return None;
    }
    let period = match period.as_deref().unwrap_or("daily").to_ascii_lowercase().as_str() {
        "hourly" => 3_600,
        "daily" => DAY,
        "weekly" => 7 * DAY,
        "monthly" => 30 * DAY,
        "yearly" => 365 * DAY,
        _ => return None,
    };
    let frequency = frequency.and_then(|text| number::<u64>(&text)).unwrap_or(1);
    Some(period / frequency.max(1)).filter(|seconds| *seconds > 0)
}
