//! Reading the coordinator's sheets: files to rows, headers to fields, rows to entities.

pub mod cells;
pub mod conflict;
mod fields;
pub mod folder;
mod header;
pub mod held;
pub mod problem;
mod reading;
mod row;
mod rows;
pub mod source;
pub mod unreadable;
mod vocabulary;
pub mod xls;

mod application;
mod committee_mark;
mod evaluation;
mod meeting;
mod member;
mod proximity;
mod registration;
mod resource_person;
mod support;
mod workshop;

pub use folder::workbooks;
pub use problem::{InputProblem, ProblemCode};
pub use reading::Reading;

use std::fs::File;
use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::config::{Settings, Write};
use crate::model::Season;
use crate::model::season::{Format, Workbook};
use crate::package;
use crate::platform;
use crate::progress::Progress;
use unreadable::Unreadable;

/// A workbook of 200,000 rows and 40 columns has a third of that, photographs aside.
const MAX_FILE: u64 = 192 << 20;

/// Reads every workbook of a programme folder.
///
/// # Errors
/// Everything that can't be read at all, at once (programme.md §3).
pub fn read(
    folder: &Path,
    settings: &Settings,
    progress: &Progress,
) -> Result<Season, Vec<InputProblem>> {
    let found = folder::workbooks(folder).map_err(|problem| vec![problem])?;
    let mut reading = Reading::new(settings);
    for name in found.workbooks {
        progress.say(format!("reading {name}"));
        if let Err(cause) = read_workbook(folder, &name, settings, &mut reading) {
            let problem = InputProblem::new(ProblemCode::UnreadableWorkbook, cause.to_string());
            reading.problem(problem.in_workbook(&name));
        }
    }
    let mut season = reading.finish()?;
    season.conflicts = found.conflicts;
    Ok(season)
}

fn read_workbook(
    folder: &Path,
    name: &str,
    settings: &Settings,
    reading: &mut Reading,
) -> Result<(), Unreadable> {
    let Some(format) = folder::format_by_name(name) else {
        return Ok(());
    };
    if name.contains(char::is_control) {
        return Err(Unreadable::Name);
    }
    let bytes = read_file(&folder.join(name))?;
    check(&bytes, format)?;
    let workbook = Workbook {
        name: name.into(),
        format,
        fingerprint: Sha256::digest(&bytes).into(),
        bytes: None,
    };
    // Nothing is known to panic here; if something does, that is one file's fault, not the night's.
    catch_unwind(AssertUnwindSafe(|| {
        let mut source = source::open(&bytes, format)?;
        reading.add(workbook, source.as_mut())
    }))
    .unwrap_or(Err(Unreadable::Stumbled))?;
    if settings.output.write == Write::InPlace && format == Format::Package {
        reading.keep(bytes);
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let in_words = |error: std::io::Error| {
        if platform::says_held(&error) {
            Unreadable::Held
        } else {
            Unreadable::File(error.to_string())
        }
    };
    let file = File::open(path).map_err(in_words)?;
    let size = file.metadata().map_err(in_words)?.len();
    if size > MAX_FILE {
        return Err(Unreadable::TooLarge(size));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    // It may grow while it is read.
    let read = file.take(MAX_FILE + 1).read_to_end(&mut bytes);
    let read = read.map_err(in_words)? as u64;
    if read > MAX_FILE {
        return Err(Unreadable::TooLarge(read));
    }
    Ok(bytes)
}

/// Whether the bytes are what the name promises, and can be read without harm: to be asked before
/// [`source::open`].
///
/// # Errors
/// Why they are not, or can't.
pub fn check(bytes: &[u8], format: Format) -> Result<(), Unreadable> {
    folder::check_content(bytes, format)?;
    match format {
        Format::Package => {
            package::inspect(bytes)?;
            package::check_whole(bytes)?;
        }
        Format::Ods => package::inspect_ods(bytes)?,
        Format::Xls => package::inspect_compound(bytes)?,
    }
    Ok(())
}
