//! The folder itself: rights, the lock, the room left on the disk.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::Check;
use crate::outbox::{RunLock, state_folder};
use crate::platform;

/// What people read lies here (programme.md §2).
const OUTPUT: &str = "controles";

const MIB: u64 = 1024 * 1024;
/// Below this, and some copies of the workbooks, a night may not end.
const LEAST_ROOM: u64 = 100 * MIB;
const GOOD_ROOM: u64 = 1024 * MIB;

pub(super) fn look(folder: &Path) -> Vec<Check> {
    let mut checks = rights(folder);
    checks.push(lock(folder));
    checks.push(room(folder));
    checks
}

fn rights(folder: &Path) -> Vec<Check> {
    const TOPIC: &str = "rights";
    let remedy = "give the folder and all that is in it to the account that runs the program, and run \
                  it as that account only (on Debian: chown -R peer-culture: DIR)";
    let state = state_folder(folder);
    let mut checks = Vec::new();
    let folders = [folder.to_owned(), state.clone(), folder.join(OUTPUT)];
    for path in folders.iter().filter(|path| path.is_dir()) {
        if let Err(error) = try_out(path) {
            let message = format!("files can't be made in {}: {error}", path.display());
            checks.push(Check::repair(TOPIC, message, remedy));
        }
    }
    for path in files_of(&state) {
        // Opened as a run does, and left as it is.
        if let Err(error) = OpenOptions::new().read(true).write(true).open(&path) {
            let message = format!("{} can't be written: {error}", path.display());
            checks.push(Check::repair(TOPIC, message, remedy));
        }
    }
    if checks.is_empty() {
        checks.push(Check::ok(TOPIC, "files can be made, renamed and removed"));
    }
    if state.is_dir() && platform::is_private(&state) == Some(false) {
        checks.push(Check::advice(
            TOPIC,
            format!(
                "others may look into {}, which holds names and addresses",
                state.display()
            ),
            "take their rights away (on Linux: chmod 700 on it)",
        ));
    }
    checks
}

/// The ledger and the lock, where a run has made them: a run by another account, root's most often,
/// leaves what this one can't write.
fn files_of(state: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = fs::read_dir(state) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("ledger") || name == "lock"
        })
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

/// Makes, renames and removes a file. What a crash leaves of it, the next run removes.
fn try_out(folder: &Path) -> io::Result<()> {
    let process = std::process::id();
    let (made, renamed) = (
        folder.join(format!(".doctor.tmp-{process}-0")),
        folder.join(format!(".doctor.tmp-{process}-1")),
    );
    let tried = platform::make_private_file(&made)
        .and_then(|mut file| file.write_all(b"doctor\n").and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&made, &renamed));
    let removed = fs::remove_file(if tried.is_ok() { &renamed } else { &made });
    tried.and(removed)
}

fn lock(folder: &Path) -> Check {
    const TOPIC: &str = "lock";
    match RunLock::holder(folder) {
        None => Check::ok(TOPIC, "no run is under way"),
        Some(holder) => Check::advice(
            TOPIC,
            format!(
                "a run is under way (process {}, since {})",
                holder.process,
                holder.started.format("%Y-%m-%d %H:%M:%S UTC")
            ),
            "let it end; if it has lasted for hours and no rate is set, end that process: the next \
             run goes on where it stopped",
        ),
    }
}

fn room(folder: &Path) -> Check {
    const TOPIC: &str = "disk";
    let left = match fs4::available_space(folder) {
        Ok(left) => left,
        Err(error) => {
            let message = format!("the room left can't be told: {error}");
            return Check::advice(TOPIC, message, "see that the disk is not full");
        }
    };
    let mib = left / MIB;
    let remedy = "make room: a night that can't write is not done, though nothing is lost";
    // The copy, what is written beside it before it takes its place, the backup, the dashboard.
    let needed = LEAST_ROOM + 4 * size_of_files(folder);
    if left < needed {
        Check::repair(TOPIC, format!("only {mib} MiB are left"), remedy)
    } else if left < GOOD_ROOM {
        Check::advice(TOPIC, format!("{mib} MiB are left"), remedy)
    } else {
        Check::ok(TOPIC, format!("{mib} MiB are left"))
    }
}

fn size_of_files(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter_map(|entry| entry.metadata().ok());
    files
        .filter(fs::Metadata::is_file)
        .map(|file| file.len())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;

    #[test]
    fn a_folder_of_ours_is_right_and_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(OUTPUT)).unwrap();
        let checks = look(folder.path());
        assert!(
            checks
                .iter()
                .all(|check| check.topic == "disk" || check.verdict == Verdict::Ok)
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(fs::read_dir(folder.path().join(OUTPUT)).unwrap().count(), 0);
    }

    #[test]
    fn a_place_where_nothing_can_be_made_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a file");
        fs::write(&file, "x").unwrap();
        assert!(try_out(&file).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_state_folder_that_others_may_look_into_is_told() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let state = state_folder(folder.path());
        platform::make_private_folder(&state).unwrap();
        let verdicts = || {
            rights(folder.path())
                .iter()
                .map(|check| check.verdict)
                .max()
        };
        assert_eq!(verdicts(), Some(Verdict::Ok));
        fs::set_permissions(&state, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(verdicts(), Some(Verdict::Advice));
    }
}
