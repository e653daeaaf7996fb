//! `dates`: reads date phrases, for trying and for measuring.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use serde_json::json;

use super::configured::count;
use super::{CliError, print};
use crate::clock::Clock;
use crate::model::date::When;
use crate::phrase;

/// Reads date phrases.
#[derive(Debug, Args)]
pub(super) struct DatesArgs {
    /// "Now" for relative phrases (RFC 3339) [default: the time].
    #[arg(long, value_name = "TIME")]
    at: Option<DateTime<Utc>>,
    /// Lines of `language<TAB>time<TAB>phrase`; the first two may be empty. `-` is standard input.
    #[arg(long, value_name = "TSV")]
    list: PathBuf,
}

/// Prints the value of each phrase, or `null`, one JSON value a line. A line of the list that is wrong is `null` too, so that
/// answers and lines stay side by side, and an error at the end.
pub(super) fn run(args: &DatesArgs, clock: &Clock) -> Result<(), CliError> {
    let list = if args.list.as_os_str() == "-" {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(&args.list)
    };
    let list = list.map_err(|error| CliError::Failed(format!("cannot read `{}`: {error}", args.list.display())))?;
    let default_now = args.at.unwrap_or_else(|| clock.now());
    let mut answers = String::new();
    let mut wrong = 0;
    for (index, line) in list.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let answer = answer(line, default_now).unwrap_or_else(|problem| {
            eprintln!("tearsheet: {}:{}: {problem}", args.list.display(), index + 1);
            wrong += 1;
            serde_json::Value::Null
        });
        answers.push_str(&format!("{answer}\n"));
    }
    print(&answers)?;
    if wrong == 0 { Ok(()) } else { Err(CliError::Failed(format!("{} could not be read", count(wrong, "line")))) }
}

fn answer(line: &str, default_now: DateTime<Utc>) -> Result<serde_json::Value, String> {
    let mut fields = line.splitn(3, '\t');
    let (Some(language), Some(time), Some(phrase)) = (fields.next(), fields.next(), fields.next()) else {
        return Err("expected `language<TAB>time<TAB>phrase`".to_owned());
    };
    let now = if time.is_empty() {
        default_now
    } else {
        time.parse().map_err(|error| format!("`{time}` is not an RFC 3339 time: {error}"))?
    };
    let language = Some(language).filter(|language| !language.is_empty());
    Ok(phrase::read(phrase, language, now, None).map_or(serde_json::Value::Null, |when| shown(phrase, &when)))
}

fn shown(phrase: &str, when: &When) -> serde_json::Value {
    json!({
        "phrase": phrase,
        "at": when.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "earliest": when.earliest.to_rfc3339_opts(SecondsFormat::Secs, true),
        "latest": when.latest.to_rfc3339_opts(SecondsFormat::Secs, true),
        "precision": when.precision,
        "zone": when.zone,
    })
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn a_line_without_three_fields_is_an_error() {
        assert!(answer("en\t5 March 2015", "2026-11-22T12:00:00Z".parse().unwrap()).is_err());
    }

    #[test]
    fn unreadable_phrases_are_null_and_times_are_per_line() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        assert!(answer("en\t\tno date", now).unwrap().is_null());
        let value = answer("en\t2020-01-02T00:00:00Z\t1 hour ago", now).unwrap();
        assert_eq!(value["at"], "2020-01-01T23:00:00Z");
        assert_eq!(value["earliest"], "2020-01-01T22:00:01Z");
    }
}
