//! What somebody may believe: what the server took for her is known to her, what is in doubt may be.
//! A reminder must not contradict any of it.

use super::history::{Entry, State};
use super::past::Outcome;

/// One thing, or several while an e-mail is in doubt. A bit for each outcome, and one for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Belief(u8);

const NOTHING: u8 = 1 << 7;

impl Default for Belief {
    /// Nobody has told her anything.
    fn default() -> Self {
        Self(NOTHING)
    }
}

impl Belief {
    /// After an e-mail with that outcome: what is still to leave changes nothing yet.
    pub fn note(&mut self, entry: &Entry, outcome: Outcome) {
        if entry.state == State::Accepted {
            self.0 = bit(outcome);
        } else if entry.may_have_arrived {
            self.0 |= bit(outcome);
        }
    }

    /// She may believe it.
    pub fn may_be(self, outcome: Outcome) -> bool {
        self.0 & bit(outcome) != 0
    }

    /// She was told of a seat, or may have been, and of nothing else.
    pub fn is_seat(self) -> bool {
        let only = bit(Outcome::Seat) | NOTHING;
        self.may_be(Outcome::Seat) && self.0 & !only == 0
    }
}

fn bit(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Seat => 1,
        Outcome::Waits => 2,
        Outcome::Cancelled => 4,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::mails::Kind;

    fn after(letters: &[(Outcome, State)]) -> Belief {
        let mut belief = Belief::default();
        for (outcome, state) in letters {
            let entry = Entry {
                kind: Kind::RegistrationConfirmed,
                key: String::new(),
                address: String::new(),
                state: *state,
                queued_on: NaiveDate::default(),
                accepted_on: None,
                message_id: None,
                told: serde_json::Value::Null,
                may_have_arrived: *state == State::Unknown,
            };
            belief.note(&entry, *outcome);
        }
        belief
    }

    #[test]
    fn a_seat_is_believed_once_it_was_told_and_nothing_else_is_in_doubt() {
        use Outcome::{Cancelled, Seat, Waits};
        use State::{Accepted, Deferred, Refused, Unknown};
        assert!(!after(&[]).is_seat());
        assert!(!after(&[(Seat, Deferred)]).is_seat(), "still to leave");
        assert!(!after(&[(Seat, Refused)]).is_seat(), "never arrived");
        assert!(after(&[(Seat, Accepted)]).is_seat());
        assert!(after(&[(Seat, Unknown)]).is_seat(), "nothing, or the seat");
        assert!(!after(&[(Waits, Accepted), (Seat, Unknown)]).is_seat());
        assert!(!after(&[(Seat, Accepted), (Cancelled, Unknown)]).is_seat());
        let again = [(Seat, Accepted), (Cancelled, Unknown), (Seat, Accepted)];
        assert!(after(&again).is_seat(), "told again since");
    }
}
