//! Which article is a copy of which: decided inside the write transaction, by a pure function.
//!
//! A group of copies has one head, the first seen, and every other member points straight at it: never a chain. An
//! article's text comes later than its row, so the article that is classified last may be the one that was seen
//! first; then the others come to it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::model::id::ArticleId;

/// An article that shares something with the one being classified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copy {
    /// Its row.
    pub id: ArticleId,
    /// What it is a duplicate of; itself when it is a head.
    pub head: ArticleId,
    /// When this article (not its head) was first seen.
    pub first_seen_at: DateTime<Utc>,
    /// What the two share. An article that shares both may be given twice.
    pub shares: Shares,
}

/// What two articles share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shares {
    /// A canonical URL key. Keys fold on purpose only what names one document, and a page that says by redirect or
    /// `rel="canonical"` where it lives confirms the fold.
    Url,
    /// The content hash.
    Exact,
}

/// What became of the classification.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Nothing shares anything with it.
    Unique,
    /// It is a copy. What pointed at the article must follow it to `head`, so that no chain comes about.
    DuplicateOf {
        /// The first seen of the group.
        head: ArticleId,
        /// By what it was found.
        kind: DuplicateKind,
        /// The share of the smaller text found in the other, 0 to 1.
        similarity: f64,
    },
    /// It was seen before every head that it meets: those heads, and all that point at them, become copies of it.
    HeadOf(Vec<Follower>),
}

/// A former head that becomes a copy of the classified article.
#[derive(Debug, Clone, PartialEq)]
pub struct Follower {
    /// The former head.
    pub head: ArticleId,
    /// By what it was found.
    pub kind: DuplicateKind,
    /// The share of the smaller text found in the other, 0 to 1.
    pub similarity: f64,
}

/// By what a duplicate was found: `articles.duplicate_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DuplicateKind {
    /// The same canonical URL.
    Url,
    /// The same text.
    Exact,
    /// Nearly the same text.
    Near,
    /// Its text is part of the other's, or the other way round.
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

impl From<Shares> for DuplicateKind {
    fn from(shares: Shares) -> Self {
        match shares {
            Shares::Url => Self::Url,
            Shares::Exact => Self::Exact,
        }
    }
}

/// Says what `article` is among `candidates`. The order of the candidates does not matter, and the article itself and
/// its present copies among them do no harm.
///
/// Of several heads it joins the first seen, ties going to the smaller id. The other groups are left alone: that an
/// article meets two groups does not prove that those two are one.
pub fn classify(article: ArticleId, first_seen_at: DateTime<Utc>, candidates: &[Copy]) -> Verdict {
    let groups = groups(article, candidates);
    let Some((&head, group)) = groups.iter().min_by_key(|&(&head, group)| (group.since, head)) else {
        return Verdict::Unique;
    };
    // Where only a copy of the head is at hand, the head was seen no later than that copy, but how much earlier is not
    // known: the head stays what it is.
    let is_first = groups.iter().all(|(&head, group)| group.has_head && (first_seen_at, article) < (group.since, head));
    if is_first {
        let followers = groups.iter().map(|(&head, group)| Follower { head, kind: group.kind, similarity: 1.0 });
        Verdict::HeadOf(followers.collect())
    } else {
        Verdict::DuplicateOf { head, kind: group.kind, similarity: 1.0 }
    }
}

/// The candidates of one head.
struct Group {
    /// When the earliest of them at hand was first seen.
    since: DateTime<Utc>,
    /// Whether the head itself is at hand.
    has_head: bool,
    /// The stronger of what they share: an address proves more than equal words.
    kind: DuplicateKind,
}

fn groups(article: ArticleId, candidates: &[Copy]) -> BTreeMap<ArticleId, Group> {
    let mut groups: BTreeMap<ArticleId, Group> = BTreeMap::new();
    for copy in candidates.iter().filter(|copy| copy.id != article && copy.head != article) {
        let is_head = copy.id == copy.head;
        let kind = copy.shares.into();
        groups
            .entry(copy.head)
            .and_modify(|group| {
                group.since = group.since.min(copy.first_seen_at);
                group.has_head |= is_head;
                group.kind = group.kind.min(kind);
            })
            .or_insert(Group { since: copy.first_seen_at, has_head: is_head, kind });
    }
    groups
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Copy, DuplicateKind, Follower, Shares, Verdict, classify};
    use crate::model::id::ArticleId;

    const ARTICLE: i64 = 10;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    fn copy(id: i64, head: i64, hour: i64, shares: Shares) -> Copy {
        Copy { id: ArticleId(id), head: ArticleId(head), first_seen_at: at(hour), shares }
    }

    fn duplicate_of(head: i64, kind: DuplicateKind) -> Verdict {
        Verdict::DuplicateOf { head: ArticleId(head), kind, similarity: 1.0 }
    }

    fn head_of(heads: &[(i64, DuplicateKind)]) -> Verdict {
        let follower = |&(head, kind)| Follower { head: ArticleId(head), kind, similarity: 1.0 };
        Verdict::HeadOf(heads.iter().map(follower).collect())
    }

    /// Classifies article 10, first seen at 5 o'clock, with the candidates in both orders.
    #[track_caller]
    fn check(candidates: &[Copy], expected: &Verdict) {
        let reversed: Vec<Copy> = candidates.iter().rev().copied().collect();
        for candidates in [candidates, &reversed] {
            assert_eq!(&classify(ArticleId(ARTICLE), at(5), candidates), expected, "{candidates:?}");
        }
    }

    #[test]
    fn alone_is_unique() {
        check(&[], &Verdict::Unique);
        check(&[copy(10, 10, 5, Shares::Url)], &Verdict::Unique);
        check(&[copy(10, 3, 5, Shares::Exact)], &Verdict::Unique);
        check(&[copy(11, 10, 6, Shares::Exact)], &Verdict::Unique);
    }

    #[test]
    fn the_head_is_the_first_seen() {
        check(&[copy(11, 11, 4, Shares::Exact)], &duplicate_of(11, DuplicateKind::Exact));
        check(&[copy(11, 11, 4, Shares::Exact), copy(12, 12, 3, Shares::Url)], &duplicate_of(12, DuplicateKind::Url));
        check(&[copy(3, 3, 6, Shares::Exact)], &head_of(&[(3, DuplicateKind::Exact)]));
        check(
            &[copy(3, 3, 6, Shares::Exact), copy(4, 4, 7, Shares::Url)],
            &head_of(&[(3, DuplicateKind::Exact), (4, DuplicateKind::Url)]),
        );
    }

    #[test]
    fn ties_go_to_the_smaller_id() {
        check(&[copy(9, 9, 5, Shares::Exact)], &duplicate_of(9, DuplicateKind::Exact));
        check(&[copy(11, 11, 5, Shares::Exact)], &head_of(&[(11, DuplicateKind::Exact)]));
        check(&[copy(8, 8, 4, Shares::Exact), copy(7, 7, 4, Shares::Exact)], &duplicate_of(7, DuplicateKind::Exact));
    }

    #[test]
    fn a_copy_of_a_copy_points_at_the_head() {
        check(&[copy(11, 2, 4, Shares::Exact)], &duplicate_of(2, DuplicateKind::Exact));
        check(&[copy(11, 2, 6, Shares::Url)], &duplicate_of(2, DuplicateKind::Url));
        check(&[copy(2, 2, 6, Shares::Exact), copy(11, 2, 7, Shares::Exact)], &head_of(&[(2, DuplicateKind::Exact)]));
    }

    #[test]
    fn an_address_says_more_than_equal_words() {
        check(
            &[copy(2, 2, 1, Shares::Exact), copy(2, 2, 1, Shares::Url), copy(3, 2, 2, Shares::Exact)],
            &duplicate_of(2, DuplicateKind::Url),
        );
    }
}
