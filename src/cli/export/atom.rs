//! Articles as an Atom feed (RFC 4287).

use std::io::{self, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use sha2::{Digest, Sha256};

use super::Rows;
use crate::cli::time;
use crate::store::export::ExportedArticle;

/// Who wrote what nobody is named for: each entry needs an author, of its own or of the feed.
const NOBODY: &str = "unknown";

pub(super) struct Atom<'o> {
    xml: Writer<&'o mut dyn Write>,
}

impl<'o> Atom<'o> {
    /// Begins the feed. One archive's feeds are one feed, whenever it is written.
    pub(super) fn begin(out: &'o mut dyn Write, archive: &Path, now: DateTime<Utc>) -> io::Result<Self> {
        let mut atom = Self { xml: Writer::new(out) };
        atom.xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        atom.line()?;
        let feed = BytesStart::new("feed").with_attributes([("xmlns", "http://www.w3.org/2005/Atom")]);
        atom.xml.write_event(Event::Start(feed))?;
        atom.line()?;
        let archive = std::path::absolute(archive).unwrap_or_else(|_| archive.to_owned());
        atom.element("id", &[], &urn(&["archive", &archive.to_string_lossy()]))?;
        atom.element("title", &[], "tearsheet")?;
        atom.element("updated", &[], &time::stamp(now))?;
        atom.person(NOBODY)?;
        atom.element("generator", &[("version", env!("CARGO_PKG_VERSION"))], "tearsheet")?;
        Ok(atom)
    }

    fn entry(&mut self, article: &ExportedArticle) -> io::Result<()> {
        let first_seen_at = article.text("first_seen_at").unwrap_or_default();
        // Neither ever changes; an address may, and several articles may share one.
        self.element("id", &[], &urn(&["article", &article.value("id").to_string(), first_seen_at]))?;
        self.element("title", &[], article.text("title").unwrap_or_default())?;
        let published = article.text("published_at");
        let updated = ["updated_at", "changed_at"].iter().find_map(|column| article.text(column)).or(published);
        self.element("updated", &[], updated.unwrap_or(first_seen_at))?;
        if let Some(published) = published {
            self.element("published", &[], published)?;
        }
        let mut has_author = false;
        for author in article.texts("authors").filter(|author| !author.trim().is_empty()) {
            self.person(author)?;
            has_author = true;
        }
        if let Some(site) = article.text("site_name").or(article.text("site")).filter(|_| !has_author) {
            self.person(site)?;
        }
        if let Some(url) = article.text("url") {
            let mut link = BytesStart::new("link");
            link.push_attribute(("rel", "alternate"));
            link.push_attribute(("href", legal(url).as_str()));
            self.xml.write_event(Event::Empty(link))?;
            self.line()?;
        }
        for tag in article.texts("tags") {
            let mut category = BytesStart::new("category");
            category.push_attribute(("term", legal(tag).as_str()));
            self.xml.write_event(Event::Empty(category))?;
            self.line()?;
        }
        if let Some(summary) = article.text("description") {
            self.element("summary", &[], summary)?;
        }
        // An entry without a link must have a content, so one without either gets an empty one.
        let content = article.text("content_html").or_else(|| article.text("url").is_none().then_some(""));
        if let Some(content) = content {
            let language = article.text("language").map(|language| ("xml:lang", language));
            let attributes: Vec<_> = [("type", "html")].into_iter().chain(language).collect();
            self.element("content", &attributes, content)?;
        }
        Ok(())
    }

    fn person(&mut self, name: &str) -> io::Result<()> {
        self.xml.write_event(Event::Start(BytesStart::new("author")))?;
        self.xml.write_event(Event::Start(BytesStart::new("name")))?;
        self.xml.write_event(Event::Text(BytesText::new(&legal(name))))?;
        self.xml.write_event(Event::End(BytesEnd::new("name")))?;
        self.xml.write_event(Event::End(BytesEnd::new("author")))?;
        self.line()
    }

    fn element(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            start.push_attribute((*key, legal(value).as_str()));
        }
        self.xml.write_event(Event::Start(start))?;
        self.xml.write_event(Event::Text(BytesText::new(&legal(text))))?;
        self.xml.write_event(Event::End(BytesEnd::new(name)))?;
        self.line()
    }

    fn line(&mut self) -> io::Result<()> {
        self.xml.write_event(Event::Text(BytesText::new("\n")))
    }
}

impl Rows for Atom<'_> {
    fn row(&mut self, article: &ExportedArticle) -> io::Result<()> {
        self.xml.write_event(Event::Start(BytesStart::new("entry")))?;
        self.line()?;
        self.entry(article)?;
        self.xml.write_event(Event::End(BytesEnd::new("entry")))?;
        self.line()
    }

    fn end(&mut self) -> io::Result<()> {
        self.xml.write_event(Event::End(BytesEnd::new("feed")))?;
        self.line()?;
        self.xml.get_mut().flush()
    }
}

/// The text without the characters that XML 1.0 has no way to write.
pub(super) fn legal(text: &str) -> String {
    let is_legal =
        |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().filter(is_legal).collect()
}

/// A name that the same parts always get, and others never: a UUID of version 8, made from their hash.
fn urn(parts: &[&str]) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(format!("tearsheet {}", parts.join(" ")))[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::{legal, urn};

    #[test]
    fn what_xml_cannot_write_is_left_out() {
        assert_eq!(legal("a\u{1b}[31m\0\t\n\u{ffff}\u{fffe}\u{1f600}"), "a[31m\t\n\u{1f600}");
    }

    #[test]
    fn names_are_uuids_that_do_not_change() {
        assert_eq!(urn(&["article", "1"]), urn(&["article", "1"]));
        assert_ne!(urn(&["article", "1"]), urn(&["article", "2"]));
        let name = urn(&["x"]);
        assert_eq!((name.len(), &name[..9], &name[23..24]), (45, "urn:uuid:", "8"), "{name}");
    }
}
