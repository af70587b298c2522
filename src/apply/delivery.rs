//! The night's sending: rounds of tries with growing waits between them, and before each round a
//! second look at the folder, so that what was cancelled meanwhile doesn't leave.

mod night;

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::RunError;
use crate::cancel::Cancel;
use crate::config::{Settings, Transport as Way};
use crate::mails::State;
use crate::outbox::{
    self, Delivered, FileTransport, Ledger, LedgerError, Pace, Server, SmtpTransport, Stop, Terms,
    Time, Transport, Whose,
};
use crate::plan::Plan;
use crate::programme::Programme;
use crate::progress::Progress;
use night::Night;

/// However long a round takes, the folder is looked at again after so long.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// So many messages more than there are connections may come into doubt in a night. One blow can
/// take one on each connection; after three more it is the server's habit, and each of them is a
/// question that the coordinator has to settle by hand.
const DOUBTS_BEYOND: usize = 3;

/// Why the rest waits once they have.
const TOO_MANY_DOUBTS: &str =
    "le serveur a été laissé tranquille après plusieurs connexions perdues";

/// How the night's messages leave.
pub(super) struct Outbound {
    transports: Vec<Box<dyn Transport>>,
    pace: Pace,
    /// Between the rounds of tries.
    waits: Vec<Duration>,
    /// No message is begun later than this after the first; none: however long it takes.
    patience: Option<TimeDelta>,
    /// The sending stopped early: what comes after it is tried once.
    gave_up: bool,
    /// It stopped for a fault of the settings: whoever knocks again with a wrong password may be
    /// locked out.
    is_barred: bool,
}

/// What a sending needs besides the transports.
pub(super) struct Errand<'a> {
    pub(super) ledger: &'a mut Ledger,
    pub(super) programme: &'a Programme,
    pub(super) time: &'a dyn Time,
    pub(super) progress: &'a Progress,
    pub(super) cancel: &'a Cancel,
}

/// What came of the night's sending.
pub(super) struct Sent {
    /// Each message that was tried, and why the rest was not.
    pub(super) delivered: Delivered,
    /// The folder as it was last read, and what a night comes to with it, where it was read again.
    pub(super) fresh: Option<(Programme, Plan)>,
    /// What else the coordinator should know, in French.
    pub(super) problems: Vec<String>,
}

/// Whether sending has all that the settings say it needs: the password, for instance.
pub(super) fn is_ready(settings: &Settings, folder: &Path) -> bool {
    match settings.mail.transport {
        Way::File => true,
        Way::Smtp => Server::of(settings, folder, &|name| std::env::var_os(name)).is_ok(),
    }
}

impl Outbound {
    /// As the settings say. Nothing is connected to yet.
    ///
    /// # Errors
    /// The settings lack what sending needs: the password, for instance.
    pub(super) fn of(programme: &Programme) -> Result<Self, RunError> {
        let settings = &programme.settings;
        Ok(match settings.mail.transport {
            Way::File => Self::over(vec![Box::new(FileTransport::new(&programme.folder))]),
            Way::Smtp => {
                let server =
                    Server::of(settings, &programme.folder, &|name| std::env::var_os(name))
                        .map_err(|problem| RunError::Settings(problem.to_string()))?;
                Self::by_smtp(settings, server)
            }
        })
    }

    /// Each message is tried once, as fast as it goes.
    pub(super) fn over(transports: Vec<Box<dyn Transport>>) -> Self {
        Self {
            transports,
            pace: Pace::per_minute(0),
            waits: Vec::new(),
            patience: None,
            gave_up: false,
            is_barred: false,
        }
    }

    fn by_smtp(settings: &Settings, server: Server) -> Self {
        let mail = &settings.mail;
        let server = std::sync::Arc::new(server);
        let transport = |_| -> Box<dyn Transport> {
            Box::new(SmtpTransport::new(std::sync::Arc::clone(&server)))
        };
        let minutes = |minutes: &u32| Duration::from_mins(u64::from(*minutes));
        Self {
            transports: (0..mail.connections.max(1)).map(transport).collect(),
            pace: Pace::per_minute(mail.per_minute),
            waits: mail.retry_minutes.iter().map(minutes).collect(),
            patience: Some(TimeDelta::minutes(i64::from(mail.patience_minutes))),
            gave_up: false,
            is_barred: false,
        }
    }

    /// Sends all of theirs that is due, and tries again what a server asked to send later, within the bounds
    /// of the settings. What is left is deferred to the next run.
    ///
    /// # Errors
    /// The ledger can't be used.
    pub(super) fn send(&mut self, whose: Whose, errand: Errand<'_>) -> Result<Sent, LedgerError> {
        let Errand {
            ledger,
            programme,
            time,
            progress,
            cancel,
        } = errand;
        let end = self.patience.map(|patience| time.moment().now + patience);
        if let Some(last) = ledger.last_hand_over()? {
            self.pace.go_on_from(last);
        }
        let mut night = Night::begin(ledger, programme, time, whose);
        let waits = if self.gave_up {
            &[]
        } else {
            self.waits.as_slice()
        };
        let mut waits = waits.iter().copied().peekable();
        let stopped = loop {
            progress.say("sending");
            let terms = Terms {
                whose,
                but: night.not_now(),
                ..self.terms(waits.peek().copied(), end, time.moment().now)
            };
            let may_doubt = (self.transports.len() + DOUBTS_BEYOND).saturating_sub(night.doubts());
            let lanes = self.transports.len().min(may_doubt);
            let transports = self.transports.get_mut(..lanes).unwrap_or_default();
            let pace = &mut self.pace;
            let round = outbox::deliver(night.ledger, transports, &terms, pace, time, cancel);
            let (took_some, left_doubts) =
                (any(&round, State::Accepted), any(&round, State::Unknown));
            let is_idle = round.messages.is_empty() && round.stopped.is_none();
            let stopped = night.take(round);
            if left_doubts && night.doubts() >= self.transports.len() + DOUBTS_BEYOND {
                break Some(Stop::Rest(TOO_MANY_DOUBTS.to_owned()));
            }
            if matches!(stopped, Some(Stop::Late)) && !is_over(end, time) {
                // Only time to look at the folder again.
                if night.look_again()? {
                    continue;
                }
                break Some(Stop::Late);
            }
            let goes_on = matches!(stopped, None | Some(Stop::Rest(_)));
            if !goes_on || !night.is_anything_left(end)? {
                break stopped;
            }
            // Nothing was tried: that is no try either.
            if is_idle
                && !night.needs_a_wait()
                && let Some(wait) = night.until_due(end)?
            {
                progress.say("waiting until the next is due");
                if time.pause(wait, cancel) {
                    break Some(Stop::Asked);
                }
                if !night.look_again()? {
                    break stopped;
                }
                continue;
            }
            // A server that rests after some messages takes some more after a while: that is no try.
            // One that loses some is given longer and longer.
            let is_pause = took_some && !left_doubts && matches!(stopped, Some(Stop::Rest(_)));
            let wait = if is_pause {
                waits.peek().copied()
            } else {
                waits.next()
            };
            let Some(wait) = wait.filter(|wait| is_within(end, time, *wait)) else {
                break stopped;
            };
            let minutes = wait.as_secs().div_ceil(60);
            progress.say(format!("waiting {minutes} min for the mail server"));
            if time.pause(wait, cancel) {
                break Some(Stop::Asked);
            }
            night.has_waited();
            if !night.look_again()? {
                break stopped;
            }
        };
        self.gave_up = stopped.is_some();
        self.is_barred = matches!(stopped, Some(Stop::Transport(_)));
        night.end(stopped)
    }

    /// Whether nothing can leave, as the settings are: what comes after it waits for the next run.
    pub(super) fn is_barred(&self) -> bool {
        self.is_barred
    }

    fn terms(
        &self,
        wait: Option<Duration>,
        end: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Terms {
        let retry_after = wait.and_then(|wait| TimeDelta::from_std(wait).ok());
        let soon = self.patience.map(|_| now + LOOK_AGAIN);
        Terms {
            retry_after: retry_after.unwrap_or_default(),
            until: end.min(soon),
            ..Terms::default()
        }
    }
}

fn any(round: &Delivered, state: State) -> bool {
    round.messages.iter().any(|message| message.state == state)
}

fn is_over(end: Option<DateTime<Utc>>, time: &dyn Time) -> bool {
    end.is_some_and(|end| time.moment().now >= end)
}

fn is_within(end: Option<DateTime<Utc>>, time: &dyn Time, wait: Duration) -> bool {
    let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
    end.is_none_or(|end| {
        time.moment()
            .now
            .checked_add_signed(wait)
            .is_some_and(|then| then < end)
    })
}

#[cfg(test)]
mod tests;
