//! The one form that every dialect is brought to before feed-rs builds the model: well-formed Atom 1.0, entry by entry.
//!
//! Atom is the dialect that feed-rs reads without loss. What Atom as feed-rs reads it cannot carry (the identity as
//! given, dates with their text) goes beside it as notes.

use std::fmt::Write as _;

use url::Url;

use super::xml::html::escape_into;
use crate::model::feed::FeedHints;

/// A feed document brought to Atom.
#[derive(Debug, Default)]
pub(super) struct Normal {
    /// The feed's own elements.
    pub(super) head: AtomWriter,
    pub(super) entries: Vec<NormalEntry>,
    pub(super) notes: FeedNotes,
}

/// What is known of a feed beside its Atom form.
#[derive(Debug, Default)]
pub(super) struct FeedNotes {
    /// As [`ParsedFeed::format`](crate::model::feed::ParsedFeed::format).
    pub(super) format: String,
    pub(super) language: Option<String>,
    pub(super) image_url: Option<String>,
    pub(super) hints: FeedHints,
    pub(super) breaks_off: bool,
    pub(super) warnings: Vec<String>,
}

/// An entry brought to Atom.
#[derive(Debug, Default)]
pub(super) struct NormalEntry {
    pub(super) atom: AtomWriter,
    pub(super) notes: EntryNotes,
}

/// What is known of an entry beside its Atom form.
#[derive(Debug, Default)]
pub(super) struct EntryNotes {
    /// The id or guid as given.
    pub(super) guid: Option<String>,
    /// The link to the article as given, absolute where a base is known.
    pub(super) link: Option<String>,
    /// Whether that is the id, which says where the entry is only by custom: no page to be fetched.
    pub(super) link_is_id: bool,
    /// The texts of the published dates, best first.
    pub(super) published: Vec<String>,
    /// The texts of the updated dates, best first.
    pub(super) updated: Vec<String>,
    pub(super) comments_url: Option<String>,
    pub(super) image_url: Option<String>,
    /// As declared by the entry itself.
    pub(super) language: Option<String>,
    pub(super) source: Option<NormalSource>,
    pub(super) season: Option<u32>,
    pub(super) episode: Option<u32>,
    /// Atom's links have no duration, so files go beside it.
    pub(super) enclosures: Vec<NormalEnclosure>,
    /// What relative links in the bodies refer to, where a body does not say so itself.
    pub(super) base: Option<Url>,
    /// Whether that is the document's address for lack of anything better: neither the document nor its dialect tells.
    pub(super) base_is_guess: bool,
    pub(super) summary_base: Option<Url>,
    pub(super) content_base: Option<Url>,
    /// As [`ParsedEntry::is_half`](crate::model::feed::ParsedEntry::is_half).
    pub(super) is_half: bool,
}

/// A file attached to an entry; the address is absolute where a base is known.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct NormalEnclosure {
    pub(super) href: String,
    pub(super) media_type: Option<String>,
    pub(super) length_bytes: Option<u64>,
    pub(super) duration_seconds: Option<u64>,
}

impl NormalEnclosure {
    /// Takes over what `other`, another description of the same file, says and this one does not.
    pub(super) fn complete_with(&mut self, other: Self) {
        self.media_type = self.media_type.take().or(other.media_type);
        self.length_bytes = self.length_bytes.or(other.length_bytes);
        self.duration_seconds = self.duration_seconds.or(other.duration_seconds);
    }
}

/// The feed that an entry was taken over from.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct NormalSource {
    pub(super) title: Option<String>,
    pub(super) url: Option<String>,
}

/// Text of a title, summary or content, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Markup {
    /// Characters that mean themselves.
    Text(String),
    Html(String),
}

impl Markup {
    pub(super) fn is_blank(&self) -> bool {
        let (Self::Text(text) | Self::Html(text)) = self;
        text.trim().is_empty()
    }
}

/// A link of Atom.
#[derive(Debug, Default)]
pub(super) struct AtomLink<'a> {
    pub(super) rel: &'a str,
    pub(super) href: &'a str,
    pub(super) media_type: Option<&'a str>,
    pub(super) title: Option<&'a str>,
}

/// Writes Atom elements; leaves out what is blank, since feed-rs ends the feed at an empty text.
#[derive(Debug, Default)]
pub(super) struct AtomWriter {
    pub(super) xml: String,
}

impl AtomWriter {
    pub(super) fn markup(&mut self, element: &str, markup: &Markup) {
        if markup.is_blank() {
            return;
        }
        let (kind, text) = match markup {
            Markup::Text(text) => ("text", text),
            Markup::Html(text) => ("html", text),
        };
        self.xml.reserve(text.len() + 64);
        let _infallible = write!(self.xml, "<{element} type=\"{kind}\">");
        self.characters(text);
        let _infallible = write!(self.xml, "</{element}>");
    }

    pub(super) fn link(&mut self, link: &AtomLink<'_>) {
        if link.href.is_empty() {
            return;
        }
        self.xml.push_str("<link");
        self.attribute("rel", Some(link.rel));
        self.attribute("href", Some(link.href));
        self.attribute("type", link.media_type);
        self.attribute("title", link.title);
        self.xml.push_str("/>");
    }

    pub(super) fn author(&mut self, name: &str) {
        if !name.trim().is_empty() {
            self.xml.push_str("<author><name>");
            self.characters(name.trim());
            self.xml.push_str("</name></author>");
        }
    }

    pub(super) fn category(&mut self, term: &str, scheme: Option<&str>, label: Option<&str>) {
        if !term.trim().is_empty() {
            self.xml.push_str("<category");
            self.attribute("term", Some(term.trim()));
            self.attribute("scheme", scheme);
            self.attribute("label", label);
            self.xml.push_str("/>");
        }
    }

    fn characters(&mut self, text: &str) {
        if text.contains("]]>") {
            escape_into(&mut self.xml, text);
        } else {
            let _infallible = write!(self.xml, "<![CDATA[{text}]]>");
        }
    }

    fn attribute(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _infallible = write!(self.xml, " {name}=\"");
            escape_into(&mut self.xml, value);
            self.xml.push('"');
        }
    }
}
