//! The demo's way into tearsheet: one round of the real pipeline, and SQL over a read-only connection.

use std::path::Path;

use tearsheet::clock::Clock;

use crate::table::Rows;

/// Polls every feed of the config that is due and visits every article that is due, as `tearsheet once` does.
#[expect(clippy::unused_async, reason = "the pipeline is awaited here once it is wired")]
pub(crate) async fn ingest(config: &Path, clock: Clock) -> Result<String, String> {
    Err(format!("the pipeline is not part of this build (config {}, {})", config.display(), clock.now()))
}

/// What a query answers, over a read-only connection. NULL is an empty cell.
pub(crate) fn query(database: &Path, sql: &str) -> Result<Rows, String> {
    Err(format!("the store is not part of this build ({}: {sql})", database.display()))
}
