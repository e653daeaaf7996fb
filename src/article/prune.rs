//! What of a region is the article: block by block, boilerplate out, in the order of a page: head, inserts, tail.

use std::collections::HashSet;

use super::candidates::worth;
use super::hints::Hints;
use super::labels::Label;
use super::outline::{Block, Kind, Outline, Tag};
use crate::phrase::line;

/// What is known of the article before its text is.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    pub(super) title: Option<&'a str>,
    pub(super) authors: &'a [String],
    pub(super) language: Option<&'a str>,
    pub(super) now: chrono::DateTime<chrono::Utc>,
}

/// The blocks of some roots that are the article's text, in document order.
pub(super) fn prune(page: &Outline<'_>, roots: &[usize], known: &Known<'_>) -> Vec<usize> {
    let mut inside: Vec<usize> = roots.iter().flat_map(|root| page.blocks_of(*root)).collect();
    inside.dedup();
    // A page that is hidden until its consent is given, or that a wrapper's name condemns, is read as if it were not.
    let around = roots.iter().map(|root| page.nodes[*root].inherited).fold(Hints::NONE, |all, hints| all | hints);
    let size: u32 = inside.iter().map(|at| page.blocks[*at].size).sum();
    let shown: u32 =
        inside.iter().filter(|at| !page.blocks[**at].hints.any(Hints::HIDDEN)).map(|at| page.blocks[*at].size).sum();
    let mut pardoned = around;
    if shown * 3 < size {
        pardoned |= Hints::HIDDEN;
    }
    let announced = announced(page, &inside);
    let mut kept: Vec<usize> =
        inside.into_iter().filter(|at| !announced.contains(at) && is_content(page, *at, pardoned, known)).collect();
    drop_link_lists(page, &mut kept);
    drop_head(page, &mut kept, known);
    drop_tail(page, &mut kept);
    drop_lone_headings(page, &mut kept);
    kept
}

/// The blocks under a label that announces links: teasers, however they are marked up, until running text comes again.
fn announced(page: &Outline<'_>, inside: &[usize]) -> HashSet<usize> {
    let mut announced = HashSet::new();
    let mut under: Option<u8> = None;
    for at in inside {
        let block = &page.blocks[*at];
        if block.text.is_empty() {
            continue;
        }
        let level = match block.kind {
            Kind::Heading(level) => level,
            _ => 7,
        };
        if matches!(block.label(), Some(Label::Related | Label::Recirculation)) && !is_section_heading(page, *at) {
            under = Some(level);
            announced.insert(*at);
            continue;
        }
        let Some(label_level) = under else { continue };
        let is_text = block.size > 120 && block.stops > 0 && block.link_share() < 0.3;
        let is_next_section = level <= 6 && level <= label_level && block.link_size == 0;
        if is_text || is_next_section {
            under = None;
        } else {
            announced.insert(*at);
        }
    }
    announced
}

fn is_content(page: &Outline<'_>, at: usize, pardoned: Hints, known: &Known<'_>) -> bool {
    let block = &page.blocks[at];
    if block.kind == Kind::Caption || block.hints.any(Hints::BOILERPLATE.without(pardoned)) {
        return false;
    }
    if block.text.is_empty() {
        return block.has_image;
    }
    if block.label().is_some() && !is_section_heading(page, at) {
        return false;
    }
    let share = block.link_share();
    let all_links = share > 0.9;
    match block.kind {
        Kind::Heading(_) => !is_title(&block.text, known),
        Kind::Preformatted | Kind::Item(_) => true,
        Kind::Row(_) => share < 0.7 || block.stops > 2,
        _ if all_links => block.size >= 12 && is_linked_sentence(block),
        _ => !(share > 0.6 && block.size < 60),
    }
}

/// A heading that is a label in other places (`Background`, `Biography`) heads a section when text follows.
fn is_section_heading(page: &Outline<'_>, at: usize) -> bool {
    let block = &page.blocks[at];
    matches!(block.kind, Kind::Heading(_))
        && block.label() != Some(Label::Recirculation)
        && page.blocks[at + 1..].iter().take(2).any(|next| worth(next) > 120)
}

/// A paragraph that is one link: kept when it is a sentence rather than a teaser's headline.
fn is_linked_sentence(block: &Block) -> bool {
    block.text.ends_with(['.', '。', '!', '?', '।', '۔']) && block.size > 60
}

fn is_title(text: &str, known: &Known<'_>) -> bool {
    known.title.is_some_and(|title| same_words(title, text))
}

fn same_words(a: &str, b: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    letters(a).next().is_some() && letters(a).eq(letters(b))
}

/// Lists whose items are mostly links, and runs of blocks that are: menus and teasers without a name.
fn drop_link_lists(page: &Outline<'_>, kept: &mut Vec<usize>) {
    let mut drop = vec![false; kept.len()];
    let mut from = 0;
    while from < kept.len() {
        let list = list_of(page, kept[from]);
        let mut to = from + 1;
        if list.is_some() {
            while to < kept.len() && list_of(page, kept[to]) == list {
                to += 1;
            }
            let blocks = kept[from..to].iter().map(|at| &page.blocks[*at]);
            let (size, links, stops) =
                blocks.fold((0, 0, 0), |sum, block| (sum.0 + block.size, sum.1 + block.link_size, sum.2 + block.stops));
            let is_menu = links * 10 > size * 7 && stops < size / 25;
            if is_menu {
                drop[from..to].fill(true);
            }
        }
        from = to;
    }
    let mut dropped = drop.into_iter();
    kept.retain(|_| !dropped.next().unwrap_or(false));
}

/// The outermost list around an item.
fn list_of(page: &Outline<'_>, block: usize) -> Option<usize> {
    let Kind::Item(item) = page.blocks[block].kind else { return None };
    let mut list = None;
    for node in page.ancestors(item).skip(1).take(8) {
        match page.nodes[node].tag {
            Tag::List => list = Some(node),
            Tag::Item => {}
            _ => break,
        }
    }
    list
}

/// Title, byline, date and section before the first paragraph.
fn drop_head(page: &Outline<'_>, kept: &mut Vec<usize>, known: &Known<'_>) {
    let first = kept.iter().position(|at| worth(&page.blocks[*at]) > 100).unwrap_or(kept.len());
    // The title once more: everything before it is the page's.
    let title = kept[..first].iter().rposition(|at| is_title(&page.blocks[*at].text, known));
    let head = kept.len().min(first + 2);
    let mut at = 0;
    kept.retain(|block| {
        let here = at;
        at += 1;
        let block = &page.blocks[*block];
        if title.is_some_and(|title| here <= title) && !block.text.is_empty() {
            return false;
        }
        here >= head || block.text.is_empty() || !(is_byline(block, known) || is_date_line(block, known))
    });
    // Date lines stand at the foot as well.
    if let Some(last) = kept.iter().rposition(|at| worth(&page.blocks[*at]) > 100) {
        let mut at = 0;
        kept.retain(|block| {
            let here = at;
            at += 1;
            here <= last || !is_date_line(&page.blocks[*block], known)
        });
    }
}

/// Without a digit only an age in words is a date: "just now", "gestern".
const SHORT_AGE: usize = 24;

fn is_date_line(block: &Block, known: &Known<'_>) -> bool {
    !matches!(block.kind, Kind::Row(_) | Kind::Heading(_))
        && block.is_date_line(|text| {
            let is_worth_reading = text.chars().any(char::is_numeric) || text.len() <= SHORT_AGE;
            is_worth_reading
                && text.len() <= 160
                && line::read(text, known.language, known.now, None)
                    .is_some_and(|line| line.only_dates && !line.dates.is_empty())
        })
}

fn is_byline(block: &Block, known: &Known<'_>) -> bool {
    if block.size > 80 {
        return false;
    }
    let text = block.text.to_lowercase();
    let names_author = known.authors.iter().any(|author| {
        let author = author.to_lowercase();
        author.chars().count() > 3 && text.contains(&author) && author.len() * 2 > text.len()
    });
    let begins = BYLINES.iter().any(|word| {
        text.strip_prefix(word)
            .is_some_and(|rest| rest.starts_with([' ', ':', '\u{a0}']) && rest.split_whitespace().count() <= 8)
    });
    names_author || begins && block.stops <= 2
}

const BYLINES: &[&str] = &[
    "by",
    "von",
    "par",
    "por",
    "di",
    "door",
    "av",
    "af",
    "przez",
    "автор",
    "text",
    "texto",
    "written by",
    "posted by",
    "reported by",
    "autor",
    "autore",
    "auteur",
    "foto",
    "photo",
    "photos",
    "photograph",
    "photography by",
    "image",
    "reporter",
    "redakteur",
    "od",
    "oleh",
    "yazan",
    "文",
    "記者",
    "记者",
];

/// What follows the text: from a label that announces other things on, unless running text comes again.
fn drop_tail(page: &Outline<'_>, kept: &mut Vec<usize>) {
    let total: u32 = kept.iter().map(|at| worth(&page.blocks[*at])).sum();
    let mut seen = 0;
    for here in 0..kept.len() {
        let block = &page.blocks[kept[here]];
        seen += worth(block);
        if seen * 3 >= total * 2 && ends_article(block) {
            let after: u32 = kept[here + 1..].iter().map(|at| worth(&page.blocks[*at])).sum();
            if after * 4 <= total {
                kept.truncate(here);
                return;
            }
        }
    }
}

/// Words with which a foot begins, where the block is short.
fn ends_article(block: &Block) -> bool {
    if block.size > 90 {
        return false;
    }
    let text = block.text.to_lowercase();
    TAILS.iter().any(|tail| text.starts_with(tail))
}

const TAILS: &[&str] = &[
    "about the author",
    "about the writer",
    "this entry was posted",
    "if you enjoyed",
    "wie bewerten sie",
    "folgen sie uns",
    "valora esta",
    "síguenos",
    "siguenos",
    "more from ",
    "related ",
    "recommended ",
    "sign up for",
    "subscribe to",
    "follow us",
    "follow @",
    "leave a reply",
    "leave a comment",
    "post a comment",
    "share this",
    "tags:",
    "tagged ",
    "filed under",
    "comments",
    "you may also",
    "you might also",
    "read next",
    "most read",
    "most popular",
    "don't miss",
    "our standards:",
    "(c) ",
    "© ",
    "copyright ",
    "all rights reserved",
    "this article was originally",
    "this story was originally",
    "photo credit",
    "image credit",
    "categories:",
    "category:",
    "topics:",
    "source:",
    "contact the author",
    "contact us",
    "join our",
    "download our",
    "get the latest",
    "newsletter",
    "schlagworte:",
    "schlagwörter:",
    "über den autor",
    "mehr von ",
    "mehr zum thema",
    "das könnte",
    "quelle:",
    "lesen sie auch",
    "tags ",
    "teilen",
    "kommentare",
    "schreibe einen kommentar",
    "à lire aussi",
    "lire aussi",
    "sur le même",
    "partager",
    "etiquetas",
    "compartir",
    "leia também",
    "leia mais",
    "leggi anche",
    "lees ook",
    "читайте также",
    "теги:",
    "источник:",
    "подписывайтесь",
    "相关",
    "責任編輯",
    "责任编辑",
    "編集",
    "関連",
    "배포금지",
    "무단",
];

/// A heading with nothing under it.
fn drop_lone_headings(page: &Outline<'_>, kept: &mut Vec<usize>) {
    let mut text_follows = false;
    let mut keep: Vec<bool> = kept
        .iter()
        .rev()
        .map(|at| {
            let block = &page.blocks[*at];
            match block.kind {
                Kind::Heading(_) if !block.text.is_empty() => text_follows,
                _ => {
                    text_follows |= !block.text.is_empty();
                    true
                }
            }
        })
        .collect();
    keep.reverse();
    let mut keep = keep.into_iter();
    kept.retain(|_| keep.next().unwrap_or(true));
}
