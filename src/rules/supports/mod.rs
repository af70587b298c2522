//! ACC: supports: their hours, their diagnosis, their plan.

mod acc01_hours_out_of_range;
mod acc02_agreed_hours_above_maximum;
mod acc03_meetings_above_agreed_hours;
mod acc04_meetings_above_maximum;
mod acc05_meeting_before_diagnosis;
mod acc06_reprise_not_filled;
mod acc07_no_selected_application;
mod acc08_axis_without_speciality;
mod acc09_finished_below_minimum;
mod acc10_agreed_hours_used_up;

use super::{Check, Rule};

/// The rules of this family, by code.
pub const RULES: &[Rule] = &[
    Rule {
        card: &acc01_hours_out_of_range::CARD,
        check: Check::Read(acc01_hours_out_of_range::check),
    },
    Rule {
        card: &acc02_agreed_hours_above_maximum::CARD,
        check: Check::Read(acc02_agreed_hours_above_maximum::check),
    },
    Rule {
        card: &acc03_meetings_above_agreed_hours::CARD,
        check: Check::Read(acc03_meetings_above_agreed_hours::check),
    },
    Rule {
        card: &acc04_meetings_above_maximum::CARD,
        check: Check::Read(acc04_meetings_above_maximum::check),
    },
    Rule {
        card: &acc05_meeting_before_diagnosis::CARD,
        check: Check::Read(acc05_meeting_before_diagnosis::check),
    },
    Rule {
        card: &acc06_reprise_not_filled::CARD,
        check: Check::Read(acc06_reprise_not_filled::check),
    },
    Rule {
        card: &acc07_no_selected_application::CARD,
        check: Check::Decided(acc07_no_selected_application::check),
    },
    Rule {
        card: &acc08_axis_without_speciality::CARD,
        check: Check::Read(acc08_axis_without_speciality::check),
    },
    Rule {
        card: &acc09_finished_below_minimum::CARD,
        check: Check::Read(acc09_finished_below_minimum::check),
    },
    Rule {
        card: &acc10_agreed_hours_used_up::CARD,
        check: Check::Read(acc10_agreed_hours_used_up::check),
    },
];
