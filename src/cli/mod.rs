//! The command line: one small file for each command. The only code that prints.

mod batch;
mod extract;

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, Parser, Subcommand};

/// Keeps every article that your feeds publish, in one SQLite file.
#[derive(Debug, Parser)]
#[command(name = "tearsheet", version)]
pub struct Cli {
    /// The config file [default: $TEARSHEET_CONFIG, /etc/tearsheet/tearsheet.toml, ./config/tearsheet.toml].
    #[arg(short, long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Says more on standard error; twice for everything.
    #[arg(short, long, action = ArgAction::Count, global = true)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Extract(extract::Extract),
}

/// Runs the command that was asked for and prints its result or its error.
pub fn run(cli: Cli) -> ExitCode {
    let result: Result<(), CliError> = match cli.command {
        Command::Extract(extract) => extract.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tearsheet: {error}");
            error.exit_code()
        }
    }
}

/// Why a command did not do what was asked, by exit code.
#[derive(Debug)]
pub enum CliError {
    /// Exit 1.
    Failed(String),
    /// Exit 2.
    Usage(String),
    /// Exit 78, sysexits' `EX_CONFIG`.
    Config(String),
}

impl CliError {
    /// A failure with its whole chain of causes, `a: b: c`.
    pub fn failed(error: &dyn Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        Self::Failed(text)
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Failed(_) => ExitCode::from(1),
            Self::Usage(_) => ExitCode::from(2),
            Self::Config(_) => ExitCode::from(78),
        }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(text) | Self::Usage(text) | Self::Config(text) => f.write_str(text),
        }
    }
}

impl Error for CliError {}
