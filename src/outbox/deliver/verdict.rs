//! What a transport's answer means for the ledger, and for the messages that follow.

use chrono::TimeDelta;

use super::{Failure, Handed, Moment, Refused};
use crate::mails::State;
use crate::outbox::Step;

/// Why the others don't leave for now, after one that is in doubt.
const LEFT_ALONE: &str = "le serveur a été laissé tranquille après une connexion perdue";

/// What a transport's answer means.
#[derive(Debug)]
pub(super) struct Verdict {
    /// For the ledger; none where the message stays as it was.
    pub step: Option<Step>,
    pub state: State,
    pub error: Option<String>,
    /// For the messages that follow.
    pub onward: Onward,
}

/// Whether the sending goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Onward {
    /// All is well.
    Go,
    /// As far as the others are concerned, nothing is known.
    Same,
    /// The connection is lost: a server from which that happens again and again is left alone.
    Shaken(String),
    /// Refused, and perhaps not for its own sake: a server that refuses one after the other is left
    /// alone for the night.
    Unwelcome(String),
    /// Not for now.
    Rest(String),
    /// Not as things are.
    Stop(String),
}

impl Onward {
    /// Whether the message goes behind the others, and not once more tonight.
    pub fn puts_off(&self) -> bool {
        matches!(self, Self::Unwelcome(_) | Self::Stop(_))
    }
}

impl Verdict {
    /// Of an answer to a message that was claimed.
    pub fn of_handed(handed: Handed, moment: Moment, retry_after: TimeDelta) -> Self {
        match handed {
            Handed::Accepted => Self {
                step: Some(Step::Accept),
                state: State::Accepted,
                error: None,
                onward: Onward::Go,
            },
            Handed::Failed(Failure::Stop { error }) => Self {
                step: Some(Step::TakeBack {
                    reason: error.clone(),
                }),
                ..Self::of_failure(Failure::Stop { error }, moment, retry_after)
            },
            Handed::Failed(failure) => Self::of_failure(failure, moment, retry_after),
            // Another message would be in doubt as likely as this one. What is known of this one is
            // not said of them.
            Handed::Unclear { error } => Self {
                step: Some(Step::Doubt {
                    error: error.clone(),
                }),
                state: State::Unknown,
                onward: Onward::Rest(LEFT_ALONE.to_owned()),
                error: Some(error),
            },
        }
    }

    /// Of an answer to a message that was not claimed.
    pub fn of_failure(failure: Failure, moment: Moment, retry_after: TimeDelta) -> Self {
        let deferred = |error: String, onward| Self {
            step: Some(Step::Defer {
                error: error.clone(),
                next_try: moment.now + retry_after,
            }),
            state: State::Deferred,
            error: Some(error),
            onward,
        };
        match failure {
            Failure::Later { error } => deferred(error, Onward::Same),
            Failure::Broken { error } => deferred(error.clone(), Onward::Shaken(error)),
            Failure::Rest { error } | Failure::Crowded { error } => {
                deferred(error.clone(), Onward::Rest(error))
            }
            Failure::Unwelcome { error } => deferred(error.clone(), Onward::Unwelcome(error)),
            Failure::Never { error, refused } => Self {
                step: Some(Step::Refuse {
                    error: error.clone(),
                    refused,
                }),
                state: State::Refused,
                onward: match refused {
                    Refused::Address => Onward::Same,
                    Refused::Message => Onward::Unwelcome(error.clone()),
                },
                error: Some(error),
            },
            Failure::Stop { error } => Self {
                step: None,
                state: State::Planned,
                error: Some(error.clone()),
                onward: Onward::Stop(error),
            },
        }
    }
}
