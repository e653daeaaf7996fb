//! Links that the publisher calls related: labelled lines in the text, boxes in and right after it, metadata, the feed.
//!
//! What a machine chose (most read, recommended) and what leads to no article (tags, authors, sharing) is left out. A labelled
//! line leaves the text.

use std::collections::HashSet;
use std::ops::Range;

use serde_json::Value;
use url::Url;

use super::PageInput;
use super::hints::Hints;
use super::json_ld;
use super::judge::Reading;
use super::labels::{self, Label};
use super::outline::{Block, Kind, Outline, Tag};
use crate::html::absolute;
use crate::model::article::{LinkKind, RelatedLink};

mod targets;

pub(super) use targets::leads_to_no_article;

/// Related links kept of a page.
const MAX_LINKS: usize = 60;

/// Blocks after the text in which a box is still the article's on a page that marks no article.
const RIGHT_AFTER: usize = 12;
/// The same for a box that its name calls related.
const BEHIND: usize = 80;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Related {
    pub(super) links: Vec<RelatedLink>,
    /// Blocks that are related links and so no text.
    pub(super) lines: HashSet<usize>,
}

/// Finds the related links of a page.
pub(super) fn find<'m>(
    page: &Outline<'_>,
    reading: &Reading,
    of_head: impl Iterator<Item = (&'m str, Option<&'m str>)>,
    article: Option<&Value>,
    base: &Url,
    input: &PageInput<'_>,
) -> Related {
    let mut finder = Finder { page, base, url: input.url, found: Related::default() };
    finder.on_page(reading);
    for (reference, title) in of_head {
        finder.add(LinkKind::Metadata, None, title, reference);
    }
    for value in article.and_then(|article| article.get("relatedLink")).into_iter().flat_map(|value| match value {
        Value::Array(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    }) {
        if let Some(reference) = json_ld::text(value) {
            finder.add(LinkKind::Metadata, None, value.get("name").and_then(json_ld::text), reference);
        }
    }
    let mut found = finder.found;
    if let Some(entry) = input.entry {
        found.links.extend(entry.related.iter().cloned());
    }
    found
}

/// The nodes among which boxes are looked for.
struct Scope {
    start: usize,
    /// The end of the main element, else of the article's; after this only what says that it is related is.
    sure_end: usize,
    end: usize,
}

struct Finder<'p, 'a> {
    page: &'p Outline<'a>,
    base: &'p Url,
    url: &'p Url,
    found: Related,
}

impl Finder<'_, '_> {
    fn on_page(&mut self, reading: &Reading) {
        let (Some(first), Some(last)) = (reading.blocks.first(), reading.blocks.last()) else { return };
        // Right after the text: what is still inside the article's element, and a few blocks more.
        let article_end = self.article_end(reading, *last);
        // A line in the text's own element is in the text, also as its last.
        let is_page = matches!(self.page.nodes[reading.root].tag, Tag::Body | Tag::Main);
        let root_end = if is_page { 0 } else { self.page.blocks_of(reading.root).end };
        let last = (*last).max(root_end.saturating_sub(1));
        // Between the headline and the text too.
        let article = self.page.ancestors(reading.root).find(|node| self.page.nodes[*node].tag == Tag::Article);
        let mut at = article.map_or(*first, |node| self.page.blocks_of(node).start.min(*first));
        while at < article_end {
            let block = &self.page.blocks[at];
            if block
                .hints
                .any(Hints::NAVIGATION | Hints::FOOTER | Hints::COMMENTS | Hints::AD | Hints::MASTHEAD | Hints::HIDDEN)
            {
                at += 1;
                continue;
            }
            if let Some(end) = self.labelled_line(at, last) {
                at = end;
                continue;
            }
            match block.label() {
                Some(Label::Related) if block.kind != Kind::Preformatted => at = self.labelled_list(at, last),
                Some(Label::Interest) if self.is_of_article(at, reading) => at = self.labelled_list(at, last),
                Some(Label::Recirculation | Label::Interest) => at = self.end_of_list(at),
                _ => at += 1,
            }
        }
        self.marked_boxes(reading);
        targets::drop_sections(&mut self.found.links, self.url);
    }

    /// Where the blocks end that can be in or right after the article.
    fn article_end(&self, reading: &Reading, last: usize) -> usize {
        let mut around = self.page.ancestors(reading.root);
        let around = around.find(|node| matches!(self.page.nodes[*node].tag, Tag::Article | Tag::Main));
        let end = around.map_or(last + 1, |node| self.page.blocks_of(node).end);
        end.max((last + 41).min(self.page.blocks.len())).min(last + 400)
    }

    /// Whether a block is in the article's element, or in a box that is called related.
    fn is_of_article(&self, at: usize, reading: &Reading) -> bool {
        let block = &self.page.blocks[at];
        let is_article = |node: &usize| self.page.nodes[*node].tag == Tag::Article;
        let article = self.page.ancestors(reading.root).find(is_article);
        let right_after = || {
            let last = reading.blocks.last().copied().unwrap_or_default();
            at <= last + RIGHT_AFTER && !block.hints.any(Hints::ASIDE)
        };
        block.hints.any(Hints::RELATED)
            || match article {
                Some(_) => article == self.page.ancestors(block.container).find(is_article),
                None => right_after(),
            }
    }

    /// `READ MORE: A title` with a link: one link or several. Returns the block after it.
    fn labelled_line(&mut self, at: usize, last: usize) -> Option<usize> {
        let block = &self.page.blocks[at];
        if block.link_size == 0 || block.size > 400 {
            return None;
        }
        let prefix = labels::related_prefix(&block.text)?;
        let title = &block.text[prefix.title_start..];
        if title.is_empty() {
            return None;
        }
        let links = self.links(block);
        let linked: u32 = block.link_size;
        // A sentence that begins so and has a link somewhere is a sentence, and so is a title that begins with `More` or `Read`.
        let label = &block.text[prefix.label_start..prefix.label_end];
        let is_word = !label.contains(' ') && label.contains(char::is_lowercase);
        let is_line = if prefix.is_marked {
            linked * 2 >= block.size.saturating_sub(20)
        } else {
            linked * 10 >= block.size * 7 && !is_word
        };
        if !is_line || matches!(block.kind, Kind::Heading(1)) {
            return None;
        }
        // `More on this: elections, harbour` names subjects.
        let is_name = |(_, text): &(String, String)| text.split_whitespace().count() <= 2;
        if links.len() > 1 && block.text.contains([',', '、']) && links.iter().skip(1).all(is_name) {
            return None;
        }
        let label = label.to_owned();
        let kind = if at <= last && !block.hints.any(Hints::ASIDE) { LinkKind::Inline } else { LinkKind::Block };
        for (reference, text) in links {
            let text = labels::related_prefix(&text)
                .filter(|prefix| prefix.title_start < text.len())
                .map_or(text.clone(), |prefix| text[prefix.title_start..].to_owned());
            if labels::whole(&text).is_none() {
                self.add(kind, Some(&label), Some(&text), &reference);
            } else {
                self.add(kind, Some(&label), Some(title), &reference);
            }
        }
        self.found.lines.insert(at);
        Some(at + 1)
    }

    /// A label alone, and the links that follow it.
    fn labelled_list(&mut self, at: usize, last: usize) -> usize {
        let end = self.end_of_list(at);
        let label = self.page.blocks[at].text.trim_end_matches([':', '：', ' ']).to_owned();
        if end == at + 1 {
            return end;
        }
        let is_inline = end == at + 2 && at < last && !self.page.blocks[at].hints.any(Hints::RELATED);
        let kind = if is_inline { LinkKind::Inline } else { LinkKind::Block };
        for item in at + 1..end {
            for (reference, text) in self.links(&self.page.blocks[item]) {
                self.add(kind, Some(&label), Some(&text), &reference);
            }
        }
        self.found.lines.extend(at..end);
        end
    }

    /// The blocks after a label that are mostly links.
    fn end_of_list(&self, at: usize) -> usize {
        let mut end = at + 1;
        let mut misses = 0;
        let mut next = at + 1;
        let box_end = self.end_of_box(at);
        while let Some(block) = self.page.blocks.get(next).filter(|_| next < box_end) {
            let is_heading = matches!(block.kind, Kind::Heading(1 | 2)) && block.link_size == 0;
            let is_other = next > at + 1 && labels::whole(&block.text).is_some();
            // A label says more than the name of its own box, or of a link.
            let around = self.page.nodes[block.container].inherited;
            let elsewhere = Hints::ASIDE | Hints::FOOTER | Hints::NAVIGATION | Hints::RECIRCULATION | Hints::COMMENTS;
            let leaves = box_end == usize::MAX
                && around.any(elsewhere.without(self.page.blocks[at].hints))
                && !self.page.blocks[at].hints.any(Hints::ASIDE);
            if is_heading || is_other || leaves || next > at + 60 {
                break;
            }
            if block.link_share() > 0.6 && block.size > 0 {
                end = next + 1;
                misses = 0;
            } else {
                // Between teasers stand dates, sections and summaries: short, and few in a row.
                misses += 1;
                if misses > 2 || block.size > 150 {
                    break;
                }
            }
            next += 1;
        }
        end
    }

    /// The end of the smallest element around a label that holds links after it: but for that of a lone one, which may be the label's.
    fn end_of_box(&self, at: usize) -> usize {
        let linked = |blocks: Range<usize>| blocks.filter(|at| self.page.blocks[*at].link_share() > 0.6).count();
        let mut around =
            self.page.ancestors(self.page.blocks[at].container).take(6).map(|node| self.page.blocks_of(node).end);
        around.find(|end| linked(at + 1..*end) > 1).unwrap_or(usize::MAX)
    }

    /// Boxes that their class names call related, in the article's element or behind it in the main one.
    fn marked_boxes(&mut self, reading: &Reading) {
        let scope = self.scope(reading);
        let mut at = scope.start;
        while at < scope.end {
            let item = &self.page.nodes[at];
            // Of the box itself a name such as `with-pagination` says nothing.
            let others = Hints::RECIRCULATION | Hints::COMMENTS | Hints::AD | Hints::TAGS;
            let around = self.page.nodes[item.parent].inherited;
            let is_box = item.tag != Tag::Text
                && item.hints.any(Hints::RELATED)
                && !item.inherited.any(others)
                && !around.any(Hints::NAVIGATION | Hints::FOOTER);
            if !is_box {
                at += 1;
                continue;
            }
            let is_behind = at >= scope.sure_end;
            if !is_behind || !around.any(Hints::ASIDE) && !item.hints.any(Hints::ASIDE) {
                self.marked_box(self.page.blocks_of(at), is_behind);
            }
            at = item.end;
        }
    }

    fn scope(&self, reading: &Reading) -> Scope {
        let around = |tag| self.page.ancestors(reading.root).find(|node| self.page.nodes[*node].tag == tag);
        let article = around(Tag::Article).unwrap_or(reading.root);
        let article_end = self.page.nodes[article].end;
        if let Some(main) = around(Tag::Main) {
            let end = self.page.nodes[main].end.max(article_end);
            return Scope { start: article, sure_end: end, end };
        }
        let last = (self.page.blocks_of(article).end + BEHIND).min(self.page.blocks.len());
        let end = self.page.blocks[..last].last().map_or(0, |block| block.nodes.end).max(article_end);
        Scope { start: article, sure_end: article_end, end }
    }

    /// `is_behind`: whether it stands behind the article on a page that marks no main part.
    fn marked_box(&mut self, blocks: Range<usize>, is_behind: bool) {
        let label = self.page.blocks[blocks.clone()]
            .iter()
            .find(|block| block.link_share() < 0.5 && block.size < 60 && block.size > 0);
        let said = label.and_then(Block::label);
        let is_other = is_behind && label.is_some() && said.is_none();
        if matches!(said, Some(Label::Recirculation | Label::Furniture)) || is_other || blocks.len() > 40 {
            return;
        }
        let label = label.map(|label| label.text.trim_end_matches([':', '：', ' ']).to_owned());
        for at in blocks {
            if self.found.lines.contains(&at) || self.page.blocks[at].hints.any(Hints::RECIRCULATION) {
                continue;
            }
            for (reference, text) in self.links(&self.page.blocks[at]) {
                self.add(LinkKind::Block, label.as_deref(), Some(&text), &reference);
            }
        }
    }

    /// The links of a block with their text. A block inside a link has that one.
    fn links(&self, block: &Block) -> Vec<(String, String)> {
        let mut links = Vec::new();
        let around = self.page.ancestors(block.container).take(4).find(|node| self.page.nodes[*node].tag == Tag::Link);
        let inside = block.nodes.clone().filter(|at| self.page.nodes[*at].tag == Tag::Link);
        for at in around.into_iter().chain(inside) {
            let item = &self.page.nodes[at];
            let Some(element) = item.element().filter(|element| !targets::is_other_by_rel(element)) else { continue };
            let Some(href) = element.attr("href") else { continue };
            let mut lines = crate::html::Lines::default();
            for item in &self.page.nodes[at..item.end.min(at + 200)] {
                if let Some(text) = item.node.value().as_text() {
                    lines.text(text);
                } else if item.tag.is_block() {
                    lines.space();
                }
            }
            links.push((href.to_owned(), lines.finish()));
        }
        links
    }

    fn add(&mut self, kind: LinkKind, label: Option<&str>, title: Option<&str>, reference: &str) {
        if reference.trim_start().starts_with('#') {
            return;
        }
        let Some(mut url) = absolute(reference, Some(self.base)) else { return };
        url.set_fragment(None);
        let is_self = url.host() == self.url.host()
            && url.path() == self.url.path()
            && (url.query() == self.url.query() || self.url.query().is_none());
        if is_self || leads_to_no_article(&url) || self.found.links.len() >= MAX_LINKS {
            return;
        }
        let title = title.map(str::trim).filter(|title| title.chars().any(char::is_alphanumeric)).map(str::to_owned);
        if let Some(known) = self.found.links.iter_mut().find(|link| link.url == url) {
            // A teaser links its image, its headline and its text; the longest words are the headline's.
            if title.as_ref().map_or(0, String::len) > known.title.as_ref().map_or(0, String::len)
                && known.kind != LinkKind::Inline
            {
                known.title = title;
            }
            return;
        }
        let label = label.map(str::to_owned).filter(|label| !label.is_empty());
        self.found.links.push(RelatedLink { kind, label, title, url });
    }
}
