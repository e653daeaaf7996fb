//! Pages whose text is known.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{fs, io};

use chrono::{DateTime, TimeDelta};
use serde::Deserialize;
use tearsheet::article::{PageInput, read_with_reasons, reasons::Weighed};
use tearsheet::model::article::PageBlocks;
use url::Url;

use super::halves::{Half, host};

/// Words in a row that are compared.
const SHINGLE: usize = 4;

/// A folder of pages.
pub(crate) struct Set {
    pub name: String,
    pages: Vec<Page>,
}

/// A page with what is known of its text.
pub(crate) struct Page {
    pub half: Half,
    pub host: String,
    pub file: PathBuf,
    pub gold: Gold,
    /// Its blocks that may be text, with how far each is: of one, and how many words it has; `None` where that is unknown.
    pub blocks: Vec<(Weighed, Option<Truth>)>,
}

/// How much of a block is text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Truth {
    pub share: f32,
    pub words: f32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Gold {
    #[serde(default)]
    url: Option<String>,
    /// The whole text.
    pub text: Option<String>,
    /// Strings that must be in the text.
    #[serde(default)]
    pub with: Vec<String>,
    /// Strings that must not.
    #[serde(default)]
    pub without: Vec<String>,
}

impl Set {
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let gold: BTreeMap<String, Gold> = serde_json::from_slice(&fs::read(folder.join("gold.json"))?)?;
        let mut pages = Vec::with_capacity(gold.len());
        for (name, gold) in gold {
            let file = folder.join("html").join(format!("{name}.html"));
            let host = host(gold.url.as_deref().unwrap_or(&name));
            let (_, reasons) = read_with_reasons(&input(&fs::read(&file)?, &[]));
            let blocks = label(reasons.blocks, &gold);
            pages.push(Page { half: Half::of(&host), host, file, gold, blocks });
        }
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { name, pages })
    }

    pub(crate) fn pages(&self) -> &[Page] {
        &self.pages
    }
}

/// A page of nowhere in particular.
pub(crate) fn input<'a>(bytes: &'a [u8], siblings: &'a [PageBlocks]) -> PageInput<'a> {
    static NOWHERE: LazyLock<Url> = LazyLock::new(|| Url::parse("about:blank").expect("a constant"));
    PageInput { siblings, ..PageInput::new(bytes, &NOWHERE, DateTime::UNIX_EPOCH + TimeDelta::days(20_000)) }
}

fn label(blocks: Vec<Weighed>, gold: &Gold) -> Vec<(Weighed, Option<Truth>)> {
    let of = |block: &Weighed, truth: &dyn Fn(&str) -> Option<f32>| {
        truth(&block.text).map(|share| Truth { share, words: number(words(&block.text).count()) })
    };
    let Some(text) = &gold.text else {
        let (with, without): (Vec<String>, Vec<String>) =
            (gold.with.iter().map(|s| squashed(s)).collect(), gold.without.iter().map(|s| squashed(s)).collect());
        let truth = |text: &str| {
            let text = squashed(text);
            let holds = |strings: &[String]| strings.iter().any(|string| text.contains(string.as_str()));
            match (holds(&with), holds(&without)) {
                (true, false) => Some(1.0),
                (false, true) => Some(0.0),
                _ => None,
            }
        };
        return blocks
            .into_iter()
            .map(|block| (of(&block, &truth), block))
            .map(|(truth, block)| (block, truth))
            .collect();
    };
    let all: Vec<&str> = words(text).collect();
    let known: HashSet<&[&str]> = all.windows(SHINGLE).collect();
    let joined = format!(" {} ", all.join(" ")).to_lowercase();
    let truth = |text: &str| {
        let words: Vec<&str> = words(text).collect();
        Some(if words.len() < SHINGLE {
            f32::from(u8::from(!words.is_empty() && joined.contains(&format!(" {} ", words.join(" ")).to_lowercase())))
        } else {
            let hits = words.windows(SHINGLE).filter(|shingle| known.contains(shingle)).count();
            number(hits) / number(words.len() + 1 - SHINGLE)
        })
    };
    blocks.into_iter().map(|block| (of(&block, &truth), block)).map(|(truth, block)| (block, truth)).collect()
}

/// White space folded.
pub(crate) fn squashed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words; each character of a script that writes none apart.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_dense = |c: char| matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}');
    text.split(|c: char| !c.is_alphanumeric() && c != '_').flat_map(move |word| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let end = if is_dense(first) { first.len_utf8() } else { rest.find(is_dense).unwrap_or(rest.len()) };
            let (word, after) = rest.split_at(end);
            rest = after;
            Some(word)
        })
    })
}

/// How often each four words in a row stand in a text.
pub(crate) fn shingles(text: &str) -> HashMap<Vec<&str>, u32> {
    let words: Vec<&str> = words(text).collect();
    let mut counts = HashMap::new();
    if words.len() < SHINGLE && !words.is_empty() {
        counts.insert(words, 1);
        return counts;
    }
    for shingle in words.windows(SHINGLE) {
        *counts.entry(shingle.to_vec()).or_default() += 1;
    }
    counts
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub(crate) fn number(count: usize) -> f32 {
    count as f32
}

/// Reads a file of the set again.
pub(crate) fn bytes(file: &Path) -> io::Result<Vec<u8>> {
    fs::read(file)
}
