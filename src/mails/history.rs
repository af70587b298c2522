//! What was sent before tonight: a snapshot of the ledger, as the planning of e-mails needs it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::anew::Anew;
use super::kind::Kind;

/// Where a message stands (hazards.md, "Sending: the protocol").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Frozen in the ledger, to be sent.
    Planned,
    /// The body is about to leave, or was leaving when the run ended.
    HandingOver,
    /// The server took it.
    Accepted,
    /// The server asked to try later.
    Deferred,
    /// The server refused it for good.
    Refused,
    /// It may have left or not: the coordinator settles it.
    Unknown,
    /// No longer due when its turn came.
    Obsolete,
    /// Shown, waiting for the coordinator's yes.
    AwaitingApproval,
    /// The coordinator said no.
    Rejected,
    /// Never to be sent: its key was settled by another message, or it was already past when first
    /// seen.
    Settled,
}

impl State {
    /// Every state, those that ask something of the coordinator first.
    pub const ALL: [Self; 10] = [
        Self::AwaitingApproval,
        Self::Unknown,
        Self::Refused,
        Self::Deferred,
        Self::HandingOver,
        Self::Planned,
        Self::Accepted,
        Self::Rejected,
        Self::Obsolete,
        Self::Settled,
    ];

    /// The word in the ledger.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::HandingOver => "handing_over",
            Self::Accepted => "accepted",
            Self::Deferred => "deferred",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Obsolete => "obsolete",
            Self::AwaitingApproval => "awaiting_approval",
            Self::Rejected => "rejected",
            Self::Settled => "settled",
        }
    }

    /// What the coordinator reads: nothing is called sent before the server took it.
    #[must_use]
    pub fn french(self) -> &'static str {
        match self {
            Self::Planned => "à envoyer",
            Self::HandingOver => "en cours d’envoi",
            Self::Accepted => "accepté par le serveur",
            Self::Deferred => "à réessayer",
            Self::Refused => "refusé par le serveur",
            Self::Unknown => "peut-être parti : à vérifier",
            Self::Obsolete => "plus d’actualité",
            Self::AwaitingApproval => "en attente de votre accord",
            Self::Rejected => "écarté par vous",
            Self::Settled => "sans objet",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// The person was told, may have been told, or will be: what the message says binds us.
    #[must_use]
    pub fn was_told(self) -> bool {
        matches!(
            self,
            Self::Planned | Self::HandingOver | Self::Accepted | Self::Deferred | Self::Unknown
        )
    }
}

/// A message of an earlier night.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its kind.
    pub kind: Kind,
    /// Its business key, as [`super::Draft::key`] made it.
    pub key: String,
    /// The address in lower case.
    pub address: String,
    /// Where it stands.
    pub state: State,
    /// The day of the run that queued it.
    pub queued_on: NaiveDate,
    /// The local day on which the server took it.
    pub accepted_on: Option<NaiveDate>,
    /// Its Message-ID in angle brackets; none where its key was settled without a message.
    pub message_id: Option<String>,
    /// What it told, as [`super::Draft::told`] made it.
    pub told: serde_json::Value,
    /// It was in doubt, now or once, and the server never said that it took it: a copy may have
    /// arrived, whatever its state says.
    pub may_have_arrived: bool,
}

impl Entry {
    /// The person was told, may have been told, or will be: what the message says binds us.
    #[must_use]
    pub fn was_told(&self) -> bool {
        self.state.was_told() || self.may_have_arrived
    }

    /// It has not left yet, or is to leave once more: what tells it may be taken back.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.is_on_its_way() || self.state == State::AwaitingApproval
    }

    /// It is still to leave, once more or for the first time.
    pub(super) fn is_on_its_way(&self) -> bool {
        matches!(self.state, State::Planned | State::Deferred)
    }

    /// It may have arrived, and no copy of it leaves any more.
    pub(super) fn is_moot(&self) -> bool {
        let never_leaves = matches!(
            self.state,
            State::Obsolete | State::Rejected | State::Refused
        );
        never_leaves && self.may_have_arrived
    }
}

/// Which messages of earlier nights a planning looks away from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    /// None: what is due tonight.
    Nothing,
    /// Those that wait, and of which no copy can have arrived.
    Unsent,
    /// All that wait.
    Waiting,
}

impl Aside {
    /// The planning doesn't know of that message.
    pub fn takes(self, entry: &Entry) -> bool {
        match self {
            Self::Nothing => false,
            Self::Unsent => entry.waits() && !entry.may_have_arrived,
            Self::Waiting => entry.waits(),
        }
    }
}

/// The key that stays of a message about somebody who was forgotten: from it nobody can be named,
/// and the same message is still known, so that forgetting never causes a new e-mail (hazards.md,
/// Files).
#[must_use]
pub fn forgotten_key(kind: Kind, key: &str, address: &str) -> String {
    let text = format!("{}|{key}|{}", kind.name(), address.to_lowercase());
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().fold(FORGOTTEN.to_owned(), |text, byte| {
        text + &format!("{byte:02x}")
    })
}

/// How a forgotten key begins: no key made from cells does.
pub const FORGOTTEN: &str = "#forgotten:";

/// Every message of earlier nights, in the order in which they were queued.
#[derive(Debug, Clone, Default)]
pub struct History {
    entries: Vec<Entry>,
    by_key: BTreeMap<(Kind, String, String), usize>,
    /// Somebody was forgotten: a key that isn't there may be there in its hashed form.
    forgets: bool,
    refused: BTreeSet<String>,
    anew: Anew,
    waiting: usize,
}

impl History {
    /// A history of messages in the order in which they were queued.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Self {
        let by_key = entries
            .iter()
            .enumerate()
            .map(|(position, entry)| {
                (
                    (entry.kind, entry.key.clone(), entry.address.clone()),
                    position,
                )
            })
            .collect();
        let forgets = entries.iter().any(|entry| entry.key.starts_with(FORGOTTEN));
        Self {
            entries,
            by_key,
            forgets,
            refused: BTreeSet::new(),
            anew: Anew::default(),
            waiting: 0,
        }
    }

    /// The same, where so many e-mails of earlier nights leave with the next ones without the
    /// coordinator ever having said yes to them.
    #[must_use]
    pub fn with_waiting(mut self, waiting: usize) -> Self {
        self.waiting = waiting;
        self
    }

    /// How many e-mails of earlier nights leave with the next ones without the coordinator ever
    /// having said yes to them.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// The same, with the addresses that a server refused for good.
    #[must_use]
    pub fn with_refused(mut self, addresses: impl IntoIterator<Item = String>) -> Self {
        self.refused = addresses.into_iter().collect();
        self
    }

    /// The same, with what is written anew tonight.
    #[must_use]
    pub fn with_anew(mut self, anew: Anew) -> Self {
        self.anew = anew;
        self
    }

    /// What is written anew tonight.
    pub(super) fn anew(&self) -> &Anew {
        &self.anew
    }

    /// Whether a server refused that address for good: nothing more is written to it. A corrected
    /// one is another address.
    #[must_use]
    pub fn refuses(&self, address: &str) -> bool {
        !self.refused.is_empty() && self.refused.contains(&address.to_lowercase())
    }

    /// The messages, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The message of that kind and key to that address, whatever became of it.
    #[must_use]
    pub fn find(&self, kind: Kind, key: &str, address: &str) -> Option<&Entry> {
        let known = self
            .by_key
            .get(&(kind, key.to_owned(), address.to_lowercase()));
        let position = match known {
            None if self.forgets => {
                let forgotten = forgotten_key(kind, key, address);
                self.by_key.get(&(kind, forgotten, String::new()))?
            }
            known => known?,
        };
        self.entries.get(*position)
    }

    /// Nothing was ever queued.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
