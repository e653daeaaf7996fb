//! Blocks → the stored text and markup, both from the same list, so that they say the same.

use ego_tree::NodeRef;
use scraper::Node;
use url::Url;

use super::outline::{Block, Kind, Outline, Tag};
use crate::html::{self, Step, Writer, is_dropped, is_void};

/// The text: one block a line, with an empty line between.
pub(super) fn text(page: &Outline<'_>, blocks: &[usize]) -> String {
    let mut text = String::new();
    for block in
        blocks.iter().map(|at| &page.blocks[*at]).filter(|block| !block.text.is_empty() && block.kind != Kind::Caption)
    {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&block.text);
    }
    text
}

/// The markup, sanitised.
pub(super) fn markup(page: &Outline<'_>, blocks: &[usize], base: &Url) -> String {
    let mut writer = Writer::new(Some(base));
    let mut open: Vec<Open> = Vec::new();
    // An item of several paragraphs has elements for them.
    let items: Vec<Kind> = blocks.iter().map(|at| page.blocks[*at].kind).collect();
    let is_one_of_several = |at: usize| {
        matches!(items[at], Kind::Item(_))
            && (at > 0 && items[at - 1] == items[at] || items.get(at + 1) == Some(&items[at]))
    };
    for (at, block) in blocks.iter().map(|at| &page.blocks[*at]).enumerate() {
        let path = path(page, block);
        let shared = open.iter().zip(&path).take_while(|(a, b)| a == b).count();
        close_to(&mut writer, &mut open, shared);
        for part in path.into_iter().skip(shared) {
            // A numbered list has the number that it begins with.
            let list = page.nodes[part.node].element().filter(|list| part.name == "ol" && list.name() == "ol");
            if !list.is_some_and(|list| writer.start(list)) {
                writer.open(part.name);
            }
            open.push(part);
        }
        let name = if is_one_of_several(at) { Some("p") } else { element_of(block) };
        if let Some(name) = name {
            writer.open(name);
        }
        match block.kind {
            Kind::Row(row) => cells(&mut writer, page, row),
            _ => inline(&mut writer, page, block),
        }
        if let Some(name) = name {
            writer.close(name);
        }
    }
    close_to(&mut writer, &mut open, 0);
    html::check(&writer.finish())
}

/// An element around blocks: lists, quotes, tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Open {
    node: usize,
    name: &'static str,
}

fn close_to(writer: &mut Writer<'_>, open: &mut Vec<Open>, depth: usize) {
    while open.len() > depth {
        if let Some(part) = open.pop() {
            writer.close(part.name);
        }
    }
}

/// The lists, quotes and tables around a block, outermost first.
fn path(page: &Outline<'_>, block: &Block) -> Vec<Open> {
    let mut path = Vec::new();
    let in_row = matches!(block.kind, Kind::Row(_));
    for node in page.ancestors(block.container).take(64) {
        let name = match page.nodes[node].tag {
            Tag::Quote => "blockquote",
            Tag::Item => match page.nodes[node].element().map(scraper::node::Element::name) {
                Some("dt") => "dt",
                Some("dd") => "dd",
                _ => "li",
            },
            Tag::List => match page.nodes[node].element().map(scraper::node::Element::name) {
                Some("ol") => "ol",
                Some("dl") => "dl",
                _ => "ul",
            },
            // A layout's table is no table: only rows that are read as lines are in one.
            Tag::Table if in_row => "table",
            Tag::Row if in_row => "tr",
            _ => continue,
        };
        path.push(Open { node, name });
    }
    path.reverse();
    // An item outside a list would be no item.
    let first_list = path.iter().position(|part| matches!(part.name, "ul" | "ol" | "dl"));
    let mut at = 0;
    path.retain(|part| {
        at += 1;
        !matches!(part.name, "li" | "dt" | "dd") || first_list.is_some_and(|first| first < at)
    });
    path
}

fn element_of(block: &Block) -> Option<&'static str> {
    match block.kind {
        Kind::Paragraph if block.text.is_empty() => Some("figure"),
        Kind::Paragraph | Kind::Caption => Some("p"),
        Kind::Heading(1 | 2) => Some("h2"),
        Kind::Heading(3) => Some("h3"),
        Kind::Heading(4) => Some("h4"),
        Kind::Heading(5) => Some("h5"),
        Kind::Heading(_) => Some("h6"),
        Kind::Preformatted => Some("pre"),
        Kind::Item(_) | Kind::Row(_) => None,
    }
}

fn cells(writer: &mut Writer<'_>, page: &Outline<'_>, row: usize) {
    let mut at = row + 1;
    while at < page.nodes[row].end {
        let item = &page.nodes[at];
        if item.tag == Tag::Cell {
            let name = if item.element().is_some_and(|element| element.name() == "th") { "th" } else { "td" };
            writer.open(name);
            subtree(writer, item.node);
            writer.close(name);
        }
        at = item.end;
    }
}

fn inline(writer: &mut Writer<'_>, page: &Outline<'_>, block: &Block) {
    let mut at = block.nodes.start;
    // A range may begin inside inline elements that began in the block before: `<b>a<br><br>b</b>`.
    while at < block.nodes.end {
        let item = &page.nodes[at];
        if item.end <= block.nodes.end {
            subtree(writer, item.node);
            at = item.end;
        } else {
            at += 1;
        }
    }
}

/// A node and what is below it, inline elements only; where a block element begins or ends between texts, a line ends.
fn subtree(writer: &mut Writer<'_>, root: NodeRef<'_, Node>) {
    let mut written = Vec::new();
    let (mut has_text, mut ends_line) = (false, false);
    html::walk(root, &mut |step| match step {
        Step::Enter(node) => match node.value() {
            Node::Text(text) => {
                if !text.trim().is_empty() {
                    if std::mem::take(&mut ends_line) && has_text {
                        writer.open("br");
                    }
                    has_text = true;
                }
                writer.text(text);
                false
            }
            Node::Element(element) if is_dropped(element.name()) => false,
            Node::Element(element) => {
                ends_line |= html::is_block(element.name());
                let is_written = is_inline(element.name()) && writer.start(element);
                let goes_in = !is_void(element.name());
                if goes_in {
                    written.push(is_written);
                }
                goes_in
            }
            _ => false,
        },
        Step::Leave(node) => {
            if let Some(element) = node.value().as_element() {
                ends_line |= html::is_block(element.name());
                if written.pop() == Some(true) {
                    writer.close(element.name());
                }
            }
            false
        }
    });
}

fn is_inline(name: &str) -> bool {
    !html::is_block(name) && !matches!(name, "td" | "th" | "time")
}
