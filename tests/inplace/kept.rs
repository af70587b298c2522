//! What stays of the file that is replaced: backups, rights, links, names.

use std::fs;

use super::{
    BESIDE, excel_file, flagged, is_written_at_last, night, rest, sample, stands_in_the_way,
    workbooks,
};
use crate::folder::text;

#[test]
fn each_night_that_writes_keeps_what_was_there_before() {
    let folder = sample();
    let hers = workbooks(&folder);
    folder.night("2021-01-12");
    let kept = |day: &str| -> Vec<(String, Vec<u8>)> {
        let inside = format!(".peer-culture/sauvegardes/{day}");
        let names = folder.names(&inside).into_iter();
        names
            .map(|name| {
                (
                    name.clone(),
                    fs::read(folder.path().join(&inside).join(name)).unwrap(),
                )
            })
            .collect()
    };
    assert!(kept("2021-01-12") == hers);
    // She works on; a second run of the same day keeps that too, and loses nothing.
    let first = fs::read(folder.path().join("ateliers.xlsx")).unwrap();
    folder.edit("ateliers.xlsx", |book| {
        book.sheet_mut("Ateliers").set(1, "Lieu", "Ailleurs");
    });
    let edited = fs::read(folder.path().join("ateliers.xlsx")).unwrap();
    rest(&folder);
    folder.json("run", &[]);
    assert!(edited != first);
    let twice = kept("2021-01-12");
    assert_eq!(twice.len(), 6);
    assert!(twice.contains(&("ateliers (2).xlsx".to_owned(), edited)));
}

#[test]
fn backups_of_older_nights_go() {
    let folder = sample();
    folder.file(
        "programme.toml",
        "[output]\nwrite = \"in-place\"\nbackups = 2\n".as_bytes(),
    );
    folder.file(".peer-culture/sauvegardes/notes.txt", b"hers");
    for day in ["2021-01-12", "2021-01-14", "2021-01-20", "2021-01-21"] {
        let (code, printed) = folder.json("run", &["--today", day]);
        assert_eq!(code, Some(0), "{printed}");
        rest(&folder);
    }
    assert_eq!(
        folder.names(".peer-culture/sauvegardes"),
        ["2021-01-20", "2021-01-21", "notes.txt"]
    );
}

#[cfg(unix)]
#[test]
fn backups_are_for_their_owner_alone_and_workbooks_for_whom_they_were() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

    let folder = sample();
    let path = folder.path().join("ateliers.xlsx");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    // Only root may give a file away.
    let given = chown(&path, Some(1234), Some(2345)).is_ok();
    folder.night("2021-01-12");
    let now = fs::metadata(&path).unwrap();
    assert_eq!(now.mode() & 0o7777, 0o664);
    if given {
        assert_eq!((now.uid(), now.gid()), (1234, 2345));
    }
    let mode = |inside: &str| fs::metadata(folder.path().join(inside)).unwrap().mode() & 0o777;
    assert_eq!(mode(".peer-culture/sauvegardes"), 0o700);
    assert_eq!(mode(".peer-culture/sauvegardes/2021-01-12"), 0o700);
    assert_eq!(
        mode(".peer-culture/sauvegardes/2021-01-12/ateliers.xlsx"),
        0o600
    );
}

#[cfg(unix)]
#[test]
fn behind_a_link_the_target_is_replaced_and_the_link_stays() {
    let folder = sample();
    let elsewhere = tempfile::tempdir().unwrap();
    let (link, target) = (
        folder.path().join("ateliers.xlsx"),
        elsewhere.path().join("Suivi des ateliers.xlsx"),
    );
    fs::rename(&link, &target).unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    // Excel's file lies beside what the link leads to.
    let lock = elsewhere.path().join("~$Suivi des ateliers.xlsx");
    fs::write(&lock, excel_file("Maria")).unwrap();
    let said = stands_in_the_way(&folder, "ateliers.xlsx");
    assert!(said.contains("par Maria"), "{said}");
    fs::remove_file(lock).unwrap();
    // What a night that was cut off left there.
    fs::write(
        elsewhere.path().join(".Suivi des ateliers.xlsx.tmp-99-0"),
        "half",
    )
    .unwrap();
    is_written_at_last(&folder, "ateliers.xlsx");
    assert!(link.is_symlink());
    assert_eq!(flagged(&target), 70);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_workbook_with_two_names_is_not_parted_from_the_other() {
    let folder = sample();
    let other = folder.file("ailleurs/ateliers.xlsx", b"");
    fs::remove_file(&other).unwrap();
    fs::hard_link(folder.path().join("ateliers.xlsx"), &other).unwrap();
    let said = stands_in_the_way(&folder, "ateliers.xlsx");
    assert!(said.contains("d’autres noms ailleurs"), "{said}");
    fs::remove_file(other).unwrap();
    is_written_at_last(&folder, "ateliers.xlsx");
}

#[test]
fn a_read_only_workbook_stays_as_it_is() {
    let folder = sample();
    let path = folder.path().join("ateliers.xlsx");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    let as_before = permissions.clone();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let said = stands_in_the_way(&folder, "ateliers.xlsx");
    assert!(said.contains("est en lecture seule"), "{said}");
    fs::set_permissions(&path, as_before).unwrap();
    is_written_at_last(&folder, "ateliers.xlsx");
}

#[test]
fn who_is_forgotten_is_forgotten_in_backups_and_copies_beside_too() {
    let folder = sample();
    folder.night("2021-01-12");
    folder.file("~$ateliers.xlsx", &excel_file("Maria"));
    folder.edit("ateliers.xlsx", |book| {
        book.sheet_mut("Ateliers").set(1, "Lieu", "Ailleurs");
        let sheet = book.sheet_mut("Inscriptions");
        sheet.set(1, "Paiement", "beaucoup");
    });
    let hers = fs::read(folder.path().join("ateliers.xlsx")).unwrap();
    assert_eq!(night(&folder, 3, "ateliers.xlsx")["state"], "beside");
    let output = folder.run("forget", &["lucia.navarro@example.org", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(!folder.path().join(BESIDE).exists());
    let kept = folder.names(".peer-culture/sauvegardes/2021-01-12");
    assert!(!kept.contains(&"ateliers.xlsx".to_owned()), "{kept:?}");
    assert!(fs::read(folder.path().join("ateliers.xlsx")).unwrap() == hers);
}
