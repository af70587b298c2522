//! `outbox approve`, `reject` and `resolve`: the coordinator's word, by number.

use std::path::Path;

use chrono::NaiveDate;
use clap::{ArgGroup, Args};

use super::super::Exit;
use super::super::output::{Printer, Stdout};
use super::show::unknown;
use super::{Failure, Folder, Office, no_ledger};
use crate::apply::{self, Filled};
use crate::mails::{Kind, State};
use crate::model::fold::fold_word;
use crate::outbox::{self, Id, Ledger, LockError, Moment, Pending, RunLock, Step, state_folder};
use crate::report::outbox::{
    DateTrustedView, Decided, DecidedView, LedgerTrustedView, write_date_trusted, write_decided,
    write_ledger_trusted,
};
use crate::sheets::{InputProblem, ProblemCode};

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").required(true)))]
pub(super) struct ApproveArgs {
    #[command(flatten)]
    folder: Folder,
    /// Their numbers, as `outbox list` gives them.
    #[arg(value_name = "ID", group = "which")]
    ids: Vec<Id>,
    /// All that await approval.
    #[arg(long, group = "which")]
    all: bool,
    /// All of this kind that await approval.
    #[arg(long = "kind", value_name = "KIND", value_parser = kind, group = "which")]
    kinds: Vec<Kind>,
}

#[derive(Debug, Args)]
pub(super) struct ResolveArgs {
    #[command(flatten)]
    folder: Folder,
    /// Its number, as `outbox list` gives it.
    id: Id,
    /// `reçu`: it arrived (also said of one that awaits approval and had left before); `renvoyer`:
    /// send it once more.
    #[arg(value_name = "reçu|renvoyer", value_parser = outcome)]
    outcome: Outcome,
}

#[derive(Debug, Args)]
pub(super) struct TrustArgs {
    #[command(flatten)]
    folder: Folder,
}

/// What became of a message of which it was not known whether it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Received,
    Resend,
}

/// What the journal says of decisions made here.
const HERE: &str = "décidé en ligne de commande";

pub(super) fn approve(args: &ApproveArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    let decision = Decision {
        from: &[State::AwaitingApproval],
        by_number: &[],
        step: || Step::Approve { reason: here() },
        to: State::Planned,
    };
    decide(&args.folder, today, &decision, &args.wanted())
}

pub(super) fn reject(args: &ApproveArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    let decision = Decision {
        from: &[State::AwaitingApproval],
        // A yes can be taken back until it leaves.
        by_number: &[State::Planned, State::Deferred],
        step: || Step::Reject { reason: here() },
        to: State::Rejected,
    };
    decide(&args.folder, today, &decision, &args.wanted())
}

pub(super) fn resolve(args: &ResolveArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    let decision = match args.outcome {
        Outcome::Received => Decision {
            from: &[State::Unknown, State::AwaitingApproval],
            by_number: &[],
            step: || Step::Received { reason: here() },
            to: State::Accepted,
        },
        Outcome::Resend => Decision {
            from: &[State::Unknown],
            by_number: &[],
            step: || Step::Resend { reason: here() },
            to: State::Planned,
        },
    };
    let ids = [args.id];
    decide(&args.folder, today, &decision, &Wanted::Ids(&ids))
}

/// The way out of a clock that was wrong one night: no run of earlier is held against today's date.
pub(super) fn trust_date(args: &TrustArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folder.with(today, |office, printer| {
        let moment = Moment::from(&office.now);
        let (_lock, mut ledger) = hold(&office.folder, moment)?;
        let latest = ledger.latest_day()?.filter(|day| *day > moment.day);
        if latest.is_some() {
            ledger.trust_clock()?;
        }
        printer.print(
            |out| write_date_trusted(out, moment.day, latest),
            &DateTrustedView::new(moment.day, latest),
        )?;
        Ok(Exit::Done)
    })
}

/// The way out of a ledger with a gap where there is nothing to approve or reject.
pub(super) fn trust_ledger(args: &TrustArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folder.with(today, |office, printer| {
        let moment = Moment::from(&office.now);
        let (_lock, mut ledger) = hold(&office.folder, moment)?;
        let filled = apply::trust_ledger(&mut ledger, &office.settings)?;
        printer.print(
            |out| write_ledger_trusted(out, filled),
            &LedgerTrustedView::new(filled),
        )?;
        Ok(match filled {
            Filled::Waiting(_) => Exit::BadInput,
            Filled::Nothing | Filled::Done(_) => Exit::Done,
        })
    })
}

/// The folder and its ledger, for as long as something is decided.
pub(super) fn hold(folder: &Path, moment: Moment) -> Result<(RunLock, Ledger), Failure> {
    if !state_folder(folder).is_dir() {
        return Err(no_ledger(folder));
    }
    let lock = RunLock::take(folder, moment.now).map_err(|error| held(&error))?;
    Ok((lock, Ledger::open(folder)?))
}

pub(super) fn here() -> String {
    HERE.to_owned()
}

/// A decision on messages.
pub(super) struct Decision {
    /// The states in which a message can be decided on.
    pub from: &'static [State],
    /// And these, where it is named by its number.
    pub by_number: &'static [State],
    pub step: fn() -> Step,
    /// The state that it leads to.
    pub to: State,
}

impl Decision {
    fn can_be_of(&self, state: State) -> bool {
        self.from.contains(&state) || self.by_number.contains(&state)
    }
}

/// Which messages are decided on.
pub(super) enum Wanted<'a> {
    Ids(&'a [Id]),
    Kinds(&'a [Kind]),
    All,
}

impl ApproveArgs {
    fn wanted(&self) -> Wanted<'_> {
        if self.all {
            Wanted::All
        } else if self.kinds.is_empty() {
            Wanted::Ids(&self.ids)
        } else {
            Wanted::Kinds(&self.kinds)
        }
    }
}

fn decide(
    folder: &Folder,
    today: Option<NaiveDate>,
    decision: &Decision,
    wanted: &Wanted,
) -> anyhow::Result<Exit> {
    folder.with(today, |office, printer| {
        let moment = Moment::from(&office.now);
        let (_lock, mut ledger) = hold(&office.folder, moment)?;
        // As a run does at its start: what a crash left half-way is a doubt, which can be settled.
        outbox::recover(&mut ledger, &office.folder, moment)?;
        let (messages, mut problems) = find(&ledger, decision, wanted)?;
        let changed = change(&mut ledger, decision, messages, moment, &mut problems)?;
        let decided = Decided {
            to: decision.to,
            changed: &changed,
            written_to_again: &[],
            problems: &problems,
        };
        tell(printer, office, &decided)
    })
}

/// The messages that can be decided on, and what speaks against the others.
pub(super) fn find(
    ledger: &Ledger,
    decision: &Decision,
    wanted: &Wanted,
) -> Result<(Vec<Pending>, Vec<InputProblem>), Failure> {
    let mut messages = Vec::new();
    let mut problems = Vec::new();
    match wanted {
        Wanted::Ids(ids) => {
            let mut ids = ids.to_vec();
            ids.sort_unstable();
            ids.dedup();
            for id in ids {
                match ledger.message(id)? {
                    None => {
                        problems.push(InputProblem::new(ProblemCode::UnknownMessage, unknown(id)));
                    }
                    Some(found) if !decision.can_be_of(found.state) => {
                        problems.push(other_state(decision, &found));
                    }
                    Some(found) => messages.push(found),
                }
            }
        }
        Wanted::Kinds(_) | Wanted::All => {
            for state in decision.from {
                messages.extend(ledger.in_state(*state)?);
            }
            if let Wanted::Kinds(kinds) = wanted {
                messages.retain(|message| kinds.contains(&message.kind));
            }
            messages.sort_by_key(|message| message.id);
        }
    }
    Ok((messages, problems))
}

pub(super) fn other_state(decision: &Decision, message: &Pending) -> InputProblem {
    let word = |state: &State| format!("« {} »", state.french());
    let states = decision.from.iter().chain(decision.by_number);
    let asked: Vec<String> = states.map(word).collect();
    InputProblem::new(
        ProblemCode::WrongState,
        format!(
            "message {} is {}, not {}: nothing was changed",
            message.id,
            word(&message.state),
            asked.join(" or ")
        ),
    )
}

/// The messages whose state was changed.
pub(super) fn change(
    ledger: &mut Ledger,
    decision: &Decision,
    messages: Vec<Pending>,
    moment: Moment,
    problems: &mut Vec<InputProblem>,
) -> Result<Vec<Pending>, Failure> {
    let steps: Vec<(Id, Step)> = messages
        .iter()
        .map(|message| (message.id, (decision.step)()))
        .collect();
    let done = ledger.steps(&steps, moment)?;
    let mut changed = Vec::new();
    for (mut message, done) in messages.into_iter().zip(done) {
        if done {
            message.state = decision.to;
            changed.push(message);
        } else {
            problems.push(InputProblem::new(
                ProblemCode::WrongState,
                format!(
                    "message {} can't be sent any more: its content was erased",
                    message.id
                ),
            ));
        }
    }
    Ok(changed)
}

pub(super) fn tell(
    printer: &mut Printer<Stdout>,
    office: &Office,
    decided: &Decided<'_>,
) -> Result<Exit, Failure> {
    for problem in decided.problems {
        eprintln!("error: {}: {problem}", office.folder.display());
    }
    printer.print(
        |out| write_decided(out, decided),
        &DecidedView::new(decided),
    )?;
    Ok(match (decided.problems.is_empty(), decided.is_nothing()) {
        (true, _) => Exit::Done,
        (false, false) => Exit::Partial,
        (false, true) => Exit::BadInput,
    })
}

fn held(error: &LockError) -> Failure {
    let message = error.to_string();
    match error {
        LockError::Held { .. } => {
            let problem = InputProblem::new(ProblemCode::FolderHeld, message);
            Failure::Problems(Exit::Held, vec![problem])
        }
        LockError::Io { .. } => Failure::one(ProblemCode::UnusableLedger, message),
    }
}

fn kind(typed: &str) -> Result<Kind, String> {
    Kind::named(typed.trim()).ok_or_else(|| {
        let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        format!("it is none of {}", names.join(", "))
    })
}

fn outcome(typed: &str) -> Result<Outcome, &'static str> {
    let typed = fold_word(typed);
    let is = |word: &str| fold_word(word).matches(&typed);
    if is("reçu") || is("received") {
        return Ok(Outcome::Received);
    }
    if is("renvoyer") || is("resend") {
        return Ok(Outcome::Resend);
    }
    Err("it is neither reçu (it arrived) nor renvoyer (send it once more)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_read_as_people_type_it() {
        for typed in ["reçu", "Recu", "reçue", "RECU"] {
            assert_eq!(outcome(typed), Ok(Outcome::Received), "{typed}");
        }
        assert_eq!(outcome("Renvoyer"), Ok(Outcome::Resend));
        assert!(outcome("oui").is_err());
    }
}
