//! `.ods` and `.xls`.

use super::super::archive::{Entry, zip};
use super::super::compound::{self, compound, xls};
use super::{FINE, Kind, LAUGHS, ROWS, file, whole};

const ODS: &str = "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet><table:table table:name=\"Proximités\">";
const ODS_END: &str = "</table:table></office:spreadsheet></office:body></office:document-content>";

fn ods_of(content: &str) -> Vec<Entry> {
    vec![
        Entry::stored(
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        Entry::new("content.xml", content.as_bytes()),
        Entry::new("META-INF/manifest.xml", b"<manifest/>"),
    ]
}

/// The header row, and these below it.
pub fn ods(rows: &str) -> Vec<u8> {
    let header = ROWS[0]
        .iter()
        .map(|text| format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"))
        .collect::<Vec<_>>().concat();
    zip(&ods_of(&format!(
        "{ODS}<table:table-row>{header}</table:table-row>{rows}{ODS_END}"
    )))
}

fn ods_cell(attributes: &str, inside: &str) -> Vec<u8> {
    ods(&format!(
        "<table:table-row><table:table-cell {attributes}>{inside}</table:table-cell></table:table-row>"
    ))
}

/// An `.ods` to be spoilt further.
pub fn document() -> Vec<u8> {
    ods(
        "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>Alma</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"float\" office:value=\"2\"><text:p>2</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated=\"9\"><table:table-cell/></table:table-row>",
    )
}

/// Of this family.
pub const KINDS: &[Kind] = &[
    // .ods
    file("as it should be (.ods)", "douteux.ods", FINE, || ods("")),
    file(
        "an .xlsx by the name of .ods",
        "douteux.ods",
        "under another name; rename it to .xlsx",
        whole,
    ),
    file(
        "a text by the name of .ods",
        "douteux.ods",
        "not a zip",
        || b"a;b".to_vec(),
    ),
    file("no content", "douteux.ods", "no content.xml", || {
        zip(&ods_of("")[..1])
    }),
    file(
        "an encrypted .ods",
        "douteux.ods",
        "encrypted with a password",
        || {
            let mut entries = ods_of("");
            entries[2] = Entry::new("META-INF/manifest.xml", b"<manifest:encryption-data/>");
            zip(&entries)
        },
    ),
    file(
        "a million rows of 16,384 cells",
        "douteux.ods",
        "too large",
        || {
            ods(
                "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>",
            )
        },
    ),
    file(
        "4 billion columns",
        "douteux.ods",
        "a cell off the sheet",
        || {
            ods_cell(
                "table:number-columns-repeated=\"4294967295\" office:value-type=\"float\" office:value=\"1\"",
                "",
            )
        },
    ),
    file(
        "empty rows to the end of the sheet",
        "douteux.ods",
        FINE,
        || {
            ods(
                "<table:table-row table:number-rows-repeated=\"1048575\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
            )
        },
    ),
    file("4 billion spaces", "douteux.ods", "too large", || {
        ods_cell(
            "office:value-type=\"string\"",
            "<text:p><text:s text:c=\"4000000000\"/></text:p>",
        )
    }),
    file(
        "a note without an end",
        "douteux.ods",
        "ends too early",
        || {
            zip(&ods_of(&format!(
                "{ODS}<table:table-row><table:table-cell office:value-type=\"string\"><office:annotation>"
            )))
        },
    ),
    file(
        "a DOCTYPE in .ods",
        "douteux.ods",
        "content.xml\" has a DOCTYPE",
        || zip(&ods_of(&format!("{LAUGHS}{ODS}{ODS_END}"))),
    ),
    file(
        "a number that is none in .ods",
        "douteux.ods",
        "a number that can't be read",
        || ods_cell("office:value-type=\"float\" office:value=\"NaN\"", ""),
    ),
    // .xls
    file("as it should be (.xls)", "douteux.xls", FINE, || {
        compound("Workbook", &xls(&compound::ROWS))
    }),
    file(
        "a table of a web page by the name of .xls",
        "douteux.xls",
        "no Excel workbook at all",
        || b"<html><table><tr><td>Structure A</td></tr></table></html>".to_vec(),
    ),
    file(
        "an .xlsx by the name of .xls",
        "douteux.xls",
        "a newer Excel workbook",
        whole,
    ),
    file(
        "an encrypted workbook by the name of .xls",
        "douteux.xls",
        "encrypted with a password",
        || compound("EncryptedPackage", &[7; 5_000]),
    ),
    file(
        "a header and nothing else",
        "douteux.xls",
        "the .xls workbook is damaged",
        || {
            let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
            bytes.resize(4_096, 0);
            bytes
        },
    ),
    file(
        "half an .xls",
        "douteux.xls",
        "the .xls workbook is damaged",
        || {
            let mut bytes = compound("Workbook", &xls(&compound::ROWS));
            bytes.truncate(bytes.len() / 2);
            bytes
        },
    ),
    file(
        "another stream",
        "douteux.xls",
        "the .xls workbook is damaged",
        || compound("WordDocument", &[0; 5_000]),
    ),
    file(
        "a sheet far beyond the file",
        "douteux.xls",
        "the .xls workbook is damaged",
        || {
            let mut stream = xls(&compound::ROWS);
            stream[24..28].fill(0x7F);
            compound("Workbook", &stream)
        },
    ),
    file("a sector that leads to itself", "douteux.xls", FINE, || {
        let mut bytes = compound("Workbook", &xls(&compound::ROWS));
        let table = bytes.len() - 512;
        bytes[table + 4..table + 8].copy_from_slice(&1u32.to_le_bytes());
        bytes
    }),
    file(
        "a directory that leads to itself",
        "douteux.xls",
        "the .xls workbook is damaged",
        || {
            let mut bytes = compound("Workbook", &xls(&compound::ROWS));
            let table = bytes.len() - 512;
            bytes[table..table + 4].fill(0);
            bytes
        },
    ),
    file(
        "a cell in row 65,535, column 65,535",
        "douteux.xls",
        "its reader was stopped",
        || {
            let cells = [
                (0, 0, compound::Value::Number(1.0)),
                (65_535, 65_535, compound::Value::Number(1.0)),
            ];
            compound("Workbook", &xls(&cells))
        },
    ),
];
