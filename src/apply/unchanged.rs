//! A run on which nothing can have changed: answered from what the one before it said, without
//! reading the workbooks.
//!
//! A run that did nothing but write workbooks notes what it had seen before it began (a [`Sight`])
//! and how it left its own files; what it printed is kept beside that, as the next run would print
//! it. Where a run sees the very same on the same day, it would do nothing and say just that. Any
//! doubt, a file that can't be read, a message that is still on its way: and the night is done in
//! full. Whatever a night comes to depend on belongs into [`Sight::of`].

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::dashboard::OUTPUT;
use super::delivery;
use super::workbooks::hex;
use super::{Done, WorkbookDone, WorkbookState, moment_of, totals};
use crate::clock::Now;
use crate::config::FILE_NAME;
use crate::files;
use crate::mails::State;
use crate::outbox::{LEDGER_FILE, Ledger, LedgerError, RunLock, STATE_FOLDER, state_folder};
use crate::programme::Opened;
use crate::report::Form;
use crate::sheets::folder::workbooks;

/// What was seen, and the hash of what was said.
const NOTE: &str = "unchanged.json";
/// What was said, deflated.
const SAID: &str = "unchanged.said";
/// An answer is large and read once: the fastest will do.
const LEVEL: u32 = 1;

/// Everything that a night depends on but the ledger, as it was at one moment. Files stand there
/// with their hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight(BTreeMap<String, String>);

impl Sight {
    /// Looks at a programme folder, for a run on that day whose result is told in that form. None
    /// where something can't be looked at.
    #[must_use]
    pub fn of(folder: &Path, now: &Now, form: Form) -> Option<Self> {
        let mut sight = Self::default();
        sight.note("program", program()?);
        sight.note("day", now.today.to_string());
        // The text names the folder as it was named.
        sight.note("form", format!("{} of {}", form.name(), folder.display()));
        // A workbook more or less, one that somebody has open, a sync client's copy.
        sight.note("names", names(folder)?);
        sight.file(folder, FILE_NAME)?;
        for workbook in workbooks(folder).ok()?.workbooks {
            sight.file(folder, &workbook)?;
        }
        sight.files_in(folder, "templates/fr")?;
        // The copies, the dashboard with her answers, who has them open.
        sight.files_in(folder, OUTPUT)?;
        Some(sight)
    }

    fn note(&mut self, what: &str, seen: String) {
        self.0.insert(what.to_owned(), seen);
    }

    /// A file, which may not be there.
    fn file(&mut self, folder: &Path, name: &str) -> Option<()> {
        let path = folder.join(name);
        let seen = match files::sha256(&path) {
            // Where a link leads counts, too.
            Ok(hash) => format!("{} {}", hex(&hash), path.canonicalize().ok()?.display()),
            Err(error) if error.kind() == ErrorKind::NotFound => "not there".to_owned(),
            Err(_) => return None,
        };
        self.note(&of_file(name), seen);
        Some(())
    }

    /// The files directly in a folder, which may not be there.
    fn files_in(&mut self, folder: &Path, inside: &str) -> Option<()> {
        let entries = match fs::read_dir(folder.join(inside)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Some(()),
            entries => entries.ok()?,
        };
        for entry in entries {
            let entry = entry.ok()?;
            let name = format!("{inside}/{}", entry.file_name().to_str()?);
            if !entry.path().is_dir() {
                self.file(folder, &name)?;
            }
        }
        Some(())
    }

    /// It is as it was before, but for files that are as the night left them.
    fn is_explained(&self, before: &Self, left: &BTreeMap<String, String>) -> bool {
        let explained = |(what, seen): (&String, &String)| {
            let is_left = |hash: &String| seen.starts_with(hash.as_str());
            before.0.get(what) == Some(seen) || left.get(what).is_some_and(is_left)
        };
        self.0.iter().all(explained) && before.0.keys().all(|what| self.0.contains_key(what))
    }
}

fn of_file(name: &str) -> String {
    format!("file {name}")
}

/// The version, and which of its builds.
fn program() -> Option<String> {
    let executable = fs::metadata(std::env::current_exe().ok()?).ok()?;
    let built = executable
        .modified()
        .ok()?
        .duration_since(UNIX_EPOCH)
        .ok()?;
    Some(format!(
        "{} {} {}",
        env!("CARGO_PKG_VERSION"),
        executable.len(),
        built.as_nanos()
    ))
}

/// What lies directly in the folder but what is ours.
fn names(folder: &Path) -> Option<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).ok()? {
        let name = entry.ok()?.file_name().into_string().ok()?;
        if name != OUTPUT && name != STATE_FOLDER {
            names.push(name);
        }
    }
    names.sort();
    // No name holds a NUL.
    Some(hex(&Sha256::digest(names.join("\0"))))
}

/// The hash of the ledger while nobody has it open; none where a run was cut off.
fn ledger_at_rest(folder: &Path) -> Option<String> {
    let state = state_folder(folder);
    for entry in fs::read_dir(&state).ok()? {
        let name = entry.ok()?.file_name().into_string().ok()?;
        if name != LEDGER_FILE && name.starts_with(LEDGER_FILE) {
            return None;
        }
    }
    Some(hex(&files::sha256(&state.join(LEDGER_FILE)).ok()?))
}

/// What a run saw, where the next one need not do anything if it sees the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    sight: Sight,
    ledger: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    seen: Seen,
    /// The hash of what was said.
    said: String,
}

/// Whether the next run, on the same, would do nothing: this one sent and settled nothing, nothing
/// is on its way, and its files are those that the next one would make. `changes` are those that
/// the ledger had noted before.
///
/// # Errors
/// The ledger can't be read.
pub(super) fn is_quiet(ledger: &Ledger, changes: i64, done: &Done) -> Result<bool, LedgerError> {
    let is_open = |state: &State| match state {
        State::Planned | State::HandingOver | State::Deferred | State::Unknown => true,
        State::Accepted
        | State::Refused
        | State::Obsolete
        | State::AwaitingApproval
        | State::Rejected
        | State::Settled => false,
    };
    Ok(is_nothing_new(done)
        && ledger.last_change()? == changes
        && !ledger.counts()?.keys().any(is_open))
}

fn is_nothing_new(done: &Done) -> bool {
    // Every field, so that none is forgotten.
    let Done {
        plan,
        states,
        problems,
        counts: _,
        // What it queued and changed is seen in the ledger.
        tally: _,
        workbooks,
        taken_up,
        retired,
        taken,
        morning: _,
        dashboard,
        digest,
        seen: _,
    } = done;
    let is_there = |workbook: &WorkbookDone| {
        workbook.left.is_some()
            && matches!(
                workbook.state,
                WorkbookState::Written | WorkbookState::Unchanged
            )
    };
    let due = &plan.due;
    due.drafts.is_empty()
        && due.settled.is_empty()
        && due.guard.is_none()
        && states.is_empty()
        && problems.is_empty()
        // The day's other runs have none.
        && matches!(digest, None | Some(State::Accepted))
        && taken_up.is_empty()
        && *retired == 0
        && *taken == super::Taken::default()
        && workbooks.iter().chain([dashboard]).all(is_there)
}

/// What a quiet run saw `before` it began, if nothing but its own files has changed since. The
/// ledger must be closed, and the folder held.
pub(super) fn seen(
    folder: &Path,
    now: &Now,
    form: Form,
    before: Option<&Sight>,
    done: &Done,
) -> Option<Seen> {
    let sight = Sight::of(folder, now, form)?;
    let left: BTreeMap<String, String> = done
        .workbooks
        .iter()
        .chain([&done.dashboard])
        .filter_map(|workbook| Some((of_file(workbook.file.as_ref()?), workbook.left.clone()?)))
        .collect();
    if !sight.is_explained(before?, &left) {
        return None;
    }
    let ledger = ledger_at_rest(folder)?;
    Some(Seen { sight, ledger })
}

/// Keeps what the next run would say, for the day's next run.
///
/// # Errors
/// It can't be written: the next run is done in full.
pub fn keep(
    folder: &Path,
    seen: &Seen,
    tell: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let state = state_folder(folder);
    let encoder = DeflateEncoder::new(Vec::new(), Compression::new(LEVEL));
    let mut out = BufWriter::with_capacity(1 << 16, encoder);
    tell(&mut out)?;
    let said = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    let said = said.finish()?;
    // What a power cut breaks is seen by its hash, and the next run is done in full.
    files::replace_fleeting(&state.join(SAID), &said)?;
    let kept = Kept {
        seen: seen.clone(),
        said: hex(&Sha256::digest(&said)),
    };
    note(folder, &kept)
}

fn note(folder: &Path, kept: &Kept) -> io::Result<()> {
    let path = state_folder(folder).join(NOTE);
    files::replace_fleeting(&path, &serde_json::to_vec(kept)?)
}

/// What this run has to say, where nothing has changed since the last one. It is noted in the ledger
/// like any other.
#[must_use]
pub fn answer(opened: &Opened, sight: &Sight) -> Option<Vec<u8>> {
    let (folder, now) = (&opened.folder, &opened.now);
    let state = state_folder(folder);
    let mut kept: Kept = serde_json::from_slice(&fs::read(state.join(NOTE)).ok()?).ok()?;
    if kept.seen.sight != *sight {
        return None;
    }
    // What a night in full would miss even where it sends nothing.
    if !delivery::is_ready(&opened.settings, folder) {
        return None;
    }
    // Where another run has it, who does the night in full says so.
    let _lock = RunLock::take(folder, moment_of(now).now).ok()?;
    if kept.seen.ledger != ledger_at_rest(folder)? {
        return None;
    }
    let said = fs::read(state.join(SAID)).ok()?;
    if kept.said != hex(&Sha256::digest(&said)) {
        return None;
    }
    let mut told = Vec::new();
    DeflateDecoder::new(&*said).read_to_end(&mut told).ok()?;
    note_run(folder, now).ok()?;
    if let Some(ledger) = ledger_at_rest(folder) {
        kept.seen.ledger = ledger;
        // Without it the next run is done in full.
        let _ = note(folder, &kept);
    }
    Some(told)
}

fn note_run(folder: &Path, now: &Now) -> Result<(), LedgerError> {
    let moment = moment_of(now);
    let mut ledger = Ledger::open(folder)?;
    let tally = ledger.tally(ledger.last_line()?)?;
    let counts = totals(&tally.all.by_state);
    let run = ledger.begin_run(moment)?;
    ledger.end_run(run, moment, &counts)
}

/// Removes what was kept: it names people.
///
/// # Errors
/// A file can't be removed.
pub fn forget(folder: &Path) -> io::Result<()> {
    for name in [NOTE, SAID] {
        match fs::remove_file(state_folder(folder).join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
