//! Ids as types of their own, so that a feed's id cannot be passed where an article's is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

row_id!(
    /// `feeds.id`.
    FeedId
);
row_id!(
    /// `entries.id`.
    EntryId
);
row_id!(
    /// `articles.id`.
    ArticleId
);
row_id!(
    /// `revisions.id`.
    RevisionId
);

/// A feed's stable name in the config, the database and on the command line.
///
/// One to 64 characters of `a-z 0-9 - _ .`, beginning with a letter or digit; [`Slug::new`] is the only way to make one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// Checks the characters of `text`; `None` when it is no slug.
    pub fn new(text: &str) -> Option<Self> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
        let first_is_alphanumeric = text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
        (first_is_alphanumeric && text.len() <= 64 && text.chars().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = NoSlug;

    fn from_str(text: &str) -> Result<Self, NoSlug> {
        Self::new(text).ok_or(NoSlug)
    }
}

/// A text that cannot be the name of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the name of a feed is 1 to 64 characters of a-z 0-9 - _ . and begins with a letter or digit")]
pub struct NoSlug;

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Slug;

    #[test]
    fn slug_takes_only_stable_names() {
        for good in ["a", "bbc-world", "9to5.mac", "x_y"] {
            assert!(Slug::new(good).is_some(), "{good}");
        }
        for bad in ["", "-a", "A", "a b", "ü", &"x".repeat(65)] {
            assert!(Slug::new(bad).is_none(), "{bad}");
        }
    }
}
