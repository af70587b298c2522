//! Which files of the programme folder are her workbooks.

use std::path::Path;

use super::problem::{InputProblem, ProblemCode};
use super::unreadable::Unreadable;
use crate::model::season::Format;

/// The names of the workbooks that lie directly in the folder, sorted: extension in either case,
/// names that start with `~$` or `.` skipped (programme.md §2).
///
/// # Errors
/// The folder can't be listed.
pub fn workbooks(folder: &Path) -> Result<Vec<String>, InputProblem> {
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
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
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
