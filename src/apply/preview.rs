//! The preview of a night, `controles/apercu/index.html`: what a run would do, and nothing of it
//! done. Nothing else is written, not even the ledger.

mod digest;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use super::foresight::{Foresight, foresee};
use super::letters;
use super::workbooks::OUTPUT;
use crate::config::{Mode, Write};
use crate::files::{self, Access};
use crate::french::typographic;
use crate::mails::{Draft, State};
use crate::model::season::{Format, Workbook};
use crate::model::time::short_date;
use crate::outbox::{AcceptedMail, Ledger, LedgerError, Pending, Queued};
use crate::plan::Plan;
use crate::platform;
use crate::programme::Programme;
use crate::report::preview::{self, Letter, Preview, Seen, SheetChanges, Status};
use crate::sheets::held::HeldCells;
use crate::writeback;
use digest::{OfDigest, digest_of};

const FOLDER: &str = "apercu";
const FILE: &str = "index.html";

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The ledger can't be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The page can't be written.
    #[error("{} can't be written: {source}", path.display())]
    Write {
        /// The page.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What a preview shows.
#[derive(Debug)]
pub struct Previewed {
    /// The page.
    pub path: PathBuf,
    /// How many e-mails leave by themselves.
    pub going: usize,
    /// How many await approval.
    pub awaiting: usize,
    /// How many may have left.
    pub in_doubt: usize,
    /// How many cells change.
    pub cells: usize,
    /// What can't be put into words or compared, in French.
    pub problems: Vec<String>,
}

/// Writes the preview of the night.
///
/// # Errors
/// The ledger can't be used, or the page can't be written.
pub fn preview(programme: &Programme) -> Result<Previewed, PreviewError> {
    let Foresight {
        mut plan,
        past,
        ledger,
        left,
        taken,
        ..
    } = foresee(programme)?;
    // What she answered and was not taken stands where it will be told.
    let mut problems = taken.remarks.clone();
    let prepared = letters::put_into_words(programme, &plan.due);
    problems.extend(prepared.problems.iter().map(|problem| typographic(problem)));
    let of_plan: Vec<(&Draft, &Queued)> = prepared.with_drafts(&plan.due).collect();
    let mut shown = tonight(&of_plan);
    let mut accepted = ledger.accepted()?;
    shown.extend(left_over(&ledger)?);
    let night = OfDigest {
        programme,
        plan: &plan,
        past: &past,
        ledger: &ledger,
        taken: &taken,
        tonight: &of_plan,
    };
    shown.extend(digest_of(&night, &mut problems)?);
    shown.sort_by(|a, b| (a.status, a.kind, &a.seen.to).cmp(&(b.status, b.kind, &b.seen.to)));
    accepted.extend(about_to_leave(programme, &plan, left));
    plan.fill_last_mails(&letters::last_mails(&programme.season, &accepted));
    let preview = Preview {
        title: title(programme),
        day: programme.now.today,
        guard: plan.due.guard.as_deref(),
        changes: changes(programme, &plan, &mut problems),
        letters: shown,
        problems,
    };
    let path = write(programme, &preview::page(&preview))?;
    Ok(Previewed {
        path,
        going: preview.count(Status::Goes),
        awaiting: preview.count(Status::AwaitsApproval),
        in_doubt: preview.count(Status::InDoubt),
        cells: preview.cells(),
        problems: preview.problems,
    })
}

fn title(programme: &Programme) -> String {
    let programme = &programme.settings.programme;
    if programme.session.is_empty() {
        programme.name.clone()
    } else {
        format!("{} · {}", programme.name, programme.session)
    }
}

/// The e-mails that are due tonight, from the bytes that would be frozen.
fn tonight(of_plan: &[(&Draft, &Queued)]) -> Vec<Letter> {
    let letters = of_plan.iter().filter_map(|(draft, queued)| {
        Some(Letter {
            status: match draft.mode {
                Mode::Auto => Status::Goes,
                Mode::Review | Mode::Off => Status::AwaitsApproval,
            },
            left_over: None,
            kind: draft.kind,
            why: draft.why.clone(),
            about: queued.about.clone(),
            seen: Seen::in_message(&queued.eml)?,
        })
    });
    letters.collect()
}

/// What earlier nights left: to be sent, awaiting approval or in doubt, as it was frozen. What is no
/// longer due was retired, and what she answered is taken.
fn left_over(ledger: &Ledger) -> Result<Vec<Letter>, LedgerError> {
    let mut messages: Vec<(Status, Pending)> = Vec::new();
    for (state, status) in [
        (State::AwaitingApproval, Status::AwaitsApproval),
        (State::Planned, Status::Goes),
        (State::Deferred, Status::Goes),
        (State::Unknown, Status::InDoubt),
    ] {
        let found = ledger.in_state(state)?;
        messages.extend(found.into_iter().map(|message| (status, message)));
    }
    let mut letters = Vec::with_capacity(messages.len());
    for (status, message) in messages {
        let content = ledger.content(message.id)?;
        let Some(seen) = content.as_deref().and_then(Seen::in_message) else {
            continue;
        };
        letters.push(Letter {
            status,
            left_over: Some(left_since(&message)),
            kind: message.kind,
            why: message.why,
            about: message.about,
            seen,
        });
    }
    Ok(letters)
}

fn left_since(message: &Pending) -> String {
    let since = short_date(message.run_day);
    format!("{}, depuis le {since}", message.state.french())
}

/// What « Dernier courriel (auto) » would say, once tonight's e-mails have left.
fn about_to_leave(programme: &Programme, plan: &Plan, left: Vec<Pending>) -> Vec<AcceptedMail> {
    let accepted_on = programme.now.today;
    let left = left.into_iter().map(|message| AcceptedMail {
        kind: message.kind,
        key: message.key,
        address: message.to.address,
        accepted_on,
    });
    let goes = plan.due.drafts.iter();
    let goes = goes.filter(|draft| draft.mode == Mode::Auto);
    let new = goes.map(|draft| AcceptedMail {
        kind: draft.kind,
        key: draft.key.clone(),
        address: draft.to.address.to_lowercase(),
        accepted_on,
    });
    left.chain(new).collect()
}

/// What changes in each workbook that would be written.
fn changes(programme: &Programme, plan: &Plan, problems: &mut Vec<String>) -> Vec<SheetChanges> {
    let season = &programme.season;
    let mut by_workbook: BTreeMap<u16, (HeldCells, String)> = BTreeMap::new();
    let mut changes = Vec::new();
    for sheet_plan in &plan.sheets {
        let Some(sheet) = season.sheet(sheet_plan.sheet) else {
            continue;
        };
        let Some(workbook) = season.workbook_of(sheet) else {
            continue;
        };
        let (held, file) = by_workbook.entry(sheet.workbook).or_insert_with(|| {
            let (now, file) = files_of(programme, workbook);
            let held = HeldCells::read(&now, &programme.settings).unwrap_or_else(|cause| {
                problems.push(typographic(&format!(
                    "Les colonnes actuelles de « {file} » ne peuvent pas être lues ({cause}) : tout y paraît nouveau."
                )));
                HeldCells::default()
            });
            (held, file)
        });
        changes.extend(SheetChanges::of(season, sheet_plan, held, file));
    }
    changes
}

/// Where a workbook's columns stand now: the workbook itself where it is what is written; else its
/// copy of an earlier night, and the workbook where there is none. And what would be written.
fn files_of(programme: &Programme, workbook: &Workbook) -> (PathBuf, String) {
    let own = programme.folder.join(&*workbook.name);
    let in_place = programme.settings.output.write == Write::InPlace;
    if in_place && workbook.format == Format::Package {
        return (own, workbook.name.to_string());
    }
    let name = writeback::name_of_copy(&programme.season, workbook);
    let copy = programme.folder.join(OUTPUT).join(&name);
    let now = if copy.is_file() { copy } else { own };
    (now, format!("{OUTPUT}/{name}"))
}

fn write(programme: &Programme, page: &str) -> Result<PathBuf, PreviewError> {
    let output = programme.folder.join(OUTPUT);
    let folder = output.join(FOLDER);
    let path = folder.join(FILE);
    let put = || {
        platform::make_private_folder(&output)?;
        platform::make_private_folder(&folder)?;
        if fs::metadata(&path).is_ok() && files::holds(&path, page.as_bytes())? {
            return Ok(());
        }
        files::replace(&path, page.as_bytes(), Access::Private)
    };
    match put() {
        Ok(()) => Ok(path),
        Err(source) => Err(PreviewError::Write { path, source }),
    }
}
