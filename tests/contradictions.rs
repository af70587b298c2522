//! Two different answers to one question: neither is taken, and neither counts on a later night,
//! whatever still stands in a file that she has open.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::answers::{
    ANSWER, DASHBOARD, FIRST, SECOND, THIRD, address, all_at_once, answer, awaiting, count,
};
use crate::book::Grid;
use crate::folder::{Folder, program, text};

const BESIDE: &str = "controles/tableau-de-bord (nouveau).xlsx";
const FOURTH: &str = "2021-01-15";
const FIFTH: &str = "2021-01-16";

/// A night has been; she has its dashboard open, so that the second night writes another beside it.
fn two_dashboards() -> (Folder, PathBuf) {
    let folder = Folder::sample();
    folder.night(FIRST);
    let lock = folder.file("controles/~$tableau-de-bord.xlsx", b"x");
    folder.night(SECOND);
    assert!(folder.path().join(BESIDE).exists());
    (folder, lock)
}

/// Answers the same question in both, the one that she has open first.
fn answer_both(folder: &Folder, row: impl Fn(&Grid) -> usize, open: &str, beside: &str) {
    for (file, word) in [(DASHBOARD, open), (BESIDE, beside)] {
        answer(folder, file, |sheet| {
            let row = row(sheet);
            sheet.set(row, ANSWER, word);
        });
    }
}

fn first(sheet: &Grid) -> usize {
    awaiting(sheet)[0]
}

/// Nothing was taken tonight, and what she is told contains this.
fn nothing_taken(night: &Value, part: &str) {
    let answers = &night["answers"];
    for taken in ["approved", "rejected", "received", "resent"] {
        assert_eq!(answers[taken], 0, "{answers}");
    }
    let said = answers["remarks"].to_string();
    assert!(said.replace('\u{a0}', " ").contains(part), "{said}");
}

#[test]
fn neither_of_two_different_answers_counts_on_any_night() {
    for (open, beside) in [("oui", "non"), ("non", "oui")] {
        let (folder, lock) = two_dashboards();
        let before = count(&folder, "awaiting");
        answer_both(&folder, first, open, beside);
        let both = format!("« {open} » (« tableau-de-bord.xlsx », ligne");
        nothing_taken(&folder.night(THIRD), &both);
        // The one beside was written anew; what she has open still says the same.
        nothing_taken(
            &folder.night(FOURTH),
            "la question vous est posée de nouveau",
        );
        fs::remove_file(&lock).unwrap();
        nothing_taken(
            &folder.night(FIFTH),
            "la question vous est posée de nouveau",
        );
        assert_eq!(count(&folder, "awaiting"), before);
        answer(&folder, DASHBOARD, |sheet| {
            let row = first(sheet);
            sheet.set(row, ANSWER, open);
        });
        let answers = &folder.night("2021-01-17")["answers"];
        assert_eq!(answers["approved"] == 1, open == "oui", "{answers}");
        assert_eq!(answers["rejected"] == 1, open == "non", "{answers}");
    }
}

#[test]
fn neither_do_two_for_all_at_once() {
    let (folder, _lock) = two_dashboards();
    answer_both(&folder, all_at_once, "oui", "non");
    nothing_taken(&folder.night(THIRD), "deux choses différentes");
    nothing_taken(&folder.night(FOURTH), "la liste des courriels");
    assert_eq!(count(&folder, "awaiting"), 9);
}

/// What she answered to all of another list is no answer to tonight's, nor in its way.
#[test]
fn an_answer_to_all_of_an_earlier_list_is_not_in_the_way_of_tonights() {
    let (folder, _lock) = two_dashboards();
    answer(&folder, DASHBOARD, |sheet| {
        let row = all_at_once(sheet);
        let before = sheet.get(row, "Repère").to_string();
        assert!(before.starts_with("tous-"));
        for print in ["tous-00000000", "tous-ffffffff"] {
            let last = sheet.len() - usize::from(print.ends_with('f'));
            sheet.set(last - 1, "Repère", print);
            sheet.set(last - 1, ANSWER, "oui");
        }
    });
    answer(&folder, BESIDE, |sheet| {
        let row = all_at_once(sheet);
        sheet.set(row, ANSWER, "oui");
    });
    let third = folder.night(THIRD);
    assert_eq!(third["answers"]["approved"], 9, "{}", third["answers"]);
}

#[test]
fn a_yes_of_before_is_not_taken_for_want_of_a_word_that_can_be_read() {
    let (folder, _lock) = two_dashboards();
    answer_both(&folder, first, "oui", "attendre encore");
    nothing_taken(&folder.night(THIRD), "« attendre encore » n’a pas été pris");
    nothing_taken(&folder.night(FOURTH), "« oui » n’a pas été pris");
    assert_eq!(count(&folder, "awaiting"), 9);
}

fn outbox(folder: &Folder, command: &str, ids: &[&str]) -> (Option<i32>, String) {
    let mut program = program();
    program
        .args(["outbox", command])
        .arg(folder.path())
        .args(ids);
    let output = program.output().unwrap();
    (output.status.code(), text(&output.stderr))
}

/// The number of the first that awaits her answer.
fn id_of_first(folder: &Folder) -> String {
    let mut id = String::new();
    answer(folder, DASHBOARD, |sheet| {
        let reference = sheet.get(first(sheet), "Repère").to_string();
        reference.split('-').next().unwrap().clone_into(&mut id);
    });
    id
}

#[test]
fn a_no_in_the_sheet_holds_what_was_approved_at_the_command_line() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let id = id_of_first(&folder);
    assert_eq!(outbox(&folder, "approve", &[&id]).0, Some(0));
    answer(&folder, DASHBOARD, |sheet| {
        let row = first(sheet);
        sheet.set(row, ANSWER, "non");
    });
    nothing_taken(&folder.night(SECOND), "approuvé entre-temps");
    assert_eq!(count(&folder, "awaiting"), 9);
    answer(&folder, DASHBOARD, |sheet| {
        let row = first(sheet);
        sheet.set(row, ANSWER, "oui");
    });
    assert_eq!(folder.night(THIRD)["answers"]["approved"], 1);
    assert_eq!(count(&folder, "awaiting"), 8);
}

#[test]
fn so_does_a_no_to_all_and_anything_else_but_a_yes() {
    let folder = Folder::sample();
    folder.night(FIRST);
    assert_eq!(outbox(&folder, "approve", &["--all"]).0, Some(0));
    answer(&folder, DASHBOARD, |sheet| {
        let row = all_at_once(sheet);
        sheet.set(row, ANSWER, "non");
    });
    nothing_taken(&folder.night(SECOND), "approuvé entre-temps");
    assert_eq!(count(&folder, "awaiting"), 9);

    let folder = Folder::sample();
    folder.night(FIRST);
    let id = id_of_first(&folder);
    assert_eq!(outbox(&folder, "approve", &[&id]).0, Some(0));
    answer(&folder, DASHBOARD, |sheet| {
        let (row, of_all) = (first(sheet), all_at_once(sheet));
        sheet.set(row, ANSWER, "reçu");
        sheet.set(of_all, ANSWER, "non");
    });
    let night = folder.night(SECOND);
    assert_eq!(night["answers"]["rejected"], 8, "{}", night["answers"]);
    assert_eq!(
        (count(&folder, "awaiting"), count(&folder, "planned")),
        (1, 0)
    );
}

#[test]
fn a_yes_at_the_command_line_can_be_taken_back_until_it_leaves() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let id = id_of_first(&folder);
    assert_eq!(outbox(&folder, "approve", &[&id]).0, Some(0));
    // « All » are those that await approval.
    assert_eq!(
        outbox(&folder, "reject", &["--kind", "rdv-rappel"]).0,
        Some(0)
    );
    assert_eq!(count(&folder, "planned"), 1);
    assert_eq!(outbox(&folder, "reject", &[&id]), (Some(0), String::new()));
    assert_eq!(
        (count(&folder, "planned"), count(&folder, "rejected")),
        (0, 1)
    );
    folder.night(SECOND);
    assert_eq!(count(&folder, "rejected"), 1);
    assert_eq!(outbox(&folder, "reject", &[&id]).0, Some(2));
}

#[test]
fn an_approval_that_comes_to_nothing_is_told() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let id = id_of_first(&folder);
    assert_eq!(outbox(&folder, "approve", &[&id]).0, Some(0));
    let mut to = String::new();
    answer(&folder, DASHBOARD, |sheet| {
        to = address(sheet, first(sheet));
    });
    folder.edit("candidatures.xlsx", |book| {
        let sheet = book.sheet_mut("Candidatures");
        let row = sheet.row(&[("Email", &to)]);
        sheet.set(row, "Décision", "liste d'attente");
    });
    let night = folder.night(SECOND);
    nothing_taken(
        &night,
        "vous l’aviez approuvé, et il n’est plus d’actualité",
    );
    assert_eq!(count(&folder, "awaiting"), 9);
    let third = folder.night(THIRD);
    assert_eq!(third["answers"]["remarks"].as_array().unwrap().len(), 0);
}

/// The row of a question that is about no e-mail.
fn question(kind: &'static str) -> impl Fn(&Grid) -> usize {
    move |sheet| sheet.row(&[("Courriel", kind)])
}

#[test]
fn a_question_of_yes_and_no_takes_nothing_else() {
    let folder = Folder::sample();
    folder.night("2021-01-20");
    let lock = folder.file("controles/~$tableau-de-bord.xlsx", b"x");
    folder.night(FIRST);
    fs::remove_file(lock).unwrap();
    folder.night(FIRST);
    let date = question("Date d’aujourd’hui");
    answer(&folder, DASHBOARD, |sheet| {
        let row = date(sheet);
        sheet.set(row, ANSWER, "reçu");
    });
    let night = folder.night(SECOND);
    nothing_taken(
        &night,
        "« reçu » n’a pas été pris, la réponse est « oui » ou « non »",
    );

    let lock = folder.file("controles/~$tableau-de-bord.xlsx", b"x");
    folder.night(SECOND);
    answer_both(&folder, &date, "oui", "non");
    nothing_taken(&folder.night(THIRD), "deux choses différentes");
    let fourth = folder.night(FOURTH);
    assert!(crate::guards::guard(&fourth).contains("dans le futur"));
    fs::remove_file(lock).unwrap();
    folder.night(FOURTH);
    answer(&folder, DASHBOARD, |sheet| {
        let row = date(sheet);
        sheet.set(row, ANSWER, "oui");
    });
    assert_eq!(crate::guards::guard(&folder.night(FIFTH)), "");
}
