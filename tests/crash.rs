//! Pulling the plug: the program is killed at one system call after the other, and looked at then.
//!
//! [`Plug`] is for any command: it counts the calls of a whole run, then kills run after run as it
//! enters the first call, the second, and so on; the call itself is not made. What must hold after
//! each is the test's own matter.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use crate::folder::{Folder, Sheet, program, text};

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

    /// How many of the calls a whole run makes.
    pub fn count(&self, arguments: &[&str]) -> usize {
        let trace = tempfile::NamedTempFile::new().unwrap();
        let output = self.traced(arguments, trace.path(), None);
        assert!(output.status.success(), "{}", text(&output.stdout));
        let calls = fs::read_to_string(trace.path()).unwrap();
        calls.lines().filter(|line| line.contains('(')).count()
    }

    /// Runs the program and kills it as it enters the nth call, from 1. Whether it came to that.
    pub fn pull(&self, arguments: &[&str], nth: usize) -> bool {
        let output = self.traced(arguments, Path::new("/dev/null"), Some(nth));
        // strace ends as the program ended.
        output.status.signal() == Some(9)
    }

    fn traced(&self, arguments: &[&str], trace: &Path, kill: Option<usize>) -> Output {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-e", "signal=none"]);
        strace.arg("-o").arg(trace);
        strace.args(["-e", &format!("trace={}", self.calls)]);
        if let Some(nth) = kill {
            let inject = format!("inject={}:signal=KILL:when={nth}", self.calls);
            strace.args(["-e", &inject]);
        }
        strace.arg(program().get_program()).args(arguments);
        strace.output().unwrap()
    }
}

/// How many points of a sweep are tried: all of them where `CRASH_POINTS` says `all`.
fn points(count: usize, usual: usize) -> impl Iterator<Item = usize> {
    let asked = std::env::var("CRASH_POINTS").unwrap_or_default();
    let wanted = match asked.as_str() {
        "all" => count,
        number => number.parse().unwrap_or(usual),
    };
    let step = count.div_ceil(wanted.max(1)).max(1);
    (1..=count).step_by(step)
}

fn rows(rows: &[&str]) -> Vec<Vec<String>> {
    let cells = |row: &&str| row.split(';').map(str::to_owned).collect();
    rows.iter().map(cells).collect()
}

/// A programme with one workshop and one registration, written in place.
fn tiny() -> Folder {
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
fn rested(files: &[(String, Vec<u8>)]) -> Folder {
    let folder = Folder::new();
    let yesterday = SystemTime::now() - Duration::from_hours(24);
    for (name, bytes) in files {
        let path = folder.file(name, bytes);
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(yesterday).unwrap();
    }
    folder
}

fn night(folder: &Folder) -> [&str; 4] {
    [
        "run",
        folder.path().to_str().unwrap(),
        "--today",
        "2021-01-12",
    ]
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
    let count = plug.count(&night(&whole));
    let new = fs::read(whole.path().join("programme.xlsx")).unwrap();
    let mails = whole.mails();
    assert!(new != old && mails.len() == 1, "{mails:?}");

    let (mut as_old, mut as_new) = (0, 0);
    for nth in points(count, 60) {
        let folder = rested(&files);
        let workbook = folder.path().join("programme.xlsx");
        let killed = plug.pull(&night(&folder), nth);
        let left = fs::read(&workbook).unwrap();
        assert!(
            left == old || left == new,
            "half written at call {nth} of {count}"
        );
        if left == new {
            as_new += 1;
            let kept = folder
                .path()
                .join(".peer-culture/sauvegardes/2021-01-12/programme.xlsx");
            assert!(fs::read(kept).unwrap() == old, "no backup at call {nth}");
        } else {
            assert!(killed, "nothing written at call {nth}");
            as_old += 1;
        }
        assert_eq!(
            folder.run("run", &[]).status.code(),
            Some(0),
            "after call {nth}"
        );
        assert!(fs::read(&workbook).unwrap() == new, "after call {nth}");
        assert_eq!(folder.mails(), mails, "after call {nth}");
        let leftovers: Vec<_> = folder
            .snapshot()
            .into_iter()
            .map(|(path, _)| path)
            .filter(|path| path.to_string_lossy().contains(".tmp-"))
            .collect();
        assert!(leftovers.is_empty(), "after call {nth}: {leftovers:?}");
    }
    eprintln!("of {count} calls: {as_old} left the old workbook, {as_new} the new one");
    assert!(
        as_old > 0 && as_new > 0,
        "{as_old} old, {as_new} new of {count}"
    );
}
