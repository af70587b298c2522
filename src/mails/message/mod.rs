//! The message as it leaves: RFC 5322 headers, one recipient, a text and an HTML part, and a
//! calendar part where there is one.
//!
//! The same rendered e-mail, settings, date and Message-ID give the same bytes: they are frozen in
//! the ledger, and every try sends them again (hazards.md, "Sending: the protocol").

mod address;
mod header;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;

use chrono::{DateTime, FixedOffset};
use lettre::address::Envelope;
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue,
};
use lettre::message::{Body, Mailbox, Message, MultiPart, MultiPartKind, SinglePart};
use sha2::{Digest, Sha256};

use crate::config::{Language, Settings};
use crate::model::email::EmailFault;

use super::calendar::{self, Invitation};
use super::draft::{Draft, Recipient};
use super::kind::Kind;
use super::render::Rendered;

pub(super) use address::{clipped, hex, mailbox, one_line, reply_to, sender};

/// The attachment's name: ours, never from a cell.
const CALENDAR_FILE: &str = "invitation.ics";

/// Why a message can't be made. English: for the operator.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// The recipient's address.
    #[error("the recipient's address can't be written to: {0}")]
    Recipient(EmailFault),
    /// An address of `programme.toml`.
    #[error("the address in {setting} can't be used: {fault}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// What is wrong.
        fault: EmailFault,
    },
    /// Nobody to send as.
    #[error("neither mail.from nor coordinator.email is given")]
    NoSender,
    /// The message could not be put together.
    #[error("the message can't be built: {0}")]
    Build(String),
}

/// RFC 3834 §5: no automatic answer to an automatic e-mail.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// RFC 3282: which language to read it aloud in, and not to offer a translation of.
#[derive(Clone)]
struct ContentLanguage(Language);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(Language::Fr))
    }

    fn display(&self) -> HeaderValue {
        let tag = match self.0 {
            Language::Fr => "fr",
        };
        HeaderValue::new(Self::name(), tag.to_owned())
    }
}

/// The Message-ID of an e-mail, in angle brackets: the same at every try, from its business key and
/// the sender's domain.
///
/// # Errors
///
/// Nobody to send as, or the sender's address can't be used.
pub fn message_id(
    kind: Kind,
    key: &str,
    address: &str,
    settings: &Settings,
) -> Result<String, MessageError> {
    let sender = sender(settings)?;
    let business_key = format!("{}|{key}|{}", kind.name(), address.to_lowercase());
    // 160 bits: far more than a ledger's messages need, and a header line stays short.
    let local = hex(&Sha256::digest(business_key.as_bytes()), 20);
    Ok(format!("<{local}@{}>", sender.email.domain()))
}

/// A file that goes with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name: ours, never from a cell.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The message, ready to be handed over. `date` is the moment at which it was planned;
/// `message_id` comes from [`message_id`]; a `file` goes with it.
///
/// # Errors
///
/// An address can't be written to, or nobody is named to send as.
pub fn message(
    rendered: &Rendered,
    draft: &Draft,
    settings: &Settings,
    date: DateTime<FixedOffset>,
    message_id: &str,
    file: Option<&Attachment>,
) -> Result<Vec<u8>, MessageError> {
    // lettre panics on some texts (hazards.md); everything is cleaned, and one message never stops
    // the others whatever comes.
    let built = catch_unwind(AssertUnwindSafe(|| {
        build(rendered, draft, settings, date, message_id, file)
    }));
    built.unwrap_or_else(|_| Err(MessageError::Build("lettre panicked".to_owned())))
}

fn build(
    rendered: &Rendered,
    draft: &Draft,
    settings: &Settings,
    date: DateTime<FixedOffset>,
    message_id: &str,
    file: Option<&Attachment>,
) -> Result<Vec<u8>, MessageError> {
    let to = mailbox(Some(&draft.to.name), &draft.to.address).map_err(MessageError::Recipient)?;
    let from = sender(settings)?;
    let reply_to = reply_to(settings)?;
    // Names are put in below.
    let unnamed = |mailbox: &Mailbox| Mailbox::new(None, mailbox.email.clone());
    // Given, so that lettre doesn't read it from the headers.
    let envelope = Envelope::new(Some(from.email.clone()), vec![to.email.clone()])
        .map_err(|error| MessageError::Build(error.to_string()))?;
    let mut builder = Message::builder()
        .envelope(envelope)
        .from(unnamed(&from))
        .to(unnamed(&to))
        .subject(one_line(&rendered.subject))
        // lettre writes dates in UTC, which is the same moment.
        .date(SystemTime::from(date))
        .message_id(Some(message_id.to_owned()))
        .header(AutoSubmitted)
        .header(ContentLanguage(settings.programme.language));
    if let Some(reply_to) = &reply_to {
        builder = builder.reply_to(unnamed(reply_to));
    }
    if let Some(latest) = draft.references.last() {
        builder = builder
            .in_reply_to(latest.clone())
            .references(draft.references.join(" "));
    }
    let calendar = draft.calendar.as_ref();
    let calendar = calendar
        .map(|invitation| calendar_parts(invitation, &draft.to, settings, date))
        .transpose()?;
    let (invitation, invitation_file) = calendar.unzip();
    let parts = alternative(rendered, invitation, message_id)?;
    let file = file.map(attached).transpose()?;
    let mut files = invitation_file.into_iter().chain(file).peekable();
    let message = if files.peek().is_none() {
        builder.multipart(parts)
    } else {
        let mixed = MultiPart::builder()
            .kind(MultiPartKind::Mixed)
            .boundary(boundary(&["mixed", message_id].concat()))
            .multipart(parts);
        builder.multipart(files.fold(mixed, MultiPart::singlepart))
    };
    let mut message = message.map_err(|error| MessageError::Build(error.to_string()))?;
    let headers = message.headers_mut();
    headers.insert_raw(header::address("From", &from));
    headers.insert_raw(header::address("To", &to));
    if let Some(reply_to) = &reply_to {
        headers.insert_raw(header::address("Reply-To", reply_to));
    }
    Ok(message.formatted())
}

/// The same three times over, from the plainest to the one that says most (RFC 2046 §5.1.4):
/// calendars look for theirs last.
fn alternative(
    rendered: &Rendered,
    invitation: Option<SinglePart>,
    message_id: &str,
) -> Result<MultiPart, MessageError> {
    let parts = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary(message_id))
        .singlepart(part(ContentType::TEXT_PLAIN, &rendered.text)?)
        .singlepart(part(ContentType::TEXT_HTML, &rendered.html)?);
    Ok(match invitation {
        None => parts,
        Some(invitation) => parts.singlepart(invitation),
    })
}

/// The calendar part as mail programs look for it (RFC 6047 §2.4), and the same as a file for
/// those that only show attachments.
fn calendar_parts(
    invitation: &Invitation,
    to: &Recipient,
    settings: &Settings,
    date: DateTime<FixedOffset>,
) -> Result<(SinglePart, SinglePart), MessageError> {
    let text = calendar::text(invitation, to, settings, date)?;
    let method = invitation.method.name();
    let inline = ["text/calendar; charset=utf-8; method=", method].concat();
    // Not text/calendar again: some programs would then show the invitation twice.
    let file = format!("application/ics; name=\"{CALENDAR_FILE}\"");
    let disposition = ContentDisposition::attachment(CALENDAR_FILE);
    Ok((
        SinglePart::builder()
            .header(content_type(&inline)?)
            .body(in_base64(text.as_bytes())?),
        SinglePart::builder()
            .header(content_type(&file)?)
            .header(disposition)
            .body(in_base64(text.as_bytes())?),
    ))
}

fn attached(file: &Attachment) -> Result<SinglePart, MessageError> {
    let media_type = format!("{}; name=\"{}\"", file.media_type, file.name);
    Ok(SinglePart::builder()
        .header(content_type(&media_type)?)
        .header(ContentDisposition::attachment(file.name))
        .body(in_base64(&file.bytes)?))
}

fn content_type(text: &str) -> Result<ContentType, MessageError> {
    ContentType::parse(text).map_err(|error| MessageError::Build(error.to_string()))
}

/// Folded lines end in CRLF and may begin with a blank: base64 keeps them to the byte.
fn in_base64(bytes: &[u8]) -> Result<Body, MessageError> {
    Body::new_with_encoding(bytes.to_vec(), ContentTransferEncoding::Base64)
        .map_err(|_| MessageError::Build("an attachment can't be encoded".to_owned()))
}

/// Always encoded: a bare CR or LF in a 7bit body would reach the wire (RUSTSEC-2026-0561).
fn part(content_type: ContentType, text: &str) -> Result<SinglePart, MessageError> {
    let encoding = ContentTransferEncoding::QuotedPrintable;
    let body = Body::new_with_encoding(in_lines(text), encoding)
        .map_err(|_| MessageError::Build("the body can't be encoded".to_owned()))?;
    Ok(SinglePart::builder().header(content_type).body(body))
}

/// Whatever ends its lines, CRLF ends them then, as RFC 2045 §6.7 asks for before encoding. (lettre
/// does it in place: each line's end moves all that comes after.)
fn in_lines(text: &str) -> Vec<u8> {
    let text = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    };
    text.replace('\n', "\r\n").into_bytes()
}

/// The same for a message whenever it is built; what is encoded as quoted-printable can't hold it,
/// since `=_` is no encoding of anything (RFC 2045 §6.7).
fn boundary(message_id: &str) -> String {
    format!("=_{}", hex(&Sha256::digest(message_id.as_bytes()), 16))
}

#[cfg(test)]
mod tests;
