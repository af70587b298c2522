//! A night's sending under way: what is known of each message, the folder as it is now, and what
//! waits for the next run.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::super::settle::retire_obsolete;
use super::Sent;
use crate::french::words::count;
use crate::mails::State;
use crate::outbox::{
    Delivered, Delivery, Id, Ledger, LedgerError, Pending, Step, Stop, Time, Whose,
};
use crate::plan::Plan;
use crate::programme::{self, Programme};
use crate::progress::Progress;
use crate::sheets;

/// What was not put off goes before what was. All of it is due now, whenever the next run is.
const BEFORE: TimeDelta = TimeDelta::milliseconds(1);

/// A night's sending under way.
pub(super) struct Night<'a> {
    pub ledger: &'a mut Ledger,
    programme: &'a Programme,
    time: &'a dyn Time,
    whose: Whose,
    messages: BTreeMap<Id, Delivery>,
    /// Not to be tried again tonight.
    put_off: BTreeSet<Id>,
    /// Asked to come later: not to be tried again before the next wait.
    asked_later: BTreeSet<Id>,
    fresh: Option<(Programme, Plan)>,
    problems: Vec<String>,
}

impl<'a> Night<'a> {
    pub fn begin(
        ledger: &'a mut Ledger,
        programme: &'a Programme,
        time: &'a dyn Time,
        whose: Whose,
    ) -> Self {
        Self {
            ledger,
            programme,
            time,
            whose,
            messages: BTreeMap::new(),
            put_off: BTreeSet::new(),
            asked_later: BTreeSet::new(),
            fresh: None,
            problems: Vec::new(),
        }
    }

    /// Those that are not to be tried in the next round.
    pub fn not_now(&self) -> BTreeSet<Id> {
        self.put_off.union(&self.asked_later).copied().collect()
    }

    /// A wait is over: those that it was for may be tried again.
    pub fn has_waited(&mut self) {
        self.asked_later.clear();
    }

    /// Whether some are not to be tried again before the next wait.
    pub fn needs_a_wait(&self) -> bool {
        !self.asked_later.is_empty()
    }

    /// The last that is known of each message counts.
    pub fn take(&mut self, round: Delivered) -> Option<Stop> {
        for message in round.messages {
            if message.state == State::Deferred {
                self.asked_later.insert(message.id);
            }
            self.messages.insert(message.id, message);
        }
        self.put_off.extend(round.put_off);
        round.stopped
    }

    /// How many messages came into doubt tonight.
    pub fn doubts(&self) -> usize {
        let messages = self.messages.values();
        messages
            .filter(|message| message.state == State::Unknown)
            .count()
    }

    /// Whether a message is or will be due before the end.
    pub fn is_anything_left(&self, end: Option<DateTime<Utc>>) -> Result<bool, LedgerError> {
        let end = end.unwrap_or(self.time.moment().now);
        let pending = self.ledger.pending(end)?;
        Ok(pending.iter().any(|message| self.is_for_tonight(message)))
    }

    fn is_for_tonight(&self, message: &Pending) -> bool {
        self.whose.includes(message.kind) && !self.put_off.contains(&message.id)
    }

    /// How long until the first is due, where none is yet and one will be before the end. Whole
    /// seconds.
    pub fn until_due(&self, end: Option<DateTime<Utc>>) -> Result<Option<Duration>, LedgerError> {
        let now = self.time.moment().now;
        if self.is_anything_left(Some(now))? {
            return Ok(None);
        }
        let later = self.ledger.not_yet_due(now)?;
        let mut later = later.into_iter();
        let first = later.find(|(message, _)| self.is_for_tonight(message));
        let first = first.map(|(_, until)| until);
        let in_time = first.filter(|until| end.is_some_and(|end| *until < end));
        Ok(in_time.map(|until| {
            let seconds = (until - now).num_seconds().saturating_add(1);
            Duration::from_secs(seconds.unsigned_abs())
        }))
    }

    /// Reads the folder again where it has changed, and retires what is no longer due. False: it
    /// can't be read, so that nobody knows what is still due.
    pub fn look_again(&mut self) -> Result<bool, LedgerError> {
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
    pub fn end(mut self, stopped: Option<Stop>) -> Result<Sent, LedgerError> {
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
        // Of earlier runs, and not tried by this one.
        let mut still_left = self.ledger.in_state(State::Deferred)?;
        still_left.retain(|message| {
            self.whose.includes(message.kind) && !self.messages.contains_key(&message.id)
        });
        let postpone = |message: &Pending| {
            let error = format!("son tour n’est pas venu : {why}");
            let is_put_off = self.put_off.contains(&message.id);
            let before = if is_put_off {
                TimeDelta::zero()
            } else {
                BEFORE
            };
            let next_try = moment.now - before;
            (message.id, Step::Postpone { error, next_try })
        };
        let steps: Vec<(Id, Step)> = left.iter().map(postpone).collect();
        self.ledger.steps(&steps, moment)?;
        let left = left.len() + still_left.len();
        if left == 0 {
            return Ok(());
        }
        let wait = count(left, "courriel attend", "courriels attendent");
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
