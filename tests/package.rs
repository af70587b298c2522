//! A workbook as its zip entries, for tests that look at parts or change them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::folder::text;

/// A workbook as a zip of parts.
pub struct Package {
    /// In the order of the zip.
    pub names: Vec<String>,
    /// By name.
    pub parts: BTreeMap<String, Vec<u8>>,
}

impl Package {
    /// Reads every entry.
    pub fn open(path: &Path) -> Self {
        let mut archive = ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
        let mut package = Self {
            names: Vec::new(),
            parts: BTreeMap::new(),
        };
        for position in 0..archive.len() {
            let mut entry = archive.by_index(position).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            let name = entry.name().unwrap().into_owned();
            package.names.push(name.clone());
            package.parts.insert(name, bytes);
        }
        package
    }

    /// Adds a part at the end.
    pub fn add(&mut self, part: &str, bytes: &[u8]) {
        self.names.push(part.to_owned());
        self.parts.insert(part.to_owned(), bytes.to_vec());
    }

    /// Changes a text within a part, once.
    pub fn replace(&mut self, part: &str, from: &str, to: &str) {
        let old = text(&self.parts[part]);
        assert!(old.contains(from), "{part} has no {from}");
        let new = old.replacen(from, to, 1);
        self.parts.insert(part.to_owned(), new.into_bytes());
    }

    /// As a file again.
    pub fn zipped(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for name in &self.names {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&self.parts[name]).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// The name of the sheet in a part: the sample's parts are numbered in tab order.
    pub fn sheet_of(&self, part: &str) -> String {
        let number: usize = part
            .trim_start_matches("xl/worksheets/sheet")
            .trim_end_matches(".xml")
            .parse()
            .unwrap();
        let workbook = text(&self.parts["xl/workbook.xml"]);
        let tab = workbook.split("<sheet name=\"").nth(number).unwrap();
        tab.split('"').next().unwrap().replace("&apos;", "'")
    }
}
