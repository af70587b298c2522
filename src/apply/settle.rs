//! Before anything is queued: the coordinator's answers, and a second look at what earlier nights
//! left unsent (hazards.md, "Sending: the protocol", 2).
//!
//! What changes the ledger here changes what people were told, and thereby the plan: the night is
//! planned again until nothing changes any more. Most nights nothing does.

use std::collections::BTreeSet;

use super::answers::{Answers, Taken};
use super::doubts;
use super::past::Past;
use crate::mails::{History, State};
use crate::outbox::{Id, Ledger, LedgerError, Moment, Pending, Step, Whose};
use crate::plan::Plan;
use crate::programme::Programme;

/// The night's plan, once earlier nights are settled.
pub(super) struct Settled {
    pub(super) plan: Plan,
    pub(super) taken: Taken,
    /// How many messages of earlier nights were no longer due.
    pub(super) retired: u32,
}

/// Takes the answers, retires what is no longer due, and plans the night.
pub(super) fn settle(
    ledger: &mut Ledger,
    programme: &Programme,
    past: &mut Past,
    answers: Answers,
    moment: Moment,
) -> Result<Settled, LedgerError> {
    let mut answers = Some(answers);
    let mut taken = Taken::default();
    let mut retired = 0;
    loop {
        let plan = Plan::of(programme, &past.history);
        let obsolete = obsolete(ledger, programme, &plan, &past.history)?;
        let mut steps = Vec::new();
        if let Some(answers) = answers.take() {
            (steps, taken) = answers.decide(ledger, &obsolete)?;
            match past.reason_to_hold() {
                Some(why) => steps.extend(held_back(ledger, why)?),
                None => steps.extend(doubts::resends(ledger, programme, moment)?),
            }
        }
        // After her answers: a no stays a no.
        steps.extend(obsolete.iter().copied().map(retire));
        if steps.is_empty() {
            return Ok(Settled {
                plan,
                taken,
                retired,
            });
        }
        let done = ledger.steps(&steps, moment)?;
        let is_retired =
            |(step, done): &(&(Id, Step), &bool)| **done && matches!(step.1, Step::Retire { .. });
        let count = steps.iter().zip(&done).filter(is_retired).count();
        retired += u32::try_from(count).unwrap_or(u32::MAX);
        past.history = ledger.history()?;
        if !done.contains(&true) {
            // Nothing can change any more: what is left is no longer ours to retire.
            return Ok(Settled {
                plan: Plan::of(programme, &past.history),
                taken,
                retired,
            });
        }
    }
}

/// Retires what is no longer due of what is still to be sent.
pub(super) fn retire_obsolete(
    ledger: &mut Ledger,
    programme: &Programme,
    plan: &Plan,
    history: &History,
    moment: Moment,
) -> Result<BTreeSet<Id>, LedgerError> {
    let obsolete = obsolete(ledger, programme, plan, history)?;
    let steps: Vec<(Id, Step)> = obsolete.iter().copied().map(retire).collect();
    ledger.steps(&steps, moment)?;
    Ok(obsolete)
}

fn retire(id: Id) -> (Id, Step) {
    let reason = "plus d’actualité quand son tour est venu".to_owned();
    (id, Step::Retire { reason })
}

/// What an earlier night queued and could not send, or what awaits approval, and is no longer due:
/// its row was cancelled meanwhile, or the day has passed.
fn obsolete(
    ledger: &Ledger,
    programme: &Programme,
    plan: &Plan,
    history: &History,
) -> Result<BTreeSet<Id>, LedgerError> {
    let mut waiting: Vec<Pending> = Vec::new();
    for state in [State::Planned, State::Deferred, State::AwaitingApproval] {
        waiting.extend(ledger.in_state(state)?);
    }
    if waiting.is_empty() {
        return Ok(BTreeSet::new());
    }
    Ok(plan.verdict.standing(programme, history, |standing| {
        let is_obsolete = |message: &&Pending| {
            history
                .find(message.kind, &message.key, &message.to.address)
                .is_some_and(|entry| !standing.still_due(entry))
        };
        let obsolete = waiting.iter().filter(is_obsolete);
        obsolete.map(|message| message.id).collect()
    }))
}

/// Where the past can't be relied on, nothing goes without her yes: neither what earlier nights left
/// unsent.
fn held_back(ledger: &Ledger, why: &str) -> Result<Vec<(Id, Step)>, LedgerError> {
    // The digest is what asks her.
    let messages = ledger.unsent_without_approval()?.into_iter();
    let messages = messages.filter(|message| Whose::Participants.includes(message.kind));
    let hold = |message: Pending| {
        let reason = why.to_owned();
        (message.id, Step::Hold { reason })
    };
    Ok(messages.map(hold).collect())
}
