//! Sentences with "always" and "never".

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use proptest::prelude::*;

use super::*;
use crate::model::time::{day_month_year, hour, long_date, short_date};

prop_compose! {
    fn some_day()(days in 0_i64..36_525) -> NaiveDate {
        NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + TimeDelta::days(days)
    }
}

prop_compose! {
    fn some_moment()(day in some_day(), second in 0_u32..86_400) -> NaiveDateTime {
        day.and_time(NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap())
    }
}

/// Days since 1899-12-30.
fn serial(day: NaiveDate) -> f64 {
    let origin = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
    f64::from(i32::try_from((day - origin).num_days()).unwrap())
}

proptest! {
    #[test]
    fn every_day_is_read_in_every_form(day in some_day()) {
        for text in [
            day.format("%Y-%m-%d").to_string(),
            day.format("%d/%m/%Y").to_string(),
            day.format("%-d/%-m/%y").to_string(),
            day.format("%d-%m-%Y").to_string(),
            day.format("%d.%m.%Y").to_string(),
            day_month_year(day),
            day_month_year(day).to_uppercase(),
            long_date(day),
            format!("{} à 14 h 30", long_date(day)),
            short_date(day),
            shortest(serial(day)),
        ] {
            let raw = match text.parse() {
                Ok(number) => Raw::Number(number),
                Err(_) => Raw::Text(&text),
            };
            prop_assert_eq!(date(raw), Ok(Some(day)), "{}", text);
        }
        prop_assert_eq!(date(moment(serial(day))), Ok(Some(day)));
    }

    #[test]
    fn a_wrong_weekday_is_never_read(day in some_day(), shift in 1_i64..7) {
        let other = long_date(day + TimeDelta::days(shift));
        let weekday = other.split(' ').next().unwrap();
        let text = format!("{weekday} {}", short_date(day));
        prop_assert!(date(Raw::Text(&text)).is_err());
    }

    #[test]
    fn every_second_is_read_in_every_form(moment in some_moment()) {
        for form in ["%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y à %H:%M:%S"] {
            let text = moment.format(form).to_string();
            prop_assert_eq!(date_time(Raw::Text(&text)), Ok(Some(moment)), "{}", text);
        }
        let fraction = f64::from(moment.num_seconds_from_midnight()) / 86_400.0;
        let serial = serial(moment.date()) + fraction;
        prop_assert_eq!(date_time(super::moment(serial)), Ok(Some(moment)));
        prop_assert_eq!(time_of_day(super::moment(fraction)), Ok(Some(moment.time())));
        // The ISO text of an Excel date is a text of the same moment.
        let text = text(super::moment(serial)).unwrap().unwrap();
        prop_assert_eq!(date_time(Raw::Text(&text)), Ok(Some(moment)));
        let shown = super::moment(serial).shown();
        prop_assert_eq!(date_time(Raw::Text(&shown)), Ok(Some(moment)));
    }

    #[test]
    fn every_minute_is_a_time_and_a_number_of_hours(minute in 0_u32..1_440) {
        let wanted = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).unwrap();
        let (h, m) = (minute / 60, minute % 60);
        for text in [hour(wanted), format!("{h}h{m:02}"), format!("{h}:{m:02}"), format!("{h} heures {m:02}")] {
            prop_assert_eq!(time_of_day(Raw::Text(&text)), Ok(Some(wanted)), "{}", text);
            prop_assert_eq!(hours(Raw::Text(&text)), Ok(Some(f64::from(minute) / 60.0)), "{}", text);
        }
    }

    #[test]
    fn amounts_are_read_however_they_are_typed(cents in 0_u32..1_000_000_000) {
        let wanted = f64::from(cents) / 100.0;
        let (euros, rest) = (cents / 100, cents % 100);
        let grouped = |sign: &str| {
            let digits = euros.to_string();
            let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev()
                .map(|group| std::str::from_utf8(group).unwrap())
                .collect();
            groups.join(sign)
        };
        for text in [
            format!("{euros},{rest:02}"),
            format!("{euros}.{rest:02} €"),
            format!("{},{rest:02}\u{A0}€", grouped("\u{202F}")),
            format!("{},{rest:02}", grouped(".")),
            format!("{}.{rest:02} euros", grouped(",")),
            format!("+{},{rest:02}", grouped(" ")),
        ] {
            prop_assert_eq!(number(Raw::Text(&text)), Ok(Some(wanted)), "{}", text);
            prop_assert_eq!(hours(Raw::Text(&text)), Ok(Some(wanted)), "{}", text);
        }
    }

    #[test]
    fn a_number_survives_its_text(number in -1e12..1e12_f64) {
        let text = shortest(number);
        let read = super::number(Raw::Text(&text)).unwrap().unwrap();
        prop_assert!((read - number).abs() <= number.abs() * 1e-14, "{} {}", text, number);
    }

    #[test]
    fn any_text_gets_an_answer(text in any::<String>()) {
        faults(Raw::Text(&text));
        faults(Raw::IsoDate(&text));
        faults(Raw::Error(&text));
        let _ = Raw::Text(&text).shown();
    }

    #[test]
    fn nearly_right_texts_get_an_answer(text in "[0-9/:.,hTZP €+àerm\u{A0}-]{0,16}") {
        faults(Raw::Text(&text));
        faults(Raw::IsoDate(&text));
    }

    #[test]
    fn any_number_gets_an_answer(number in any::<f64>()) {
        for raw in [Raw::Number(number), moment(number), elapsed(number)] {
            faults(raw);
            let _ = raw.shown();
        }
    }

    #[test]
    fn cleaning_twice_changes_nothing(text in any::<String>()) {
        let line = clean_line(&text);
        prop_assert_eq!(clean_line(&line), line.as_ref());
        prop_assert!(!line.contains(char::is_control));
        let long = clean_text(&text);
        prop_assert_eq!(clean_text(&long), long.as_ref());
    }

    #[test]
    fn an_address_that_is_read_holds_one_address(text in "[a-z.@ ;<>é\u{200B}\n]{0,20}") {
        if let Ok(Some(address)) = email(Raw::Text(&text)) {
            prop_assert_eq!(address.matches('@').count(), 1);
            prop_assert!(!address.contains(|c: char| c.is_whitespace() || "<>;".contains(c)));
        }
    }
}
