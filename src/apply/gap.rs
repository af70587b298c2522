//! What the ledger doesn't know: it was lost, or an older copy of it was put back, and what left
//! since is not in it.
//!
//! From the night on which that is found out, nothing goes without the coordinator's yes, every
//! night, until she has answered all that was held because of it: only she can know what people
//! got. Her answers fill the gap, since what she was asked about never comes up by itself again:
//! what she approves goes and is known, what she says had arrived is known as that, what she rejects
//! is known too. Where nothing was due, so that there is nothing to answer, she is asked one question
//! instead (« Registre des courriels »): a hold that ended by itself might end unseen, and one without
//! an end would be in her way.
//!
//! The ledger itself notes that it has a gap, in the transaction log of the very copy that has it,
//! before anything else is done on that night: a run that is cut off, and a `controles/` that can't
//! be written, change nothing of it. What shows the gap lies outside ([`super::witness`]).

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::witness::{self, Witness};
use super::workbooks::note;
use crate::config::{Mode, Settings};
use crate::french::words::count;
use crate::mails::{History, Hold};
use crate::model::time::short_date;
use crate::outbox::{About, Ledger, LedgerError, Seal};
use crate::programme::Programme;
use crate::report::dashboard;
use crate::report::morning::RegistryQuestion;

/// Its name among the ledger's notes.
const NOTE: &str = "what the ledger lost";

/// A time of which the ledger doesn't know what left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Gap {
    cause: Cause,
    /// The day on which it was found out.
    since: NaiveDate,
    /// The ledger's newest change then; 0 for none. What was held because of it came later.
    change: i64,
    /// A night came to its end since, so that she could see it.
    told: bool,
    /// The change that the ledger didn't know.
    ahead: Option<Witness>,
    /// She has answered.
    answered: bool,
    /// How many times the question was asked anew.
    #[serde(default)]
    asked_anew: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Cause {
    Lost,
    PutBack,
}

/// What was held because of a gap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// How many still wait for her.
    pub(super) waiting: usize,
    /// How many she has answered.
    answered: usize,
}

impl Gap {
    /// The one that tonight has to do with; none where the ledger can be relied on. Notes nothing.
    ///
    /// # Errors
    /// The ledger can't be read.
    pub(super) fn of(
        programme: &Programme,
        ledger: Option<&Ledger>,
        history: &History,
    ) -> Result<Option<Self>, LedgerError> {
        let noted: Option<Self> = ledger.and_then(|ledger| note::read(ledger, NOTE));
        let ahead = match ledger {
            Some(ledger) => witness::ahead_of(ledger, &programme.folder)?,
            None => None,
        };
        let cause = match (&noted, &ahead) {
            (Some(noted), ahead) if ahead.is_none() || noted.ahead == *ahead => {
                return Ok(Some(noted.clone()).filter(|gap| !gap.answered));
            }
            // No sign of it is as sure as that the ledger never knew of anything.
            _ if is_lost(programme, ledger, history)? => Cause::Lost,
            (_, Some(_)) => Cause::PutBack,
            (_, None) => return Ok(None),
        };
        // What an earlier gap still asks of her is asked on.
        let open = noted.filter(|gap| !gap.answered);
        let newest = ledger.map_or(Ok(0), Ledger::last_change)?;
        Ok(Some(Self {
            cause,
            since: programme.now.today,
            change: open.map_or(newest, |gap| gap.change.min(newest)),
            told: false,
            ahead,
            answered: false,
            asked_anew: 0,
        }))
    }

    /// Whether the ledger notes one that she has not answered yet.
    pub(super) fn is_open(ledger: &Ledger) -> bool {
        let noted: Option<Self> = note::read(ledger, NOTE);
        noted.is_some_and(|gap| !gap.answered)
    }

    /// Notes it. Where the ledger can't be written, the run doesn't come far.
    pub(super) fn note(&self, ledger: &mut Ledger) {
        note::write(ledger, NOTE, self);
    }

    /// No night came to its end yet since it was found out.
    pub(super) fn is_new(&self) -> bool {
        !self.told
    }

    /// At the end of a night: she can see it now. The note outside of the ledger stays as it is, so
    /// that the right ledger, put in its place after all, is known for what it is; unless something
    /// left since, which that one wouldn't know.
    ///
    /// # Errors
    /// The ledger can't be read.
    pub(super) fn end_night(
        mut self,
        ledger: &mut Ledger,
        folder: &Path,
    ) -> Result<(), LedgerError> {
        if ledger.has_sent_after(self.change)? {
            witness::leave(ledger, folder)?;
        }
        if !self.told {
            self.told = true;
            self.note(ledger);
        }
        Ok(())
    }

    /// What was held because of it: the kinds that wait for her anyway don't count.
    ///
    /// # Errors
    /// The ledger can't be read.
    pub(super) fn held(&self, ledger: &Ledger, settings: &Settings) -> Result<Held, LedgerError> {
        let mut asked = ledger.asked_after(self.change)?;
        asked.retain(|one| one.kind.mode(settings) == Mode::Auto);
        Ok(Held {
            waiting: asked.iter().filter(|one| one.waits).count(),
            answered: asked.iter().filter(|one| one.is_answered).count(),
        })
    }

    /// She has seen it and left nothing open. What was overtaken before she answered is no answer.
    pub(super) fn is_answered_by(&self, held: Held) -> bool {
        self.told && held.waiting == 0 && held.answered > 0
    }

    /// The question is another one from now on: what was answered to it counts no longer.
    pub(super) fn ask_anew(&mut self, ledger: &mut Ledger) {
        self.asked_anew = self.asked_anew.saturating_add(1);
        self.note(ledger);
    }

    /// Normal nights follow.
    pub(super) fn close(mut self, ledger: &mut Ledger) {
        self.answered = true;
        self.note(ledger);
    }

    /// What she is asked where nothing was held.
    pub(super) fn question(&self, held: Held) -> Option<RegistryQuestion> {
        let texts = [
            self.since.to_string(),
            self.change.to_string(),
            self.asked_anew.to_string(),
        ];
        let seal = Seal::of(About::Registry, &texts.each_ref().map(String::as_str));
        let since = self.since;
        (held.waiting == 0).then_some(RegistryQuestion { since, seal })
    }

    /// Why nothing goes without her yes; `waiting`: how many are held because of it.
    pub(super) fn hold(&self, waiting: usize) -> Hold {
        let since = short_date(self.since);
        let what = match (self.cause, self.told) {
            (Cause::Lost, false) => "Le registre des courriels manque, alors que vos classeurs ou le dossier controles portent la trace d’envois passés. Remettez en place le dossier .peer-culture s’il en existe une sauvegarde".to_owned(),
            (Cause::PutBack, false) => "Le registre des courriels est plus ancien que le dossier controles : une sauvegarde de .peer-culture a sans doute été remise en place, et ce qui est parti depuis n’y est pas noté".to_owned(),
            (Cause::Lost, true) => format!("Depuis le {since}, le registre des courriels est incomplet : le dossier .peer-culture a été perdu, et ce qui était parti avant n’y est pas noté"),
            (Cause::PutBack, true) => format!("Depuis le {since}, le registre des courriels est incomplet : une sauvegarde plus ancienne de .peer-culture a été remise en place, et ce qui était parti entre-temps n’y est pas noté"),
        };
        let until = if waiting == 0 {
            "rien ne part sans votre accord. Rien n’est encore retenu : pour que les envois reprennent, répondez « oui » à « Registre des courriels » dans la feuille « Courriels » (ou « peer-culture outbox trust-ledger »).".to_owned()
        } else {
            format!(
                "rien ne part sans votre accord, cette nuit et les suivantes, jusqu’à ce que vous ayez répondu à tout ce qui est retenu ({}) dans la feuille « Courriels ». « Oui » envoie le courriel, « reçu » note qu’il était déjà parti, « non » l’écarte.",
                count(waiting, "courriel", "courriels")
            )
        };
        let short = match (self.cause, self.told) {
            (Cause::Lost, false) => "le registre des courriels passés manque".to_owned(),
            (Cause::PutBack, false) => {
                "le registre des courriels est plus ancien que le dernier contrôle".to_owned()
            }
            (_, true) => format!("le registre des courriels est incomplet depuis le {since}"),
        };
        Hold {
            reason: format!("{what} : {until}"),
            short,
        }
    }
}

/// What became of the wish that e-mails go again although the ledger has a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// It has none.
    Nothing,
    /// So many are held because of it: her answers to them are what fills it.
    Waiting(usize),
    /// They go again. The day on which it was found out.
    Done(NaiveDate),
}

/// Lets e-mails go again where nothing is held because of the ledger's gap. For who holds the
/// folder.
///
/// # Errors
/// The ledger can't be read.
pub fn trust_ledger(ledger: &mut Ledger, settings: &Settings) -> Result<Filled, LedgerError> {
    let noted: Option<Gap> = note::read(ledger, NOTE);
    let Some(gap) = noted.filter(|gap| !gap.answered) else {
        return Ok(Filled::Nothing);
    };
    let held = gap.held(ledger, settings)?;
    if held.waiting > 0 {
        return Ok(Filled::Waiting(held.waiting));
    }
    let since = gap.since;
    gap.close(ledger);
    Ok(Filled::Done(since))
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

fn has_outputs(controls: &Path) -> bool {
    let is_mail = |name: &Path| name.extension().is_some_and(|ending| ending == "eml");
    let mails = fs::read_dir(controls.join("courriels"));
    let has_mails = mails.is_ok_and(|entries| {
        let mut names = entries.flatten().map(|entry| entry.file_name());
        names.any(|name| is_mail(Path::new(&name)))
    });
    has_mails || controls.join(dashboard::FILE).exists()
}
