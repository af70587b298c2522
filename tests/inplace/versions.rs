//! Several files for one workbook: conflict copies of a cloud, our copies beside it.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use super::{
    BESIDE, age, excel_file, flagged, is_written_at_last, night, remark, sample, stands_in_the_way,
};
use crate::folder::{Folder, text};

#[test]
fn of_two_versions_one_is_read_and_none_is_written() {
    let folder = sample();
    let alone = folder.json("check", &[]).1;
    let name = "ateliers (Copie en conflit de Claire 2021-01-11).xlsx";
    let copy = folder.path().join(name);
    fs::copy(folder.path().join("ateliers.xlsx"), &copy).unwrap();
    age(&copy, Duration::from_hours(48));
    let mut checked = folder.json("check", &[]).1;
    let unread = checked.as_object_mut().unwrap().remove("unread").unwrap();
    assert_eq!(unread[0]["workbook"], name);
    assert_eq!(checked, alone);
    let shown = text(&folder.run("check", &[]).stdout);
    assert!(
        shown.contains("Deux versions d’un même classeur"),
        "{shown}"
    );

    let bytes = fs::read(&copy).unwrap();
    let said = stands_in_the_way(&folder, "ateliers.xlsx");
    for word in ["Deux versions", "« ateliers.xlsx » (modifié le ", name] {
        assert!(said.contains(word), "{word}: {said}");
    }
    assert_eq!(said.matches("(modifié le ").count(), 2, "{said}");
    assert_eq!(night(&folder, 3, name)["state"], "unread");
    assert!(fs::read(&copy).unwrap() == bytes);
    fs::remove_file(copy).unwrap();
    is_written_at_last(&folder, "ateliers.xlsx");
}

#[test]
fn in_copy_mode_two_versions_are_told_and_the_copy_is_made() {
    let folder = Folder::sample();
    let name = "ateliers.sync-conflict-20210110-120102-ABCDEFG.xlsx";
    fs::copy(
        folder.path().join("ateliers.xlsx"),
        folder.path().join(name),
    )
    .unwrap();
    assert_eq!(night(&folder, 3, "ateliers.xlsx")["state"], "written");
    let said = night(&folder, 3, name);
    assert_eq!(
        (&said["state"], &said["file"]),
        (&"unread".into(), &Value::Null)
    );
    let copies = folder.names("controles");
    assert!(copies.contains(&"ateliers.xlsx".to_owned()), "{copies:?}");
    assert!(!copies.contains(&name.to_owned()), "{copies:?}");
}

#[test]
fn a_computers_name_makes_a_conflict_copy_only_with_the_same_rows() {
    let folder = sample();
    let name = "ateliers-DESKTOP-7AB2CD3.xlsx";
    fs::copy(
        folder.path().join("ateliers.xlsx"),
        folder.path().join(name),
    )
    .unwrap();
    // Another version of it: a row more.
    folder.edit(name, |book| {
        book.sheet_mut("Inscriptions")
            .push(&[("Nom", "Nouvelle Personne")]);
    });
    assert_eq!(
        folder.json("check", &[]).1["unread"][0]["version_of"],
        "ateliers.xlsx"
    );
    // Rows of its own: one more workbook of hers, as programme.md §2 has it.
    folder.edit(name, |book| {
        let sheet = book.sheet_mut("Inscriptions");
        for row in 1..sheet.len() {
            sheet.set(row, "Email", &format!("personne{row}@example.net"));
        }
    });
    let checked = folder.json("check", &[]).1;
    assert_eq!(checked["unread"], Value::Null);
    assert_eq!(checked["seats"].as_array().unwrap().len(), 70 + 71);
}

#[test]
fn the_copy_beside_is_never_read_nor_are_backups_and_leftovers() {
    let folder = sample();
    let before = folder.json("check", &[]).1;
    let bytes = fs::read(folder.path().join("ateliers.xlsx")).unwrap();
    for name in [
        BESIDE,
        // As a Mac writes it, and as a sync client copies it.
        "adherents (contro\u{302}les).xlsx",
        "ateliers (contrôles)-DESKTOP-7AB2CD3.xlsx",
        ".ateliers.xlsx.tmp-12-0",
        ".peer-culture/sauvegardes/2021-01-11/ateliers.xlsx",
        "controles/ateliers.xlsx",
    ] {
        folder.file(name, &bytes);
    }
    assert_eq!(folder.json("check", &[]).1, before);
    // A file of that name that the program did not write stays; what a crash left goes.
    assert_eq!(night(&folder, 0, "ateliers.xlsx")["state"], "written");
    assert!(fs::read(folder.path().join(BESIDE)).unwrap() == bytes);
    assert!(!folder.path().join(".ateliers.xlsx.tmp-12-0").exists());
}

#[test]
fn what_she_typed_into_the_copy_beside_is_kept() {
    let folder = sample();
    let lock = folder.file("~$ateliers.xlsx", &excel_file("Maria"));
    stands_in_the_way(&folder, "ateliers.xlsx");
    folder.edit(BESIDE, |book| {
        book.sheet_mut("Ateliers").set(1, "Lieu", "Note de Maria");
    });
    let hers = fs::read(folder.path().join(BESIDE)).unwrap();
    // The flags go where copies go.
    let said = night(&folder, 3, "ateliers.xlsx");
    assert_eq!(said["file"], "controles/ateliers.xlsx", "{said}");
    assert_eq!(flagged(&folder.path().join("controles/ateliers.xlsx")), 70);
    fs::remove_file(lock).unwrap();
    let said = night(&folder, 0, "ateliers.xlsx");
    assert_eq!(said["state"], "written");
    assert!(remark(&said).contains("Vous avez modifié"), "{said}");
    assert!(fs::read(folder.path().join(BESIDE)).unwrap() == hers);
    assert_eq!(night(&folder, 0, "ateliers.xlsx")["remark"], Value::Null);
}

#[test]
fn back_in_copy_mode_the_copy_beside_goes() {
    let folder = sample();
    folder.file("~$ateliers.xlsx", &excel_file("Maria"));
    stands_in_the_way(&folder, "ateliers.xlsx");
    folder.file("programme.toml", b"");
    assert_eq!(
        night(&folder, 0, "ateliers.xlsx")["file"],
        "controles/ateliers.xlsx"
    );
    assert!(!folder.path().join(BESIDE).exists());
}
