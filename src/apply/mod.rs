//! The only module that changes anything outside: the ledger, the e-mails, the copies of the
//! workbooks. It gathers failures and goes on past the first.

mod letters;
mod workbooks;

use std::collections::BTreeMap;

use serde_json::json;

use crate::clock::Now;
use crate::config::{Settings, Transport, Write};
use crate::mails::{self, Due, Entry, History, State};
use crate::outbox::{
    self, Delivered, FileTransport, Id, Ledger, LedgerError, LockError, Moment, Pending, RunLock,
    Step, Stop,
};
use crate::plan::Plan;
use crate::programme::Programme;
use crate::progress::Progress;

pub use workbooks::{WorkbookDone, WorkbookState};

/// Why a run did not begin: nothing was written or sent.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The settings ask for what this version can't do: e-mails must not count as sent while they
    /// only lie in a folder.
    #[error("programme.toml: {0}")]
    NotAvailable(&'static str),
    /// Another run is under way, or the lock can't be made.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The ledger can't be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

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
    /// The workbooks.
    pub workbooks: Vec<WorkbookDone>,
}

impl Done {
    /// A workbook could not be written, or e-mails will be tried again.
    pub fn is_partial(&self) -> bool {
        let failed = |workbook: &WorkbookDone| workbook.state == WorkbookState::Failed;
        !self.problems.is_empty() || self.workbooks.iter().any(failed)
    }

    /// How many e-mails of the plan are in a state.
    pub fn count(&self, state: State) -> usize {
        let wanted = Some(state);
        self.states.iter().filter(|state| **state == wanted).count()
    }
}

/// Plans the night and does it, alone in the folder.
///
/// # Errors
/// Another run holds the folder, or the ledger can't be used: nothing was written or sent.
pub fn run(programme: &Programme, progress: &Progress) -> Result<Done, RunError> {
    check_available(&programme.settings)?;
    let moment = moment_of(&programme.now);
    let _lock = RunLock::take(&programme.folder, moment.now)?;
    let mut ledger = Ledger::open(&programme.folder)?;
    outbox::recover(&mut ledger, &programme.folder, moment)?;
    let past = Past::of(programme, Some(&ledger))?;
    progress.say("checking");
    let mut plan = Plan::of(programme, &past.history);
    past.hold(&mut plan.due);
    let run = ledger.begin_run(moment)?;
    retire_obsolete(&mut ledger, programme, &plan, &past.history, moment)?;
    progress.say("writing e-mails");
    let prepared = letters::put_into_words(programme, &plan.due);
    let queued = ledger.enqueue(&prepared.queued, &plan.due.settled, moment)?;
    let mut transport = FileTransport::new(&programme.folder);
    let delivered = outbox::deliver(&mut ledger, &mut transport, &|| moment);
    let states = letters::states(&plan.due, &prepared, &queued, &ledger.history()?);
    let counts = ledger.counts_of_day(moment.day)?;
    let last_mails = letters::last_mails(&programme.season, &ledger.accepted()?);
    plan.fill_last_mails(&last_mails);
    progress.say("writing workbooks");
    let workbooks = workbooks::write(programme, &plan.sheets, &mut ledger);
    let totals: BTreeMap<&str, u32> = counts
        .iter()
        .map(|(state, count)| (state.name(), *count))
        .collect();
    ledger.end_run(run, moment, &json!(totals))?;
    Ok(Done {
        plan,
        states,
        problems: problems(prepared.problems, delivered),
        counts,
        workbooks,
    })
}

/// What a run would do; reads the ledger and changes nothing.
///
/// # Errors
/// The ledger can't be used.
pub fn plan(programme: &Programme) -> Result<Plan, LedgerError> {
    let ledger = Ledger::read_only(&programme.folder)?;
    let past = Past::of(programme, ledger.as_ref())?;
    let mut plan = Plan::of(programme, &past.history);
    past.hold(&mut plan.due);
    if let Some(ledger) = ledger {
        plan.fill_last_mails(&letters::last_mails(&programme.season, &ledger.accepted()?));
    }
    Ok(plan)
}

/// What the nights before left to this one.
#[derive(Debug)]
pub struct Past {
    /// What was sent.
    pub history: History,
    /// Why nothing may go without the coordinator's yes, in French, where that is so.
    reason_to_hold: Option<String>,
}

impl Past {
    /// Reads the ledger and changes nothing.
    ///
    /// # Errors
    /// The ledger can't be used.
    pub fn read(programme: &Programme) -> Result<Self, LedgerError> {
        Self::of(programme, Ledger::read_only(&programme.folder)?.as_ref())
    }

    fn of(programme: &Programme, ledger: Option<&Ledger>) -> Result<Self, LedgerError> {
        let history = ledger.map_or_else(|| Ok(History::default()), Ledger::history)?;
        let reason_to_hold = reason_to_hold(programme, ledger, &history)?;
        Ok(Self {
            history,
            reason_to_hold,
        })
    }

    /// Makes the e-mails of the night await approval, where nothing may go without.
    pub fn hold(&self, due: &mut Due) {
        if let Some(reason) = &self.reason_to_hold {
            mails::hold_everything(due, reason);
        }
    }
}

const LEDGER_LOST: &str = "Le registre des courriels manque, alors que vos classeurs portent la trace d’envois passés : rien ne part sans votre accord. Remettez en place le dossier .peer-culture s’il en existe une sauvegarde.";

/// Why nothing may go without the coordinator's yes: what was sent before is not known, or the
/// clock is wrong (hazards.md, "Sending: the protocol").
fn reason_to_hold(
    programme: &Programme,
    ledger: Option<&Ledger>,
    history: &History,
) -> Result<Option<String>, LedgerError> {
    if history.is_empty() && programme.season.carries_mail_history {
        return Ok(Some(LEDGER_LOST.to_owned()));
    }
    let last = ledger
        .map_or(Ok(None), Ledger::last_run)?
        .map(|run| run.day);
    Ok(last.filter(|day| *day > programme.now.today).map(|day| {
        format!(
            "La dernière exécution porte la date du {}, qui est dans le futur : vérifiez la date de l’ordinateur. Rien ne part sans votre accord.",
            crate::model::time::short_date(day)
        )
    }))
}

/// What an earlier night queued and could not send, or what awaits approval, is looked at again: a
/// row that was cancelled meanwhile makes it obsolete.
fn retire_obsolete(
    ledger: &mut Ledger,
    programme: &Programme,
    plan: &Plan,
    history: &History,
    moment: Moment,
) -> Result<(), LedgerError> {
    let mut waiting = ledger.pending(moment.now)?;
    waiting.extend(ledger.in_state(State::AwaitingApproval)?);
    if waiting.is_empty() {
        return Ok(());
    }
    let standing = plan.verdict.standing(programme, history, |standing| {
        let obsolete = |message: &&Pending| {
            history
                .find(message.kind, &message.key, &message.to.address)
                .is_some_and(|entry| !standing.still_due(entry))
        };
        waiting
            .iter()
            .filter(obsolete)
            .map(|message| message.id)
            .collect::<Vec<_>>()
    });
    let retire = |id| {
        let reason = "plus d’actualité quand son tour est venu".to_owned();
        (id, Step::Retire { reason })
    };
    let steps: Vec<(Id, Step)> = standing.into_iter().map(retire).collect();
    ledger.steps(&steps, moment)?;
    Ok(())
}

fn check_available(settings: &Settings) -> Result<(), RunError> {
    if settings.mail.transport == Transport::Smtp {
        return Err(RunError::NotAvailable(
            "mail.transport = \"smtp\" is not available in this version; set it to \"file\" and send controles/courriels/*.eml yourself",
        ));
    }
    if settings.output.write == Write::InPlace {
        return Err(RunError::NotAvailable(
            "output.write = \"in-place\" is not available in this version; set it to \"copy\"",
        ));
    }
    Ok(())
}

fn moment_of(now: &Now) -> Moment {
    Moment {
        now: now.instant.to_utc(),
        day: now.today,
    }
}

/// Each problem once, in the order in which they came up.
fn problems(rendering: Vec<String>, delivered: Delivered) -> Vec<String> {
    let failed = delivered
        .messages
        .into_iter()
        .filter(|message| message.state != State::Accepted)
        .filter_map(|message| message.error);
    let stopped = delivered.stopped.map(|stop| match stop {
        Stop::Transport(error) => format!("L’envoi s’est arrêté : {error}"),
        Stop::Ledger(error) => {
            format!("Le registre des courriels ne peut pas être écrit : {error}")
        }
    });
    let mut problems: Vec<String> = Vec::new();
    for problem in rendering.into_iter().chain(failed).chain(stopped) {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    problems
}

/// The state of the ledger's message of that kind, key and address.
fn state_of(history: &History, draft: &mails::Draft) -> Option<State> {
    let entry: &Entry = history.find(draft.kind, &draft.key, &draft.to.address)?;
    Some(entry.state)
}
