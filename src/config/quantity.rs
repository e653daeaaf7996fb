//! Durations and sizes as the config writes them: `"1h 30m"`, `"16MiB"`. Parsing and showing; bounds are the reader's.

use std::time::Duration;

/// Reads `"30m"`, `"1h 30m"`, `"14d"`; `"0"` needs no unit.
///
/// # Errors
///
/// What is wrong, for a message that goes on with the value.
pub(super) fn duration(text: &str) -> Result<Duration, &'static str> {
    let text = text.trim();
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("needs a unit, such as \"30s\", \"15m\", \"6h\" or \"14d\"");
    }
    if let Ok(duration) = humantime::parse_duration(text) {
        return Ok(duration);
    }
    Err("not a duration, such as \"30s\", \"15m\", \"1h 30m\" or \"14d\"")
}

/// Reads `"16MiB"` (1024²), `"500KB"` (1000), `"1024"` (bytes).
///
/// # Errors
///
/// What is wrong, for a message that goes on with the value.
pub(super) fn size(text: &str) -> Result<u64, &'static str> {
    const PROBLEM: &str = "not a size, such as \"16MiB\", \"500KB\" or \"1048576\"";
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim_start().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err(PROBLEM),
    };
    number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)).ok_or(PROBLEM)
}

/// A duration as the config would write it: `1d`, `1h 30m`.
pub(super) fn show_duration(duration: Duration) -> String {
    if duration.is_zero() {
        return "0".to_owned();
    }
    let seconds = duration.as_secs();
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    let millis = (u64::from(duration.subsec_millis()), "ms");
    let parts = parts.into_iter().chain([millis]).filter(|(number, _)| *number > 0);
    parts.map(|(number, unit)| format!("{number}{unit}")).collect::<Vec<_>>().join(" ")
}

/// A size as the config would write it, in the largest unit that divides it.
pub(super) fn show_size(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = units.into_iter().find(|(factor, _)| bytes >= *factor && bytes.is_multiple_of(*factor));
    unit.map_or_else(|| bytes.to_string(), |(factor, unit)| format!("{}{unit}", bytes / factor))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, show_duration, show_size, size};

    #[test]
    fn durations_have_units() {
        for (text, seconds) in
            [("30m", 1800), ("1h 30m", 5400), ("1h30m", 5400), ("2s", 2), ("14d", 1_209_600), ("0", 0)]
        {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for bad in ["", "30", "m", "-1s", "1 parsec", "1.s", "99999999999999999999s", "\0", "٣m"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_are_binary_or_decimal() {
        let good = [("16MiB", 16 << 20), ("500KB", 500_000), ("500 kb", 500_000), ("1024", 1024), ("1GiB", 1 << 30)];
        for (text, bytes) in good {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for bad in ["", "MiB", "1.5MiB", "-1", "16M", "99999999999GiB", "１KB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn shown_values_read_back() {
        for text in ["1d", "1h 30m", "15m", "2s", "500ms", "0"] {
            assert_eq!(show_duration(duration(text).unwrap()), text);
        }
        for text in ["16MiB", "1KiB", "1GiB", "500000"] {
            assert_eq!(show_size(size(text).unwrap()), text);
        }
    }
}
