//! Arguments → config → logging → command → exit code.

use std::process::ExitCode;

use clap::Parser;
use tearsheet::cli::{self, Cli};

fn main() -> ExitCode {
    cli::run(Cli::parse())
}
