//! Dates and times, as Excel holds them and as people type them.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

use super::scan::{Digits, Scan};
use super::{BadCell, Content, DateKind, Raw, serial};

/// A date from 2000 to 2099; a time after it is dropped.
///
/// # Errors
/// Whatever is no date of a form of programme.md §2, or one that its weekday contradicts.
pub fn date(raw: Raw<'_>) -> Result<Option<NaiveDate>, BadCell> {
    Ok(date_time(raw)?.map(|moment| moment.date()))
}

/// A date and time, to the second; a date alone is at 00:00.
///
/// # Errors
/// Like [`date`], and a time that doesn't exist.
pub fn date_time(raw: Raw<'_>) -> Result<Option<NaiveDateTime>, BadCell> {
    raw.read_with(|content| match content {
        Content::Date(serial, DateKind::DateTime) | Content::Number(serial) => {
            serial::date_time(serial)
        }
        Content::Text(text) => Some(moment(&text, Zone::Refused)?.at()).flatten(),
        Content::Iso(text) => Some(moment(text.trim(), Zone::Dropped)?.at()).flatten(),
        Content::Date(_, DateKind::Duration) | Content::Bool(_) => None,
    })
}

/// A time of day, to the second; of a date and time its time.
///
/// # Errors
/// Whatever is no time from 00:00 to 23:59:59: `24h`, `14`.
pub fn time_of_day(raw: Raw<'_>) -> Result<Option<NaiveTime>, BadCell> {
    raw.read_with(|content| match content {
        Content::Date(serial, kind) => serial::time_of_day(serial, kind),
        // A bare 14 may be 14 h or the fourteenth day: only a fraction is surely a time.
        Content::Number(fraction) if (0.0..1.0).contains(&fraction) => {
            serial::time_of_day(fraction, DateKind::DateTime)
        }
        Content::Number(serial) => serial::date_time(serial).map(|moment| moment.time()),
        Content::Text(text) => {
            time_text(&text).or_else(|| Some(moment(&text, Zone::Refused)?.at()?.time()))
        }
        Content::Iso(text) => iso_duration(text)
            .and_then(time_at)
            .or_else(|| time_text(text.trim()))
            .or_else(|| Some(moment(text.trim(), Zone::Dropped)?.at()?.time())),
        Content::Bool(_) => None,
    })
}

/// What a `Z` or an offset after an ISO time means. A cell of a workbook has no time zone, whatever
/// its writer put there; in a typed or exported text it would be another hour than ours.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    Refused,
    Dropped,
}

struct Moment {
    date: NaiveDate,
    /// 0 to 86 400: a time rounded up may belong to the next day.
    seconds: u32,
}

impl Moment {
    fn at(&self) -> Option<NaiveDateTime> {
        let moment = self.date.and_time(NaiveTime::MIN) + TimeDelta::seconds(self.seconds.into());
        (2000..=2099).contains(&moment.year()).then_some(moment)
    }
}

fn time_at(seconds: i64) -> Option<NaiveTime> {
    let seconds = u32::try_from(seconds).ok()?;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)
}

/// `[weekday] date [time]`, and nothing else.
fn moment(text: &str, zone: Zone) -> Option<Moment> {
    let mut scan = Scan::new(text);
    // Only words are written into it: a date of digits allocates nothing.
    let mut buffer = String::new();
    let weekday = leading_words(&mut scan, &mut buffer)?;
    let date = scan_date(&mut scan, &mut buffer)?;
    if !weekday.agrees(date) {
        return None;
    }
    if scan.is_done() {
        return Some(Moment { date, seconds: 0 });
    }
    if !before_time(&mut scan, &mut buffer) {
        return None;
    }
    let seconds = scan_time(&mut scan, &mut buffer)?;
    if zone == Zone::Dropped && !scan.is_done() {
        skip_zone(&mut scan)?;
    }
    scan.is_done().then_some(Moment { date, seconds })
}

/// What is said of a date before it.
enum Said {
    Nothing,
    Day(Weekday),
}

impl Said {
    fn agrees(&self, date: NaiveDate) -> bool {
        match self {
            Self::Nothing => true,
            Self::Day(weekday) => *weekday == date.weekday(),
        }
    }
}

/// The weekday before a date, and `le`.
fn leading_words(scan: &mut Scan<'_>, buffer: &mut String) -> Option<Said> {
    let mut weekday = Said::Nothing;
    while scan.peek()?.is_alphabetic() {
        match (scan.word(buffer), &weekday) {
            ("le", _) => {}
            (word, Said::Nothing) => weekday = Said::Day(weekday_of(word)?),
            _ => return None,
        }
        scan.eat('.');
        scan.blanks();
        scan.eat(',');
        scan.blanks();
    }
    Some(weekday)
}

fn scan_date(scan: &mut Scan<'_>, buffer: &mut String) -> Option<NaiveDate> {
    let first = scan.digits()?;
    if first.count == 4 {
        return year_first(scan, first.value);
    }
    if first.count > 2 {
        return None;
    }
    scan.blanks();
    let day = first.value;
    if let sign @ ('/' | '-' | '.') = scan.peek()? {
        scan.eat(sign);
        scan.blanks();
        if scan.peek()?.is_ascii_digit() {
            return month_in_digits(scan, day, sign);
        }
    } else if day == 1 {
        skip_word(scan, buffer, &["er"]);
    }
    scan.blanks();
    month_in_letters(scan, buffer, day)
}

/// Skips the word that comes next if it is one of `words`.
fn skip_word(scan: &mut Scan<'_>, buffer: &mut String, words: &[&str]) {
    let before = *scan;
    if !words.contains(&scan.word(buffer)) {
        *scan = before;
    }
}

/// `2021-01-12`, after the year.
fn year_first(scan: &mut Scan<'_>, year: u32) -> Option<NaiveDate> {
    let sign = scan.peek().filter(|c| matches!(c, '-' | '/' | '.'))?;
    scan.eat(sign);
    let month = short(scan.digits()?)?;
    if !scan.eat(sign) {
        return None;
    }
    let day = short(scan.digits()?)?;
    calendar_date(year, month, day)
}

/// `12/01/2021`, after the first sign.
fn month_in_digits(scan: &mut Scan<'_>, day: u32, sign: char) -> Option<NaiveDate> {
    let month = short(scan.digits()?)?;
    scan.blanks();
    if !scan.eat(sign) {
        return None;
    }
    scan.blanks();
    calendar_date(year_of(scan.digits()?)?, month, day)
}

/// `12 janvier 2021`, `12-janv.-21`, after the day.
fn month_in_letters(scan: &mut Scan<'_>, buffer: &mut String, day: u32) -> Option<NaiveDate> {
    let month = month_of(scan.word(buffer))?;
    scan.eat('.');
    scan.blanks();
    if scan.eat('-') || scan.eat('/') || scan.eat(',') {
        scan.blanks();
    }
    calendar_date(year_of(scan.digits()?)?, month, day)
}

fn short(digits: Digits) -> Option<u32> {
    (digits.count <= 2).then_some(digits.value)
}

fn year_of(digits: Digits) -> Option<u32> {
    match digits.count {
        2 => Some(2000 + digits.value),
        4 => Some(digits.value),
        _ => None,
    }
}

fn calendar_date(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// What stands between a date and its time: `T`, blanks, a comma, `à`.
fn before_time(scan: &mut Scan<'_>, buffer: &mut String) -> bool {
    if scan.eat('T') {
        return true;
    }
    let blanks = scan.blanks();
    let comma = scan.eat(',');
    if !blanks && !comma {
        return false;
    }
    scan.blanks();
    if scan.peek().is_some_and(char::is_alphabetic) {
        if scan.word(buffer) != "a" {
            return false;
        }
        scan.blanks();
    }
    true
}

fn time_text(text: &str) -> Option<NaiveTime> {
    let mut scan = Scan::new(text);
    let seconds = scan_time(&mut scan, &mut String::new())?;
    // Rounded up to midnight: of a time alone, the first second of the day.
    scan.is_done()
        .then(|| time_at(i64::from(seconds) % 86_400))
        .flatten()
}

/// `14:30`, `14:03:22`, `14h`, `14h30`, `14 h 30`: the seconds since midnight.
fn scan_time(scan: &mut Scan<'_>, buffer: &mut String) -> Option<u32> {
    let hour = scan.digits()?;
    if hour.count > 2 || hour.value > 23 {
        return None;
    }
    let start = hour.value * 3_600;
    if scan.eat(':') {
        let minutes = scan.two_digits(60)?;
        let seconds = if scan.eat(':') {
            scan.two_digits(60)? + fraction(scan)?
        } else {
            0
        };
        return Some(start + minutes * 60 + seconds);
    }
    scan.blanks();
    if !matches!(scan.word(buffer), "h" | "heure" | "heures") {
        return None;
    }
    Some(start + minutes_after_h(scan, buffer)? * 60)
}

/// What follows the `h` of `14 h 30`: nothing, or two digits, `min` after them or not.
pub(super) fn minutes_after_h(scan: &mut Scan<'_>, buffer: &mut String) -> Option<u32> {
    scan.blanks();
    if !scan.peek().is_some_and(|c| c.is_ascii_digit()) {
        return Some(0);
    }
    let minutes = scan.two_digits(60)?;
    scan.blanks();
    skip_word(scan, buffer, &["min", "mn", "minutes"]);
    Some(minutes)
}

/// The fraction of a second, rounded: 0 or 1.
fn fraction(scan: &mut Scan<'_>) -> Option<u32> {
    if !scan.eat('.') && !scan.eat(',') {
        return Some(0);
    }
    let up = scan.peek()? >= '5';
    scan.digits()?;
    Some(u32::from(up))
}

/// Skips `Z` or `+01:00`.
fn skip_zone(scan: &mut Scan<'_>) -> Option<()> {
    if scan.eat('Z') {
        return Some(());
    }
    if !scan.eat('+') && !scan.eat('-') {
        return None;
    }
    scan.two_digits(24)?;
    if !scan.eat(':') {
        return None;
    }
    scan.two_digits(60).map(|_| ())
}

/// The seconds of `PT14H30M05S`, as .ods workbooks hold times (ISO 8601 durations without days).
pub fn iso_duration(text: &str) -> Option<i64> {
    let mut scan = Scan::new(text.trim());
    if !scan.eat('P') || !scan.eat('T') || scan.is_done() {
        return None;
    }
    let mut total = 0;
    while !scan.is_done() {
        let digits = scan.digits()?;
        if matches!(scan.peek()?, '.' | ',') {
            total += i64::from(digits.value) + i64::from(fraction(&mut scan)?);
            return (scan.eat('S') && scan.is_done()).then_some(total);
        }
        let unit = [('H', 3_600), ('M', 60), ('S', 1)]
            .into_iter()
            .find(|(letter, _)| scan.eat(*letter));
        total += i64::from(digits.value) * unit?.1;
    }
    Some(total)
}

fn weekday_of(word: &str) -> Option<Weekday> {
    Some(match word {
        "lundi" | "lun" => Weekday::Mon,
        "mardi" | "mar" => Weekday::Tue,
        "mercredi" | "mer" => Weekday::Wed,
        "jeudi" | "jeu" => Weekday::Thu,
        "vendredi" | "ven" => Weekday::Fri,
        "samedi" | "sam" => Weekday::Sat,
        "dimanche" | "dim" => Weekday::Sun,
        _ => return None,
    })
}

fn month_of(word: &str) -> Option<u32> {
    Some(match word {
        "janvier" | "janv" | "jan" => 1,
        "fevrier" | "fevr" | "fev" => 2,
        "mars" | "mar" => 3,
        "avril" | "avr" => 4,
        "mai" => 5,
        "juin" => 6,
        "juillet" | "juil" | "juill" => 7,
        "aout" => 8,
        "septembre" | "sept" | "sep" => 9,
        "octobre" | "oct" => 10,
        "novembre" | "nov" => 11,
        "decembre" | "dec" => 12,
        _ => return None,
    })
}
