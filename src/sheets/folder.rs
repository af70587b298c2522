//! Which files of the programme folder are her workbooks.

use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::conflict;
use super::problem::{InputProblem, ProblemCode};
use super::unreadable::Unreadable;
use crate::model::season::{Conflict, Format};

/// What the name of a copy that lies beside its workbook ends with, before the extension: it is
/// ours, and never read.
const BESIDE: &str = " (contrôles)";

/// What lies in the folder.
#[derive(Debug, Default)]
pub struct Found {
    /// Her workbooks, sorted.
    pub workbooks: Vec<String>,
    /// The copies of some of them that a sync client left: not to be read.
    pub conflicts: Vec<Conflict>,
}

/// The workbooks that lie directly in the folder, sorted: extension in either case, names that start
/// with `~$` or `.` skipped (programme.md §2), our own copies beside them too.
///
/// # Errors
/// The folder can't be listed.
pub fn workbooks(folder: &Path) -> Result<Found, InputProblem> {
    let unreadable = |error: std::io::Error| {
        InputProblem::new(
            ProblemCode::UnreadableFolder,
            format!("the folder {} can't be read: {error}", folder.display()),
        )
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let is_file = std::fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_file());
        if let Some(name) = entry.file_name().to_str().filter(|_| is_file)
            && format_by_name(name).is_some()
            && !is_beside_name(name)
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    let conflicts = conflict::find(folder, &names);
    names.retain(|name| !conflicts.iter().any(|conflict| *conflict.name == **name));
    Ok(Found {
        workbooks: names,
        conflicts,
    })
}

/// The name of the copy that lies beside a workbook which could not be written itself:
/// `ateliers (contrôles).xlsx` for `ateliers.xlsx`. Excel wants the content and the extension to
/// agree: an `.xlsm` stays one.
pub fn name_beside(workbook: &str) -> String {
    match workbook.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}{BESIDE}.{extension}"),
        None => format!("{workbook}{BESIDE}"),
    }
}

/// Whether a name is one of those; that of a sync client's conflict copy of one, too.
pub fn is_beside_name(name: &str) -> bool {
    // A Mac writes "ô" as two characters.
    name.nfc().collect::<String>().contains(BESIDE)
}

/// The format that a file's name promises; none for a file that is no workbook of hers.
pub fn format_by_name(name: &str) -> Option<Format> {
    if name.starts_with("~$") || name.starts_with('.') {
        return None;
    }
    match Path::new(name)
        .extension()?
        .to_str()?
        .to_ascii_lowercase()
        .as_str()
    {
        "xlsx" | "xlsm" => Some(Format::Package),
        "ods" => Some(Format::Ods),
        "xls" => Some(Format::Xls),
        _ => None,
    }
}

/// Says why the bytes can't be what the name promises: for a clear message before a reader stumbles.
///
/// # Errors
/// What the file is instead.
pub fn check_content(bytes: &[u8], format: Format) -> Result<(), Unreadable> {
    let is_zip = bytes.starts_with(b"PK\x03\x04");
    let is_compound = bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    let is_ods = is_zip
        && bytes.get(30..).is_some_and(|rest| {
            rest.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
        });
    match format {
        _ if bytes.is_empty() => Err(Unreadable::Empty),
        Format::Package | Format::Xls if is_ods => {
            Err(Unreadable::Misnamed("an OpenDocument workbook", ".ods"))
        }
        Format::Xls if is_zip => Err(Unreadable::Misnamed("a newer Excel workbook", ".xlsx")),
        Format::Ods if is_zip && !is_ods => {
            Err(Unreadable::Misnamed("no OpenDocument workbook", ".xlsx"))
        }
        Format::Xls if !is_compound => Err(Unreadable::NoWorkbook),
        // The rest is for who looks into the package to say.
        _ => Ok(()),
    }
}
