//! Pulling the plug while e-mails leave by SMTP: at every call that writes a file or uses a socket
//! (hazards.md, "How it is proved"). What the server has taken, what the ledger says and what the
//! workbook holds must agree when the night is run again.

use peer_culture::mails::State;
use peer_culture::outbox::{Ledger, Pending};

use crate::crash::{Plug, WRITING};
use crate::folder::{Folder, text};
use crate::mail_script::{Behaviour, Mode, Script, Stage};
use crate::mail_server::{MailServer, by_message_id};
use crate::scene::{self, AFTER, NEWS, Way};
use crate::sweep::Sweep;
use crate::whole::Whole;

/// What connects, speaks and listens.
pub const SOCKETS: &str = "socket,connect,sendto,sendmsg,recvfrom,recvmsg,shutdown";

/// What the points of a sweep came to.
#[derive(Debug, Default)]
struct Tally {
    /// Runs that left e-mails in doubt, and how many e-mails.
    doubtful: usize,
    doubts: usize,
    /// Doubts of which the server had taken a copy.
    arrived: usize,
    old: usize,
    new: usize,
}

/// `usual`: how many points are tried, if not all.
fn sweep(way: Way, calls: &'static str, script: &Script, usual: usize) {
    let Some(plug) = Plug::at(calls) else {
        return;
    };
    let whole = Whole::of(way, &plug, script, &[]);
    let sweep = Sweep {
        plug: &plug,
        points: &whole.points,
        usual,
        day: NEWS,
    };
    let fresh = || {
        let server = MailServer::start(script.clone());
        (whole.scene.copy(server.address.port()), server)
    };
    let look = |tally: &mut Tally, (folder, server): &(Folder, MailServer), at: &str| {
        if whole.is_new(folder, at) {
            tally.new += 1;
        } else {
            tally.old += 1;
        }
        let claimed = look_at_ledger(&whole, folder, server, at);
        run_again(&whole, folder, server, claimed, at, tally);
    };
    sweep.pull(fresh, look, |tally| tally.old > 0 && tally.doubts > 0);
}

/// As the crash left it: at most one e-mail a connection is being handed over, each of them one that
/// the server was told of; what the server took is known to the ledger. How many are claimed; none
/// where only a run may look.
fn look_at_ledger(whole: &Whole, folder: &Folder, server: &MailServer, at: &str) -> Option<usize> {
    let ledger = Ledger::read_only(folder.path()).ok()??;
    let claimed = ledger.in_state(State::HandingOver).unwrap();
    assert!(
        claimed.len() <= whole.scene.way.connections,
        "{at}: {claimed:?}"
    );
    for message in &claimed {
        let envelope = format!("RCPT TO:<{}>", message.to.address);
        let is_known = server.noted(|noted| noted.lines.contains(&envelope));
        assert!(is_known, "{at}: claimed before the server asked for it");
    }
    let taken = server.noted(|noted| by_message_id(&noted.taken));
    let accepted = ledger.in_state(State::Accepted).unwrap();
    let is_in = |list: &[Pending], id: &String| list.iter().any(|one| one.message_id == *id);
    for id in taken.keys() {
        assert!(
            is_in(&accepted, id) || is_in(&claimed, id),
            "{at}: taken, and the ledger doesn't know"
        );
    }
    Some(claimed.len())
}

fn run_again(
    whole: &Whole,
    folder: &Folder,
    server: &MailServer,
    claimed: Option<usize>,
    at: &str,
    tally: &mut Tally,
) {
    let again = folder.run("run", &["--today", NEWS]);
    assert_eq!(
        again.status.code(),
        Some(0),
        "{at}: {}",
        text(&again.stdout)
    );
    let messages = scene::ledger(folder);
    let taken = server.noted(|noted| by_message_id(&noted.taken));
    let doubts = whole.agree(&messages, &taken, false, at);
    assert!(
        doubts.len() <= whole.scene.way.connections,
        "{at}: {doubts:?}"
    );
    if let Some(claimed) = claimed {
        assert_eq!(doubts.len(), claimed, "{at}: a doubt without a claim");
    }
    tally.doubts += doubts.len();
    if doubts.is_empty() {
        assert!(whole.is_made_up_for(folder, false), "{at}: not made up for");
        return;
    }
    tally.doubtful += 1;
    let arrived = doubts.iter().map(|message| &message.message_id);
    tally.arrived += arrived.filter(|id| taken.contains_key(*id)).count();
    is_named(folder, &doubts, at);
    if tally.doubtful % 3 != 1 {
        return;
    }
    // The next night sends changes and cancellations once more, and nothing else.
    folder.night(AFTER);
    let later = server.noted(|noted| by_message_id(&noted.taken));
    let settled = scene::ledger(folder);
    for message in &doubts {
        let id = &message.message_id;
        let before = taken.get(id).copied().unwrap_or(0);
        let now = later.get(id).copied().unwrap_or(0);
        let more = usize::from(message.kind.takes_back());
        assert_eq!(now, before + more, "{at}: {:?}", message.kind);
        let state = if more == 1 {
            State::Accepted
        } else {
            State::Unknown
        };
        assert_eq!(settled[id].state, state, "{at}");
    }
    assert!(later.values().all(|times| *times <= 2), "{at}");
    assert_eq!(later.len().max(taken.len()), later.len(), "{at}");
}

/// Each doubt stands in the list of what the coordinator has to settle.
fn is_named(folder: &Folder, doubts: &[&Pending], at: &str) {
    let mut list = crate::folder::program();
    list.args(["outbox", "list"]).arg(folder.path());
    let shown = text(&list.output().unwrap().stdout);
    for message in doubts {
        assert!(shown.contains(&message.to.address), "{at}: {shown}");
    }
}

/// Two connections, so that two e-mails are under way at once.
const COPY: Way = Way {
    in_place: false,
    smtp: true,
    connections: 2,
    digest: false,
};
const IN_PLACE: Way = Way {
    in_place: true,
    ..COPY
};

#[test]
fn a_copy_is_made_and_each_e_mail_leaves_once_wherever_a_writing_call_is_cut() {
    sweep(COPY, WRITING, &scene::kindly(), 75);
}

#[test]
fn in_place_too() {
    sweep(IN_PLACE, WRITING, &scene::kindly(), 75);
}

#[test]
fn each_e_mail_leaves_once_wherever_the_conversation_is_cut() {
    let way = Way {
        connections: 1,
        ..COPY
    };
    sweep(way, SOCKETS, &scene::kindly(), 75);
}

/// The power goes while the server says, in many small pieces, that it has taken a message.
#[test]
fn each_e_mail_leaves_once_where_the_servers_answer_is_cut() {
    let script = Script::new(Mode::Plain, Stage::End, Behaviour::Pieces);
    sweep(COPY, SOCKETS, &script, 60);
}
