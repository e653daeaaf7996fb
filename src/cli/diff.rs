//! `tearsheet diff`: what an edit did to an article, word by word.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use super::configured::count;
use super::plain::plain;
use super::style::{is_styled, styled};
use super::{CliError, configured, print, show, time};
use crate::model::id::ArticleId;
use crate::revision::words_diff::{Op, Paragraph, Piece, is_changed, words_diff};
use crate::revision::{Version, compare};
use crate::store::reader::{Reader, RevisionText, StoredArticle, StoredRevision};

/// Shows the word-level difference of two revisions of an article; without numbers, of the last two.
///
/// Removed words are [-in brackets-] and added ones {+in braces+}; on a terminal, red and green.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The article's id, or any address by which it is known.
    #[arg(value_name = "ARTICLE")]
    article: String,
    /// The number of the revision to compare from.
    #[arg(value_name = "N", requires = "to")]
    from: Option<u32>,
    /// The number of the revision to compare to.
    #[arg(value_name = "M")]
    to: Option<u32>,
    /// Shows also the paragraphs in which nothing changed.
    #[arg(long)]
    full: bool,
    /// Prints one JSON object: `title` and each of `paragraphs` is a list of pieces with `op` and `text`. The texts of
    /// the equal and inserted ones make up the newer revision, line breaks included.
    #[arg(long)]
    json: bool,
}

/// Prints the difference. Works beside a running daemon.
pub(super) fn run(args: &DiffArgs, config: Option<&Path>, verbose: u8) -> Result<(), CliError> {
    let config = configured::load_to_read(config, verbose)?;
    let reader = Reader::open(&config.store.path).map_err(|error| CliError::failed(&error))?;
    let article = show::find(&reader, &args.article)?.ok_or_else(|| show::unknown(&args.article, &config))?;
    let numbers: Vec<u32> = article.revisions.iter().map(|revision| revision.number).collect();
    let (from, to) = match (args.from.zip(args.to), &numbers[..]) {
        (Some(numbers), _) => numbers,
        (None, [.., from, to]) => (*from, *to),
        (None, few) => {
            let kept = if few.is_empty() { "no text yet" } else { "one revision only" };
            eprintln!("tearsheet: article {} has {kept}: there is nothing to compare", article.id);
            return Ok(());
        }
    };
    let text = |number: u32| -> Result<RevisionText, CliError> {
        let found = reader.revision(article.id, number).map_err(|error| CliError::failed(&error))?;
        found.ok_or_else(|| missing(&article, number, &numbers))
    };
    let difference = Difference { article: article.id, old: text(from)?, new: text(to)? };
    if args.json {
        print(&format!("{}\n", difference.to_json()))
    } else {
        print(&difference.to_text(is_styled(), args.full))
    }
}

/// The error that names the revisions there are.
fn missing(article: &StoredArticle, number: u32, numbers: &[u32]) -> CliError {
    let why = if number > 0 && number <= article.revision_count { "was pruned" } else { "never was" };
    let kept = match numbers {
        [] => "it has none".to_owned(),
        numbers => format!("there is {}", numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")),
    };
    CliError::Failed(format!("revision {number} of article {} {why}: {kept}", article.id))
}

struct Difference {
    article: ArticleId,
    old: RevisionText,
    new: RevisionText,
}

impl Difference {
    /// Words added and removed, as the archive counts them for neighbors.
    fn words(&self) -> (u32, u32) {
        let change = compare(&version(&self.old), &version(&self.new));
        change.map_or((0, 0), |change| (change.words_added, change.words_removed))
    }

    fn title(&self) -> Vec<Piece<'_>> {
        let old = self.old.revision.title.as_deref().unwrap_or_default();
        words_diff(old, self.new.revision.title.as_deref().unwrap_or_default()).concat()
    }

    fn text(&self) -> Vec<Paragraph<'_>> {
        words_diff(&self.old.content_text, &self.new.content_text)
    }

    fn to_text(&self, is_styled: bool, full: bool) -> String {
        let (added, removed) = self.words();
        let head = format!(
            "article {}\nfrom {}\nto   {}\n{} added, {} removed\n",
            self.article,
            named(&self.old.revision),
            named(&self.new.revision),
            count(added as usize, "word"),
            count(removed as usize, "word"),
        );
        let text = self.text();
        let shown = shown(&text, full);
        let mut body = String::new();
        let mut is_gap = false;
        for (paragraph, is_shown) in text.iter().zip(shown) {
            if is_shown {
                body += &format!("\n{}\n", marked(paragraph, is_styled));
            } else if !is_gap {
                body += "\n…\n";
            }
            is_gap = !is_shown;
        }
        format!("{head}\n{}\n{body}", marked(&self.title(), is_styled))
    }

    fn to_json(&self) -> Value {
        let (added, removed) = self.words();
        json!({
            "article_id": self.article,
            "from": show::revision(&self.old.revision),
            "to": show::revision(&self.new.revision),
            "words_added": added,
            "words_removed": removed,
            "title": pieces(&self.title()),
            "paragraphs": self.text().iter().map(|paragraph| pieces(paragraph)).collect::<Vec<_>>(),
        })
    }
}

fn version(text: &RevisionText) -> Version<'_> {
    Version { title: text.revision.title.as_deref(), text: &text.content_text, updated: None }
}

/// `revision 2 of 2015-03-05T10:20:00Z (text, silent)`.
fn named(revision: &StoredRevision) -> String {
    let silent = if revision.silent { ", silent" } else { "" };
    let correction = if revision.correction { ", correction" } else { "" };
    let (number, at) = (revision.number, time::stamp(revision.observed_at));
    format!("revision {number} of {at} ({}{silent}{correction})", revision.kind)
}

/// Which paragraphs are shown: those that changed and their neighbors.
fn shown(paragraphs: &[Paragraph<'_>], full: bool) -> Vec<bool> {
    let changed: Vec<bool> = paragraphs.iter().map(|paragraph| is_changed(paragraph)).collect();
    let near = |at: usize| changed[at.saturating_sub(1)..changed.len().min(at + 2)].contains(&true);
    (0..changed.len()).map(|at| full || near(at)).collect()
}

/// A paragraph with its changes marked, without its line breaks.
fn marked(pieces: &[Piece<'_>], is_styled: bool) -> String {
    let mut text = String::new();
    for piece in pieces {
        let words = plain(piece.text.trim_matches('\n'));
        if words.is_empty() {
            continue;
        }
        match (piece.op, is_styled) {
            (Op::Equal, _) => text += &words,
            (Op::Delete, true) => text += &styled(&words, "31;9"),
            (Op::Insert, true) => text += &styled(&words, "32"),
            (Op::Delete, false) => text += &format!("[-{words}-]"),
            (Op::Insert, false) => text += &format!("{{+{words}+}}"),
        }
    }
    text
}

fn pieces(pieces: &[Piece<'_>]) -> Value {
    pieces.iter().map(|piece| json!({"op": piece.op.as_str(), "text": piece.text})).collect()
}
