//! feed-rs's model with the notes → [`ParsedFeed`]: plain titles, sanitised bodies, absolute links, dates with their text.

use feed_rs::model::{Entry, Feed, Link, Person, Text};
use url::Url;

use super::atom::{EntryNotes, FeedNotes, NormalEnclosure, NormalSource};
use super::clip;
use super::date::{self, Reading};
use super::xml::html::escape_into;
use crate::html;
use crate::model::article::{LinkKind, RelatedLink};
use crate::model::feed::{Category, Enclosure, EntryDate, EntrySource, ParsedEntry, ParsedFeed};
use crate::phrase;

/// Longest title, name or category in bytes; the rest is cut off.
const MAX_LINE: usize = 4 * 1024;
/// Longest name of a person in bytes.
const MAX_NAME: usize = 256;
/// More people than this are not the authors of one entry.
const MAX_NAMES: usize = 50;
/// Nor of each entry of a feed: what every entry takes over must be little, or a small document becomes a large one.
const MAX_INHERITED_NAMES: usize = 10;
/// Longest body of an entry in bytes.
const MAX_BODY: usize = 2 * 1024 * 1024;
/// More warnings than this say nothing new.
const MAX_WARNINGS: usize = 20;

/// Adds `warning` unless there are more than enough, which [`enough`] says.
pub(super) fn warn(warnings: &mut Vec<String>, warning: impl FnOnce() -> String) {
    if warnings.len() <= MAX_WARNINGS {
        warnings.push(warning());
    }
}

/// Says of warnings that were left out that there were some.
pub(super) fn enough(warnings: &mut Vec<String>) {
    if warnings.len() > MAX_WARNINGS {
        warnings.truncate(MAX_WARNINGS);
        warnings.push("there is more to warn of, which is left out".to_owned());
    }
}

/// The feed's own part.
pub(super) fn feed(feed: &Feed, notes: FeedNotes) -> ParsedFeed {
    let link = |rel: &str| feed.links.iter().find(|link| link.rel.as_deref() == Some(rel)).and_then(http_url);
    let is_page = |link: &&Link| {
        let kind = link.media_type.as_deref().unwrap_or("text/html");
        link.rel.as_deref() == Some("alternate") && kind.contains("html")
    };
    ParsedFeed {
        format: notes.format,
        title: feed.title.as_ref().and_then(plain),
        description: feed.description.as_ref().and_then(plain),
        site_url: feed.links.iter().find(is_page).and_then(http_url),
        self_url: link("self"),
        hub: link("hub"),
        next_page: link("next").or_else(|| link("prev-archive")),
        language: notes.language.and_then(|language| tag(&language)),
        image_url: notes.image_url.and_then(|image| parse_http(&image)),
        hints: notes.hints,
        entries: Vec::new(),
        breaks_off: notes.breaks_off,
        warnings: notes.warnings,
    }
}

/// One entry; its key is given later, when all are known.
pub(super) fn entry(
    entry: &Entry,
    notes: EntryNotes,
    feed: &Feed,
    dates: &phrase::Setting<'_>,
    work: &mut usize,
    warnings: &mut Vec<String>,
) -> ParsedEntry {
    let link_text = notes.link.filter(|link| {
        let reason = match () {
            () if link.len() > MAX_LINE => "it is too long",
            () if is_program(link) => "it leads nowhere",
            () => return !link.is_empty(),
        };
        warn(warnings, || format!("the link `{}` is not used: {reason}", clip(link, 100)));
        false
    });
    let base = notes.base.as_ref();
    let language = notes.language.and_then(|language| tag(&language));
    let dates = phrase::Setting { language: language.as_deref().or(dates.language), ..*dates };
    let authors = if entry.authors.is_empty() {
        names(&feed.authors, MAX_INHERITED_NAMES)
    } else {
        names(&entry.authors, MAX_NAMES)
    };
    let rel = |wanted: &'static str| entry.links.iter().filter(move |link| link.rel.as_deref() == Some(wanted));
    let related = |kind: &'static str| {
        rel(kind).filter_map(move |link| {
            let title =
                link.title.as_deref().map(|title| fold(clip(title, MAX_LINE))).filter(|title| !title.is_empty());
            Some(RelatedLink { kind: LinkKind::Feed, label: Some(kind.to_owned()), title, url: http_url(link)? })
        })
    };
    let mut body = |content: &str, is_plain: bool, base: Option<&Url>| {
        if content.trim().len() > MAX_BODY {
            warn(warnings, || format!("a body is cut after {MAX_BODY} bytes"));
        }
        body(content, is_plain, base, work).unwrap_or_else(|text| {
            let warning = "a body is kept as text: it is nested too deep, or too much work";
            warn(warnings, || warning.to_owned());
            text
        })
    };
    let summary_base = notes.summary_base.as_ref().or(base);
    let summary = entry.summary.as_ref().and_then(|text| body(&text.content, is_plain(text), summary_base));
    let content_base = notes.content_base.as_ref().or(base);
    let content = entry
        .content
        .as_ref()
        .and_then(|content| body(content.body.as_deref()?, content.content_type.subty() == "plain", content_base));
    ParsedEntry {
        key: String::new(),
        url: link_text.as_deref().filter(|_| !notes.link_is_id).and_then(|link| Url::parse(link).ok()).filter(is_http),
        link_text,
        title: entry.title.as_ref().and_then(plain),
        authors,
        published: first_date(&notes.published, &dates, warnings),
        updated: first_date(&notes.updated, &dates, warnings),
        summary,
        content,
        categories: entry.categories.iter().take(100).filter_map(category).collect(),
        enclosures: notes.enclosures.into_iter().filter_map(enclosure).collect(),
        related: related("related").chain(related("via")).collect(),
        guid: notes.guid.map(|guid| clip(&guid, MAX_LINE).to_owned()),
        comments_url: notes.comments_url.and_then(|comments| parse_http(&comments)),
        image_url: notes.image_url.and_then(|image| parse_http(&image)),
        language,
        source: notes.source.and_then(source),
        season: notes.season,
        episode: notes.episode,
        is_half: notes.is_half,
    }
}

fn first_date(texts: &[String], setting: &phrase::Setting<'_>, warnings: &mut Vec<String>) -> Option<EntryDate> {
    texts.iter().find_map(|text| match date::read(text, setting) {
        Ok(Reading { date, doubt }) => {
            if let Some(reason) = doubt {
                warn(warnings, || format!("the date `{}` may be wrong: {reason}", clip(text, 100)));
            }
            Some(date)
        }
        Err(reason) => {
            warn(warnings, || format!("the date `{}` is not used: {reason}", clip(text, 100)));
            None
        }
    })
}

fn is_plain(text: &Text) -> bool {
    text.content_type.subty() == "plain"
}

/// One line of plain text; `None` when nothing is left.
fn plain(text: &Text) -> Option<String> {
    let content = clip(&text.content, 4 * MAX_LINE);
    let line = if is_plain(text) { fold(content) } else { html::plain_text(content) };
    let line = clip(&line, MAX_LINE).trim();
    (!line.is_empty()).then(|| line.to_owned())
}

/// Words with one space between; control characters are no part of them.
fn fold(text: &str) -> String {
    let is_space = |c: char| c.is_whitespace() || c.is_control();
    text.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Sanitised HTML; `None` when nothing is left. The error is its bare text, where it is more than the `work` left.
fn body(content: &str, is_plain: bool, base: Option<&Url>, work: &mut usize) -> Result<Option<String>, Option<String>> {
    let content = clip(content.trim(), MAX_BODY);
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let safe = if is_plain || !content.contains(['<', '&']) {
        let mut escaped = String::with_capacity(content.len());
        // Markup has one kind of line end, and a carriage return that is written into it is read as a line feed.
        let content = content.replace("\r\n", "\n").replace('\r', "\n");
        content.split(is_control).for_each(|part| escape_into(&mut escaped, part));
        paragraphs(escaped)
    } else {
        match html::sanitize_within(content, base, work) {
            Some(safe) => safe,
            None => return Err(not_blank(html::bare_text(content))),
        }
    };
    Ok(not_blank(safe))
}

/// Plain text with empty lines between its paragraphs as markup that keeps them.
fn paragraphs(escaped: String) -> String {
    let is_break = |text: &str| text.contains("\n\n") || text.contains("\n \n");
    if !is_break(&escaped) {
        return escaped;
    }
    let mut markup = String::with_capacity(escaped.len() + 64);
    let mut paragraph = String::new();
    for line in escaped.lines().chain([""]) {
        if !line.trim().is_empty() {
            paragraph.push_str(if paragraph.is_empty() { "" } else { "\n" });
            paragraph.push_str(line);
        } else if !paragraph.is_empty() {
            markup.push_str("<p>");
            markup.push_str(&paragraph);
            markup.push_str("</p>");
            paragraph.clear();
        }
    }
    markup
}

fn not_blank(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

fn names(persons: &[Person], most: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for person in persons.iter().take(most) {
        let name = person.name.as_deref().or(person.email.as_deref()).unwrap_or_default();
        let name = fold(clip(name, MAX_NAME));
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// `None` when nothing of it is left in one line.
fn category(category: &feed_rs::model::Category) -> Option<Category> {
    let line = |text: &str| Some(fold(clip(text, MAX_LINE))).filter(|text| !text.is_empty());
    Some(Category {
        term: line(&category.term)?,
        scheme: category.scheme.as_deref().map(|scheme| clip(scheme, MAX_LINE).to_owned()),
        label: category.label.as_deref().and_then(line),
    })
}

fn enclosure(file: NormalEnclosure) -> Option<Enclosure> {
    Some(Enclosure {
        url: parse_http(&file.href)?,
        media_type: file.media_type.map(|media_type| fold(clip(&media_type, 200))).filter(|text| !text.is_empty()),
        length_bytes: file.length_bytes,
        duration_seconds: file.duration_seconds,
    })
}

fn source(source: NormalSource) -> Option<EntrySource> {
    let title = source.title.map(|title| fold(clip(&title, MAX_LINE)));
    let source = EntrySource {
        title: title.filter(|title| !title.is_empty()),
        url: source.url.and_then(|address| parse_http(&address)),
    };
    (source.title.is_some() || source.url.is_some()).then_some(source)
}

/// A language tag: what is not made of letters, digits and hyphens is none.
fn tag(text: &str) -> Option<String> {
    let text = text.trim();
    let is_tag = (2..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_tag.then(|| text.to_owned())
}

fn http_url(link: &Link) -> Option<Url> {
    parse_http(&link.href)
}

fn parse_http(address: &str) -> Option<Url> {
    Url::parse(address.trim()).ok().filter(is_http)
}

/// Whether an address is no place but something that a browser would run or show.
fn is_program(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "javascript" | "vbscript" | "data"))
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.as_str().len() <= 8 * 1024
}
