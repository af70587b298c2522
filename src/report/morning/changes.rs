//! What is new and what is solved since the last run of an earlier day.
//!
//! A finding is known by its code and its row's key: sorting, inserting and moving rows is no news.
//! What one night remembers of its findings is as much, and no more.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::lost::{self, Lost, Read};
use crate::findings::{Finding, Findings, Severity};
use crate::model::{Role, Season};
use crate::rules;

/// What a run remembers of its findings, and of what it read, for the runs to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The day of the run.
    pub day: NaiveDate,
    /// Code, role and key of each finding, in order.
    findings: Vec<(String, String, String)>,
    /// The sheets and columns that were read, each with the last day on which it was.
    #[serde(default)]
    pub(super) read: Read,
}

impl Memory {
    /// What this run remembers; `before` is what the latest did.
    #[must_use]
    pub fn of(findings: &Findings, season: &Season, day: NaiveDate, before: Option<&Self>) -> Self {
        let mut findings: Vec<(String, String, String)> = findings
            .iter()
            .map(|finding| {
                let (code, role, key) = identity(finding, season);
                (code.to_owned(), role.to_owned(), key.to_owned())
            })
            .collect();
        findings.sort();
        Self {
            day,
            findings,
            read: lost::read(season, day, before),
        }
    }

    /// The sheets and columns that were read by an earlier run, of this day or before, and are no longer found.
    #[must_use]
    pub fn lost(&self, season: &Season) -> Vec<Lost> {
        lost::lost(self, season)
    }
}

/// What is new and what is solved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The day that tonight is compared with; none on the first run.
    pub since: Option<NaiveDate>,
    /// For each finding, in order, whether it is new.
    pub is_new: Vec<bool>,
    /// What is no longer found, the gravest first.
    pub solved: Vec<Solved>,
    /// How many findings were there already.
    pub remaining: usize,
}

/// A finding that is no longer found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solved {
    /// The rule's code.
    pub code: String,
    /// What was wrong, in a few French words.
    pub title: &'static str,
    /// The sheet, as the coordinator reads it.
    pub sheet: &'static str,
    /// The row's key; empty for a sheet as a whole.
    pub key: String,
}

impl Changes {
    /// Compares tonight's findings with those of an earlier day.
    #[must_use]
    pub fn of(findings: &Findings, season: &Season, before: Option<&Memory>) -> Self {
        let Some(before) = before else {
            return Self {
                is_new: vec![false; findings.len()],
                remaining: findings.len(),
                ..Self::default()
            };
        };
        let mut known: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
        for (code, role, key) in &before.findings {
            *known.entry((code, role, key)).or_default() += 1;
        }
        let is_new: Vec<bool> = findings
            .iter()
            .map(|finding| match known.get_mut(&identity(finding, season)) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    false
                }
                _ => true,
            })
            .collect();
        let left = known.into_iter().filter(|(_, left)| *left > 0);
        let mut solved: Vec<(Severity, Solved)> = left
            .flat_map(|(identity, left)| std::iter::repeat_n(identity, left))
            .map(|(code, role, key)| solved_of(code, role, key))
            .collect();
        solved.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
        let new = is_new.iter().filter(|new| **new).count();
        Self {
            since: Some(before.day),
            remaining: is_new.len() - new,
            is_new,
            solved: solved.into_iter().map(|(_, solved)| solved).collect(),
        }
    }

    /// How many findings are new.
    #[must_use]
    pub fn new_count(&self) -> usize {
        self.is_new.iter().filter(|new| **new).count()
    }

    /// The new findings, the gravest first.
    #[must_use]
    pub fn new_ones<'f>(&self, findings: &'f Findings) -> Vec<&'f Finding> {
        let pairs = findings.iter().zip(&self.is_new);
        let mut new: Vec<&Finding> = pairs
            .filter(|(_, new)| **new)
            .map(|(finding, _)| finding)
            .collect();
        new.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        new
    }
}

fn identity<'a>(finding: &'a Finding, season: &'a Season) -> (&'a str, &'a str, &'a str) {
    let sheet = season.sheet(finding.place.sheet);
    let role = sheet.map_or("", |sheet| sheet.role.key());
    (finding.code, role, finding.key(season))
}

fn solved_of(code: &str, role: &str, key: &str) -> (Severity, Solved) {
    let card = rules::find(code).map(|rule| rule.card);
    let role = Role::ALL.into_iter().find(|one| one.key() == role);
    let solved = Solved {
        code: code.to_owned(),
        title: card.map_or("", |card| card.title),
        sheet: role.map_or("", Role::french),
        key: key.to_owned(),
    };
    (card.map_or(Severity::Info, |card| card.severity), solved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::scene::{Outcome, Scene};

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 1, number).expect("a day")
    }

    /// Members with and without a registration number (ELI01).
    fn outcome(members: &[(&'static str, &'static str)]) -> Outcome {
        let scene = members.iter().fold(Scene::new(), |scene, (name, number)| {
            scene.member(&[("Structure", name), ("Immatriculation", number)])
        });
        scene.outcome()
    }

    fn changes(before: &Outcome, now: &Outcome) -> Changes {
        let memory = Memory::of(&before.findings, &before.season, day(11), None);
        let text = serde_json::to_string(&memory).expect("kept");
        let memory: Memory = serde_json::from_str(&text).expect("read back");
        Changes::of(&now.findings, &now.season, Some(&memory))
    }

    const KNOWN: &str = "443061841";

    #[test]
    fn on_the_first_day_nothing_is_new() {
        let now = outcome(&[("Nord", ""), ("Sud", "")]);
        let changes = Changes::of(&now.findings, &now.season, None);
        assert_eq!(changes.since, None);
        assert_eq!(changes.new_count(), 0);
        assert_eq!(changes.remaining, now.findings.len());
    }

    #[test]
    fn what_appears_is_new_and_what_goes_is_solved_wherever_its_row_stands() {
        let before = outcome(&[("Nord", ""), ("Sud", KNOWN), ("Est", "")]);
        // Sorted the other way round; one mended, one spoilt.
        let now = outcome(&[("Est", ""), ("Sud", ""), ("Nord", KNOWN)]);
        let changes = changes(&before, &now);
        assert_eq!(changes.since, Some(day(11)));
        let new: Vec<&str> = changes
            .new_ones(&now.findings)
            .iter()
            .map(|finding| finding.key(&now.season))
            .collect();
        assert_eq!(new, ["Sud"]);
        let solved: Vec<(&str, &str, &str)> = changes
            .solved
            .iter()
            .map(|one| (one.code.as_str(), one.sheet, one.key.as_str()))
            .collect();
        assert_eq!(solved, [("ELI01", "Adhérents", "Nord")]);
        assert_eq!(changes.remaining, now.findings.len() - 1);
        assert!(!changes.solved[0].title.is_empty());
    }

    #[test]
    fn the_same_night_has_no_news() {
        let night = outcome(&[("Nord", ""), ("Sud", "")]);
        let changes = changes(&night, &night);
        assert_eq!((changes.new_count(), changes.solved.len()), (0, 0));
    }
}
