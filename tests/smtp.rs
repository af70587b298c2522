//! What becomes of messages when a mail server misbehaves: every stage of a session times every
//! behaviour (hazards.md, "How it is proved").

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::Mutex;
use std::thread;

use chrono::{DateTime, TimeDelta};
use peer_culture::cancel::Cancel;
use peer_culture::config::Settings;
use peer_culture::mails::{Kind, Recipient, State};
use peer_culture::outbox::{
    Delivered, Initial, Ledger, Moment, Pace, Queued, Server, SmtpTransport, Stop, Terms, deliver,
};
use serde_json::Value;

use crate::mail_script::{Behaviour, Mode, Stage};
use crate::mail_server::{MailServer, Noted};
use crate::ports::free_ports;
use crate::smtp_cases::{Case, Outcome, at_once, others, stages};

const PASSWORD: &str = "canary-7f3a";
/// The password as AUTH PLAIN and AUTH LOGIN have it.
const ENCODED: [&str; 2] = ["AHRpbQBjYW5hcnktN2YzYQ==", "Y2FuYXJ5LTdmM2E="];

fn night() -> Moment {
    let now = DateTime::from_timestamp(1_610_422_200, 0).unwrap();
    Moment {
        now,
        day: now.date_naive(),
    }
}

fn message(number: usize, body: usize) -> Queued {
    let address = ["zoe.martin@example.org", "luc@example.org"][number];
    let mut eml = format!("Subject: {number}\r\n\r\n.\r\n..dots\r\n");
    while eml.len() < body {
        let _ = write!(eml, ".line {:0900}\r\n", eml.len());
    }
    Queued {
        kind: Kind::RegistrationConfirmed,
        key: format!("atelier 3|{number}"),
        to: Recipient {
            name: "Zoé Martin".to_owned(),
            address: address.to_owned(),
        },
        initial: Initial::Planned,
        about: None,
        why: "A une place".to_owned(),
        told: Value::Null,
        subject: "Votre inscription".to_owned(),
        message_id: format!("<{number}@example.org>"),
        eml: eml.into_bytes(),
    }
}

/// What became of the two, as the ledger has it.
struct Seen {
    states: Vec<(State, u32)>,
    delivered: Delivered,
    refuses: [bool; 2],
    errors: String,
    sent: [Vec<u8>; 2],
}

fn run(case: &Case, host: &str, port: u16, authority: Option<&std::path::Path>) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let tls = match case.script.mode {
        Mode::Plain => "none",
        Mode::StartTls => "required",
        Mode::Implicit => "implicit",
    };
    let ca_file = authority.map_or_else(String::new, |path| path.display().to_string());
    let (user, auth) = (case.user, case.auth);
    let settings = Settings::parse(&format!(
        "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n[mail]\ntransport = \"smtp\"\n\
         smtp = {{ host = \"{host}\", port = {port}, tls = \"{tls}\", user = \"{user}\", auth = \"{auth}\", ca_file = \"{ca_file}\" }}\n"
    ))
    .unwrap();
    let environment = |name: &str| (name == "PEER_CULTURE_SMTP_PASSWORD").then(|| PASSWORD.into());
    let server = Server::of(&settings, folder.path(), &environment)
        .unwrap()
        .with_patience(case.patience());
    assert!(!format!("{server:?}").contains(PASSWORD));
    let mut ledger = Ledger::open(folder.path()).unwrap();
    let messages = [message(0, case.body), message(1, 2000)];
    ledger.enqueue(&messages, &[], night()).unwrap();
    let terms = Terms {
        retry_after: TimeDelta::minutes(1),
        ..Terms::default()
    };
    let delivered = deliver(
        &mut ledger,
        &mut [SmtpTransport::new(Arc::new(server))],
        &terms,
        &mut Pace::per_minute(0),
        &night,
        &Cancel::new(),
    );
    let mut states = BTreeMap::new();
    let mut errors = String::new();
    for state in State::ALL {
        for found in ledger.in_state(state).unwrap() {
            errors.push_str(found.last_error.as_deref().unwrap_or_default());
            states.insert(found.id, (state, found.attempts));
        }
    }
    if let Some(Stop::Rest(error) | Stop::Transport(error)) = &delivered.stopped {
        errors.push_str(error);
    }
    assert!(ledger.audit().unwrap().agree());
    let history = ledger.history().unwrap();
    Seen {
        states: states.into_values().collect(),
        delivered,
        refuses: ["zoe.martin@example.org", "luc@example.org"].map(|a| history.refuses(a)),
        errors,
        sent: messages.map(|message| message.eml),
    }
}

fn outcome(seen: &Seen) -> Option<Outcome> {
    use State::{Accepted, Deferred, Planned, Refused, Unknown};

    let stopped = match &seen.delivered.stopped {
        None => "",
        Some(Stop::Rest(_)) => "rest",
        Some(Stop::Transport(_)) => "stop",
        Some(other) => panic!("{other:?}"),
    };
    Some(match (seen.states.as_slice(), stopped, seen.refuses) {
        ([(Accepted, 1), (Accepted, 1)], "", [false, false]) => Outcome::Accepted,
        ([(Deferred, 1), (Planned, 0)], "rest", [false, false]) => Outcome::Rest,
        ([(Deferred, 1), (Accepted, 1)], "", [false, false]) => Outcome::Later,
        ([(Refused, 1), (Accepted, 1)], "", [true, false]) => Outcome::Address,
        ([(Refused, 1), (Accepted, 1)], "", [false, false]) => Outcome::Message,
        ([(Unknown, 1), (Planned, 0)], "rest", [false, false]) => Outcome::Unknown,
        ([(Planned, 0), (Planned, 0)], "stop", [false, false]) => Outcome::Stop,
        _ => return None,
    })
}

/// What is wrong with a case; nothing where all is as it should be.
fn faults(case: &Case) -> Vec<String> {
    let server = MailServer::start(case.script.clone());
    let authority =
        (case.script.mode != Mode::Plain && !case.trusts_nobody).then(|| server.authority());
    let seen = run(
        case,
        "localhost",
        server.address.port(),
        authority.as_deref(),
    );
    let mut faults = Vec::new();
    if outcome(&seen) != Some(case.expected) {
        faults.push(format!(
            "{:?}, stopped {:?}, refuses {:?}",
            seen.states, seen.delivered.stopped, seen.refuses
        ));
    }
    for told in ["zoe", "@", PASSWORD, ENCODED[0], ENCODED[1]] {
        if seen.errors.contains(told) {
            faults.push(format!("told: {}", seen.errors));
        }
    }
    server.noted(|noted| {
        faults.extend(leaks(noted));
        faults.extend(disagreements(&seen, noted));
    });
    faults
}

/// Anything in plain text that belongs within TLS.
fn leaks(noted: &Noted) -> Option<String> {
    let is_harmless =
        |line: &String| line.starts_with("EHLO [") || line == "STARTTLS" || line == "QUIT";
    let leak = noted.plain.iter().find(|line| !is_harmless(line));
    leak.map(|line| format!("in plain text: {line}"))
}

/// Where what the ledger says is not what the server saw.
fn disagreements(seen: &Seen, noted: &Noted) -> Vec<String> {
    let mut faults = Vec::new();
    for ((state, _), eml) in seen.states.iter().zip(&seen.sent) {
        let times = |all: &[Vec<u8>]| all.iter().filter(|one| *one == eml).count();
        let (whole, taken) = (times(&noted.whole), times(&noted.taken));
        let agrees = match state {
            State::Accepted => (whole, taken) == (1, 1),
            State::Unknown => whole == 1,
            _ => taken == 0,
        };
        if !agrees {
            faults.push(format!("{state:?}, but whole {whole} times, taken {taken}"));
        }
    }
    if noted.whole.iter().any(|one| !seen.sent.contains(one)) {
        faults.push("something else arrived".to_owned());
    }
    faults
}

#[test]
fn every_stage_times_every_behaviour_is_told_apart() {
    let mut cases: Vec<Case> = stages().into_iter().chain(others()).collect();
    assert!(cases.len() >= 90, "{}", cases.len());
    let at_once: Vec<Case> = cases.iter().filter_map(at_once).collect();
    assert!(at_once.len() >= 90, "{}", at_once.len());
    cases.extend(at_once);
    let next = Mutex::new(cases.iter());
    let wrong = Mutex::new(Vec::new());
    // Most of them wait.
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let case = next.lock().unwrap().next();
                    let Some(case) = case else { return };
                    for fault in faults(case) {
                        wrong.lock().unwrap().push(format!("{case:?}\n    {fault}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_server_that_cannot_be_reached_is_tried_later() {
    let case = Case::new(Mode::Plain, Stage::Never, Behaviour::Late, Outcome::Rest);
    let [nobody_listens] = free_ports();
    let seen = run(&case, "localhost", nobody_listens, None);
    assert_eq!(outcome(&seen), Some(Outcome::Rest), "{:?}", seen.states);
    // RFC 6761: no such name, ever.
    let case = Case::new(Mode::Implicit, Stage::Never, Behaviour::Late, Outcome::Rest);
    let seen = run(&case, "mail.invalid", 465, None);
    assert_eq!(outcome(&seen), Some(Outcome::Rest), "{:?}", seen.states);
}

#[test]
fn one_connection_serves_many_messages_and_the_envelope_is_right() {
    let case = Case::new(
        Mode::Implicit,
        Stage::Never,
        Behaviour::Late,
        Outcome::Accepted,
    )
    .with(|case| case.user = "tim");
    let server = MailServer::start(case.script.clone());
    let authority = server.authority();
    let seen = run(&case, "localhost", server.address.port(), Some(&authority));
    assert_eq!(outcome(&seen), Some(Outcome::Accepted));
    server.noted(|noted| {
        assert_eq!(noted.connections, 1);
        let lines: Vec<&str> = noted.lines.iter().map(String::as_str).collect();
        assert_eq!(
            lines,
            [
                "EHLO [127.0.0.1]",
                &format!("AUTH PLAIN {}", ENCODED[0]),
                "MAIL FROM:<claire@example.org>",
                "RCPT TO:<zoe.martin@example.org>",
                "DATA",
                "MAIL FROM:<claire@example.org>",
                "RCPT TO:<luc@example.org>",
                "DATA",
                "QUIT",
            ]
        );
    });
}
