//! The totals row of an Excel table: labels and sums that are no data, and stay hers.

use calamine::Data;
use rust_xlsxwriter::{Formula, Table, TableColumn, TableFunction, Workbook, Worksheet};
use serde_json::Value;

use crate::book::Book;
use crate::folder::{Folder, text};
use crate::package::Package;

const HEADERS: [&str; 13] = [
    "Structure",
    "Forme juridique",
    "Immatriculation",
    "Commune",
    "Code postal",
    "Domaine",
    "Référent",
    "Email",
    "Téléphone",
    "Statut",
    "Cotisation",
    "Payée le",
    "Valable jusqu'au",
];
/// « Cotisation ».
const FEE: u16 = 10;

/// A member that nothing is wrong with, and one that paid too little.
fn members() -> Worksheet {
    let mut sheet = Worksheet::new();
    sheet.set_name("Adhérents").unwrap();
    for (column, header) in (0..).zip(HEADERS) {
        sheet.write(0, column, header).unwrap();
    }
    member(&mut sheet, 1, "Atelier Nord", 300);
    member(&mut sheet, 2, "Studio Sud", 299);
    sheet
}

fn member(sheet: &mut Worksheet, row: u32, structure: &str, fee: u32) {
    let cells = [
        structure,
        "association",
        "W313001234",
        "Toulouse",
        "31000",
        "presse",
        "Lou Garcia",
        "lou@nord.example.org",
        "",
        "membre actif",
    ];
    for (column, cell) in (0..).zip(cells) {
        sheet.write(row, column, cell).unwrap();
    }
    sheet.write(row, FEE, fee).unwrap();
    sheet.write(row, FEE + 1, "02/11/2020").unwrap();
}

/// The columns of a table of hers: « Total » below the structures, a sum below the fees.
fn columns(headers: &[&str]) -> Vec<TableColumn> {
    let columns = headers.iter().map(|header| {
        let column = TableColumn::new().set_header(*header);
        match *header {
            "Structure" => column.set_total_label("Total"),
            "Cotisation" => column.set_total_function(TableFunction::Sum),
            _ => column,
        }
    });
    columns.collect()
}

/// Rows 1 to 4 as a table, the last of them its totals.
fn with_totals(sheet: &mut Worksheet, columns: &[TableColumn]) {
    let last = u16::try_from(columns.len()).unwrap() - 1;
    let table = Table::new().set_columns(columns).set_total_row(true);
    sheet.add_table(0, 0, 3, last, &table).unwrap();
}

fn folder(sheet: Worksheet) -> Folder {
    let folder = Folder::new();
    let mut book = Workbook::new();
    book.push_worksheet(sheet);
    book.save(folder.path().join("adherents.xlsx")).unwrap();
    folder
}

/// Codes and rows.
fn found(folder: &Folder) -> Vec<String> {
    let (code, printed) = folder.json("check", &[]);
    assert_eq!(code, Some(0), "{printed}");
    let findings = printed["findings"].as_array().unwrap().iter();
    findings
        .map(|one| format!("{} {}", one["code"].as_str().unwrap(), one["row"]))
        .collect()
}

fn written(printed: &Value) -> &Value {
    let mut written = printed["written"].as_array().unwrap().iter();
    let found = written.find(|one| one["workbook"] == "adherents.xlsx");
    found.unwrap_or_else(|| panic!("{printed}"))
}

fn copy(folder: &Folder) -> Book {
    Book::open(&folder.path().join("controles/adherents.xlsx"))
}

#[test]
fn labels_and_sums_are_no_member() {
    let mut sheet = members();
    with_totals(&mut sheet, &columns(&HEADERS));
    assert_eq!(found(&folder(sheet)), ["ELI07 3"]);
}

#[test]
fn rows_that_a_program_appended_below_the_totals_are_members() {
    let mut sheet = members();
    with_totals(&mut sheet, &columns(&HEADERS));
    member(&mut sheet, 4, "Maison Est", 298);
    let folder = folder(sheet);
    assert_eq!(found(&folder), ["ELI07 3", "ELI07 5"]);
    folder.night("2021-01-12");
    let copy = copy(&folder);
    let verdict = |row| copy.sheet("Adhérents").get(row, "Contrôle (auto)").clone();
    let bad = Data::String("Bloquant".to_owned());
    assert_eq!(
        [verdict(2), verdict(3), verdict(4)],
        [bad.clone(), Data::Empty, bad]
    );
}

#[test]
fn a_member_beside_the_totals_of_another_table_is_one() {
    let mut sheet = members();
    let sums = [
        TableColumn::new()
            .set_header("Quartier")
            .set_total_label("Total"),
        TableColumn::new()
            .set_header("Nombre")
            .set_total_function(TableFunction::Sum),
    ];
    let table = Table::new().set_columns(&sums).set_total_row(true);
    sheet.add_table(0, 20, 2, 21, &table).unwrap();
    assert_eq!(found(&folder(sheet)), ["ELI07 3"]);
}

#[test]
fn our_columns_join_the_table_and_leave_its_totals_alone() {
    let mut sheet = members();
    with_totals(&mut sheet, &columns(&HEADERS));
    let folder = folder(sheet);
    let printed = folder.night("2021-01-12");
    assert_eq!(written(&printed)["remark"], Value::Null);

    let package = Package::open(&folder.path().join("controles/adherents.xlsx"));
    let table = text(&package.parts["xl/tables/table1.xml"]);
    for part in [
        "ref=\"A1:O4\" totalsRowCount=\"1\"",
        "<autoFilter ref=\"A1:O3\"",
        "<tableColumns count=\"15\">",
        "<tableColumn id=\"14\" name=\"Contrôle (auto)\"/>",
        "<tableColumn id=\"15\" name=\"Alertes (auto)\"/>",
    ] {
        assert!(table.contains(part), "{part} in {table}");
    }
    let copy = copy(&folder);
    let sheet = copy.sheet("Adhérents");
    assert_eq!(sheet.column("Contrôle (auto)"), HEADERS.len());
    assert_eq!(
        *sheet.get(2, "Contrôle (auto)"),
        Data::String("Bloquant".to_owned())
    );
    assert_eq!(*sheet.get(3, "Structure"), Data::String("Total".to_owned()));
    for header in ["Contrôle (auto)", "Alertes (auto)"] {
        assert_eq!(*sheet.get(3, header), Data::Empty);
    }
    let again = folder.night("2021-01-12");
    assert_eq!(written(&again)["state"], "unchanged");
}

#[test]
fn what_she_puts_below_our_columns_stays() {
    let mut sheet = members();
    let headers = [&HEADERS[..], &["Contrôle (auto)", "Alertes (auto)"]].concat();
    let mut columns = columns(&headers);
    columns[13] = columns[13].clone().set_total_function(TableFunction::Count);
    // No text of the program's, but none of its cells either.
    columns[14] = columns[14].clone().set_total_label("à appeler");
    with_totals(&mut sheet, &columns);
    let formula = Formula::new("=SUBTOTAL(103,[Contrôle (auto)])").set_result("2");
    sheet.write_formula(3, 13, formula).unwrap();
    let folder = folder(sheet);
    let printed = folder.night("2021-01-12");
    assert_eq!(written(&printed)["state"], "written", "{printed}");
    let copy = copy(&folder);
    let sheet = copy.sheet("Adhérents");
    assert_eq!(
        *sheet.get(2, "Contrôle (auto)"),
        Data::String("Bloquant".to_owned())
    );
    assert_eq!(*sheet.get(3, "Contrôle (auto)"), Data::Float(2.0));
    assert_eq!(
        *sheet.get(3, "Alertes (auto)"),
        Data::String("à appeler".to_owned())
    );
}
