//! Her workbooks come back whole, with the program's columns filled.

use std::fs;
use std::path::Path;

use calamine::{Data, Reader};
use serde_json::Value;

use crate::book::{Book, Grid};
use crate::folder::{Folder, sample, text};
use crate::package::Package;

/// The sample's workbooks.
const WORKBOOKS: [&str; 5] = [
    "accompagnements.xlsx",
    "adherents.xlsx",
    "ateliers.xlsx",
    "candidatures.xlsx",
    "evaluations.xlsx",
];

#[test]
fn only_flagged_sheets_styles_and_tables_differ() {
    let folder = Folder::sample();
    let planned = folder.json("plan", &[]).1;
    folder.night("2021-01-12");
    for name in WORKBOOKS {
        let hers = Package::open(&folder.path().join(name));
        let copy = Package::open(&folder.path().join("controles").join(name));
        assert_eq!(copy.names, hers.names, "{name}");
        let flagged = flagged_sheets(&planned, name);
        assert!(!flagged.is_empty(), "{name}");
        let mut tables = 0;
        for (part, bytes) in &hers.parts {
            let (old, new) = (text(bytes), text(&copy.parts[part]));
            let differs = old != new;
            if part.starts_with("xl/worksheets/sheet") {
                assert_eq!(
                    differs,
                    flagged.contains(&hers.sheet_of(part)),
                    "{name}: {part}"
                );
            } else if part.starts_with("xl/tables/") {
                assert!(differs && new.contains("(auto)"), "{name}: {part}");
                tables += 1;
            } else {
                assert!(!differs || part == "xl/styles.xml", "{name}: {part}");
            }
        }
        assert!(tables <= flagged.len(), "{name}");
    }
}

#[test]
fn styles_are_only_added() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    for name in WORKBOOKS {
        let formats = |path: &Path| -> Vec<String> {
            let styles = text(&Package::open(path).parts["xl/styles.xml"]);
            let (_, after) = styles.split_once("<cellXfs").unwrap();
            let (inside, _) = after.split_once("</cellXfs>").unwrap();
            inside.split("<xf ").skip(1).map(str::to_owned).collect()
        };
        let hers = formats(&folder.path().join(name));
        let copy = formats(&folder.path().join("controles").join(name));
        assert!(copy.len() > hers.len(), "{name}");
        assert_eq!(copy[..hers.len()], hers, "{name}");
    }
}

#[test]
fn every_cell_of_hers_is_as_it_was() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    for name in WORKBOOKS {
        let (hers, copy) = (
            folder.path().join(name),
            folder.path().join("controles").join(name),
        );
        assert_eq!(formulas(&hers), formulas(&copy), "{name}");
        let (hers, copy) = (Book::open(&hers), Book::open(&copy));
        assert_eq!(hers.names(), copy.names());
        for sheet in hers.names() {
            assert_only_ours_is_new(name, sheet, hers.sheet(sheet), copy.sheet(sheet));
        }
    }
}

/// The formulas of every sheet: a copy that kept values only would lose them.
fn formulas(path: &Path) -> Vec<(String, calamine::Range<String>)> {
    let mut book = calamine::open_workbook_auto(path).unwrap();
    let names = book.sheet_names();
    names
        .into_iter()
        .map(|name| (name.clone(), book.worksheet_formula(&name).unwrap()))
        .collect()
}

fn assert_only_ours_is_new(name: &str, sheet: &str, hers: &Grid, copy: &Grid) {
    for (row, column, value) in hers.values() {
        assert_eq!(
            copy.at(row, column),
            value,
            "{name}, {sheet}: {row}, {column}"
        );
    }
    for (row, column, value) in copy.values() {
        let is_new = *value != Data::Empty && *hers.at(row, column) == Data::Empty;
        assert!(
            !is_new || heads_ours(copy, column),
            "{name}, {sheet}: {row}, {column}: {value:?}"
        );
    }
}

fn heads_ours(sheet: &Grid, column: usize) -> bool {
    (0..10).any(|row| {
        let Data::String(header) = sheet.at(row, column) else {
            return false;
        };
        header.ends_with(" (auto)")
    })
}

#[test]
fn our_columns_say_what_check_says() {
    let folder = Folder::sample();
    let planned = folder.json("plan", &[]).1;
    let printed = folder.night("2021-01-12");
    let mut verdicts = 0;
    for name in WORKBOOKS {
        let copy = Book::open(&folder.path().join("controles").join(name));
        for sheet in flagged_sheets(&planned, name) {
            verdicts += check_flags(&printed, name, &sheet, copy.sheet(&sheet));
        }
    }
    assert!(verdicts > 150, "{verdicts}");
    check_registrations(&printed, &folder.path().join("controles/ateliers.xlsx"));
}

/// Holds « Contrôle (auto) » and « Alertes (auto) » against the findings; how many rows were flagged.
pub fn check_flags(printed: &Value, workbook: &str, name: &str, sheet: &Grid) -> usize {
    let (header, ours) = sheet.header("Contrôle (auto)");
    let mut flagged = 0;
    for row in header + 1..sheet.len() {
        if *sheet.at(row, ours) == Data::Empty {
            assert_eq!(found(printed, workbook, name, row), Vec::<&Value>::new());
            continue;
        }
        flagged += 1;
        let findings = found(printed, workbook, name, row);
        let worst = ["blocking", "warning", "info"]
            .into_iter()
            .find(|severity| {
                findings
                    .iter()
                    .any(|finding| finding["severity"] == *severity)
            });
        let expected = match worst {
            Some("blocking") => "Bloquant",
            Some("warning") => "À vérifier",
            Some(_) => "Information",
            None => "OK",
        };
        assert_eq!(
            sheet.at(row, ours).to_string(),
            expected,
            "{workbook}, {name}, {row}"
        );
        let alerts = sheet.get(row, "Alertes (auto)").to_string();
        let wanted: Vec<String> = findings
            .iter()
            .map(|finding| {
                let word = |field: &str| finding[field].as_str().unwrap();
                format!("{} {}", word("code"), word("message"))
            })
            .collect();
        assert_eq!(alerts, wanted.join("\n"), "{workbook}, {name}, {row}");
    }
    flagged
}

/// The findings of a row from 0, the one about the sheet as a whole left out.
fn found<'p>(printed: &'p Value, workbook: &str, sheet: &str, row: usize) -> Vec<&'p Value> {
    let findings = printed["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| {
            finding["workbook"] == workbook
                && finding["sheet"] == sheet
                && finding["row"] == row + 1
        })
        .collect()
}

pub fn check_registrations(printed: &Value, path: &Path) {
    let copy = Book::open(path);
    let sheet = copy.sheet("Inscriptions");
    let seats = printed["seats"].as_array().unwrap();
    assert_eq!(seats.len(), 70);
    for seat in seats {
        let row = usize::try_from(seat["row"].as_u64().unwrap()).unwrap() - 1;
        let expected = match seat["state"].as_str().unwrap() {
            "confirmed" => "confirmée".to_owned(),
            "waiting" => format!("liste d'attente {}", seat["position"]),
            "cancelled" => "annulée".to_owned(),
            _ => "non retenue".to_owned(),
        };
        assert_eq!(
            sheet.get(row, "Place (auto)").to_string(),
            expected,
            "{seat}"
        );
        let takes_part = ["confirmed", "waiting"].contains(&seat["state"].as_str().unwrap());
        let fee = match sheet.get(row, "Tarif (auto)") {
            Data::Float(fee) => Some(*fee),
            Data::Empty => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(fee, seat["fee"].as_f64().filter(|_| takes_part), "{seat}");
    }
    let sent: Vec<&str> = printed["mails"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|mail| mail["kind"].as_str().unwrap().starts_with("inscription-"))
        .map(|mail| mail["key"].as_str().unwrap())
        .collect();
    assert_eq!(sent.len(), 33 + 2);
    for row in 1..sheet.len() {
        let word = |header: &str| sheet.get(row, header).to_string().to_lowercase();
        let key = format!("{}|{}", word("Atelier").replace('-', ""), word("Email"));
        let told = *sheet.get(row, "Dernier courriel (auto)") != Data::Empty;
        assert_eq!(told, sent.contains(&key.as_str()), "{key}");
    }
}

#[test]
fn a_second_night_leaves_the_copies_as_they_are() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    let before = (folder.snapshot(), moments(&folder));
    let again = folder.night("2021-01-12");
    for written in again["written"].as_array().unwrap() {
        assert_eq!(written["state"], "unchanged", "{written}");
    }
    assert_eq!(moments(&folder), before.1);
    let copies = |files: &[(std::path::PathBuf, Vec<u8>)]| -> Vec<_> {
        let files = files.iter();
        files
            .filter(|(path, _)| path.starts_with(folder.path().join("controles")))
            .cloned()
            .collect()
    };
    assert!(copies(&folder.snapshot()) == copies(&before.0));
}

/// When each copy was written, and each workbook of hers.
fn moments(folder: &Folder) -> Vec<std::time::SystemTime> {
    let both = WORKBOOKS.iter().flat_map(|name| {
        let path = folder.path();
        [path.join(name), path.join("controles").join(name)]
    });
    both.map(|path| fs::metadata(path).unwrap().modified().unwrap())
        .collect()
}

#[test]
fn what_lies_in_the_copies_folder_is_never_read() {
    let folder = Folder::sample();
    let before = folder.json("check", &[]).1;
    folder.file("controles/damaged.xlsx", b"not a workbook");
    folder.file(
        "controles/adherents-2.xlsx",
        &fs::read(sample().join("adherents.xlsx")).unwrap(),
    );
    // Nor are the files that Excel and LibreOffice leave beside an open workbook.
    folder.file("~$ateliers.xlsx", b"Claire");
    folder.file(".~lock.ateliers.xlsx#", b"Claire");
    assert_eq!(folder.json("check", &[]).1, before);
    folder.night("2021-01-12");
    let kept = fs::read(folder.path().join("controles/damaged.xlsx")).unwrap();
    assert_eq!(kept, b"not a workbook");
}

#[cfg(unix)]
#[test]
fn copies_and_e_mails_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::sample();
    folder.night("2021-01-12");
    let outside = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    let mut looked_at = 0;
    for (path, _) in folder.snapshot() {
        let inside = path.strip_prefix(folder.path()).unwrap();
        if inside.starts_with("controles") || inside.starts_with(".peer-culture") {
            assert_eq!(outside(&path), 0, "{}", inside.display());
            looked_at += 1;
        }
    }
    assert!(looked_at > 54 + 5, "{looked_at}");
    for name in ["controles", "controles/courriels", ".peer-culture"] {
        assert_eq!(outside(&folder.path().join(name)), 0, "{name}");
    }
}

/// The sheets of a workbook that `plan` says it would write.
fn flagged_sheets(planned: &Value, workbook: &str) -> Vec<String> {
    let would_write = planned["would_write"].as_array().unwrap().iter();
    would_write
        .filter(|one| one["workbook"] == workbook)
        .map(|one| one["sheet"].as_str().unwrap().to_owned())
        .collect()
}
