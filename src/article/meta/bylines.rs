//! The byline that a reader sees.

use std::ops::Range;

use super::names::{Names, after_by, is_personal};
use super::publication::Publication;
use crate::article::hints::Hints;
use crate::article::outline::{Block, Outline, Tag};

/// Who a page shows as its authors.
#[derive(Debug)]
pub(super) struct Byline {
    pub(super) names: Vec<String>,
    /// `Our Staff`, where no person is named.
    pub(super) office: Option<String>,
    /// Whether it stands where bylines stand, or says outright what it is.
    pub(super) is_sure: bool,
    /// Whether only a class name tells that it is one.
    pub(super) is_named: bool,
}

/// Blocks around the headline in which a byline is looked for: those before it and those after.
const BEFORE: usize = 6;
const AFTER: usize = 16;
/// Nodes between two names of one byline.
const ONE_BYLINE: usize = 24;

/// What names an author, from the surest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    /// `rel="author"`, `itemprop="author"`.
    Stated,
    /// `By Jane Doe` in an element that is called a byline, or as a line of its own.
    Line,
    /// A link to `/author/jane-doe`.
    Link,
    /// A name in an element that is called an author's.
    Class,
}

/// The first byline of the surest kind, near the headline before elsewhere.
pub(super) fn shown(page: &Outline<'_>, publication: &Publication, heading: Option<usize>) -> Option<Byline> {
    let near = heading.map_or(0..AFTER, |at| at.saturating_sub(BEFORE)..at + AFTER);
    let mut best: Option<(bool, Mark, usize, Names<'_>)> = None;
    let others = Hints::COMMENTS | Hints::RELATED | Hints::RECIRCULATION;
    let elsewhere = others | Hints::FOOTER | Hints::NAVIGATION;
    let mut office = None;
    let mut consider = |node: usize, mark: Mark, line: &str| {
        let block = page.blocks_of(node).start;
        let is_far = !near.contains(&block);
        if is_far && mark > Mark::Line {
            return;
        }
        match &mut best {
            Some((far, kind, last, names)) if (*far, *kind) == (is_far, mark) => {
                if node <= *last + ONE_BYLINE {
                    let before = names.list().len();
                    add(names, mark, line);
                    if names.list().len() > before {
                        *last = node;
                    }
                }
            }
            Some((far, kind, ..)) if (*far, *kind) < (is_far, mark) => {}
            _ => {
                let mut names = Names::new(publication);
                add(&mut names, mark, line);
                if names.is_empty() {
                    office = office.take().or_else(|| names.take_offices().into_iter().next());
                } else {
                    best = Some((is_far, mark, node, names));
                }
            }
        }
    };
    let is_near = |node: usize| near.contains(&page.blocks_of(node).start);
    for (at, item) in page.nodes.iter().enumerate() {
        let is_candidate =
            item.tag == Tag::Link || item.hints.any(Hints::BYLINE) || item.tag != Tag::Text && is_near(at);
        if !is_candidate || item.inherited.any(others) {
            continue;
        }
        if let Some((mark, text)) = marked(page, at)
            && (mark == Mark::Stated || !item.inherited.any(elsewhere))
        {
            consider(at, mark, &text);
        }
    }
    for block in page.blocks.iter().filter(|block| !block.hints.any(elsewhere) && (3..100).contains(&block.size)) {
        if is_byline(block) {
            consider(block.nodes.start, Mark::Line, &text(page, block.nodes.clone()));
        }
    }
    let Some((is_far, mark, node, names)) = best else {
        return office.is_some().then(|| Byline { names: Vec::new(), office, is_sure: false, is_named: false });
    };
    let is_sure = !is_far || mark == Mark::Stated;
    let names = whole_line(page, publication, node, names.list()).unwrap_or_else(|| names.into_list());
    Some(Byline { names, office: None, is_sure, is_named: mark == Mark::Class })
}

/// All names of the byline that `node` stands in, where only some of them are links: `By <a>Jane Doe</a> and John Roe`.
fn whole_line(page: &Outline<'_>, publication: &Publication, node: usize, some: &[String]) -> Option<Vec<String>> {
    let block = page.blocks.iter().find(|block| block.nodes.contains(&node)).filter(|block| is_byline(block))?;
    let mut names = Names::new(publication);
    add(&mut names, Mark::Line, &text(page, block.nodes.clone()));
    let is_whole = names.list().len() > some.len() && some.iter().all(|name| names.list().contains(name));
    is_whole.then(|| names.into_list())
}

/// What an element says of an author by its own attributes.
fn marked(page: &Outline<'_>, at: usize) -> Option<(Mark, String)> {
    let item = &page.nodes[at];
    let (mut itemprop, mut rel, mut href, mut class) = (None, None, None, None);
    for (name, value) in item.element()?.attrs() {
        match name {
            "itemprop" => itemprop = Some(value),
            "rel" => rel = Some(value),
            "href" => href = Some(value),
            "class" => class = Some(value),
            _ => {}
        }
    }
    let has = |value: Option<&str>, word: &str| {
        value.is_some_and(|value| value.split_ascii_whitespace().any(|other| other == word))
    };
    if has(itemprop, "author") || has(itemprop, "creator") {
        // The name stands apart from portrait and role where the markup says so.
        let inner = (at..item.end)
            .find(|inner| page.nodes[*inner].element().is_some_and(|element| element.attr("itemprop") == Some("name")));
        return Some((Mark::Stated, text(page, inner.map_or(at..item.end, |inner| inner..page.nodes[inner].end))));
    }
    if has(rel, "author") {
        return Some((Mark::Stated, text(page, at..item.end)));
    }
    let (mark, text) = if item.tag == Tag::Link {
        href.filter(|href| is_profile(href))?;
        (Mark::Link, text(page, at..item.end))
    } else {
        let class = class?;
        if !["author", "byline", "Author", "Byline"].iter().any(|word| class.contains(word)) {
            return None;
        }
        (Mark::Class, text(page, at..item.end))
    };
    Some((mark, text))
}

/// Whether an address is that of a person's page: `/author/jane-doe`.
fn is_profile(href: &str) -> bool {
    const FOLDERS: [&str; 20] = [
        "author",
        "authors",
        "autor",
        "autoren",
        "autores",
        "auteur",
        "auteurs",
        "autore",
        "autori",
        "people",
        "person",
        "profile",
        "profil",
        "contributors",
        "contributor",
        "staff",
        "writers",
        "journalist",
        "redaktion",
        "by",
    ];
    let path = href.split(['?', '#']).next().unwrap_or(href).trim_end_matches('/');
    let mut segments = path.rsplit('/').skip(1).take(2);
    segments.any(|segment| FOLDERS.contains(&segment))
}

fn add(names: &mut Names<'_>, mark: Mark, line: &str) {
    if mark == Mark::Stated {
        names.add_marked(line);
    } else {
        names.add_shown(line);
    }
}

/// Whether a block says `By` and names: first of all in an element that is called a byline, else in a line of nothing else.
fn is_byline(block: &Block) -> bool {
    // `김민수 기자 minsu@example.org`
    if block.text.split_once([' ', '　']).is_some_and(|(name, rest)| is_personal(name) && is_reporter(rest)) {
        return true;
    }
    let Some(rest) = after_by(&block.text) else { return false };
    if block.hints.any(Hints::BYLINE) {
        return true;
    }
    let first = rest.split([',', ';', '|', '·', '•']).next().unwrap_or(rest);
    let mut names = first.split(" and ").flat_map(|part| part.split(" & ")).flat_map(|part| part.split(" und "));
    names.all(|name| is_personal(name.trim())) && !rest.ends_with('.')
}

/// Whether a line goes on with the word for a reporter, and hardly more: an address.
fn is_reporter(rest: &str) -> bool {
    let mut words = rest.split_whitespace();
    words.next().is_some_and(|word| ["기자", "특파원", "記者", "记者"].contains(&word)) && words.count() <= 2
}

/// The text of some nodes, short ones only, with a mark between what stands in elements of its own.
fn text(page: &Outline<'_>, nodes: Range<usize>) -> String {
    let mut text = String::new();
    for item in &page.nodes[nodes] {
        if let (Tag::Text, Some(part)) = (item.tag, item.node.value().as_text()) {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            // First and last name may have elements of their own.
            let is_begun =
                text.rsplit('|').next().is_some_and(|last| after_by(last).unwrap_or(last).trim().contains(' '));
            text.push(if is_begun { '|' } else { ' ' });
            text.push_str(part);
            if text.len() > 300 {
                return String::new();
            }
        }
    }
    text
}
