//! Time-zone abbreviations as dates in feeds and pages use them.

use chrono::{FixedOffset, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{America, Tz};

/// The offset that an abbreviation means (`CET`, `BST`, `EDT`, `Z`); `None` when it is unknown.
///
/// Of meanings that compete, the one that news uses: `IST` is India's, `CST` and `EST` are America's, `BST` is Britain's.
pub fn offset_of(abbreviation: &str) -> Option<FixedOffset> {
    let name = abbreviation.trim_end_matches('.').to_ascii_uppercase();
    let minutes = ZONES.iter().find(|(known, _)| *known == name)?.1;
    FixedOffset::east_opt(minutes * 60)
}

/// The offset that an abbreviation means at a local time: `ET` is daylight time in summer and standard time in winter.
///
/// A local time that the clock change skips has the offset before it, one that it repeats the first.
pub fn offset_at(abbreviation: &str, local: NaiveDateTime) -> Option<FixedOffset> {
    place_of(abbreviation).map_or_else(|| offset_of(abbreviation), |zone| Some(local_offset(zone, local)))
}

/// The zone of an abbreviation that means its time in summer and in winter; `None` for any other.
pub fn place_of(abbreviation: &str) -> Option<Tz> {
    Some(match abbreviation.trim_end_matches('.').to_ascii_uppercase().as_str() {
        "ET" => America::New_York,
        "CT" => America::Chicago,
        "MT" => America::Denver,
        "PT" => America::Los_Angeles,
        "AKT" => America::Anchorage,
        _ => return None,
    })
}

/// The offset of a zone at a local time, also where the clock change skips or repeats it.
pub fn local_offset(zone: Tz, local: NaiveDateTime) -> FixedOffset {
    match zone.offset_from_local_datetime(&local).earliest() {
        Some(offset) => offset.fix(),
        None => zone.offset_from_utc_datetime(&local).fix(),
    }
}

/// Whether the abbreviation names a zone.
pub fn is_known(abbreviation: &str) -> bool {
    place_of(abbreviation).is_some() || offset_of(abbreviation).is_some()
}

/// Minutes east of UTC. RFC 822 section 5.1, RFC 2822 section 4.3, and the abbreviations of the IANA database in use.
const ZONES: &[(&str, i32)] = &[
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("IRST", 210),
    ("CET", 60),
    ("MEZ", 60),
    ("CEST", 120),
    ("MESZ", 120),
    ("MET", 60),
    ("MEST", 120),
    ("EET", 120),
    ("EEST", 180),
    ("SAST", 120),
    ("CAT", 120),
    ("EAT", 180),
    ("WAT", 60),
    ("MSK", 180),
    ("MSD", 240),
    ("TRT", 180),
    ("AST", -240),
    ("ADT", -180),
    ("GST", 240),
    ("PKT", 300),
    ("IST", 330),
    ("IDT", 180),
    ("IRDT", 270),
    ("AZT", 240),
    ("SAMT", 240),
    ("UZT", 300),
    ("YEKT", 300),
    ("KGT", 360),
    ("OMST", 360),
    ("MMT", 390),
    ("KRAT", 420),
    ("NOVT", 420),
    ("IRKT", 480),
    ("YAKT", 540),
    ("VLAT", 600),
    ("CHST", 600),
    ("MAGT", 660),
    ("NPT", 345),
    ("BDT", 360),
    ("ICT", 420),
    ("WIB", 420),
    ("WITA", 480),
    ("WIT", 540),
    ("HKT", 480),
    ("SGT", 480),
    ("MYT", 480),
    ("PHT", 480),
    ("AWST", 480),
    ("JST", 540),
    ("KST", 540),
    ("ACST", 570),
    ("ACDT", 630),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("CHAST", 765),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("HAST", -600),
    ("HDT", -540),
    ("HADT", -540),
    ("SST", -660),
    ("NST", -210),
    ("NDT", -150),
    ("BRT", -180),
    ("BRST", -120),
    ("UYT", -180),
    ("ART", -180),
    ("CLT", -240),
    ("CLST", -180),
    ("COT", -300),
    ("PET", -300),
];

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{local_offset, offset_at, offset_of};

    #[test]
    fn abbreviations_have_their_news_meaning() {
        for (name, seconds) in [("GMT", 0), ("cest", 7200), ("EDT", -14_400), ("IST", 19_800), ("BST", 3600)] {
            assert_eq!(offset_of(name).map(|offset| offset.local_minus_utc()), Some(seconds), "{name}");
        }
        assert_eq!(offset_of("XYZ"), None);
    }

    #[test]
    fn american_zones_without_a_season_take_the_date_s() {
        for (name, date, hours) in
            [("ET", "2024-09-12", -4), ("ET", "2024-12-12", -5), ("PT", "2024-07-01", -7), ("CET", "2024-07-01", 1)]
        {
            let local = date.parse::<NaiveDate>().unwrap().and_hms_opt(9, 41, 0).unwrap();
            assert_eq!(
                offset_at(name, local).map(|offset| offset.local_minus_utc() / 3600),
                Some(hours),
                "{name} {date}"
            );
        }
    }

    #[test]
    fn skipped_and_repeated_local_times_have_an_offset() {
        for (text, hours) in [("2024-03-31T02:30:00", 2), ("2024-10-27T02:30:00", 2)] {
            let offset = local_offset(chrono_tz::Europe::Berlin, text.parse().unwrap());
            assert_eq!(offset.local_minus_utc() / 3600, hours, "{text}");
        }
    }
}
