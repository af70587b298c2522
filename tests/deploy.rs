//! What `deploy/` holds: units, tasks, samples and the guide are checked with the tools that read
//! them, and every command in them is one of ours. The image has `image.rs` for itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use peer_culture::config::Settings;
use peer_culture::schedule::Timetable;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::folder::{Folder, program, text};

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy")
}

fn read(name: &str) -> String {
    fs::read_to_string(deploy().join(name)).unwrap()
}

fn units() -> Vec<PathBuf> {
    let entries = fs::read_dir(deploy().join("systemd")).unwrap();
    let mut units: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    units.sort();
    assert!(units.len() >= 3);
    units
}

/// Whether a tool is there; in CI it must be.
fn has(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    assert!(
        found || std::env::var_os("CI").is_none(),
        "{tool} must be installed"
    );
    if !found {
        eprintln!("skipped: {tool} is not installed");
    }
    found
}

/// A command line of ours: what it names is asked for its help, so that nothing happens.
#[track_caller]
pub fn is_a_command_of_ours(arguments: &[String]) {
    let output = program().args(arguments).arg("--help").output().unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        text(&output.stderr)
    );
}

/// Words as a shell splits them; quotes keep together what they hold.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, ' ') => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            _ => word.push(letter),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// What follows the program in a command line.
fn after_program(words: &[String]) -> Option<Vec<String>> {
    let place = words.iter().position(|word| {
        word == "peer-culture"
            || word.ends_with("/peer-culture")
            || word.ends_with("\\peer-culture.exe")
    })?;
    Some(words[place + 1..].to_vec())
}

#[test]
fn units_are_as_systemd_wants_them() {
    if !has("systemd-analyze") {
        return;
    }
    let copies = Folder::new();
    for unit in units() {
        let name = unit.file_name().unwrap().to_str().unwrap();
        let program = env!("CARGO_BIN_EXE_peer-culture");
        let content = fs::read_to_string(&unit).unwrap();
        let content = content.replace("/usr/local/bin/peer-culture", program);
        copies.file(name, content.as_bytes());
    }
    for unit in units() {
        let copy = copies.path().join(unit.file_name().unwrap());
        let verified = Command::new("systemd-analyze")
            .arg("verify")
            .arg(&copy)
            .output()
            .unwrap();
        assert!(verified.status.success(), "{}", text(&verified.stderr));
        // Warnings leave the status alone.
        assert_eq!(text(&verified.stderr), "", "{}", unit.display());
        if unit.extension().is_some_and(|kind| kind == "service") {
            // In tenths: nothing may be exposed by more than 2.0 of 10.
            let judged = Command::new("systemd-analyze")
                .args(["security", "--offline=true", "--threshold=20"])
                .arg(&copy)
                .output()
                .unwrap();
            assert!(judged.status.success(), "{}", text(&judged.stdout));
        }
    }
}

#[test]
fn units_begin_commands_of_ours() {
    for unit in units() {
        let content = fs::read_to_string(&unit).unwrap();
        let starts: Vec<&str> = content
            .lines()
            .filter_map(|line| line.strip_prefix("ExecStart="))
            .collect();
        let is_service = unit.extension().is_some_and(|kind| kind == "service");
        assert_eq!(starts.len(), usize::from(is_service));
        for start in starts {
            is_a_command_of_ours(&after_program(&words(start)).unwrap());
        }
    }
}

#[test]
fn the_timer_comes_when_the_settings_say() {
    let settings = Settings::default();
    assert_eq!(settings.schedule.cron, "0 30 4 * * *");
    let zone = settings.programme.timezone;
    let expected = format!("OnCalendar=*-*-* 04:30:00 {zone}\n");
    let timer = read("systemd/peer-culture@.timer");
    assert!(
        timer.contains(&expected) && timer.contains("Persistent=yes\n"),
        "{timer}"
    );
}

#[test]
fn the_line_of_cron_is_read_and_runs() {
    let content = read("cron/peer-culture");
    let line = content
        .lines()
        .find(|line| line.contains("/usr/local/bin/peer-culture"))
        .unwrap();
    let words = words(line);
    // cron has no seconds, and names a user.
    let when = format!("0 {}", words[..5].join(" "));
    let table = Timetable::new(&when, chrono_tz::Europe::Paris).unwrap();
    assert!(
        table.has_several_times("2021-03-28".parse().unwrap()),
        "it comes every hour"
    );
    assert_eq!(words[5], "peer-culture");
    is_a_command_of_ours(&after_program(&words[6..]).unwrap());
    if cfg!(unix) {
        let programmes = Folder::new();
        let sample = Folder::sample();
        for (name, bytes) in sample.files() {
            programmes.file(&format!("session-2/{name}"), &bytes);
        }
        let command = words[6..]
            .join(" ")
            .replace(
                "/usr/local/bin/peer-culture",
                env!("CARGO_BIN_EXE_peer-culture"),
            )
            .replace("/srv/peer-culture", programmes.path().to_str().unwrap());
        let shell = |command: &str| {
            Command::new("/bin/sh")
                .args(["-c", command])
                .output()
                .unwrap()
        };
        let night = shell(&command);
        assert!(night.status.success(), "{}", text(&night.stderr));
        // Nothing to mail.
        assert_eq!(
            (night.stdout, text(&night.stderr)),
            (Vec::new(), String::new())
        );
        assert!(programmes.path().join("session-2/controles").is_dir());
    }
}

/// What the elements of a task may hold, of what we use ([MS-TSCH] 2.5). Windows refuses any other
/// name, and within a trigger any other order.
const ELEMENTS: [(&str, &[&str]); 11] = [
    (
        "Task",
        &[
            "RegistrationInfo",
            "Triggers",
            "Settings",
            "Principals",
            "Actions",
        ],
    ),
    ("RegistrationInfo", &["Description", "URI"]),
    ("Triggers", &["CalendarTrigger", "BootTrigger"]),
    (
        "CalendarTrigger",
        &[
            "StartBoundary",
            "Repetition",
            "RandomDelay",
            "ScheduleByDay",
        ],
    ),
    ("Repetition", &["Interval", "Duration", "StopAtDurationEnd"]),
    ("ScheduleByDay", &["DaysInterval"]),
    ("BootTrigger", &["StartBoundary", "Repetition", "Delay"]),
    ("Principals", &["Principal"]),
    ("Principal", &["UserId", "LogonType", "RunLevel"]),
    ("Actions", &["Exec"]),
    ("Exec", &["Command", "Arguments", "WorkingDirectory"]),
];
const SETTINGS: [&str; 7] = [
    "MultipleInstancesPolicy",
    "DisallowStartIfOnBatteries",
    "StopIfGoingOnBatteries",
    "StartWhenAvailable",
    "WakeToRun",
    "ExecutionTimeLimit",
    "Enabled",
];

/// The names of elements in each other: as Windows takes them.
fn are_of_a_task(elements: &[(String, String)]) {
    for (parent, name) in elements {
        let known = ELEMENTS.iter().find(|(element, _)| element == parent);
        let known = known.map(|(_, children)| *children);
        let known = known.or((parent == "Settings").then_some(&SETTINGS[..]));
        let place = |name: &str| known.unwrap().iter().position(|child| *child == name);
        assert!(place(name).is_some(), "{parent}/{name}");
        if parent.ends_with("Trigger") {
            let of_it = elements.iter().filter(|(other, _)| other == parent);
            let places: Vec<_> = of_it.map(|(_, name)| place(name)).collect();
            assert!(places.is_sorted(), "{parent}");
        }
    }
}

#[test]
fn the_task_of_windows_is_whole() {
    let content = read("windows/peer-culture.xml");
    let mut reader = Reader::from_str(&content);
    let mut path: Vec<String> = Vec::new();
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut elements: Vec<(String, String)> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                elements.extend(path.last().map(|parent| (parent.clone(), name.clone())));
                path.push(name);
            }
            Event::End(_) => drop(path.pop()),
            Event::Text(found) => {
                let found: &str = found.as_ref();
                texts.push((path.join("/"), found.trim().to_owned()));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(path, [""; 0]);
    assert!(content.contains("xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\""));
    // PowerShell hands it over as UTF-16: a declared encoding would contradict it.
    assert!(content.starts_with("<?xml version=\"1.0\"?>\n"));
    are_of_a_task(&elements);
    let of = |end: &str| {
        let found = texts
            .iter()
            .find(|(path, text)| path.ends_with(end) && !text.is_empty());
        found.map(|(_, text)| text.as_str()).unwrap()
    };
    assert_eq!(of("Exec/Command"), "@PROGRAM@");
    is_a_command_of_ours(&words(of("Exec/Arguments")));
    assert_eq!(of("Settings/StartWhenAvailable"), "true");
    assert_eq!(of("Settings/MultipleInstancesPolicy"), "IgnoreNew");
    // The script puts in everything that is left open.
    let script = read("windows/register-task.ps1");
    let open: BTreeSet<&str> = content
        .split('@')
        .filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase()))
        .collect();
    assert_eq!(open, BTreeSet::from(["FOLDER", "NAME", "PROGRAM", "USER"]));
    for name in open {
        assert!(script.contains(&format!("\"@{name}@\"")), "{name}");
    }
}

#[test]
fn the_samples_of_settings_are_accepted() {
    let mut names = Vec::new();
    for entry in fs::read_dir(deploy().join("reglages")).unwrap() {
        let path = entry.unwrap().path();
        let settings = Settings::parse(&fs::read_to_string(&path).unwrap()).unwrap();
        Timetable::of(&settings).unwrap();
        names.push(settings.programme.name);
    }
    names.sort();
    assert_eq!(names, ["PEER CULTURE", "Pairs & Patrimoine"]);
}

/// The lines of the guide's blocks of commands.
fn commands(guide: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut within = false;
    for line in guide.lines().map(str::trim) {
        match line {
            "```sh" | "```powershell" => within = true,
            "```" | "```ini" => within = false,
            line if within && !line.is_empty() => commands.push(line.to_owned()),
            _ => {}
        }
    }
    commands
}

/// What is typed in the guide: the tools of the systems that it is about, and ours.
const TOOLS: [&str; 20] = [
    "sudo",
    "curl",
    ".",
    "cargo",
    "git",
    "systemctl",
    "podman",
    "winget",
    "New-Item",
    "Copy-Item",
    "&",
    "Set-Alias",
    "notepad",
    "Set-ExecutionPolicy",
    "Start-ScheduledTask",
    "Get-ScheduledTaskInfo",
    "Remove-Item",
    "Read-Host",
    "peer-culture",
    ".\\deploy\\windows\\register-task.ps1",
];

/// The arguments, where a line of the guide begins our program.
fn ours(words: &[String]) -> Option<Vec<String>> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let arguments = match words.as_slice() {
        ["peer-culture", arguments @ ..]
        | ["sudo", "-u", "peer-culture", "peer-culture", arguments @ ..] => arguments,
        ["&", program, arguments @ ..] if program.ends_with("peer-culture.exe") => arguments,
        ["podman", "run", rest @ ..] => {
            let image = rest.iter().position(|word| *word == "peer-culture")?;
            &rest[image + 1..]
        }
        _ => return None,
    };
    Some(arguments.iter().map(|word| (*word).to_owned()).collect())
}

#[test]
fn every_command_of_the_guide_exists() {
    let mut found = BTreeSet::new();
    for command in commands(&read("INSTALL.md")) {
        let words = words(&command);
        assert!(TOOLS.contains(&words[0].as_str()), "{command}");
        if let Some(arguments) = ours(&words) {
            is_a_command_of_ours(&arguments);
            found.extend(arguments.into_iter().next());
        }
    }
    for wanted in [
        "init",
        "doctor",
        "check",
        "plan",
        "run",
        "status",
        "--version",
    ] {
        assert!(found.contains(wanted), "{wanted}: {found:?}");
    }
}

#[test]
fn every_file_and_place_that_the_guide_names_is_there() {
    let guide = read("INSTALL.md");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeSet::new();
    for (start, _) in guide.match_indices("deploy") {
        let end = guide[start..].find([' ', '`', '\n', ')', ',']).unwrap();
        let name = guide[start..start + end].replace('\\', "/");
        if name.contains('/') {
            assert!(root.join(&name).exists(), "{name}");
            files.insert(name);
        }
    }
    assert!(files.len() >= 7, "{files:?}");
    let titles: Vec<String> = guide
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|title| anchor(title.trim_start_matches('#').trim()))
        .collect();
    let links: Vec<&str> = guide
        .split("](#")
        .skip(1)
        .map(|rest| rest.split(')').next().unwrap())
        .collect();
    assert!(links.len() >= 3);
    for link in links {
        assert!(titles.contains(&link.to_owned()), "{link} in {titles:?}");
    }
}

/// The anchor that GitHub and its kin give a title.
fn anchor(title: &str) -> String {
    let kept = title
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}
