//! Random sheets and random edits: the same checks as for every other workbook.

use proptest::prelude::*;

use super::super::{CellFormat, OwnedCell, OwnedColumn, OwnedValue, SheetEdit};
use super::scene::*;

/// How many cases: `usual`, or as many as `PROPTEST_CASES` asks for.
pub fn cases(usual: u32) -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(usual)
}

fn value() -> impl Strategy<Value = OwnedValue> {
    prop_oneof![
        Just(OwnedValue::Empty),
        "[ -~é\u{a0}\n_x0-9A-F]{0,12}".prop_map(|text| OwnedValue::Text(text.into())),
        (-1e6..1e6f64).prop_map(OwnedValue::Number),
    ]
}

pub fn owned(header: &'static str) -> impl Strategy<Value = OwnedColumn> {
    let format = prop_oneof![Just(CellFormat::PLAIN), Just(RED), Just(WRAPPED)];
    let cells = proptest::collection::btree_map(1..40u32, (value(), format), 0..12);
    (cells, proptest::option::of(1.0..80.0f64)).prop_map(move |(cells, width)| OwnedColumn {
        header: header.into(),
        cells: cells
            .into_iter()
            .map(|(row, (value, format))| (row, OwnedCell { value, format }))
            .collect(),
        width,
        ..OwnedColumn::default()
    })
}

/// Rows as XML: cells with and without references, spans, blanks, attributes.
fn rows() -> impl Strategy<Value = String> {
    let cell = (0..9u32, any::<bool>(), 0..4u8);
    let row = proptest::collection::vec(cell, 0..6);
    proptest::collection::btree_map(1..40u32, (row, any::<bool>(), any::<bool>()), 0..14).prop_map(
        |rows| {
            rows.into_iter()
                .map(|(row, (cells, spans, stated))| row_xml(row, cells, spans, stated))
                .collect()
        },
    )
}

fn row_xml(row: u32, mut cells: Vec<(u32, bool, u8)>, spans: bool, attributes: bool) -> String {
    cells.sort_unstable();
    cells.dedup_by_key(|cell| cell.0);
    let mut xml = format!("<row r=\"{}\"", row + 1);
    if spans {
        xml.push_str(" spans=\"2:4\"");
    }
    if attributes {
        xml.push_str(" ht=\"20\" customHeight=\"1\"");
    }
    if cells.is_empty() {
        return xml + "/>";
    }
    xml.push('>');
    let mut next = 0;
    for (column, stated, kind) in cells {
        let place = super::super::refs::name(row, column);
        let reference = if stated || column != next {
            format!(" r=\"{place}\"")
        } else {
            String::new()
        };
        next = column + 1;
        let cell = match kind {
            0 => format!("<c{reference} s=\"1\"/>"),
            1 => format!("<c{reference} t=\"s\"><v>2</v></c>"),
            2 => format!("<c{reference}><v>{column}</v></c>"),
            _ => format!("<c{reference} t=\"inlineStr\"><is><t>a &lt; b</t></is></c>"),
        };
        xml += &cell;
    }
    xml + "</row>"
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(96)) })]

    #[test]
    fn only_our_cells_change(rows in rows(), first in owned("Contrôle (auto)"), second in owned("Alertes (auto)"), third in owned("Tarif (auto)"), there in any::<bool>()) {
        let header = if there { "<row r=\"1\"><c r=\"C1\" t=\"s\"><v>1</v></c></row>" } else { "" };
        let text = sheet(&format!("{header}{rows}")).replace("<sheetData>", "<dimension ref=\"B2:C3\"/><cols><col min=\"2\" max=\"30\" width=\"9\"/></cols><sheetData>");
        let source = zip(&book(&text));
        let name = "Feuille".to_owned();
        let tonight = [SheetEdit { sheet: name.clone(), columns: vec![first, second.clone()] }];
        let out = patched(&source, &tonight);
        prop_assert_eq!(out.columns[0].added, !there);
        // The next night, other cells in the same column and a column more.
        let tomorrow = [SheetEdit { sheet: name, columns: vec![OwnedColumn { header: "Contrôle (auto)".into(), ..third.clone() }, second, third] }];
        patched(&out.bytes, &tomorrow);
    }
}
