//! Pulling the plug on a night that retires an e-mail and writes it anew: what the coordinator has
//! corrected since it was written reaches the participant once, and the old words never do.

use std::fs;
use std::path::Path;

use peer_culture::mails::State;
use peer_culture::outbox::Ledger;

use crate::crash::{Plug, WRITING, rested, tiny};
use crate::folder::{Folder, program, text};
use crate::scene::{self, AFTER, NEWS};
use crate::sweep::Sweep;

/// Confirmations await the coordinator's approval.
const SETTINGS: &str = "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n\
     [output]\nwrite = \"in-place\"\n\
     [mail]\nkinds = { inscription-confirmee = \"review\", synthese = \"off\" }\n";

/// A confirmation was written on the first night and awaits her answer; she has put the workshop off
/// by a week since.
fn corrected() -> Folder {
    let folder = tiny();
    folder.file("programme.toml", SETTINGS.as_bytes());
    scene::rest(&folder);
    folder.night("2021-01-12");
    folder.edit("programme.xlsx", |book| {
        let sheet = book.sheet_mut("Ateliers");
        let row = sheet.row(&[("Référence", "AT-1")]);
        sheet.set(row, "Date", "27/01/2021");
    });
    folder
}

/// How many e-mails await her answer, and how many have been retired.
fn standing(folder: &Folder) -> (usize, usize) {
    let ledger = Ledger::read_only(folder.path()).unwrap().unwrap();
    counted(&ledger)
}

fn counted(ledger: &Ledger) -> (usize, usize) {
    assert!(ledger.audit().unwrap().agree());
    let number = |state| ledger.in_state(state).unwrap().len();
    (number(State::AwaitingApproval), number(State::Obsolete))
}

/// Whether the night was cut off between the two. Who looks can't tell of a night that was cut off
/// while it opened or closed the ledger.
fn is_between(folder: &Folder) -> bool {
    Ledger::read_only(folder.path()).is_ok_and(|ledger| counted(&ledger.unwrap()) == (0, 1))
}

#[test]
fn what_is_written_anew_is_neither_lost_nor_doubled_wherever_the_plug_is_pulled() {
    let Some(plug) = Plug::at(WRITING) else {
        return;
    };
    let before = corrected();
    assert_eq!(standing(&before), (1, 0));
    let inside = |path: &Path| path.strip_prefix(before.path()).unwrap().to_owned();
    let files = before.snapshot().into_iter();
    let files: Vec<(String, Vec<u8>)> = files
        .map(|(path, bytes)| (inside(&path).into_os_string().into_string().unwrap(), bytes))
        .collect();
    let whole = rested(&files);
    let points = plug.points(&scene::night(&whole, NEWS), &["ledger.sqlite3"]);
    assert_eq!(standing(&whole), (1, 1));
    let sweep = Sweep {
        plug: &plug,
        points: &points,
        usual: 40,
        day: NEWS,
    };
    let look = |between: &mut usize, (folder, ()): &(Folder, ()), at: &str| {
        *between += usize::from(is_between(folder));
        folder.night(NEWS);
        assert_eq!(standing(folder), (1, 1), "{at}");
        approve(folder, at);
        folder.night(AFTER);
        folder.night(AFTER);
        let mails = folder.mails();
        let [name] = mails.as_slice() else {
            panic!("{at}: {mails:?}");
        };
        let mail = fs::read(folder.path().join("controles/courriels").join(name)).unwrap();
        let mail = text(&mail);
        assert!(
            mail.contains("27 janvier") && !mail.contains("20 janvier"),
            "{at}: {mail}"
        );
    };
    sweep.pull(|| (rested(&files), ()), look, |between| *between > 0);
}

fn approve(folder: &Folder, at: &str) {
    let mut outbox = program();
    outbox.args(["outbox", "approve"]).arg(folder.path());
    let output = outbox.args(["--all", "--today", NEWS]).output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{at}: {}",
        text(&output.stderr)
    );
}
