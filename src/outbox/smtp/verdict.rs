//! What each reply, or the lack of one, means for the message (hazards.md, "Sending: the protocol").
//!
//! Up to the final dot it is certain that the message did not leave; what comes after the dot is
//! judged here only where the server answered.
//!
//! | | connect to EHLO | STARTTLS, TLS | AUTH | MAIL | RCPT | DATA, body, dot |
//! |---|---|---|---|---|---|---|
//! | 421 | rest | rest | rest | rest | rest | rest |
//! | other 4xx | rest | stop | rest | later | later | later |
//! | 530, 534, 535, 538 | stop | stop | stop | stop | stop | stop |
//! | other 5xx | stop | stop | stop | stop, unless it is the size | see [`refusal`] | see [`refusal`] |
//! | nothing, or no SMTP | rest | rest | rest | broken | broken | broken |
//!
//! The sender is the same for every message: who refuses MAIL refuses the settings, and no message
//! is to be given up for that. Likewise for a RCPT that is refused because the server relays nothing
//! for us. What a server says of one recipient it may say of her alone, whatever its words: the
//! message at which a sending stops goes behind the others the next time, so that it never keeps
//! them back twice ([`Delivered::put_off`](super::super::Delivered)).

use std::io;

use super::refusal::{self, About};
use super::reply::{Reply, Silence};
use super::server::{Protection, Server};
use super::words;
use crate::model::email::EmailFault;
use crate::outbox::{Failure, Refused};

/// Where in the exchange something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Connect,
    Greeting,
    Hello,
    StartTls,
    Handshake,
    Auth,
    Mail,
    Rcpt,
    Data,
    Body,
    End,
}

/// What happened.
#[derive(Debug)]
pub(super) enum Trouble {
    /// No address, or no connection to it.
    Unreachable(io::Error),
    /// Plain text was asked for, and the server isn't this machine.
    PlainToElsewhere,
    /// The server doesn't offer STARTTLS.
    NoStartTls,
    /// More came in plain text than was asked for.
    Injected,
    /// TLS failed.
    Tls(rustls::Error),
    /// No way to show who we are that both know.
    NoMechanism,
    /// The message is larger than the server said that it takes.
    TooLarge,
    /// The message isn't plain ASCII, and the server takes nothing else.
    EightBit,
    /// The recipient's address is none.
    Address(EmailFault),
    /// The server answered otherwise than it should.
    Reply(Reply),
    /// It didn't answer.
    Silence(Silence),
}

impl Trouble {
    /// Nothing more can be said on this connection.
    pub fn ends_session(&self) -> bool {
        match self {
            Self::Reply(reply) => reply.code == 421 || reply.code < 400,
            Self::TooLarge | Self::EightBit | Self::Address(_) => false,
            _ => true,
        }
    }
}

/// What it means for the message to that address (none where it is no message's fault).
pub(super) fn failure(phase: Phase, trouble: &Trouble, server: &Server, address: &str) -> Failure {
    let said = words::trouble(phase, trouble, server, address);
    let failure = of_trouble(phase, trouble, said);
    match failure {
        Failure::Stop { error } => Failure::Stop {
            error: words::with_remedy(error, phase, trouble),
        },
        Failure::Unwelcome { error } => Failure::Unwelcome {
            error: words::with_remedy(error, phase, trouble),
        },
        // Whoever waits for our TLS first never greets us.
        Failure::Rest { error } if matches!(server.protection, Protection::StartTls(_)) => {
            match trouble {
                Trouble::Silence(_) => Failure::Rest {
                    error: words::with_remedy(error, phase, trouble),
                },
                _ => Failure::Rest { error },
            }
        }
        other => other,
    }
}

fn of_trouble(phase: Phase, trouble: &Trouble, error: String) -> Failure {
    match trouble {
        Trouble::Unreachable(_) => Failure::Rest { error },
        Trouble::PlainToElsewhere
        | Trouble::NoStartTls
        | Trouble::Injected
        | Trouble::Tls(_)
        | Trouble::NoMechanism => Failure::Stop { error },
        Trouble::TooLarge | Trouble::EightBit => Failure::Never {
            error,
            refused: Refused::Message,
        },
        Trouble::Address(_) => Failure::Never {
            error,
            refused: Refused::Address,
        },
        Trouble::Silence(_) if phase < Phase::Mail => Failure::Rest { error },
        Trouble::Silence(_) => Failure::Broken { error },
        Trouble::Reply(reply) => of_reply(phase, reply, error),
    }
}

fn of_reply(phase: Phase, reply: &Reply, error: String) -> Failure {
    let never = |error, refused| Failure::Never { error, refused };
    match (reply.code, phase) {
        (421, _) => Failure::Rest { error },
        (..400, _) if phase < Phase::Mail => Failure::Rest { error },
        (..400, _) => Failure::Broken { error },
        (400..500, Phase::StartTls) | (530 | 534 | 535 | 538, _) | (503, Phase::Rcpt) => {
            Failure::Stop { error }
        }
        (400..500, _) if phase < Phase::Mail => Failure::Rest { error },
        (400..500, _) => Failure::Later { error },
        (_, Phase::Mail) if is_about_size(reply) => never(error, Refused::Message),
        (_, Phase::Rcpt | Phase::Data | Phase::Body | Phase::End) => {
            match refusal::about(phase, reply) {
                About::Address => never(error, Refused::Address),
                About::Message => never(error, Refused::Message),
                About::Relaying => Failure::Stop { error },
                About::Policy => Failure::Unwelcome { error },
            }
        }
        _ => Failure::Stop { error },
    }
}

/// RFC 1870 §6.1; RFC 3463 §3.4.
fn is_about_size(reply: &Reply) -> bool {
    reply.code == 552 || words::enhanced(reply).is_some_and(|code| code.ends_with(".3.4"))
}

#[cfg(test)]
mod tests {
    use super::{Phase, Refused, Reply, of_reply};
    use crate::outbox::Failure;

    fn judged(phase: Phase, code: u16, text: &str) -> &'static str {
        let reply = Reply {
            code,
            lines: vec![text.to_owned()],
        };
        match of_reply(phase, &reply, String::new()) {
            Failure::Later { .. } => "later",
            Failure::Broken { .. } => "broken",
            Failure::Rest { .. } => "rest",
            Failure::Crowded { .. } => "crowded",
            Failure::Unwelcome { .. } => "unwelcome",
            Failure::Stop { .. } => "stop",
            Failure::Never { refused, .. } => match refused {
                Refused::Address => "address",
                Refused::Message => "message",
            },
        }
    }

    #[test]
    fn what_a_reply_means_hangs_on_its_phase() {
        use Phase::{Auth, Body, Data, End, Greeting, Hello, Mail, Rcpt, StartTls};
        for (phase, answers) in [
            (Greeting, ["rest", "rest", "stop", "stop", "rest"]),
            (Hello, ["rest", "rest", "stop", "stop", "rest"]),
            (StartTls, ["rest", "stop", "stop", "stop", "rest"]),
            (Auth, ["rest", "rest", "stop", "stop", "rest"]),
            (Mail, ["rest", "later", "stop", "stop", "broken"]),
            (Rcpt, ["rest", "later", "stop", "address", "broken"]),
            (Data, ["rest", "later", "stop", "message", "broken"]),
            (Body, ["rest", "later", "stop", "message", "broken"]),
            (End, ["rest", "later", "stop", "message", "broken"]),
        ] {
            for (code, expected) in [421, 451, 535, 550, 299].into_iter().zip(answers) {
                assert_eq!(judged(phase, code, "no"), expected, "{code} at {phase:?}");
            }
        }
    }

    #[test]
    fn what_would_be_said_of_every_message_gives_up_none() {
        for (code, text) in [
            (554, "5.7.1 <a@example.org>: Relay access denied"),
            (
                550,
                "5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
            ),
            (550, "relay not permitted"),
            (503, "5.5.4 Error: authenticate first"),
            (530, "5.7.0 Authentication required"),
        ] {
            assert_eq!(judged(Phase::Rcpt, code, text), "stop", "{text}");
        }
        let unknown = "5.1.1 <a@relay.example.org>: User unknown";
        assert_eq!(judged(Phase::Rcpt, 550, unknown), "address");
        assert_eq!(judged(Phase::Mail, 550, "5.7.1 Sender rejected"), "stop");
        assert_eq!(judged(Phase::Mail, 552, "5.3.4 Too big"), "message");
        assert_eq!(judged(Phase::Mail, 554, "5.3.4 Too big"), "message");
        assert_eq!(judged(Phase::Rcpt, 552, "5.2.2 Mailbox full"), "message");
    }

    #[test]
    fn what_may_be_said_of_us_all_flags_nobody() {
        let blocked = "5.7.1 Client host [203.0.113.9] blocked using zen.spamhaus.org";
        assert_eq!(judged(Phase::Rcpt, 554, blocked), "unwelcome");
        assert_eq!(judged(Phase::End, 554, blocked), "unwelcome");
        assert_eq!(judged(Phase::Mail, 554, blocked), "stop");
        let quota = "5.4.5 Daily user sending quota exceeded";
        assert_eq!(judged(Phase::Rcpt, 550, quota), "unwelcome");
        assert_eq!(judged(Phase::Mail, 550, quota), "stop");
        let table = "5.1.1 <a@example.org>: User unknown in relay recipient table";
        assert_eq!(judged(Phase::Rcpt, 550, table), "address");
    }
}
