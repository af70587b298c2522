//! The file as a whole, and the zip around the parts.

use super::super::archive::{Entry, zip};
use super::super::compound::{self, compound, xls};
use super::super::parts::entries;
use super::others::ods;
use super::{
    BOOK, DAMAGED, FINE, Kind, SHEET, STRINGS, STYLES, end_record, parts, replaced, whole,
    with_entry, with_more, xlsx,
};

/// Of this family.
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
];
