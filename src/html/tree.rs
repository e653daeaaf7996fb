//! Bounded parsing: markup → tree, in time and memory that no input can stretch.
//!
//! html5ever is quadratic in nesting depth: 50,000 nested `<div>` take 11 s, 32,000 `<ul><li>` a minute. A counter of tags is
//! fooled (inside svg, by tags that close others); the tree itself is not. So the parser is fed in small pieces through a sink
//! that knows how deep it has built, and feeding stops at the bound. Browsers hold the same depth.

use std::borrow::Cow;
use std::cell::{Cell, Ref};
use std::fmt;

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, LocalName, ParseOpts, Parser, QualName, driver, ns};
use scraper::{Html, HtmlTreeSink};

use super::slim::{Cuts, MAX_ATTRIBUTES, Origin, Piece, slim};

/// Bytes of markup and text; scripts and styles do not count.
const MAX_MARKUP_BYTES: usize = 2 * 1024 * 1024;
/// Elements inside one another.
const MAX_DEPTH: usize = 512;
/// Elements in all.
const MAX_ELEMENTS: usize = 100_000;
/// What an element costs beside its depth, in levels.
const ELEMENT_WORK: usize = 8;
/// What a reference costs beside the characters of its name.
const REFERENCE_WORK: usize = 4;
/// How much is fed before the bounds are looked at: 2 KiB hold at most 700 tags.
const PIECE_BYTES: usize = 2048;

/// A parsed document or fragment.
pub struct Tree {
    /// The tree. Its type belongs to `html` and `article`; it is not `Send`.
    pub html: Html,
    /// What was cut, in words.
    pub warnings: Vec<String>,
    /// What its elements cost as they were put in.
    work: usize,
    /// Whether text is missing because of how the markup is nested.
    is_cut: bool,
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree").field("warnings", &self.warnings).finish_non_exhaustive()
    }
}

/// Parses a document, as far as the bounds go.
pub fn parse(text: &str) -> Tree {
    feed(text, Origin::Page, driver::parse_document(Sink::new(Html::new_document()), ParseOpts::default()))
}

/// Parses a piece of a body, as far as the bounds go.
pub fn parse_fragment(text: &str) -> Tree {
    feed(text, Origin::Fragment, fragment_parser(usize::MAX))
}

/// The same within a budget of work, which is taken off; `None` when it does not suffice, or a bound of the nesting is
/// reached: the text is worth more than the tags then.
///
/// The work of an element is its depth and a little: each tag makes the parser look through the open elements, and those that it
/// repeats (`<b>` around paragraphs) are counted like those of the markup.
pub(super) fn parse_fragment_within(text: &str, work: &mut usize) -> Option<Tree> {
    let references = work_of_references(text);
    if references > *work {
        *work = 0;
        return None;
    }
    *work -= references;
    let tree = feed(text, Origin::Fragment, fragment_parser(*work));
    *work = work.saturating_sub(tree.work);
    (!tree.is_cut).then_some(tree)
}

/// The tokenizer looks a name up anew with each of its characters.
fn work_of_references(text: &str) -> usize {
    let bytes = text.as_bytes();
    let name = |at: usize| bytes[at + 1..].iter().take(32).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    memchr::memchr_iter(b'&', bytes).map(|at| REFERENCE_WORK + name(at)).sum()
}

fn fragment_parser(work: usize) -> Parser<Sink> {
    let body = QualName::new(None, ns!(html), LocalName::from("body"));
    let sink = Sink { max_work: work, ..Sink::new(Html::new_fragment()) };
    driver::parse_fragment(sink, ParseOpts::default(), body, Vec::new(), false)
}

fn feed(text: &str, origin: Origin, parser: Parser<Sink>) -> Tree {
    let mut feeder = Feeder { parser, piece: String::with_capacity(PIECE_BYTES * 2), markup_bytes: 0, reached: None };
    let cuts = slim(text, origin, &mut |piece| match piece {
        Piece::Markup(text) => feeder.markup(text),
        Piece::Script(text) => feeder.push(text),
    });
    feeder.process();
    let work = feeder.parser.tokenizer.sink.sink.work.get();
    let is_cut = feeder.reached.is_some_and(|bound| bound != Bound::Markup);
    Tree { html: feeder.parser.finish(), warnings: warnings(feeder.reached, cuts), work, is_cut }
}

/// Gathers what [`slim`] keeps to pieces of some kilobytes: many small ones cost more to feed than to parse.
struct Feeder {
    parser: Parser<Sink>,
    piece: String,
    markup_bytes: usize,
    reached: Option<Bound>,
}

impl Feeder {
    /// `false` when a bound is reached.
    fn markup(&mut self, text: &str) -> bool {
        let allowed = MAX_MARKUP_BYTES - self.markup_bytes;
        if text.len() > allowed {
            let goes_on = self.push(&text[..text.floor_char_boundary(allowed)]);
            if goes_on {
                self.reached = Some(Bound::Markup);
            }
            return false;
        }
        self.markup_bytes += text.len();
        self.push(text)
    }

    fn push(&mut self, text: &str) -> bool {
        let mut rest = text;
        while !rest.is_empty() {
            let (part, later) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES));
            self.piece.push_str(part);
            rest = later;
            if self.piece.len() >= PIECE_BYTES && !self.process() {
                return false;
            }
        }
        true
    }

    fn process(&mut self) -> bool {
        // What was gathered before a bound was reached in an earlier piece is beyond it.
        if self.reached.is_none_or(|bound| bound == Bound::Markup) {
            self.parser.process(StrTendril::from_slice(&self.piece));
            self.reached = self.parser.tokenizer.sink.sink.reached.get().or(self.reached);
        }
        self.piece.clear();
        self.reached.is_none()
    }
}

fn warnings(reached: Option<Bound>, cuts: Cuts) -> Vec<String> {
    let mut warnings = Vec::new();
    match reached {
        Some(Bound::Markup) => warnings.push(format!("cut after {} MiB of markup", MAX_MARKUP_BYTES / (1024 * 1024))),
        Some(Bound::Depth) => warnings.push(format!("cut where elements are nested deeper than {MAX_DEPTH}")),
        Some(Bound::Elements) => warnings.push(format!("cut after {MAX_ELEMENTS} elements")),
        Some(Bound::Work) => warnings.push("cut where it was too much work".to_owned()),
        None => {}
    }
    if cuts.attributes {
        warnings.push(format!("cut the attributes of a tag after {MAX_ATTRIBUTES}"));
    }
    if cuts.scripts {
        warnings.push("cut scripts that are too long together".to_owned());
    }
    warnings
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Markup,
    Depth,
    Elements,
    Work,
}

/// scraper's own sink, with an eye on depth and number.
struct Sink {
    inner: HtmlTreeSink,
    elements: Cell<usize>,
    work: Cell<usize>,
    max_work: usize,
    reached: Cell<Option<Bound>>,
}

type Handle = <HtmlTreeSink as TreeSink>::Handle;

impl Sink {
    fn new(html: Html) -> Self {
        Self {
            inner: HtmlTreeSink::new(html),
            elements: Cell::new(0),
            work: Cell::new(0),
            max_work: usize::MAX,
            reached: Cell::new(None),
        }
    }

    fn check_depth(&self, parent: Handle) {
        if self.reached.get().is_none() {
            let html = self.inner.0.borrow();
            let depth = html.tree.get(parent).map_or(0, |node| node.ancestors().take(MAX_DEPTH).count());
            self.work.set(self.work.get() + depth + ELEMENT_WORK);
            if depth == MAX_DEPTH {
                self.reached.set(Some(Bound::Depth));
            } else if self.work.get() >= self.max_work {
                self.reached.set(Some(Bound::Work));
            }
        }
    }
}

impl TreeSink for Sink {
    type Output = Html;
    type Handle = Handle;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Html {
        self.inner.finish()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        self.elements.set(self.elements.get() + 1);
        self.work.set(self.work.get() + attributes.len());
        if self.elements.get() >= MAX_ELEMENTS && self.reached.get().is_none() {
            self.reached.set(Some(Bound::Elements));
        }
        self.inner.create_element(name, attributes, flags)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        if matches!(child, NodeOrText::AppendNode(_)) {
            self.check_depth(*parent);
        }
        self.inner.append(parent, child);
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        self.check_depth(*sibling);
        self.inner.append_before_sibling(sibling, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        self.check_depth(*element);
        self.inner.append_based_on_parent_node(element, previous, child);
    }

    fn reparent_children(&self, node: &Handle, parent: &Handle) {
        self.check_depth(*parent);
        self.inner.reparent_children(node, parent);
    }

    fn parse_error(&self, message: Cow<'static, str>) {
        self.inner.parse_error(message);
    }

    fn get_document(&self) -> Handle {
        self.inner.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Ref<'a, QualName> {
        self.inner.elem_name(target)
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.inner.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        self.inner.create_pi(target, data)
    }

    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.inner.append_doctype_to_document(name, public_id, system_id);
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        self.inner.get_template_contents(target)
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        self.inner.same_node(x, y)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(target, attributes);
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.inner.remove_from_parent(target);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{MAX_DEPTH, parse, parse_fragment};
    use crate::html::sanitize;

    /// Parses and sanitises; ten times what an optimised build takes is allowed to a debug build on a busy machine.
    #[track_caller]
    fn check(name: &str, text: &str) -> Vec<String> {
        let started = Instant::now();
        let tree = parse(text);
        let sanitized = sanitize(text, None);
        let took = started.elapsed();
        assert!(took < Duration::from_secs(30), "{name} took {took:?}");
        let depth = tree.html.tree.nodes().map(|node| node.ancestors().count()).max().unwrap_or(0);
        assert!(depth < MAX_DEPTH + 1500, "{name} is {depth} deep");
        assert!(sanitized.len() <= text.len() * 6, "{name}");
        tree.warnings
    }

    #[test]
    fn markup_under_attack_is_read_in_bounded_time() {
        assert!(!check("nested div", &"<div>".repeat(50_000)).is_empty());
        assert!(!check("nested lists", &"<ul><li>".repeat(32_000)).is_empty());
        assert!(!check("nested in svg", &format!("<svg>{}", "<g>".repeat(50_000))).is_empty());
        assert!(!check("nested in math", &format!("<math>{}", "<mi><div>".repeat(50_000))).is_empty());
        assert!(!check("attributes", &format!("<p {}>x", "a=1 b".repeat(100_000))).is_empty());
        assert!(!check("elements", &"<br>".repeat(400_000)).is_empty());
        assert!(!check("formatting", &"<b><i>".repeat(50_000)).is_empty());
        check("misnested formatting", &"<b><p></b><i><div></i>".repeat(20_000));
        check(
            "formatting to reconstruct",
            &(0..20_000).map(|n| format!("<b a={n}><p>x</p>")).collect::<Vec<_>>().concat(),
        );
        check("entities", &"&amp;".repeat(400_000));
        check("bare ampersands", &"&".repeat(2_000_000));
        check("hard spaces", &"\u{a0}".repeat(1_000_000));
        check("unclosed comment", &format!("<p>x<!-- {}", "<p>-".repeat(500_000)));
        check("comments", &"<!-- x".repeat(300_000));
        check("unclosed raw text", &"<noscript><iframe><title>".repeat(200_000));
        check("NULs", &"\0".repeat(4_000_000));
        check("noscripts in one", &format!("{}<p></noscript>", "<noscript>".repeat(200_000)));
        check("frames in one", &format!("{}<a ></iframe>", "<iframe>".repeat(200_000)));
        check("drawings in one", &format!("{}<text></svg>", "<svg>".repeat(200_000)));
        check("table", &format!("<table>{}", "<p>x".repeat(300_000)));
        check("nested tables", &"<table><tr><td>".repeat(50_000));
        check("foster-parented tables", &"<table><a>".repeat(50_000));
        check("selects", &"<select><option>".repeat(50_000));
    }

    #[test]
    fn two_mebibytes_of_markup_are_read() {
        let tree = parse(&"é<p>".repeat(1_000_000));
        assert!(tree.warnings.len() == 1 && tree.warnings[0].starts_with("cut after"), "{:?}", tree.warnings);
        let mostly_style = format!("<style>{}</style><p>x", " ".repeat(3_000_000));
        assert_eq!(parse(&mostly_style).warnings, Vec::<String>::new());
    }

    #[test]
    fn ordinary_pages_and_fragments_are_not_cut() {
        let tree = parse("<!DOCTYPE html><title>a</title><p>b");
        assert!(tree.warnings.is_empty());
        assert_eq!(tree.html.root_element().text().collect::<String>(), "ab");
        assert_eq!(parse_fragment("<td>x</td>y").html.root_element().text().collect::<String>(), "xy");
    }
}
