//! Pages as articles: content, metadata, dates and related links.

pub mod dates;
