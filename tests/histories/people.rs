//! The people: what they read, what it makes them believe, and what in it must not be.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use peer_culture::mails::Kind;
use peer_culture::outbox::Pending;
use proptest::prop_assert;
use proptest::test_runner::TestCaseError;

use super::appointments::{Appointments, is_about_meeting};
use super::belief::{Belief, Letter};
use super::reminders::Reminders;
use super::season::Season;

/// Who, and which workshop.
type Key = (String, usize);

/// What arrived and is not in the ledger that was put back.
#[derive(Default)]
pub struct Lost {
    /// The Message-IDs.
    pub ids: BTreeSet<String>,
    letters: Vec<Letter>,
}

/// What people were told of what they were registered for.
#[derive(Default)]
pub struct People {
    /// Letters that they have read.
    read: usize,
    beliefs: BTreeMap<Key, Belief>,
    /// The day and place that they know of.
    known: BTreeMap<Key, (NaiveDate, String)>,
    /// What e-mails say that are or were in doubt, and that nothing has settled since: she may
    /// believe that as well, and the program can't know.
    in_doubt: BTreeMap<Key, BTreeSet<Belief>>,
    /// Those of whom an e-mail about another day or place is or was in doubt.
    moved_in_doubt: BTreeSet<Key>,
    /// Those of whom a reminder is or was in doubt: where Claire says so, it goes once more, or
    /// anew, though other news came in between.
    reminders_in_doubt: BTreeSet<Key>,
    appointments: Appointments,
    reminders: Reminders,
    /// What the program doesn't know any more.
    pub lost: Lost,
    /// The Message-IDs that were in doubt once.
    pub doubted: BTreeSet<String>,
    /// The name that goes with each address.
    names: BTreeMap<String, String>,
    /// What people were ever registered for.
    ever: BTreeSet<Key>,
}

impl People {
    /// Who is there tonight.
    pub fn meet(&mut self, season: &Season) {
        for row in &season.rows {
            self.names.insert(row.address.clone(), row.name.clone());
            self.ever.insert((row.address.clone(), row.workshop));
        }
    }

    /// These letters arrived, and the ledger doesn't know it any more.
    pub fn lose(&mut self, letters: &[Letter]) {
        self.lost.ids = letters.iter().map(|one| one.id.clone()).collect();
        self.lost.letters = letters.to_vec();
        for letter in letters.iter().filter(|one| is_about_meeting(one.kind)) {
            self.appointments.lose(&letter.to);
        }
    }

    /// A letter about a registration was lost.
    fn has_lost(&self, (address, workshop): &Key, season: &Season) -> bool {
        let mut letters = self.lost_about(*workshop, season);
        letters.any(|letter| letter.to == *address)
    }

    fn lost_about(&self, workshop: usize, season: &Season) -> impl Iterator<Item = &Letter> {
        let letters = self.lost.letters.iter();
        letters.filter(move |letter| {
            !is_about_meeting(letter.kind) && letter.workshop(season) == workshop
        })
    }

    /// An e-mail is in doubt.
    pub fn doubt(&mut self, message: &Pending, season: &Season) {
        if !self.doubted.insert(id_of(&message.message_id)) {
            return;
        }
        if is_about_meeting(message.kind) {
            self.appointments.doubt(&message.to.address);
        }
        let Some(workshop) = season.workshop_of(&message.key) else {
            return;
        };
        let key = (message.to.address.to_lowercase(), workshop);
        if message.kind == Kind::WorkshopReminder {
            self.reminders_in_doubt.insert(key);
        } else if message.kind == Kind::WorkshopChange {
            self.moved_in_doubt.insert(key);
        } else if let Some(belief) = Belief::told_by(message.kind) {
            self.in_doubt.entry(key).or_default().insert(belief);
        }
    }

    /// Each letter goes to who it is for, says what holds, and says something new.
    pub fn read(
        &mut self,
        letters: &[Letter],
        season: &Season,
        tonight: NaiveDate,
    ) -> Result<(), TestCaseError> {
        for (number, letter) in letters.iter().enumerate().skip(self.read) {
            let earlier = letters[..number].iter();
            let copies = earlier.filter(|one| one.id == letter.id).count();
            let at_most =
                usize::from(letter.kind.takes_back() && self.doubted.contains(&letter.id));
            let is_lost = usize::from(self.lost.ids.contains(&letter.id));
            prop_assert!(copies <= at_most.max(is_lost), "twice: {letter:?}");
            if is_about_meeting(letter.kind) {
                let is_copy = copies > 0;
                self.appointments
                    .read(letter, is_copy, &season.diary, tonight)?;
            } else if letter.to != "paul@example.org" {
                self.read_one(letter, copies > 0, season)?;
                self.be_reminded(letter, season, tonight)?;
            }
        }
        self.read = letters.len();
        Ok(())
    }

    fn read_one(
        &mut self,
        letter: &Letter,
        is_copy: bool,
        season: &Season,
    ) -> Result<(), TestCaseError> {
        let at = letter.workshop(season);
        let key = (letter.to.clone(), at);
        prop_assert!(self.ever.contains(&key), "to somebody else: {letter:?}");
        for (address, name) in &self.names {
            let is_named = letter.text.contains(name.as_str());
            let may_be = *name == self.names[&letter.to];
            prop_assert!(!is_named || may_be, "names {address}: {letter:?}");
        }
        let before = self.beliefs.get(&key).copied();
        let after = letter.outcome(before);
        let is_lost = self.has_lost(&key, season);
        let workshop = &season.workshops[at];
        let now = (workshop.date, workshop.place.clone());
        if letter.outcome(None).is_some() {
            // With an e-mail in doubt she may believe either; a letter that changes neither is none.
            let may_believe = self.in_doubt.get(&key).into_iter().flatten().copied();
            let mut believed = may_believe.map(Some).chain([before]);
            let is_news = believed.any(|belief| letter.outcome(belief) != belief);
            prop_assert!(is_news || is_copy || is_lost, "no news: {letter:?}");
            // The one that was in doubt itself settles nothing.
            if !self.doubted.contains(&letter.id) || is_copy {
                self.in_doubt.remove(&key);
            }
        }
        if after != Some(Belief::Off) {
            let holds = letter.tells(workshop.date, &workshop.place);
            prop_assert!(holds, "{} {}: {letter:?}", workshop.date, workshop.place);
            let takes_part = season.takes_part(at, &key.0);
            prop_assert!(takes_part, "not registered: {letter:?}");
        }
        if matches!(letter.kind, Kind::WorkshopReminder | Kind::PaymentReminder) {
            if !is_lost {
                self.may_be_reminded(&key, &now, letter)?;
            }
        } else {
            if letter.kind == Kind::WorkshopChange {
                self.moved_in_doubt.remove(&key);
            }
            self.known.insert(key.clone(), now);
        }
        self.beliefs.extend(after.map(|after| (key, after)));
        Ok(())
    }

    /// What she reads of a workshop that takes place.
    fn be_reminded(
        &mut self,
        letter: &Letter,
        season: &Season,
        tonight: NaiveDate,
    ) -> Result<(), TestCaseError> {
        if letter.outcome(None) == Some(Belief::Off) {
            return Ok(());
        }
        let at = letter.workshop(season);
        let key = (letter.to.clone(), at);
        let is_doubtful = self.in_doubt.contains_key(&key)
            || self.moved_in_doubt.contains(&key)
            || self.reminders_in_doubt.contains(&key);
        let is_clear = !is_doubtful && !self.has_lost(&key, season);
        let workshop = &season.workshops[at];
        let event = (workshop.reference.to_owned(), workshop.date);
        self.reminders.read(letter, event, tonight, is_clear)
    }

    /// She knows of her seat, and where and when it is; only an e-mail of hers that is in doubt may
    /// be what would have told her, and she can't believe anything else.
    fn may_be_reminded(
        &self,
        key: &Key,
        now: &(NaiveDate, String),
        letter: &Letter,
    ) -> Result<(), TestCaseError> {
        let before = self.beliefs.get(key).copied();
        let in_doubt = self.in_doubt.get(key);
        let may_know = in_doubt.is_some_and(|all| all.contains(&Belief::Seat));
        let knows = before == Some(Belief::Seat) || (before.is_none() && may_know);
        prop_assert!(knows, "{before:?}, {in_doubt:?}: {letter:?}");
        let may_believe = in_doubt.into_iter().flatten();
        let is_sure = may_believe.clone().all(|belief| *belief == Belief::Seat);
        prop_assert!(is_sure, "may believe {in_doubt:?}: {letter:?}");
        let place = self.known.get(key);
        let is_elsewhere = place.is_some_and(|place| place != now);
        let may_be = self.moved_in_doubt.contains(key) || may_know;
        prop_assert!(!is_elsewhere || may_be, "knows {place:?}: {letter:?}");
        Ok(())
    }

    /// In the end everybody knows what holds.
    pub fn know(
        &self,
        season: &Season,
        last_night: NaiveDate,
        refused: &BTreeSet<String>,
    ) -> Result<(), TestCaseError> {
        self.appointments.know(&season.diary, last_night, refused)?;
        for (at, workshop) in season.workshops.iter().enumerate() {
            // What is over is nobody's matter any more, nor what changes on the last day.
            if workshop.date <= last_night {
                continue;
            }
            let mut seats = 0;
            let mut waiting = 0;
            for key in &self.ever {
                let address = &key.0;
                if key.1 != at || refused.contains(address) {
                    continue;
                }
                let belief = self.beliefs.get(key).copied();
                let takes_part = season.takes_part(at, address) && !workshop.is_cancelled;
                let knows = match belief {
                    Some(Belief::Seat | Belief::Waits) => takes_part,
                    Some(Belief::Off) | None => !takes_part,
                };
                // What was told since the backup only she can know: where things are again as the
                // old ledger has them, nothing seems to be left to tell.
                if !knows && self.has_lost(key, season) {
                    continue;
                }
                let of = workshop.reference;
                prop_assert!(
                    knows,
                    "{address} believes {belief:?} of {of}, takes part: {takes_part}"
                );
                let place = self.known.get(key);
                let is_there = place == Some(&(workshop.date, workshop.place.clone()));
                prop_assert!(!takes_part || is_there, "{address} knows {place:?} of {of}");
                seats += usize::from(belief == Some(Belief::Seat));
                waiting += usize::from(belief == Some(Belief::Waits));
            }
            let is_full = seats >= workshop.places;
            // Nor can anybody count the seats that people believe they have where some was lost.
            let is_clear = refused.is_empty() && self.lost_about(at, season).next().is_none();
            prop_assert!(
                waiting == 0 || is_full || !is_clear,
                "{} waits beside a free seat",
                workshop.reference
            );
        }
        Ok(())
    }
}

/// A Message-ID without its angle brackets.
pub fn id_of(id: &str) -> String {
    id.trim_matches(['<', '>']).to_owned()
}
