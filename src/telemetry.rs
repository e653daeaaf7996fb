//! Logs: structured, on standard error, as text for people or as JSON for programs.
//!
//! `TEARSHEET_LOG` wins over the config's `log.level`, so that one run can say more without an edit; `RUST_LOG` is left
//! to other programs. Libraries whose debug output buries ours are held at `warn` unless a filter names them.
//!
//! Where standard error leads to the journal (`JOURNAL_STREAM`, `systemd.exec(5)`), text lines begin with their priority
//! (`sd-daemon(3)`) and leave out what the journal knows: the time, and the name of the program.

use std::env;
use std::fmt;
use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

use thiserror::Error;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt::format::{Format, JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{EnvFilter, Layer, Registry, reload};

use crate::config::{LogFormat, LogSettings};

/// The variable that wins over `log.level`.
const VARIABLE: &str = "TEARSHEET_LOG";

/// Libraries that say something for each byte, header or node, and one that logs the failures that it returns.
const QUIET: &str = "hyper=warn,hyper_util=warn,h2=warn,reqwest=warn,rustls=warn,rustls_platform_verifier=off,html5ever=warn,selectors=warn,\
                     markup5ever=warn,mio=warn";

/// The logging of this process, to change its filter while it runs.
#[derive(Debug, Clone)]
pub struct Logs {
    filter: reload::Handle<EnvFilter, Registry>,
    format: LogFormat,
    verbose: u8,
}

/// Sets up logging for the whole process. `verbose` counts the `-v`s: one is `tearsheet=debug`, two are `trace` for
/// this program and `debug` for everything else.
pub fn init(level: &str, format: LogFormat, verbose: u8) -> Result<Logs, TelemetryError> {
    let (filter, handle) = reload::Layer::new(filter(level, variable().as_deref(), verbose)?);
    let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_terminal = io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let lines = match format {
        LogFormat::Json => json_an_event(leads_to_journal(), io::stderr),
        LogFormat::Text if is_terminal => lines.with_ansi(!no_color).boxed(),
        LogFormat::Text => one_line_an_event(leads_to_journal(), io::stderr),
    };
    let initialized = tracing_subscriber::registry().with(filter).with(lines).try_init();
    initialized.map_err(TelemetryError::Twice)?;
    Ok(Logs { filter: handle, format, verbose })
}

impl Logs {
    /// Logs from here on as `settings` say. Only the format stays as it was at the start; returns whether that is another.
    pub fn change(&self, settings: &LogSettings) -> Result<bool, TelemetryError> {
        let filter = filter(&settings.level, variable().as_deref(), self.verbose)?;
        // The subscriber lives as long as the process.
        let _lives_on = self.filter.reload(filter).is_err();
        Ok(settings.format != self.format)
    }
}

/// Says whether [`Logs::change`] would take this filter.
pub fn check(level: &str) -> Result<(), TelemetryError> {
    filter(level, variable().as_deref(), 0).map(drop)
}

fn variable() -> Option<String> {
    env::var(VARIABLE).ok().filter(|text| !text.trim().is_empty())
}

/// Whether standard error is a stream of the journal, and not only of a parent whose variable was inherited. Lines without
/// a priority are information to it.
pub fn leads_to_journal() -> bool {
    let stderr = || File::from(io::stderr().as_fd().try_clone_to_owned().ok()?).metadata().ok();
    let stream = env::var("JOURNAL_STREAM").ok();
    stream.zip(stderr()).is_some_and(|(stream, file)| stream == format!("{}:{}", file.dev(), file.ino()))
}

/// Text for a file, a pipe or the journal.
fn one_line_an_event<W>(journal: bool, writer: W) -> Box<dyn Layer<Filtered> + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false);
    if journal {
        let format = Format::default().with_target(false).with_level(false).without_time();
        lines.event_format(Lines { journal, format }).boxed()
    } else {
        lines.event_format(Lines { journal, format: Format::default() }).boxed()
    }
}

/// JSON for a file, a pipe or the journal.
fn json_an_event<W>(journal: bool, writer: W) -> Box<dyn Layer<Filtered> + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let format = Format::default().json().flatten_event(true).with_span_list(false);
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false);
    lines.fmt_fields(JsonFields::new()).event_format(Lines { journal, format }).boxed()
}

type Filtered = tracing_subscriber::layer::Layered<reload::Layer<EnvFilter, Registry>, Registry>;

/// Formats each event as one line, whatever a server put into it.
struct Lines<F> {
    journal: bool,
    format: F,
}

impl<S, N, F> FormatEvent<S, N> for Lines<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut line = String::new();
        self.format.format_event(context, Writer::new(&mut line), event)?;
        if self.journal {
            write!(writer, "<{}>", priority(*event.metadata().level()))?;
        }
        for character in line.trim_end().chars() {
            match character {
                '\n' | '\t' => writer.write_char(' ')?,
                control if control.is_control() => write!(writer, "{}", control.escape_unicode())?,
                other => writer.write_char(other)?,
            }
        }
        writeln!(writer)
    }
}

/// The levels of `syslog(3)`.
fn priority(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        Level::DEBUG | Level::TRACE => 7,
    }
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
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::{EnvFilter, reload};

    use super::{TelemetryError, filter, json_an_event, one_line_an_event};

    /// What is written to it, for all clones.
    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What `log` writes.
    fn written(journal: bool, log: impl FnOnce()) -> String {
        written_as(false, journal, log)
    }

    fn written_as(json: bool, journal: bool, log: impl FnOnce()) -> String {
        let paper = Paper::default();
        let writer = paper.clone();
        let (filter, _handle) = reload::Layer::new(EnvFilter::new("info"));
        let make = move || writer.clone();
        let lines = if json { json_an_event(journal, make) } else { one_line_an_event(journal, make) };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(filter).with(lines), log);
        let bytes = paper.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_journal_gets_priorities_and_no_times() {
        assert_eq!(written(true, || tracing::info!(feed = "a", "polled a")), "<6>polled a feed=\"a\"\n");
        assert_eq!(written(true, || tracing::warn!("no")), "<4>no\n");
        assert_eq!(written(true, || tracing::error!("no")), "<3>no\n");
        assert_eq!(written(true, || tracing::debug!("no")), "");
        let text = written(false, || tracing::info!("polled a"));
        assert!(text.starts_with("20") && text.contains(" INFO ") && text.ends_with("polled a\n"), "{text}");
    }

    #[test]
    fn json_has_the_span_and_in_the_journal_a_priority() {
        let log = || tracing::info_span!("poll", feed = "a").in_scope(|| tracing::warn!(class = "dns", "no"));
        let line = written_as(true, true, log);
        let line = line.strip_prefix("<4>").unwrap();
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!((&line["class"], &line["span"]["feed"]), (&"dns".into(), &"a".into()));
    }

    #[test]
    fn what_a_server_says_stays_in_its_line() {
        let said = "no\n<0>the kernel is on fire\x1b[2J\u{9b}";
        for journal in [true, false] {
            let text = written(journal, || tracing::warn!(said, "cannot poll a: {said}"));
            assert_eq!(text.lines().count(), 1, "{text}");
            assert!(!text.trim_end().contains(|c: char| c.is_control()), "{text:?}");
        }
    }

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
