//! A clock that was days ahead for one night, and was put right: no night is taken away by it, and
//! nothing that it sent early is told again.

use std::collections::BTreeMap;

use peer_culture::night::last_completed_day;
use peer_culture::schedule::Timetable;

use crate::answers::{ANSWER, DASHBOARD, answer, awaiting, rows as shown};
use crate::folder::{Folder, program};
use crate::guards::guard;
use crate::scene::rows;

const TRUE: &str = "2021-01-12";
/// Seven days before the later workshop, and after the nearer one.
const WRONG: &str = "2021-01-21";

/// Two workshops, one before the wrong date and one after it; those who registered.
fn write(folder: &Folder, registered: &[(&str, &str)]) {
    let mut registrations = vec!["Inscrit le;Atelier;Nom;Email".to_owned()];
    registrations.extend(registered.iter().map(|(workshop, name)| {
        format!("05/01/2021 10:00;{workshop};Zoé {name};{name}@example.org")
    }));
    let registrations: Vec<&str> = registrations.iter().map(String::as_str).collect();
    folder.workbook(
        "programme.xlsx",
        &[
            (
                "Adhérents",
                rows(&["Structure;Forme juridique;Immatriculation;Commune;Code postal;Domaine;Référent;Email;Statut;Cotisation;Payée le"]),
            ),
            (
                "Personnes ressources",
                rows(&[
                    "Nom;Structure;Email;Spécialités;Type",
                    "Anna Roux;Conseil;anna@example.org;conditions de travail;partenaire",
                ]),
            ),
            (
                "Ateliers",
                rows(&[
                    "Référence;Titre;Axe;Date;Demi-journée;Animateurs;Lieu",
                    "AT-1;Budget;conditions de travail;15/01/2021;matin;Anna Roux;Salle 1",
                    "AT-2;Diffusion;conditions de travail;28/01/2021;matin;Anna Roux;Salle 2",
                ]),
            ),
            ("Inscriptions", rows(&registrations)),
        ],
    );
}

/// So many e-mails of each kind to each address, but what is paid for.
fn told(folder: &Folder) -> BTreeMap<(String, String), usize> {
    let mut program = program();
    program.args(["outbox", "list"]).arg(folder.path());
    let output = program
        .args(["--state", "accepted", "--format", "json"])
        .output();
    let listed: serde_json::Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let mut told = BTreeMap::new();
    for message in listed["messages"].as_array().unwrap() {
        let text = |field: &str| message[field].as_str().unwrap().to_owned();
        if text("kind").starts_with("atelier") || text("kind").starts_with("inscription") {
            *told.entry((text("kind"), text("to"))).or_default() += 1;
        }
    }
    told
}

fn is_due(folder: &Folder, day: &str) -> bool {
    let table = Timetable::new("0 30 4 * * *", chrono_tz::Europe::Paris).unwrap();
    let now = format!("{day}T03:30:00Z").parse().unwrap();
    let last = last_completed_day(folder.path(), day.parse().unwrap()).unwrap();
    table.next_run(last, now).is_some_and(|due| due <= now)
}

#[test]
fn the_date_of_a_wrong_clock_still_has_its_night_when_it_comes() {
    let folder = Folder::new();
    write(&folder, &[("AT-1", "ida"), ("AT-2", "uma")]);
    folder.night("2021-01-11");
    folder.night(WRONG);
    for day in 12..=20 {
        let day = format!("2021-01-{day}");
        assert!(is_due(&folder, &day), "{day}");
        folder.night(&day);
        assert!(!is_due(&folder, &day), "{day} is done");
    }
    assert!(is_due(&folder, WRONG), "it was never really that day");
    folder.night(WRONG);
    assert!(!is_due(&folder, WRONG));
    // Once more for a day that had its night long ago: that takes nothing back.
    folder.night("2021-01-14");
    assert!(!is_due(&folder, WRONG));
}

#[test]
fn what_a_wrong_clock_sent_early_is_not_told_again_and_nothing_else_is_lost() {
    let folder = Folder::new();
    write(&folder, &[("AT-1", "ida"), ("AT-2", "uma")]);
    folder.night("2021-01-11");
    let reminded = |name: &str| {
        let key = ("atelier-rappel".to_owned(), format!("{name}@example.org"));
        told(&folder).get(&key).copied().unwrap_or(0)
    };
    let early = folder.night(WRONG);
    assert_eq!(guard(&early), "");
    assert_eq!(
        (reminded("ida"), reminded("uma")),
        (0, 1),
        "{:?}",
        told(&folder)
    );
    // The true date again: what is new is held, and she is asked.
    let names = [("AT-1", "ida"), ("AT-2", "uma"), ("AT-1", "yan")];
    write(&folder, &names);
    let held = folder.night(TRUE);
    assert!(guard(&held).contains("21/01/2021"), "{}", guard(&held));
    answer(&folder, DASHBOARD, |sheet| {
        let mut all = shown(sheet, &[("Courriel", "Date d’aujourd’hui")]);
        all.extend(awaiting(sheet));
        for row in all {
            sheet.set(row, ANSWER, "oui");
        }
    });
    let next = folder.night("2021-01-13");
    assert_eq!(guard(&next), "");
    // The workshop that was over for the wrong clock is still to come: its reminder, due on the 8th
    // and late already on the 12th, and the one of the day before.
    for day in 14..=27 {
        let night = folder.night(&format!("2021-01-{day}"));
        assert_eq!(guard(&night), "", "{day}");
    }
    let told = told(&folder);
    assert_eq!(
        (reminded("ida"), reminded("yan"), reminded("uma")),
        (1, 1, 2),
        "{told:#?}"
    );
    for name in ["ida", "uma", "yan"] {
        let key = (
            "inscription-confirmee".to_owned(),
            format!("{name}@example.org"),
        );
        assert_eq!(told.get(&key), Some(&1), "{told:#?}");
    }
}
