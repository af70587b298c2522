//! `entretien-confirmation`: the first interview is on or after D, to the beneficiary (programme.md
//! §6). Told again when it has another date or time.

use chrono::{NaiveDateTime, NaiveTime};
use serde::Serialize;

use crate::mails::calendar::{Subject, Wish};
use crate::mails::desk::{Desk, Letter};
use crate::mails::draft::Recipient;
use crate::mails::kind::Kind;
use crate::mails::told::{InterviewTold, kept, read};
use crate::model::fold::fold_name;
use crate::model::support::{Status, Support};
use crate::model::time::{hour, long_date, short_date};
use crate::model::{Role, RowRef, Table};

#[derive(Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a template asks for each by its name"
)]
struct Context {
    structure: String,
    date: String,
    /// `14 h 30`; empty where only the day was typed.
    hour: String,
    /// Another date was told before.
    is_new_date: bool,
    /// The same date was told before, at another hour, or without one.
    is_new_hour: bool,
    /// The same date was told before, without an hour.
    is_hour_known: bool,
    /// The same date was told before, at an hour that holds no more; there is none now.
    is_hour_open: bool,
    working_conditions: bool,
}

pub(super) fn due(desk: &mut Desk) {
    let tables = &desk.night.season.tables;
    for (index, support) in tables.supports.iter().flat_map(Table::standing) {
        let role = Role::Supports;
        confirm(desk, RowRef { role, index }, support);
    }
}

fn confirm(desk: &mut Desk, row: RowRef, support: &Support) -> Option<()> {
    let at = support.interview.get()?;
    let is_over = support.status_is(&[Status::Finished, Status::Abandoned]);
    if at.date() < desk.night.today || is_over {
        return None;
    }
    let (name, email) = (support.beneficiary.value()?, support.email.value()?);
    let told = InterviewTold {
        support: fold_name(&support.reference.value()?.text),
        at,
    };
    let before = last_told(desk, &told.support, &email.text);
    if before.as_ref() == Some(&told) {
        return None;
    }
    let base = format!("{}|{}", told.support, at.format("%Y-%m-%dT%H:%M"));
    let told_at = before.as_ref().map(|before| before.at);
    let told_that_day = told_at.filter(|before| before.date() == at.date());
    let letter = Letter {
        kind: Kind::InterviewConfirmation,
        key: desk
            .past
            .key_of_news(Kind::InterviewConfirmation, &base, &email.text),
        to: Recipient {
            name: name.text.to_string(),
            address: email.text.to_string(),
        },
        rows: &[row],
        announces: None,
        by_absence: false,
        why: format!(
            "L’entretien avec {} est fixé au {}.",
            name.text,
            short_date(at.date())
        ),
        told: kept(&told),
        context: Context {
            structure: support
                .structure
                .value()
                .map_or_else(String::new, |name| name.text.to_string()),
            date: long_date(at.date()),
            hour: hour_of(at).map(hour).unwrap_or_default(),
            is_new_date: told_at.is_some() && told_that_day.is_none(),
            is_new_hour: told_that_day.is_some(),
            is_hour_open: told_that_day.is_some() && hour_of(at).is_none(),
            is_hour_known: told_that_day.is_some_and(|before| hour_of(before).is_none()),
            working_conditions: support.working_conditions.get() == Some(true),
        },
    };
    desk.invite(letter, Subject::Interview(&told), Wish::Holds);
    Some(())
}

/// Midnight is what a cell with a day alone reads as.
fn hour_of(at: NaiveDateTime) -> Option<NaiveTime> {
    Some(at.time()).filter(|time| *time != NaiveTime::MIN)
}

fn last_told(desk: &Desk, support: &str, address: &str) -> Option<InterviewTold> {
    desk.sent(Kind::InterviewConfirmation, address)
        .rev()
        .filter(|entry| entry.was_told())
        .filter_map(|entry| read::<InterviewTold>(&entry.told))
        .find(|told| told.support == support)
}
