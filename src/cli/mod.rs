//! The command line: one command a file, thin.

mod check;
mod doctor;
mod explain;
mod folders;
mod forget;
mod init;
mod outbox;
mod output;
mod panic;
mod preview;
mod report;
mod run;
mod schedule;
mod status;
mod verify;
mod why;

use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};
use tracing::level_filters::LevelFilter;

use crate::logging::{self, LogFormat};
use crate::report::json::Stopped;
use crate::sheets::{InputProblem, ProblemCode, xls};
use folders::Folders;
use output::Printer;

/// The nightly assistant of a programme's coordinator.
///
/// Reads her workbooks, checks them, writes flags beside the rows, and writes to participants once.
#[derive(Debug, Parser)]
#[command(
    name = "peer-culture",
    version,
    propagate_version = true,
    after_help = "Examples:\n  peer-culture init demonstration --sample\n  peer-culture run demonstration --today 2021-01-12"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Pretend that it is this day in the programme's time zone.
    #[arg(long, global = true, value_name = "YYYY-MM-DD")]
    today: Option<NaiveDate>,
    /// The form of the log, which goes to standard error.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Human)]
    log_format: LogFormat,
    /// How much the log says: off, error, warn, info, debug or trace. Else the variable `PEER_CULTURE_LOG` says it,
    /// else it is info for schedule and warn for the others.
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<LevelFilter>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the workbooks of a new programme; refuses to overwrite anything.
    #[command(
        after_help = "Examples:\n  peer-culture init session-3\n  peer-culture init demonstration --sample"
    )]
    Init(init::InitArgs),
    /// Check programme folders and show what was found; changes nothing.
    #[command(after_help = "Example:\n  peer-culture check workbooks --today 2021-01-12")]
    Check(check::CheckArgs),
    /// Show what a run would write and send, and why; changes nothing.
    #[command(after_help = "Example:\n  peer-culture plan workbooks --today 2021-01-12")]
    Plan(run::PlanArgs),
    /// Write a page that shows every e-mail of the night as its reader will see it, and every cell
    /// that would change: controles/apercu/index.html. Sends nothing, changes nothing else.
    #[command(after_help = "Example:\n  peer-culture preview workbooks --today 2021-01-12")]
    Preview(preview::PreviewArgs),
    /// Do the whole night: check, write the flagged copies, write to participants once.
    #[command(
        after_help = "Examples:\n  peer-culture run workbooks --today 2021-01-12\n  peer-culture run --quiet /srv/peer-culture/*/"
    )]
    Run(run::RunArgs),
    /// Say all that is known and decided about one person, and what the nights to come will send
    /// her; changes nothing.
    #[command(
        after_help = "Examples:\n  peer-culture why workbooks camille@example.org\n  peer-culture why workbooks \"Les Films du Canal\" --today 2020-11-15"
    )]
    Why(why::WhyArgs),
    /// The e-mails that await a decision, are in doubt or failed: list, show, decide.
    #[command(
        after_help = "Examples:\n  peer-culture outbox list workbooks\n  peer-culture outbox approve workbooks --all"
    )]
    Outbox(outbox::OutboxArgs),
    /// Write the report of the programme: bilan.xlsx, pages to print, attendance sheets, attestations.
    #[command(after_help = "Example:\n  peer-culture report workbooks --today 2021-11-15")]
    Report(report::ReportArgs),
    /// Erase what the program keeps of a person (never your own sheets: their rows are listed).
    #[command(
        after_help = "Examples:\n  peer-culture forget workbooks camille@example.org\n  peer-culture forget workbooks camille@example.org --yes"
    )]
    Forget(forget::ForgetArgs),
    /// Erase what the ledger keeps of e-mails of long ago.
    #[command(after_help = "Example:\n  peer-culture purge workbooks --older-than 365")]
    Purge(forget::PurgeArgs),
    /// Do every night by itself, as a service, at the time of each folder's schedule.cron.
    ///
    /// One run a date; one that was missed is caught up, and a folder that was never run is due at
    /// once. One that stopped is tried again, at least every half hour. Settings and workbooks are
    /// read anew at each run. SIGTERM or Ctrl-C ends it between two messages.
    #[command(
        after_help = "Example:\n  peer-culture schedule /srv/peer-culture/session-2 /srv/peer-culture/session-3"
    )]
    Schedule(schedule::ScheduleArgs),
    /// Tell when each folder was last run and when it is next due; exit with 1 if one is overdue.
    #[command(
        after_help = "Example:\n  peer-culture status /srv/peer-culture/session-2 --format json"
    )]
    Status(status::StatusArgs),
    /// Look at all that a night needs, and say what is wrong and the remedy; exit with 1 if something
    /// must be repaired.
    #[command(
        after_help = "Example:\n  peer-culture doctor /srv/peer-culture/session-2 --send-test you@example.org"
    )]
    Doctor(doctor::DoctorArgs),
    /// Look workbooks over as Excel does when it opens them, and tell what it would want to repair;
    /// changes nothing.
    ///
    /// One line a flaw: the file, the part of the package, the place in it, what is wrong. Exit
    /// codes: 0 none, 1 flaws, 2 a file can't be opened.
    #[command(
        after_help = "Examples:\n  peer-culture verify controles/ateliers.xlsx\n  peer-culture verify *.xlsx *.xlsm"
    )]
    Verify(verify::VerifyArgs),
    /// Say what a check finds, why, and what to do about it; without a code, list all checks.
    #[command(after_help = "Example:\n  peer-culture explain INS03")]
    Explain(explain::ExplainArgs),
    /// Read an .xls workbook from standard input for another process of this program.
    #[command(name = xls::SERVE, hide = true)]
    ReadXls,
    /// Print a shell completion script.
    #[command(
        after_help = "Example:\n  peer-culture completions bash > /etc/bash_completion.d/peer-culture"
    )]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// The forms of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs: one object, an array of them for several folders.
    Json,
}

/// How a command ended (programme.md §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    Done,
    /// `check --strict` found something blocking, `status` a run that is overdue, `doctor` something
    /// to repair, `verify` a flaw.
    Blocking,
    /// Done in part.
    Partial,
    /// Another run holds a folder.
    Held,
    /// Bad input or settings: nothing written or sent.
    BadInput,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Blocking => 1,
            Exit::BadInput => 2,
            Exit::Partial => 3,
            Exit::Held => 4,
        })
    }
}

/// Says why a command on one folder did nothing, a line each on standard error.
fn refuse(
    dir: &std::path::Path,
    problems: impl IntoIterator<Item = impl std::fmt::Display>,
) -> Exit {
    for problem in problems {
        eprintln!("error: {}: {problem}", dir.display());
    }
    Exit::BadInput
}

/// What can't be read of the command line, or the help that was asked for. A program that wants JSON
/// gets the problem in JSON too (programme.md §7).
fn misuse(error: &clap::Error) -> anyhow::Result<ExitCode> {
    error.print()?;
    if !error.use_stderr() {
        return Ok(ExitCode::SUCCESS);
    }
    let arguments: Vec<_> = std::env::args_os().collect();
    let is_json = |pair: &[std::ffi::OsString]| pair == ["--format", "json"];
    if arguments.windows(2).any(is_json) || arguments.iter().any(|one| one == "--format=json") {
        let message = error.render().to_string();
        let message = message.trim_start_matches("error: ");
        let problems = [InputProblem::new(ProblemCode::BadArguments, message)];
        let mut printer = Printer::new(output::stdout(), Format::Json, 1);
        printer.json(&Stopped::new(&problems))?;
        printer.end()?;
    }
    Ok(Exit::BadInput.into())
}

/// Runs the command line.
///
/// # Errors
/// The output can't be written, or a file of the operator's can't.
pub fn main() -> anyhow::Result<ExitCode> {
    panic::install();
    let Cli {
        command,
        today,
        log_format,
        log_level,
    } = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misuse(&error),
    };
    let usual = match command {
        Command::Schedule(_) => LevelFilter::INFO,
        _ => LevelFilter::WARN,
    };
    logging::begin(log_format, logging::level(log_level, usual));
    if let Ok(program) = std::env::current_exe() {
        xls::read_apart_with(program);
    }
    let exit = match command {
        Command::Init(args) => init::run(&args)?,
        Command::Check(args) => check::run(&args, today)?,
        Command::Plan(args) => run::plan(&args, today)?,
        Command::Preview(args) => preview::run(&args, today)?,
        Command::Run(args) => run::run(&args, today)?,
        Command::Why(args) => why::run(&args, today)?,
        Command::Outbox(args) => outbox::run(&args, today)?,
        Command::Forget(args) => forget::run(&args, today)?,
        Command::Purge(args) => forget::purge(&args, today)?,
        Command::Schedule(args) => schedule::run(&args, today)?,
        Command::Status(args) => status::run(&args, today)?,
        Command::Report(args) => report::run(&args, today)?,
        Command::Doctor(args) => doctor::run(&args, today)?,
        Command::Verify(args) => verify::run(&args)?,
        Command::Explain(args) => explain::run(&args)?,
        Command::ReadXls => {
            xls::serve()?;
            Exit::Done
        }
        Command::Completions { shell } => {
            let mut command = <Cli as clap::CommandFactory>::command();
            clap_complete::generate(shell, &mut command, "peer-culture", &mut std::io::stdout());
            Exit::Done
        }
    };
    Ok(exit.into())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// The examples of each command that people see, below its full name.
    fn examples(command: &clap::Command, name: &str, found: &mut Vec<(String, Vec<String>)>) {
        let help = command.get_after_help().map(ToString::to_string);
        let help = help.unwrap_or_default();
        let lines = help.lines().skip_while(|line| !line.starts_with("Example"));
        let lines = lines.skip(1).map(|line| line.trim().to_owned());
        found.push((name.to_owned(), lines.collect()));
        for inner in command.get_subcommands() {
            if !inner.is_hide_set() {
                examples(inner, &format!("{name} {}", inner.get_name()), found);
            }
        }
    }

    #[test]
    fn every_command_has_an_example_that_it_understands() {
        let mut found = Vec::new();
        examples(&Cli::command(), "peer-culture", &mut found);
        assert!(found.len() > 20, "{}", found.len());
        for (name, lines) in found {
            assert!(!lines.is_empty(), "{name} has no example");
            for line in lines {
                assert!(line.starts_with(&name), "{name}: {line}");
                let line = line.split(" > ").next().unwrap_or_default();
                // A text in double quotes is one argument.
                let words = line.split('"').enumerate().flat_map(|(at, part)| {
                    let words: Vec<&str> = match at % 2 {
                        0 => part.split_whitespace().collect(),
                        _ => vec![part],
                    };
                    words
                });
                let parsed = Cli::command().try_get_matches_from(words);
                assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
            }
        }
    }
}
