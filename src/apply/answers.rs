//! The coordinator's answers in « Courriels » of the dashboard: read before the night is planned,
//! and before the dashboard is written anew (programme.md §6, last paragraphs).
//!
//! An answer is taken only if it is about exactly what she was shown (its seal), and an e-mail only
//! if it is still due. Whatever is not taken is said, and stays as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::french::typographic;
use crate::mails::State;
use crate::outbox::{About, Id, Ledger, LedgerError, Pending, Seal, Step, seal_of_all};
use crate::platform;
use crate::report::dashboard::answers::{Answer, Unreadable, Word};
use crate::report::dashboard::{self, answers as sheet};
use crate::report::morning::ClockQuestion;

/// What the journal says of decisions made there.
const THERE: &str = "décidé dans le tableau de bord";

/// What can be answered for a message that awaits approval.
const APPROVAL: &str = "la réponse est « oui », « non » ou « reçu »";

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

#[derive(Debug)]
struct Given {
    word: Word,
    file: &'static str,
    row: u32,
    /// She answered the same question in two ways.
    contradicted: bool,
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
            contradicted: false,
        };
        match self.given.get_mut(&seal) {
            // What could not be taken from the older file was asked again in the newer one.
            Some(before) if before.file != file && !before.word.contradicts(&given.word) => {
                *before = given;
            }
            Some(before) => before.contradicted |= before.word != given.word,
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
        let question = ClockQuestion::of(ledger, today)?;
        let mut trusted = false;
        for seal in dates {
            let Some(given) = self.given.remove(&seal) else {
                continue;
            };
            if question.is_none_or(|question| question.seal != seal) {
                continue;
            }
            if given.word == Word::Yes && !given.contradicted {
                ledger.trust_clock()?;
                trusted = true;
            }
        }
        Ok(trusted)
    }

    /// Takes the answer to the question whether e-mails may go again although the ledger has a gap.
    pub(super) fn take_registry(&mut self, question: Option<Seal>) -> bool {
        let mut is_trusted = false;
        self.given.retain(|seal, given| {
            let is_yes = given.word == Word::Yes && !given.contradicted;
            is_trusted |= question == Some(*seal) && is_yes;
            seal.about != About::Registry
        });
        is_trusted
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
        let mut deciding = Deciding {
            obsolete,
            steps: Vec::new(),
            taken: Taken::default(),
            answered: BTreeSet::new(),
        };
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
        let mut for_all = None;
        for (seal, given) in &self.given {
            match (seal.about, shown.get(seal)) {
                (About::Everything, _) => for_all = Some((seal, given)),
                (About::Date | About::Registry, _) => {}
                (About::Message(_), Some(message)) => deciding.answer(message, given),
                (About::Message(id), None) => {
                    deciding.changed(id, ledger.message(id)?.as_ref(), given);
                }
            }
        }
        if let Some((seal, given)) = for_all {
            deciding.answer_all(&awaiting, *seal, given);
        }
        Ok((deciding.steps, deciding.taken))
    }
}

/// The answers while they are taken one by one.
struct Deciding<'a> {
    obsolete: &'a BTreeSet<Id>,
    steps: Vec<(Id, Step)>,
    taken: Taken,
    answered: BTreeSet<Id>,
}

impl Deciding<'_> {
    /// An answer about a message that is as she saw it.
    fn answer(&mut self, message: &Pending, given: &Given) {
        self.answered.insert(message.id);
        if given.contradicted {
            self.not_taken(message, given, "vous avez répondu deux choses différentes");
            return;
        }
        let reason = THERE.to_owned();
        let id = message.id;
        match (message.state, &given.word) {
            (State::AwaitingApproval, Word::Yes) if self.obsolete.contains(&id) => {
                self.not_taken(message, given, "il n’est plus d’actualité");
            }
            (State::AwaitingApproval, Word::Yes) => {
                self.taken.approved += 1;
                self.steps.push((id, Step::Approve { reason }));
            }
            (State::AwaitingApproval, Word::No) => {
                self.taken.rejected += 1;
                self.steps.push((id, Step::Reject { reason }));
            }
            (State::AwaitingApproval | State::Unknown, Word::Received) => {
                self.taken.received += 1;
                self.steps.push((id, Step::Received { reason }));
            }
            (State::Unknown, Word::Resend) => {
                // Where it is no longer due the look at what is unsent retires it.
                self.taken.resent += 1;
                self.steps.push((id, Step::Resend { reason }));
            }
            (State::Unknown, _) => {
                self.not_taken(message, given, "la réponse est « reçu » ou « renvoyer »");
            }
            _ => self.not_taken(message, given, APPROVAL),
        }
    }

    /// One answer for all that she did not answer one by one.
    fn answer_all(&mut self, awaiting: &[(Pending, Seal)], seal: Seal, given: &Given) {
        let is_one = matches!(given.word, Word::Yes | Word::No | Word::Received);
        if !is_one || given.contradicted {
            self.remark_all(given, APPROVAL);
            return;
        }
        // Once she answered, each message that was taken has another seal: the same answer, left in
        // the sheet, is about nothing any more.
        if seal_of_all(awaiting) != seal {
            if !awaiting.is_empty() {
                self.remark_all(
                    given,
                    "la liste des courriels qui attendent a changé depuis",
                );
            }
            return;
        }
        for (message, _) in awaiting {
            if !self.answered.contains(&message.id) {
                self.answer(message, given);
            }
        }
    }

    /// An answer about a message that is no longer as she saw it. Silent where things are as she
    /// wished: the answer of the night before is still in a sheet that could not be replaced.
    fn changed(&mut self, id: Id, message: Option<&Pending>, given: &Given) {
        let Some(message) = message else {
            let remark = format!(
                "Courriel n° {id} : il n’est plus dans le registre, « {} » n’a pas été pris.",
                given.word.french()
            );
            self.taken.remarks.push(typographic(&remark));
            return;
        };
        let is_done = match given.word {
            Word::Yes | Word::Resend => matches!(
                message.state,
                State::Planned
                    | State::HandingOver
                    | State::Accepted
                    | State::Deferred
                    | State::Refused
                    | State::Unknown
            ),
            Word::No => matches!(message.state, State::Rejected | State::Obsolete),
            Word::Received => message.state == State::Accepted,
            Word::Unclear(_) => false,
        };
        if !is_done {
            let now = format!(
                "il a changé depuis (maintenant : {})",
                message.state.french()
            );
            self.not_taken(message, given, &now);
        }
    }

    fn not_taken(&mut self, message: &Pending, given: &Given, why: &str) {
        let remark = format!(
            "Courriel n° {} ({}, ligne {}) : « {} » n’a pas été pris, {why}.",
            message.id,
            message.kind.french(),
            given.row,
            given.word.french()
        );
        self.taken.remarks.push(typographic(&remark));
    }

    fn remark_all(&mut self, given: &Given, why: &str) {
        let remark = format!(
            "Tous à la fois (ligne {}) : « {} » n’a pas été pris, {why}.",
            given.row,
            given.word.french()
        );
        self.taken.remarks.push(typographic(&remark));
    }
}
