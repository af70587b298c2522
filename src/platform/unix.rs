//! Linux and its kin.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::thread;

use rustix::process::{Resource, Rlimit, setrlimit};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use xattr::FileExt as _;

const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
/// POSIX access lists, as Linux keeps them.
const ACCESS_LIST: &str = "system.posix_acl_access";

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

pub fn keep_access(new: &File, old: &Path) -> io::Result<()> {
    let old = File::open(old)?;
    let (was, is) = (old.metadata()?, new.metadata()?);
    let owner = (is.uid() != was.uid()).then_some(was.uid());
    let group = (is.gid() != was.gid()).then_some(was.gid());
    if owner.is_some() || group.is_some() {
        fchown(new, owner, group)?;
    }
    // After the owner: changing it may clear bits.
    let mode = was.mode() & 0o7777;
    if new.metadata()?.mode() & 0o7777 != mode {
        new.set_permissions(Permissions::from_mode(mode))?;
    }
    // After the mode: the group's bits of a file with an access list are that list's mask.
    copy_attributes(&old, new)
}

/// Access lists and other extended attributes. A file system without them has none to lose.
fn copy_attributes(old: &File, new: &File) -> io::Result<()> {
    let Ok(names) = old.list_xattr() else {
        return Ok(());
    };
    // What a folder gives to every new file in it.
    if let (Ok(Some(_)), Ok(None)) = (new.get_xattr(ACCESS_LIST), old.get_xattr(ACCESS_LIST)) {
        new.remove_xattr(ACCESS_LIST)?;
    }
    for name in names {
        let Some(value) = old.get_xattr(&name)? else {
            continue;
        };
        let copied = match new.get_xattr(&name) {
            Ok(Some(there)) if there == value => Ok(()),
            _ => new.set_xattr(&name, &value),
        };
        match copied {
            // Labels of the system's own: it gives the new file those of its folder.
            Err(_) if is_label(&name) => {}
            other => other?,
        }
    }
    Ok(())
}

fn is_label(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b"security.") || name.starts_with(b"trusted.")
}

pub fn share_like(new: &File, other: &Path) -> io::Result<()> {
    let other = File::open(other)?;
    let (was, is) = (other.metadata()?, new.metadata()?);
    if is.uid() != was.uid() {
        // Only root may give files away: where we may not, the group must do.
        let _ = fchown(new, Some(was.uid()), None);
    }
    if is.gid() != was.gid() {
        let _ = fchown(new, None, Some(was.gid()));
    }
    let same_group = new.metadata()?.gid() == was.gid();
    let group = if same_group { was.mode() & 0o060 } else { 0 };
    let mode = FILE | group | was.mode() & 0o006;
    tolerate(new.set_permissions(Permissions::from_mode(mode)))?;
    if same_group {
        // Without the list the new file is for fewer people, never for more.
        let _ = copy_access_list(&other, new);
    }
    Ok(())
}

fn copy_access_list(other: &File, new: &File) -> io::Result<()> {
    match other.get_xattr(ACCESS_LIST)? {
        Some(list) => new.set_xattr(ACCESS_LIST, &list),
        None => Ok(()),
    }
}

pub fn take_place(new: &Path, of: &Path) -> io::Result<()> {
    fs::rename(new, of)
}

pub fn is_held_open(_path: &Path) -> bool {
    false
}

pub fn says_held(_error: &io::Error) -> bool {
    false
}

/// A renaming replaces at once.
pub fn set_aside(_folder: &Path) -> Vec<(PathBuf, PathBuf)> {
    Vec::new()
}

pub fn link_count(metadata: &Metadata) -> u64 {
    metadata.nlink()
}

pub fn limit_this_process(memory: u64, processor_seconds: u64) -> io::Result<()> {
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

pub fn is_private(path: &Path) -> Option<bool> {
    const OTHERS: u32 = 0o077;
    Some(fs::metadata(path).ok()?.mode() & OTHERS == 0)
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

pub fn on_stop_signal(asked: impl Fn() + Send + 'static) -> io::Result<()> {
    let ignored = ignored_signals();
    let heeded = [SIGTERM, SIGINT, SIGHUP]
        .into_iter()
        .filter(|signal| ignored & (1 << (signal - 1)) == 0);
    let mut signals = Signals::new(heeded)?;
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || signals.forever().for_each(|_| asked()))?;
    Ok(())
}

/// A bit a signal, the first for signal 1 (proc(5), `SigIgn`); none where the system doesn't tell.
fn ignored_signals() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}
