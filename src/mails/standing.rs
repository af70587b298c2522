//! Whether a message of an earlier night still says what holds: what was not accepted yet, or awaits
//! approval, is looked at again just before it leaves (hazards.md, "Sending: the protocol", 2).

use crate::decide::Decisions;
use crate::facts::Night;
use crate::facts::hours::TOLERANCE;
use crate::findings::Findings;
use crate::model::application::Decision;
use crate::model::fold::fold_name;
use crate::model::{Cell, RowRef};

use super::desk::Desk;
use super::draft::Detail;
use super::history::{Entry, History, State};
use super::kind::Kind;
use super::meetings::{Meetings, Seen};
use super::registrations::{Case, Now, Registrations, planned_details};
use super::told::{
    DecisionTold, InterviewTold, LeaderTold, MeetingTold, MembershipTold, SeatLetterTold,
    SupportTold, WorkshopTold, read,
};

/// What holds tonight, for messages of earlier nights.
pub struct Standing<'a> {
    desk: Desk<'a>,
    meetings: Option<Meetings<'a>>,
    registrations: Option<Registrations<'a>>,
}

impl<'a> Standing<'a> {
    /// What was read and decided tonight, beside what was told.
    #[must_use]
    pub fn of(
        night: &'a Night<'a>,
        decisions: &'a Decisions,
        findings: &'a Findings,
        history: &'a History,
    ) -> Self {
        let desk = Desk::new(night, decisions, findings, history, Detail::Keys);
        Self {
            meetings: Meetings::of(night, &desk.past),
            registrations: Registrations::of(&desk),
            desk,
        }
    }

    /// Whether the message may still leave: what it says holds, it comes before what it announces,
    /// and its row has no blocking finding and doesn't say « Ne pas écrire ». A message whose words
    /// can't be read back (of another version) may: it was due once.
    #[must_use]
    pub fn still_due(&self, entry: &Entry) -> bool {
        self.judge(entry).unwrap_or(true)
    }

    /// None where what was told can't be read back.
    fn judge(&self, entry: &Entry) -> Option<bool> {
        let told = &entry.told;
        let night = self.desk.night;
        Some(match entry.kind {
            Kind::MeetingConfirmation => {
                let told = read::<MeetingTold>(told)?;
                self.takes_place(&told) && !self.is_overtaken(entry, told.joins.as_ref(), &told)
            }
            Kind::MeetingChange => {
                let told = read::<MeetingTold>(told)?;
                self.takes_place(&told) && !self.is_overtaken(entry, told.from.as_ref(), &told)
            }
            Kind::MeetingReminder => {
                let told = read::<MeetingTold>(told)?;
                let row = self
                    .meetings
                    .as_ref()
                    .and_then(|all| all.row(&told.identity()));
                let is_known = row.is_some_and(|row| row.is_known_to(&self.desk, &entry.address));
                is_known && self.takes_place(&told)
            }
            Kind::MeetingCancellation => {
                let told = read::<MeetingTold>(told)?;
                let meetings = self.meetings.as_ref();
                let goes_on = |all: &Meetings| all.goes_on_for(night, &told, &entry.address);
                self.is_off(&told) && !meetings.is_some_and(goes_on)
            }
            Kind::MeetingGap => {
                let support = read::<SupportTold>(told)?.support;
                let rows = self.desk.rows_with("RDV02");
                rows.iter()
                    .any(|row| self.support_of(&support) == Some(row.index) && self.is_free(*row))
            }
            Kind::WorkshopReminder => match read::<LeaderTold>(told) {
                Some(told) => self.is_as_told(&told.workshop),
                None => self.has_seat(entry.kind, &read(told)?),
            },
            Kind::RegistrationConfirmed
            | Kind::RegistrationWaiting
            | Kind::RegistrationPromoted
            | Kind::RegistrationCancelled
            | Kind::WorkshopChange
            | Kind::WorkshopCancellation
            | Kind::PaymentReminder => self.has_seat(entry.kind, &read(told)?),
            Kind::InterviewConfirmation => {
                let told = read::<InterviewTold>(told)?;
                let index = self.support_of(&told.support);
                let table = night.season.tables.supports.as_ref();
                let support = index.and_then(|index| table?.get(index));
                support.is_some_and(|support| support.interview == Cell::Is(told.at))
                    && told.at.date() >= night.today
            }
            Kind::ApplicationIncomplete => night.today <= night.settings.applications.deadline,
            Kind::ApplicationDecision => self.is_decided(&read(told)?),
            Kind::MembershipEnding => read::<MembershipTold>(told)?.ends_on >= night.today,
            Kind::EvaluationInvitation => {
                let support = read::<SupportTold>(told)?.support;
                let key = night.season.names.get(&support);
                key.is_some_and(|key| !night.season.index.is_evaluated(key))
            }
            // A later night has its own.
            Kind::Digest => entry.key == night.today.to_string(),
            Kind::ApplicationReceived => true,
        })
    }

    /// The meeting is planned where and when the message says.
    fn takes_place(&self, told: &MeetingTold) -> bool {
        let Some(meetings) = &self.meetings else {
            return false;
        };
        let is_planned = |seen: &&Seen| seen.is_planned();
        let stands = meetings
            .row(&told.identity())
            .filter(is_planned)
            .is_some_and(|seen| !told.has_new_place(&seen.told) && self.is_free(seen.row));
        // The row of a moved meeting that is back was gone by accident.
        let is_back = told
            .from
            .as_ref()
            .is_some_and(|from| meetings.row(from).is_some_and(Seen::is_planned));
        stands && !is_back && told.date >= self.desk.night.today
    }

    /// A move that was not approved while the first day was to come: since then the new row is a
    /// meeting of its own.
    fn is_overtaken(&self, entry: &Entry, from: Option<&String>, told: &MeetingTold) -> bool {
        let identity = told.identity();
        let from = from.filter(|from| **from != identity);
        let is_move = |from| {
            let moves = self.meetings.as_ref().map(|meetings| &meetings.moves);
            moves.is_some_and(|moves| moves.get(from) == Some(&identity))
        };
        entry.state == State::AwaitingApproval && from.is_some_and(|from| !is_move(from))
    }

    /// The meeting is cancelled or gone, and was not over.
    fn is_off(&self, told: &MeetingTold) -> bool {
        let row = self
            .meetings
            .as_ref()
            .and_then(|meetings| meetings.row(&told.identity()));
        let is_off = row.is_none_or(|seen| {
            !seen.meeting.is_planned() && !seen.meeting.is_held() && self.is_free(seen.row)
        });
        // One whose row is gone may have been moved since: then that is what is told.
        let stays_off = self
            .meetings
            .as_ref()
            .is_some_and(|meetings| !meetings.moves.contains_key(&told.identity()));
        is_off && stays_off && told.date >= self.desk.night.today
    }

    /// The registration has what the message says.
    fn has_seat(&self, kind: Kind, told: &SeatLetterTold) -> bool {
        let Some(case) = self.case(&told.registration) else {
            return false;
        };
        if case.rows().iter().any(|row| !self.is_free(*row)) {
            return false;
        }
        let is_upcoming = case
            .upcoming(self.desk.night)
            .is_some_and(|now| !told.workshop.differs_from(now));
        let takes_part = matches!(case.now, Now::Seat | Now::Waits);
        let was_to_come = told.workshop.date >= self.desk.night.today;
        match kind {
            Kind::RegistrationWaiting => case.now == Now::Waits && is_upcoming,
            Kind::WorkshopChange => takes_part && is_upcoming,
            // Once the whole workshop is, an e-mail of its own says so.
            Kind::RegistrationCancelled => {
                matches!(case.now, Now::Cancelled | Now::Gone)
                    && !case.is_workshop_cancelled()
                    && was_to_come
            }
            Kind::WorkshopCancellation => case.is_workshop_cancelled() && was_to_come,
            // It may follow the workshop.
            Kind::PaymentReminder => {
                let details = case.details.as_deref();
                let is_as_told = details.is_some_and(|now| !told.workshop.differs_from(now));
                let is_due = case.now == Now::Seat && case.left_to_pay() > TOLERANCE;
                is_due && is_as_told && case.knows_of_seat(&self.desk)
            }
            Kind::WorkshopReminder => {
                case.now == Now::Seat && is_upcoming && case.knows_of_seat(&self.desk)
            }
            _ => case.now == Now::Seat && is_upcoming,
        }
    }

    fn case(&self, identity: &str) -> Option<&Case<'a>> {
        let cases = &self.registrations.as_ref()?.cases;
        let position = cases
            .binary_search_by(|case| case.identity.as_str().cmp(identity))
            .ok()?;
        cases.get(position)
    }

    /// The workshop is planned as the message says.
    fn is_as_told(&self, told: &WorkshopTold) -> bool {
        let night = self.desk.night;
        let key = night.season.names.get(&fold_name(&told.reference));
        let index = key.and_then(|key| night.season.index.workshop(key));
        let table = night.season.tables.workshops.as_ref();
        let workshop = index.and_then(|index| table?.get(index));
        let now = workshop.and_then(|workshop| planned_details(night, workshop));
        now.is_some_and(|now| now.date >= night.today && !told.differs_from(&now))
    }

    fn is_decided(&self, told: &DecisionTold) -> bool {
        let table = self.desk.night.season.tables.applications.as_ref();
        table.is_some_and(|table| {
            table.standing().any(|(index, row)| {
                let is_same = super::kinds::identity_of(row).as_ref() == Some(&told.application);
                let decision = row.decision.get().map(Decision::french);
                is_same
                    && self.desk.decisions.ranking.status(index).counts
                    && decision == Some(told.decision.as_str())
            })
        })
    }

    fn support_of(&self, folded: &str) -> Option<u32> {
        let season = self.desk.night.season;
        season.index.support(season.names.get(folded)?)
    }

    fn is_free(&self, row: RowRef) -> bool {
        !self.desk.is_held(row)
    }
}
