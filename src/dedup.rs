//! Whether an article is a copy of another: a pure decision.

use chrono::{DateTime, Utc};

use crate::model::id::ArticleId;

/// An article that may be a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// The article.
    pub id: ArticleId,
    /// The head of its cluster; itself when it is that or alone.
    pub head: ArticleId,
    /// When the head was first seen.
    pub first_seen_at: DateTime<Utc>,
    /// What both share.
    pub shares: Shares,
}

/// What two articles share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shares {
    /// An address.
    Url,
    /// The whole text.
    Exact,
}

/// How a duplicate is one: `articles.duplicate_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DuplicateKind {
    /// Both have one address.
    Url,
    /// Both have one text.
    Exact,
    /// Both texts are nearly the same.
    Near,
    /// One text is in the other.
    Contained,
}

impl DuplicateKind {
    /// The word that the database uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Exact => "exact",
            Self::Near => "near",
            Self::Contained => "contained",
        }
    }
}

/// What an article is among its candidates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// No copy of an earlier one.
    Unique,
    /// A copy of an earlier one.
    DuplicateOf {
        /// The first seen of the cluster.
        head: ArticleId,
        /// What both share.
        kind: DuplicateKind,
        /// Share of the smaller text found in the other.
        similarity: f64,
    },
}

/// The verdict on `article`: a copy of the first seen head that was seen before it, or unique.
pub fn classify(article: ArticleId, first_seen_at: DateTime<Utc>, candidates: &[Copy]) -> Verdict {
    let earlier = candidates.iter().filter(|copy| (copy.first_seen_at, copy.head) < (first_seen_at, article));
    match earlier.min_by_key(|copy| (copy.first_seen_at, copy.head)) {
        Some(copy) => {
            let kind = match copy.shares {
                Shares::Url => DuplicateKind::Url,
                Shares::Exact => DuplicateKind::Exact,
            };
            Verdict::DuplicateOf { head: copy.head, kind, similarity: 1.0 }
        }
        None => Verdict::Unique,
    }
}
