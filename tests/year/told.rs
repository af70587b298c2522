//! What the ledger, the server and the report each say, compared.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use chrono::{Days, NaiveDate};
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::Value;

use super::season::{COORDINATOR, LEADER, Meeting, REFUSED, Workshop};
use crate::folder::Folder;
use crate::post_office::PostOffice;

/// A message of the ledger.
pub struct Message {
    pub id: i64,
    pub kind: String,
    pub address: String,
    pub state: String,
    /// Its Message-ID.
    pub header: String,
    run_day: String,
    accepted_on: Option<String>,
    /// How often it was in doubt.
    doubts: i64,
}

/// The ledger as it lies there.
pub struct Ledger(Vec<Message>);

impl Ledger {
    pub fn read(folder: &Folder) -> Self {
        let path = folder.path().join(".peer-culture/ledger.sqlite3");
        let connection = rusqlite::Connection::open(path).unwrap();
        let mut statement = connection
            .prepare(
                "SELECT id, kind, address, state, message_id, run_day, accepted_on, \
                 (SELECT count(*) FROM transitions WHERE message = messages.id \
                 AND to_state = 'unknown') FROM messages WHERE message_id IS NOT NULL",
            )
            .unwrap();
        let messages = statement.query_map([], |row| {
            Ok(Message {
                id: row.get(0)?,
                kind: row.get(1)?,
                address: row.get(2)?,
                state: row.get(3)?,
                header: row.get(4)?,
                run_day: row.get(5)?,
                accepted_on: row.get(6)?,
                doubts: row.get(7)?,
            })
        });
        Self(messages.unwrap().collect::<Result<_, _>>().unwrap())
    }

    pub fn in_state(&self, state: &str) -> Vec<&Message> {
        let messages = self.0.iter();
        messages.filter(|message| message.state == state).collect()
    }
}

/// What the report of a night says is what the ledger has and what the server took. `told` messages
/// got the server's yes in this run; `runs` were done before.
pub fn agree(
    folder: &Folder,
    office: &PostOffice,
    printed: &Value,
    wall: NaiveDate,
    told: usize,
    runs: usize,
) {
    let ledger = Ledger::read(folder);
    let day = wall.to_string();
    // The report and the ledger.
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for message in ledger.0.iter().filter(|message| message.run_day == day) {
        *counts.entry(&message.state).or_default() += 1;
    }
    for (state, count) in printed["mail_counts"].as_object().unwrap() {
        if state != "settled" {
            assert_eq!(
                counts.remove(state.as_str()),
                count.as_u64(),
                "{day}: {state}"
            );
        }
    }
    assert!(counts.is_empty(), "{day}: not in the report: {counts:?}");
    let totals = printed["mail_totals"].as_object().unwrap();
    let parts = totals.iter().filter(|(name, _)| *name != "planned");
    let sum: u64 = parts.map(|(_, count)| count.as_u64().unwrap()).sum();
    assert_eq!(totals["planned"].as_u64(), Some(sum), "{day}");
    // The report and the server. What an earlier night had queued stands among the e-mails too.
    let states = printed["mails"].as_array().unwrap().iter();
    let accepted = states.filter(|mail| mail["state"] == "accepted").count();
    let digest = usize::from(printed["digest"] == "accepted");
    assert_eq!(
        accepted + digest,
        told,
        "{day}: accepted, and told so by the server"
    );
    // The ledger and the server.
    let mut taken: BTreeMap<(String, String), i64> = BTreeMap::new();
    for message in office.ids() {
        *taken.entry(message).or_default() += 1;
    }
    for message in &ledger.0 {
        let key = (message.address.clone(), message.header.clone());
        let copies = taken.remove(&key).unwrap_or(0);
        let what = format!(
            "{day}: {} to {}, {}",
            message.kind, message.address, message.state
        );
        if message.state == "accepted" {
            assert!(
                (1..=1 + message.doubts).contains(&copies),
                "{what}: {copies} copies"
            );
        } else {
            assert!(copies <= message.doubts, "{what}: {copies} copies");
        }
        let goes_again = message.kind == "synthese"
            || message.kind.ends_with("annulation")
            || message.kind.ends_with("modification")
            || message.kind == "inscription-annulee";
        assert!(copies <= 1 || goes_again, "{what}: {copies} copies");
    }
    assert!(taken.is_empty(), "{day}: at the server alone: {taken:?}");
    // What she reads: the digest and the dashboard.
    let of_today = |message: &&&Message| {
        message.accepted_on.as_deref() == Some(&*day) && message.kind != "synthese"
    };
    let today = ledger.in_state("accepted").iter().filter(of_today).count();
    let said = if today == 0 {
        "Aucun courriel n’a été accepté par le serveur".to_owned()
    } else {
        let (s, accepted) = if today == 1 {
            ("", "accepté")
        } else {
            ("s", "acceptés")
        };
        format!("{today} courriel{s} {accepted} par le serveur")
    };
    let dashboard = fs::read(folder.path().join("controles/tableau-de-bord.xlsx")).unwrap();
    let shown = plain(&strings(&dashboard));
    assert!(
        shown.contains(&said),
        "{day}: {said} is not in the dashboard"
    );
    if digest == 0 {
        return;
    }
    let digests = office.taken_by(COORDINATOR);
    let message = MessageParser::default()
        .parse(digests.last().unwrap())
        .unwrap();
    let body = plain(&message.body_text(0).unwrap());
    assert!(body.contains(&said), "{day}: {said} is not in {body}");
    assert!(runs == 0 || body.contains("Depuis le"), "{day}: {body}");
    let file = message.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("tableau-de-bord.xlsx"));
    assert!(file.contents() == dashboard, "{day}: another dashboard");
}

fn plain(text: &str) -> String {
    text.replace(['\u{A0}', '\u{202F}'], " ")
}

/// The texts of a workbook.
fn strings(workbook: &[u8]) -> String {
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    let mut part = package.by_name("xl/sharedStrings.xml").unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

/// At the end everybody has had what was due to them up to the last night, once. `is_troubled` says on which
/// days a reminder may have been missed.
pub fn nothing_is_lost(
    folder: &Folder,
    office: &PostOffice,
    last: NaiveDate,
    is_troubled: impl Fn(NaiveDate) -> bool,
) {
    let ledger = Ledger::read(folder);
    let mut found: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for message in ledger.in_state("accepted") {
        *found.entry((&message.kind, &message.address)).or_default() += 1;
    }
    for message in &ledger.0 {
        let ends = ["accepted", "obsolete", "refused"].contains(&message.state.as_str());
        assert!(
            ends,
            "{} to {}: {}",
            message.kind, message.address, message.state
        );
    }
    assert!(office.taken_by(REFUSED).is_empty());
    let mut wanted: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut want = |kind: &str, address: &str, since: NaiveDate| {
        if address != REFUSED && since <= last {
            *wanted
                .entry((kind.to_owned(), address.to_owned()))
                .or_default() += 1;
        }
    };
    for workshop in Workshop::all() {
        for person in workshop.people() {
            let address = person.address.as_str();
            let is_early = person.registers <= workshop.changes();
            match person.number {
                0..4 => want("inscription-confirmee", address, person.registers),
                _ if workshop.called_off && !is_early => continue,
                _ => want("inscription-attente", address, person.registers),
            }
            match (workshop.called_off, workshop.is_moved()) {
                (true, _) => want("atelier-annulation", address, workshop.changes()),
                (false, true) if is_early => {
                    want("atelier-modification", address, workshop.changes());
                }
                _ => {}
            }
            if workshop.called_off {
                continue;
            }
            if person.cancels.is_some() {
                want("inscription-annulee", address, workshop.cancels());
            }
            if person.number == 4 {
                want("inscription-promue", address, workshop.cancels());
            }
        }
    }
    for meeting in Meeting::all() {
        for address in [meeting.beneficiary().as_str(), Meeting::person()] {
            want("rdv-confirmation", address, meeting.known());
            if meeting.called_off {
                want("rdv-annulation", address, meeting.changes());
            }
            if meeting.moves_room {
                want("rdv-modification", address, meeting.changes());
            }
        }
    }
    let due =
        |kind: &str| ["rdv-rappel", "atelier-rappel", "rdv-relance", "synthese"].contains(&kind);
    for ((kind, address), count) in &found {
        if !due(kind) {
            let key = ((*kind).to_owned(), (*address).to_owned());
            assert_eq!(wanted.remove(&key), Some(*count), "{kind} to {address}");
        }
    }
    assert!(wanted.is_empty(), "lost: {wanted:?}");
    reminders(&found, last, is_troubled);
}

fn reminders(
    found: &BTreeMap<(&str, &str), usize>,
    last: NaiveDate,
    is_troubled: impl Fn(NaiveDate) -> bool,
) {
    let is_plain = |date: NaiveDate, days: u64| {
        (0..=days).all(|before| !is_troubled(date - Days::new(before)))
    };
    let (mut plain, mut all) = (0, 0);
    let over = |workshop: &&Workshop| !workshop.called_off && workshop.last() <= last;
    for workshop in Workshop::all().iter().filter(over) {
        for person in workshop.seated() {
            let count = found
                .get(&("atelier-rappel", person.address.as_str()))
                .copied()
                .unwrap_or(0);
            let what = format!("reminders to {}", person.address);
            assert!(
                person.address == REFUSED || (1..=2).contains(&count),
                "{what}: {count}"
            );
            all += 1;
            if is_plain(workshop.last(), 9) {
                plain += 1;
                assert_eq!(count, 2, "{what}");
            }
        }
    }
    assert!(
        plain * 3 > all,
        "{plain} of {all} workshops were not troubled"
    );
    assert!(found.contains_key(&("atelier-rappel", LEADER)));
    let meetings = Meeting::all();
    let held = |beneficiary: &str, is_certain: bool| {
        let theirs = meetings.iter().filter(|meeting| {
            let is_over = meeting.date <= last && is_plain(meeting.date, 4);
            meeting.beneficiary() == beneficiary && !meeting.called_off && (!is_certain || is_over)
        });
        theirs.count()
    };
    for support in 1..=3 {
        let address = format!("acc-{support}@example.org");
        let count = found
            .get(&("rdv-rappel", address.as_str()))
            .copied()
            .unwrap_or(0);
        let (fewest, most) = (held(&address, true), held(&address, false));
        assert!(
            (fewest..=most).contains(&count),
            "{address}: {fewest} <= {count} <= {most}"
        );
    }
}
