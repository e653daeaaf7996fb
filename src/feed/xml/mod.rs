//! XML as it is found in the wild, read without ever failing: text → tokens → a bounded tree.
//!
//! Deliberately no validating parser: an error costs the smallest part that has it.

pub(super) mod entity;
pub(super) mod html;
pub(super) mod namespace;
mod token;
pub(super) mod tree;
