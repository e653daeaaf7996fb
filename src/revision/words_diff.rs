//! The word-level difference of two texts, to be shown.
//!
//! It is the alignment that [`compare`](super::compare) counts: what is inserted and deleted here are the words added
//! and removed there. Joining the equal and inserted pieces gives the new text byte for byte; the equal and deleted ones
//! give the old text, but for white space and styles of quotes that no reader sees. Pure and bounded as `compare` is:
//! texts that differ in too many words for an alignment are compared by lines, and within them as far as the bound goes.

use std::borrow::Cow;
use std::ops::Range;

use imara_diff::{InternedInput, Token};

use super::{MAX_ALIGNED_WORDS, align, common_ends};
use crate::fingerprint::placed_words;

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// In both texts; as the new one has it.
    Equal,
    /// In the new text only.
    Insert,
    /// In the old text only.
    Delete,
}

impl Op {
    /// The word for it in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Insert => "insert",
            Self::Delete => "delete",
        }
    }
}

/// A piece of one of the texts; its white space belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What became of it.
    pub op: Op,
    /// The text.
    pub text: &'a str,
}

/// The pieces of a paragraph, which ends with its line breaks.
pub type Paragraph<'a> = Vec<Piece<'a>>;

/// Whether words came or went in these pieces.
pub fn is_changed(pieces: &[Piece<'_>]) -> bool {
    pieces.iter().any(|piece| piece.op != Op::Equal && placed_words(piece.text).next().is_some())
}

/// The difference of two texts, paragraph by paragraph.
pub fn words_diff<'a>(old: &'a str, new: &'a str) -> Vec<Paragraph<'a>> {
    let (old, new) = (Side::of(old), Side::of(new));
    let mut writer = Writer { old: &old, new: &new, at: 0, pieces: Vec::new() };
    let mut hunks = hunks(&old, &new);
    slide(&old, &new, &mut hunks);
    for (deleted, inserted) in hunks {
        writer.hunk(deleted, inserted);
    }
    writer.rest();
    split_paragraphs(writer.pieces)
}

/// A text with its words and where they are.
struct Side<'a> {
    text: &'a str,
    places: Vec<Range<usize>>,
    words: Vec<Cow<'a, str>>,
}

impl<'a> Side<'a> {
    fn of(text: &'a str) -> Self {
        let (places, words) = placed_words(text).unzip();
        Self { text, places, words }
    }

    /// Where the word begins; behind the last one, where the text ends.
    fn start(&self, word: usize) -> usize {
        self.places.get(word).map_or(self.text.len(), |place| place.start)
    }

    /// Where the word before ends; before the first one, where the text begins.
    fn end_before(&self, word: usize) -> usize {
        word.checked_sub(1).map_or(0, |before| self.places[before].end)
    }
}

/// A run of old words and the run of new words in its place; one may be empty.
type Hunk = (Range<usize>, Range<usize>);

/// All hunks, in order.
fn hunks(old: &Side<'_>, new: &Side<'_>) -> Vec<Hunk> {
    let mut input = InternedInput::default();
    input.update_before(old.words.iter().map(Cow::as_ref));
    input.update_after(new.words.iter().map(Cow::as_ref));
    let different = input.interner.num_tokens();
    let middle = common_ends(&input.before, &input.after);
    if middle.0.len() + middle.1.len() <= MAX_ALIGNED_WORDS {
        return aligned(&input.before, &input.after, middle, different);
    }
    let mut left = MAX_ALIGNED_WORDS;
    let mut hunks = Vec::new();
    for (before, after) in line_hunks(old, new, &input.before, &input.after, middle) {
        let words = before.len() + after.len();
        if words <= left && !before.is_empty() && !after.is_empty() {
            left -= words;
            hunks.extend(aligned(&input.before, &input.after, (before, after), different));
        } else {
            hunks.push((before, after));
        }
    }
    hunks
}

/// The hunks of two runs of words, aligned word by word.
fn aligned(before: &[Token], after: &[Token], (old, new): Hunk, different: u32) -> Vec<Hunk> {
    let diff = align(&before[old.clone()], &after[new.clone()], different);
    let shifted = |run: Range<u32>, by: usize| run.start as usize + by..run.end as usize + by;
    diff.hunks().map(|hunk| (shifted(hunk.before, old.start), shifted(hunk.after, new.start))).collect()
}

/// The hunks of two runs of words, aligned line by line.
fn line_hunks(old: &Side<'_>, new: &Side<'_>, before: &[Token], after: &[Token], (left, right): Hunk) -> Vec<Hunk> {
    let (old_lines, new_lines) = (lines(old, left.clone()), lines(new, right.clone()));
    if old_lines.len() + new_lines.len() > MAX_ALIGNED_WORDS {
        return vec![(left, right)];
    }
    let mut input = InternedInput::default();
    input.update_before(old_lines.iter().map(|line| &before[line.clone()]));
    input.update_after(new_lines.iter().map(|line| &after[line.clone()]));
    let diff = align(&input.before, &input.after, input.interner.num_tokens());
    let run = |lines: &[Range<usize>], run: Range<u32>, all: &Range<usize>| {
        let start = |line: u32| lines.get(line as usize).map_or(all.end, |line| line.start);
        start(run.start)..start(run.end)
    };
    diff.hunks().map(|hunk| (run(&old_lines, hunk.before, &left), run(&new_lines, hunk.after, &right))).collect()
}

/// The words of each line of a run of words.
fn lines(side: &Side<'_>, run: Range<usize>) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    for word in run.clone() {
        let begins = word == run.start || side.text[side.end_before(word)..side.start(word)].contains('\n');
        match lines.last_mut() {
            Some(line) if !begins => line.end = word + 1,
            _ => lines.push(word..word + 1),
        }
    }
    lines
}

/// Moves what only came or only went to where a line begins, if it may as well stand there: a paragraph that begins like
/// the next one is shown from its own beginning.
fn slide(old: &Side<'_>, new: &Side<'_>, hunks: &mut [Hunk]) {
    for at in 0..hunks.len() {
        let (deleted, inserted) = hunks[at].clone();
        // Without an equal word between them two hunks would be one of another kind.
        let free_from = at.checked_sub(1).map_or((0, 0), |before| (hunks[before].0.end + 1, hunks[before].1.end + 1));
        let free_to = hunks.get(at + 1).map(|next| (next.0.start - 1, next.1.start - 1));
        let free_to = free_to.unwrap_or((old.words.len(), new.words.len()));
        let (side, run, free) = match (deleted.is_empty(), inserted.is_empty()) {
            (true, false) => (new, &inserted, free_from.1..free_to.1),
            (false, true) => (old, &deleted, free_from.0..free_to.0),
            _ => continue,
        };
        let back = (1..=run.start.saturating_sub(free.start))
            .take_while(|by| side.words[run.start - by] == side.words[run.end - by]);
        let on = (1..=free.end.saturating_sub(run.end))
            .take_while(|by| side.words[run.start + by - 1] == side.words[run.end + by - 1]);
        let begins_line = |word: usize| word == 0 || side.text[side.end_before(word)..side.start(word)].contains('\n');
        let moved = |run: &Range<usize>, back: usize, on: usize| run.start + on - back..run.end + on - back;
        if begins_line(run.start) {
            continue;
        }
        if let Some(by) = back.into_iter().find(|by| begins_line(run.start - by)) {
            hunks[at] = (moved(&deleted, by, 0), moved(&inserted, by, 0));
        } else if let Some(by) = on.into_iter().find(|by| begins_line(run.start + by)) {
            hunks[at] = (moved(&deleted, 0, by), moved(&inserted, 0, by));
        }
    }
}

/// Puts the pieces together, and gives each white space to one of them.
struct Writer<'s, 'a> {
    old: &'s Side<'a>,
    new: &'s Side<'a>,
    /// The new text is written up to here.
    at: usize,
    pieces: Vec<Piece<'a>>,
}

impl Writer<'_, '_> {
    fn hunk(&mut self, deleted: Range<usize>, inserted: Range<usize>) {
        let (old, new) = (self.old, self.new);
        let is_replaced = !deleted.is_empty() && !inserted.is_empty();
        // What replaces something stands between the spaces that were there. What comes or goes alone takes the space
        // behind it along or, at the end of the text, the one before it.
        let is_last = inserted.end == new.places.len();
        let run = |side: &Side<'_>, words: &Range<usize>| {
            if is_replaced {
                side.start(words.start)..side.end_before(words.end)
            } else if is_last {
                side.end_before(words.start)..side.end_before(words.end)
            } else {
                side.start(words.start)..side.start(words.end)
            }
        };
        let inserted_text = run(new, &inserted);
        self.equal(inserted_text.start);
        if !deleted.is_empty() {
            self.push(Op::Delete, &old.text[run(old, &deleted)]);
        }
        self.push(Op::Insert, &new.text[inserted_text.clone()]);
        self.at = inserted_text.end;
    }

    fn rest(&mut self) {
        self.equal(self.new.text.len());
    }

    fn equal(&mut self, to: usize) {
        self.push(Op::Equal, &self.new.text[self.at..to]);
        self.at = to;
    }
}

impl<'a> Writer<'_, 'a> {
    fn push(&mut self, op: Op, text: &'a str) {
        if !text.is_empty() {
            self.pieces.push(Piece { op, text });
        }
    }
}

/// Cuts behind line breaks: a paragraph ends with all that are there.
fn split_paragraphs<'a>(pieces: Vec<Piece<'a>>) -> Vec<Paragraph<'a>> {
    let mut paragraphs: Vec<Paragraph<'a>> = Vec::new();
    let mut after_break = true;
    for Piece { op, text } in pieces {
        let mut start = 0;
        let mut add = |paragraphs: &mut Vec<Paragraph<'a>>, to: usize| {
            let piece = Piece { op, text: &text[start..to] };
            start = to;
            match paragraphs.last_mut() {
                _ if piece.text.is_empty() => {}
                Some(last) => last.push(piece),
                None => paragraphs.push(vec![piece]),
            }
        };
        for (at, c) in text.char_indices() {
            if c != '\n' && after_break {
                add(&mut paragraphs, at);
                paragraphs.push(Vec::new());
            }
            after_break = c == '\n';
        }
        add(&mut paragraphs, text.len());
    }
    paragraphs
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::time::Instant;

    use super::{Op, Paragraph, is_changed, words_diff};
    use crate::fingerprint::words;
    use crate::revision::{MAX_ALIGNED_WORDS, Version, compare};

    fn marked(paragraphs: &[Paragraph<'_>]) -> String {
        let mut text = String::new();
        for piece in paragraphs.iter().flatten() {
            match piece.op {
                Op::Equal => text += piece.text,
                Op::Insert => write!(text, "{{+{}+}}", piece.text).unwrap(),
                Op::Delete => write!(text, "[-{}-]", piece.text).unwrap(),
            }
        }
        text
    }

    fn without(paragraphs: &[Paragraph<'_>], op: Op) -> String {
        paragraphs.iter().flatten().filter(|piece| piece.op != op).map(|piece| piece.text).collect()
    }

    /// What must hold for any two texts.
    #[track_caller]
    fn hold<'a>(old: &'a str, new: &'a str) -> Vec<Paragraph<'a>> {
        let paragraphs = words_diff(old, new);
        assert_eq!(without(&paragraphs, Op::Delete), new);
        // White space apart, since that of equal words is the new text's: `a 語` and `a語` are two words both.
        let letters = |text: &str| words(text).collect::<String>();
        assert_eq!(letters(&without(&paragraphs, Op::Insert)), letters(old), "{paragraphs:?}");
        assert!(paragraphs.iter().all(|paragraph| !paragraph.is_empty()), "{paragraphs:?}");
        paragraphs
    }

    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let paragraphs = hold(old, new);
        assert_eq!(marked(&paragraphs), expected);
        let version = |text| Version { title: None, text, updated: None };
        let change = compare(&version(old), &version(new));
        let shown = |op| {
            let pieces = paragraphs.iter().flatten().filter(|piece| piece.op == op);
            pieces.map(|piece| words(piece.text).count()).sum::<usize>()
        };
        let counted = change.map_or((0, 0), |change| (change.words_added, change.words_removed));
        assert_eq!((shown(Op::Insert), shown(Op::Delete)), (counted.0 as usize, counted.1 as usize));
        assert_eq!(paragraphs.iter().any(|paragraph| is_changed(paragraph)), change.is_some());
    }

    #[test]
    fn words_come_and_go_with_their_spaces() {
        check("a b c", "a x c", "a [-b-]{+x+} c");
        check("a b c", "a c", "a [-b -]c");
        check("a c", "a b c", "a {+b +}c");
        check("a b", "a", "a[- b-]");
        check("a", "a b", "a{+ b+}");
        check("b a", "a", "[-b -]a");
        check("", "a b", "{+a b+}");
        check("a b", "", "[-a b-]");
        check("", "", "");
    }

    #[test]
    fn what_no_reader_sees_is_equal_as_the_new_text_has_it() {
        check("“So,”  he\tsaid", "\"So,\" he said", "\"So,\" he said");
        check("a\u{200b} b co\u{ad}op", "a b coop", "a b coop");
        check("one\n\ntwo", "one two", "one two");
    }

    #[test]
    fn unicode_survives() {
        check("東京で会議を開いた。", "京都で会議を開いた。", "[-東-]京{+都+}で会議を開いた。");
        check("naïve 👩‍👧 café", "naïve 👩‍👧 cafe\u{301}", "naïve 👩‍👧 [-café-]{+cafe\u{301}+}");
    }

    #[test]
    fn paragraphs_end_with_their_line_breaks() {
        let texts = |old, new| -> Vec<String> {
            hold(old, new).iter().map(|paragraph| marked(std::slice::from_ref(paragraph))).collect()
        };
        assert_eq!(texts("A b.\n\nC d.", "A b.\n\nC e."), ["A b.\n\n", "C [-d.-]{+e.+}"]);
        assert_eq!(texts("A.\n\nB.\n\nC.", "A.\n\nC."), ["A.\n\n", "[-B.\n\n-]", "C."]);
        assert_eq!(texts("A.", "A.\n\nB."), ["A.{+\n\n+}", "{+B.+}"]);
        assert_eq!(texts("A.\nx y", "A.\nz"), ["A.\n", "[-x y-]{+z+}"]);
        assert_eq!(texts("\n\nA", "\nA"), ["\n", "A"]);
    }

    #[test]
    fn a_paragraph_that_comes_is_shown_from_its_beginning() {
        check("The a.\n\nThe c.", "The a.\n\nThe b.\n\nThe c.", "The a.\n\n{+The b.\n\n+}The c.");
        check("The a.\n\nThe b.\n\nThe c.", "The a.\n\nThe c.", "The a.\n\n[-The b.\n\n-]The c.");
        check("The c.", "The b.\n\nThe c.", "{+The b.\n\n+}The c.");
    }

    #[test]
    fn any_two_texts_of_few_words_hold() {
        let pieces = ["a", " ", "b ", "\n", "\n\n", "語", "\u{200b}", "“"];
        let text = |mut n: usize| {
            let mut text = String::new();
            for _ in 0..6 {
                text += pieces[n % pieces.len()];
                n /= pieces.len();
            }
            text
        };
        for n in 0..4000_usize {
            let old = text(n.wrapping_mul(0x9E37_79B9) >> 3);
            let new = text(n.wrapping_mul(0x85EB_CA6B) >> 5);
            hold(&old, &new);
        }
    }

    /// Past the bound whole lines are aligned, and words within them while the bound lasts.
    #[test]
    fn large_texts_differ_by_lines() {
        let text = |changed: &dyn Fn(usize) -> bool| {
            let line = |n: usize| format!("line {n} {} with words", if changed(n) { "new" } else { "old" });
            (0..MAX_ALIGNED_WORDS).map(line).collect::<Vec<_>>().join("\n\n")
        };
        let (old, new) = (text(&|_| false), text(&|n| n == 0 || n + 1 == MAX_ALIGNED_WORDS));
        // Twice so many lines as can be aligned: all of it is replaced.
        assert!(hold(&old, &new).iter().filter(|paragraph| is_changed(paragraph)).count() > MAX_ALIGNED_WORDS);
        let few = |text: &str| text.split("\n\n").step_by(3).collect::<Vec<_>>().join("\n\n");
        let (old, new) = (few(&old), few(&text(&|n| n == 0 || n >= MAX_ALIGNED_WORDS - 4)));
        let changed = hold(&old, &new).iter().filter(|paragraph| is_changed(paragraph)).count();
        assert_eq!(changed, 2);
    }

    #[test]
    fn hostile_texts_are_compared_in_bounded_time() {
        let scatter = |n: usize| n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
        let text = |words: usize, word: &dyn Fn(usize) -> String| (0..words).map(word).collect::<String>();
        for words in [MAX_ALIGNED_WORDS / 2 - 1, 400_000] {
            for (name, old, new) in [
                (
                    "nothing in common",
                    text(words, &|n| format!("w{} ", 2 * n)),
                    text(words, &|n| format!("w{} ", 2 * n + 1)),
                ),
                (
                    "two words",
                    text(words, &|n| format!("{} ", scatter(n) & 1)),
                    text(words, &|n| format!("{} ", scatter(n * n + 1) & 1)),
                ),
                (
                    "lines of two words",
                    text(words, &|n| format!("{}\n", scatter(n) & 1)),
                    text(words, &|n| format!("{}\n", scatter(n * n + 1) & 1)),
                ),
                (
                    "few long lines",
                    text(words, &|n| format!("{}{}", scatter(n) & 1, if n % 1000 == 0 { "\n" } else { " " })),
                    text(words, &|n| format!("{}{}", scatter(n * n + 1) & 1, if n % 1000 == 0 { "\n" } else { " " })),
                ),
            ] {
                let started = Instant::now();
                let paragraphs = words_diff(&old, &new);
                // Generous: unoptimised, on a busy machine. Quadratic time would be minutes.
                assert!(started.elapsed().as_secs() < 10, "{name}: {:?}", started.elapsed());
                assert!(!paragraphs.is_empty());
            }
        }
    }
}
