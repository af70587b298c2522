//! `why`: all about one person, and what the nights to come will send her.

use std::process::Output;

use chrono::{Days, NaiveDate};

use crate::folder::{Folder, program, text};

const WAITING: &str = "lucia.navarro@example.org";

fn why(folder: &Folder, person: &str, arguments: &[&str]) -> Output {
    let mut command = program();
    command.arg("why").arg(folder.path()).arg(person);
    command.args(arguments).output().unwrap()
}

fn said(folder: &Folder, person: &str, day: &str) -> String {
    let output = why(folder, person, &["--today", day]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).replace(['\u{A0}', '\u{202F}'], " ")
}

#[test]
fn who_waits_is_told_her_place_and_what_would_move_it() {
    let folder = Folder::sample();
    let before = folder.snapshot();
    let said = said(&folder, WAITING, "2021-01-12");
    for part in [
        "Liste d’attente 2 : toutes les places sont prises.",
        "12 places prises sur 12, 2 en attente : une place lui reviendrait après 2 désistements",
        "INS01 (Information)",
        "12/01/2021 Liste d’attente → lucia.navarro@example.org",
    ] {
        assert!(said.replace("  ", " ").contains(part), "{part}\n{said}");
    }
    assert_eq!(folder.snapshot(), before);
}

#[test]
fn what_is_foretold_is_what_the_nights_send() {
    let folder = Folder::sample();
    let first: NaiveDate = "2021-01-12".parse().unwrap();
    let foretold = said(&folder, "camille.garrigue@example.org", "2021-01-12");
    let mut sent = Vec::new();
    for days in 0..8 {
        let day = first.checked_add_days(Days::new(days)).unwrap();
        let night = folder.night(&day.to_string());
        for mail in night["mails"].as_array().unwrap() {
            if mail["to"] == "camille.garrigue@example.org" {
                let kind = mail["kind"].as_str().unwrap().to_owned();
                sent.push((day.format("%d/%m/%Y").to_string(), kind));
            }
        }
    }
    let expected = [
        (
            "12/01/2021",
            "inscription-confirmee",
            "Inscription confirmée",
        ),
        (
            "12/01/2021",
            "inscription-confirmee",
            "Inscription confirmée",
        ),
        ("18/01/2021", "atelier-rappel", "Rappel d’atelier"),
    ];
    let kinds: Vec<(&str, &str)> = sent.iter().map(|(day, kind)| (&**day, &**kind)).collect();
    let pairs: Vec<(&str, &str)> = expected
        .iter()
        .map(|(day, kind, _)| (*day, *kind))
        .collect();
    assert_eq!(kinds, pairs);
    for (day, _, french) in expected {
        assert!(
            foretold.contains(&format!("{day}  {french} →")),
            "{foretold}"
        );
    }
    let later = said(&folder, "camille.garrigue@example.org", "2021-01-19");
    assert!(later.contains("12/01/2021  Inscription confirmée → camille.garrigue@example.org : accepté par le serveur le 12/01/2021"), "{later}");
}

#[test]
fn a_structure_gives_its_memberships_supports_and_people() {
    let folder = Folder::sample();
    let said = said(&folder, "studio garonne images", "2020-11-15");
    for part in [
        "membre actif, du 06/11/2020 au 05/11/2021, valable aujourd’hui",
        "Rang 2",
        "Accompagnement : terminé",
        "(attendra votre accord)",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
}

#[test]
fn nobody_of_that_name_gives_near_ones() {
    let folder = Folder::sample();
    let output = why(&folder, "Studio Garone Image", &[]);
    assert_eq!(output.status.code(), Some(2));
    let error = text(&output.stderr);
    assert!(error.contains("Studio Garonne Images"), "{error}");
}
