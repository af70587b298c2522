//! The world outside: the mail server that takes letters, what fails on the way, and the people.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Days, NaiveDate};
use peer_culture::apply;
use peer_culture::cancel::Cancel;
use peer_culture::mails::{Kind, State};
use peer_culture::outbox::{Failure, Handed, Ledger, Moment, Outgoing, Refused, Step, Transport};
use peer_culture::programme::Programme;
use peer_culture::progress::Progress;
use proptest::prop_assert;
use proptest::test_runner::TestCaseError;

use super::belief::{Belief, Letter};
use super::season::{Season, day_of};
use crate::folder::Folder;

/// What goes wrong on the way of one e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The program is killed before the e-mail is announced, before its body leaves, after it did.
    KilledBefore,
    KilledClaimed,
    KilledTaken,
    /// The address is refused for good.
    Refused,
    /// The server is silent after the final dot, and has taken it or not.
    SilentTaken,
    SilentLost,
    /// Greylisting, then 421 before and after the body.
    Later,
    Rest,
    RestAfter,
    /// The settings are wrong.
    Stop,
    /// The disk is full where copies and the dashboard go.
    NoOutput,
}

impl Fault {
    pub const ALL: [Self; 11] = [
        Self::KilledBefore,
        Self::KilledClaimed,
        Self::KilledTaken,
        Self::Refused,
        Self::SilentTaken,
        Self::SilentLost,
        Self::Later,
        Self::Rest,
        Self::RestAfter,
        Self::Stop,
        Self::NoOutput,
    ];

    /// Whether an e-mail may be in doubt after it. A kill before an e-mail is announced may come
    /// before what became of the one before it is noted.
    fn leaves_doubt(self) -> bool {
        matches!(
            self,
            Self::KilledBefore
                | Self::KilledClaimed
                | Self::KilledTaken
                | Self::SilentTaken
                | Self::SilentLost
        )
    }
}

/// What the server has.
#[derive(Debug, Default)]
struct Sink {
    letters: Vec<Letter>,
    tries: usize,
    fault: Option<(Fault, usize)>,
    killed: bool,
    refused: BTreeSet<String>,
}

/// A way to the server, in memory.
struct Way {
    sink: Arc<Mutex<Sink>>,
    folder: std::path::PathBuf,
    image: std::path::PathBuf,
}

impl Way {
    /// What goes wrong with the message of now.
    fn fault(sink: &Sink) -> Option<Fault> {
        let (fault, at) = sink.fault?;
        (sink.tries == at + 1).then_some(fault)
    }

    /// As a kill leaves it: the folder as it is now is what the next run finds.
    fn kill(&self, sink: &mut Sink) {
        sink.killed = true;
        copy(&self.folder, &self.image);
    }
}

fn dead() -> Failure {
    Failure::Stop {
        error: "dead".to_owned(),
    }
}

impl Transport for Way {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure> {
        let mut sink = self.sink.lock().unwrap();
        if sink.killed {
            return Err(dead());
        }
        sink.tries += 1;
        let error = "some words".to_owned();
        match Self::fault(&sink) {
            Some(Fault::KilledBefore) => {
                self.kill(&mut sink);
                Err(dead())
            }
            Some(Fault::Refused) => {
                sink.refused.insert(message.address.to_lowercase());
                let refused = Refused::Address;
                Err(Failure::Never { error, refused })
            }
            Some(Fault::Later) => Err(Failure::Later { error }),
            Some(Fault::Rest) => Err(Failure::Rest { error }),
            Some(Fault::Stop) => Err(Failure::Stop { error }),
            _ => Ok(()),
        }
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        let mut sink = self.sink.lock().unwrap();
        let letter = Letter::read(message.message.kind, &message.eml);
        let fault = Self::fault(&sink);
        if !matches!(
            fault,
            Some(Fault::KilledClaimed | Fault::SilentLost | Fault::RestAfter)
        ) {
            sink.letters.push(letter);
        }
        let error = "some words".to_owned();
        match fault {
            Some(Fault::KilledClaimed | Fault::KilledTaken) => {
                self.kill(&mut sink);
                Handed::Failed(dead())
            }
            Some(Fault::SilentLost | Fault::SilentTaken) => Handed::Unclear { error },
            Some(Fault::RestAfter) => Handed::Failed(Failure::Rest { error }),
            _ => Handed::Accepted,
        }
    }

    fn abandon(&mut self) {}
}

pub struct World {
    folder: Folder,
    image: Folder,
    sink: Arc<Mutex<Sink>>,
    day: NaiveDate,
    /// Letters that people have read.
    read: usize,
    beliefs: BTreeMap<(String, usize), Belief>,
    /// The name that goes with each address.
    names: BTreeMap<String, String>,
    /// What people were ever registered for.
    ever: BTreeSet<(String, usize)>,
    /// Resent with the coordinator's word, or in doubt once.
    doubted: BTreeSet<String>,
    fault: Option<Fault>,
}

impl World {
    pub fn new() -> Self {
        let folder = Folder::in_memory();
        folder.file(
            "programme.toml",
            "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n\
             [mail]\nkinds = { synthese = \"off\" }\n"
                .as_bytes(),
        );
        Self {
            folder,
            image: Folder::in_memory(),
            sink: Arc::default(),
            day: day_of(12),
            read: 0,
            beliefs: BTreeMap::new(),
            names: BTreeMap::new(),
            ever: BTreeSet::new(),
            doubted: BTreeSet::new(),
            fault: None,
        }
    }

    /// A night, and the next morning.
    pub fn night(
        &mut self,
        season: &Season,
        fault: Option<(Fault, usize)>,
    ) -> Result<(), TestCaseError> {
        season.write(&self.folder);
        for row in &season.rows {
            self.names.insert(row.address.clone(), row.name.clone());
            self.ever.insert((row.address.clone(), row.workshop));
        }
        self.run(fault);
        if self.sink.lock().unwrap().killed {
            self.die();
            // Somebody starts it again the same night.
            self.run(None);
        }
        self.fault = self.fault.or(fault.map(|(fault, _)| fault));
        self.read_letters(season)?;
        self.look_at_ledger()?;
        self.day = self.day + Days::new(1);
        Ok(())
    }

    fn run(&self, fault: Option<(Fault, usize)>) {
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
        let way = Way {
            sink: Arc::clone(&self.sink),
            folder: self.folder.path().to_owned(),
            image: self.image.path().to_owned(),
        };
        let quietly = Progress::none();
        let programme = Programme::load(self.folder.path(), Some(self.day), &quietly).unwrap();
        let transports: Vec<Box<dyn Transport>> = vec![Box::new(way)];
        let done = apply::run_over(&programme, transports, &quietly, &Cancel::new());
        assert!(done.is_ok(), "{:?}", done.err());
        if blocked {
            fs::remove_file(&controls).unwrap();
            let _ = fs::rename(&aside, &controls);
        }
    }

    /// The folder is as it was in the instant of the kill.
    fn die(&self) {
        self.sink.lock().unwrap().killed = false;
        empty(self.folder.path());
        copy(self.image.path(), self.folder.path());
        empty(self.image.path());
    }

    /// Each letter goes to who it is for, says what holds, and says something new.
    fn read_letters(&mut self, season: &Season) -> Result<(), TestCaseError> {
        let sink = self.sink.lock().unwrap();
        for (number, letter) in sink.letters.iter().enumerate().skip(self.read) {
            let earlier = sink.letters[..number].iter();
            let copies = earlier.filter(|one| one.id == letter.id).count();
            let at_most =
                usize::from(letter.kind.takes_back() && self.doubted.contains(&letter.id));
            prop_assert!(copies <= at_most, "twice: {letter:?}");
            if letter.to == "paul@example.org" {
                continue;
            }
            let workshop = letter.workshop(season);
            let key = (letter.to.clone(), workshop);
            prop_assert!(self.ever.contains(&key), "to somebody else: {letter:?}");
            for (address, name) in &self.names {
                let is_named = letter.text.contains(name.as_str());
                let may_be = *name == self.names[&letter.to];
                prop_assert!(!is_named || may_be, "names {address}: {letter:?}");
            }
            let before = self.beliefs.get(&key).copied();
            let after = letter.outcome(before);
            let is_outcome = letter.outcome(None).is_some();
            if is_outcome && copies == 0 {
                prop_assert!(before != after, "no news: {letter:?}");
            }
            if after != Some(Belief::Off) {
                let workshop = &season.workshops[workshop];
                let holds = letter.tells(workshop.date, &workshop.place);
                prop_assert!(holds, "{} {}: {letter:?}", workshop.date, workshop.place);
                prop_assert!(
                    season.takes_part(key.1, &key.0),
                    "not registered: {letter:?}"
                );
            }
            if letter.kind == Kind::WorkshopReminder || letter.kind == Kind::PaymentReminder {
                // Who was told nothing, since that e-mail is in doubt, learns it from the reminder.
                let is_in_doubt = before.is_none() && self.fault.is_some_and(Fault::leaves_doubt);
                prop_assert!(
                    before == Some(Belief::Seat) || is_in_doubt,
                    "{before:?}: {letter:?}"
                );
            }
            self.beliefs.extend(after.map(|after| (key, after)));
        }
        self.read = sink.letters.len();
        Ok(())
    }

    /// What the ledger says is what arrived, and no more is in doubt than the fault explains.
    fn look_at_ledger(&mut self) -> Result<(), TestCaseError> {
        let ledger = Ledger::read_only(self.folder.path()).unwrap().unwrap();
        prop_assert!(ledger.audit().unwrap().agree());
        let sink = self.sink.lock().unwrap();
        let arrived: BTreeSet<&str> = sink.letters.iter().map(|one| one.id.as_str()).collect();
        let accepted = ledger.in_state(State::Accepted).unwrap();
        let id_of = |id: &str| id.trim_matches(['<', '>']).to_owned();
        for message in &accepted {
            prop_assert!(
                arrived.contains(id_of(&message.message_id).as_str()),
                "lost: {message:?}"
            );
        }
        let doubts = ledger.doubts().unwrap();
        let may_doubt = self.fault.is_some_and(Fault::leaves_doubt);
        prop_assert!(doubts.len() <= usize::from(may_doubt), "{doubts:?}");
        for doubt in doubts {
            self.doubted.insert(id_of(&doubt.message.message_id));
        }
        // A doubt that she was shown may be overtaken by other news since.
        let known: BTreeSet<String> = accepted
            .iter()
            .map(|message| id_of(&message.message_id))
            .chain(self.doubted.iter().cloned())
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
        for (at, workshop) in season.workshops.iter().enumerate() {
            // What is over is nobody's matter any more, nor what changes on the last day.
            if workshop.date <= last_night {
                continue;
            }
            let mut seats = 0;
            let mut waiting = 0;
            for (address, of) in &self.ever {
                if *of != at || self.sink.lock().unwrap().refused.contains(address) {
                    continue;
                }
                let belief = self.beliefs.get(&(address.clone(), at)).copied();
                let takes_part = season.takes_part(at, address) && !workshop.is_cancelled;
                let knows = match belief {
                    Some(Belief::Seat | Belief::Waits) => takes_part,
                    Some(Belief::Off) | None => !takes_part,
                };
                prop_assert!(
                    knows,
                    "{address} believes {belief:?} of {}, takes part: {takes_part}",
                    workshop.reference
                );
                seats += usize::from(belief == Some(Belief::Seat));
                waiting += usize::from(belief == Some(Belief::Waits));
            }
            let is_full = seats >= workshop.places;
            prop_assert!(
                waiting == 0 || is_full || !self.sink.lock().unwrap().refused.is_empty(),
                "{} waits beside a free seat",
                workshop.reference
            );
        }
        Ok(())
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn empty(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
    }
}
