//! What the workbooks were before they were written: `.peer-culture/sauvegardes/DAY/NAME`, for her
//! to copy back by hand.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::files::{self, Access};
use crate::outbox::state_folder;
use crate::platform;
use crate::programme::Programme;

/// The folder of the backups of a programme folder: one folder a day in it.
pub fn backups_folder(programme: &Path) -> PathBuf {
    state_folder(programme).join("sauvegardes")
}

/// Keeps a workbook as it was before the night, under the night's day: for its owner alone, flushed.
/// A second run of the same day that writes again keeps what the first one left, beside.
///
/// # Errors
/// It can't be kept: the workbook must then not be replaced.
pub fn keep(programme: &Programme, name: &str, bytes: &[u8]) -> io::Result<()> {
    let all = backups_folder(&programme.folder);
    let today = all.join(programme.now.today.to_string());
    for folder in [&all, &today] {
        platform::make_private_folder(folder)?;
        platform::flush_folder(files::folder_of(folder))?;
    }
    for number in 1.. {
        let path = today.join(numbered(name, number));
        if !path.exists() {
            return files::replace(&path, bytes, Access::Private);
        }
        if files::holds(&path, bytes)? {
            break;
        }
    }
    Ok(())
}

/// `ateliers.xlsx`, then `ateliers (2).xlsx`.
fn numbered(name: &str, number: u32) -> String {
    match name.rsplit_once('.') {
        _ if number == 1 => name.to_owned(),
        Some((stem, extension)) => format!("{stem} ({number}).{extension}"),
        None => format!("{name} ({number})"),
    }
}

/// Removes the oldest days beyond the nights that are to be kept. Days on which nothing was written
/// don't count; today's are never removed.
///
/// # Errors
/// A folder can't be listed or removed.
pub fn prune(programme: &Programme) -> io::Result<()> {
    let nights = usize::try_from(programme.settings.output.backups).unwrap_or(usize::MAX);
    let mut days = days(&programme.folder)?;
    days.sort();
    let too_many = days.len().saturating_sub(nights);
    for (day, folder) in days.iter().take(too_many) {
        if *day != programme.now.today {
            fs::remove_dir_all(folder)?;
        }
    }
    Ok(())
}

/// Removes what a run that was cut off left of a backup in the making.
pub fn sweep(programme: &Path) {
    for (_, folder) in days(programme).unwrap_or_default() {
        let _ = files::remove_leftovers(&folder);
    }
}

/// The days' folders; whatever else lies there is not ours.
fn days(programme: &Path) -> io::Result<Vec<(NaiveDate, PathBuf)>> {
    let entries = match fs::read_dir(backups_folder(programme)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut days = Vec::new();
    for entry in entries {
        let entry = entry?;
        let day = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if let Some(day) = day.filter(|_| entry.path().is_dir()) {
            days.push((day, entry.path()));
        }
    }
    Ok(days)
}
