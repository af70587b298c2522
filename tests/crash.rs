//! Pulling the plug: the program is killed at one system call after the other, and looked at then.
//!
//! [`Plug`] is for any command: it counts the calls of a whole run, then kills run after run as it
//! enters the first call, the second, and so on; the call itself is not made. What must hold after
//! each is the test's own matter.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use crate::folder::{Folder, Sheet, program, text};
use crate::scene::{self, rows};

/// Every call that changes a file or a folder. (A file that is opened and still empty is seen by the
/// first `write` into it.)
pub const WRITING: &str = "write,pwrite64,writev,rename,renameat,renameat2,fsync,fdatasync,\
ftruncate,unlink,unlinkat,mkdir,mkdirat,chmod,fchmod,fchmodat,fchown,fsetxattr,link,linkat";

/// Kills the program at system calls.
pub struct Plug {
    calls: &'static str,
}

impl Plug {
    /// At these calls, separated by commas. None where strace is missing; in CI it must be there.
    pub fn at(calls: &'static str) -> Option<Self> {
        let found = Command::new("strace").arg("-V").output();
        if found.is_ok_and(|output| output.status.success()) {
            return Some(Self { calls });
        }
        assert!(std::env::var_os("CI").is_none(), "this test needs strace");
        eprintln!("skipped: strace is missing");
        None
    }

    /// The points of a whole run: each call with its number. strace counts the calls of each name
    /// and thread by themselves. Those alone that name one of these; all where none is asked for.
    pub fn points(&self, arguments: &[&str], within: &[&str]) -> Vec<Point> {
        let trace = tempfile::NamedTempFile::new().unwrap();
        let output = self.traced(arguments, trace.path(), "");
        assert!(output.status.success(), "{}", text(&output.stdout));
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut points = BTreeSet::new();
        for line in fs::read_to_string(trace.path()).unwrap().lines() {
            // « 4711  write(3</tmp/file>, …», and later perhaps « 4711  <... write resumed>»
            let Some((thread, call)) = line.split_once(' ') else {
                continue;
            };
            let Some((call, arguments)) = call.trim_start().split_once('(') else {
                continue;
            };
            if call.starts_with('<') {
                continue;
            }
            let nth = counts.entry((call.to_owned(), thread.to_owned()));
            let nth = nth.and_modify(|nth| *nth += 1).or_insert(1);
            if within.is_empty() || within.iter().any(|one| arguments.contains(one)) {
                points.insert((call.to_owned(), *nth));
            }
        }
        let point = |(call, nth)| Point { call, nth };
        points.into_iter().map(point).collect()
    }

    /// Runs the program and kills it as one of its threads enters a call. Whether it came to that;
    /// else the run ended well.
    pub fn pull(&self, arguments: &[&str], point: &Point) -> bool {
        let inject = format!("inject={}:signal=KILL:when={}", point.call, point.nth);
        let output = self.traced(arguments, Path::new("/dev/null"), &inject);
        // strace ends as the program ended.
        let is_killed = output.status.signal() == Some(9);
        let is_well = is_killed || output.status.success();
        assert!(is_well, "{point:?}: {}", text(&output.stdout));
        is_killed
    }

    /// Runs the program, in which a call fails with this error.
    pub fn spoil(&self, arguments: &[&str], point: &Point, error: &str) -> Output {
        let inject = format!("inject={}:error={error}:when={}", point.call, point.nth);
        self.traced(arguments, Path::new("/dev/null"), &inject)
    }

    fn traced(&self, arguments: &[&str], trace: &Path, inject: &str) -> Output {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-y", "-e", "signal=none"]);
        strace.arg("-o").arg(trace);
        strace.args(["-e", &format!("trace={}", self.calls)]);
        if !inject.is_empty() {
            strace.args(["-e", inject]);
        }
        strace.arg(program().get_program()).args(arguments);
        strace.output().unwrap()
    }
}

/// The nth call of a name that a thread makes, from 1.
#[derive(Debug, Clone)]
pub struct Point {
    pub call: String,
    pub nth: usize,
}

/// How many of the points are tried: so many as usual, or all of them where `PEER_CULTURE_POINTS`
/// says `all`.
pub fn wanted(points: &[Point], usual: usize) -> usize {
    let asked = std::env::var("PEER_CULTURE_POINTS").unwrap_or_default();
    let wanted = match asked.as_str() {
        "all" => points.len(),
        number => number.parse().unwrap_or(usual),
    };
    wanted.clamp(1, points.len())
}

/// So many of the points, evenly.
pub fn some_of(points: &[Point], usual: usize) -> Vec<Point> {
    let wanted = wanted(points, usual);
    let nth = |number: usize| points[number * points.len() / wanted].clone();
    (0..wanted).map(nth).collect()
}

/// A programme with one workshop and one registration, written in place.
pub fn tiny() -> Folder {
    let folder = Folder::new();
    folder.file("programme.toml", b"[output]\nwrite = \"in-place\"\n");
    let sheets: [Sheet; 4] = [
        (
            "Adhérents",
            rows(&[
                "Structure;Forme juridique;Immatriculation;Code postal;Commune;Domaine;Statut;Cotisation;Payée le;Valable jusqu'au;Référent;Email",
            ]),
        ),
        (
            "Personnes ressources",
            rows(&[
                "Nom;Structure;Email;Spécialités",
                "Paul Roux;Autre;paul@example.org;conditions de travail",
            ]),
        ),
        (
            "Ateliers",
            rows(&[
                "Référence;Titre;Axe;Date;Demi-journée;Animateurs;Places",
                "AT-1;Budget;conditions de travail;20/01/2021;matin;Paul Roux;12",
            ]),
        ),
        (
            "Inscriptions",
            rows(&[
                "Inscrit le;Atelier;Nom;Email",
                "10/01/2021 09:00;AT-1;Anne Petit;anne@example.org",
            ]),
        ),
    ];
    folder.workbook("programme.xlsx", &sheets);
    folder
}

/// A folder with these files, which nobody has touched for a day.
pub fn rested(files: &[(String, Vec<u8>)]) -> Folder {
    let folder = Folder::in_memory();
    let yesterday = SystemTime::now() - Duration::from_hours(24);
    for (name, bytes) in files {
        let path = folder.file(name, bytes);
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(yesterday).unwrap();
    }
    folder
}

fn night(folder: &Folder) -> [&str; 4] {
    scene::night(folder, "2021-01-12")
}

/// Wherever the plug is pulled, the workbook is the old one or the new one; where it is the new one,
/// the old one lies among the backups; and the next run makes up for what was missed, once.
#[test]
fn a_workbook_is_old_or_new_wherever_the_plug_is_pulled() {
    let Some(plug) = Plug::at(WRITING) else {
        return;
    };
    let files = tiny().files();
    let old = files
        .iter()
        .find(|(name, _)| name == "programme.xlsx")
        .unwrap()
        .1
        .clone();
    let whole = rested(&files);
    let points = plug.points(&night(&whole), &[]);
    let count = points.len();
    let new = fs::read(whole.path().join("programme.xlsx")).unwrap();
    let mails = whole.mails();
    assert!(new != old && mails.len() == 1, "{mails:?}");

    let (mut as_old, mut as_new) = (0, 0);
    for point in some_of(&points, 60) {
        let folder = rested(&files);
        let workbook = folder.path().join("programme.xlsx");
        let killed = plug.pull(&night(&folder), &point);
        let left = fs::read(&workbook).unwrap();
        assert!(left == old || left == new, "half written at {point:?}");
        if left == new {
            as_new += 1;
            let kept = folder
                .path()
                .join(".peer-culture/sauvegardes/2021-01-12/programme.xlsx");
            assert!(fs::read(kept).unwrap() == old, "no backup at {point:?}");
        } else {
            assert!(killed, "nothing written at {point:?}");
            as_old += 1;
        }
        assert_eq!(
            folder.run("run", &[]).status.code(),
            Some(0),
            "after {point:?}"
        );
        assert!(fs::read(&workbook).unwrap() == new, "after {point:?}");
        assert_eq!(folder.mails(), mails, "after {point:?}");
        let leftovers: Vec<_> = folder
            .snapshot()
            .into_iter()
            .map(|(path, _)| path)
            .filter(|path| path.to_string_lossy().contains(".tmp-"))
            .collect();
        assert!(leftovers.is_empty(), "after {point:?}: {leftovers:?}");
    }
    eprintln!("of {count} calls: {as_old} left the old workbook, {as_new} the new one");
    assert!(
        as_old > 0 && as_new > 0,
        "{as_old} old, {as_new} new of {count}"
    );
}
