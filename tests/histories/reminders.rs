//! What a reminder must be: right about the days that are left, one a night, and none of what she
//! was told when it fell due, or since.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use peer_culture::mails::Kind;
use proptest::prop_assert;
use proptest::test_runner::TestCaseError;

use super::belief::Letter;

/// So many days before, as `programme.toml` has it.
pub const OF_WORKSHOPS: [u64; 2] = [7, 1];
pub const OF_MEETINGS: [u64; 1] = [2];

/// Whom, and of what.
type Key = (String, String);

#[derive(Default)]
pub struct Reminders {
    /// The night on which she was told last of her place, of the day or of the place.
    told_on: BTreeMap<Key, NaiveDate>,
    reminded: BTreeSet<(Key, NaiveDate)>,
}

impl Reminders {
    /// She reads of a thing that takes place on a day; `is_clear`: nothing of it is or was in doubt.
    pub fn read(
        &mut self,
        letter: &Letter,
        (thing, event): (String, NaiveDate),
        tonight: NaiveDate,
        is_clear: bool,
    ) -> Result<(), TestCaseError> {
        let key = (letter.to.clone(), thing);
        let offsets = match letter.kind {
            Kind::WorkshopReminder => &OF_WORKSHOPS[..],
            Kind::MeetingReminder => &OF_MEETINGS,
            Kind::PaymentReminder => return Ok(()),
            _ => {
                self.told_on.insert(key, tonight);
                return Ok(());
            }
        };
        let left = event.signed_duration_since(tonight).num_days();
        let words = match left {
            1 => "c’est demain".to_owned(),
            left => format!("c’est dans {left} jours"),
        };
        prop_assert!(letter.text.contains(&words), "not {words}: {letter:?}");
        let left = u64::try_from(left).unwrap_or_default();
        let offset = offsets.iter().filter(|offset| left <= **offset).min();
        prop_assert!(offset.is_some(), "{left} days before: {letter:?}");
        let due_on = event - Days::new(offset.copied().unwrap_or_default());
        let told_on = self.told_on.get(&key);
        let is_news = told_on.is_none_or(|told_on| *told_on < due_on);
        prop_assert!(is_news || !is_clear, "told on {told_on:?}: {letter:?}");
        let is_one = self.reminded.insert((key, tonight));
        prop_assert!(is_one, "two in one night: {letter:?}");
        Ok(())
    }
}
