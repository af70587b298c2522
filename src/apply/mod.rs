//! The only module that changes anything outside: the ledger, the e-mails, the workbooks or their
//! copies. It gathers failures and goes on past the first.

mod answers;
mod cut;
mod dashboard;
mod delivery;
mod digest;
mod doubts;
mod foresight;
mod forget;
mod gap;
mod keeping;
mod letters;
mod past;
mod preview;
mod sending;
mod settle;
pub mod unchanged;
mod witness;
mod workbooks;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cancel::Cancel;
use crate::clock::{Now, Running};
use crate::mails::{Due, State};
use crate::outbox::{
    self, Enqueued, Ledger, LedgerError, Moment, Pending, RunLock, Tally, Transport, Whose,
};
use crate::plan::Plan;
use crate::programme::Programme;
use crate::progress::Progress;
use crate::report::Form;
use crate::report::morning::{Morning, Night};
use answers::Answers;
use cut::{Reached, cancelled, cut_short};
use delivery::{Errand, Outbound};

pub use answers::Taken;
pub use cut::RunError;
pub use foresight::{Foresight, foresee, plan};
pub use forget::{ForgetError, Forgot, forget, purge};
pub use gap::{Filled, trust_ledger};
pub use letters::{Prepared, put_into_words};
pub use past::Past;
pub use preview::{PreviewError, Previewed, preview};
pub use unchanged::{Seen, Sight};
pub use workbooks::{
    Editor, Owner, WorkbookDone, WorkbookState, backups_folder, owner_of, put_output,
    sync_service_of,
};

/// What a run did.
#[derive(Debug)]
pub struct Done {
    /// What it had planned.
    pub plan: Plan,
    /// The state of each e-mail of the plan, in its order; none for one that could not be put into
    /// words.
    pub states: Vec<Option<State>>,
    /// What kept e-mails from being put into words or handed over, in French, each once.
    pub problems: Vec<String>,
    /// How many messages of this day's runs are in each state.
    pub counts: BTreeMap<State, u32>,
    /// All that it dealt with, also of earlier nights.
    pub tally: Tally,
    /// The workbooks.
    pub workbooks: Vec<WorkbookDone>,
    /// The messages that an earlier night had queued and that this run tried.
    pub taken_up: Vec<Pending>,
    /// How many messages that an earlier night had queued were no longer due.
    pub retired: u32,
    /// What came of the coordinator's answers.
    pub taken: Taken,
    /// What the coordinator should know in the morning.
    pub morning: Morning,
    /// The dashboard, which shows it.
    pub dashboard: WorkbookDone,
    /// What it saw, where the next run would do nothing on the same.
    pub seen: Option<Seen>,
    /// Where the coordinator's digest stands; none where none was due.
    pub digest: Option<State>,
}

impl Done {
    /// As the next run would tell it if nothing changed until then: what was written is there.
    pub fn once_more(&mut self) {
        for workbook in self.workbooks.iter_mut().chain([&mut self.dashboard]) {
            if workbook.state == WorkbookState::Written {
                workbook.state = WorkbookState::Unchanged;
            }
        }
        // The day has had its own.
        self.digest = None;
        self.tally.all = self.tally.participants.clone();
    }

    /// A workbook could not be written, or e-mails will be tried again.
    pub fn is_partial(&self) -> bool {
        // A dashboard that she has open is written beside it, every morning: nothing is missing.
        !self.problems.is_empty()
            || self.workbooks.iter().any(WorkbookDone::is_left_over)
            || self.dashboard.state == WorkbookState::Failed
    }

    /// How many messages that an earlier night had queued the server took now.
    pub fn resumed(&self) -> usize {
        let messages = self.taken_up.iter();
        messages
            .filter(|message| message.state == State::Accepted)
            .count()
    }

    /// How many e-mails of the plan are in a state.
    pub fn count(&self, state: State) -> usize {
        let wanted = Some(state);
        self.states.iter().filter(|state| **state == wanted).count()
    }
}

/// Plans the night and does it, alone in the folder. `sight` is what was seen before anything was
/// read, `form` how the night will be told: both for the next run ([`unchanged`]).
///
/// # Errors
/// Another run holds the folder, or the ledger can't be used: nothing was written or sent. Or it was
/// asked to stop: then it ends between two messages, isn't noted as done, and the next one goes on.
pub fn run(
    programme: &Programme,
    sight: Option<&Sight>,
    form: Form,
    progress: &Progress,
    cancel: &Cancel,
) -> Result<Done, RunError> {
    let outbound = Outbound::of(programme)?;
    run_by(outbound, programme, sight, form, progress, cancel)
}

/// The same over these transports, whatever the settings say of them: what cannot leave now is left
/// to the next run.
///
/// # Errors
/// As for [`run`].
pub fn run_over(
    programme: &Programme,
    transports: Vec<Box<dyn Transport>>,
    progress: &Progress,
    cancel: &Cancel,
) -> Result<Done, RunError> {
    let outbound = Outbound::over(transports);
    run_by(outbound, programme, None, Form::Nothing, progress, cancel)
}

fn run_by(
    outbound: Outbound,
    programme: &Programme,
    sight: Option<&Sight>,
    form: Form,
    progress: &Progress,
    cancel: &Cancel,
) -> Result<Done, RunError> {
    let mut reached = Reached::default();
    let night = Asked {
        programme,
        sight,
        form,
        progress,
        cancel,
    };
    // The ledger is closed by then: it is opened anew, only to look.
    match do_night(outbound, night, &mut reached) {
        Err(RunError::Ledger(error)) => Err(cut_short(error, programme, reached)),
        Err(RunError::Cancelled { .. }) => Err(cancelled(programme, reached)),
        done => done,
    }
}

/// What a night is asked to do.
#[derive(Clone, Copy)]
struct Asked<'a> {
    programme: &'a Programme,
    sight: Option<&'a Sight>,
    form: Form,
    progress: &'a Progress,
    cancel: &'a Cancel,
}

impl Asked<'_> {
    /// A sending for the folder as it is now.
    fn errand<'e>(
        &'e self,
        programme: &'e Programme,
        ledger: &'e mut Ledger,
        time: &'e Running,
    ) -> Errand<'e> {
        Errand {
            ledger,
            programme,
            time,
            progress: self.progress,
            cancel: self.cancel,
        }
    }
}

/// Puts the night's e-mails into words and freezes them.
fn queue(
    programme: &Programme,
    due: &Due,
    ledger: &mut Ledger,
    moment: Moment,
) -> Result<(Prepared, Enqueued), LedgerError> {
    let prepared = letters::put_into_words(programme, due);
    let queued = ledger.enqueue(&prepared.queued, &due.settled, moment)?;
    settle::written(ledger);
    Ok((prepared, queued))
}

fn do_night(
    mut outbound: Outbound,
    asked: Asked<'_>,
    reached: &mut Reached,
) -> Result<Done, RunError> {
    let Asked {
        programme,
        sight,
        form,
        progress,
        cancel,
    } = asked;
    let time = Running::from(programme.now);
    let moment = moment_of(&programme.now);
    let _lock = RunLock::take(&programme.folder, moment.now)?;
    let mut ledger = Ledger::open(&programme.folder)?;
    let changes = ledger.last_change()?;
    let before = ledger.last_line()?;
    outbox::recover(&mut ledger, &programme.folder, moment)?;
    let mut answers = Answers::read(&programme.folder.join(dashboard::OUTPUT));
    let existing = dashboard::Existing::of(&answers);
    let clock_trusted = answers.take_clock(&mut ledger, moment.day)?;
    let (mut past, ledger_trusted) = Past::of_run(programme, &mut ledger, &mut answers)?;
    past.purge(&mut ledger, programme, moment)?;
    go_on(cancel)?;
    let run = ledger.begin_run(moment)?;
    progress.say("checking");
    let settled = settle::settle(&mut ledger, programme, &mut past, answers, moment)?;
    let (mut plan, mut taken) = (settled.plan, settled.taken);
    (taken.clock_trusted, taken.ledger_trusted) = (clock_trusted, ledger_trusted);
    past.hold(&mut plan.due, &programme.settings);
    go_on(cancel)?;
    progress.say("writing e-mails");
    let (prepared, queued) = queue(programme, &plan.due, &mut ledger, moment)?;
    reached.sending = Some(before);
    let errand = asked.errand(programme, &mut ledger, &time);
    let sent = outbound.send(Whose::Participants, errand)?;
    go_on(cancel)?;
    let taken_up = sending::taken_up(&ledger, &queued, &sent.delivered)?;
    past.history = ledger.history()?;
    let states = letters::states(&plan.due, &prepared, &queued, &past.history);
    plan.fill_last_mails(&last_mails_of(programme, &ledger)?);
    progress.say("writing workbooks");
    // Where the folder was read again between two tries, what she sees is what is there now.
    let mut fresh = sent.fresh;
    if let Some((programme, plan)) = &mut fresh {
        plan.fill_last_mails(&last_mails_of(programme, &ledger)?);
    }
    let (seen, seen_plan) = fresh
        .as_ref()
        .map_or((programme, &plan), |(programme, plan)| (programme, plan));
    reached.writing = true;
    let workbooks = workbooks::write(seen, &seen_plan.sheets, &mut ledger);
    let mut problems = sending::problems(prepared.problems, sent.problems, sent.delivered);
    let obstacle = digest::obstacle(seen, &past.history);
    problems.extend(obstacle.clone());
    progress.say("writing the dashboard");
    let night = Night {
        programme: seen,
        verdict: &seen_plan.verdict,
        guard: plan.due.guard.as_deref(),
        desk: &past.desk(&ledger, programme)?,
        before: None,
        latest: None,
        problems: &problems,
        workbooks: &workbooks,
        taken: &taken,
    };
    let (morning, dashboard) = dashboard::write(&mut ledger, night, &existing)?;
    let of_digest = digest::Night {
        programme: seen,
        morning: &morning,
        findings: &seen_plan.verdict.findings,
        dashboard: &dashboard,
        is_troubled: plan.due.guard.is_some()
            || !problems.is_empty()
            || workbooks.iter().any(WorkbookDone::is_left_over),
    };
    let errand = asked.errand(seen, &mut ledger, &time);
    let digest = digest::send(&of_digest, &mut outbound, errand, moment)?;
    if digest.state == Some(State::Accepted) {
        problems.retain(|problem| Some(problem) != obstacle.as_ref());
    }
    problems.extend(digest.problem);
    // A digest that is still to be sent is tried again by the run that comes up for this one.
    go_on(cancel)?;
    let counts = ledger.counts_of_day(moment.day)?;
    let tally = ledger.tally(before)?;
    ledger.end_run(run, moment, &totals(&tally.all.by_state))?;
    past.end_night(&mut ledger, programme)?;
    let mut done = Done {
        plan,
        states,
        problems,
        counts,
        tally,
        workbooks,
        taken_up,
        retired: settled.retired,
        taken,
        morning,
        dashboard,
        digest: digest.state,
        seen: None,
    };
    done.seen = seen_by(ledger, changes, programme, form, sight, &done)?;
    Ok(done)
}

/// What a run saw, where the next one would do nothing on the same.
fn seen_by(
    ledger: Ledger,
    changes: i64,
    programme: &Programme,
    form: Form,
    sight: Option<&Sight>,
    done: &Done,
) -> Result<Option<Seen>, LedgerError> {
    let is_quiet = unchanged::is_quiet(&ledger, changes, done)?;
    drop(ledger);
    let mut seen = None;
    if is_quiet {
        let (folder, now) = (&programme.folder, &programme.now);
        seen = unchanged::seen(folder, now, form, sight, done);
    }
    if seen.is_none() {
        // What was kept of an earlier run is never read again; that it stays hides nothing.
        let _ = unchanged::forget(&programme.folder);
    }
    Ok(seen)
}

fn totals(counts: &BTreeMap<State, u32>) -> Value {
    let totals: BTreeMap<&str, u32> = counts
        .iter()
        .map(|(state, count)| (state.name(), *count))
        .collect();
    json!(totals)
}

fn last_mails_of(
    programme: &Programme,
    ledger: &Ledger,
) -> Result<BTreeMap<u32, String>, LedgerError> {
    Ok(letters::last_mails(&programme.season, &ledger.accepted()?))
}

fn go_on(cancel: &Cancel) -> Result<(), RunError> {
    if cancel.is_asked() {
        return Err(RunError::Cancelled { tally: None });
    }
    Ok(())
}

fn moment_of(now: &Now) -> Moment {
    Moment {
        now: now.instant.to_utc(),
        day: now.today,
    }
}
