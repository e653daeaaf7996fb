//! tearsheet keeps every article that your feeds publish: clean, dated, deduplicated, linked, with every edit the
//! publisher made, in one SQLite file.
//!
//! Two loops of one shape: claim what is due, fetch it, understand it, apply it in one transaction. `ARCHITECTURE.md`
//! draws the house; the modules below stand in suggested reading order.

pub mod model;

pub mod config;

pub mod daemon;
pub mod ingest;

pub mod fetch;
pub mod schedule;

pub mod article;
pub mod charset;
pub mod feed;
pub mod html;
pub mod phrase;
pub mod timezone;

pub mod dedup;
pub mod fingerprint;
pub mod revision;
pub mod site;

pub mod store;

pub mod cli;
pub mod clock;
mod panics;
pub mod replace;
pub mod telemetry;
