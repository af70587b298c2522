//! The workbooks of a new programme, with or without the sample: what `init` writes.
//!
//! `layout` says which workbook holds which sheets, `content` what stands on one sheet, and `sheet`
//! writes it; `choices` are the drop-down lists, `guide` the sheet « Mode d'emploi », and `settings_file`
//! the text of `programme.toml`. The rows of the sample lie in `sample`, one file a sheet.

mod choices;
mod content;
mod guide;
mod layout;
mod paint;
mod sample;
mod settings_file;
mod sheet;
#[cfg(test)]
mod tests;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveTime;
use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use crate::config::{FILE_NAME, Settings};
use crate::french::typographic;
use content::Content;
use layout::{Book, WORKBOOKS};

/// Why a programme folder could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StarterError {
    /// A workbook could not be made: a fault of the starter or of the settings it was given.
    #[error("the workbook {file} can't be made: {source}")]
    Workbook {
        /// The file's name.
        file: String,
        /// What the writer of workbooks says.
        source: XlsxError,
    },
    /// Something stands where a file would go; nothing was written.
    #[error("{} is not touched: it already holds {}", folder.display(), names.join(", "))]
    InTheWay {
        /// The folder.
        folder: PathBuf,
        /// Every name that is taken.
        names: Vec<String>,
    },
    /// The folder or a file in it could not be written; what this call had written is gone again.
    #[error("{} can't be written: {source}", path.display())]
    Write {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// The files of a new programme folder: `programme.toml`, then the workbooks, each with its name
/// and its bytes. The same settings give the same bytes.
///
/// # Errors
/// [`StarterError::Workbook`].
pub fn files(settings: &Settings, sample: bool) -> Result<Vec<(String, Vec<u8>)>, StarterError> {
    let settings = if sample {
        sample::coordinated(settings)
    } else {
        settings.clone()
    };
    let toml = settings_file::text(&settings);
    let mut files = vec![(FILE_NAME.to_owned(), toml.into_bytes())];
    for book in WORKBOOKS {
        let bytes = workbook(book, &settings, sample).map_err(|source| StarterError::Workbook {
            file: book.file.to_owned(),
            source,
        })?;
        files.push((book.file.to_owned(), bytes));
    }
    Ok(files)
}

/// Writes the files into a folder, which is made where it doesn't exist. Nothing is ever
/// overwritten: all the names are looked at before the first file is written, and a file that
/// appears meanwhile stops it too.
///
/// # Errors
/// [`StarterError::InTheWay`], [`StarterError::Write`].
pub fn write(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), StarterError> {
    let taken: Vec<String> = files
        .iter()
        .filter(|(name, _)| fs::symlink_metadata(folder.join(name)).is_ok())
        .map(|(name, _)| name.clone())
        .collect();
    if !taken.is_empty() {
        return Err(StarterError::InTheWay {
            folder: folder.to_owned(),
            names: taken,
        });
    }
    fs::create_dir_all(folder).map_err(|source| StarterError::Write {
        path: folder.to_owned(),
        source,
    })?;
    let mut written = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Err(source) = write_new(&path, bytes, &mut written) {
            // Half a programme folder would be in the way of the next try.
            for path in &written {
                let _ = fs::remove_file(path);
            }
            return Err(StarterError::Write { path, source });
        }
    }
    Ok(())
}

/// French prose as it is printed: curved apostrophes, unbreakable spaces.
fn typeset(text: &str) -> String {
    typographic(&text.replace('\'', "’"))
}

fn write_new(path: &Path, bytes: &[u8], written: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    written.push(path.to_owned());
    file.write_all(bytes)?;
    file.sync_all()
}

fn workbook(book: &Book, settings: &Settings, sample: bool) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The clock must not come into the bytes.
    let made = settings.programme.start.and_time(NaiveTime::MIN);
    let properties = DocProperties::new()
        .set_title(book.title)
        .set_author(&settings.programme.name)
        .set_creation_datetime(&made.and_utc());
    workbook.set_properties(&properties);

    let contents: Vec<Content> = book
        .roles
        .iter()
        .map(|role| Content::new(*role, sample))
        .collect();
    for content in &contents {
        let worksheet = workbook.add_worksheet();
        sheet::write(worksheet, content, &contents, settings)?;
        if sample {
            sample::extras::decorate(worksheet, content, &contents, settings)?;
        }
    }
    if sample {
        sample::extras::add_helpers(&mut workbook, &contents)?;
    }
    guide::write(workbook.add_worksheet(), book, settings)?;
    choices::write_lists(workbook.add_worksheet(), settings)?;
    workbook.save_to_buffer()
}
