//! The command line: one small file for each command. The only code that prints.

mod add;
mod article_json;
mod backup;
mod batch;
mod changes;
mod check;
mod configured;
mod dates;
mod diff;
mod discovery;
mod explain;
mod export;
mod extract;
mod import;
mod migrate;
mod once;
mod parse;
mod plain;
mod prune;
mod reextract;
mod run;
mod search;
mod show;
mod status;
mod style;
mod table;
mod test;
mod time;
mod time_bound;

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, Parser, Subcommand};

use crate::clock::Clock;
use crate::telemetry;

/// Said here, since a doc comment would have to put the variable in backticks.
const CONFIG_HELP: &str =
    "The config file [default: $TEARSHEET_CONFIG, /etc/tearsheet/tearsheet.toml, ./config/tearsheet.toml]";

/// Keeps every article that your feeds publish, in one SQLite file.
#[derive(Debug, Parser)]
#[command(name = "tearsheet", version)]
pub struct Cli {
    /// The config file.
    #[arg(short, long, value_name = "FILE", global = true, help = CONFIG_HELP)]
    config: Option<PathBuf>,
    /// Says more on standard error; twice for everything.
    #[arg(short, long, action = ArgAction::Count, global = true)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the daemon: polls and visits until SIGTERM; SIGHUP reads the config again, all or nothing.
    Run,
    Once(once::OnceArgs),
    Check(check::Check),
    Test(test::TestArgs),
    Extract(extract::Extract),
    /// Reads feed documents from files and prints what they say, one JSON object a line.
    Parse(parse::ParseArgs),
    Dates(dates::DatesArgs),
    Prune(prune::PruneArgs),
    Status(status::StatusArgs),
    Explain(explain::ExplainArgs),
    Search(search::SearchArgs),
    Show(show::ShowArgs),
    Diff(diff::DiffArgs),
    Changes(changes::ChangesArgs),
    Export(export::ExportArgs),
    Add(add::AddArgs),
    Import(import::ImportArgs),
    Backup(backup::BackupArgs),
    Reextract(reextract::ReextractArgs),
    /// Brings the archive to this program's schema; `run` and `once` do so too.
    Migrate,
}

/// Runs the command that was asked for and prints its result or its error.
pub fn run(cli: Cli) -> ExitCode {
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("tearsheet: {error}"));
            error.exit_code()
        }
    }
}

/// Says what is wrong on standard error, to a terminal or to the journal of a service.
fn complain(text: &str) {
    let priority = if telemetry::leads_to_journal() { "<3>" } else { "" };
    for line in plain::paragraphs(text).lines() {
        eprintln!("{priority}{line}");
    }
}

fn dispatch(cli: Cli) -> Result<(), CliError> {
    let Cli { config, verbose, command } = cli;
    let config = config.as_deref();
    let clock = Clock::system();
    match command {
        Command::Run => block_on(run::run(config, verbose, clock)),
        Command::Once(args) => block_on(once::run(args, config, verbose, clock)),
        Command::Check(check) => check.run(config, verbose),
        Command::Test(args) => block_on(test::run(args, config, verbose, clock)),
        Command::Extract(extract) => extract.run(),
        Command::Parse(args) => parse::run(&args, &clock),
        Command::Dates(args) => dates::run(&args, &clock),
        Command::Prune(args) => block_on(prune::run(args, config, verbose, clock)),
        Command::Status(args) => status::run(&args, config, verbose),
        Command::Explain(args) => explain::run(&args, config, verbose),
        Command::Search(args) => search::run(&args, config, verbose, &clock),
        Command::Show(args) => show::run(&args, config, verbose),
        Command::Diff(args) => diff::run(&args, config, verbose),
        Command::Changes(args) => changes::run(&args, config, verbose),
        Command::Export(args) => export::run(&args, config, verbose, &clock),
        Command::Add(args) => block_on(add::run(args, config, verbose, clock)),
        Command::Import(args) => import::run(&args, config, verbose),
        Command::Backup(args) => block_on(backup::run(args, config, verbose)),
        Command::Reextract(args) => block_on(reextract::run(args, config, verbose, clock)),
        Command::Migrate => migrate::run(&configured::load_to_read(config, verbose)?.store.path),
    }
}

/// Runs a command that works with the network or the store's writer.
fn block_on(command: impl Future<Output = Result<(), CliError>>) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| CliError::failed(&error))?;
    let result = runtime.block_on(command);
    // A page that is being parsed cannot be stopped, and nobody waits for it any more.
    runtime.shutdown_background();
    result
}

/// Writes a command's result to standard output.
fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// What came of writing to standard output. A reader that went away, like `head`, is no failure.
fn written(result: io::Result<()>) -> Result<(), CliError> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::failed(&error)),
        _ => Ok(()),
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
