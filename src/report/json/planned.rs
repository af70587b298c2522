//! What `plan --format json` prints.

use serde::Serialize;

use super::Checked;
use super::lists::names;
use super::ran::Answers;
use crate::apply::Foresight;
use crate::mails::Kind;
use crate::outbox::Pending;
use crate::programme::Programme;

/// What `plan --format json` prints: the check, and what would be written.
#[derive(Serialize)]
pub struct Planned<'a> {
    #[serde(flatten)]
    checked: Checked<'a>,
    guard: Option<&'a str>,
    would_write: Vec<WouldWrite<'a>>,
    answers: Answers<'a>,
    /// What would leave besides `mails`: queued by an earlier night, or approved since.
    left: Vec<Left<'a>>,
    retired: u32,
}

#[derive(Serialize)]
struct Left<'a> {
    kind: Kind,
    to: &'a str,
    key: &'a str,
    queued_on: chrono::NaiveDate,
}

#[derive(Serialize)]
struct WouldWrite<'a> {
    workbook: &'a str,
    sheet: &'a str,
    columns: Vec<&'static str>,
    rows: usize,
}

impl<'a> Planned<'a> {
    /// The view of a plan.
    pub fn new(programme: &'a Programme, night: &'a Foresight) -> Self {
        let plan = &night.plan;
        let left = |message: &'a Pending| Left {
            kind: message.kind,
            to: &message.to.address,
            key: &message.key,
            queued_on: message.run_day,
        };
        Self {
            answers: Answers::new(&night.taken),
            left: night.left.iter().map(left).collect(),
            retired: night.retired,
            checked: Checked::new(programme, &plan.verdict, &plan.due),
            guard: plan.due.guard.as_deref(),
            would_write: plan
                .sheets
                .iter()
                .map(|sheet| {
                    let (workbook, name) = names(&programme.season, sheet.sheet);
                    WouldWrite {
                        workbook,
                        sheet: name,
                        columns: sheet
                            .columns
                            .iter()
                            .map(|column| column.owned.header())
                            .collect(),
                        rows: sheet.columns.first().map_or(0, |column| column.cells.len()),
                    }
                })
                .collect(),
        }
    }
}
