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
        let is_first = answers.is_some();
        if let Some(answers) = answers.take() {
            (steps, taken) = if past.has_new_gap() {
                (Vec::new(), answers.refuse())
            } else {
                answers.decide(ledger, &obsolete)?
            };
        }
        // After her answers: a no stays a no.
        steps.extend(obsolete.iter().copied().map(retire));
        let mut done = take(ledger, &steps, moment)?;
        if is_first {
            past.reconsider(ledger, &programme.settings)?;
            let more = left_over(ledger, programme, past, moment)?;
            done.extend(take(ledger, &more, moment)?);
            steps.extend(more);
        }
        if steps.is_empty() {
            return Ok(Settled {
                plan,
                taken,
                retired,
            });
        }
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

/// Most nights there are none.
fn take(
    ledger: &mut Ledger,
    steps: &[(Id, Step)],
    moment: Moment,
) -> Result<Vec<bool>, LedgerError> {
    if steps.is_empty() {
        return Ok(Vec::new());
    }
    ledger.steps(steps, moment)
}

/// What becomes of what earlier nights left unsent or in doubt. Where the past can't be relied on,
/// nothing goes without her yes, neither that.
fn left_over(
    ledger: &Ledger,
    programme: &Programme,
    past: &Past,
    moment: Moment,
) -> Result<Vec<(Id, Step)>, LedgerError> {
    let Some(why) = past.reason_to_hold() else {
        return doubts::resends(ledger, programme, moment);
    };
    let unsent = if past.has_new_gap() {
        // What she approved before may have left since, where the ledger doesn't know it.
        let mut unsent = ledger.in_state(State::Planned)?;
        unsent.extend(ledger.in_state(State::Deferred)?);
        unsent
    } else {
        ledger.unsent_without_approval()?
    };
    // The digest is what asks her.
    let unsent = unsent
        .into_iter()
        .filter(|message| Whose::Participants.includes(message.kind));
    let hold = |message: Pending| {
        let reason = why.clone();
        (message.id, Step::Hold { reason })
    };
    Ok(unsent.map(hold).collect())
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
