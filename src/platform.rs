//! What differs between Linux (and its kin) and Windows: file modes, owners, flushing a folder,
//! taking a file's place, whether somebody holds a file open, and being asked to stop.
//!
//! On Windows files inherit the access list of the folder they are made in, which in a user's own
//! folder means that user: there is no mode to set.

#[cfg(unix)]
#[path = "platform/unix.rs"]
mod imp;
#[cfg(not(unix))]
#[path = "platform/windows.rs"]
mod imp;

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a folder that only its owner may look into (0700 whatever the umask). One that is already
/// there is left as it is; its parent must exist.
///
/// # Errors
/// The folder cannot be made, or something else has its name.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    match imp::make_folder(path) {
        // Another process was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

/// Opens a file for reading and writing, making it if it isn't there, for its owner alone (0600
/// whatever the umask). What it holds is kept.
///
/// # Errors
/// It cannot be opened.
pub fn open_private_file(path: &Path) -> io::Result<File> {
    open_private(path, OpenOptions::new().read(true).write(true).create(true))
}

/// Makes an empty file for its owner alone if it isn't there, and takes the others' rights away if
/// it is. It is not opened then: closing a file ends the locks that this process has on it (POSIX).
///
/// # Errors
/// It cannot be made, or its rights cannot be changed.
pub fn ensure_private_file(path: &Path) -> io::Result<()> {
    match make_private_file(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => imp::restrict_path(path),
        made => made.map(drop),
    }
}

/// Makes a file for its owner alone (0600 whatever the umask), and opens it for writing.
///
/// # Errors
/// A file of that name is there already, or it cannot be made.
pub fn make_private_file(path: &Path) -> io::Result<File> {
    open_private(path, OpenOptions::new().write(true).create_new(true))
}

fn open_private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let file = imp::private(options).open(path)?;
    imp::restrict(&file)?;
    Ok(file)
}

/// Gives a new file the mode, the owner, the group, the access list and the extended attributes of
/// the file that it is to replace. On Windows [`take_place`] does it.
///
/// # Errors
/// One of them cannot be given: replacing the other file would then take it away from the person
/// whose file it is.
pub fn keep_access(new: &File, old: &Path) -> io::Result<()> {
    imp::keep_access(new, old)
}

/// Lets those who may read a file read a new one beside it, as far as we may give that: nobody gets
/// more rights than they have on the other.
///
/// # Errors
/// The other file cannot be looked at.
pub fn share_like(new: &File, other: &Path) -> io::Result<()> {
    imp::share_like(new, other)
}

/// Puts a file in the place of another one in the same folder, at once. On Windows the replaced
/// file's access list, attributes and moment of creation stay (`ReplaceFileW`); elsewhere
/// [`keep_access`] has seen to it. Where there is no other file, this is a renaming.
///
/// # Errors
/// It cannot be put there; the other file is as it was.
pub fn take_place(new: &Path, of: &Path) -> io::Result<()> {
    imp::take_place(new, of)
}

/// Whether a program holds the file open in a way that forbids writing. Only Windows can tell:
/// elsewhere the answer is no, and the files that Excel and LibreOffice leave beside an open
/// workbook are all there is to see.
pub fn is_held_open(path: &Path) -> bool {
    imp::is_held_open(path)
}

/// Whether an error says that another program holds a file open and lets nobody else in. Only
/// Windows has such locks.
#[must_use]
pub fn says_held(error: &io::Error) -> bool {
    imp::says_held(error)
}

/// Gives back its name to a file that [`take_place`] was about to replace when the computer or the
/// process stopped. On Windows a file's taking another one's place is two renamings, and between
/// them the name is free; elsewhere there is nothing to do. Only for who holds the run lock: the
/// files of a run that is under way look the same.
///
/// # Errors
/// A file cannot be renamed or removed.
pub fn finish_replacing(folder: &Path) -> io::Result<()> {
    for (aside, own) in imp::set_aside(folder) {
        if own.exists() {
            // The new file is there, or the old one never left: what is left lies in the backups.
            fs::remove_file(aside)?;
        } else {
            fs::rename(aside, own)?;
        }
    }
    Ok(())
}

/// Whether there is anything to do for [`finish_replacing`].
#[must_use]
pub fn was_cut_off_replacing(folder: &Path) -> bool {
    !imp::set_aside(folder).is_empty()
}

/// How many names the file has in its file system; 1 where that cannot be told.
pub fn link_count(metadata: &Metadata) -> u64 {
    imp::link_count(metadata)
}

/// Flushes a folder, so that a rename in it survives a power cut.
///
/// # Errors
/// The disk failed. A file system that cannot flush folders (some network ones) is no error.
pub fn flush_folder(path: &Path) -> io::Result<()> {
    imp::flush_folder(path)
}

/// Bounds this process: memory in bytes, processor time in seconds. Where the system can't, nothing
/// happens.
///
/// # Errors
/// The system refuses.
pub fn limit_this_process(memory: u64, processor_seconds: u64) -> io::Result<()> {
    imp::limit_this_process(memory, processor_seconds)
}

/// Whether only its owner may look into a folder or file; none where that can't be told.
#[must_use]
pub fn is_private(path: &Path) -> Option<bool> {
    imp::is_private(path)
}

/// Whether standard error goes to systemd's journal (systemd.exec(5), `JOURNAL_STREAM`).
#[must_use]
pub fn stderr_is_the_journal() -> bool {
    imp::stderr_is_the_journal().unwrap_or(false)
}
/// Calls `asked` whenever the process is asked to stop: SIGTERM, SIGINT, SIGHUP; on Windows Ctrl-C
/// and the closing of the console. A signal that whoever started the process had it ignore (`nohup`,
/// a shell's `&`) stays ignored.
///
/// # Errors
/// The system takes no handler.
pub fn on_stop_signal(asked: impl Fn() + Send + 'static) -> io::Result<()> {
    imp::on_stop_signal(asked)
}
