//! PER: the resource persons.

mod per01_too_few;
mod per02_more_hours_than_available;

use super::{Check, Rule};

/// The rules of this family, by code.
pub const RULES: &[Rule] = &[
    Rule {
        card: &per01_too_few::CARD,
        check: Check::Read(per01_too_few::check),
    },
    Rule {
        card: &per02_more_hours_than_available::CARD,
        check: Check::Read(per02_more_hours_than_available::check),
    },
];
