//! Nights one after the other, for the tests of e-mails: a scene, and the history that it makes.

use std::sync::LazyLock;

use chrono::{Days, NaiveDate};

use super::{
    Detail, Draft, Due, Entry, Fate, History, Kind, Overrides, Standing, State, Templates, due,
    message_id,
};
use crate::config::{Mode, Settings};
use crate::findings::{Finding, Findings, Severity, Target};
use crate::model::{Role, RowRef, Season};
use crate::rules::scene::{Outcome, Scene};

/// The shipped templates, loaded once.
pub(super) static TEMPLATES: LazyLock<Templates> =
    LazyLock::new(|| Templates::new(&Overrides::none()));

/// A ledger in memory: what a night makes is accepted the same day, what awaits approval waits.
#[derive(Default)]
pub(super) struct Ledger {
    pub entries: Vec<Entry>,
    /// The findings that set off reminders: put here by hand, so that these tests are about e-mails
    /// and not about rules.
    extra: Vec<(&'static str, RowRef)>,
}

/// A night and what was read and decided in it.
pub(super) struct Made {
    pub due: Due,
    pub season: Season,
    pub findings: Findings,
    pub decisions: crate::decide::Decisions,
}

impl Ledger {
    /// From tonight on, the row has a finding of that code (a warning).
    pub fn with_finding(mut self, code: &'static str, role: Role, index: u32) -> Self {
        self.extra.push((code, RowRef { role, index }));
        self
    }

    pub fn without_findings(mut self) -> Self {
        self.extra.clear();
        self
    }

    pub fn history(&self) -> History {
        History::new(self.entries.clone())
    }

    /// What the night would send, without keeping it.
    pub fn look(&self, scene: Scene) -> Made {
        let history = self.history();
        let scene = scene.told(history.seats());
        let Outcome {
            season,
            findings,
            decisions,
        } = scene.outcome();
        let mut list: Vec<Finding> = findings.iter().cloned().collect();
        list.retain(|finding| !["RDV02", "INS03"].contains(&finding.code));
        for (code, row) in &self.extra {
            list.push(Finding {
                code,
                severity: Severity::Warning,
                target: Target::Row(*row),
                place: season.place(*row).unwrap(),
                column: None,
                message: "".into(),
            });
        }
        let findings = Findings::sorted(list, &season);
        let due = scene.with_night(&season, |night| {
            due(night, &decisions, &findings, &history, Detail::Full)
        });
        Made {
            due,
            season,
            findings,
            decisions,
        }
    }

    /// Which messages of earlier nights may still leave, beside each.
    pub fn standing(&self, scene: &Scene) -> Vec<(Entry, bool)> {
        let fates = self.fates(scene).into_iter();
        let entries = self.entries.iter().cloned();
        entries
            .zip(fates.map(|fate| fate == Fate::Stands))
            .collect()
    }

    /// A night: what it sends is kept.
    pub fn night(&mut self, scene: Scene) -> Due {
        let day = scene.day();
        let due = self.look(scene).due;
        for draft in &due.drafts {
            let state = if draft.mode == Mode::Review {
                State::AwaitingApproval
            } else {
                State::Accepted
            };
            self.keep(draft, day, state);
        }
        for key in &due.settled {
            self.entries.push(Entry {
                kind: key.kind,
                key: key.key.clone(),
                address: key.address.clone(),
                state: State::Settled,
                queued_on: day,
                accepted_on: None,
                message_id: None,
                told: serde_json::Value::Null,
                may_have_arrived: false,
            });
        }
        due
    }

    /// Retires what doesn't stand on such a night, as a run does before it plans: how many. A no that
    /// has ended ends.
    pub fn settle(&mut self, scene: &Scene) -> usize {
        let mut fallen = 0;
        loop {
            let lapsed = self.lapsed(scene);
            for (entry, lapsed) in self.entries.iter_mut().zip(lapsed) {
                if lapsed {
                    entry.state = State::Obsolete;
                }
            }
            let fates = self.fates(scene);
            if fates.iter().all(|fate| *fate == Fate::Stands) {
                return fallen;
            }
            for (entry, fate) in self.entries.iter_mut().zip(fates) {
                if fate != Fate::Stands {
                    entry.state = State::Obsolete;
                    fallen += 1;
                }
            }
        }
    }

    /// What becomes of each message on such a night.
    pub fn fates(&self, scene: &Scene) -> Vec<Fate> {
        self.each(scene, |standing, entry| {
            standing.fate(entry.kind, &entry.key, &entry.address)
        })
    }

    /// Of which messages her no has ended on such a night.
    pub fn lapsed(&self, scene: &Scene) -> Vec<bool> {
        self.each(scene, |standing, entry| {
            standing.is_lapsed(entry.kind, &entry.key, &entry.address)
        })
    }

    fn each<T>(&self, scene: &Scene, of: impl Fn(&Standing, &Entry) -> T) -> Vec<T> {
        let made = self.look(scene.clone());
        let history = self.history();
        let scene = scene.clone().told(history.seats());
        scene.with_night(&made.season, |night| {
            let standing = Standing::of(night, &made.decisions, &made.findings, &history);
            let entries = history.entries().iter();
            entries.map(|entry| of(&standing, entry)).collect()
        })
    }

    /// Those that wait and stand.
    pub fn stand(&self, scene: &Scene) -> Vec<Kind> {
        let fates = self.entries.iter().zip(self.fates(scene));
        let stand = fates.filter(|(entry, fate)| entry.waits() && *fate == Fate::Stands);
        stand.map(|(entry, _)| entry.kind).collect()
    }

    fn keep(&mut self, draft: &Draft, day: NaiveDate, state: State) {
        let settings = Settings::default();
        let id = message_id(draft.kind, &draft.key, &draft.to.address, &settings);
        self.entries.push(Entry {
            kind: draft.kind,
            key: draft.key.clone(),
            address: draft.to.address.to_lowercase(),
            state,
            queued_on: day,
            accepted_on: (state == State::Accepted).then_some(day),
            message_id: Some(id.unwrap()),
            told: draft.told.clone(),
            may_have_arrived: false,
        });
    }

    /// What became of the last message.
    pub fn turn_last(&mut self, into: State) {
        if let Some(entry) = self.entries.last_mut() {
            turn(entry, into);
        }
    }

    /// What became of the messages of a kind that the server took.
    pub fn turn_kind(&mut self, kind: Kind, into: State) {
        let is_one = |entry: &&mut Entry| entry.kind == kind && entry.state == State::Accepted;
        let entries = self.entries.iter_mut().filter(is_one);
        entries.for_each(|entry| turn(entry, into));
    }

    /// The coordinator approves, or a server changes its mind: every message in one state.
    pub fn turn(&mut self, from: State, into: State) {
        for entry in self.entries.iter_mut().filter(|entry| entry.state == from) {
            turn(entry, into);
        }
    }
}

pub(super) fn turn(entry: &mut Entry, into: State) {
    entry.state = into;
    entry.accepted_on = (into == State::Accepted).then_some(entry.queued_on);
    entry.may_have_arrived |= into == State::Unknown;
    entry.may_have_arrived &= into != State::Accepted;
}

/// `inscription-confirmee camille@example.org`, with ` ?` where it awaits approval.
pub(super) fn lines(due: &Due) -> Vec<String> {
    let drafts = due.drafts.iter();
    drafts
        .map(|draft| {
            let mark = if draft.mode == Mode::Review { " ?" } else { "" };
            format!("{} {}{mark}", draft.kind.name(), draft.to.address)
        })
        .collect()
}

/// The drafts of a kind.
pub(super) fn of(due: &Due, kind: Kind) -> Vec<&Draft> {
    due.drafts
        .iter()
        .filter(|draft| draft.kind == kind)
        .collect()
}

/// The day so many days after another, in ISO form.
pub(super) fn days_after(day: &str, days: u64) -> String {
    let day: NaiveDate = day.parse().unwrap();
    day.checked_add_days(Days::new(days)).unwrap().to_string()
}

/// Cells of a row, by their headers.
pub(super) type Cells<'a> = &'a [(&'a str, &'a str)];

/// A support with these meetings.
pub(super) fn meetings(day: &str, rows: &[Cells]) -> Scene {
    let support = Scene::new()
        .on(day)
        .member(&[])
        .person(&[])
        .support(&[])
        .empty(Role::Meetings);
    rows.iter().fold(support, |scene, cells| {
        let mut all = vec![("Date", "15/02/2021"), ("Lieu", "MJC Roguet")];
        all.extend_from_slice(cells);
        scene.meeting(&all)
    })
}
