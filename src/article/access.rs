//! Who may read the article, and whether its text is the whole one.
//!
//! Publishers say it in schema.org (`isAccessibleForFree`), in meta elements (`article:content_tier`) and to the reader, in a box where
//! the text ends. What is said to be paid for may stand on the page all the same, for search engines or up to so many a month: then it
//! is `metered`. Only what seems cut is `paywall`. An article about subscriptions speaks of them in sentences, a box in a line of its own
//! after the text.

mod walls;

use scraper::Selector;
use serde_json::Value;

use super::hints::Hints;
use super::json_ld;
use super::outline::{Kind, Outline};
use super::page::Page;
use crate::model::article::{Access, AccessFound};

/// A text of so many words is whole, where no wall is seen and nothing else tells.
const LONG: u32 = 300;
/// The same where a wall is seen: teasers are shorter.
const VERY_LONG: u32 = 600;
/// Blocks after the text in which a wall is looked for.
const AFTER: usize = 14;
/// The last blocks of the text, of which one may be the wall.
const WITHIN: usize = 3;
/// Letters of a line that is a wall.
const WALL: std::ops::RangeInclusive<u32> = 6..=400;

/// What is not seen, and what speaks of other articles.
const ELSEWHERE: Hints = Hints::HIDDEN.with(
    Hints::RELATED
        .with(Hints::RECIRCULATION)
        .with(Hints::NAVIGATION)
        .with(Hints::FOOTER)
        .with(Hints::COMMENTS)
        .with(Hints::AUTHOR_BIO),
);

/// Who may read the article; `None` where nothing tells.
pub(super) fn of_page(page: &Page<'_>) -> Option<AccessFound> {
    let declared = declared(page);
    let wall = wall(page);
    let access = match (&declared, &wall) {
        (None, None) => return None,
        (Some(Declared { tier: Tier::Free, .. }), None) => Access::Free,
        (Some(Declared { tier: Tier::Free, .. }), Some(_)) if !is_cut(page) => Access::Free,
        (declared, wall) if is_whole(page, declared.as_ref(), wall.as_ref()) => {
            if declared.is_none() && wall.as_ref().is_some_and(|wall| !wall.in_words) {
                return None;
            }
            Access::Metered
        }
        _ => Access::Paywall,
    };
    let reasons = [declared.map(|declared| declared.reason), wall.map(|wall| wall.reason)];
    Some(AccessFound { access, reason: reasons.into_iter().flatten().collect::<Vec<_>>().join("; ") })
}

/// What the publisher says to programs.
#[derive(Debug, PartialEq, Eq)]
struct Declared {
    tier: Tier,
    /// The elements that are said not to be free.
    parts: Vec<String>,
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tier {
    Free,
    Metered,
    Locked,
}

/// Structured data first, then the meta elements; the word for less access counts.
fn declared(page: &Page<'_>) -> Option<Declared> {
    let mut found: Option<Declared> = None;
    let mut add = |tier: Tier, parts: Vec<String>, reason: String| {
        if found.as_ref().is_none_or(|found| found.tier == Tier::Free && tier != Tier::Free) {
            found = Some(Declared { tier, parts, reason });
        }
    };
    // An event or a museum may be free as well: only what can be read counts.
    let is_readable = |node: &&Value| {
        json_ld::types(node).any(|name| {
            json_ld::is_article_type(name)
                || name.ends_with("Page")
                || matches!(name, "CreativeWork" | "WebPageElement")
        })
    };
    for node in page.stated.into_iter().chain(page.nodes.iter().filter(is_readable)) {
        let parts: Vec<&Value> = match node.get("hasPart") {
            Some(Value::Array(parts)) => parts.iter().collect(),
            Some(part) => vec![part],
            None => Vec::new(),
        };
        let paid = parts.iter().filter(|part| is_free(part) == Some(false));
        let selectors: Vec<String> = paid
            .clone()
            .flat_map(|part| match part.get("cssSelector") {
                Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>(),
                Some(one) => one.as_str().into_iter().collect(),
                None => Vec::new(),
            })
            .map(str::to_owned)
            .collect();
        match is_free(node) {
            Some(false) => add(Tier::Locked, selectors, "isAccessibleForFree is false".to_owned()),
            _ if paid.clone().next().is_some() => {
                add(Tier::Locked, selectors, "isAccessibleForFree of a part is false".to_owned());
            }
            Some(true) => add(Tier::Free, Vec::new(), "isAccessibleForFree is true".to_owned()),
            None => {}
        }
    }
    for (keys, tier_of) in METAS {
        if let Some((key, value)) = keys.iter().find_map(|key| Some((*key, page.head.first(&[key])?)))
            && let Some(tier) = tier_of(value.trim().to_ascii_lowercase().as_str())
        {
            add(tier, Vec::new(), format!("{key} is {}", value.trim()));
        }
    }
    found
}

/// Meta elements and what their values mean.
type Meaning = fn(&str) -> Option<Tier>;
const METAS: &[(&[&str], Meaning)] = &[
    (&["isaccessibleforfree"], |value| match value {
        "true" => Some(Tier::Free),
        "false" => Some(Tier::Locked),
        _ => None,
    }),
    (
        &["article:content_tier", "og:article:content_tier", "og:content_tier", "content_tier", "content-tier"],
        |value| match value {
            "free" => Some(Tier::Free),
            "metered" => Some(Tier::Metered),
            "locked" | "paid" | "premium" => Some(Tier::Locked),
            _ => None,
        },
    ),
    // A `false` says only that this template has no wall.
    (&["paywall", "is_paywalled", "is_premium", "article:premium", "paid_content", "is_paid_content"], |value| {
        matches!(value, "true" | "yes" | "1" | "locked" | "premium" | "paid" | "hard").then_some(Tier::Locked)
    }),
];

fn is_free(node: &Value) -> Option<bool> {
    match node.get("isAccessibleForFree")? {
        Value::Bool(is_free) => Some(*is_free),
        Value::String(word) => match word.rsplit('/').next()?.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A box that stands before the rest.
#[derive(Debug)]
struct Wall {
    at: usize,
    /// Whether its words say so, and not its name alone.
    in_words: bool,
    reason: String,
}

/// The last lines of what was taken for text that are a wall's: no part of the article.
pub(super) fn lines_of_wall<'t>(outline: &Outline<'_>, text: &'t [usize]) -> &'t [usize] {
    /// Letters of a line under the wall's: `Already a subscriber? Log in`.
    const UNDER: u32 = 100;
    let last = text.len().saturating_sub(WITHIN).max(1);
    let is_wall = |at: &usize| {
        let block = &outline.blocks[*at];
        WALL.contains(&block.size) && walls::said(&block.text, true).is_some()
    };
    let tail = text.get(last..).unwrap_or_default();
    match tail.iter().position(is_wall).map(|first| &tail[first..]) {
        Some(lines) if lines[1..].iter().all(|at| outline.blocks[*at].size < UNDER) => lines,
        _ => &[],
    }
}

/// Looks where the text ends, in short lines that are seen.
fn wall(page: &Page<'_>) -> Option<Wall> {
    let blocks = &page.outline.blocks;
    let chosen = &page.reading.blocks;
    let (from, to) = match (chosen.last(), chosen.len().checked_sub(WITHIN).and_then(|at| chosen.get(at))) {
        (Some(last), from) => (*from.unwrap_or(&chosen[0]), last + AFTER),
        // Nothing but the wall may be there.
        (None, _) => (0, 60),
    };
    let is_cut = is_cut(page);
    for (at, block) in blocks.iter().enumerate().take(to.saturating_add(1)).skip(from) {
        if block.hints.any(ELSEWHERE) || !WALL.contains(&block.size) {
            continue;
        }
        let is_text = chosen.binary_search(&at).is_ok();
        let is_named = block.hints.any(Hints::PAYWALL) && !is_text;
        if let Some(words) = walls::said(&block.text, is_text && !is_named) {
            // `For subscribers` on every teaser below is a label of those.
            if blocks.iter().filter(|other| other.text == block.text).count() > 2 {
                continue;
            }
            return Some(Wall { at, in_words: true, reason: format!("`{words}` where the text ends") });
        }
        if is_named && is_cut && page.word_count < LONG {
            let reason = "the text breaks off before a box that is called a wall".to_owned();
            return Some(Wall { at, in_words: false, reason });
        }
    }
    None
}

/// Whether the text ends in the middle of a sentence, or with dots that stand for the rest.
fn is_cut(page: &Page<'_>) -> bool {
    let blocks = page.reading.blocks.iter().rev().map(|at| &page.outline.blocks[*at]);
    // Tables and lists end anywhere.
    let mut blocks = blocks.skip_while(|block| block.kind == Kind::Paragraph && block.text.len() <= 40);
    let Some(last) = blocks.next().filter(|block| block.kind == Kind::Paragraph) else { return false };
    let last = &last.text;
    let last =
        last.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ']' | '[' | ')' | '"' | '”' | '»' | '’'));
    last.ends_with("...") || last.ends_with('…') || last.ends_with(|c: char| c.is_alphanumeric() || c == ',')
}

/// Whether the text is the whole one, whatever is said about access.
fn is_whole(page: &Page<'_>, declared: Option<&Declared>, wall: Option<&Wall>) -> bool {
    if page.is_carried {
        return true;
    }
    let blocks = &page.outline.blocks;
    let size_of = |chosen: &mut dyn Iterator<Item = &usize>| chosen.map(|at| blocks[*at].size).sum::<u32>();
    let all = size_of(&mut page.reading.blocks.iter());
    if let Some(wall) = wall {
        let after = size_of(&mut page.reading.blocks.iter().filter(|at| **at > wall.at));
        return after * 10 > all * 4 || page.word_count >= VERY_LONG && !is_cut(page);
    }
    if let Some(stated) = page.stated.and_then(|node| node.get("wordCount")).and_then(Value::as_u64).filter(|n| *n > 0)
    {
        return u64::from(page.word_count) * 10 >= stated * 8;
    }
    let is_cut = is_cut(page);
    let is_long = |least: u32| page.word_count >= least && !is_cut || page.word_count >= VERY_LONG;
    if declared.is_some_and(|declared| declared.tier == Tier::Metered) {
        return is_long(LONG / 2);
    }
    // The part that is paid for is on the page, with text in it; where it is not, the name is mostly that of another template.
    match declared.and_then(|declared| size_inside(page, &declared.parts)) {
        Some(inside) => inside >= 300 && inside * 4 > all && is_long(LONG / 2) || is_long(VERY_LONG),
        None => is_long(LONG),
    }
}

/// Whether a page's own selector is one of names, ids and classes: siblings and `:has()` cost the square of the page.
fn is_plain(selector: &str) -> bool {
    selector.len() <= 200 && !selector.contains(['~', '+', ':'])
}

/// How much of the text stands in the elements that the selectors name; `None` where they name none.
fn size_inside(page: &Page<'_>, parts: &[String]) -> Option<u32> {
    let parts = parts.iter().filter(|part| is_plain(part)).take(8);
    let selectors: Vec<Selector> = parts.filter_map(|part| Selector::parse(part).ok()).collect();
    let blocks = &page.outline.blocks;
    let elements: Vec<_> =
        selectors.iter().flat_map(|selector| page.tree.html.select(selector)).map(|element| element.id()).collect();
    if elements.is_empty() {
        return None;
    }
    let nodes = page.outline.nodes.iter().enumerate().filter(|(_, item)| elements.contains(&item.node.id()));
    let mut inside = vec![false; blocks.len()];
    nodes.for_each(|(at, _)| inside[page.outline.blocks_of(at)].fill(true));
    Some(page.reading.blocks.iter().filter(|at| inside[**at]).map(|at| blocks[*at].size).sum())
}
