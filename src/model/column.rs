//! The columns of a sheet, as programme.md §3 names them.

/// One of a role's columns: its position in the role's table of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Column(pub u8);

/// Whether a column, and a value in it, must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The column may be missing.
    Optional,
    /// The column must exist; its cells may be empty.
    Column,
    /// The column must exist and its cells must not be empty (DON01).
    Cell,
}

/// What a cell of the column holds: how a starter workbook formats it and what it offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Free text.
    Text,
    /// The name of a person, of a structure, or a reference.
    Name,
    /// Several names.
    Names,
    /// An e-mail address.
    Email,
    /// A day.
    Date,
    /// A day and a time.
    DateTime,
    /// A time of day.
    Time,
    /// An amount in euros.
    Euros,
    /// A number of hours.
    Hours,
    /// A mark from 0 to 5, or from 1 to 5.
    Mark,
    /// A whole number.
    Count,
    /// Yes or no.
    YesNo,
    /// One of the words.
    Choice(&'static [&'static str]),
    /// One of the programme's axes.
    Axis,
    /// Several of the programme's axes.
    Axes,
    /// One of the legal forms of the settings.
    LegalForm,
    /// Several of the cultural domains of the settings.
    Domains,
}

/// A column of a role.
#[derive(Debug, Clone, Copy)]
pub struct ColumnSpec {
    /// The French header.
    pub header: &'static str,
    /// Whether it must be there.
    pub need: Need,
    /// Part of the row's key.
    pub key: bool,
    /// What it holds.
    pub kind: Kind,
    /// One French sentence for the coordinator: what to type here.
    pub help: &'static str,
}

/// The column of that name among a role's columns: at compile time, so that the constants and the
/// table can't drift apart.
pub(super) const fn named(names: &[&str], wanted: &str) -> Column {
    let mut index = 0;
    let mut rest = names;
    while let [name, others @ ..] = rest {
        if same(name.as_bytes(), wanted.as_bytes()) {
            break;
        }
        index += 1;
        rest = others;
    }
    Column(index)
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let (mut a, mut b) = (a, b);
    while let ([first, rest @ ..], [other, others @ ..]) = (a, b) {
        if *first != *other {
            return false;
        }
        a = rest;
        b = others;
    }
    a.is_empty() && b.is_empty()
}

/// Names a role's columns once: a constant for each, and the table they are positions in.
macro_rules! columns {
    ($($name:ident: $header:literal, $need:ident $(($key:ident))?, $kind:expr, $help:literal;)+) => {
        const NAMES: &[&str] = &[$(stringify!($name)),+];
        $(
            #[doc = concat!("« ", $header, " ».")]
            pub const $name: $crate::model::column::Column = $crate::model::column::named(NAMES, stringify!($name));
        )+
        /// The columns, in the order in which a starter workbook shows them.
        pub const COLUMNS: &[$crate::model::column::ColumnSpec] = &[
            $($crate::model::column::ColumnSpec {
                header: $header,
                need: $crate::model::column::Need::$need,
                key: columns!(@key $($key)?),
                kind: $kind,
                help: $help,
            }),+
        ];
    };
    (@key) => { false };
    (@key key) => { true };
}
pub(super) use columns;

#[cfg(test)]
mod tests {
    use crate::model::season::columns_of;
    use crate::model::{Role, member, registration};

    #[test]
    fn constants_and_tables_agree() {
        let header = |role, column: super::Column| columns_of(role)[usize::from(column.0)].header;
        assert_eq!(header(Role::Members, member::STRUCTURE), "Structure");
        assert_eq!(
            header(Role::Members, member::VALID_UNTIL),
            "Valable jusqu'au"
        );
        assert_eq!(
            header(Role::Registrations, registration::DO_NOT_WRITE),
            "Ne pas écrire"
        );
    }
}
