//! A ledger that doesn't know all that left: lost, or an older copy of it put back. Nothing goes
//! without the coordinator's yes, every night, until she has answered all that was held because of
//! it; then nights are as ever.

use std::fs;
use std::path::Path;

use peer_culture::mails::State;
use peer_culture::outbox::Ledger;
use serde_json::Value;

use crate::answers::{
    ANSWER, DASHBOARD, FIRST, SECOND, THIRD, answer, awaiting, count, list, rows,
};
use crate::folder::{Folder, program, text};
use crate::guards::{guard, register};
use crate::histories::files::{copy, empty};
use crate::scene::rows as cells;

const BEFORE: &str = "2021-01-11";
const FOURTH: &str = "2021-01-15";
const FIFTH: &str = "2021-01-16";

fn outbox(folder: &Folder, today: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let mut program = program();
    program.arg("outbox").arg(arguments[0]).arg(folder.path());
    let output = program
        .args(&arguments[1..])
        .args(["--today", today])
        .output();
    let output = output.unwrap();
    (output.status.code(), text(&output.stdout))
}

/// The kinds and addresses of the plan, with their modes.
fn planned(printed: &Value, kind: &str) -> Vec<String> {
    let mails = printed["mails"].as_array().unwrap().iter();
    let mut modes: Vec<String> = mails
        .filter(|mail| mail["kind"] == kind)
        .map(|mail| mail["mode"].as_str().unwrap().to_owned())
        .collect();
    modes.sort();
    modes
}

/// One support, its person, and a meeting where there is a day for it.
fn one_meeting(folder: &Folder, day: Option<&str>) {
    let mut meetings = vec!["Accompagnement;Personne ressource;Date;Demi-journée;Lieu".to_owned()];
    meetings.extend(day.map(|day| format!("ACC-1;Anna Blanc;{day};matin;Bureau 1")));
    let meetings: Vec<&str> = meetings.iter().map(String::as_str).collect();
    folder.workbook(
        "programme.xlsx",
        &[
            (
                "Adhérents",
                cells(&[
                    "Structure;Forme juridique;Immatriculation;Code postal;Commune;Domaine;Statut;Cotisation;Payée le;Référent;Email",
                    "Atelier Nord;association;W313001234;31000;Toulouse;spectacle vivant;membre actif;300;02/11/2020;Lou Garcia;lou@example.org",
                ]),
            ),
            (
                "Personnes ressources",
                cells(&[
                    "Nom;Structure;Email;Spécialités;Type",
                    "Anna Blanc;Autre;anna@example.org;conditions de travail;partenaire",
                ]),
            ),
            (
                "Accompagnements",
                cells(&[
                    "Référence;Structure;Bénéficiaire;Email;Diagnostic validé le;Axes;Heures prévues;Statut",
                    "ACC-1;Atelier Nord;Lou Garcia;lou@example.org;05/01/2021;conditions de travail;14;en cours",
                ]),
            ),
            ("Rendez-vous", cells(&meetings)),
        ],
    );
}

fn state(folder: &Folder) -> std::path::PathBuf {
    folder.path().join(".peer-culture")
}

fn keep(folder: &Folder) -> Folder {
    let kept = Folder::new();
    copy(&state(folder), kept.path());
    kept
}

fn put_back(kept: &Path, folder: &Folder) {
    empty(&state(folder));
    copy(kept, &state(folder));
}

/// The invitations to a meeting left after the backup; then the backup is put back.
fn with_lost_invitations() -> (Folder, usize) {
    let folder = Folder::new();
    one_meeting(&folder, None);
    folder.night(BEFORE);
    let kept = keep(&folder);
    one_meeting(&folder, Some("28/01/2021"));
    folder.night(FIRST);
    let sent = folder.mails().len();
    assert_eq!(sent, 2, "{:?}", folder.mails());
    put_back(kept.path(), &folder);
    (folder, sent)
}

#[test]
fn a_meeting_moved_after_its_lost_invitation_is_not_confirmed_anew_unasked() {
    let (folder, sent) = with_lost_invitations();
    // Moved, and moved again while nobody answers: each night asks.
    for (night, day) in [
        (SECOND, "29/01/2021"),
        (THIRD, "01/02/2021"),
        (FOURTH, "02/02/2021"),
    ] {
        one_meeting(&folder, Some(day));
        let printed = folder.night(night);
        assert_eq!(
            planned(&printed, "rdv-confirmation"),
            ["review", "review"],
            "{night}"
        );
        assert_eq!(folder.mails().len(), sent, "{night}");
        let held = guard(&printed);
        let since = "Depuis le 13/01/2021";
        assert_eq!(held.contains(since), night != SECOND, "{night}: {held}");
        assert!(
            held.contains("2\u{a0}courriels") || held.contains("2 courriels"),
            "{held}"
        );
    }
    assert_eq!(count(&folder, "awaiting"), 2);
    // She answers; the night after, what is new goes as ever.
    assert_eq!(outbox(&folder, FOURTH, &["approve", "--all"]).0, Some(0));
    let fifth = folder.night(FIFTH);
    assert_eq!(guard(&fifth), "");
    assert_eq!(folder.mails().len(), sent + 2);
    one_meeting(&folder, Some("03/02/2021"));
    let sixth = folder.night("2021-01-17");
    assert_eq!(
        planned(&sixth, "rdv-modification"),
        ["review", "review"],
        "its row is gone"
    );
    assert_eq!(guard(&sixth), "");
}

#[test]
fn one_unanswered_message_holds_every_night_and_the_last_answer_ends_it() {
    let (folder, sent) = with_lost_invitations();
    folder.night(SECOND);
    answer(&folder, DASHBOARD, |sheet| {
        let row = awaiting(sheet)[0];
        sheet.set(row, ANSWER, "oui");
    });
    // The one that she approved goes, and nothing else: not what has come up since.
    one_meeting(&folder, Some("28/01/2021"));
    let third = folder.night(THIRD);
    assert_eq!(third["answers"]["approved"], 1);
    assert_eq!(folder.mails().len(), sent + 1);
    assert!(guard(&third).contains("1\u{a0}courriel") || guard(&third).contains("(1 courriel)"));
    answer(&folder, DASHBOARD, |sheet| {
        let row = awaiting(sheet)[0];
        sheet.set(row, ANSWER, "non");
    });
    let fourth = folder.night(FOURTH);
    assert_eq!(fourth["answers"]["rejected"], 1);
    assert_eq!(guard(&fourth), "");
    // What she said no to is known, and never comes up again.
    let fifth = folder.night(FIFTH);
    assert_eq!(guard(&fifth), "");
    assert_eq!(
        fifth["mails"].as_array().unwrap().len(),
        0,
        "{}",
        fifth["mails"]
    );
    assert_eq!(folder.mails().len(), sent + 1);
    assert_eq!(count(&folder, "rejected"), 1);
}

#[test]
fn what_she_knows_to_have_arrived_is_not_sent_again_and_is_built_on() {
    let (folder, sent) = with_lost_invitations();
    folder.night(SECOND);
    answer(&folder, DASHBOARD, |sheet| {
        for row in awaiting(sheet) {
            sheet.set(row, ANSWER, "reçu");
        }
    });
    let third = folder.night(THIRD);
    assert_eq!(third["answers"]["received"], 2);
    assert_eq!(guard(&third), "");
    assert_eq!(folder.mails().len(), sent);
    // Moved: they have the invitation, and are told of its change.
    one_meeting(&folder, Some("29/01/2021"));
    let fourth = folder.night(FOURTH);
    assert_eq!(planned(&fourth, "rdv-modification"), ["review", "review"]);
    assert!(planned(&fourth, "rdv-confirmation").is_empty());
}

#[test]
fn all_that_a_lost_ledger_asks_for_can_be_answered_at_once() {
    let (folder, sent) = with_lost_invitations();
    folder.night(SECOND);
    answer(&folder, DASHBOARD, |sheet| {
        let row = rows(sheet, &[("Courriel", "Tous à la fois")])[0];
        sheet.set(row, ANSWER, "reçu");
    });
    let third = folder.night(THIRD);
    assert_eq!(third["answers"]["received"], 2);
    assert_eq!(folder.mails().len(), sent);
    assert_eq!(count(&folder, "accepted"), 2);
    // At the command line it is the same.
    let (folder, sent) = with_lost_invitations();
    folder.night(SECOND);
    let (_, list) = list(&folder, "awaiting");
    for message in list["messages"].as_array().unwrap() {
        let id = message["id"].as_str().unwrap();
        let resolved = outbox(&folder, SECOND, &["resolve", id, "reçu"]);
        assert_eq!(resolved.0, Some(0), "{}", resolved.1);
    }
    assert_eq!(guard(&folder.night(THIRD)), "");
    assert_eq!(folder.mails().len(), sent);
}

#[test]
fn a_gap_with_nothing_to_answer_is_a_question_of_its_own() {
    let (folder, sent) = with_lost_invitations();
    one_meeting(&folder, None);
    for night in [SECOND, THIRD] {
        let printed = folder.night(night);
        assert!(
            guard(&printed).contains("Rien n’est encore retenu"),
            "{}",
            guard(&printed)
        );
    }
    let mut asked = 0;
    answer(&folder, DASHBOARD, |sheet| {
        let found = rows(sheet, &[("Courriel", "Registre des courriels")]);
        asked = found.len();
        sheet.set(found[0], ANSWER, "oui");
    });
    assert_eq!(asked, 1);
    one_meeting(&folder, Some("29/01/2021"));
    let fourth = folder.night(FOURTH);
    assert_eq!(fourth["answers"]["ledger_trusted"], true);
    assert_eq!(guard(&fourth), "");
    assert_eq!(folder.mails().len(), sent + 2);
    answer(&folder, DASHBOARD, |sheet| {
        assert!(rows(sheet, &[("Courriel", "Registre des courriels")]).is_empty());
    });
}

#[test]
fn the_command_line_ends_it_only_where_nothing_is_held() {
    let (folder, _) = with_lost_invitations();
    folder.night(SECOND);
    let trust = ["trust-ledger"];
    let (code, said) = outbox(&folder, SECOND, &trust);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("retenus attendent encore"), "{said}");
    // Overtaken before she answered: that is no answer.
    one_meeting(&folder, None);
    let third = folder.night(THIRD);
    assert!(
        guard(&third).contains("Rien n’est encore retenu"),
        "{}",
        guard(&third)
    );
    let (code, said) = outbox(&folder, THIRD, &trust);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("depuis le 13/01/2021"), "{said}");
    assert_eq!(guard(&folder.night(FOURTH)), "");
    assert!(
        outbox(&folder, FOURTH, &trust)
            .1
            .contains("rien n’a changé")
    );
}

#[test]
fn what_she_approved_before_the_loss_is_asked_again() {
    let folder = Folder::sample();
    folder.night(BEFORE);
    // Approved, not sent yet, and backed up; then it leaves.
    assert_eq!(outbox(&folder, BEFORE, &["approve", "--all"]).0, Some(0));
    let kept = keep(&folder);
    folder.night(FIRST);
    let sent = folder.mails();
    put_back(kept.path(), &folder);
    let ledger = |state| {
        let ledger = Ledger::read_only(folder.path()).unwrap().unwrap();
        ledger.in_state(state).unwrap()
    };
    let approved = ledger(State::Planned).len();
    assert!(approved > 5, "{approved}");
    folder.night(SECOND);
    assert_eq!(folder.mails(), sent);
    assert_eq!(ledger(State::Planned).len(), 0);
    assert!(count(&folder, "awaiting") >= approved);
}

#[test]
fn her_answers_of_before_are_not_taken_for_answers_to_another_ledger() {
    let folder = Folder::sample();
    folder.night(BEFORE);
    let kept = keep(&folder);
    answer(&folder, DASHBOARD, |sheet| {
        for row in awaiting(sheet) {
            sheet.set(row, ANSWER, "oui");
        }
    });
    let answered = fs::read(folder.path().join(DASHBOARD)).unwrap();
    folder.night(FIRST);
    let sent = folder.mails();
    // The dashboard with her answers, which were taken since, comes back with the ledger.
    put_back(kept.path(), &folder);
    fs::write(folder.path().join(DASHBOARD), answered).unwrap();
    let second = folder.night(SECOND);
    assert_eq!(folder.mails(), sent);
    assert_eq!(second["answers"]["approved"], 0);
    let remarks = second["answers"]["remarks"].to_string();
    assert!(remarks.contains("n’ont pas été prises"), "{remarks}");
}

#[test]
fn the_right_ledger_put_in_its_place_after_all_is_known_for_what_it_is() {
    let folder = Folder::sample();
    folder.night(BEFORE);
    let older = keep(&folder);
    folder.night(FIRST);
    let sent = folder.mails();
    let right = keep(&folder);
    put_back(older.path(), &folder);
    assert!(!guard(&folder.night(SECOND)).is_empty());
    assert!(!guard(&folder.night(THIRD)).is_empty());
    put_back(right.path(), &folder);
    register(&folder, "zoe");
    assert_eq!(guard(&folder.night(FOURTH)), "");
    assert!(folder.mails().len() > sent.len());
}

#[test]
fn an_older_ledger_put_back_once_more_is_seen_again() {
    let (folder, sent) = with_lost_invitations();
    folder.night(SECOND);
    let held = keep(&folder);
    assert_eq!(outbox(&folder, SECOND, &["approve", "--all"]).0, Some(0));
    assert_eq!(guard(&folder.night(THIRD)), "");
    assert_eq!(folder.mails().len(), sent + 2);
    put_back(held.path(), &folder);
    let fourth = folder.night(FOURTH);
    assert!(guard(&fourth).contains("plus ancien"), "{}", guard(&fourth));
    assert_eq!(folder.mails().len(), sent + 2);
}

#[test]
fn a_lost_ledger_holds_every_night_until_she_has_answered() {
    let folder = Folder::sample();
    folder.night(FIRST);
    fs::remove_dir_all(state(&folder)).unwrap();
    let before = folder.mails();
    for (night, name) in [(SECOND, "zoe"), (THIRD, "yan"), (FOURTH, "xena")] {
        register(&folder, name);
        let printed = folder.night(night);
        assert!(
            guard(&printed).contains(".peer-culture"),
            "{night}: {}",
            guard(&printed)
        );
        assert_eq!(folder.mails(), before, "{night}");
    }
    answer(&folder, DASHBOARD, |sheet| {
        let row = rows(sheet, &[("Courriel", "Tous à la fois")])[0];
        sheet.set(row, ANSWER, "non");
    });
    register(&folder, "walid");
    let fifth = folder.night(FIFTH);
    assert_eq!(guard(&fifth), "");
    assert!(folder.mails().len() > before.len());
}

#[test]
fn a_run_cut_off_after_it_found_a_gap_still_holds() {
    let (folder, sent) = with_lost_invitations();
    // As after a kill in the midst of the night: the gap is noted, the night has no end, and by
    // chance the ledger has come as far as the note outside of it.
    folder.night(SECOND);
    fs::remove_file(folder.path().join("controles/.registre.json")).unwrap();
    fs::remove_file(folder.path().join(DASHBOARD)).unwrap();
    one_meeting(&folder, Some("29/01/2021"));
    let third = folder.night(THIRD);
    assert!(
        guard(&third).contains("Depuis le 13/01/2021"),
        "{}",
        guard(&third)
    );
    assert_eq!(folder.mails().len(), sent);
}
