//! Texts: what each may hold, and words of a list.

use std::fmt::{self, Display};
use std::net::IpAddr;

use super::super::near::nearest;
use super::super::reader::Kind;
use super::super::report::{Given, Report};
use crate::config::Mailbox;

/// A text in quotes; outer spaces don't count.
pub(in super::super) struct Text {
    expected: &'static str,
    holds: fn(&str) -> bool,
    /// Whether a message may repeat the text: not where it may be personal or hold a password.
    shown: bool,
}

/// One line, which may be empty.
pub(in super::super) const LINE: Text = Text {
    expected: "a text in quotes, on one line",
    holds: is_one_line,
    shown: true,
};

/// One line that says something.
pub(in super::super) const NAME: Text = Text {
    expected: "a text in quotes, on one line and not empty",
    holds: |text| !text.is_empty() && is_one_line(text),
    shown: true,
};

/// One or several lines, which may be empty.
pub(in super::super) const PARAGRAPH: Text = Text {
    expected: "a text in quotes",
    holds: |text| {
        !text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    },
    shown: true,
};

/// An e-mail address, or nothing.
pub(in super::super) const EMAIL: Text = Text {
    expected: "one e-mail address, in quotes and with a dot in its domain, or \"\"",
    holds: |text| text.is_empty() || Mailbox::is_address(text),
    shown: false,
};

/// The beginning of a postcode.
pub(in super::super) const POSTCODE: Text = Text {
    expected: "the beginning of a postcode, in quotes: 1 to 10 digits or letters",
    holds: |text| (1..=10).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric()),
    shown: true,
};

/// The name or address of a server, or nothing. Never repeated: `user:password@host` happens.
pub(in super::super) const HOST: Text = Text {
    expected: "the name or the IP address of a server, in quotes and without user, port or path",
    holds: |text| text.is_empty() || text.parse::<IpAddr>().is_ok() || is_host_name(text),
    shown: false,
};

/// A web address, or nothing. Never repeated: it may hold a token.
pub(in super::super) const WEB_ADDRESS: Text = Text {
    expected: "a web address in quotes that begins with https:// (http:// to this machine only), or \"\"",
    holds: |text| text.is_empty() || is_web_address(text),
    shown: false,
};

impl Kind for Text {
    type Value = String;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<String> {
        let text = given.value.get_ref().as_str().map(str::trim);
        let text = text.filter(|text| (self.holds)(text)).map(str::to_owned);
        if self.shown {
            report.accept(given, &self.expected, text)
        } else {
            report.accept_unseen(given, &self.expected, text)
        }
    }
}

fn is_one_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

fn is_web_address(text: &str) -> bool {
    const LONGEST: usize = 2_000;
    let (rest, plain) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (rest, false),
        (_, Some(rest)) => (rest, true),
        _ => return false,
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, "443"),
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_host = !host.is_empty() && (bare.parse::<IpAddr>().is_ok() || is_host_name(host));
    text.len() <= LONGEST
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte))
        && is_host
        && port.parse::<u16>().is_ok()
        && (!plain || is_loopback(bare))
}

/// Whether a server is this machine.
pub(in super::super) fn is_loopback(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// `Name <address>`, an address alone, or nothing.
pub(in super::super) struct MailboxText;

impl Kind for MailboxText {
    type Value = Option<Mailbox>;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<Self::Value> {
        let mailbox = match given.value.get_ref().as_str().map(str::trim) {
            Some("") => Some(None),
            Some(text) => Mailbox::parse(text).map(Some),
            None => None,
        };
        let expected = "one address such as \"PEER CULTURE <peer-culture@example.org>\", or \"\"";
        report.accept_unseen(given, &expected, mailbox)
    }
}

/// One of a few words.
pub(in super::super) struct Choice<T: 'static>(pub &'static [(&'static str, T)]);

impl<T> Display for Choice<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (word, _)) in self.0.iter().enumerate() {
            let before = match index {
                0 => "",
                _ if index + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(out, "{before}\"{word}\"")?;
        }
        Ok(())
    }
}

impl<T: Copy> Kind for Choice<T> {
    type Value = T;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<T> {
        let text = given.value.get_ref().as_str().unwrap_or_default();
        let chosen = self.0.iter().find(|(word, _)| *word == text);
        report.accept(given, self, chosen.map(|(_, value)| *value))
    }
}

/// "; did you mean X?" where a known word is near, else nothing.
pub(super) fn proposal<'c>(word: &str, known: impl IntoIterator<Item = &'c str>) -> String {
    match nearest(word, known) {
        Some(near) => format!("; did you mean \"{near}\"?"),
        None => String::new(),
    }
}
