//! `[levels]`: the severity of a check, where the programme wants another than its own.

use std::collections::BTreeMap;

use super::kinds::{Choice, Keys, MapOf};

/// The code of every check, in the order of `programme.md` §4.
pub const CHECK_CODES: &[&str] = &[
    "DON01", "DON02", "DON03", "DON04", "DON05", "DON06", "DON07", //
    "ELI01", "ELI02", "ELI03", "ELI04", "ELI05", "ELI06", "ELI07", "ELI08", "ELI09", //
    "CAN01", "CAN02", "CAN03", "CAN04", "CAN05", "CAN06", "CAN07", //
    "ACC01", "ACC02", "ACC03", "ACC04", "ACC05", "ACC06", "ACC07", "ACC08", "ACC09",
    "ACC10", //
    "RDV01", "RDV02", "RDV03", "RDV04", "RDV05", "RDV06", "RDV07", "RDV08", "RDV09",
    "RDV10", //
    "ATE01", "ATE02", "ATE03", "ATE04", "ATE05", //
    "INS01", "INS02", "INS03", "INS04", "INS05", "INS06", "INS07", "INS08", //
    "PER01", "PER02", //
    "EVA01", "EVA02",
];

/// `[levels]`: by code, only those that the file names. Keys are among [`CHECK_CODES`].
pub type Levels = BTreeMap<String, Level>;

/// The severity of a check, or that it isn't made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// `blocking`: Bloquant.
    Blocking,
    /// `warning`: À vérifier.
    Warning,
    /// `info`: Information.
    Info,
    /// `off`: the check is left out.
    Off,
}

/// How [`Levels`] are read.
pub(super) const LEVELS: MapOf<Choice<Level>> = MapOf {
    keys: Keys::Known {
        keys: CHECK_CODES,
        what: "the code of a check (three letters and two digits, such as RDV01)",
    },
    of: Choice(&[
        ("blocking", Level::Blocking),
        ("warning", Level::Warning),
        ("info", Level::Info),
        ("off", Level::Off),
    ]),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_three_letters_and_two_digits_each_once() {
        for code in CHECK_CODES {
            let (family, number) = code.split_at(3);
            assert!(family.chars().all(|c| c.is_ascii_uppercase()), "{code}");
            assert!(number.len() == 2 && number.parse::<u8>().is_ok(), "{code}");
        }
        let distinct: std::collections::BTreeSet<_> = CHECK_CODES.iter().collect();
        assert_eq!(distinct.len(), CHECK_CODES.len());
    }
}
