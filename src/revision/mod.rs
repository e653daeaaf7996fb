//! What changed between two versions of an article, and of what kind.
//!
//! What a reader cannot see (white space, the style of quotes and dashes) is no change; `fingerprint::words` says what
//! that is, and `fingerprint::text_hash` is equal exactly when no change of words is found here. Pure and bounded: no
//! clock is read to stop a difference that takes long; past `MAX_ALIGNED_WORDS` words are counted, not aligned.

pub mod words_diff;

mod beginning;
mod notice;

use std::ops::Range;

use chrono::{DateTime, Utc};
use imara_diff::{Algorithm, Diff, InternedInput, Token};

pub use self::beginning::is_beginning;
use crate::fingerprint::words;

/// Between the common beginning and the common end of both texts together. Myers' algorithm with its heuristics is still
/// quadratic on texts of few different words: 2 × 700,000 words, all one of two, took 534 s.
const MAX_ALIGNED_WORDS: usize = 20_000;

/// A version of an article, as stored or as just read.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// Plain text.
    pub title: Option<&'a str>,
    /// One paragraph a line, as `content_text` has it.
    pub text: &'a str,
    /// When the publisher says that it was changed; `None` when it says nothing, or only in relative words.
    pub updated: Option<DateTime<Utc>>,
}

/// What changed: a row of `revisions`, less the version itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Of what kind.
    pub kind: RevisionKind,
    /// The words changed and the publisher's stamp did not move forward.
    pub silent: bool,
    /// A notice of a correction or clarification came in words.
    pub correction: bool,
    /// Words of title and text that the old version did not have there.
    pub words_added: u32,
    /// Words of title and text that the new version does not have there.
    pub words_removed: u32,
}

impl Change {
    /// The same change, made by the reader and not by the publisher: neither silent nor a correction.
    #[must_use]
    pub fn of_ours(self) -> Self {
        Self { kind: RevisionKind::Reextracted, silent: false, correction: false, ..self }
    }
}

/// The kinds of revision: `revisions.kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RevisionKind {
    /// The first version seen.
    First,
    /// The title alone.
    Title,
    /// The text alone.
    Text,
    /// Both.
    TitleText,
    /// Only the publisher's stamp.
    Stamp,
    /// The publisher changed nothing: the reader of pages got better.
    Reextracted,
}

impl RevisionKind {
    /// The word that the database uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Title => "title",
            Self::Text => "text",
            Self::TitleText => "title+text",
            Self::Stamp => "stamp",
            Self::Reextracted => "reextracted",
        }
    }
}

/// What `new` changes in `old`; `None` when a reader would see no difference and no exact stamp moved.
///
/// A stamp that appears or goes away without any other change is no revision: it says nothing of an edit.
pub fn compare(old: &Version<'_>, new: &Version<'_>) -> Option<Change> {
    let title = difference(old.title.unwrap_or_default(), new.title.unwrap_or_default());
    let text = difference(old.text, new.text);
    let kind = match (title.is_some(), text.is_some()) {
        (true, true) => RevisionKind::TitleText,
        (true, false) => RevisionKind::Title,
        (false, true) => RevisionKind::Text,
        (false, false) => {
            old.updated.zip(new.updated).filter(|(old, new)| old != new)?;
            RevisionKind::Stamp
        }
    };
    let (title, text) = (title.unwrap_or_default(), text.unwrap_or_default());
    Some(Change {
        kind,
        silent: kind != RevisionKind::Stamp && new.updated <= old.updated,
        correction: notice::came(old, new),
        words_added: title.added.saturating_add(text.added),
        words_removed: title.removed.saturating_add(text.removed),
    })
}

/// The change that the first version is: all its words are added. A notice that it carries already is seen.
pub fn first(new: &Version<'_>) -> Change {
    let nothing = Version { title: None, text: "", updated: None };
    let count = |text: &str| u32::try_from(words(text).count()).unwrap_or(u32::MAX);
    Change {
        kind: RevisionKind::First,
        silent: false,
        correction: notice::came(&nothing, new),
        words_added: count(new.title.unwrap_or_default()).saturating_add(count(new.text)),
        words_removed: 0,
    }
}

/// How far two texts are apart, in words.
#[derive(Debug, Clone, Copy, Default)]
struct Difference {
    added: u32,
    removed: u32,
}

/// The difference of two texts word by word; `None` when there is none.
fn difference(old: &str, new: &str) -> Option<Difference> {
    if old == new {
        return None; // By far the most frequent case costs no words.
    }
    let mut input = InternedInput::default();
    input.update_before(words(old));
    input.update_after(words(new));
    if input.before == input.after {
        return None;
    }
    let (before, after) = common_ends(&input.before, &input.after);
    let (before, after) = (&input.before[before], &input.after[after]);
    if before.len() + after.len() > MAX_ALIGNED_WORDS {
        return Some(counted(before, after, input.interner.num_tokens()));
    }
    let diff = align(before, after, input.interner.num_tokens());
    Some(Difference { added: diff.count_additions(), removed: diff.count_removals() })
}

/// What stands between the common beginning and the common end of two texts.
fn common_ends(before: &[Token], after: &[Token]) -> (Range<usize>, Range<usize>) {
    let start = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    let rest = before[start..].iter().rev().zip(after[start..].iter().rev());
    let end = rest.take_while(|(old, new)| old == new).count();
    (start..before.len() - end, start..after.len() - end)
}

/// Aligns at most [`MAX_ALIGNED_WORDS`]. Histogram diff pays for rare tokens; running text is full of frequent ones,
/// where it falls back to this anyway.
fn align(before: &[Token], after: &[Token], different_words: u32) -> Diff {
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Myers, before, after, different_words);
    diff
}

/// How often each word came or went, wherever it stands: a word that only moved is no difference.
fn counted(before: &[Token], after: &[Token], different_words: u32) -> Difference {
    let mut balance = vec![0_i64; different_words as usize];
    for word in before {
        balance[word.0 as usize] -= 1;
    }
    for word in after {
        balance[word.0 as usize] += 1;
    }
    let sum = |sign: i64| u32::try_from(balance.iter().map(|n| (n * sign).max(0)).sum::<i64>()).unwrap_or(u32::MAX);
    Difference { added: sum(1), removed: sum(-1) }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::time::Instant;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Change, MAX_ALIGNED_WORDS, RevisionKind, Version, compare, first};
    use crate::fingerprint::text_hash;

    const TITLE: &str = "Old mill saved";
    const TEXT: &str = "The council voted on Tuesday.\n\nThe wheel will turn again, “as it should”.";

    fn version<'a>(title: &'a str, text: &'a str, hour: Option<i64>) -> Version<'a> {
        let updated = hour.map(|hour| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::hours(hour));
        Version { title: Some(title), text, updated }
    }

    /// From `TITLE` and `TEXT`, updated at 1 o'clock. `expected` is kind, words added and words removed.
    #[track_caller]
    fn check(title: &str, text: &str, expected: Option<(RevisionKind, u32, u32)>) -> Option<Change> {
        let change = compare(&version(TITLE, TEXT, Some(1)), &version(title, text, Some(1)));
        assert_eq!(change.map(|change| (change.kind, change.words_added, change.words_removed)), expected, "{text}");
        assert_eq!(change.is_none(), text_hash(Some(title), text) == text_hash(Some(TITLE), TEXT), "{text}");
        change
    }

    #[test]
    fn what_no_reader_sees_is_no_revision() {
        check(TITLE, TEXT, None);
        check(" Old  mill\u{a0}saved ", &TEXT.replace("\n\n", " "), None);
        check(TITLE, &TEXT.replace(['“', '”'], "\""), None);
        check(TITLE, &TEXT.replace("wheel", "whe\u{ad}el"), None);
    }

    #[test]
    fn kind_says_what_changed_and_the_words_how_much() {
        check("Old mill lost", TEXT, Some((RevisionKind::Title, 1, 1)));
        check(TITLE, &TEXT.replace("Tuesday", "Monday"), Some((RevisionKind::Text, 1, 1)));
        check(TITLE, &format!("{TEXT}\n\nIt is old."), Some((RevisionKind::Text, 3, 0)));
        check(TITLE, "The council voted on Tuesday.", Some((RevisionKind::Text, 0, 8)));
        check("Mill saved", &TEXT.replace(" The", "").replace("wheel ", ""), Some((RevisionKind::TitleText, 1, 3)));
        check(TITLE, &TEXT.replace("again,", "again"), Some((RevisionKind::Text, 1, 1)));
    }

    #[test]
    fn scripts_without_spaces_differ_by_characters() {
        let change =
            compare(&version("水車", "東京で会議を開いた。", None), &version("水車", "京都で会議を開いた。", None));
        let change = change.unwrap();
        assert_eq!((change.words_added, change.words_removed), (1, 1));
    }

    #[test]
    fn a_stamp_counts_only_when_both_are_exact() {
        let compare =
            |old, new| compare(&version(TITLE, TEXT, old), &version(TITLE, TEXT, new)).map(|change| change.kind);
        assert_eq!(compare(Some(1), Some(2)), Some(RevisionKind::Stamp));
        for (old, new) in [(None, None), (None, Some(1)), (Some(1), None), (Some(1), Some(1))] {
            assert_eq!(compare(old, new), None, "{old:?} {new:?}");
        }
    }

    #[test]
    fn silent_is_an_edit_without_a_newer_stamp() {
        for (old, new, silent) in [
            (Some(1), Some(2), false),
            (None, Some(2), false),
            (Some(1), Some(1), true),
            (Some(2), Some(1), true),
            (Some(1), None, true),
            (None, None, true),
        ] {
            let change = compare(&version(TITLE, TEXT, old), &version(TITLE, "New.", new)).unwrap();
            assert_eq!(change.silent, silent, "{old:?} {new:?}");
        }
        assert!(!compare(&version(TITLE, TEXT, Some(1)), &version(TITLE, TEXT, Some(2))).unwrap().silent);
    }

    #[test]
    fn first_adds_all_words() {
        let change = first(&version(TITLE, TEXT, None));
        let expected =
            Change { kind: RevisionKind::First, silent: false, correction: false, words_added: 16, words_removed: 0 };
        assert_eq!(change, expected);
    }

    #[test]
    fn long_rewritten_texts_are_counted() {
        let text = |word: &str| word.repeat(MAX_ALIGNED_WORDS);
        let change =
            compare(&version(TITLE, &text("old mill "), None), &version(TITLE, &text("mill new "), None)).unwrap();
        let words = u32::try_from(MAX_ALIGNED_WORDS).unwrap();
        assert_eq!((change.kind, change.words_added, change.words_removed), (RevisionKind::Text, words, words));
    }

    /// Texts chosen to be bad for a diff: no word in common, all words in another order, two words only.
    #[test]
    fn large_texts_are_compared_in_bounded_time() {
        let text = |size_bytes: usize, word: &dyn Fn(u64) -> u64| {
            let mut text = String::new();
            let mut n = 0;
            while text.len() < size_bytes {
                write!(text, "w{} ", word(n)).unwrap();
                n += 1;
            }
            text
        };
        let scatter = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
        // Two megabytes are counted; thirty thousand bytes of two words are just below the cap, and aligned.
        for size_bytes in [2 << 20, 29_900] {
            for (name, old, new) in [
                ("nothing in common", text(size_bytes, &|n| 2 * n), text(size_bytes, &|n| 2 * n + 1)),
                (
                    "other order",
                    text(size_bytes, &|n| scatter(n) % 1000),
                    text(size_bytes, &|n| scatter(n + 7919) % 1000),
                ),
                ("two words", text(size_bytes, &|n| scatter(n) & 1), text(size_bytes, &|n| scatter(n * n + 1) & 1)),
            ] {
                let started = Instant::now();
                assert!(compare(&version(TITLE, &old, None), &version(TITLE, &new, None)).is_some(), "{name}");
                // Generous: unoptimised, on a busy machine. Quadratic time would be minutes.
                assert!(started.elapsed().as_secs() < 10, "{name}: {:?}", started.elapsed());
            }
        }
    }
}
