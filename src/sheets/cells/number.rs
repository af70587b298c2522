//! Numbers, amounts and hours, as Excel holds them and as people type them.

use super::date::{iso_duration, minutes_after_h};
use super::scan::Scan;
use super::serial::seconds_to_hours;
use super::{BadCell, Content, Raw, serial};

/// A number: `3,5`, `3.5`, `1 200,50`, `18 €`. Its range is the caller's matter.
///
/// # Errors
/// Whatever is none: a date, a boolean, `1e3`, `12 34`.
pub fn number(raw: Raw<'_>) -> Result<Option<f64>, BadCell> {
    raw.read_with(|content| match content {
        Content::Number(number) => number.is_finite().then_some(number),
        Content::Text(text) => amount(&text),
        Content::Bool(_) | Content::Date(..) | Content::Iso(_) => None,
    })
}

/// A number of hours: a number, `3h30`, `3 h 30`, `3:30`, `3 heures`, an Excel time or duration.
///
/// # Errors
/// Whatever is none: a date, minutes from 60 on.
pub fn hours(raw: Raw<'_>) -> Result<Option<f64>, BadCell> {
    raw.read_with(|content| match content {
        Content::Number(number) => number.is_finite().then_some(number),
        Content::Text(text) => clock_hours(&text)
            .or_else(|| decimal_hours(&text))
            .or_else(|| amount(&text)),
        Content::Date(serial, kind) => serial::hours(serial, kind),
        Content::Iso(text) => iso_duration(text).map(seconds_to_hours),
        Content::Bool(_) => None,
    })
}

/// The longest number of whole hours that a text may name.
const HOUR_DIGITS: usize = 4;

/// `3h`, `3h30`, `3 h 30`, `3 heures 30`, `3:30`.
fn clock_hours(text: &str) -> Option<f64> {
    let mut scan = Scan::new(text);
    let mut buffer = String::new();
    let whole = scan.digits()?;
    if whole.count > HOUR_DIGITS {
        return None;
    }
    let rest = if scan.eat(':') {
        let minutes = scan.two_digits(60)?;
        let seconds = if scan.eat(':') {
            scan.two_digits(60)?
        } else {
            0
        };
        minutes * 60 + seconds
    } else {
        scan.blanks();
        if !is_hour(scan.word(&mut buffer)) {
            return None;
        }
        minutes_after_h(&mut scan, &mut buffer)? * 60
    };
    let seconds = whole.value * 3_600 + rest;
    scan.is_done().then(|| seconds_to_hours(seconds.into()))
}

fn is_hour(word: &str) -> bool {
    matches!(word, "h" | "heure" | "heures")
}

/// `3,5 h`, `3.5 heures`.
fn decimal_hours(text: &str) -> Option<f64> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(number.len()..)?;
    let known = ["h", "heure", "heures"]
        .iter()
        .any(|known| unit.eq_ignore_ascii_case(known));
    if known {
        plain_number(number.trim_end())
    } else {
        None
    }
}

/// A number, with or without the sign or name of the euro.
fn amount(text: &str) -> Option<f64> {
    plain_number(without_euro(text))
}

fn without_euro(text: &str) -> &str {
    const NAMES: [&str; 4] = ["€", "euros", "euro", "eur"];
    for name in NAMES {
        let start = text.len().checked_sub(name.len());
        if let Some((number, end)) = start.and_then(|start| text.split_at_checked(start))
            && is_named(end, name)
        {
            return number.trim_end();
        }
        if let Some((start, number)) = text.split_at_checked(name.len())
            && is_named(start, name)
        {
            return number.trim_start();
        }
    }
    text
}

fn is_named(text: &str, name: &str) -> bool {
    text.eq_ignore_ascii_case(name)
}

/// `-1 200,50`: a sign, groups of three, one decimal sign.
fn plain_number(text: &str) -> Option<f64> {
    let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').map_or(text, str::trim_start)),
    };
    let (whole, decimals) = split_decimals(digits)?;
    if whole.is_empty() && decimals.is_empty() {
        return None;
    }
    let value = value_of(whole, decimals)?;
    Some(if negative { -value } else { value })
}

/// What stands before and after the decimal sign. Of both signs the last is the decimal one, and
/// stands once; a sign that is repeated parts thousands.
fn split_decimals(digits: &str) -> Option<(&str, &str)> {
    let Some(last) = digits.rfind(['.', ',']) else {
        return Some((digits, ""));
    };
    let (whole, rest) = digits.split_at_checked(last)?;
    let sign = rest.chars().next()?;
    if !whole.contains(sign) {
        let decimals = rest.strip_prefix(sign)?;
        return (!decimals.is_empty()).then_some((whole, decimals));
    }
    // The other sign among the repeated ones is refused with the groups.
    Some((digits, ""))
}

/// Every whole number up to here is exact in a `f64`.
const EXACT_DIGITS: usize = 15;

fn value_of(whole: &str, decimals: &str) -> Option<f64> {
    if !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let plain = whole.bytes().all(|b| b.is_ascii_digit());
    if !plain && !are_thousands(whole) {
        return None;
    }
    let digits = || {
        let both = whole.bytes().chain(decimals.bytes());
        both.filter(u8::is_ascii_digit)
    };
    if digits().count() <= EXACT_DIGITS {
        let all = digits().fold(0_u64, |n, b| n * 10 + u64::from(b - b'0'));
        // Both exact, so that the quotient is the nearest number to what was typed.
        #[expect(clippy::cast_precision_loss, reason = "at most 15 digits")]
        return Some(all as f64 / power_of_ten(decimals.len()));
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    format!("0{whole}.{decimals}0").parse().ok()
}

fn power_of_ten(exponent: usize) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// Groups of three digits after a first one of one to three, all parted by one and the same sign
/// (blanks of any kind are one).
fn are_thousands(whole: &str) -> bool {
    let parting = |c: char| !c.is_ascii_digit();
    let mut signs = whole
        .chars()
        .filter(|c| parting(*c))
        .map(|c| if c.is_whitespace() { ' ' } else { c });
    let Some(first) = signs.next() else {
        return false;
    };
    if !matches!(first, ' ' | '.' | ',') || signs.any(|sign| sign != first) {
        return false;
    }
    let mut groups = whole.split(parting);
    let leading = groups.next().map_or(0, str::len);
    (1..=3).contains(&leading) && groups.all(|group| group.len() == 3)
}
