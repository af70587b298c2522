//! Inscriptions: a row to a registration.

use super::row::RowReader;
use crate::model::registration::{
    ATTENDED, DO_NOT_WRITE, EMAIL, NAME, PAID, PAID_ON, REGISTERED, Registration, STATE, STRUCTURE,
    WORKSHOP,
};

/// Reads a row of Inscriptions.
pub fn read(row: &mut RowReader) -> Registration {
    let registered = row.date_time(REGISTERED);
    let workshop = row.name(WORKSHOP);
    let name = row.text(NAME);
    let email = row.email(EMAIL);
    let structure = row.name(STRUCTURE);
    let paid = row.euros(PAID);
    row.date(PAID_ON);
    let attended = row.yes_no(ATTENDED);
    let state = row.choice(STATE, &row.vocabulary().registration_states);
    let do_not_write = row.yes_no(DO_NOT_WRITE);
    Registration {
        head: row.head(),
        registered,
        workshop,
        name,
        email,
        structure,
        paid,
        attended,
        state,
        do_not_write,
    }
}
