//! What the next run would do, found out on a copy of the ledger in memory: by the steps of a run
//! themselves, up to the first that anybody outside could see. Nothing is written or sent.

use super::answers::{Answers, Taken};
use super::dashboard::OUTPUT;
use super::past::Past;
use super::{letters, moment_of, settle};
use crate::mails::State;
use crate::outbox::{self, Ledger, LedgerError, Pending, Whose};
use crate::plan::Plan;
use crate::programme::Programme;

/// A night as it would begin.
#[derive(Debug)]
pub struct Foresight {
    /// What it would come to.
    pub plan: Plan,
    /// What would come of the coordinator's answers in « Courriels ».
    pub taken: Taken,
    /// What earlier nights left to it, once her answers are taken.
    pub past: Past,
    /// What would leave besides the plan's e-mails: queued by an earlier night, or approved since;
    /// oldest first.
    pub left: Vec<Pending>,
    /// How many messages of earlier nights would still await her approval.
    pub asked: usize,
    /// How many messages of earlier nights would no longer be due.
    pub retired: u32,
    /// The ledger as it would be then, on paper.
    pub(super) ledger: Ledger,
}

/// What a run would do now; reads the ledger and the dashboard, and changes nothing.
///
/// # Errors
/// The ledger can't be used.
pub fn foresee(programme: &Programme) -> Result<Foresight, LedgerError> {
    let moment = moment_of(&programme.now);
    let mut ledger = Ledger::on_paper(&programme.folder)?;
    outbox::settle_left(&mut ledger, &programme.folder, moment)?;
    let mut answers = Answers::read(&programme.folder.join(OUTPUT));
    let clock_trusted = answers.take_clock(&mut ledger, moment.day)?;
    let (mut past, ledger_trusted) = Past::of_run(programme, &mut ledger, &mut answers)?;
    let settled = settle::settle(&mut ledger, programme, &mut past, answers, moment)?;
    let (mut plan, mut taken) = (settled.plan, settled.taken);
    (taken.clock_trusted, taken.ledger_trusted) = (clock_trusted, ledger_trusted);
    past.hold(&mut plan.due, &programme.settings);
    // A run waits for those that are not due yet.
    let mut left = ledger.in_state(State::Planned)?;
    left.extend(ledger.in_state(State::Deferred)?);
    let asked = ledger.in_state(State::AwaitingApproval)?.len();
    left.sort_by_key(|message| message.id);
    left.retain(|message| Whose::Participants.includes(message.kind));
    Ok(Foresight {
        plan,
        taken,
        past,
        left,
        asked,
        retired: settled.retired,
        ledger,
    })
}

/// As [`foresee`], with what the workbooks would say of the e-mails that were accepted so far.
///
/// # Errors
/// The ledger can't be used.
pub fn plan(programme: &Programme) -> Result<Foresight, LedgerError> {
    let mut night = foresee(programme)?;
    let accepted = night.ledger.accepted()?;
    let last = letters::last_mails(&programme.season, &accepted);
    night.plan.fill_last_mails(&last);
    Ok(night)
}
