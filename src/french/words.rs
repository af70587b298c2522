//! The small words of French messages: quotes, lists, amounts, hours, headers.
//!
//! Messages are written with plain spaces; [`crate::french::typographic`] makes them unbreakable
//! where typography asks for it, once, when a message reaches the sink.

use crate::model::column::Column;
use crate::model::{RowRef, Season};

/// « texte »
pub fn quoted(text: &str) -> String {
    format!("« {text} »")
}

/// « un », « deux » ou « trois »
pub fn one_of<T: AsRef<str>>(texts: &[T]) -> String {
    joined(texts, "ou")
}

/// « un », « deux » et « trois »
pub fn all_of<T: AsRef<str>>(texts: &[T]) -> String {
    joined(texts, "et")
}

fn joined<T: AsRef<str>>(texts: &[T], last_word: &str) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text.as_ref())).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} {last_word} {last}", others.join(", ")),
    }
}

/// A sentence that proposes near names, or one that says what to do where none is near.
pub fn proposal(near: &[String], otherwise: &str) -> String {
    if near.is_empty() {
        otherwise.to_owned()
    } else {
        format!("Vouliez-vous dire {} ?", one_of(near))
    }
}

/// A number as French writes it, without needless zeros: `3,5`, `14`.
pub fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    // Rounding leaves "-0" for a tiny negative sum.
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    rounded.to_string().replace('.', ",")
}

/// Hours: `3,5 h`.
pub fn hours(value: f64) -> String {
    format!("{} h", number(value))
}

/// Euros: `18 €`, `17,50 €`, `1 234,50 €`.
pub fn euros(value: f64) -> String {
    let cents = (value * 100.0).round() / 100.0;
    let digits = if cents.fract() == 0.0 {
        format!("{cents:.0}")
    } else {
        format!("{cents:.2}")
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let comma = if fraction.is_empty() { "" } else { "," };
    format!("{}{comma}{fraction} €", in_thousands(whole))
}

/// Digits in groups of three, with the narrow no-break space of French.
fn in_thousands(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        let left = digits.len() - place;
        if left.is_multiple_of(3) && grouped.ends_with(|before: char| before.is_ascii_digit()) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

/// The text with a capital at its beginning.
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    first.map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// `1 place`, `2 places`; French counts zero in the singular.
pub fn count(number: usize, singular: &str, plural: &str) -> String {
    let word = if number < 2 { singular } else { plural };
    format!("{number} {word}")
}

/// Where a row stands, for a message on another row: `ligne 5 de « Adhérents »`.
pub fn line_of(season: &Season, row: RowRef) -> String {
    let Some(place) = season.place(row) else {
        return String::new();
    };
    let sheet = season
        .sheet(place.sheet)
        .map_or(row.role.french(), |sheet| &*sheet.name);
    format!("ligne {} de {}", place.row, quoted(sheet))
}

/// The header under which the coordinator knows a column of this row, in quotes; ours where her
/// sheet lacks it.
pub fn header(season: &Season, row: RowRef, column: Column) -> String {
    let theirs = season
        .place(row)
        .and_then(|place| season.header(place.sheet, column))
        .map(|header| &*header.text);
    let ours = || {
        crate::model::season::columns_of(row.role)
            .get(usize::from(column.0))
            .map_or("", |spec| spec.header)
    };
    quoted(theirs.unwrap_or_else(ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_french_writes_them() {
        assert_eq!(number(3.5), "3,5");
        assert_eq!(number(14.0), "14");
        assert_eq!(number(0.1 + 0.2), "0,3");
        assert_eq!(number(-1e-12), "0");
        assert_eq!(euros(17.5), "17,50 €");
        assert_eq!(euros(1_234.5), "1\u{202f}234,50 €");
        assert_eq!(euros(12_000.0), "12\u{202f}000 €");
        assert_eq!(euros(18.0), "18 €");
    }

    #[test]
    fn lists_end_with_their_word() {
        assert_eq!(one_of(&["a"]), "« a »");
        assert_eq!(one_of(&["a", "b", "c"]), "« a », « b » ou « c »");
    }
}
