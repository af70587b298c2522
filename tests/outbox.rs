//! The coordinator's word on e-mails, at the command line: seen, approved, refused, settled, tried
//! again.

use std::process::Output;

use chrono::{DateTime, NaiveDate};
use peer_culture::outbox::{Id, Ledger, Moment, Refused, RunLock, Step};
use serde_json::Value;

use crate::folder::{Folder, program, text};

const FIRST: &str = "2021-01-12";
const SECOND: &str = "2021-01-13";
const THIRD: &str = "2021-01-14";

/// Runs `outbox COMMAND DIR ARGUMENTS` on the second day.
fn outbox(folder: &Folder, command: &str, arguments: &[&str]) -> Output {
    let mut program = program();
    program.args(["outbox", command]).arg(folder.path());
    program.args(arguments).args(["--today", SECOND]);
    program.output().unwrap()
}

fn json(folder: &Folder, command: &str, arguments: &[&str]) -> (Option<i32>, Value) {
    let output = outbox(
        folder,
        command,
        &[arguments, &["--format", "json"]].concat(),
    );
    let value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)));
    (output.status.code(), value)
}

/// Numbers and addresses of the listed messages.
fn listed(folder: &Folder, arguments: &[&str]) -> Vec<(String, String)> {
    let (code, printed) = json(folder, "list", arguments);
    assert_eq!(code, Some(0), "{printed}");
    let messages = printed["messages"].as_array().unwrap().iter();
    let said = |value: &Value| value.as_str().unwrap().to_owned();
    messages
        .map(|message| (said(&message["id"]), said(&message["to"])))
        .collect()
}

fn ids(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let pairs = listed(folder, arguments).into_iter();
    pairs.map(|(id, _)| id).collect()
}

/// Does to the ledger what a run would have done, on the first day.
fn take(folder: &Folder, id: &str, steps: &[Step]) {
    let mut ledger = Ledger::open(folder.path()).unwrap();
    let moment = Moment {
        now: DateTime::from_timestamp(1_610_422_200, 0).unwrap(),
        day: FIRST.parse::<NaiveDate>().unwrap(),
    };
    let id: Id = id.parse().unwrap();
    for step in steps {
        assert!(ledger.step(id, step.clone(), moment).unwrap(), "{step:?}");
    }
}

/// How many decisions on applications have left.
fn decisions(folder: &Folder) -> usize {
    let names = folder.mails().into_iter();
    names
        .filter(|name| name.contains("candidature-decision"))
        .count()
}

fn approve() -> Step {
    let reason = "test".to_owned();
    Step::Approve { reason }
}

fn claim() -> Step {
    let by = "smtp".to_owned();
    Step::Claim { by }
}

#[test]
fn the_list_and_a_message_are_shown_without_a_trace() {
    let folder = Folder::sample();
    let empty = outbox(&folder, "list", &[]);
    assert_eq!(empty.status.code(), Some(0));
    assert!(text(&empty.stdout).contains("Aucun courriel"));
    assert!(!folder.path().join(".peer-culture").exists());

    folder.night(FIRST);
    let before = folder.snapshot();
    let list = text(&outbox(&folder, "list", &[]).stdout);
    assert!(
        list.contains("En attente de votre accord\u{a0}: 9"),
        "{list}"
    );
    assert!(list.contains("n° 1 "), "{list}");
    // And the digest.
    assert!(list.contains("accepté par le serveur\u{a0}: 55"), "{list}");
    assert!(
        !list.to_lowercase().contains("envoyé"),
        "nothing is called sent: {list}"
    );
    assert_eq!(listed(&folder, &["--state", "accepted"]).len(), 54 + 1);
    assert_eq!(
        listed(&folder, &["--state", "Accepté par le serveur"]).len(),
        54 + 1
    );

    let shown = text(&outbox(&folder, "show", &["1"]).stdout);
    for part in [
        "en attente de votre accord",
        "Pourquoi\u{a0}: ",
        "candidatures.xlsx, Candidatures, ligne",
        "12/01/2021 à 4\u{a0}h\u{a0}30",
        "From: Claire Montagnac <",
        "Subject: Votre candidature",
        "Bonjour ",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let gone = text(&outbox(&folder, "show", &["20"]).stdout);
    assert!(gone.contains("n’est plus dans le registre"), "{gone}");
    assert!(!gone.contains("Bonjour"), "{gone}");
    assert_eq!(folder.snapshot(), before);
}

#[test]
fn what_is_approved_goes_the_next_night_and_what_is_refused_never_does() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let waiting = ids(&folder, &["--state", "awaiting"]);
    assert_eq!(waiting.len(), 9);
    let said = outbox(&folder, "approve", &[&waiting[0], &waiting[1]]);
    assert_eq!(said.status.code(), Some(0), "{}", text(&said.stderr));
    assert!(text(&said.stdout).contains("2 courriels partiront à la prochaine exécution"));
    let (code, printed) = json(&folder, "reject", &[&waiting[2]]);
    assert_eq!(code, Some(0));
    assert_eq!(printed["changed"][0]["state"], "rejected");
    assert_eq!(printed["changed"][0]["id"], waiting[2].as_str());
    assert_eq!(decisions(&folder), 0, "a command sends nothing");

    folder.night(SECOND);
    assert_eq!(decisions(&folder), 2);
    assert_eq!(ids(&folder, &["--state", "awaiting"]), waiting[3..]);
    let journal = text(&outbox(&folder, "show", &[&waiting[2]]).stdout);
    assert!(journal.contains("décidé en ligne de commande"), "{journal}");

    folder.night(THIRD);
    assert_eq!(decisions(&folder), 2);
    let all = outbox(&folder, "approve", &["--all"]);
    assert_eq!(all.status.code(), Some(0));
    folder.night("2021-01-15");
    assert_eq!(decisions(&folder), 8);
    let nothing = outbox(&folder, "approve", &["--all"]);
    assert_eq!(nothing.status.code(), Some(0));
    assert!(text(&nothing.stdout).contains("rien n’a changé"));
}

#[test]
fn a_kind_is_approved_at_once() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let (code, printed) = json(&folder, "approve", &["--kind", "rdv-relance"]);
    assert_eq!(
        (code, printed["changed"].as_array().unwrap().len()),
        (Some(0), 0)
    );
    let (_, printed) = json(&folder, "approve", &["--kind", "candidature-decision"]);
    assert_eq!(printed["changed"].as_array().unwrap().len(), 9);
    let unknown = outbox(&folder, "approve", &["--kind", "decision"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("candidature-decision"));
}

#[test]
fn a_message_in_another_state_is_left_alone_and_said() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let before = listed(&folder, &["--state", "accepted"]);
    let (accepted, _) = &before[0];
    for (command, arguments) in [
        ("approve", vec![accepted.as_str()]),
        ("reject", vec![accepted]),
        ("retry", vec![accepted]),
        ("resolve", vec![accepted, "renvoyer"]),
    ] {
        let output = outbox(&folder, command, &arguments);
        assert_eq!(output.status.code(), Some(2), "{command}");
        let said = text(&output.stderr);
        assert!(
            said.contains(&format!("message {accepted} is « accepté par le serveur »")),
            "{said}"
        );
    }
    let (code, printed) = json(&folder, "approve", &["1", "9999", accepted]);
    assert_eq!(code, Some(3), "{printed}");
    assert_eq!(printed["changed"].as_array().unwrap().len(), 1);
    let codes: Vec<&Value> = printed["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["code"])
        .collect();
    assert_eq!(codes, ["wrong-state", "unknown-message"]);
    assert_eq!(listed(&folder, &["--state", "accepted"]), before);
    assert_eq!(outbox(&folder, "show", &["9999"]).status.code(), Some(2));
    assert_eq!(outbox(&folder, "approve", &[]).status.code(), Some(2));
    assert_eq!(
        outbox(&folder, "approve", &["1", "--all"]).status.code(),
        Some(2)
    );
}

#[test]
fn a_doubt_is_settled_either_way() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let before = folder.mails().len();
    for id in ["1", "2"] {
        let error = "cut off".to_owned();
        take(&folder, id, &[approve(), claim(), Step::Doubt { error }]);
    }
    // And one that a crash left half-way: the command finds it as the next run would.
    take(&folder, "3", &[approve(), claim()]);
    assert_eq!(ids(&folder, &["--state", "unknown"]), ["1", "2"]);
    folder.night(SECOND);
    assert_eq!(folder.mails().len(), before, "never by itself");
    for (id, word) in [("1", "reçu"), ("2", "renvoyer"), ("3", "Reçue")] {
        let output = outbox(&folder, "resolve", &[id, word]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    assert_eq!(
        outbox(&folder, "resolve", &["1", "oui"]).status.code(),
        Some(2)
    );
    folder.night(THIRD);
    assert_eq!(folder.mails().len(), before + 1);
    assert_eq!(ids(&folder, &["--state", "unknown"]), [""; 0]);
    let accepted = ids(&folder, &["--state", "accepted"]);
    assert!(
        ["1", "2", "3"]
            .iter()
            .all(|id| accepted.contains(&(*id).to_owned()))
    );
}

#[test]
fn what_was_refused_is_tried_again_with_the_same_words() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let before = folder.mails().len();
    let refuse = Step::Refuse {
        error: "550 mailbox full".to_owned(),
        refused: Refused::Message,
    };
    take(&folder, "1", &[approve(), claim(), refuse]);
    folder.night(SECOND);
    assert_eq!(folder.mails().len(), before, "never by itself");
    let shown = text(&outbox(&folder, "show", &["1"]).stdout);
    assert!(
        shown.contains("550 mailbox full") && shown.contains("Bonjour "),
        "{shown}"
    );
    let (code, printed) = json(&folder, "retry", &["--all"]);
    assert_eq!(
        (code, &printed["changed"][0]["id"]),
        (Some(0), &Value::from("1"))
    );
    folder.night(THIRD);
    assert_eq!(folder.mails().len(), before + 1);
}

#[test]
fn a_folder_that_is_no_programme_has_no_outbox() {
    let folder = Folder::new();
    folder.file("notes.txt", b"nothing of ours");
    for (command, arguments) in [("list", &[][..]), ("retry", &["--all"])] {
        let output = outbox(&folder, command, arguments);
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(text(&output.stderr).contains("is no programme folder"));
    }
    assert_eq!(folder.names("").len(), 1);
}

/// As a refused recipient leaves it: the confirmation of somebody's seat, and the address.
fn refuse(folder: &Folder) -> (String, String) {
    let (id, address) = listed(folder, &["--state", "planned"]).remove(0);
    let refuse = Step::Refuse {
        error: "550 5.1.1 unknown".to_owned(),
        refused: Refused::Address,
    };
    take(folder, &id, &[claim(), refuse]);
    (id, address)
}

fn refused(folder: &Folder) -> Vec<String> {
    let ledger = Ledger::read_only(folder.path()).unwrap().unwrap();
    ledger.refused_addresses().unwrap()
}

#[test]
fn an_address_that_was_refused_is_written_to_again_once_somebody_says_so() {
    for by_address in [true, false] {
        let folder = Folder::sample();
        folder.night(FIRST);
        outbox(&folder, "approve", &["--all"]);
        let (id, address) = refuse(&folder);
        assert_eq!(refused(&folder), [&*address]);
        let asked = if by_address { &address } else { &id };
        let (code, printed) = json(&folder, "retry", &[asked]);
        assert_eq!(code, Some(0), "{printed}");
        assert_eq!(printed["changed"][0]["id"], id.as_str());
        assert_eq!(printed["written_to_again"][0], address.as_str());
        assert_eq!(refused(&folder), [""; 0]);
        folder.night(SECOND);
        let accepted = ids(&folder, &["--state", "accepted"]);
        assert!(accepted.contains(&id), "{accepted:?}");
    }
}

#[test]
fn a_flag_is_lifted_though_its_message_is_no_longer_due() {
    for all in [false, true] {
        let folder = Folder::sample();
        folder.night(FIRST);
        outbox(&folder, "approve", &["--all"]);
        let (id, address) = refuse(&folder);
        let reason = "test".to_owned();
        let retire = Step::Retire {
            reason: reason.clone(),
        };
        take(&folder, &id, &[Step::Retry { reason }, retire]);
        flag(&folder, &address);
        assert_eq!(refused(&folder), [&*address]);
        let said = outbox(&folder, "retry", &[if all { "--all" } else { &id }]);
        assert_eq!(said.status.code(), Some(0), "{}", text(&said.stderr));
        assert!(text(&said.stdout).contains("n’est plus tenue pour refusée"));
        assert_eq!(refused(&folder), [""; 0]);
        let nothing = outbox(&folder, "retry", &[&address]);
        assert_eq!(nothing.status.code(), Some(2));
        assert!(text(&nothing.stderr).contains("nothing was changed"));
    }
}

/// As a ledger of earlier has it, where the e-mail that was refused is over and the address is not
/// forgiven.
fn flag(folder: &Folder, address: &str) {
    let path = folder.path().join(".peer-culture/ledger.sqlite3");
    let ledger = rusqlite::Connection::open(path).unwrap();
    let flagged = "INSERT INTO refused_addresses VALUES (?1, '2021-01-12')";
    ledger.execute(flagged, [address]).unwrap();
}

#[test]
fn a_run_under_way_holds_the_folder_against_decisions_and_not_against_looks() {
    let folder = Folder::sample();
    let nothing = outbox(&folder, "approve", &["--all"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(!folder.path().join(".peer-culture").exists());
    folder.night(FIRST);
    let lock = RunLock::take(folder.path(), DateTime::from_timestamp(0, 0).unwrap()).unwrap();
    let before = folder.snapshot();
    for (command, arguments) in [
        ("approve", &["--all"][..]),
        ("reject", &["1"]),
        ("retry", &["--all"]),
        ("resolve", &["1", "reçu"]),
    ] {
        let (code, printed) = json(&folder, command, arguments);
        assert_eq!(code, Some(4), "{command}");
        assert_eq!(printed["errors"][0]["code"], "folder-held");
    }
    assert_eq!(outbox(&folder, "list", &[]).status.code(), Some(0));
    assert_eq!(outbox(&folder, "show", &["1"]).status.code(), Some(0));
    assert_eq!(folder.snapshot(), before);
    drop(lock);
    assert_eq!(outbox(&folder, "approve", &["1"]).status.code(), Some(0));
}
