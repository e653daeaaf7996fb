//! tearsheet keeps every article that your feeds publish: clean, dated, deduplicated, linked, with every edit the
//! publisher made, in one SQLite file.
//!
//! Two loops of one shape: claim what is due, fetch it, understand it, apply it in one transaction. `ARCHITECTURE.md`
//! draws the house; the modules below stand in suggested reading order.

pub mod model;

pub mod config;

pub mod charset;
pub mod html;

pub mod article;
pub mod fingerprint;
pub mod site;
pub mod timezone;

pub mod cli;
pub mod clock;
