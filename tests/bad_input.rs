//! What can't be read at all stops the run, and nothing is written or sent (programme.md §3).

use std::fs;

use crate::folder::{Folder, program, sample, text};
use crate::json_fields::{ERROR, assert_shape};

/// A folder that must stop the run: what was done to the sample, the code and what the message says.
type Bad = (fn(&Folder), &'static str, &'static [&'static str]);

const BAD: [Bad; 8] = [
    (damage, "unreadable-workbook", &["ateliers.xlsx"]),
    (
        encrypt,
        "unreadable-workbook",
        &["ateliers.xlsx", "encrypted"],
    ),
    (empty, "unreadable-workbook", &["ateliers.xlsx", "empty"]),
    (
        |folder| {
            folder.edit("accompagnements.xlsx", |book| {
                book.remove("Personnes ressources");
            });
        },
        "missing-sheet",
        &["Personnes ressources"],
    ),
    (
        |folder| rename_header(folder, "Domaine", "Domane"),
        "missing-column",
        &["adherents.xlsx", "Adhérents", "Domaine", "Domane"],
    ),
    (
        |folder| rename_header(folder, "Téléphone", "E-mail"),
        "repeated-column",
        &["adherents.xlsx", "Adhérents", "\"Email\"", "\"E-mail\""],
    ),
    (
        |folder| drop(folder.file("programme.toml", b"[workshops]\ncapacity = \"douze\"\n")),
        "bad-settings",
        &["programme.toml:2", "capacity"],
    ),
    (
        |folder| drop(folder.file("programme.toml", b"[workshops]\ncapacitty = 12\n")),
        "bad-settings",
        &["programme.toml:2", "capacitty", "capacity"],
    ),
];

#[test]
fn bad_input_stops_the_run_before_anything_is_written() {
    for (spoil, code, words) in BAD {
        let folder = Folder::sample();
        spoil(&folder);
        let before = folder.snapshot();
        // All commands read a folder in one way: the text of one and the JSON of the other will do.
        for command in ["check", "run"] {
            let (exit, printed) = folder.json(command, &[]);
            assert_eq!(exit, Some(2), "{command}: {printed}");
            let error = &printed["errors"][0];
            assert_eq!(error["code"], code, "{printed}");
            assert_shape(error, "errors", &ERROR);
        }
        let output = folder.run("run", &[]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(text(&output.stdout), "");
        let said = text(&output.stderr);
        for word in words {
            assert!(said.contains(word), "{word} in: {said}");
        }
        assert!(
            said.lines().all(|line| line.starts_with("error: ")),
            "{said}"
        );
        assert!(folder.snapshot() == before, "{code}");
    }
}

#[test]
fn a_missing_sheet_is_named_and_so_is_what_needs_it() {
    let folder = Folder::sample();
    folder.edit("adherents.xlsx", |book| {
        book.rename("Adhérents", "Adhérants");
    });
    folder.edit("accompagnements.xlsx", |book| {
        book.remove("Personnes ressources");
    });
    let (_, printed) = folder.json("check", &[]);
    let errors = printed["errors"].as_array().unwrap().iter();
    let said: Vec<(&str, &str)> = errors
        .map(|error| {
            let (sheet, message) = (&error["sheet"], &error["message"]);
            (sheet.as_str().unwrap(), message.as_str().unwrap())
        })
        .collect();
    assert_eq!(
        said,
        [
            (
                "Adhérents",
                "the sheet \"Adhérents\" is missing or empty in the workbooks that could be read; the nearest name found is \"Adhérants\""
            ),
            (
                "Personnes ressources",
                "the sheet \"Personnes ressources\", which the sheet \"Rendez-vous\" refers to, is missing or empty in the workbooks that could be read; add it, or give its name in programme.toml"
            ),
        ]
    );
}

fn damage(folder: &Folder) {
    let path = folder.path().join("ateliers.xlsx");
    let mut bytes = fs::read(&path).unwrap();
    bytes.truncate(bytes.len() / 2);
    fs::write(path, bytes).unwrap();
}

/// Excel wraps an encrypted workbook into a compound file.
fn encrypt(folder: &Folder) {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(4096, 0);
    folder.file("ateliers.xlsx", &bytes);
}

fn empty(folder: &Folder) {
    folder.file("ateliers.xlsx", b"");
}

fn rename_header(folder: &Folder, from: &str, to: &str) {
    folder.edit("adherents.xlsx", |book| {
        book.sheet_mut("Adhérents").set(0, from, to);
    });
}

#[test]
fn a_command_line_that_cannot_be_read_is_told_in_json_too() {
    let told = |format: &[&str]| {
        let mut command = program();
        command.arg("check").args(format).arg(sample());
        let output = command.args(["--today", "2021-02-30"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("2021-02-30"));
        output.stdout
    };
    for format in [&["--format", "json"][..], &["--format=json"]] {
        let printed: serde_json::Value = serde_json::from_slice(&told(format)).unwrap();
        assert_shape(&printed["errors"][0], "check", &ERROR);
        assert_eq!(printed["errors"][0]["code"], "bad-arguments");
        let message = printed["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("2021-02-30"), "{message}");
    }
    assert!(told(&[]).is_empty());
    let help = program().args(["check", "--help"]).output().unwrap();
    assert_eq!(help.status.code(), Some(0));
}

#[test]
fn a_folder_that_is_none_is_told_as_such() {
    let folder = Folder::sample();
    for (given, said) in [
        (folder.path().join("nowhere"), "no folder that is there"),
        (
            folder.path().join("ateliers.xlsx"),
            "a file, not the folder",
        ),
    ] {
        let output = program().arg("check").arg(given).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let error = text(&output.stderr);
        assert!(
            error.contains(said) && !error.contains("programme.toml"),
            "{error}"
        );
    }
}
