//! Why a time was chosen, in a sentence for people.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::wishes::Wish;
use crate::model::failure::ErrorClass;

/// One ground for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// By how often the feed brings something.
    Adaptive { every: Duration, in_last_day: usize, unchanged: u32 },
    /// Entries were missed.
    Gap { every: Duration },
    /// The config says so.
    Fixed { every: Duration },
    /// A server's or feed's wish.
    Wish(Wish),
    /// Moved out of `skipHours` and `skipDays`.
    Skipped { until: DateTime<Utc> },
    /// All hours or all days are listed.
    SkipsIgnored,
    /// Back-off.
    Failure { count: u32, class: ErrorClass, wait: Duration },
    /// 410.
    Gone,
    /// The next step of `recheck`.
    Recheck { offset: Duration },
    /// No step is left.
    RecheckDone,
    /// robots.txt asks to stay away.
    Robots { again: bool },
    /// Enough failures.
    GivenUp { count: u32, class: ErrorClass },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Adaptive { every, in_last_day, unchanged } => {
                let entries = if in_last_day == 1 { "entry" } else { "entries" };
                write!(f, "every {}: {in_last_day} new {entries} in the last day", Span(every))?;
                match unchanged {
                    0 => Ok(()),
                    1 => f.write_str(", 1 unchanged poll"),
                    _ => write!(f, ", {unchanged} unchanged polls"),
                }
            }
            Self::Gap { every } => write!(f, "every {}: entries were missed since the last poll", Span(every)),
            Self::Fixed { every } => write!(f, "every {}: set in the config", Span(every)),
            Self::Wish(Wish { by, asked, wait, clamped }) => {
                write!(f, "{by} asks for {}", Span(asked))?;
                if clamped { write!(f, ", cut to max_hint {}", Span(wait)) } else { Ok(()) }
            }
            Self::Skipped { until } => write!(f, "skipHours or skipDays: not before {}", until.format("%a %H:%M UTC")),
            Self::SkipsIgnored => f.write_str("skipHours or skipDays ignored: they leave no time"),
            Self::Failure { count, class, wait } => write!(f, "failure {count} ({class}): back-off {}", Span(wait)),
            Self::Gone => f.write_str("gone (410): not asked again"),
            Self::Recheck { offset } => write!(f, "recheck {} after first sight", Span(offset)),
            Self::RecheckDone => f.write_str("recheck schedule is done"),
            Self::Robots { again: true } => f.write_str("robots.txt asks to stay away: asked again in 1d"),
            Self::Robots { again: false } => f.write_str("robots.txt asks to stay away"),
            Self::GivenUp { count, class } => write!(f, "failure {count} ({class}): given up"),
        }
    }
}

/// Reasons in the order in which they came to bear.
pub(super) fn join(reasons: &[Reason]) -> String {
    reasons.iter().map(Reason::to_string).collect::<Vec<_>>().join("; ")
}

/// A duration in its two largest units: `2h`, `1d 3h`, `45s`.
struct Span(Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (large, unit, small, small_unit) = match seconds {
            0..60 => return write!(f, "{seconds}s"),
            60..3600 => (seconds / 60, 'm', seconds % 60, 's'),
            3600..86_400 => (seconds / 3600, 'h', seconds % 3600 / 60, 'm'),
            _ => (seconds / 86_400, 'd', seconds % 86_400 / 3600, 'h'),
        };
        write!(f, "{large}{unit}")?;
        if small == 0 { Ok(()) } else { write!(f, " {small}{small_unit}") }
    }
}
