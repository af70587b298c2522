//! RDV: the half-days of a support, and the days on which people meet.

mod dated;
mod rdv01_too_long_after_previous;
mod rdv02_nothing_planned_while_hours_remain;
mod rdv03_person_taken_elsewhere;
mod rdv04_support_meets_twice;
mod rdv05_outside_programme;
mod rdv06_past_but_still_planned;
mod rdv07_impossible_hours;
mod rdv08_weekend_or_holiday;
mod rdv09_person_close_to_beneficiary;
mod rdv10_no_speciality_of_plan;

use super::{Check, Rule};

/// The rules of this family, by code.
pub const RULES: &[Rule] = &[
    Rule {
        card: &rdv01_too_long_after_previous::CARD,
        check: Check::Read(rdv01_too_long_after_previous::check),
    },
    Rule {
        card: &rdv02_nothing_planned_while_hours_remain::CARD,
        check: Check::Read(rdv02_nothing_planned_while_hours_remain::check),
    },
    Rule {
        card: &rdv03_person_taken_elsewhere::CARD,
        check: Check::Read(rdv03_person_taken_elsewhere::check),
    },
    Rule {
        card: &rdv04_support_meets_twice::CARD,
        check: Check::Read(rdv04_support_meets_twice::check),
    },
    Rule {
        card: &rdv05_outside_programme::CARD,
        check: Check::Read(rdv05_outside_programme::check),
    },
    Rule {
        card: &rdv06_past_but_still_planned::CARD,
        check: Check::Read(rdv06_past_but_still_planned::check),
    },
    Rule {
        card: &rdv07_impossible_hours::CARD,
        check: Check::Read(rdv07_impossible_hours::check),
    },
    Rule {
        card: &rdv08_weekend_or_holiday::CARD,
        check: Check::Read(rdv08_weekend_or_holiday::check),
    },
    Rule {
        card: &rdv09_person_close_to_beneficiary::CARD,
        check: Check::Read(rdv09_person_close_to_beneficiary::check),
    },
    Rule {
        card: &rdv10_no_speciality_of_plan::CARD,
        check: Check::Read(rdv10_no_speciality_of_plan::check),
    },
];
