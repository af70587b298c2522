//! Damaged and hostile workbooks, each made here, and what is said of it.

mod others;
mod packages;
mod sheets;
mod zips;

use super::archive::{Entry, zip};
use super::parts::{Dialect, Parts, entries, pack, workbook};

pub use others::document;

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

fn end_record(change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut bytes = whole();
    let start = bytes.len() - 22;
    change(&mut bytes[start..]);
    bytes
}

const LAUGHS: &str = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>";
const DAMAGED: &str = "is damaged";

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Kind> {
    let families = [zips::KINDS, packages::KINDS, sheets::KINDS, others::KINDS];
    families.into_iter().flatten()
}
