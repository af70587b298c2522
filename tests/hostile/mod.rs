//! Damaged and hostile input: nothing panics, nothing aborts, and the cause is named.

pub mod archive;
mod compound;
mod kinds;
mod mutants;
mod mutate;
mod oracle;
pub mod parts;
mod settings;
mod strings;

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::{ResUse, Wait4};

use crate::folder::{Folder, program, text};
use kinds::{FINE, Kind};
use parts::{Dialect, pack, workbook};

/// What a run may take.
const MEMORY: u64 = 512 << 20;
/// A run that takes longer hangs. An optimised build is held to what the project promises.
const SECONDS: u64 = if cfg!(debug_assertions) { 120 } else { 10 };

const MEMBERS: &[&[&str]] = &[
    &[
        "Structure",
        "Forme juridique",
        "Immatriculation",
        "Commune",
        "Code postal",
        "Domaine",
        "Référent",
        "Email",
        "Statut",
        "Cotisation",
        "Payée le",
    ],
    &[
        "Alma",
        "association",
        "W313000001",
        "Toulouse",
        "31000",
        "édition",
        "Ana Roux",
        "ana@example.org",
        "membre actif",
        "<300>",
        "[44138]",
    ],
];

#[test]
fn every_kind_is_told_for_what_it_is_and_the_others_problems_too() {
    assert!(kinds::all().count() >= 60);
    let mut failures = Vec::new();
    let (mut most, mut longest) = ((0, ""), (Duration::ZERO, ""));
    for kind in kinds::all() {
        let seen = run(kind);
        if let Some(failure) = judge(kind, &seen) {
            failures.push(failure);
        }
        most = most.max((seen.memory, kind.name));
        longest = longest.max((seen.took, kind.name));
    }
    println!(
        "{} kinds; most memory: {} MiB ({}); longest: {} ms ({})",
        kinds::all().count(),
        most.0 >> 20,
        most.1,
        longest.0.as_millis(),
        longest.1
    );
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// How a run of the program ended.
struct Seen {
    code: Option<i32>,
    said: String,
    took: Duration,
    memory: u64,
}

/// Runs the program on a folder that holds the workbook, a good one, one that is cut off and one
/// that lacks a column.
fn run(kind: &Kind) -> Seen {
    let folder = Folder::new();
    let members = pack(&workbook(&[("Adhérents", MEMBERS)], Dialect::default()));
    folder.file("adherents.xlsx", &members);
    folder.file("zz-coupé.xlsx", &members[..members.len() / 2]);
    let headers: &[&[&str]] = &[&["Nom", "Structure"]];
    let lacking = workbook(&[("Personnes ressources", headers)], Dialect::default());
    folder.file("personnes.xlsx", &pack(&lacking));
    folder.file(kind.file, &(kind.make)());
    let error = fs::File::create(folder.path().join("stderr")).unwrap();
    let mut command = bounded();
    command
        .arg("run")
        .arg(folder.path())
        .args(["--today", "2021-01-12"])
        .stdout(Stdio::null())
        .stderr(error);
    let start = Instant::now();
    let ended: ResUse = command.spawn().unwrap().wait4().unwrap();
    Seen {
        code: ended.status.code(),
        took: start.elapsed(),
        said: text(&fs::read(folder.path().join("stderr")).unwrap()),
        memory: ended.rusage.maxrss,
    }
}

/// The program with little memory and little time, where the system can bound them.
fn bounded() -> Command {
    if !cfg!(target_os = "linux") {
        return program();
    }
    let mut shell = Command::new("sh");
    let script = format!(
        "ulimit -v {} && exec timeout --signal=KILL {SECONDS} \"$@\"",
        MEMORY >> 10
    );
    shell
        .args(["-c", &script, "sh"])
        .arg(program().get_program());
    shell
}

/// What is wrong with how the run ended.
fn judge(kind: &Kind, seen: &Seen) -> Option<String> {
    let of = |name: &str| -> Vec<&str> {
        let lines = seen.said.lines();
        let of = format!(": {name}");
        lines.filter(|line| line.contains(&of)).collect()
    };
    let about = of(kind.file);
    let named = if kind.says == FINE {
        about.is_empty()
    } else {
        matches!(about.as_slice(), [line] if line.contains(kind.says) && says_what_to_do(line))
    };
    let others = of("zz-coupé.xlsx").len() == 1 && !of("personnes.xlsx").is_empty();
    let calm = !seen.said.contains("panicked")
        && seen.said.lines().all(|line| line.starts_with("error: "));
    let right = seen.code == Some(2) && named && others && calm && seen.memory <= MEMORY;
    (!right).then(|| {
        format!(
            "{}: exit {:?}, {} MiB, {:?}, wanted {:?} of {}:\n{}",
            kind.name,
            seen.code,
            seen.memory >> 20,
            seen.took,
            kind.says,
            kind.file,
            seen.said
        )
    })
}

/// How many of something, unless that variable says it.
fn number(variable: &str, usual: u64) -> u64 {
    let given = std::env::var(variable).ok();
    given.map_or(usual, |text| text.parse().unwrap())
}

/// The coordinator is told in French what to do.
fn says_what_to_do(line: &str) -> bool {
    [
        "Ouvrez",
        "Attendez",
        "Reprenez",
        "Vérifiez",
        "Retirez",
        "Renommez",
        "Placez",
    ]
    .iter()
    .any(|verb| line.contains(verb))
}
