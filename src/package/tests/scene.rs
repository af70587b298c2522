//! Building packages, and the checks that every patched one must pass.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use calamine::{Data, Reader as _, Xlsx};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::super::{
    CellFormat, OwnedCell, OwnedColumn, OwnedValue, Patched, Rgb, SheetEdit, flaws, inspect, patch,
    text, verify,
};

pub const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
pub const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
pub const RELS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

pub const RED: CellFormat = CellFormat {
    fill: Some(Rgb(255, 199, 206)),
    ink: Some(Rgb(156, 0, 6)),
    bold: true,
    ..CellFormat::PLAIN
};
pub const WRAPPED: CellFormat = CellFormat {
    wrap: true,
    ..CellFormat::PLAIN
};

/// Named parts in order.
pub type Parts = Vec<(String, Vec<u8>)>;

pub fn zip(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, data) in parts {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::from_date_and_time(2020, 11, 1, 8, 30, 0).unwrap());
        out.start_file(name.as_str(), options).unwrap();
        out.write_all(data).unwrap();
    }
    out.finish().unwrap().into_inner()
}

pub fn unzip(bytes: &[u8]) -> Parts {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut data = Vec::new();
            file.read_to_end(&mut data).unwrap();
            (file.name().unwrap().into_owned(), data)
        })
        .collect()
}

pub fn part(bytes: &[u8], name: &str) -> String {
    let parts = unzip(bytes);
    let found = parts.into_iter().find(|(known, _)| known == name).unwrap();
    String::from_utf8(found.1).unwrap()
}

/// A package with one sheet `Feuille`, whose part is given from `<worksheet` on or as a whole.
pub fn book(sheet: &str) -> Parts {
    let text = |name: &str, data: String| (name.to_owned(), data.into_bytes());
    vec![
        text("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml\"/></Types>".to_owned()),
        text("_rels/.rels", format!("<Relationships xmlns=\"{RELS}\"><Relationship Id=\"rId1\" Type=\"{REL}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")),
        text("xl/workbook.xml", format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{REL}\"><sheets><sheet name=\"Feuille\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>")),
        text("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{RELS}\"><Relationship Id=\"rId1\" Type=\"{REL}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"{REL}/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId3\" Type=\"{REL}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>")),
        text("xl/worksheets/sheet1.xml", sheet.to_owned()),
        text("xl/styles.xml", format!("<styleSheet xmlns=\"{MAIN}\"><fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"2\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf numFmtId=\"2\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>")),
        text("xl/sharedStrings.xml", format!("<sst xmlns=\"{MAIN}\" count=\"3\" uniqueCount=\"3\"><si><t>Nom</t></si><si><t>Contrôle (auto)</t></si><si><t>Alma</t></si></sst>")),
    ]
}

/// A sheet part in the plainest form around its rows.
pub fn sheet(rows: &str) -> String {
    format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>")
}

pub fn replace(parts: &mut Parts, name: &str, from: &str, to: &str) {
    let found = parts.iter_mut().find(|(known, _)| known == name).unwrap();
    let text = String::from_utf8(found.1.clone()).unwrap();
    assert!(text.contains(from), "{name} has no {from}");
    found.1 = text.replace(from, to).into_bytes();
}

pub fn rename(parts: &mut Parts, from: &str, to: &str) {
    let found = parts.iter_mut().find(|(known, _)| known == from).unwrap();
    to.clone_into(&mut found.0);
}

pub fn says(text: &str) -> OwnedCell {
    OwnedCell {
        value: OwnedValue::Text(text.to_owned().into()),
        format: CellFormat::PLAIN,
    }
}

pub fn looks(text: &str, format: CellFormat) -> OwnedCell {
    OwnedCell {
        format,
        ..says(text)
    }
}

pub fn column(header: &'static str, cells: Vec<(u32, OwnedCell)>) -> OwnedColumn {
    OwnedColumn {
        header: header.into(),
        cells,
        ..OwnedColumn::default()
    }
}

pub fn edit(columns: Vec<OwnedColumn>) -> SheetEdit {
    SheetEdit {
        sheet: "Feuille".to_owned(),
        columns,
    }
}

/// `Contrôle (auto)` with one text a row, from row 1 down.
pub fn control(texts: &[&str]) -> SheetEdit {
    let cells = (1..).zip(texts).map(|(row, text)| (row, says(text)));
    edit(vec![column("Contrôle (auto)", cells.collect())])
}

/// Every cell of every sheet, as calamine reads them.
pub fn cells(bytes: &[u8]) -> BTreeMap<(String, u32, u32), Data> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let mut found = BTreeMap::new();
    for name in book.sheet_names() {
        let Ok(range) = book.worksheet_range(&name) else {
            continue;
        };
        let (top, left) = range.start().unwrap_or((0, 0));
        for (row, column, value) in range.used_cells() {
            let row = top + u32::try_from(row).unwrap();
            let column = left + u32::try_from(column).unwrap();
            found.insert((name.clone(), row, column), value.clone());
        }
    }
    found
}

/// Patches, and proves what must hold for every workbook.
pub fn patched(source: &[u8], edits: &[SheetEdit]) -> Patched {
    let once = patched_unread(source, edits);
    same_cells(source, edits, &once);
    once
}

/// The same for workbooks that calamine doesn't read, or reads wrongly.
pub fn patched_unread(source: &[u8], edits: &[SheetEdit]) -> Patched {
    inspect(source).unwrap();
    let once = patch(source, edits).unwrap();
    verify(source, &once.bytes, edits).unwrap();
    let twice = patch(&once.bytes, edits).unwrap();
    assert!(
        !twice.changed && twice.bytes == once.bytes,
        "not idempotent"
    );
    inspect(&once.bytes).unwrap();
    no_new_flaws(source, &once.bytes);
    same_other_parts(source, &once.bytes, edits);
    once
}

/// Excel finds nothing to repair that it would not have found before.
fn no_new_flaws(source: &[u8], after: &[u8]) {
    let before = flaws(source).unwrap();
    let mut new = flaws(after).unwrap();
    new.retain(|flaw| !before.contains(flaw));
    assert_eq!(new, []);
}

/// Apart from sheets, styles and tables every part is byte-identical, and so is the order.
fn same_other_parts(source: &[u8], after: &[u8], edits: &[SheetEdit]) {
    let (before, after) = (unzip(source), unzip(after));
    let mut sheets = 0;
    assert_eq!(before.len(), after.len());
    for ((old, was), (new, is)) in before.iter().zip(&after) {
        assert_eq!(old, new);
        if was == is {
            continue;
        }
        let name = old.to_ascii_lowercase();
        sheets += usize::from(name.contains("sheet"));
        let may = name.contains("sheet") || name.contains("styles") || name.contains("table");
        assert!(may, "{old} changed");
    }
    assert!(sheets <= edits.len());
}

/// calamine reads our cells where they belong, and every other cell as before.
fn same_cells(source: &[u8], edits: &[SheetEdit], after: &Patched) {
    let (before, read) = (cells(source), cells(&after.bytes));
    let mut expected = before;
    let columns = edits
        .iter()
        .flat_map(|edit| edit.columns.iter().map(move |owned| (&edit.sheet, owned)));
    for ((sheet, owned), placed) in columns.zip(&after.columns) {
        let at = |row| (sheet.clone(), row, placed.column);
        expected.retain(|(name, row, column), _| {
            name != sheet || *column != placed.column || *row <= owned.header_row
        });
        if placed.added {
            let header = Data::String(owned.header.to_string());
            expected.insert(at(owned.header_row), header);
        }
        for (row, cell) in &owned.cells {
            let value = match &cell.value {
                OwnedValue::Empty => continue,
                OwnedValue::Text(text) if text.is_empty() => continue,
                OwnedValue::Text(text) => Data::String(text::fit(text).into_owned()),
                OwnedValue::Number(number) => Data::Float(*number),
            };
            expected.insert(at(*row), value);
        }
    }
    assert_eq!(expected, read);
}
