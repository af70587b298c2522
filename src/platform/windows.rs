//! Windows, and what is neither that nor Linux or its kin.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

pub fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().create(path)
}

pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

pub fn restrict(_file: &File) -> io::Result<()> {
    Ok(())
}

pub fn restrict_path(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// [`take_place`] keeps it.
pub fn keep_access(_new: &File, _old: &Path) -> io::Result<()> {
    Ok(())
}

/// The new file inherits its folder's access list, as the other one did.
pub fn share_like(_new: &File, _other: &Path) -> io::Result<()> {
    Ok(())
}

/// How often a file that a virus scanner or a sync client holds for a moment is tried again.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(200);
/// `ERROR_SHARING_VIOLATION`.
const SHARING_VIOLATION: i32 = 32;
/// `ERROR_LOCK_VIOLATION`.
const LOCK_VIOLATION: i32 = 33;
/// `ERROR_UNABLE_TO_REMOVE_REPLACED` and the two like it: the file was held for a moment.
const HELD: RangeInclusive<i32> = 1175..=1177;

pub fn take_place(new: &Path, of: &Path) -> io::Result<()> {
    if !of.exists() {
        return fs::rename(new, of);
    }
    // Without a name for the old file, `ReplaceFileW` may lose it where it fails half-way.
    let old = aside(of).ok_or(io::ErrorKind::InvalidFilename)?;
    let mut tries = 0..TRIES;
    loop {
        let Err(error) = replace(new, of, &old) else {
            // What is left of it lies in the backups.
            let _ = fs::remove_file(&old);
            return Ok(());
        };
        if !of.exists() && old.exists() {
            fs::rename(&old, of)?;
        }
        let code = error.raw_os_error().unwrap_or(0);
        let passing = code == SHARING_VIOLATION || HELD.contains(&code);
        if !passing || tries.next().is_none() {
            return Err(error);
        }
        thread::sleep(PAUSE);
    }
}

/// What ends the name that a file has while another one takes its place.
const ASIDE: &str = ".peer-culture-old";

fn aside(of: &Path) -> Option<PathBuf> {
    let name = of.file_name()?.to_str()?;
    Some(of.with_file_name(format!(".{name}{ASIDE}")))
}

/// The files of a folder that have such a name, each with its own.
pub fn set_aside(folder: &Path) -> Vec<(PathBuf, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let aside = entries.filter_map(|entry| {
        let path = entry.path();
        let name = path.file_name()?.to_str()?;
        let own = path.with_file_name(name.strip_prefix('.')?.strip_suffix(ASIDE)?);
        Some((path, own))
    });
    let mut found: Vec<_> = aside.collect();
    found.sort();
    found
}

#[cfg(windows)]
fn replace(new: &Path, of: &Path, old: &Path) -> io::Result<()> {
    let text = |path: &Path| -> io::Result<String> {
        let text = path.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
        Ok(text.to_owned())
    };
    let flags = winsafe::co::REPLACEFILE::default();
    winsafe::ReplaceFile(&text(of)?, &text(new)?, Some(&text(old)?), flags)
        .map_err(|error| io::Error::from_raw_os_error(error.raw().cast_signed()))
}

#[cfg(not(windows))]
fn replace(new: &Path, of: &Path, _old: &Path) -> io::Result<()> {
    fs::rename(new, of)
}

/// Opens it as nobody else may then, for writing but without writing.
#[cfg(windows)]
pub fn is_held_open(path: &Path) -> bool {
    use std::os::windows::fs::OpenOptionsExt;

    let opened = OpenOptions::new().write(true).share_mode(0).open(path);
    opened.is_err_and(|error| error.raw_os_error() == Some(SHARING_VIOLATION))
}

#[cfg(not(windows))]
pub fn is_held_open(_path: &Path) -> bool {
    false
}

pub fn says_held(error: &io::Error) -> bool {
    let code = error.raw_os_error();
    cfg!(windows) && matches!(code, Some(SHARING_VIOLATION | LOCK_VIOLATION))
}

/// The standard library does not tell it here.
pub fn link_count(_metadata: &Metadata) -> u64 {
    1
}

pub fn limit_this_process(_memory: u64, _processor_seconds: u64) -> io::Result<()> {
    Ok(())
}

pub fn is_private(_path: &Path) -> Option<bool> {
    None
}

pub fn stderr_is_the_journal() -> Option<bool> {
    None
}

/// NTFS keeps its own journal of names; a folder cannot be opened as a file here.
pub fn flush_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

pub fn on_stop_signal(asked: impl Fn() + Send + 'static) -> io::Result<()> {
    ctrlc::set_handler(asked).map_err(io::Error::other)
}
