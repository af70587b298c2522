//! INS: who comes to which workshop. All of them read the decisions: seats and fees.

mod examined;
mod ins01_waiting;
mod ins02_registered_twice;
mod ins03_fee_not_paid;
mod ins04_registered_after_workshop;
mod ins05_workshop_cancelled;
mod ins06_structure_without_membership;
mod ins07_seat_came_free;
mod ins08_paid_too_much;

use super::{Check, Rule};

/// The rules of this family, by code.
pub const RULES: &[Rule] = &[
    Rule {
        card: &ins01_waiting::CARD,
        check: Check::Decided(ins01_waiting::check),
    },
    Rule {
        card: &ins02_registered_twice::CARD,
        check: Check::Decided(ins02_registered_twice::check),
    },
    Rule {
        card: &ins03_fee_not_paid::CARD,
        check: Check::Decided(ins03_fee_not_paid::check),
    },
    Rule {
        card: &ins04_registered_after_workshop::CARD,
        check: Check::Decided(ins04_registered_after_workshop::check),
    },
    Rule {
        card: &ins05_workshop_cancelled::CARD,
        check: Check::Decided(ins05_workshop_cancelled::check),
    },
    Rule {
        card: &ins06_structure_without_membership::CARD,
        check: Check::Decided(ins06_structure_without_membership::check),
    },
    Rule {
        card: &ins07_seat_came_free::CARD,
        check: Check::Decided(ins07_seat_came_free::check),
    },
    Rule {
        card: &ins08_paid_too_much::CARD,
        check: Check::Decided(ins08_paid_too_much::check),
    },
];
