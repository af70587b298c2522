//! Accompagnements: a row to a support.

use super::row::Range;
use super::row::RowReader;
use crate::model::Cell;
use crate::model::support::{
    AXES, BENEFICIARY, DIAGNOSIS_VALIDATED_ON, EMAIL, EXTENSION, GOALS, INTERVIEW, PLANNED_HOURS,
    REFERENCE, REPRISE_FILLED_ON, STATUS, STRUCTURE, Status, Support, WORKING_CONDITIONS,
};

/// Reads a row of Accompagnements.
pub fn read(row: &mut RowReader) -> Support {
    let reference = row.name(REFERENCE);
    let structure = row.name(STRUCTURE);
    let beneficiary = row.name(BENEFICIARY);
    let email = row.email(EMAIL);
    let interview = row.date_time(INTERVIEW);
    let diagnosis_validated_on = row.date(DIAGNOSIS_VALIDATED_ON);
    let axes = row.axes(AXES);
    row.checked_text(GOALS);
    // ACC01 says what is out of range.
    let mut planned_hours = row.hours(PLANNED_HOURS, Range::Any);
    let extension = row.hours(EXTENSION, Range::NotNegative);
    let working_conditions = row.yes_no(WORKING_CONDITIONS);
    let reprise_filled_on = row.date(REPRISE_FILLED_ON);
    let status = row.choice(STATUS, &row.vocabulary().statuses);
    // The hours may only be left open while the diagnosis is being made.
    if planned_hours.is_empty() && matches!(status, Cell::Is(known) if known != Status::Diagnosis) {
        planned_hours = row.missing(PLANNED_HOURS);
    }
    Support {
        head: row.head(),
        reference,
        structure,
        beneficiary,
        email,
        interview,
        diagnosis_validated_on,
        axes,
        planned_hours,
        extension,
        working_conditions,
        reprise_filled_on,
        status,
    }
}
