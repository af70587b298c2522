//! `outbox list`: the e-mails by state.

use chrono::NaiveDate;
use clap::Args;

use super::super::folders::Summary;
use super::super::output::{Printer, Stdout};
use super::super::{Exit, Folders};
use super::{Office, attend};
use crate::mails::State;
use crate::model::fold::fold_word;
use crate::outbox::Ledger;
use crate::report::outbox::{self, Listing};

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    folders: Folders,
    /// Only these states, closed ones too: awaiting, unknown, deferred, refused, planned, accepted,
    /// rejected, obsolete, or the French words. Without it, all that is not closed.
    #[arg(long = "state", value_name = "STATE", value_parser = state)]
    states: Vec<State>,
}

pub(super) fn run(args: &ListArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    let listed = |office: &Office, printer: &mut Printer<Stdout>| {
        let ledger = Ledger::read_only(&office.folder)?;
        let listing = Listing::of(ledger.as_ref(), &args.states)?;
        printer.print(
            |out| outbox::write_list(out, &office.settings, office.now.today, &listing),
            &outbox::ListView::new(&office.settings, office.now.today, &listing),
        )?;
        Ok(Exit::Done)
    };
    args.folders
        .each_unread(Summary::Hidden, |folder, printer, progress| {
            progress.end();
            attend(folder, today, printer, listed)
        })
}

/// A state by its name in the ledger, the beginning of it, or by the word that is shown.
fn state(typed: &str) -> Result<State, String> {
    let typed_words = fold_word(typed);
    let is_it = |state: &State| {
        let name = fold_word(state.name());
        name.matches(&typed_words)
            || fold_word(state.french()).matches(&typed_words)
            || (typed_words.split().len() >= 4 && name.split().starts_with(typed_words.split()))
    };
    State::ALL.into_iter().find(is_it).ok_or_else(|| {
        let words = State::ALL.map(|state| format!("« {} » ({})", state.french(), state.name()));
        format!("it is none of {}", words.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_known_by_its_name_or_its_french_words() {
        for state_of_all in State::ALL {
            assert_eq!(state(state_of_all.name()), Ok(state_of_all));
            assert_eq!(state(state_of_all.french()), Ok(state_of_all));
        }
        assert_eq!(state("awaiting"), Ok(State::AwaitingApproval));
        assert_eq!(state("Refusé par le serveur"), Ok(State::Refused));
        assert!(state("a").is_err());
        assert!(state("envoyé").unwrap_err().contains("awaiting_approval"));
    }
}
