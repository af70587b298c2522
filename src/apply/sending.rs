//! Handing over what is due: earlier nights' messages are looked at again, then all leave.

use crate::mails::{History, State};
use crate::outbox::{Delivered, Id, Ledger, LedgerError, Moment, Pending, Step, Stop};
use crate::plan::Plan;
use crate::programme::Programme;

/// What an earlier night queued and could not send, or what awaits approval, is looked at again: a
/// row that was cancelled meanwhile makes it obsolete.
pub(super) fn retire_obsolete(
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

/// Each problem once, in the order in which they came up.
pub(super) fn problems(rendering: Vec<String>, delivered: Delivered) -> Vec<String> {
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
        Stop::Asked => "L’envoi a été interrompu : la prochaine exécution le reprend.".to_owned(),
    });
    let mut problems: Vec<String> = Vec::new();
    for problem in rendering.into_iter().chain(failed).chain(stopped) {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    problems
}
