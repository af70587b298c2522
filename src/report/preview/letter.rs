//! An e-mail as its reader will see it: read back from the very bytes that leave.

use std::fmt;

use mail_parser::{Address, Message, MessageParser, MimeHeaders};

use crate::mails::Kind;

/// Why an e-mail is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It waits for the coordinator's yes.
    AwaitsApproval,
    /// The next run sends it.
    Goes,
    /// It may have left or not: the coordinator settles it.
    InDoubt,
}

/// An e-mail of the plan, or one that an earlier night left.
#[derive(Debug)]
pub struct Letter {
    /// Why it is on the page.
    pub status: Status,
    /// What an earlier night made of it, in French, where it isn't tonight's.
    pub left_over: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// Why it goes, in French.
    pub why: String,
    /// Workbook, sheet and row on whose account it goes.
    pub about: Option<String>,
    /// What its reader sees.
    pub seen: Seen,
}

/// Somebody in a header.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    /// The name; may be empty.
    pub name: String,
    /// The address.
    pub address: String,
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            f.write_str(&self.address)
        } else {
            write!(f, "{} <{}>", self.name, self.address)
        }
    }
}

/// What a mail program shows.
#[derive(Debug, Default)]
pub struct Seen {
    /// Whom it goes to.
    pub to: Person,
    /// Who it is from.
    pub from: Person,
    /// Where answers go.
    pub reply_to: Person,
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The calendar part.
    pub calendar: Option<String>,
    /// It answers an earlier e-mail about the same thing.
    pub is_answer: bool,
}

impl Seen {
    /// Reads a message; none where the bytes are none.
    pub fn in_message(eml: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse(eml)?;
        Some(Self {
            to: person(message.to()),
            from: person(message.from()),
            reply_to: person(message.reply_to()),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: lines(&message.body_text(0).unwrap_or_default()),
            html: lines(&message.body_html(0).unwrap_or_default()),
            calendar: calendar(&message),
            is_answer: message.in_reply_to().as_text().is_some(),
        })
    }
}

fn calendar(message: &Message) -> Option<String> {
    let is_calendar = |part: &&mail_parser::MessagePart| {
        part.content_type()
            .is_some_and(|kind| kind.ctype() == "text" && kind.subtype() == Some("calendar"))
    };
    let part = message.parts.iter().find(is_calendar)?;
    str::from_utf8(part.contents()).ok().map(lines)
}

/// Our messages have one person in each of these headers.
fn person(list: Option<&Address>) -> Person {
    let first = list.and_then(Address::first);
    let text = |text: Option<&str>| text.unwrap_or_default().trim().to_owned();
    Person {
        name: text(first.and_then(|one| one.name())),
        address: text(first.and_then(|one| one.address())),
    }
}

fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}
