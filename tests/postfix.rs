//! The same against a mail server that isn't ours: Postfix, as an instance of the test's own.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use peer_culture::cancel::Cancel;
use peer_culture::config::Settings;
use peer_culture::mails::{Kind, Recipient, State};
use peer_culture::outbox::{
    Delivered, Initial, Ledger, Moment, Pace, Patience, Queued, Server, SmtpTransport, Stop, Terms,
    deliver,
};
use serde_json::Value;

use crate::authority::Certified;
use crate::mail_server::free_ports;

const PASSWORD: &str = "canary-7f3a";
/// `\0tim\0canary-7f3a`.
const ENCODED: &str = "AHRpbQBjYW5hcnktN2YzYQ==";

/// The ports of the instance, each with its own rules.
struct Postfix {
    folder: tempfile::TempDir,
    plain: u16,
    starttls: u16,
    implicit: u16,
    auth: u16,
    small: u16,
    slow: u16,
    crowded: u16,
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = self.control("stop");
    }
}

impl Postfix {
    /// None where there is no Postfix, or no right to start one; in CI there must be.
    fn start() -> Option<Self> {
        let uid = output(Command::new("id").arg("-u"));
        let is_there = Path::new("/usr/sbin/postfix").exists() && uid.trim() == "0";
        if !is_there {
            assert!(
                std::env::var_os("CI").is_none(),
                "CI needs Postfix, and root"
            );
            eprintln!("skipped: no Postfix, or not root");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let [plain, starttls, implicit, auth, small, slow, crowded] = free_ports();
        let postfix = Self {
            folder,
            plain,
            starttls,
            implicit,
            auth,
            small,
            slow,
            crowded,
        };
        postfix.configure();
        let started = postfix.control("start");
        assert!(started.0, "{}\n{}", started.1, postfix.log());
        for port in [postfix.plain, postfix.implicit, postfix.crowded] {
            postfix.wait_for(port);
        }
        Some(postfix)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn control(&self, what: &str) -> (bool, String) {
        let done = Command::new("/usr/sbin/postfix")
            .arg("-c")
            .arg(self.path("etc"))
            .arg(what)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        (done.status.success(), said)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.path("mail.log")).unwrap_or_default()
    }

    fn wait_for(&self, port: u16) {
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("nobody listens: {}", self.log());
    }

    fn configure(&self) {
        let open = |path: &Path| {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        };
        open(self.folder.path());
        for name in ["etc", "queue", "data", "mail"] {
            fs::create_dir(self.path(name)).unwrap();
            open(&self.path(name));
        }
        for name in ["data", "mail"] {
            let status = Command::new("chown")
                .arg("postfix")
                .arg(self.path(name))
                .status();
            assert!(status.unwrap().success());
        }
        self.certify();
        self.answer_passwords();
        let root = self.folder.path().display();
        let uid = output(Command::new("id").args(["-u", "postfix"]));
        let uid = uid.trim();
        let main = format!(
            "compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
biff = no
maillog_file = {root}/mail.log
maillog_file_prefixes = {root}
virtual_mailbox_domains = example.org
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = inline:{{ {{ zoe@example.org = zoe/ }}, {{ luc@example.org = luc/ }}, {{ grey@example.org = grey/ }} }}
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ grey@example.org = 450 4.7.1 greylisted }} }}, reject_unauth_destination
smtpd_tls_cert_file = {root}/etc/cert.pem
smtpd_tls_key_file = {root}/etc/key.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = {root}/auth
"
        );
        fs::write(self.path("etc/main.cf"), main).unwrap();
        let smtpd =
            |port: u16, options: &str| format!("127.0.0.1:{port} inet n - n - - smtpd {options}\n");
        let mut master = [
            smtpd(self.plain, ""),
            smtpd(self.starttls, "-o smtpd_tls_security_level=encrypt"),
            smtpd(self.implicit, "-o smtpd_tls_wrappermode=yes"),
            smtpd(
                self.auth,
                "-o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject",
            ),
            smtpd(self.small, "-o message_size_limit=1500"),
            smtpd(
                self.slow,
                "-o smtpd_client_message_rate_limit=1 -o smtpd_client_event_limit_exceptions=",
            ),
            smtpd(
                self.crowded,
                "-o smtpd_client_connection_count_limit=1 -o smtpd_client_event_limit_exceptions=",
            ),
        ]
        .concat();
        master.push_str(
            "cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
",
        );
        fs::write(self.path("etc/master.cf"), master).unwrap();
    }

    fn certify(&self) {
        let certified = Certified::new("localhost");
        for (name, pem) in [
            ("etc/ca.pem", &certified.authority),
            ("etc/cert.pem", &certified.certificate),
            ("etc/key.pem", &certified.key),
        ] {
            fs::write(self.path(name), pem).unwrap();
        }
        let private = fs::Permissions::from_mode(0o600);
        fs::set_permissions(self.path("etc/key.pem"), private).unwrap();
    }

    /// Dovecot's side of the protocol by which Postfix asks whether a password is right.
    fn answer_passwords(&self) {
        let listener = UnixListener::bind(self.path("auth")).unwrap();
        fs::set_permissions(self.path("auth"), fs::Permissions::from_mode(0o777)).unwrap();
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                thread::spawn(move || {
                    let hello = "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t00112233445566778899aabbccddeeff\nDONE\n";
                    let _ = stream.write_all(hello.as_bytes());
                    let reader = BufReader::new(stream.try_clone().unwrap());
                    for line in reader.lines().map_while(Result::ok) {
                        let mut words = line.split('\t');
                        if words.next() != Some("AUTH") {
                            continue;
                        }
                        let id = words.next().unwrap_or_default().to_owned();
                        let is_right = words.any(|word| word == format!("resp={ENCODED}"));
                        let answer = if is_right { "OK" } else { "FAIL" };
                        let _ = writeln!(stream, "{answer}\t{id}\tuser=tim");
                    }
                });
            }
        });
    }

    /// How many messages lie in a mailbox, once the queue has come to rest.
    fn mailbox(&self, name: &str, expected: usize) -> usize {
        let folder = self.path("mail").join(name).join("new");
        let count = || fs::read_dir(&folder).map_or(0, Iterator::count);
        for _ in 0..100 {
            if count() >= expected {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        count()
    }
}

fn output(command: &mut Command) -> String {
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

/// A programme's sending to the instance.
struct Sender {
    folder: tempfile::TempDir,
    ledger: Ledger,
}

/// How a sender reaches the instance.
struct Way<'a> {
    port: u16,
    tls: &'a str,
    user: &'a str,
    password: &'a str,
    authority: Option<PathBuf>,
    connections: usize,
}

impl Way<'_> {
    fn plain(port: u16) -> Self {
        Self {
            port,
            tls: "none",
            user: "",
            password: PASSWORD,
            authority: None,
            connections: 1,
        }
    }
}

fn night() -> Moment {
    let now = DateTime::from_timestamp(1_610_422_200, 0).unwrap();
    Moment {
        now,
        day: now.date_naive(),
    }
}

impl Sender {
    fn new(addresses: &[&str], size: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(folder.path()).unwrap();
        let message = |(number, address): (usize, &&str)| {
            Queued {
            kind: Kind::RegistrationConfirmed,
            key: format!("atelier 3|{number}"),
            to: Recipient {
                name: String::new(),
                address: (*address).to_owned(),
            },
            initial: Initial::Planned,
            about: None,
            why: String::new(),
            told: Value::Null,
            subject: String::new(),
            message_id: format!("<{number}@example.org>"),
            eml: format!(
                "From: claire@example.org\r\nTo: {address}\r\nMessage-ID: <{number}@example.org>\r\nSubject: {number}\r\n\r\n{}",
                ".a line\r\n".repeat(size / 9)
            )
            .into_bytes(),
        }
        };
        let messages: Vec<Queued> = addresses.iter().enumerate().map(message).collect();
        ledger.enqueue(&messages, &[], night()).unwrap();
        Self { folder, ledger }
    }

    fn send(&mut self, way: &Way) -> Delivered {
        let ca_file = way
            .authority
            .as_ref()
            .map_or_else(String::new, |path| path.display().to_string());
        let (port, tls, user) = (way.port, way.tls, way.user);
        let settings = Settings::parse(&format!(
            "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n[mail]\ntransport = \"smtp\"\n\
             smtp = {{ host = \"localhost\", port = {port}, tls = \"{tls}\", user = \"{user}\", ca_file = \"{ca_file}\" }}\n"
        ))
        .unwrap();
        let environment =
            |name: &str| (name == "PEER_CULTURE_SMTP_PASSWORD").then(|| way.password.into());
        let server = Server::of(&settings, self.folder.path(), &environment)
            .unwrap()
            .with_patience(Patience::of(Duration::from_secs(30)));
        let server = Arc::new(server);
        let mut transports: Vec<SmtpTransport> = (0..way.connections)
            .map(|_| SmtpTransport::new(Arc::clone(&server)))
            .collect();
        let terms = Terms {
            retry_after: TimeDelta::zero(),
            ..Terms::default()
        };
        let mut pace = Pace::per_minute(0);
        deliver(
            &mut self.ledger,
            &mut transports,
            &terms,
            &mut pace,
            &night,
            &Cancel::new(),
        )
    }

    fn states(&self) -> Vec<State> {
        let mut found = Vec::new();
        for state in State::ALL {
            for message in self.ledger.in_state(state).unwrap() {
                assert!(!message.last_error.unwrap_or_default().contains('@'));
                found.push((message.id, state));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, state)| state).collect()
    }
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one instance, which takes seconds to start, serves every case"
)]
fn postfix_and_the_ledger_agree() {
    use State::{Accepted, Deferred, Planned, Refused};
    let Some(postfix) = Postfix::start() else {
        return;
    };
    let authority = || Some(postfix.path("etc/ca.pem"));

    // 1, 2, 3: taken; an unknown user; greylisting; and the others go on, on one connection.
    let mut sender = Sender::new(
        &[
            "zoe@example.org",
            "nobody@example.org",
            "grey@example.org",
            "luc@example.org",
        ],
        900,
    );
    sender.send(&Way::plain(postfix.plain));
    assert_eq!(
        sender.states(),
        [Accepted, Refused, Deferred, Accepted],
        "{}",
        postfix.log()
    );
    assert!(
        sender
            .ledger
            .history()
            .unwrap()
            .refuses("nobody@example.org")
    );
    let connects = postfix.log().matches(": connect from localhost").count();
    assert_eq!(
        (postfix.mailbox("zoe", 1), postfix.mailbox("luc", 1)),
        (1, 1)
    );

    // 4: many messages on one connection.
    let mut sender = Sender::new(&["zoe@example.org"; 20], 900);
    sender.send(&Way::plain(postfix.plain));
    assert_eq!(sender.states(), [Accepted; 20]);
    assert!(postfix.log().matches(": connect from localhost").count() <= connects + 2);
    assert_eq!(postfix.mailbox("zoe", 21), 21);

    // 5: relaying is refused for all, and none is given up.
    let mut sender = Sender::new(&["zoe@elsewhere.example", "luc@example.org"], 900);
    let delivered = sender.send(&Way::plain(postfix.plain));
    assert!(matches!(delivered.stopped, Some(Stop::Transport(_))));
    assert_eq!(sender.states(), [Planned, Planned]);

    // 6: too large.
    let mut sender = Sender::new(&["zoe@example.org"], 4000);
    sender.send(&Way::plain(postfix.small));
    assert_eq!(sender.states(), [Refused]);
    assert!(!sender.ledger.history().unwrap().refuses("zoe@example.org"));

    // 7, 8: STARTTLS and TLS from the first byte, with an authority of our own.
    for (port, tls) in [
        (postfix.starttls, "required"),
        (postfix.implicit, "implicit"),
    ] {
        let way = |authority| Way {
            tls,
            authority,
            ..Way::plain(port)
        };
        let mut sender = Sender::new(&["luc@example.org"], 900);
        sender.send(&way(authority()));
        assert_eq!(sender.states(), [Accepted], "{tls}: {}", postfix.log());
        // 9: without it, nothing.
        let mut sender = Sender::new(&["luc@example.org"], 900);
        let delivered = sender.send(&way(None));
        assert!(
            matches!(delivered.stopped, Some(Stop::Transport(_))),
            "{tls}"
        );
        assert_eq!(sender.states(), [Planned]);
    }

    // 10: no plain text where TLS isn't offered; and none taken where it is asked for.
    let mut sender = Sender::new(&["luc@example.org"], 900);
    let required = |port| Way {
        tls: "required",
        authority: authority(),
        ..Way::plain(port)
    };
    let delivered = sender.send(&required(postfix.plain));
    let offers = matches!(delivered.stopped, Some(Stop::Transport(_)));
    assert!(offers && sender.states() == [Planned]);
    let delivered = sender.send(&Way::plain(postfix.starttls));
    assert!(matches!(delivered.stopped, Some(Stop::Transport(_))), "530");

    // 11: the account.
    let account = |password| Way {
        user: "tim",
        password,
        ..required(postfix.auth)
    };
    let delivered = sender.send(&account("wrong"));
    assert!(matches!(delivered.stopped, Some(Stop::Transport(_))), "535");
    assert_eq!(sender.states(), [Planned]);
    sender.send(&account(PASSWORD));
    assert_eq!(sender.states(), [Accepted], "{}", postfix.log());

    // 12: a server that limits what it takes: a message a minute, a connection at a time.
    let mut sender = Sender::new(&["luc@example.org"; 3], 900);
    sender.send(&Way::plain(postfix.slow));
    assert_eq!(sender.states(), [Accepted, Deferred, Deferred]);
    let held = TcpStream::connect(("127.0.0.1", postfix.crowded)).unwrap();
    thread::sleep(Duration::from_millis(500));
    let mut sender = Sender::new(&["luc@example.org"; 2], 900);
    let delivered = sender.send(&Way::plain(postfix.crowded));
    drop(held);
    assert!(
        matches!(delivered.stopped, Some(Stop::Rest(_))),
        "421: {}",
        postfix.log()
    );
    assert_eq!(sender.states(), [Deferred, Planned]);

    // 13: it goes away, and comes back.
    assert!(postfix.control("stop").0);
    let mut sender = Sender::new(&["zoe@example.org"; 2], 900);
    let delivered = sender.send(&Way::plain(postfix.plain));
    assert!(matches!(delivered.stopped, Some(Stop::Rest(_))));
    assert!(postfix.control("start").0);
    postfix.wait_for(postfix.plain);
    let way = Way {
        connections: 2,
        ..Way::plain(postfix.plain)
    };
    sender.send(&way);
    assert_eq!(sender.states(), [Accepted, Accepted]);
    assert_eq!(postfix.mailbox("zoe", 23), 23);
    assert!(!postfix.log().contains(PASSWORD));
}
