//! Logs: structured, on standard error, as text for people or as JSON for programs.
//!
//! `TEARSHEET_LOG` wins over the config's `log.level`, so that one run can say more without an edit; `RUST_LOG` is left
//! to other programs. Libraries whose debug output buries ours are held at `warn` unless a filter names them.

use std::env;
use std::io::{self, IsTerminal};

use thiserror::Error;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::config::LogFormat;

/// The variable that wins over `log.level`.
const VARIABLE: &str = "TEARSHEET_LOG";

/// Libraries that say something for each byte, header or node.
const QUIET: &str = "hyper=warn,hyper_util=warn,h2=warn,reqwest=warn,rustls=warn,html5ever=warn,selectors=warn,\
                     markup5ever=warn,mio=warn";

/// Sets up logging for the whole process. `verbose` counts the `-v`s: one is `tearsheet=debug`, two are `trace` for
/// this program and `debug` for everything else.
pub fn init(level: &str, format: LogFormat, verbose: u8) -> Result<(), TelemetryError> {
    let variable = env::var(VARIABLE).ok().filter(|text| !text.trim().is_empty());
    let filter = filter(level, variable.as_deref(), verbose)?;
    let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let initialized = match format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal() && !no_color).finish().try_init(),
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init(),
    };
    initialized.map_err(TelemetryError::Twice)
}

/// Why logging could not be set up.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("{origin}: bad log filter `{filter}`")]
    Filter {
        /// Where it stands: `log.level` or `TEARSHEET_LOG`.
        origin: &'static str,
        /// The filter as given.
        filter: String,
        /// What is wrong with it.
        source: ParseError,
    },
    /// Logging was set up before in this process.
    #[error("logging is set up already")]
    Twice(#[source] TryInitError),
}

/// The filter in force. The last of two directives for one target wins, and the longer target over the shorter.
fn filter(level: &str, variable: Option<&str>, verbose: u8) -> Result<EnvFilter, TelemetryError> {
    let (origin, given) = variable.map_or(("log.level", level), |text| (VARIABLE, text));
    let more = match verbose {
        0 => "",
        1 => ",tearsheet=debug",
        _ => ",debug,tearsheet=trace",
    };
    EnvFilter::try_new(format!("{QUIET},{given}{more}")).map_err(|source| TelemetryError::Filter {
        origin,
        filter: given.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::{TelemetryError, filter};

    fn directives(level: &str, variable: Option<&str>, verbose: u8) -> Vec<String> {
        let filter = filter(level, variable, verbose).unwrap().to_string();
        filter.split(',').map(str::to_owned).collect()
    }

    #[track_caller]
    fn check(level: &str, variable: Option<&str>, verbose: u8, in_force: &[&str]) {
        let directives = directives(level, variable, verbose);
        for directive in in_force {
            assert!(directives.iter().any(|has| has == directive), "{directive} is not in {directives:?}");
        }
    }

    #[test]
    fn the_most_specific_wish_is_in_force() {
        check("info", None, 0, &["info", "hyper=warn", "html5ever=warn", "selectors=warn"]);
        check("warn,tearsheet=debug", None, 0, &["warn", "tearsheet=debug"]);
        check("info", Some("error"), 0, &["error"]);
        check("hyper=trace", None, 0, &["hyper=trace", "h2=warn"]);
        check("info", None, 1, &["info", "tearsheet=debug"]);
        check("info", None, 2, &["debug", "tearsheet=trace", "hyper=warn"]);
        assert!(!directives("info", Some("error"), 0).contains(&"info".to_owned()));
    }

    #[test]
    fn a_bad_filter_is_an_error_that_names_it() {
        let message = |level, variable| match filter(level, variable, 0) {
            Err(error @ TelemetryError::Filter { .. }) => error.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(message("tearsheet=loud", None), "log.level: bad log filter `tearsheet=loud`");
        assert_eq!(message("info", Some("a=b=c")), "TEARSHEET_LOG: bad log filter `a=b=c`");
    }
}
