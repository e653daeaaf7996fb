//! The text of a page as a sequence of blocks: what a reader sees as a paragraph, a heading, an item, a row.

use std::cell::OnceCell;
use std::ops::Range;

use super::nodes::{Item, Tag};
use crate::article::hints::Hints;
use crate::article::labels::{self, Label};

/// A piece of text between two block boundaries: a paragraph, a heading, a list item, a row of a table.
#[derive(Debug)]
pub(in crate::article) struct Block {
    /// Its inline nodes.
    pub(in crate::article) nodes: Range<usize>,
    /// The nearest block element around it.
    pub(in crate::article) container: usize,
    pub(in crate::article) kind: Kind,
    /// White space folded; cells separated by tabs.
    pub(in crate::article) text: String,
    /// Letters and digits; an ideograph counts as three, since it says as much.
    pub(in crate::article) size: u32,
    /// The part of `size` inside links.
    pub(in crate::article) link_size: u32,
    /// Sentence marks.
    pub(in crate::article) stops: u32,
    /// What the names of everything around it say.
    pub(in crate::article) hints: Hints,
    /// Whether it shows an image.
    pub(in crate::article) has_image: bool,
    /// Found when it is first asked for: every candidate asks the same of the same blocks.
    label: OnceCell<Option<Label>>,
    /// The same.
    date_line: OnceCell<bool>,
}

impl Block {
    /// The share of its text that is inside links.
    pub(in crate::article) fn link_share(&self) -> f64 {
        if self.size == 0 { 0.0 } else { f64::from(self.link_size) / f64::from(self.size) }
    }

    /// What it announces, where it is a label and nothing else.
    pub(in crate::article) fn label(&self) -> Option<Label> {
        *self.label.get_or_init(|| labels::whole(&self.text))
    }

    /// Whether it is a date line, as `read` says when it is first asked.
    pub(in crate::article) fn is_date_line(&self, read: impl FnOnce(&str) -> bool) -> bool {
        *self.date_line.get_or_init(|| read(&self.text))
    }
}

/// What a block is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::article) enum Kind {
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

/// How much a character counts: letters and digits one, ideographs and syllables three and two.
pub(in crate::article) fn weight(c: char) -> u32 {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => 1,
        '\0'..='\u{7f}' => 0,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => 3,
        '\u{ac00}'..='\u{d7a3}' => 2,
        c if c.is_alphanumeric() => 1,
        _ => 0,
    }
}

pub(super) fn weight_of(text: &str) -> u32 {
    if text.is_ascii() {
        return u32::try_from(text.bytes().filter(u8::is_ascii_alphanumeric).count()).unwrap_or(u32::MAX);
    }
    text.chars().map(weight).sum()
}

/// Marks that end or divide sentences, in any script.
pub(in crate::article) fn is_stop(c: char) -> bool {
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
pub(super) struct Blocks<'n, 'a> {
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
    pub(super) fn read(nodes: &'n [Item<'a>]) -> Vec<Block> {
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
