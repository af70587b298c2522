//! A digest that could not leave, or may have left: it is simply tried again.

use serde_json::Value;

use crate::digest::{COORDINATOR, Digest, accepted, by_post};
use crate::folder::program;
use crate::post_office::{Manner, PostOffice};

#[test]
fn one_that_fails_stops_nobody_and_is_tried_again() {
    let office = PostOffice::open();
    let folder = by_post(&office);
    office.meet(COORDINATOR, Manner::Later);
    let (code, night) = folder.json("run", &[]);
    assert_eq!(code, Some(3), "{night}");
    assert_eq!((accepted(&night), office.taken()), (54, 54));
    assert_eq!(night["digest"], "deferred");
    let problems = night["problems"].to_string();
    assert!(
        problems.contains("La synthèse du matin n’est pas partie"),
        "{problems}"
    );
}

/// By the real clock: under a day that was asked for, each run begins at the same instant.
#[test]
fn one_that_failed_is_the_same_when_it_is_tried_again_that_day() {
    let office = PostOffice::open();
    let folder = by_post(&office);
    let run = || {
        let output = program()
            .arg("run")
            .arg(folder.path())
            .args(["--format", "json"])
            .output()
            .unwrap();
        let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), printed)
    };
    office.meet(COORDINATOR, Manner::Later);
    let (code, night) = run();
    assert_eq!((code, &night["digest"]), (Some(3), &"deferred".into()));
    office.meet(COORDINATOR, Manner::Takes);
    let (code, night) = run();
    assert_eq!((code, &night["digest"]), (Some(0), &"accepted".into()));
    assert_eq!(office.taken_by(COORDINATOR).len(), 1);
    let (code, night) = run();
    assert_eq!((code, &night["digest"]), (Some(0), &Value::Null));
    assert_eq!(office.taken_by(COORDINATOR).len(), 1);
}

#[test]
fn one_that_failed_yesterday_gives_way_to_todays() {
    let office = PostOffice::open();
    let folder = by_post(&office);
    office.meet(COORDINATOR, Manner::Later);
    folder.json("run", &["--today", "2021-01-12"]);
    office.meet(COORDINATOR, Manner::Takes);
    assert_eq!(folder.night("2021-01-13")["digest"], "accepted");
    let letters = office.taken_by(COORDINATOR);
    let [digest] = letters.as_slice() else {
        panic!("{} digests", letters.len());
    };
    assert!(Digest::of(digest).subject.contains("mercredi 13 janvier"));
}

/// It is in doubt after the final dot: better twice than never.
#[test]
fn one_in_doubt_is_simply_sent_again() {
    let office = PostOffice::open();
    let folder = by_post(&office);
    office.meet(COORDINATOR, Manner::TakesAndHangsUp);
    let (code, night) = folder.json("run", &[]);
    assert_eq!(
        (code, &night["digest"]),
        (Some(3), &"unknown".into()),
        "{night}"
    );
    office.meet(COORDINATOR, Manner::Takes);
    assert_eq!(folder.night("2021-01-12")["digest"], "accepted");
    let letters = office.taken_by(COORDINATOR);
    assert_eq!(letters.len(), 2);
    assert!(letters[0] == letters[1], "not the same message");
}

#[test]
fn an_address_that_was_refused_once_gets_its_digest_as_soon_as_the_server_takes_it() {
    let office = PostOffice::open();
    let folder = by_post(&office);
    office.meet(COORDINATOR, Manner::Never);
    folder.json("run", &["--today", "2021-01-12"]);
    office.meet(COORDINATOR, Manner::Takes);
    for day in ["2021-01-13", "2021-01-14"] {
        let (code, night) = folder.json("run", &["--today", day]);
        let told = (code, &night["digest"], night["problems"].to_string());
        assert_eq!(
            told,
            (Some(0), &"accepted".into(), "[]".to_owned()),
            "{night}"
        );
    }
    assert_eq!(office.taken_by(COORDINATOR).len(), 2);
}

/// A wrong password is shown once a night: a server that counts locks the account.
#[test]
fn it_waits_for_the_next_run_where_nothing_can_leave_as_the_settings_are() {
    let office = PostOffice::open();
    let folder = by_post(&office);
    office.knows_us(false);
    let (code, night) = folder.json("run", &["--today", "2021-01-12"]);
    assert_eq!(
        (code, &night["digest"]),
        (Some(3), &"planned".into()),
        "{night}"
    );
    let problems = night["problems"].to_string();
    assert!(problems.contains("L’envoi s’est arrêté"), "{problems}");
    assert!(
        problems.contains("vérifiez mail.smtp.user et le mot de passe"),
        "{problems}"
    );
    assert!(problems.contains("peer-culture doctor"), "{problems}");
    assert_eq!(office.turned_away(), 1, "it knocked again");
    office.knows_us(true);
    let night = folder.night("2021-01-13");
    assert_eq!(night["digest"], "accepted");
    assert_eq!(office.taken_by(COORDINATOR).len(), 1);
}
