//! The pipeline from end to end: a config, feeds and pages on a loopback server, and what is in the archive afterwards.
//!
//! A test says what the server answers, runs rounds as `tearsheet once` does, moves the clock by hand, and asks the
//! archive in SQL.
#![allow(clippy::unwrap_used, reason = "the helpers of a test may end it")]

#[path = "../support/mod.rs"]
mod support;

mod world;

mod changed_config;
mod copies;
mod edits;
mod entries;
mod feed_failures;
mod page_failures;
mod parts;
mod quiet;
mod robots;
mod secrets;
mod siblings;
mod validators;
mod walls;
