//! What a night in place writes: the workbook itself, and nothing else in it.

use std::fs;
use std::path::PathBuf;

use rust_xlsxwriter::{Workbook, Worksheet};
use serde_json::Value;

use super::{excel_file, night, remark, rest, said_of, sample, workbooks};
use crate::book::Book;
use crate::folder::{Folder, text};

#[test]
fn the_workbooks_themselves_get_the_flags_that_copies_get() {
    let (folder, copies) = (sample(), Folder::sample());
    let printed = folder.night("2021-01-12");
    copies.night("2021-01-12");
    for written in printed["written"].as_array().unwrap() {
        assert_eq!(written["state"], "written");
        assert_eq!(written["file"], written["workbook"]);
    }
    let written = workbooks(&folder);
    assert_eq!(written.len(), 5);
    for (name, bytes) in written {
        assert!(
            bytes == fs::read(copies.path().join("controles").join(&name)).unwrap(),
            "{name}"
        );
    }
    let beside = folder.names("controles");
    assert!(!beside.contains(&"ateliers.xlsx".to_owned()), "{beside:?}");
}

#[test]
fn what_is_read_is_the_same_with_our_columns_in_it() {
    let folder = sample();
    let before = folder.json("check", &[]).1;
    folder.night("2021-01-12");
    let after = folder.json("check", &[]).1;
    for list in ["findings", "seats", "ranking"] {
        assert_eq!(after[list], before[list], "{list}");
    }
    assert_eq!(after["mails"], Value::Array(Vec::new()));
}

#[test]
fn a_second_night_writes_nothing() {
    let folder = sample();
    folder.night("2021-01-12");
    let moments = || {
        let paths = workbooks(&folder).into_iter();
        paths
            .map(|(name, _)| {
                fs::metadata(folder.path().join(name))
                    .unwrap()
                    .modified()
                    .unwrap()
            })
            .collect::<Vec<_>>()
    };
    let before = (
        workbooks(&folder),
        moments(),
        folder.names(".peer-culture/sauvegardes"),
    );
    let printed = folder.night("2021-01-12");
    for written in printed["written"].as_array().unwrap() {
        assert_eq!(written["state"], "unchanged", "{written}");
    }
    assert!(workbooks(&folder) == before.0);
    assert_eq!(moments(), before.1);
    assert_eq!(before.2, ["2021-01-12"]);
}

/// A workbook of the committee's marks for two structures, with these columns of ours.
fn notes(folder: &Folder, ours: &[&str], change: impl FnOnce(&mut Worksheet)) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Notes comité").unwrap();
    let hers = [
        "Structure",
        "Membre du comité",
        "Note adéquation",
        "Note engagement",
        "Note collaboration",
    ];
    for (column, header) in (0..).zip(hers.iter().chain(ours)) {
        sheet.write(0, column, *header).unwrap();
    }
    sheet.write(1, 0, "Compagnie").unwrap();
    sheet.write(2, 0, "Collectif").unwrap();
    change(sheet);
    book.save(folder.path().join("notes.xlsx")).unwrap();
    rest(folder);
}

#[test]
fn a_workbook_that_the_patcher_refuses_stays_and_the_night_goes_on() {
    let folder = sample();
    // Our cells would be hidden in a merged one.
    notes(&folder, &["Contrôle (auto)"], |sheet| {
        let merged = rust_xlsxwriter::Format::new();
        sheet.merge_range(1, 5, 3, 5, "", &merged).unwrap();
    });
    let before = fs::read(folder.path().join("notes.xlsx")).unwrap();
    let (code, printed) = folder.json("run", &[]);
    assert_eq!(code, Some(3), "{printed}");
    let said = said_of(&printed, "notes.xlsx");
    assert_eq!(
        (&said["state"], &said["file"]),
        (&"failed".into(), &Value::Null)
    );
    assert!(remark(&said).contains("fusionnée"), "{said}");
    assert!(fs::read(folder.path().join("notes.xlsx")).unwrap() == before);
    assert_eq!(said_of(&printed, "ateliers.xlsx")["state"], "written");
    assert!(!folder.mails().is_empty());
}

/// programme.md §2: names of columns are compared without case, accents, blanks and punctuation.
#[test]
fn our_headers_may_be_written_in_other_letters_and_stay_so() {
    for (verdict, alerts) in [
        ("CONTROLE (AUTO)", "ALERTES (AUTO)"),
        ("Contrôle\n(auto)", " Alertes\u{a0}(auto) "),
        ("Contrôles auto", "Alerte (auto)"),
    ] {
        for folder in [sample(), Folder::sample()] {
            notes(&folder, &[verdict, alerts], |_| {});
            let printed = folder.night("2021-01-12");
            let said = said_of(&printed, "notes.xlsx");
            assert_eq!(said["state"], "written", "{verdict:?} {said}");
            let written = Book::open(&folder.path().join(said["file"].as_str().unwrap()));
            let sheet = written.sheet("Notes comité");
            let found = |row, column| sheet.at(row, column).to_string();
            assert_eq!((found(0, 5), found(0, 6)), (verdict.into(), alerts.into()));
            assert!(sheet.values().all(|(_, column, _)| column < 7));
            assert_eq!(found(1, 5), "Bloquant");
            assert!(found(1, 6).starts_with("DON01 "), "{}", found(1, 6));
            rest(&folder);
            let again = folder.night("2021-01-13");
            assert_eq!(said_of(&again, "notes.xlsx")["state"], "unchanged");
        }
    }
}

#[test]
fn another_format_is_never_replaced_but_copied() {
    let folder = sample();
    crate::other_formats::convert(&folder, "evaluations.xlsx", "ods");
    fs::remove_file(folder.path().join("evaluations.xlsx")).unwrap();
    let hers = fs::read(folder.path().join("evaluations.ods")).unwrap();
    let said = night(&folder, 0, "evaluations.ods");
    assert_eq!(said["file"], "controles/evaluations.xlsx");
    assert!(
        remark(&said).contains("ne peut pas être complété tel quel"),
        "{said}"
    );
    assert!(fs::read(folder.path().join("evaluations.ods")).unwrap() == hers);
}

#[test]
fn a_workbook_with_macros_is_written_as_what_it_is() {
    let folder = sample();
    let (old, new) = (
        folder.path().join("ateliers.xlsx"),
        folder.path().join("Ateliers.XLSM"),
    );
    fs::rename(&old, &new).unwrap();
    let lock = folder.file("~$ateliers.xlsm", &excel_file("Maria"));
    let said = night(&folder, 3, "Ateliers.XLSM");
    assert_eq!(said["file"], "Ateliers (contrôles).XLSM");
    fs::remove_file(lock).unwrap();
    assert_eq!(night(&folder, 0, "Ateliers.XLSM")["state"], "written");
    assert!(!folder.path().join("Ateliers (contrôles).XLSM").exists());
}

#[test]
fn plan_says_which_file_would_be_written() {
    let folder = sample();
    let shown = text(&folder.run("plan", &[]).stdout);
    assert!(shown.contains("  ateliers.xlsx › Inscriptions"), "{shown}");
    assert!(!shown.contains("controles/ateliers"), "{shown}");
    let before: Vec<PathBuf> = folder
        .snapshot()
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(before.len(), 6);
}
