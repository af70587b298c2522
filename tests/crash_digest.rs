//! Pulling the plug on nights that end with the coordinator's digest: however often it takes to be
//! accepted, a participant gets each e-mail once, and she gets a digest a night, and one more where
//! the first was in doubt (hazards.md, "Sending: the protocol").

use std::collections::BTreeMap;

use peer_culture::mails::{Kind, State};
use peer_culture::outbox::{Ledger, Pending};

use crate::crash::{Plug, Point, WRITING};
use crate::crash_sending::SOCKETS;
use crate::folder::{Folder, text};
use crate::mail_server::{MailServer, by_message_id};
use crate::scene::{self, AFTER, NEWS, Scene, Way};
use crate::sweep::Sweep;

const WAY: Way = Way {
    in_place: false,
    smtp: true,
    connections: 2,
    digest: true,
};

/// A night that nothing disturbed.
struct Whole {
    scene: Scene,
    day: &'static str,
    /// Message-IDs of what it sent to participants.
    mails: Vec<String>,
    digest: String,
    points: Vec<Point>,
}

impl Whole {
    fn of(scene: Scene, day: &'static str, plug: &Plug) -> Self {
        let server = scene::well_behaved();
        let folder = scene.copy(server.address.port());
        let points = plug.points(&scene::night(&folder, day), &[]);
        let messages = scene::ledger(&folder);
        let taken = server.noted(|noted| by_message_id(&noted.taken));
        assert!(taken.values().all(|times| *times == 1), "{taken:?}");
        let ids = taken.into_keys();
        let (digests, mails): (Vec<_>, Vec<_>) =
            ids.partition(|id| messages[id].kind == Kind::Digest);
        let [digest] = digests.try_into().unwrap();
        Self {
            scene,
            day,
            mails,
            digest,
            points,
        }
    }
}

/// What the points of a sweep came to.
#[derive(Debug, Default)]
struct Tally {
    /// E-mails to participants in doubt.
    doubts: usize,
    /// Digests that were in doubt, and those of them that came twice.
    doubtful_digests: usize,
    second_copies: usize,
}

/// `usual`: how many points are tried, if not all.
fn sweep(
    scene: Scene,
    day: &'static str,
    calls: &'static str,
    usual: usize,
    is_telling: impl Fn(&Tally) -> bool,
) {
    let Some(plug) = Plug::at(calls) else {
        return;
    };
    let whole = Whole::of(scene, day, &plug);
    let sweep = Sweep {
        plug: &plug,
        points: &whole.points,
        usual,
        day,
    };
    let fresh = || {
        let server = scene::well_behaved();
        (whole.scene.copy(server.address.port()), server)
    };
    let look = |tally: &mut Tally, (folder, server): &(Folder, MailServer), at: &str| {
        look(&whole, folder, server, at, tally);
    };
    sweep.pull(fresh, look, is_telling);
}

/// Runs the night again, and once more: nothing is left to do then.
fn look(whole: &Whole, folder: &Folder, server: &MailServer, at: &str, tally: &mut Tally) {
    let again = folder.run("run", &["--today", whole.day]);
    let said = text(&again.stdout);
    assert_eq!(again.status.code(), Some(0), "{at}: {said}");
    let messages = scene::ledger(folder);
    let taken = server.noted(|noted| by_message_id(&noted.taken));
    let doubts = participants(whole, &messages, &taken, at);
    assert!(doubts <= whole.scene.way.connections, "{at}: {doubts}");
    tally.doubts += doubts;

    let digest = &messages[&whole.digest];
    assert_eq!(digest.state, State::Accepted, "{at}");
    let in_doubt = times_in_doubt(folder, digest);
    let copies = taken.get(&whole.digest).copied().unwrap_or(0);
    assert!(in_doubt <= 1, "{at}: {in_doubt}");
    assert!((1..=1 + in_doubt).contains(&copies), "{at}: {copies} times");
    tally.doubtful_digests += in_doubt;
    tally.second_copies += copies - 1;
    let known = |id: &String| whole.mails.contains(id) || *id == whole.digest;
    assert!(taken.keys().all(known), "{at}: another e-mail has left");

    folder.night(whole.day);
    let later = server.noted(|noted| by_message_id(&noted.taken));
    assert_eq!(later, taken, "{at}");
}

/// Each of their e-mails has left once, or is in doubt and has left at most once: how many are.
fn participants(
    whole: &Whole,
    messages: &BTreeMap<String, Pending>,
    taken: &BTreeMap<String, usize>,
    at: &str,
) -> usize {
    let mut doubts = 0;
    for id in &whole.mails {
        let message = messages.get(id).unwrap_or_else(|| panic!("{at}: lost"));
        let times = taken.get(id).copied().unwrap_or(0);
        match message.state {
            State::Accepted => assert_eq!(times, 1, "{at}"),
            State::Unknown => {
                assert!(times <= 1, "{at}: twice");
                doubts += 1;
            }
            other => panic!("{at}: {other:?}"),
        }
    }
    doubts
}

fn times_in_doubt(folder: &Folder, message: &Pending) -> usize {
    let ledger = Ledger::read_only(folder.path()).unwrap().unwrap();
    let journal = ledger.journal(message.id).unwrap().into_iter();
    journal.filter(|step| step.to == State::Unknown).count()
}

#[test]
fn a_night_with_a_digest_writes_to_each_once_wherever_a_writing_call_is_cut() {
    let scene = Scene::before_the_news(WAY);
    sweep(scene, NEWS, WRITING, 26, |tally| tally.doubts > 0);
}

/// The night after has little else to send: the conversation that is cut is the digest's.
#[test]
fn a_digest_comes_once_but_where_it_was_in_doubt_wherever_the_conversation_is_cut() {
    let scene = Scene::before_the_news(WAY).after(NEWS);
    sweep(scene, AFTER, SOCKETS, 18, |tally| {
        tally.doubtful_digests > 0
    });
}
