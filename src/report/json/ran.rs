//! What `run --format json` prints, and what the next run of an unchanged day will.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write as _};

use serde::Serialize;

use super::Checked;
use crate::apply::{Done, Taken, WorkbookDone, WorkbookState};
use crate::mails::State;
use crate::outbox::Sums;
use crate::programme::Programme;

/// What `run --format json` prints: the check, what was written, and the state of each e-mail.
#[derive(Serialize)]
pub struct Ran<'a> {
    #[serde(flatten)]
    checked: Checked<'a>,
    #[serde(flatten)]
    told: Told<'a>,
}

/// What was done.
#[derive(Serialize)]
struct Told<'a> {
    guard: Option<&'a str>,
    written: Vec<Written<'a>>,
    dashboard: Written<'a>,
    answers: Answers<'a>,
    digest: Option<&'static str>,
    mail_counts: BTreeMap<&'static str, u32>,
    mail_totals: BTreeMap<&'static str, u32>,
    /// How many of the totals' `planned` an earlier run had queued.
    taken_over: u32,
    /// How many e-mails may have arrived or not since this run.
    new_doubts: u32,
    resumed: usize,
    retired: u32,
    problems: &'a [String],
}

#[derive(Serialize)]
struct Written<'a> {
    workbook: &'a str,
    file: Option<&'a str>,
    state: &'static str,
    remark: Option<&'a str>,
}

/// What came of the coordinator's answers in the dashboard.
#[derive(Serialize)]
pub(super) struct Answers<'a> {
    approved: u32,
    rejected: u32,
    received: u32,
    resent: u32,
    clock_trusted: bool,
    ledger_trusted: bool,
    remarks: &'a [String],
}

impl<'a> Answers<'a> {
    pub fn new(taken: &'a Taken) -> Self {
        Self {
            approved: taken.approved,
            rejected: taken.rejected,
            received: taken.received,
            resent: taken.resent,
            clock_trusted: taken.clock_trusted,
            ledger_trusted: taken.ledger_trusted,
            remarks: &taken.remarks,
        }
    }
}

impl<'a> Written<'a> {
    fn new(workbook: &'a WorkbookDone) -> Self {
        Self {
            workbook: &workbook.workbook,
            file: workbook.file.as_deref(),
            state: match workbook.state {
                WorkbookState::Written => "written",
                WorkbookState::Unchanged => "unchanged",
                WorkbookState::Beside => "beside",
                WorkbookState::Failed => "failed",
                WorkbookState::Unread => "unread",
            },
            remark: workbook.remark.as_deref(),
        }
    }
}

impl<'a> Ran<'a> {
    /// The view of what was done.
    pub fn new(programme: &'a Programme, done: &'a Done) -> Self {
        Self {
            checked: found_by(programme, done),
            told: Told::new(done),
        }
    }
}

fn found_by<'a>(programme: &'a Programme, done: &'a Done) -> Checked<'a> {
    let mut checked = Checked::new(programme, &done.plan.verdict, &done.plan.due);
    checked.mails.0.states = Some(&done.states);
    checked.mails.0.taken_up = &done.taken_up;
    checked
}

impl<'a> Told<'a> {
    fn new(done: &'a Done) -> Self {
        Self {
            guard: done.plan.due.guard.as_deref(),
            written: done.workbooks.iter().map(Written::new).collect(),
            dashboard: Written::new(&done.dashboard),
            answers: Answers::new(&done.taken),
            digest: done.digest.map(State::name),
            mail_counts: done
                .counts
                .iter()
                .map(|(state, count)| (state.name(), *count))
                .collect(),
            mail_totals: totals(&done.tally.all),
            taken_over: done.tally.all.taken_over,
            new_doubts: done.tally.all.of(State::Unknown),
            resumed: done.resumed(),
            retired: done.retired,
            problems: &done.problems,
        }
    }
}

/// Writes a [`Ran`], and to `again` the one that [`Done::once_more`] makes of it.
///
/// # Errors
/// It can't be written.
pub fn tell_ran(
    out: &mut dyn io::Write,
    again: &mut dyn io::Write,
    programme: &Programme,
    done: &mut Done,
) -> io::Result<()> {
    let open = Open {
        both: [&mut *out, &mut *again],
        last: None,
    };
    let mut found = BufWriter::with_capacity(1 << 16, open);
    serde_json::to_writer(&mut found, &found_by(programme, done))?;
    found.flush()?;
    drop(found);
    close(out, &Told::new(done))?;
    done.once_more();
    close(again, &Told::new(done))
}

/// Goes on with an object whose end was kept back.
fn close(out: &mut dyn io::Write, more: &Told<'_>) -> io::Result<()> {
    let more = serde_json::to_vec(more)?;
    out.write_all(b",")?;
    out.write_all(more.strip_prefix(b"{").unwrap_or(&more))
}

/// Writes to both, and keeps the last byte back: the object is not at its end.
struct Open<'o> {
    both: [&'o mut dyn io::Write; 2],
    last: Option<u8>,
}

impl io::Write for Open<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some((last, bytes)) = bytes.split_last() else {
            return Ok(0);
        };
        let before = self.last.replace(*last);
        for out in &mut self.both {
            out.write_all(before.as_slice())?;
            out.write_all(bytes)?;
        }
        Ok(bytes.len() + 1)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The e-mails that a run dealt with in sums that add up (hazards.md, "Sending: the protocol"):
/// planned are all of them, those that it queued and those that it took over. What the ledger could
/// not note counts as what the next run makes of it.
pub fn totals(sums: &Sums) -> BTreeMap<&'static str, u32> {
    let of = |states: &[State]| -> u32 { states.iter().map(|state| sums.of(*state)).sum() };
    let parts = [
        ("accepted", of(&[State::Accepted])),
        ("deferred", of(&[State::Deferred, State::Planned])),
        ("refused", of(&[State::Refused])),
        ("unknown", of(&[State::Unknown, State::HandingOver])),
        // What she said no to will not leave, either.
        ("obsolete", of(&[State::Obsolete, State::Rejected])),
        ("awaiting_approval", of(&[State::AwaitingApproval])),
    ];
    let planned = parts.iter().map(|(_, count)| count).sum();
    parts.into_iter().chain([("planned", planned)]).collect()
}
