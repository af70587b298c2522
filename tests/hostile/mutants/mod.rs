//! Mutated workbooks, each through reading, checking and writing back: no panic, no abort, no cell
//! elsewhere than where it stands.
//!
//! `PEER_CULTURE_MUTANTS=200000 cargo test --release --test all mutants -- --nocapture` makes that
//! many; `PEER_CULTURE_SEED` is the first one's number. A failure names its number: with `PEER_CULTURE_MUTANTS=1`
//! and that seed it comes again, and the workbook is left in the folder for temporary files.

mod bases;
mod child;
mod tally;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use super::{MEMORY, number};
use tally::Tally;

/// How many without being asked.
const USUAL: u64 = if cfg!(debug_assertions) { 300 } else { 2_000 };
/// Processes at a time: so many cores has the smallest machine that this must be quick on.
const PROCESSES: u64 = 2;
/// One mutant that takes longer than that hangs; a busy machine may stop for a minute.
const HANGS: Duration = Duration::from_mins(5);
/// What a child is told: its first mutant, the one after its last, and where it says how far it is.
const RANGE: &str = "PEER_CULTURE_MUTANT_RANGE";

#[test]
fn mutants_are_read_right_or_refused() {
    if let Ok(range) = env::var(RANGE) {
        return child::serve(&range);
    }
    let count = number("PEER_CULTURE_MUTANTS", USUAL);
    let first = number("PEER_CULTURE_SEED", 0);
    let folder = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let share = count.div_ceil(PROCESSES);
    let reports: Vec<Result<Tally, String>> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..PROCESSES)
            .map(|process| {
                let from = first + process * share;
                let to = (from + share).min(first + count);
                let notes = folder.path().join(process.to_string());
                scope.spawn(move || run(from, to, &notes))
            })
            .collect();
        started.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut all = Tally::default();
    let mut failures = Vec::new();
    for report in reports {
        match report {
            Ok(tally) => all.add(&tally),
            Err(failure) => failures.push(failure),
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{count} mutants in {seconds:.1} s: {all}");
    failures.extend(all.failures.clone());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(all.count, count);
    // Mutants that are all refused, or all as they were, would show nothing.
    if count >= USUAL {
        assert!(
            all.accepted > count / 10 && all.refused > count / 10,
            "{all}"
        );
        assert!(all.compared > count / 20, "{all}");
    }
}

/// Runs a share of the mutants in a process of its own, so that one that ends it names itself.
fn run(from: u64, to: u64, notes: &Path) -> Result<Tally, String> {
    let mut command = if cfg!(target_os = "linux") {
        let mut shell = Command::new("sh");
        let script = format!("ulimit -v {} && exec \"$@\"", MEMORY >> 10);
        shell
            .args(["-c", &script, "sh"])
            .arg(env::current_exe().unwrap());
        shell
    } else {
        Command::new(env::current_exe().unwrap())
    };
    command
        .args([
            "--exact",
            "hostile::mutants::mutants_are_read_right_or_refused",
            "--nocapture",
        ])
        .env(RANGE, format!("{from} {to} {}", notes.display()))
        .stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    let at = || fs::read_to_string(notes).unwrap_or_default();
    let mut seen = (at(), Instant::now());
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            let tally = fs::read_to_string(notes.with_extension("done"));
            let tally = tally.ok().filter(|_| status.success());
            return tally
                .and_then(|text| Tally::parse(&text))
                .ok_or_else(|| format!("seed {}: the process ended with {status}", at()));
        }
        std::thread::sleep(Duration::from_millis(50));
        let now = at();
        if now != seen.0 {
            seen = (now, Instant::now());
        } else if seen.1.elapsed() > HANGS {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err(format!("seed {}: it hangs", seen.0));
        }
    }
}
