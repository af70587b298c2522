//! What became of the night's sending, in numbers and words.

use std::collections::BTreeSet;

use crate::mails::State;
use crate::outbox::{Delivered, Enqueued, Stop};

/// How many of the messages that the server took were queued by an earlier night.
pub(super) fn resumed(queued: &Enqueued, delivered: &Delivered) -> usize {
    let new: BTreeSet<_> = queued.ids.iter().flatten().collect();
    let messages = delivered.messages.iter();
    messages
        .filter(|message| message.state == State::Accepted && !new.contains(&message.id))
        .count()
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
        .filter_map(|message| message.error);
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
