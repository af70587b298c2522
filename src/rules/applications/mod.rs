//! CAN: applications, the committee's marks and its choice.

mod can01_received_after_deadline;
mod can02_another_application_counts;
mod can03_marks_missing;
mod can04_too_many_selected;
mod can05_selected_but_not_admissible;
mod can06_conflict_of_interest;
mod can07_better_ranked_not_selected;

use super::{Check, Rule};

/// The rules of this family, by code.
pub const RULES: &[Rule] = &[
    Rule {
        card: &can01_received_after_deadline::CARD,
        check: Check::Read(can01_received_after_deadline::check),
    },
    Rule {
        card: &can02_another_application_counts::CARD,
        check: Check::Read(can02_another_application_counts::check),
    },
    Rule {
        card: &can03_marks_missing::CARD,
        check: Check::Decided(can03_marks_missing::check),
    },
    Rule {
        card: &can04_too_many_selected::CARD,
        check: Check::Decided(can04_too_many_selected::check),
    },
    Rule {
        card: &can05_selected_but_not_admissible::CARD,
        check: Check::Decided(can05_selected_but_not_admissible::check),
    },
    Rule {
        card: &can06_conflict_of_interest::CARD,
        check: Check::Read(can06_conflict_of_interest::check),
    },
    Rule {
        card: &can07_better_ranked_not_selected::CARD,
        check: Check::Decided(can07_better_ranked_not_selected::check),
    },
];
