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
        Opened::new(folder, today)?.read(progress)
    }
}

/// A folder whose settings were read, and its workbooks not yet.
#[derive(Debug)]
pub struct Opened {
    /// The folder.
    pub folder: PathBuf,
    /// `programme.toml`, or the defaults where there is none.
    pub settings: Settings,
    /// When the run takes place.
    pub now: Now,
}

impl Opened {
    /// Reads the settings of a folder.
    ///
    /// # Errors
    /// Everything that is wrong with them; and with the workbooks, as far as it can be told.
    pub fn new(folder: &Path, today: Option<NaiveDate>) -> Result<Self, Vec<InputProblem>> {
        let settings =
            settings(folder).map_err(|problems| with_damaged_workbooks(folder, problems))?;
        Ok(Self {
            folder: folder.to_owned(),
            now: Now::new(settings.programme.timezone, today),
            settings,
        })
    }

    /// Reads the workbooks.
    ///
    /// # Errors
    /// Everything that stops the run, at once (programme.md §3).
    pub fn read(self, progress: &Progress) -> Result<Programme, Vec<InputProblem>> {
        let season = sheets::read(&self.folder, &self.settings, progress)?;
        Ok(Programme {
            folder: self.folder,
            settings: self.settings,
            season,
            now: self.now,
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
        Err(_) if !folder.is_dir() => {
            let what = if folder.exists() {
                "a file, not the folder that holds it"
            } else {
                "no folder that is there"
            };
            let message = format!("it is {what}: give the programme's folder");
            return Err(vec![InputProblem::new(
                ProblemCode::UnreadableFolder,
                message,
            )]);
        }
        // Every setting has its default.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Settings::default()),
        Err(error) => {
            let path = folder.join(FILE_NAME);
            let message = if error.kind() == ErrorKind::InvalidData {
                let how = "save it again as UTF-8 (Notepad: Save As, Encoding: UTF-8)";
                format!("{} isn't text in UTF-8: {how}", path.display())
            } else {
                format!("{} can't be read: {error}", path.display())
            };
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
