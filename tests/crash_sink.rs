//! Pulling the plug while e-mails leave to a server that isn't ours: Postfix's smtp-sink, which
//! keeps what it took in a file each.

use std::fs::{self, Permissions};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::crash::Plug;
use crate::folder::{Folder, text};
use crate::mail_server::by_message_id;
use crate::ports::free_ports;
use crate::scene::{self, NEWS, Way};
use crate::sweep::Sweep;
use crate::whole::{Taken, Whole};

const SINK: &str = "/usr/sbin/smtp-sink";

/// The conversation, and the commits around it.
const CALLS: &str = "connect,sendto,recvfrom,pwrite64,fdatasync";

const WAY: Way = Way {
    in_place: false,
    smtp: true,
    connections: 2,
    digest: false,
};

struct Sink {
    port: u16,
    process: Child,
    /// Goes with it.
    folder: tempfile::TempDir,
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Sink {
    /// None where there is no Postfix; in CI there must be.
    fn start() -> Option<Self> {
        if !Path::new(SINK).exists() {
            assert!(std::env::var_os("CI").is_none(), "this test needs Postfix");
            eprintln!("skipped: smtp-sink is missing");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let [port] = free_ports();
        let mut command = Command::new(SINK);
        // It refuses to take mail as root; whoever it is then writes here.
        if fs::metadata("/proc/self").unwrap().uid() == 0 {
            command.args(["-u", "postfix"]);
            fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        }
        let process = command
            .arg("-d")
            .arg(folder.path().join("mail."))
            .arg(format!("127.0.0.1:{port}"))
            .arg("100")
            .stdout(Stdio::null())
            .spawn();
        let mut sink = Self {
            port,
            process: process.unwrap(),
            folder,
        };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = sink.process.try_wait().unwrap();
            assert!(ended.is_none(), "smtp-sink does not start: {ended:?}");
            thread::sleep(Duration::from_millis(20));
        }
        Some(sink)
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// What it took since it was emptied: it removes what was cut off before the final dot.
    fn taken(&self) -> Taken {
        let files = self.files().into_iter();
        let messages: Vec<Vec<u8>> = files.map(|file| fs::read(file).unwrap()).collect();
        by_message_id(&messages)
    }

    fn empty(&self) {
        for file in self.files() {
            fs::remove_file(file).unwrap();
        }
    }
}

/// E-mails in doubt, and those of them of which the server had taken a copy.
#[derive(Debug, Default)]
struct Tally {
    in_doubt: usize,
    arrived: usize,
}

#[test]
fn each_e_mail_leaves_once_to_postfixs_own_sink_wherever_it_is_cut() {
    let Some(sink) = Sink::start() else { return };
    let Some(plug) = Plug::at(CALLS) else { return };
    let whole = Whole::of(WAY, &plug, &scene::kindly(), &[]);
    let sweep = Sweep {
        plug: &plug,
        points: &whole.points,
        usual: 36,
        day: NEWS,
    };
    let fresh = || {
        sink.empty();
        (whole.scene.copy(sink.port), ())
    };
    let look = |tally: &mut Tally, (folder, ()): &(Folder, ()), at: &str| {
        let again = folder.run("run", &["--today", NEWS]);
        let said = text(&again.stdout);
        assert_eq!(again.status.code(), Some(0), "{at}: {said}");
        let (messages, taken) = (scene::ledger(folder), sink.taken());
        let doubts = whole.agree(&messages, &taken, false, at);
        assert!(doubts.len() <= WAY.connections, "{at}: {doubts:?}");
        tally.in_doubt += doubts.len();
        let ids = doubts.iter().map(|message| &message.message_id);
        tally.arrived += ids.filter(|id| taken.contains_key(*id)).count();
        // And a third time: there is nothing left to send.
        folder.night(NEWS);
        assert_eq!(sink.taken(), taken, "{at}");
    };
    sweep.pull(fresh, look, |tally| tally.in_doubt > 0);
}
