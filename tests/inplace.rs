//! The workbook itself is written (`output.write = "in-place"`), or a copy beside it where something
//! stands in the way; at no moment is it half written, and nobody's work is overwritten.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use calamine::Data;
use serde_json::Value;

use crate::book::Book;
use crate::folder::{Folder, text};

const SETTINGS: &str = "[output]\nwrite = \"in-place\"\n";
/// The copy beside `ateliers.xlsx`.
const BESIDE: &str = "ateliers (contrôles).xlsx";

/// The sample, written in place; nobody has touched its workbooks for a day.
fn sample() -> Folder {
    let folder = Folder::sample();
    folder.file("programme.toml", SETTINGS.as_bytes());
    rest(&folder);
    folder
}

/// Nobody has touched the folder's workbooks for a day.
fn rest(folder: &Folder) {
    for (name, _) in workbooks(folder) {
        age(&folder.path().join(name), Duration::from_hours(24));
    }
}

fn age(path: &Path, by: Duration) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - by).unwrap();
}

/// The workbooks directly in the folder with their bytes, by name.
fn workbooks(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    let is_workbook = |name: &str| {
        let extension = Path::new(name).extension();
        !name.starts_with(['~', '.'])
            && extension.is_some_and(|one| ["xlsx", "XLSM", "ods"].contains(&one.to_str().unwrap()))
    };
    let files = folder.files().into_iter();
    files.filter(|(name, _)| is_workbook(name)).collect()
}

/// A night that went through, in part or whole, and what it says of one workbook.
fn night(folder: &Folder, code: i32, workbook: &str) -> Value {
    let (exit, printed) = folder.json("run", &[]);
    assert_eq!(exit, Some(code), "{printed}");
    said_of(&printed, workbook)
}

fn said_of(printed: &Value, workbook: &str) -> Value {
    let mut written = printed["written"].as_array().unwrap().iter();
    let one = written.find(|one| one["workbook"] == workbook);
    one.unwrap_or_else(|| panic!("{workbook}: {}", printed["written"]))
        .clone()
}

fn remark(said: &Value) -> String {
    said["remark"].as_str().unwrap_or_default().to_owned()
}

/// How many registrations of a workbook carry a verdict.
fn flagged(path: &Path) -> usize {
    let book = Book::open(path);
    let sheet = book.sheet("Inscriptions");
    let has_ours = sheet
        .values()
        .any(|(_, _, value)| matches!(value, Data::String(header) if header == "Contrôle (auto)"));
    if !has_ours {
        return 0;
    }
    let rows = 1..sheet.len();
    rows.filter(|row| *sheet.get(*row, "Contrôle (auto)") != Data::Empty)
        .count()
}

/// What a night does with the workbook where something stands in its way: it stays as it was, its
/// flags lie beside it, everything else of the night goes on, and the next night, where nothing
/// stands in the way any longer, writes it and takes the copy away.
fn stands_in_the_way(folder: &Folder, name: &str) -> String {
    let path = folder.path().join(name);
    let before = (
        fs::read(&path).unwrap(),
        fs::metadata(&path).unwrap().modified().unwrap(),
    );
    let (exit, printed) = folder.json("run", &[]);
    assert_eq!(exit, Some(3), "{printed}");
    let said = said_of(&printed, name);
    let beside = name.replace(".xlsx", " (contrôles).xlsx");
    assert_eq!(
        (&said["state"], &said["file"]),
        (&"beside".into(), &beside.clone().into()),
        "{said}"
    );
    assert!(fs::read(&path).unwrap() == before.0);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before.1);
    assert_eq!(flagged(&folder.path().join(&beside)), 70);
    assert_eq!(said_of(&printed, "adherents.xlsx")["state"], "written");
    assert!(!folder.mails().is_empty());
    remark(&said)
}

/// The night after: nothing stands in the way any longer.
fn is_written_at_last(folder: &Folder, name: &str) {
    let said = night(folder, 0, name);
    assert_eq!(said["state"], "written", "{said}");
    assert_eq!(flagged(&folder.path().join(name)), 70);
    let beside = name.replace(".xlsx", " (contrôles).xlsx");
    assert!(!folder.path().join(beside).exists());
}

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

/// The file that Excel leaves beside an open workbook.
fn excel_file(user: &str) -> Vec<u8> {
    let length = u8::try_from(user.len()).unwrap();
    let mut file = vec![length];
    file.extend(user.as_bytes());
    file.resize(55, b' ');
    file.extend([length, 0]);
    file.extend(user.bytes().flat_map(|byte| [byte, 0]));
    file.resize(165, b' ');
    file
}

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

#[test]
fn a_workbook_that_the_patcher_refuses_stays_and_the_night_goes_on() {
    let folder = sample();
    // Our cells would be hidden in a merged one.
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("Notes comité").unwrap();
    let headers = [
        "Structure",
        "Membre du comité",
        "Note adéquation",
        "Note engagement",
        "Note collaboration",
        "Contrôle (auto)",
    ];
    for (column, header) in (0..).zip(headers) {
        sheet.write(0, column, header).unwrap();
    }
    sheet.write(1, 0, "Compagnie").unwrap();
    let merged = rust_xlsxwriter::Format::new();
    sheet.merge_range(1, 5, 3, 5, "", &merged).unwrap();
    sheet.write(2, 0, "Collectif").unwrap();
    book.save(folder.path().join("notes.xlsx")).unwrap();
    rest(&folder);
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

#[test]
fn another_format_is_never_replaced_but_copied() {
    let folder = sample();
    crate::workbooks::convert(&folder, "evaluations.xlsx", "ods");
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
