//! The e-mails of a night.

use crate::decide::Decisions;
use crate::facts::Night;
use crate::findings::Findings;

use super::desk::Desk;
use super::draft::{Detail, Due};
use super::guard;
use super::history::{Aside, History};
use super::kinds;

/// Everything that is due tonight but the digest: what is sent and what awaits approval, ordered by
/// kind, key, address; and the reminders that are settled without an e-mail (programme.md §6).
/// Nothing that `history` has is due again.
pub fn due(
    night: &Night,
    decisions: &Decisions,
    findings: &Findings,
    history: &History,
    detail: Detail,
) -> Due {
    let mut desk = Desk::new(night, decisions, findings, history, detail, Aside::Nothing);
    kinds::in_order(&mut desk);
    let mut due = desk.close();
    guard::watch(&mut due, night.settings, history);
    due
}
