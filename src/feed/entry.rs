//! One `item` or `entry` of any dialect → Atom with notes.

use std::borrow::Cow;

use url::Url;

use super::allowance::{Allowance, MAX_PARTS};
use super::atom::{AtomLink, Markup, NormalEntry, NormalSource};
use super::base::{absolute, base_of, is_http};
use super::construct;
use super::media::Media;
use super::xml::html::Links;
use super::xml::namespace::Space;
use super::xml::tree::Element;

/// What an entry takes over from its feed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) base: Option<&'a Url>,
    /// As [`EntryNotes::base_is_guess`](super::atom::EntryNotes::base_is_guess).
    pub(super) base_is_guess: bool,
    pub(super) untyped: construct::Untyped,
    /// What entries take of it, for all of them together.
    pub(super) parts: &'a Allowance,
}

impl Frame<'_> {
    /// The same for an element whose vocabulary never says what its text is.
    fn guessing(self) -> Self {
        Self { untyped: construct::Untyped::Guess, ..self }
    }
}

/// Reads an entry. Nothing in it is required: an empty one is an entry too.
pub(super) fn read(element: &Element<'_>, frame: Frame<'_>) -> NormalEntry {
    let base = base_of(element, frame.base);
    let mut parts = Parts::default();
    parts.out.notes.base_is_guess = frame.base_is_guess && element.attribute("xml:base").is_none();
    parts.out.notes.language = element.attribute("xml:lang").filter(|tag| !tag.is_empty()).map(Cow::into_owned);
    for child in element.elements() {
        parts.take(child, frame, base.as_ref());
    }
    if parts.out.notes.guid.is_none() {
        // RSS 1.0 says by it what the item is about, and no two items may say the same. Its address is `link`'s.
        parts.out.notes.guid = element.attribute("rdf:about").filter(|about| !about.is_empty()).map(Cow::into_owned);
    }
    if parts.link.is_none() {
        // CDF gives the address and the date as attributes.
        parts.link = element.attribute("href").map(|href| absolute(&href, base.as_ref()));
        parts.out.notes.updated.extend(element.attribute("lastmod").map(Cow::into_owned));
    }
    parts.finish(base)
}

/// The name in a person's text: `jane@example.org (Jane)`, `Jane <jane@example.org>`, `Jane`.
pub(super) fn person_name(text: &str) -> &str {
    let text = text.trim();
    let (outside, inside) = match (text.find('('), text.find('<')) {
        (Some(open), _) => (&text[..open], text[open + 1..].split(')').next()),
        (None, Some(open)) => (&text[..open], text[open + 1..].split('>').next()),
        (None, None) => return text,
    };
    let outside = outside.trim().trim_matches('"');
    let is_name = |part: &&str| !part.is_empty() && !part.contains('@');
    let named = Some(outside).filter(is_name).or(inside.map(str::trim).filter(is_name));
    named.unwrap_or(if outside.is_empty() { text } else { outside })
}

#[derive(Debug, Default)]
struct Parts {
    out: NormalEntry,
    title: Option<Markup>,
    other_title: Option<Markup>,
    summary: Option<Body>,
    second_summary: Option<Body>,
    other_summary: Option<Body>,
    content: Option<Body>,
    link: Option<String>,
    other_link: Option<String>,
    permalink: Option<String>,
    /// Whether the guid does not deny to be an address.
    may_be_link: bool,
    creation_dates: Vec<String>,
    authors: Vec<String>,
    links: usize,
    categories: usize,
    /// Authors of the feed that the entry was taken over from: its own, when it names none (RFC 4287 section 4.2.1).
    source_authors: Vec<String>,
    media: Media,
}

/// A summary or content, and what its links count from when it says so itself.
#[derive(Debug)]
struct Body {
    markup: Markup,
    base: Option<Url>,
}

impl Body {
    fn read(element: &Element<'_>, frame: Frame<'_>, base: Option<&Url>) -> Self {
        let links = Links { base, parts: frame.parts };
        let is_own = element.attribute("xml:base").is_some();
        Self { markup: construct::read_body(element, frame.untyped, links), base: base.filter(|_| is_own).cloned() }
    }
}

impl Parts {
    fn take(&mut self, child: &Element<'_>, frame: Frame<'_>, base: Option<&Url>) {
        let untyped = frame.untyped;
        let own_base = child.attribute("xml:base").and_then(|_| base_of(child, base));
        let base = own_base.as_ref().or(base);
        match (child.space, &*child.name) {
            (Space::Core, "title") => first_markup(&mut self.title, construct::read(child, untyped)),
            (Space::DublinCore | Space::Media | Space::Itunes, "title") => {
                first_markup(&mut self.other_title, construct::read(child, construct::Untyped::Guess));
            }
            (Space::Core, "link") => self.take_link(child, frame, base),
            (Space::Core | Space::Rdf, "guid" | "id") => self.take_identity(child),
            (Space::DublinCore, "identifier") => {
                self.out.notes.guid.get_or_insert_with(|| child.text().into_owned());
            }

            (Space::Core | Space::Itunes, "description" | "summary" | "abstract")
            | (Space::DublinCore, "description") => {
                self.take_summary(Body::read(child, frame, base));
            }
            (Space::Media, "description") => {
                first(&mut self.other_summary, Body::read(child, frame.guessing(), base));
            }
            (Space::Content, "encoded") | (Space::Core | Space::Html, "body" | "fullitem") => {
                first(&mut self.content, Body::read(child, frame.guessing(), base));
            }
            (Space::Core, "content") => first(&mut self.content, Body::read(child, frame, base)),

            (Space::Core, "pubdate" | "published" | "issued") | (Space::DublinCore, "issued") => {
                push(&mut self.out.notes.published, child);
            }
            (Space::DublinCore | Space::Core, "date" | "created") | (Space::DublinCore, "available") => {
                push(&mut self.creation_dates, child);
            }
            (Space::Core | Space::DublinCore, "updated" | "modified") | (Space::Core, "lastbuilddate") => {
                push(&mut self.out.notes.updated, child);
            }

            (Space::Core | Space::Itunes, "author") | (Space::DublinCore, "creator" | "author") => {
                add_person(&mut self.authors, child, frame);
            }
            (Space::Core | Space::Media | Space::Itunes, "category") | (Space::DublinCore, "subject") => {
                self.take_category(child, frame);
            }
            (Space::Itunes, "keywords") => {
                for term in child.text().split(',') {
                    self.categories += 1;
                    if self.categories > MAX_PARTS || !frame.parts.take() {
                        break;
                    }
                    self.out.atom.category(term, None, None);
                }
            }

            (Space::Core, "comments") => {
                let address = absolute(&child.text(), base);
                self.out.notes.comments_url.get_or_insert(address);
            }
            (Space::Core, "source") => self.take_source(child, frame, base),
            (Space::DublinCore, "language") => {
                self.out.notes.language.get_or_insert_with(|| child.text().into_owned());
            }
            (Space::Media, "content") => self.take_media_texts(child, frame, base),
            (Space::Media, "group") => {
                for content in child.elements().filter(|child| child.name == "content") {
                    self.take_media_texts(content, frame, base);
                }
                self.take_media_texts(child, frame, base);
            }
            _ => {}
        }
        self.media.take(child, frame.parts, base);
    }

    /// RSS gives the other feed's address as an attribute and its title as text, Atom holds elements of it.
    fn take_source(&mut self, child: &Element<'_>, frame: Frame<'_>, base: Option<&Url>) {
        for author in child.elements().filter(|part| part.is(Space::Core, "author")) {
            add_person(&mut self.source_authors, author, frame);
        }
        if self.out.notes.source.is_some() {
            return;
        }
        let link = child.elements().find(|part| part.is(Space::Core, "link") && is_page_link(part));
        let address = child.attribute("url").or_else(|| link?.attribute("href"));
        let title = if child.elements().next().is_some() { child.child(Space::Core, "title") } else { Some(child) };
        self.out.notes.source = Some(NormalSource {
            title: title.map(|title| construct::line_of(title, frame.untyped)),
            url: address.map(|address| absolute(&address, base)),
        });
    }

    fn take_media_texts(&mut self, holder: &Element<'_>, frame: Frame<'_>, base: Option<&Url>) {
        for child in holder.elements() {
            match &*child.name {
                "title" => first_markup(&mut self.other_title, construct::read(child, construct::Untyped::Guess)),
                "description" => first(&mut self.other_summary, Body::read(child, frame.guessing(), base)),
                _ => {}
            }
        }
    }

    fn take_link(&mut self, child: &Element<'_>, frame: Frame<'_>, base: Option<&Url>) {
        let Some(href) = child.attribute("href").filter(|href| !href.is_empty()) else {
            let text = child.text();
            if !text.is_empty() {
                self.link = Some(absolute(&text, base));
            }
            return;
        };
        let href = absolute(&href, base);
        let rel = child.attribute("rel").unwrap_or_default().to_ascii_lowercase();
        let media_type = child.attribute("type");
        let is_page = media_type.as_deref().is_none_or(|kind| kind.is_empty() || kind.contains("html"));
        match rel.as_str() {
            "" | "alternate" if is_page => self.link = Some(href),
            "" | "alternate" => first_text(&mut self.other_link, href),
            "enclosure" => self.media.enclosure(child, frame.parts, base),
            "replies" if is_page => {
                self.out.notes.comments_url.get_or_insert(href);
            }
            _ if self.links < MAX_PARTS && frame.parts.take() => {
                self.links += 1;
                let title = child.attribute("title").map(|title| construct::line(&title, frame.untyped));
                self.out.atom.link(&AtomLink {
                    rel: &rel,
                    href: &href,
                    media_type: media_type.as_deref(),
                    title: title.as_deref(),
                });
            }
            _ => {}
        }
    }

    fn take_identity(&mut self, child: &Element<'_>) {
        let text = child.text();
        if text.is_empty() {
            return;
        }
        let may_be_link = child.attribute("ispermalink").is_none_or(|value| !value.eq_ignore_ascii_case("false"));
        if may_be_link && is_http(&text) {
            self.permalink = Some(text.clone().into_owned());
        }
        self.may_be_link = may_be_link;
        self.out.notes.guid = Some(text.into_owned());
    }

    /// Of several texts that describe an entry the second is its content, where none is given as that: podcasts give both
    /// `description` and `itunes:summary`, and one of them is the long one.
    fn take_summary(&mut self, body: Body) {
        let slot = if self.summary.is_none() { &mut self.summary } else { &mut self.second_summary };
        first(slot, body);
    }

    fn take_category(&mut self, child: &Element<'_>, frame: Frame<'_>) {
        self.categories += 1;
        if self.categories > MAX_PARTS || !frame.parts.take() {
            return;
        }
        let attribute = |name: &str| child.attribute(name).filter(|value| !value.is_empty());
        let text = child.text();
        let term = attribute("term").or_else(|| attribute("text")).unwrap_or(text);
        let term = if term.is_empty() { attribute("label").unwrap_or_default() } else { term };
        let term = construct::line(&term, frame.untyped);
        let scheme = attribute("scheme").or_else(|| attribute("domain"));
        self.out.atom.category(&term, scheme.as_deref(), attribute("label").as_deref());
    }

    fn finish(mut self, base: Option<Url>) -> NormalEntry {
        let authors = if self.authors.is_empty() { &self.source_authors } else { &self.authors };
        for name in authors {
            self.out.atom.author(name);
        }
        if let Some(title) = self.title.or(self.other_title) {
            self.out.atom.markup("title", &title);
        }
        if let Some(summary) = self.summary.or(self.other_summary) {
            self.out.atom.markup("summary", &summary.markup);
            self.out.notes.summary_base = summary.base;
        }
        if let Some(content) = self.content.or(self.second_summary) {
            self.out.atom.markup("content", &content.markup);
            self.out.notes.content_base = content.base;
        }
        let guid = &self.out.notes.guid;
        self.out.notes.link_is_id = self.link.is_none() && self.permalink.is_none() && self.other_link.is_none();
        let id = || guid.as_deref().filter(|_| self.may_be_link).map(|id| absolute(id, base.as_ref()));
        self.out.notes.link = self.link.or(self.permalink).or(self.other_link).or_else(id);
        self.out.notes.published.append(&mut self.creation_dates);
        self.out.notes.image_url = self.media.picture();
        self.out.notes.enclosures = self.media.files();
        (self.out.notes.season, self.out.notes.episode) = (self.media.season, self.media.episode);
        self.out.notes.base = base;
        self.out
    }
}

/// Adds the person that an element names, by a name where there is one.
fn add_person(persons: &mut Vec<String>, element: &Element<'_>, frame: Frame<'_>) {
    if persons.len() >= MAX_PARTS || !frame.parts.take() {
        return;
    }
    let named = |name| element.elements().find(|part| part.name == name).map(|part| part.text().into_owned());
    let has_parts = element.elements().next().is_some();
    let text = if has_parts { named("name").or_else(|| named("email")) } else { Some(element.text().into_owned()) };
    let Some(text) = text else { return };
    let text = construct::line(&text, frame.untyped);
    let name = person_name(&text);
    if !name.is_empty() && !persons.iter().any(|known| known == name) {
        persons.push(name.to_owned());
    }
}

/// Whether an Atom link leads to the page that stands for its holder.
fn is_page_link(link: &Element<'_>) -> bool {
    let rel = link.attribute("rel").unwrap_or_default();
    rel.is_empty() || rel.eq_ignore_ascii_case("alternate")
}

fn push(dates: &mut Vec<String>, child: &Element<'_>) {
    let text = child.text();
    if !text.is_empty() && dates.len() < 4 {
        dates.insert(0, text.into_owned()); // Of two, the later one in the document is the correction.
    }
}

fn first(slot: &mut Option<Body>, body: Body) {
    if slot.is_none() && !body.markup.is_blank() {
        *slot = Some(body);
    }
}

fn first_markup(slot: &mut Option<Markup>, markup: Markup) {
    if slot.is_none() && !markup.is_blank() {
        *slot = Some(markup);
    }
}

fn first_text(slot: &mut Option<String>, text: String) {
    slot.get_or_insert(text);
}

#[cfg(test)]
mod tests {
    use super::person_name;

    #[test]
    fn a_person_is_known_by_name() {
        for (text, name) in [
            ("jane@example.org (Jane Doe)", "Jane Doe"),
            ("Jane Doe <jane@example.org>", "Jane Doe"),
            ("Jane Doe (jane@example.org)", "Jane Doe"),
            ("jane@example.org", "jane@example.org"),
            ("me@e.xx—Jane", "me@e.xx—Jane"),
            ("(Jane", "Jane"),
            ("", ""),
        ] {
            assert_eq!(person_name(text), name, "{text}");
        }
    }
}
