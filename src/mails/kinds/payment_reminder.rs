//! `paiement-rappel`: a seat whose fee isn't paid (INS03), so many days after its confirmation was
//! accepted (`reminders.payment_days`), up to 3 days after the last of them: with 3 and 7 that is
//! the "up to 10 days after" of programme.md §6.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::mails::desk::{Desk, Letter};
use crate::mails::kind::Kind;
use crate::mails::past::{Outcome, key_for};
use crate::mails::registrations::{Case, Now, Registrations};
use crate::mails::reminders;
use crate::mails::told::kept;
use crate::mails::words::{WorkshopWords, euros};
use crate::model::time::short_date;

/// programme.md §6: 3 and 7 days after, up to 10 days after.
const GRACE: u32 = 3;

#[derive(Debug, Serialize)]
struct Context {
    workshop: WorkshopWords,
    /// `18 €`: what is left.
    amount: String,
    /// A part has been paid.
    has_paid: bool,
    /// The workshop has taken place.
    is_past: bool,
}

pub(super) fn due(desk: &mut Desk, registrations: &Registrations) {
    let rows = desk.rows_with("INS03");
    let unpaid: BTreeSet<u32> = rows.into_iter().map(|row| row.index).collect();
    for case in &registrations.cases {
        let row = case.row.map(|(index, _)| index);
        let is_unpaid = row.is_some_and(|index| unpaid.contains(&index));
        if case.now == Now::Seat && is_unpaid {
            remind(desk, case);
        }
    }
}

fn remind(desk: &mut Desk, case: &Case) -> Option<()> {
    let night = desk.night;
    let past = case.past(desk)?;
    if !case.knows_of_seat(desk) {
        return None;
    }
    let accepted_on = past.accepted_on?;
    // A person who registers again after a cancellation is reminded again.
    let occasion = key_for(&case.identity, past.ended(Outcome::Seat));
    let offsets = &night.settings.reminders.payment_days;
    let offset = reminders::after(accepted_on, night.today, offsets, GRACE)?;
    let workshop = case.details.as_deref()?;
    let to = case.recipient(desk)?;
    let base = format!("{occasion}|J+{offset}");
    let amount = euros(case.left_to_pay());
    let paid = case.row.and_then(|(_, row)| row.paid.get());
    desk.post(Letter {
        kind: Kind::PaymentReminder,
        key: desk.past.key(Kind::PaymentReminder, &base, &to.address, 0),
        rows: &case.rows(),
        announces: None,
        by_absence: false,
        why: format!(
            "{} a une place à l’atelier {}, confirmée le {}, et {amount} restent à régler (INS03).",
            to.name,
            workshop.reference,
            short_date(accepted_on)
        ),
        told: kept(&case.told(&to, workshop)),
        context: Context {
            workshop: case.in_words(workshop),
            amount,
            has_paid: paid.is_some_and(|paid| paid > 0.0),
            is_past: workshop.date < night.today,
        },
        to,
    });
    Some(())
}
