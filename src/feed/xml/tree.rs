//! Tokens → a bounded tree, whatever the nesting.

use std::borrow::Cow;

use super::entity;
use super::namespace::{self, Space};
use super::token::{self, Token, Tokens};

/// Elements nested deeper than this are lifted to this depth; XHTML in real entries stays under 40.
const MAX_DEPTH: usize = 128;
/// Elements that may stand between a feed and an entry; more of them were left open.
const MAX_WRAPPERS: usize = 8;
/// More tokens than this are not read: at about 100 bytes each at most, the memory of one document.
const MAX_TOKENS: usize = 1_000_000;
/// Namespace declarations in force at once.
const MAX_DECLARATIONS: usize = 256;

/// An element; names are lower case, since feeds get the case of `pubDate` wrong and no two names differ in it alone.
#[derive(Debug)]
pub(in crate::feed) struct Element<'a> {
    pub(in crate::feed) space: Space,
    /// The local name, lower case.
    pub(in crate::feed) name: Cow<'a, str>,
    attributes: &'a str,
    pub(in crate::feed) children: Vec<Node<'a>>,
}

/// What stands in an element.
#[derive(Debug)]
pub(in crate::feed) enum Node<'a> {
    Element(Element<'a>),
    /// References are unresolved.
    Text(&'a str),
    /// From a CDATA section.
    Literal(&'a str),
}

impl<'a> Element<'a> {
    pub(in crate::feed) fn is(&self, space: Space, name: &str) -> bool {
        self.space == space && self.name == name
    }

    pub(in crate::feed) fn is_entry(&self) -> bool {
        self.space == Space::Core && matches!(&*self.name, "item" | "entry")
    }

    /// The value of an attribute by its name as written, in any case, with references resolved and trimmed.
    pub(in crate::feed) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        if self.attributes.is_empty() {
            return None;
        }
        let (_, value) = token::attributes(self.attributes).find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(match entity::resolve(value) {
            Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
            Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
        })
    }

    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        token::attributes(self.attributes)
    }

    pub(in crate::feed) fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Literal(_) => None,
        })
    }

    pub(in crate::feed) fn child(&self, space: Space, name: &str) -> Option<&Element<'a>> {
        self.elements().find(|child| child.is(space, name))
    }

    /// All text below, references resolved, trimmed.
    pub(in crate::feed) fn text(&self) -> Cow<'a, str> {
        let mut texts = self.children.iter().filter_map(|child| match child {
            Node::Text(text) => Some(entity::resolve(text)),
            Node::Literal(text) => Some(entity::clean(text)),
            Node::Element(element) => Some(element.text()).filter(|text| !text.is_empty()),
        });
        let Some(first) = texts.next() else { return Cow::Borrowed("") };
        let Some(second) = texts.next() else {
            return match first {
                Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
                Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
            };
        };
        let mut all = first.into_owned() + &second;
        all.extend(texts);
        Cow::Owned(all.trim().to_owned())
    }
}

/// What stands at the top level of a document, and what was wrong with it.
#[derive(Debug)]
pub(in crate::feed) struct Forest<'a> {
    pub(in crate::feed) roots: Vec<Element<'a>>,
    /// Where elements were first closed that the document left open, or the other way round: an offset in the text.
    pub(in crate::feed) repaired_at: Option<usize>,
    /// Whether the text ends inside an element.
    pub(in crate::feed) breaks_off: bool,
    /// Whether it ends inside an entry: the last one holds what was closed of it before.
    pub(in crate::feed) is_last_entry_half: bool,
    /// Whether something was left out for its size.
    pub(in crate::feed) was_cut: bool,
}

/// Reads `text`, of which at most `max_entries` entries.
pub(in crate::feed) fn parse(text: &str, max_entries: usize) -> Forest<'_> {
    let mut tokens = Tokens::new(text);
    let mut builder = Builder { text, ..Builder::default() };
    let mut count = 0;
    while let Some(token) = tokens.next(builder.stack.last().map(|open| open.written)) {
        builder.at = tokens.position();
        match token {
            Token::Start { name, attributes, is_empty } => {
                builder.start(name, attributes, is_empty);
            }
            Token::End { name } => builder.end(name),
            Token::Text(text) => builder.push(Node::Text(text)),
            Token::Literal(text) => builder.push(Node::Literal(text)),
            Token::Doctype(_) => {}
        }
        count += 1;
        if count > MAX_TOKENS || builder.entries > max_entries {
            builder.was_cut = true;
            break;
        }
    }
    let breaks_off = !builder.stack.is_empty() && !builder.was_cut;
    let half_entry = builder.stack.iter().position(|open| open.element.is_entry()).filter(|_| breaks_off);
    if let Some(depth) = half_entry {
        builder.stack.truncate(depth + 1); // Half a title is another title.
    }
    let excess = builder.entries > max_entries;
    builder.close_to(0);
    let Builder { mut roots, repaired_at, was_cut, .. } = builder;
    if excess {
        drop_last_entry(&mut roots);
    }
    Forest { roots, repaired_at, breaks_off, is_last_entry_half: half_entry.is_some(), was_cut }
}

/// Removes the entry whose start tag was read last; it is the last element all the way down.
fn drop_last_entry(roots: &mut Vec<Element<'_>>) {
    let Some(last) = roots.last_mut() else { return };
    if last.is_entry() {
        roots.pop();
        return;
    }
    let mut element = last;
    loop {
        match element.children.last() {
            Some(Node::Element(child)) if !child.is_entry() => {}
            _ => break,
        }
        let Some(Node::Element(child)) = element.children.last_mut() else { return };
        element = child;
    }
    element.children.pop();
}

#[derive(Debug)]
struct Open<'a> {
    element: Element<'a>,
    /// The name as written, with its prefix.
    written: &'a str,
    /// Of that name in lower case: a stray end tag is compared with every open element.
    hash: u32,
    is_frame: bool,
    /// How many declarations were in force outside.
    declarations_outside: usize,
}

#[derive(Debug, Default)]
struct Builder<'a> {
    text: &'a str,
    roots: Vec<Element<'a>>,
    stack: Vec<Open<'a>>,
    /// Prefix (empty for the default namespace) and what it means, innermost last.
    declarations: Vec<(&'a str, Space)>,
    entries: usize,
    /// How far the text is read.
    at: usize,
    repaired_at: Option<usize>,
    was_cut: bool,
}

impl<'a> Builder<'a> {
    fn start(&mut self, written: &'a str, attributes: &'a str, is_empty: bool) {
        let declarations_outside = self.declarations.len();
        let (prefix, local) = written.split_once(':').unwrap_or(("", written));
        let name = lower_case(local);
        let is_root = prefix.is_empty() && is_frame(&name) && self.stack.last().is_none_or(|open| open.is_frame);
        self.declare(attributes, is_root);
        let space = if self.is_spoken_of(&name, is_empty) { Space::Other } else { self.space_of(prefix) };
        self.close_what_cannot_hold(space, &name);
        let element = Element { space, name, attributes, children: Vec::new() };
        self.entries += usize::from(element.is_entry());
        let is_void = matches!(&*element.name, "br" | "hr" | "img" | "input" | "wbr");
        if is_empty || is_void || self.stack.len() >= MAX_DEPTH {
            self.declarations.truncate(declarations_outside);
            self.push(Node::Element(element));
        } else {
            let is_frame = is_frame_element(&element) && !self.is_in_content();
            self.stack.push(Open { element, written, hash: hash(written), is_frame, declarations_outside });
        }
    }

    fn end(&mut self, written: &str) {
        if self.stack.last().is_some_and(|open| open.written == written) {
            self.close_to(self.stack.len() - 1);
            return;
        }
        let (is_frame, hash) = (is_frame(written), hash(written));
        for (depth, open) in self.stack.iter().enumerate().rev() {
            if open.hash == hash && open.written.eq_ignore_ascii_case(written) {
                if depth + 1 < self.stack.len() {
                    self.note_repair();
                }
                self.close_to(depth);
                return;
            }
            if open.is_frame && !is_frame {
                break; // A stray end tag in an entry closes nothing outside of it.
            }
        }
        self.note_repair();
    }

    fn note_repair(&mut self) {
        self.repaired_at.get_or_insert(self.at);
    }

    fn push(&mut self, node: Node<'a>) {
        match (self.stack.last_mut(), node) {
            (Some(parent), node) => parent.element.children.push(node),
            (None, Node::Element(element)) => self.roots.push(element),
            (None, Node::Text(_) | Node::Literal(_)) => {}
        }
    }

    /// Closes open elements until `depth` are left.
    fn close_to(&mut self, depth: usize) {
        while self.stack.len() > depth {
            let Some(open) = self.stack.pop() else { return };
            self.declarations.truncate(open.declarations_outside);
            self.push(Node::Element(open.element));
        }
    }

    /// Whether what comes next is an entry's content, which may speak of entries or hold one.
    fn is_in_content(&self) -> bool {
        let of_entry = self.stack.iter().rev().take_while(|open| !open.is_frame);
        of_entry.into_iter().any(|open| open.element.is(Space::Core, "content"))
    }

    /// Whether an entry that opens here, inside something that an entry holds, is none: one that holds bare text, as in
    /// `<keywords><item>k</item>` or a text about feeds.
    fn is_spoken_of(&self, name: &str, is_empty: bool) -> bool {
        if !matches!(name, "item" | "entry") || self.stack.last().is_none_or(|open| open.is_frame) {
            return false;
        }
        let rest = &self.text[self.at..];
        let is_closed = || {
            let end = memchr::memchr(b'<', rest.as_bytes()).and_then(|at| rest[at..].strip_prefix("</"));
            end.and_then(|end| end.get(..name.len())).is_some_and(|end| end.eq_ignore_ascii_case(name))
        };
        self.stack.iter().any(|open| open.element.is_entry()) && (is_empty || is_closed())
    }

    /// Closes what was left open between a feed and its entries, when that is more than a few wrappers.
    fn close_strays(&mut self) {
        let frame = self.stack.iter().rposition(|open| open.is_frame).map_or(0, |frame| frame + 1);
        if self.stack.len() > frame + MAX_WRAPPERS {
            self.note_repair();
            self.close_to(frame);
        }
    }

    /// Closes the open elements that a new one shows to have been left open: an entry in an entry, `<pubDate>` in `<link>`.
    fn close_what_cannot_hold(&mut self, space: Space, name: &str) {
        let is_entry = space == Space::Core && matches!(name, "item" | "entry");
        if is_entry {
            let holder = self.stack.iter().rposition(|open| open.element.is_entry());
            let is_content = |open: &Open<'_>| open.element.is(Space::Core, "content");
            match holder {
                Some(holder) if self.stack[holder..].iter().any(is_content) => {}
                Some(holder) => {
                    self.note_repair();
                    self.close_to(holder);
                }
                None => self.close_strays(),
            }
        }
        let Some(open) = self.stack.last() else { return };
        if open.element.space != Space::Core {
            return;
        }
        let is_module = matches!(space, Space::DublinCore | Space::Content | Space::Media | Space::Itunes);
        let cannot_hold = match &*open.element.name {
            "title" | "link" | "guid" | "id" | "pubdate" | "published" | "updated" | "category" | "comments"
            | "enclosure" | "language" | "ttl" | "lastbuilddate" | "generator" | "managingeditor" => {
                is_module || (space == Space::Core && is_metadata(name))
            }
            "description" | "summary" => {
                is_module || is_entry || (space == Space::Core && matches!(name, "pubdate" | "guid" | "enclosure"))
            }
            _ => false,
        };
        if cannot_hold {
            self.note_repair();
            self.close_to(self.stack.len() - 1);
        }
    }

    /// Takes the declarations of an element. The unprefixed names of a feed's frame are RSS's or Atom's, whatever default
    /// namespace they declare, and so are those that declare none: serializers of DOM trees write `xmlns=""`.
    fn declare(&mut self, attributes: &'a str, is_root: bool) {
        if !attributes.contains("xmlns") {
            return;
        }
        for (name, uri) in token::attributes(attributes) {
            let Some(rest) = name.strip_prefix("xmlns") else { continue };
            let prefix = rest.strip_prefix(':').unwrap_or_default();
            let known = namespace::of_uri(&entity::resolve(uri));
            let space = match known {
                Space::Rdf | Space::Core => known,
                _ if prefix.is_empty() && (is_root || uri.is_empty()) => Space::Core,
                // An unknown default at the top is some spelling of RSS or Atom.
                Space::Other if prefix.is_empty() && self.stack.len() < 2 => Space::Core,
                Space::Other => namespace::of_prefix(prefix),
                known => known,
            };
            if self.declarations.len() < MAX_DECLARATIONS {
                self.declarations.push((prefix, space));
            }
        }
    }

    fn space_of(&self, prefix: &str) -> Space {
        let declared = self.declarations.iter().rev().find(|(known, _)| *known == prefix);
        match declared {
            Some((_, space)) => *space,
            None if prefix.is_empty() => Space::Core,
            None => namespace::of_prefix(prefix),
        }
    }
}

/// FNV-1a over a name in lower case.
fn hash(name: &str) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193);
    name.bytes().take(64).fold(0x811C_9DC5, step)
}

/// Elements that a feed is built of, by their name as written.
fn is_frame(written: &str) -> bool {
    let local = written.rsplit(':').next().unwrap_or_default();
    ["item", "entry", "channel", "feed", "rss", "rdf", "items"].iter().any(|name| local.eq_ignore_ascii_case(name))
}

fn is_frame_element(element: &Element<'_>) -> bool {
    matches!(element.space, Space::Core | Space::Rdf) && is_frame(&element.name)
}

/// Core elements that say something about a feed or an entry and that no other such element can hold.
fn is_metadata(name: &str) -> bool {
    matches!(
        name,
        "title"
            | "link"
            | "guid"
            | "id"
            | "description"
            | "summary"
            | "content"
            | "pubdate"
            | "published"
            | "updated"
            | "author"
            | "category"
            | "comments"
            | "enclosure"
            | "item"
            | "entry"
            | "language"
            | "lastbuilddate"
            | "generator"
    )
}

fn lower_case(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Element, Node, parse};

    fn show(element: &Element<'_>) -> String {
        let inside = element.children.iter().map(|child| match child {
            Node::Element(element) => show(element),
            Node::Text(text) | Node::Literal(text) => text.trim().to_owned(),
        });
        format!("{}({})", element.name, inside.collect::<String>())
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let forest = parse(text, 3);
        assert_eq!(forest.roots.iter().map(show).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn a_break_is_told_from_an_end() {
        let check = |text: &str, breaks_off, is_last_entry_half| {
            let forest = parse(text, 10);
            assert_eq!((forest.breaks_off, forest.is_last_entry_half), (breaks_off, is_last_entry_half), "{text}");
        };
        check("<rss><channel><item>a</item><item><title>b", true, true);
        check("<feed><entry>a</entry><entry><content><p>b</p", true, true);
        check("<item><title>a", true, true);
        check("<rss><channel><item>a</item>", true, false);
        check("<rss><channel><item>a</item></channel></rss>", false, false);
        check("<rss><channel><item>a</rss>", false, false);
    }

    #[test]
    fn half_an_entry_has_its_whole_parts() {
        check("<rss><item><guid>1</guid><title>b", "rss(item(guid(1)))");
        check("<feed><entry><id>1</id><content><p>b</p", "feed(entry(id(1)))");
    }

    #[test]
    fn the_first_repair_is_known_by_its_place() {
        assert_eq!(parse("<rss>\n<item><b>a</item></b></rss>", 10).repaired_at, Some(23));
        assert_eq!(parse("<rss><item>a</item></rss>", 10).repaired_at, None);
    }

    #[test]
    fn every_nesting_becomes_a_tree() {
        check("<rss><channel><item><title>a</title></item></channel></rss>", "rss(channel(item(title(a))))");
        check("<rss><item><title>a<link>b</link></item><item/>", "rss(item(title(a)link(b))item())");
        check("<rss><item><title>a<item><title>b</rss>", "rss(item(title(a))item(title(b)))");
        check("<item><description>x<b>y</i></description>z</item>", "item(description(xb(y))z)");
        check("<item>a</channel></item>", "item(a)");
        check("<item><description>a<br>b</description></item>", "item(description(abr()b))");
        check("<entry><content><entry>a</entry></content></entry>", "entry(content(entry(a)))");
        check("<Item><pubDate>1</PUBDATE></ITEM>", "item(pubdate(1))");
        check("<item><x><item>k</item><item/></x><guid>1</guid></item>", "item(x(item(k)item())guid(1))");
        check("<item><x><item><guid>1</guid></item></x></item>", "item(x()) item(guid(1))");
    }

    #[test]
    fn size_is_bounded() {
        let forest = parse("<rss><item>1</item><item>2</item><item>3</item><item>4</item>", 3);
        assert!(forest.was_cut);
        assert_eq!(show(&forest.roots[0]), "rss(item(1)item(2)item(3))");
        let deep = "<b>".repeat(5000);
        assert!(!parse(&deep, 3).was_cut);
        assert!(parse(&"<b/>".repeat(1_000_001), 3).was_cut);
    }
}
