//! A page laid out flat: its elements in document order with their hints, and its text as a sequence of blocks.
//!
//! Everything that reads the page works on this, so that no text is walked twice: the text under an element is a range
//! of blocks, and its size a difference of two sums.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use ego_tree::{NodeId, NodeRef};
use foldhash::{HashMap, HashMapExt};
use scraper::node::Element;
use scraper::{Html, Node};

use super::hints::{self, Hints};
use super::labels::{self, Label};
use crate::html::{is_block, is_dropped};

/// A page laid out flat.
#[derive(Debug)]
pub(super) struct Outline<'a> {
    /// Elements and texts in document order, without what is never text (scripts, controls).
    pub(super) nodes: Vec<Item<'a>>,
    /// Its text in document order.
    pub(super) blocks: Vec<Block>,
    /// `sums[i]` is the size of the text of all blocks before `i`.
    pub(super) sums: Vec<u32>,
    /// The same of the text inside links.
    link_sums: Vec<u32>,
    /// How many blocks begin before each node.
    begun: Vec<usize>,
}

/// Which names are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Those of elements, classes, ids, roles and properties.
    Names,
    /// Those of elements alone: for a page whose class names condemn its text.
    Elements,
}

/// An element or a text of the page.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) node: NodeRef<'a, Node>,
    pub(super) parent: usize,
    /// One past the last node below.
    pub(super) end: usize,
    pub(super) tag: Tag,
    /// What its own names say.
    pub(super) hints: Hints,
    /// What its own and its ancestors' names say.
    pub(super) inherited: Hints,
}

impl<'a> Item<'a> {
    pub(super) fn element(&self) -> Option<&'a Element> {
        self.node.value().as_element()
    }
}

/// A piece of text between two block boundaries: a paragraph, a heading, a list item, a row of a table.
#[derive(Debug)]
pub(super) struct Block {
    /// Its inline nodes.
    pub(super) nodes: Range<usize>,
    /// The nearest block element around it.
    pub(super) container: usize,
    pub(super) kind: Kind,
    /// White space folded; cells separated by tabs.
    pub(super) text: String,
    /// Letters and digits; an ideograph counts as three, since it says as much.
    pub(super) size: u32,
    /// The part of `size` inside links.
    pub(super) link_size: u32,
    /// Sentence marks.
    pub(super) stops: u32,
    /// What the names of everything around it say.
    pub(super) hints: Hints,
    /// Whether it shows an image.
    pub(super) has_image: bool,
    /// Found when it is first asked for: every candidate asks the same of the same blocks.
    label: OnceCell<Option<Label>>,
    /// The same.
    date_line: OnceCell<bool>,
}

impl Block {
    /// The share of its text that is inside links.
    pub(super) fn link_share(&self) -> f64 {
        if self.size == 0 { 0.0 } else { f64::from(self.link_size) / f64::from(self.size) }
    }

    /// What it announces, where it is a label and nothing else.
    pub(super) fn label(&self) -> Option<Label> {
        *self.label.get_or_init(|| labels::whole(&self.text))
    }

    /// Whether it is a date line, as `read` says when it is first asked.
    pub(super) fn is_date_line(&self, read: impl FnOnce(&str) -> bool) -> bool {
        *self.date_line.get_or_init(|| read(&self.text))
    }
}

/// What a block is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    /// With its level, 1 to 6.
    Heading(u8),
    /// The node of its `li`.
    Item(usize),
    /// The node of its `tr`.
    Row(usize),
    Preformatted,
    Caption,
}

/// The elements that reading asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
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
    pub(super) fn is_block(self) -> bool {
        !matches!(self, Tag::Text | Tag::Inline | Tag::Link | Tag::Break | Tag::Image | Tag::Time | Tag::Strong)
    }
}

impl<'a> Outline<'a> {
    /// Lays a page out. `dropped` are elements that a rule of the config leaves out.
    pub(super) fn new(html: &'a Html, dropped: &HashSet<NodeId>, trust: Trust) -> Self {
        let (mut nodes, sizes) = flatten(html, dropped, trust);
        inherit(&mut nodes, &sizes);
        let blocks = Blocks::read(&nodes);
        let mut sums = Vec::with_capacity(blocks.len() + 1);
        let mut link_sums = Vec::with_capacity(blocks.len() + 1);
        let (mut sum, mut link_sum) = (0_u32, 0_u32);
        sums.push(0);
        link_sums.push(0);
        for block in &blocks {
            sum += block.size;
            link_sum += block.link_size;
            sums.push(sum);
            link_sums.push(link_sum);
        }
        let mut begun = Vec::with_capacity(nodes.len() + 1);
        let mut next = 0;
        for node in 0..=nodes.len() {
            while blocks.get(next).is_some_and(|block| block.nodes.start < node) {
                next += 1;
            }
            begun.push(next);
        }
        Self { nodes, blocks, sums, link_sums, begun }
    }

    /// The blocks under a node.
    pub(super) fn blocks_of(&self, node: usize) -> Range<usize> {
        self.begun[node]..self.begun[self.nodes[node].end]
    }

    /// The size of the text of some blocks.
    pub(super) fn size_of(&self, blocks: &Range<usize>) -> u32 {
        self.sums[blocks.end] - self.sums[blocks.start]
    }

    /// The size of the text inside links of some blocks.
    pub(super) fn link_size_of(&self, blocks: &Range<usize>) -> u32 {
        self.link_sums[blocks.end] - self.link_sums[blocks.start]
    }

    /// A node and everything around it, innermost first.
    pub(super) fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let mut next = Some(node);
        std::iter::from_fn(move || {
            let here = next?;
            next = (here != 0).then(|| self.nodes[here].parent);
            Some(here)
        })
    }
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
                    if is_dropped(element.name()) || !dropped.is_empty() && dropped.contains(&node.id()) {
                        return false;
                    }
                    sizes.push(size, long);
                    let tag = Tag::of(element.name());
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

/// How much a character counts: letters and digits one, ideographs and syllables three and two.
pub(super) fn weight(c: char) -> u32 {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => 1,
        '\0'..='\u{7f}' => 0,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => 3,
        '\u{ac00}'..='\u{d7a3}' => 2,
        c if c.is_alphanumeric() => 1,
        _ => 0,
    }
}

fn weight_of(text: &str) -> u32 {
    if text.is_ascii() {
        return u32::try_from(text.bytes().filter(u8::is_ascii_alphanumeric).count()).unwrap_or(u32::MAX);
    }
    text.chars().map(weight).sum()
}

/// Marks that end or divide sentences, in any script.
pub(super) fn is_stop(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | '!'
            | '?'
            | ';'
            | '。'
            | '，'
            | '、'
            | '！'
            | '？'
            | '；'
            | '।'
            | '॥'
            | '؟'
            | '،'
            | '۔'
            | '؛'
            | '።'
            | '။'
            | '·'
    )
}

/// Cuts the text of a page into blocks.
struct Blocks<'n, 'a> {
    nodes: &'n [Item<'a>],
    done: Vec<Block>,
    /// The block that is being read: where it begins.
    from: usize,
    text: String,
    space: Option<char>,
    size: u32,
    link_size: u32,
    stops: u32,
    has_image: bool,
    breaks: u32,
    links: u32,
}

impl<'n, 'a> Blocks<'n, 'a> {
    fn read(nodes: &'n [Item<'a>]) -> Vec<Block> {
        let mut blocks = Self {
            nodes,
            done: Vec::with_capacity(256),
            from: 0,
            text: String::new(),
            space: None,
            size: 0,
            link_size: 0,
            stops: 0,
            has_image: false,
            breaks: 0,
            links: 0,
        };
        blocks.run();
        blocks.done
    }

    fn run(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        // Inside a row that is read as one line, its end.
        let mut row_end = 0;
        let mut pre_end = 0;
        for at in 0..self.nodes.len() {
            while let Some(&innermost) = open.last() {
                if self.nodes[innermost].end > at {
                    break;
                }
                open.pop();
                self.leave(innermost, at, row_end);
            }
            let item = &self.nodes[at];
            match item.tag {
                Tag::Text => {
                    if let Some(text) = item.node.value().as_text() {
                        if at < pre_end { self.preformatted(text) } else { self.words(text) }
                    }
                }
                Tag::Break => {
                    self.breaks += 1;
                    self.space = self.space.or(Some(' '));
                    if self.breaks == 2 && at >= pre_end && at >= row_end {
                        self.flush(at);
                    } else if at < pre_end {
                        self.text.push('\n');
                    }
                }
                Tag::Image => self.has_image = true,
                Tag::Cell if at < row_end => self.space = Some('\t'),
                tag if tag.is_block() && at >= row_end => {
                    self.flush(at);
                    self.from = at + 1;
                    if tag == Tag::Row && is_line(self.nodes, at) {
                        row_end = item.end;
                    }
                    if tag == Tag::Pre {
                        pre_end = item.end;
                    }
                }
                tag if tag.is_block() => self.space = self.space.or(Some(' ')),
                Tag::Link => self.links += 1,
                _ => {}
            }
            if item.end > at + 1 {
                open.push(at);
            } else if item.tag == Tag::Link {
                self.links -= 1;
            }
        }
        let end = self.nodes.len();
        while let Some(innermost) = open.pop() {
            self.leave(innermost, end, 0);
        }
        self.flush(end);
    }

    fn leave(&mut self, node: usize, at: usize, row_end: usize) {
        match self.nodes[node].tag {
            Tag::Link => self.links -= 1,
            tag if tag.is_block() => {
                if at >= row_end || self.nodes[node].tag == Tag::Row {
                    self.flush(at);
                } else {
                    self.space = self.space.or(Some(' '));
                }
            }
            _ => {}
        }
    }

    fn words(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.space = self.space.or(Some(' '));
                continue;
            }
            if matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}') || c.is_control() {
                continue;
            }
            if let Some(space) = self.space.take()
                && !self.text.is_empty()
            {
                self.text.push(space);
            }
            self.breaks = 0;
            self.count(c);
            self.text.push(c);
        }
    }

    fn preformatted(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')) {
            self.count(c);
            self.text.push(c);
        }
        self.space = None;
    }

    fn count(&mut self, c: char) {
        let weight = weight(c);
        self.size += weight;
        if self.links > 0 {
            self.link_size += weight;
        }
        if weight == 0 && is_stop(c) {
            self.stops += 1;
        }
    }

    /// Ends the block before node `at`.
    fn flush(&mut self, at: usize) {
        let text = self.text.trim_matches(['\n', ' ', '\t']);
        if !text.is_empty() || self.has_image {
            let container = self.container(self.from, at);
            self.done.push(Block {
                nodes: self.from..at,
                container,
                kind: self.kind(container),
                text: text.to_owned(),
                size: self.size,
                link_size: self.link_size,
                stops: self.stops,
                hints: self.hints(self.from..at, container),
                has_image: self.has_image,
                label: OnceCell::new(),
                date_line: OnceCell::new(),
            });
        }
        self.text.clear();
        (self.size, self.link_size, self.stops, self.breaks) = (0, 0, 0, 0);
        self.has_image = false;
        self.space = None;
        self.from = at;
    }

    /// The nearest block element around the first node of a range.
    fn container(&self, from: usize, to: usize) -> usize {
        let mut at = from.min(self.nodes.len() - 1);
        if from < to {
            at = self.nodes[at].parent;
        }
        while at != 0 && !self.nodes[at].tag.is_block() {
            at = self.nodes[at].parent;
        }
        at
    }

    /// The hints around a block; those of an inline element count when it holds all of the block's text.
    fn hints(&self, range: Range<usize>, container: usize) -> Hints {
        let mut hints = self.nodes[container].inherited;
        let is_space = |item: &Item<'_>| item.node.value().as_text().is_some_and(|text| text.trim().is_empty());
        let nodes = &self.nodes[range.clone()];
        let last_text =
            nodes.iter().rposition(|item| item.tag == Tag::Text && !is_space(item)).map(|at| range.start + at);
        let around = nodes.iter().filter(|item| item.tag != Tag::Text || !is_space(item));
        for item in around.take_while(|item| item.tag != Tag::Text && last_text.is_none_or(|text| item.end > text)) {
            hints |= item.inherited;
        }
        // A range that starts inside inline elements is inside them whole.
        if range.start < range.end {
            hints |= self.nodes[self.nodes[range.start].parent].inherited;
        }
        hints
    }

    fn kind(&self, container: usize) -> Kind {
        let mut at = container;
        let mut steps = 0;
        while at != 0 && steps < 6 {
            match self.nodes[at].tag {
                Tag::Heading(level) => return Kind::Heading(level),
                Tag::Item => return Kind::Item(at),
                Tag::Row if at == container => return Kind::Row(at),
                Tag::Pre => return Kind::Preformatted,
                Tag::Caption => return Kind::Caption,
                Tag::Article | Tag::Main | Tag::Section | Tag::Cell | Tag::Body | Tag::List => break,
                _ => {}
            }
            at = self.nodes[at].parent;
            steps += 1;
        }
        Kind::Paragraph
    }
}

/// Whether a row is a line of data rather than a piece of a layout: two cells or more, none with much structure or text.
fn is_line(nodes: &[Item<'_>], row: usize) -> bool {
    let (mut cells, mut bytes) = (0, 0);
    let (mut cell_parts, mut cell_bytes) = (0, 0);
    for item in &nodes[row + 1..nodes[row].end] {
        match item.tag {
            Tag::Cell => {
                cells += 1;
                (cell_parts, cell_bytes) = (0, 0);
            }
            Tag::Table | Tag::Row | Tag::Heading(1 | 2) | Tag::Article | Tag::Section | Tag::Nav | Tag::Form => {
                return false;
            }
            Tag::Break => cell_parts += 1,
            Tag::Text => {
                let length = item.node.value().as_text().map_or(0, |text| text.len());
                cell_bytes += length;
                bytes += length;
            }
            tag if tag.is_block() => cell_parts += 1,
            _ => {}
        }
        // Several paragraphs of some length are a column of a page.
        if cell_parts >= 2 && cell_bytes > 300 {
            return false;
        }
    }
    cells >= 2 && bytes <= 400 * cells && bytes <= 2000
}
