//! Candidatures: a row to an application.

use super::row::Range;
use super::row::RowReader;
use crate::model::application::{
    AXES, Application, DECISION, EMAIL, MARK_ADEQUATION, MARK_COLLABORATION, MARK_ENGAGEMENT,
    MOTIVATION, Marks, NAME, NEEDS, RECEIVED, STRUCTURE, WORKING_CONDITIONS,
};

/// Reads a row of Candidatures.
pub fn read(row: &mut RowReader) -> Application {
    let received = row.date_time(RECEIVED);
    let structure = row.name(STRUCTURE);
    let name = row.name(NAME);
    let email = row.email(EMAIL);
    let axes = row.axes(AXES);
    row.checked_text(NEEDS);
    row.checked_text(MOTIVATION);
    row.yes_no(WORKING_CONDITIONS);
    let marks = Marks {
        adequation: row.mark(MARK_ADEQUATION, Range::ZeroToFive),
        engagement: row.mark(MARK_ENGAGEMENT, Range::ZeroToFive),
        collaboration: row.mark(MARK_COLLABORATION, Range::ZeroToFive),
    };
    let decision = row.choice(DECISION, &row.vocabulary().decisions);
    Application {
        head: row.head(),
        received,
        structure,
        name,
        email,
        axes,
        marks,
        decision,
    }
}
