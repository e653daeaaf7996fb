//! From `-c` to a config, for every command that needs one.

use std::path::{Path, PathBuf};

use super::CliError;
use crate::config::finding::ConfigErrors;
use crate::config::{ANY_SELECTOR, Config, find};

/// Reads the config of `-c`, else the default one, and prints what is wrong with it.
///
/// # Errors
///
/// Exit 78, with the number of errors and the config's name.
#[expect(dead_code, reason = "the commands that work with a config call it; `check` reports by itself")]
pub(super) fn load(config: Option<&Path>, verbose: u8) -> Result<Config, CliError> {
    let (path, loaded) = read(config, verbose)?;
    loaded.map_err(|errors| {
        eprintln!("{errors}");
        refused(&path, &errors)
    })
}

/// Finds and reads the config; with `-v`, names it.
pub(super) fn read(config: Option<&Path>, verbose: u8) -> Result<(PathBuf, Result<Config, ConfigErrors>), CliError> {
    let path = match config {
        Some(path) => path.to_owned(),
        None => find::default_path().map_err(|error| CliError::Config(error.to_string()))?,
    };
    if verbose > 0 {
        eprintln!("tearsheet: the config is {}", path.display());
    }
    let loaded = Config::load(&path, ANY_SELECTOR);
    Ok((path, loaded))
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
