//! What is known of each block that may be text: what it is, what its names say, which views hold it, where it stands, what it
//! resembles, what is around it. The judge weighs it.

mod letters;
mod row;
mod words;

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};
use scraper::node::Element;

use super::candidates::{Candidate, Carried, View, worth};
use super::hints::Hints;
use super::known::Known;
use super::outline::{Block, Kind, Outline};
use crate::article::credits;
use crate::article::meta::names::after_by;
use crate::fingerprint;

use self::letters::{Letters, Shared, shared};
use self::row::{Filling, code, float, label_code, number, share};
pub(super) use self::row::{NAMES, Row, UNKNOWN};

/// Elements around a block's own whose contents are told.
const AROUND: usize = 5;

/// What is known of a page as a whole, and from it of each block.
#[derive(Debug)]
pub(super) struct Evidence<'p, 'a> {
    page: &'p Outline<'a>,
    known: &'p Known<'p>,
    /// The share of each block that the embedded text has, where there is one.
    carried: Option<&'p Carried>,
    worths: Vec<u32>,
    worth_sums: Vec<u32>,
    /// Of each view, the blocks that it holds.
    views: Vec<(View, Vec<Range<usize>>)>,
    /// How much each block is held by the views, and the most that any is.
    held: Vec<f32>,
    most_held: f32,
    /// The blocks that most views hold and that are running text: the first, and one past the last.
    core: Range<usize>,
    is_core: Vec<bool>,
    /// Of each block, its number in `alike`.
    likeness: Vec<usize>,
    alike: Vec<Alike>,
    repeats: HashMap<&'p str, u32>,
    title: String,
    description: String,
    authors: Vec<String>,
}

/// Blocks whose elements are called the same.
#[derive(Debug, Default, Clone, Copy)]
struct Alike {
    count: u32,
    size: u32,
    in_core: u32,
}

impl<'p, 'a> Evidence<'p, 'a> {
    pub(super) fn new(
        page: &'p Outline<'a>,
        candidates: &[Candidate],
        known: &'p Known<'p>,
        carried: Option<&'p Carried>,
    ) -> Self {
        let blocks = &page.blocks;
        let worths: Vec<u32> = blocks.iter().map(worth).collect();
        let mut worth_sums = Vec::with_capacity(worths.len() + 1);
        worth_sums.push(0);
        worths.iter().fold(0, |sum, worth| {
            worth_sums.push(sum + worth);
            sum + worth
        });
        let views: Vec<(View, Vec<Range<usize>>)> = candidates
            .iter()
            .map(|candidate| (candidate.view, candidate.roots.iter().map(|root| page.blocks_of(*root)).collect()))
            .collect();
        let mut held = vec![0.0_f32; blocks.len()];
        for (view, ranges) in &views {
            for at in ranges.iter().cloned().flatten() {
                held[at] += weight(*view);
            }
        }
        let most_held = held.iter().copied().fold(0.01, f32::max);
        let is_core: Vec<bool> = (0..blocks.len()).map(|at| worths[at] > 100 && held[at] * 2.0 >= most_held).collect();
        let first = is_core.iter().position(|is_core| *is_core).unwrap_or(0);
        let last = is_core.iter().rposition(|is_core| *is_core).map_or(blocks.len(), |last| last + 1);
        let mut numbers: HashMap<[Option<&str>; 4], usize> = HashMap::new();
        let likeness: Vec<usize> = blocks
            .iter()
            .map(|block| {
                let next = numbers.len();
                *numbers.entry(called(page, block.container)).or_insert(next)
            })
            .collect();
        let mut alike = vec![Alike::default(); numbers.len()];
        let mut repeats: HashMap<&'p str, u32> = HashMap::new();
        for (at, block) in blocks.iter().enumerate() {
            let these = &mut alike[likeness[at]];
            these.count += 1;
            these.size += block.size;
            these.in_core += u32::from(is_core[at]);
            *repeats.entry(&block.text).or_default() += 1;
        }
        Self {
            page,
            known,
            carried,
            worths,
            worth_sums,
            views,
            held,
            most_held,
            core: first..last,
            is_core,
            likeness,
            alike,
            repeats,
            title: known.title.into_iter().flat_map(fingerprint::letters).collect(),
            description: known.description.into_iter().flat_map(fingerprint::letters).collect(),
            authors: known
                .authors
                .iter()
                .map(|author| author.to_lowercase())
                .filter(|author| author.len() > 3)
                .collect(),
        }
    }

    /// Whether a block may be text at all: any but those of a menu or a foot that only the whole page holds.
    pub(super) fn is_eligible(&self, at: usize) -> bool {
        let page_alone = weight(View::Page) + 0.01;
        let near = at.saturating_sub(2)..(at + 3).min(self.worths.len());
        self.held[at] > page_alone || self.worths[near].iter().any(|worth| *worth > 0)
    }

    /// Whether a block is the headline.
    pub(super) fn is_title(&self, at: usize) -> bool {
        let block = &self.page.blocks[at];
        shared(&block.text, &self.title) == Shared::All
            || self.known.heading.is_some_and(|heading| self.page.nodes[block.container].node.id() == heading)
    }

    /// Whether a line where the text begins is the headline in another element than a heading.
    pub(super) fn is_title_line(&self, at: usize) -> bool {
        let begin = self.core.start.saturating_sub(6)..self.core.start + 4;
        begin.contains(&at) && shared(&self.page.blocks[at].text, &self.title) == Shared::All
    }

    /// Whether a block where the text begins or ends is a date and nothing else.
    pub(super) fn is_date_line(&self, at: usize) -> bool {
        self.is_near_edge(at) && self.known.is_date_line(&self.page.blocks[at])
    }

    /// Whether a block where the text begins or ends names its authors and says little else.
    pub(super) fn is_byline(&self, at: usize) -> bool {
        /// Letters beside the names: `By`, an office, an agency.
        const BESIDE: usize = 30;
        let block = &self.page.blocks[at];
        if block.size > 200 || !self.is_near_edge(at) {
            return false;
        }
        if credits::is_line_of(&block.text) {
            return true;
        }
        let mut rest = block.text.to_lowercase();
        let size = rest.len();
        for author in &self.authors {
            rest = rest.replacen(author.as_str(), "", 1);
        }
        let beside = rest.chars().filter(|c| c.is_alphanumeric()).count();
        rest.len() < size && (beside == 0 || beside <= BESIDE && after_by(&block.text).is_some())
    }

    fn is_near_edge(&self, at: usize) -> bool {
        let is_near = |edge: usize| (edge.saturating_sub(6)..edge + 10).contains(&at);
        is_near(self.core.start) || is_near(self.core.end)
    }

    /// All that is known of a block.
    pub(super) fn of(&self, at: usize) -> Row {
        let block = &self.page.blocks[at];
        let mut row = Filling { row: [UNKNOWN; NAMES.len()], at: 0 };
        self.itself(block, at, &mut row);
        Self::names(block, &mut row);
        self.views(at, &mut row);
        self.place(at, &mut row);
        self.surroundings(block, &mut row);
        self.headings(at, &mut row);
        self.neighbours(at, &mut row);
        row.put(number(self.page.blocks.len()));
        debug_assert_eq!(row.at, NAMES.len(), "a value for each name");
        row.row
    }

    fn itself(&self, block: &Block, at: usize, row: &mut Filling) {
        let page = self.page;
        let level = if let Kind::Heading(level) = block.kind { level } else { 0 };
        let letters = Letters::of(&block.text);
        row.put(match block.kind {
            Kind::Paragraph => 0.0,
            Kind::Heading(_) => 1.0,
            Kind::Item(_) => 2.0,
            Kind::Row(_) => 3.0,
            Kind::Preformatted => 4.0,
            Kind::Caption => 5.0,
        });
        row.put(f32::from(level));
        row.put(code(page.nodes[block.container].tag));
        row.put(code(page.nodes[page.nodes[block.container].parent].tag));
        row.put(number(page.ancestors(block.container).take(40).count()));
        row.put(float(block.size));
        row.put(share(block.link_size, block.size));
        row.put(float(block.stops));
        row.put(share(block.stops, block.size));
        row.put(letters.capitals);
        row.put(letters.capital_words);
        row.flag(letters.ends_sentence);
        row.flag(block.text.ends_with([':', '：']));
        row.put(letters.digits);
        row.put(float(letters.at_signs));
        row.put(float(letters.bars));
        row.flag(block.text.starts_with(['*', '(', '[', '（', '【', '※', '†', '#', '>', '»', '←', '→']));
        row.flag(block.has_image);
        row.put(label_code(block.label()));
        row.put(float(self.repeats.get(block.text.as_str()).copied().unwrap_or(1).min(9)));
        row.put(match (block.size, shared(&block.text, &self.title)) {
            (5..=300, Shared::All) => 2.0,
            (5..=300, Shared::Beginning) => 1.0,
            _ => 0.0,
        });
        row.flag(block.size > 20 && shared(&block.text, &self.description) != Shared::Little);
        let lower = block.text[..block.text.floor_char_boundary(600)].to_lowercase();
        row.flag(block.size <= 200 && self.authors.iter().any(|author| lower.contains(author.as_str())));
        row.flag(self.is_date_line(at));
        row.put(self.carried.map_or(UNKNOWN, |carried| carried.shares[at]));
        for count in words::count(&lower) {
            row.put(f32::from(count));
        }
    }

    fn names(block: &Block, row: &mut Filling) {
        for hints in [
            Hints::NAVIGATION | Hints::MASTHEAD,
            Hints::FOOTER,
            Hints::ASIDE,
            Hints::SHARE,
            Hints::COMMENTS,
            Hints::AD,
            Hints::RELATED | Hints::RECIRCULATION,
            Hints::NEWSLETTER | Hints::CONSENT | Hints::PAYWALL,
            Hints::CAPTION,
            Hints::BYLINE | Hints::DATE,
            Hints::TAGS | Hints::BREADCRUMB,
            Hints::AUTHOR_BIO,
            Hints::HIDDEN,
            Hints::WIDGET | Hints::CONTENTS,
            Hints::BODY,
            Hints::ARTICLE,
            Hints::STANDFIRST,
            Hints::EMBED,
        ] {
            row.flag(block.hints.any(hints));
        }
    }

    fn views(&self, at: usize, row: &mut Filling) {
        for view in [
            View::Embedded,
            View::Stated,
            View::Named,
            View::ArticleElement,
            View::MainElement,
            View::Density,
            View::Sequence,
        ] {
            let ranges = self.views.iter().find(|(of, _)| *of == view).map(|(_, ranges)| ranges);
            row.put(
                ranges.map_or(UNKNOWN, |ranges| f32::from(u8::from(ranges.iter().any(|range| range.contains(&at))))),
            );
        }
        row.put(self.held[at] / self.most_held);
    }

    fn place(&self, at: usize, row: &mut Filling) {
        let text = self.worth_sums.last().copied().unwrap_or(0);
        let size = self.page.sums.last().copied().unwrap_or(0);
        row.put(share(self.worth_sums[at], text));
        row.put(share(self.page.sums[at], size));
        row.put(number(at) - number(self.core.start));
        row.put(number(self.core.end) - number(at));
        row.put(share(self.worths[at], text));
        let alike = self.alike[self.likeness[at]];
        row.put(float(alike.count));
        row.put(share(alike.size, size));
        row.put(share(alike.size, alike.count));
        row.put(share(alike.in_core, alike.count));
    }

    /// What the elements around a block hold, its own first.
    fn surroundings(&self, block: &Block, row: &mut Filling) {
        let page = self.page;
        let size = page.sums.last().copied().unwrap_or(0);
        let text = self.worth_sums.last().copied().unwrap_or(0);
        let mut node = block.container;
        for _ in 0..AROUND {
            let blocks = page.blocks_of(node);
            let own = page.size_of(&blocks);
            row.put(share(own, size));
            row.put(share(page.link_size_of(&blocks), own));
            row.put(number(blocks.len()));
            row.put(share(self.worth_sums[blocks.end] - self.worth_sums[blocks.start], text));
            row.put(float(page.nodes[node].hints.boilerplate_kinds()));
            node = page.nodes[node].parent;
        }
    }

    /// The heading and the label that a block stands under.
    fn headings(&self, at: usize, row: &mut Filling) {
        const FAR: usize = 40;
        let blocks = &self.page.blocks;
        let before = || (at.saturating_sub(FAR)..at).rev();
        let heading = before().find(|before| matches!(blocks[*before].kind, Kind::Heading(_)));
        row.put(heading.map_or(number(FAR), |heading| number(at - heading)));
        row.flag(heading.is_some_and(|heading| blocks[heading].label().is_some()));
        row.flag(heading.is_some_and(|heading| self.core.contains(&heading)));
        let label = before().find(|before| blocks[*before].label().is_some());
        row.put(label_code(label.and_then(|label| blocks[label].label())));
        row.put(label.map_or(number(FAR), |label| number(at - label)));
        let around = self.page.nodes[blocks[at].container].parent;
        row.put(number(self.page.blocks_of(around).end - at));
    }

    fn neighbours(&self, at: usize, row: &mut Filling) {
        for other in [at.checked_sub(1), Some(at + 1)] {
            let Some((other, block)) = other.and_then(|other| Some((other, self.page.blocks.get(other)?))) else {
                row.at += 4;
                continue;
            };
            row.put(float(block.size));
            row.put(share(block.link_size, block.size));
            row.put(f32::from(u8::from(self.worths[other] > 0)) + f32::from(u8::from(self.is_core[other])));
            row.flag(self.likeness[other] == self.likeness[at]);
        }
    }
}

/// What a block's element and the one around it are called: names and classes.
fn called<'a>(page: &Outline<'a>, node: usize) -> [Option<&'a str>; 4] {
    let own = page.nodes[node].element();
    let around = page.nodes[page.nodes[node].parent].element();
    let name = |element: Option<&'a Element>| element.map(Element::name);
    let class = |element: Option<&'a Element>| element.and_then(|element| element.attr("class"));
    [name(own), class(own), name(around), class(around)]
}

/// How much a view's word counts where the core is looked for.
fn weight(view: View) -> f32 {
    match view {
        View::Stated => 1.2,
        View::Embedded | View::Named => 1.0,
        View::Density | View::Sequence => 0.9,
        View::ArticleElement => 0.8,
        View::MainElement => 0.5,
        View::Page => 0.3,
    }
}
