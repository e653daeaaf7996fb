//! `tearsheet migrate`: brings the archive to this program's schema.

use std::path::Path;

use super::{CliError, print};
use crate::store::{self, error::StoreError};

/// Migrates the archive at `path`, or creates it, and says what was done.
pub(crate) fn run(path: &Path) -> Result<(), CliError> {
    let (before, after) = store::migrate(path).map_err(|error: StoreError| CliError::failed(&error))?;
    let path = path.display();
    print(&match before {
        0 => format!("created {path} with schema {after}\n"),
        _ if before == after => format!("{path} has schema {after} already\n"),
        _ => format!("migrated {path} from schema {before} to {after}\n"),
    })
}
