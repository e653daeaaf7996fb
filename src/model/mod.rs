//! The words of the domain: ids, dates with provenance, feeds and entries, articles, and the outcomes of looking.
//!
//! Pure values. No type here names SQL, HTTP or HTML, and nothing here decides anything.
//! The names are those of RFC 4287 (feed, entry, id, published, updated); the page behind an entry's
//! alternate link is an *article*, and a changed article has a *revision*.

pub mod article;
pub mod date;
pub mod failure;
pub mod feed;
pub mod id;
pub mod outcome;
pub mod secret;
pub mod size;
