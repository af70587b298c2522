//! The coordinator's word in « Courriels » of the dashboard: read by the next run before anything
//! is planned, taken only about what she saw.

use std::fs;
use std::path::PathBuf;

use calamine::Data;
use chrono::{DateTime, NaiveDate};
use peer_culture::outbox::{Id, Ledger, Moment, Step};
use serde_json::Value;

use crate::book::Grid;
use crate::folder::{Folder, text};

pub const FIRST: &str = "2021-01-12";
pub const SECOND: &str = "2021-01-13";
pub const THIRD: &str = "2021-01-14";

pub const DASHBOARD: &str = "controles/tableau-de-bord.xlsx";
const BESIDE: &str = "controles/tableau-de-bord (nouveau).xlsx";
pub const ANSWER: &str = "Envoyer\u{202f}?";

/// Types into « Courriels ».
pub fn answer(folder: &Folder, file: &str, type_in: impl FnOnce(&mut Grid)) {
    folder.edit(file, |book| type_in(book.sheet_mut("Courriels")));
}

/// The rows of « Courriels » with these texts under these headers.
pub fn rows(sheet: &Grid, wanted: &[(&str, &str)]) -> Vec<usize> {
    let header = sheet.header("État").0;
    let fits = |row: &usize| {
        let mut wanted = wanted.iter();
        wanted.all(|(header, text)| *sheet.get(*row, header) == Data::String((*text).to_owned()))
    };
    (header + 1..sheet.len()).filter(fits).collect()
}

const AWAITING: (&str, &str) = ("État", "en attente de votre accord");

/// The rows of the messages, one by one, that await approval.
pub fn awaiting(sheet: &Grid) -> Vec<usize> {
    let mut rows = rows(sheet, &[AWAITING]);
    rows.retain(|row| *sheet.get(*row, "Courriel") != Data::String("Tous à la fois".to_owned()));
    rows
}

pub fn all_at_once(sheet: &Grid) -> usize {
    rows(sheet, &[AWAITING, ("Courriel", "Tous à la fois")])[0]
}

pub fn address(sheet: &Grid, row: usize) -> String {
    // Her name, and her address below it.
    let to = sheet.get(row, "Destinataire").to_string();
    to.lines().last().unwrap().to_owned()
}

/// Those whose decision on their application has left.
pub fn decided(folder: &Folder) -> Vec<String> {
    let (_, printed) = list(folder, "accepted");
    let messages = printed["messages"].as_array().unwrap().iter();
    let decisions = messages.filter(|message| message["kind"] == "candidature-decision");
    let mut addresses: Vec<String> = decisions
        .map(|message| message["to"].as_str().unwrap().to_owned())
        .collect();
    addresses.sort();
    let files = folder.mails();
    let written = files
        .iter()
        .filter(|name| name.contains("candidature-decision"));
    assert_eq!(written.count(), addresses.len(), "one file each, once");
    addresses
}

pub fn list(folder: &Folder, state: &str) -> (Option<i32>, Value) {
    let mut program = crate::folder::program();
    program.args(["outbox", "list"]).arg(folder.path());
    program.args(["--state", state, "--format", "json"]);
    let output = program.output().unwrap();
    (
        output.status.code(),
        serde_json::from_slice(&output.stdout).unwrap(),
    )
}

pub fn count(folder: &Folder, state: &str) -> usize {
    list(folder, state).1["messages"].as_array().unwrap().len()
}

fn remarks(printed: &Value) -> Vec<String> {
    let remarks = printed["answers"]["remarks"].as_array().unwrap().iter();
    remarks
        .map(|one| one.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_yes_goes_the_next_night_and_a_no_never_does() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let (mut yes, mut no) = (Vec::new(), String::new());
    answer(&folder, DASHBOARD, |sheet| {
        let rows = awaiting(sheet);
        assert_eq!(rows.len(), 9);
        for row in &rows[..2] {
            sheet.set(*row, ANSWER, "Oui");
            yes.push(address(sheet, *row));
        }
        sheet.set(rows[2], ANSWER, "non");
        no = address(sheet, rows[2]);
        // She sorts: a row is known by its reference.
        let top = sheet.header("État").0 + 1;
        sheet.reverse_from(top);
    });
    yes.sort();
    let second = folder.night(SECOND);
    assert_eq!(second["answers"]["approved"], 2, "{}", second["answers"]);
    assert_eq!(second["answers"]["rejected"], 1);
    assert_eq!(remarks(&second), [""; 0]);
    assert_eq!(second["resumed"], 2);
    // They stand among the e-mails of the night that they leave on.
    let mails = second["mails"].as_array().unwrap().iter();
    let decisions = mails.filter(|mail| mail["kind"] == "candidature-decision");
    let told: Vec<[&str; 3]> = decisions
        .map(|mail| ["to", "mode", "state"].map(|field| mail[field].as_str().unwrap()))
        .collect();
    let wanted: Vec<[&str; 3]> = yes
        .iter()
        .map(|to| [to.as_str(), "review", "accepted"])
        .collect();
    assert_eq!(told.len(), 2);
    assert!(wanted.iter().all(|one| told.contains(one)), "{told:?}");
    assert_eq!(decided(&folder), yes);
    answer(&folder, DASHBOARD, |sheet| {
        assert_eq!(awaiting(sheet).len(), 6);
        assert!(awaiting(sheet).iter().all(|row| address(sheet, *row) != no));
    });
    folder.night(THIRD);
    assert_eq!(decided(&folder), yes);
    assert_eq!(count(&folder, "awaiting"), 6);
}

#[test]
fn one_answer_serves_for_all_and_that_of_a_row_outweighs_it() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let mut no = String::new();
    answer(&folder, DASHBOARD, |sheet| {
        let row = all_at_once(sheet);
        sheet.set(row, ANSWER, "x");
        let row = awaiting(sheet)[3];
        sheet.set(row, ANSWER, "non");
        no = address(sheet, row);
    });
    let second = folder.night(SECOND);
    assert_eq!(second["answers"]["approved"], 8, "{}", second["answers"]);
    assert_eq!(second["answers"]["rejected"], 1);
    assert_eq!(decided(&folder).len(), 8);
    assert!(!decided(&folder).contains(&no));
}

#[test]
fn an_answer_about_something_else_than_what_she_saw_is_not_taken() {
    let folder = Folder::sample();
    folder.night(FIRST);
    answer(&folder, DASHBOARD, |sheet| {
        let rows = awaiting(sheet);
        let of = |sheet: &Grid, row: usize| sheet.get(row, "Repère").to_string();
        for row in &rows[..5] {
            sheet.set(*row, ANSWER, "oui");
        }
        // Another print; none at all; another message's; two answers for one; no answer.
        let print = of(sheet, rows[0]).replace('-', "-0000");
        sheet.set(rows[0], "Repère", &print[..print.len() - 4]);
        sheet.set(rows[1], "Repère", "");
        let other = of(sheet, rows[3]);
        sheet.set(rows[2], "Repère", &other);
        sheet.set(rows[2], ANSWER, "non");
        sheet.set(rows[4], ANSWER, "peut-être");
        sheet.set(rows[5], ANSWER, "renvoyer");
        let row = all_at_once(sheet);
        sheet.set(row, "Repère", "tous-00000000");
        sheet.set(row, ANSWER, "oui");
    });
    let second = folder.night(SECOND);
    assert_eq!(second["answers"]["approved"], 0, "{}", second["answers"]);
    assert_eq!(second["answers"]["rejected"], 0);
    let remarks = remarks(&second);
    assert_eq!(remarks.len(), 6, "{remarks:#?}");
    for part in [
        "il a changé depuis",
        "dont le repère manque",
        "deux choses différentes",
        "«\u{a0}peut-être\u{a0}» n’a pas été pris",
        "«\u{a0}renvoyer\u{a0}» n’a pas été pris",
        "la liste des courriels qui attendent a changé",
    ] {
        assert!(
            remarks.iter().any(|remark| remark.contains(part)),
            "{part} in {remarks:#?}"
        );
    }
    assert_eq!(count(&folder, "awaiting"), 9);
    assert_eq!(decided(&folder), [""; 0]);
}

#[test]
fn a_yes_to_what_is_no_longer_due_sends_nothing() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let mut changed = String::new();
    answer(&folder, DASHBOARD, |sheet| {
        let row = awaiting(sheet)[0];
        changed = address(sheet, row);
        let row = all_at_once(sheet);
        sheet.set(row, ANSWER, "oui");
    });
    folder.edit("candidatures.xlsx", |book| {
        let sheet = book.sheet_mut("Candidatures");
        let row = sheet.row(&[("Email", changed.as_str())]);
        sheet.set(row, "Décision", "refusée");
    });
    let second = folder.night(SECOND);
    assert_eq!(second["answers"]["approved"], 8, "{}", second["answers"]);
    assert!(remarks(&second)[0].contains("plus d’actualité"));
    assert!(!decided(&folder).contains(&changed));
    // The new decision is shown in its turn.
    answer(&folder, DASHBOARD, |sheet| {
        let rows = awaiting(sheet);
        assert_eq!(rows.len(), 1);
        assert_eq!(address(sheet, rows[0]), changed);
        sheet.set(rows[0], ANSWER, "oui");
    });
    folder.night(THIRD);
    assert!(decided(&folder).contains(&changed));
}

#[test]
fn what_a_row_that_is_back_made_obsolete_never_counted_as_told() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let ateliers = folder.path().join("ateliers.xlsx");
    let before = fs::read(&ateliers).unwrap();
    folder.edit("ateliers.xlsx", |book| {
        let sheet = book.sheet_mut("Inscriptions");
        let row = sheet.row(&[
            ("Atelier", "AT-03"),
            ("Email", "camille.garrigue@example.org"),
        ]);
        sheet.remove(row);
    });
    folder.night(SECOND);
    // And the seat that would come free.
    assert_eq!(count(&folder, "awaiting"), 11);
    answer(&folder, DASHBOARD, |sheet| {
        let row = rows(sheet, &[AWAITING, ("Courriel", "Inscription annulée")])[0];
        sheet.set(row, ANSWER, "oui");
    });
    fs::write(&ateliers, before).unwrap();
    let mails = folder.mails();
    let third = folder.night(THIRD);
    assert_eq!(third["answers"]["approved"], 0);
    assert!(remarks(&third)[0].contains("plus d’actualité"));
    assert_eq!(
        folder.mails(),
        mails,
        "neither a cancellation nor a second confirmation"
    );
}

/// A message that may have left, on the first day.
fn doubt(folder: &Folder, id: &str) {
    let mut ledger = Ledger::open(folder.path()).unwrap();
    let moment = Moment {
        now: DateTime::from_timestamp(1_610_422_200, 0).unwrap(),
        day: FIRST.parse::<NaiveDate>().unwrap(),
    };
    let id: Id = id.parse().unwrap();
    let (reason, by, error) = ("test".to_owned(), "smtp".to_owned(), "cut off".to_owned());
    for step in [
        Step::Approve { reason },
        Step::Claim { by },
        Step::Doubt { error },
    ] {
        assert!(ledger.step(id, step, moment).unwrap());
    }
}

#[test]
fn a_doubt_is_settled_in_the_sheet_and_once() {
    let folder = Folder::sample();
    folder.night(FIRST);
    for id in ["1", "2", "3"] {
        doubt(&folder, id);
    }
    folder.night(SECOND);
    assert_eq!(decided(&folder), [""; 0]);
    let doubtful = ("État", "peut-être parti : à vérifier");
    answer(&folder, DASHBOARD, |sheet| {
        let rows = rows(sheet, &[doubtful]);
        assert_eq!(rows.len(), 3);
        sheet.set(rows[0], ANSWER, "Reçue");
        sheet.set(rows[1], ANSWER, "renvoyer");
        sheet.set(rows[2], ANSWER, "oui");
    });
    // She has it open in Excel when the night comes: her answers were saved, and are read.
    let lock = folder.file("controles/~$tableau-de-bord.xlsx", b"x");
    let hers = fs::read(folder.path().join(DASHBOARD)).unwrap();
    let third = folder.night(THIRD);
    let answers = &third["answers"];
    assert_eq!(
        (&answers["received"], &answers["resent"]),
        (&Value::from(1), &Value::from(1))
    );
    assert!(remarks(&third)[0].contains("«\u{a0}reçu\u{a0}» ou «\u{a0}renvoyer\u{a0}»"));
    // What she knows to have arrived no server took tonight; the digest is one.
    let tonight = third["mails"].as_array().unwrap().iter();
    let accepted = tonight.filter(|mail| mail["state"] == "accepted").count();
    assert_eq!(third["mail_totals"]["accepted"], accepted + 1, "{third}");
    assert_eq!(third["mail_totals"]["unknown"], 1);
    assert_eq!(
        folder
            .mails()
            .iter()
            .filter(|name| name.contains("decision"))
            .count(),
        1
    );
    assert_eq!(third["dashboard"]["file"], BESIDE);
    let remark = third["dashboard"]["remark"].as_str().unwrap();
    assert!(remark.contains("est ouvert"), "{remark}");
    assert_eq!(fs::read(folder.path().join(DASHBOARD)).unwrap(), hers);

    // The answers of then are still there the night after, and are about nothing any more.
    answer(&folder, BESIDE, |sheet| {
        let rows = rows(sheet, &[doubtful]);
        assert_eq!(rows.len(), 1);
        sheet.set(rows[0], ANSWER, "reçu");
    });
    fs::remove_file(lock).unwrap();
    let fourth = folder.night("2021-01-15");
    assert_eq!(fourth["answers"]["received"], 1);
    assert_eq!(fourth["answers"]["resent"], 0);
    assert_eq!(count(&folder, "unknown"), 0);
    assert_eq!(
        folder
            .mails()
            .iter()
            .filter(|name| name.contains("decision"))
            .count(),
        1
    );
    assert_eq!(fourth["dashboard"]["file"], DASHBOARD);
    assert!(!folder.path().join(BESIDE).exists());
}

#[test]
fn a_dashboard_that_cannot_be_read_is_said_and_kept() {
    for (damage, part) in [
        (b"PK\x03\x04 no more".to_vec(), "abîmé"),
        (Vec::new(), "abîmé"),
    ] {
        let folder = Folder::sample();
        folder.night(FIRST);
        folder.file(DASHBOARD, &damage);
        let second = folder.night(SECOND);
        assert!(remarks(&second)[0].contains(part), "{}", second["answers"]);
        assert_eq!(count(&folder, "awaiting"), 9);
        answer(&folder, DASHBOARD, |sheet| {
            assert_eq!(awaiting(sheet).len(), 9);
        });
        let kept = folder
            .path()
            .join("controles/tableau-de-bord (illisible).xlsx");
        assert_eq!(fs::read(kept).unwrap(), damage);
    }
    let folder = Folder::sample();
    folder.night(FIRST);
    folder.edit(DASHBOARD, |book| book.rename("Courriels", "Mes courriels"));
    let second = folder.night(SECOND);
    assert!(
        remarks(&second)[0].contains("n’a plus la feuille"),
        "{}",
        second["answers"]
    );
    answer(&folder, DASHBOARD, |sheet| {
        assert_eq!(awaiting(sheet).len(), 9);
    });
}

#[test]
fn answers_are_said_in_the_runs_words() {
    let folder = Folder::sample();
    folder.night(FIRST);
    answer(&folder, DASHBOARD, |sheet| {
        let rows = awaiting(sheet);
        sheet.set(rows[0], ANSWER, "oui");
        sheet.set(rows[1], ANSWER, "bof");
    });
    let output = folder.run("run", &["--today", SECOND]);
    let said = text(&output.stdout);
    assert!(
        said.contains("Vos réponses dans le tableau de bord\u{a0}: 1 accord."),
        "{said}"
    );
    assert!(
        said.contains("«\u{a0}bof\u{a0}» n’a pas été pris"),
        "{said}"
    );
    assert!(
        said.contains("dont 1 attendait depuis une exécution précédente"),
        "{said}"
    );
    assert!(
        said.contains("controles/tableau-de-bord.xlsx : écrit"),
        "{said}"
    );
    assert!(
        !said.contains('@'),
        "no address in what a night prints: {said}"
    );
    // The answer that was not taken is told once: then nothing changes any more.
    folder.run("run", &["--today", SECOND]);
    let again = text(&folder.run("run", &["--today", SECOND]).stdout);
    assert!(
        again.contains("controles/tableau-de-bord.xlsx : inchangé"),
        "{again}"
    );
    assert!(!again.contains("Vos réponses"), "{again}");
}

#[test]
fn a_folder_that_cannot_take_the_dashboard_makes_the_run_partial() {
    let folder = Folder::sample();
    for name in [DASHBOARD, BESIDE] {
        let path: PathBuf = folder.path().join(name);
        fs::create_dir_all(path).unwrap();
    }
    let (code, printed) = folder.json("run", &["--today", FIRST]);
    assert_eq!(code, Some(3), "{}", printed["dashboard"]);
    assert_eq!(printed["dashboard"]["state"], "failed");
}
