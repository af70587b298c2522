//! `outbox`: what awaits a decision, is in doubt or failed, and the coordinator's word on it.
//!
//! `list` and `show` only look, during a run too. The others hold the folder as a run does, and
//! change states by the ledger's own transitions; the next run sends, after it has looked again
//! whether the e-mail is still due.

mod list;
mod retry;
mod settle;
mod show;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::output::{Printer, Stdout, stdout};
use super::{Exit, Format};
use crate::clock::Now;
use crate::config::{FILE_NAME, Settings};
use crate::outbox::{LedgerError, state_folder};
use crate::programme;
use crate::sheets::{self, InputProblem, ProblemCode};

#[derive(Debug, Args)]
pub(super) struct OutboxArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the e-mails by state: what awaits approval, is in doubt, failed or will be sent.
    #[command(
        after_help = "Examples:\n  peer-culture outbox list workbooks\n  peer-culture outbox list workbooks --state awaiting --format json\n  peer-culture outbox list session-2 session-3\n  peer-culture outbox list workbooks --state accepted --state obsolete"
    )]
    List(list::ListArgs),
    /// Show one e-mail: its headers and text, why it goes, and what became of it so far.
    #[command(after_help = "Example:\n  peer-culture outbox show workbooks 12")]
    Show(show::ShowArgs),
    /// Try refused or deferred e-mails again: the next run sends them if they are still due. An
    /// address that a server refused is written to again.
    #[command(
        after_help = "Examples:\n  peer-culture outbox retry workbooks 12 15\n  peer-culture outbox retry workbooks lucia.navarro@example.org\n  peer-culture outbox retry workbooks --all"
    )]
    Retry(retry::RetryArgs),
    /// Say yes to e-mails that await approval: the next run sends them if they are still due.
    #[command(
        after_help = "Examples:\n  peer-culture outbox approve workbooks 12 15\n  peer-culture outbox approve workbooks --kind candidature-decision\n  peer-culture outbox approve workbooks --all"
    )]
    Approve(settle::ApproveArgs),
    /// Say no to e-mails that await approval or, by their numbers, that are still to be sent: they
    /// don't leave, and are proposed again only once they were undone and come up anew.
    #[command(
        after_help = "Examples:\n  peer-culture outbox reject workbooks 12 15\n  peer-culture outbox reject workbooks --kind rdv-relance"
    )]
    Reject(settle::ApproveArgs),
    /// Settle an e-mail of which nobody knew whether it left: received (also one that awaits
    /// approval), or to be sent once more.
    #[command(
        after_help = "Examples:\n  peer-culture outbox resolve workbooks 12 reçu\n  peer-culture outbox resolve workbooks 12 renvoyer"
    )]
    Resolve(settle::ResolveArgs),
    /// Say that today's date is right, after a run under a date in the future: e-mails go again.
    #[command(after_help = "Example:\n  peer-culture outbox trust-date workbooks")]
    TrustDate(settle::TrustArgs),
    /// Say that e-mails may go again although the ledger was lost or is an older one, where nothing
    /// is held because of it; else approve, reject or resolve what is.
    #[command(after_help = "Example:\n  peer-culture outbox trust-ledger workbooks")]
    TrustLedger(settle::TrustArgs),
}

pub(super) fn run(args: &OutboxArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    match &args.command {
        Command::List(args) => list::run(args, today),
        Command::Show(args) => show::run(args, today),
        Command::Retry(args) => retry::retry(args, today),
        Command::Approve(args) => settle::approve(args, today),
        Command::Reject(args) => settle::reject(args, today),
        Command::Resolve(args) => settle::resolve(args, today),
        Command::TrustDate(args) => settle::trust_date(args, today),
        Command::TrustLedger(args) => settle::trust_ledger(args, today),
    }
}

/// What each of them takes but the list, which is of several folders too.
#[derive(Debug, Args)]
struct Folder {
    /// Programme folder.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A programme folder without its workbooks: the outbox asks nothing of them.
struct Office {
    folder: PathBuf,
    settings: Settings,
    now: Now,
}

impl Folder {
    /// Does something with the folder; problems are told, and end it.
    fn with(
        &self,
        today: Option<NaiveDate>,
        act: impl FnOnce(&Office, &mut Printer<Stdout>) -> Result<Exit, Failure>,
    ) -> anyhow::Result<Exit> {
        let mut printer = Printer::new(stdout(), self.format, 1);
        let exit = attend(&self.dir, today, &mut printer, act)?;
        printer.end()?;
        Ok(exit)
    }
}

/// Does something with a folder; problems are told, and end it.
fn attend(
    dir: &Path,
    today: Option<NaiveDate>,
    printer: &mut Printer<Stdout>,
    act: impl FnOnce(&Office, &mut Printer<Stdout>) -> Result<Exit, Failure>,
) -> anyhow::Result<Exit> {
    let exit = match office(dir, today) {
        Ok(office) => act(&office, printer),
        Err(problems) => Err(Failure::Problems(Exit::BadInput, problems)),
    };
    match exit {
        Ok(exit) => Ok(exit),
        Err(Failure::Problems(exit, problems)) => {
            printer.print_problems(dir, &problems)?;
            Ok(exit)
        }
        Err(Failure::Output(error)) => Err(error),
    }
}

fn office(dir: &Path, today: Option<NaiveDate>) -> Result<Office, Vec<InputProblem>> {
    let settings = programme::settings(dir)?;
    if !is_programme(dir) {
        let message = format!(
            "{} is no programme folder: neither programme.toml nor a workbook lies in it, and no run has taken place there",
            dir.display()
        );
        let problem = InputProblem::new(ProblemCode::UnreadableFolder, message);
        return Err(vec![problem]);
    }
    Ok(Office {
        folder: dir.to_owned(),
        now: Now::new(settings.programme.timezone, today),
        settings,
    })
}

/// Whether anything in it makes it one. A folder that can't be listed is judged by what comes next.
fn is_programme(folder: &Path) -> bool {
    let has_workbooks = || {
        let found = sheets::workbooks(folder);
        found.map_or(true, |found| {
            !(found.workbooks.is_empty() && found.conflicts.is_empty())
        })
    };
    folder.join(FILE_NAME).exists() || state_folder(folder).exists() || has_workbooks()
}

/// Why a command could not do what it was asked.
enum Failure {
    /// What is told to the operator.
    Problems(Exit, Vec<InputProblem>),
    /// The output can't be written.
    Output(anyhow::Error),
}

impl Failure {
    fn one(code: ProblemCode, message: impl Into<String>) -> Self {
        Self::Problems(Exit::BadInput, vec![InputProblem::new(code, message)])
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::one(ProblemCode::UnusableLedger, error.to_string())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Output(error)
    }
}

/// Nothing was ever queued here.
fn no_ledger(folder: &Path) -> Failure {
    Failure::one(
        ProblemCode::UnknownMessage,
        format!(
            "no run has taken place in {} yet: there are no e-mails to decide on",
            folder.display()
        ),
    )
}
