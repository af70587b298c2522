//! `outbox retry`: e-mails that were refused or deferred are tried again, and an address that was
//! refused is written to again.

use std::str::FromStr;

use chrono::NaiveDate;
use clap::{ArgGroup, Args};

use super::super::Exit;
use super::settle::{Decision, Wanted, change, find, here, hold, other_state, tell};
use super::show::unknown;
use super::{Failure, Folder};
use crate::mails::State;
use crate::outbox::{self, Id, Ledger, Moment, NoId, Pending, Step};
use crate::report::outbox::Decided;
use crate::sheets::{InputProblem, ProblemCode};

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").required(true)))]
pub(super) struct RetryArgs {
    #[command(flatten)]
    folder: Folder,
    /// Their numbers, as `outbox list` gives them; or an address that was refused and works: it is
    /// written to again.
    #[arg(value_name = "ID|ADDRESS", group = "which")]
    several: Vec<Which>,
    /// All that were refused or deferred, and every address that was refused.
    #[arg(long, group = "which")]
    all: bool,
}

/// What is to be tried again.
#[derive(Debug, Clone)]
enum Which {
    Message(Id),
    Address(String),
}

impl FromStr for Which {
    type Err = NoId;

    fn from_str(text: &str) -> Result<Self, NoId> {
        if text.contains('@') {
            return Ok(Self::Address(text.trim().to_lowercase()));
        }
        text.parse().map(Self::Message)
    }
}

const RETRY: Decision = Decision {
    from: &[State::Deferred, State::Refused],
    by_number: &[],
    step: || Step::Retry { reason: here() },
    to: State::Planned,
};

/// What was found to try again.
#[derive(Debug, Default)]
struct Found {
    messages: Vec<Pending>,
    /// Refused, and to be written to again.
    addresses: Vec<String>,
    problems: Vec<InputProblem>,
}

pub(super) fn retry(args: &RetryArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folder.with(today, |office, printer| {
        let moment = Moment::from(&office.now);
        let (_lock, mut ledger) = hold(&office.folder, moment)?;
        outbox::recover(&mut ledger, &office.folder, moment)?;
        let Found {
            messages,
            mut addresses,
            mut problems,
        } = if args.all {
            all(&ledger)?
        } else {
            these(&ledger, &args.several)?
        };
        // Before the messages: each of them says of its own address that it works.
        let mut lifted = Vec::new();
        addresses.sort_unstable();
        addresses.dedup();
        for address in addresses {
            if ledger.lift_refusal(&address)? {
                lifted.push(address);
            }
        }
        let changed = change(&mut ledger, &RETRY, messages, moment, &mut problems)?;
        let decided = Decided {
            to: RETRY.to,
            changed: &changed,
            written_to_again: &lifted,
            problems: &problems,
        };
        tell(printer, office, &decided)
    })
}

fn all(ledger: &Ledger) -> Result<Found, Failure> {
    let (messages, problems) = find(ledger, &RETRY, &Wanted::All)?;
    Ok(Found {
        messages,
        addresses: ledger.refused_addresses()?,
        problems,
    })
}

fn these(ledger: &Ledger, which: &[Which]) -> Result<Found, Failure> {
    let refused = ledger.refused_addresses()?;
    let mut found = Found::default();
    let mut seen = Vec::new();
    for one in which {
        match one {
            Which::Message(id) if seen.contains(id) => {}
            Which::Message(id) => {
                seen.push(*id);
                found.message(ledger.message(*id)?, *id, &refused);
            }
            Which::Address(address) => {
                let mut theirs = find(ledger, &RETRY, &Wanted::All)?.0;
                theirs.retain(|message| message.to.address == *address);
                theirs.retain(|message| !seen.contains(&message.id));
                seen.extend(theirs.iter().map(|message| message.id));
                found.address(address, theirs, &refused);
            }
        }
    }
    found.messages.sort_by_key(|message| message.id);
    Ok(found)
}

impl Found {
    /// One that was refused and is no longer due, or was tried again already, leaves its address.
    fn message(&mut self, message: Option<Pending>, id: Id, refused: &[String]) {
        let Some(message) = message else {
            let problem = InputProblem::new(ProblemCode::UnknownMessage, unknown(id));
            self.problems.push(problem);
            return;
        };
        let is_flagged = refused.contains(&message.to.address);
        if is_flagged {
            self.addresses.push(message.to.address.clone());
        }
        if RETRY.from.contains(&message.state) {
            self.messages.push(message);
        } else if !is_flagged {
            self.problems.push(other_state(&RETRY, &message));
        }
    }

    fn address(&mut self, address: &str, messages: Vec<Pending>, refused: &[String]) {
        if refused.iter().any(|one| one == address) {
            self.addresses.push(address.to_owned());
        } else if messages.is_empty() {
            let message = format!(
                "{address} was not refused, and no e-mail to it was refused or deferred: nothing was changed"
            );
            let problem = InputProblem::new(ProblemCode::WrongState, message);
            self.problems.push(problem);
        }
        self.messages.extend(messages);
    }
}
