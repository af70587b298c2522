//! What `plan`, `run --dry-run`, `preview` and `why` say of a night is what the run then does: her
//! answers in « Courriels » and what earlier nights left included.

use chrono::{DateTime, NaiveDate};
use peer_culture::outbox::{Ledger, Moment, Step};
use serde_json::Value;

use crate::answers::{ANSWER, DASHBOARD, FIRST, SECOND, address, answer, awaiting, count, decided};
use crate::digest::{COORDINATOR, by_post};
use crate::folder::{Folder, program, text};
use crate::post_office::PostOffice;

/// Decisions that have been answered: two yes, one no.
struct Answered {
    folder: Folder,
    yes: Vec<String>,
    no: String,
}

fn answered() -> Answered {
    let folder = Folder::sample();
    folder.night(FIRST);
    let (mut yes, mut no) = (Vec::new(), String::new());
    answer(&folder, DASHBOARD, |sheet| {
        let rows = awaiting(sheet);
        for row in &rows[..2] {
            sheet.set(*row, ANSWER, "oui");
            yes.push(address(sheet, *row));
        }
        sheet.set(rows[2], ANSWER, "non");
        no = address(sheet, rows[2]);
    });
    yes.sort();
    Answered { folder, yes, no }
}

/// Whom what was prepared earlier would go to.
fn left(printed: &Value) -> Vec<String> {
    let left = printed["left"].as_array().unwrap().iter();
    let mut to: Vec<String> = left
        .map(|mail| mail["to"].as_str().unwrap().to_owned())
        .collect();
    to.sort();
    to
}

/// A wrong password, mended the same day: what was left is foreseen, as it then leaves.
#[test]
fn what_a_fault_of_the_settings_left_is_foreseen_on_the_same_day() {
    let office = PostOffice::open();
    let folder = by_post(&office);
    office.knows_us(false);
    assert_eq!(folder.json("run", &["--today", FIRST]).0, Some(3));
    office.knows_us(true);
    let planned = folder.json("plan", &["--today", FIRST]).1;
    let mut foreseen = left(&planned);
    assert!(!foreseen.is_empty(), "{planned}");
    let said = text(&folder.run("run", &["--dry-run", "--today", FIRST]).stdout);
    assert!(said.contains("Partiraient"), "{said}");
    let mut command = program();
    command.arg("why").arg(folder.path()).arg(&foreseen[0]);
    let said = text(&command.args(["--today", FIRST]).output().unwrap().stdout);
    assert!(said.contains("il n’est pas encore parti"), "{said}");
    folder.night(FIRST);
    let mut taken: Vec<String> = office.ids().into_iter().map(|(to, _)| to).collect();
    taken.retain(|to| to != COORDINATOR);
    taken.sort();
    for address in &mut foreseen {
        *address = address.to_lowercase();
    }
    foreseen.sort();
    assert_eq!(taken, foreseen);
}

fn why(folder: &Folder, person: &str) -> String {
    let mut command = program();
    command.arg("why").arg(folder.path()).arg(person);
    text(&command.args(["--today", SECOND]).output().unwrap().stdout)
}

#[test]
fn a_plan_takes_her_answers_as_the_night_will_and_leaves_everything_as_it_is() {
    let Answered { folder, yes, no } = answered();
    let before = folder.snapshot();
    let (code, planned) = folder.json("plan", &["--today", SECOND]);
    assert_eq!(code, Some(0));
    assert_eq!(planned["answers"]["approved"], 2, "{}", planned["answers"]);
    assert_eq!(planned["answers"]["rejected"], 1);
    assert_eq!(left(&planned), yes);
    for arguments in [&["plan"][..], &["run", "--dry-run"]] {
        let rest = [&arguments[1..], &["--today", SECOND]].concat();
        let said = text(&folder.run(arguments[0], &rest).stdout);
        assert!(
            said.contains("Vos réponses dans le tableau de bord\u{a0}: 2 accords, 1 refus."),
            "{said}"
        );
        for address in &yes {
            let line = format!("candidature-decision → {address} (préparé le 12/01/2021)");
            assert!(said.contains(&line), "{line}\n{said}");
        }
        let refused = format!("candidature-decision → {no}");
        assert!(!said.contains(&refused), "{said}");
    }
    let state = |person: &str| {
        let said = why(&folder, person);
        let line = said
            .lines()
            .find(|line| line.contains("12/01/2021  Décision"));
        line.unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    assert!(!state(&yes[0]).contains("en attente"), "{}", state(&yes[0]));
    assert!(state(&no).contains("écarté"), "{}", state(&no));
    assert!(folder.snapshot() == before, "something was written");

    let night = folder.night(SECOND);
    assert_eq!(night["answers"], planned["answers"]);
    assert_eq!(night["retired"], planned["retired"]);
    assert_eq!(decided(&folder), yes);
    // And on the day after there is nothing left of it.
    let (_, planned) = folder.json("plan", &["--today", SECOND]);
    assert_eq!(planned["answers"]["approved"], 0);
    assert_eq!(left(&planned), [""; 0]);
}

#[test]
fn a_preview_shows_what_she_said_yes_to_among_what_goes() {
    let Answered { folder, .. } = answered();
    let numbers = || {
        let (code, printed) = folder.json("preview", &["--today", SECOND]);
        assert_eq!(code, Some(0), "{printed}");
        let number = |name: &str| printed[name].as_u64().unwrap();
        (number("going"), number("awaiting_approval"))
    };
    let before = folder.snapshot();
    let with = numbers();
    let mut after = folder.snapshot();
    after.retain(|(path, _)| !path.ends_with("controles/apercu/index.html"));
    assert!(after == before, "something else was written");
    answer(&folder, DASHBOARD, |sheet| {
        for row in awaiting(sheet) {
            sheet.set(row, ANSWER, "");
        }
    });
    let without = numbers();
    assert_eq!(with, (without.0 + 2, without.1 - 3));
}

#[test]
fn what_she_says_of_a_doubt_and_what_goes_once_more_by_itself_are_foreseen() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let mut ledger = Ledger::open(folder.path()).unwrap();
    let moment = Moment {
        now: DateTime::from_timestamp(1_610_422_200, 0).unwrap(),
        day: FIRST.parse::<NaiveDate>().unwrap(),
    };
    let waiting = ledger
        .in_state(peer_culture::mails::State::AwaitingApproval)
        .unwrap();
    let [first, second] = [&waiting[0], &waiting[1]];
    for message in [first, second] {
        let (by, reason, error) = ("smtp".to_owned(), "test".to_owned(), "test".to_owned());
        for step in [
            Step::Approve { reason },
            Step::Claim { by },
            Step::Doubt { error },
        ] {
            assert!(ledger.step(message.id, step, moment).unwrap());
        }
    }
    let (resent, received) = (first.to.address.clone(), second.to.address.clone());
    drop(ledger);
    // The dashboard shows the doubts.
    folder.night(FIRST);
    answer(&folder, DASHBOARD, |sheet| {
        let header = sheet.header("État").0;
        for row in header + 1..sheet.len() {
            let is_doubt = sheet.get(row, "État").to_string().contains("peut-être");
            if is_doubt && address(sheet, row) == resent {
                sheet.set(row, ANSWER, "renvoyer");
            } else if is_doubt && address(sheet, row) == received {
                sheet.set(row, ANSWER, "reçu");
            }
        }
    });
    let (_, planned) = folder.json("plan", &["--today", SECOND]);
    assert_eq!(planned["answers"]["resent"], 1, "{}", planned["answers"]);
    assert_eq!(planned["answers"]["received"], 1);
    assert_eq!(left(&planned), [resent]);
    assert_eq!(count(&folder, "unknown"), 2, "as they were");
    let night = folder.night(SECOND);
    assert_eq!(night["answers"], planned["answers"]);
    assert_eq!(night["resumed"], 1);
}
