//! Texts, yes or no, lists and e-mail addresses.

use std::borrow::Cow;

use super::clean::is_break;
use super::scan::Scan;
use super::{BadCell, Content, Raw, clean_line, clean_text, serial};
use crate::model::email::is_valid;

/// A text on one line. A number is its shortest text, a boolean `vrai` or `faux`, a date its ISO
/// form.
///
/// # Errors
/// An error value, or a formula that was never calculated.
pub fn text(raw: Raw<'_>) -> Result<Option<Cow<'_, str>>, BadCell> {
    raw.read_with(|content| Some(as_text(content)))
}

/// A text that keeps its line breaks.
///
/// # Errors
/// Like [`text`].
pub fn long_text(raw: Raw<'_>) -> Result<Option<Cow<'_, str>>, BadCell> {
    let line = text(raw)?;
    Ok(match raw {
        Raw::Text(text) if line.is_some() => Some(clean_text(text)),
        _ => line,
    })
}

fn as_text(content: Content<'_>) -> Cow<'_, str> {
    match content {
        Content::Text(text) => text,
        Content::Number(number) => Cow::Owned(shortest(number)),
        Content::Bool(value) => Cow::Borrowed(french_bool(value)),
        Content::Date(serial, kind) => Cow::Owned(serial::iso(serial, kind)),
        Content::Iso(text) => clean_line(text),
    }
}

pub(super) fn french_bool(value: bool) -> &'static str {
    if value { "vrai" } else { "faux" }
}

/// The shortest text of a number, rounded to fifteen digits as Excel shows it: `7`, `3.5`, `0.3` for
/// what a formula left as 0.30000000000000004.
#[must_use]
pub fn shortest(number: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::float_cmp,
        reason = "a whole number below 2^53 is exact as i64: that is what is asked"
    )]
    if number.abs() < 9e15 && number.trunc() == number {
        return (number as i64).to_string();
    }
    let plain = number.to_string();
    // Sign, point and leading zero aside, no more than fifteen digits: nothing to round.
    if plain.len() <= 16 && number.abs() >= 1e-9 {
        return plain;
    }
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    // Neither hundreds of zeros nor a fraction of hundreds of digits.
    if (1e-9..1e21).contains(&rounded.abs()) {
        rounded.to_string()
    } else {
        format!("{rounded:E}")
    }
}

/// A yes or no; an empty cell is none, which the caller takes for no.
///
/// # Errors
/// Whatever is neither.
pub fn yes_no(raw: Raw<'_>) -> Result<Option<bool>, BadCell> {
    raw.read_with(|content| match content {
        Content::Bool(value) => Some(value),
        Content::Number(1.0) => Some(true),
        Content::Number(0.0) => Some(false),
        Content::Text(text) => yes_no_text(&text),
        Content::Number(_) | Content::Date(..) | Content::Iso(_) => None,
    })
}

fn yes_no_text(text: &str) -> Option<bool> {
    // `Oui !` and `non.` say no less.
    let said = text.trim_end_matches(|c: char| matches!(c, '.' | '!') || c.is_whitespace());
    match said {
        "oui" | "Oui" | "1" => return Some(true),
        "non" | "Non" | "0" => return Some(false),
        _ => {}
    }
    let mut scan = Scan::new(said);
    let mut buffer = String::new();
    let value = match scan.word(&mut buffer) {
        "oui" | "o" | "x" | "vrai" | "true" | "yes" => true,
        "non" | "n" | "faux" | "false" | "no" => false,
        _ => return None,
    };
    scan.is_done().then_some(value)
}

/// Several texts parted by `;`, `,` or line breaks, each on one line, empty ones left out; none when
/// nothing is left.
///
/// # Errors
/// Like [`text`].
pub fn list(raw: Raw<'_>) -> Result<Option<Vec<Cow<'_, str>>>, BadCell> {
    let Raw::Text(whole) = raw else {
        return Ok(text(raw)?.map(|only| vec![only]));
    };
    let items: Vec<Cow<'_, str>> = whole
        .split(|c: char| matches!(c, ';' | ',') || is_break(c))
        .map(clean_line)
        .filter(|item| !item.is_empty())
        .collect();
    Ok(if items.is_empty() { None } else { Some(items) })
}

/// One e-mail address as it was typed, without the blanks around it.
///
/// # Errors
/// Whatever isn't one valid address and nothing else (DON03).
pub fn email(raw: Raw<'_>) -> Result<Option<Cow<'_, str>>, BadCell> {
    raw.read_with(|content| match content {
        Content::Text(text) => is_valid(&text).then_some(text),
        _ => None,
    })
}
