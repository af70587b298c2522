//! The parts, what ties them together, and what stands before their root elements.

use super::super::parts::{Dialect, pack, workbook};
use super::{
    BOOK, DAMAGED, FINE, Kind, LAUGHS, LINKS, ROWS, SHEET, STRINGS, STYLES, beside, parts,
    replaced, with, with_bytes, without, xlsx,
};

fn wide(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xFF, 0xFE].into_iter().chain(units).collect()
}

/// Of this family.
pub const KINDS: &[Kind] = &[
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
        // Only a format would need it.
        FINE,
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
            let many = (0..60_000)
                .map(|number| {
                    format!("<sheet name=\"s{number}\" sheetId=\"{number}\" r:id=\"x{number}\"/>")
                })
                .collect::<Vec<_>>()
                .concat();
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
];
