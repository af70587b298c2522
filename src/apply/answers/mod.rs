//! The coordinator's answers in « Courriels » of the dashboard: read before the night is planned,
//! and before the dashboard is written anew (programme.md §6, last paragraphs).
//!
//! An answer is taken only if it is about exactly what she was shown (its seal), and an e-mail only
//! if it is still due. Whatever is not taken is said, and stays as it was.

mod deciding;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::french::typographic;
use crate::mails::State;
use crate::outbox::{About, Id, Ledger, LedgerError, Pending, Seal, Step};
use crate::platform;
use crate::report::dashboard::answers::{Answer, Unreadable, Word};
use crate::report::dashboard::{self, answers as sheet};
use crate::report::morning::ClockQuestion;
use deciding::Deciding;

/// Her answers, as read from the files.
#[derive(Debug, Default)]
pub(super) struct Answers {
    given: BTreeMap<Seal, Given>,
    remarks: Vec<String>,
    /// The dashboard could not be read: it must not be lost when the new one is written.
    pub(super) unreadable: bool,
    /// SHA-256 of each file as it was read.
    pub(super) read: Vec<(&'static str, [u8; 32])>,
}

/// An answer.
#[derive(Debug)]
struct Given {
    word: Word,
    file: &'static str,
    row: u32,
    /// Another answer to the same question.
    other: Option<Other>,
}

/// An answer that stands beside another.
#[derive(Debug)]
struct Other {
    word: Word,
    file: &'static str,
    row: u32,
    /// The two can't both be meant.
    contradicts: bool,
}

impl Given {
    /// She answered the same question in two ways.
    fn is_contradicted(&self) -> bool {
        self.other.as_ref().is_some_and(|other| other.contradicts)
    }

    fn beside(self, contradicts: bool) -> Other {
        Other {
            word: self.word,
            file: self.file,
            row: self.row,
            contradicts,
        }
    }

    /// Her yes, and nothing else.
    fn is_yes(&self) -> bool {
        self.word == Word::Yes && !self.is_contradicted()
    }

    /// That it was not taken, and why; of two that contradict each other neither is.
    fn not_taken(&self, question: &str, why: &str) -> String {
        let said = self.word.french();
        let remark = match &self.other {
            Some(other) if other.contradicts => format!(
                "{question} : vous avez répondu deux choses différentes, « {said} » (« {} », ligne {}) et « {} » (« {} », ligne {}). Aucune n’a été prise, la question vous est posée de nouveau.",
                self.file,
                self.row,
                other.word.french(),
                other.file,
                other.row
            ),
            _ => format!(
                "{question} (ligne {}) : « {said} » n’a pas été pris, {why}.",
                self.row
            ),
        };
        typographic(&remark)
    }
}

/// What she said of the ledger's gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AboutRegistry {
    /// Nothing that can be taken.
    Nothing,
    /// E-mails may go again.
    Yes,
    /// Two things: she is asked anew.
    TwoThings,
}

/// What came of her answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// E-mails that she said yes to.
    pub approved: u32,
    /// E-mails that she said no to.
    pub rejected: u32,
    /// Doubts that she settled: it arrived.
    pub received: u32,
    /// Doubts that she settled: once more.
    pub resent: u32,
    /// She said that today's date is right.
    pub clock_trusted: bool,
    /// She said that e-mails may go again, whatever the ledger doesn't know of.
    pub ledger_trusted: bool,
    /// What was not taken and why, in French.
    pub remarks: Vec<String>,
}

impl Taken {
    /// Her answers changed something.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.approved + self.rejected + self.received + self.resent > 0
            || self.clock_trusted
            || self.ledger_trusted
    }
}

impl Answers {
    /// Reads the dashboard, and the one beside it where there is one. A file that can't be read is
    /// said, and no reason not to run.
    pub(super) fn read(controls: &Path) -> Self {
        let mut answers = Self::default();
        for name in [dashboard::FILE, dashboard::FILE_BESIDE] {
            match fs::read(controls.join(name)) {
                Ok(bytes) => {
                    answers.read.push((name, Sha256::digest(&bytes).into()));
                    answers.add(name, &bytes);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    let why = if platform::says_held(&error) {
                        "est ouvert dans un autre programme, qui ne le laisse pas lire".to_owned()
                    } else {
                        format!("ne peut pas être lu ({error})")
                    };
                    let remark = format!(
                        "« {name} » {why} : vos réponses, s’il y en a, n’ont pas été prises."
                    );
                    answers.remark(&remark);
                }
            }
        }
        answers
    }

    fn add(&mut self, name: &'static str, bytes: &[u8]) {
        match sheet::read(bytes) {
            Ok(found) => {
                for answer in found {
                    self.give(name, answer);
                }
            }
            Err(Unreadable::File) => {
                self.unreadable |= name == dashboard::FILE;
                let remark = format!(
                    "« {name} » est abîmé ou protégé par un mot de passe : vos réponses, s’il y en a, n’ont pas été prises."
                );
                self.remark(&remark);
            }
            Err(Unreadable::Sheet) => {
                let remark = format!(
                    "« {name} » n’a plus la feuille « Courriels », ou ses colonnes « Envoyer ? » et « Repère » : aucune réponse n’y a été lue."
                );
                self.remark(&remark);
            }
        }
    }

    fn give(&mut self, file: &'static str, Answer { seal, word, row }: Answer) {
        let Some(seal) = seal else {
            let remark = format!(
                "« {file} », Courriels, ligne {row} : « {} » est écrit sur une ligne qui n’attend pas de réponse, ou dont le repère manque.",
                word.french()
            );
            self.remark(&remark);
            return;
        };
        let given = Given {
            word,
            file,
            row,
            other: None,
        };
        match self.given.get_mut(&seal) {
            Some(before) if before.word == given.word => {}
            // What could not be taken from the older file was asked again in the newer one.
            Some(before) if before.file != file && !before.word.contradicts(&given.word) => {
                let older = std::mem::replace(before, given);
                before.other = Some(older.beside(false));
            }
            Some(before) => before.other = Some(given.beside(true)),
            None => {
                self.given.insert(seal, given);
            }
        }
    }

    fn remark(&mut self, text: &str) {
        self.remarks.push(typographic(text));
    }

    /// Takes the answer about today's date, before anything else is looked at.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub(super) fn take_clock(
        &mut self,
        ledger: &mut Ledger,
        today: NaiveDate,
    ) -> Result<bool, LedgerError> {
        let dates: Vec<Seal> = self
            .given
            .keys()
            .copied()
            .filter(|seal| seal.about == About::Date)
            .collect();
        let question = ClockQuestion::of(ledger, today)?.map(|question| question.seal);
        let mut trusted = false;
        for seal in dates {
            let Some(given) = self.given.remove(&seal) else {
                continue;
            };
            if question != Some(seal) {
                continue;
            }
            if given.is_yes() {
                ledger.trust_clock()?;
                trusted = true;
                continue;
            }
            if given.other.is_some() {
                ledger.ask_clock_anew()?;
            }
            self.remark_yes_or_no("Date d’aujourd’hui", &given);
        }
        Ok(trusted)
    }

    /// Takes the answer to the question whether e-mails may go again although the ledger has a gap.
    pub(super) fn take_registry(&mut self, question: Option<Seal>) -> AboutRegistry {
        let is_about = |seal: &Seal| seal.about == About::Registry;
        let seals: Vec<Seal> = self.given.keys().copied().filter(is_about).collect();
        let mut said = AboutRegistry::Nothing;
        for seal in seals {
            let Some(given) = self.given.remove(&seal).filter(|_| question == Some(seal)) else {
                continue;
            };
            if given.is_yes() {
                said = AboutRegistry::Yes;
                continue;
            }
            if given.other.is_some() {
                said = AboutRegistry::TwoThings;
            }
            self.remark_yes_or_no("Registre des courriels", &given);
        }
        said
    }

    /// A no is an answer, too: nothing changes then.
    fn remark_yes_or_no(&mut self, question: &str, given: &Given) {
        if given.word != Word::No || given.is_contradicted() {
            let remark = given.not_taken(question, "la réponse est « oui » ou « non »");
            self.remarks.push(remark);
        }
    }

    /// None of them is taken, and she is told: they are about what another ledger knew.
    pub(super) fn refuse(self) -> Taken {
        let mut remarks = self.remarks;
        if !self.given.is_empty() {
            let remark = "Vos réponses dans « Courriels » n’ont pas été prises : le registre des courriels n’est plus celui sur lequel elles portaient. Ce qui attend votre accord vous est demandé de nouveau.";
            remarks.push(typographic(remark));
        }
        Taken {
            remarks,
            ..Taken::default()
        }
    }

    /// What the answers change in the ledger; `obsolete` are the messages that are no longer due,
    /// nor in other words.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub(super) fn decide(
        self,
        ledger: &Ledger,
        obsolete: &BTreeSet<Id>,
    ) -> Result<(Vec<(Id, Step)>, Taken), LedgerError> {
        let mut deciding = Deciding::new(obsolete);
        deciding.taken.remarks = self.remarks;
        if self.given.is_empty() {
            return Ok((deciding.steps, deciding.taken));
        }
        let awaiting = ledger.sealed(State::AwaitingApproval)?;
        let doubtful = ledger.sealed(State::Unknown)?;
        let shown: BTreeMap<Seal, &Pending> = awaiting
            .iter()
            .chain(&doubtful)
            .map(|(message, seal)| (*seal, message))
            .collect();
        // Of two dashboards each has its own: that of an earlier night is about another list.
        let mut for_all = Vec::new();
        for (seal, given) in &self.given {
            match (seal.about, shown.get(seal)) {
                (About::Everything, _) => for_all.push((seal, given)),
                (About::Date | About::Registry, _) => {}
                (About::Message(_), Some(message)) => deciding.answer(message, given),
                (About::Message(id), None) => {
                    let message = ledger.message(id)?;
                    match &message {
                        Some(message)
                            if !given.is_yes() && ledger.seal_before_yes(id)? == Some(*seal) =>
                        {
                            deciding.not_yes_after_all(message, given);
                        }
                        message => deciding.changed(id, message.as_ref(), given),
                    }
                }
            }
        }
        let approved = if for_all.is_empty() {
            Vec::new()
        } else {
            approved_since(ledger)?
        };
        for (seal, given) in for_all {
            deciding.answer_all(&awaiting, &approved, *seal, given);
        }
        Ok((deciding.steps, deciding.taken))
    }
}

/// What was approved and has not left, each with the seal under which she was asked.
fn approved_since(ledger: &Ledger) -> Result<Vec<(Pending, Seal)>, LedgerError> {
    let mut approved = Vec::new();
    for state in [State::Planned, State::Deferred] {
        for message in ledger.in_state(state)? {
            if let Some(seal) = ledger.seal_before_yes(message.id)? {
                approved.push((message, seal));
            }
        }
    }
    Ok(approved)
}
