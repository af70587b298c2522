use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn at(hour: u32, minute: u32, second: u32) -> NaiveDateTime {
    day(2021, 1, 12).and_hms_opt(hour, minute, second).unwrap()
}

fn clock(hour: u32, minute: u32, second: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, second).unwrap()
}

#[test]
fn typed_dates() {
    for text in [
        "2021-01-12",
        "2021-1-12",
        "2021/01/12",
        "12/01/2021",
        "12/1/21",
        "12-01-2021",
        "12.01.2021",
        "12.1.21",
        " 12/01/2021\u{A0}",
        "12 / 01 / 2021",
        "12 janvier 2021",
        "12\u{A0}janvier\u{202F}2021",
        "12 JANVIER 2021",
        "12 Janv. 2021",
        "12 janv 2021",
        "12-janv.-21",
        "12-janv-2021",
        "mardi 12 janvier 2021",
        "Mardi 12 Janvier 2021",
        "mar. 12 janv. 2021",
        "mardi, 12 janvier 2021",
        "mardi 12/01/2021",
        "mar. 12/01/21",
        "mardi 2021-01-12",
        "le 12 janvier 2021",
        "le mardi 12 janvier 2021",
        "2021-01-12T14:03:22",
        "2021-01-12 14:03",
        "12/01/2021 14:03:22",
        "12/01/2021 à 14h30",
        "mardi 12 janvier 2021 à 14 h 30",
    ] {
        assert_eq!(read(date, text), Some(day(2021, 1, 12)), "{text}");
    }
}

#[test]
fn every_month_and_weekday_has_its_words() {
    let months: [&[&str]; 12] = [
        &["janvier", "janv.", "jan"],
        &[
            "février",
            "fevrier",
            "FÉVRIER",
            "févr.",
            "fév.",
            "fe\u{301}vrier",
        ],
        &["mars", "MARS"],
        &["avril", "avr."],
        &["mai"],
        &["juin"],
        &["juillet", "juil.", "juill."],
        &["août", "aout", "AOÛT"],
        &["septembre", "sept.", "sep."],
        &["octobre", "oct."],
        &["novembre", "nov."],
        &["décembre", "decembre", "déc.", "DEC"],
    ];
    for (month, words) in (1..).zip(months) {
        for word in words {
            let text = format!("3 {word} 2021");
            assert_eq!(read(date, &text), Some(day(2021, month, 3)), "{text}");
        }
    }
    let weekdays: [&[&str]; 7] = [
        &["lundi", "lun."],
        &["mardi", "mar."],
        &["mercredi", "mer."],
        &["jeudi", "jeu."],
        &["vendredi", "ven."],
        &["samedi", "sam."],
        &["dimanche", "dim."],
    ];
    for (date_of_month, words) in (1..).zip(weekdays) {
        for word in words {
            let text = format!("{word} {date_of_month}/2/2021");
            assert_eq!(
                read(date, &text),
                Some(day(2021, 2, date_of_month)),
                "{text}"
            );
        }
    }
}

#[test]
fn the_first_of_a_month() {
    for text in [
        "1er mars 2021",
        "1 er mars 2021",
        "1 mars 2021",
        "lundi 1er mars 2021",
        "1ᵉʳ mars 2021",
        "1ER MARS 21",
    ] {
        assert_eq!(read(date, text), Some(day(2021, 3, 1)), "{text}");
    }
    assert_eq!(read(date, "21er mars 2021"), None);
}

#[test]
fn the_day_comes_first() {
    assert_eq!(read(date, "03/04/2021"), Some(day(2021, 4, 3)));
    assert_eq!(read(date, "01/13/2021"), None);
}

#[test]
fn texts_that_are_no_date() {
    for text in [
        "bientôt",
        "12",
        "12/01",
        "12 janvier",
        "janvier 2021",
        "2021",
        "44208",
        "20210112",
        "12/01-2021",
        "12/01/2021/3",
        "12/01/021",
        "12/01/20211",
        "112/01/2021",
        "12/001/2021",
        "29/02/2021",
        "31/04/2021",
        "0/1/2021",
        "00/00/2021",
        "30 février 2021",
        "2021-13-01",
        "mercredi 12 janvier 2021",
        "lun. 12/01/2021",
        "demain 12/01/2021",
        "mardi",
        "mardi mardi 12/01/2021",
        "12 janvrier 2021",
        "12/01/2021 matin",
        "12/01/2021 25:00",
        "12/01/2021 24h",
        "12/01/2021 14",
        "12/01/2021 14:60",
        "12/01/202114:30",
        "12/01/2021 14:30 ou 15:00",
        "12/01/2021 et 13/01/2021",
        "12/01/2021 à",
        "2021-01-12T",
        "2021-01-12T14:03:22Z",
        "14h30",
        "-12/01/2021",
        "12/01/2021 ?",
    ] {
        assert_eq!(read(date, text), None, "{text}");
        assert_eq!(read(date_time, text), None, "{text}");
    }
}

#[test]
fn years_from_2000_to_2099() {
    for (text, wanted) in [
        ("31/12/1999", None),
        ("01/01/2000", Some(day(2000, 1, 1))),
        ("29/02/2000", Some(day(2000, 2, 29))),
        ("1/1/00", Some(day(2000, 1, 1))),
        ("31/12/99", Some(day(2099, 12, 31))),
        ("31/12/2099", Some(day(2099, 12, 31))),
        ("01/01/2100", None),
        ("2100-01-01", None),
    ] {
        assert_eq!(read(date, text), wanted, "{text}");
    }
}

#[test]
fn excel_dates_and_bare_numbers() {
    for (serial, wanted) in [
        (44_208.0, Some(day(2021, 1, 12))),
        (44_208.999, Some(day(2021, 1, 12))),
        (36_525.0, None),
        (36_525.99, None),
        (36_526.0, Some(day(2000, 1, 1))),
        (73_050.0, Some(day(2099, 12, 31))),
        (73_050.99, Some(day(2099, 12, 31))),
        (73_051.0, None),
        (0.5, None),
        (60.0, None),
        (-1.0, None),
        (1e300, None),
        (f64::INFINITY, None),
        (f64::NAN, None),
    ] {
        assert_eq!(date(moment(serial)).ok().flatten(), wanted, "{serial}");
        assert_eq!(date(Raw::Number(serial)).ok().flatten(), wanted, "{serial}");
    }
    assert!(date(elapsed(44_208.0)).is_err());
    assert!(date(Raw::Bool(true)).is_err());
}

#[test]
fn dates_of_1904_workbooks() {
    let converted = from_1904(42_746.0, DateKind::DateTime);
    assert_eq!(date(moment(converted)), Ok(Some(day(2021, 1, 12))));
    let converted = from_1904(0.5, DateKind::DateTime);
    assert_eq!(hours(moment(converted)), Ok(Some(12.0)));
    let converted = from_1904(1.5, DateKind::Duration);
    assert_eq!(hours(elapsed(converted)), Ok(Some(36.0)));
}

#[test]
fn typed_dates_and_times() {
    for (text, wanted) in [
        ("12/01/2021", at(0, 0, 0)),
        ("12/01/2021 14:03:22", at(14, 3, 22)),
        ("12/01/2021 14:03", at(14, 3, 0)),
        ("12/01/2021 9:05", at(9, 5, 0)),
        ("12/01/2021 14h", at(14, 0, 0)),
        ("12/01/2021 14h30", at(14, 30, 0)),
        ("12/01/2021 14H30", at(14, 30, 0)),
        ("12/01/2021 14 h 30", at(14, 30, 0)),
        ("12/01/2021 14\u{A0}h\u{A0}30", at(14, 30, 0)),
        ("12/01/2021 14h30min", at(14, 30, 0)),
        ("12/01/2021 à 14h30", at(14, 30, 0)),
        ("12/01/2021 A 14h30", at(14, 30, 0)),
        ("12/01/2021, 14:30", at(14, 30, 0)),
        ("12/01/2021, à 14 heures 30", at(14, 30, 0)),
        ("mardi 12 janvier 2021 à 9 heures", at(9, 0, 0)),
        ("2021-01-12T14:03:22", at(14, 3, 22)),
        ("2021-01-12T14:03:22.499", at(14, 3, 22)),
        ("2021-01-12T14:03:22.5", at(14, 3, 23)),
        ("2021-01-11T23:59:59.9", at(0, 0, 0)),
        ("12/01/2021 23:59:59", at(23, 59, 59)),
        ("12/01/2021 0:00", at(0, 0, 0)),
    ] {
        assert_eq!(read(date_time, text), Some(wanted), "{text}");
    }
    assert_eq!(read(date_time, "31/12/2099 23:59:59,9"), None);
}

#[test]
fn excel_times_are_rounded_to_the_second() {
    let second = 1.0 / 86_400.0;
    let noon = 44_208.5;
    for (serial, wanted) in [
        (noon, at(12, 0, 0)),
        (noon + 59.999_999_9 * second, at(12, 1, 0)),
        (noon + 59.4 * second, at(12, 0, 59)),
        (44_207.999_999_999, at(0, 0, 0)),
        (44_208.585_671_296_3, at(14, 3, 22)),
    ] {
        assert_eq!(date_time(moment(serial)), Ok(Some(wanted)), "{serial}");
    }
}

#[test]
fn iso_cells() {
    for text in [
        "2021-01-12T14:03:22",
        "2021-01-12T14:03:22.000000000",
        "2021-01-12T14:03:22Z",
        "2021-01-12T14:03:22+01:00",
    ] {
        assert_eq!(
            date_time(Raw::IsoDate(text)),
            Ok(Some(at(14, 3, 22))),
            "{text}"
        );
    }
    assert_eq!(date(Raw::IsoDate("2021-01-12")), Ok(Some(day(2021, 1, 12))));
    for text in [
        "PT14H30M00S",
        "2021-01-12T14:03:22+",
        "2021-01-12T14:03:22+1",
        "2021-01-12T14:03:22 Z",
        "1999-12-31",
    ] {
        assert!(date_time(Raw::IsoDate(text)).is_err(), "{text}");
    }
}

#[test]
fn times_of_day() {
    for (text, wanted) in [
        ("14h", Some(clock(14, 0, 0))),
        ("14h30", Some(clock(14, 30, 0))),
        ("14 h 30", Some(clock(14, 30, 0))),
        ("14\u{A0}h\u{A0}30", Some(clock(14, 30, 0))),
        ("14:30", Some(clock(14, 30, 0))),
        ("9h", Some(clock(9, 0, 0))),
        ("09:30:00", Some(clock(9, 30, 0))),
        ("9:30", Some(clock(9, 30, 0))),
        ("0h", Some(clock(0, 0, 0))),
        ("23h59", Some(clock(23, 59, 0))),
        ("23:59:59", Some(clock(23, 59, 59))),
        ("12/01/2021 14h30", Some(clock(14, 30, 0))),
        ("24h", None),
        ("24:00", None),
        ("14h60", None),
        ("14:60", None),
        ("14:30:60", None),
        ("14h5", None),
        ("14:5", None),
        ("14", None),
        ("140h", None),
        ("h30", None),
        ("14h30-17h", None),
        ("-9h", None),
        ("midi", None),
    ] {
        assert_eq!(read(time_of_day, text), wanted, "{text}");
    }
}

#[test]
fn times_of_day_from_excel() {
    for (raw, wanted) in [
        (moment(0.604_166_666_7), Some(clock(14, 30, 0))),
        (moment(44_208.604_166_666_7), Some(clock(14, 30, 0))),
        (moment(44_208.0), Some(clock(0, 0, 0))),
        (moment(0.0), Some(clock(0, 0, 0))),
        (moment(-0.5), None),
        (elapsed(0.5), Some(clock(12, 0, 0))),
        (elapsed(1.0), None),
        (Raw::Number(0.5), Some(clock(12, 0, 0))),
        (Raw::Number(14.0), None),
        (Raw::Number(1.0), None),
        (Raw::Number(44_208.5), Some(clock(12, 0, 0))),
        (Raw::IsoDate("PT14H30M00S"), Some(clock(14, 30, 0))),
        (Raw::IsoDate("PT14H30M00.6S"), Some(clock(14, 30, 1))),
        (Raw::IsoDate("PT24H00M00S"), None),
        (Raw::IsoDate("PT"), None),
        (Raw::IsoDate("14:30:00"), Some(clock(14, 30, 0))),
        (Raw::IsoDate("2021-01-12T14:30:00"), Some(clock(14, 30, 0))),
        (Raw::Bool(true), None),
    ] {
        assert_eq!(time_of_day(raw).ok().flatten(), wanted, "{raw:?}");
    }
}
