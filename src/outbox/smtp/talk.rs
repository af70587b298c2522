//! One command, one reply, and what the server said that it can do.

use std::net::IpAddr;
use std::time::Duration;

use super::reply::{Inbox, Reply, Silence};
use super::verdict::Trouble;
use super::wire::Wire;
use crate::clock::Deadline;

/// So much of a body leaves within one [`super::Patience::block`].
const BLOCK: usize = 64 << 10;

/// A conversation with a server.
#[derive(Debug)]
pub(super) struct Talk {
    wire: Wire,
    inbox: Inbox,
    /// What the last EHLO said.
    pub offers: Offers,
}

/// What a server can do (RFC 5321 §4.1.1.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Offers {
    pub starttls: bool,
    /// Mechanisms, in capitals.
    pub auth: Vec<String>,
    /// RFC 1870; none: not offered, 0: no limit told.
    size: Option<usize>,
    /// RFC 6152.
    eight_bit: bool,
    /// RFC 2920.
    pub pipelining: bool,
}

impl Talk {
    pub fn new(wire: Wire) -> Self {
        Self {
            wire,
            inbox: Inbox::default(),
            offers: Offers::default(),
        }
    }

    /// Says a line and waits for the reply.
    pub fn command(&mut self, line: &str, at_most: Duration) -> Result<Reply, Silence> {
        self.say(&[line], at_most)?;
        self.reply()
    }

    /// Says lines, in one write.
    pub fn say(&mut self, lines: &[&str], at_most: Duration) -> Result<(), Silence> {
        let said = said(lines)?;
        // Whatever was answered before it was asked belongs to no command.
        if !self.inbox.is_empty() {
            return Err(Silence::Garbage);
        }
        self.wire.until(Deadline::after(at_most));
        self.wire
            .write_all(said.as_bytes())
            .map_err(|error| Silence::of(&error))
    }

    /// Waits for a reply.
    pub fn listen(&mut self, at_most: Duration) -> Result<Reply, Silence> {
        self.wire.until(Deadline::after(at_most));
        self.reply()
    }

    fn reply(&mut self) -> Result<Reply, Silence> {
        let wire = &mut self.wire;
        self.inbox.reply(|some| wire.read(some))
    }

    /// Sends a body and its final dot, and the lines that follow, in one go. Whether the lines left,
    /// too. An error: the dot has certainly not left.
    pub fn send_body(
        &mut self,
        body: &[u8],
        then: &[&str],
        block: Duration,
    ) -> Result<bool, Silence> {
        // Lines that can't be said are said by themselves, and that fails for their own message.
        let then = said(then).unwrap_or_default();
        if !self.inbox.is_empty() {
            return Err(Silence::Garbage);
        }
        let blocks = u32::try_from(body.len() / BLOCK + 1).unwrap_or(u32::MAX);
        self.wire
            .until(Deadline::after(block.saturating_mul(blocks)));
        let written = self.wire.write_both(body, then.as_bytes());
        let all_left = written.map_err(|error| Silence::of(&error))?;
        Ok(all_left && !then.is_empty())
    }

    /// Introduces us, by our address (RFC 5321 §4.1.3): a name would be the machine's.
    pub fn hello(&mut self, at_most: Duration) -> Result<Reply, Silence> {
        let name = match self.wire.local_address() {
            Some(IpAddr::V4(address)) => format!("[{address}]"),
            Some(IpAddr::V6(address)) => format!("[IPv6:{address}]"),
            None => "[127.0.0.1]".to_owned(),
        };
        let reply = self.command(&format!("EHLO {name}"), at_most)?;
        if reply.code == 250 {
            self.offers = Offers::of(&reply);
        }
        Ok(reply)
    }

    /// Gives the connection back, to be encrypted; what was said in plain text is forgotten. None
    /// where the server has said more than it was asked: somebody may have slipped it in (RFC 3207
    /// §6).
    pub fn into_wire(self) -> Option<Wire> {
        self.inbox.is_empty().then_some(self.wire)
    }
}

/// Lines as they go over the wire. Nothing that comes from outside may end one of them early.
fn said(lines: &[&str]) -> Result<String, Silence> {
    let is_one = |line: &&str| !line.contains(['\r', '\n', '\0']);
    if !lines.iter().all(is_one) {
        return Err(Silence::Garbage);
    }
    Ok(lines.iter().flat_map(|line| [*line, "\r\n"]).collect())
}

impl Offers {
    fn of(reply: &Reply) -> Self {
        let mut offers = Self::default();
        // The first line is the greeting.
        for line in reply.lines.iter().skip(1) {
            let line = line.to_ascii_uppercase();
            // An old form has `=` for the first blank.
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("STARTTLS") => offers.starttls = true,
                Some("AUTH") => offers.auth.extend(words.map(str::to_owned)),
                Some("SIZE") => {
                    let limit = words.next().and_then(|number| number.parse().ok());
                    offers.size = limit.or(Some(0));
                }
                Some("8BITMIME") => offers.eight_bit = true,
                Some("PIPELINING") => offers.pipelining = true,
                _ => {}
            }
        }
        offers
    }

    /// What MAIL says of the message, a blank before each.
    pub fn mail_parameters(&self, size: usize, body: &[u8]) -> Result<String, Trouble> {
        let mut parameters = String::new();
        if let Some(limit) = self.size {
            if limit > 0 && size > limit {
                return Err(Trouble::TooLarge);
            }
            parameters = format!(" SIZE={size}");
        }
        // Ours are all encoded; one that isn't goes only where it arrives as it is.
        if !body.is_ascii() {
            if !self.eight_bit {
                return Err(Trouble::EightBit);
            }
            parameters.push_str(" BODY=8BITMIME");
        }
        Ok(parameters)
    }
}

#[cfg(test)]
mod tests {
    use super::{Offers, Reply};

    fn offers(lines: &[&str]) -> Offers {
        Offers::of(&Reply {
            code: 250,
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        })
    }

    #[test]
    fn an_ehlo_says_what_a_server_can_do() {
        let offers = offers(&[
            "STARTTLS is a name here",
            "starttls",
            "AUTH PLAIN login",
            "AUTH=XOAUTH2",
            "SIZE 1000",
            "",
            "   ",
        ]);
        assert!(offers.starttls && !offers.eight_bit);
        assert_eq!(offers.auth, ["PLAIN", "LOGIN", "XOAUTH2"]);
        assert_eq!(
            offers.mail_parameters(1000, b"a").ok().as_deref(),
            Some(" SIZE=1000")
        );
        assert!(offers.mail_parameters(1001, b"a").is_err());
    }

    #[test]
    fn the_greeting_offers_nothing() {
        assert_eq!(offers(&["STARTTLS"]), Offers::default());
        let unlimited = offers(&["hello", "SIZE 0", "8BITMIME"]);
        let parameters = unlimited.mail_parameters(1 << 30, "é".as_bytes());
        assert_eq!(
            parameters.ok().as_deref(),
            Some(" SIZE=1073741824 BODY=8BITMIME")
        );
        assert!(
            Offers::default()
                .mail_parameters(1, "é".as_bytes())
                .is_err()
        );
    }
}
