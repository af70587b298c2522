//! A night that would write to far more people than usual is more likely a broken workbook than a
//! busy day: it awaits approval as a whole (programme.md §6).

use std::collections::BTreeSet;

use crate::config::{Mode, Settings};
use crate::french::typographic;
use crate::french::words::count;

use super::draft::Due;
use super::history::History;
use super::kind::Kind;

/// programme.md §6: "to more than a fifth of those told (and more than 5)".
const SHARE: usize = 5;
const FEW: usize = 5;

/// Holds the whole night where it would write to too many, or take back from too many.
///
/// What earlier nights could not send leaves with it, and counts with it: a broken workbook may take
/// two nights to write to everybody. Only tonight's is held then: the rest was let through on its own
/// night. What she said yes to counts for nothing: she has seen it.
pub(super) fn watch(due: &mut Due, settings: &Settings, history: &History) {
    let sent = due
        .drafts
        .iter()
        .filter(|draft| draft.mode == Mode::Auto && !draft.agreed)
        .count();
    let waiting = history.waiting();
    let limit = settings.mail.max_per_run;
    if sent > 0 && u32::try_from(sent + waiting).unwrap_or(u32::MAX) > limit {
        hold_everything(due, &too_many(sent, waiting, limit));
        return;
    }
    // Those that await approval anyway count too: many rows that are gone are the surest sign.
    let taken_back: BTreeSet<String> = due
        .drafts
        .iter()
        .filter(|draft| draft.kind.takes_back())
        .map(|draft| draft.to.address.to_lowercase())
        .collect();
    // The coordinator, who reads the digest, is none of those told.
    let told: BTreeSet<&str> = history
        .entries()
        .iter()
        .filter(|entry| entry.kind != Kind::Digest && entry.was_told())
        .map(|entry| entry.address.as_str())
        .collect();
    if taken_back.len() > FEW && taken_back.len() * SHARE > told.len() {
        let hold = Hold {
            reason: format!(
                "Des annulations ou des modifications partiraient à {} personnes, sur {} à qui le programme a déjà écrit : les courriels de cette nuit attendent votre accord.",
                taken_back.len(),
                told.len()
            ),
            short: format!(
                "annulations ou modifications à {} personnes d’un coup, sur {}",
                taken_back.len(),
                told.len()
            ),
        };
        hold_everything(due, &hold);
    }
}

fn too_many(sent: usize, waiting: usize, limit: u32) -> Hold {
    let all = sent + waiting;
    let which = if waiting == 0 {
        "ils attendent votre accord.".to_owned()
    } else {
        let one = "qui restait d’une nuit précédente part";
        let several = "qui restaient d’une nuit précédente partent";
        let left = count(waiting, one, several);
        let new = count(sent, "nouveau attend", "nouveaux attendent");
        format!("{left}, {new} votre accord.")
    };
    Hold {
        reason: format!(
            "{all} courriels partiraient cette nuit, pour {limit} au plus (mail.max_per_run) : {which}"
        ),
        short: format!("{all} courriels d’un coup, pour {limit} au plus"),
    }
}

/// Why a whole night awaits approval, in French with plain spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What is odd, and what to do: what she reads first.
    pub reason: String,
    /// The same in a few words: why one e-mail waits that would otherwise have gone.
    pub short: String,
}

/// Makes the whole night await approval: where it would write to too many, where the ledger was
/// lost, or a run lies in the future. What is wrong with the past counts more than how many e-mails
/// that makes: the latest reason stands.
pub fn hold_everything(due: &mut Due, hold: &Hold) {
    for draft in due.drafts.iter_mut().filter(|draft| !draft.agreed) {
        // What would have waited anyway has its own reason. Without details there is none.
        if draft.mode == Mode::Auto && !draft.why.is_empty() {
            draft.why = typographic(&format!("{} Retenu : {}.", draft.why, hold.short));
        }
        draft.mode = Mode::Review;
    }
    due.guard = Some(typographic(&hold.reason));
}
