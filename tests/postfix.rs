//! The same against a mail server that isn't ours: Postfix, as an instance of the test's own.

use std::net::TcpStream;
use std::path::PathBuf;
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

use crate::postfix_instance::{PASSWORD, Postfix};

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
