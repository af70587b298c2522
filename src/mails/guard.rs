//! A night that would write to far more people than usual is more likely a broken workbook than a
//! busy day: it awaits approval as a whole (programme.md §6).

use std::collections::BTreeSet;

use crate::config::{Mode, Settings};
use crate::french::typographic;

use super::draft::Due;
use super::history::History;

/// programme.md §6: "to more than a fifth of those told (and more than 5)".
const SHARE: usize = 5;
const FEW: usize = 5;

/// Holds the whole night where it would write to too many, or take back from too many.
pub(super) fn watch(due: &mut Due, settings: &Settings, history: &History) {
    let sent = due
        .drafts
        .iter()
        .filter(|draft| draft.mode == Mode::Auto)
        .count();
    let limit = settings.mail.max_per_run;
    if u32::try_from(sent).unwrap_or(u32::MAX) > limit {
        hold_everything(
            due,
            &format!(
                "{sent} courriels partiraient cette nuit, pour {limit} au plus (mail.max_per_run) : ils attendent votre accord."
            ),
        );
        return;
    }
    // Those that await approval anyway count too: many rows that are gone are the surest sign.
    let taken_back: BTreeSet<String> = due
        .drafts
        .iter()
        .filter(|draft| draft.kind.takes_back())
        .map(|draft| draft.to.address.to_lowercase())
        .collect();
    let told: BTreeSet<&str> = history
        .entries()
        .iter()
        .filter(|entry| entry.state.was_told())
        .map(|entry| entry.address.as_str())
        .collect();
    if taken_back.len() > FEW && taken_back.len() * SHARE > told.len() {
        hold_everything(
            due,
            &format!(
                "Des annulations ou des modifications partiraient à {} personnes, sur {} à qui le programme a déjà écrit : les courriels de cette nuit attendent votre accord.",
                taken_back.len(),
                told.len()
            ),
        );
    }
}

/// Makes the whole night await approval: where the ledger was lost, or a run lies in the future, for
/// instance. `reason` is in French; the first reason stays where there are several.
pub fn hold_everything(due: &mut Due, reason: &str) {
    for draft in &mut due.drafts {
        draft.mode = Mode::Review;
    }
    due.guard.get_or_insert_with(|| typographic(reason));
}
