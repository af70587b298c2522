//! A sheet or a column that was read the night before and is no longer found.

use std::fs;

use serde_json::Value;

use crate::answers::{DASHBOARD, FIRST, SECOND, THIRD};
use crate::book::Book;
use crate::dashboard::text;
use crate::folder::{Folder, Sheet};
use crate::guards::guard;
use crate::scene::rows;

/// What she reads first, with plain spaces.
fn today(folder: &Folder) -> String {
    text(Book::open(&folder.path().join(DASHBOARD)).sheet("Aujourd'hui"))
}

fn rename(folder: &Folder, header: &str, new: &str) {
    folder.edit("ateliers.xlsx", |book| {
        book.sheet_mut("Inscriptions").replace(header, new);
    });
}

fn accepted(night: &Value) -> usize {
    let mails = night["mails"].as_array().unwrap().iter();
    mails.filter(|mail| mail["state"] == "accepted").count()
}

#[test]
fn a_sheet_that_was_given_another_name_is_missed() {
    let folder = Folder::sample();
    folder.night(FIRST);
    assert!(!today(&folder).contains("n’est plus là"));
    let rename = |from: &str, to: &str| {
        folder.edit("ateliers.xlsx", |book| book.rename(from, to));
    };
    rename("Inscriptions", "Liste 2021");
    let missed = "La feuille « Inscriptions », lue le 12/01/2021, n’est plus là";
    for day in [SECOND, SECOND, THIRD] {
        folder.night(day);
        assert!(today(&folder).contains(missed), "{}", today(&folder));
    }
    // She is told for two weeks.
    for (day, is_told) in [
        ("2021-01-26", true),
        ("2021-01-27", true),
        ("2021-01-28", false),
    ] {
        folder.night(day);
        assert_eq!(today(&folder).contains(missed), is_told, "{day}");
    }
    rename("Liste 2021", "Inscriptions");
    folder.night("2021-01-29");
    assert!(!today(&folder).contains("n’est plus là"));
}

#[test]
fn a_column_that_e_mails_are_made_of_holds_the_nights_on_which_it_is_missed() {
    for (header, new) in [
        ("Ne pas écrire", "Pas de courriel"),
        ("État", "Suivi"),
        ("Paiement", "Réglé en euros"),
    ] {
        let folder = Folder::sample();
        folder.night(FIRST);
        rename(&folder, header, new);
        let missed =
            format!("La colonne « {header} » de la feuille « Inscriptions », lue le 12/01/2021");
        let planned = folder.json("plan", &["--today", SECOND]).1;
        for night in [&planned, &folder.night(SECOND)] {
            let said = guard(night).replace(['\u{a0}', '\u{202f}'], " ");
            assert!(said.contains(&missed), "{said}");
            assert_eq!(accepted(night), 0);
        }
        assert!(today(&folder).contains(&missed));
        // Nor does the next night write, whether she has looked or not.
        let third = folder.night(THIRD);
        assert!(guard(&third).contains(header));
        assert_eq!(accepted(&third), 0);
        rename(&folder, new, header);
        assert_eq!(guard(&folder.night("2021-01-15")), "");
    }
}

#[test]
fn nights_are_held_for_as_long_as_such_a_column_is_missed() {
    let folder = Folder::sample();
    folder.night(FIRST);
    rename(&folder, "Ne pas écrire", "Pas de courriel");
    for day in [
        "2021-01-13",
        "2021-01-26",
        "2021-01-27",
        "2021-01-28",
        "2021-03-01",
    ] {
        assert!(guard(&folder.night(day)).contains("Ne pas écrire"), "{day}");
    }
    rename(&folder, "Pas de courriel", "Ne pas écrire");
    assert_eq!(guard(&folder.night("2021-03-02")), "");
    assert_eq!(guard(&folder.night("2021-03-03")), "");
}

#[test]
fn one_sheet_of_several_is_missed_too_and_not_where_it_only_has_another_name() {
    let folder = Folder::sample();
    let header = "Inscrit le;Atelier;Nom;Email";
    let row = "04/01/2021 09:00;AT-01;Anne Petit;anne@example.org";
    let sheet: [Sheet; 1] = [("Inscriptions", rows(&[header, row]))];
    folder.workbook("autres.xlsx", &sheet);
    folder.night(FIRST);
    let path = |name: &str| folder.path().join(name);
    fs::rename(path("autres.xlsx"), path("encore.xlsx")).unwrap();
    for day in [SECOND, THIRD] {
        folder.night(day);
        assert!(
            !today(&folder).contains("n’est plus là"),
            "{}",
            today(&folder)
        );
    }
    fs::remove_file(path("encore.xlsx")).unwrap();
    let missed = "La feuille « Inscriptions » (Inscriptions) du classeur « encore.xlsx », lue le 14/01/2021, n’est plus là";
    for (day, is_told) in [
        ("2021-01-15", true),
        ("2021-01-28", true),
        ("2021-01-29", true),
        ("2021-01-30", false),
    ] {
        folder.night(day);
        assert_eq!(
            today(&folder).contains(missed),
            is_told,
            "{day}: {}",
            today(&folder)
        );
    }
}

#[test]
fn a_column_of_one_sheet_of_several_holds_the_nights_too_and_on_the_first_day() {
    for again in [FIRST, SECOND] {
        let folder = Folder::sample();
        let header = "Inscrit le;Atelier;Nom;Email;État";
        let row = "04/01/2021 09:00;AT-04;Anne Petit;anne@example.org;annulée";
        let sheet: [Sheet; 1] = [("Inscriptions", rows(&[header, row]))];
        folder.workbook("autres.xlsx", &sheet);
        folder.night(FIRST);
        folder.edit("autres.xlsx", |book| {
            book.sheet_mut("Inscriptions").replace("État", "Suivi");
        });
        let missed =
            "La colonne « État » de la feuille « Inscriptions » du classeur « autres.xlsx »";
        for day in [again, "2021-01-14", "2021-02-15"] {
            let said = guard(&folder.night(day)).replace(['\u{a0}', '\u{202f}'], " ");
            assert!(said.contains(missed), "{day}: {said}");
        }
        folder.edit("autres.xlsx", |book| {
            book.sheet_mut("Inscriptions").replace("Suivi", "État");
        });
        assert_eq!(guard(&folder.night("2021-02-16")), "");
    }
}

#[test]
fn a_sheet_that_is_gone_for_good_holds_nothing_once_it_is_told_no_more() {
    let folder = Folder::sample();
    folder.night(FIRST);
    folder.edit("accompagnements.xlsx", |book| {
        book.rename("Rendez-vous", "Notes");
    });
    for day in [SECOND, "2021-01-27", "2021-01-28", "2021-02-01"] {
        assert_eq!(guard(&folder.night(day)), "", "{day}");
    }
}

#[test]
fn another_column_is_missed_and_holds_nothing() {
    let folder = Folder::sample();
    folder.night(FIRST);
    folder.edit("adherents.xlsx", |book| {
        book.sheet_mut("Adhérents")
            .replace("Téléphone", "Appeler au");
    });
    let night = folder.night(SECOND);
    assert_eq!(guard(&night), "");
    assert!(today(&folder).contains("La colonne « Téléphone » de la feuille « Adhérents »"));
}
