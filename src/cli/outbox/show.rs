//! `outbox show`: one e-mail, whole.

use chrono::NaiveDate;
use clap::Args;

use super::super::Exit;
use super::{Failure, Folder, no_ledger};
use crate::outbox::{Id, Ledger};
use crate::report::outbox::{self, Sheet};
use crate::sheets::ProblemCode;

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    #[command(flatten)]
    folder: Folder,
    /// Its number, as `outbox list` gives it.
    id: Id,
}

pub(super) fn run(args: &ShowArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folder.with(today, |office, printer| {
        let Some(ledger) = Ledger::read_only(&office.folder)? else {
            return Err(no_ledger(&office.folder));
        };
        let Some(sheet) = Sheet::of(&ledger, args.id)? else {
            return Err(Failure::one(ProblemCode::UnknownMessage, unknown(args.id)));
        };
        let timezone = office.settings.programme.timezone;
        printer.print(
            |out| outbox::write_sheet(out, &sheet, timezone),
            &outbox::SheetView::new(&sheet),
        )?;
        Ok(Exit::Done)
    })
}

pub(super) fn unknown(id: Id) -> String {
    format!("there is no message {id}; `peer-culture outbox list DIR` gives the numbers")
}
