//! Every stage of a session times every behaviour of a server, and what is of one stage only: what
//! becomes of two messages then.

use std::time::Duration;

use peer_culture::outbox::Patience;

use crate::mail_script::{Behaviour, Envelopes, Mode, Script, Stage};

/// What becomes of two messages of which the first meets the misbehaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
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

#[derive(Debug, Clone)]
pub struct Case {
    pub script: Script,
    pub user: &'static str,
    pub auth: &'static str,
    /// The size of the first message's body.
    pub body: usize,
    /// The well-known authorities alone.
    pub trusts_nobody: bool,
    pub expected: Outcome,
}

/// Each stage with what it makes of: late, several pieces; 451, 550, 421; then of no answer: close,
/// silence, garbage, lines without end, a line without end, two codes, bytes now and then.
pub fn stages() -> Vec<Case> {
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
pub fn others() -> Vec<Case> {
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
pub fn at_once(case: &Case) -> Option<Case> {
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

impl Case {
    pub fn new(mode: Mode, stage: Stage, behaviour: Behaviour, expected: Outcome) -> Self {
        Self {
            script: Script::new(mode, stage, behaviour),
            user: "",
            auth: "auto",
            body: 2000,
            trusts_nobody: false,
            expected,
        }
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub fn patience(&self) -> Patience {
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
