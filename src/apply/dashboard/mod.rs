//! Writing the dashboard: in the place of the last one, or beside it where somebody has it open.

mod made;
mod memory;

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::answers::Answers;
use super::workbooks::owner_file::{self, Editor};
use super::workbooks::{WorkbookDone, WorkbookState, hex, put_file};
use crate::files;
use crate::outbox::{Ledger, LedgerError, state_folder};
use crate::platform;
use crate::report::dashboard::{Dashboard, FILE, FILE_BESIDE, FILE_UNREADABLE};
use crate::report::morning::{Memory, Morning, Night};
use made::Made;

pub(super) use memory::{before, forget, latest};

/// What people read lies here.
pub(super) const OUTPUT: &str = "controles";

/// What is known of the dashboards that were there when the night began.
#[derive(Debug)]
pub(super) struct Existing {
    /// The one in its place could not be read: it must not be lost.
    unreadable: bool,
    /// SHA-256 of each as it was read.
    read: Vec<(&'static str, [u8; 32])>,
}

impl Existing {
    /// As the answers were read.
    pub(super) fn of(answers: &Answers) -> Self {
        Self {
            unreadable: answers.unreadable,
            read: answers.read.clone(),
        }
    }

    /// It is no longer what was read: she saved it during the run, and her answers are not lost.
    fn has_changed(&self, folder: &Path, name: &str) -> bool {
        let now = files::sha256(&folder.join(name)).ok();
        let then = self.read.iter().find(|(read, _)| *read == name);
        now != then.map(|(_, hash)| *hash)
    }
}

/// Makes the morning of a night, writes the dashboard, and remembers the findings for the next. What
/// fails is said; the night went well all the same.
///
/// # Errors
/// The ledger cannot be read.
pub(super) fn write(
    ledger: &mut Ledger,
    night: Night<'_>,
    existing: &Existing,
) -> Result<(Morning, WorkbookDone), LedgerError> {
    let today = night.programme.now.today;
    let earlier = memory::before(ledger, today);
    let latest = latest(ledger);
    let night = Night {
        before: earlier.as_ref(),
        latest: latest.as_ref(),
        ..night
    };
    let morning = Morning::of(night);
    let made_from = made::digest(ledger, night)?;
    let folder = night.programme.folder.join(OUTPUT);
    let done = match Made::noted(ledger).filter(|made| made.is_there(&folder, &made_from)) {
        Some(made) => in_its_place(WorkbookState::Unchanged, made.bytes),
        None => make(&folder, night, &morning, existing, |bytes| {
            Made::new(made_from, bytes).note(ledger);
        }),
    };
    let season = &night.programme.season;
    let tonight = Memory::of(&night.verdict.findings, season, today, latest.as_ref());
    memory::keep(ledger, &tonight, earlier.as_ref());
    Ok((morning, done))
}

fn make(
    folder: &Path,
    night: Night<'_>,
    morning: &Morning,
    existing: &Existing,
    note: impl FnOnce(&[u8]),
) -> WorkbookDone {
    let scratch = state_folder(&night.programme.folder);
    let dashboard = Dashboard {
        programme: night.programme,
        verdict: night.verdict,
        morning,
        mails: night.desk,
        workbooks: night.workbooks,
        scratch: &scratch,
    };
    // The crate that writes workbooks panics where its temporary file can't be written.
    match catch_unwind(AssertUnwindSafe(|| dashboard.write())) {
        Ok(Ok(bytes)) => {
            let done = place(folder, &bytes, existing);
            if done.file.as_deref() == Some(&format!("{OUTPUT}/{FILE}")) {
                note(&bytes);
            }
            done
        }
        Ok(Err(error)) => failed(&format!("il n’a pas pu être composé ({error})")),
        Err(_) => failed("il n’a pas pu être composé"),
    }
}

/// Puts it in the place of the last one, or beside it.
fn place(folder: &Path, bytes: &[u8], existing: &Existing) -> WorkbookDone {
    let in_place = match obstacle(folder, existing) {
        Some(why) => Err(why),
        None => put_in_place(folder, bytes, existing)
            .map_err(|error| format!("n’a pas pu être remplacé ({error})")),
    };
    let why = match in_place {
        Ok(state) => {
            tidy(folder, existing);
            return in_its_place(state, hex(&Sha256::digest(bytes)));
        }
        Err(why) => why,
    };
    let remark = format!(
        "« {FILE} » {why} : le nouveau est « {FILE_BESIDE} ». Vos réponses seront lues dans l’un comme dans l’autre."
    );
    match put_file(folder, FILE_BESIDE, bytes) {
        Ok(_) => done(FILE_BESIDE, WorkbookState::Beside, Some(remark)),
        Err(error) => failed(&format!(
            "« {FILE} » {why}, et « {FILE_BESIDE} » n’a pas pu être écrit ({error})"
        )),
    }
}

/// Why the dashboard must stay as it is.
fn obstacle(folder: &Path, existing: &Existing) -> Option<String> {
    if let Some(owner) = owner_file::find(folder, FILE) {
        let program = match owner.editor {
            Editor::Excel => "Excel",
            Editor::LibreOffice => "LibreOffice",
        };
        let by = owner.by.map(|name| format!(" par {name}"));
        return Some(format!(
            "est ouvert dans {program}{}",
            by.unwrap_or_default()
        ));
    }
    if platform::is_held_open(&folder.join(FILE)) {
        return Some("est ouvert dans un autre programme".to_owned());
    }
    existing
        .has_changed(folder, FILE)
        .then(|| "a été enregistré pendant le contrôle".to_owned())
}

fn is_open(folder: &Path, name: &str) -> bool {
    owner_file::find(folder, name).is_some() || platform::is_held_open(&folder.join(name))
}

fn put_in_place(folder: &Path, bytes: &[u8], existing: &Existing) -> io::Result<WorkbookState> {
    if existing.unreadable && folder.join(FILE).exists() {
        // Her answers may be in it.
        fs::rename(folder.join(FILE), folder.join(FILE_UNREADABLE))?;
    }
    put_file(folder, FILE, bytes)
}

/// The one beside it is of an earlier night: its answers were read.
fn tidy(folder: &Path, existing: &Existing) {
    let path = folder.join(FILE_BESIDE);
    if path.exists() && !is_open(folder, FILE_BESIDE) && !existing.has_changed(folder, FILE_BESIDE)
    {
        // If it stays, the next night reads it again.
        let _ = fs::remove_file(path);
    }
}

fn done(name: &str, state: WorkbookState, remark: Option<String>) -> WorkbookDone {
    WorkbookDone {
        workbook: FILE.to_owned(),
        file: Some(format!("{OUTPUT}/{name}")),
        state,
        remark,
        left: None,
    }
}

/// With the hash of the file.
fn in_its_place(state: WorkbookState, hash: String) -> WorkbookDone {
    WorkbookDone {
        left: Some(hash),
        ..done(FILE, state, None)
    }
}

fn failed(why: &str) -> WorkbookDone {
    WorkbookDone {
        workbook: FILE.to_owned(),
        file: None,
        state: WorkbookState::Failed,
        remark: Some(format!("Le tableau de bord n’a pas pu être écrit : {why}.")),
        left: None,
    }
}
