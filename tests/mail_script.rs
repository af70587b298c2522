//! What a scripted mail server does, and the one moment at which it misbehaves.

/// Where in a session the server can misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Never,
    Greeting,
    Hello,
    StartTls,
    Handshake,
    /// EHLO once more, within TLS.
    SecondHello,
    Auth,
    Mail,
    Rcpt,
    Data,
    Body,
    End,
    Rset,
    Quit,
}

/// How it misbehaves there, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// It answers well, but late.
    Late,
    /// It answers with this code instead; after 421 it closes.
    Code(u16),
    /// It closes.
    Close,
    /// It says nothing.
    Silence,
    /// It doesn't speak SMTP.
    Garbage,
    /// Lines without an end.
    EndlessLines,
    /// A line without an end.
    EndlessLine,
    /// Two codes in one reply.
    TwoCodes,
    /// A byte now and then, without an end.
    Drip,
    /// It answers well, and then says something that nobody asked for.
    Chatter,
    /// It answers well, in several lines and small pieces.
    Pieces,
}

/// How the server protects its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Plain,
    StartTls,
    Implicit,
}

/// What the server does.
#[derive(Debug, Clone)]
pub struct Script {
    pub mode: Mode,
    pub stage: Stage,
    pub behaviour: Behaviour,
    /// So often it does well at that stage before.
    pub after: usize,
    /// What comes after `AUTH` in the EHLO reply; empty: nothing.
    pub auth: &'static str,
    pub offers_starttls: bool,
    /// The name in its certificate.
    pub certified: &'static str,
    /// The recipient is refused, so that RSET follows.
    pub refuses_first: bool,
    /// The body's size that it tells; 0: none.
    pub size: usize,
    pub envelopes: Envelopes,
}

/// How the server takes MAIL, RCPT and DATA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Envelopes {
    OneByOne,
    /// In one write (RFC 2920).
    AtOnce,
    /// In one write, and it waits for a message even where it took no recipient.
    AtOnceToNobody,
}

impl Script {
    pub fn new(mode: Mode, stage: Stage, behaviour: Behaviour) -> Self {
        Self {
            mode,
            stage,
            behaviour,
            after: 0,
            auth: "PLAIN LOGIN XOAUTH2",
            offers_starttls: mode == Mode::StartTls,
            certified: "localhost",
            refuses_first: false,
            size: 0,
            envelopes: Envelopes::OneByOne,
        }
    }
}
