//! The elements and texts of a page in document order, with what their names say.

use std::collections::HashSet;

use ego_tree::{NodeId, NodeRef};
use foldhash::{HashMap, HashMapExt};
use scraper::node::Element;
use scraper::{Html, Node};

use super::Trust;
use super::blocks::weight_of;
use crate::article::hints::{self, Hints};
use crate::html::{is_block, is_dropped};

/// An element or a text of the page.
#[derive(Debug)]
pub(in crate::article) struct Item<'a> {
    pub(in crate::article) node: NodeRef<'a, Node>,
    pub(in crate::article) parent: usize,
    /// One past the last node below.
    pub(in crate::article) end: usize,
    pub(in crate::article) tag: Tag,
    /// What its own names say.
    pub(in crate::article) hints: Hints,
    /// What its own and its ancestors' names say.
    pub(in crate::article) inherited: Hints,
}

impl<'a> Item<'a> {
    pub(in crate::article) fn element(&self) -> Option<&'a Element> {
        self.node.value().as_element()
    }
}

/// The elements that reading asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::article) enum Tag {
    Text,
    Inline,
    Link,
    Break,
    Image,
    Time,
    Strong,
    Paragraph,
    Heading(u8),
    List,
    Item,
    Quote,
    Pre,
    Table,
    Row,
    Cell,
    Figure,
    Caption,
    Article,
    Main,
    Section,
    Header,
    Footer,
    Nav,
    Aside,
    Form,
    Body,
    Block,
}

impl Tag {
    fn of(name: &str) -> Tag {
        match name {
            "a" => Tag::Link,
            "p" => Tag::Paragraph,
            "br" => Tag::Break,
            "img" => Tag::Image,
            "time" => Tag::Time,
            "b" | "strong" => Tag::Strong,
            "h1" => Tag::Heading(1),
            "h2" => Tag::Heading(2),
            "h3" => Tag::Heading(3),
            "h4" => Tag::Heading(4),
            "h5" => Tag::Heading(5),
            "h6" => Tag::Heading(6),
            "ul" | "ol" | "dl" | "menu" | "dir" => Tag::List,
            "li" | "dd" | "dt" => Tag::Item,
            "blockquote" => Tag::Quote,
            "pre" => Tag::Pre,
            "table" => Tag::Table,
            "tr" => Tag::Row,
            "td" | "th" => Tag::Cell,
            "figure" => Tag::Figure,
            "figcaption" => Tag::Caption,
            "article" => Tag::Article,
            "main" => Tag::Main,
            "section" => Tag::Section,
            "header" => Tag::Header,
            "footer" => Tag::Footer,
            "nav" => Tag::Nav,
            "aside" => Tag::Aside,
            "form" => Tag::Form,
            "body" | "html" => Tag::Body,
            name if is_block(name) => Tag::Block,
            _ => Tag::Inline,
        }
    }

    /// Whether it begins and ends a block of text.
    pub(in crate::article) fn is_block(self) -> bool {
        !matches!(self, Tag::Text | Tag::Inline | Tag::Link | Tag::Break | Tag::Image | Tag::Time | Tag::Strong)
    }
}

/// Reads the page in document order.
pub(super) fn read<'a>(html: &'a Html, dropped: &HashSet<NodeId>, trust: Trust) -> Vec<Item<'a>> {
    let (mut nodes, sizes) = flatten(html, dropped, trust);
    inherit(&mut nodes, &sizes);
    nodes
}

/// The size of the text before each place: all of it, and that of long texts outside links, which is an article's.
#[derive(Debug, Default)]
struct Sizes {
    all: Vec<u32>,
    long: Vec<u32>,
}

impl Sizes {
    fn push(&mut self, all: u32, long: u32) {
        self.all.push(all);
        self.long.push(long);
    }
}

/// A text node this long is most likely part of a sentence.
const LONG_TEXT: u32 = 60;

/// Elements and texts in document order.
fn flatten<'a>(html: &'a Html, dropped: &HashSet<NodeId>, trust: Trust) -> (Vec<Item<'a>>, Sizes) {
    let mut nodes: Vec<Item<'a>> = Vec::with_capacity(4096);
    let mut sizes = Sizes::default();
    let (mut size, mut long) = (0, 0);
    let mut names: HashMap<&'a str, Hints> = HashMap::new();
    let mut open: Vec<usize> = Vec::new();
    crate::html::walk(html.tree.root(), &mut |step| {
        let (node, tag, hints) = match step {
            crate::html::Step::Leave(_) => {
                if let Some(at) = open.pop() {
                    nodes[at].end = nodes.len();
                }
                return false;
            }
            crate::html::Step::Enter(node) => match node.value() {
                Node::Text(text) => {
                    sizes.push(size, long);
                    let text_size = weight_of(text);
                    size += text_size;
                    let is_link = open.last().is_some_and(|at| nodes[*at].tag == Tag::Link);
                    long += if text_size >= LONG_TEXT && !is_link { text_size } else { 0 };
                    (node, Tag::Text, Hints::NONE)
                }
                Node::Element(element) => {
                    let tag = Tag::of(element.name());
                    let is_out = is_dropped(element.name()) || tag == Tag::Link && is_permalink(node, element);
                    if is_out || !dropped.is_empty() && dropped.contains(&node.id()) {
                        return false;
                    }
                    sizes.push(size, long);
                    (node, tag, hints_of(element, tag, trust, &mut names))
                }
                Node::Document | Node::Fragment if nodes.is_empty() => {
                    sizes.push(size, long);
                    (node, Tag::Body, Hints::NONE)
                }
                _ => return false,
            },
        };
        let at = nodes.len();
        let parent = open.last().copied().unwrap_or(0);
        nodes.push(Item { node, parent, end: at + 1, tag, hints, inherited: hints });
        if tag != Tag::Text {
            open.push(at);
        }
        tag != Tag::Text
    });
    sizes.push(size, long);
    (nodes, sizes)
}

fn hints_of<'a>(element: &'a Element, tag: Tag, trust: Trust, names: &mut HashMap<&'a str, Hints>) -> Hints {
    let mut found = match tag {
        Tag::Nav => Hints::NAVIGATION,
        Tag::Aside => Hints::ASIDE,
        Tag::Caption => Hints::CAPTION,
        Tag::Article | Tag::Main => Hints::ARTICLE,
        _ => Hints::NONE,
    };
    let attributes = element.attrs().filter(|_| trust == Trust::Names);
    for (name, value) in attributes {
        found |= match name {
            "class" | "id" => *names.entry(value).or_insert_with(|| hints::of_name(value)),
            "role" => hints::of_role(value),
            "itemprop" | "property" => hints::of_property(value),
            // React sends parts of a page hidden and moves them by script.
            "hidden" if !element.attr("id").is_some_and(|id| id.starts_with("S:")) => Hints::HIDDEN,
            "aria-hidden" if value == "true" => Hints::HIDDEN,
            "style" if is_hidden_style(value) => Hints::HIDDEN,
            _ => Hints::NONE,
        };
    }
    // The whole page is not what a state of it is called: `has-sidebar`, `comments-open`.
    if matches!(tag, Tag::Body | Tag::Main | Tag::Article) { found.without(Hints::BOILERPLATE) } else { found }
}

/// Whether a link is the mark behind a heading that leads to itself: `¶`.
fn is_permalink(node: NodeRef<'_, Node>, element: &Element) -> bool {
    element.attr("href").is_some_and(|href| href.starts_with('#'))
        && node.first_child().filter(|child| child.next_sibling().is_none()).is_some_and(|child| {
            child.value().as_text().is_some_and(|text| matches!(text.trim(), "¶" | "#" | "§" | "🔗"))
        })
}

fn is_hidden_style(style: &str) -> bool {
    style.contains("none") && style.replace(' ', "").contains("display:none")
        || style.contains("hidden") && style.replace(' ', "").contains("visibility:hidden")
}

/// Hands hints down, after taking them from elements that hold too much of the page to be what they are called.
fn inherit(nodes: &mut [Item<'_>], sizes: &Sizes) {
    let total = sizes.all.last().copied().unwrap_or(0).max(1);
    let total_long = sizes.long.last().copied().unwrap_or(0).max(1);
    let mut holds_title = vec![false; nodes.len()];
    for at in (0..nodes.len()).rev() {
        let parent = nodes[at].parent;
        if nodes[at].tag == Tag::Heading(1) && sizes.all[nodes[at].end] - sizes.all[at] >= 12 || holds_title[at] {
            holds_title[parent] = true;
        }
    }
    for at in 0..nodes.len() {
        if nodes[at].hints.any(Hints::BOILERPLATE) {
            let size = sizes.all[nodes[at].end] - sizes.all[at];
            let long = sizes.long[nodes[at].end] - sizes.long[at];
            if long > 1200 && long * 5 > total_long {
                nodes[at].hints = nodes[at].hints.without(Hints::LINKS_AND_TOOLS);
            }
            let is_comments = nodes[at].hints.any(Hints::COMMENTS);
            let holds_page =
                long * 5 > total_long * 2 && long > 300 && !is_comments || holds_title[at] && size * 4 > total;
            nodes[at].hints =
                if holds_page { nodes[at].hints.without(Hints::BOILERPLATE) } else { nodes[at].hints.limited_to(size) };
        }
        let inherited = if at == 0 { Hints::NONE } else { nodes[nodes[at].parent].inherited };
        nodes[at].inherited = inherited | nodes[at].hints;
    }
}
