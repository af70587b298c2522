//! The world outside: the nights, the mail server, and what the coordinator answers.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Days, NaiveDate};
use peer_culture::apply::{self, Done};
use peer_culture::cancel::Cancel;
use peer_culture::mails::State;
use peer_culture::outbox::{Ledger, Moment, Step, Transport};
use peer_culture::programme::Programme;
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
        self.run(fault);
        if self.sink.lock().unwrap().killed {
            self.die();
            // Somebody starts it again the same night.
            self.run(None);
        }
        self.fault = self.fault.or(fault.map(|(fault, _)| fault));
        self.look_at_doubts(season)?;
        let sink = Arc::clone(&self.sink);
        self.people.read(&sink.lock().unwrap().letters, season)?;
        self.look_at_ledger()?;
        self.day = self.day + Days::new(1);
        Ok(())
    }

    /// A night that finds `.peer-culture` as it was some nights before: what left since is not sent
    /// again, and the coordinator is told why nothing goes.
    pub fn put_back_night(&mut self, season: &Season, ago: usize) -> Result<(), TestCaseError> {
        season.write(&self.folder);
        self.people.meet(season);
        let number = self.kept.len().saturating_sub(ago + 2);
        let had = self.sink.lock().unwrap().letters.len();
        let Some((kept, had_then)) = self.kept.get(number) else {
            return Ok(());
        };
        let state = self.folder.path().join(".peer-culture");
        empty(&state);
        copy(kept.path(), &state);
        let is_behind = *had_then < had;
        let done = self.run(None);
        let sink = Arc::clone(&self.sink);
        let sink = sink.lock().unwrap();
        if is_behind {
            let latest = sink.letters.last();
            prop_assert!(sink.letters.len() == had, "sent again: {latest:?}");
            let why = done.plan.due.guard.unwrap_or_default();
            prop_assert!(why.contains("plus ancien"), "{why}");
        }
        self.people.read(&sink.letters, season)?;
        self.people.has_old_registry = true;
        self.day = self.day + Days::new(1);
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
        // A doubt that she was shown may be overtaken by other news since.
        let known: BTreeSet<String> = accepted
            .iter()
            .map(|message| id_of(&message.message_id))
            .chain(self.people.doubted.iter().cloned())
            .collect();
        for id in arrived {
            let is_known = self.people.has_old_registry || known.contains(id);
            prop_assert!(is_known, "arrived, and the ledger doesn't know");
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

    /// She says yes to all that awaits it.
    pub fn approve_everything(&self) {
        let reason = || "oui".to_owned();
        self.decide(State::AwaitingApproval, |_| Step::Approve {
            reason: reason(),
        });
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

    fn decide(&self, state: State, step: impl Fn(&str) -> Step) {
        let mut ledger = Ledger::open(self.folder.path()).unwrap();
        let messages = ledger.in_state(state).unwrap();
        let steps: Vec<_> = messages
            .iter()
            .map(|message| (message.id, step(&message.message_id)))
            .collect();
        ledger.steps(&steps, self.moment()).unwrap();
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
