//! Calendar parts (RFC 5545, RFC 5546): an e-mail that announces a meeting puts it into the
//! reader's calendar, one that changes it moves the entry, one that cancels it takes it away.
//!
//! By hand rather than with a crate: the builders that there are leave the time zone's rules,
//! folding or the escaping of one of the properties to the caller, and that is nearly all there is
//! to it. Tests read the parts back with `calcard`.
//!
//! What a calendar was given is kept in the ledger, in what the e-mail told: an entry keeps its UID
//! when the meeting moves, and its SEQUENCE grows only when its time or place changes, or when it is
//! cancelled.

mod event;
mod given;
mod lines;
mod zone;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use lettre::message::Mailbox;

use crate::config::Settings;
use crate::mails::draft::Recipient;
use crate::mails::message::{MessageError, mailbox, reply_to, sender};
use lines::Lines;

pub(super) use event::Subject;
pub use event::{Event, Span};
pub(super) use given::{Given, Wish, new_uid};

/// What a calendar is to do with the entry (RFC 5546 §1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Take it up, or put it in the place of the one with the same UID.
    Request,
    /// Take it away.
    Cancel,
}

impl Method {
    /// As RFC 5546 writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// The calendar part of an e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What to do with it.
    pub method: Method,
    /// The same for all that is said of one thing to one address.
    pub uid: String,
    /// Grows when the time or the place changes.
    pub sequence: u32,
    /// The entry.
    pub event: Event,
}

/// The calendar part as text, lines ending with CRLF. `date` is the moment at which the e-mail was
/// planned, so that the same e-mail is the same bytes at every try.
///
/// # Errors
///
/// An address can't be written to, or nobody is named to send as.
pub(super) fn text(
    invitation: &Invitation,
    to: &Recipient,
    settings: &Settings,
    date: DateTime<FixedOffset>,
) -> Result<String, MessageError> {
    let Invitation { method, event, .. } = invitation;
    let mut lines = Lines::default();
    lines.raw("BEGIN", "VCALENDAR");
    lines.raw("VERSION", "2.0");
    lines.raw("PRODID", "-//peer-culture//peer-culture//FR");
    lines.raw("CALSCALE", "GREGORIAN");
    lines.raw("METHOD", method.name());
    let zone = settings.programme.timezone;
    if let Span::Hours { starts, ends } = event.span {
        zone::write(&mut lines, zone, starts.year()..=ends.year());
    }
    lines.raw("BEGIN", "VEVENT");
    lines.raw("UID", &invitation.uid);
    lines.raw("DTSTAMP", &utc(date));
    lines.raw("SEQUENCE", &invitation.sequence.to_string());
    write_span(&mut lines, event.span, zone.name());
    lines.text("SUMMARY", &event.summary);
    if !event.place.is_empty() {
        lines.text("LOCATION", &event.place);
    }
    lines.text("DESCRIPTION", &event.notes.join("\n"));
    write_people(&mut lines, to, settings)?;
    let status = match method {
        Method::Request => "CONFIRMED",
        Method::Cancel => "CANCELLED",
    };
    lines.raw("STATUS", status);
    // A day whose hour is still to be told keeps nobody from other things.
    let is_busy = matches!(event.span, Span::Hours { .. });
    lines.raw("TRANSP", if is_busy { "OPAQUE" } else { "TRANSPARENT" });
    lines.raw("END", "VEVENT");
    lines.raw("END", "VCALENDAR");
    Ok(lines.into_text())
}

fn write_span(lines: &mut Lines, span: Span, zone: &str) {
    match span {
        Span::Hours { starts, ends } => {
            let zone = [("TZID", zone)];
            lines.with("DTSTART", &zone, &local(starts));
            lines.with("DTEND", &zone, &local(ends));
        }
        Span::Day(day) => {
            let is_date = [("VALUE", "DATE")];
            lines.with("DTSTART", &is_date, &plain_day(day));
            let after = day.succ_opt().unwrap_or(day);
            lines.with("DTEND", &is_date, &plain_day(after));
        }
    }
}

/// The coordinator invites, by way of the address that the e-mail is from; the reader alone is
/// invited, so that nobody learns of another's address. Nobody is asked to answer.
fn write_people(
    lines: &mut Lines,
    to: &Recipient,
    settings: &Settings,
) -> Result<(), MessageError> {
    let sender = sender(settings)?;
    let organizer = reply_to(settings)?.unwrap_or_else(|| sender.clone());
    let sent_by = lines::mailto(sender.email.as_ref());
    let mut parameters = vec![("CN", shown(&organizer))];
    if organizer.email != sender.email {
        parameters.push(("SENT-BY", sent_by));
    }
    write_person(lines, "ORGANIZER", &parameters, &organizer);
    let attendee = mailbox(Some(&to.name), &to.address).map_err(MessageError::Recipient)?;
    let parameters = [
        ("CUTYPE", "INDIVIDUAL".to_owned()),
        ("ROLE", "REQ-PARTICIPANT".to_owned()),
        ("PARTSTAT", "NEEDS-ACTION".to_owned()),
        ("RSVP", "FALSE".to_owned()),
        ("CN", shown(&attendee)),
    ];
    write_person(lines, "ATTENDEE", &parameters, &attendee);
    Ok(())
}

fn write_person(lines: &mut Lines, property: &str, parameters: &[(&str, String)], who: &Mailbox) {
    let parameters: Vec<(&str, &str)> = parameters
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    lines.with(property, &parameters, &lines::mailto(who.email.as_ref()));
}

/// The name, or the address where there is none.
fn shown(who: &Mailbox) -> String {
    let name = who.name.as_deref().map(str::trim);
    name.map_or_else(|| who.email.to_string(), str::to_owned)
}

fn utc(instant: DateTime<FixedOffset>) -> String {
    let utc = instant.with_timezone(&Utc);
    utc.format("%Y%m%dT%H%M%SZ").to_string()
}

fn local(at: NaiveDateTime) -> String {
    at.format("%Y%m%dT%H%M%S").to_string()
}

fn plain_day(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}
