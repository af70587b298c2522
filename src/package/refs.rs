//! Cell references in A1 style, 0-based inside (ECMA-376 part 1, 18.18.7 and 18.18.62).

/// Excel's last row and last column, 0-based.
pub(super) const LAST_ROW: u32 = 1_048_575;
pub(super) const LAST_COLUMN: u32 = 16_383;

/// A rectangle of cells, 0-based, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub first_row: u32,
    pub first_column: u32,
    pub last_row: u32,
    pub last_column: u32,
}

impl Area {
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut ends = text.split(|byte| *byte == b':');
        let (row, column) = parse(ends.next()?)?;
        let (last_row, last_column) = match ends.next() {
            Some(end) => parse(end)?,
            None => (row, column),
        };
        if ends.next().is_some() || last_row < row || last_column < column {
            return None;
        }
        Some(Self {
            first_row: row,
            first_column: column,
            last_row,
            last_column,
        })
    }

    pub fn holds(&self, row: u32, column: u32) -> bool {
        (self.first_row..=self.last_row).contains(&row)
            && (self.first_column..=self.last_column).contains(&column)
    }

    pub fn meets(&self, other: &Self) -> bool {
        self.first_row <= other.last_row
            && other.first_row <= self.last_row
            && self.first_column <= other.last_column
            && other.first_column <= self.last_column
    }

    pub fn is_one_cell(&self) -> bool {
        self.first_row == self.last_row && self.first_column == self.last_column
    }
}

impl std::fmt::Display for Area {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&name(self.first_row, self.first_column))?;
        if self.is_one_cell() {
            return Ok(());
        }
        write!(out, ":{}", name(self.last_row, self.last_column))
    }
}

/// Reads `B12` as row 11, column 1; nothing outside the sheet, no `$`.
pub(super) fn parse(text: &[u8]) -> Option<(u32, u32)> {
    let mut column = 0u32;
    let mut letters = 0;
    for byte in text.iter().take(4) {
        let letter = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a',
            _ => break,
        };
        column = column * 26 + u32::from(letter) + 1;
        letters += 1;
    }
    let row = parse_number(text.get(letters..)?)?.checked_sub(1)?;
    let column = column.checked_sub(1)?;
    (row <= LAST_ROW && column <= LAST_COLUMN).then_some((row, column))
}

/// Plain decimal digits, at most nine of them.
pub(super) fn parse_number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    let mut number = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u32::from(digit - b'0');
    }
    Some(number)
}

/// `A1` style.
pub(super) fn name(row: u32, column: u32) -> String {
    let mut out = Vec::with_capacity(10);
    push(&mut out, row, column);
    out.into_iter().map(char::from).collect()
}

/// Appends `A1` style, without allocating.
pub(super) fn push(out: &mut Vec<u8>, row: u32, column: u32) {
    push_letters(out, column);
    push_number(out, row + 1);
}

fn push_letters(out: &mut Vec<u8>, column: u32) {
    if column >= 26 {
        push_letters(out, column / 26 - 1);
    }
    out.push(b'A' + u8::try_from(column % 26).unwrap_or(0));
}

/// Appends decimal digits.
pub(super) fn push_number(out: &mut Vec<u8>, number: u32) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.push(b'0' + u8::try_from(number % 10).unwrap_or(0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_the_corners() {
        for (text, place) in [
            ("A1", (0, 0)),
            ("Z9", (8, 25)),
            ("AA10", (9, 26)),
            ("XFD1048576", (LAST_ROW, LAST_COLUMN)),
        ] {
            assert_eq!(parse(text.as_bytes()), Some(place));
            assert_eq!(name(place.0, place.1), text);
        }
    }

    #[test]
    fn refuses_what_is_off_the_sheet() {
        for text in [
            "XFE1", "A1048577", "A0", "1", "A", "", "$A$1", "A1x", "AAAA1",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn areas_meet_and_hold() {
        let area = Area::parse(b"B2:D4").unwrap();
        assert!(area.holds(1, 1) && area.holds(3, 3) && !area.holds(4, 3));
        assert!(area.meets(&Area::parse(b"D4").unwrap()));
        assert!(!area.meets(&Area::parse(b"E1:E9").unwrap()));
        assert_eq!(area.to_string(), "B2:D4");
        assert_eq!(Area::parse(b"D4:B2"), None);
    }
}
