//! What a refusal (5xx) at RCPT or later is about: the address, the message, or us.
//!
//! Only what is said of the address itself is remembered of the address: a blocked machine or a
//! quota that is used up must not silence everybody for good. The enhanced code decides where there
//! is one (RFC 3463 §3.1: `class.subject.detail`), else the code, the phase and the words.
//!
//! | RFC 3463 | what it says | it is about |
//! |---|---|---|
//! | X.1.7, X.1.8 (§3.2), X.1.0 of a sender | the sender's address | us: the policy |
//! | other X.1.x (§3.2; X.1.10: RFC 7505) | the recipient's address | the address |
//! | X.2.1 (§3.3) | her mailbox is disabled | the address |
//! | other X.2.x (§3.3) | full, not for a message of that length | the message |
//! | X.3.4 (§3.4), X.6.x (§3.7) | its size, its content | the message |
//! | other X.3.x (§3.4), X.4.x (§3.5), X.5.x (§3.6) | the system, the network or a quota of ours, the protocol | the policy |
//! | X.7.x (§3.8) | the policy, of us all or of one recipient | relaying, the message as spam, else the policy |
//! | X.0.x (§3.1), none | nothing | see below |
//!
//! Without such a code: at RCPT, 550, 551 and 553 (RFC 5321 §4.2.3: mailbox unavailable, not local,
//! not allowed) are about the address where the words are not about a policy; 552 (storage) is about
//! the message; all else about the policy. From DATA on it is the message, where the words are not
//! about a policy; of the address, which was good at RCPT, only X.1.1 says more: a server that hands
//! on learns later that nobody has that mailbox.
//!
//! "The policy" is told from one recipient's only by what comes next: that message is tried again
//! the next night, behind the others, and where several in a row are refused so and none is taken,
//! the server is left alone until then ([`Failure::Unwelcome`](super::super::Failure::Unwelcome)).

use super::reply::Reply;
use super::verdict::Phase;
use super::words;

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The recipient's address, whatever is sent to it.
    Address,
    /// This message, or her mailbox as it is now.
    Message,
    /// The server sends nothing for us: the settings.
    Relaying,
    /// We as a whole, or this recipient's policy.
    Policy,
}

/// X.1.1, RFC 3463 §3.2: « Bad destination mailbox address ».
const NO_SUCH_MAILBOX: u16 = 1;

/// Whether it is said of the address, of the message or of us.
pub(super) fn about(phase: Phase, reply: &Reply) -> About {
    let said = Said::of(reply);
    match subject(reply) {
        Some((1, 7 | 8)) => About::Policy,
        Some((1, 0)) if said.names_sender() => About::Policy,
        // It was good at RCPT; a server that only hands on learns later that nobody has it.
        Some((1, detail)) if phase > Phase::Rcpt && detail != NO_SUCH_MAILBOX => About::Message,
        Some((2, 1)) if phase > Phase::Rcpt => About::Message,
        Some((1, _) | (2, 1)) => About::Address,
        Some((2 | 6, _) | (3, 4)) => About::Message,
        Some((0, _)) | None => by_words(phase, reply.code, &said),
        _ if phase == Phase::Rcpt && said.names_relaying() => About::Relaying,
        _ if phase > Phase::Rcpt && said.names_content() => About::Message,
        _ => About::Policy,
    }
}

fn by_words(phase: Phase, code: u16, said: &Said) -> About {
    match (phase, code) {
        (Phase::Rcpt, _) if said.names_relaying() => About::Relaying,
        (_, 552) => About::Message,
        (Phase::Rcpt, 550 | 551 | 553) if !said.names_policy() => About::Address,
        (Phase::Rcpt, _) => About::Policy,
        _ if said.names_policy() && !said.names_content() => About::Policy,
        _ => About::Message,
    }
}

/// Subject and detail of the enhanced code.
fn subject(reply: &Reply) -> Option<(u16, u16)> {
    let code = words::enhanced(reply)?;
    let mut numbers = code.split('.').skip(1).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// What a reply says, in small letters and without the addresses that it repeats.
pub(super) struct Said(String);

impl Said {
    pub fn of(reply: &Reply) -> Self {
        let words = reply.lines.iter().flat_map(|line| line.split(' '));
        let kept: Vec<&str> = words.filter(|word| !word.contains('@')).collect();
        Self(kept.join(" ").to_lowercase())
    }

    fn names(&self, any: &[&str]) -> bool {
        any.iter().any(|word| self.0.contains(word))
    }

    /// « Relay access denied », « Unable to relay »: we are not among those for whom it sends. Not
    /// « User unknown in relay recipient table ».
    pub fn names_relaying(&self) -> bool {
        self.names(&["relay"]) && !self.names(&["unknown"])
    }

    /// It dislikes what the message says.
    fn names_content(&self) -> bool {
        self.names(&["spam", "virus", "malware", "content", "phish"])
            && !self.names(&["spamhaus", "blocked using"])
    }

    /// The sender's address.
    pub fn names_sender(&self) -> bool {
        self.names(&["sender", "send as", "not owned", "mail from", "return path"])
    }

    /// An account that we should have.
    pub fn names_account(&self) -> bool {
        self.names(&["authenticat", "auth required", "login", "log in"])
    }

    /// How much may be sent.
    pub fn names_quota(&self) -> bool {
        self.names(&["quota", "limit", "too many", "exceeded"])
    }

    fn names_policy(&self) -> bool {
        const WORDS: [&str; 12] = [
            "policy",
            "block",
            "black",
            "denied",
            "reputation",
            "listed",
            "spam",
            "dnsbl",
            "client host",
            "not permitted",
            "permission",
            "reverse dns",
        ];
        self.names(&WORDS) || self.names_sender() || self.names_account() || self.names_quota()
    }
}

#[cfg(test)]
mod tests {
    use super::{About, Phase, Reply, about};
    use About::{Address, Message, Policy, Relaying};

    fn said(phase: Phase, reply: &str) -> About {
        let (code, text) = reply.split_once(' ').expect("a code");
        about(
            phase,
            &Reply {
                code: code.parse().expect("a number"),
                lines: vec![text.to_owned()],
            },
        )
    }

    #[test]
    fn a_refused_recipient_is_an_address_only_where_the_reply_says_so() {
        for (reply, expected) in [
            // Postfix, with its standard words.
            (
                "550 5.1.1 <a@example.org>: Recipient address rejected: User unknown in relay recipient table",
                Address,
            ),
            (
                "550 5.1.1 <a@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
                Address,
            ),
            ("554 5.7.1 <a@example.org>: Relay access denied", Relaying),
            ("550 5.1.1 <a@relay.example.org>: User unknown", Address),
            ("550 5.1.10 Recipient address has null MX", Address),
            ("553 5.1.3 bad syntax", Address),
            ("550 5.2.1 mailbox disabled", Address),
            ("550 unknown user", Address),
            ("551 user not local", Address),
            ("553 mailbox name not allowed", Address),
            ("550 5.0.0 no such user here", Address),
            // Her mailbox as it is now.
            ("552 5.2.2 Mailbox full", Message),
            ("552 storage exceeded", Message),
            ("552 5.3.4 Message too big", Message),
            // Us, or her own policy.
            (
                "554 5.7.1 Service unavailable; Client host [203.0.113.9] blocked using zen.spamhaus.org",
                Policy,
            ),
            (
                "554 5.7.1 <claire@example.org>: Sender address rejected: not owned by user",
                Policy,
            ),
            (
                "550 5.1.8 <claire@example.org>: Sender address rejected: Domain not found",
                Policy,
            ),
            ("553 5.1.7 sender address syntax", Policy),
            ("550 5.1.0 sender rejected", Policy),
            (
                "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
                Policy,
            ),
            ("550 5.7.1 Authentication required", Policy),
            ("550 5.4.5 Daily user sending quota exceeded", Policy),
            (
                "550 5.4.1 Recipient address rejected: Access denied",
                Policy,
            ),
            ("550 5.3.0 no", Policy),
            ("500 5.5.2 line too long", Policy),
            ("554 no", Policy),
            ("550 blocked by our list", Policy),
            ("550 sending limit reached", Policy),
            ("550 sender rejected", Policy),
            ("550 please authenticate first", Policy),
            // The settings.
            (
                "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
                Relaying,
            ),
            ("550 relay not permitted", Relaying),
            ("550 user unknown in relay recipient table", Address),
        ] {
            assert_eq!(said(Phase::Rcpt, reply), expected, "{reply}");
        }
    }

    #[test]
    fn from_data_on_it_is_the_message_unless_it_is_said_of_us() {
        for (reply, expected) in [
            ("554 no", Message),
            ("550 no", Message),
            ("554 rejected as spam", Message),
            ("554 5.7.1 message looks like spam", Message),
            ("554 5.6.0 bad content", Message),
            ("552 5.3.4 too big", Message),
            ("550 5.1.1 no such user", Address),
            // The address was good at RCPT.
            ("550 5.1.3 bad syntax", Message),
            ("550 5.2.1 mailbox disabled", Message),
            ("550 5.4.5 Daily sending quota exceeded", Policy),
            ("554 5.7.1 Message rejected: sending limit exceeded", Policy),
            ("554 sending limit exceeded", Policy),
            ("554 5.7.1 host blocked using zen.spamhaus.org", Policy),
        ] {
            for phase in [Phase::Data, Phase::Body, Phase::End] {
                assert_eq!(said(phase, reply), expected, "{reply} at {phase:?}");
            }
        }
    }
}
