//! The message as it leaves: RFC 5322 headers, one recipient, a text and an HTML part.
//!
//! The same rendered e-mail, settings, date and Message-ID give the same bytes: they are frozen in
//! the ledger, and every try sends them again (hazards.md, "Sending: the protocol").

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;

use chrono::{DateTime, FixedOffset};
use lettre::Address;
use lettre::message::header::{
    ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue,
};
use lettre::message::{Body, Mailbox, Message, MultiPart, MultiPartKind, SinglePart};
use sha2::{Digest, Sha256};

use crate::config::{self, Settings, Transport};
use crate::model::email::{self, EmailFault};
use crate::sheets::cells::clean_line;

use super::draft::Draft;
use super::kind::Kind;
use super::render::Rendered;

/// Who e-mails are from while no coordinator is named, in files only (RFC 2606: a domain that never
/// exists).
const PLACEHOLDER: &str = "adresse-a-renseigner@peer-culture.invalid";

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

/// The message, ready to be handed over. `date` is the moment at which it was planned;
/// `message_id` comes from [`message_id`].
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
) -> Result<Vec<u8>, MessageError> {
    // lettre panics on some texts (hazards.md); everything is cleaned, and one message never stops
    // the others whatever comes.
    let built = catch_unwind(AssertUnwindSafe(|| {
        build(rendered, draft, settings, date, message_id)
    }));
    built.unwrap_or_else(|_| Err(MessageError::Build("lettre panicked".to_owned())))
}

fn build(
    rendered: &Rendered,
    draft: &Draft,
    settings: &Settings,
    date: DateTime<FixedOffset>,
    message_id: &str,
) -> Result<Vec<u8>, MessageError> {
    let to = mailbox(Some(&draft.to.name), &draft.to.address).map_err(MessageError::Recipient)?;
    let mut builder = Message::builder()
        .from(sender(settings)?)
        .to(to)
        .subject(one_line(&rendered.subject))
        // lettre writes dates in UTC, which is the same moment.
        .date(SystemTime::from(date))
        .message_id(Some(message_id.to_owned()))
        .header(AutoSubmitted);
    if let Some(reply_to) = settings.reply_to() {
        builder = builder.reply_to(configured(&reply_to, "mail.reply_to")?);
    }
    let parts = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary(message_id))
        .singlepart(part(ContentType::TEXT_PLAIN, &rendered.text)?)
        .singlepart(part(ContentType::TEXT_HTML, &rendered.html)?);
    let message = builder
        .multipart(parts)
        .map_err(|error| MessageError::Build(error.to_string()))?;
    Ok(message.formatted())
}

/// Always encoded: a bare CR or LF in a 7bit body would reach the wire (RUSTSEC-2026-0561).
fn part(content_type: ContentType, text: &str) -> Result<SinglePart, MessageError> {
    let encoding = ContentTransferEncoding::QuotedPrintable;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let body = Body::new_with_encoding(text, encoding)
        .map_err(|_| MessageError::Build("the body can't be encoded".to_owned()))?;
    Ok(SinglePart::builder().header(content_type).body(body))
}

/// The same for a message whenever it is built; what is encoded as quoted-printable can't hold it,
/// since `=_` is no encoding of anything (RFC 2045 §6.7).
fn boundary(message_id: &str) -> String {
    format!("=_{}", hex(&Sha256::digest(message_id.as_bytes()), 16))
}

fn sender(settings: &Settings) -> Result<Mailbox, MessageError> {
    match settings.sender() {
        Some(sender) => configured(&sender, "mail.from"),
        None if settings.mail.transport == Transport::File => {
            mailbox(Some(&settings.programme.name), PLACEHOLDER).map_err(|fault| {
                MessageError::Setting {
                    setting: "mail.from",
                    fault,
                }
            })
        }
        None => Err(MessageError::NoSender),
    }
}

fn configured(given: &config::Mailbox, setting: &'static str) -> Result<Mailbox, MessageError> {
    mailbox(given.name.as_deref(), &given.email)
        .map_err(|fault| MessageError::Setting { setting, fault })
}

/// One address, an accented domain as punycode, with a name on one line.
fn mailbox(name: Option<&str>, address: &str) -> Result<Mailbox, EmailFault> {
    let ascii = email::to_ascii(address)?;
    let address: Address = ascii.parse().map_err(|_| EmailFault::Local)?;
    let name = name.map(one_line).filter(|name| !name.is_empty());
    let name = name.map(quotable);
    Ok(Mailbox::new(name, address))
}

/// A name that lettre puts in quotes when RFC 5322 §3.2.5 wants it: it takes `J.Martin` for an atom,
/// and a blank at the end is what makes it see that it is none.
fn quotable(mut name: String) -> String {
    if name.contains('.') && name.is_ascii() && !name.contains(' ') {
        name.push(' ');
    }
    name
}

/// On one line, without control and invisible characters, and without what would read as an encoded
/// word (RFC 2047 §2) although nobody encoded it.
fn one_line(text: &str) -> String {
    let line: String = clean_line(text)
        .chars()
        .filter(|c| !c.is_control() && !crate::model::fold::is_invisible(*c))
        .collect();
    line.trim().replace("=?", "= ?")
}

fn hex(bytes: &[u8], length: usize) -> String {
    bytes
        .iter()
        .take(length)
        .fold(String::new(), |mut hex, byte| {
            // Writing to a string can't fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests;
