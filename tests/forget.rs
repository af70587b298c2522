//! `forget` and `purge`: nothing of the person stays but in the coordinator's own sheets, and
//! nobody is written to again because of it.

use std::process::Output;

use crate::folder::{Folder, program, text};

const WHO: &str = "lucia.navarro@example.org";

fn command(folder: &Folder, arguments: &[&str], day: &str) -> Output {
    let (name, rest) = arguments.split_first().unwrap();
    let mut command = program();
    command.arg(name).arg(folder.path()).args(rest);
    command.args(["--today", day]).output().unwrap()
}

/// The files below the folder, but for the coordinator's own, that hold a text in some part.
fn holding(folder: &Folder, needle: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (path, bytes) in folder.snapshot() {
        let inside = path.strip_prefix(folder.path()).unwrap();
        if inside.components().count() == 1 {
            continue;
        }
        let plain = String::from_utf8_lossy(&bytes).contains(needle);
        if plain || unzipped(&bytes).contains(needle) {
            found.push(inside.display().to_string());
        }
    }
    found
}

fn unzipped(bytes: &[u8]) -> String {
    let Ok(mut package) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else {
        return String::new();
    };
    (0..package.len())
        .map(|position| {
            std::io::read_to_string(package.by_index(position).unwrap()).unwrap_or_default()
        })
        .collect()
}

#[test]
fn a_person_is_shown_first_and_forgotten_only_with_yes() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    let before = folder.snapshot();
    let output = command(&folder, &["forget", WHO], "2021-01-12");
    assert!(output.status.success());
    let said = text(&output.stdout);
    assert!(said.contains("Rien n’a été effacé"), "{said}");
    assert!(said.contains("ateliers.xlsx, ligne 38"), "{said}");
    assert_eq!(folder.snapshot(), before);
}

#[test]
fn who_is_forgotten_is_nowhere_but_in_her_sheets_and_is_not_written_to_again() {
    let folder = Folder::sample();
    let own = folder.files();
    folder.night("2021-01-12");
    assert!(!holding(&folder, WHO).is_empty());
    let output = command(&folder, &["forget", WHO, "--yes"], "2021-01-12");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(holding(&folder, WHO), Vec::<String>::new());
    assert_eq!(holding(&folder, "Navarro"), Vec::<String>::new());
    // The digest carries the dashboard.
    assert_eq!(folder.digests(), Vec::<String>::new());
    assert_eq!(folder.files(), own);
    let night = folder.night("2021-01-12");
    assert_eq!(night["mails"].as_array().map(Vec::len), Some(0), "{night}");
    assert_eq!(night["digest"], serde_json::Value::Null);
}

#[test]
fn what_is_old_is_purged_and_never_sent_again() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    let output = command(&folder, &["purge"], "2022-06-01");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("effacés du registre"));
    let ledger = folder.path().join(".peer-culture/ledger.sqlite3");
    let ledger = rusqlite::Connection::open(ledger).unwrap();
    let named = "SELECT count(*) FROM messages WHERE address = 'lucia.navarro@example.org'";
    let named: i64 = ledger.query_row(named, [], |row| row.get(0)).unwrap();
    assert_eq!(named, 0);
    drop(ledger);
    let night = folder.night("2021-01-12");
    assert_eq!(night["mails"].as_array().map(Vec::len), Some(0), "{night}");
}
