//! The night's sending: rounds of tries with growing waits between them, and before each round a
//! second look at the folder, so that what was cancelled meanwhile doesn't leave.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::RunError;
use super::settle::retire_obsolete;
use crate::cancel::Cancel;
use crate::config::{Settings, Transport as Way};
use crate::french::words::count;
use crate::mails::State;
use crate::outbox::{
    self, Delivered, Delivery, FileTransport, Id, Ledger, LedgerError, Pace, Server, SmtpTransport,
    Step, Stop, Terms, Time, Transport, Whose,
};
use crate::plan::Plan;
use crate::programme::{self, Programme};
use crate::progress::Progress;
use crate::sheets;

/// However long a round takes, the folder is looked at again after so long.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// So many messages more than there are connections may come into doubt in a night. One blow can
/// take one on each connection; after three more it is the server's habit, and each of them is a
/// question that the coordinator has to settle by hand.
const DOUBTS_BEYOND: usize = 3;

/// Why the rest waits once they have.
const TOO_MANY_DOUBTS: &str =
    "le serveur a été laissé tranquille après plusieurs connexions perdues";

/// What is put off goes behind what waits since the same instant.
const BEHIND: TimeDelta = TimeDelta::milliseconds(1);

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
        let mut night = Night {
            ledger,
            programme,
            time,
            whose,
            messages: BTreeMap::new(),
            put_off: BTreeSet::new(),
            fresh: None,
            problems: Vec::new(),
        };
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
                but: night.put_off.clone(),
                ..self.terms(waits.peek().copied(), end, time.moment().now)
            };
            let may_doubt = (self.transports.len() + DOUBTS_BEYOND).saturating_sub(night.doubts());
            let lanes = self.transports.len().min(may_doubt);
            let transports = self.transports.get_mut(..lanes).unwrap_or_default();
            let pace = &mut self.pace;
            let round = outbox::deliver(night.ledger, transports, &terms, pace, time, cancel);
            let (took_some, left_doubts) =
                (any(&round, State::Accepted), any(&round, State::Unknown));
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

/// A night's sending under way.
struct Night<'a> {
    ledger: &'a mut Ledger,
    programme: &'a Programme,
    time: &'a dyn Time,
    whose: Whose,
    messages: BTreeMap<Id, Delivery>,
    /// Not to be tried again tonight.
    put_off: BTreeSet<Id>,
    fresh: Option<(Programme, Plan)>,
    problems: Vec<String>,
}

impl Night<'_> {
    /// The last that is known of each message counts.
    fn take(&mut self, round: Delivered) -> Option<Stop> {
        for message in round.messages {
            self.messages.insert(message.id, message);
        }
        self.put_off.extend(round.put_off);
        round.stopped
    }

    /// How many messages came into doubt tonight.
    fn doubts(&self) -> usize {
        let messages = self.messages.values();
        messages
            .filter(|message| message.state == State::Unknown)
            .count()
    }

    /// Whether a message is or will be due before the end.
    fn is_anything_left(&self, end: Option<DateTime<Utc>>) -> Result<bool, LedgerError> {
        let end = end.unwrap_or(self.time.moment().now);
        let pending = self.ledger.pending(end)?;
        Ok(pending.iter().any(|message| {
            self.whose.includes(message.kind) && !self.put_off.contains(&message.id)
        }))
    }

    /// Reads the folder again where it has changed, and retires what is no longer due. False: it
    /// can't be read, so that nobody knows what is still due.
    fn look_again(&mut self) -> Result<bool, LedgerError> {
        let known = self
            .fresh
            .as_ref()
            .map_or(self.programme, |(programme, _)| programme);
        if !has_changed(known) {
            return Ok(true);
        }
        let today = Some(known.now.today);
        let Ok(mut programme) = Programme::load(&known.folder, today, &Progress::none()) else {
            self.problems.push(
                "Les classeurs ont changé pendant l’envoi et ne peuvent plus être lus : le reste attend la prochaine exécution."
                    .to_owned(),
            );
            return Ok(false);
        };
        programme.now = known.now;
        let history = self.ledger.history()?;
        let plan = Plan::of(&programme, &history);
        let moment = self.time.moment();
        for id in retire_obsolete(self.ledger, &programme, &plan, &history, moment)? {
            if let Some(message) = self.messages.get_mut(&id) {
                message.state = State::Obsolete;
                message.error = None;
            }
        }
        self.fresh = Some((programme, plan));
        Ok(true)
    }

    /// Leaves no message as if it were still to be sent tonight.
    fn end(mut self, stopped: Option<Stop>) -> Result<Sent, LedgerError> {
        let why = match &stopped {
            Some(Stop::Asked | Stop::Ledger(_)) => None,
            Some(Stop::Transport(error) | Stop::Unwelcome(error) | Stop::Rest(error)) => {
                Some(error.clone())
            }
            Some(Stop::Late) | None => {
                Some("le temps prévu pour l’envoi est passé (mail.patience_minutes)".to_owned())
            }
        };
        let is_told = matches!(stopped, Some(Stop::Transport(_) | Stop::Unwelcome(_)));
        if let Some(why) = why {
            self.postpone(&why, is_told)?;
        }
        Ok(Sent {
            delivered: Delivered {
                messages: self.messages.into_values().collect(),
                put_off: self.put_off,
                stopped,
            },
            fresh: self.fresh,
            problems: self.problems,
        })
    }

    /// `is_told`: why it is stands elsewhere among the problems.
    fn postpone(&mut self, why: &str, is_told: bool) -> Result<(), LedgerError> {
        let moment = self.time.moment();
        let mut left = self.ledger.in_state(State::Planned)?;
        left.retain(|message| self.whose.includes(message.kind));
        let postpone = |message: &outbox::Pending| {
            let error = format!("son tour n’est pas venu : {why}");
            let is_put_off = self.put_off.contains(&message.id);
            let next_try = moment.now
                + if is_put_off {
                    BEHIND
                } else {
                    TimeDelta::zero()
                };
            (message.id, Step::Postpone { error, next_try })
        };
        let steps: Vec<(Id, Step)> = left.iter().map(postpone).collect();
        self.ledger.steps(&steps, moment)?;
        if left.is_empty() {
            return Ok(());
        }
        let wait = count(left.len(), "courriel attend", "courriels attendent");
        let because = if is_told {
            String::new()
        } else {
            format!(" : {why}")
        };
        self.problems
            .push(format!("{wait} la prochaine exécution{because}."));
        Ok(())
    }
}

/// Whether the settings or the workbooks are others than those that were read.
fn has_changed(programme: &Programme) -> bool {
    let folder = &programme.folder;
    let same_settings =
        programme::settings(folder).is_ok_and(|settings| settings == programme.settings);
    let Ok(found) = sheets::workbooks(folder) else {
        return true;
    };
    let known = &programme.season.workbooks;
    let is_same = |(name, workbook): (&String, &crate::model::season::Workbook)| {
        let bytes = std::fs::read(folder.join(name));
        let print = bytes.map(|bytes| <[u8; 32]>::from(Sha256::digest(&bytes)));
        name.as_str() == &*workbook.name && print.is_ok_and(|print| print == workbook.fingerprint)
    };
    let names = &found.workbooks;
    let same_files = names.len() == known.len() && names.iter().zip(known).all(is_same);
    !same_settings || !same_files || found.conflicts != programme.season.conflicts
}

#[cfg(test)]
mod tests;
