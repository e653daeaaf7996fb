//! The program from outside: what goes to which stream, and with which exit code it ends.
#![allow(clippy::unwrap_used, reason = "the helpers of a test may end it")]

#[path = "../support/mod.rs"]
mod support;

mod house;
mod texts;

mod add;
mod archive;
mod backup;
mod changes;
mod config;
mod diff;
mod explain;
mod export;
mod files;
mod import;
mod once;
mod prune;
mod reading;
mod reextract;
mod search;
