//! The e-mails that ask something of the coordinator, and what became of the latest others.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use crate::mails::{Kind, State, Untold};
use crate::outbox::{Ledger, LedgerError, Pending, Seal, Whose, seal_of_all};

/// So many days back, what the server took is shown.
const RECENT_DAYS: u64 = 14;

/// The e-mails as the coordinator looks after them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailDesk {
    /// Is today's date right? Asked while a run of earlier lies in the future.
    pub clock: Option<ClockQuestion>,
    /// May e-mails go again? Asked while the ledger has a gap and nothing is held because of it.
    pub registry: Option<RegistryQuestion>,
    /// Awaiting her yes, each with its seal.
    pub awaiting: Vec<(Pending, Seal)>,
    /// The seal of all that await it.
    pub everything: Option<Seal>,
    /// Perhaps gone, each with its seal.
    pub doubtful: Vec<(Pending, Seal)>,
    /// Refused by the server.
    pub refused: Vec<Pending>,
    /// The addresses that it refused for good: of the other refused ones, the message was.
    pub flagged: BTreeSet<String>,
    /// To be sent, or tried again.
    pub unsent: Vec<Pending>,
    /// What the server took of late, and when, the latest first.
    pub accepted: Vec<(Pending, NaiveDate)>,
    /// Who was told of something that has changed since, and gets no e-mail about it.
    pub untold: Vec<Untold>,
}

/// The question whether today's date is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockQuestion {
    /// The day of the run that lies in the future.
    pub latest: NaiveDate,
    /// Its seal.
    pub seal: Seal,
}

/// The question whether e-mails may go again although the ledger doesn't know all that left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegistryQuestion {
    /// The day on which that was found out.
    pub since: NaiveDate,
    /// Its seal.
    pub seal: Seal,
}

impl MailDesk {
    /// As the ledger has them, without the digest: she reads all this in it. Whether it has a gap, and
    /// what her sheets say, it can't tell.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn of(ledger: &Ledger, today: NaiveDate) -> Result<Self, LedgerError> {
        let is_hers = |message: &Pending| Whose::Coordinator.includes(message.kind);
        let in_state = |state| {
            let mut messages = ledger.in_state(state)?;
            messages.retain(|message| !is_hers(message));
            Ok::<_, LedgerError>(messages)
        };
        let sealed = |state| {
            let mut messages = ledger.sealed(state)?;
            messages.retain(|(message, _)| !is_hers(message));
            Ok::<_, LedgerError>(messages)
        };
        let awaiting = sealed(State::AwaitingApproval)?;
        let mut unsent = Vec::new();
        for state in [State::Deferred, State::HandingOver, State::Planned] {
            unsent.extend(in_state(state)?);
        }
        let recently = today.checked_sub_days(Days::new(RECENT_DAYS));
        let mut accepted = ledger.accepted_since(recently.unwrap_or(today))?;
        accepted.retain(|(message, _)| !is_hers(message));
        Ok(Self {
            clock: ClockQuestion::of(ledger, today)?,
            registry: None,
            everything: (awaiting.len() > 1).then(|| seal_of_all(&awaiting)),
            awaiting,
            doubtful: sealed(State::Unknown)?,
            refused: in_state(State::Refused)?,
            flagged: ledger.refused_addresses()?.into_iter().collect(),
            unsent,
            accepted,
            untold: Vec::new(),
        })
    }
}

impl ClockQuestion {
    /// None where no run lies in the future.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn of(ledger: &Ledger, today: NaiveDate) -> Result<Option<Self>, LedgerError> {
        let latest = ledger.latest_day()?.filter(|day| *day > today);
        let seal = ledger.clock_seal()?;
        Ok(latest.zip(seal).map(|(latest, seal)| Self { latest, seal }))
    }
}

/// What became of the e-mails of the day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NightMails {
    /// What the server took today, by kind.
    pub accepted: BTreeMap<Kind, usize>,
    /// How many await her yes, by kind.
    pub awaiting: BTreeMap<Kind, usize>,
    /// How many of them since today.
    pub asked_today: usize,
    /// How many may have left or not.
    pub doubtful: usize,
    /// How many the server refused, of late.
    pub refused: usize,
    /// How many are to be sent or tried again.
    pub unsent: usize,
}

impl NightMails {
    pub(super) fn of(desk: &MailDesk, today: NaiveDate) -> Self {
        let mut mails = Self {
            doubtful: desk.doubtful.len(),
            refused: desk.refused.len(),
            unsent: desk.unsent.len(),
            ..Self::default()
        };
        for (message, _) in desk.accepted.iter().filter(|(_, day)| *day == today) {
            *mails.accepted.entry(message.kind).or_default() += 1;
        }
        for (message, _) in &desk.awaiting {
            *mails.awaiting.entry(message.kind).or_default() += 1;
            mails.asked_today += usize::from(message.run_day == today);
        }
        mails
    }

    /// How many the server took today.
    #[must_use]
    pub fn accepted_count(&self) -> usize {
        self.accepted.values().sum()
    }
}
