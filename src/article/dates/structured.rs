//! Claims in formats for machines: JSON-LD, the URL, the feed's entry, the HTTP header.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde_json::Value;
use url::Url;

use super::Claims;
use crate::model::date::{DateField, DateSource, Precision, When, Zone};
use crate::phrase::{self, Setting, Unreadable};

/// JSON-LD nests no deeper than this where article nodes are.
const DEEPEST: usize = 6;
/// Pages list thousands of teasers as nodes; the article's own is among the first.
const MOST_NODES: usize = 200;

/// A value as machines write it: ISO 8601, RFC 822, seconds or milliseconds since 1970, or else any phrase.
pub(super) fn machine_value(raw: &str, setting: &Setting<'_>) -> Result<When, Unreadable> {
    if (10..=13).contains(&raw.len()) && raw.bytes().all(|byte| byte.is_ascii_digit()) {
        return raw.parse().ok().and_then(epoch).ok_or(Unreadable::NotADate);
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(raw) {
        return Ok(instant(at));
    }
    // Templates append a second date or a name: `2015-03-05T10:20:00Z,2015-…`.
    phrase::explain(raw, setting)
}

/// Seconds or milliseconds since 1970, as scripts write them; `None` outside 1990 to 2100.
pub(super) fn epoch(number: i64) -> Option<When> {
    let seconds = if number > 99_999_999_999 { number / 1000 } else { number };
    (631_152_000..4_102_444_800).contains(&seconds).then_some(())?;
    DateTime::from_timestamp(seconds, 0).map(|at| instant(at.fixed_offset()))
}

fn instant(at: DateTime<FixedOffset>) -> When {
    When { at, earliest: at.to_utc(), latest: at.to_utc(), precision: Precision::Second, zone: Zone::Stated }
}

/// The dates of the JSON-LD node that describes this page's article.
pub(super) fn json_ld(claims: &mut Claims<'_>) {
    let mut nodes = Vec::new();
    for block in claims.page.json_ld {
        dated_nodes(block, DEEPEST, &mut nodes);
    }
    // The page's own article, by its address; else the first article; else the page itself.
    let own = |node: &&Value| is_this_page(node, claims.page.url);
    let article = |node: &&Value| kind(node) == NodeKind::Article;
    let best = nodes
        .iter()
        .copied()
        .find(|node| article(node) && own(node))
        .or_else(|| nodes.iter().copied().find(article))
        .or_else(|| nodes.iter().copied().find(own))
        .or_else(|| nodes.first().copied());
    let Some(best) = best else { return };
    add_node(claims, best);
    // The page's node beside the article's may hold what that lacks.
    if let Some(page) = nodes.iter().copied().find(|node| !std::ptr::eq(*node, best) && kind(node) == NodeKind::Page) {
        add_node(claims, page);
    }
}

fn add_node(claims: &mut Claims<'_>, node: &Value) {
    for (key, field) in [
        ("datePublished", DateField::Published),
        ("dateModified", DateField::Updated),
        ("dateCreated", DateField::Published),
        ("uploadDate", DateField::Published),
    ] {
        match node.get(key) {
            Some(Value::String(text)) => claims.add_text(field, DateSource::JsonLd, key, text),
            Some(Value::Number(number)) => claims.add_text(field, DateSource::JsonLd, key, &number.to_string()),
            Some(Value::Array(values)) => {
                if let Some(text) = values.iter().find_map(Value::as_str) {
                    claims.add_text(field, DateSource::JsonLd, key, text);
                }
            }
            Some(Value::Object(typed)) => {
                if let Some(text) = typed.get("@value").and_then(Value::as_str) {
                    claims.add_text(field, DateSource::JsonLd, key, text);
                }
            }
            _ => {}
        }
    }
}

/// The nodes with dates, outermost first. Lists of other items, comments and parts are not looked into.
fn dated_nodes<'v>(value: &'v Value, deep: usize, found: &mut Vec<&'v Value>) {
    if deep == 0 || found.len() >= MOST_NODES {
        return;
    }
    match value {
        Value::Array(values) => values.iter().take(MOST_NODES).for_each(|value| dated_nodes(value, deep - 1, found)),
        Value::Object(node) => {
            if kind(value) != NodeKind::Other
                && ["datePublished", "dateModified", "dateCreated", "uploadDate"]
                    .iter()
                    .any(|key| node.contains_key(*key))
            {
                found.push(value);
            }
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "article", "review"] {
                if let Some(inner) = node.get(key) {
                    dated_nodes(inner, deep - 1, found);
                }
            }
        }
        _ => {}
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NodeKind {
    Article,
    Page,
    Other,
}

fn kind(node: &Value) -> NodeKind {
    let names: Vec<&str> = match node.get("@type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => return NodeKind::Page,
    };
    let is = |endings: &[&str]| names.iter().any(|name| endings.iter().any(|ending| name.ends_with(ending)));
    if is(&["Article", "Posting", "Report", "CreativeWork", "Review", "Recipe", "PodcastEpisode"]) {
        NodeKind::Article
    } else if is(&[
        "Comment",
        "Person",
        "Organization",
        "Product",
        "ImageObject",
        "Event",
        "Answer",
        "Dataset",
        "WebSite",
    ]) {
        NodeKind::Other
    } else {
        NodeKind::Page
    }
}

fn is_this_page(node: &Value, url: &Url) -> bool {
    let same = |text: &str| {
        Url::options().base_url(Some(url)).parse(text).is_ok_and(|other| {
            other.host_str() == url.host_str() && other.path().trim_end_matches('/') == url.path().trim_end_matches('/')
        })
    };
    ["url", "@id", "mainEntityOfPage"].iter().any(|key| match node.get(*key) {
        Some(Value::String(text)) => same(text),
        Some(Value::Object(inner)) => inner.get("@id").and_then(Value::as_str).is_some_and(same),
        _ => false,
    })
}

/// The day that an address states.
pub(super) fn day_of(url: &Url) -> Option<NaiveDate> {
    day_in(url.path()).map(|(day, _)| day)
}

/// A day in the URL's path: `/2015/03/05/`, `/2015-03-05-title`, `/20150305/`, `/05-03-2015`.
pub(super) fn url(claims: &mut Claims<'_>) {
    let path = claims.page.url.path().to_owned();
    let Some((date, raw)) = day_in(&path) else { return };
    let when = phrase::explain(&date.format("%Y-%m-%d").to_string(), &claims.page.setting());
    claims.add(DateField::Published, DateSource::Url, None, raw, when);
}

fn day_in(path: &str) -> Option<(NaiveDate, &str)> {
    let bytes = path.as_bytes();
    let digits = |from: usize, length: usize| -> Option<u32> {
        let part = bytes.get(from..from + length)?;
        part.iter()
            .all(u8::is_ascii_digit)
            .then(|| part.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
    };
    let ends = |at: usize| !bytes.get(at).is_some_and(u8::is_ascii_digit);
    let starts = |at: usize| at > 0 && !bytes[at - 1].is_ascii_digit();
    let backwards = |at: usize| {
        let is_dash = |at: usize| bytes.get(at) == Some(&b'-');
        let (day, month, year) = (digits(at, 2)?, digits(at + 3, 2)?, digits(at + 6, 4)?);
        let is_day = is_dash(at + 2) && is_dash(at + 5) && ends(at + 10) && (1995..2100).contains(&year) && day > 12;
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|_| is_day)?;
        path.get(at..at + 10).map(|raw| (date, raw))
    };
    (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit() && starts(*at)).find_map(|at| {
        if let Some(found) = backwards(at) {
            return Some(found);
        }
        let year = digits(at, 4).filter(|year| (1995..2100).contains(year))?;
        let (month, day, end) = match bytes.get(at + 4)? {
            separator @ (b'/' | b'-' | b'_' | b'.') => {
                let month_digits = if ends(at + 6) { 1 } else { 2 };
                let month = digits(at + 5, month_digits)?;
                let day_at = at + 5 + month_digits + 1;
                // `/2023-04/28/` separates the day in its own way.
                if !matches!(bytes.get(day_at - 1), Some(b'/' | b'-' | b'_' | b'.'))
                    || separator == &b'.' && bytes[day_at - 1] != b'.'
                {
                    return None;
                }
                let day_digits = if ends(day_at + 1) { 1 } else { 2 };
                (month, digits(day_at, day_digits)?, day_at + day_digits)
            }
            _ => (digits(at + 4, 2)?, digits(at + 6, 2)?, at + 8),
        };
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|_| ends(end))?;
        path.get(at..end).map(|raw| (date, raw))
    })
}

/// What the feed said.
pub(super) fn entry(claims: &mut Claims<'_>) {
    let Some(entry) = claims.page.entry else { return };
    for (field, date) in [(DateField::Published, &entry.published), (DateField::Updated, &entry.updated)] {
        let Some(date) = date else { continue };
        let when = if date.has_time {
            let offset = date.offset_seconds.and_then(FixedOffset::east_opt);
            let at = offset.map_or_else(|| date.at.fixed_offset(), |offset| date.at.with_timezone(&offset));
            let zone = if offset.is_some() { Zone::Stated } else { Zone::Assumed };
            Ok(When { zone, ..instant(at) })
        } else {
            phrase::explain(&date.raw, &claims.page.setting())
                .or_else(|_| phrase::explain(&date.at.format("%Y-%m-%d").to_string(), &claims.page.setting()))
        };
        claims.add(field, DateSource::Feed, None, &date.raw, when);
    }
}

/// When the server's file changed: as often the time of the fetch as of the article.
pub(super) fn last_modified(claims: &mut Claims<'_>) {
    if let Some(raw) = claims.page.last_modified {
        let when = DateTime::parse_from_rfc2822(raw.trim())
            .map_or(Err(Unreadable::NotADate), |at: DateTime<FixedOffset>| {
                Ok(instant(at.with_timezone(&Utc).fixed_offset()))
            });
        claims.add(DateField::Updated, DateSource::Http, Some("Last-Modified"), raw, when);
    }
}
