//! Nights as other processes.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{
    BTreeMap, Ledger, Path, RunLock, State, deliver_files, files, fs, mails, message, night,
    recover, scene, state_folder,
};

/// In this variable a test that runs itself as another process finds the folder.
const FOLDER: &str = "PEER_CULTURE_TEST_FOLDER";

/// With this one it ends like a crash, once it has sent.
const LEAVE: &str = "PEER_CULTURE_TEST_LEAVE";

/// A night as another process: `scene` must have queued the messages.
fn act_as_child() -> bool {
    let Ok(folder) = std::env::var(FOLDER) else {
        return false;
    };
    let folder = Path::new(&folder);
    let _lock = RunLock::take(folder, night(0).now).expect("the lock");
    let mut ledger = Ledger::open(folder).expect("a ledger");
    recover(&mut ledger, folder, night(0)).expect("recovered");
    let delivered = deliver_files(&mut ledger, folder, 0);
    assert!(delivered.stopped.is_none());
    if std::env::var_os(LEAVE).is_some() {
        // No destructor runs, and everything stays where it was.
        std::process::exit(0);
    }
    true
}

fn child(test: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", "umask 000; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().expect("this program"))
        .args([
            "--exact",
            &format!("outbox::deliver::tests::processes::{test}"),
        ])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o777
}

#[test]
fn only_the_owner_reads_whatever_the_umask() {
    if act_as_child() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    // Without a ledger first, so that the child makes everything.
    let run = || {
        child("only_the_owner_reads_whatever_the_umask", folder.path())
            .env(LEAVE, "")
            .status()
            .expect("run")
    };
    assert!(run().success());
    let state = state_folder(folder.path());
    Ledger::open(folder.path())
        .expect("a ledger")
        .enqueue(&[message(0)], &[], night(0))
        .expect("queued");
    assert!(run().success());
    assert_eq!(mode(&state), 0o700);
    assert_eq!(mode(&folder.path().join("controles")), 0o700);
    assert_eq!(mode(&mails(folder.path())), 0o700);
    let mut seen = 0;
    for folder in [state, mails(folder.path())] {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
            seen += 1;
        }
    }
    // The ledger, its log, the lock, who holds it, and the e-mail.
    assert_eq!(seen, 5);
}

const COUNT: usize = 60;

/// Kills a process at many instants of the first half of its sending, for real.
#[test]
fn a_killed_run_is_finished_by_the_next_without_loss_or_double() {
    if act_as_child() {
        return;
    }
    let mut cut = 0;
    for left in (0..24).map(|step| step * COUNT / 48) {
        let (folder, ledger, _) = scene(COUNT);
        drop(ledger);
        let test = "a_killed_run_is_finished_by_the_next_without_loss_or_double";
        let mut running = child(test, folder.path()).spawn().expect("run");
        let patience = Instant::now();
        while count(&mails(folder.path())) < left && patience.elapsed().as_secs() < 20 {
            std::thread::sleep(Duration::from_micros(200));
        }
        running.kill().expect("killed");
        running.wait().expect("gone");
        let mut ledger = Ledger::open(folder.path()).expect("a ledger");
        let accepted = ledger.in_state(State::Accepted).expect("read").len();
        cut += usize::from(accepted < COUNT);
        let in_doubt = recover(&mut ledger, folder.path(), night(0)).expect("recovered");
        assert!(in_doubt.len() <= 1);
        assert!(in_doubt.iter().all(|one| one.state != State::Unknown));
        drop(ledger);
        let status = child(test, folder.path()).status().expect("run");
        assert!(status.success());
        let ledger = Ledger::read_only(folder.path())
            .expect("looked")
            .expect("a ledger");
        assert_eq!(
            ledger.counts().expect("counted"),
            BTreeMap::from([(State::Accepted, u32::try_from(COUNT).expect("few"))])
        );
        assert!(ledger.audit().expect("audited").agree());
        assert_eq!(files(folder.path()).len(), COUNT);
    }
    // How many is a matter of who gets the processor; on an idle machine all of them.
    assert!(cut > 0, "no run was cut off");
}

/// What lies in a folder that may not be there yet.
fn count(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}
