//! The commands as an operator uses them.

use std::fs;

use chrono::DateTime;
use peer_culture::outbox::RunLock;
use serde_json::Value;

use crate::folder::{Folder, program, sample, text};

/// Every command on folders, and the same as a dry run.
const ON_FOLDERS: [&[&str]; 5] = [
    &["check"],
    &["plan"],
    &["run", "--dry-run"],
    &["run"],
    &["preview"],
];

#[test]
fn looking_changes_nothing() {
    let folder = Folder::sample();
    look(&folder);
    assert!(!folder.path().join(".peer-culture").exists());
    assert!(!folder.path().join("controles").exists());
    // The ledger of an earlier night stays as it is too, and so do the files around it.
    folder.night("2021-01-11");
    look(&folder);
}

fn look(folder: &Folder) {
    let before = folder.snapshot();
    for command in &ON_FOLDERS[..3] {
        for format in ["text", "json"] {
            let arguments = [&command[1..], &["--format", format]].concat();
            let output = folder.run(command[0], &arguments);
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
            assert!(!output.stdout.is_empty(), "{command:?}");
            assert!(folder.snapshot() == before, "{command:?}");
        }
    }
}

#[test]
fn a_dry_run_says_what_plan_says() {
    let folder = Folder::sample();
    let plan = folder.run("plan", &[]);
    assert!(text(&plan.stdout).contains("inscription-attente → yann@sonsdebrume.example.com"));
    assert_eq!(plan.stdout, folder.run("run", &["--dry-run"]).stdout);
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let output = program().args(["check", "nowhere"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("nowhere"));
}

#[test]
fn every_problem_is_told_at_once_and_in_json() {
    let folder = Folder::new();
    folder.file("programme.toml", b"[supports]\nmax_hour = 3\n");
    folder.file("adherents.xlsx", b"not a workbook");
    let (code, printed) = folder.json("check", &[]);
    assert_eq!(code, Some(2));
    let errors = printed["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(
        errors
            .iter()
            .any(|error| error["workbook"] == "adherents.xlsx")
    );
}

#[test]
fn several_folders_give_an_array() {
    let (one, two, three) = (Folder::sample(), Folder::new(), Folder::sample());
    let output = program()
        .args(["run", "--format", "json", "--today", "2021-01-12"])
        .args([one.path(), two.path(), three.path()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed.as_array().unwrap().len(), 3);
    assert!(printed[1]["errors"].is_array());
    // They share nothing: the one that stops stops no other, and each has its own ledger.
    for (folder, position) in [(&one, 0), (&three, 2)] {
        assert!(printed[position]["findings"].is_array());
        // And the digest.
        assert_eq!(printed[position]["mail_counts"]["accepted"], 54 + 1);
        assert_eq!(folder.digests().len(), 1);
        assert_eq!(folder.mails().len(), 54);
    }
    assert_eq!(two.snapshot(), []);
}

#[test]
fn reports_purges_and_the_outbox_are_of_several_folders_too() {
    let (first, second) = (Folder::sample(), Folder::sample());
    for folder in [&first, &second] {
        folder.night("2021-01-12");
    }
    let dirs = [first.path(), second.path(), std::path::Path::new("nowhere")];
    for command in [&["report"][..], &["purge"], &["outbox", "list"]] {
        let run = |format: &str| {
            let mut program = program();
            program.args(command).args(dirs).args(["--format", format]);
            program.args(["--today", "2022-06-01"]).output().unwrap()
        };
        let told = run("json");
        assert_eq!(told.status.code(), Some(2), "one of them is none");
        let objects: Value = serde_json::from_slice(&told.stdout).unwrap();
        let [one, other, none] = objects.as_array().unwrap().as_slice() else {
            panic!("{command:?}: {objects}");
        };
        assert_eq!(one["programme"], "PEER CULTURE", "{command:?}");
        assert_eq!(other["programme"], "PEER CULTURE", "{command:?}");
        assert_eq!(
            none["errors"][0]["code"], "unreadable-folder",
            "{command:?}"
        );
        assert!(text(&run("text").stderr).contains("nowhere"), "{command:?}");
    }
    for folder in [first, second] {
        assert!(folder.path().join("controles/bilan.xlsx").is_file());
    }
}

#[test]
fn strict_fails_on_a_blocking_finding() {
    let folder = Folder::sample();
    assert_eq!(folder.run("check", &["--strict"]).status.code(), Some(1));
}

#[test]
fn strict_is_content_where_nothing_blocks() {
    let folder = Folder::new();
    folder.workbook("adherents.xlsx", &[("Adhérents", vec![members_header()])]);
    assert_eq!(folder.run("check", &["--strict"]).status.code(), Some(0));
}

#[test]
fn a_held_folder_is_left_alone_and_the_holder_named() {
    let folder = Folder::sample();
    let started = DateTime::from_timestamp(1_610_422_200, 0).unwrap();
    let lock = RunLock::take(folder.path(), started).unwrap();
    let before = folder.snapshot();
    let (code, printed) = folder.json("run", &[]);
    assert_eq!(code, Some(4), "{printed}");
    assert_eq!(printed["errors"][0]["code"], "folder-held");
    let output = folder.run("run", &[]);
    assert_eq!(output.status.code(), Some(4));
    let said = text(&output.stderr);
    let holder = format!(
        "process {}, started 2021-01-12T03:30:00Z",
        std::process::id()
    );
    assert!(said.contains(&holder), "{said}");
    assert!(folder.snapshot() == before);
    // Whoever only looks is in nobody's way.
    assert_eq!(folder.run("check", &[]).status.code(), Some(0));
    drop(lock);
    assert_eq!(folder.run("run", &[]).status.code(), Some(0));
}

#[test]
fn a_copy_that_cannot_be_written_stops_nothing_else() {
    let folder = Folder::sample();
    fs::create_dir_all(folder.path().join("controles/ateliers.xlsx")).unwrap();
    let (code, printed) = folder.json("run", &[]);
    assert_eq!(code, Some(3), "{printed}");
    for written in printed["written"].as_array().unwrap() {
        let fails = written["workbook"] == "ateliers.xlsx";
        let state = if fails { "failed" } else { "written" };
        assert_eq!(written["state"], state, "{written}");
        assert_eq!(written["file"].is_null(), fails, "{written}");
    }
    assert_eq!(folder.mails().len(), 54);
    let said = text(&folder.run("run", &[]).stdout);
    assert!(said.contains("ateliers.xlsx : non écrit"), "{said}");
    // Once it is possible, it is done, and nobody is written to again.
    fs::remove_dir(folder.path().join("controles/ateliers.xlsx")).unwrap();
    folder.night("2021-01-12");
    assert!(folder.path().join("controles/ateliers.xlsx").is_file());
    assert_eq!(folder.mails().len(), 54);
}

fn members_header() -> Vec<String> {
    let header = "Structure;Forme juridique;Immatriculation;Commune;Code postal;Domaine;Référent;\
                  Email;Statut;Cotisation;Payée le";
    header.split(';').map(str::to_owned).collect()
}

#[test]
fn every_command_on_folders_takes_a_day() {
    let folder = Folder::sample();
    for command in ON_FOLDERS {
        let arguments = [&command[1..], &["--today", "2021-02-03"]].concat();
        let (code, printed) = folder.json(command[0], &arguments);
        assert_eq!(code, Some(0), "{printed}");
        assert_eq!(printed["as_of"], "2021-02-03");
        let output = folder.run(
            command[0],
            &[&command[1..], &["--today", "2021-02-30"]].concat(),
        );
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        assert!(text(&output.stderr).contains("2021-02-30"));
    }
}

#[test]
fn the_same_night_prints_and_writes_the_same_bytes() {
    let (one, two) = (Folder::sample(), Folder::sample());
    for command in [&["check"], &["plan"], &["run"]] {
        for format in ["text", "json"] {
            let arguments = [&command[1..], &["--format", format]].concat();
            let first = one.run_here(command[0], &arguments);
            assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
            let second = two.run_here(command[0], &arguments);
            assert_eq!(text(&first.stdout), text(&second.stdout), "{command:?}");
        }
    }
    let written = |folder: &Folder| -> Vec<_> {
        let files = folder.snapshot().into_iter();
        let relative = files.map(|(path, bytes)| {
            let inside = path.strip_prefix(folder.path()).unwrap().to_owned();
            (inside, bytes)
        });
        relative
            .filter(|(path, _)| path.starts_with("controles"))
            .collect()
    };
    // E-mails, the digest, copies, the dashboard, how far the ledger had come.
    assert_eq!(written(&one).len(), 54 + 1 + 5 + 1 + 1);
    assert!(written(&one) == written(&two));
}

#[test]
fn init_gives_the_very_sample() {
    let folder = Folder::new();
    let output = program()
        .current_dir(folder.path())
        .args(["init", "demonstration", "--sample"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let names = folder.names("demonstration");
    assert_eq!(names.len(), 6, "{names:?}");
    for name in names {
        let made = fs::read(folder.path().join("demonstration").join(&name)).unwrap();
        let kept = fs::read(sample().join(&name)).unwrap();
        assert!(
            made == kept,
            "{name}: run `peer-culture init` and keep its files"
        );
    }
}

#[test]
fn a_new_programme_has_nothing_to_complain_of() {
    let folder = Folder::new();
    let init = || program().arg("init").arg(folder.path()).output().unwrap();
    let output = init();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for name in folder.names("") {
        assert!(text(&output.stdout).contains(&name), "{name}");
    }
    let (code, checked) = folder.json("check", &[]);
    assert_eq!(code, Some(0), "{checked}");
    assert_eq!(checked["mails"].as_array().unwrap().len(), 0);
    let rows = checked["findings"].as_array().unwrap().iter();
    // What an empty programme lacks as a whole is said of the sheets' headers, and of no row.
    assert!(rows.clone().all(|finding| finding["key"] == ""), "{rows:?}");

    let before = folder.snapshot();
    let again = init();
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("ateliers.xlsx"));
    assert!(folder.snapshot() == before);
}

#[test]
fn init_leaves_everything_where_one_name_is_taken() {
    let folder = Folder::new();
    folder.file("evaluations.xlsx", b"hers");
    let before = folder.snapshot();
    let output = program().arg("init").arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("evaluations.xlsx"));
    assert!(folder.snapshot() == before);
}

#[test]
fn explain_says_what_and_what_to_do() {
    let output = program().args(["explain", "ins03"]).output().unwrap();
    assert!(text(&output.stdout).contains("Que faire"));
    let output = program().args(["explain", "INS99"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn every_code_that_is_listed_is_explained() {
    let list = program().arg("explain").output().unwrap();
    let list = text(&list.stdout);
    let codes: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(codes.len() > 50, "{list}");
    for code in codes {
        let output = program().args(["explain", code]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{code}");
        assert!(text(&output.stdout).starts_with(code), "{code}");
    }
}

#[test]
fn every_shell_has_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = program().args(["completions", shell]).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("dry-run"), "{shell}");
    }
    let output = program().args(["completions", "cmd"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_mail_server_without_its_password_is_refused_and_nothing_is_written() {
    let asked = "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n[mail]\ntransport = \"smtp\"\nsmtp = { host = \"mail.example.org\", user = \"claire\" }\n";
    let folder = Folder::sample();
    folder.file("programme.toml", asked.as_bytes());
    let before = folder.snapshot();
    let output = folder.run("run", &[]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("smtp-password"),
        "{}",
        text(&output.stderr)
    );
    assert!(folder.snapshot() == before);
    assert_eq!(folder.run("check", &[]).status.code(), Some(0));
}
