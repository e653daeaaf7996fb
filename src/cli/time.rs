//! Times as every command prints them.

use chrono::{DateTime, SecondsFormat, Utc};

/// RFC 3339 UTC to the second, as in the database.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
