//! Calendar parts night after night, read back by another parser.

mod kinds;
mod texts;

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarParameterName,
    ICalendarProperty,
};
use calcard::{Entry, Parser};
use chrono::DateTime;

use super::*;
use crate::mails::scenario::{Cells, Ledger, meetings};
use crate::mails::{Draft, Due, State};
use crate::rules::scene::Scene;

const COORDINATOR: &str =
    "[coordinator]\nname = \"Inès Faure\"\nemail = \"ines@peer.example.org\"\n";
const LOU: &str = "lou@nord.example.org";
const CAMILLE: &str = "camille@example.org";

/// A calendar part as a calendar reads it.
#[derive(Debug)]
struct Read {
    method: String,
    uid: String,
    sequence: i64,
    /// In the programme's time zone.
    starts: String,
    ends: String,
    summary: String,
    place: String,
    status: String,
    attendees: Vec<String>,
}

fn ics(draft: &Draft, settings: &Settings) -> String {
    let date = DateTime::parse_from_rfc3339("2021-01-12T04:30:00+01:00").unwrap();
    text(draft.calendar.as_ref().unwrap(), &draft.to, settings, date).unwrap()
}

fn parse(text: &str) -> ICalendar {
    let mut parser = Parser::new(text);
    let entry = parser.entry();
    let Entry::ICalendar(calendar) = entry else {
        panic!("no calendar: {entry:?} {text}");
    };
    assert_eq!(parser.entry(), Entry::Eof, "{text}");
    calendar
}

fn component(calendar: &ICalendar, wanted: &ICalendarComponentType) -> ICalendarComponent {
    let mut found = calendar
        .components
        .iter()
        .filter(|one| one.component_type == *wanted);
    let component = found.next().unwrap().clone();
    assert!(found.next().is_none());
    component
}

fn value(component: &ICalendarComponent, property: &ICalendarProperty) -> String {
    let values = component
        .property(property)
        .map(|entry| entry.values.as_slice());
    match values {
        None => String::new(),
        Some([one]) => one.as_text().unwrap().to_owned(),
        Some(several) => panic!("{several:?}"),
    }
}

fn read(draft: &Draft, settings: &Settings) -> Read {
    let text = ics(draft, settings);
    assert!(
        !text.replace("\r\n", "").contains(char::is_control),
        "{text}"
    );
    let calendar = parse(&text);
    let event = component(&calendar, &ICalendarComponentType::VEvent);
    let expanded = calendar.expand_dates(chrono_tz::Tz::Europe__Paris, 10);
    assert!(expanded.errors.is_empty(), "{text}");
    let dates = expanded.events[0].clone().try_into_date_time().unwrap();
    let sequence = event.property(&ICalendarProperty::Sequence).unwrap();
    let address = |entry: &calcard::icalendar::ICalendarEntry| {
        entry.calendar_address().unwrap_or_default().to_owned()
    };
    let method = component(&calendar, &ICalendarComponentType::VCalendar);
    Read {
        method: value(&method, &ICalendarProperty::Method),
        uid: value(&event, &ICalendarProperty::Uid),
        sequence: sequence.values[0].as_integer().unwrap(),
        starts: dates.start.to_rfc3339(),
        ends: dates.end.to_rfc3339(),
        summary: value(&event, &ICalendarProperty::Summary),
        place: value(&event, &ICalendarProperty::Location),
        status: value(&event, &ICalendarProperty::Status),
        attendees: event
            .properties(&ICalendarProperty::Attendee)
            .map(address)
            .collect(),
    }
}

fn settings() -> Settings {
    Settings::parse(COORDINATOR).unwrap()
}

/// What went to an address on a night that was approved as a whole.
fn sent(ledger: &mut Ledger, address: &str, scene: Scene) -> Vec<Draft> {
    let Due { drafts, .. } = ledger.night(scene.with(COORDINATOR));
    ledger.turn(State::AwaitingApproval, State::Accepted);
    let mine = drafts
        .into_iter()
        .filter(|draft| draft.to.address == address);
    mine.collect()
}

/// The one calendar part that went: `REQUEST 0 2021-02-15T09:30:00+01:00 MJC Roguet`; its UID.
fn part(ledger: &mut Ledger, address: &str, scene: Scene) -> (String, String) {
    let drafts = sent(ledger, address, scene);
    let with: Vec<&Draft> = drafts
        .iter()
        .filter(|draft| draft.calendar.is_some())
        .collect();
    let [draft] = with.as_slice() else {
        panic!("{drafts:?}");
    };
    let read = read(draft, &settings());
    assert_eq!(read.attendees, [address]);
    let status = if read.method == "CANCEL" {
        "CANCELLED"
    } else {
        "CONFIRMED"
    };
    assert_eq!(read.status, status);
    let shown = format!(
        "{} {} {} {}",
        read.method, read.sequence, read.starts, read.place
    );
    (shown, read.uid)
}

fn has_part(ledger: &mut Ledger, address: &str, scene: Scene) -> bool {
    let drafts = sent(ledger, address, scene);
    assert_eq!(drafts.len(), 1, "{drafts:?}");
    drafts[0].calendar.is_some()
}

fn registered(day: &str, workshop: Cells, cells: Cells) -> Scene {
    let all = [&[("Lieu", "MJC Roguet")], workshop].concat();
    Scene::new()
        .on(day)
        .member(&[])
        .workshop(&all)
        .registration(cells)
}

#[test]
fn a_moved_meeting_moves_its_entry_and_a_cancelled_one_takes_it_away() {
    let mut ledger = Ledger::default();
    let moved: Cells = &[
        ("Date", "18/02/2021"),
        ("Demi-journée", "après-midi"),
        ("Lieu", ""),
    ];
    let cancelled = [moved, &[("État", "annulé")]].concat();
    let nights: [(&str, Cells, &str); 5] = [
        (
            "2021-01-12",
            &[],
            "REQUEST 0 2021-02-15T09:30:00+01:00 MJC Roguet",
        ),
        (
            "2021-01-13",
            &[("Lieu", "Salle Nord")],
            "REQUEST 1 2021-02-15T09:30:00+01:00 Salle Nord",
        ),
        ("2021-01-14", moved, "REQUEST 2 2021-02-18T14:00:00+01:00 "),
        (
            "2021-01-15",
            &cancelled,
            "CANCEL 3 2021-02-18T14:00:00+01:00 ",
        ),
        ("2021-01-16", moved, "REQUEST 4 2021-02-18T14:00:00+01:00 "),
    ];
    let mut uids = Vec::new();
    for (day, cells, wanted) in nights {
        let (shown, uid) = part(&mut ledger, LOU, meetings(day, &[cells]));
        assert_eq!(shown, wanted, "{day}");
        uids.push(uid);
    }
    uids.dedup();
    assert_eq!(uids.len(), 1, "{uids:?}");
    assert!(
        !has_part(&mut ledger, LOU, meetings("2021-02-16", &[moved])),
        "a reminder"
    );
}

#[test]
fn a_new_meeting_where_another_was_is_another_entry() {
    let mut ledger = Ledger::default();
    let moved: Cells = &[("Date", "18/02/2021")];
    let (_, first) = part(&mut ledger, LOU, meetings("2021-01-12", &[&[]]));
    let (_, second) = part(&mut ledger, LOU, meetings("2021-01-13", &[moved]));
    let (shown, third) = part(&mut ledger, LOU, meetings("2021-01-14", &[moved, &[]]));
    assert_eq!(first, second);
    assert_ne!(first, third);
    assert!(shown.starts_with("REQUEST 0 "), "{shown}");
}

#[test]
fn each_person_has_her_own_entry() {
    let mut ledger = Ledger::default();
    let due = ledger.night(
        meetings(
            "2021-01-12",
            &[&[("Personne ressource", "Anna Roux ; Paul Vidal")]],
        )
        .person(&[("Nom", "Paul Vidal"), ("Email", "paul@sud.example.org")]),
    );
    let parts: Vec<Read> = due
        .drafts
        .iter()
        .map(|draft| read(draft, &settings()))
        .collect();
    assert_eq!(parts.len(), 3);
    let mut uids: Vec<&str> = parts.iter().map(|part| part.uid.as_str()).collect();
    uids.sort_unstable();
    uids.dedup();
    assert_eq!(uids.len(), 3);
    assert!(parts.iter().all(|part| part.attendees.len() == 1));
    assert!(
        parts
            .iter()
            .any(|part| part.summary.ends_with("avec Anna Roux et Paul Vidal"))
    );
    assert!(
        parts
            .iter()
            .any(|part| part.summary.ends_with("avec Lou Garcia"))
    );
}

#[test]
fn a_seat_has_an_entry_and_a_place_in_the_list_has_none() {
    let mut ledger = Ledger::default();
    let scene = |day, workshop: Cells, cells: Cells| registered(day, workshop, cells);
    let waits: Cells = &[("État", "liste d'attente")];
    assert!(!has_part(
        &mut ledger,
        CAMILLE,
        scene("2021-01-12", &[], waits)
    ));
    let moved: Cells = &[("Date", "29/01/2021")];
    assert!(!has_part(
        &mut ledger,
        CAMILLE,
        scene("2021-01-13", moved, waits)
    ));
    let (promoted, uid) = part(&mut ledger, CAMILLE, scene("2021-01-14", moved, &[]));
    assert_eq!(promoted, "REQUEST 0 2021-01-29T09:30:00+01:00 MJC Roguet");
    let whole_day: Cells = &[("Date", "29/01/2021"), ("Demi-journée", "journée")];
    let gone: Cells = &[("État", "annulée")];
    for (day, cells, wanted) in [
        ("2021-01-15", &[][..], "REQUEST 1"),
        ("2021-01-16", gone, "CANCEL 2"),
        ("2021-01-17", &[], "REQUEST 3"),
    ] {
        let (shown, same) = part(&mut ledger, CAMILLE, scene(day, whole_day, cells));
        let wanted = format!("{wanted} 2021-01-29T09:30:00+01:00 MJC Roguet");
        assert_eq!((shown, &same), (wanted, &uid), "{day}");
    }
}

#[test]
fn who_only_waited_has_nothing_to_take_away() {
    let waits: Cells = &[("État", "liste d'attente")];
    let gone: Cells = &[("État", "annulée")];
    let mut ledger = Ledger::default();
    sent(&mut ledger, CAMILLE, registered("2021-01-12", &[], waits));
    assert!(!has_part(
        &mut ledger,
        CAMILLE,
        registered("2021-01-13", &[], gone)
    ));
    let mut ledger = Ledger::default();
    sent(&mut ledger, CAMILLE, registered("2021-01-12", &[], waits));
    let off = registered("2021-01-13", &[("État", "annulé")], waits);
    assert!(!has_part(&mut ledger, CAMILLE, off));
}

#[test]
fn a_cancelled_workshop_leaves_the_calendars_of_those_who_were_invited() {
    let mut ledger = Ledger::default();
    let (_, uid) = part(&mut ledger, CAMILLE, registered("2021-01-12", &[], &[]));
    let off = || registered("2021-01-13", &[("État", "annulé")], &[]);
    // Sent by a version that gave no entries, or never sent.
    for state in [State::Refused, State::Obsolete] {
        let mut other = Ledger::default();
        sent(&mut other, CAMILLE, registered("2021-01-12", &[], &[]));
        other.turn(State::Accepted, state);
        assert!(
            sent(&mut other, CAMILLE, off())
                .iter()
                .all(|draft| draft.calendar.is_none())
        );
    }
    let mut older = Ledger::default();
    sent(&mut older, CAMILLE, registered("2021-01-12", &[], &[]));
    older.entries[0]
        .told
        .as_object_mut()
        .unwrap()
        .remove("calendar");
    assert!(!has_part(&mut older, CAMILLE, off()));
    let (shown, same) = part(&mut ledger, CAMILLE, off());
    assert_eq!(shown, "CANCEL 1 2021-01-28T09:30:00+01:00 MJC Roguet");
    assert_eq!(uid, same);
}

#[test]
fn a_workshops_own_hours_come_first() {
    for (cells, starts, ends) in [
        (&[][..], "09:30", "13:00"),
        (&[("Demi-journée", "après-midi")], "14:00", "17:30"),
        (&[("Demi-journée", "journée")], "09:30", "17:30"),
        (&[("Heure de début", "10h15")], "10:15", "13:00"),
        (
            &[("Heure de début", "18h"), ("Heure de fin", "20h30")],
            "18:00",
            "20:30",
        ),
        // Nobody says when it ends: as long as a morning usually is.
        (&[("Heure de début", "18h")], "18:00", "21:30"),
        (&[("Heure de début", "22h")], "22:00", "23:59"),
    ] {
        let scene = registered("2021-01-12", cells, &[]);
        let drafts = sent(&mut Ledger::default(), CAMILLE, scene);
        let read = read(&drafts[0], &settings());
        assert_eq!(read.starts, format!("2021-01-28T{starts}:00+01:00"));
        assert_eq!(read.ends, format!("2021-01-28T{ends}:00+01:00"));
    }
}

#[test]
fn summer_hours_are_summer_hours() {
    let scene = registered("2021-06-01", &[("Date", "29/06/2021")], &[]);
    let drafts = sent(&mut Ledger::default(), CAMILLE, scene);
    assert_eq!(
        read(&drafts[0], &settings()).starts,
        "2021-06-29T09:30:00+02:00"
    );
}

#[test]
fn an_interview_lasts_an_hour_and_one_without_a_time_is_a_day() {
    let interview = |day, at| {
        Scene::new()
            .on(day)
            .member(&[])
            .support(&[("Entretien le", at), ("Statut", "diagnostic")])
    };
    let mut ledger = Ledger::default();
    let drafts = sent(&mut ledger, LOU, interview("2020-12-28", "05/01/2021"));
    let day = ics(&drafts[0], &settings());
    assert!(day.contains("\r\nDTSTART;VALUE=DATE:20210105\r\nDTEND;VALUE=DATE:20210106\r\n"));
    assert!(!day.contains("VTIMEZONE"), "{day}");
    let first = read(&drafts[0], &settings());
    let drafts = sent(
        &mut ledger,
        LOU,
        interview("2020-12-29", "05/01/2021 14:30"),
    );
    let second = read(&drafts[0], &settings());
    assert_eq!(second.starts, "2021-01-05T14:30:00+01:00");
    assert_eq!(second.ends, "2021-01-05T15:30:00+01:00");
    assert_eq!((first.sequence, second.sequence), (0, 1));
    assert_eq!(first.uid, second.uid);
}

#[test]
fn the_same_time_and_place_are_no_revision() {
    let event = |place: &str, day| Event {
        span: Span::Day(NaiveDate::from_ymd_opt(2021, 1, day).unwrap()),
        summary: "Entretien".to_owned(),
        place: place.to_owned(),
        notes: Vec::new(),
    };
    let first = Wish::Holds
        .fulfilled(event("MJC Roguet", 5), None, || {
            Some("u@example.org".to_owned())
        })
        .unwrap();
    let then = |event| {
        let before = Some(Given::of(&first));
        Wish::Holds
            .fulfilled(event, before, || None)
            .unwrap()
            .sequence
    };
    assert_eq!(then(event("mjc ROGUET", 5)), 0);
    assert_eq!(then(event("Salle Nord", 5)), 1);
    assert_eq!(then(event("MJC Roguet", 6)), 1);
}

#[test]
fn the_entry_keeps_its_uid_when_the_sender_changes() {
    let mut ledger = Ledger::default();
    let (_, uid) = part(&mut ledger, LOU, meetings("2021-01-12", &[&[]]));
    assert!(uid.ends_with("@peer.example.org"), "{uid}");
    let elsewhere = "[coordinator]\nname = \"Inès\"\nemail = \"ines@autre.example.org\"\n";
    let moved = meetings("2021-01-13", &[&[("Lieu", "Salle Nord")]]).with(elsewhere);
    let due = ledger.night(moved);
    for draft in due.drafts.iter().filter(|draft| draft.to.address == LOU) {
        assert_eq!(draft.calendar.as_ref().unwrap().uid, uid);
    }
}

#[test]
fn the_coordinator_invites_through_the_address_that_sends() {
    let toml = format!("{COORDINATOR}[mail]\nfrom = \"PEER <robot@peer.example.org>\"\n");
    let settings = Settings::parse(&toml).unwrap();
    let drafts = sent(&mut Ledger::default(), LOU, meetings("2021-01-12", &[&[]]));
    let calendar = parse(&ics(&drafts[0], &settings));
    let event = component(&calendar, &ICalendarComponentType::VEvent);
    let organizer = event.property(&ICalendarProperty::Organizer).unwrap();
    assert_eq!(organizer.calendar_address(), Some("ines@peer.example.org"));
    let parameter = |name| organizer.parameter(&name).and_then(|value| value.as_text());
    assert_eq!(parameter(ICalendarParameterName::Cn), Some("Inès Faure"));
    let sent_by = parameter(ICalendarParameterName::SentBy);
    assert_eq!(sent_by, Some("mailto:robot@peer.example.org"));
}
