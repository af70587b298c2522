//! The program as it runs without anybody watching: the service, the dead man's switch, the log.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use chrono::{DateTime, Utc};
use peer_culture::outbox::{Ledger, Moment, Run, RunLock};
use serde_json::Value;

use crate::digest::by_post;
use crate::folder::{Folder, program, sample, text};
use crate::post_office::PostOffice;

/// How long something may take on a busy machine before a test gives up.
const PATIENCE: u32 = 600;

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..PATIENCE {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("it never came: {what}");
}

fn completed_run(folder: &Path) -> Option<Run> {
    Ledger::read_only(folder).ok()??.last_completed_run().ok()?
}

/// The sample with a line in its settings.
pub fn sample_with(setting: &str) -> Folder {
    let folder = Folder::sample();
    let settings = fs::read_to_string(folder.path().join("programme.toml")).unwrap();
    folder.file(
        "programme.toml",
        format!("{settings}\n[schedule]\n{setting}\n").as_bytes(),
    );
    folder
}

#[cfg(unix)]
fn signal(service: &Child, name: &str) {
    let id = service.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-s", name, &id])
        .status();
    assert!(sent.unwrap().success());
}

#[cfg(unix)]
#[test]
fn signals_that_the_caller_has_ignored_are_no_fault() {
    let folder = Folder::sample();
    // As nohup and a shell's `&` leave them.
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            r#"trap "" INT HUP; exec "$0" run --today 2021-01-12 "$1""#,
        ])
        .arg(program().get_program())
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(completed_run(folder.path()).is_some());
}

/// Asked to stop in the midst of the sending: it says what had left.
#[cfg(unix)]
#[test]
fn a_run_that_is_asked_to_stop_says_what_had_left() {
    let office = PostOffice::open();
    let folder = by_post(&office);
    let settings = fs::read_to_string(folder.path().join("programme.toml")).unwrap();
    let slowly = settings.replace("[mail]", "[mail]\nper_minute = 600");
    folder.file("programme.toml", slowly.as_bytes());
    let mut run = program();
    run.arg("run").arg(folder.path());
    run.args(["--today", "2021-01-12", "--format", "json"]);
    run.stdout(Stdio::piped()).stderr(Stdio::null());
    let run = run.spawn().unwrap();
    while office.taken() < 3 {
        std::thread::sleep(Duration::from_millis(5));
    }
    signal(&run, "TERM");
    let ended = run.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(3));
    let printed: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(printed["errors"][0]["code"], "cancelled");
    let totals = printed["mail_totals"].as_object().unwrap();
    assert_eq!(totals["accepted"], office.told(), "{printed}");
    assert!(totals["deferred"].as_u64().unwrap() > 0, "{printed}");
    folder.file("programme.toml", settings.as_bytes());
    folder.night("2021-01-12");
    let mut ids = office.ids();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "twice");
}

#[cfg(unix)]
#[test]
fn the_service_does_what_was_missed_and_ends_when_asked() {
    let (one, broken) = (Folder::sample(), Folder::new());
    broken.file("programme.toml", b"[supports]\nmax_hour = 3\n");
    let mut service = program()
        .args(["schedule", "--log-format", "json"])
        .args([one.path(), broken.path()])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Neither was ever run: the one is, the other can't be and stops nothing.
    wait_until("the run", || completed_run(one.path()).is_some());
    signal(&service, "TERM");
    let mut said = String::new();
    let mut errors = BufReader::new(service.stderr.take().unwrap());
    while errors.read_line(&mut said).unwrap() > 0 {}
    assert_eq!(service.wait().unwrap().code(), Some(0), "{said}");
    let lines: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let messages: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["message"].as_str())
        .collect();
    assert_eq!(messages.first(), Some(&"the service begins"));
    assert_eq!(messages.last(), Some(&"the service ends"));
    assert!(messages.contains(&"done"), "{messages:?}");
    let errors: Vec<&Value> = lines
        .iter()
        .filter(|line| line["level"] == "ERROR")
        .collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(
        errors[0]["problem"]
            .as_str()
            .unwrap()
            .contains("programme.toml:2")
    );
    assert!(!said.contains('@'), "{said}");
    assert_eq!(broken.snapshot().len(), 1);
    let status = program().arg("status").arg(one.path()).output().unwrap();
    assert_eq!(status.status.code(), Some(0), "{}", text(&status.stdout));
}

#[cfg(unix)]
#[test]
fn the_service_waits_for_the_time_in_the_settings() {
    // Never: until the settings say otherwise.
    let folder = sample_with("cron = \"0 0 0 1 1 * 2099\"");
    let mut service = program()
        .args(["schedule", "--log-level", "info"])
        .arg(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = BufReader::new(service.stderr.take().unwrap()).lines();
    let said = errors.by_ref().map(Result::unwrap);
    assert!(
        said.into_iter()
            .any(|line| line.contains("the next run is set"))
    );
    assert_eq!(completed_run(folder.path()), None);
    signal(&service, "TERM");
    assert_eq!(service.wait().unwrap().code(), Some(0));
}

#[test]
fn a_service_follows_the_clock() {
    let output = program()
        .args(["schedule", "--today", "2021-01-12"])
        .arg(sample())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

fn status(folder: &Folder, today: &str) -> (Option<i32>, Value) {
    let output = program()
        .args(["status", "--format", "json", "--today", today])
        .arg(folder.path())
        .output()
        .unwrap();
    (
        output.status.code(),
        serde_json::from_slice(&output.stdout).unwrap(),
    )
}

#[test]
fn a_run_that_did_not_come_is_overdue() {
    let folder = Folder::sample();
    let before = folder.snapshot();
    let (code, never) = status(&folder, "2021-01-12");
    // Its time is 4:30, which is now: not late yet.
    assert_eq!((code, &never["overdue"]), (Some(0), &Value::Bool(false)));
    assert_eq!(never["last_completed_run"], Value::Null);
    assert!(folder.snapshot() == before);
    folder.night("2021-01-12");
    let (code, done) = status(&folder, "2021-01-13");
    assert_eq!(code, Some(0), "{done}");
    let last = &done["last_completed_run"];
    assert_eq!(last["day"], "2021-01-12");
    // And the digest.
    assert_eq!(last["counts"]["accepted"], 54 + 1);
    assert_eq!(done["next_due"], "2021-01-13T04:30:00+01:00");
    let (code, late) = status(&folder, "2021-01-14");
    assert_eq!((code, &late["overdue"]), (Some(1), &Value::Bool(true)));
    assert_eq!(late["next_due"], "2021-01-13T04:30:00+01:00");
}

#[test]
fn the_status_is_told_while_a_run_holds_the_folder() {
    let folder = Folder::sample();
    folder.night("2021-01-11");
    let now: DateTime<Utc> = "2021-01-12T03:29:00Z".parse().unwrap();
    let _lock = RunLock::take(folder.path(), now).unwrap();
    let mut ledger = Ledger::open(folder.path()).unwrap();
    let day = now.date_naive();
    ledger.begin_run(Moment { now, day }).unwrap();
    let (code, told) = status(&folder, "2021-01-12");
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(told["running"]["process"], std::process::id());
    assert_eq!(told["unfinished_run"]["day"], "2021-01-12");
    assert_eq!(told["last_completed_run"]["day"], "2021-01-11");
    let output = program()
        .args(["status", "--today", "2021-01-12"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = text(&output.stdout);
    assert!(said.contains("under way:     process"), "{said}");
}

#[test]
fn status_of_several_folders_is_an_array_and_the_worst_counts() {
    let (one, two) = (Folder::sample(), Folder::new());
    one.night("2021-01-10");
    two.file("programme.toml", b"[supports]\nmax_hour = 3\n");
    let output = program()
        .args(["status", "--format", "json", "--today", "2021-01-12"])
        .args([one.path(), two.path()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told[0]["overdue"], true);
    assert!(told[1]["errors"].is_array());
}

#[test]
fn several_folders_end_with_a_summary() {
    let (one, two, three) = (Folder::sample(), Folder::new(), Folder::sample());
    two.file("programme.toml", b"[supports]\nmax_hour = 3\n");
    let output = program()
        .args(["run", "--today", "2021-01-12"])
        .args([one.path(), two.path(), three.path(), one.path()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stdout);
    let summary: Vec<&str> = said.lines().rev().take(4).collect();
    assert_eq!(summary[3], "En résumé, 3 dossiers :");
    assert!(
        summary[2].contains("fait : ") && summary[2].contains("54 courriels partis"),
        "{said}"
    );
    assert!(
        summary[1].ends_with("non fait, à corriger d’abord"),
        "{said}"
    );
    assert!(
        summary[0].contains(three.path().to_str().unwrap()),
        "{said}"
    );
    // Each folder's output stays together, in the order in which they were named.
    let place = |folder: &Folder| said.find(folder.path().to_str().unwrap()).unwrap();
    assert!(place(&one) < place(&three));
}

#[test]
fn a_quiet_run_prints_nothing_when_all_is_well() {
    let folder = Folder::sample();
    let output = folder.run("run", &["--quiet"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        (text(&output.stdout), text(&output.stderr)),
        (String::new(), String::new())
    );
    folder.file("adherents.xlsx", b"not a workbook");
    let output = folder.run("run", &["--quiet"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty() && !output.stderr.is_empty());
}

#[test]
fn the_log_names_nobody() {
    let folder = Folder::sample();
    let output = folder.run("run", &["--log-level", "trace", "--log-format", "json"]);
    let said = text(&output.stderr);
    assert!(said.lines().count() >= 2, "{said}");
    assert!(!said.contains('@') && !said.contains("Claire"), "{said}");
}

#[test]
fn a_task_that_comes_every_hour_runs_once() {
    // Never run: due. A line that came once a century ago keeps midnight out of this test.
    let folder = sample_with("cron = \"0 0 0 1 1 * 2001\"");
    let hourly = || {
        program()
            .args(["run", "--quiet", "--if-due", "--log-level", "info"])
            .arg(folder.path())
            .output()
            .unwrap()
    };
    let first = hourly();
    assert_eq!(first.status.code(), Some(0));
    assert!(
        text(&first.stderr).contains("done"),
        "{}",
        text(&first.stderr)
    );
    let second = hourly();
    assert_eq!(second.status.code(), Some(0));
    assert_eq!(text(&second.stderr), "");
    let output = folder.run("run", &["--if-due"]);
    assert_eq!(output.status.code(), Some(2), "it follows the clock");
}
