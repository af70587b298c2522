//! The machine-readable output (programme.md §7).

mod lists;
mod planned;
mod ran;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::mails::Due;
use crate::outbox::Tally;
use crate::plan::Verdict;
use crate::programme::Programme;
use crate::sheets::InputProblem;
use crate::writeback::two_versions;
use lists::{Each, FindingsOf, MailsOf, RankingOf, SeatsOf, View};

pub use planned::Planned;
pub use ran::{Ran, tell_ran};

/// What `check --format json` prints for one folder.
#[derive(Serialize)]
pub struct Checked<'a> {
    programme: &'a str,
    as_of: chrono::NaiveDate,
    findings: Each<'a, FindingsOf>,
    seats: Each<'a, SeatsOf>,
    ranking: Each<'a, RankingOf>,
    mails: Each<'a, MailsOf>,
    /// Only where a sync client has left another version of a workbook.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unread: Vec<Unread<'a>>,
}

#[derive(Serialize)]
struct Unread<'a> {
    workbook: &'a str,
    version_of: &'a str,
    remark: String,
}

impl<'a> Checked<'a> {
    /// The view of a plan.
    pub fn new(programme: &'a Programme, verdict: &'a Verdict, due: &'a Due) -> Self {
        let view = View {
            programme,
            verdict,
            due,
            states: None,
            taken_up: &[],
        };
        Self {
            programme: &programme.settings.programme.name,
            as_of: programme.now.today,
            findings: Each(view, FindingsOf),
            seats: Each(view, SeatsOf),
            ranking: Each(view, RankingOf),
            mails: Each(view, MailsOf),
            unread: unread(programme),
        }
    }
}

fn unread(programme: &Programme) -> Vec<Unread<'_>> {
    let conflicts = programme.season.conflicts.iter();
    conflicts
        .map(|conflict| Unread {
            workbook: &conflict.name,
            version_of: &conflict.of,
            remark: two_versions(programme, conflict),
        })
        .collect()
}

/// What is printed where a run stops before its end: as a rule before anything is written or sent.
#[derive(Serialize)]
pub struct Stopped<'a> {
    /// Every problem.
    pub errors: &'a [InputProblem],
    /// The same as a run that came to its end says it, where this one was done in part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<&'a str>,
    /// What had become of the e-mails, where some had been sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_totals: Option<BTreeMap<&'static str, u32>>,
}

impl<'a> Stopped<'a> {
    /// The view of what stopped a run before it did anything.
    #[must_use]
    pub fn new(errors: &'a [InputProblem]) -> Self {
        Self {
            errors,
            problems: Vec::new(),
            mail_totals: None,
        }
    }

    /// The view of what cut a run short, with what it had come to.
    #[must_use]
    pub fn cut_short(errors: &'a [InputProblem], tally: Option<&Tally>) -> Self {
        Self {
            problems: errors.iter().map(|error| error.message.as_str()).collect(),
            mail_totals: tally.map(|tally| ran::totals(&tally.all)),
            ..Self::new(errors)
        }
    }
}
