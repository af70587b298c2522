//! What people believe of their meetings, and what they must not read about them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use peer_culture::mails::Kind;
use proptest::prop_assert;
use proptest::test_runner::TestCaseError;

use super::belief::Letter;
use super::diary::{Diary, SUPPORTS, When};
use super::reminders::Reminders;

/// Each address belongs to one support.
#[derive(Default)]
pub struct Appointments {
    /// When she believes that they meet, and where.
    believed: BTreeMap<String, BTreeMap<When, String>>,
    /// Those of whom an e-mail is or was in doubt: what they believe nobody can know.
    in_doubt: BTreeSet<String>,
    reminders: Reminders,
    /// Those of whom the program doesn't know any more what they were told.
    lost: BTreeSet<String>,
}

pub fn is_about_meeting(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::MeetingConfirmation
            | Kind::MeetingChange
            | Kind::MeetingCancellation
            | Kind::MeetingReminder
    )
}

impl Appointments {
    pub fn doubt(&mut self, address: &str) {
        self.in_doubt.insert(address.to_lowercase());
    }

    pub fn lose(&mut self, address: &str) {
        self.lost.insert(address.to_owned());
    }

    pub fn read(
        &mut self,
        letter: &Letter,
        is_copy: bool,
        diary: &Diary,
        tonight: NaiveDate,
    ) -> Result<(), TestCaseError> {
        let mut supports = SUPPORTS.iter();
        let to = letter.to.as_str();
        let support = supports.position(|one| one.beneficiary[1] == to || one.person[1] == to);
        prop_assert!(support.is_some(), "to somebody else: {letter:?}");
        let support = support.unwrap_or_default();
        for (number, other) in SUPPORTS.iter().enumerate() {
            let names = [other.beneficiary[0], other.person[0]];
            let is_named = names.iter().any(|name| letter.text.contains(name));
            prop_assert!(number == support || !is_named, "names others: {letter:?}");
        }
        let told = moments(&letter.text);
        prop_assert!(!told.is_empty(), "no moment: {letter:?}");
        let when = told[0];
        let is_unknown = self.in_doubt.contains(&letter.to) || self.lost.contains(&letter.to);
        let is_clear = !is_copy && !is_unknown;
        let believed = self.believed.entry(letter.to.clone()).or_default();
        let known = believed.get(&when).cloned();
        let place = diary.place(support, when);
        if letter.kind == Kind::MeetingCancellation {
            prop_assert!(place.is_none(), "takes place: {letter:?}");
            prop_assert!(!is_clear || known.is_some(), "no news: {letter:?}");
            believed.remove(&when);
            return Ok(());
        }
        prop_assert!(place.is_some(), "doesn't take place: {letter:?}");
        let place = place.unwrap_or_default();
        prop_assert!(letter.text.contains(place), "not {place}: {letter:?}");
        let event = (format!("{when:?}"), when.0);
        self.reminders.read(letter, event, tonight, is_clear)?;
        let is_known = known.as_deref() == Some(place);
        if letter.kind == Kind::MeetingReminder {
            prop_assert!(!is_clear || is_known, "{known:?}: {letter:?}");
            return Ok(());
        }
        prop_assert!(!is_clear || !is_known, "no news: {letter:?}");
        if letter.kind == Kind::MeetingConfirmation {
            prop_assert!(!is_clear || known.is_none(), "{known:?}: {letter:?}");
        } else {
            let before = told.iter().find(|one| **one != when).unwrap_or(&when);
            let was_known = believed.remove(before).is_some();
            prop_assert!(
                !is_clear || was_known,
                "{before:?} was never told: {letter:?}"
            );
        }
        believed.insert(when, place.to_owned());
        Ok(())
    }

    /// In the end everybody knows when and where they meet.
    pub fn know(
        &self,
        diary: &Diary,
        last_night: NaiveDate,
        refused: &BTreeSet<String>,
    ) -> Result<(), TestCaseError> {
        for (number, support) in SUPPORTS.iter().enumerate() {
            let there = diary.after(number, last_night);
            for [_, address] in [support.beneficiary, support.person] {
                if refused.contains(address) {
                    continue;
                }
                let believed = self.believed.get(address).into_iter().flatten();
                let ahead: Vec<(When, &str)> = believed
                    .filter(|(when, _)| when.0 > last_night)
                    .map(|(when, place)| (*when, place.as_str()))
                    .collect();
                // What was told and is no longer true, only she can know.
                let may_know_more = self.lost.contains(address);
                let knows_all = there.iter().all(|one| ahead.contains(one));
                let is_right = ahead == there || (may_know_more && knows_all);
                prop_assert!(is_right, "{address} believes {ahead:?}: {there:?}");
            }
        }
        Ok(())
    }
}

/// The days with their halves that a letter names, in its order: `vendredi 15 janvier 2021, matin`.
fn moments(text: &str) -> Vec<When> {
    let mut all = Vec::new();
    for (number, month) in (1..).zip([" janvier 2021", " février 2021"]) {
        for (at, _) in text.match_indices(month) {
            let day = text[..at].rsplit(' ').next().unwrap_or_default();
            let day = day.trim_end_matches("er").parse().unwrap_or_default();
            let rest: String = text[at + month.len()..].chars().take(14).collect();
            let half = if rest.contains("après-midi") {
                Some(true)
            } else {
                rest.contains("matin").then_some(false)
            };
            let day = NaiveDate::from_ymd_opt(2021, number, day);
            all.extend(day.zip(half).map(|when| (at, when)));
        }
    }
    all.sort_unstable();
    all.into_iter().map(|(_, when)| when).collect()
}
