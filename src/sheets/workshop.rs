//! Ateliers: a row to a workshop.

use super::row::RowReader;
use crate::model::workshop::{
    AXIS, DATE, ENDS, LEADERS, PLACE, REFERENCE, SEATS, SLOT, STARTS, STATE, TITLE, Workshop,
};

/// Reads a row of Ateliers.
pub fn read(row: &mut RowReader) -> Workshop {
    let reference = row.name(REFERENCE);
    let title = row.text(TITLE);
    let axis = row.axis(AXIS);
    let date = row.date(DATE);
    let slot = row.slot(SLOT);
    let starts = row.time(STARTS);
    let ends = row.time(ENDS);
    let place = row.text(PLACE);
    let leaders = row.names(LEADERS);
    // ATE01 says what is out of range.
    let seats = row.whole(SEATS, "un nombre entier de places");
    let state = row.choice(STATE, &row.vocabulary().event_states);
    Workshop {
        head: row.head(),
        reference,
        title,
        axis,
        date,
        slot,
        starts,
        ends,
        place,
        leaders,
        seats,
        state,
    }
}
