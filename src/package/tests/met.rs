//! Shapes that real workbooks have, found by patching some two thousand of them.

use super::super::{Refusal, inspect, patch};
use super::scene::*;

const PART: &str = "xl/worksheets/sheet1.xml";
const HEADER: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>";

#[test]
fn a_module_of_macros_stands_among_the_sheets() {
    let mut parts = book(&sheet(HEADER));
    let module = "<sheet name=\"Module1\" sheetId=\"2\" state=\"veryHidden\" r:id=\"\"/></sheets>";
    replace(&mut parts, "xl/workbook.xml", "</sheets>", module);
    // calamine takes it for a sheet that is missing.
    patched_unread(&zip(&parts), &[control(&["OK"])]);
}

#[test]
fn styles_are_announced_that_are_not_there() {
    let mut parts = book(&sheet(HEADER));
    parts.retain(|(name, _)| name != "xl/styles.xml");
    patched(&zip(&parts), &[control(&["OK"])]);
}

#[test]
fn an_empty_style_number_stays_where_it_is() {
    let rows = HEADER.replace("<c r=\"A1\"", "<c r=\"A1\" s=\"\"");
    let out = patched(&zip(&book(&sheet(&rows))), &[control(&["OK"])]);
    assert!(part(&out.bytes, PART).contains("<c r=\"A1\" s=\"\" t=\"s\">"));
}

#[test]
fn what_an_array_formula_fills_is_used() {
    // The cells that show its other values need not be there.
    let rows =
        "<row r=\"1\"><c r=\"A1\"><f t=\"array\" ref=\"A1:B2\">{1,2;3,4}</f><v>1</v></c></row>";
    let out = patched(&zip(&book(&sheet(rows))), &[control(&["OK"])]);
    assert_eq!(out.columns[0].column, 2);
}

#[test]
fn an_empty_part_is_deflated_into_nothing() {
    let mut parts = book(&sheet(HEADER));
    parts.push(("docProps/thumbnail.wmf".to_owned(), Vec::new()));
    let mut source = zip(&parts);
    // The entry of nothing has two bytes of deflated data: they are cut out.
    let name = b"docProps/thumbnail.wmf";
    let local = memchr::memmem::find(&source, name).unwrap();
    let data = local + name.len();
    assert_eq!(source.get(data..data + 2), Some(&[3, 0][..]));
    source.drain(data..data + 2);
    let central = memchr::memmem::rfind(&source, name).unwrap() - 46;
    for size in [local - 12, central + 20] {
        assert_eq!(source[size], 2);
        source[size] = 0;
    }
    let start = source.len() - 6;
    let directory = u32::from_le_bytes(source[start..start + 4].try_into().unwrap()) - 2;
    source[start..start + 4].copy_from_slice(&directory.to_le_bytes());

    inspect(&source).unwrap();
    let edits = [control(&["OK"])];
    let out = patch(&source, &edits).unwrap();
    super::super::verify(&source, &out.bytes, &edits).unwrap();
}

#[test]
fn two_entries_of_one_name_are_told_by_it() {
    let mut parts = book(&sheet(HEADER));
    parts.push(("xl/worksheets/sheet2.xml".to_owned(), b"<a/>".to_vec()));
    let mut source = zip(&parts);
    while let Some(at) = memchr::memmem::find(&source, b"sheet2.xml") {
        source[at + 5] = b'1';
    }
    let cause = patch(&source, &[control(&["OK"])]).unwrap_err();
    let part = PART.to_owned();
    assert_eq!(cause, Refusal::DuplicatePart { part });
}

#[test]
fn a_doctype_hides_among_the_strings() {
    let mut parts = book(&sheet(HEADER));
    let declared = "<!DOCTYPE sst [<!ENTITY a 'Contr\u{f4}le (auto)'>]><sst";
    replace(&mut parts, "xl/sharedStrings.xml", "<sst", declared);
    let cause = patch(&zip(&parts), &[control(&["OK"])]).unwrap_err();
    assert!(matches!(cause, Refusal::Doctype { .. }));
}

#[test]
fn what_we_pack_tighter_than_excel_passes_again() {
    // The same row over and over: a real workbook was found at 120 times, and ours of it at 240.
    let row = |row: u32| {
        format!(
            "<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>{}</t></is></c></row>",
            "x".repeat(9_000)
        )
    };
    let rows: String = (1..2_500).map(row).collect();
    let source = zip(&book(&sheet(&rows)));
    let edits = [control(&["OK"])];
    let out = patch(&source, &edits).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&out.bytes)).unwrap();
    let sheet = archive.by_name(PART).unwrap();
    assert!(sheet.size() / sheet.compressed_size() > 240);
    inspect(&out.bytes).unwrap();
    assert!(!patch(&out.bytes, &edits).unwrap().changed);
}
