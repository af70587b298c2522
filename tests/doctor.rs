//! `doctor`: what is to be repaired, and how.

use serde_json::Value;

use crate::folder::{Folder, program, text};
use crate::mail_script::{Behaviour, Mode, Script, Stage};
use crate::mail_server::MailServer;
use crate::ports::free_ports;
use crate::service::sample_with;

fn doctor(folder: &Folder, today: &str) -> (Option<i32>, Vec<Value>) {
    let output = program()
        .args(["doctor", "--format", "json", "--today", today])
        .arg(folder.path())
        .output()
        .unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    (
        output.status.code(),
        told["checks"].as_array().unwrap().clone(),
    )
}

fn to_repair(checks: &[Value]) -> Vec<&str> {
    let repair = checks.iter().filter(|check| check["verdict"] == "repair");
    repair
        .map(|check| check["topic"].as_str().unwrap())
        .collect()
}

#[test]
fn a_healthy_folder_has_nothing_to_repair() {
    let folder = Folder::sample();
    let before = folder.snapshot();
    let (code, checks) = doctor(&folder, "2021-01-12");
    assert_eq!((code, to_repair(&checks)), (Some(0), vec![]), "{checks:?}");
    for topic in [
        "settings",
        "clock",
        "runs",
        "workbooks",
        "templates",
        "rights",
        "lock",
        "disk",
    ] {
        assert!(
            checks.iter().any(|check| check["topic"] == topic),
            "{topic}"
        );
    }
    assert!(folder.snapshot() == before);
    folder.night("2021-01-12");
    let before = folder.snapshot();
    let (code, checks) = doctor(&folder, "2021-01-13");
    assert_eq!((code, to_repair(&checks)), (Some(0), vec![]), "{checks:?}");
    assert!(folder.snapshot() == before);
}

#[test]
fn each_fault_has_its_remedy() {
    let [nobody_listens] = free_ports();
    let folder = sample_with(&format!(
        "ping = \"http://127.0.0.1:{nobody_listens}/token\""
    ));
    folder.night("2021-02-12");
    folder.file("adherents.xlsx", b"not a workbook");
    folder.file("~$ateliers.xlsx", b"");
    folder.file(
        "templates/fr/rdv-rappel.md.hbs",
        "Objet : {{inconnu}}\n\nBonjour\n".as_bytes(),
    );
    let (code, checks) = doctor(&folder, "2021-01-12");
    assert_eq!(code, Some(1));
    assert_eq!(
        to_repair(&checks),
        ["clock", "workbooks", "workbooks", "templates", "ping"],
        "{checks:?}"
    );
    for check in checks.iter().filter(|check| check["verdict"] != "ok") {
        assert!(
            check["remedy"]
                .as_str()
                .is_some_and(|remedy| !remedy.is_empty()),
            "{check}"
        );
    }
    folder.file("programme.toml", b"[supports]\nmax_hour = 3\n");
    let (code, checks) = doctor(&folder, "2021-01-12");
    assert_eq!(code, Some(1));
    assert_eq!(to_repair(&checks)[0], "settings");
    let output = program().args(["doctor", "nowhere"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stdout).contains("REPAIR"),
        "{}",
        text(&output.stdout)
    );
}

/// What `doctor` says of the mail server, with this password, and how many messages came.
fn ask_server(
    password: &str,
    script: Script,
    send_test: bool,
) -> (Option<i32>, String, Vec<Vec<u8>>) {
    let server = MailServer::start(script);
    let folder = Folder::sample();
    let settings = format!(
        "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n[mail]\ntransport = \"smtp\"\n\
         smtp = {{ host = \"localhost\", port = {}, tls = \"implicit\", user = \"tim\", ca_file = '{}' }}\n",
        server.address.port(),
        server.authority().display()
    );
    folder.file("programme.toml", settings.as_bytes());
    let mut command = program();
    command
        .arg("doctor")
        .arg(folder.path())
        .args(["--today", "2021-01-12"]);
    if send_test {
        command.args(["--send-test", "zoe@example.org"]);
    }
    let output = command
        .env("PEER_CULTURE_SMTP_PASSWORD", password)
        .output()
        .unwrap();
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(!said.contains(password), "{said}");
    (
        output.status.code(),
        said,
        server.noted(|noted| noted.taken.clone()),
    )
}

#[test]
fn the_mail_server_is_tried_out_before_the_night() {
    let well = || Script::new(Mode::Implicit, Stage::Never, Behaviour::Late);
    let (code, said, taken) = ask_server("canary-7f3a", well(), false);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("up to AUTH") && taken.is_empty(), "{said}");
    let (code, said, taken) = ask_server("canary-7f3a", well(), true);
    assert_eq!((code, taken.len()), (Some(0), 1), "{said}");
    let message = String::from_utf8_lossy(&taken[0]);
    assert!(
        message.contains("zoe@example.org") && message.contains("Subject: Essai"),
        "{message}"
    );
    let refuses = Script::new(Mode::Implicit, Stage::Auth, Behaviour::Code(535));
    let (code, said, taken) = ask_server("canary-7f3a", refuses, true);
    assert_eq!((code, taken.len()), (Some(1), 0), "{said}");
    assert!(said.contains("REPAIR  mail"), "{said}");
}

#[test]
fn a_test_message_needs_a_server() {
    let output = Folder::sample().run("doctor", &["--send-test", "zoe@example.org"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("no test message can be sent"));
}
