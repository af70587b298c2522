//! The machine-readable output (programme.md §7).

mod lists;
mod planned;
mod ran;

use serde::Serialize;

use crate::mails::Due;
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

/// What is printed where a run stops before anything is written or sent.
#[derive(Serialize)]
pub struct Stopped<'a> {
    /// Every problem.
    pub errors: &'a [InputProblem],
}
