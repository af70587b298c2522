//! Random workbooks as a real writer makes them, with all that other patchers lose.
//!
//! `PROPTEST_CASES` asks for more of them than the usual run makes: each is patched, verified, audited and
//! read four times.

use std::collections::BTreeSet;

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use rust_xlsxwriter::{
    Chart, ChartType, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, Format,
    Formula, Image, Note, Sparkline, Table, TableColumn, TableFunction, Workbook, Worksheet,
};

use super::super::{OwnedColumn, Patched, SheetEdit, refs};
use super::property::{cases, owned};
use super::scene::*;

/// The smallest picture there is.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

/// What a workbook is made of.
#[derive(Debug, Clone)]
struct Plan {
    rows: u32,
    columns: u16,
    kinds: Vec<u8>,
    with: [bool; 16],
}

fn plan() -> impl Strategy<Value = Plan> {
    let kinds = proptest::collection::vec(0..7u8, 1..30);
    (2..16u32, 1..6u16, kinds, any::<[bool; 16]>()).prop_map(|(rows, columns, kinds, with)| Plan {
        rows,
        columns,
        kinds,
        with,
    })
}

impl Plan {
    fn book(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("Feuille").unwrap();
        self.fill(sheet);
        self.dress(sheet);
        let other = book.add_worksheet().set_name("L'autre & l'une").unwrap();
        self.fill(other);
        other.set_hidden(self.with[0]);
        if self.with[1] {
            book.define_name("Tout", "=Feuille!$A$1:$B$3").unwrap();
        }
        let bytes = book.save_to_buffer().unwrap();
        if self.with[2] {
            shared(&bytes, self.rows)
        } else {
            bytes
        }
    }

    fn fill(&self, sheet: &mut Worksheet) {
        let look = Format::new().set_num_format("dd/mm/yyyy").set_italic();
        for column in 0..self.columns {
            sheet.write(0, column, format!("Titre {column}")).unwrap();
        }
        let mut kinds = self.kinds.iter().cycle();
        for row in 1..=self.rows {
            for column in 0..self.columns {
                let text = format!("a < b & {row}\n{column}");
                match kinds.next().unwrap() {
                    0 => continue,
                    1 => sheet.write(row, column, text).unwrap(),
                    2 => sheet.write(row, column, f64::from(row) * 1.5).unwrap(),
                    3 => sheet.write(row, column, row % 2 == 0).unwrap(),
                    4 => sheet
                        .write_with_format(row, column, 44_000 + row, &look)
                        .unwrap(),
                    5 => sheet.write_blank(row, column, &look).unwrap(),
                    _ => sheet.write_formula(row, column, "=1+1").unwrap(),
                };
            }
        }
    }

    /// Everything that stands around cells.
    fn dress(&self, sheet: &mut Worksheet) {
        let bold = Format::new().set_bold().set_background_color("#4472C4");
        let (rows, last) = (self.rows, self.columns - 1);
        let [
            ..,
            chart,
            picture,
            drop_down,
            rule,
            table,
            totals,
            note,
            spark,
            lock,
            merge,
            hide,
            filter,
            array,
        ] = self.with;
        if chart {
            let mut chart = Chart::new(ChartType::Column);
            chart.add_series().set_values(("Feuille", 1, 0, rows, 0));
            sheet.insert_chart(rows + 4, 0, &chart).unwrap();
        }
        if picture {
            let picture = Image::new_from_buffer(PIXEL).unwrap();
            sheet.insert_image(rows + 30, 0, &picture).unwrap();
        }
        if drop_down {
            let choices = DataValidation::new()
                .allow_list_strings(&["oui", "non"])
                .unwrap();
            sheet
                .add_data_validation(1, 0, rows, last, &choices)
                .unwrap();
        }
        if rule {
            let rule = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::GreaterThan(10))
                .set_format(&bold);
            sheet
                .add_conditional_format(1, 0, rows, last, &rule)
                .unwrap();
        }
        if table {
            self.table(sheet, totals);
        } else if filter {
            sheet.autofilter(0, 0, rows, last).unwrap();
        }
        if note {
            sheet.insert_note(1, 0, &Note::new("À confirmer")).unwrap();
        }
        if spark {
            let line = Sparkline::new().set_range(("Feuille", 1, 0, rows, 0));
            sheet.add_sparkline(rows + 2, 0, &line).unwrap();
        }
        if lock {
            sheet.protect();
        }
        if merge {
            sheet
                .merge_range(rows + 3, 0, rows + 3, last + 1, "Note", &bold)
                .unwrap();
        }
        if hide {
            sheet.set_row_hidden(2).unwrap();
            sheet.set_row_height(1, 40).unwrap();
            sheet.set_column_width(0, 30).unwrap();
            sheet.group_rows(1, 2).unwrap();
            sheet.set_freeze_panes(1, 0).unwrap();
        }
        if array {
            let formula = Formula::new("=TRANSPOSE(A1:A3)");
            sheet
                .write_array_formula(rows + 5, 0, rows + 5, 2, formula)
                .unwrap();
        }
    }

    fn table(&self, sheet: &mut Worksheet, totals: bool) {
        let names = (0..self.columns).map(|column| {
            let named = TableColumn::new().set_header(format!("Titre {column}"));
            if totals {
                named.set_total_function(TableFunction::Count)
            } else {
                named
            }
        });
        let names: Vec<TableColumn> = names.collect();
        let table = Table::new().set_columns(&names).set_total_row(totals);
        let last = self.rows + u32::from(totals);
        sheet
            .add_table(0, 0, last.max(2), self.columns - 1, &table)
            .unwrap();
    }
}

/// Gives the sheet a column of one formula that its cells share, as Excel writes it.
fn shared(bytes: &[u8], rows: u32) -> Vec<u8> {
    let mut parts = unzip(bytes);
    let found = parts
        .iter_mut()
        .find(|(name, _)| name == "xl/worksheets/sheet2.xml");
    let text = String::from_utf8(found.unwrap().1.clone()).unwrap();
    let mut new = text.clone();
    for row in 2..=rows + 1 {
        let formula = if row == 2 {
            format!(
                "<f t=\"shared\" ref=\"G2:G{}\" si=\"0\">A2&amp;\"!\"</f>",
                rows + 1
            )
        } else {
            "<f t=\"shared\" si=\"0\"/>".to_owned()
        };
        let cell = format!("<c r=\"G{row}\" t=\"str\">{formula}<v>!</v></c></row>");
        let start = new.find(&format!("<row r=\"{row}\""));
        let Some(start) = start else {
            continue;
        };
        let (before, after) = new.split_at(start);
        new = format!("{before}{}", after.replacen("</row>", &cell, 1));
    }
    replace(&mut parts, "xl/worksheets/sheet2.xml", &text, &new);
    zip(&parts)
}

/// A sheet as a list of what stands in it, read by a parser that is not ours: without the cells of
/// these columns, without rows that hold nothing and say nothing, without the hints of what is used.
fn without(sheet: &str, columns: &BTreeSet<u32>) -> Vec<String> {
    let mut reader = Reader::from_str(sheet);
    reader.config_mut().expand_empty_elements = true;
    let mut found: Vec<String> = Vec::new();
    let (mut skipped, mut row_at) = (0, 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return found,
            Event::Start(_) if skipped > 0 => skipped += 1,
            Event::Start(tag) => {
                let name = tag.name().as_ref().to_owned();
                let said = attributes(&tag);
                let place = said
                    .strip_prefix(" r=")
                    .and_then(|said| said.split(' ').next());
                let place = place.and_then(|place| refs::parse(place.as_bytes()));
                if name == "c" && place.is_some_and(|(_, column)| columns.contains(&column)) {
                    skipped = 1;
                    continue;
                }
                if name == "row" {
                    row_at = found.len();
                }
                found.push(format!("<{name}{said}"));
            }
            Event::End(_) if skipped > 0 => skipped -= 1,
            Event::End(tag) => {
                let name = tag.name().as_ref().to_owned();
                let bare = name == "row" && found.len() == row_at + 1;
                if bare && found.last().unwrap().matches('=').count() == 1 {
                    found.pop();
                } else {
                    found.push(format!("</{name}"));
                }
            }
            other if skipped == 0 => found.push(format!("{other:?}")),
            _ => {}
        }
    }
}

/// A tag's attributes without `spans` and, of a dimension, without its `ref`.
fn attributes(tag: &BytesStart<'_>) -> String {
    let mut said = String::new();
    for attribute in tag.attributes() {
        let attribute = attribute.unwrap();
        let name = attribute.key.as_ref().to_owned();
        let value = attribute.value.to_string();
        if name != "spans" && tag.name().as_ref() != "dimension" {
            said.extend([" ", &name, "=", &value]);
        }
    }
    said
}

fn edits(first: &[OwnedColumn], second: &[OwnedColumn]) -> [SheetEdit; 2] {
    [("Feuille", first), ("L'autre & l'une", second)].map(|(sheet, columns)| SheetEdit {
        sheet: sheet.to_owned(),
        columns: columns.to_vec(),
    })
}

/// The columns of ours on a sheet.
fn ours(patched: &Patched, sheet: &str) -> BTreeSet<u32> {
    let placed = patched
        .columns
        .iter()
        .filter(|placed| placed.sheet == sheet);
    placed.map(|placed| placed.column).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(24)) })]

    #[test]
    fn taking_our_columns_out_gives_her_workbook_back(plan in plan(), first in owned("Contrôle (auto)"), second in owned("Alertes (auto)"), third in owned("Tarif (auto)")) {
        let source = plan.book();
        let columns = [first, second].map(|column| OwnedColumn { width: None, ..column });
        let tonight = edits(&columns, std::slice::from_ref(&third));
        // What holds for every workbook: other parts, other cells, the same bytes again.
        let out = patched(&source, &tonight);
        for (part_name, sheet) in [("sheet1", "Feuille"), ("sheet2", "L'autre & l'une")] {
            let name = format!("xl/worksheets/{part_name}.xml");
            let none = BTreeSet::new();
            let (before, after) = (part(&source, &name), part(&out.bytes, &name));
            let is = without(&after, &ours(&out, sheet));
            // A width was asked for on the second sheet alone.
            let plain = |list: Vec<String>| -> Vec<String> {
                let list = list.into_iter();
                list.filter(|one| sheet == "Feuille" || !one.contains("col")).collect()
            };
            prop_assert_eq!(plain(without(&before, &none)), plain(is));
        }
        // The next night has nothing to say: every cell of ours is emptied, hers stay.
        let silent = |column: &OwnedColumn| OwnedColumn { cells: Vec::new(), ..column.clone() };
        let silent = tonight.map(|edit| SheetEdit {
            columns: edit.columns.iter().map(silent).collect(),
            ..edit
        });
        let emptied = patched(&out.bytes, &silent);
        let headers = ["Contrôle (auto)", "Alertes (auto)", "Tarif (auto)"];
        let mut left = cells(&emptied.bytes);
        left.retain(|_, value| !headers.iter().any(|header| *value == calamine::Data::String((*header).to_owned())));
        prop_assert_eq!(left, cells(&source));
    }
}
