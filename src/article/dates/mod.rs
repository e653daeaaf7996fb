//! Dates with their provenance.
//!
//! A page says when its article was published and updated in many places, and they disagree. Every claim is collected with
//! its source, raw text and precision; one ranked rule chooses; what was not chosen stays, with the reason.

pub mod line;
pub mod phrase;

mod parts;
mod relative;
mod scan;
mod text;
mod words;
