//! What became of the night's sending, in numbers and words.

use std::collections::BTreeSet;

use crate::french::words::capitalized;
use crate::mails::{Kind, State};
use crate::outbox::{Delivered, Delivery, Enqueued, Ledger, LedgerError, Pending, Stop};

/// The messages that an earlier night had queued and that this one tried, as they stand now; ordered
/// as those of a plan, by kind, key and address.
///
/// # Errors
/// The ledger can't be read.
pub(super) fn taken_up(
    ledger: &Ledger,
    queued: &Enqueued,
    delivered: &Delivered,
) -> Result<Vec<Pending>, LedgerError> {
    let new: BTreeSet<_> = queued.ids.iter().flatten().collect();
    let tried = delivered.messages.iter().map(|message| message.id);
    let mut messages = Vec::new();
    for id in tried.filter(|id| !new.contains(id)) {
        messages.extend(ledger.message(id)?);
    }
    messages.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(messages)
}

fn order(message: &Pending) -> (Kind, &str, &str) {
    (message.kind, &message.key, &message.to.address)
}

/// What kept a message from being accepted. A doubt is about one message, which it names; a server
/// that refuses many says the same of all.
fn failure(message: Delivery) -> Option<String> {
    let error = message.error?;
    if message.state != State::Unknown {
        return Some(capitalized(&error));
    }
    let about = message.about.map(|about| format!(" ({about})"));
    Some(format!(
        "« {} »{} : {error}",
        message.kind.french(),
        about.unwrap_or_default()
    ))
}

/// Each problem once, in the order in which they came up.
pub(super) fn problems(
    rendering: Vec<String>,
    left: Vec<String>,
    delivered: Delivered,
) -> Vec<String> {
    let failed = delivered
        .messages
        .into_iter()
        .filter(|message| message.state != State::Accepted)
        .filter_map(failure);
    let stopped = delivered.stopped.and_then(|stop| match stop {
        Stop::Transport(error) => Some(format!(
            "L’envoi s’est arrêté : {error}. La commande « peer-culture doctor » dit si le serveur répond."
        )),
        // What it says stands before, of the last that it refused.
        Stop::Unwelcome(_) => Some(
            "L’envoi s’est arrêté pour cette nuit : le serveur refuse un courriel après l’autre."
                .to_owned(),
        ),
        Stop::Ledger(error) => Some(format!(
            "Le registre des courriels ne peut pas être écrit : {error}"
        )),
        Stop::Asked => {
            Some("L’envoi a été interrompu : la prochaine exécution le reprend.".to_owned())
        }
        // What is left says why.
        Stop::Rest(_) | Stop::Late => None,
    });
    let mut problems: Vec<String> = Vec::new();
    let all = rendering
        .into_iter()
        .chain(failed)
        .chain(stopped)
        .chain(left);
    for problem in all {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    problems
}
