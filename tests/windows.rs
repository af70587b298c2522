//! The program as Windows runs it: its .exe, by Wine. `PEER_CULTURE_WINDOWS_EXE` names it; where it
//! isn't set nothing is tried, on a CI machine too, which may have no way to build for Windows.
//!
//! ```sh
//! cargo build --target x86_64-pc-windows-gnu
//! PEER_CULTURE_WINDOWS_EXE=target/x86_64-pc-windows-gnu/debug/peer-culture.exe cargo test windows::
//! ```

mod machine;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use zip::ZipArchive;

use crate::folder::{Folder, program, sample, text};
use machine::{Machine, machine};

/// Some of each kind: a space, accents, a sign.
const NAME: &str = "Programme été n°2";

/// A folder of that name with the sample in it, and more settings.
fn programme(settings: &str) -> Folder {
    let folder = Folder::new();
    for entry in fs::read_dir(sample()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = path.file_name().unwrap().to_str().unwrap();
            folder.file(&format!("{NAME}/{name}"), &fs::read(&path).unwrap());
        }
    }
    let file = folder.path().join(NAME).join("programme.toml");
    let before = fs::read_to_string(&file).unwrap();
    fs::write(&file, before + settings).unwrap();
    folder
}

const IN_PLACE: &str = "\n[output]\nwrite = \"in-place\"\n";

/// What the program prints on the folder, on Windows.
fn night(machine: &Machine, folder: &Folder, today: &str) -> (Option<i32>, String) {
    let output = machine
        .program(folder.path())
        .args(["run", NAME, "--today", today])
        .output()
        .unwrap();
    let all = text(&output.stdout) + &text(&output.stderr);
    (output.status.code(), all.replace('\u{a0}', " "))
}

fn mails(folder: &Folder) -> Vec<String> {
    folder.names(&format!("{NAME}/controles/courriels"))
}

/// What a package holds. A package also notes on which system it was made.
fn parts(package: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(std::io::Cursor::new(package)).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut content).unwrap();
        parts.push((part.name().unwrap().into_owned(), content));
    }
    parts
}

#[track_caller]
fn hold_the_same(linux: &Folder, windows: &Folder) {
    let inside = |folder: &Folder| -> Vec<(String, Vec<u8>)> {
        let files = folder.snapshot().into_iter().map(|(path, bytes)| {
            let name = path.strip_prefix(folder.path()).unwrap();
            (name.to_str().unwrap().to_owned(), bytes)
        });
        files.collect()
    };
    let (linux, windows) = (inside(linux), inside(windows));
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&linux), names(&windows));
    for ((name, one), (_, other)) in linux.iter().zip(&windows) {
        let books = ["tableau-de-bord.xlsx", "bilan.xlsx", "Nouvelle saison/"];
        let is_new_book = books.iter().any(|new| name.contains(new)) && one.starts_with(b"PK");
        if is_new_book {
            assert!(parts(one) == parts(other), "{name}");
        } else if name.contains("_synthese_") {
            // It encloses the dashboard.
            assert_eq!(one.len(), other.len(), "{name}");
        } else if !name.contains("ledger.") && !name.contains("unchanged.json") {
            assert!(one == other, "{name}");
        }
    }
}

#[test]
fn a_programme_is_the_same_to_the_byte() {
    let Some(machine) = machine() else { return };
    let commands = [
        &["check", NAME, "--format", "json"][..],
        &["plan", NAME],
        &["preview", NAME],
        &["run", NAME],
        &["run", NAME],
        &["run", NAME, "--format", "json", "--today", "2021-01-13"],
        &["status", NAME, "--format", "json"],
        &["why", NAME, "lucia.navarro@example.org"],
        &["report", NAME],
        &["outbox", "list", NAME],
        &["forget", NAME, "lucia.navarro@example.org"],
        &["init", "Nouvelle saison"],
    ];
    for (settings, commands) in [("", &commands[..]), (IN_PLACE, &commands[3..5])] {
        let (linux, windows) = (programme(settings), programme(settings));
        for command in commands {
            let has_today = command.contains(&"--today") || matches!(command[0], "outbox" | "init");
            let today = if has_today {
                &[][..]
            } else {
                &["--today", "2021-01-13"]
            };
            let here = program()
                .current_dir(linux.path())
                .args(*command)
                .args(today)
                .output();
            let there = machine
                .program(windows.path())
                .args(*command)
                .args(today)
                .output();
            let (here, there) = (here.unwrap(), there.unwrap());
            assert_eq!(here.status.code(), Some(0), "{command:?}");
            assert_eq!(
                there.status.code(),
                Some(0),
                "{command:?}: {}",
                text(&there.stderr)
            );
            // Paths are written as each system does.
            let printed = |bytes: &[u8]| text(bytes).replace('\\', "/");
            assert_eq!(printed(&here.stdout), printed(&there.stdout), "{command:?}");
        }
        hold_the_same(&linux, &windows);
    }
}

#[test]
fn every_spelling_of_a_path_is_taken() {
    let Some(machine) = machine() else { return };
    let folder = programme("");
    let whole = machine.path(&folder.path().join(NAME));
    for path in [
        whole.clone(),
        format!("{whole}\\"),
        format!(r"\\?\{whole}"),
        whole.replace('\\', "/"),
        whole.to_lowercase(),
        format!(".\\{NAME}"),
    ] {
        let output = machine
            .program(folder.path())
            .args(["run", &path, "--today", "2021-01-12"])
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{path}: {}",
            text(&output.stderr)
        );
    }
    assert_eq!(mails(&folder).len(), 55);
}

#[test]
fn settings_that_notepad_saved_are_read() {
    let Some(machine) = machine() else { return };
    let folder = programme("");
    let file = folder.path().join(NAME).join("programme.toml");
    let settings = fs::read_to_string(&file).unwrap();
    let check = || {
        let mut program = machine.program(folder.path());
        program.args(["check", NAME, "--today", "2021-01-12"]);
        program.output().unwrap()
    };
    let as_it_was = check();
    assert_eq!(as_it_was.status.code(), Some(0));
    let of_windows = settings.replace('\n', "\r\n");
    fs::write(&file, format!("\u{feff}{of_windows}")).unwrap();
    assert_eq!(check().stdout, as_it_was.stdout);
    // "Unicode", as an older Notepad called it.
    let wide = "\u{feff}[programme]\r\n".encode_utf16();
    fs::write(&file, wide.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()).unwrap();
    let refused = check();
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused.stderr);
    assert!(
        said.contains("isn't text in UTF-8: save it again"),
        "{said}"
    );
}

#[test]
fn a_workbook_that_excel_holds_waits_for_the_next_night() {
    let Some(machine) = machine() else { return };
    let folder = programme(IN_PLACE);
    let path = folder.path().join(NAME).join("ateliers.xlsx");
    let before = fs::read(&path).unwrap();
    let held = machine.hold(&path, machine::READERS);
    let (code, said) = night(machine, &folder, "2021-01-12");
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("« ateliers.xlsx » est ouvert dans un autre programme"),
        "{said}"
    );
    assert!(fs::read(&path).unwrap() == before);
    assert_eq!(mails(&folder).len(), 55);
    let beside = folder.path().join(NAME).join("ateliers (contrôles).xlsx");
    assert!(beside.exists());
    held.release();
    let (code, said) = night(machine, &folder, "2021-01-13");
    assert_eq!(code, Some(0), "{said}");
    assert!(fs::read(&path).unwrap() != before);
    assert!(!beside.exists());
}

#[test]
fn a_workbook_that_nobody_may_read_stops_the_night_and_changes_nothing() {
    let Some(machine) = machine() else { return };
    let folder = programme(IN_PLACE);
    let path = folder.path().join(NAME).join("ateliers.xlsx");
    let held = machine.hold(&path, machine::NOBODY);
    let before = folder.snapshot();
    let (code, said) = night(machine, &folder, "2021-01-12");
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("Le fichier est ouvert dans un autre programme"),
        "{said}"
    );
    assert!(folder.snapshot() == before);
    held.release();
    let (code, said) = night(machine, &folder, "2021-01-12");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(mails(&folder).len(), 55);
}

#[test]
fn a_copy_and_a_dashboard_left_open_are_told() {
    let Some(machine) = machine() else { return };
    let folder = programme("");
    assert_eq!(night(machine, &folder, "2021-01-12").0, Some(0));
    let controls = folder.path().join(NAME).join("controles");
    let copy = machine.hold(&controls.join("ateliers.xlsx"), machine::READERS);
    let dashboard = machine.hold(&controls.join("tableau-de-bord.xlsx"), machine::READERS);
    let (code, said) = night(machine, &folder, "2021-01-20");
    assert_eq!(code, Some(3), "{said}");
    for told in [
        "« controles/ateliers.xlsx » est ouvert dans un autre programme",
        "« tableau-de-bord.xlsx » est ouvert dans un autre programme",
    ] {
        assert!(said.contains(told), "{said}");
    }
    assert!(controls.join("tableau-de-bord (nouveau).xlsx").exists());
    copy.release();
    dashboard.release();
    let (code, said) = night(machine, &folder, "2021-01-21");
    assert_eq!(code, Some(0), "{said}");
    assert!(!controls.join("tableau-de-bord (nouveau).xlsx").exists());
}

#[test]
fn two_runs_at_once_are_one() {
    let Some(machine) = machine() else { return };
    let folder = programme("");
    let runs: Vec<_> = (0..3)
        .map(|_| {
            let mut program = machine.program(folder.path());
            program.args(["run", NAME, "--today", "2021-01-12"]);
            program.stdout(Stdio::null()).stderr(Stdio::null());
            program.spawn().unwrap()
        })
        .collect();
    let codes: Vec<_> = runs
        .into_iter()
        .map(|mut run| run.wait().unwrap().code())
        .collect();
    assert!(codes.contains(&Some(0)), "{codes:?}");
    assert!(
        codes.iter().all(|code| matches!(code, Some(0 | 4))),
        "{codes:?}"
    );
    assert_eq!(mails(&folder).len(), 55);
}

#[test]
fn a_run_that_is_killed_is_finished_by_the_next_one() {
    let Some(machine) = machine() else { return };
    for after in [1, 20, 55] {
        let folder = programme(IN_PLACE);
        let mut run = machine
            .program(folder.path())
            .args(["run", NAME, "--today", "2021-01-12"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while mails(&folder).len() < after && run.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        // It may have come to its end.
        let _ = run.kill();
        run.wait().unwrap();
        let (code, said) = night(machine, &folder, "2021-01-12");
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(mails(&folder).len(), 55);
        let left = folder.snapshot();
        let left = left
            .iter()
            .find(|(path, _)| path.to_string_lossy().contains(".tmp-"));
        assert!(left.is_none(), "{left:?}");
        let whole = programme(IN_PLACE);
        assert_eq!(night(machine, &whole, "2021-01-12").0, Some(0));
        for name in ["adherents.xlsx", "ateliers.xlsx", "candidatures.xlsx"] {
            let of = |folder: &Folder| fs::read(folder.path().join(NAME).join(name)).unwrap();
            assert!(of(&folder) == of(&whole), "{name} after {after}");
        }
    }
}

#[test]
fn a_workbook_that_a_crash_left_without_its_name_gets_it_back() {
    let Some(machine) = machine() else { return };
    let folder = programme(IN_PLACE);
    let here = folder.path().join(NAME);
    let aside = |name: &str| here.join(format!(".{name}.peer-culture-old"));
    fs::rename(here.join("ateliers.xlsx"), aside("ateliers.xlsx")).unwrap();
    fs::copy(here.join("adherents.xlsx"), aside("adherents.xlsx")).unwrap();
    let (code, said) = night(machine, &folder, "2021-01-12");
    assert_eq!(code, Some(0), "{said}");
    assert!(here.join("ateliers.xlsx").exists());
    assert!(!aside("ateliers.xlsx").exists() && !aside("adherents.xlsx").exists());
    assert_eq!(mails(&folder).len(), 55);
}

#[test]
fn the_service_does_the_night() {
    let Some(machine) = machine() else { return };
    let folder = programme("");
    let mut service = machine
        .program(folder.path())
        .args(["schedule", NAME])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let dashboard = folder
        .path()
        .join(NAME)
        .join("controles/tableau-de-bord.xlsx");
    for _ in 0..600 {
        if dashboard.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(dashboard.exists());
    let doctor = machine
        .program(folder.path())
        .args(["doctor", NAME])
        .output()
        .unwrap();
    assert_eq!(doctor.status.code(), Some(0), "{}", text(&doctor.stdout));
    service.kill().unwrap();
    service.wait().unwrap();
}

#[test]
fn the_task_is_registered() {
    let Some(machine) = machine() else { return };
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/windows");
    let task = fs::read_to_string(deploy.join("peer-culture.xml")).unwrap();
    let task = task
        .replace("@NAME@", "session-3")
        .replace("@USER@", "camille")
        .replace(
            "@PROGRAM@",
            r"C:\Program Files\peer-culture\peer-culture.exe",
        )
        .replace("@FOLDER@", r"C:\Programmes\session-3");
    let folder = Folder::new();
    let register = |xml: &str| {
        let file = folder.file("task.xml", xml.as_bytes());
        let mut schtasks = machine.wine(folder.path(), "schtasks");
        schtasks.args(["/create", "/f", "/tn", r"\PEER CULTURE\session-3", "/xml"]);
        schtasks
            .arg(machine.path(&file))
            .output()
            .unwrap()
            .status
            .code()
    };
    assert_eq!(register(&task), Some(0));
    // Wine looks at the form, the names' space and the kinds of some values.
    assert_eq!(register(&task.replace(">true<", ">vrai<")), Some(1));
}
