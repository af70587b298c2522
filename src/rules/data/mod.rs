//! DON: what a cell or a row has wrong by itself.

mod don01_required_cell_empty;
mod don02_unreadable_value;
mod don03_invalid_email;
mod don04_repeated_row;
mod don05_unknown_reference;
mod don06_error_value;
mod don07_registration_number_fails_check;

use super::{Check, Rule};

/// The rules of this family, by code.
pub const RULES: &[Rule] = &[
    Rule {
        card: &don01_required_cell_empty::CARD,
        check: Check::Read(don01_required_cell_empty::check),
    },
    Rule {
        card: &don02_unreadable_value::CARD,
        check: Check::Read(don02_unreadable_value::check),
    },
    Rule {
        card: &don03_invalid_email::CARD,
        check: Check::Read(don03_invalid_email::check),
    },
    Rule {
        card: &don04_repeated_row::CARD,
        check: Check::Read(don04_repeated_row::check),
    },
    Rule {
        card: &don05_unknown_reference::CARD,
        check: Check::Read(don05_unknown_reference::check),
    },
    Rule {
        card: &don06_error_value::CARD,
        check: Check::Read(don06_error_value::check),
    },
    Rule {
        card: &don07_registration_number_fails_check::CARD,
        check: Check::Read(don07_registration_number_fails_check::check),
    },
];
