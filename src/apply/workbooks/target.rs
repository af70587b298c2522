//! The workbook that is to be written, and the looks at it before that.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use super::cloud;
use super::obstacle::Obstacle;
use super::owner_file;
use crate::clock;
use crate::files;
use crate::model::season::{Conflict, Workbook};
use crate::platform;
use crate::programme::Programme;
use crate::sheets::conflict;
use crate::writeback;

/// A file that somebody is writing does not stay as it is for so long.
const STILL: Duration = Duration::from_secs(2);
/// Where files are synchronised, no lock tells that somebody is at work elsewhere: what they save
/// arrives every few minutes at most.
const STILL_IN_CLOUD: Duration = Duration::from_mins(10);

/// The workbook that is to be written.
pub struct Target<'a> {
    programme: &'a Programme,
    workbook: &'a Workbook,
    /// In the programme folder; a link, perhaps.
    path: PathBuf,
    /// Nobody has changed it since we wrote it: nobody is writing it now.
    as_we_left_it: bool,
}

impl<'a> Target<'a> {
    /// The workbook that was read; whether it is still as we left it.
    pub fn new(programme: &'a Programme, workbook: &'a Workbook, as_we_left_it: bool) -> Self {
        Self {
            programme,
            workbook,
            path: programme.folder.join(&*workbook.name),
            as_we_left_it,
        }
    }

    /// Where it is: a link, perhaps.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its name in the programme folder.
    pub fn name(&self) -> &str {
        &self.workbook.name
    }

    /// Looks whether it may be replaced now: made for everybody to write, open nowhere, alone of its
    /// kind, at rest, and what was read.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn look(&self) -> Result<(), Obstacle> {
        let real = fs::canonicalize(&self.path).map_err(|_| Obstacle::Gone)?;
        let metadata = fs::metadata(&real).map_err(|_| Obstacle::Gone)?;
        if metadata.permissions().readonly() {
            return Err(Obstacle::ReadOnly);
        }
        if platform::link_count(&metadata) > 1 {
            return Err(Obstacle::SeveralNames);
        }
        self.look_for_owner(&real)?;
        self.look_for_conflict()?;
        self.wait_until_still(&real, &metadata)?;
        match files::sha256(&real) {
            Ok(hash) if hash == self.workbook.fingerprint => Ok(()),
            Ok(_) => Err(Obstacle::Changed),
            Err(_) => Err(Obstacle::Gone),
        }
    }

    /// Excel and LibreOffice leave their files beside what a link leads to; others beside the link.
    fn look_for_owner(&self, real: &Path) -> Result<(), Obstacle> {
        for path in [real, &self.path] {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if let Some(owner) = owner_file::find(files::folder_of(path), &name) {
                return Err(Obstacle::Open(owner));
            }
        }
        if platform::is_held_open(real) {
            return Err(Obstacle::Held);
        }
        Ok(())
    }

    fn look_for_conflict(&self) -> Result<(), Obstacle> {
        let mut known = self.programme.season.conflicts.iter();
        if let Some(conflict) = known.find(|conflict| conflict.of == self.workbook.name) {
            return Err(self.conflict(conflict));
        }
        // One that came since the folder was read.
        let Ok(entries) = fs::read_dir(&self.programme.folder) else {
            return Ok(());
        };
        let mut copies: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| conflict::tells_conflict(self.name(), name))
            .collect();
        copies.sort();
        match copies.first() {
            None => Ok(()),
            Some(name) => Err(self.conflict(&Conflict {
                name: name.as_str().into(),
                of: self.workbook.name.clone(),
            })),
        }
    }

    fn conflict(&self, conflict: &Conflict) -> Obstacle {
        Obstacle::TwoVersions {
            remark: writeback::two_versions(self.programme, conflict),
        }
    }

    fn wait_until_still(&self, real: &Path, metadata: &Metadata) -> Result<(), Obstacle> {
        if self.as_we_left_it {
            return Ok(());
        }
        let before = stamp(metadata);
        // A moment in the future says nothing: another computer's clock has set it.
        let age = before.1.and_then(clock::age).unwrap_or_default();
        if let Some(service) = cloud::service_of(real)
            && age < STILL_IN_CLOUD
        {
            return Err(Obstacle::JustSynchronised { service });
        }
        if age >= STILL {
            return Ok(());
        }
        thread::sleep(STILL.saturating_sub(age));
        let now = fs::metadata(real).map_err(|_| Obstacle::Gone)?;
        if stamp(&now) == before {
            Ok(())
        } else {
            Err(Obstacle::Changed)
        }
    }
}

fn stamp(metadata: &Metadata) -> (u64, Option<SystemTime>) {
    (metadata.len(), metadata.modified().ok())
}
