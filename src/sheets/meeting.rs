//! Rendez-vous: a row to a meeting.

use super::row::Range;
use super::row::RowReader;
use crate::model::meeting::{
    DATE, DO_NOT_WRITE, HALF_DAY, HOURS, Meeting, PERSONS, PLACE, STATE, SUPPORT,
};

/// Reads a row of Rendez-vous.
pub fn read(row: &mut RowReader) -> Meeting {
    let support = row.name(SUPPORT);
    let persons = row.names(PERSONS);
    let date = row.date(DATE);
    let half_day = row.half_day(HALF_DAY);
    // RDV07 says what is out of range.
    let hours = row.hours(HOURS, Range::Any);
    let place = row.text(PLACE);
    let state = row.choice(STATE, &row.vocabulary().event_states);
    let do_not_write = row.yes_no(DO_NOT_WRITE);
    Meeting {
        head: row.head(),
        support,
        persons,
        date,
        half_day,
        hours,
        place,
        state,
        do_not_write,
    }
}
