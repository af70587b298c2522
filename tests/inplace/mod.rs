//! The workbook itself is written (`output.write = "in-place"`), or a copy beside it where something
//! stands in the way; at no moment is it half written, and nobody's work is overwritten.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use calamine::Data;
use serde_json::Value;

use crate::book::Book;
use crate::folder::Folder;

mod kept;
mod open;
mod versions;
mod written;

const SETTINGS: &str = "[output]\nwrite = \"in-place\"\n";
/// The copy beside `ateliers.xlsx`.
const BESIDE: &str = "ateliers (contrôles).xlsx";

/// The sample, written in place; nobody has touched its workbooks for a day.
fn sample() -> Folder {
    let folder = Folder::sample();
    folder.file("programme.toml", SETTINGS.as_bytes());
    rest(&folder);
    folder
}

/// Nobody has touched the folder's workbooks for a day.
fn rest(folder: &Folder) {
    for (name, _) in workbooks(folder) {
        age(&folder.path().join(name), Duration::from_hours(24));
    }
}

fn age(path: &Path, by: Duration) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - by).unwrap();
}

/// The workbooks directly in the folder with their bytes, by name.
fn workbooks(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    let is_workbook = |name: &str| {
        let extension = Path::new(name).extension();
        !name.starts_with(['~', '.'])
            && extension.is_some_and(|one| ["xlsx", "XLSM", "ods"].contains(&one.to_str().unwrap()))
    };
    let files = folder.files().into_iter();
    files.filter(|(name, _)| is_workbook(name)).collect()
}

/// A night that went through, in part or whole, and what it says of one workbook.
fn night(folder: &Folder, code: i32, workbook: &str) -> Value {
    let (exit, printed) = folder.json("run", &[]);
    assert_eq!(exit, Some(code), "{printed}");
    said_of(&printed, workbook)
}

fn said_of(printed: &Value, workbook: &str) -> Value {
    let mut written = printed["written"].as_array().unwrap().iter();
    let one = written.find(|one| one["workbook"] == workbook);
    one.unwrap_or_else(|| panic!("{workbook}: {}", printed["written"]))
        .clone()
}

fn remark(said: &Value) -> String {
    said["remark"].as_str().unwrap_or_default().to_owned()
}

/// How many registrations of a workbook carry a verdict.
fn flagged(path: &Path) -> usize {
    let book = Book::open(path);
    let sheet = book.sheet("Inscriptions");
    let has_ours = sheet
        .values()
        .any(|(_, _, value)| matches!(value, Data::String(header) if header == "Contrôle (auto)"));
    if !has_ours {
        return 0;
    }
    let rows = 1..sheet.len();
    rows.filter(|row| *sheet.get(*row, "Contrôle (auto)") != Data::Empty)
        .count()
}

/// What a night does with the workbook where something stands in its way: it stays as it was, its
/// flags lie beside it, everything else of the night goes on, and the next night, where nothing
/// stands in the way any longer, writes it and takes the copy away.
fn stands_in_the_way(folder: &Folder, name: &str) -> String {
    let path = folder.path().join(name);
    let before = (
        fs::read(&path).unwrap(),
        fs::metadata(&path).unwrap().modified().unwrap(),
    );
    let (exit, printed) = folder.json("run", &[]);
    assert_eq!(exit, Some(3), "{printed}");
    let said = said_of(&printed, name);
    let beside = name.replace(".xlsx", " (contrôles).xlsx");
    assert_eq!(
        (&said["state"], &said["file"]),
        (&"beside".into(), &beside.clone().into()),
        "{said}"
    );
    assert!(fs::read(&path).unwrap() == before.0);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before.1);
    assert_eq!(flagged(&folder.path().join(&beside)), 70);
    assert_eq!(said_of(&printed, "adherents.xlsx")["state"], "written");
    assert!(!folder.mails().is_empty());
    remark(&said)
}

/// The night after: nothing stands in the way any longer.
fn is_written_at_last(folder: &Folder, name: &str) {
    let said = night(folder, 0, name);
    assert_eq!(said["state"], "written", "{said}");
    assert_eq!(flagged(&folder.path().join(name)), 70);
    let beside = name.replace(".xlsx", " (contrôles).xlsx");
    assert!(!folder.path().join(beside).exists());
}

/// The file that Excel leaves beside an open workbook.
fn excel_file(user: &str) -> Vec<u8> {
    let length = u8::try_from(user.len()).unwrap();
    let mut file = vec![length];
    file.extend(user.as_bytes());
    file.resize(55, b' ');
    file.extend([length, 0]);
    file.extend(user.bytes().flat_map(|byte| [byte, 0]));
    file.resize(165, b' ');
    file
}
