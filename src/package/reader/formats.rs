//! Which cells are dates: what a number's format makes of it (ECMA-376 part 1, 18.8.30 and 18.8.31).

use std::collections::BTreeMap;

use crate::package::container::Container;
use crate::package::opc;
use crate::package::outline::Element;
use crate::package::refs;
use crate::package::refusal::Refusal;

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum NumberKind {
    #[default]
    Plain,
    /// A date, a time of day, or both.
    Date,
    /// Elapsed time: `[h]:mm`.
    Duration,
}

/// The kinds of the cell formats, by their index.
#[derive(Debug, Default)]
pub(super) struct Formats(Vec<NumberKind>);

impl Formats {
    pub fn read(container: &Container<'_>, entry: usize) -> Result<Self, Refusal> {
        let data = container.read(entry)?;
        let parsed = opc::outline(&container.name(entry), &data)?;
        let root = parsed.root();
        let custom: BTreeMap<u32, NumberKind> = children(root, "numFmts")
            .filter_map(|format| {
                let code = format.attribute("formatCode")?;
                Some((number(&format)?, kind_of_code(&code)))
            })
            .collect();
        let kinds = children(root, "cellXfs").map(|format| {
            let id = number(&format).unwrap_or(0);
            let known = custom.get(&id).copied();
            known.unwrap_or_else(|| kind_of_id(id))
        });
        Ok(Self(kinds.collect()))
    }

    /// The kind of a cell's number; a cell without a format has the first (18.3.1.4).
    pub fn of(&self, style: Option<u32>) -> NumberKind {
        let kind = self.0.get(style.unwrap_or(0) as usize);
        kind.copied().unwrap_or_default()
    }
}

fn children<'o, 'a: 'o>(
    root: Element<'o, 'a>,
    list: &str,
) -> impl Iterator<Item = Element<'o, 'a>> + use<'o, 'a> {
    root.child(list).into_iter().flat_map(Element::children)
}

fn number(format: &Element<'_, '_>) -> Option<u32> {
    refs::parse_number(format.raw("numFmtId")?)
}

/// The formats that every workbook has. 27 to 36 and 50 to 58 are East Asian dates.
fn kind_of_id(id: u32) -> NumberKind {
    match id {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => NumberKind::Date,
        46 => NumberKind::Duration,
        _ => NumberKind::Plain,
    }
}

/// The first section of a format code decides: letters of days and hours outside quotes, escapes and
/// brackets make a date; `[h]`, `[mm]`, `[s]` before them elapsed time.
fn kind_of_code(code: &str) -> NumberKind {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => return NumberKind::Plain,
            '"' => {
                letters.by_ref().find(|letter| *letter == '"');
            }
            // An escaped letter, a blank of its width, a letter that fills.
            '\\' | '_' | '*' => {
                letters.next();
            }
            '[' => {
                let inside: String = letters
                    .by_ref()
                    .take_while(|letter| *letter != ']')
                    .collect();
                if is_elapsed(&inside) {
                    return NumberKind::Duration;
                }
            }
            'd' | 'D' | 'h' | 'H' | 'm' | 'M' | 's' | 'S' | 'y' | 'Y' => return NumberKind::Date,
            // « Standard » in the workbooks of other languages is still General.
            'G' if code.starts_with("General") => return NumberKind::Plain,
            _ => {}
        }
    }
    NumberKind::Plain
}

fn is_elapsed(inside: &str) -> bool {
    let mut letters = inside.chars().map(|letter| letter.to_ascii_lowercase());
    let Some(first @ ('h' | 'm' | 's')) = letters.next() else {
        return false;
    };
    letters.all(|letter| letter == first)
}

#[cfg(test)]
mod tests {
    use super::{NumberKind, kind_of_code, kind_of_id};

    #[test]
    fn dates_durations_and_numbers_by_their_code() {
        let cases = [
            (
                NumberKind::Date,
                "dd/mm/yyyy|hh:mm|[$-40C]d mmmm yyyy|m\"M\"d\"D\";@|AM/PM|[Red]yyyy|mm:ss.0|d\\ [h]",
            ),
            (
                NumberKind::Duration,
                "[h]:mm|[HH]:MM:SS|[ss]|[m]|[Red][h]:mm",
            ),
            (
                NumberKind::Plain,
                "General|0.00|#,##0 \"heures\"|\\d0|_d0|*y0|@|0.0;hh|[$€-40C] 0|[>100]0|\"sans fin d|#,##0\\ \"€\"|[hm]0|",
            ),
        ];
        for (kind, codes) in cases {
            for code in codes.split('|') {
                assert_eq!(kind_of_code(code), kind, "{code}");
            }
        }
        assert_eq!(kind_of_id(14), NumberKind::Date);
        assert_eq!(kind_of_id(46), NumberKind::Duration);
        assert_eq!(kind_of_id(44), NumberKind::Plain);
    }
}
