//! E-mails over SMTP (RFC 5321), driven command by command.
//!
//! A library's `send` cannot tell "never left" from "maybe left", and some keep what a server said
//! in plain text before TLS, wait without an end for a line without an end, or stall on Nagle's
//! algorithm. What one e-mail needs of SMTP is small, so that the exchange is driven here, over
//! rustls: each reply is read within bounds and by a deadline, the phase of every failure is known,
//! and body and final dot leave in one write.
//!
//! | file | what it knows |
//! |---|---|
//! | [`server`] | the settings, as a connection needs them |
//! | `password` | where the password lies |
//! | `tls` | whom to trust |
//! | `wire` | bytes, deadlines, from plain text to TLS |
//! | `reply` | what a server answers, within bounds |
//! | `talk` | one command, one reply; what the server offers |
//! | `opening` | from a connection to a session: greeting, EHLO, STARTTLS, AUTH |
//! | `auth` | PLAIN, LOGIN, XOAUTH2 |
//! | `envelope` | MAIL, RCPT and DATA, one by one or all at once, behind the last message's dot |
//! | `body` | dots and line ends |
//! | `verdict` | what each reply means for the message |
//! | `refusal` | what a refusal is about: the address, the message, or us |
//! | `words` | what is told of it, without addresses and passwords |

mod auth;
mod body;
mod envelope;
mod opening;
mod password;
mod refusal;
mod reply;
mod server;
mod talk;
mod tls;
mod trial;
mod verdict;
mod wire;
mod words;

use std::sync::Arc;

use super::{Failure, Handed, Id, Outgoing, Transport};
use crate::clock::Deadline;
use crate::model::email;

pub use server::{Patience, Server, ServerProblem};
pub use trial::Trial;

use envelope::{Ask, Unannounced, announce};
use talk::Talk;
use verdict::{Phase, Trouble};

/// A session that lay idle so long is asked whether it is still there: servers end them after five
/// minutes or so (RFC 5321 §4.5.3.2.7), and a message is no test.
const IDLE: std::time::Duration = std::time::Duration::from_secs(20);

/// One connection at a time to a mail server, reused from message to message.
#[derive(Debug)]
pub struct SmtpTransport {
    server: Arc<Server>,
    session: Option<Session>,
    /// Encoded, and the server waits for it (354).
    prepared: Option<Vec<u8>>,
    /// Whether the message that was prepared has left, and its final dot with it.
    left: Option<Result<(), Failure>>,
    /// What comes after it: to be announced behind its final dot, then announced there (RFC 2920
    /// §3.1: a message may be the first "command" of a group).
    next: Option<Announced>,
}

/// A message and what is said before it, not answered yet.
#[derive(Debug)]
struct Announced {
    id: Id,
    asks: [Ask; 3],
    body: Vec<u8>,
}

#[derive(Debug)]
struct Session {
    talk: Talk,
    /// How many messages it was asked to take.
    messages: u32,
    /// The last message went no further than its envelope: RSET comes before the next one.
    unfinished: bool,
    /// Until then it counts as fresh.
    fresh: Deadline,
}

impl SmtpTransport {
    /// Connects with the first message.
    #[must_use]
    pub fn new(server: Arc<Server>) -> Self {
        Self {
            server,
            session: None,
            prepared: None,
            left: None,
            next: None,
        }
    }

    /// A session in which the next message can begin.
    fn session(&mut self) -> Result<&mut Session, Failure> {
        let limit = self.server.per_session;
        if self
            .session
            .as_ref()
            .is_some_and(|session| limit > 0 && session.messages >= limit)
        {
            self.finish();
        }
        let earlier = self.session.take();
        let session = match earlier.and_then(|session| session.usable(&self.server.patience)) {
            Some(session) => session,
            None => Session {
                talk: opening::open(&self.server).map_err(crowded)?,
                messages: 0,
                unfinished: false,
                fresh: Deadline::after(IDLE),
            },
        };
        Ok(self.session.insert(session))
    }

    /// What is said before the message, and the message as it goes over the wire.
    fn envelope(&self, message: &Outgoing) -> Result<Announced, Unannounced> {
        let offers = self.session.as_ref().map(|session| &session.talk.offers);
        let body = body::encode(&message.eml);
        let recipient = email::to_ascii(&message.address)
            .map_err(|fault| Unannounced::before(Phase::Rcpt, Trouble::Address(fault)))?;
        let parameters = offers
            .map(|offers| offers.mail_parameters(message.eml.len(), &body))
            .transpose()
            .map_err(|trouble| Unannounced::before(Phase::Mail, trouble))?
            .unwrap_or_default();
        let ask = |phase, line, wanted, at_most| Ask {
            phase,
            line,
            wanted,
            at_most,
        };
        let Server { from, patience, .. } = &*self.server;
        let mail = format!("MAIL FROM:<{from}>{parameters}");
        let rcpt = format!("RCPT TO:<{recipient}>");
        Ok(Announced {
            id: message.message.id,
            asks: [
                ask(Phase::Mail, mail, 250, patience.mail),
                ask(Phase::Rcpt, rcpt, 250, patience.rcpt),
                ask(Phase::Data, "DATA".to_owned(), 354, patience.data),
            ],
            body,
        })
    }

    /// Has the server wait for the message.
    fn announce(&mut self, message: &Outgoing) -> Result<Vec<u8>, Unannounced> {
        if let (Some(said), Some(session)) = (self.next.take(), &mut self.session) {
            envelope::hear(&mut session.talk, &said.asks)?;
            return Ok(said.body);
        }
        let said = self.envelope(message)?;
        if let Some(session) = &mut self.session {
            session.messages += 1;
            session.unfinished = true;
            announce(&mut session.talk, &said.asks)?;
        }
        Ok(said.body)
    }

    /// Writes the message, its final dot, and what is said before the next one. An error: the dot has
    /// certainly not left.
    fn write(&mut self, message: &Outgoing) -> Result<(), Failure> {
        let (Some(body), Some(session)) = (self.prepared.take(), &mut self.session) else {
            return Err(Failure::Stop {
                error: format!("le courriel n° {} n’a pas été annoncé", message.message.id),
            });
        };
        let patience = &self.server.patience;
        let next = self.next.as_ref().map(|next| envelope::lines(&next.asks));
        let then = next.unwrap_or_default();
        match session.talk.send_body(&body, &then, patience.block) {
            Ok(is_announced) => {
                self.next = self.next.take().filter(|_| is_announced);
                session.unfinished = is_announced;
                session.messages += u32::from(is_announced);
                Ok(())
            }
            Err(silence) => {
                // The final dot was not written whole: without it, no server takes a message (RFC
                // 5321 §4.1.1.4). It may have said why.
                let trouble = match session.talk.listen(patience.quit) {
                    Ok(reply) if reply.code >= 400 => Trouble::Reply(reply),
                    _ => Trouble::Silence(silence),
                };
                self.session = None;
                Err(self.failure(Phase::Body, &trouble, message))
            }
        }
    }

    /// What the server makes of the message, its final dot and all.
    fn hear(&mut self, message: &Outgoing) -> Handed {
        let end = self.server.patience.end;
        let heard = self
            .session
            .as_mut()
            .map(|session| session.talk.listen(end));
        match heard {
            Some(Ok(reply)) if reply.code / 100 == 2 => {
                if let Some(session) = &mut self.session {
                    session.fresh = Deadline::after(IDLE);
                }
                Handed::Accepted
            }
            Some(Ok(reply)) if reply.code >= 400 => {
                let trouble = Trouble::Reply(reply);
                if trouble.ends_session() {
                    self.session = None;
                }
                Handed::Failed(self.failure(Phase::End, &trouble, message))
            }
            unclear => {
                self.session = None;
                Handed::Unclear {
                    error: words::unclear(unclear.and_then(Result::err)),
                }
            }
        }
    }

    /// What the trouble means for the message.
    fn failure(&self, phase: Phase, trouble: &Trouble, message: &Outgoing) -> Failure {
        verdict::failure(phase, trouble, &self.server, &message.address)
    }
}

/// A server that takes no connection now may take one less than there are.
fn crowded(failure: Failure) -> Failure {
    match failure {
        Failure::Rest { error } => Failure::Crowded { error },
        other => other,
    }
}

impl Session {
    /// The session, where it can take another message.
    fn usable(mut self, patience: &Patience) -> Option<Self> {
        let question = match (self.unfinished, self.fresh.has_passed()) {
            (true, _) => "RSET",
            (false, true) => "NOOP",
            (false, false) => return Some(self),
        };
        let reply = self.talk.command(question, patience.mail).ok()?;
        self.unfinished = false;
        (reply.code == 250).then_some(self)
    }
}

impl Transport for SmtpTransport {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure> {
        let is_next = |next: &Announced| next.id == message.message.id;
        if !self.next.as_ref().is_some_and(is_next) {
            self.abandon();
        }
        if self.session.is_none() {
            self.next = None;
        }
        if self.next.is_none() {
            self.session()?;
        }
        match self.announce(message) {
            Ok(body) => {
                self.prepared = Some(body);
                Ok(())
            }
            Err(unannounced) => {
                if unannounced.session_is_over {
                    self.session = None;
                }
                Err(self.failure(unannounced.phase, &unannounced.trouble, message))
            }
        }
    }

    fn expect(&mut self, next: &Outgoing) {
        let limit = self.server.per_session;
        let takes_more = self.session.as_ref().is_some_and(|session| {
            session.talk.offers.pipelining && (limit == 0 || session.messages < limit)
        });
        self.next = takes_more.then(|| self.envelope(next).ok()).flatten();
    }

    fn begin(&mut self, message: &Outgoing) {
        self.left = Some(self.write(message));
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        let left = self.left.take();
        match left.unwrap_or_else(|| self.write(message)) {
            Ok(()) => self.hear(message),
            Err(failure) => Handed::Failed(failure),
        }
    }

    fn abandon(&mut self) {
        // After 354 anything that is said is part of a message: only closing takes it back.
        if self.prepared.take().is_some() || self.next.take().is_some() {
            self.session = None;
        }
    }

    fn finish(&mut self) {
        if let Some(mut session) = self.session.take() {
            // Whatever is answered: all that was sent has its reply.
            let _ = session.talk.command("QUIT", self.server.patience.quit);
        }
    }
}
