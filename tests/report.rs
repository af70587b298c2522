//! `report`: the end of the programme, counted from the sheets.

use std::fs;
use std::io::Read;

use calamine::{Data, Reader, Xlsx, open_workbook};

use crate::folder::{Folder, text};

fn cells(folder: &Folder, sheet: &str) -> Vec<Vec<String>> {
    let path = folder.path().join("controles/bilan.xlsx");
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let row = |row: &[Data]| row.iter().map(ToString::to_string).collect();
    // A title and what the sheet is for stand above the headers.
    range.rows().skip(2).map(row).collect()
}

fn page(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path().join("controles").join(name)).unwrap()
}

#[test]
fn the_report_counts_hours_people_and_evaluations() {
    let folder = Folder::sample();
    let output = folder.run("report", &["--today", "2021-03-01"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let supports = cells(&folder, "Accompagnements");
    assert_eq!(
        supports[1][..7],
        [
            "ACC-01",
            "Studio Garonne Images",
            "Fatoumata Diallo",
            "terminé",
            "4",
            "14",
            "14"
        ]
    );
    // The shares of the axes add up to the hours of the supports.
    let sum = |rows: &[Vec<String>], column: usize| -> f64 {
        rows.iter()
            .skip(1)
            .map(|row| row[column].parse::<f64>().unwrap())
            .sum()
    };
    assert!((sum(&cells(&folder, "Axes"), 2) - sum(&supports, 6)).abs() < 1e-9);
    let workshops = cells(&folder, "Ateliers");
    assert_eq!(workshops[1][4..], ["12", "10", "0", "9"]);
    let evaluations = cells(&folder, "Évaluations");
    assert_eq!(evaluations[3][..2], ["Satisfaction", "4.5"]);
}

/// The sum of no hours at all, in cells and in charts.
#[test]
fn nothing_is_shown_as_less_than_nothing() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    folder.run("report", &["--today", "2021-01-12"]);
    for name in ["bilan.xlsx", "tableau-de-bord.xlsx"] {
        let file = fs::File::open(folder.path().join("controles").join(name)).unwrap();
        let mut package = zip::ZipArchive::new(file).unwrap();
        for part in 0..package.len() {
            let mut part = package.by_index(part).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            let holds = bytes.windows(4).any(|text| text == b">-0<");
            assert!(!holds, "{name}, {:?}", part.name());
        }
    }
}

#[test]
fn attendance_sheets_and_attestations_name_the_right_people() {
    let folder = Folder::sample();
    folder.run("report", &["--today", "2021-03-01"]);
    let sheets = page(&folder, "emargement.html");
    assert_eq!(sheets.matches("<section").count(), 2);
    assert!(sheets.contains("Giulia Romano"));
    // Who was absent or cancelled gets no attestation.
    let attestations = page(&folder, "attestations.html");
    assert!(attestations.contains("Amandine Roques"));
    assert!(!attestations.contains("Maïa Etcheverry"));
}

#[test]
fn what_is_typed_in_a_cell_is_no_markup() {
    let folder = Folder::sample();
    folder.edit("ateliers.xlsx", |book| {
        let sheet = book.sheet_mut("Inscriptions");
        sheet.set(1, "Nom", "<script>alert(1)</script>");
    });
    let output = folder.run("report", &["--today", "2021-03-01"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let attestations = page(&folder, "attestations.html");
    assert!(attestations.contains("&lt;script&gt;"));
    assert!(!attestations.contains("<script"));
}

#[test]
fn the_same_day_gives_the_same_bytes_and_an_empty_programme_a_sensible_page() {
    let folder = Folder::new();
    // `init` makes the folder itself.
    std::fs::remove_dir(folder.path()).unwrap();
    folder.run("init", &[]);
    let output = folder.run("report", &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let first = folder.snapshot();
    folder.run("report", &[]);
    assert_eq!(folder.snapshot(), first);
    assert!(page(&folder, "emargement.html").contains("Aucun atelier n’est à venir."));
}
