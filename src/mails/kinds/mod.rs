//! One kind of e-mail a file: when it is due, its key, what it tells, what its template may use.

mod application_decision;
mod application_incomplete;
mod application_received;
mod evaluation_invitation;
mod interview_confirmation;
mod meeting_cancellation;
mod meeting_change;
mod meeting_confirmation;
mod meeting_gap;
mod meeting_reminder;
mod membership_ending;
mod payment_reminder;
mod registration_cancelled;
mod registration_confirmed;
mod registration_promoted;
mod registration_waiting;
mod workshop_cancellation;
mod workshop_change;
mod workshop_reminder;

pub(super) use application_received::identity;

use super::desk::Desk;
use super::meetings::Meetings;
use super::registrations::Registrations;

/// Every kind leaves its e-mails on the desk. What announces a thing comes before the reminders of
/// it, which are settled on the same night.
pub(super) fn in_order(desk: &mut Desk) {
    application_received::due(desk);
    application_incomplete::due(desk);
    application_decision::due(desk);
    interview_confirmation::due(desk);
    let meetings = Meetings::of(desk.night, &desk.past);
    if let Some(meetings) = &meetings {
        meeting_change::due(desk, meetings);
        meeting_cancellation::due(desk, meetings);
        meeting_confirmation::due(desk, meetings);
        meeting_reminder::due(desk, meetings);
    }
    meeting_gap::due(desk, meetings.as_ref());
    if let Some(registrations) = Registrations::that_matter(desk) {
        registration_confirmed::due(desk, &registrations);
        registration_promoted::due(desk, &registrations);
        registration_waiting::due(desk, &registrations);
        workshop_cancellation::due(desk, &registrations);
        registration_cancelled::due(desk, &registrations);
        workshop_change::due(desk, &registrations);
        workshop_reminder::due(desk, &registrations);
        payment_reminder::due(desk, &registrations);
    }
    workshop_reminder::due_to_leaders(desk);
    membership_ending::due(desk);
    evaluation_invitation::due(desk);
}
