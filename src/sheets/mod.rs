//! Reading the coordinator's sheets: files to rows, headers to fields, rows to entities.

pub mod cells;
mod fields;
mod folder;
mod header;
pub mod problem;
mod reading;
mod row;
mod rows;
pub mod source;
mod vocabulary;

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

pub use problem::{InputProblem, ProblemCode};
pub use reading::Reading;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::config::Settings;
use crate::model::Season;
use crate::model::season::{Format, Workbook};
use crate::package;
use crate::progress::Progress;

/// Reads every workbook of a programme folder.
///
/// # Errors
/// Everything that can't be read at all, at once (programme.md §3).
pub fn read(
    folder: &Path,
    settings: &Settings,
    progress: &Progress,
) -> Result<Season, Vec<InputProblem>> {
    let names = folder::workbooks(folder).map_err(|problem| vec![problem])?;
    let mut reading = Reading::new(settings);
    for name in names {
        progress.say(format!("reading {name}"));
        if let Err(message) = read_workbook(folder, &name, &mut reading) {
            let problem = InputProblem::new(ProblemCode::UnreadableWorkbook, message);
            reading.problem(problem.in_workbook(&name));
        }
    }
    reading.finish()
}

fn read_workbook(folder: &Path, name: &str, reading: &mut Reading) -> Result<(), String> {
    let Some(format) = folder::format_by_name(name) else {
        return Ok(());
    };
    let bytes =
        std::fs::read(folder.join(name)).map_err(|error| format!("it can't be read: {error}"))?;
    folder::check_content(&bytes, format)?;
    if format == Format::Package {
        package::inspect(&bytes).map_err(|refusal| refusal.to_string())?;
        package::check_whole(&bytes).map_err(|refusal| refusal.to_string())?;
    }
    let workbook = Workbook {
        name: name.into(),
        format,
        fingerprint: Sha256::digest(&bytes).into(),
    };
    // calamine panics on some damaged references; that is the file's fault, not the night's.
    catch_unwind(AssertUnwindSafe(|| {
        let mut source = source::open(&bytes, format)?;
        reading.add(workbook, source.as_mut())
    }))
    .unwrap_or_else(|_| Err("a damaged cell stopped the reader".to_owned()))
    .map_err(|message| {
        format!("it is damaged ({message}); open it and save it again, or restore it")
    })
}
