//! An instance of Postfix of a test's own: its settings, its ports, its log.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::authority::Certified;
use crate::ports::free_ports;

pub const PASSWORD: &str = "canary-7f3a";

/// `\0tim\0canary-7f3a`.
const ENCODED: &str = "AHRpbQBjYW5hcnktN2YzYQ==";

/// The ports of the instance, each with its own rules.
pub struct Postfix {
    folder: tempfile::TempDir,
    pub plain: u16,
    pub starttls: u16,
    pub implicit: u16,
    pub auth: u16,
    pub small: u16,
    pub slow: u16,
    pub crowded: u16,
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = self.control("stop");
    }
}

impl Postfix {
    /// None where there is no Postfix, or no right to start one; in CI there must be.
    pub fn start() -> Option<Self> {
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

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn control(&self, what: &str) -> (bool, String) {
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

    pub fn log(&self) -> String {
        fs::read_to_string(self.path("mail.log")).unwrap_or_default()
    }

    pub fn wait_for(&self, port: u16) {
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
    pub fn mailbox(&self, name: &str, expected: usize) -> usize {
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
