//! A programme folder: its settings and everything that its workbooks say.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::clock::Now;
use crate::config::{FILE_NAME, Settings};
use crate::model::Season;
use crate::progress::Progress;
use crate::sheets::{self, InputProblem, ProblemCode};

/// What one run works on.
#[derive(Debug)]
pub struct Programme {
    /// The folder.
    pub folder: PathBuf,
    /// `programme.toml`, or the defaults where there is none.
    pub settings: Settings,
    /// What the workbooks say.
    pub season: Season,
    /// When the run takes place.
    pub now: Now,
}

impl Programme {
    /// Reads a folder.
    ///
    /// # Errors
    /// Everything that stops the run, at once: settings and workbooks (programme.md §3).
    pub fn load(
        folder: &Path,
        today: Option<NaiveDate>,
        progress: &Progress,
    ) -> Result<Self, Vec<InputProblem>> {
        let settings = match settings(folder) {
            Ok(settings) => settings,
            Err(problems) => return Err(with_damaged_workbooks(folder, problems)),
        };
        let season = sheets::read(folder, &settings, progress)?;
        Ok(Self {
            folder: folder.to_owned(),
            now: Now::new(settings.programme.timezone, today),
            settings,
            season,
        })
    }
}

/// The settings of a programme folder: those of `programme.toml`, or the defaults where there is none.
///
/// # Errors
/// Everything that is wrong with them, at once.
pub fn settings(folder: &Path) -> Result<Settings, Vec<InputProblem>> {
    let text = match std::fs::read_to_string(folder.join(FILE_NAME)) {
        Ok(text) => text,
        // Every setting has its default.
        Err(error) if error.kind() == ErrorKind::NotFound && folder.is_dir() => {
            return Ok(Settings::default());
        }
        Err(error) => {
            let path = folder.join(FILE_NAME);
            let message = format!("{} can't be read: {error}", path.display());
            return Err(vec![InputProblem::new(ProblemCode::BadSettings, message)]);
        }
    };
    Settings::parse(&text).map_err(|problems| {
        problems
            .iter()
            .map(|problem| InputProblem::new(ProblemCode::BadSettings, problem.to_string()))
            .collect()
    })
}

/// Without the settings no sheet can be recognised, but a damaged file is damaged all the same.
fn with_damaged_workbooks(folder: &Path, mut problems: Vec<InputProblem>) -> Vec<InputProblem> {
    if let Err(found) = sheets::read(folder, &Settings::default(), &Progress::none()) {
        let damaged = |problem: &InputProblem| problem.code == ProblemCode::UnreadableWorkbook;
        problems.extend(found.into_iter().filter(damaged));
    }
    problems
}
