//! What may have arrived or not: most of it waits for the coordinator, some goes once more.

use chrono_tz::Tz;

use crate::mails::Kind;
use crate::outbox::{Doubt, Id, Ledger, LedgerError, Moment, Step};
use crate::programme::Programme;

/// Copies of one e-mail that leave by themselves, ever (hazards.md, "Sending: the protocol").
const COPIES_MAX: u32 = 2;

/// What goes once more by itself: what is better read twice than never, that is a change or a
/// cancellation, the next night; and the digest, which is simply tried again. Everything else is the
/// coordinator's to settle.
///
/// # Errors
/// The ledger can't be read.
pub(super) fn resends(
    ledger: &Ledger,
    programme: &Programme,
    moment: Moment,
) -> Result<Vec<(Id, Step)>, LedgerError> {
    let timezone = programme.settings.programme.timezone;
    let doubts = ledger.doubts()?.into_iter();
    let again = doubts.filter(|doubt| goes_once_more(doubt, moment, timezone));
    let resend = |doubt: Doubt| {
        let reason = "il est peut-être arrivé : envoyé encore une fois".to_owned();
        (doubt.message.id, Step::Resend { reason })
    };
    Ok(again.map(resend).collect())
}

fn goes_once_more(doubt: &Doubt, moment: Moment, timezone: Tz) -> bool {
    let kind = doubt.message.kind;
    if kind == Kind::Digest {
        return true;
    }
    let left_on = doubt
        .since
        .map(|since| since.with_timezone(&timezone).date_naive());
    kind.takes_back()
        && doubt.copies < COPIES_MAX
        && left_on.is_some_and(|left_on| left_on < moment.day)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{Doubt, goes_once_more};
    use crate::mails::{Kind, Recipient, State};
    use crate::outbox::{Moment, Pending};

    fn doubt(kind: Kind, copies: u32, hours_ago: i64) -> (Doubt, Moment) {
        // 4:30 in Paris.
        let now = DateTime::from_timestamp(1_610_422_200, 0).expect("an instant");
        let day = now.date_naive();
        let message = Pending {
            id: "1".parse().expect("a number"),
            kind,
            key: String::new(),
            to: Recipient {
                name: String::new(),
                address: "a@example.org".to_owned(),
            },
            state: State::Unknown,
            run_day: day,
            about: None,
            why: String::new(),
            subject: String::new(),
            message_id: String::new(),
            attempts: copies,
            handed_to: None,
            last_error: None,
        };
        let since = Some(now - TimeDelta::hours(hours_ago));
        let doubt = Doubt {
            message,
            copies,
            since,
        };
        (doubt, Moment { now, day })
    }

    #[test]
    fn changes_and_cancellations_go_once_more_the_next_night() {
        for (kind, copies, hours_ago, again) in [
            (Kind::MeetingCancellation, 1, 24, true),
            (Kind::WorkshopChange, 1, 24, true),
            (Kind::WorkshopChange, 2, 24, false),
            // The same night; it was yesterday five hours ago.
            (Kind::WorkshopChange, 1, 4, false),
            (Kind::WorkshopChange, 1, 5, true),
            (Kind::RegistrationConfirmed, 1, 24, false),
            (Kind::MeetingReminder, 1, 24, false),
            (Kind::RegistrationWaiting, 1, 24, false),
            (Kind::ApplicationDecision, 1, 24, false),
            (Kind::Digest, 3, 1, true),
        ] {
            let (doubt, moment) = doubt(kind, copies, hours_ago);
            let found = goes_once_more(&doubt, moment, chrono_tz::Europe::Paris);
            assert_eq!(found, again, "{kind:?}, {copies} copies, {hours_ago} h ago");
        }
    }
}
