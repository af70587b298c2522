//! Workbooks as a real writer makes them, with all that other patchers lose.

use rust_xlsxwriter::{
    Chart, ChartType, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, Format,
    Note, Table, TableColumn, TableFunction, Workbook, Worksheet,
};

use super::super::{Book, CellFormat, OwnedCell, OwnedValue, Remark, SheetEdit};
use super::scene::*;

const EURO: CellFormat = CellFormat {
    number: Some("#,##0.00\u{a0}\"€\""),
    ..CellFormat::PLAIN
};

fn fill(sheet: &mut Worksheet) {
    for (column, name) in (0..).zip(["Titre", "Date", "Places"]) {
        sheet.write(0, column, name).unwrap();
    }
    for row in 1..=10u32 {
        sheet.write(row, 0, format!("Atelier {row}")).unwrap();
        sheet.write(row, 1, 44_000 + row).unwrap();
        sheet.write(row, 2, 12).unwrap();
    }
}

fn rich() -> Vec<u8> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold().set_background_color("#4472C4");
    let sheet = book.add_worksheet().set_name("Ateliers").unwrap();
    fill(sheet);
    sheet.write_with_format(0, 0, "Titre", &bold).unwrap();
    sheet.write_formula(20, 0, "=SUM(C2:C11)").unwrap();
    sheet.insert_note(3, 1, &Note::new("À confirmer")).unwrap();
    let list = DataValidation::new()
        .allow_list_strings(&["oui", "non"])
        .unwrap();
    sheet.add_data_validation(1, 2, 10, 2, &list).unwrap();
    let rule = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::GreaterThan(10))
        .set_format(&bold);
    sheet.add_conditional_format(1, 2, 10, 2, &rule).unwrap();
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values(("Ateliers", 1, 2, 10, 2));
    sheet.insert_chart(25, 0, &chart).unwrap();
    sheet.merge_range(15, 0, 15, 2, "Note", &bold).unwrap();
    sheet.set_row_hidden(5).unwrap();
    sheet.set_row_height(6, 40).unwrap();
    sheet.set_column_width(0, 30).unwrap();
    sheet.autofilter(0, 0, 10, 2).unwrap();
    sheet.set_freeze_panes(1, 0).unwrap();
    sheet.protect();
    let other = book.add_worksheet().set_name("Autre").unwrap();
    fill(other);
    other.set_hidden(true);
    book.define_name("Titres", "=Ateliers!$A$2:$A$11").unwrap();
    book.save_to_buffer().unwrap()
}

fn two_columns(sheet: &str, rows: u32) -> SheetEdit {
    let control = (1..=rows)
        .map(|row| (row, looks("Bloquant", RED)))
        .collect();
    let alerts = (1..=rows)
        .map(|row| {
            (
                row,
                looks(
                    "ELI01 : à jour ?\nDON02 : date",
                    if row % 2 == 0 {
                        WRAPPED
                    } else {
                        CellFormat::PLAIN
                    },
                ),
            )
        })
        .collect();
    let mut columns = vec![
        column("Contrôle (auto)", control),
        column("Alertes (auto)", alerts),
    ];
    columns[0].width = Some(14.0);
    columns[1].width = Some(60.5);
    SheetEdit {
        sheet: sheet.to_owned(),
        columns,
    }
}

fn with_table(change: impl FnOnce(Table) -> Table) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Feuille").unwrap();
    fill(sheet);
    let names = ["Titre", "Date", "Places"].map(|name| TableColumn::new().set_header(name));
    sheet
        .add_table(0, 0, 10, 2, &change(Table::new().set_columns(&names)))
        .unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_with_everything_in_it() {
    let source = rich();
    let out = patched(
        &source,
        &[two_columns("Ateliers", 10), two_columns("Autre", 10)],
    );
    let places: Vec<u32> = out.columns.iter().map(|placed| placed.column).collect();
    assert_eq!(places, [3, 4, 3, 4]);
    let protected = Remark::Protected {
        sheet: "Ateliers".to_owned(),
    };
    assert_eq!(out.remarks, [protected]);
    let sheet = part(&out.bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<col min=\"4\" max=\"4\" width=\"14\" customWidth=\"1\"/>"));
    // The headers look like their neighbours.
    assert!(!sheet.contains("<c r=\"D1\" s="));
}

#[test]
fn new_columns_join_the_table_that_ends_there() {
    let source = with_table(|table| table);
    let out = patched(&source, &[two_columns("Feuille", 10)]);
    let table = part(&out.bytes, "xl/tables/table1.xml");
    assert!(table.contains("ref=\"A1:E11\"") && table.contains("<autoFilter ref=\"A1:E11\""));
    assert!(table.contains("<tableColumns count=\"5\">"));
    assert!(table.contains("<tableColumn id=\"5\" name=\"Alertes (auto)\"/>"));
    assert!(out.remarks.is_empty());
}

#[test]
fn one_column_after_another_joins_too() {
    let source = with_table(|table| table);
    let first = patched(
        &source,
        &[SheetEdit {
            sheet: "Feuille".to_owned(),
            columns: vec![column("Contrôle (auto)", vec![(1, says("OK"))])],
        }],
    );
    let second = patched(&first.bytes, &[two_columns("Feuille", 10)]);
    assert_eq!(
        (second.columns[0].added, second.columns[1].added),
        (false, true)
    );
    assert!(part(&second.bytes, "xl/tables/table1.xml").contains("ref=\"A1:E11\""));
}

#[test]
fn totals_are_hers() {
    let names = ["Titre", "Date", "Places"].map(|name| TableColumn::new().set_header(name));
    let sums = [
        names[0].clone().set_total_label("Total"),
        names[1].clone(),
        names[2].clone().set_total_function(TableFunction::Sum),
    ];
    let source = with_table(|table| table.set_columns(&sums).set_total_row(true));
    let out = patched(&source, &[two_columns("Feuille", 9)]);
    assert!(part(&out.bytes, "xl/tables/table1.xml").contains("ref=\"A1:E11\""));
    // A value in the totals row keeps us out of the table.
    let out = patched(&source, &[two_columns("Feuille", 10)]);
    assert_eq!(out.columns[0].column, 4);
    assert!(matches!(out.remarks[..], [Remark::TableNotJoined { .. }]));
}

#[test]
fn a_reader_knows_what_is_totals() {
    let totals = |source: &[u8]| Book::open(source).unwrap().totals("Feuille");
    let sums = totals(&with_table(|table| table.set_total_row(true)));
    assert!(sums.meet(10) && sums.hold(10, 0) && sums.hold(10, 2));
    assert!(!sums.meet(9) && !sums.meet(11) && !sums.hold(10, 3));
    let none = totals(&with_table(|table| table));
    assert!(!none.meet(10));
    // Cells can be read beside a table that can't.
    let mut parts = unzip(&with_table(|table| table.set_total_row(true)));
    replace(
        &mut parts,
        "xl/tables/table1.xml",
        "ref=\"A1:C11\" totals",
        "ref=\"?\" totals",
    );
    assert!(!totals(&zip(&parts)).meet(10));
}

#[test]
fn a_sum_under_our_own_column_stays() {
    let names = ["Titre", "Tarif (auto)", "Places"].map(|name| TableColumn::new().set_header(name));
    let sums = [
        names[0].clone(),
        names[1].clone().set_total_function(TableFunction::Sum),
        names[2].clone(),
    ];
    let source = with_table(|table| table.set_columns(&sums).set_total_row(true));
    let fee = |value| OwnedCell {
        value: OwnedValue::Number(value),
        format: EURO,
    };
    let edit = edit(vec![column(
        "Tarif (auto)",
        vec![(1, fee(18.0)), (2, fee(36.0))],
    )]);
    // calamine shows the formula's last value, which is not ours to update.
    let out = super::super::patch(&source, std::slice::from_ref(&edit)).unwrap();
    super::super::verify(&source, &out.bytes, &[edit]).unwrap();
    let sheet = part(&out.bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<c r=\"B11\"") && sheet.contains("SUBTOTAL"));
    assert!(sheet.contains("<v>18</v>") && !sheet.contains("44005"));
}

#[test]
fn tables_without_our_header_row_keep_us_apart() {
    let source = with_table(|table| table);
    let mut edit = two_columns("Feuille", 10);
    for column in &mut edit.columns {
        column.header_row = 1;
        column.cells.remove(0);
    }
    let out = patched(&source, &[edit]);
    assert_eq!(out.columns[0].column, 4);
    assert!(matches!(out.remarks[..], [Remark::TableNotJoined { .. }]));
}

#[test]
fn the_next_night_changes_only_what_changed() {
    let source = rich();
    let first = patched(&source, &[two_columns("Ateliers", 10)]);
    let second = patched(&first.bytes, &[two_columns("Ateliers", 8)]);
    assert!(second.changed && !second.columns[0].added);
    let styles = "xl/styles.xml";
    assert_eq!(part(&first.bytes, styles), part(&second.bytes, styles));
}

#[test]
fn no_edit_no_change() {
    let source = rich();
    let out = patched(&source, &[]);
    assert!(!out.changed && out.bytes == source);
}
