//! Replacing a file without ever opening it for writing: written beside, flushed, opened again and
//! compared, renamed, and the folder flushed (hazards.md, Files). A disk that is full, a crash or a
//! power cut leaves the old file or the new one, whole.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::platform;

/// Who may read the file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access<'a> {
    /// Its owner alone: 0600 whatever the umask, and whatever the replaced file had.
    Private,
    /// Those who could read the file that it replaces: its mode, owner, group and access list stay.
    /// Where there was none, its owner alone. A link to a file stays a link.
    Kept,
    /// Those who can read that other file, as far as we may give that.
    Like(&'a Path),
}

/// Replaces a file by these bytes, or makes it.
///
/// # Errors
/// It cannot be written, or cannot take the old file's place: the old file is then untouched and
/// nothing is left beside it. When only the flushing of the folder failed, the new file is there.
pub fn replace(path: &Path, bytes: &[u8], access: Access<'_>) -> io::Result<()> {
    Ok(stage(path, bytes, access)?.commit()?)
}

/// Replaces a file that nobody would miss, whole but not flushed: after a power cut it may be the
/// old one, the new one or broken, and its reader must see which.
///
/// # Errors
/// It cannot be written, or cannot take the old file's place; nothing is left beside it.
pub fn replace_fleeting(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (beside, mut file) = make_beside(path)?;
    let staged = Staged {
        beside,
        target: path.to_owned(),
        keeps: false,
        gone: false,
    };
    file.write_all(bytes)?;
    drop(file);
    Ok(staged.put()?)
}

/// Writes the bytes beside the file, flushed and compared: all that can fail for want of room has
/// then been done.
///
/// # Errors
/// It cannot be written; nothing is left beside the file.
pub fn stage(path: &Path, bytes: &[u8], access: Access<'_>) -> Result<Staged, StageError> {
    let target = match access {
        Access::Kept if path.is_symlink() => fs::canonicalize(path).map_err(StageError::Make)?,
        _ => path.to_owned(),
    };
    let (beside, mut file) = make_beside(&target).map_err(StageError::Make)?;
    // From here on whatever fails removes the file.
    let staged = Staged {
        beside,
        target,
        keeps: access == Access::Kept,
        gone: false,
    };
    file.write_all(bytes)?;
    match access {
        Access::Kept if staged.target.exists() => {
            platform::keep_access(&file, &staged.target).map_err(StageError::Access)?;
        }
        Access::Like(other) => {
            platform::share_like(&file, other).map_err(StageError::Access)?;
        }
        Access::Kept | Access::Private => {}
    }
    file.sync_all()?;
    drop(file);
    if !holds(&staged.beside, bytes)? {
        let cause = "what was written could not be read back";
        return Err(io::Error::new(io::ErrorKind::InvalidData, cause).into());
    }
    Ok(staged)
}

/// Why a file could not be written beside its target. Nothing is left of it.
#[derive(Debug, Error)]
pub enum StageError {
    /// No file can be made in that folder.
    #[error("no file can be made in the folder: {0}")]
    Make(#[source] io::Error),
    /// It can't be given the mode, owner, group or access list that it should have.
    #[error("owner and rights can't be kept: {0}")]
    Access(#[source] io::Error),
    /// It can't be written whole.
    #[error("it can't be written: {0}")]
    Write(#[from] io::Error),
}

impl From<StageError> for io::Error {
    fn from(error: StageError) -> Self {
        let (StageError::Make(cause) | StageError::Access(cause) | StageError::Write(cause)) =
            &error;
        Self::new(cause.kind(), error)
    }
}

/// A file that is written beside its target, and takes its place with [`Staged::commit`]. Dropped
/// before that, it is removed.
#[derive(Debug)]
pub struct Staged {
    beside: PathBuf,
    target: PathBuf,
    /// What the target's owner gave it stays.
    keeps: bool,
    /// No longer ours to remove.
    gone: bool,
}

impl Staged {
    /// Takes the target's place.
    ///
    /// # Errors
    /// See [`CommitError`].
    pub fn commit(self) -> Result<(), CommitError> {
        let folder = folder_of(&self.target).to_owned();
        self.put()?;
        platform::flush_folder(&folder).map_err(CommitError::Flush)
    }

    fn put(mut self) -> Result<(), CommitError> {
        let put = if self.keeps {
            platform::take_place(&self.beside, &self.target)
        } else {
            fs::rename(&self.beside, &self.target)
        };
        put.map_err(|error| {
            if platform::is_held_open(&self.target) {
                CommitError::Held(error)
            } else {
                CommitError::Rename(error)
            }
        })?;
        self.gone = true;
        Ok(())
    }

    /// Neither takes the target's place nor is removed: it stays beside it, as after a crash, for
    /// [`leftovers_of`] to find.
    pub fn leave(mut self) {
        self.gone = true;
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.gone {
            // Nothing more can be done; `remove_leftovers` finds it later.
            let _ = fs::remove_file(&self.beside);
        }
    }
}

/// Why a staged file did not take its target's place for certain.
#[derive(Debug, Error)]
pub enum CommitError {
    /// The target is as it was.
    #[error("cannot be put in its place: {0}")]
    Rename(#[source] io::Error),
    /// The target is as it was: another program holds it open (Windows).
    #[error("the file in its place is open in another program: {0}")]
    Held(#[source] io::Error),
    /// The new file is there, but a power cut may still bring the old one back.
    #[error("the folder cannot be flushed: {0}")]
    Flush(#[source] io::Error),
}

impl From<CommitError> for io::Error {
    fn from(error: CommitError) -> Self {
        let (CommitError::Rename(cause) | CommitError::Held(cause) | CommitError::Flush(cause)) =
            &error;
        Self::new(cause.kind(), error)
    }
}

/// Whether the file holds exactly these bytes.
///
/// # Errors
/// It cannot be read.
pub fn holds(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut rest = bytes;
    let mut buffer = [0; 16 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        let read = buffer.get(..count).unwrap_or_default();
        if read.is_empty() {
            return Ok(rest.is_empty());
        }
        match rest.strip_prefix(read) {
            Some(left) => rest = left,
            None => return Ok(false),
        }
    }
}

/// SHA-256 of what the file holds.
///
/// # Errors
/// It cannot be read.
pub fn sha256(path: &Path) -> io::Result<[u8; 32]> {
    let mut digest = Sha256::new();
    let mut file = File::open(path)?;
    let mut buffer = [0; 16 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        match buffer.get(..count) {
            None | Some([]) => return Ok(digest.finalize().into()),
            Some(read) => digest.update(read),
        }
    }
}

/// The files that a crash left beside `name` in the folder.
///
/// # Errors
/// The folder cannot be listed.
pub fn leftovers_of(folder: &Path, name: &str) -> io::Result<Vec<PathBuf>> {
    let prefix = beside_prefix(name);
    list_leftovers(folder, |found| found.starts_with(&prefix))
}

/// Removes what crashes left beside any file of the folder. Only for who holds the run lock: the
/// files of another run that is under way look the same.
///
/// # Errors
/// The folder cannot be listed, or a file cannot be removed.
pub fn remove_leftovers(folder: &Path) -> io::Result<()> {
    for path in list_leftovers(folder, |_| true)? {
        fs::remove_file(path)?;
    }
    Ok(())
}

fn list_leftovers(folder: &Path, wanted: impl Fn(&str) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        if is_beside_name(name) && wanted(name) && entry.file_type()?.is_file() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

const MARK: &str = ".tmp-";

/// `.NAME.tmp-PID-N`: the leading dot hides it from the reading of the folder (programme.md §2), and
/// it ends in no extension that a spreadsheet, a mail program or a sync client would open.
fn make_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let name = target.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let prefix = beside_prefix(&name.to_string_lossy());
    let process = std::process::id();
    loop {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let path = folder_of(target).join(format!("{prefix}{process}-{number}"));
        match platform::make_private_file(&path) {
            // An earlier process of the same number crashed here.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|file| (path, file)),
        }
    }
}

/// A long name is cut, so that ours is no longer than file systems allow (255 bytes).
fn beside_prefix(name: &str) -> String {
    let end = name.floor_char_boundary(200);
    format!(".{}{MARK}", name.get(..end).unwrap_or(name))
}

fn is_beside_name(name: &str) -> bool {
    let Some((_, numbers)) = name.rsplit_once(MARK) else {
        return false;
    };
    let Some((process, number)) = numbers.split_once('-') else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    name.starts_with('.') && digits(process) && digits(number)
}

/// The folder that a file lies in.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests;
