//! What stands in the calendar, in words: a meeting, a workshop, an interview.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::config::Settings;
use crate::french::typographic;
use crate::mails::message::{clipped, one_line};
use crate::mails::told::{InterviewTold, MeetingTold, WorkshopTold};
use crate::mails::words::{enumeration, hours_of};
use crate::model::Name;
use crate::model::time::{HalfDay, Slot};

/// How long an interview is taken to last: nobody types an end.
const INTERVIEW: TimeDelta = TimeDelta::hours(1);

/// A page pasted into a cell is cut.
const LONGEST: usize = 300;

/// An entry of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub span: Span,
    /// Its title.
    pub summary: String,
    /// Where; empty: to be told.
    pub place: String,
    /// What else to know, a line each.
    pub notes: Vec<String>,
}

/// When something takes place, by the clocks of the programme's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// From a time to a later one.
    Hours {
        /// When it starts.
        starts: NaiveDateTime,
        /// When it ends.
        ends: NaiveDateTime,
    },
    /// Some time that day.
    Day(NaiveDate),
}

/// What an e-mail puts into the calendar, moves there or takes away.
#[derive(Debug, Clone, Copy)]
pub(in crate::mails) enum Subject<'a> {
    /// A meeting of a support.
    Meeting(&'a MeetingTold),
    /// A workshop, and those who lead it.
    Workshop(&'a WorkshopTold, &'a [Name]),
    /// The first interview.
    Interview(&'a InterviewTold),
}

impl Event {
    /// The entry of a subject; none where its part of the day can't be read back.
    pub(in crate::mails) fn of(subject: Subject, settings: &Settings) -> Option<Self> {
        let programme = &settings.programme.name;
        let (span, summary, place, with) = match subject {
            Subject::Meeting(told) => {
                let other = if told.to_beneficiary {
                    enumeration(told.persons_shown.iter().map(String::as_str))
                } else {
                    told.beneficiary.clone()
                };
                let summary = if other.is_empty() {
                    format!("Rendez-vous {programme}")
                } else {
                    format!("Rendez-vous {programme} avec {other}")
                };
                let by = (!told.to_beneficiary)
                    .then(|| enumeration(told.persons_shown.iter().map(String::as_str)));
                let by = by.map(|persons| format!("Mené par : {persons}"));
                (meeting_hours(told, settings)?, summary, &*told.place, by)
            }
            Subject::Workshop(told, leaders) => {
                let summary = format!("Atelier {programme} : {}", told.title);
                let leaders = enumeration(leaders.iter().map(|name| &*name.text));
                let with = (!leaders.is_empty()).then(|| format!("Avec : {leaders}"));
                (workshop_hours(told, settings)?, summary, &*told.place, with)
            }
            Subject::Interview(told) => {
                let summary = format!("Entretien individuel {programme}");
                let later = "L’heure reste à préciser.".to_owned();
                let span = interview_hours(told.at);
                let note = matches!(span, Span::Day(_)).then_some(later);
                (span, summary, "", note)
            }
        };
        Some(Self {
            span,
            summary: in_line(&summary),
            place: in_line(place),
            notes: with
                .map(|with| in_line(&with))
                .into_iter()
                .chain(contact(settings))
                .collect(),
        })
    }

    /// The same, as it is shown once it is cancelled.
    pub(in crate::mails) fn cancelled(mut self) -> Self {
        self.summary = typographic(&format!("Annulé : {}", self.summary));
        self
    }
}

/// Whom to ask, and on whose behalf.
fn contact(settings: &Settings) -> Vec<String> {
    let programme = &settings.programme;
    let mut lines = Vec::new();
    if let Some(mailbox) = settings.reply_to() {
        lines.push(in_line(&format!(
            "Une question ? Écrivez à {}",
            mailbox.email
        )));
    }
    let session = Some(&programme.session).filter(|session| !session.is_empty());
    let name = &programme.name;
    lines.push(in_line(&session.map_or_else(
        || name.clone(),
        |session| format!("{name}, {session}"),
    )));
    lines
}

fn in_line(text: &str) -> String {
    clipped(&typographic(&one_line(text)), LONGEST)
}

/// The usual hours of its half-day, as the e-mail says them.
fn meeting_hours(told: &MeetingTold, settings: &Settings) -> Option<Span> {
    let half_day = HalfDay::words().get(&told.half_day)?;
    let (starts, ends) = hours_of(half_day.into(), settings);
    Some(Span::Hours {
        starts: told.date.and_time(starts),
        ends: told.date.and_time(ends),
    })
}

/// From its own start to its own end. One that starts after the usual end, and has none of its own,
/// is taken to last as long as usual, at most to the end of the day.
fn workshop_hours(told: &WorkshopTold, settings: &Settings) -> Option<Span> {
    let starts = told.date.and_time(told.starts);
    let ends = if let Some(ends) = told.ends {
        told.date.and_time(ends)
    } else {
        let slot = Slot::words().get(&told.slot)?;
        let (usual_start, usual_end) = hours_of(slot, settings);
        let day_ends = told.date.and_time(NaiveTime::from_hms_opt(23, 59, 0)?);
        let usual = usual_end - usual_start;
        (starts + usual).min(day_ends).max(starts)
    };
    Some(Span::Hours { starts, ends })
}

/// Midnight is what a cell with a day alone reads as.
fn interview_hours(at: NaiveDateTime) -> Span {
    if at.time() == NaiveTime::MIN {
        return Span::Day(at.date());
    }
    Span::Hours {
        starts: at,
        ends: at + INTERVIEW,
    }
}
