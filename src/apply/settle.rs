//! Before anything is queued: the coordinator's answers, and a second look at what earlier nights
//! left unsent (hazards.md, "Sending: the protocol", 2).
//!
//! What changes the ledger here changes what people were told, and thereby the plan: the night is
//! planned again until nothing changes any more. Most nights nothing does.

use std::collections::BTreeSet;

use super::answers::{Answers, Taken};
use super::doubts;
use super::past::Past;
use super::workbooks::note;
use crate::config::{Mode, Settings};
use crate::french::typographic;
use crate::mails::{Anew, Fate, History, Kind, State};
use crate::outbox::{Id, Ledger, LedgerError, Moment, Pending, Step, Whose};
use crate::plan::Plan;
use crate::programme::Programme;

/// Its name among the ledger's notes.
const ANEW: &str = "what is written anew";

/// The night's plan, once earlier nights are settled.
pub(super) struct Settled {
    pub(super) plan: Plan,
    pub(super) taken: Taken,
    /// How many messages of earlier nights were no longer due.
    pub(super) retired: u32,
}

/// What an earlier night noted of her word.
pub(super) fn noted_anew(ledger: &Ledger) -> Anew {
    note::read(ledger, ANEW).unwrap_or_default()
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
    // Of a night that was cut off before it wrote them.
    let mut anew = noted_anew(ledger);
    past.write_anew(anew.clone());
    loop {
        let plan = Plan::of(programme, &past.history);
        let mut fallen = Fallen::of(ledger, programme, &plan, &past.history)?;
        if past.reason_to_hold().is_some() {
            // A column that is missed makes every row look well.
            fallen.lapsed.clear();
        }
        let mut steps = Vec::new();
        let is_first = answers.is_some();
        if let Some(answers) = answers.take() {
            (steps, taken) = if past.has_new_gap() {
                (Vec::new(), answers.refuse())
            } else {
                let overtaken = fallen.overtaken.iter().map(|message| message.id);
                answers.decide(ledger, &overtaken.collect())?
            };
        }
        let trusts = !past.has_new_gap();
        if fallen.note(&mut anew, ledger, &programme.settings, &steps, trusts)? {
            note::write(ledger, ANEW, &anew);
        }
        taken.remarks.extend(fallen.agreed_in_vain(ledger)?);
        // After her answers: a no stays a no.
        steps.extend(fallen.ids().map(retire));
        steps.extend(fallen.lapsed.iter().map(|message| lapse(message.id)));
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
        past.write_anew(anew.clone());
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

/// What was to be written anew is in the ledger now.
pub(super) fn written(ledger: &mut Ledger) {
    let noted = noted_anew(ledger);
    if !noted.is_empty() {
        note::write(ledger, ANEW, &noted.kept());
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
    let fallen = Fallen::of(ledger, programme, plan, history)?;
    let steps: Vec<(Id, Step)> = fallen.ids().map(retire).collect();
    take(ledger, &steps, moment)?;
    Ok(fallen.ids().collect())
}

fn retire(id: Id) -> (Id, Step) {
    let reason = "plus d’actualité quand son tour est venu".to_owned();
    (id, Step::Retire { reason })
}

fn lapse(id: Id) -> (Id, Step) {
    let reason = "ce que vous aviez écarté n’est plus dans vos feuilles : si cela revient, la question se pose de nouveau".to_owned();
    (id, Step::Lapse { reason })
}

fn key_of(message: &Pending) -> (Kind, &str, &str) {
    (message.kind, &message.key, &message.to.address)
}

/// What an earlier night queued and could not send, or what awaits approval, and no longer stands:
/// its row was cancelled meanwhile, or the day has passed.
#[derive(Default)]
struct Fallen {
    /// No longer due, or not so.
    overtaken: Vec<Pending>,
    /// Still due, but it counts the days of another night: it is written anew.
    recounted: Vec<Pending>,
    /// She said no to it, and her no has ended.
    lapsed: Vec<Pending>,
}

impl Fallen {
    fn of(
        ledger: &Ledger,
        programme: &Programme,
        plan: &Plan,
        history: &History,
    ) -> Result<Self, LedgerError> {
        let mut waiting: Vec<Pending> = Vec::new();
        for state in [State::Planned, State::Deferred, State::AwaitingApproval] {
            waiting.extend(ledger.in_state(state)?);
        }
        let rejected = ledger.in_state(State::Rejected)?;
        let mut fallen = Self::default();
        if waiting.is_empty() && rejected.is_empty() {
            return Ok(fallen);
        }
        plan.verdict.standing(programme, history, |standing| {
            for message in waiting {
                let (kind, key, address) = key_of(&message);
                match standing.fate(kind, key, address) {
                    Fate::Stands => {}
                    Fate::Recounted => fallen.recounted.push(message),
                    Fate::Overtaken => fallen.overtaken.push(message),
                }
            }
            for message in rejected {
                let (kind, key, address) = key_of(&message);
                if standing.is_lapsed(kind, key, address) {
                    fallen.lapsed.push(message);
                }
            }
        });
        Ok(fallen)
    }

    fn ids(&self) -> impl Iterator<Item = Id> {
        let all = self.overtaken.iter().chain(&self.recounted);
        all.map(|message| message.id)
    }

    /// What she had said yes to on an earlier night and that no longer leaves so: she is told.
    fn agreed_in_vain(&self, ledger: &Ledger) -> Result<Vec<String>, LedgerError> {
        let is_unsent = |message: &&Pending| message.state == State::Planned;
        let unsent: Vec<&Pending> = self.overtaken.iter().filter(is_unsent).collect();
        if unsent.is_empty() {
            return Ok(Vec::new());
        }
        let unasked = ledger.unsent_without_approval()?;
        let unasked: BTreeSet<Id> = unasked.iter().map(|message| message.id).collect();
        let agreed = unsent
            .into_iter()
            .filter(|message| !unasked.contains(&message.id));
        let remark = |message: &Pending| {
            typographic(&format!(
                "Courriel n° {}, « {} » : vous l’aviez approuvé, et il n’est plus d’actualité tel quel ; s’il reste quelque chose à dire, une nouvelle version attend votre accord.",
                message.id,
                message.kind.french()
            ))
        };
        Ok(agreed.map(remark).collect())
    }

    /// Notes her word on what may be written anew: yes, where only the days that are left are others;
    /// none yet, where it awaits it. Whether there is any. Where it was found out tonight that the
    /// ledger lost something, no yes counts.
    fn note(
        &self,
        anew: &mut Anew,
        ledger: &Ledger,
        settings: &Settings,
        answers: &[(Id, Step)],
        trusts: bool,
    ) -> Result<bool, LedgerError> {
        let unasked = if self.recounted.is_empty() {
            Vec::new()
        } else {
            ledger.unsent_without_approval()?
        };
        let unasked: BTreeSet<Id> = unasked.iter().map(|message| message.id).collect();
        let answers = answers.iter();
        let yes = answers.filter(|(_, step)| matches!(step, Step::Approve { .. }));
        let yes: BTreeSet<Id> = yes.map(|(id, _)| *id).collect();
        let is_agreed = |message: &Pending| match message.state {
            State::AwaitingApproval => yes.contains(&message.id),
            // One of a kind that awaits approval was written anew before.
            _ => message.kind.mode(settings) == Mode::Review || !unasked.contains(&message.id),
        };
        let before = anew.clone();
        for message in &self.recounted {
            let (kind, key, address) = key_of(message);
            if trusts && is_agreed(message) {
                anew.agree(kind, key, address);
            } else if message.state == State::AwaitingApproval {
                anew.ask(kind, key, address);
            }
        }
        for message in &self.overtaken {
            if message.state == State::AwaitingApproval {
                let (kind, key, address) = key_of(message);
                anew.ask(kind, key, address);
            }
        }
        for message in &self.lapsed {
            let (kind, key, address) = key_of(message);
            anew.refuse(kind, key, address);
        }
        Ok(*anew != before)
    }
}
