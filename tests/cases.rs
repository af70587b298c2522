//! Every rule over every case folder: `cases/NAME/` holds a sheet a file (`Adhérents.csv`, cells
//! parted by `;`), perhaps a `programme.toml`, and what the program found (`findings.snap`).
//!
//! A change in one rule that touches another case shows in that case's snapshot. The clean case
//! stays silent.

use std::fs;
use std::path::{Path, PathBuf};

use crate::folder::Folder;

#[test]
fn every_case_finds_what_it_found() {
    for case in cases() {
        let found = findings(&case);
        insta::with_settings!({
            snapshot_path => &case,
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!("findings", found);
        });
    }
}

#[test]
fn the_clean_case_is_silent() {
    assert_eq!(findings(&root().join("clean")), "");
}

#[test]
fn every_code_has_a_case() {
    let all: String = cases().iter().map(|case| findings(case)).collect();
    let missing: Vec<&str> = peer_culture::config::CHECK_CODES
        .iter()
        .copied()
        // INS07 needs a night before this one.
        .filter(|code| *code != "INS07" && !all.contains(code))
        .collect();
    assert!(missing.is_empty(), "no case has {missing:?}");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    cases
}

/// A line a finding: sheet, cell, severity, code, message.
fn findings(case: &Path) -> String {
    let (_, checked) = folder_of(case).json("check", &[]);
    let findings = checked["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| {
            let text = |field: &str| finding[field].as_str().unwrap_or_default().to_owned();
            let row = &finding["row"];
            format!(
                "{} {}{row} {} {} {}\n",
                text("sheet"),
                text("column"),
                text("severity"),
                text("code"),
                text("message")
            )
        })
        .collect()
}

fn folder_of(case: &Path) -> Folder {
    let folder = Folder::new();
    let mut paths: Vec<PathBuf> = fs::read_dir(case)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut sheets = Vec::new();
    for path in &paths {
        let name = path.file_stem().unwrap().to_str().unwrap();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => sheets.push((name, rows(path))),
            Some("toml") => drop(folder.file("programme.toml", &fs::read(path).unwrap())),
            _ => {}
        }
    }
    folder.workbook("classeur.xlsx", &sheets);
    folder
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| {
            line.split(';')
                .map(|cell| cell.trim().replace('|', ";"))
                .collect()
        })
        .collect()
}
