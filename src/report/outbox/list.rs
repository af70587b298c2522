//! The messages by state: what asks something of the coordinator first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::NaiveDate;
use serde::Serialize;

use super::{MessageView, mailbox};
use crate::config::Settings;
use crate::french::typographic;
use crate::french::words::capitalized;
use crate::mails::State;
use crate::model::time::{long_date, short_date};
use crate::outbox::{Ledger, LedgerError, Pending};

/// What is listed where no state is named: what is not closed yet, and what was refused.
const OPEN: [State; 6] = [
    State::AwaitingApproval,
    State::Unknown,
    State::Refused,
    State::Deferred,
    State::HandingOver,
    State::Planned,
];

/// Messages by state.
#[derive(Debug, Default)]
pub struct Listing {
    groups: Vec<(State, Vec<Pending>)>,
    counts: BTreeMap<State, u32>,
}

impl Listing {
    /// The messages in these states, in the order of [`State::ALL`]; where none is named, in those
    /// that are not closed. A folder without a ledger has none.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn of(ledger: Option<&Ledger>, states: &[State]) -> Result<Self, LedgerError> {
        let Some(ledger) = ledger else {
            return Ok(Self::default());
        };
        let wanted = if states.is_empty() { &OPEN } else { states };
        let mut groups = Vec::new();
        for state in State::ALL {
            if wanted.contains(&state) {
                groups.push((state, ledger.in_state(state)?));
            }
        }
        Ok(Self {
            groups,
            counts: ledger.counts()?,
        })
    }

    fn messages(&self) -> impl Iterator<Item = &Pending> {
        self.groups.iter().flat_map(|(_, messages)| messages)
    }
}

/// Writes the messages, then how many are in the states that are not shown.
///
/// # Errors
/// The output can't be written.
pub fn write_list(
    out: &mut impl Write,
    settings: &Settings,
    today: NaiveDate,
    listing: &Listing,
) -> io::Result<()> {
    let programme = &settings.programme;
    writeln!(
        out,
        "{} — {}, {}",
        programme.name,
        programme.session,
        long_date(today)
    )?;
    if listing.counts.is_empty() {
        return writeln!(out, "\nAucun courriel n’a encore été préparé.");
    }
    for (state, messages) in &listing.groups {
        if messages.is_empty() {
            continue;
        }
        let title = format!("\n{} : {}", capitalized(state.french()), messages.len());
        writeln!(out, "{}", typographic(&title))?;
        for message in messages {
            write_message(out, message)?;
        }
    }
    if listing.messages().next().is_none() {
        writeln!(out, "\nRien n’attend de décision.")?;
    }
    write_rest(out, listing)
}

fn write_message(out: &mut impl Write, message: &Pending) -> io::Result<()> {
    writeln!(
        out,
        "  n° {:<5} {} → {}",
        message.id,
        message.kind.french(),
        mailbox(&message.to)
    )?;
    let day = short_date(message.run_day);
    let subject = format!("« {} », préparé le {day}", message.subject);
    writeln!(out, "           {}", typographic(&subject))?;
    writeln!(out, "           {}", typographic(&message.why))?;
    if let Some(error) = &message.last_error {
        writeln!(out, "           {}", typographic(error))?;
    }
    Ok(())
}

/// The states that are not listed: how many messages are in each.
fn write_rest(out: &mut impl Write, listing: &Listing) -> io::Result<()> {
    let is_shown = |state: &State| listing.groups.iter().any(|(shown, _)| shown == state);
    let rest: Vec<String> = State::ALL
        .iter()
        .filter(|state| !is_shown(state))
        .filter_map(|state| {
            let count = listing.counts.get(state)?;
            Some(format!("{} : {count}", state.french()))
        })
        .collect();
    if rest.is_empty() {
        return Ok(());
    }
    let line = format!("\nAutres courriels — {}.", rest.join(" ; "));
    writeln!(out, "{}", typographic(&line))
}

/// The same for other programs.
#[derive(Debug, Serialize)]
pub struct ListView<'a> {
    programme: &'a str,
    as_of: NaiveDate,
    messages: Vec<MessageView<'a>>,
    counts: BTreeMap<&'static str, u32>,
}

impl<'a> ListView<'a> {
    /// The view of a listing.
    #[must_use]
    pub fn new(settings: &'a Settings, today: NaiveDate, listing: &'a Listing) -> Self {
        Self {
            programme: &settings.programme.name,
            as_of: today,
            messages: listing.messages().map(MessageView::new).collect(),
            counts: listing
                .counts
                .iter()
                .map(|(state, count)| (state.name(), *count))
                .collect(),
        }
    }
}
