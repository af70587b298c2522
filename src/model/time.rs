//! Half-days, public holidays, and dates as French people write them.

use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Timelike, Weekday};

use super::fold::WordTable;

/// A meeting's half of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HalfDay {
    /// matin
    Morning,
    /// après-midi
    Afternoon,
}

impl HalfDay {
    /// The French word.
    #[must_use]
    pub fn french(self) -> &'static str {
        Slot::from(self).french()
    }

    /// The words under which people type it (programme.md §3, Rendez-vous).
    #[must_use]
    pub fn words() -> &'static WordTable<Self> {
        static WORDS: LazyLock<WordTable<HalfDay>> = LazyLock::new(|| {
            WordTable::new([
                ("matin", HalfDay::Morning),
                ("après-midi", HalfDay::Afternoon),
                ("matinée", HalfDay::Morning),
                ("AM", HalfDay::Morning),
                ("aprem", HalfDay::Afternoon),
                ("PM", HalfDay::Afternoon),
            ])
        });
        &WORDS
    }
}

/// A workshop's part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// matin
    Morning,
    /// après-midi
    Afternoon,
    /// journée: both
    Day,
}

impl Slot {
    /// Whether the two share a half-day.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self == other || self == Self::Day || other == Self::Day
    }

    /// How many half-days it takes.
    #[must_use]
    pub fn half_days(self) -> u32 {
        if self == Self::Day { 2 } else { 1 }
    }

    /// The French word.
    #[must_use]
    pub fn french(self) -> &'static str {
        match self {
            Self::Morning => "matin",
            Self::Afternoon => "après-midi",
            Self::Day => "journée",
        }
    }

    /// The words under which people type it (programme.md §3, Ateliers).
    #[must_use]
    pub fn words() -> &'static WordTable<Self> {
        static WORDS: LazyLock<WordTable<Slot>> = LazyLock::new(|| {
            WordTable::new([
                ("matin", Slot::Morning),
                ("après-midi", Slot::Afternoon),
                ("journée", Slot::Day),
                ("matinée", Slot::Morning),
                ("AM", Slot::Morning),
                ("aprem", Slot::Afternoon),
                ("PM", Slot::Afternoon),
                ("journée entière", Slot::Day),
                ("journée complète", Slot::Day),
            ])
        });
        &WORDS
    }
}

impl From<HalfDay> for Slot {
    fn from(half: HalfDay) -> Self {
        match half {
            HalfDay::Morning => Self::Morning,
            HalfDay::Afternoon => Self::Afternoon,
        }
    }
}

/// The name of the public holiday of metropolitan France that falls on `date`, if one does. Where
/// two fall on one day (1 May 2008), the one with a fixed date. The names are those of article
/// L3133-1 of the Code du travail.
#[must_use]
pub fn public_holiday(date: NaiveDate) -> Option<&'static str> {
    let name = match (date.month(), date.day()) {
        (1, 1) => "1er janvier",
        (5, 1) => "1er mai",
        (5, 8) => "8 mai",
        (7, 14) => "14 juillet",
        (8, 15) => "Assomption",
        (11, 1) => "Toussaint",
        (11, 11) => "11 novembre",
        (12, 25) => "Noël",
        _ => return movable_holiday(date),
    };
    Some(name)
}

fn movable_holiday(date: NaiveDate) -> Option<&'static str> {
    // Easter Monday falls on 23 March at the earliest, Whit Monday on 14 June at the latest.
    if !(3..=6).contains(&date.month()) {
        return None;
    }
    match date.signed_duration_since(easter(date.year())?).num_days() {
        1 => Some("lundi de Pâques"),
        39 => Some("Ascension"),
        50 => Some("lundi de Pentecôte"),
        _ => None,
    }
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher's rule).
fn easter(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15).rem_euclid(30);
    let weekday =
        (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    let march = NaiveDate::from_ymd_opt(year, 3, 1)?;
    // `days` counts from a date 3 × 31 before March, in months of 31 days: 22 March to 25 April.
    let since_march = (days / 31 - 3) * 31 + days % 31;
    march.checked_add_days(Days::new(u64::try_from(since_march).ok()?))
}

/// The French name of a month, 1 to 12; empty for any other number.
#[must_use]
pub fn month_name(month: u32) -> &'static str {
    const NAMES: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let index = usize::try_from(month.wrapping_sub(1)).unwrap_or(usize::MAX);
    NAMES.get(index).copied().unwrap_or_default()
}

/// The French name of a weekday.
#[must_use]
pub fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "lundi",
        Weekday::Tue => "mardi",
        Weekday::Wed => "mercredi",
        Weekday::Thu => "jeudi",
        Weekday::Fri => "vendredi",
        Weekday::Sat => "samedi",
        Weekday::Sun => "dimanche",
    }
}

/// `12 janvier 2021`, `1er mars 2021`.
#[must_use]
pub fn day_month_year(date: NaiveDate) -> String {
    format!("{} {}", day_month(date), date.year())
}

/// `12 janvier`, `1er mars`.
#[must_use]
pub fn day_month(date: NaiveDate) -> String {
    let first = if date.day() == 1 { "er" } else { "" };
    format!("{}{first} {}", date.day(), month_name(date.month()))
}

/// `mardi 12 janvier 2021`.
#[must_use]
pub fn long_date(date: NaiveDate) -> String {
    format!("{} {}", weekday_name(date.weekday()), day_month_year(date))
}

/// `12/01/2021`.
#[must_use]
pub fn short_date(date: NaiveDate) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// `14 h 30`, `9 h`, with no-break spaces; seconds are left out.
#[must_use]
pub fn hour(time: NaiveTime) -> String {
    match time.minute() {
        0 => format!("{}\u{A0}h", time.hour()),
        minute => format!("{}\u{A0}h\u{A0}{minute:02}", time.hour()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn half_days_are_ordered_and_overlap() {
        assert!(HalfDay::Morning < HalfDay::Afternoon);
        assert!(Slot::Morning < Slot::Afternoon);
        let all = [Slot::Morning, Slot::Afternoon, Slot::Day];
        for a in all {
            for b in all {
                let apart = a != b && a != Slot::Day && b != Slot::Day;
                assert_eq!(a.overlaps(b), !apart, "{a:?} {b:?}");
            }
        }
        assert_eq!((Slot::Day.half_days(), Slot::Morning.half_days()), (2, 1));
    }

    #[test]
    fn half_days_are_read_as_people_type_them() {
        for (text, wanted) in [
            ("matin", Some(HalfDay::Morning)),
            ("Matinée", Some(HalfDay::Morning)),
            ("A.M.", Some(HalfDay::Morning)),
            ("après-midi", Some(HalfDay::Afternoon)),
            ("APRES MIDI", Some(HalfDay::Afternoon)),
            ("apresmidi", Some(HalfDay::Afternoon)),
            ("aprem", Some(HalfDay::Afternoon)),
            ("pm", Some(HalfDay::Afternoon)),
            ("journée", None),
            ("soir", None),
        ] {
            assert_eq!(HalfDay::words().get(text), wanted, "{text}");
        }
        for (text, wanted) in [
            ("matins", Some(Slot::Morning)),
            ("apres-midi", Some(Slot::Afternoon)),
            ("Journée", Some(Slot::Day)),
            ("journée entière", Some(Slot::Day)),
            ("Journee complete", Some(Slot::Day)),
            ("soirée", None),
        ] {
            assert_eq!(Slot::words().get(text), wanted, "{text}");
        }
        for half in [HalfDay::Morning, HalfDay::Afternoon] {
            assert_eq!(HalfDay::words().get(half.french()), Some(half));
        }
    }

    #[test]
    fn easter_of_known_years() {
        for (year, month, day) in [
            (1818, 3, 22),
            (1943, 4, 25),
            (2000, 4, 23),
            (2008, 3, 23),
            (2011, 4, 24),
            (2019, 4, 21),
            (2020, 4, 12),
            (2021, 4, 4),
            (2024, 3, 31),
            (2038, 4, 25),
            (2049, 4, 18),
            (2076, 4, 19),
            (2099, 4, 12),
        ] {
            assert_eq!(easter(year), Some(date(year, month, day)), "{year}");
        }
    }

    #[test]
    fn the_eleven_holidays_of_2021() {
        let found: Vec<(String, &str)> = date(2021, 1, 1)
            .iter_days()
            .take(365)
            .filter_map(|day| Some((short_date(day), public_holiday(day)?)))
            .collect();
        let wanted = [
            ("01/01/2021", "1er janvier"),
            ("05/04/2021", "lundi de Pâques"),
            ("01/05/2021", "1er mai"),
            ("08/05/2021", "8 mai"),
            ("13/05/2021", "Ascension"),
            ("24/05/2021", "lundi de Pentecôte"),
            ("14/07/2021", "14 juillet"),
            ("15/08/2021", "Assomption"),
            ("01/11/2021", "Toussaint"),
            ("11/11/2021", "11 novembre"),
            ("25/12/2021", "Noël"),
        ];
        let wanted: Vec<(String, &str)> = wanted.map(|(d, n)| (d.to_owned(), n)).into();
        assert_eq!(found, wanted);
    }

    #[test]
    fn easter_is_a_sunday_in_its_weeks_every_year() {
        for year in 2000..2100 {
            let day = easter(year).unwrap();
            assert_eq!(day.weekday(), Weekday::Sun, "{year}");
            assert!(
                day >= date(year, 3, 22) && day <= date(year, 4, 25),
                "{year}"
            );
        }
    }

    #[test]
    fn dates_are_written_in_french() {
        assert_eq!(long_date(date(2021, 1, 12)), "mardi 12 janvier 2021");
        assert_eq!(long_date(date(2021, 3, 1)), "lundi 1er mars 2021");
        assert_eq!(day_month_year(date(2021, 8, 31)), "31 août 2021");
        assert_eq!(short_date(date(2021, 3, 1)), "01/03/2021");
        let at = |h, m| hour(NaiveTime::from_hms_opt(h, m, 59).unwrap());
        assert_eq!(at(14, 30), "14\u{A0}h\u{A0}30");
        assert_eq!(at(9, 5), "9\u{A0}h\u{A0}05");
        assert_eq!(at(9, 0), "9\u{A0}h");
        assert_eq!(month_name(0), "");
        assert_eq!(month_name(13), "");
    }
}
