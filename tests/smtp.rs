//! What becomes of messages when a mail server misbehaves: every stage of a session times every
//! behaviour (hazards.md, "How it is proved").

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::Mutex;
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

use crate::mail_server::{
    Behaviour, Envelopes, MailServer, Mode, Noted, Script, Stage, free_ports,
};

/// What becomes of two messages of which the first meets the misbehaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Both are accepted.
    Accepted,
    /// The first is tried later, the second isn't tried: the server rests.
    Rest,
    /// The first is tried later, the second is accepted.
    Later,
    /// The first is refused with its address, the second is accepted.
    Address,
    /// The first is refused, its address not, the second is accepted.
    Message,
    /// The first may have arrived, the second isn't tried.
    Unknown,
    /// Neither is tried.
    Stop,
}

/// So long a silence is too long.
const SHORT: Duration = Duration::from_millis(300);
/// So long nothing takes, on the slowest machine.
const LONG: Duration = Duration::from_mins(1);

const PASSWORD: &str = "canary-7f3a";
/// The password as AUTH PLAIN and AUTH LOGIN have it.
const ENCODED: [&str; 2] = ["AHRpbQBjYW5hcnktN2YzYQ==", "Y2FuYXJ5LTdmM2E="];

#[derive(Debug, Clone)]
struct Case {
    script: Script,
    user: &'static str,
    auth: &'static str,
    /// The size of the first message's body.
    body: usize,
    /// The well-known authorities alone.
    trusts_nobody: bool,
    expected: Outcome,
}

impl Case {
    fn new(mode: Mode, stage: Stage, behaviour: Behaviour, expected: Outcome) -> Self {
        Self {
            script: Script::new(mode, stage, behaviour),
            user: "",
            auth: "auto",
            body: 2000,
            trusts_nobody: false,
            expected,
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn patience(&self) -> Patience {
        let mut patience = Patience::of(LONG);
        let waits = matches!(self.script.behaviour, Behaviour::Silence | Behaviour::Drip);
        let field = match self.script.stage {
            Stage::Never => return patience,
            Stage::Greeting => &mut patience.greeting,
            Stage::Hello | Stage::SecondHello => &mut patience.hello,
            Stage::StartTls => &mut patience.starttls,
            Stage::Handshake => &mut patience.handshake,
            Stage::Auth => &mut patience.auth,
            Stage::Mail | Stage::Rset => &mut patience.mail,
            Stage::Rcpt => &mut patience.rcpt,
            Stage::Data => &mut patience.data,
            Stage::Body => &mut patience.block,
            Stage::End => &mut patience.end,
            Stage::Quit => &mut patience.quit,
        };
        if waits {
            *field = SHORT;
        }
        if self.script.stage == Stage::Body {
            // 256 blocks or so.
            patience.block = Duration::from_millis(2);
            patience.quit = SHORT;
        }
        patience
    }
}

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

/// Each stage with what it makes of: late, several pieces; 451, 550, 421; then of no answer: close,
/// silence, garbage, lines without end, a line without end, two codes, bytes now and then.
fn stages() -> Vec<Case> {
    use Outcome::{Accepted, Address, Later, Message, Rest, Stop, Unknown};
    let table = [
        (Mode::Plain, Stage::Greeting, [Rest, Stop, Rest], Rest),
        (Mode::Plain, Stage::Hello, [Rest, Stop, Rest], Rest),
        (Mode::StartTls, Stage::StartTls, [Stop, Stop, Rest], Rest),
        (Mode::StartTls, Stage::SecondHello, [Rest, Stop, Rest], Rest),
        (Mode::StartTls, Stage::Auth, [Rest, Stop, Rest], Rest),
        (Mode::Plain, Stage::Mail, [Later, Stop, Rest], Later),
        (Mode::Plain, Stage::Rcpt, [Later, Address, Rest], Later),
        (Mode::Plain, Stage::Data, [Later, Message, Rest], Later),
        (Mode::Plain, Stage::End, [Later, Message, Rest], Unknown),
        (Mode::Implicit, Stage::End, [Later, Message, Rest], Unknown),
        (Mode::Plain, Stage::Rset, [Address; 3], Address),
        (Mode::Plain, Stage::Quit, [Accepted; 3], Accepted),
    ];
    let mut cases = Vec::new();
    for (mode, stage, [on_4xx, on_5xx, on_421], on_nothing) in table {
        let well = if stage == Stage::Rset {
            Address
        } else {
            Accepted
        };
        let answers = [
            (Behaviour::Late, well),
            (Behaviour::Pieces, well),
            (Behaviour::Code(451), on_4xx),
            (Behaviour::Code(550), on_5xx),
            (Behaviour::Code(421), on_421),
            (Behaviour::Close, on_nothing),
            (Behaviour::Silence, on_nothing),
            (Behaviour::Garbage, on_nothing),
            (Behaviour::EndlessLines, on_nothing),
            (Behaviour::EndlessLine, on_nothing),
            (Behaviour::TwoCodes, on_nothing),
            (Behaviour::Drip, on_nothing),
        ];
        for (behaviour, expected) in answers {
            let case = Case::new(mode, stage, behaviour, expected).with(|case| {
                case.script.refuses_first = stage == Stage::Rset;
                case.user = if mode == Mode::Plain { "" } else { "tim" };
            });
            cases.push(case);
        }
    }
    cases
}

/// What is of one stage only.
fn others() -> Vec<Case> {
    use Outcome::{Accepted, Later, Message, Rest, Stop, Unknown};
    let never = |mode, expected| Case::new(mode, Stage::Never, Behaviour::Late, expected);
    let at = |mode, stage, behaviour, expected| Case::new(mode, stage, behaviour, expected);
    let body = |behaviour, expected| {
        at(Mode::Plain, Stage::Body, behaviour, expected).with(|case| case.body = 16 << 20)
    };
    let login = |auth: &'static str, offered: &'static str, expected| {
        never(Mode::StartTls, expected).with(|case| {
            (case.user, case.auth) = ("tim", auth);
            case.script.auth = offered;
        })
    };
    vec![
        // STARTTLS isn't offered, or somebody speaks before TLS does.
        never(Mode::StartTls, Stop).with(|case| case.script.offers_starttls = false),
        at(Mode::StartTls, Stage::StartTls, Behaviour::Chatter, Stop),
        // The handshake.
        at(Mode::StartTls, Stage::Handshake, Behaviour::Late, Accepted),
        at(Mode::StartTls, Stage::Handshake, Behaviour::Code(0), Stop),
        at(Mode::StartTls, Stage::Handshake, Behaviour::Garbage, Stop),
        at(Mode::StartTls, Stage::Handshake, Behaviour::Close, Rest),
        at(Mode::StartTls, Stage::Handshake, Behaviour::Silence, Rest),
        at(Mode::Implicit, Stage::Handshake, Behaviour::Late, Accepted),
        at(Mode::Implicit, Stage::Handshake, Behaviour::Code(0), Stop),
        at(Mode::Implicit, Stage::Handshake, Behaviour::Garbage, Stop),
        at(Mode::Implicit, Stage::Handshake, Behaviour::Close, Rest),
        at(Mode::Implicit, Stage::Handshake, Behaviour::Silence, Rest),
        never(Mode::Implicit, Stop).with(|case| case.script.certified = "other.example.org"),
        never(Mode::StartTls, Stop).with(|case| case.script.certified = "other.example.org"),
        never(Mode::Implicit, Stop).with(|case| case.trusts_nobody = true),
        never(Mode::StartTls, Stop).with(|case| case.trusts_nobody = true),
        // The account.
        login("auto", "PLAIN LOGIN", Accepted),
        login("auto", "CRAM-MD5 LOGIN", Accepted),
        login("auto", "CRAM-MD5", Stop),
        login("auto", "", Stop),
        login("plain", "LOGIN", Stop),
        login("login", "PLAIN LOGIN", Accepted),
        login("xoauth2", "PLAIN XOAUTH2", Accepted),
        login("xoauth2", "PLAIN LOGIN", Stop),
        login("xoauth2", "XOAUTH2", Stop).with(|case| {
            (case.script.stage, case.script.behaviour) = (Stage::Auth, Behaviour::Code(535));
        }),
        at(Mode::Plain, Stage::Mail, Behaviour::Code(530), Stop),
        at(Mode::Plain, Stage::Rcpt, Behaviour::Code(530), Stop),
        at(Mode::Plain, Stage::End, Behaviour::Code(535), Stop),
        // Sizes.
        never(Mode::Plain, Message).with(|case| {
            (case.script.size, case.body) = (3000, 4000);
        }),
        at(Mode::Plain, Stage::Mail, Behaviour::Code(552), Message),
        // An answer that comes too early belongs to nobody.
        at(Mode::Plain, Stage::Greeting, Behaviour::Chatter, Rest),
        at(Mode::Plain, Stage::Rcpt, Behaviour::Chatter, Later),
        at(Mode::Plain, Stage::Data, Behaviour::Chatter, Later),
        // Other codes.
        at(Mode::Plain, Stage::Rcpt, Behaviour::Code(251), Accepted),
        at(Mode::Plain, Stage::Rcpt, Behaviour::Code(452), Later),
        at(Mode::Plain, Stage::Mail, Behaviour::Code(354), Later),
        at(Mode::Plain, Stage::Data, Behaviour::Code(250), Later),
        at(Mode::Plain, Stage::End, Behaviour::Code(354), Unknown),
        // It waits for a message to nobody: only closing takes it back.
        never(Mode::Plain, Outcome::Address).with(|case| {
            (case.script.refuses_first, case.script.envelopes) = (true, Envelopes::AtOnceToNobody);
        }),
        // In the midst of the body: the final dot has certainly not left.
        body(Behaviour::Close, Later),
        body(Behaviour::Silence, Later),
        body(Behaviour::Code(451), Later),
        body(Behaviour::Code(552), Message),
        body(Behaviour::Code(421), Rest),
    ]
}

/// The same with a server that takes an envelope in one write, where that makes a difference.
fn at_once(case: &Case) -> Option<Case> {
    let late = [
        Stage::Never,
        Stage::Mail,
        Stage::Rcpt,
        Stage::Data,
        Stage::Body,
        Stage::End,
        Stage::Rset,
    ];
    let differs = case.script.envelopes == Envelopes::OneByOne && late.contains(&case.script.stage);
    differs.then(|| {
        case.clone()
            .with(|case| case.script.envelopes = Envelopes::AtOnce)
    })
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
