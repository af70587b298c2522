//! `candidature-decision`: the committee's decision, to the applicant, up to 60 days after the
//! deadline (programme.md §6). Told again when the decision is another one.

use serde::Serialize;

use super::application_received::{applicant, identity};
use crate::mails::desk::{Desk, Letter};
use crate::mails::kind::Kind;
use crate::mails::told::{DecisionTold, kept, read};
use crate::model::application::{Application, Decision};
use crate::model::name::Key;
use crate::model::support::Status;
use crate::model::{Cell, Role, RowRef, Table};

/// programme.md §6: "up to 60 days after the deadline".
const DAYS: i64 = 60;

#[expect(
    clippy::struct_excessive_bools,
    reason = "a template asks for each by its name"
)]
#[derive(Debug, Serialize)]
struct Context {
    structure: String,
    is_selected: bool,
    is_waiting: bool,
    is_refused: bool,
    /// The structure's support hasn't begun, and no date is fixed for its interview.
    needs_interview: bool,
    min_hours: String,
    max_hours: String,
}

pub(super) fn due(desk: &mut Desk) {
    let night = desk.night;
    let deadline = night.settings.applications.deadline;
    if night.today.signed_duration_since(deadline).num_days() > DAYS {
        return;
    }
    let tables = &night.season.tables;
    for (index, application) in tables.applications.iter().flat_map(Table::standing) {
        if desk.decisions.ranking.status(index).counts {
            tell(desk, index, application);
        }
    }
}

fn tell(desk: &mut Desk, index: u32, application: &Application) -> Option<()> {
    let decision = application.decision.get()?;
    let structure = application.structure.value()?;
    let to = applicant(application)?;
    let told = DecisionTold {
        application: identity(application)?,
        decision: decision.french().to_owned(),
    };
    if last_told(desk, &told.application, &to.address).as_ref() == Some(&told) {
        return None;
    }
    let base = format!("{}|{}", told.application, told.decision);
    let supports = &desk.night.settings.supports;
    let hours = |hours| crate::french::words::number(hours);
    let role = Role::Applications;
    desk.post(Letter {
        kind: Kind::ApplicationDecision,
        key: desk
            .past
            .key_of_news(Kind::ApplicationDecision, &base, &to.address),
        to,
        rows: &[RowRef { role, index }],
        announces: None,
        by_absence: false,
        why: format!(
            "La décision pour « {} » est « {} ».",
            structure.text,
            decision.french()
        ),
        context: Context {
            structure: structure.text.to_string(),
            is_selected: decision == Decision::Selected,
            is_waiting: decision == Decision::Waiting,
            is_refused: decision == Decision::Refused,
            needs_interview: !has_begun(desk, structure.key),
            min_hours: hours(supports.min_hours),
            max_hours: hours(supports.max_hours),
        },
        told: kept(&told),
    });
    Some(())
}

/// Whether a support of the structure has an interview, or is beyond it.
fn has_begun(desk: &Desk, structure: Key) -> bool {
    let supports = desk.night.season.tables.supports.iter();
    supports.flat_map(Table::standing).any(|(_, support)| {
        let of = support.structure.value();
        let has_interview = !matches!(support.interview, Cell::Empty);
        of.is_some_and(|of| of.key == structure)
            && (has_interview || support.status_is(&[Status::Running, Status::Finished]))
    })
}

fn last_told(desk: &Desk, application: &str, address: &str) -> Option<DecisionTold> {
    desk.sent(Kind::ApplicationDecision, address)
        .rev()
        .filter(|entry| entry.was_told())
        .filter_map(|entry| read::<DecisionTold>(&entry.told))
        .find(|told| told.application == application)
}
