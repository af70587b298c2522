//! Every rule over every case folder: `cases/NAME/` holds a sheet a file (`Adhérents.csv`, cells
//! parted by `;`), perhaps a `programme.toml`, and what the program found (`findings.snap`).
//!
//! A case that has places or ranks says them too (`decisions.snap`). In the coordinator's own column
//! « Remarques » each row says what it is there for, the codes that it must find first (`DON01,
//! ELI02 : …`, or `rien : …`): the snapshots say how, the remarks say whether.
//!
//! A change in one rule that touches another case shows in that case's snapshot. The clean case
//! stays silent.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;

use crate::folder::{Folder, Sheet};

/// Every case, with what `check` says of it on 12 January 2021.
static CASES: LazyLock<Vec<(PathBuf, Value)>> = LazyLock::new(|| {
    let cases = cases().into_iter();
    cases.map(|case| (case.clone(), checked(&case))).collect()
});

#[test]
fn every_case_finds_what_it_found() {
    for (case, checked) in CASES.iter() {
        assert_unchanged(case, "findings", &findings(checked));
    }
}

#[test]
fn every_case_seats_and_ranks_as_it_did() {
    for (case, checked) in CASES.iter() {
        let decided = decisions(checked);
        if !decided.is_empty() {
            assert_unchanged(case, "decisions", &decided);
        }
    }
}

#[test]
fn every_row_finds_what_its_remark_says() {
    for (case, checked) in CASES.iter() {
        for (sheet, rows) in sheets(case) {
            let Some((header, column)) = remarks_column(&rows) else {
                continue;
            };
            for (number, row) in (1_u64..).zip(&rows).skip(header + 1) {
                let remark = row.get(column).map_or("", String::as_str);
                assert_eq!(
                    codes(checked, &sheet, number),
                    codes_of(remark),
                    "{}, {sheet}, row {number}: {remark}",
                    case.display()
                );
            }
        }
    }
}

#[test]
fn the_clean_case_is_silent() {
    let clean = root().join("clean");
    assert_eq!(findings(&checked(&clean)), "");
}

#[test]
fn every_code_has_a_case() {
    let all: String = CASES.iter().map(|(_, checked)| findings(checked)).collect();
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

fn assert_unchanged(case: &Path, name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => case,
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

fn checked(case: &Path) -> Value {
    let folder = Folder::new();
    let sheets = sheets(case);
    let named: Vec<Sheet> = sheets
        .iter()
        .map(|(name, rows)| (name.as_str(), rows.clone()))
        .collect();
    folder.workbook("classeur.xlsx", &named);
    if let Ok(settings) = fs::read(case.join("programme.toml")) {
        folder.file("programme.toml", &settings);
    }
    folder.json("check", &[]).1
}

/// A line a finding: sheet, cell, severity, code, message.
fn findings(checked: &Value) -> String {
    let line = |finding: &Value| {
        let text = |field: &str| finding[field].as_str().unwrap_or_default().to_owned();
        let place = format!("{} {}{}", text("sheet"), text("column"), finding["row"]);
        let what = format!("{} {} {}", text("severity"), text("code"), text("message"));
        format!("{place} {what}\n")
    };
    lines(checked, "findings", line)
}

/// A line a registration, then a line a rank.
fn decisions(checked: &Value) -> String {
    let seat = |seat: &Value| {
        let text = |field: &str| seat[field].as_str().unwrap_or_default().to_owned();
        let place = format!("{} {} {}", text("sheet"), seat["row"], text("workshop"));
        let state = format!("{} {} {}", text("state"), seat["position"], seat["fee"]);
        format!("{place} {} {state}\n", text("email"))
    };
    let rank = |rank: &Value| {
        let structure = rank["structure"].as_str().unwrap_or_default();
        format!("{} {structure} {}\n", rank["rank"], rank["score"])
    };
    lines(checked, "seats", seat) + &lines(checked, "ranking", rank)
}

fn lines(checked: &Value, field: &str, line: impl Fn(&Value) -> String) -> String {
    let lines: Vec<String> = list(checked, field).iter().map(line).collect();
    lines.concat()
}

/// The codes of a row, sorted.
fn codes(checked: &Value, sheet: &str, row: u64) -> Vec<String> {
    let mut codes: Vec<String> = list(checked, "findings")
        .iter()
        .filter(|finding| finding["sheet"] == sheet && finding["row"] == row)
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect();
    codes.sort();
    codes
}

/// The codes that a remark names before its colon, sorted; none where it says `rien`.
fn codes_of(remark: &str) -> Vec<String> {
    let (said, _) = remark.split_once(':').unwrap_or((remark, ""));
    if said.trim() == "rien" {
        return Vec::new();
    }
    let mut codes: Vec<String> = said.split(',').map(|code| code.trim().to_owned()).collect();
    codes.sort();
    codes
}

/// The header row (from 0) and the column of « Remarques », where a sheet has it.
fn remarks_column(rows: &[Vec<String>]) -> Option<(usize, usize)> {
    rows.iter().enumerate().find_map(|(number, row)| {
        let column = row.iter().position(|cell| cell == "Remarques")?;
        Some((number, column))
    })
}

fn list<'a>(checked: &'a Value, field: &str) -> &'a [Value] {
    checked[field].as_array().unwrap()
}

/// The sheets of a case by name.
fn sheets(case: &Path) -> Vec<(String, Vec<Vec<String>>)> {
    let mut sheets: Vec<(String, Vec<Vec<String>>)> = fs::read_dir(case)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv"))
        .map(|path| {
            (
                path.file_stem().unwrap().to_str().unwrap().to_owned(),
                rows(&path),
            )
        })
        .collect();
    sheets.sort();
    sheets
}

/// The rows of a sheet: `;` parts cells; in a cell, `|` is a `;` and `⏎` a line break.
fn rows(path: &Path) -> Vec<Vec<String>> {
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| {
            line.split(';')
                .map(|cell| cell.trim().replace('|', ";").replace('⏎', "\n"))
                .collect()
        })
        .collect()
}
