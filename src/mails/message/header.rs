//! From, To and Reply-To as they are written: one name, one address.
//!
//! By hand: lettre takes `J.Martin` for an atom, which RFC 5322 §3.2.3 doesn't, and puts no fold
//! between a name and its address, so that a line with an encoded word is longer than the 76
//! characters of RFC 2047 §2.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::message::Mailbox;
use lettre::message::header::{HeaderName, HeaderValue};

/// The longest line of a field with encoded words (RFC 2047 §2).
const LINE: usize = 76;

/// So many bytes of a name in an encoded word: with `=?utf-8?b?`, `?=` and the longest of our
/// headers that is a line.
const WORD: usize = 39;

const FOLD: &str = "\r\n ";

/// The header of that name.
pub(super) fn address(header: &'static str, mailbox: &Mailbox) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str(header),
        mailbox.email.to_string(),
        value(header, mailbox),
    )
}

fn value(header: &str, mailbox: &Mailbox) -> String {
    // Checked when it was read: ASCII, without blanks.
    let address = mailbox.email.to_string();
    let Some(name) = &mailbox.name else {
        return address;
    };
    let begun = header.len() + ": ".len();
    let phrase = phrase(name, LINE.saturating_sub(begun));
    let last = match phrase.rsplit_once(FOLD) {
        Some((_, last)) => last.len() + " ".len(),
        None => begun + phrase.len(),
    };
    let address = format!("<{address}>");
    let is_full = last + " ".len() + address.len() > LINE;
    let between = if is_full { FOLD } else { " " };
    [&phrase, between, &address].concat()
}

/// A name as it is, in quotes where RFC 5322 §3.2.4 wants them, or in encoded words where it holds
/// anything else, or doesn't fit on a line.
fn phrase(name: &str, room: usize) -> String {
    let is_atom = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let is_plain = |byte: u8| is_atom(byte) || b" .\\\"".contains(&byte);
    let written = if name.bytes().all(is_atom) {
        name.to_owned()
    } else if name.bytes().all(is_plain) {
        let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{escaped}\"")
    } else {
        return in_words(name);
    };
    if written.len() > room {
        return in_words(name);
    }
    written
}

/// In encoded words of RFC 2047, each a line and each of whole characters.
fn in_words(name: &str) -> String {
    let mut parts: Vec<String> = vec![String::new()];
    for letter in name.chars() {
        let is_full = |part: &String| part.len() + letter.len_utf8() > WORD;
        if parts.last().is_none_or(is_full) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    let words = parts.iter().map(|part| {
        let encoded = STANDARD.encode(part);
        format!("=?utf-8?b?{encoded}?=")
    });
    words.collect::<Vec<_>>().join(FOLD)
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;
    use proptest::prelude::*;

    use super::*;

    fn written(header: &str, name: &str, address: &str) -> String {
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        let mailbox = Mailbox::new(name, address.parse().unwrap());
        format!("{header}: {}", value(header, &mailbox))
    }

    fn to(name: &str, address: &str) -> String {
        written("To", name, address)
    }

    #[test]
    fn a_name_is_quoted_where_it_must_be_and_only_there() {
        let short = |name| to(name, "j@example.org");
        assert_eq!(short(""), "To: j@example.org");
        assert_eq!(short("Jeanne"), "To: Jeanne <j@example.org>");
        assert_eq!(short("J.Martin"), "To: \"J.Martin\" <j@example.org>");
        assert_eq!(short("Al \"J\\"), "To: \"Al \\\"J\\\\\" <j@example.org>");
        assert_eq!(short("Zoé"), "To: =?utf-8?b?Wm/DqQ==?= <j@example.org>");
        let odd = short("a@b.example, c <d@e.example>");
        assert!(odd.starts_with("To: =?utf-8?b?"), "{odd}");
    }

    #[test]
    fn the_address_stands_on_a_line_of_its_own_where_both_are_too_long_for_one() {
        let bernadette = "bernadette@memoiresdaval.example.org";
        assert_eq!(
            to("Bernadette Soulé", bernadette),
            format!("To: =?utf-8?b?QmVybmFkZXR0ZSBTb3Vsw6k=?=\r\n <{bernadette}>")
        );
        // 76 characters are a line, 77 are two.
        let fits = to("Anne", &format!("{}@example.org", "a".repeat(53)));
        assert_eq!((fits.len(), fits.contains("\r\n")), (76, false));
        let folded = to("Annie", &format!("{}@example.org", "a".repeat(53)));
        assert!(folded.contains("To: Annie\r\n <"), "{folded}");
    }

    fn header() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["From", "To", "Reply-To"])
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_name_is_read_back_on_short_lines(
            header in header(),
            name in "[^\\p{Cc}\\p{Z}]([^\\p{Cc}]{0,198}[^\\p{Cc}\\p{Z}])?|[a-z.\\\\\" ]{1,90}[a-z]",
            local in "[a-z]{1,50}",
        ) {
            let address = format!("{local}@example.org");
            // As `one_line` leaves it: nothing in it reads as an encoded word, or is invisible.
            let name = super::super::one_line(&name);
            let text = written(header, &name, &address);
            prop_assert!(text.is_ascii());
            prop_assert!(!text.replace("\r\n ", "").contains(['\r', '\n']));
            prop_assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{}", text);
            let message = format!("{text}\r\n\r\n");
            let message = MessageParser::default().parse(&message).unwrap();
            let all = match header {
                "From" => message.from(),
                "To" => message.to(),
                _ => message.reply_to(),
            };
            let all: Vec<_> = all.unwrap().iter().collect();
            prop_assert_eq!(all.len(), 1);
            prop_assert_eq!(all[0].address(), Some(&*address));
            prop_assert_eq!(all[0].name().unwrap_or_default(), &name);
        }
    }
}
