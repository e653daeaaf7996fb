//! Why a document is no feed.

use thiserror::Error;

use crate::model::outcome::ErrorClass;

/// Why a document could not be read as a feed, told apart by what to do about it.
#[derive(Debug, Error)]
pub enum FeedError {
    /// Nothing came: worth another try.
    #[error("the document is empty")]
    Empty,
    /// Something came, and it is another kind of thing; `was` says which. The feed may have moved.
    #[error("not a feed but {was}")]
    NotAFeed {
        /// What it was instead: `an HTML page titled "Log in"`.
        was: String,
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
            Self::NotAFeed { .. } => ErrorClass::NotAFeed,
            Self::Broken { .. } => ErrorClass::BrokenFeed,
            Self::Panicked { .. } => ErrorClass::Panic,
        }
    }
}
