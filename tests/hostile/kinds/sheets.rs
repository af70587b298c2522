//! The XML of sheets: cells, where they stand and what they hold.

use super::super::parts::pack;
use super::{
    BOOK, DAMAGED, FINE, Kind, SHEET, STRINGS, STYLES, parts, replaced, rows, with, with_bytes,
    xlsx,
};

/// Text that deflates little: letters at random, always the same.
fn noise(length: usize) -> String {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let letters = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'a' + u8::try_from(state % 26).unwrap())
    });
    letters.take(length).collect()
}

fn nested(count: usize) -> String {
    format!("{}{}", "<a>".repeat(count), "</a>".repeat(count))
}

/// Of this family.
pub const KINDS: &[Kind] = &[
    // The XML of a sheet.
    xlsx("a sheet of nothing", DAMAGED, || {
        with_bytes(SHEET, Vec::new())
    }),
    xlsx("a sheet of noughts", DAMAGED, || {
        with_bytes(SHEET, vec![0; 5_000])
    }),
    xlsx("a sheet that ends too early", DAMAGED, || {
        with(SHEET, |text| text[..text.len() / 2].to_owned())
    }),
    xlsx("a sheet without its end tag", DAMAGED, || {
        replaced(SHEET, "</worksheet>", "")
    }),
    xlsx("a row that is not closed", "among them", || {
        replaced(SHEET, "</row><row r=\"3\"", "<row r=\"3\"")
    }),
    xlsx("tags that cross", "an end tag of another element", || {
        rows("<row r=\"2\"><c r=\"A2\"><v>1</c></v></row>")
    }),
    xlsx("a tag in a tag", "a tag inside a tag", || {
        rows("<row r=\"2\"><c r=<c/>")
    }),
    xlsx("an unknown entity", "unknown entity", || {
        rows("<row r=\"2\"><c r=\"A2\" t=\"str\"><v>&horreur;</v></c></row>")
    }),
    xlsx("rows in two places", "rows in two places", || {
        replaced(SHEET, "</sheetData>", "</sheetData><sheetData/>")
    }),
    xlsx(
        "100,000 elements within one another",
        "nested too deeply",
        || {
            with(SHEET, |text| {
                text.replace("</sheetData>", &format!("</sheetData>{}", nested(100_000)))
            })
        },
    ),
    xlsx("styles 100,000 deep", "nested too deeply", || {
        with(STYLES, |text| {
            text.replace("<fonts", &format!("{}<fonts", nested(100_000)))
        })
    }),
    xlsx("10,000 namespaces", "too many namespaces", || {
        with(BOOK, |text| {
            let many = (0..10_000)
                .map(|number| format!(" xmlns:n{number}=\"u\""))
                .collect::<Vec<_>>()
                .concat();
            text.replacen("<workbook ", &format!("<workbook{many} "), 1)
        })
    }),
    xlsx("three million styles", "too many elements", || {
        with(STYLES, |text| {
            text.replace(
                "<cellXfs count=\"3\">",
                &format!("<cellXfs>{}", "<xf/>".repeat(3_000_000)),
            )
        })
    }),
    xlsx("an attribute of 20 MB", "more than 16 MiB", || {
        rows(&format!("<row r=\"2\" ht=\"{}\"/>", noise(20 << 20)))
    }),
    xlsx("a comment of 20 MB", "more than 16 MiB", || {
        rows(&format!("<!-- {} -->", noise(20 << 20)))
    }),
    xlsx("a text of 20 MB", "more than 16 MiB", || {
        rows(&format!(
            "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>{}</t></is></c></row>",
            noise(20 << 20)
        ))
    }),
    // Cells and where they stand.
    xlsx("one cell in the last corner", FINE, || {
        rows("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>")
    }),
    xlsx("a dimension of all cells", FINE, || {
        with(SHEET, |text| {
            text.replace("ref=\"A1:C3\"", "ref=\"A1:XFD1048576\"")
        })
    }),
    xlsx("a dimension that is nothing", FINE, || {
        replaced(SHEET, "A1:C3", "ZZZ0:-1")
    }),
    xlsx(
        "a column beyond the last",
        "a cell reference off the sheet",
        || rows("<row r=\"2\"><c r=\"XFE2\"><v>1</v></c></row>"),
    ),
    xlsx("a row beyond the last", "out of order", || {
        rows("<row r=\"1048577\"><c><v>1</v></c></row>")
    }),
    xlsx("a row of number 0", "a row number off the sheet", || {
        rows("<row r=\"0\"/>")
    }),
    xlsx(
        "a row of number 2^32 + 2",
        "a row number off the sheet",
        || rows("<row r=\"4294967298\"/>"),
    ),
    xlsx(
        "a reference of ten letters",
        "a cell reference off the sheet",
        || rows("<row r=\"2\"><c r=\"AAAAAAAAAA2\"><v>1</v></c></row>"),
    ),
    xlsx("rows out of order", "out of order or there twice", || {
        rows("<row r=\"3\"/><row r=\"2\"/>")
    }),
    xlsx(
        "a row that is there twice",
        "out of order or there twice",
        || rows("<row r=\"2\"/><row r=\"2\"/>"),
    ),
    xlsx("cells out of order", "A2 is out of order", || {
        rows("<row r=\"2\"><c r=\"B2\"><v>1</v></c><c r=\"A2\"><v>1</v></c></row>")
    }),
    xlsx("a cell of another row", "A9 is out of order", || {
        rows("<row r=\"2\"><c r=\"A9\"><v>1</v></c></row>")
    }),
    xlsx("16,385 cells in a row", "XFE2 is out of order", || {
        rows(&format!("<row r=\"2\">{}</row>", "<c/>".repeat(16_385)))
    }),
    xlsx("a million rows too many", "out of order", || {
        rows(&"<row/>".repeat(1_048_577))
    }),
    // Values.
    xlsx(
        "a string that is not there",
        "A2 is damaged: its shared string is missing",
        || rows("<row r=\"2\"><c r=\"A2\" t=\"s\"><v>99</v></c></row>"),
    ),
    xlsx(
        "a string of number -1",
        "A2 is damaged: its shared string",
        || rows("<row r=\"2\"><c r=\"A2\" t=\"s\"><v>-1</v></c></row>"),
    ),
    xlsx(
        "a type that nobody knows",
        "B2 is damaged: its type",
        || rows("<row r=\"2\"><c r=\"B2\" t=\"x\"><v>1</v></c></row>"),
    ),
    xlsx("a boolean of 7", "C2 is damaged: its boolean", || {
        rows("<row r=\"2\"><c r=\"C2\" t=\"b\"><v>7</v></c></row>")
    }),
    xlsx("a number that is none", "C2 is damaged: its number", || {
        rows("<row r=\"2\"><c r=\"C2\" t=\"n\"><v>deux</v></c></row>")
    }),
    xlsx("numbers beyond measure", FINE, || {
        rows(
            "<row r=\"2\"><c r=\"A2\"><v>1e999</v></c><c r=\"B2\"><v>NaN</v></c><c r=\"C2\"><v>-infinity</v></c></row>",
        )
    }),
    xlsx("dates beyond measure", FINE, || {
        rows(
            "<row r=\"2\"><c r=\"A2\" s=\"2\"><v>1e300</v></c><c r=\"B2\" s=\"2\"><v>-1e300</v></c><c r=\"C2\" s=\"999999999\"><v>2</v></c></row>",
        )
    }),
    xlsx(
        "an announcement of 4 billion strings",
        "announces 4000000000 items",
        || {
            replaced(
                STRINGS,
                "uniqueCount=\"",
                "uniqueCount=\"4000000000\" was=\"",
            )
        },
    ),
    xlsx("4 billion uses of strings", FINE, || {
        replaced(STRINGS, " count=\"", " count=\"4000000000\" was=\"")
    }),
    xlsx("4 billion shared formulas and a new error", FINE, || {
        rows(
            "<row r=\"2\"><c r=\"A2\"><f t=\"shared\" ref=\"A2:A3\" si=\"4000000000\">B1</f><v>1</v></c><c r=\"B2\" t=\"e\"><v>#SPILL!</v></c></row>",
        )
    }),
    xlsx(
        "one long string in thousands of cells",
        "more text than a programme has",
        || {
            let string = "x".repeat(30_000);
            let mut parts = parts();
            for (name, data) in &mut parts {
                let text = String::from_utf8(std::mem::take(data)).unwrap();
                *data = match name.as_str() {
                    STRINGS => text.replace("Cirque", &string),
                    SHEET => {
                        let rows = (2..6_000)
                            .map(|row| {
                                format!(
                                    "<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>5</v></c></row>"
                                )
                            })
                            .collect::<Vec<_>>()
                            .concat();
                        let start = text.find("<row r=\"2\"").unwrap();
                        let end = text.find("</sheetData>").unwrap();
                        format!("{}{rows}{}", &text[..start], &text[end..])
                    }
                    _ => text,
                }
                .into_bytes();
            }
            pack(&parts)
        },
    ),
];
