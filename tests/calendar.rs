//! What is told later about a thing reaches the thread and the calendar entry of the first e-mail.

use std::fs;

use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty};
use mail_parser::{MessageParser, MimeHeaders};

use crate::folder::Folder;

/// An e-mail with a calendar part.
#[derive(Debug)]
struct Letter {
    id: String,
    answers: Option<String>,
    to: String,
    method: String,
    uid: String,
    sequence: i64,
    place: String,
}

/// Those of a kind that lie in the folder and are not among the names.
fn letters(folder: &Folder, kind: &str, known: &[String]) -> Vec<Letter> {
    let names = folder.mails().into_iter();
    names
        .filter(|name| name.contains(kind) && !known.contains(name))
        .map(|name| {
            let path = folder.path().join("controles/courriels").join(name);
            letter(&fs::read(path).unwrap())
        })
        .collect()
}

fn letter(bytes: &[u8]) -> Letter {
    let message = MessageParser::default().parse(bytes).unwrap();
    let inline = message.parts.iter().find(|part| {
        let kind = part.content_type();
        kind.is_some_and(|kind| kind.subtype() == Some("calendar"))
    });
    let inline = inline.unwrap();
    let file = message
        .parts
        .iter()
        .find(|part| part.attachment_name() == Some("invitation.ics"))
        .unwrap();
    assert_eq!(inline.contents(), file.contents());
    let calendar = ICalendar::parse(str::from_utf8(inline.contents()).unwrap()).unwrap();
    let events = calendar
        .components
        .iter()
        .filter(|one| one.component_type == ICalendarComponentType::VEvent);
    let [event] = events.collect::<Vec<_>>()[..] else {
        panic!("{calendar:?}");
    };
    let text = |property| {
        let entry = event.property(&property);
        let value = entry.and_then(|entry| entry.values.first()?.as_text());
        value.unwrap_or_default().to_owned()
    };
    let sequence = event.property(&ICalendarProperty::Sequence).unwrap();
    let method = inline.content_type().unwrap().attribute("method").unwrap();
    Letter {
        id: message.message_id().unwrap().to_owned(),
        answers: message.in_reply_to().as_text().map(str::to_owned),
        to: message
            .to()
            .unwrap()
            .first()
            .unwrap()
            .address()
            .unwrap()
            .to_owned(),
        method: method.to_owned(),
        uid: text(ICalendarProperty::Uid),
        sequence: sequence.values[0].as_integer().unwrap(),
        place: text(ICalendarProperty::Location),
    }
}

#[test]
fn a_new_place_and_a_cancellation_reach_the_thread_and_the_entry() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    let first = letters(&folder, "confirm", &[]);
    assert_eq!(first.len(), 50);
    assert!(
        first
            .iter()
            .all(|letter| letter.answers.is_none() && letter.sequence == 0)
    );
    let known = folder.mails();
    folder.edit("accompagnements.xlsx", |book| {
        let sheet = book.sheet_mut("Rendez-vous");
        let row = sheet.row(&[("Lieu", "Salon du livre de Ramonville")]);
        sheet.set(row, "Lieu", "Salle Nord");
    });
    folder.edit("ateliers.xlsx", |book| {
        let sheet = book.sheet_mut("Inscriptions");
        let row = sheet.row(&[
            ("Atelier", "AT-03"),
            ("Email", "camille.garrigue@example.org"),
        ]);
        sheet.set(row, "État", "annulée");
    });
    folder.night("2021-01-13");
    let moved = letters(&folder, "rdv-modification", &known);
    let cancelled = letters(&folder, "inscription-annulee", &known);
    assert_eq!((moved.len(), cancelled.len()), (2, 1));
    for letter in moved.iter().chain(&cancelled) {
        let before = first.iter().find(|one| one.uid == letter.uid).unwrap();
        assert_eq!(before.to, letter.to);
        assert_eq!(letter.answers.as_ref(), Some(&before.id));
        assert_eq!(letter.sequence, 1);
    }
    assert!(
        moved
            .iter()
            .all(|one| (&*one.method, &*one.place) == ("REQUEST", "Salle Nord"))
    );
    assert_eq!(cancelled[0].method, "CANCEL");
}
