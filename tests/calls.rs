//! « Personnes à appeler »: whom no e-mail reaches, what about, and what to correct.

use std::fs;

use calamine::Data;
use peer_culture::mails::State;
use peer_culture::outbox::{Id, Ledger, Moment, Refused, Step};

use crate::answers::{FIRST, SECOND, THIRD, rows};
use crate::book::Grid;
use crate::dashboard::{dashboard, text};
use crate::folder::Folder;

#[test]
fn whom_no_e_mail_reaches_is_to_be_called_with_the_number_that_is_known() {
    let folder = Folder::sample();
    folder.edit("adherents.xlsx", |book| {
        let sheet = book.sheet_mut("Adhérents");
        let row = sheet.row(&[("Structure", "Chœur Mosaïque")]);
        sheet.set(row, "Téléphone", "05 61 00 11 22");
    });
    folder.edit("accompagnements.xlsx", |book| {
        let sheet = book.sheet_mut("Accompagnements");
        let row = sheet.row(&[("Référence", "ACC-04")]);
        sheet.set(row, "Email", "nadia chez choeurmosaique");
    });
    folder.night(FIRST);
    let book = dashboard(&folder);
    let calls = book.sheet("Personnes à appeler");
    let row = rows_of(calls, "Personne", "Nadia Cherif");
    assert_eq!(row.len(), 1);
    let cell = |header: &str| calls.get(row[0], header).to_string();
    assert_eq!(cell("Structure"), "Chœur Mosaïque");
    assert_eq!(cell("Téléphone"), "05 61 00 11 22");
    assert!(cell("Pourquoi").contains("nadia chez choeurmosaique"));
    assert_eq!(cell("Au sujet de"), "Accompagnements : ACC-04");
    assert!(cell("À corriger").starts_with("Accompagnements "));
}

/// The server refuses what she has approved.
fn refuse(folder: &Folder, id: Id, error: &str, refused: Refused) {
    let mut ledger = Ledger::open(folder.path()).unwrap();
    let moment = Moment {
        now: chrono::DateTime::from_timestamp(1_610_422_200, 0).unwrap(),
        day: FIRST.parse().unwrap(),
    };
    let (reason, by) = ("test".to_owned(), "smtp".to_owned());
    let error = error.to_owned();
    for step in [
        Step::Approve { reason },
        Step::Claim { by },
        Step::Refuse { error, refused },
    ] {
        assert!(ledger.step(id, step, moment).unwrap());
    }
}

/// The rows below the header that have this text.
fn rows_of(sheet: &Grid, header: &str, text: &str) -> Vec<usize> {
    let (top, column) = sheet.header(header);
    let is_it = |row: &usize| *sheet.at(*row, column) == Data::String(text.to_owned());
    (top + 1..sheet.len()).filter(is_it).collect()
}

#[test]
fn an_address_that_the_server_refused_is_to_be_called_until_it_is_corrected() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let first = "1".parse().unwrap();
    refuse(&folder, first, "550 5.1.1 unknown user", Refused::Address);
    folder.night(SECOND);
    let book = dashboard(&folder);
    let calls = book.sheet("Personnes à appeler");
    let row = rows_of(calls, "Personne", "Thi Mai Nguyen")[0];
    assert_eq!(
        calls.get(row, "Adresse").to_string(),
        "thimai@bleupastel.example.org"
    );
    assert!(calls.get(row, "Pourquoi").to_string().contains("550 5.1.1"));
    let mails = book.sheet("Courriels");
    assert_eq!(rows(mails, &[("État", "refusé par le serveur")]).len(), 1);
    for (file, sheet) in [
        ("candidatures.xlsx", "Candidatures"),
        ("accompagnements.xlsx", "Accompagnements"),
        ("ateliers.xlsx", "Inscriptions"),
        ("adherents.xlsx", "Adhérents"),
        ("accompagnements.xlsx", "Personnes ressources"),
    ] {
        folder.edit(file, |book| {
            book.sheet_mut(sheet).replace(
                "thimai@bleupastel.example.org",
                "thi.mai@bleupastel.example.org",
            );
            book.sheet_mut(sheet).replace(
                "ThiMai@bleupastel.example.org",
                "thi.mai@bleupastel.example.org",
            );
        });
    }
    folder.night(THIRD);
    let book = dashboard(&folder);
    assert!(
        rows_of(
            book.sheet("Personnes à appeler"),
            "Personne",
            "Thi Mai Nguyen"
        )
        .is_empty()
    );
}

/// Somebody with a seat in two workshops: the second confirmation is refused.
#[test]
fn what_was_refused_is_named_with_the_row_that_it_is_about() {
    for (refused, said, corrects) in [
        (
            Refused::Address,
            "Adresse refusée par le serveur, pour 1 courriel",
            true,
        ),
        (
            Refused::Message,
            "1 courriel refusé par le serveur, l’adresse n’est pas en cause",
            false,
        ),
    ] {
        let folder = Folder::sample();
        guard_everything(&folder);
        folder.night(FIRST);
        let (id, row) = second_confirmation(&folder);
        refuse(&folder, id, "554 rejected", refused);
        folder.night(SECOND);
        let book = dashboard(&folder);
        let calls = book.sheet("Personnes à appeler");
        let found = rows_of(calls, "Adresse", TWICE);
        assert_eq!(found.len(), 1);
        let cell = |header: &str| {
            calls
                .get(found[0], header)
                .to_string()
                .replace('\u{a0}', " ")
        };
        assert!(cell("Pourquoi").starts_with(said), "{}", cell("Pourquoi"));
        assert!(cell("Au sujet de").ends_with(&format!("(Inscriptions, ligne {row})")));
        let to_correct = cell("À corriger");
        assert_eq!(
            to_correct.starts_with("Inscriptions "),
            corrects,
            "{to_correct}"
        );
        assert!(!corrects || to_correct.ends_with(&row), "{to_correct}");
        let today = text(book.sheet("Aujourd'hui"));
        assert_eq!(
            today.contains("sans que son adresse soit en cause"),
            !corrects
        );
    }
}

/// Registered in two workshops of the sample.
const TWICE: &str = "youssef.elamrani@example.com";

/// Nothing leaves: each e-mail awaits her yes.
fn guard_everything(folder: &Folder) {
    let path = folder.path().join("programme.toml");
    let settings = fs::read_to_string(&path).unwrap();
    fs::write(path, settings.replace("[mail]", "[mail]\nmax_per_run = 1")).unwrap();
}

/// The later of her two confirmations, and the number of its row.
fn second_confirmation(folder: &Folder) -> (Id, String) {
    let ledger = Ledger::read_only(folder.path()).unwrap().unwrap();
    let waiting = ledger.in_state(State::AwaitingApproval).unwrap();
    let mut hers = waiting.into_iter().filter(|message| {
        message.to.address == TWICE
            && message
                .about
                .as_ref()
                .is_some_and(|about| about.contains("Inscriptions"))
    });
    let message = hers.next_back().unwrap();
    let about = message.about.unwrap();
    let (_, row) = about.rsplit_once(' ').unwrap();
    (message.id, row.to_owned())
}
