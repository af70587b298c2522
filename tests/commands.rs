//! The commands as an operator uses them.

use crate::folder::{Folder, program, text};

#[test]
fn check_changes_nothing() {
    let folder = Folder::sample();
    let before = folder.snapshot();
    let output = folder.run("check", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(folder.snapshot() == before);
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let output = program().args(["check", "nowhere"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("nowhere"));
}

#[test]
fn every_problem_is_told_at_once_and_in_json() {
    let folder = Folder::new();
    folder.file("programme.toml", b"[supports]\nmax_hour = 3\n");
    folder.file("adherents.xlsx", b"not a workbook");
    let (code, printed) = folder.json("check", &[]);
    assert_eq!(code, Some(2));
    let errors = printed["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(
        errors
            .iter()
            .any(|error| error["workbook"] == "adherents.xlsx")
    );
}

#[test]
fn several_folders_give_an_array() {
    let (one, two) = (Folder::sample(), Folder::new());
    let output = program()
        .args(["check", "--format", "json", "--today", "2021-01-12"])
        .args([one.path(), two.path()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(printed[0]["findings"].is_array());
    assert!(printed[1]["errors"].is_array());
}

#[test]
fn strict_fails_on_a_blocking_finding() {
    let folder = Folder::sample();
    assert_eq!(folder.run("check", &["--strict"]).status.code(), Some(1));
}

#[test]
fn explain_says_what_and_what_to_do() {
    let output = program().args(["explain", "ins03"]).output().unwrap();
    assert!(text(&output.stdout).contains("Que faire"));
    let output = program().args(["explain", "INS99"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
