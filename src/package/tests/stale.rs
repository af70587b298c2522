//! Formulas of hers that read our columns.

use super::super::{Remark, SheetEdit, patch};
use super::scene::*;

const HEADER: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>";

/// A book with a second sheet `Bilan` of these rows.
fn with_second(rows: &str, names: &str) -> Vec<u8> {
    let mut parts = book(&sheet(HEADER));
    let second = "<sheet name=\"Bilan\" sheetId=\"2\" r:id=\"rId9\"/></sheets>";
    replace(
        &mut parts,
        "xl/workbook.xml",
        "</sheets>",
        &format!("{second}{names}"),
    );
    let link = format!(
        "<Relationship Id=\"rId9\" Type=\"{REL}/worksheet\" Target=\"worksheets/sheet2.xml\"/></Relationships>"
    );
    replace(
        &mut parts,
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        &link,
    );
    parts.push((
        "xl/worksheets/sheet2.xml".to_owned(),
        sheet(rows).into_bytes(),
    ));
    zip(&parts)
}

fn formula(text: &str) -> String {
    format!("<row r=\"4\"><c r=\"A4\"><f>{text}</f><v>0</v></c></row>")
}

fn read_by(source: &[u8], edit: SheetEdit) -> Option<String> {
    let out = patched(source, &[edit]);
    match out.remarks.as_slice() {
        [] => None,
        [Remark::ReadByFormulas { header, reader, .. }] => Some(format!("{header} < {reader}")),
        others => panic!("{others:?}"),
    }
}

#[test]
fn a_formula_on_the_sheet_reads_our_column() {
    let rows = format!("{HEADER}{}", formula("COUNTIF(B2:B3,\"Bloquant\")"));
    let source = zip(&book(&sheet(&rows)));
    let found = read_by(&source, control(&["OK", "OK"]));
    assert_eq!(found.as_deref(), Some("Contrôle (auto) < Feuille"));
    // A formula on her own columns is no matter.
    let rows = format!("{HEADER}{}", formula("COUNTA(A1:A3)"));
    assert_eq!(read_by(&zip(&book(&sheet(&rows))), control(&["OK"])), None);
}

#[test]
fn a_formula_on_another_sheet_reads_our_column() {
    let source = with_second(&formula("COUNTIF(Feuille!$B:$B,&quot;OK&quot;)"), "");
    let found = read_by(&source, control(&["OK"]));
    assert_eq!(found.as_deref(), Some("Contrôle (auto) < Bilan"));
    let source = with_second(&formula("COUNTIF($B:$B,1)"), "");
    assert_eq!(read_by(&source, control(&["OK"])), None);
}

#[test]
fn a_name_reads_our_column_when_a_formula_uses_it() {
    let names = "<definedNames><definedName name=\"Verdicts\">Feuille!$B$2:$B$9</definedName><definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">Feuille!$A$1:$B$9</definedName></definedNames>";
    let source = with_second(&formula("ROWS(verdicts)"), names);
    let found = read_by(&source, control(&["OK"]));
    assert_eq!(found.as_deref(), Some("Contrôle (auto) < Bilan"));
    assert_eq!(
        read_by(&with_second(&formula("1+1"), names), control(&["OK"])),
        None
    );
}

#[test]
fn nothing_is_said_when_nothing_changes() {
    let rows = format!("{HEADER}{}", formula("B2"));
    let source = zip(&book(&sheet(&rows)));
    let once = patch(&source, &[control(&["OK"])]).unwrap();
    assert_eq!(once.remarks.len(), 1);
    assert!(once.remarks[0].french().contains("Ctrl+Alt+F9"));
    let twice = patch(&once.bytes, &[control(&["OK"])]).unwrap();
    assert!(!twice.changed && twice.remarks.is_empty());
}
