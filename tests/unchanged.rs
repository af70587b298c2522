//! A run on which nothing is new: it says what a night in full would say, and never hides a change.

use std::fs;
use std::path::Path;

use peer_culture::outbox::Ledger;

use crate::folder::{Folder, program, text};

/// Long after the last workshop: nobody is written to.
const QUIET: &str = "2021-12-20";
/// The day of the sample: e-mails leave, others await approval.
const BUSY: &str = "2021-01-12";

/// What a run printed, and whether it was answered without reading the workbooks.
struct Ran {
    printed: Vec<u8>,
    code: Option<i32>,
    answered: bool,
    log: String,
}

fn run(folder: &Path, today: &str, arguments: &[&str]) -> Ran {
    let mut program = program();
    program.arg("run").arg(folder).args(["--today", today]);
    let output = program
        .args(["--log-level", "info"])
        .args(arguments)
        .output()
        .unwrap();
    Ran {
        printed: output.stdout,
        code: output.status.code(),
        answered: text(&output.stderr).contains("nothing has changed"),
        log: text(&output.stderr),
    }
}

const JSON: [&str; 2] = ["--format", "json"];

/// Runs until nothing is new.
fn settle(folder: &Folder, today: &str, arguments: &[&str]) -> Ran {
    for _ in 0..4 {
        let ran = run(folder.path(), today, arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.log);
        if ran.answered {
            return ran;
        }
    }
    panic!("there is always something new");
}

fn kept(folder: &Folder) -> std::path::PathBuf {
    folder.path().join(".peer-culture/unchanged.json")
}

#[test]
fn the_answer_is_what_a_night_in_full_says() {
    for today in [QUIET, BUSY] {
        for arguments in [&JSON[..], &[]] {
            let folder = Folder::sample();
            let answered = settle(&folder, today, arguments);
            let before = folder.snapshot();
            fs::remove_file(kept(&folder)).unwrap();
            let full = run(folder.path(), today, arguments);
            assert!(!full.answered);
            assert!(full.printed == answered.printed);
            let outputs = |snapshot: Vec<(std::path::PathBuf, Vec<u8>)>| {
                let mut files = snapshot;
                files.retain(|(path, _)| !path.to_string_lossy().contains(".peer-culture"));
                files
            };
            assert!(outputs(before) == outputs(folder.snapshot()));
        }
    }
}

#[test]
fn where_nobody_is_written_to_the_second_run_is_answered() {
    let folder = Folder::sample();
    assert!(!run(folder.path(), QUIET, &JSON).answered);
    assert!(run(folder.path(), QUIET, &JSON).answered);
    assert_eq!(run(folder.path(), QUIET, &["--quiet"]).printed, b"");
}

/// What changes, and how.
type Change<'a> = (&'a str, Box<dyn Fn() + 'a>);

#[test]
fn whatever_changes_is_seen() {
    let folder = Folder::sample();
    folder.file("templates/fr/LISEZMOI.txt", b"hers");
    settle(&folder, QUIET, &JSON);
    let at = |name: &str| folder.path().join(name);
    let append = |name: &str| {
        let mut bytes = fs::read(at(name)).unwrap();
        bytes.extend(b"\n# more");
        fs::write(at(name), bytes).unwrap();
    };
    let changes: Vec<Change<'_>> = vec![
        (
            "a workbook",
            Box::new(|| folder.edit("adherents.xlsx", |_| {})),
        ),
        ("the settings", Box::new(|| append("programme.toml"))),
        (
            "a workbook more",
            Box::new(|| drop(fs::copy(at("evaluations.xlsx"), at("z.xlsm.txt")))),
        ),
        (
            "somebody has it open",
            Box::new(|| drop(folder.file("~$ateliers.xlsx", b""))),
        ),
        (
            "nobody has it open",
            Box::new(|| fs::remove_file(at("~$ateliers.xlsx")).unwrap()),
        ),
        (
            "a template more",
            Box::new(|| drop(folder.file("templates/fr/AUTRE.txt", b""))),
        ),
        (
            "a template",
            Box::new(|| append("templates/fr/LISEZMOI.txt")),
        ),
        (
            "a copy gone",
            Box::new(|| fs::remove_file(at("controles/ateliers.xlsx")).unwrap()),
        ),
        ("a copy", Box::new(|| append("controles/adherents.xlsx"))),
        (
            "a file beside the copies",
            Box::new(|| drop(folder.file("controles/notes.txt", b""))),
        ),
        (
            "the ledger",
            Box::new(|| {
                let mut ledger = Ledger::open(folder.path()).unwrap();
                ledger.set_note("a note", "of another hand").unwrap();
            }),
        ),
        (
            "what was kept",
            Box::new(|| append(".peer-culture/unchanged.said")),
        ),
        (
            "the note of it",
            Box::new(|| append(".peer-culture/unchanged.json")),
        ),
    ];
    for (what, change) in &changes {
        change();
        let ran = run(folder.path(), QUIET, &JSON);
        assert!(!ran.answered, "{what}");
        assert!(settle(&folder, QUIET, &JSON).answered, "{what}");
    }
    assert!(!run(folder.path(), "2021-12-21", &JSON).answered);
    settle(&folder, "2021-12-21", &JSON);
    assert!(!run(folder.path(), "2021-12-21", &[]).answered);
    settle(&folder, "2021-12-21", &[]);
    let mut named_otherwise = folder.path().to_owned();
    named_otherwise.push(".");
    assert!(!run(&named_otherwise, "2021-12-21", &[]).answered);
}

#[test]
fn her_dashboard_is_read_again() {
    let folder = Folder::sample();
    settle(&folder, BUSY, &JSON);
    let dashboard = folder.path().join("controles/tableau-de-bord.xlsx");
    let bytes = fs::read(&dashboard).unwrap();
    fs::remove_file(&dashboard).unwrap();
    assert!(!run(folder.path(), BUSY, &JSON).answered);
    settle(&folder, BUSY, &JSON);
    assert!(fs::read(&dashboard).unwrap() == bytes);
    folder.edit("controles/tableau-de-bord.xlsx", |_| {});
    assert!(!run(folder.path(), BUSY, &JSON).answered);
}

#[test]
fn what_she_approved_leaves() {
    let folder = Folder::sample();
    settle(&folder, BUSY, &JSON);
    let mails = folder.mails().len();
    let mut approve = program();
    approve.args(["outbox", "approve"]).arg(folder.path());
    let approved = approve.args(["--all", "--today", BUSY]).output().unwrap();
    assert!(approved.status.success(), "{}", text(&approved.stderr));
    let ran = run(folder.path(), BUSY, &JSON);
    assert!(!ran.answered);
    assert!(folder.mails().len() > mails);
}

#[test]
fn every_run_is_noted() {
    let folder = Folder::sample();
    let runs = || -> i64 {
        let path = folder.path().join(".peer-culture/ledger.sqlite3");
        let ledger = rusqlite::Connection::open(path).unwrap();
        let sql = "SELECT count(*) FROM runs WHERE ended IS NOT NULL";
        ledger.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    settle(&folder, QUIET, &JSON);
    let before = runs();
    assert!(run(folder.path(), QUIET, &JSON).answered);
    assert!(run(folder.path(), QUIET, &JSON).answered);
    assert_eq!(runs(), before + 2);
}
