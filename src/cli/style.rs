//! Bold and colors, on a terminal that wants them.

use std::env;
use std::io::{self, IsTerminal};

/// Whether standard output may be styled: it is a terminal that can, and `NO_COLOR` (no-color.org) is not set.
pub(super) fn is_styled() -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    io::stdout().is_terminal() && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// The text in this style: the numbers of an SGR sequence.
pub(super) fn styled(text: &str, sgr: &str) -> String {
    format!("\u{1b}[{sgr}m{text}\u{1b}[0m")
}
