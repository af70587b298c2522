//! One message whole: its headers and its text as a mail program reads them, why it goes, and what
//! became of it.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use mail_parser::MessageParser;
use serde::Serialize;

use super::{MessageView, mailbox};
use crate::french::typographic;
use crate::model::time::{hour, short_date};
use crate::outbox::{Id, Ledger, LedgerError, Pending, Transition};

/// The headers that say something to people, in the order in which they are shown.
const HEADERS: [&str; 8] = [
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "Auto-Submitted",
];

/// A message and its history.
#[derive(Debug)]
pub struct Sheet {
    message: Pending,
    content: Option<Content>,
    journal: Vec<Transition>,
}

/// What is read in a frozen message.
#[derive(Debug, Serialize)]
struct Content {
    headers: Vec<(String, String)>,
    text: String,
    attachments: Vec<String>,
}

impl Sheet {
    /// The message of that number; none where there is none.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn of(ledger: &Ledger, id: Id) -> Result<Option<Self>, LedgerError> {
        let Some(message) = ledger.message(id)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            message,
            content: ledger.content(id)?.as_deref().and_then(Content::of),
            journal: ledger.journal(id)?,
        }))
    }
}

impl Content {
    /// None where the bytes are no message.
    fn of(eml: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse(eml)?;
        let headers = HEADERS.iter().filter_map(|name| {
            let value = message.header_raw(*name)?;
            let shown = match *name {
                "Subject" => message.subject().map(str::to_owned),
                "From" => message.from().map(addresses),
                "To" => message.to().map(addresses),
                "Reply-To" => message.reply_to().map(addresses),
                _ => None,
            };
            let shown = shown.unwrap_or_else(|| value.trim().to_owned());
            Some(((*name).to_owned(), shown))
        });
        // The calendar part among the alternatives has no name: its file has.
        let attachments = message.attachments().filter_map(|part| {
            use mail_parser::MimeHeaders;
            part.attachment_name().map(str::to_owned)
        });
        Some(Self {
            headers: headers.collect(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            attachments: attachments.collect(),
        })
    }
}

fn addresses(list: &mail_parser::Address<'_>) -> String {
    let each = list.iter().map(|one| {
        let address = one.address().unwrap_or_default();
        one.name()
            .map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
    });
    each.collect::<Vec<String>>().join(", ")
}

/// Writes it; instants are shown in the programme's time zone.
///
/// # Errors
/// The output can't be written.
pub fn write_sheet(out: &mut impl Write, sheet: &Sheet, timezone: Tz) -> io::Result<()> {
    let message = &sheet.message;
    let head = format!(
        "n° {}, {} : {}",
        message.id,
        message.kind.french(),
        message.state.french()
    );
    writeln!(out, "{}", typographic(&head))?;
    field(out, "À qui", &mailbox(&message.to))?;
    field(out, "Pourquoi", &message.why)?;
    if let Some(about) = &message.about {
        field(out, "Au sujet de", about)?;
    }
    if let Some(error) = &message.last_error {
        field(out, "Dernière erreur", error)?;
    }
    writeln!(out, "\nCe qui s’est passé")?;
    for transition in &sheet.journal {
        let at = local(transition.at, timezone);
        let reason = transition.reason.as_deref().filter(|it| !it.is_empty());
        let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
        let line = format!("  {at} : {}{reason}", transition.to.french());
        writeln!(out, "{}", typographic(&line))?;
    }
    write_content(out, sheet)
}

fn write_content(out: &mut impl Write, sheet: &Sheet) -> io::Result<()> {
    let Some(content) = &sheet.content else {
        field(out, "\nObjet", &sheet.message.subject)?;
        return writeln!(
            out,
            "Le texte n’est plus dans le registre : il en est effacé dès que le courriel n’a plus à partir."
        );
    };
    writeln!(out)?;
    for (name, value) in &content.headers {
        writeln!(out, "{name}: {value}")?;
    }
    for name in &content.attachments {
        field(out, "Pièce jointe", name)?;
    }
    writeln!(out, "\n{}", content.text.replace("\r\n", "\n").trim_end())
}

fn field(out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
    writeln!(out, "{}", typographic(&format!("{name} : {value}")))
}

/// « 12/01/2021 à 4 h 30 »
fn local(instant: DateTime<Utc>, timezone: Tz) -> String {
    let local = instant.with_timezone(&timezone);
    format!(
        "{} à {}",
        short_date(local.date_naive()),
        hour(local.time())
    )
}

/// The same for other programs.
#[derive(Debug, Serialize)]
pub struct SheetView<'a> {
    #[serde(flatten)]
    message: MessageView<'a>,
    message_id: &'a str,
    journal: Vec<TransitionView<'a>>,
    content: Option<&'a Content>,
}

#[derive(Debug, Serialize)]
struct TransitionView<'a> {
    at: String,
    from: Option<&'static str>,
    to: &'static str,
    reason: Option<&'a str>,
}

impl<'a> SheetView<'a> {
    /// The view of a message.
    #[must_use]
    pub fn new(sheet: &'a Sheet) -> Self {
        let journal = sheet.journal.iter().map(|transition| TransitionView {
            at: transition.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            from: transition.from.map(crate::mails::State::name),
            to: transition.to.name(),
            reason: transition.reason.as_deref(),
        });
        Self {
            message: MessageView::new(&sheet.message),
            message_id: &sheet.message.message_id,
            journal: journal.collect(),
            content: sheet.content.as_ref(),
        }
    }
}
