//! Where the kinds bring their e-mails: what holds for all of them is checked here, once.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::config::Mode;
use crate::decide::Decisions;
use crate::facts::Night;
use crate::findings::{Findings, Severity};
use crate::french::typographic;
use crate::model::{Cell, Role, RowRef, email};

use super::anew::Word;
use super::calendar::{Event, Given, Invitation, Subject, Wish, new_uid};
use super::draft::{Detail, Draft, Due, Recipient, SettledKey};
use super::history::{Aside, Entry, History, State};
use super::kind::Kind;
use super::past::Past;
use super::thread::{Threads, thread_of};
use super::wording;
use super::words::{Common, clip};

/// An e-mail that a kind would like to send.
#[derive(Debug)]
pub(super) struct Letter<'a, C> {
    pub kind: Kind,
    pub key: String,
    pub to: Recipient,
    /// The row on whose account it goes, then the other rows that must be sound and must not say
    /// « Ne pas écrire »; empty where the row is gone.
    pub rows: &'a [RowRef],
    /// What it announces: a reminder of the same thing on the same night is settled.
    pub announces: Option<String>,
    /// Only a row's absence suggests it: it may be an accident, so that it awaits approval.
    pub by_absence: bool,
    /// In French, with plain spaces.
    pub why: String,
    pub told: Value,
    pub context: C,
}

/// What is worked out of a letter for the plan and the ledger.
#[derive(Default)]
struct Words {
    why: String,
    told: Value,
    references: Vec<String>,
    calendar: Option<Invitation>,
    context: Value,
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Posted {
    /// It is one of tonight's.
    Tonight,
    /// Its key was used on an earlier night, or tonight.
    Before,
    /// It must not go: the kind is off, the row has a blocking finding or says « Ne pas écrire ».
    Held,
}

/// What every kind may look at, and where it leaves its e-mails.
pub(super) struct Desk<'a> {
    pub night: &'a Night<'a>,
    pub decisions: &'a Decisions,
    pub findings: &'a Findings,
    history: &'a History,
    /// What it doesn't know of the history.
    aside: Aside,
    pub past: Past,
    by_kind: BTreeMap<Kind, Vec<&'a Entry>>,
    threads: Threads<'a>,
    blocked: FxHashSet<RowRef>,
    used: BTreeSet<(Kind, String, String)>,
    /// Things and addresses of tonight's announcements.
    announced: BTreeSet<(String, String)>,
    /// Those of earlier nights' announcements that leave tonight.
    leaving: BTreeSet<(String, String)>,
    detail: Detail,
    /// Those of earlier nights' announcements that await approval.
    awaited: BTreeSet<(String, String)>,
    drafts: Vec<Draft>,
    settled: Vec<SettledKey>,
}

impl<'a> Desk<'a> {
    pub fn new(
        night: &'a Night<'a>,
        decisions: &'a Decisions,
        findings: &'a Findings,
        history: &'a History,
        detail: Detail,
        aside: Aside,
    ) -> Self {
        let blocked = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Blocking)
            .filter_map(crate::findings::Finding::row)
            .collect();
        let mut by_kind: BTreeMap<Kind, Vec<&Entry>> = BTreeMap::new();
        let known = history.entries().iter();
        for entry in known.filter(|entry| !aside.takes(entry)) {
            by_kind.entry(entry.kind).or_default().push(entry);
        }
        let past = Past::without(history, aside);
        Self {
            night,
            decisions,
            findings,
            history,
            aside,
            by_kind,
            threads: Threads::of(history),
            leaving: past.leaving(),
            past,
            blocked,
            used: BTreeSet::new(),
            announced: BTreeSet::new(),
            detail,
            awaited: BTreeSet::new(),
            drafts: Vec::new(),
            settled: Vec::new(),
        }
    }

    /// The rows with a finding of that code.
    pub fn rows_with(&self, code: &str) -> Vec<RowRef> {
        let findings = self.findings.iter();
        findings
            .filter(|finding| finding.code == code)
            .filter_map(crate::findings::Finding::row)
            .collect()
    }

    /// The messages of a kind to an address, oldest first.
    pub fn sent(&self, kind: Kind, address: &str) -> impl DoubleEndedIterator<Item = &'a Entry> {
        let address = address.to_lowercase();
        let entries = self.by_kind.get(&kind).map_or(&[][..], Vec::as_slice);
        entries
            .iter()
            .copied()
            .filter(move |entry| entry.address == address)
    }

    /// One of tonight's, unless something that holds for every kind speaks against it.
    pub fn post<C: Serialize>(&mut self, letter: Letter<'_, C>) -> Posted {
        self.post_with(letter, None)
    }

    /// The same with a calendar part, which puts its subject into the reader's calendar or takes it
    /// away.
    pub fn invite<C: Serialize>(
        &mut self,
        letter: Letter<'_, C>,
        subject: Subject,
        wish: Wish,
    ) -> Posted {
        self.post_with(letter, Some((subject, wish)))
    }

    fn post_with<C: Serialize>(
        &mut self,
        mut letter: Letter<'_, C>,
        entry: Option<(Subject, Wish)>,
    ) -> Posted {
        let Some(mode) = self.mode(&letter) else {
            return Posted::Held;
        };
        let anew = self.history.anew();
        let word = anew.word(letter.kind, &letter.key, &letter.to.address);
        let mode = word.map_or(mode, |word| word.heeded(mode, &mut letter.why));
        let address = letter.to.address.to_lowercase();
        if self.is_used(letter.kind, &letter.key, &address) {
            let earlier = self.find(letter.kind, &letter.key, &address);
            let waits = earlier.is_some_and(|entry| entry.state == State::AwaitingApproval);
            if let Some(thing) = letter.announces.filter(|_| waits) {
                self.awaited.insert((thing, address));
            }
            return Posted::Before;
        }
        self.used
            .insert((letter.kind, letter.key.clone(), address.clone()));
        if let Some(thing) = &letter.announces {
            self.announced.insert((thing.clone(), address));
        }
        let words = match self.detail {
            Detail::Keys => Words::default(),
            Detail::Told => Words {
                told: told_of(&letter, &own_words(&letter.context)),
                ..Words::default()
            },
            Detail::Full => self.words(&letter, entry),
        };
        self.drafts.push(Draft {
            kind: letter.kind,
            key: letter.key,
            to: letter.to,
            mode,
            agreed: word == Some(Word::Agreed),
            about: letter.rows.first().copied(),
            why: words.why,
            told: words.told,
            references: words.references,
            calendar: words.calendar,
            context: words.context,
        });
        Posted::Tonight
    }

    fn words<C: Serialize>(&self, letter: &Letter<'_, C>, entry: Option<(Subject, Wish)>) -> Words {
        let own = own_words(&letter.context);
        let mut told = told_of(letter, &own);
        let thread = thread_of(letter.kind, &told).unwrap_or_default();
        let address = letter.to.address.to_lowercase();
        let calendar =
            entry.and_then(|(subject, wish)| self.calendar(&thread, &address, subject, wish));
        if let Some(invitation) = &calendar {
            Given::of(invitation).keep(&mut told);
        }
        Words {
            why: typographic(&letter.why),
            told,
            references: self.threads.references(&thread, &address),
            calendar,
            context: self.context(&letter.to, own),
        }
    }

    /// The calendar part, beside what the address was last given for the same thing.
    fn calendar(
        &self,
        thread: &str,
        address: &str,
        subject: Subject,
        wish: Wish,
    ) -> Option<Invitation> {
        let settings = self.night.settings;
        let event = Event::of(subject, settings)?;
        let told = self.threads.told(thread, address);
        let before = told.filter_map(|entry| Given::read(&entry.told)).last();
        // Without a sender no e-mail leaves at all: that is said when it is put together.
        wish.fulfilled(event, before, || new_uid(thread, address, settings).ok())
    }

    /// A reminder: settled instead where the same thing is announced tonight.
    pub fn remind<C: Serialize>(&mut self, thing: &str, letter: Letter<'_, C>) {
        let address = letter.to.address.to_lowercase();
        if !self.announces_tonight(thing, &address) {
            self.post(letter);
            return;
        }
        if self.mode(&letter).is_none() || self.is_used(letter.kind, &letter.key, &address) {
            return;
        }
        self.used
            .insert((letter.kind, letter.key.clone(), address.clone()));
        self.settled.push(SettledKey {
            kind: letter.kind,
            key: letter.key,
            address,
            why: typographic(
                "Le rappel tombe la même nuit que l’annonce : un seul courriel suffit.",
            ),
        });
    }

    /// Whether the thing is announced to that address tonight, by one of tonight's e-mails or by one
    /// that an earlier night left: deferred, or approved since.
    pub fn announces_tonight(&self, thing: &str, address: &str) -> bool {
        let key = (thing.to_owned(), address.to_lowercase());
        self.announced.contains(&key) || self.leaving.contains(&key)
    }

    /// Whether one of tonight's e-mails announces the thing to that address, or will once the
    /// coordinator approves.
    pub fn announces(&self, thing: &str, address: &str) -> bool {
        let key = (thing.to_owned(), address.to_lowercase());
        self.announced.contains(&key) || self.awaited.contains(&key)
    }

    /// The night's e-mails, ordered by kind, key, address.
    pub fn close(mut self) -> Due {
        self.drafts
            .sort_by(|a, b| order(a.kind, &a.key, a).cmp(&order(b.kind, &b.key, b)));
        self.settled
            .sort_by(|a, b| (a.kind, &a.key, &a.address).cmp(&(b.kind, &b.key, &b.address)));
        Due {
            drafts: self.drafts,
            settled: self.settled,
            guard: None,
        }
    }

    /// The coordinator turned that kind off: she tells people herself.
    pub fn is_off(&self, kind: Kind) -> bool {
        kind.mode(self.night.settings) == Mode::Off
    }

    fn mode<C>(&self, letter: &Letter<'_, C>) -> Option<Mode> {
        let mode = letter.kind.mode(self.night.settings);
        let address = &letter.to.address;
        // What waits for an address that was refused waits because she wants it tried again.
        let is_refused = self.aside == Aside::Nothing && self.history.refuses(address);
        if mode == Mode::Off || !email::is_valid(address) || is_refused {
            return None;
        }
        let stopped_by_findings = letter.kind != Kind::ApplicationIncomplete;
        if stopped_by_findings && letter.rows.iter().any(|row| self.is_held(*row)) {
            return None;
        }
        Some(if letter.by_absence {
            Mode::Review
        } else {
            mode
        })
    }

    fn is_used(&self, kind: Kind, key: &str, address: &str) -> bool {
        self.find(kind, key, address).is_some()
            || self
                .used
                .contains(&(kind, key.to_owned(), address.to_owned()))
    }

    fn find(&self, kind: Kind, key: &str, address: &str) -> Option<&Entry> {
        let found = self.history.find(kind, key, address);
        found.filter(|entry| !self.aside.takes(entry))
    }

    /// A blocking finding, or « Ne pas écrire ».
    pub fn is_held(&self, row: RowRef) -> bool {
        self.blocked.contains(&row) || self.is_muted(row)
    }

    /// « Ne pas écrire ».
    fn is_muted(&self, row: RowRef) -> bool {
        let tables = &self.night.season.tables;
        let cell = match row.role {
            Role::Meetings => tables
                .meetings
                .as_ref()
                .and_then(|table| table.get(row.index))
                .map(|row| row.do_not_write),
            Role::Registrations => tables
                .registrations
                .as_ref()
                .and_then(|table| table.get(row.index))
                .map(|row| row.do_not_write),
            _ => None,
        };
        matches!(cell, Some(Cell::Is(true) | Cell::Bad))
    }

    /// What every template may use, and what the kind adds.
    fn context(&self, to: &Recipient, own: Value) -> Value {
        let mut all = Map::new();
        for part in [own_words(&Common::of(self.night.settings, to)), own] {
            if let Value::Object(part) = part {
                all.extend(part);
            }
        }
        let mut context = Value::Object(all);
        space(&mut context);
        clip(&mut context);
        context
    }
}

/// Contexts are structures of texts, numbers and lists: JSON holds them.
fn own_words<C: Serialize>(context: &C) -> Value {
    serde_json::to_value(context).unwrap_or_default()
}

/// What is kept of a letter: what it tells, and in which words.
fn told_of<C>(letter: &Letter<'_, C>, own: &Value) -> Value {
    let mut told = letter.told.clone();
    wording::keep(&mut told, own);
    if letter.rows.is_empty() {
        wording::keep_that_row_is_gone(&mut told);
    }
    told
}

/// What was typed stands in our sentences, with the spaces of ours: a sign never begins a line.
fn space(value: &mut Value) {
    match value {
        Value::String(text) => *text = typographic(text),
        Value::Array(items) => items.iter_mut().for_each(space),
        Value::Object(fields) => fields.values_mut().for_each(space),
        _ => {}
    }
}

fn order<'a>(kind: Kind, key: &'a str, draft: &'a Draft) -> (Kind, &'a str, String) {
    (kind, key, draft.to.address.to_lowercase())
}
