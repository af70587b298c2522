//! Workbooks in another format than Excel's own come back as new ones.

use std::fs;
use std::path::Path;
use std::process::Command;

use calamine::{Data, Reader};
use serde_json::Value;

use crate::book::Book;
use crate::folder::{Folder, text};
use crate::package::Package;
use crate::workbooks::{check_flags, check_registrations};

#[test]
fn an_ods_comes_back_as_a_new_workbook() {
    other_format_comes_back("ods");
}

#[test]
fn an_xls_comes_back_as_a_new_workbook() {
    other_format_comes_back("xls");
}

/// The sample's workshops in another format: the same is found, and the copy is a new `.xlsx` with
/// the values, the dates and our columns.
fn other_format_comes_back(extension: &str) {
    let folder = Folder::sample();
    let as_xlsx = folder.json("check", &[]).1;
    let hers = Book::open(&folder.path().join("ateliers.xlsx"));
    convert(&folder, "ateliers.xlsx", extension);
    fs::remove_file(folder.path().join("ateliers.xlsx")).unwrap();

    let name = format!("ateliers.{extension}");
    let printed = folder.night("2021-01-12");
    for list in ["findings", "seats", "ranking"] {
        let same = printed[list].to_string().replace(&name, "ateliers.xlsx");
        let same: Value = serde_json::from_str(&same).unwrap();
        assert_eq!(sorted(&same), sorted(&as_xlsx[list]), "{list}");
    }
    let written = printed["written"].as_array().unwrap().iter();
    let written = written
        .clone()
        .find(|written| written["workbook"] == *name)
        .unwrap();
    assert_eq!(written["file"], "controles/ateliers.xlsx");
    assert!(
        written["remark"].as_str().unwrap().contains(&name),
        "{written}"
    );

    let path = folder.path().join("controles/ateliers.xlsx");
    let copy = Book::open(&path);
    assert_eq!(copy.names(), hers.names());
    assert_eq!(visible(&path), [true, true, false, true, false]);
    for sheet in ["Ateliers", "Inscriptions"] {
        let (hers, copy) = (hers.sheet(sheet), copy.sheet(sheet));
        for (row, column, value) in hers.values() {
            let copied = copy.at(row, column);
            assert!(
                same(value, copied),
                "{sheet}: {row}, {column}: {value:?}, {copied:?}"
            );
        }
        check_flags(&printed, &name, sheet, copy);
    }
    let bytes = fs::read(&path).unwrap();
    check_registrations(&printed, &path);
    let again = folder.night("2021-01-12");
    assert!(
        again["written"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["state"] == "unchanged")
    );
    assert!(fs::read(&path).unwrap() == bytes);
}

/// LibreOffice stores a formula that gives "" without a type.
#[test]
fn formulas_that_give_nothing_are_empty_in_an_ods_too() {
    let rows = [
        "Structure;Forme juridique;Immatriculation;Commune;Code postal;Domaine;Référent;Email;Statut;Cotisation;Payée le;Valable jusqu'au",
        "Atelier Nord;association;W313001234;Toulouse;31000;presse;Lou Garcia;lou@nord.example.org;membre actif;<299>;02/11/2020;<\"\">",
        // A formula that she pulled down further than her rows.
        ";;;;;;;;;;;<\"\">",
    ];
    let rows = rows.map(|row| row.split(';').map(str::to_owned).collect());
    let folder = Folder::new();
    let xlsx = folder.workbook("classeur.xlsx", &[("Adhérents", rows.to_vec())]);
    convert(&folder, "classeur.xlsx", "ods");
    fs::remove_file(xlsx).unwrap();
    let printed = folder.json("check", &[]).1;
    let findings = printed["findings"].as_array().unwrap();
    let codes: Vec<&Value> = findings.iter().map(|finding| &finding["code"]).collect();
    assert_eq!(codes, ["ELI07"], "{printed}");
}

/// Which sheets can be seen, in tab order.
fn visible(path: &Path) -> Vec<bool> {
    let book = calamine::open_workbook_auto(path).unwrap();
    let tabs = book.sheets_metadata().iter();
    tabs.map(|tab| tab.visible == calamine::SheetVisible::Visible)
        .collect()
}

/// Whether a value is the same after two formats; a moment to the second, and a moment stays one.
fn same(hers: &Data, copied: &Data) -> bool {
    match (hers, copied) {
        (Data::DateTime(hers), Data::DateTime(copied)) => {
            // A time alone must not be shown as a day of the year 1900.
            let is_time = hers.as_f64() < 1.0;
            (hers.as_f64() - copied.as_f64()).abs() < 1e-5 && copied.is_duration() == is_time
        }
        (Data::Float(hers), Data::Float(copied)) => (hers - copied).abs() < 1e-9,
        _ => hers == copied,
    }
}

/// The rows of the workbook with another name come at another place.
fn sorted(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    let mut list: Vec<String> = list.map(ToString::to_string).collect();
    list.sort_unstable();
    list
}

#[test]
fn two_workbooks_never_share_one_copy() {
    let folder = Folder::sample();
    let hers = folder.path().join("evaluations.xlsx");
    let bytes = fs::read(&hers).unwrap();
    convert(&folder, "evaluations.xlsx", "ods");
    fs::remove_file(&hers).unwrap();
    assert_eq!(
        copies_of_evaluations(&folder),
        [pair("evaluations.ods", "controles/evaluations.xlsx")]
    );
    fs::write(&hers, bytes).unwrap();
    let both = [
        pair("evaluations.ods", "controles/evaluations.ods.xlsx"),
        pair("evaluations.xlsx", "controles/evaluations.xlsx"),
    ];
    // Hers is a package and comes back whole; the other one is new.
    for _ in 0..2 {
        assert_eq!(copies_of_evaluations(&folder), both);
        let copy = Package::open(&folder.path().join("controles/evaluations.xlsx"));
        assert_eq!(copy.names, Package::open(&hers).names);
        assert!(
            folder
                .path()
                .join("controles/evaluations.ods.xlsx")
                .is_file()
        );
    }
}

fn pair(workbook: &str, file: &str) -> (String, String) {
    (workbook.to_owned(), file.to_owned())
}

fn copies_of_evaluations(folder: &Folder) -> Vec<(String, String)> {
    let printed = folder.night("2021-01-12");
    let written = printed["written"].as_array().unwrap().iter();
    written
        .map(|one| {
            let word = |field: &str| one[field].as_str().unwrap().to_owned();
            (word("workbook"), word("file"))
        })
        .filter(|(workbook, _)| workbook.starts_with("evaluations"))
        .collect()
}

/// Saves a workbook of the folder in another format, as she would in LibreOffice.
pub fn convert(folder: &Folder, name: &str, extension: &str) {
    // A profile of its own: two LibreOffice that share one get in each other's way.
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.path().display()
        ))
        .args(["--headless", "--convert-to", extension, "--outdir"])
        .args([folder.path(), &folder.path().join(name)])
        .output()
        .unwrap_or_else(|error| panic!("this test needs LibreOffice (soffice): {error}"));
    let made = folder.path().join(name).with_extension(extension);
    assert!(
        made.is_file(),
        "{} {}",
        text(&output.stdout),
        text(&output.stderr)
    );
}
