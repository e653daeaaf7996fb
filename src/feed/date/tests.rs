use chrono::{DateTime, Utc};

use super::{Reading, Setting, read};

fn setting() -> Setting<'static> {
    let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().unwrap();
    Setting { language: None, assume: None, now }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    check_in(None, text, expected);
}

#[track_caller]
fn check_in(language: Option<&str>, text: &str, expected: &str) {
    let shown = match read(text, &Setting { language, ..setting() }) {
        Ok(Reading { date, doubt }) => {
            let zone = date.offset_seconds.map_or("?".to_owned(), |offset| (offset / 60).to_string());
            format!("{} {zone}{}", date.at.format("%FT%TZ"), if date.has_time { "" } else { " day" })
                + doubt.map_or("", |_| " doubtful")
        }
        Err(reason) => reason.to_owned(),
    };
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn rfc_822_is_read_with_its_slips() {
    check("Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z 0");
    check("Fri, 25 Dec 2009 03:30:22 +0100", "2009-12-25T02:30:22Z 60");
    check("1 Jan 04 1:2 EST", "2004-01-01T06:02:00Z -300");
    check("Sat, Dec 16 2023 02:02:33 PM", "2023-12-16T14:02:33Z ?");
    check("Mon, 21 Jan 2008 8:56 am PST", "2008-01-21T16:56:00Z -480");
    check("Mon, 21 Jan 2008 8:56 p.m. PST", "2008-01-22T04:56:00Z -480");
    check("Thu(odd), 9(th) Feb(ruary) 2006 23:59:45 +0000(x)", "2006-02-09T23:59:45Z 0");
    check("Thu,28 Jul 2022 4:35:5 GMT+9", "2022-07-27T19:35:05Z 540");
    check("Thu, 09 Feb 2006 16:59:45 G", "2006-02-09T16:59:45Z 0");
    check("Friday, January 29, 2021 04:42 PM", "2021-01-29T16:42:00Z ?");
    check("Thu, 1 Jan 2004", "2004-01-01T00:00:00Z ? day");
    check("Thu, 1 Jan 2004 24:00:00 UT", "2004-01-02T00:00:00Z 0");
}

#[test]
fn iso_is_read_with_its_slips() {
    check("2003-12-31T10:14:55Z", "2003-12-31T10:14:55Z 0");
    check("2009-12-08T16:59:02.544-08:00", "2009-12-09T00:59:02Z -480");
    check("2017-06-13T03:18:00+00:0", "2017-06-13T03:18:00Z 0");
    check("2003-07-01 T 01:55:07 -05:00", "2003-07-01T06:55:07Z -300");
    check("2003-12", "2003-12-01T00:00:00Z ? day");
    check("2003", "2003-01-01T00:00:00Z ? day");
    check("20031231", "2003-12-31T00:00:00Z ? day");
    check("2003-335", "2003-12-01T00:00:00Z ? day");
    check("2020/1/10 14:33:00", "2020-01-10T14:33:00Z ?");
    check("Thu 2026-1-5 10:00", "2026-01-05T10:00:00Z ?");
    check("2026.05.01", "2026-05-01T00:00:00Z ? day");
    check("20021231T192030+01:00", "2002-12-31T18:20:30Z 60");
    check("2006-01-11 16:42 CET", "2006-01-11T15:42:00Z 60");
}

#[test]
fn other_forms_are_read() {
    check("Sun Jan  4 16:29:06 PST 2004", "2004-01-05T00:29:06Z -480");
    check("Sun Jan  4 16:29:06 +0100 2004", "2004-01-04T15:29:06Z 60");
    check("22.11.2022 12:16:00", "2022-11-22T12:16:00Z ?");
    check("Fri, 05/03/2019 - 15:21", "2019-05-03T15:21:00Z ?");
    check("Do, 4 März 2021 10:00:00 MEZ", "2021-03-04T09:00:00Z 60");
    check("mar, 05 ene 2021 10:00:00 +0100", "2021-01-05T09:00:00Z 60");
    check("maandag 4 januari 2021", "2021-01-04T00:00:00Z ? day");
    check("Mar 5 2021", "2021-03-05T00:00:00Z ? day");
    check("11 янв 2006 10:00 +0300", "2006-01-11T07:00:00Z 180");
    check("Sun Jan  4 16:29:06 −0100 2004", "2004-01-04T17:29:06Z -60");
    check("Sun, 4 Jan 2004 16:29:06 GMT –0100", "2004-01-04T17:29:06Z -60");
    check("Thu, 2015-3-5 T 10:20", "2015-03-05T10:20:00Z ?");
    check("Sat, 05 Mar 2016 10:00:00 (PST)", "2016-03-05T18:00:00Z -480");
    check("2016-03-05 10:00 (CET)", "2016-03-05T09:00:00Z 60");
    check("Thu, 05 Mar 2015 10:00:00 +0100 (PST)", "2015-03-05T09:00:00Z 60");
    check("2016–03–01", "2016-03-01T00:00:00Z ? day");
    check("5–03–2016", "2016-03-05T00:00:00Z ? day");
    check("2016 -03-05", "not a date");
    check("5 March 2016 10:00–12:00", "2016-03-05T10:00:00Z ?");
    check("5 Mar 2016 7:00pm-9:00pm", "2016-03-05T19:00:00Z ?");
    check("2016-W09-6", "2016-03-05T00:00:00Z ? day");
    check("/Date(1456820000123)/", "2016-03-01T08:13:20Z 0");
    check("1 มีนาคม 2559", "2016-03-01T00:00:00Z ? day");
    check("Σαβ, 05 Μαρ 2016 05:03 μμ", "2016-03-05T17:03:00Z ?");
    check_in(Some("tr"), "5 Mart 2016 ÖS 5:03", "2016-03-05T17:03:00Z ?");
    check("5 Mar 2015 - 10:20", "2015-03-05T10:20:00Z ?");
    check("5 Mar 2015 -0700", "2015-03-05T07:00:00Z -420 day");
    check("Mar 5, 2015 EST", "2015-03-05T05:00:00Z -300 day");
    check("5 Mar 2015 10.20.30 +0100", "2015-03-05T09:20:30Z 60");
    check("5 Mar 2015 10:20 - 0700", "2015-03-05T17:20:00Z -420");
    check("03/05/2015 08:20 PMZ", "2015-03-05T20:20:00Z 0");
    check("10:20 - 5 Mar 2015", "2015-03-05T10:20:00Z ?");
    check("2009-11-10 23:00:00 +0000 UTC", "2009-11-10T23:00:00Z 0");
    check("24-08-05", "2024-08-05T00:00:00Z ? day");
    check("03-12-31 10:14", "2003-12-31T10:14:00Z ?");
    check("31-12-25", "2025-12-31T00:00:00Z ? day");
    check("12-31-2003", "2003-12-31T00:00:00Z ? day");
    check("12-31-03", "2003-12-31T00:00:00Z ? day");
}

#[test]
fn phrases_are_read_in_many_languages() {
    check("2015年3月5日 10:20", "2015-03-05T10:20:00Z ?");
    check("2004년 05월 28일  01:31:15", "2004-05-28T01:31:15Z ?");
    check("الخميس، 05 مارس 2015 10:20:00 +0300", "2015-03-05T07:20:00Z 180");
    check("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z -240");
    check("2004-05-25 오후 11:23:17", "2004-05-25T23:23:17Z ?");
    check("2024년 7월 1일 오후 3시 20분", "2024-07-01T15:20:00Z ?");
    check("2015-03-05 下午 03:20", "2015-03-05T15:20:00Z ?");
    check("下午 03:20 2015-03-05", "2015-03-05T15:20:00Z ?");
    check("05.03.2015 10:20 Uhr", "2015-03-05T10:20:00Z ?");
    check("5 Mar 2015 10:20 h", "2015-03-05T10:20:00Z ?");
    check("vor 2 Stunden", "not a date");
    check("gestern 10:20", "not a date");
}

#[test]
fn weekday_and_language_tell_day_and_month_apart() {
    check("05/03/2019 15:21", "2019-05-03T15:21:00Z ?");
    check("Tue, 05/03/2019 15:21", "2019-03-05T15:21:00Z ?");
    check_in(Some("en-US"), "05/03/2019 15:21", "2019-05-03T15:21:00Z ?");
    check_in(Some("fr"), "05/03/2019 15:21", "2019-03-05T15:21:00Z ?");
    check_in(Some("en-GB"), "05/03/2019 15:21", "2019-03-05T15:21:00Z ?");
}

#[test]
fn counts_of_seconds_are_instants() {
    check("1425550800", "2015-03-05T10:20:00Z 0");
    check("1425550800000", "2015-03-05T10:20:00Z 0");
    check("1425550800.5", "2015-03-05T10:20:00Z 0");
    check("201503051020", "2015-03-05T10:20:00Z ?");
    check("42", "not a date");
}

#[test]
fn zones_are_known_by_the_name_of_a_place() {
    check("Thu, 05 Mar 2015 10:00:00 Europe/Berlin", "2015-03-05T09:00:00Z 60");
    check("2015-07-05T10:00:00 America/New_York", "2015-07-05T14:00:00Z -240");
    check("2015-07-05T10:00:00[Europe/Berlin]", "2015-07-05T08:00:00Z 120");
    check("2015-07-05T10:00:00+02:00[Europe/Berlin]", "2015-07-05T08:00:00Z 120");
    check("05/Jul/2015 10:00", "2015-07-05T10:00:00Z ?");
    check("Sun, 05 Jul 2015 10:00:00 ET", "2015-07-05T14:00:00Z -240");
    check("Thu, 05 Mar 2015 10:00:00 PT", "2015-03-05T18:00:00Z -480");
    check("Sun, 05 Jul 2015 10:00:00 EST5EDT", "2015-07-05T14:00:00Z -240");
    check("Sun, 05 Jul 2015 10:00:00 IDT", "2015-07-05T07:00:00Z 180");
    check("Sun, 05 Jul 2015 10:00:00 yekt", "2015-07-05T05:00:00Z 300");
}

#[test]
fn a_zone_that_is_none_leaves_a_doubt() {
    for zone in ["+9999", "+25:00", "-1500", "+0260", "+1420", "XYZ"] {
        check(&format!("Sun, 05 Jul 2015 10:00:00 {zone}"), "2015-07-05T10:00:00Z ? doubtful");
        check(&format!("2015-07-05 10:00:00 {zone}"), "2015-07-05T10:00:00Z ? doubtful");
    }
    check("Sun, 05 Jul 2015 10:00:00 +200", "2015-07-05T08:00:00Z 120");
    check("2015-07-05T10:00:00+2", "2015-07-05T08:00:00Z 120");
    check("2015-07-05T10:00:00+020000", "2015-07-05T08:00:00Z 120");
}

#[test]
fn any_text_is_read_without_a_panic() {
    const PARTS: [&str; 24] = [
        "4",
        "16:29:06",
        " ",
        "−",
        "–",
        "-",
        "+",
        "0100",
        "GMT",
        "UTC",
        "Jan",
        "янв",
        "2004",
        "/",
        "[",
        "(",
        "Z",
        "T",
        "é",
        "Europe/Berlin",
        ".",
        ":",
        "pm",
        "\u{a0}",
    ];
    let mut state = 5_usize;
    for _ in 0..200_000 {
        let mut text = String::new();
        for _ in 0..9 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(PARTS[(state >> 33) % PARTS.len()]);
        }
        let _date = read(&text, &setting());
    }
}

#[test]
fn what_is_no_date_has_a_reason() {
    check("insert published date here", "not a date");
    check("", "not a date");
    check("2003-02-31", "no such day or time");
    check("Thu, 01 Jan 2104 19:48:21 GMT", "in the far future");
    check("0001-01-01T00:00:00Z", "too long ago");
    check("-0001-11-30T00:00:00+00:00", "not a date");
    check("Mon, 01 Jan 0001 00:00:00 +0000", "too long ago");
    check(&"1".repeat(200), "too long for a date");
}

#[test]
fn a_missing_zone_is_the_one_assumed() {
    let berlin = Setting { assume: Some(chrono_tz::Europe::Berlin), ..setting() };
    let date = read("2021-07-01 12:00", &berlin).unwrap().date;
    assert_eq!((date.at.to_rfc3339().as_str(), date.offset_seconds), ("2021-07-01T10:00:00+00:00", None));
    assert!(read("2021-03-28 02:30", &berlin).is_ok());
}
