//! Why a text is what it is: of each block, what the evidence on it is and what each piece adds. For `extract --reasons`, and
//! for the trainer of the trees.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::candidates::{self, Carried};
use super::evidence::{Evidence, NAMES};
use super::judge::{self, Reading, probability};
use super::known::Known;
use super::outline::Outline;

/// What was known of a page's blocks, in document order.
#[derive(Debug, Default)]
pub struct Reasons {
    /// The views of where the article is, each with the elements that it names.
    pub views: Vec<(String, Vec<String>)>,
    /// The blocks that could be text.
    pub blocks: Vec<Weighed>,
}

/// A block with the evidence on it.
#[derive(Debug)]
pub struct Weighed {
    /// Its text.
    pub text: String,
    /// Its element and those around it, outermost first: `article > div.body > p`.
    pub element: String,
    /// How likely it is text, of one.
    pub probability: f32,
    /// Whether it was taken.
    pub is_text: bool,
    /// Values in the order of [`evidence_names`].
    pub evidence: [f32; NAMES.len()],
    /// What each adds to the log-odds.
    pub adds: [f32; NAMES.len()],
}

/// What each value of the evidence on a block is called.
pub fn evidence_names() -> &'static [&'static str] {
    &NAMES
}

/// Pieces of evidence shown of a block.
const SHOWN: usize = 6;
/// Characters shown of a block.
const SHOWN_TEXT: usize = 120;

impl Reasons {
    pub(super) fn new(page: &Outline<'_>, reading: &Reading, known: &Known<'_>, embedded: Option<&str>) -> Self {
        let carried = embedded.and_then(|text| Carried::new(page, text));
        let candidates = candidates::candidates(page, carried.as_ref());
        let evidence = Evidence::new(page, &candidates, known, carried.as_ref());
        let views = candidates
            .iter()
            .map(|candidate| {
                let elements = candidate.roots.iter().map(|root| path(page, *root)).collect();
                (format!("{:?}", candidate.view), elements)
            })
            .collect();
        let weighed = reading.odds.iter().enumerate().filter_map(|(at, odds)| Some((at, (*odds)?)));
        let blocks = weighed.map(|(at, odds)| {
            let (row, adds) = judge::evidence_of(&evidence, at);
            Weighed {
                text: page.blocks[at].text.clone(),
                element: path(page, page.blocks[at].container),
                probability: probability(odds),
                is_text: reading.blocks.binary_search(&at).is_ok(),
                evidence: row,
                adds,
            }
        });
        Self { views, blocks: blocks.collect() }
    }

    /// For a person: the weightiest evidence on each block.
    pub fn to_json(&self) -> Value {
        json!({ "views": self.views.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(), "blocks": self.blocks })
    }
}

impl Serialize for Weighed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut order: Vec<usize> = (0..NAMES.len()).collect();
        order.sort_by(|a, b| self.adds[*b].abs().total_cmp(&self.adds[*a].abs()));
        let because: Map<String, Value> = order
            .into_iter()
            .take(SHOWN)
            .map(|at| {
                (NAMES[at].to_owned(), json!({ "value": round(self.evidence[at]), "adds": round(self.adds[at]) }))
            })
            .collect();
        let text: String = self.text.chars().take(SHOWN_TEXT).collect();
        json!({
            "text": text,
            "element": self.element,
            "probability": round(self.probability),
            "is_text": self.is_text,
            "because": because,
        })
        .serialize(serializer)
    }
}

fn round(value: f32) -> f64 {
    (f64::from(value) * 1000.0).round() / 1000.0
}

/// `main > article > p.lead`: an element and up to three around it.
fn path(page: &Outline<'_>, node: usize) -> String {
    let elements = page.ancestors(node).take(4).filter_map(|node| page.nodes[node].element());
    let names = elements.map(|element| {
        let class = element.attr("class").and_then(|class| class.split_ascii_whitespace().next());
        class.map_or_else(|| element.name().to_owned(), |class| format!("{}.{class}", element.name()))
    });
    let mut names: Vec<String> = names.collect();
    names.reverse();
    names.join(" > ")
}
