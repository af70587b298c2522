//! Where things stand in the coordinator's workbooks.

use super::role::Role;

/// One of the sheets that were read; an index into [`super::Season::sheets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SheetId(pub u16);

/// A row of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The sheet.
    pub sheet: SheetId,
    /// The row as Excel counts, from 1.
    pub row: u32,
}

/// One row of a role, whichever of its sheets it lies in: an index into the role's table, which is
/// in the order of file name, then sheet, then row (programme.md §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowRef {
    /// The role.
    pub role: Role,
    /// The position in the role's table.
    pub index: u32,
}

/// A column as Excel names it: 0 is `A`, 25 `Z`, 26 `AA`.
pub fn column_letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    loop {
        let digit = u8::try_from(column % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::column_letters;

    #[test]
    fn columns_are_named_as_excel_names_them() {
        for (column, letters) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16383, "XFD"),
        ] {
            assert_eq!(column_letters(column), letters);
        }
    }
}
