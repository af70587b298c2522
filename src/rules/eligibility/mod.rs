//! ELI: whether a structure may take part: where it is, what it does, what it has paid.

mod active_members;
mod eli01_no_registration_number;
mod eli02_outside_the_area;
mod eli03_no_cultural_domain;
mod eli04_no_active_membership;
mod eli05_person_without_active_membership;
mod eli06_membership_lapsed;
mod eli07_fee_too_low;
mod eli08_structure_not_a_member;
mod eli09_member_row_incomplete;

use super::{Check, Rule};

/// The rules of this family, by code.
pub const RULES: &[Rule] = &[
    Rule {
        card: &eli01_no_registration_number::CARD,
        check: Check::Read(eli01_no_registration_number::check),
    },
    Rule {
        card: &eli02_outside_the_area::CARD,
        check: Check::Read(eli02_outside_the_area::check),
    },
    Rule {
        card: &eli03_no_cultural_domain::CARD,
        check: Check::Read(eli03_no_cultural_domain::check),
    },
    Rule {
        card: &eli04_no_active_membership::CARD,
        check: Check::Read(eli04_no_active_membership::check),
    },
    Rule {
        card: &eli05_person_without_active_membership::CARD,
        check: Check::Read(eli05_person_without_active_membership::check),
    },
    Rule {
        card: &eli06_membership_lapsed::CARD,
        check: Check::Read(eli06_membership_lapsed::check),
    },
    Rule {
        card: &eli07_fee_too_low::CARD,
        check: Check::Read(eli07_fee_too_low::check),
    },
    Rule {
        card: &eli08_structure_not_a_member::CARD,
        check: Check::Read(eli08_structure_not_a_member::check),
    },
    Rule {
        card: &eli09_member_row_incomplete::CARD,
        check: Check::Read(eli09_member_row_incomplete::check),
    },
];
