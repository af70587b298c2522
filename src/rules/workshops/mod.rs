//! ATE: the group workshops.

mod ate01_impossible_places;
mod ate02_too_few_scheduled;
mod ate03_not_scheduled;
mod ate04_more_confirmed_than_places;
mod ate05_two_on_one_half_day;

use super::{Check, Rule};

/// The rules of this family, by code.
pub const RULES: &[Rule] = &[
    Rule {
        card: &ate01_impossible_places::CARD,
        check: Check::Read(ate01_impossible_places::check),
    },
    Rule {
        card: &ate02_too_few_scheduled::CARD,
        check: Check::Read(ate02_too_few_scheduled::check),
    },
    Rule {
        card: &ate03_not_scheduled::CARD,
        check: Check::Read(ate03_not_scheduled::check),
    },
    Rule {
        card: &ate04_more_confirmed_than_places::CARD,
        check: Check::Decided(ate04_more_confirmed_than_places::check),
    },
    Rule {
        card: &ate05_two_on_one_half_day::CARD,
        check: Check::Read(ate05_two_on_one_half_day::check),
    },
];
