//! What is known of each block that may be text: what it is, what its names say, which views hold it, where it stands, what it
//! resembles, what is around it. The judge weighs it.

mod words;

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};
use scraper::node::Element;

use super::candidates::{Candidate, Carried, View, worth};
use super::hints::Hints;
use super::known::Known;
use super::labels::Label;
use super::outline::{Block, Kind, Outline, Tag};
use crate::fingerprint::letters;

/// The evidence on one block, in the order of [`NAMES`]; [`UNKNOWN`] where something does not apply.
pub(super) type Row = [f32; NAMES.len()];

/// The value of what does not apply: the letters' case where the script has none.
pub(super) const UNKNOWN: f32 = -1.0;

/// What each value is. Sizes count letters (an ideograph as three), shares are of one.
pub(super) const NAMES: [&str; 106] = [
    "kind",
    "heading level",
    "element",
    "element around",
    "depth",
    "size",
    "link share",
    "stops",
    "stops per letter",
    "capitals per letter",
    "capital words",
    "ends as a sentence",
    "ends with a colon",
    "digits per character",
    "at signs",
    "bars",
    "begins with a mark",
    "image",
    "label",
    "repeated",
    "title",
    "description",
    "byline",
    "date line",
    "carried",
    "words of writers",
    "words of appeals",
    "words of rights",
    "words of pointers",
    "words of pictures",
    "words of sharing",
    "named navigation",
    "named foot",
    "named aside",
    "named sharing",
    "named comments",
    "named advertisement",
    "named related",
    "named appeal",
    "named caption",
    "named byline",
    "named tags",
    "named biography",
    "named hidden",
    "named widget",
    "named body",
    "named article",
    "named standfirst",
    "named embed",
    "in embedded",
    "in stated",
    "in named",
    "in article element",
    "in main element",
    "in density",
    "in sequence",
    "views",
    "text before",
    "size before",
    "blocks since the core began",
    "blocks to the core's end",
    "text share",
    "alike",
    "alike size",
    "alike mean",
    "alike in core",
    "own size",
    "own links",
    "own blocks",
    "own text",
    "own names",
    "first around size",
    "first around links",
    "first around blocks",
    "first around text",
    "first around names",
    "second around size",
    "second around links",
    "second around blocks",
    "second around text",
    "second around names",
    "third around size",
    "third around links",
    "third around blocks",
    "third around text",
    "third around names",
    "fourth around size",
    "fourth around links",
    "fourth around blocks",
    "fourth around text",
    "fourth around names",
    "heading before",
    "heading's label",
    "heading in core",
    "label before",
    "blocks since a label",
    "blocks to the end around",
    "size of the one before",
    "links of the one before",
    "text of the one before",
    "element of the one before",
    "size of the next",
    "links of the next",
    "text of the next",
    "element of the next",
    "blocks",
];

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
            title: known.title.into_iter().flat_map(letters).collect(),
            description: known.description.into_iter().flat_map(letters).collect(),
            authors: known
                .authors
                .iter()
                .map(|author| author.to_lowercase())
                .filter(|author| author.chars().count() > 3)
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

    /// Whether a block where the text begins or ends is a date and nothing else.
    pub(super) fn is_date_line(&self, at: usize) -> bool {
        let is_near = |edge: usize| (edge.saturating_sub(6)..edge + 4).contains(&at);
        (is_near(self.core.start) || is_near(self.core.end)) && self.known.is_date_line(&self.page.blocks[at])
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
        row.put(match block.label() {
            None => 0.0,
            Some(Label::Related) => 1.0,
            Some(Label::Interest) => 1.5,
            Some(Label::Recirculation) => 2.0,
            Some(Label::Furniture) => 3.0,
        });
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
        row.put(label.map_or(0.0, |label| match blocks[label].label() {
            Some(Label::Related) => 1.0,
            Some(Label::Interest) => 1.5,
            Some(Label::Recirculation) => 2.0,
            _ => 3.0,
        }));
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

/// A row that is being written.
struct Filling {
    row: Row,
    at: usize,
}

impl Filling {
    fn put(&mut self, value: f32) {
        self.row[self.at] = value;
        self.at += 1;
    }

    fn flag(&mut self, is_so: bool) {
        self.put(f32::from(u8::from(is_so)));
    }
}

/// What the characters of a text are.
#[derive(Debug)]
struct Letters {
    /// Capitals among letters that have a case.
    capitals: f32,
    /// Words that begin with one, among words that begin with a letter that has a case.
    capital_words: f32,
    digits: f32,
    at_signs: u32,
    bars: u32,
    ends_sentence: bool,
}

impl Letters {
    fn of(text: &str) -> Self {
        let (mut capitals, mut cased, mut words, mut capital_words, mut digits, mut all) = (0, 0, 0, 0, 0, 0);
        let (mut at_signs, mut bars) = (0, 0);
        let mut is_inside = false;
        for c in text.chars().take(1000) {
            all += 1;
            let (is_upper, is_lower) = (c.is_uppercase(), c.is_lowercase());
            if is_upper || is_lower {
                cased += 1;
                capitals += u32::from(is_upper);
                if !is_inside {
                    words += 1;
                    capital_words += u32::from(is_upper);
                }
            }
            digits += u32::from(c.is_numeric());
            at_signs += u32::from(c == '@');
            bars += u32::from(c == '|' || c == '·' || c == '•');
            is_inside = c.is_alphanumeric() || c == '\'' || c == '’';
        }
        let of_cased = |part: u32, whole: u32| if whole < 2 { UNKNOWN } else { share(part, whole) };
        Self {
            capitals: of_cased(capitals, cased),
            capital_words: of_cased(capital_words, words),
            digits: share(digits, all),
            at_signs,
            bars,
            ends_sentence: text
                .trim_end_matches(['"', '”', '’', '\'', ')', '»', '」', '』', '）'])
                .ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '॥', '؟', '۔', '።']),
        }
    }
}

/// How much of a text and another are the same letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shared {
    All,
    /// As many as tell, up to the end of the shorter.
    Beginning,
    Little,
}

/// Compares a text's letters with those of another, which are bare.
fn shared(text: &str, other: &str) -> Shared {
    const TELLING: usize = 60;
    let (mut ours, mut theirs) = (letters(text), other.chars());
    for seen in 0.. {
        match (ours.next(), theirs.next()) {
            (Some(a), Some(b)) if a == b => {}
            (None, None) if seen > 0 => return Shared::All,
            (None, Some(_)) if seen >= 5 => return Shared::Beginning,
            _ if seen >= TELLING => return Shared::Beginning,
            _ => break,
        }
    }
    Shared::Little
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

/// Elements as numbers, those of text first, so that one cut divides them.
fn code(tag: Tag) -> f32 {
    match tag {
        Tag::Paragraph => 0.0,
        Tag::Quote => 1.0,
        Tag::Pre => 2.0,
        Tag::Heading(_) => 3.0,
        Tag::Item => 4.0,
        Tag::List => 5.0,
        Tag::Row => 6.0,
        Tag::Cell => 7.0,
        Tag::Table => 8.0,
        Tag::Article => 9.0,
        Tag::Main => 10.0,
        Tag::Section => 11.0,
        Tag::Body => 12.0,
        Tag::Block => 13.0,
        Tag::Text | Tag::Inline | Tag::Break | Tag::Image | Tag::Time | Tag::Strong => 14.0,
        Tag::Link => 15.0,
        Tag::Figure => 16.0,
        Tag::Caption => 17.0,
        Tag::Header => 18.0,
        Tag::Form => 19.0,
        Tag::Aside => 20.0,
        Tag::Footer => 21.0,
        Tag::Nav => 22.0,
    }
}

fn share(part: u32, whole: u32) -> f32 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "a page's sizes are far below 2^24 where it matters")]
fn float(count: u32) -> f32 {
    count as f32
}

fn number(count: usize) -> f32 {
    float(u32::try_from(count).unwrap_or(u32::MAX))
}
