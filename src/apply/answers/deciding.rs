//! Her answers, taken one by one: what each changes in the ledger, and why another is not taken.

use std::collections::BTreeSet;

use super::{Given, Taken};
use crate::french::typographic;
use crate::mails::State;
use crate::outbox::{Id, Pending, Seal, Step, seal_of_all};
use crate::report::dashboard::answers::Word;

/// What the journal says of decisions made there.
const THERE: &str = "décidé dans le tableau de bord";

/// What can be answered for a message that awaits approval, and for one in doubt.
const APPROVAL: &str = "la réponse est « oui », « non » ou « reçu »";
const DOUBT: &str = "la réponse est « reçu » ou « renvoyer »";

/// The answers while they are taken one by one.
pub(super) struct Deciding<'a> {
    obsolete: &'a BTreeSet<Id>,
    pub steps: Vec<(Id, Step)>,
    pub taken: Taken,
    answered: BTreeSet<Id>,
}

impl<'a> Deciding<'a> {
    /// None is taken yet; `obsolete` are the messages that are no longer due, nor in other words.
    pub fn new(obsolete: &'a BTreeSet<Id>) -> Self {
        Self {
            obsolete,
            steps: Vec::new(),
            taken: Taken::default(),
            answered: BTreeSet::new(),
        }
    }

    /// An answer about a message that is as she saw it.
    pub fn answer(&mut self, message: &Pending, given: &Given) {
        self.answered.insert(message.id);
        let reason = THERE.to_owned();
        let id = message.id;
        if given.is_contradicted() {
            self.ask_anew(id);
            self.not_taken(message, given, "");
            return;
        }
        match (message.state, &given.word) {
            (State::AwaitingApproval, Word::Yes) if self.obsolete.contains(&id) => {
                self.not_taken(
                    message,
                    given,
                    "il n’est plus d’actualité tel quel ; s’il reste quelque chose à dire, une nouvelle version attend votre accord",
                );
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
            (state, _) => {
                // What stands in the older file is not to be taken the next night for want of this.
                if given.other.is_some() {
                    self.ask_anew(id);
                }
                let can_be = if state == State::Unknown {
                    DOUBT
                } else {
                    APPROVAL
                };
                self.not_taken(message, given, can_be);
            }
        }
    }

    /// What was said until now counts no longer: in a file that she has open it stays.
    fn ask_anew(&mut self, id: Id) {
        let reason = "deux réponses différentes dans le tableau de bord".to_owned();
        self.steps.push((id, Step::Ask { reason }));
    }

    /// One answer for all that she did not answer one by one. Part of them may have been `approved` at
    /// the command line since she was shown the list.
    pub fn answer_all(
        &mut self,
        awaiting: &[(Pending, Seal)],
        approved: &[(Pending, Seal)],
        seal: Seal,
        given: &Given,
    ) {
        let mut shown: Vec<(Pending, Seal)> = [awaiting, approved].concat();
        shown.sort_by_key(|(message, _)| message.id);
        let is_tonights = seal_of_all(awaiting) == seal;
        let is_one = matches!(given.word, Word::Yes | Word::No | Word::Received);
        if !is_one || given.is_contradicted() {
            if given.other.is_some() && is_tonights {
                let ids = awaiting.iter().map(|(message, _)| message.id);
                let open: Vec<Id> = ids.filter(|id| !self.answered.contains(id)).collect();
                for id in open {
                    self.ask_anew(id);
                }
            }
            self.remark_all(given, APPROVAL);
            return;
        }
        // Once she answered, each message that was taken has another seal: the same answer, left in
        // the sheet, is about nothing any more.
        if !is_tonights && seal_of_all(&shown) != seal {
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
        if !is_tonights && !given.is_yes() {
            for (message, _) in approved {
                if !self.answered.contains(&message.id) {
                    self.not_yes_after_all(message, given);
                }
            }
        }
    }

    /// An answer about a message that is no longer as she saw it. Silent where things are as she
    /// wished: the answer of the night before is still in a sheet that could not be replaced.
    pub fn changed(&mut self, id: Id, message: Option<&Pending>, given: &Given) {
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
        if is_done {
            return;
        }
        let now = match message.state {
            State::AwaitingApproval | State::Unknown => {
                "il a changé depuis, et la question vous est posée de nouveau".to_owned()
            }
            state => format!("il a changé depuis (maintenant : {})", state.french()),
        };
        self.not_taken(message, given, &now);
    }

    /// Anything but a yes to what was approved at the command line meanwhile: who of the two is right
    /// only she knows.
    pub fn not_yes_after_all(&mut self, message: &Pending, given: &Given) {
        self.answered.insert(message.id);
        let reason = "approuvé, puis autre chose dans le tableau de bord".to_owned();
        self.steps.push((message.id, Step::Hold { reason }));
        let why = "il avait été approuvé entre-temps : il ne part pas, et la question vous est posée de nouveau";
        self.not_taken(message, given, why);
    }

    fn not_taken(&mut self, message: &Pending, given: &Given, why: &str) {
        let question = format!("Courriel n° {}, « {} »", message.id, message.kind.french());
        self.taken.remarks.push(given.not_taken(&question, why));
    }

    fn remark_all(&mut self, given: &Given, why: &str) {
        let remark = given.not_taken("Tous à la fois", why);
        self.taken.remarks.push(remark);
    }
}
