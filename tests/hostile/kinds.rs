//! Damaged and hostile workbooks, each made here, and what is said of it.

use super::archive::{Entry, zip};
use super::compound::{self, compound, xls};
use super::parts::{Dialect, Parts, entries, pack, workbook};

/// One kind of bad (or merely odd) workbook.
pub struct Kind {
    /// What is wrong with it.
    pub name: &'static str,
    /// The file's name.
    pub file: &'static str,
    /// Its bytes.
    pub make: fn() -> Vec<u8>,
    /// What the program says of it; nothing of one that is merely odd.
    pub says: &'static str,
}

const fn xlsx(name: &'static str, says: &'static str, make: fn() -> Vec<u8>) -> Kind {
    file(name, "douteux.xlsx", says, make)
}

const fn file(
    name: &'static str,
    file: &'static str,
    says: &'static str,
    make: fn() -> Vec<u8>,
) -> Kind {
    Kind {
        name,
        file,
        make,
        says,
    }
}

/// Nothing is said: it is read.
pub const FINE: &str = "";

/// The sheet that every one of them holds, before it was spoilt.
pub const ROWS: &[&[&str]] = &[
    &["Structure A", "Structure B", "Degré"],
    &["Alma", "Bora", "<2>"],
    &["Alma", "Cirque", "<0>"],
];

const SHEET: &str = "xl/worksheets/sheet1.xml";
const STRINGS: &str = "xl/sharedStrings.xml";
const STYLES: &str = "xl/styles.xml";
const BOOK: &str = "xl/workbook.xml";
const LINKS: &str = "xl/_rels/workbook.xml.rels";

fn parts() -> Parts {
    workbook(&[("Proximités", ROWS)], Dialect::default())
}

fn whole() -> Vec<u8> {
    pack(&parts())
}

/// The workbook with one part's text changed.
fn with(name: &str, change: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut parts = parts();
    let part = parts.iter_mut().find(|(known, _)| known == name).unwrap();
    let text = String::from_utf8(std::mem::take(&mut part.1)).unwrap();
    part.1 = change(text).into_bytes();
    pack(&parts)
}

/// The same by replacing something that must be there.
fn replaced(name: &str, from: &str, to: &str) -> Vec<u8> {
    with(name, |text| {
        assert!(text.contains(from), "{name} has no {from}");
        text.replace(from, to)
    })
}

fn with_bytes(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    let mut parts = parts();
    let part = parts.iter_mut().find(|(known, _)| known == name).unwrap();
    part.1 = bytes;
    pack(&parts)
}

fn without(name: &str) -> Vec<u8> {
    let mut parts = parts();
    parts.retain(|(known, _)| known != name);
    pack(&parts)
}

/// With one more part, which nothing refers to.
fn beside(name: &str, data: &[u8]) -> Vec<u8> {
    let mut parts = parts();
    parts.push((name.to_owned(), data.to_vec()));
    pack(&parts)
}

/// With an entry changed in the zip.
fn with_entry(name: &str, change: impl FnOnce(&mut Entry)) -> Vec<u8> {
    let mut entries = entries(&parts());
    let found = entries
        .iter_mut()
        .find(|entry| entry.name == name.as_bytes());
    change(found.unwrap());
    zip(&entries)
}

fn with_more(more: impl IntoIterator<Item = Entry>) -> Vec<u8> {
    let mut entries = entries(&parts());
    entries.extend(more);
    zip(&entries)
}

/// The rows after the header's.
fn rows(rows: &str) -> Vec<u8> {
    with(SHEET, |text| {
        let start = text.find("<row r=\"2\"").unwrap();
        let end = text.find("</sheetData>").unwrap();
        format!("{}{rows}{}", &text[..start], &text[end..])
    })
}

fn wide(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xFF, 0xFE].into_iter().chain(units).collect()
}

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

fn end_record(change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut bytes = whole();
    let start = bytes.len() - 22;
    change(&mut bytes[start..]);
    bytes
}

const LAUGHS: &str = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>";
const DAMAGED: &str = "is damaged";

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
fn ods(rows: &str) -> Vec<u8> {
    let header: String = ROWS[0]
        .iter()
        .map(|text| format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"))
        .collect();
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

/// All of them.
pub const KINDS: &[Kind] = &[
    xlsx("as it should be", FINE, whole),
    // The file as a whole.
    xlsx("nothing", "the file is empty", Vec::new),
    xlsx("one byte", "not a zip", || b"P".to_vec()),
    xlsx("a text", "not a zip", || {
        b"Structure A;Structure B\n".to_vec()
    }),
    xlsx("a web page", "not a zip", || {
        b"<html><table></table></html>".to_vec()
    }),
    xlsx("the beginning of a zip", "cut short", || {
        b"PK\x03\x04".to_vec()
    }),
    xlsx("half of it", "cut short", || {
        let mut bytes = whole();
        bytes.truncate(bytes.len() / 2);
        bytes
    }),
    xlsx("one byte too few", "cut short", || {
        let mut bytes = whole();
        bytes.pop();
        bytes
    }),
    xlsx("a byte too many", "cut short or has trailing bytes", || {
        let mut bytes = whole();
        bytes.push(b'\n');
        bytes
    }),
    xlsx("something before it", "not a zip", || {
        [b"#!/bin/sh\n".to_vec(), whole()].concat()
    }),
    xlsx("a zip before it", "trailing bytes", || {
        [whole(), whole()].concat()
    }),
    xlsx("a file of noughts", "not a zip", || vec![0; 100_000]),
    xlsx(
        "an .ods by another name",
        "an OpenDocument workbook",
        || ods(""),
    ),
    xlsx("an encrypted workbook", "encrypted with a password", || {
        compound("EncryptedPackage", &[7; 5_000])
    }),
    xlsx("an .xls by another name", "a legacy .xls file", || {
        compound("Workbook", &xls(&compound::ROWS))
    }),
    xlsx("an .xlsb by another name", "a binary .xlsb file", || {
        replaced("_rels/.rels", "workbook.xml", "workbook.bin")
    }),
    xlsx("a text document", "no workbook", || {
        replaced(
            BOOK,
            "spreadsheetml/2006/main",
            "wordprocessingml/2006/main",
        )
    }),
    // The zip.
    xlsx("no entry", "no workbook", || zip(&[])),
    xlsx("an end that counts more entries", DAMAGED, || {
        end_record(|end| end[10] += 1)
    }),
    xlsx("an end that counts 65,535 entries", "cut short", || {
        end_record(|end| end[8..12].fill(0xFF))
    }),
    xlsx("a directory beyond the file", "cut short", || {
        end_record(|end| end[19] = 0x7F)
    }),
    xlsx("a directory of no length", FINE, || {
        end_record(|end| end[12..16].fill(0))
    }),
    xlsx(
        "a sheet whose checksum is wrong",
        "sheet1.xml\" is damaged",
        || with_entry(SHEET, |entry| entry.crc ^= 1),
    ),
    xlsx(
        "styles whose checksum is wrong",
        "styles.xml\" is damaged",
        || with_entry(STYLES, |entry| entry.crc ^= 1),
    ),
    xlsx("a sheet larger than it says", DAMAGED, || {
        with_entry(SHEET, |entry| entry.size -= 40)
    }),
    xlsx("a sheet smaller than it says", DAMAGED, || {
        with_entry(SHEET, |entry| entry.size += 40)
    }),
    xlsx("a sheet that says 4 GiB", "too large", || {
        with_entry(SHEET, |entry| entry.size = u32::MAX - 1)
    }),
    xlsx(
        "strings that say 1 GiB and hold 500 bytes",
        "like a zip bomb",
        || with_entry(STRINGS, |entry| entry.size = 1 << 30),
    ),
    xlsx(
        "a bomb that says 500 bytes and holds 1 GiB",
        DAMAGED,
        || {
            with_entry(STRINGS, |entry| {
                entry.packed = Entry::run("", b' ', 1 << 30).packed;
            })
        },
    ),
    xlsx("a picture of 64 MiB in 64 KB", "like a zip bomb", || {
        with_more([Entry::tight("xl/media/image1.png", &vec![0; 64 << 20])])
    }),
    xlsx("a picture of 1 GiB in 7 MB", FINE, || {
        // No more than text that repeats itself: nobody here looks into pictures.
        with_more([Entry::run("xl/media/image1.png", 0, 1 << 30)])
    }),
    xlsx(
        "a hundred pictures of 1 MB in a kilobyte each",
        "like a zip bomb",
        || {
            let bomb = Entry::tight("", &[0; 1 << 20]);
            with_more((0..100).map(|number| Entry {
                name: format!("xl/media/image{number}.png").into_bytes(),
                ..bomb.clone()
            }))
        },
    ),
    xlsx("strings of 1 GiB in 7 MB", "more than 16 MiB", || {
        with_entry(STRINGS, |entry| *entry = Entry::run(STRINGS, b' ', 1 << 30))
    }),
    xlsx("entries that lie over one another", "disagree", || {
        let bomb = Entry::run("a", 0, 1 << 20);
        let mut listed = entries(&parts());
        listed.push(bomb.clone());
        for number in 0..50 {
            listed.push(Entry {
                name: format!("b{number}").into_bytes(),
                listed_only: true,
                offset: Some(0),
                ..bomb.clone()
            });
        }
        zip(&listed)
    }),
    xlsx("30,000 entries", "30007 parts", || {
        with_more((0..30_000).map(|number| Entry::stored(&format!("a{number}"), b"")))
    }),
    xlsx("an entry that is there twice", "is there twice", || {
        with_more([Entry::new(SHEET, b"<worksheet/>")])
    }),
    xlsx(
        "a name that is there in capitals too",
        "is there twice",
        || with_more([Entry::new("XL/Worksheets/SHEET1.XML", b"<worksheet/>")]),
    ),
    xlsx(
        "a name that is the same once decoded",
        "is there twice",
        || with_more([Entry::new("xl/worksheets/%73heet1.xml", b"<worksheet/>")]),
    ),
    xlsx("a file that is a folder too", "also a folder", || {
        with_more([Entry::new("xl/worksheets/sheet1.xml/a", b"")])
    }),
    xlsx("a name that leads out of the folder", FINE, || {
        with_more([Entry::new("../../../../tmp/evil.sh", b"#!/bin/sh")])
    }),
    xlsx("a header that names another part", DAMAGED, || {
        with_entry(SHEET, |entry| {
            entry.local_name = Some(b"xl/worksheets/sheet2.xml".to_vec());
        })
    }),
    xlsx("an encrypted entry", "sheet1.xml\" is encrypted", || {
        with_entry(SHEET, |entry| entry.flags |= 1)
    }),
    xlsx("an entry in LZMA", "method other than deflate", || {
        with_entry(SHEET, |entry| entry.method = 14)
    }),
    xlsx("an entry that is no deflate stream", DAMAGED, || {
        with_entry(SHEET, |entry| entry.packed.fill(0xFF))
    }),
    xlsx("an entry stored that is deflated", DAMAGED, || {
        with_entry(SHEET, |entry| entry.method = 0)
    }),
    // The parts and what ties them together.
    xlsx("no content types", "no content types", || {
        without("[Content_Types].xml")
    }),
    xlsx(
        "no relationships",
        "no relationship to an office document",
        || without("_rels/.rels"),
    ),
    xlsx("no workbook part", "the workbook part is missing", || {
        without(BOOK)
    }),
    xlsx(
        "no relationships of the workbook",
        "a sheet without its relationship",
        || without(LINKS),
    ),
    xlsx("no sheet part", "a sheet's part is missing", || {
        without(SHEET)
    }),
    xlsx(
        "no shared strings",
        "sharedstrings.xml\" is damaged: it is missing",
        || without(STRINGS),
    ),
    xlsx(
        "no styles",
        "styles.xml\" is damaged: it is missing",
        || without(STYLES),
    ),
    xlsx("no sheet in the list", "it lists no sheet", || {
        with(BOOK, |text| {
            let (start, end) = (
                text.find("<sheet ").unwrap(),
                text.find("</sheets>").unwrap(),
            );
            format!("{}{}", &text[..start], &text[end..])
        })
    }),
    xlsx("two sheets in one part", "two sheets are one part", || {
        replaced(
            BOOK,
            "</sheets>",
            "<sheet name=\"b\" sheetId=\"9\" r:id=\"rId1\"/></sheets>",
        )
    }),
    xlsx("two sheets of one name", "two sheets bear one name", || {
        let mut parts = workbook(&[("Proximités", ROWS), ("b", ROWS)], Dialect::default());
        let book = parts.iter_mut().find(|(name, _)| name == BOOK).unwrap();
        let text = String::from_utf8(std::mem::take(&mut book.1)).unwrap();
        book.1 = text.replace("\"b\"", "\"PROXIMITÉS\"").into_bytes();
        pack(&parts)
    }),
    xlsx(
        "a sheet that stands on the web",
        "a sheet without its relationship",
        || {
            replaced(
                LINKS,
                "Target=\"worksheets/sheet1.xml\"",
                "TargetMode=\"External\" Target=\"https://example.org/sheet1.xml\"",
            )
        },
    ),
    xlsx("a sheet that is the styles", DAMAGED, || {
        replaced(LINKS, "worksheets/sheet1.xml", "theme/../styles.xml")
    }),
    xlsx("60,000 sheets", "a sheet without its relationship", || {
        with(BOOK, |text| {
            let many: String = (0..60_000)
                .map(|number| {
                    format!("<sheet name=\"s{number}\" sheetId=\"{number}\" r:id=\"x{number}\"/>")
                })
                .collect();
            text.replace("</sheets>", &format!("{many}</sheets>"))
        })
    }),
    xlsx("a digital signature", FINE, || {
        beside("_xmlsignatures/origin.sigs", b"")
    }),
    // What stands before the root element.
    xlsx("a DOCTYPE in a sheet", "sheet1.xml\" has a DOCTYPE", || {
        with(SHEET, |text| format!("<!DOCTYPE worksheet>{text}"))
    }),
    xlsx(
        "a billion laughs in the strings",
        "sharedStrings.xml\" has a DOCTYPE",
        || {
            with(STRINGS, |text| {
                format!("{LAUGHS}{}", text.replace("Bora", "&d;"))
            })
        },
    ),
    xlsx(
        "a DOCTYPE in the workbook",
        "workbook.xml\" has a DOCTYPE",
        || {
            with(BOOK, |text| {
                format!("<?xml version=\"1.0\"?><!-- --><!DOCTYPE a>{text}")
            })
        },
    ),
    xlsx(
        "a DOCTYPE in relationships",
        ".rels\" has a DOCTYPE",
        || {
            with(LINKS, |text| {
                format!("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">{text}")
            })
        },
    ),
    xlsx(
        "a DOCTYPE in somebody's own part",
        "item1.xml\" has a DOCTYPE",
        || beside("customXml/item1.xml", b"\n<!DOCTYPE a><a/>"),
    ),
    xlsx("a DOCTYPE in UTF-16", "item1.xml\" has a DOCTYPE", || {
        beside(
            "customXml/item1.xml",
            &wide("<?xml version=\"1.0\"?><!DOCTYPE a><a/>"),
        )
    }),
    xlsx(
        "a DOCTYPE in a part of another ending",
        "drawing1.vml\" has a DOCTYPE",
        || beside("xl/drawings/drawing1.vml", b"<!DOCTYPE a><a/>"),
    ),
    xlsx("somebody's own part in UTF-16", FINE, || {
        beside("customXml/item1.xml", &wide("<?xml version=\"1.0\"?><a/>"))
    }),
    xlsx("a sheet in UTF-16", "encoded in UTF-16", || {
        with_bytes(SHEET, wide("<worksheet/>"))
    }),
    xlsx("strings in Latin-1", "encoded in ISO-8859-1", || {
        with(STRINGS, |text| {
            format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{text}")
        })
    }),
    xlsx(
        "strings that are not UTF-8",
        "sharedStrings.xml\" is damaged: its text is not UTF-8",
        || {
            let parts = parts();
            let (_, mut bytes) = parts.into_iter().find(|(name, _)| name == STRINGS).unwrap();
            let at = bytes.windows(4).position(|four| four == b"Alma").unwrap();
            bytes[at] = 0xE9;
            with_bytes(STRINGS, bytes)
        },
    ),
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
            let many: String = (0..10_000)
                .map(|number| format!(" xmlns:n{number}=\"u\""))
                .collect();
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
        "one long string in a million cells",
        "more text than a programme has",
        || {
            let string = "x".repeat(30_000);
            let mut parts = parts();
            for (name, data) in &mut parts {
                let text = String::from_utf8(std::mem::take(data)).unwrap();
                *data = match name.as_str() {
                    STRINGS => text.replace("Cirque", &string),
                    SHEET => {
                        let rows: String = (2..20_000)
                            .map(|row| {
                                format!(
                                    "<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>5</v></c></row>"
                                )
                            })
                            .collect();
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
