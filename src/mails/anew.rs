//! What is written anew tonight, since an earlier night's words no longer hold: the coordinator's
//! word on it, or that she has not given it yet, goes on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::config::Mode;

use super::history::forgotten_key;
use super::kind::Kind;
use super::standing::occasion_of;

/// Kinds, occasions and addresses, as hashes from which nobody can be named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anew {
    /// She said yes; only the days that are left are others. Every night counts other days: to ask
    /// again would be never to hear her.
    agreed: BTreeSet<String>,
    /// It awaited her yes, and she has not answered.
    asked: BTreeSet<String>,
    /// She said no to it once, and what it was about is undone: should it come up again, she is
    /// asked, whatever the kind. Kept for good.
    #[serde(default)]
    refused: BTreeSet<String>,
}

/// Her word on something that is written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// She said yes.
    Agreed,
    /// She has been asked.
    Asked,
    /// She said no once.
    Refused,
}

impl Anew {
    /// Nothing is tonight.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.agreed.is_empty() && self.asked.is_empty()
    }

    /// What goes on once tonight's is written.
    #[must_use]
    pub fn kept(self) -> Self {
        Self {
            refused: self.refused,
            ..Self::default()
        }
    }

    /// She said no to it, and what it was about is undone.
    pub fn refuse(&mut self, kind: Kind, key: &str, address: &str) {
        self.refused.insert(print(kind, key, address));
    }

    /// She said yes to it in the words of another night.
    pub fn agree(&mut self, kind: Kind, key: &str, address: &str) {
        self.agreed.insert(print(kind, key, address));
    }

    /// She was asked in the words of another night.
    pub fn ask(&mut self, kind: Kind, key: &str, address: &str) {
        self.asked.insert(print(kind, key, address));
    }

    /// What is known of her word; none where it isn't written anew.
    pub(super) fn word(&self, kind: Kind, key: &str, address: &str) -> Option<Word> {
        if self.is_empty() && self.refused.is_empty() {
            return None;
        }
        let print = print(kind, key, address);
        if self.agreed.contains(&print) {
            return Some(Word::Agreed);
        }
        if self.asked.contains(&print) {
            return Some(Word::Asked);
        }
        self.refused.contains(&print).then_some(Word::Refused)
    }
}

impl Word {
    /// What becomes of an e-mail that would go as `mode` says; `why` says so.
    pub fn heeded(self, mode: Mode, why: &mut String) -> Mode {
        match self {
            Self::Agreed => Mode::Auto,
            Self::Asked => {
                if mode == Mode::Auto {
                    why.push_str(" Retenu : il attendait déjà votre accord, en d’autres termes.");
                }
                Mode::Review
            }
            Self::Refused => {
                if mode == Mode::Auto {
                    why.push_str(" Retenu : vous aviez dit « non » à ce courriel.");
                }
                Mode::Review
            }
        }
    }
}

fn print(kind: Kind, key: &str, address: &str) -> String {
    forgotten_key(kind, occasion_of(kind, key), address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn her_word_is_known_whatever_the_number_of_the_occasion() {
        let mut anew = Anew::default();
        let word = |anew: &Anew, key| anew.word(Kind::MeetingReminder, key, "Zoe@example.org");
        assert_eq!(word(&anew, "a|J-2"), None);
        anew.ask(Kind::MeetingReminder, "a|J-2", "zoe@example.org");
        assert_eq!(word(&anew, "a|J-2|#2"), Some(Word::Asked));
        assert_eq!(word(&anew, "a|J-7"), None);
        anew.agree(Kind::MeetingReminder, "a|J-2|#2", "zoe@example.org");
        assert_eq!(word(&anew, "a|J-2|#3"), Some(Word::Agreed));
    }
}
