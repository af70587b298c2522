//! Whether a message of an earlier night still says what holds: what was not accepted yet, or awaits
//! approval, is looked at again just before it leaves (hazards.md, "Sending: the protocol", 2).
//!
//! There is one source of truth for what is due, the planning of a night. What waits stands as long
//! as tonight's planning, which looks away from all that waits, would write the same: the kind, the
//! address, the thing, and what is told. Where nothing waits nothing is planned a second time.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::decide::Decisions;
use crate::facts::Night;
use crate::findings::Findings;

use super::desk::Desk;
use super::draft::Detail;
use super::history::{Aside, Entry, History, State};
use super::kind::Kind;
use super::kinds;
use super::lapse;
use super::meetings::Meetings;
use super::past::{Past, base_of};
use super::told::{MeetingTold, read};
use super::wording::{Likeness, compare};

/// What becomes of a message that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It may leave.
    Stands,
    /// It is still due, but says « dans 7 jours » of what comes in six.
    Recounted,
    /// It is no longer due.
    Overtaken,
}

/// What holds tonight, for the messages of earlier nights that wait.
#[derive(Debug)]
pub struct Standing<'a> {
    today: NaiveDate,
    /// Of those that don't stand.
    fallen: BTreeMap<(Kind, &'a str, &'a str), Fate>,
    /// Those that she said no to, where her no has ended.
    lapsed: BTreeSet<(Kind, &'a str, &'a str)>,
}

impl<'a> Standing<'a> {
    /// What was read and decided tonight, beside what was told.
    #[must_use]
    pub fn of(
        night: &'a Night<'a>,
        decisions: &'a Decisions,
        findings: &'a Findings,
        history: &'a History,
    ) -> Self {
        // A later night has its own digest.
        let entries = history.entries().iter();
        let waiting = entries.filter(|entry| entry.waits() && entry.kind != Kind::Digest);
        let (doubtful, fresh): (Vec<&Entry>, Vec<&Entry>) =
            waiting.partition(|entry| entry.may_have_arrived);
        let mut fallen = BTreeMap::new();
        // What never left must not speak for what does; what may have arrived and goes once more
        // must speak for everything but itself: it may have to be taken back.
        for (entries, aside) in [(fresh, Aside::Unsent), (doubtful, Aside::Waiting)] {
            if !entries.is_empty() {
                let again = Again::plan(night, decisions, findings, history, aside);
                fallen.extend(again.fallen(entries));
            }
        }
        let mut lapsed = BTreeSet::new();
        if lapse::is_any_rejected(history) {
            let aside = Aside::Nothing;
            let desk = Desk::new(night, decisions, findings, history, Detail::Keys, aside);
            lapsed.extend(lapse::of(&desk, history).into_iter().map(known_by));
        }
        Self {
            today: night.today,
            fallen,
            lapsed,
        }
    }

    /// Whether her no to a message has ended, by its kind, key and address (in lower case): what it
    /// was about is undone, and if it comes up again it is another occasion.
    #[must_use]
    pub fn is_lapsed(&self, kind: Kind, key: &str, address: &str) -> bool {
        self.lapsed.contains(&(kind, key, address))
    }

    /// What becomes of a message that waits, by its kind, key and address (in lower case).
    #[must_use]
    pub fn fate(&self, kind: Kind, key: &str, address: &str) -> Fate {
        if kind == Kind::Digest && key != self.today.to_string() {
            return Fate::Overtaken;
        }
        let found = self.fallen.get(&(kind, key, address)).copied();
        found.unwrap_or(Fate::Stands)
    }
}

fn known_by(entry: &Entry) -> (Kind, &str, &str) {
    (entry.kind, entry.key.as_str(), entry.address.as_str())
}

/// The occasion that a key is about, whatever its number. A support without meetings is asked about
/// once, however many weeks her answer takes.
pub(super) fn occasion_of(kind: Kind, key: &str) -> &str {
    let base = base_of(key);
    match base.rsplit_once('|') {
        Some((support, _)) if kind == Kind::MeetingGap => support,
        _ => base,
    }
}

/// Tonight's planning without what waits.
struct Again<'a> {
    night: &'a Night<'a>,
    /// What would be told, by kind, occasion and address.
    told: FxHashMap<(Kind, String, String), Value>,
    meetings: OnceCell<Option<Meetings<'a>>>,
}

impl<'a> Again<'a> {
    fn plan(
        night: &'a Night<'a>,
        decisions: &'a Decisions,
        findings: &'a Findings,
        history: &'a History,
        aside: Aside,
    ) -> Self {
        let mut desk = Desk::new(night, decisions, findings, history, Detail::Told, aside);
        kinds::in_order(&mut desk);
        let drafts = desk.close().drafts.into_iter();
        let told = drafts.map(|draft| {
            let occasion = occasion_of(draft.kind, &draft.key).to_owned();
            let address = draft.to.address.to_lowercase();
            ((draft.kind, occasion, address), draft.told)
        });
        Self {
            night,
            told: told.collect(),
            meetings: OnceCell::new(),
        }
    }

    /// Those that don't stand. Of several about one occasion one is enough: what she said yes to
    /// rather than what she may say no to, then the latest.
    fn fallen<'e>(&self, mut entries: Vec<&'e Entry>) -> Vec<((Kind, &'e str, &'e str), Fate)> {
        entries.reverse();
        entries.sort_by_key(|entry| !entry.is_on_its_way());
        let mut spoken_for = BTreeSet::new();
        let mut fallen = Vec::new();
        for entry in entries {
            let fate = self.fate(entry);
            let occasion = (
                entry.kind,
                occasion_of(entry.kind, &entry.key),
                &entry.address,
            );
            let is_first = fate == Fate::Overtaken || spoken_for.insert(occasion);
            if fate != Fate::Stands || !is_first {
                let fate = if is_first { fate } else { Fate::Overtaken };
                fallen.push((known_by(entry), fate));
            }
        }
        fallen
    }

    fn fate(&self, entry: &Entry) -> Fate {
        let occasion = occasion_of(entry.kind, &entry.key);
        let Some(told) = self.told(entry.kind, occasion, &entry.address) else {
            return if self.is_late_move(entry) == Some(true) {
                Fate::Stands
            } else {
                Fate::Overtaken
            };
        };
        match compare(entry, told) {
            Likeness::Same => Fate::Stands,
            Likeness::Recounted => Fate::Recounted,
            Likeness::Other => Fate::Overtaken,
        }
    }

    fn told(&self, kind: Kind, occasion: &str, address: &str) -> Option<&Value> {
        let key = (kind, occasion.to_owned(), address.to_owned());
        self.told.get(&key)
    }

    /// A move that she said yes to, or of which a copy may have arrived, is told although its first
    /// day has passed meanwhile: to the planning the new day is a meeting of its own then, which it
    /// would confirm. Where the first row is back, nothing was moved.
    fn is_late_move(&self, entry: &Entry) -> Option<bool> {
        if entry.kind != Kind::MeetingChange || entry.state == State::AwaitingApproval {
            return None;
        }
        let moved = read::<MeetingTold>(&entry.told)?;
        let from = moved.from.as_deref()?;
        let first_day: NaiveDate = from.rsplit('|').nth(1)?.parse().ok()?;
        let new = self.told(Kind::MeetingConfirmation, &moved.identity(), &entry.address)?;
        let is_there = !moved.has_new_place(&read::<MeetingTold>(new)?);
        let no_past = Past::default();
        let meetings = self
            .meetings
            .get_or_init(|| Meetings::of(self.night, &no_past));
        let is_back = meetings.as_ref()?.row(from).is_some();
        Some(first_day < self.night.today && is_there && !is_back)
    }
}
