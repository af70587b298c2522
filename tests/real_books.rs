//! Whatever workbooks one has: each is patched with nothing lost, or refused with its reason.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use peer_culture::package::{
    Book, OwnedCell, OwnedColumn, OwnedValue, Refusal, SheetEdit, flaws, inspect, patch, verify,
};

use crate::folder::sample;

/// A folder of workbooks, looked through with all that lies below it; the sample without.
const FOLDER: &str = "PEER_CULTURE_BOOKS";

#[test]
fn each_is_patched_with_nothing_lost_or_refused() {
    let folder = std::env::var_os(FOLDER).map_or_else(sample, PathBuf::from);
    let (mut patched, mut refused, mut faults) = (0, 0, Vec::new());
    for path in workbooks(&folder) {
        let source = fs::read(&path).unwrap();
        match try_on(&source) {
            Ok(None) => patched += 1,
            Ok(Some(fault)) => faults.push(format!("{}: {fault}", path.display())),
            Err(refusal) => {
                refused += 1;
                println!("refused: {}: {refusal}", path.display());
            }
        }
    }
    println!(
        "{patched} patched, {refused} refused, {} faults",
        faults.len()
    );
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(patched + refused > 0, "no workbook in {}", folder.display());
}

fn workbooks(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        if path.is_dir() {
            found.extend(workbooks(&path));
        } else if extension == "xlsx" || extension == "xlsm" {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Two columns on every sheet: what is wrong with the workbook that comes out.
fn try_on(source: &[u8]) -> Result<Option<String>, Refusal> {
    let facts = inspect(source)?;
    let sheets = facts.sheets.iter().filter(|sheet| sheet.has_cells);
    let edits: Vec<SheetEdit> = sheets
        .map(|sheet| SheetEdit {
            columns: columns(first_row(source, &sheet.name)),
            sheet: sheet.name.clone(),
        })
        .collect();
    let made = patch(source, &edits)?;
    if let Err(difference) = verify(source, &made.bytes, &edits) {
        return Ok(Some(difference.to_string()));
    }
    if patch(&made.bytes, &edits)?.changed {
        return Ok(Some("a second time changes it".to_owned()));
    }
    let before = flaws(source)?;
    let mut after = flaws(&made.bytes)?.into_iter();
    let new = after.find(|flaw| !before.contains(flaw));
    Ok(new.map(|flaw| format!("{flaw:?}")))
}

/// The first row with a value.
fn first_row(source: &[u8], sheet: &str) -> u32 {
    let mut first = 0;
    if let Ok(book) = Book::open(source) {
        let _ = book.visit(sheet, &mut |row, cells| {
            if cells.is_empty() {
                return ControlFlow::Continue(());
            }
            first = row;
            ControlFlow::Break(())
        });
    }
    first
}

fn columns(header_row: u32) -> Vec<OwnedColumn> {
    let column = |header: &'static str, texts: [&str; 3]| {
        let rows = header_row + 1..;
        let cells = rows.zip(texts).map(|(row, text)| {
            let value = OwnedValue::Text(text.to_owned().into());
            let cell = OwnedCell {
                value,
                ..OwnedCell::default()
            };
            (row, cell)
        });
        OwnedColumn {
            header: header.into(),
            header_row,
            cells: cells.collect(),
            ..OwnedColumn::default()
        }
    };
    vec![
        column("Essai (auto)", ["OK", "=1+1", "é < à"]),
        column("Remarque (auto)", ["une ligne\nune autre", "", "😀"]),
    ]
}
