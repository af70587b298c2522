//! Odd shapes of packages and sheets, written by hand.

use super::super::{OwnedCell, OwnedValue, Remark};
use super::scene::*;

const PART: &str = "xl/worksheets/sheet1.xml";
const HEADER: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>";

/// The sheet part after patching a book of that sheet.
fn after(sheet: &str, edits: &super::super::SheetEdit) -> String {
    let source = zip(&book(sheet));
    let out = patched(&source, std::slice::from_ref(edits));
    part(&out.bytes, PART)
}

fn ours(cell: &str, text: &str) -> String {
    format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn nothing_around_our_cells_changes() {
    let text = format!(
        "<?xml version='1.0' encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<!-- <sheetData> -->\r\n<worksheet xmlns=\"{MAIN}\"\r\n  xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" xmlns:x14ac=\"urn:a\" mc:Ignorable=\"x14ac\">\r\n<mc:AlternateContent><mc:Choice Requires='x'><sheetData/></mc:Choice></mc:AlternateContent><sheetData >\r\n <row r=\"1\" spans=\"1:1\" x14ac:dyDescent=\"0.25\" ht='30' customHeight='1'>\r\n  <c r=\"A1\" t=\"s\"><v>0</v></c>\r\n </row>\r\n <row r=\"2\" hidden=\"1\"><c r=\"A2\" t=\"s\"><v>2</v></c></row><!-- end -->\r\n</sheetData>\r\n<extLst><ext uri='{{1}}'><x14ac:a b='>'/></ext></extLst></worksheet>\r\n"
    );
    let expected = text
        .replace("spans=\"1:1\"", "spans=\"1:2\"")
        .replace(
            "\r\n </row>",
            &format!("\r\n {}</row>", ours("B1", "Contrôle (auto)")),
        )
        .replace(
            "<v>2</v></c></row>",
            &format!("<v>2</v></c>{}</row>", ours("B2", "OK")),
        );
    // calamine takes the rows of the alternative for the sheet's: it is not asked here.
    let out = patched_unread(&zip(&book(&text)), &[control(&["OK"])]);
    assert_eq!(part(&out.bytes, PART), expected);
}

#[test]
fn rows_that_are_missing_self_closed_or_past_the_end() {
    let rows = format!("{HEADER}<row r=\"3\" ht=\"9\"/><row r='5' spans='1:3 7:9'></row>");
    let expected = format!(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>{}</row><row r=\"2\">{}</row><row r=\"3\" ht=\"9\">{}</row><row r='5' spans='1:3 7:9'></row><row r=\"7\">{}</row>",
        ours("B1", "Contrôle (auto)"),
        ours("B2", "a"),
        ours("B3", "b"),
        ours("B7", "c"),
    );
    let cells = vec![
        (1, says("a")),
        (2, says("b")),
        (4, OwnedCell::default()),
        (6, says("c")),
    ];
    let edit = edit(vec![column("Contrôle (auto)", cells)]);
    assert_eq!(after(&sheet(&rows), &edit), sheet(&expected));
}

#[test]
fn self_closed_rows_of_an_empty_sheet() {
    let text = format!("<worksheet xmlns=\"{MAIN}\"><sheetData/><pageMargins/></worksheet>");
    let filled = format!(
        "<sheetData><row r=\"1\">{}</row><row r=\"2\">{}</row></sheetData>",
        ours("A1", "Contrôle (auto)"),
        ours("A2", "OK")
    );
    let expected = text.replace("<sheetData/>", &filled);
    assert_eq!(after(&text, &control(&["OK"])), expected);
}

#[test]
fn without_references_cells_count_on() {
    let rows = "<row><c t=\"s\"><v>0</v></c><c/></row><row><c><v>1</v></c></row>";
    let expected = format!(
        "<row><c t=\"s\"><v>0</v></c>{}<c/></row><row><c><v>1</v></c>{}</row>",
        "", ""
    );
    let got = after(&sheet(rows), &control(&["OK"]));
    let expected = expected
        .replace("<c/>", &ours("B1", "Contrôle (auto)"))
        .replace("<v>1</v></c>", &format!("<v>1</v></c>{}", ours("B2", "OK")));
    assert_eq!(got, sheet(&expected));
}

#[test]
fn prefixed_and_strict() {
    let strict = "http://purl.oclc.org/ooxml/spreadsheetml/main";
    let text = format!(
        "<x:worksheet xmlns:x=\"{strict}\"><x:dimension ref=\"A1\"/><x:sheetData><x:row r=\"1\"><x:c r=\"A1\" t=\"s\"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    );
    let mut parts = book(&text);
    for name in ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"] {
        replace(&mut parts, name, MAIN, strict);
    }
    let relations = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    for name in [
        "xl/workbook.xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
    ] {
        replace(&mut parts, name, REL, relations);
    }
    let mut edit = control(&["OK"]);
    edit.columns[0].width = Some(12.0);
    // calamine reads no Strict packages by prefix: our own checks do here.
    let source = zip(&parts);
    let out = super::super::patch(&source, std::slice::from_ref(&edit)).unwrap();
    super::super::verify(&source, &out.bytes, std::slice::from_ref(&edit)).unwrap();
    let expected = text
        .replace("ref=\"A1\"", "ref=\"A1:B2\"")
        .replace("<x:sheetData>", "<x:cols><x:col min=\"2\" max=\"2\" width=\"12\" customWidth=\"1\"/></x:cols><x:sheetData>")
        .replace("</x:c></x:row>", "</x:c><x:c r=\"B1\" t=\"inlineStr\"><x:is><x:t>Contrôle (auto)</x:t></x:is></x:c></x:row><x:row r=\"2\"><x:c r=\"B2\" t=\"inlineStr\"><x:is><x:t>OK</x:t></x:is></x:c></x:row>");
    assert_eq!(part(&out.bytes, PART), expected);
    let again = super::super::patch(&out.bytes, &[edit]).unwrap();
    assert!(!again.changed);
}

#[test]
fn parts_are_found_whatever_their_names() {
    let mut parts = book(&sheet(HEADER));
    let name = "xl/Mes Feuilles/Caf\u{e9}.XML";
    rename(&mut parts, PART, name);
    replace(
        &mut parts,
        "xl/_rels/workbook.xml.rels",
        "worksheets/sheet1.xml",
        "/XL/worksheets/../mes%20feuilles/caf%C3%A9.xml",
    );
    let edit = control(&["OK"]);
    let source = zip(&parts);
    let out = super::super::patch(&source, std::slice::from_ref(&edit)).unwrap();
    super::super::verify(&source, &out.bytes, &[edit]).unwrap();
    assert!(part(&out.bytes, name).contains("Contrôle (auto)"));
}

#[test]
fn a_column_that_stands_there_is_overwritten_below_its_header() {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\" t=\"s\"><v>1</v></c><c r=\"C1\"><v>7</v></c></row><row r=\"2\"><c r=\"B2\" s=\"1\" t=\"s\"><v>2</v></c><c r=\"C2\"><v>8</v></c></row><row r=\"3\"><c r=\"B3\" s=\"1\"/></row><row r=\"4\"><c r=\"B4\"><v>1</v></c></row><row r=\"5\"><c r=\"A5\"><v>1</v></c><c r=\"C5\"><v>1</v></c></row>";
    let expected = rows
        .replace(
            "<c r=\"B2\" s=\"1\" t=\"s\"><v>2</v></c>",
            "<c r=\"B2\" s=\"1\" t=\"inlineStr\"><is><t>OK</t></is></c>",
        )
        .replace("<c r=\"B4\"><v>1</v></c>", "<c r=\"B4\"/>")
        .replace("<c r=\"C5\">", "<c r=\"B5\"><v>3.5</v></c><c r=\"C5\">");
    let number = OwnedCell {
        value: OwnedValue::Number(3.5),
        ..OwnedCell::default()
    };
    let mut edit = edit(vec![column(
        "controle (AUTO)",
        vec![(1, says("OK")), (4, number)],
    )]);
    assert_eq!(after(&sheet(rows), &edit), sheet(&expected));
    edit.columns[0].column = Some(1);
    assert_eq!(after(&sheet(rows), &edit), sheet(&expected));
}

#[test]
fn a_cleared_flag_loses_its_colour_and_keeps_her_style() {
    let source = zip(&book(&sheet(HEADER)));
    let red = vec![(1, looks("Bloquant", RED)), (2, looks("Bloquant", RED))];
    let first = patched(&source, &[edit(vec![column("Contrôle (auto)", red)])]);
    let text = part(&first.bytes, PART);
    assert!(text.contains("<c r=\"B2\" s=\"2\" t=\"inlineStr\"><is><t>Bloquant</t></is></c>"));
    let second = patched(&first.bytes, &[control(&["", "OK"])]);
    let text = part(&second.bytes, PART);
    assert!(text.contains("<row r=\"2\"><c r=\"B2\"/></row>"), "{text}");
    assert!(text.contains("<c r=\"B3\" s=\"2\" t=\"inlineStr\"><is><t>OK</t></is></c>"));
}

#[test]
fn formatted_blanks_to_the_right_are_not_used() {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"/><c r=\"D1\" s=\"1\"/></row><row r=\"2\"><c r=\"A2\"/><c r=\"D2\" s=\"1\"/></row>";
    let got = after(&sheet(rows), &control(&["OK"]));
    let expected = rows
        .replace(
            "<c r=\"B1\" s=\"1\"/>",
            "<c r=\"B1\" s=\"1\" t=\"inlineStr\"><is><t>Contrôle (auto)</t></is></c>",
        )
        .replace(
            "<c r=\"A2\"/>",
            &format!("<c r=\"A2\"/>{}", ours("B2", "OK")),
        );
    assert_eq!(got, sheet(&expected));
}

#[test]
fn protection_stays_and_is_told() {
    let text = sheet(HEADER).replace(
        "</sheetData>",
        "</sheetData><sheetProtection password=\"CC1A\" sheet=\"1\" objects=\"1\"/>",
    );
    let out = patched(&zip(&book(&text)), &[control(&["OK"])]);
    let expected = Remark::Protected {
        sheet: "Feuille".to_owned(),
    };
    assert_eq!(out.remarks, [expected]);
    assert!(part(&out.bytes, PART).contains("password=\"CC1A\""));
}

#[test]
fn merged_ranges_elsewhere_don_t_matter() {
    let text = sheet(HEADER).replace("</sheetData>", "</sheetData><mergeCells count=\"2\"><mergeCell ref=\"A5:C6\"/><mergeCell ref=\"A8:A9\"/></mergeCells>");
    // The new column goes right of what is merged beside the rows.
    let out = patched(&zip(&book(&text)), &[control(&["OK", "a", "b", "c", "d"])]);
    assert_eq!(out.columns[0].column, 3);
}

#[test]
fn a_pivot_table_may_grow_back_to_its_range() {
    let mut parts = book(&sheet(HEADER));
    let table = format!(
        "<pivotTableDefinition xmlns=\"{MAIN}\" name=\"P\" cacheId=\"1\" dataCaption=\"V\">\
         <location ref=\"A3:F9\" firstHeaderRow=\"1\" firstDataRow=\"2\" firstDataCol=\"1\"/>\
         </pivotTableDefinition>"
    );
    let link = format!(
        "<Relationships xmlns=\"{RELS}\"><Relationship Id=\"rId1\" Type=\"{REL}/pivotTable\" \
         Target=\"../pivotTables/pivotTable1.xml\"/></Relationships>"
    );
    for (name, text) in [
        ("xl/pivotTables/pivotTable1.xml", table),
        ("xl/worksheets/_rels/sheet1.xml.rels", link),
    ] {
        parts.push((name.to_owned(), text.into_bytes()));
    }
    let out = super::super::patch(&zip(&parts), &[control(&["OK"])]).unwrap();
    assert_eq!(out.columns[0].column, 6);
}

#[test]
fn text_of_every_kind_is_read_back() {
    let long = "é".repeat(40_000);
    let texts = [
        "=1+1",
        "+a",
        "-b",
        "@c",
        " x ",
        "a\nb",
        "a\r\nb",
        "_x0041_",
        "\u{1}<&>\"'",
        "😀",
        &long,
    ];
    let source = zip(&book(&sheet(HEADER)));
    let edits = [control(&texts)];
    let out = super::super::patch(&source, &edits).unwrap();
    super::super::verify(&source, &out.bytes, &edits).unwrap();
    assert!(!part(&out.bytes, PART).contains("<f>"));
    assert!(!super::super::patch(&out.bytes, &edits).unwrap().changed);
}

#[test]
fn stored_entries_stay_stored_and_dates_stay() {
    let parts = book(&sheet(HEADER));
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let date = zip::DateTime::from_date_and_time(2021, 2, 3, 4, 5, 6).unwrap();
    for (name, data) in &parts {
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(date);
        out.start_file(name.as_str(), options).unwrap();
        std::io::Write::write_all(&mut out, data).unwrap();
    }
    out.set_comment("hers").unwrap();
    let source = out.finish().unwrap().into_inner();
    let after = patched(&source, &[control(&["OK"])]);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(after.bytes)).unwrap();
    assert_eq!(archive.comment(), b"hers");
    for index in 0..archive.len() {
        let file = archive.by_index(index).unwrap();
        assert_eq!(file.compression(), zip::CompressionMethod::Stored);
        assert_eq!(file.last_modified(), Some(date));
    }
}

#[test]
fn a_workbook_without_styles_takes_the_values() {
    let mut parts = book(&sheet(HEADER));
    parts.retain(|(name, _)| name != "xl/styles.xml");
    let styles = format!("<Relationship Id=\"rId2\" Type=\"{REL}/styles\" Target=\"styles.xml\"/>");
    replace(&mut parts, "xl/_rels/workbook.xml.rels", &styles, "");
    let cells = vec![(1, looks("OK", RED))];
    let out = patched(
        &zip(&parts),
        &[edit(vec![column("Contrôle (auto)", cells)])],
    );
    assert_eq!(out.remarks, [Remark::WithoutFormat]);
    assert!(part(&out.bytes, PART).contains(&ours("B2", "OK")));
}

fn row_of(row: usize, text: &str) -> String {
    format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>")
}

#[test]
fn a_big_sheet_streams_and_says_the_same() {
    let mut rows = HEADER.to_owned();
    for row in 2..3000 {
        rows += &row_of(row, &"x".repeat(row % 300));
    }
    let texts: Vec<String> = (0..2998).map(|row| format!("n° {row}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let source = zip(&book(&sheet(&rows)));
    let edits = [control(&texts)];
    let held = patched(&source, &edits);
    let streamed = super::super::patch::patch_within(&source, &edits, 0).unwrap();
    assert!(streamed.bytes == held.bytes);
}
