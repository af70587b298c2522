//! What differs between Linux (and its kin) and Windows: file modes, owners, flushing a folder.
//!
//! On Windows files inherit the access list of the folder they are made in, which in a user's own
//! folder means that user: there is no mode to set.

use std::fs::{File, Metadata, OpenOptions};
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

/// Gives a new file the mode and the owner of the file that it is to replace.
///
/// # Errors
/// The owner or the mode cannot be given: replacing the other file would then take it away from
/// the person whose file it is.
pub fn keep_access(new: &File, old: &Metadata) -> io::Result<()> {
    imp::keep_access(new, old)
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

/// Whether standard error goes to systemd's journal (systemd.exec(5), `JOURNAL_STREAM`).
#[must_use]
pub fn stderr_is_the_journal() -> bool {
    imp::stderr_is_the_journal().unwrap_or(false)
}

#[cfg(unix)]
mod imp {
    use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
    use std::path::Path;

    const FOLDER: u32 = 0o700;
    const FILE: u32 = 0o600;

    pub fn make_folder(path: &Path) -> io::Result<()> {
        DirBuilder::new().mode(FOLDER).create(path)?;
        // A umask may have taken the owner's own bits.
        if fs::metadata(path)?.mode() & 0o777 == FOLDER {
            return Ok(());
        }
        tolerate(fs::set_permissions(path, Permissions::from_mode(FOLDER)))
    }

    pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
        options.mode(FILE)
    }

    pub fn restrict(file: &File) -> io::Result<()> {
        if file.metadata()?.mode() & 0o777 == FILE {
            return Ok(());
        }
        tolerate(file.set_permissions(Permissions::from_mode(FILE)))
    }

    pub fn restrict_path(path: &Path) -> io::Result<()> {
        if fs::metadata(path)?.mode() & 0o777 == FILE {
            return Ok(());
        }
        tolerate(fs::set_permissions(path, Permissions::from_mode(FILE)))
    }

    /// A USB stick or a network share may know no modes: then there is nothing that we could set.
    fn tolerate(set: io::Result<()>) -> io::Result<()> {
        match set {
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported
                ) =>
            {
                Ok(())
            }
            other => other,
        }
    }

    pub fn keep_access(new: &File, old: &Metadata) -> io::Result<()> {
        let made = new.metadata()?;
        let owner = (made.uid() != old.uid()).then_some(old.uid());
        let group = (made.gid() != old.gid()).then_some(old.gid());
        if owner.is_some() || group.is_some() {
            fchown(new, owner, group)?;
        }
        // After the owner: changing it may clear bits.
        if made.mode() & 0o7777 == old.mode() & 0o7777 {
            return Ok(());
        }
        new.set_permissions(Permissions::from_mode(old.mode() & 0o7777))
    }

    pub fn limit_this_process(memory: u64, processor_seconds: u64) -> io::Result<()> {
        use rustix::process::{Resource, Rlimit, setrlimit};

        let at_most = |bound: u64| Rlimit {
            current: Some(bound),
            maximum: Some(bound),
        };
        // Not every system bounds memory: then the other bound remains.
        let _ = setrlimit(Resource::As, at_most(memory));
        // A damaged file must not leave an image of this process on the disk.
        let _ = setrlimit(Resource::Core, at_most(0));
        Ok(setrlimit(Resource::Cpu, at_most(processor_seconds))?)
    }

    pub fn stderr_is_the_journal() -> Option<bool> {
        let stream = std::env::var("JOURNAL_STREAM").ok()?;
        let (device, node) = stream.split_once(':')?;
        let stderr = fs::metadata("/dev/stderr").ok()?;
        Some(device.parse() == Ok(stderr.dev()) && node.parse() == Ok(stderr.ino()))
    }

    pub fn flush_folder(path: &Path) -> io::Result<()> {
        match File::open(path)?.sync_all() {
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
                ) =>
            {
                Ok(())
            }
            other => other,
        }
    }
}

#[cfg(not(unix))]
mod imp {
    use std::fs::{DirBuilder, File, Metadata, OpenOptions};
    use std::io;
    use std::path::Path;

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

    pub fn keep_access(_new: &File, _old: &Metadata) -> io::Result<()> {
        Ok(())
    }

    pub fn limit_this_process(_memory: u64, _processor_seconds: u64) -> io::Result<()> {
        Ok(())
    }

    pub fn stderr_is_the_journal() -> Option<bool> {
        None
    }

    /// NTFS keeps its own journal of names; a folder cannot be opened as a file here.
    pub fn flush_folder(_path: &Path) -> io::Result<()> {
        Ok(())
    }
}
