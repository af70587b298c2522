//! What comes before a message: MAIL, RCPT and DATA, in one write where the server takes them so
//! (PIPELINING, RFC 2920): one way there and back instead of three.

use std::time::Duration;

use super::reply::Reply;
use super::talk::Talk;
use super::verdict::{Phase, Trouble};

/// A command, and the reply without which there is no going on.
#[derive(Debug)]
pub(super) struct Ask {
    pub phase: Phase,
    pub line: String,
    pub wanted: u16,
    pub at_most: Duration,
}

/// The server doesn't wait for the message.
#[derive(Debug)]
pub(super) struct Unannounced {
    /// The first command that was not answered as it should be.
    pub phase: Phase,
    /// What came instead.
    pub trouble: Trouble,
    /// Nothing more can be said on this connection.
    pub session_is_over: bool,
}

impl Ask {
    /// 251 and 252 promise to try (RFC 5321 §3.3): as good as 250 for one recipient.
    fn is_met_by(&self, reply: &Reply) -> bool {
        reply.code / 10 == self.wanted / 10
    }
}

/// Says the commands, each once the last was answered as it should be, or all at once. DATA comes
/// last, as it must in a group (RFC 2920 §3.1).
pub(super) fn announce(talk: &mut Talk, asks: &[Ask]) -> Result<(), Unannounced> {
    let size = if talk.offers.pipelining {
        asks.len().max(1)
    } else {
        1
    };
    asks.chunks(size).try_for_each(|group| ask(talk, group))
}

fn ask(talk: &mut Talk, group: &[Ask]) -> Result<(), Unannounced> {
    let Some(first) = group.first() else {
        return Ok(());
    };
    talk.say(&lines(group), first.at_most)
        .map_err(|silence| Unannounced::at(first, Trouble::Silence(silence)))?;
    hear(talk, group)
}

/// What is said.
pub(super) fn lines(group: &[Ask]) -> Vec<&str> {
    group.iter().map(|ask| ask.line.as_str()).collect()
}

/// Hears the reply to each of them, so that the two stay in step; the first that isn't as it should
/// be tells what is wrong.
pub(super) fn hear(talk: &mut Talk, group: &[Ask]) -> Result<(), Unannounced> {
    let mut found: Option<Unannounced> = None;
    for ask in group {
        let next = match talk.listen(ask.at_most) {
            Ok(reply) if ask.is_met_by(&reply) => {
                // A server that takes no recipient, yet waits for the message: only closing tells
                // it that there is none.
                if let (Phase::Data, Some(found)) = (ask.phase, &mut found) {
                    found.session_is_over = true;
                }
                continue;
            }
            Ok(reply) => Unannounced::at(ask, Trouble::Reply(reply)),
            Err(silence) => Unannounced::at(ask, Trouble::Silence(silence)),
        };
        let is_over = next.session_is_over;
        found.get_or_insert(next).session_is_over |= is_over;
        if is_over {
            break;
        }
    }
    found.map_or(Ok(()), Err)
}

impl Unannounced {
    pub fn at(ask: &Ask, trouble: Trouble) -> Self {
        Self::before(ask.phase, trouble)
    }

    /// It was not even asked.
    pub fn before(phase: Phase, trouble: Trouble) -> Self {
        Self {
            phase,
            session_is_over: trouble.ends_session(),
            trouble,
        }
    }
}
