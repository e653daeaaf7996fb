//! `tearsheet migrate`: brings the archive to this program's schema.

use std::path::Path;

use super::CliError;
use crate::store::{self, error::StoreError};

/// Migrates the archive at `path`, or creates it, and says what was done.
#[expect(clippy::print_stdout, reason = "the command's result")]
pub(crate) fn run(path: &Path) -> Result<(), CliError> {
    let (before, after) = store::migrate(path).map_err(|error: StoreError| CliError::failed(&error))?;
    let path = path.display();
    match before {
        0 => println!("created {path} with schema {after}"),
        _ if before == after => println!("{path} has schema {after} already"),
        _ => println!("migrated {path} from schema {before} to {after}"),
    }
    Ok(())
}
