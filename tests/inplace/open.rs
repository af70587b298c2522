//! Workbooks that somebody has open, has just saved, or changes during the night.

use std::fs;
use std::path::Path;
use std::time::Duration;

use calamine::Data;
use serde_json::Value;

use super::{
    BESIDE, age, excel_file, flagged, is_written_at_last, night, remark, said_of, sample,
    stands_in_the_way,
};
use crate::book::Book;
use crate::folder::{Folder, text};

#[test]
fn a_workbook_that_is_open_in_excel_waits_and_she_is_told_who_has_it() {
    let folder = sample();
    let lock = folder.file("~$ateliers.xlsx", &excel_file("Maria"));
    let said = stands_in_the_way(&folder, "ateliers.xlsx");
    for word in [
        "« ateliers.xlsx » est ouvert dans Excel par Maria",
        "« ateliers (contrôles).xlsx »",
        "La nuit prochaine",
        "supprimez le fichier « ~$ateliers.xlsx »",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
    // Still open the next night: the copy is as it should be already, and says the same.
    let path = folder.path().join(BESIDE);
    let moment = fs::metadata(&path).unwrap().modified().unwrap();
    let (code, printed) = folder.json("run", &[]);
    assert_eq!(code, Some(3));
    assert_eq!(remark(&said_of(&printed, "ateliers.xlsx")), said);
    assert!(printed["mails"].as_array().unwrap().is_empty());
    // « Dernier courriel (auto) » is as it was, so nothing was written again.
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), moment);
    fs::remove_file(lock).unwrap();
    is_written_at_last(&folder, "ateliers.xlsx");
}

#[test]
fn a_workbook_that_is_open_in_libreoffice_waits_too() {
    let folder = sample();
    let lock = folder.file(
        ".~lock.ateliers.xlsx#",
        "Héloïse Martin,heloise,PC-ACCUEIL,12.01.2021 18:02,file:///home/heloise/;".as_bytes(),
    );
    let said = stands_in_the_way(&folder, "ateliers.xlsx");
    assert!(
        said.contains("est ouvert dans LibreOffice par Héloïse Martin (ordinateur PC-ACCUEIL)"),
        "{said}"
    );
    fs::remove_file(lock).unwrap();
    is_written_at_last(&folder, "ateliers.xlsx");
}

#[test]
fn an_open_workbook_where_nothing_changes_is_no_matter() {
    let folder = sample();
    folder.night("2021-01-12");
    folder.file("~$ateliers.xlsx", &excel_file("Maria"));
    assert_eq!(night(&folder, 0, "ateliers.xlsx")["state"], "unchanged");
    assert!(!folder.path().join(BESIDE).exists());
}

#[test]
fn in_copy_mode_an_open_workbook_is_no_matter() {
    let folder = Folder::sample();
    folder.file("~$ateliers.xlsx", &excel_file("Maria"));
    folder.file(".~lock.ateliers.xlsx#", b"Paul,paul,PC,,;");
    let said = night(&folder, 0, "ateliers.xlsx");
    assert_eq!(said["file"], "controles/ateliers.xlsx");
    assert_eq!(said["state"], "written");
}

#[test]
fn a_workbook_that_was_just_saved_is_given_a_moment() {
    let folder = sample();
    age(&folder.path().join("ateliers.xlsx"), Duration::ZERO);
    assert_eq!(night(&folder, 0, "ateliers.xlsx")["state"], "written");
}

#[test]
fn in_a_synchronised_folder_a_workbook_must_have_rested() {
    let folder = sample();
    let programme = folder.path().join("Dropbox/programme");
    fs::create_dir_all(&programme).unwrap();
    for (name, _) in folder.files() {
        fs::rename(folder.path().join(&name), programme.join(name)).unwrap();
    }
    age(&programme.join("ateliers.xlsx"), Duration::from_mins(5));
    let output = run(&programme);
    assert_eq!(output.status.code(), Some(3));
    let shown = text(&output.stdout);
    assert!(shown.contains("synchronisé par Dropbox"), "{shown}");
    assert_eq!(flagged(&programme.join("ateliers.xlsx")), 0);
    assert_eq!(flagged(&programme.join(BESIDE)), 70);
    age(&programme.join("ateliers.xlsx"), Duration::from_mins(11));
    assert_eq!(run(&programme).status.code(), Some(0));
    assert_eq!(flagged(&programme.join("ateliers.xlsx")), 70);
    assert!(!programme.join(BESIDE).exists());
}

fn run(programme: &Path) -> std::process::Output {
    let mut command = crate::folder::program();
    command
        .arg("run")
        .arg(programme)
        .args(["--today", "2021-01-12"]);
    command.output().unwrap()
}

#[test]
fn a_workbook_that_changes_during_the_night_is_never_overwritten() {
    let folder = sample();
    let path = folder.path().join("ateliers.xlsx");
    let before = fs::read(&path).unwrap();
    // The night waits for what was saved a moment ago; she saves again meanwhile.
    age(&path, Duration::ZERO);
    let mut command = crate::folder::program();
    command.arg("run").arg(folder.path());
    command.args(["--today", "2021-01-12", "--format", "json"]);
    let night = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Before ateliers.xlsx comes adherents.xlsx, which is written as soon as the e-mails are.
    let kept = folder
        .path()
        .join(".peer-culture/sauvegardes/2021-01-12/adherents.xlsx");
    while !kept.exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    folder.edit("ateliers.xlsx", |book| {
        book.sheet_mut("Ateliers").set(1, "Lieu", "Salle de Claire");
    });
    let hers = fs::read(&path).unwrap();
    let output = night.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let said = said_of(&printed, "ateliers.xlsx");
    assert!(
        remark(&said).contains("a changé pendant le contrôle"),
        "{said}"
    );
    assert!(hers != before && fs::read(&path).unwrap() == hers);
    // The flags stand on the rows that were read.
    assert_eq!(flagged(&folder.path().join(BESIDE)), 70);
    is_written_at_last(&folder, "ateliers.xlsx");
    let book = Book::open(&path);
    let place = book.sheet("Ateliers").get(1, "Lieu").clone();
    assert_eq!(place, Data::String("Salle de Claire".to_owned()));
}
