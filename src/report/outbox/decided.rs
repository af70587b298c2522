//! What a decision on messages changed.

use std::io::{self, Write};

use chrono::NaiveDate;
use serde::Serialize;

use super::{MessageView, mailbox};
use crate::apply::Filled;
use crate::french::typographic;
use crate::french::words::count;
use crate::mails::State;
use crate::model::time::short_date;
use crate::outbox::Pending;
use crate::sheets::InputProblem;

/// What a decision came to.
#[derive(Debug)]
pub struct Decided<'a> {
    /// The state that it leads to.
    pub to: State,
    /// The messages that it changed.
    pub changed: &'a [Pending],
    /// The addresses that were refused and are written to again.
    pub written_to_again: &'a [String],
    /// Why the rest was not changed.
    pub problems: &'a [InputProblem],
}

impl Decided<'_> {
    /// Nothing was changed.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.changed.is_empty() && self.written_to_again.is_empty()
    }
}

/// Writes what was changed.
///
/// # Errors
/// The output can't be written.
pub fn write_decided(out: &mut impl Write, decided: &Decided<'_>) -> io::Result<()> {
    let Decided { to, changed, .. } = *decided;
    for address in decided.written_to_again {
        let line =
            format!("  {address} : n’est plus tenue pour refusée, les courriels y repartent");
        writeln!(out, "{}", typographic(&line))?;
    }
    for message in changed {
        let line = format!(
            "  n° {}, {} → {} : {}",
            message.id,
            message.kind.french(),
            mailbox(&message.to),
            to.french()
        );
        writeln!(out, "{}", typographic(&line))?;
    }
    match (changed.len(), to) {
        (0, _) if !decided.is_nothing() => Ok(()),
        (0, _) if decided.problems.is_empty() => {
            writeln!(out, "Aucun courriel n’est dans ce cas : rien n’a changé.")
        }
        (0, _) => writeln!(out, "Rien n’a changé."),
        (number, State::Planned) => {
            let what = count(number, "courriel partira", "courriels partiront");
            writeln!(
                out,
                "{what} à la prochaine exécution, après une dernière vérification."
            )
        }
        (number, State::Rejected) => {
            let what = count(number, "courriel écarté", "courriels écartés");
            let end = if number < 2 {
                "il ne partira pas"
            } else {
                "ils ne partiront pas"
            };
            writeln!(out, "{}", typographic(&format!("{what} : {end}.")))
        }
        (number, _) => writeln!(
            out,
            "{}.",
            count(number, "courriel réglé", "courriels réglés")
        ),
    }
}

/// The same for other programs.
#[derive(Debug, Serialize)]
pub struct DecidedView<'a> {
    changed: Vec<MessageView<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    written_to_again: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [InputProblem],
}

impl<'a> DecidedView<'a> {
    /// The view of what was changed, and why the rest was not.
    #[must_use]
    pub fn new(decided: &Decided<'a>) -> Self {
        Self {
            changed: decided.changed.iter().map(MessageView::new).collect(),
            written_to_again: decided.written_to_again,
            errors: decided.problems,
        }
    }
}

/// Writes that the date is taken for right; `latest`: the run that lay in the future, if one did.
///
/// # Errors
/// The output can't be written.
pub fn write_date_trusted(
    out: &mut impl Write,
    today: NaiveDate,
    latest: Option<NaiveDate>,
) -> io::Result<()> {
    let today = short_date(today);
    let Some(latest) = latest else {
        return writeln!(
            out,
            "Aucun contrôle passé ne porte une date après le {today} : rien n’a changé."
        );
    };
    let line = format!(
        "La date du {today} est tenue pour juste, malgré le contrôle daté du {} : les courriels repartiront à la prochaine exécution. Ceux qui ont été retenus attendent toujours votre accord.",
        short_date(latest)
    );
    writeln!(out, "{}", typographic(&line))
}

/// The same for other programs.
#[derive(Debug, Serialize)]
pub struct DateTrustedView {
    as_of: NaiveDate,
    latest_run: Option<NaiveDate>,
}

impl DateTrustedView {
    /// The view of the decision.
    #[must_use]
    pub fn new(today: NaiveDate, latest: Option<NaiveDate>) -> Self {
        Self {
            as_of: today,
            latest_run: latest,
        }
    }
}

/// Writes whether e-mails go again although the ledger has a gap.
///
/// # Errors
/// The output can't be written.
pub fn write_ledger_trusted(out: &mut impl Write, filled: Filled) -> io::Result<()> {
    let line = match filled {
        Filled::Nothing => "Rien ne manque au registre des courriels : rien n’a changé.".to_owned(),
        Filled::Waiting(number) => format!(
            "{} encore votre réponse : les envois reprennent quand vous aurez répondu à tout ce qui est retenu (outbox approve, outbox reject, ou outbox resolve avec « reçu »).",
            count(
                number,
                "courriel retenu attend",
                "courriels retenus attendent"
            )
        ),
        Filled::Done(since) => format!(
            "Les envois, retenus depuis le {}, reprennent à la prochaine exécution.",
            short_date(since)
        ),
    };
    writeln!(out, "{}", typographic(&line))
}

/// The same for other programs.
#[derive(Debug, Serialize)]
pub struct LedgerTrustedView {
    held_since: Option<NaiveDate>,
    waiting: usize,
}

impl LedgerTrustedView {
    /// The view of what became of it.
    #[must_use]
    pub fn new(filled: Filled) -> Self {
        let (held_since, waiting) = match filled {
            Filled::Nothing => (None, 0),
            Filled::Waiting(number) => (None, number),
            Filled::Done(since) => (Some(since), 0),
        };
        Self {
            held_since,
            waiting,
        }
    }
}
