//! From `-c` to a config, for every command that needs one.

use std::path::{Path, PathBuf};

use super::{CliError, complain};
use crate::article::rules::check_selector;
use crate::clock::Clock;
use crate::config::finding::ConfigErrors;
use crate::config::{Config, find};
use crate::daemon::reconcile::reconcile;
use crate::store::Store;
use crate::store::values::{Patience, Retention};
use crate::telemetry::{self, Logs};

/// Reads the config of `-c`, else the default one, and prints what is wrong with it.
///
/// # Errors
///
/// Exit 78, with the number of errors and the config's name.
pub(super) fn load(config: Option<&Path>, verbose: u8) -> Result<Config, CliError> {
    checked(read(config, verbose)?)
}

/// The same for commands that only read the archive, and need none of the config's secrets for it.
pub(super) fn load_to_read(config: Option<&Path>, verbose: u8) -> Result<Config, CliError> {
    let path = path_of(config, verbose)?;
    let loaded = Config::load_without_secrets(&path, check_selector);
    checked((path, loaded))
}

fn checked((path, loaded): (PathBuf, Result<Config, ConfigErrors>)) -> Result<Config, CliError> {
    loaded.map_err(|errors| {
        complain(&errors.to_string());
        refused(&path, &errors)
    })
}

/// Sets up logging for a command that ends with a summary of its own: it talks on the way with `-v` alone.
pub(super) fn init_logs(config: &Config, verbose: u8) -> Result<(), CliError> {
    let level = if verbose == 0 { "error" } else { &config.log.level };
    telemetry::init(level, config.log.format, verbose).map(drop).map_err(|error| CliError::Config(error.to_string()))
}

/// Sets up logging for the daemon, which has nothing but its log to say.
pub(super) fn init_daemon_logs(config: &Config, verbose: u8) -> Result<Logs, CliError> {
    let logs = telemetry::init(&config.log.level, config.log.format, verbose);
    logs.map_err(|error| CliError::Config(error.to_string()))
}

/// Opens the config's archive for writing, in line with the config. An error when another process writes to it.
pub(super) async fn open_store(config: &Config, clock: &Clock) -> Result<Store, CliError> {
    let retention = Retention { keep_revisions: config.store.keep_revisions };
    let opened = Store::open_with(&config.store.path, clock.clone(), retention, Patience::Short);
    let store = opened.map_err(|e| CliError::failed(&e))?;
    store.void_leases().await.map_err(|e| CliError::failed(&e))?;
    reconcile(config, &store).await.map_err(|e| CliError::failed(&e))?;
    Ok(store)
}

/// Finds and reads the config; with `-v`, names it.
pub(super) fn read(config: Option<&Path>, verbose: u8) -> Result<(PathBuf, Result<Config, ConfigErrors>), CliError> {
    let path = path_of(config, verbose)?;
    let loaded = Config::load(&path, check_selector);
    Ok((path, loaded))
}

fn path_of(config: Option<&Path>, verbose: u8) -> Result<PathBuf, CliError> {
    let path = match config {
        Some(path) => path.to_owned(),
        None => find::default_path().map_err(|error| CliError::Config(error.to_string()))?,
    };
    if verbose > 0 {
        eprintln!("tearsheet: the config is {}", path.display());
    }
    Ok(path)
}

/// What the command ends with when the config does not hold.
pub(super) fn refused(path: &Path, errors: &ConfigErrors) -> CliError {
    CliError::Config(format!(
        "{} in the config {}",
        count(errors.errors.len() + errors.omitted, "error"),
        path.display()
    ))
}

/// `1 feed`, `2 feeds`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
