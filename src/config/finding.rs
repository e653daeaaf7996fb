//! What is said about a config: errors and warnings, each with the place where it stands.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::rc::Rc;

/// Findings kept of each kind. A file with more is broken in one way many times, and each costs a search for its column.
const KEPT: usize = 1000;

/// The longest part of a value or key that a message repeats, in characters.
const SHOWN: usize = 60;

/// One error or warning: `file:line:column: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, as it was asked for or as an include found it.
    pub file: PathBuf,
    /// From 1. A finding about the whole file stands at 1:1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong: `field: problem (got value)`. Holds no expanded secret.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file.display(), self.line, self.column, self.message)
    }
}

/// Why a config does not hold: every error in it and its includes, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors {
    /// At least one.
    pub errors: Vec<Finding>,
    /// What would have been warned about if it did hold.
    pub warnings: Vec<Finding>,
    /// How many more errors there are than are kept.
    pub omitted: usize,
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{error}")?;
        }
        if self.omitted > 0 {
            write!(f, "\nand {} more errors", self.omitted)?;
        }
        Ok(())
    }
}

impl Error for ConfigErrors {}

/// The text of one file, from which offsets become lines and columns.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// As shown in findings.
    pub(super) path: PathBuf,
    /// Its place in the order of reading, from 0.
    index: usize,
    text: String,
    line_starts: Vec<usize>,
}

impl SourceFile {
    pub(super) fn new(path: PathBuf, index: usize, text: String) -> Rc<Self> {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(offset, _)| offset + 1)).collect();
        Rc::new(Self { path, index, text, line_starts })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The line of a byte offset, from 1.
    fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// Line and column of a byte offset, from 1. An offset past the end means the end.
    fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line(offset);
        let start = self.line_starts[line - 1];
        (line, self.text[start..offset].chars().count() + 1)
    }
}

/// A place in a file; cheap to keep beside every value.
#[derive(Debug, Clone)]
pub(super) struct Place {
    file: Rc<SourceFile>,
    offset: usize,
}

impl Place {
    pub(super) fn new(file: &Rc<SourceFile>, span: &Range<usize>) -> Self {
        Self { file: Rc::clone(file), offset: span.start }
    }

    /// The beginning of a file: for what is wrong with all of it.
    pub(super) fn whole(file: &Rc<SourceFile>) -> Self {
        Self::new(file, &(0..0))
    }
}

/// `file:line`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.path.display(), self.file.line(self.offset))
    }
}

/// Collects findings while a config is read. Shared by all readers, hence the cells.
#[derive(Debug, Default)]
pub(super) struct Findings {
    errors: RefCell<Vec<(usize, Finding)>>,
    warnings: RefCell<Vec<(usize, Finding)>>,
    omitted: RefCell<usize>,
}

impl Findings {
    pub(super) fn error(&self, place: &Place, message: impl Into<String>) {
        self.error_with(place, || message.into());
    }

    /// For messages that take work, such as the search for a suggestion: it is done only if the error is kept.
    pub(super) fn error_with(&self, place: &Place, message: impl FnOnce() -> String) {
        if self.errors.borrow().len() < KEPT {
            self.errors.borrow_mut().push(finding(place, message()));
        } else {
            *self.omitted.borrow_mut() += 1;
        }
    }

    pub(super) fn warn(&self, place: &Place, message: impl Into<String>) {
        if self.warnings.borrow().len() < KEPT {
            self.warnings.borrow_mut().push(finding(place, message.into()));
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        !self.errors.borrow().is_empty()
    }

    /// The warnings when nothing is wrong, else everything.
    pub(super) fn finish(self) -> Result<Vec<Finding>, ConfigErrors> {
        let (errors, warnings) = (in_order(self.errors.into_inner()), in_order(self.warnings.into_inner()));
        if errors.is_empty() {
            Ok(warnings)
        } else {
            Err(ConfigErrors { errors, warnings, omitted: self.omitted.into_inner() })
        }
    }
}

fn finding(place: &Place, message: String) -> (usize, Finding) {
    let (line, column) = place.file.line_and_column(place.offset);
    (place.file.index, Finding { file: place.file.path.clone(), line, column, message })
}

/// By file in the order of reading, then by line and column.
fn in_order(mut findings: Vec<(usize, Finding)>) -> Vec<Finding> {
    findings.sort_by_key(|(file, finding)| (*file, finding.line, finding.column));
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// A text as messages repeat it: control characters escaped, cut when long.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for char in text.chars().take(SHOWN) {
        match char {
            '\'' | '\\' => shown.push(char),
            _ => shown.extend(char.escape_debug()),
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// `, did you mean …?` when one of `known` looks like `word`, else nothing.
pub(super) fn suggestion<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    /// From here on two words look alike; `evry` and `every` are at 0.94, unrelated keys below 0.7.
    const ALIKE: f64 = 0.8;
    // Short words are never as near, though one letter is all that is wrong.
    let likeness = |known: &str| match strsim::osa_distance(word, known) {
        1 if word.len() > 1 => f64::max(ALIKE, strsim::jaro_winkler(word, known)),
        _ => strsim::jaro_winkler(word, known),
    };
    if word.len() > 64 {
        return String::new(); // The comparison is quadratic, and no key is as long.
    }
    let alike = known.into_iter().map(|known| (likeness(known), known));
    match alike.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((likeness, known)) if likeness >= ALIKE => format!(", did you mean `{}`?", shown(known)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Findings, KEPT, Place, SourceFile, shown, suggestion};

    #[test]
    fn places_count_lines_and_characters() {
        let file = SourceFile::new(PathBuf::from("x"), 0, "aü=1\r\n\nb".to_owned());
        for (offset, place) in [(0, (1, 1)), (3, (1, 3)), (2, (1, 2)), (7, (2, 1)), (8, (3, 1)), (99, (3, 2))] {
            assert_eq!(file.line_and_column(offset), place, "{offset}");
        }
    }

    #[test]
    fn findings_are_bounded_and_the_rest_is_counted() {
        let file = SourceFile::new(PathBuf::from("x"), 0, String::new());
        let findings = Findings::default();
        for _ in 0..KEPT + 5 {
            findings.error(&Place::whole(&file), "bad");
        }
        let errors = findings.finish().unwrap_err();
        assert_eq!((errors.errors.len(), errors.omitted), (KEPT, 5));
        assert!(errors.to_string().ends_with("\nand 5 more errors"));
    }

    #[test]
    fn repeated_text_is_short_and_printable() {
        assert_eq!(shown("a\u{0}b\u{1b}[31m'"), "a\\0b\\u{1b}[31m'");
        assert_eq!(shown(&"x".repeat(1_000_000)).chars().count(), 61);
    }

    #[test]
    fn only_likely_words_are_suggested() {
        assert_eq!(suggestion("evry", ["every", "min_every"]), ", did you mean `every`?");
        assert_eq!(suggestion("nw", ["new", "old"]), ", did you mean `new`?");
        assert_eq!(suggestion("zzz", ["every"]), "");
        assert_eq!(suggestion("", ["every"]), "");
        assert_eq!(suggestion(&"e".repeat(1_000_000), ["every"]), "");
    }
}
