//! What an e-mail is about, and the earlier e-mails about the same thing to the same address: a
//! moved meeting, a reminder, a cancellation land in the thread of the first announcement
//! (RFC 5322 §3.6.4).

use std::cell::OnceCell;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::history::{Entry, History};
use super::kind::Kind;
use super::told::{
    InterviewTold, LeaderTold, MeetingTold, MembershipTold, SeatLetterTold, SupportTold, read,
};

/// How many earlier messages `References` names: a header stays far below the 998 octets of
/// RFC 5322 §2.1.1 a line, and a reminder that comes back every week doesn't grow it for ever.
const MOST: usize = 10;

/// The thing that an e-mail is about, the same for all e-mails about it: from what it tells, never
/// from a row's position. None for those that stand alone, and where what was told can't be read
/// back.
pub(super) fn thread_of(kind: Kind, told: &Value) -> Option<String> {
    let registration = |told: &Value| {
        read::<SeatLetterTold>(told).map(|told| format!("inscription|{}", told.registration))
    };
    match kind {
        Kind::ApplicationReceived | Kind::ApplicationIncomplete | Kind::ApplicationDecision => {
            let application = told.get("application")?.as_str()?;
            Some(format!("candidature|{application}"))
        }
        Kind::InterviewConfirmation => {
            let told = read::<InterviewTold>(told)?;
            Some(format!("entretien|{}", told.support))
        }
        Kind::MeetingConfirmation
        | Kind::MeetingChange
        | Kind::MeetingCancellation
        | Kind::MeetingReminder => {
            let told = read::<MeetingTold>(told)?;
            Some(format!("rdv|{}", told.thing()))
        }
        Kind::MeetingGap => {
            let told = read::<SupportTold>(told)?;
            Some(format!("relance|{}", told.support))
        }
        Kind::WorkshopReminder => match read::<LeaderTold>(told) {
            Some(told) => {
                let workshop = crate::model::fold::fold_name(&told.workshop.reference);
                Some(format!("atelier|{workshop}|{}", told.leader))
            }
            None => registration(told),
        },
        Kind::RegistrationConfirmed
        | Kind::RegistrationWaiting
        | Kind::RegistrationPromoted
        | Kind::RegistrationCancelled
        | Kind::WorkshopChange
        | Kind::WorkshopCancellation
        | Kind::PaymentReminder => registration(told),
        Kind::MembershipEnding => {
            let told = read::<MembershipTold>(told)?;
            Some(format!("adhésion|{}|{}", told.structure, told.ends_on))
        }
        Kind::EvaluationInvitation => {
            let told = read::<SupportTold>(told)?;
            Some(format!("évaluation|{}", told.support))
        }
        Kind::Digest => None,
    }
}

/// Earlier e-mails by the address that they went to. Made when the first e-mail of the night asks:
/// most nights have few, and a check has none.
pub(super) struct Threads<'a> {
    history: &'a History,
    by_address: OnceCell<FxHashMap<&'a str, Vec<&'a Entry>>>,
}

impl<'a> Threads<'a> {
    pub fn of(history: &'a History) -> Self {
        Self {
            history,
            by_address: OnceCell::new(),
        }
    }

    /// What was told about the thing to the address (in lower case), oldest first.
    pub fn told<'t>(&'t self, thread: &'t str, address: &str) -> impl Iterator<Item = &'a Entry> {
        let by_address = self.by_address.get_or_init(|| by_address(self.history));
        let entries = by_address.get(address).map_or(&[][..], Vec::as_slice);
        entries
            .iter()
            .copied()
            .filter(move |entry| thread_of(entry.kind, &entry.told).as_deref() == Some(thread))
    }

    /// The Message-IDs of what was told about the thing to the address: the first, which the thread
    /// hangs from, and the latest ones.
    pub fn references(&self, thread: &str, address: &str) -> Vec<String> {
        let mut all: Vec<String> = self
            .told(thread, address)
            .filter_map(|entry| entry.message_id.clone())
            .collect();
        if all.len() > MOST {
            all.drain(1..=all.len() - MOST);
        }
        all
    }
}

/// What has told something, or will have before tonight's.
fn by_address(history: &History) -> FxHashMap<&str, Vec<&Entry>> {
    let mut all: FxHashMap<&str, Vec<&Entry>> = FxHashMap::default();
    let told = history.entries().iter();
    for entry in told.filter(|entry| entry.was_told()) {
        all.entry(&entry.address).or_default().push(entry);
    }
    all
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::json;

    use super::*;
    use crate::mails::State;

    fn entry(number: u32, support: &str, state: State) -> Entry {
        let day = NaiveDate::from_ymd_opt(2021, 1, 12).unwrap();
        Entry {
            kind: Kind::MeetingGap,
            key: format!("{support}|{number}"),
            address: "zoe@example.org".to_owned(),
            state,
            queued_on: day,
            accepted_on: (state == State::Accepted).then_some(day),
            message_id: Some(format!("<{number}@example.org>")),
            told: json!({ "support": support }),
            may_have_arrived: state == State::Unknown,
        }
    }

    fn ids(entries: Vec<Entry>) -> Vec<String> {
        let history = History::new(entries);
        Threads::of(&history).references("relance|acc01", "zoe@example.org")
    }

    #[test]
    fn only_what_left_or_will_and_is_about_the_same_thing_counts() {
        let entries = vec![
            entry(1, "acc01", State::Accepted),
            entry(2, "acc02", State::Accepted),
            entry(3, "acc01", State::Refused),
            entry(4, "acc01", State::Obsolete),
            entry(5, "acc01", State::Unknown),
            entry(6, "acc01", State::AwaitingApproval),
        ];
        assert_eq!(ids(entries), ["<1@example.org>", "<5@example.org>"]);
    }

    #[test]
    fn a_long_thread_keeps_its_first_message_and_the_latest_ones() {
        let entries = (1..=30).map(|number| entry(number, "acc01", State::Accepted));
        let ids = ids(entries.collect());
        assert_eq!(ids.len(), MOST);
        assert_eq!(ids[0], "<1@example.org>");
        assert_eq!(ids[1], "<22@example.org>");
        assert_eq!(ids[9], "<30@example.org>");
    }
}
