//! A disk that is full or fails, a right that is missing, a connection that breaks: at one call after
//! the other (hazards.md, "How it is proved"). The old file is intact or the new one whole, nothing
//! leaves that the ledger doesn't know of, the program says what happened, and the next night without
//! a fault does the rest.

use std::process::Output;

use peer_culture::mails::State;
use peer_culture::outbox::Pending;
use serde_json::Value;

use crate::crash::{Plug, Point, some_of};
use crate::folder::{Folder, text};
use crate::mail_server::MailServer;
use crate::scene::{self, AFTER, NEWS, Way};
use crate::whole::Whole;

/// Each call with the errors that it can meet.
const FAULTS: [(&str, &[&str]); 16] = [
    ("openat", &["EACCES", "ENOSPC", "EIO"]),
    ("read", &["EIO"]),
    ("pread64", &["EIO"]),
    ("write", &["ENOSPC", "EIO"]),
    ("pwrite64", &["ENOSPC", "EIO"]),
    ("fsync", &["EIO", "ENOSPC"]),
    ("fdatasync", &["EIO"]),
    ("ftruncate", &["EIO", "ENOSPC"]),
    ("rename", &["EACCES", "EIO", "ENOSPC"]),
    ("unlink", &["EACCES", "EIO"]),
    ("mkdir", &["EACCES", "ENOSPC"]),
    ("getdents64", &["EIO"]),
    ("flock", &["EIO"]),
    ("connect", &["ECONNREFUSED", "EACCES"]),
    ("sendto", &["EPIPE", "EIO"]),
    ("recvfrom", &["ECONNRESET", "EIO"]),
];

const CALLS: &str = "openat,read,pread64,write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink,\
mkdir,getdents64,flock,connect,sendto,recvfrom";

/// Beside the folder's own files.
const SOCKETS: [&str; 2] = ["socket:", "TCP:"];

#[derive(Debug, Default)]
struct Tally {
    points: usize,
    /// How the runs ended: well all the same, stopped, done in part.
    codes: [usize; 3],
    doubts: usize,
}

fn sweep(way: Way, usual: usize) {
    let Some(plug) = Plug::at(CALLS) else {
        return;
    };
    let whole = Whole::of(way, &plug, &scene::kindly(), &SOCKETS);
    let mut tally = Tally::default();
    for (number, point) in some_of(&whole.points, usual).iter().enumerate() {
        let (_, errors) = FAULTS.iter().find(|(call, _)| *call == point.call).unwrap();
        let error = errors[number % errors.len()];
        spoil(&whole, &plug, point, error, &mut tally);
    }
    eprintln!("{way:?}, {} points: {tally:?}", whole.points.len());
    assert!(tally.codes[1] > 0 && tally.codes[2] > 0, "{tally:?}");
}

fn spoil(whole: &Whole, plug: &Plug, point: &Point, error: &str, tally: &mut Tally) {
    let server = scene::well_behaved();
    let folder = whole.scene.copy(server.address.port());
    let at = format!("{error} at {point:?}");
    let night = scene::night(&folder, NEWS);
    let arguments = [&night[..], &["--format", "json"]].concat();
    let output = plug.spoil(&arguments, point, error);
    // strace counts the calls of each thread: the loader's own may have been meant, before the
    // program began.
    if output.status.code() == Some(127) {
        return;
    }
    tally.points += 1;
    let is_new = whole.is_rewritten(&folder, &at);
    let taken = whole.scene.taken(&folder, &server);
    assert!(taken.values().all(|times| *times == 1), "{at}: twice");
    match says(&output, &at) {
        0 => {
            tally.codes[0] += 1;
            assert_eq!(taken.len(), whole.mails.len(), "{at}: silently lost");
            assert!(
                whole.is_made_up_for(&folder, false),
                "{at}: silently not written"
            );
        }
        2 => {
            tally.codes[1] += 1;
            assert!(!is_new && taken.is_empty(), "{at}: something was done");
        }
        _ => {
            tally.codes[2] += 1;
            is_counted(&output, taken.len(), &at);
        }
    }
    run_again(whole, &folder, &server, &at, tally);
}

/// A run that was done in part says what left: what it calls neither accepted nor in doubt did not.
fn is_counted(output: &Output, taken: usize, at: &str) {
    let printed = json(&output.stdout, at);
    let Some(totals) = printed["mail_totals"].as_object() else {
        // The ledger can't even be read.
        return;
    };
    let of = |name: &str| totals[name].as_u64().unwrap();
    let parts = totals.keys().filter(|name| *name != "planned");
    let sum: u64 = parts.map(|name| of(name)).sum();
    assert_eq!(of("planned"), sum, "{at}: {printed}");
    let taken = u64::try_from(taken).unwrap();
    let told = of("accepted")..=of("accepted") + of("unknown");
    assert!(told.contains(&taken), "{at}: {taken} were taken, {printed}");
}

/// How it ended; whatever went wrong is said.
fn says(output: &Output, at: &str) -> i32 {
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    let code = output.status.code();
    let said = || format!("{at}: {code:?} {out} {err}");
    assert!(!err.contains("panicked"), "{}", said());
    match code {
        Some(0) => 0,
        Some(2) => {
            let errors = &json(&output.stdout, at)["errors"];
            assert!(
                errors[0]["message"]
                    .as_str()
                    .is_some_and(|one| one.len() > 10),
                "{}",
                said()
            );
            assert!(!err.trim().is_empty(), "{}", said());
            2
        }
        Some(3) => {
            let printed = json(&output.stdout, at);
            let has_problem = printed["problems"][0].as_str().is_some();
            let mut files = printed["written"].as_array().into_iter().flatten();
            let has_remark = files.any(|file| file["remark"].as_str().is_some());
            let dashboard = printed["dashboard"]["remark"].as_str().is_some();
            assert!(has_problem || has_remark || dashboard, "{}", said());
            3
        }
        _ => panic!("{}", said()),
    }
}

fn json(bytes: &[u8], at: &str) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{at}: {error}: {}", text(bytes)))
}

/// Without a fault the rest is done, each e-mail once; in doubt is only what was being handed over.
fn run_again(whole: &Whole, folder: &Folder, server: &MailServer, at: &str, tally: &mut Tally) {
    let code = folder.run("run", &["--today", NEWS]).status.code();
    let is_deferred = |one: &Pending| one.state == State::Deferred;
    // Under a day that was asked for the clock stands at half past four again: too early still for
    // what could not leave.
    let is_after = scene::ledger(folder).values().any(is_deferred);
    assert!(
        code == Some(0) || is_after && code == Some(3),
        "{at}: {code:?}"
    );
    if is_after {
        folder.night(AFTER);
    }
    let messages = scene::ledger(folder);
    let taken = whole.scene.taken(folder, server);
    let doubts = whole.agree(&messages, &taken, is_after, at);
    assert!(
        doubts.len() <= whole.scene.way.connections,
        "{at}: {doubts:?}"
    );
    assert!(doubts.iter().all(|one| one.state == State::Unknown));
    tally.doubts += doubts.len();
    if doubts.is_empty() {
        assert!(
            whole.is_made_up_for(folder, is_after),
            "{at}: not made up for"
        );
    }
}

#[test]
fn files_and_copies() {
    sweep(way(false, false), 60);
}

#[test]
fn files_and_workbooks_in_place() {
    sweep(way(true, false), 60);
}

#[test]
fn smtp_and_copies() {
    sweep(way(false, true), 60);
}

#[test]
fn smtp_and_workbooks_in_place() {
    sweep(way(true, true), 60);
}

fn way(in_place: bool, smtp: bool) -> Way {
    Way {
        in_place,
        smtp,
        connections: 2,
        digest: false,
    }
}
