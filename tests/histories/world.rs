//! The world outside: the nights, the mail server, and what the coordinator answers.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Days, NaiveDate};
use peer_culture::apply::{self, Done, Filled};
use peer_culture::cancel::Cancel;
use peer_culture::mails::{Kind, State};
use peer_culture::outbox::{Id, Ledger, Moment, Pending, Step, Transport};
use peer_culture::programme::{self, Programme};
use peer_culture::progress::Progress;
use proptest::prop_assert;
use proptest::test_runner::TestCaseError;

use super::files::{copy, empty};
use super::people::{People, id_of};
use super::post::Post;
use super::season::{Season, day_of};
use super::way::{Fault, Sink, Way};
use crate::folder::Folder;

pub struct World {
    folder: Folder,
    image: Folder,
    sink: Arc<Mutex<Sink>>,
    day: NaiveDate,
    people: People,
    fault: Option<Fault>,
    /// `.peer-culture` as it was after each night, and how many letters had arrived by then.
    kept: Vec<(Folder, usize)>,
    /// E-mails leave over SMTP; else in memory.
    by_smtp: bool,
    gap: Option<Gap>,
}

/// What the ledger doesn't know since an older one was put back.
struct Gap {
    /// How many letters had arrived by then.
    had: usize,
    /// It is older for sure.
    is_behind: bool,
    /// What awaited her yes in it.
    waited: BTreeSet<Id>,
    /// The Message-IDs that she said yes to since.
    approved: BTreeSet<String>,
    /// Whom she had reminded, by what: a reminder is written anew when it counts other days.
    reminded: BTreeSet<(Kind, String)>,
    /// She has answered all that was held because of it.
    answered: bool,
}

impl World {
    pub fn new() -> Self {
        let folder = Folder::in_memory();
        folder.file(
            "programme.toml",
            "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n\
             [mail]\nkinds = { synthese = \"off\", rdv-relance = \"off\" }\n"
                .as_bytes(),
        );
        Self {
            folder,
            image: Folder::in_memory(),
            sink: Arc::default(),
            day: day_of(12),
            people: People::default(),
            fault: None,
            kept: Vec::new(),
            by_smtp: false,
            gap: None,
        }
    }

    /// One whose e-mails leave over SMTP.
    pub fn by_smtp() -> Self {
        Self {
            by_smtp: true,
            ..Self::new()
        }
    }

    /// A night, and the next morning.
    pub fn night(
        &mut self,
        season: &Season,
        fault: Option<(Fault, usize)>,
    ) -> Result<(), TestCaseError> {
        season.write(&self.folder);
        self.people.meet(season);
        let mut done = self.run(fault);
        if self.sink.lock().unwrap().killed {
            self.die();
            // Somebody starts it again the same night.
            done = self.run(None);
        }
        self.look_at_gap(done.plan.due.guard.as_deref().unwrap_or_default())?;
        self.fault = self.fault.or(fault.map(|(fault, _)| fault));
        self.look_at_doubts(season)?;
        let sink = Arc::clone(&self.sink);
        let letters = sink.lock().unwrap().letters.clone();
        self.people.read(&letters, season, self.day)?;
        self.look_at_ledger()?;
        self.day = self.day + Days::new(1);
        Ok(())
    }

    /// Somebody puts `.peer-culture` back as it was some nights before.
    pub fn put_back(&mut self, ago: usize) {
        let number = self.kept.len().saturating_sub(ago + 2);
        let Some((kept, had)) = self.kept.get(number) else {
            return;
        };
        let state = self.folder.path().join(".peer-culture");
        empty(&state);
        copy(kept.path(), &state);
        let sink = self.sink.lock().unwrap();
        self.people.lose(&sink.letters[*had..]);
        let ledger = Ledger::read_only(self.folder.path()).unwrap().unwrap();
        let waits = ledger.in_state(State::AwaitingApproval).unwrap();
        self.gap = Some(Gap {
            had: sink.letters.len(),
            is_behind: *had < sink.letters.len(),
            waited: waits.into_iter().map(|message| message.id).collect(),
            approved: BTreeSet::new(),
            reminded: BTreeSet::new(),
            answered: false,
        });
    }

    /// What left after the backup is not sent again unless she says so; until she has answered all
    /// that is held because of it nothing else goes, and she is told why.
    fn look_at_gap(&mut self, guard: &str) -> Result<(), TestCaseError> {
        let Some(gap) = &mut self.gap else {
            return Ok(());
        };
        let is_held = guard.contains("le registre des courriels") || guard.contains("Le registre");
        if gap.answered {
            prop_assert!(!is_held, "held after her answer: {guard}");
            return Ok(());
        }
        // Where no letter is missing, what it doesn't know may be nothing.
        if !gap.is_behind && !is_held {
            self.gap = None;
            return Ok(());
        }
        gap.is_behind = true;
        prop_assert!(is_held, "not held: {guard}");
        let sink = self.sink.lock().unwrap();
        for letter in &sink.letters[gap.had..] {
            let reminder = (letter.kind, letter.to.clone());
            let is_asked = gap.approved.contains(&letter.id) || gap.reminded.contains(&reminder);
            prop_assert!(is_asked, "unasked: {letter:?}");
        }
        Ok(())
    }

    /// Keeps a copy of what the program remembers.
    pub fn keep(&mut self) {
        let kept = Folder::in_memory();
        copy(&self.folder.path().join(".peer-culture"), kept.path());
        let had = self.sink.lock().unwrap().letters.len();
        self.kept.push((kept, had));
    }

    fn run(&self, fault: Option<(Fault, usize)>) -> Done {
        let blocked = matches!(fault, Some((Fault::NoOutput, _)));
        let controls = self.folder.path().join("controles");
        let aside = self.folder.path().join(".aside");
        if blocked {
            // Not even root writes into a file as if it were a folder.
            let _ = fs::rename(&controls, &aside);
            fs::write(&controls, b"").unwrap();
        }
        {
            let mut sink = self.sink.lock().unwrap();
            (sink.tries, sink.fault) = (0, fault);
        }
        let quietly = Progress::none();
        let programme = Programme::load(self.folder.path(), Some(self.day), &quietly).unwrap();
        let post = self.by_smtp.then(|| Post::open(fault));
        let way = post
            .as_ref()
            .map_or_else(|| self.way(), |post| post.way(&self.folder));
        let transports = vec![way];
        let done = apply::run_over(&programme, transports, &quietly, &Cancel::new());
        if let Some(post) = post {
            post.empty_into(&self.sink, &self.folder);
        }
        if blocked {
            fs::remove_file(&controls).unwrap();
            let _ = fs::rename(&aside, &controls);
        }
        done.unwrap_or_else(|error| panic!("{error:?}"))
    }

    fn way(&self) -> Box<dyn Transport> {
        Box::new(Way {
            sink: Arc::clone(&self.sink),
            folder: self.folder.path().to_owned(),
            image: self.image.path().to_owned(),
        })
    }

    /// The folder is as it was in the instant of the kill.
    fn die(&self) {
        self.sink.lock().unwrap().killed = false;
        empty(self.folder.path());
        copy(self.image.path(), self.folder.path());
        empty(self.image.path());
    }

    /// No more is in doubt than the fault explains.
    fn look_at_doubts(&mut self, season: &Season) -> Result<(), TestCaseError> {
        let ledger = Ledger::read_only(self.folder.path()).unwrap().unwrap();
        let doubts = ledger.doubts().unwrap();
        let may_doubt = self.fault.is_some_and(Fault::leaves_doubt);
        prop_assert!(doubts.len() <= usize::from(may_doubt), "{doubts:?}");
        for doubt in doubts {
            self.people.doubt(&doubt.message, season);
        }
        Ok(())
    }

    /// What the ledger says is what arrived.
    fn look_at_ledger(&self) -> Result<(), TestCaseError> {
        let ledger = Ledger::read_only(self.folder.path()).unwrap().unwrap();
        prop_assert!(ledger.audit().unwrap().agree());
        let sink = self.sink.lock().unwrap();
        let arrived: BTreeSet<&str> = sink.letters.iter().map(|one| one.id.as_str()).collect();
        let accepted = ledger.in_state(State::Accepted).unwrap();
        for message in &accepted {
            prop_assert!(
                arrived.contains(id_of(&message.message_id).as_str()),
                "lost: {message:?}"
            );
        }
        // A doubt that she was shown may be overtaken by other news since; what is not in a ledger
        // that was put back is lost.
        let known: BTreeSet<String> = accepted
            .iter()
            .map(|message| id_of(&message.message_id))
            .chain(self.people.doubted.iter().cloned())
            .chain(self.people.lost.ids.iter().cloned())
            .collect();
        for id in arrived {
            prop_assert!(known.contains(id), "arrived, and the ledger doesn't know");
        }
        Ok(())
    }

    fn moment(&self) -> Moment {
        let noon = self.day.and_hms_opt(0, 0, 1).unwrap();
        Moment {
            now: DateTime::from_naive_utc_and_offset(noon, chrono::Utc),
            day: self.day,
        }
    }

    /// She says yes to all that awaits it; where nothing is held because of a gap, to the question
    /// whether e-mails may go again.
    pub fn answer_everything(&mut self) {
        let reason = || "oui".to_owned();
        let approved = self.decide(State::AwaitingApproval, |_| Step::Approve {
            reason: reason(),
        });
        let Some(gap) = &mut self.gap else {
            return;
        };
        let of_gap = approved.iter().any(|one| !gap.waited.contains(&one.id));
        let ids = approved.iter().map(|one| id_of(&one.message_id));
        gap.approved.extend(ids);
        let kinds = [Kind::WorkshopReminder, Kind::MeetingReminder];
        let reminders = approved.iter().filter(|one| kinds.contains(&one.kind));
        let reminders = reminders.map(|one| (one.kind, one.to.address.clone()));
        gap.reminded.extend(reminders);
        if !gap.answered && !of_gap {
            let mut ledger = Ledger::open(self.folder.path()).unwrap();
            let settings = programme::settings(self.folder.path()).unwrap();
            let filled = apply::trust_ledger(&mut ledger, &settings).unwrap();
            gap.answered = matches!(filled, Filled::Done(_));
        }
        gap.answered |= of_gap;
    }

    /// She asks people whether they got what is in doubt.
    pub fn settle_doubts(&self) {
        let reason = || "elle a demandé".to_owned();
        let arrived: BTreeSet<String> = {
            let sink = self.sink.lock().unwrap();
            sink.letters
                .iter()
                .map(|one| format!("<{}>", one.id))
                .collect()
        };
        self.decide(State::Unknown, |id| {
            if arrived.contains(id) {
                Step::Received { reason: reason() }
            } else {
                Step::Resend { reason: reason() }
            }
        });
    }

    /// The messages that she decided on.
    fn decide(&self, state: State, step: impl Fn(&str) -> Step) -> Vec<Pending> {
        let mut ledger = Ledger::open(self.folder.path()).unwrap();
        let messages = ledger.in_state(state).unwrap();
        let steps: Vec<_> = messages
            .iter()
            .map(|message| (message.id, step(&message.message_id)))
            .collect();
        ledger.steps(&steps, self.moment()).unwrap();
        messages
    }

    /// In the end nothing is left to do, and everybody knows what holds.
    pub fn everybody_knows(&self, season: &Season) -> Result<(), TestCaseError> {
        let ledger = Ledger::read_only(self.folder.path()).unwrap().unwrap();
        for state in [
            State::Planned,
            State::HandingOver,
            State::Deferred,
            State::Unknown,
        ] {
            prop_assert!(ledger.in_state(state).unwrap().is_empty(), "left {state:?}");
        }
        let last_night = self.day - Days::new(1);
        let sink = self.sink.lock().unwrap();
        self.people.know(season, last_night, &sink.refused)
    }
}
