//! Why a document is no feed.

use std::fmt;

use thiserror::Error;

use crate::html::FeedLink;
use crate::model::failure::{ErrorClass, InsteadOfFeed};

/// So many of the feeds that a page names are told in a message, and of so many characters each.
const TOLD: usize = 3;
const MAX_TOLD_URL: usize = 300;

/// Why a document could not be read as a feed, told apart by what to do about it.
#[derive(Debug, Error)]
pub enum FeedError {
    /// Nothing came: worth another try.
    #[error("the document is empty")]
    Empty,
    /// Something came, and it is another kind of thing. The feed may have moved.
    #[error("not a feed but {was}{}", Named(names))]
    NotAFeed {
        /// What it was instead.
        kind: InsteadOfFeed,
        /// The same in words: `an HTML page titled "News"`.
        was: String,
        /// The feeds that it names, if it is a page and its address is known; the likeliest first.
        names: Vec<FeedLink>,
    },
    /// It is meant to be a feed and nothing can be read from it.
    #[error("the feed cannot be read: {reason}")]
    Broken {
        /// What is wrong with it.
        reason: String,
    },
    /// A dependency panicked on it: a bug to be reported.
    #[error("reading the feed panicked: {message}")]
    Panicked {
        /// The panic's message.
        message: String,
    },
}

impl FeedError {
    /// The kind of failure that the attempt is recorded as.
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::Empty => ErrorClass::Empty,
            Self::NotAFeed { kind, .. } => ErrorClass::NotAFeed(*kind),
            Self::Broken { .. } => ErrorClass::BrokenFeed,
            Self::Panicked { .. } => ErrorClass::Panic,
        }
    }
}

/// `; it names the feeds https://e.org/a, https://e.org/b and 7 more`.
struct Named<'a>(&'a [FeedLink]);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<&str> =
            self.0.iter().map(|feed| feed.url.as_str()).filter(|url| url.len() <= MAX_TOLD_URL).take(TOLD).collect();
        if told.is_empty() {
            return Ok(());
        }
        let more = self.0.len() - told.len();
        write!(f, "; it names the feed{} {}", if self.0.len() == 1 { "" } else { "s" }, told.join(", "))?;
        if more > 0 { write!(f, " and {more} more") } else { Ok(()) }
    }
}
