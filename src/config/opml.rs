//! Feeds from OPML, as feed readers export it: nested outlines, of which those with an `xmlUrl` are feeds and the others
//! folders, whose names become tags.
//!
//! Exports are other programs' work, so an outline that cannot be used is a warning; only broken XML is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use sha2::{Digest, Sha256};
use url::Url;

use super::feed::{Repeat, parse_url};
use super::finding::{ConfigErrors, Finding, Findings, Place, SourceFile, shown};
use super::limits::{MAX_FILE, MAX_TAGS, OPML_DEPTH, OPML_FEEDS, TAG, TITLE};
use crate::charset;
use crate::model::id::Slug;

/// A feed of an OPML file.
#[derive(Debug, Clone)]
pub(super) struct Outline {
    pub(super) url: Url,
    pub(super) title: Option<String>,
    /// The names of its folders, outermost first.
    pub(super) tags: Vec<String>,
    pub(super) place: Place,
}

/// A feed that somebody's export names, for `import`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFeed {
    /// Its address.
    pub url: Url,
    /// What the export calls it.
    pub title: Option<String>,
    /// The names of its folders, outermost first.
    pub tags: Vec<String>,
    /// Where it stands: `file:line`.
    pub location: String,
}

/// The feeds of an OPML document called `name`, with what had to be skipped.
///
/// # Errors
///
/// It is too large, broken or no OPML.
pub fn listed(name: &Path, bytes: &[u8]) -> Result<(Vec<ListedFeed>, Vec<Finding>), ConfigErrors> {
    let findings = Findings::default();
    if bytes.len() as u64 > MAX_FILE {
        let file = SourceFile::new(name.to_owned(), 0, String::new());
        findings.error(&Place::whole(&file), format!("is larger than {} MiB", MAX_FILE >> 20));
        return findings.finish().map(|warnings| (Vec::new(), warnings));
    }
    let file = SourceFile::new(name.to_owned(), 0, decode(bytes));
    let outlines = read(&file, &findings);
    let warnings = findings.finish()?;
    let listed = |outline: Outline| ListedFeed {
        location: outline.place.to_string(),
        url: outline.url,
        title: outline.title,
        tags: outline.tags,
    };
    Ok((outlines.into_iter().map(listed).collect(), warnings))
}

/// The most bytes of an export that are worth reading: one more is too many.
pub const MAX_BYTES: u64 = MAX_FILE + 1;

/// The text of an OPML file, in whatever encoding it declares.
pub(super) fn decode(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declared = head.split_once("encoding=").and_then(|(_, rest)| rest.get(1..)?.split(['"', '\'']).next());
    charset::decode(bytes, None, declared).text.into_owned()
}

/// The feeds of an OPML document, in its order. A URL that stands in several folders is one feed with all their tags.
pub(super) fn read(file: &std::rc::Rc<SourceFile>, findings: &Findings) -> Vec<Outline> {
    let mut reader = Reader::from_str(file.text());
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut outlines: Vec<Outline> = Vec::new();
    let mut by_url: BTreeMap<Url, usize> = BTreeMap::new();
    // One element an open outline: its folder's name, where it has one.
    let mut folders: Vec<Option<String>> = Vec::new();
    let (mut is_opml, mut is_open) = (false, false);
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let place = Place::new(file, &(start..start));
        let (element, opens) = match reader.read_event() {
            Ok(Event::Start(element)) => (element, true),
            Ok(Event::Empty(element)) => (element, false),
            Ok(Event::End(element)) => {
                if element.name().as_ref().eq_ignore_ascii_case(OUTLINE) {
                    folders.pop();
                }
                is_open &= !element.name().as_ref().eq_ignore_ascii_case("opml");
                continue;
            }
            Ok(Event::Eof) => break,
            Ok(_) => continue,
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
                findings.error(&Place::new(file, &(at..at)), format!("not well-formed XML: {error}"));
                return outlines;
            }
        };
        if element.name().as_ref().eq_ignore_ascii_case("opml") {
            (is_opml, is_open) = (true, opens);
        }
        if !element.name().as_ref().eq_ignore_ascii_case(OUTLINE) {
            continue;
        }
        let attributes = attributes(&element);
        let name = ["title", "text"].iter().find_map(|key| attributes.get(*key).and_then(|text| one_line(text, TITLE)));
        let is_feed = attributes.contains_key("xmlurl");
        if let Some(address) = attributes.get("xmlurl") {
            match parse_url(&without_feed_scheme(address)) {
                Ok(url) => {
                    let index = *by_url.entry(url.clone()).or_insert(outlines.len());
                    if index == outlines.len() {
                        outlines.push(Outline { url, title: name.clone(), tags: Vec::new(), place });
                    }
                    let tags = &mut outlines[index].tags;
                    for tag in folders.iter().flatten() {
                        if tags.len() < MAX_TAGS && !tags.contains(tag) {
                            tags.push(tag.clone());
                        }
                    }
                }
                Err((problem, repeat)) => {
                    let got =
                        if repeat == Repeat::Yes { format!(" (got \"{}\")", shown(address)) } else { String::new() };
                    findings.warn(&place, format!("outline: skipped, xmlUrl {problem}{got}"));
                }
            }
            if outlines.len() > OPML_FEEDS {
                findings.error(&Place::whole(file), format!("holds more than {OPML_FEEDS} feeds"));
                return outlines;
            }
        }
        if opens {
            if folders.len() == OPML_DEPTH {
                findings
                    .error(&Place::new(file, &(start..start)), format!("outlines are nested deeper than {OPML_DEPTH}"));
                return outlines;
            }
            folders.push(if is_feed { None } else { name.and_then(|name| one_line(&name, TAG)) });
        }
    }
    if !is_opml {
        findings.error(&Place::whole(file), "not OPML: it has no <opml> element");
    } else if is_open {
        // Half a file would be taken for one that lost its other feeds.
        let end = file.text().len();
        findings.error(&Place::new(file, &(end..end)), "the document breaks off: <opml> is not closed");
    }
    outlines
}

const OUTLINE: &str = "outline";

/// The attributes by lower-case name; readers differ in `xmlUrl` and `xmlurl`. Attributes that cannot be read are left out.
fn attributes(element: &BytesStart<'_>) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    for attribute in element.html_attributes().with_checks(false).flatten() {
        let raw = attribute.value.as_ref();
        // Hand-written files have `&` alone in URLs, which then stands for itself.
        let value = unescape(raw).map_or_else(|_| lenient_unescape(raw), std::borrow::Cow::into_owned);
        attributes.entry(attribute.key.as_ref().to_ascii_lowercase()).or_insert(value);
    }
    attributes
}

fn lenient_unescape(raw: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(raw.to_owned(), |text, (entity, char)| text.replace(entity, char))
}

/// White space folded, at most `max` characters; `None` when nothing is left.
pub(super) fn one_line(text: &str, max: usize) -> Option<String> {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line: String = words.collect::<Vec<_>>().join(" ").chars().take(max).collect();
    (!line.is_empty()).then_some(line)
}

/// `feed:https://…` and `feed://…` are what browsers once handed to readers.
fn without_feed_scheme(address: &str) -> String {
    let address = address.trim();
    match address.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("//") => format!("http:{rest}"),
        Some(rest) => rest.to_owned(),
        None => address.to_owned(),
    }
}

/// A slug for each URL, made from the URL, not from its place in the file: `example.org-news-world`.
///
/// URLs that would get one slug, or one of `taken`, all get a piece of their hash behind it, whatever their order.
pub(super) fn slugs(urls: &[&Url], taken: &BTreeSet<&Slug>) -> Vec<Slug> {
    let plain: Vec<Slug> = urls.iter().map(|url| slug_of(url)).collect();
    let mut uses: BTreeMap<&Slug, usize> = BTreeMap::new();
    for slug in &plain {
        *uses.entry(slug).or_default() += 1;
    }
    let is_free = |slug: &Slug| uses[slug] == 1 && !taken.contains(slug);
    plain
        .iter()
        .zip(urls)
        .map(|(slug, url)| if is_free(slug) { slug.clone() } else { hashed(slug.as_str(), url) })
        .collect()
}

/// The host and the path; a piece of the hash where that does not say all.
fn slug_of(url: &Url) -> Slug {
    const MAX: usize = 64;
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let path = url.path();
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let is_trivial = ["xml", "rss", "rdf", "atom", "json"].contains(&extension);
    let path = if is_trivial { &path[..path.len() - extension.len() - 1] } else { path };
    let mut slug = String::new();
    for char in format!("{host}/{path}").chars().flat_map(char::to_lowercase) {
        let char =
            if char.is_ascii_lowercase() || char.is_ascii_digit() || matches!(char, '.' | '_') { char } else { '-' };
        if !(char == '-' && (slug.is_empty() || slug.ends_with('-'))) {
            slug.push(char);
        }
    }
    let text = slug.trim_matches(['-', '.', '_']);
    let says_all = url.query().is_none() && text.len() <= MAX;
    match Slug::new(text) {
        Some(slug) if says_all => slug,
        _ => hashed(text, url),
    }
}

/// The beginning of `text` with eight hexadecimal digits of the URL's hash.
fn hashed(text: &str, url: &Url) -> Slug {
    let mut hash = String::new();
    for byte in &Sha256::digest(url.as_str().as_bytes())[..4] {
        write!(hash, "{byte:02x}").expect("a String takes all that is written to it");
    }
    let kept = text.get(..text.len().min(54)).unwrap_or_default().trim_end_matches(['-', '.', '_']);
    let slug = if kept.is_empty() { format!("feed-{hash}") } else { format!("{kept}-{hash}") };
    Slug::new(&slug).expect("the parts are of a slug's characters, and 63 of them at most")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use url::Url;

    use super::super::finding::{Findings, SourceFile};
    use super::{decode, read, slugs};
    use crate::model::id::Slug;

    /// The feeds as `url title tags`, and the warnings or errors.
    fn check(opml: &[u8], expected: &[&str], said: &[&str]) {
        let findings = Findings::default();
        let file = SourceFile::new(PathBuf::from("x.opml"), 0, decode(opml));
        let outlines = read(&file, &findings);
        let line = |outline: &super::Outline| {
            let title = outline.title.as_deref().unwrap_or("-");
            format!("{} {title} {}", outline.url, outline.tags.join(","))
        };
        assert_eq!(outlines.iter().map(line).collect::<Vec<_>>(), expected);
        let findings = findings.finish().unwrap_or_else(|errors| errors.errors);
        assert_eq!(findings.iter().map(ToString::to_string).collect::<Vec<_>>(), said);
    }

    #[test]
    fn folders_become_tags() {
        check(
            b"<?xml version=\"1.0\"?><opml version=\"2.0\"><head><title>x</title></head><body>\n\
              <outline text=\"News\"><outline text=\"  World\n wide \"><outline type=\"rss\" text=\"a &amp; b\" xmlUrl=\"https://e.org/a\"/>\n\
              </outline><outline title=\"B\" text=\"b\" xmlurl=\"https://e.org/b\"></outline></outline>\n\
              <outline text=\"Other\"><outline xmlUrl=\"https://e.org/a\"/></outline><outline xmlUrl=\"https://e.org/c\"/></body></opml>",
            &["https://e.org/a a & b News,World wide,Other", "https://e.org/b B News", "https://e.org/c - "],
            &[],
        );
    }

    #[test]
    fn what_readers_export_is_taken() {
        // An ampersand alone, an unknown entity, the feed: scheme, a missing end tag, Latin-1.
        check(
            b"<opml><outline text='x&nbsp;y' xmlUrl='https://e.org/?a=1&b=2'/><outline xmlUrl='feed://e.org/f'/>\
              <outline xmlUrl='feed:https://e.org/s'/><outline text='open'></opml>",
            &["https://e.org/?a=1&b=2 x&nbsp;y ", "http://e.org/f - ", "https://e.org/s - "],
            &[],
        );
        check(
            b"<?xml version='1.0' encoding='ISO-8859-1'?><opml><outline text='Caf\xe9' xmlUrl='http://e.org/'/></opml>",
            &["http://e.org/ Caf\u{e9} "],
            &[],
        );
    }

    #[test]
    fn outlines_that_cannot_be_used_are_skipped() {
        check(
            b"<opml>\n<outline xmlUrl='nonsense'/><outline xmlUrl='https://u:s3cr3t@e.org/'/><outline xmlUrl='https://e.org/'/></opml>",
            &["https://e.org/ - "],
            &[
                "x.opml:2:1: outline: skipped, xmlUrl not a URL: relative URL without a base (got \"nonsense\")",
                "x.opml:2:29: outline: skipped, xmlUrl holds a user name or password: use basic_auth = { username = \"\u{2026}\", password = \"${file:\u{2026}}\" }",
            ],
        );
    }

    #[test]
    fn hostile_documents_are_bounded() {
        let deep = format!("<opml>{}", "<outline text='x'>".repeat(100_000));
        check(deep.as_bytes(), &[], &["x.opml:1:1159: outlines are nested deeper than 64"]);
        check(b"", &[], &["x.opml:1:1: not OPML: it has no <opml> element"]);
        check(
            b"\0\xff<",
            &[],
            &["x.opml:1:3: not well-formed XML: syntax error: tag not closed: `>` not found before end of input"],
        );
    }

    #[test]
    fn slugs_are_made_from_the_url_alone() {
        let taken = Slug::new("taken.org-feed").unwrap();
        let check = |urls: &[&str], expected: &[&str]| {
            let urls: Vec<Url> = urls.iter().map(|url| Url::parse(url).unwrap()).collect();
            let slugs = slugs(&urls.iter().collect::<Vec<_>>(), &BTreeSet::from([&taken]));
            assert_eq!(slugs.iter().map(Slug::as_str).collect::<Vec<_>>(), expected);
        };
        check(&["https://www.e.org/news/World.xml"], &["e.org-news-world"]);
        check(&["https://e.org/"], &["e.org"]);
        check(&["https://e.org/f?id=1", "https://e.org/f"], &["e.org-f-9c4e1443", "e.org-f"]);
        check(&["http://e.org/f", "https://e.org/f"], &["e.org-f-74e97a51", "e.org-f-9ad84171"]);
        check(&["https://taken.org/feed"], &["taken.org-feed-e3fe55c0"]);
        check(&["http://[::1]/"], &["1"]);
        check(&["https://\u{fc}.example/\u{fc}"], &["xn-tda.example-c3-bc"]);
    }

    #[test]
    fn long_urls_make_slugs_that_fit() {
        let url = Url::parse(&format!("https://e.org/{}", "-a".repeat(4000))).unwrap();
        assert!(slugs(&[&url], &BTreeSet::new())[0].as_str().len() <= 64);
    }
}
