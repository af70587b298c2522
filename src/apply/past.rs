//! What the nights before left to this one, and whether it can be relied on.

use std::fs;
use std::path::Path;

use super::witness;
use crate::mails::{self, Due, History, Hold};
use crate::model::time::short_date;
use crate::outbox::{Ledger, LedgerError};
use crate::programme::Programme;
use crate::report::dashboard;

/// What the nights before left to this one.
#[derive(Debug)]
pub struct Past {
    /// What was sent.
    pub history: History,
    /// Why nothing may go without the coordinator's yes, where that is so.
    hold: Option<Hold>,
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
        let hold = reason_to_hold(programme, ledger, &history)?;
        Ok(Self { history, hold })
    }

    /// Makes the e-mails of the night await approval, where nothing may go without.
    pub fn hold(&self, due: &mut Due) {
        if let Some(hold) = &self.hold {
            mails::hold_everything(due, hold);
        }
    }

    /// Why nothing may go without the coordinator's yes, in a few words of French.
    pub(super) fn reason_to_hold(&self) -> Option<&str> {
        self.hold.as_ref().map(|hold| hold.short.as_str())
    }
}

/// Why nothing may go without the coordinator's yes: what was sent before is not known, or the
/// clock is wrong (hazards.md, "Sending: the protocol").
fn reason_to_hold(
    programme: &Programme,
    ledger: Option<&Ledger>,
    history: &History,
) -> Result<Option<Hold>, LedgerError> {
    if is_lost(programme, ledger, history)? {
        return Ok(Some(Hold {
            reason: "Le registre des courriels manque, alors que vos classeurs ou le dossier controles portent la trace d’envois passés : rien ne part sans votre accord. Remettez en place le dossier .peer-culture s’il en existe une sauvegarde.".to_owned(),
            short: "le registre des courriels passés manque".to_owned(),
        }));
    }
    if is_put_back(programme, ledger)? {
        return Ok(Some(Hold {
            reason: "Le registre des courriels est plus ancien que le dossier controles : une sauvegarde de .peer-culture a sans doute été remise en place. Ce qui est parti depuis n’y est pas noté : rien ne part sans votre accord.".to_owned(),
            short: "le registre des courriels est plus ancien que le dernier contrôle".to_owned(),
        }));
    }
    let latest = ledger.map_or(Ok(None), Ledger::latest_day)?;
    Ok(latest
        .filter(|day| *day > programme.now.today)
        .map(|day| Hold {
            reason: format!(
                "Un contrôle passé porte la date du {}, qui est dans le futur : vérifiez la date de l’ordinateur. Rien ne part sans votre accord. Si la date d’aujourd’hui est juste, dites-le dans la feuille « Courriels » du tableau de bord, ou par « peer-culture outbox trust-date ».",
                short_date(day)
            ),
            short: "la date de l’ordinateur est douteuse".to_owned(),
        }))
}

/// Nothing is known of earlier nights, and yet there were some: her workbooks carry « Dernier
/// courriel (auto) », or what an earlier run wrote lies in `controles/` (in copy mode her own
/// workbooks carry nothing). Once a run was done to its end, what the ledger doesn't know never was.
fn is_lost(
    programme: &Programme,
    ledger: Option<&Ledger>,
    history: &History,
) -> Result<bool, LedgerError> {
    if !history.is_empty() {
        return Ok(false);
    }
    let ran = ledger.map_or(Ok(None), Ledger::last_completed_run)?;
    Ok(programme.season.carries_mail_history
        || (ran.is_none() && has_outputs(&programme.folder.join("controles"))))
}

fn is_put_back(programme: &Programme, ledger: Option<&Ledger>) -> Result<bool, LedgerError> {
    ledger.map_or(Ok(false), |ledger| {
        witness::is_ahead_of(ledger, &programme.folder)
    })
}

fn has_outputs(controls: &Path) -> bool {
    let is_mail = |name: &Path| name.extension().is_some_and(|ending| ending == "eml");
    let mails = fs::read_dir(controls.join("courriels"));
    let has_mails = mails.is_ok_and(|entries| {
        let mut names = entries.flatten().map(|entry| entry.file_name());
        names.any(|name| is_mail(Path::new(&name)))
    });
    has_mails || controls.join(dashboard::FILE).exists()
}
