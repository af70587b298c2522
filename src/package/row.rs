//! One `<row>` start tag.

use std::ops::Range;

use super::cell;
use super::refs;
use super::xml::{self, Fault};

/// The outer columns of a row's `spans`, 1-based, with their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spans {
    pub first: u32,
    pub last: u32,
    pub first_at: Range<u64>,
    pub last_at: Range<u64>,
}

/// A row's attributes (ECMA-376 part 1, 18.3.1.73).
pub(super) struct RowTag {
    /// Its number, 0-based, when it says so.
    pub number: Option<u32>,
    pub spans: Option<Spans>,
    /// There are more than these.
    pub others: bool,
}

/// Reads a start tag that stands at `at`.
pub(super) fn row_tag(tag: &[u8], at: u64, prefix: &[u8]) -> Result<RowTag, Fault> {
    let mut row = RowTag {
        number: None,
        spans: None,
        others: false,
    };
    for attribute in xml::attributes(tag) {
        let attribute = attribute?;
        match attribute.name {
            b"r" if row.number.is_some() => return Err(Fault("an attribute that is there twice")),
            b"r" => {
                let number = refs::parse_number(attribute.value).and_then(|n| n.checked_sub(1));
                row.number = Some(number.ok_or(Fault("a row number off the sheet"))?);
            }
            b"spans" => row.spans = spans(attribute.value, at + attribute.range.start as u64),
            name => {
                cell::refuse_rebinding(name, attribute.value, prefix)?;
                row.others = true;
            }
        }
    }
    Ok(row)
}

/// `1:3` or `1:3 5:9`; `None` for what is neither, as spans are a hint that nobody needs (18.3.1.73).
fn spans(value: &[u8], at: u64) -> Option<Spans> {
    let first_end = value.iter().position(|byte| *byte == b':')?;
    let last_start = value.iter().rposition(|byte| *byte == b':')? + 1;
    Some(Spans {
        first: refs::parse_number(value.get(..first_end)?)?,
        last: refs::parse_number(value.get(last_start..)?)?,
        first_at: at..at + first_end as u64,
        last_at: at + last_start as u64..at + value.len() as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_spans_and_the_rest() {
        let row = row_tag(b"<row r='3' spans='2:4 7:12'>", 100, b"").unwrap();
        assert_eq!((row.number, row.others), (Some(2), false));
        let spans = row.spans.unwrap();
        assert_eq!((spans.first, spans.last), (2, 12));
        assert_eq!((spans.first_at, spans.last_at), (118..119, 124..126));
        let row = row_tag(b"<row spans='x' hidden='1'/>", 0, b"").unwrap();
        assert!(row.number.is_none() && row.spans.is_none() && row.others);
        assert!(row_tag(b"<row r='0'>", 0, b"").is_err());
    }
}
