//! What a transport's answer means for the ledger, and for the messages that follow.

use chrono::TimeDelta;

use super::{Failure, Handed, Moment};
use crate::mails::State;
use crate::outbox::Step;

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
    /// Not for now.
    Rest(String),
    /// Not as things are.
    Stop(String),
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
            // Another message would be in doubt as likely as this one.
            Handed::Unclear { error } => Self {
                step: Some(Step::Doubt {
                    error: error.clone(),
                }),
                state: State::Unknown,
                onward: Onward::Rest(error.clone()),
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
            Failure::Rest { error } => deferred(error.clone(), Onward::Rest(error)),
            Failure::Never { error, refused } => Self {
                step: Some(Step::Refuse {
                    error: error.clone(),
                    refused,
                }),
                state: State::Refused,
                error: Some(error),
                onward: Onward::Same,
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
