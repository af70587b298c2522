//! What of an e-mail's words is kept beside what it told, so that a later night knows whether it
//! would still say the same.

use std::io::{self, Write};

use serde_json::Value;

use super::history::Entry;

/// How templates call the days that are left: they change by themselves from night to night.
const COUNTED: &str = "when";
/// A print of all other words.
const PRINT: &str = "words";
/// It goes since a row is gone, which may be an accident.
const GONE: &str = "gone";
/// Which calendar entry, which thread, why: what a reader isn't told.
const BOOKKEEPING: [&str; 3] = ["calendar", "origin", GONE];

/// How what a message says compares with what tonight's planning would say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// The same.
    Same,
    /// The same, were it not for the days that are left.
    Recounted,
    /// Something else.
    Other,
}

/// Keeps a print of a kind's own words in what it tells: a fee, a place in the list, what is missing.
pub(super) fn keep(told: &mut Value, own: &Value) {
    let (Value::Object(told), Value::Object(own)) = (told, own) else {
        return;
    };
    let mut print = Print::default();
    for (name, words) in own {
        if name == COUNTED {
            told.insert(COUNTED.to_owned(), words.clone());
        } else {
            // Writing into a number can't fail.
            let _ = print.write_all(name.as_bytes());
            let _ = serde_json::to_writer(&mut print, words);
        }
    }
    told.insert(PRINT.to_owned(), format!("{:016x}", print.0).into());
}

/// Keeps that it goes since a row is gone.
pub(super) fn keep_that_row_is_gone(told: &mut Value) {
    if let Value::Object(told) = told {
        told.insert(GONE.to_owned(), true.into());
    }
}

/// Whether a message went since a row was gone. Ledgers of earlier versions don't say.
pub(super) fn is_about_a_row_that_is_gone(told: &Value) -> bool {
    told.get(GONE).is_some_and(|gone| *gone == true)
}

/// Compares a message with what tonight would tell. One that can't be read back (a person was
/// forgotten) was due once, and the same is due tonight: that has to do.
pub(super) fn compare(entry: &Entry, now: &Value) -> Likeness {
    let (Value::Object(then), Value::Object(now)) = (&entry.told, now) else {
        return Likeness::Same;
    };
    let fields = then.keys().chain(now.keys());
    let unlike = fields.filter(|field| then.get(*field) != now.get(*field));
    let weigh = |field: &String| match field.as_str() {
        field if BOOKKEEPING.contains(&field) => Likeness::Same,
        COUNTED => Likeness::Recounted,
        // Ledgers of earlier versions have none. And what may have arrived goes once more with the
        // words that it had, as long as what it tells holds.
        PRINT if entry.may_have_arrived || !then.contains_key(PRINT) => Likeness::Same,
        _ => Likeness::Other,
    };
    unlike.map(weigh).max().unwrap_or(Likeness::Same)
}

/// FNV-1a, 64 bits: the same on every machine, in every version, and made while the words are
/// written out. Nobody gains from two letters with one print.
struct Print(u64);

impl Default for Print {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Write for Print {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::json;

    use super::*;
    use crate::mails::{Kind, State};

    fn entry(told: &Value, own: &Value) -> Entry {
        let mut told = told.clone();
        keep(&mut told, own);
        Entry {
            kind: Kind::WorkshopReminder,
            key: String::new(),
            address: String::new(),
            state: State::Deferred,
            queued_on: NaiveDate::default(),
            accepted_on: None,
            message_id: None,
            told,
            may_have_arrived: false,
        }
    }

    #[test]
    fn a_message_is_compared_by_what_it_tells_and_by_its_words() {
        let told = json!({ "place": "MJC" });
        let words = json!({ "when": "demain", "fee": "18 €" });
        let sent = entry(&told, &words);
        let with = |told: &Value, own: Value| compare(&sent, &entry(told, &own).told);
        assert_eq!(with(&told, words.clone()), Likeness::Same);
        let other = json!({ "when": "demain", "fee": "9 €" });
        assert_eq!(with(&told, other.clone()), Likeness::Other);
        let later = json!({ "when": "aujourd’hui", "fee": "18 €" });
        assert_eq!(with(&told, later.clone()), Likeness::Recounted);
        let elsewhere = json!({ "place": "Salle Nord" });
        assert_eq!(with(&elsewhere, later), Likeness::Other);
        let found = json!({ "place": "MJC", "from": "another day" });
        assert_eq!(with(&found, words.clone()), Likeness::Other);
        let kept = json!({ "place": "MJC", "calendar": 1, "origin": "here" });
        assert_eq!(with(&kept, words), Likeness::Same);
        let again = Entry {
            may_have_arrived: true,
            ..sent.clone()
        };
        assert_eq!(compare(&again, &entry(&told, &other).told), Likeness::Same);
    }

    #[test]
    fn what_can_t_be_read_back_is_taken_for_the_same() {
        let now = entry(&json!({ "place": "MJC" }), &json!({ "fee": "18 €" })).told;
        let mut older = entry(&Value::Null, &Value::Null);
        assert_eq!(compare(&older, &now), Likeness::Same);
        older.told = json!({ "place": "MJC" });
        assert_eq!(compare(&older, &now), Likeness::Same, "without a print");
        older.told = json!({ "place": "Salle Nord" });
        assert_eq!(compare(&older, &now), Likeness::Other);
    }
}
