//! Time-zone abbreviations as dates in feeds and pages use them.

use chrono::FixedOffset;

/// The offset that an abbreviation means (`CET`, `BST`, `EDT`, `Z`); `None` when it is unknown.
///
/// Of meanings that compete, the one that news uses: `IST` is India's, `CST` and `EST` are America's, `BST` is Britain's.
pub fn offset_of(abbreviation: &str) -> Option<FixedOffset> {
    let name = abbreviation.trim_end_matches('.').to_ascii_uppercase();
    let minutes = ZONES.iter().find(|(known, _)| *known == name)?.1;
    FixedOffset::east_opt(minutes * 60)
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
    ("EST", -300),
    ("EDT", -240),
    ("ET", -300),
    ("CST", -360),
    ("CDT", -300),
    ("CT", -360),
    ("MST", -420),
    ("MDT", -360),
    ("MT", -420),
    ("PST", -480),
    ("PDT", -420),
    ("PT", -480),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("NST", -210),
    ("NDT", -150),
    ("BRT", -180),
    ("ART", -180),
    ("CLT", -240),
    ("COT", -300),
    ("PET", -300),
];

#[cfg(test)]
mod tests {
    use super::offset_of;

    #[test]
    fn abbreviations_have_their_news_meaning() {
        for (name, seconds) in [("GMT", 0), ("cest", 7200), ("EDT", -14_400), ("IST", 19_800), ("BST", 3600)] {
            assert_eq!(offset_of(name).map(|offset| offset.local_minus_utc()), Some(seconds), "{name}");
        }
        assert_eq!(offset_of("XYZ"), None);
    }
}
