//! What an earlier night left to a later one: it leaves only with words that hold when it does, and
//! her yes to it is heard.

use std::fs;

use mail_parser::MessageParser;
use peer_culture::apply;
use peer_culture::cancel::Cancel;
use peer_culture::outbox::{Failure, FileTransport, Handed, Outgoing, Transport};
use peer_culture::programme::Programme;
use peer_culture::progress::Progress;
use serde_json::Value;

use crate::answers::{ANSWER, DASHBOARD, answer, awaiting, count};
use crate::folder::{Folder, Sheet, program};
use crate::guards::guard;
use crate::scene::rows;

/// AT-1 on 20 January with a seat for each of `people`, and AT-1's leader; these lines of `[mail]`.
fn folder(people: &[&str], settings: &str) -> Folder {
    let folder = Folder::new();
    let settings = format!(
        "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n\
         [mail]\ntransport = \"file\"\n{settings}\n"
    );
    folder.file("programme.toml", settings.as_bytes());
    let mut registrations = vec!["Inscrit le;Atelier;Nom;Email;Paiement;État".to_owned()];
    registrations.extend(
        people
            .iter()
            .map(|name| format!("10/01/2021 09:00;AT-1;{name} Petit;{name}@example.org;18;")),
    );
    let registrations: Vec<&str> = registrations.iter().map(String::as_str).collect();
    let sheets: [Sheet; 5] = [
        (
            "Adhérents",
            rows(&[
                "Structure;Forme juridique;Immatriculation;Code postal;Commune;Domaine;Statut;Cotisation;Payée le;Valable jusqu'au;Référent;Email",
                "Atelier Nord;association;W313001234;31000;Toulouse;spectacle vivant;membre actif;300;02/11/2020;;Lou Garcia;lou@example.org",
            ]),
        ),
        (
            "Personnes ressources",
            rows(&["Nom;Structure;Email;Spécialités;Type"]),
        ),
        (
            "Candidatures",
            rows(&[
                "Horodateur;Structure;Nom;Email;Axes;Besoins;Motivations;Note adéquation;Note engagement;Note collaboration;Décision",
                "01/12/2020 10:00;Atelier Nord;Lou Garcia;lou@example.org;stratégie des activités;oui;oui;4;4;4;retenue",
            ]),
        ),
        (
            "Ateliers",
            rows(&[
                "Référence;Titre;Axe;Date;Demi-journée;Lieu;Animateurs;Places;État",
                "AT-1;Budget;conditions de travail;20/01/2021;matin;MA Sphère;Paul Roux;12;",
            ]),
        ),
        ("Inscriptions", rows(&registrations)),
    ];
    folder.workbook("programme.xlsx", &sheets);
    folder
}

/// What has left of a kind: to whom, and how many days it says are left.
fn left(folder: &Folder, kind: &str) -> Vec<String> {
    let mut names = folder.mails();
    names.retain(|name| name.contains(kind));
    let mut all: Vec<String> = names
        .iter()
        .map(|name| {
            let path = folder.path().join("controles/courriels").join(name);
            let bytes = fs::read(path).unwrap();
            let message = MessageParser::default().parse(&bytes).unwrap();
            let to = message.to().unwrap().first().unwrap();
            let text = message.body_text(0).unwrap().replace('\u{a0}', " ");
            let days = ["aujourd’hui", "demain", "dans 6 jours", "dans 7 jours"];
            let days = days.iter().find(|days| text.contains(**days));
            let name = to.address().unwrap().split('@').next().unwrap();
            format!("{name} {}", days.copied().unwrap_or_default())
        })
        .collect();
    all.sort();
    all
}

fn say_yes(folder: &Folder) -> usize {
    let mut asked = 0;
    answer(folder, DASHBOARD, |sheet| {
        let rows = awaiting(sheet);
        asked = rows.len();
        for row in rows {
            sheet.set(row, ANSWER, "oui");
        }
    });
    asked
}

fn remarks(printed: &Value) -> &[Value] {
    printed["answers"]["remarks"].as_array().unwrap()
}

const REMINDERS_ASK: &str =
    "kinds = { atelier-rappel = \"review\", candidature-decision = \"off\" }";

#[test]
fn a_yes_to_a_reminder_sends_it_the_next_night_with_the_days_that_are_left() {
    let folder = folder(&["anne"], REMINDERS_ASK);
    folder.night("2021-01-12");
    folder.night("2021-01-13");
    assert_eq!(say_yes(&folder), 1);
    let third = folder.night("2021-01-14");
    assert_eq!(third["answers"]["approved"], 1, "{}", third["answers"]);
    assert_eq!(remarks(&third), [""; 0]);
    assert_eq!(left(&folder, "atelier-rappel"), ["anne dans 6 jours"]);
    assert_eq!(count(&folder, "awaiting"), 0);
    folder.night("2021-01-14");
    folder.night("2021-01-15");
    assert_eq!(left(&folder, "atelier-rappel").len(), 1);
}

#[test]
fn a_yes_at_the_command_line_is_heard_as_well() {
    let folder = folder(&["anne"], REMINDERS_ASK);
    folder.night("2021-01-12");
    folder.night("2021-01-13");
    let mut approve = program();
    approve.args(["outbox", "approve"]).arg(folder.path());
    approve.args(["--all", "--today", "2021-01-13"]);
    assert_eq!(approve.output().unwrap().status.code(), Some(0));
    folder.night("2021-01-14");
    assert_eq!(left(&folder, "atelier-rappel"), ["anne dans 6 jours"]);
}

#[test]
fn a_reminder_that_she_does_not_answer_is_asked_once_and_gone_in_time() {
    let folder = folder(&["anne"], REMINDERS_ASK);
    for day in 12..=19 {
        folder.night(&format!("2021-01-{day}"));
        let asked = usize::from(day > 12);
        assert_eq!(count(&folder, "awaiting"), asked, "{day}");
    }
    folder.night("2021-01-20");
    assert_eq!(count(&folder, "awaiting"), 0);
    assert_eq!(left(&folder, "atelier-rappel"), [""; 0]);
}

#[test]
fn a_no_to_a_reminder_stays_a_no() {
    let folder = folder(&["anne"], REMINDERS_ASK);
    folder.night("2021-01-12");
    folder.night("2021-01-13");
    answer(&folder, DASHBOARD, |sheet| {
        let row = awaiting(sheet)[0];
        sheet.set(row, ANSWER, "non");
    });
    for day in ["2021-01-14", "2021-01-15"] {
        folder.night(day);
        assert_eq!(count(&folder, "awaiting"), 0, "{day}");
    }
    // The nearer one is another question.
    folder.night("2021-01-19");
    assert_eq!(count(&folder, "awaiting"), 1);
}

#[test]
fn a_yes_to_reminders_that_a_guard_holds_is_not_held_again() {
    let people = ["anne", "bruno", "chloe"];
    let off = "kinds = { inscription-confirmee = \"off\", candidature-decision = \"off\" }";
    let folder = folder(&people, &format!("max_per_run = 2\n{off}"));
    let first = folder.night("2021-01-13");
    assert!(guard(&first).contains("3 courriels"), "{}", guard(&first));
    assert_eq!(say_yes(&folder), 3);
    let second = folder.night("2021-01-14");
    assert_eq!(guard(&second), "");
    let six = people.map(|name| format!("{name} dans 6 jours"));
    assert_eq!(left(&folder, "atelier-rappel"), six);
    assert_eq!(count(&folder, "awaiting"), 0);
}

#[test]
fn a_yes_to_what_was_corrected_since_is_asked_again() {
    let folder = folder(&["anne"], "kinds = { inscription-confirmee = \"review\" }");
    folder.night("2021-01-12");
    assert_eq!(say_yes(&folder), 2, "and the decision");
    folder.edit("programme.xlsx", |book| {
        let workshops = book.sheet_mut("Ateliers");
        workshops.set(1, "Lieu", "Salle Nord");
        // ELI01, ELI09 and CAN05.
        let members = book.sheet_mut("Adhérents");
        members.set(1, "Immatriculation", "");
    });
    let second = folder.night("2021-01-13");
    assert_eq!(remarks(&second).len(), 2, "{}", second["answers"]);
    assert_eq!(second["retired"], 2);
    assert_eq!(folder.mails(), [""; 0]);
    assert_eq!(count(&folder, "awaiting"), 1, "the confirmation, anew");
    assert_eq!(say_yes(&folder), 1);
    folder.night("2021-01-14");
    assert_eq!(left(&folder, "inscription-confirmee").len(), 1);
}

/// A server that asks to try later.
struct Later;

impl Transport for Later {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn prepare(&mut self, _: &Outgoing) -> Result<(), Failure> {
        let error = "451 later".to_owned();
        Err(Failure::Later { error })
    }

    fn hand_over(&mut self, _: &Outgoing) -> Handed {
        panic!("it was not prepared")
    }

    fn abandon(&mut self) {}
}

fn night(folder: &Folder, day: &str, takes: bool) {
    let quietly = Progress::none();
    let programme = Programme::load(folder.path(), day.parse().ok(), &quietly).unwrap();
    let way: Box<dyn Transport> = if takes {
        Box::new(FileTransport::new(folder.path()))
    } else {
        Box::new(Later)
    };
    apply::run_over(&programme, vec![way], &quietly, &Cancel::new()).unwrap();
}

#[test]
fn a_reminder_that_the_server_defers_gives_way_to_the_nearer_one() {
    let folder = folder(&["anne"], "kinds = { candidature-decision = \"off\" }");
    night(&folder, "2021-01-12", true);
    for day in 13..=18 {
        night(&folder, &format!("2021-01-{day}"), false);
        assert_eq!(count(&folder, "deferred"), 2, "and the digest");
    }
    night(&folder, "2021-01-19", true);
    assert_eq!(left(&folder, "atelier-rappel"), ["anne demain"]);
    assert_eq!(count(&folder, "deferred"), 0);
    night(&folder, "2021-01-20", true);
    assert_eq!(left(&folder, "atelier-rappel").len(), 1);
}

#[test]
fn the_last_reminder_that_the_server_defers_never_comes_on_the_day_itself() {
    let folder = folder(&["anne"], "kinds = { candidature-decision = \"off\" }");
    night(&folder, "2021-01-12", true);
    night(&folder, "2021-01-19", false);
    night(&folder, "2021-01-20", true);
    assert_eq!(left(&folder, "atelier-rappel"), [""; 0]);
}

#[test]
fn no_reminder_follows_a_confirmation_that_a_server_took_late() {
    for (day, reminders) in [("2021-01-12", 1), ("2021-01-13", 0)] {
        let folder = folder(&["anne"], "kinds = { candidature-decision = \"off\" }");
        night(&folder, "2021-01-11", false);
        night(&folder, day, true);
        assert_eq!(left(&folder, "inscription-confirmee").len(), 1);
        night(&folder, "2021-01-13", true);
        night(&folder, "2021-01-14", true);
        assert_eq!(left(&folder, "atelier-rappel").len(), reminders, "{day}");
    }
}

#[test]
fn no_reminder_follows_a_confirmation_that_she_approved_when_it_fell_due() {
    let ask = "kinds = { inscription-confirmee = \"review\", candidature-decision = \"off\" }";
    let folder = folder(&["anne"], ask);
    folder.night("2021-01-12");
    assert_eq!(say_yes(&folder), 1);
    for day in ["2021-01-13", "2021-01-14"] {
        folder.night(day);
        assert_eq!(left(&folder, "inscription-confirmee").len(), 1, "{day}");
        assert_eq!(left(&folder, "atelier-rappel"), [""; 0], "{day}");
    }
}
