//! Replacing a file without ever opening it for writing: written beside, flushed, opened again and
//! compared, renamed, and the folder flushed (hazards.md, Files). A disk that is full, a crash or a
//! power cut leaves the old file or the new one, whole.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use thiserror::Error;

use crate::platform;

/// Who may read the file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Its owner alone: 0600 whatever the umask, and whatever the replaced file had.
    Private,
    /// Those who could read the file that it replaces: its mode and its owner stay. Where there
    /// was none, its owner alone. A link to a file stays a link.
    Kept,
}

/// Replaces a file by these bytes, or makes it.
///
/// # Errors
/// It cannot be written, or cannot take the old file's place: the old file is then untouched and
/// nothing is left beside it. When only the flushing of the folder failed, the new file is there.
pub fn replace(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    Ok(stage(path, bytes, access)?.commit()?)
}

/// Writes the bytes beside the file, flushed and compared: all that can fail for want of room has
/// then been done.
///
/// # Errors
/// It cannot be written; nothing is left beside the file.
pub fn stage(path: &Path, bytes: &[u8], access: Access) -> io::Result<Staged> {
    let target = match access {
        Access::Kept if path.is_symlink() => fs::canonicalize(path)?,
        Access::Kept | Access::Private => path.to_owned(),
    };
    let (beside, mut file) = make_beside(&target)?;
    // From here on whatever fails removes the file.
    let staged = Staged {
        beside,
        target,
        gone: false,
    };
    file.write_all(bytes)?;
    if access == Access::Kept {
        match fs::metadata(&staged.target) {
            Ok(old) => platform::keep_access(&file, &old)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    file.sync_all()?;
    drop(file);
    if !holds(&staged.beside, bytes)? {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "what was written could not be read back",
        ));
    }
    Ok(staged)
}

/// A file that is written beside its target, and takes its place with [`Staged::commit`]. Dropped
/// before that, it is removed.
#[derive(Debug)]
pub struct Staged {
    beside: PathBuf,
    target: PathBuf,
    /// No longer ours to remove.
    gone: bool,
}

impl Staged {
    /// Takes the target's place.
    ///
    /// # Errors
    /// See [`CommitError`].
    pub fn commit(mut self) -> Result<(), CommitError> {
        fs::rename(&self.beside, &self.target).map_err(CommitError::Rename)?;
        self.gone = true;
        platform::flush_folder(folder_of(&self.target)).map_err(CommitError::Flush)
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
    /// The new file is there, but a power cut may still bring the old one back.
    #[error("the folder cannot be flushed: {0}")]
    Flush(#[source] io::Error),
}

impl From<CommitError> for io::Error {
    fn from(error: CommitError) -> Self {
        let (CommitError::Rename(cause) | CommitError::Flush(cause)) = &error;
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

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{
        Access, CommitError, holds, is_beside_name, leftovers_of, remove_leftovers, replace, stage,
    };

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_made_then_replaced_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tableau.xlsx");
        replace(&path, b"first", Access::Private).expect("made");
        replace(&path, b"second, longer", Access::Private).expect("replaced");
        assert_eq!(fs::read(&path).expect("read"), b"second, longer");
        assert_eq!(names(folder.path()), ["tableau.xlsx"]);
    }

    #[test]
    fn a_staged_file_that_is_dropped_leaves_the_old_one_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tableau.xlsx");
        fs::write(&path, "old").expect("written");
        let staged = stage(&path, b"new", Access::Kept).expect("staged");
        assert_eq!(fs::read(&path).expect("read"), b"old");
        assert_eq!(
            leftovers_of(folder.path(), "tableau.xlsx")
                .expect("listed")
                .len(),
            1
        );
        assert!(
            leftovers_of(folder.path(), "autre.xlsx")
                .expect("listed")
                .is_empty()
        );
        drop(staged);
        assert_eq!(names(folder.path()), ["tableau.xlsx"]);
    }

    #[test]
    fn a_rename_that_fails_cleans_up_and_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("taken");
        fs::create_dir(&path).expect("a folder in the way");
        let failure = stage(&path, b"new", Access::Private)
            .expect("staged")
            .commit();
        assert!(matches!(failure, Err(CommitError::Rename(_))));
        assert_eq!(names(folder.path()), ["taken"]);
    }

    #[test]
    fn a_name_at_the_limit_of_the_file_system_still_has_room_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("é".repeat(127));
        replace(&path, b"new", Access::Private).expect("made");
        assert_eq!(fs::read(&path).expect("read"), b"new");
    }

    #[test]
    fn contents_are_compared_to_the_last_byte() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        let bytes: Vec<u8> = (0..50_000_u32).flat_map(u32::to_le_bytes).collect();
        fs::write(&path, &bytes).expect("written");
        assert!(holds(&path, &bytes).expect("read"));
        assert!(!holds(&path, bytes.get(..199_999).expect("bytes")).expect("read"));
        assert!(!holds(&path, &[bytes.as_slice(), b"x"].concat()).expect("read"));
        let mut other = bytes.clone();
        other[150_000] ^= 1;
        assert!(!holds(&path, &other).expect("read"));
    }

    #[test]
    fn only_our_own_leftovers_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [
            ".a.eml.tmp-12-0",
            ".a.eml.tmp-12",
            "a.tmp-12-0",
            ".tmp-x-1",
            "b.eml",
        ] {
            fs::write(folder.path().join(name), "x").expect("written");
        }
        remove_leftovers(folder.path()).expect("removed");
        assert_eq!(
            names(folder.path()),
            [".a.eml.tmp-12", ".tmp-x-1", "a.tmp-12-0", "b.eml"]
        );
        assert!(is_beside_name(".x.tmp-1-2"));
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_workbook_keeps_its_mode_and_a_link_stays_a_link() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("adherents.xlsx");
        let link = folder.path().join("lien.xlsx");
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).expect("a mode");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        replace(&link, b"new", Access::Kept).expect("replaced");
        assert!(link.is_symlink());
        assert_eq!(fs::read(&path).expect("read"), b"new");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o7777;
        assert_eq!(mode(&path), 0o664);
        replace(&path, b"newer", Access::Private).expect("replaced");
        assert_eq!(mode(&path), 0o600);
    }
}
