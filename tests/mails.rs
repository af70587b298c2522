//! The e-mails of one night after another: each once, to the right person, in words that a mail
//! program reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use mail_parser::{Message, MessageParser};
use serde_json::Value;

use crate::book::{Book, Grid};
use crate::folder::{Folder, text};

/// The nights of these tests.
pub const FIRST: &str = "2021-01-12";
pub const SECOND: &str = "2021-01-13";
const THIRD: &str = "2021-01-14";

/// So many e-mails go on the sample's first night, and so many await approval.
pub const SENT: usize = 54;
const AWAITING: usize = 9;

/// An e-mail as it is read.
pub struct Letter {
    pub kind: String,
    to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The e-mails in `controles/courriels` that are not among the names.
pub fn letters_but(folder: &Folder, known: &[String]) -> Vec<Letter> {
    let names = folder.mails().into_iter();
    let new = names.filter(|name| !known.contains(name));
    new.map(|name| read(folder, &name, letter)).collect()
}

pub fn letters(folder: &Folder) -> Vec<Letter> {
    letters_but(folder, &[])
}

fn read<T>(folder: &Folder, name: &str, look: impl FnOnce(&str, &Message) -> T) -> T {
    let bytes = fs::read(folder.path().join("controles/courriels").join(name)).unwrap();
    let message = MessageParser::default().parse(&bytes);
    look(
        name,
        &message.unwrap_or_else(|| panic!("{name} is no e-mail")),
    )
}

fn letter(name: &str, message: &Message) -> Letter {
    Letter {
        // 2021-01-12_KIND_fingerprint.eml
        kind: name.split('_').nth(1).unwrap().to_owned(),
        to: only_address(message).to_owned(),
        subject: message.subject().unwrap().to_owned(),
        text: message.body_text(0).unwrap().into_owned(),
        html: message.body_html(0).unwrap().into_owned(),
    }
}

fn only_address<'m>(message: &'m Message) -> &'m str {
    let mut addresses = message.to().unwrap().iter();
    let first = addresses.next().and_then(|one| one.address()).unwrap();
    assert!(addresses.next().is_none(), "more than one recipient");
    first
}

/// Kind and address of each letter, sorted.
pub fn who(letters: &[Letter]) -> Vec<(&str, &str)> {
    let mut who: Vec<_> = letters
        .iter()
        .map(|letter| (letter.kind.as_str(), letter.to.as_str()))
        .collect();
    who.sort_unstable();
    who
}

/// Kind and address of each e-mail that a run printed in a state, sorted.
pub fn in_state<'p>(printed: &'p Value, state: &str) -> Vec<(&'p str, &'p str)> {
    let mails = printed["mails"].as_array().unwrap().iter();
    let mut who: Vec<_> = mails
        .filter(|mail| mail["state"] == state)
        .map(|mail| (mail["kind"].as_str().unwrap(), mail["to"].as_str().unwrap()))
        .collect();
    who.sort_unstable();
    who
}

/// Changes the sheet Inscriptions of the sample.
fn edit_registrations(folder: &Folder, change: impl FnOnce(&mut Grid)) {
    folder.edit("ateliers.xlsx", |book| {
        change(book.sheet_mut("Inscriptions"));
    });
}

const CAMILLE: [(&str, &str); 2] = [
    ("Atelier", "AT-03"),
    ("Email", "camille.garrigue@example.org"),
];

#[test]
fn the_first_night_writes_each_planned_e_mail_and_the_second_none() {
    let folder = Folder::sample();
    let (_, planned) = folder.json("plan", &[]);
    let mut auto: Vec<(&str, &str)> = Vec::new();
    for mail in planned["mails"].as_array().unwrap() {
        if mail["mode"] == "auto" {
            auto.push((mail["kind"].as_str().unwrap(), mail["to"].as_str().unwrap()));
        }
    }
    auto.sort_unstable();
    let first = folder.night(FIRST);
    let letters = letters(&folder);
    assert_eq!(letters.len(), SENT);
    assert_eq!(who(&letters), auto);
    assert_eq!(in_state(&first, "accepted"), auto);
    assert_eq!(in_state(&first, "awaiting_approval").len(), AWAITING);
    // And the digest.
    assert_eq!(first["mail_counts"]["accepted"], SENT + 1);

    let before = folder.mails();
    // The same night once more, and the next.
    for (today, remark) in [
        (FIRST, "aucun courriel n’est parti"),
        (SECOND, "aucun courriel n’est parti"),
    ] {
        let said = folder.run("run", &["--today", today]);
        assert!(
            text(&said.stdout).contains(remark),
            "{}",
            text(&said.stdout)
        );
        assert_eq!(folder.mails(), before, "{today}");
    }
}

#[test]
fn every_e_mail_is_one_that_mail_programs_read() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let mut ids = BTreeSet::new();
    for name in folder.mails() {
        read(&folder, &name, |name, message| {
            let id = message.message_id().unwrap().to_owned();
            assert!(id.contains('@') && ids.insert(id), "{name}");
            check_form(name, message);
        });
    }
    assert_eq!(ids.len(), SENT);
}

fn check_form(name: &str, message: &Message) {
    assert!(only_address(message).contains('@'), "{name}");
    assert!(message.cc().is_none() && message.bcc().is_none(), "{name}");
    let from = message.from().and_then(|from| from.first()).unwrap();
    assert_eq!(from.address(), Some("peer-culture@ma-sphere.example.org"));
    let automatic = message.header("Auto-Submitted").unwrap();
    assert_eq!(automatic.as_text(), Some("auto-generated"), "{name}");
    let date = message.date().unwrap();
    assert_eq!(date.to_timestamp(), 1_610_422_200, "{name}: {date}");
    assert_eq!(
        (message.text_body_count(), message.html_body_count()),
        (1, 1),
        "{name}"
    );
    // The calendar part counts, and so does the same as a file.
    let has_entry = ["confirmation_", "confirmee_"];
    let parts = if has_entry.iter().any(|kind| name.contains(kind)) {
        2
    } else {
        0
    };
    assert_eq!(message.attachment_count(), parts, "{name}");
    let letter = letter(name, message);
    assert!(letter.subject.chars().count() > 10, "{name}");
    assert!(letter.text.starts_with("Bonjour "), "{}", letter.text);
    assert!(letter.html.starts_with("<!DOCTYPE html>"), "{name}");
    for part in [&letter.subject, &letter.text, &letter.html] {
        // What a template or a decoding that failed would leave.
        for trace in ["{{", "}}", "\u{fffd}", "=C3", "null"] {
            assert!(!part.contains(trace), "{trace} in {name}: {part}");
        }
    }
    let bytes = message.raw_message();
    for line in bytes.split(|byte| *byte == b'\n') {
        assert!(line.len() <= 998 + 1, "a long line in {name}");
    }
}

#[test]
fn whoever_waits_is_told_so_with_the_place() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let waiting: BTreeMap<String, Letter> = letters(&folder)
        .into_iter()
        .filter(|letter| letter.kind == "inscription-attente")
        .map(|letter| (letter.to.clone(), letter))
        .collect();
    assert_eq!(waiting.len(), 2);
    for (address, place) in [
        ("yann@sonsdebrume.example.com", 1),
        ("lucia.navarro@example.org", 2),
    ] {
        let letter = &waiting[address];
        let subject = letter.subject.to_lowercase();
        assert!(subject.contains("liste d’attente"), "{subject}");
        let said = format!("rang {place}");
        assert!(letter.text.contains(&said), "{}", letter.text);
        assert!(letter.html.contains(&said), "{}", letter.html);
        assert!(!letter.text.contains("est confirmée"), "{}", letter.text);
    }
}

#[test]
fn a_cancelled_registration_gives_its_seat_to_the_first_who_waits() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let before = folder.mails();
    edit_registrations(&folder, |sheet| {
        let row = sheet.row(&CAMILLE);
        sheet.set(row, "État", "annulée");
    });
    folder.night(SECOND);
    let new = letters_but(&folder, &before);
    assert_eq!(
        who(&new),
        [
            ("inscription-annulee", "camille.garrigue@example.org"),
            ("inscription-promue", "yann@sonsdebrume.example.com"),
        ]
    );
    let promoted = new
        .iter()
        .find(|letter| letter.kind == "inscription-promue")
        .unwrap();
    assert!(
        promoted.subject.contains("place s’est libérée"),
        "{}",
        promoted.subject
    );

    let copy = Book::open(&folder.path().join("controles/ateliers.xlsx"));
    let sheet = copy.sheet("Inscriptions");
    let last_mail = |address: &str| {
        let row = sheet.row(&[("Atelier", "AT-03"), ("Email", address)]);
        (
            sheet.get(row, "Place (auto)").to_string(),
            sheet.get(row, "Dernier courriel (auto)").to_string(),
        )
    };
    let pair = |seat: &str, mail: &str| (seat.to_owned(), mail.to_owned());
    assert_eq!(
        last_mail("yann@sonsdebrume.example.com"),
        pair("confirmée", "Place libérée, 13/01/2021")
    );
    assert_eq!(
        last_mail("camille.garrigue@example.org"),
        pair("annulée", "Inscription annulée, 13/01/2021")
    );
    // The one who now is first in the list was told the list before: the place alone is no news.
    assert_eq!(
        last_mail("lucia.navarro@example.org"),
        pair("liste d'attente 1", "Liste d’attente, 12/01/2021")
    );

    let before = folder.mails();
    folder.night(THIRD);
    assert_eq!(who(&letters_but(&folder, &before)), []);
}

#[test]
fn a_row_that_disappears_sends_nothing_without_a_yes() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let before = folder.mails();
    edit_registrations(&folder, |sheet| {
        let row = sheet.row(&CAMILLE);
        sheet.remove(row);
    });
    let second = folder.night(SECOND);
    assert_eq!(folder.mails(), before);
    assert!(
        in_state(&second, "awaiting_approval")
            .contains(&("inscription-annulee", "camille.garrigue@example.org")),
        "{}",
        second["mails"]
    );
    assert_eq!(in_state(&second, "accepted"), []);
    folder.night(THIRD);
    assert_eq!(folder.mails(), before);
}

#[test]
fn sorted_rows_are_news_to_nobody() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let before = folder.mails();
    edit_registrations(&folder, Grid::reverse);
    let second = folder.night(SECOND);
    assert_eq!(folder.mails(), before, "{}", second["mails"]);
    assert_eq!(in_state(&second, "awaiting_approval"), []);
}

#[test]
fn a_lost_ledger_sends_nothing_without_a_yes() {
    let folder = Folder::sample();
    folder.night(FIRST);
    // She goes on in the flagged copies, and the ledger is lost.
    let lost = Folder::new();
    for (name, bytes) in folder.files() {
        let copy = folder.path().join("controles").join(&name);
        lost.file(&name, &fs::read(copy).unwrap_or(bytes));
    }
    let (_, checked) = lost.json("check", &[]);
    let (_, planned) = lost.json("plan", &[]);
    for printed in [&checked, &planned] {
        let mails = printed["mails"].as_array().unwrap();
        assert_eq!(mails.len(), SENT + AWAITING);
        assert!(mails.iter().all(|mail| mail["mode"] == "review"));
    }
    let first = lost.night(FIRST);
    let guard = first["guard"].as_str().unwrap();
    assert!(guard.contains(".peer-culture"), "{guard}");
    assert_eq!(lost.mails(), [""; 0]);
    assert_eq!(in_state(&first, "awaiting_approval").len(), SENT + AWAITING);
    lost.night(SECOND);
    assert_eq!(lost.mails(), [""; 0]);
}

#[test]
fn a_run_before_the_last_one_sends_nothing_without_a_yes() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let before = folder.mails();
    edit_registrations(&folder, |sheet| {
        sheet.push(&[
            ("Inscrit le", "10/01/2021 09:00"),
            ("Atelier", "AT-05"),
            ("Nom", "Zoé Nouvelle"),
            ("Email", "zoe.nouvelle@example.org"),
        ]);
    });
    let earlier = folder.night("2021-01-11");
    assert_eq!(folder.mails(), before);
    let guard = earlier["guard"].as_str().unwrap();
    assert!(guard.contains("12/01/2021"), "{guard}");
    assert!(
        in_state(&earlier, "awaiting_approval")
            .contains(&("inscription-confirmee", "zoe.nouvelle@example.org"))
    );
    assert_eq!(in_state(&earlier, "accepted"), []);
}

#[test]
fn e_mails_that_cannot_be_written_go_the_next_night() {
    let folder = Folder::sample();
    // In the place of the folder that the e-mails go to.
    let obstacle = folder.file("controles/courriels", b"");
    let (code, printed) = folder.json("run", &["--today", FIRST]);
    assert_eq!(code, Some(3), "{printed}");
    assert!(!printed["problems"].as_array().unwrap().is_empty());
    assert_eq!(in_state(&printed, "accepted"), []);
    fs::remove_file(obstacle).unwrap();
    let (_, second) = folder.json("run", &["--today", SECOND]);
    assert_eq!(folder.mails().len(), SENT, "{second}");
    let before = folder.mails();
    folder.night(THIRD);
    assert_eq!(folder.mails(), before);
}
