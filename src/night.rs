//! One night in one folder, from its settings to its end: read, done, noted in the log, told to
//! whoever listens ([`crate::ping`]). `run` does it once, `schedule` every night.

use std::path::Path;

use chrono::NaiveDate;
use tracing::{Span, info, info_span, warn};

use crate::apply::{self, Done, RunError, Sight, WorkbookState, unchanged};
use crate::cancel::Cancel;
use crate::clock::Now;
use crate::mails::State;
use crate::outbox::{Ledger, LedgerError, LockError, RunLock, Tally};
use crate::ping::{Ping, Pings, Signal};
use crate::platform;
use crate::programme::{self, Opened, Programme};
use crate::progress::Progress;
use crate::report::Form;
use crate::schedule::Timetable;
use crate::sheets::{InputProblem, ProblemCode};

/// A run that came to its end.
#[derive(Debug)]
pub enum Ended {
    /// The night was done.
    Done(Box<Night>),
    /// Nothing has changed since the run before: what there is to say, as it is to be printed.
    Unchanged(Vec<u8>),
}

/// A night that came to its end.
#[derive(Debug)]
pub struct Night {
    /// What was read.
    pub programme: Programme,
    /// What was done.
    pub done: Done,
}

/// A night that did not.
#[derive(Debug)]
pub struct Stopped {
    /// Why, in short.
    pub why: Why,
    /// Everything that is wrong, for the operator.
    pub problems: Vec<InputProblem>,
    /// What had become of the e-mails until then, where some had left.
    pub tally: Option<Box<Tally>>,
}

/// Why a night did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Settings, workbooks or ledger can't be used: nothing was written or sent.
    BadInput,
    /// Another run holds the folder.
    Held,
    /// Somebody asked to stop.
    Cancelled,
    /// The ledger could no longer be used once something had been sent or written.
    CutShort,
}

/// Does the night of a folder, which will be told in that form. Nobody is told of a night on a day
/// that was asked for.
///
/// # Errors
/// See [`Why`].
pub fn run(
    folder: &Path,
    today: Option<NaiveDate>,
    form: Form,
    progress: &Progress,
    cancel: &Cancel,
) -> Result<Ended, Stopped> {
    // A service names the folder already.
    let _night = Span::current()
        .is_none()
        .then(|| info_span!("night", ?folder).entered());
    info!("begins");
    let settings = today.is_none().then(|| programme::settings(folder));
    let ping = settings.and_then(|settings| Ping::of(&settings.ok()?));
    let pings = Pings::begin(ping);
    let night = Opened::new(folder, today)
        .map_err(bad_input)
        .and_then(|opened| work(opened, form, progress, cancel));
    progress.end();
    note(&night);
    match &night {
        Ok(Ended::Done(night)) if night.done.is_partial() => pings.end(Signal::Failure),
        Ok(_) => pings.end(Signal::Success),
        // The other run tells how it ended, or the next one does.
        Err(stopped) if matches!(stopped.why, Why::Held | Why::Cancelled) => {}
        Err(_) => pings.end(Signal::Failure),
    }
    night
}

/// Whether a folder's run is due now. It is where that can't be told: the run says what is wrong.
#[must_use]
pub fn is_due(folder: &Path) -> bool {
    let Ok(settings) = programme::settings(folder) else {
        return true;
    };
    let now = Now::new(settings.programme.timezone, None);
    let last = last_completed_day(folder, now.today).unwrap_or(None);
    Timetable::of(&settings)
        .ok()
        .and_then(|table| table.next_run(last, now.instant.to_utc()))
        .is_some_and(|due| due <= now.instant)
}

/// The last day, up to this one, for which a folder had its run.
///
/// # Errors
/// The ledger can't be read.
pub fn last_completed_day(
    folder: &Path,
    today: NaiveDate,
) -> Result<Option<NaiveDate>, LedgerError> {
    match Ledger::read_only(folder)? {
        Some(ledger) => ledger.last_completed_day(today),
        None => Ok(None),
    }
}

fn bad_input(problems: Vec<InputProblem>) -> Stopped {
    Stopped {
        why: Why::BadInput,
        problems,
        tally: None,
    }
}

fn work(
    opened: Opened,
    form: Form,
    progress: &Progress,
    cancel: &Cancel,
) -> Result<Ended, Stopped> {
    restore(&opened);
    let before = Sight::of(&opened.folder, &opened.now, form);
    let said = before
        .as_ref()
        .and_then(|sight| unchanged::answer(&opened, sight));
    if let Some(said) = said {
        return Ok(Ended::Unchanged(said));
    }
    let programme = opened.read(progress).map_err(bad_input)?;
    apply(programme, before.as_ref(), form, progress, cancel)
}

/// A workbook that a crash left without its name is given it back before anything is read. Where
/// another run holds the folder, or it fails, the reading says what is missing.
fn restore(opened: &Opened) {
    if !platform::was_cut_off_replacing(&opened.folder) {
        return;
    }
    if let Ok(_lock) = RunLock::take(&opened.folder, opened.now.instant.to_utc()) {
        let _ = platform::finish_replacing(&opened.folder);
    }
}

fn apply(
    programme: Programme,
    before: Option<&Sight>,
    form: Form,
    progress: &Progress,
    cancel: &Cancel,
) -> Result<Ended, Stopped> {
    let error = match apply::run(&programme, before, form, progress, cancel) {
        Ok(done) => return Ok(Ended::Done(Box::new(Night { programme, done }))),
        Err(error) => error,
    };
    let (why, code) = match &error {
        RunError::CutShort { .. } => (Why::CutShort, ProblemCode::UnusableLedger),
        RunError::Cancelled { .. } => (Why::Cancelled, ProblemCode::Cancelled),
        RunError::Lock(LockError::Held { .. }) => (Why::Held, ProblemCode::FolderHeld),
        RunError::Settings(_) => (Why::BadInput, ProblemCode::BadSettings),
        RunError::Lock(LockError::Io { .. }) | RunError::Ledger(_) => {
            (Why::BadInput, ProblemCode::UnusableLedger)
        }
    };
    let problems = vec![InputProblem::new(code, error.to_string())];
    let tally = match error {
        RunError::CutShort { tally, .. } | RunError::Cancelled { tally } => tally,
        _ => None,
    };
    Err(Stopped {
        why,
        problems,
        tally,
    })
}

/// Counts only: what is wrong with an e-mail or a row may name a person.
fn note(night: &Result<Ended, Stopped>) {
    let done = match night {
        Ok(Ended::Done(night)) => &night.done,
        Ok(Ended::Unchanged(_)) => {
            info!("nothing has changed since the run before");
            return;
        }
        Err(Stopped {
            why,
            problems,
            tally,
        }) => {
            let accepted = tally.as_ref().map(|tally| tally.all.of(State::Accepted));
            info!(?why, problems = problems.len(), accepted, "stopped");
            return;
        }
    };
    let written = |wanted: WorkbookState| {
        done.workbooks
            .iter()
            .filter(|workbook| workbook.state == wanted)
            .count()
    };
    let sums = &done.tally.all;
    info!(
        findings = done.plan.verdict.findings.iter().count(),
        written = written(WorkbookState::Written),
        taken_over = sums.taken_over,
        accepted = sums.of(State::Accepted),
        awaiting_approval = sums.of(State::AwaitingApproval),
        unknown = sums.of(State::Unknown),
        obsolete = sums.of(State::Obsolete),
        "done"
    );
    if done.is_partial() {
        warn!(
            problems = done.problems.len(),
            workbooks_not_written = written(WorkbookState::Failed) + written(WorkbookState::Beside),
            deferred = sums.of(State::Deferred) + sums.of(State::Planned),
            refused = sums.of(State::Refused),
            "done in part"
        );
    }
}
