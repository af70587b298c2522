//! The coordinator's morning e-mail: frozen in the ledger and handed over as any other, once a day
//! of run, with the dashboard. It goes last, so that it can tell what became of the others, and no
//! guard holds it: it is what says that one closed.

use std::fs;

use super::delivery::{Errand, Outbound};
use super::{WorkbookDone, letters};
use crate::findings::Findings;
use crate::french::typographic;
use crate::mails::{self, Attachment, Draft, History, Kind, State};
use crate::outbox::{Ledger, LedgerError, Moment, Whose};
use crate::programme::Programme;
use crate::report::digest::{has_news, words};
use crate::report::morning::Morning;

/// ECMA-376 part 1, §15.2: the media type of a workbook.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The name under which the dashboard arrives.
const FILE: &str = "tableau-de-bord.xlsx";
/// Bytes of a dashboard that still goes along: mail servers take 10 MB as a rule, and base64 makes
/// four bytes of three.
const FILE_MAX: usize = 5_000_000;

/// What the digest of a night may need.
pub(super) struct Night<'a> {
    pub programme: &'a Programme,
    pub morning: &'a Morning,
    pub findings: &'a Findings,
    pub dashboard: &'a WorkbookDone,
    /// Something went wrong, or a guard closed.
    pub is_troubled: bool,
}

/// What became of the digest.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Where it stands; none where none was due.
    pub state: Option<State>,
    /// Why it didn't leave, in French.
    pub problem: Option<String>,
}

/// That her address was refused, in French: the dashboard must say it, since the digest may not
/// arrive. It is tried all the same, every night (hazards.md, "Sending: the protocol").
pub(super) fn obstacle(programme: &Programme, history: &History) -> Option<String> {
    let settings = &programme.settings;
    let is_wanted = Kind::Digest.mode(settings) != crate::config::Mode::Off;
    (is_wanted && history.refuses(settings.coordinator.email.trim())).then(|| {
        "Le serveur a refusé votre adresse : la synthèse du matin ne vous parvient pas. Si l’adresse est fausse, corrigez coordinator.email dans programme.toml ; si elle est juste, voyez avec qui tient le serveur : la synthèse est réessayée chaque nuit."
            .to_owned()
    })
}

/// Freezes the digest of the day and hands it over, or tries the one again that an earlier run of
/// the day could not send.
///
/// # Errors
/// The ledger cannot be read or written.
pub(super) fn send(
    night: &Night<'_>,
    outbound: &mut Outbound,
    errand: Errand<'_>,
    moment: Moment,
) -> Result<Outcome, LedgerError> {
    let Errand { ledger, .. } = errand;
    let is_due = night
        .programme
        .settings
        .mail
        .digest
        .is_due(has_news(night.morning, night.is_troubled));
    let file = attachment(night);
    let said = words(
        night.morning,
        night.programme,
        night.findings,
        file.is_some(),
    );
    let Some(draft) = mails::digest(&said, &night.programme.settings, moment.day) else {
        return Ok(Outcome::default());
    };
    let history = ledger.history()?;
    match letters::state_of(&history, &draft) {
        Some(State::Planned | State::Deferred) => {}
        Some(_) => return Ok(Outcome::default()),
        None if !is_due => return Ok(Outcome::default()),
        None => match letters::put_digest_into_words(night.programme, &draft, file.as_ref()) {
            Ok(queued) => drop(ledger.enqueue(&[queued], &[], moment)?),
            Err(problem) => {
                return Ok(Outcome {
                    state: None,
                    problem: Some(problem),
                });
            }
        },
    }
    // Where nothing can leave as the settings are, it waits for the next run: each try with a wrong
    // password is one more for the server to count.
    if outbound.is_barred() {
        return Ok(Outcome {
            state: letters::state_of(&ledger.history()?, &draft),
            problem: Some(typographic(
                "La synthèse du matin n’est pas partie : l’envoi s’est arrêté avant elle.",
            )),
        });
    }
    let errand = Errand { ledger, ..errand };
    outbound.send(Whose::Coordinator, errand)?;
    outcome(ledger, &draft)
}

/// Without it the digest says what matters all the same.
fn attachment(night: &Night<'_>) -> Option<Attachment> {
    let file = night.dashboard.file.as_ref()?;
    let bytes = fs::read(night.programme.folder.join(file)).ok()?;
    (bytes.len() <= FILE_MAX).then_some(Attachment {
        name: FILE,
        media_type: WORKBOOK,
        bytes,
    })
}

fn outcome(ledger: &Ledger, draft: &Draft) -> Result<Outcome, LedgerError> {
    let Some(state) = letters::state_of(&ledger.history()?, draft) else {
        return Ok(Outcome::default());
    };
    let what = match state {
        State::Accepted => None,
        State::Unknown => Some("est peut-être partie"),
        _ => Some("n’est pas partie"),
    };
    let of_today =
        |message: &crate::outbox::Pending| message.kind == Kind::Digest && message.key == draft.key;
    let why = ledger
        .in_state(state)?
        .into_iter()
        .rfind(of_today)
        .and_then(|message| message.last_error)
        .map(|error| format!(" : {}", error.trim_end_matches('.')));
    let problem = what.map(|what| {
        let why = why.unwrap_or_default();
        typographic(&format!("La synthèse du matin {what}{why}."))
    });
    Ok(Outcome {
        state: Some(state),
        problem,
    })
}
