//! `evaluation-invitation`: a support terminé without an evaluation, to the beneficiary: first when
//! the last meeting was held at most 30 days ago, then again so many days after that invitation
//! (`reminders.evaluation_days`; programme.md §6). The smallest of these days is the first
//! invitation itself.

use chrono::NaiveDate;
use serde::Serialize;

use crate::facts::hours;
use crate::mails::desk::{Desk, Letter};
use crate::mails::draft::Recipient;
use crate::mails::kind::Kind;
use crate::mails::reminders;
use crate::mails::told::{SupportTold, kept, read};
use crate::model::fold::fold_name;
use crate::model::support::{Status, Support};
use crate::model::time::{long_date, short_date};
use crate::model::{Role, RowRef, Table};

/// programme.md §6: "last meeting held at most 30 days ago".
const DAYS: i64 = 30;
/// How many days late the last invitation may still go, after a machine was off: as long as the
/// two invitations of the default are apart.
const GRACE: u32 = 7;

#[derive(Debug, Serialize)]
struct Context {
    structure: String,
    last_meeting: String,
    /// Not the first invitation.
    again: bool,
}

pub(super) fn due(desk: &mut Desk) {
    let tables = &desk.night.season.tables;
    // Without the sheet nobody knows who has answered (programme.md §3).
    if tables.evaluations.is_none() {
        return;
    }
    for (index, support) in tables.supports.iter().flat_map(Table::standing) {
        invite(desk, index, support);
    }
}

fn invite(desk: &mut Desk, index: u32, support: &Support) -> Option<()> {
    let night = desk.night;
    let reference = support.reference.value()?;
    let is_answered = night.season.index.is_evaluated(reference.key);
    if is_answered || !support.status_is(&[Status::Finished]) {
        return None;
    }
    let held = hours::meetings(night.season, index).filter(|(_, meeting)| meeting.is_held());
    let last = held.filter_map(|(_, meeting)| meeting.date.get()).max()?;
    let (name, email) = (support.beneficiary.value()?, support.email.value()?);
    let told = SupportTold {
        support: fold_name(&reference.text),
    };
    let offset = offset(desk, &told.support, &email.text, last)?;
    let base = format!("{}|J+{offset}", told.support);
    let role = Role::Supports;
    let again = night.settings.reminders.evaluation_days.iter().min() != Some(&offset);
    desk.post(Letter {
        kind: Kind::EvaluationInvitation,
        key: desk
            .past
            .key(Kind::EvaluationInvitation, &base, &email.text, 0),
        to: Recipient {
            name: name.text.to_string(),
            address: email.text.to_string(),
        },
        rows: &[RowRef { role, index }],
        announces: None,
        by_absence: false,
        why: format!(
            "L’accompagnement {} est terminé, son dernier rendez-vous a eu lieu le {}, et l’évaluation n’est pas remplie.",
            reference.text,
            short_date(last)
        ),
        told: kept(&told),
        context: Context {
            structure: support
                .structure
                .value()
                .map_or_else(String::new, |name| name.text.to_string()),
            last_meeting: long_date(last),
            again,
        },
    });
    Some(())
}

/// Which invitation is due: the first one, or one so many days after it.
fn offset(desk: &Desk, support: &str, address: &str, last: NaiveDate) -> Option<u32> {
    let night = desk.night;
    let days = &night.settings.reminders.evaluation_days;
    let first = *days.iter().min()?;
    let Some(told_on) = first_told(desk, support, address) else {
        let since = night.today.signed_duration_since(last).num_days();
        return (0..=DAYS).contains(&since).then_some(first);
    };
    let after: Vec<u32> = days.iter().map(|day| day - first).collect();
    let due = reminders::after(told_on, night.today, &after, GRACE)?;
    Some(due + first)
}

/// The day of the first invitation to that address that was told: the days after it are not counted
/// while it is still to leave.
fn first_told(desk: &Desk, support: &str, address: &str) -> Option<NaiveDate> {
    desk.sent(Kind::EvaluationInvitation, address)
        .filter(|entry| {
            let has_left = entry.was_told() && !entry.waits();
            has_left && read::<SupportTold>(&entry.told).is_some_and(|told| told.support == support)
        })
        .map(|entry| entry.accepted_on.unwrap_or(entry.queued_on))
        .min()
}
