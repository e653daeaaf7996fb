//! What changed between two versions of an article, and of what kind: a pure decision.

use chrono::{DateTime, Utc};

/// A version of an article.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// Its title.
    pub title: Option<&'a str>,
    /// Its text.
    pub text: &'a str,
    /// When the publisher says that it was made; `None` for relative words.
    pub updated: Option<DateTime<Utc>>,
}

/// Of what kind a revision is: `revisions.kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevisionKind {
    /// The first text.
    First,
    /// Another title.
    Title,
    /// Another text.
    Text,
    /// Both.
    TitleText,
    /// Only another date.
    Stamp,
    /// Read anew, not edited.
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

/// What a new version changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Of what kind.
    pub kind: RevisionKind,
    /// Without a new date.
    pub silent: bool,
    /// The new text says that it corrects.
    pub correction: bool,
    /// Words that are new.
    pub words_added: u32,
    /// Words that are gone.
    pub words_removed: u32,
}

/// The change from `old` to `new`; `None` when there is none.
pub fn compare(old: &Version<'_>, new: &Version<'_>) -> Option<Change> {
    let stamp = new.updated.is_some() && old.updated != new.updated;
    let kind = match (old.title != new.title, old.text != new.text) {
        (true, true) => RevisionKind::TitleText,
        (true, false) => RevisionKind::Title,
        (false, true) => RevisionKind::Text,
        (false, false) if stamp => RevisionKind::Stamp,
        (false, false) => return None,
    };
    let missing = |from: &str, of: &str| {
        let there: std::collections::BTreeSet<&str> = from.split_whitespace().collect();
        let count = of.split_whitespace().filter(|word| !there.contains(word)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let (words_added, words_removed) = (missing(old.text, new.text), missing(new.text, old.text));
    Some(Change { kind, silent: !stamp, correction: false, words_added, words_removed })
}

/// The change that the first text is.
pub fn first(new: &Version<'_>) -> Change {
    let words_added = u32::try_from(new.text.split_whitespace().count()).unwrap_or(u32::MAX);
    Change { kind: RevisionKind::First, silent: false, correction: false, words_added, words_removed: 0 }
}
