//! EVA: what a support brought, as the beneficiary says.

mod eva01_missing_evaluation;
mod eva02_mark_out_of_range;

use super::{Check, Rule};

/// The rules of this family, by code.
pub const RULES: &[Rule] = &[
    Rule {
        card: &eva01_missing_evaluation::CARD,
        check: Check::Read(eva01_missing_evaluation::check),
    },
    Rule {
        card: &eva02_mark_out_of_range::CARD,
        check: Check::Read(eva02_mark_out_of_range::check),
    },
];
