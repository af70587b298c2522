//! `candidature-recue`: an application received in the last 7 days, to the applicant (programme.md
//! §6). One that another application of its structure replaces (CAN02) gets none.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use crate::mails::desk::{Desk, Letter};
use crate::mails::draft::Recipient;
use crate::mails::kind::Kind;
use crate::model::application::Application;
use crate::model::fold::fold_name;
use crate::model::time::{day_month_year, long_date, short_date};
use crate::model::{Role, RowRef, Table};

/// programme.md §6: "received in the last 7 days".
const DAYS: i64 = 7;

#[derive(Debug, Serialize)]
struct Context {
    structure: String,
    /// `mardi 1er décembre 2020`
    received: String,
    /// The last day of the call.
    deadline: String,
    /// That day is to come, or today.
    is_open: bool,
}

pub(super) fn due(desk: &mut Desk) {
    let tables = &desk.night.season.tables;
    for (index, application) in tables.applications.iter().flat_map(Table::standing) {
        if desk.decisions.ranking.status(index).counts {
            acknowledge(desk, index, application);
        }
    }
}

/// What an application is known by: structure and address (its key of programme.md §3). An
/// unreadable structure is left empty, so that the applicant can be asked for it.
pub(in crate::mails) fn identity(application: &Application) -> Option<String> {
    let email = application.email.value()?;
    let structure = application.structure.value();
    let structure = structure.map_or_else(String::new, |name| fold_name(&name.text));
    Some(format!("{structure}|{}", email.text.to_lowercase()))
}

/// The applicant; her name may be missing.
pub(super) fn applicant(application: &Application) -> Option<Recipient> {
    let name = application.name.value();
    Some(Recipient {
        name: name.map_or_else(String::new, |name| name.text.to_string()),
        address: application.email.value()?.text.to_string(),
    })
}

fn is_recent(received: NaiveDate, today: NaiveDate) -> bool {
    (0..=DAYS).contains(&today.signed_duration_since(received).num_days())
}

fn acknowledge(desk: &mut Desk, index: u32, application: &Application) -> Option<()> {
    let night = desk.night;
    let received = application.received.get()?.date();
    if !is_recent(received, night.today) {
        return None;
    }
    let structure = application.structure.value()?;
    let base = identity(application)?;
    let to = applicant(application)?;
    let role = Role::Applications;
    desk.post(Letter {
        kind: Kind::ApplicationReceived,
        key: desk
            .past
            .key(Kind::ApplicationReceived, &base, &to.address, 0),
        to,
        rows: &[RowRef { role, index }],
        announces: None,
        by_absence: false,
        why: format!(
            "La candidature « {} » est arrivée le {}.",
            structure.text,
            short_date(received)
        ),
        told: json!({ "application": base }),
        context: Context {
            structure: structure.text.to_string(),
            received: long_date(received),
            deadline: day_month_year(night.settings.applications.deadline),
            is_open: night.today <= night.settings.applications.deadline,
        },
    });
    Some(())
}
