//! The digest that the night would end with, if every e-mail that leaves is taken.

use chrono::NaiveDate;

use crate::apply::past::Past;
use crate::apply::{Taken, dashboard, digest, letters};
use crate::config::Mode;
use crate::mails::{self, Draft, State};
use crate::outbox::{About, Id, Ledger, LedgerError, Pending, Queued, Seal};
use crate::plan::Plan;
use crate::programme::Programme;
use crate::report::digest::{has_news, words};
use crate::report::morning::{MailDesk, Morning, Night};
use crate::report::preview::{Letter, Seen, Status};

/// What the digest is about.
pub(super) struct OfDigest<'a> {
    pub programme: &'a Programme,
    pub plan: &'a Plan,
    pub past: &'a Past,
    pub ledger: &'a Ledger,
    pub taken: &'a Taken,
    /// The e-mails of the night, in words.
    pub tonight: &'a [(&'a Draft, &'a Queued)],
}

/// The digest as it would leave; none where none is due. What keeps it from being put into words is
/// among the problems, in French.
pub(super) fn digest_of(
    night: &OfDigest<'_>,
    problems: &mut Vec<String>,
) -> Result<Option<Letter>, LedgerError> {
    let OfDigest {
        programme,
        plan,
        past,
        ledger,
        ..
    } = *night;
    let settings = &programme.settings;
    let today = programme.now.today;
    let obstacle = digest::obstacle(programme, &past.history);
    let night_problems: Vec<String> = problems.iter().cloned().chain(obstacle.clone()).collect();
    let (before, latest) = (dashboard::before(ledger, today), dashboard::latest(ledger));
    let desk = desk(ledger, night.tonight, today)?;
    let morning = Morning::of(Night {
        programme,
        verdict: &plan.verdict,
        guard: plan.due.guard.as_deref(),
        desk: &desk,
        before: before.as_ref(),
        latest: latest.as_ref(),
        problems: &night_problems,
        workbooks: &[],
        taken: night.taken,
    });
    let is_troubled = plan.due.guard.is_some() || !night_problems.is_empty();
    let said = words(&morning, programme, &plan.verdict.findings, true);
    let Some(draft) = mails::digest(&said, settings, today) else {
        return Ok(None);
    };
    let is_known = letters::state_of(&past.history, &draft).is_some();
    if is_known
        || obstacle.is_some()
        || !settings.mail.digest.is_due(has_news(&morning, is_troubled))
    {
        return Ok(None);
    }
    // Without the dashboard, which is not made yet.
    match letters::put_digest_into_words(programme, &draft, None) {
        Ok(queued) => Ok(Seen::in_message(&queued.eml).map(|seen| Letter {
            status: Status::Goes,
            left_over: None,
            kind: draft.kind,
            why: draft.why,
            about: None,
            seen,
        })),
        Err(problem) => {
            problems.push(problem);
            Ok(None)
        }
    }
}

/// The ledger's e-mails once tonight's are in it.
fn desk(
    ledger: &Ledger,
    tonight: &[(&Draft, &Queued)],
    today: NaiveDate,
) -> Result<MailDesk, LedgerError> {
    let mut desk = MailDesk::of(ledger, today)?;
    let left: Vec<Pending> = desk.unsent.drain(..).collect();
    desk.accepted
        .extend(left.into_iter().map(|message| (message, today)));
    for (draft, queued) in tonight {
        let message = pending(queued, today);
        match draft.mode {
            Mode::Auto => desk.accepted.push((message, today)),
            Mode::Review | Mode::Off => {
                // Nobody answers a page.
                let seal = Seal::of(About::Message(message.id), &[]);
                desk.awaiting.push((message, seal));
            }
        }
    }
    Ok(desk)
}

/// As the ledger would have it.
fn pending(queued: &Queued, today: NaiveDate) -> Pending {
    Pending {
        id: Id::NONE,
        kind: queued.kind,
        key: queued.key.clone(),
        to: queued.to.clone(),
        state: State::Planned,
        run_day: today,
        about: queued.about.clone(),
        why: queued.why.clone(),
        subject: queued.subject.clone(),
        message_id: queued.message_id.clone(),
        attempts: 0,
        handed_to: None,
        last_error: None,
    }
}
