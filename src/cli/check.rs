//! `check`: validates the config.

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::configured::{count, read, refused};
use super::{CliError, print};
use crate::config::Config;
use crate::config::finding::Finding;

/// Validates the config and its includes, and says all that is wrong at once.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Prints one object a line for each error and warning: file, line, column, message, severity.
    #[arg(long)]
    json: bool,
}

impl Check {
    /// Prints errors and warnings to standard error, a summary to standard output; with `--json`, all to standard output.
    pub(super) fn run(&self, config: Option<&Path>, verbose: u8) -> Result<(), CliError> {
        let (path, loaded) = read(config, verbose)?;
        let (errors, warnings) = match &loaded {
            Ok(config) => (&[][..], &config.warnings[..]),
            Err(errors) => (&errors.errors[..], &errors.warnings[..]),
        };
        let mut lines = String::new();
        if self.json {
            let errors = errors.iter().map(|finding| json_line("error", finding));
            lines.extend(errors.chain(warnings.iter().map(|finding| json_line("warning", finding))));
        } else {
            for warning in warnings {
                eprintln!(
                    "{}:{}:{}: warning: {}",
                    warning.file.display(),
                    warning.line,
                    warning.column,
                    warning.message
                );
            }
            if let Err(errors) = &loaded {
                eprintln!("{errors}");
            } else if let Ok(config) = &loaded {
                lines = format!("{}\n", summary(config));
            }
        }
        print(&lines)?;
        loaded.map(drop).map_err(|errors| refused(&path, &errors))
    }
}

fn json_line(severity: &str, finding: &Finding) -> String {
    let Finding { file, line, column, message } = finding;
    let file = file.to_string_lossy();
    let object = json!({ "file": file, "line": line, "column": column, "message": message, "severity": severity });
    format!("{object}\n")
}

fn summary(config: &Config) -> String {
    let feeds = count(config.feeds.len(), "feed");
    let groups = count(config.groups.len(), "group");
    let warnings = count(config.warnings.len(), "warning");
    format!("ok: {feeds}, {groups}, {warnings}")
}
