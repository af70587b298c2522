//! What the nights before left to this one, and whether it can be relied on.

use super::answers::{AboutRegistry, Answers};
use super::gap::{Gap, Held};
use super::{dashboard, keeping, settle, witness};
use crate::config::{Mode, Settings};
use crate::mails::{self, Anew, Draft, Due, History, Hold};
use crate::model::time::short_date;
use crate::outbox::{Ledger, LedgerError, Moment};
use crate::plan;
use crate::programme::Programme;
use crate::report::morning::{MailDesk, RegistryQuestion};

/// What the nights before left to this one.
#[derive(Debug)]
pub struct Past {
    /// What was sent.
    pub history: History,
    /// What the ledger doesn't know of, and what was held because of it: nothing goes without the
    /// coordinator's yes.
    gap: Option<(Gap, Held)>,
    /// The clock is wrong: the same (hazards.md, "Sending: the protocol").
    clock: Option<Hold>,
    /// A column is gone that e-mails are made of: the same.
    lost: Option<Hold>,
}

impl Past {
    /// Reads the ledger and changes nothing.
    ///
    /// # Errors
    /// The ledger can't be used.
    pub fn read(programme: &Programme) -> Result<Self, LedgerError> {
        Self::of(programme, Ledger::read_only(&programme.folder)?.as_ref())
    }

    fn of(programme: &Programme, ledger: Option<&Ledger>) -> Result<Self, LedgerError> {
        let mut history = ledger.map_or_else(|| Ok(History::default()), Ledger::history)?;
        let mut gap = None;
        if let Some(found) = Gap::of(programme, ledger, &history)? {
            let settings = &programme.settings;
            let held = ledger.map_or_else(
                || Ok(Held::default()),
                |ledger| found.held(ledger, settings),
            )?;
            gap = Some((found, held));
        }
        let clock = clock(programme, ledger)?;
        if let Some(ledger) = ledger {
            history = history.with_anew(settle::noted_anew(ledger));
        }
        Ok(Self {
            history,
            gap,
            clock,
            lost: ledger.and_then(|ledger| lost(programme, ledger)),
        })
    }

    /// What it is for a run: a gap is noted before anything else is done, and her answer to the
    /// question about it is taken.
    ///
    /// # Errors
    /// The ledger can't be used.
    pub(super) fn of_run(
        programme: &Programme,
        ledger: &mut Ledger,
        answers: &mut Answers,
    ) -> Result<(Self, bool), LedgerError> {
        let mut past = Self::of(programme, Some(ledger))?;
        if let Some((gap, _)) = &past.gap
            && gap.is_new()
        {
            gap.note(ledger);
        }
        let question = past.question();
        let said = answers.take_registry(question.map(|question| question.seal));
        match said {
            AboutRegistry::Nothing => {}
            AboutRegistry::Yes => {
                if let Some((gap, _)) = past.gap.take() {
                    gap.close(ledger);
                }
            }
            AboutRegistry::TwoThings => {
                if let Some((gap, _)) = &mut past.gap {
                    gap.ask_anew(ledger);
                }
            }
        }
        Ok((past, said == AboutRegistry::Yes))
    }

    /// Once her answers are in the ledger: whether they were all that was missing.
    ///
    /// # Errors
    /// The ledger can't be read.
    pub(super) fn reconsider(
        &mut self,
        ledger: &mut Ledger,
        settings: &Settings,
    ) -> Result<(), LedgerError> {
        self.count_held(ledger, settings)?;
        let answered = self.gap.take_if(|(gap, held)| gap.is_answered_by(*held));
        if let Some((gap, _)) = answered {
            gap.close(ledger);
        }
        Ok(())
    }

    /// Erases what is too old, where that may not be all that is left.
    ///
    /// # Errors
    /// The ledger can't be used.
    pub(super) fn purge(
        &mut self,
        ledger: &mut Ledger,
        programme: &Programme,
        moment: Moment,
    ) -> Result<(), LedgerError> {
        if self.gap.is_none() && keeping::purge(ledger, programme, moment)? {
            self.history = ledger.history()?;
        }
        Ok(())
    }

    /// The e-mails as she looks after them, once the night's are sent, with what a gap asks of her.
    ///
    /// # Errors
    /// The ledger can't be read.
    pub(super) fn desk(
        &mut self,
        ledger: &Ledger,
        programme: &Programme,
    ) -> Result<MailDesk, LedgerError> {
        self.count_held(ledger, &programme.settings)?;
        Ok(MailDesk {
            registry: self.question(),
            untold: plan::untold(programme, &self.history),
            ..MailDesk::of(ledger, programme.now.today)?
        })
    }

    fn count_held(&mut self, ledger: &Ledger, settings: &Settings) -> Result<(), LedgerError> {
        if let Some((gap, held)) = &mut self.gap {
            *held = gap.held(ledger, settings)?;
        }
        Ok(())
    }

    /// Tells the planning what is written anew tonight.
    pub(super) fn write_anew(&mut self, anew: Anew) {
        self.history = std::mem::take(&mut self.history).with_anew(anew);
    }

    /// Makes the e-mails of the night await approval, where nothing may go without.
    pub fn hold(&self, due: &mut Due, settings: &Settings) {
        // Others would have waited anyway; what another guard holds is held by this one, too.
        let is_held = |one: &&Draft| one.kind.mode(settings) == Mode::Auto && !one.agreed;
        let new = due.drafts.iter().filter(is_held);
        if let Some(hold) = self.reason(new.count()) {
            mails::hold_everything(due, &hold);
        }
    }

    /// Why nothing may go without the coordinator's yes, in a few words of French.
    pub(super) fn reason_to_hold(&self) -> Option<String> {
        self.reason(0).map(|hold| hold.short)
    }

    /// What the ledger lost counts more than the clock, and that more than a column.
    fn reason(&self, new: usize) -> Option<Hold> {
        let gap = self.gap.as_ref();
        let gap = gap.map(|(gap, held)| gap.hold(held.waiting + new));
        gap.or_else(|| self.clock.clone())
            .or_else(|| self.lost.clone())
    }

    /// Tonight it was found out that the ledger doesn't know all that left: what she answered or
    /// decided before, she did without knowing.
    pub(super) fn has_new_gap(&self) -> bool {
        self.gap.as_ref().is_some_and(|(gap, _)| gap.is_new())
    }

    /// What she is asked where nothing is held because of a gap.
    fn question(&self) -> Option<RegistryQuestion> {
        self.gap
            .as_ref()
            .and_then(|(gap, held)| gap.question(*held))
    }

    /// At the end of a night: notes how far the ledger has come.
    ///
    /// # Errors
    /// The ledger can't be read.
    pub(super) fn end_night(
        self,
        ledger: &mut Ledger,
        programme: &Programme,
    ) -> Result<(), LedgerError> {
        match self.gap {
            Some((gap, _)) => gap.end_night(ledger, &programme.folder),
            None => witness::leave(ledger, &programme.folder),
        }
    }
}

fn lost(programme: &Programme, ledger: &Ledger) -> Option<Hold> {
    let latest = dashboard::latest(ledger)?;
    let lost = latest.lost(&programme.season);
    let lost = lost.iter().find(|lost| lost.holds_the_night())?;
    Some(Hold {
        reason: format!(
            "{} : sans elle, des courriels partiraient à tort, et ceux de cette nuit attendent votre accord ; {}",
            lost.in_words(),
            lost.remedy()
        ),
        short: "une colonne lue la veille n’est plus là".to_owned(),
    })
}

fn clock(programme: &Programme, ledger: Option<&Ledger>) -> Result<Option<Hold>, LedgerError> {
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
