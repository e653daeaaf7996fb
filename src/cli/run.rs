//! `tearsheet run`: the daemon.

use std::path::Path;

use super::{CliError, configured};
use crate::clock::Clock;
use crate::daemon::run;

/// Polls and visits until SIGTERM or SIGINT; SIGHUP reads the config again.
pub(super) async fn run(config: Option<&Path>, verbose: u8, clock: Clock) -> Result<(), CliError> {
    let config = configured::load(config, verbose)?;
    let logs = configured::init_daemon_logs(&config, verbose)?;
    run::run(config, logs, clock).await.map_err(|error| CliError::failed(&error))
}
