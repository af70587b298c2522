//! What the nights before left to this one, and whether it can be relied on.

use crate::mails::{self, Due, History};
use crate::model::time::short_date;
use crate::outbox::{Ledger, LedgerError};
use crate::programme::Programme;

/// What the nights before left to this one.
#[derive(Debug)]
pub struct Past {
    /// What was sent.
    pub history: History,
    /// Why nothing may go without the coordinator's yes, in French, where that is so.
    reason_to_hold: Option<String>,
}

impl Past {
    /// Reads the ledger and changes nothing.
    ///
    /// # Errors
    /// The ledger can't be used.
    pub fn read(programme: &Programme) -> Result<Self, LedgerError> {
        Self::of(programme, Ledger::read_only(&programme.folder)?.as_ref())
    }

    pub(super) fn of(programme: &Programme, ledger: Option<&Ledger>) -> Result<Self, LedgerError> {
        let history = ledger.map_or_else(|| Ok(History::default()), Ledger::history)?;
        let reason_to_hold = reason_to_hold(programme, ledger, &history)?;
        Ok(Self {
            history,
            reason_to_hold,
        })
    }

    /// Makes the e-mails of the night await approval, where nothing may go without.
    pub fn hold(&self, due: &mut Due) {
        if let Some(reason) = &self.reason_to_hold {
            mails::hold_everything(due, reason);
        }
    }
}

const LEDGER_LOST: &str = "Le registre des courriels manque, alors que vos classeurs portent la trace d’envois passés : rien ne part sans votre accord. Remettez en place le dossier .peer-culture s’il en existe une sauvegarde.";

/// Why nothing may go without the coordinator's yes: what was sent before is not known, or the
/// clock is wrong (hazards.md, "Sending: the protocol").
fn reason_to_hold(
    programme: &Programme,
    ledger: Option<&Ledger>,
    history: &History,
) -> Result<Option<String>, LedgerError> {
    if history.is_empty() && programme.season.carries_mail_history {
        return Ok(Some(LEDGER_LOST.to_owned()));
    }
    let last = ledger
        .map_or(Ok(None), Ledger::last_run)?
        .map(|run| run.day);
    Ok(last.filter(|day| *day > programme.now.today).map(|day| {
        format!(
            "La dernière exécution porte la date du {}, qui est dans le futur : vérifiez la date de l’ordinateur. Rien ne part sans votre accord.",
            short_date(day)
        )
    }))
}
