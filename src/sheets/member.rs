//! Adhérents: a row to a membership.

use super::row::RowReader;
use crate::model::Cell;
use crate::model::member::{
    COMMUNE, CONTACT, DOMAINS, EMAIL, FEE, LEGAL_FORM, LEVEL, Member, PAID_ON, PHONE, POSTCODE,
    REGISTRATION_NUMBER, STRUCTURE, VALID_UNTIL,
};

/// Reads a row of Adhérents.
pub fn read(row: &mut RowReader) -> Member {
    let structure = row.name(STRUCTURE);
    row.choice(LEGAL_FORM, &row.vocabulary().legal_forms);
    let registration_number = row.text(REGISTRATION_NUMBER);
    let commune = row.text(COMMUNE);
    let postcode = row.postcode(POSTCODE);
    let domains = row.words(DOMAINS);
    let contact = row.name(CONTACT);
    let email = row.email(EMAIL);
    let phone = row.phone(PHONE);
    let level = row.choice(LEVEL, &row.vocabulary().levels);
    let fee = row.euros(FEE);
    let paid_on = row.date(PAID_ON);
    let mut valid_until = row.date(VALID_UNTIL);
    if let (Cell::Is(from), Cell::Is(to)) = (paid_on, valid_until)
        && to < from
    {
        let expected = "une date qui ne soit pas avant « Payée le »";
        valid_until = row.unreadable(VALID_UNTIL, expected, None);
    }
    Member {
        head: row.head(),
        structure,
        registration_number,
        commune,
        postcode,
        domains,
        contact,
        email,
        phone,
        level,
        fee,
        paid_on,
        valid_until,
    }
}
