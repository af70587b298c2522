//! Addresses and texts that are fit for a header.

use lettre::Address;
use lettre::message::Mailbox;

use super::MessageError;
use crate::config::{self, Settings, Transport};
use crate::model::email::{self, EmailFault};
use crate::sheets::cells::clean_line;

/// Who e-mails are from while no coordinator is named, in files only (RFC 2606: a domain that never
/// exists).
const PLACEHOLDER: &str = "adresse-a-renseigner@peer-culture.invalid";

/// So many characters of a name are enough for anybody, and keep a slip in a cell out of headers.
const LONGEST_NAME: usize = 200;

/// Who an e-mail is from.
pub(in crate::mails) fn sender(settings: &Settings) -> Result<Mailbox, MessageError> {
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

/// Where answers go, where that is another address.
pub(in crate::mails) fn reply_to(settings: &Settings) -> Result<Option<Mailbox>, MessageError> {
    let reply_to = settings.reply_to();
    reply_to
        .map(|reply_to| configured(&reply_to, "mail.reply_to"))
        .transpose()
}

fn configured(given: &config::Mailbox, setting: &'static str) -> Result<Mailbox, MessageError> {
    mailbox(given.name.as_deref(), &given.email)
        .map_err(|fault| MessageError::Setting { setting, fault })
}

/// One address, an accented domain as punycode, with a name on one line.
pub(in crate::mails) fn mailbox(name: Option<&str>, address: &str) -> Result<Mailbox, EmailFault> {
    let ascii = email::to_ascii(address)?;
    let address: Address = ascii.parse().map_err(|_| EmailFault::Local)?;
    let name = name.map(one_line).filter(|name| !name.is_empty());
    let name = name.map(|name| clipped(&name, LONGEST_NAME));
    Ok(Mailbox::new(name, address))
}

/// On one line, without control and invisible characters, and without what would read as an encoded
/// word (RFC 2047 §2) although nobody encoded it.
pub(in crate::mails) fn one_line(text: &str) -> String {
    let line: String = clean_line(text)
        .chars()
        .filter(|c| !c.is_control() && !crate::model::fold::is_invisible(*c))
        .collect();
    line.trim().replace("=?", "= ?")
}

/// At most so many characters, an ellipsis where more were there.
pub(in crate::mails) fn clipped(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
    }
}

/// So many bytes in hexadecimal.
pub(in crate::mails) fn hex(bytes: &[u8], length: usize) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    let pair = |byte: &u8| [digit(byte >> 4), digit(byte & 0xf)];
    bytes.iter().take(length).flat_map(pair).collect()
}
