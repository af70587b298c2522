//! E-mail addresses: what counts as one, and how two are compared (programme.md §2, DON03;
//! hazards.md "Text from cells").

use std::borrow::Cow;

/// RFC 5321 §4.5.3.1.1, in octets.
const LOCAL_MAX: usize = 64;
/// RFC 5321 §4.5.3.1.3 less the two angle brackets, in octets.
const TOTAL_MAX: usize = 254;
/// RFC 1035 §2.3.4, in octets.
const LABEL_MAX: usize = 63;

/// An address as it was typed, cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// The text.
    pub text: Box<str>,
}

impl Email {
    /// The form under which it is compared. Most are typed in lower case: those are only lent.
    pub fn key(&self) -> Cow<'_, str> {
        let is_plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
        if self.text.bytes().all(is_plain) {
            Cow::Borrowed(&self.text)
        } else {
            Cow::Owned(email_key(&self.text))
        }
    }
}

/// Why a text is no address that can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailFault {
    /// No `@`, or more than one (two addresses, for instance).
    #[error("not exactly one @")]
    At,
    /// The part before the `@` isn't an ASCII dot-atom of at most 64 octets (RFC 5322 §3.2.3).
    /// An accented one would need SMTPUTF8 all the way to the recipient.
    #[error("bad local part")]
    Local,
    /// The domain has no dot, or a label that cannot exist.
    #[error("bad domain")]
    Domain,
    /// More than 254 octets.
    #[error("too long")]
    Length,
}

/// The address as it goes to a mail server, an accented domain as punycode.
///
/// `address` is one bare address: no name, no angle brackets, no blanks around it.
///
/// # Errors
/// Says which part is at fault.
pub fn to_ascii(address: &str) -> Result<Cow<'_, str>, EmailFault> {
    let (local, domain) = address.split_once('@').ok_or(EmailFault::At)?;
    if domain.contains('@') {
        return Err(EmailFault::At);
    }
    if !is_dot_atom(local) || local.len() > LOCAL_MAX {
        return Err(EmailFault::Local);
    }
    let ascii = if domain.is_ascii() {
        Cow::Borrowed(address)
    } else {
        Cow::Owned(format!("{local}@{}", punycode(domain)?))
    };
    let ascii_domain = ascii.get(local.len() + 1..).unwrap_or_default();
    if !is_domain(ascii_domain) {
        return Err(EmailFault::Domain);
    }
    if ascii.len() > TOTAL_MAX {
        return Err(EmailFault::Length);
    }
    Ok(ascii)
}

/// Whether `address` is one valid address.
#[must_use]
pub fn is_valid(address: &str) -> bool {
    is_plain(address) || to_ascii(address).is_ok()
}

/// Words of ASCII letters and digits parted by single dots around one `@`, the last one ending with
/// a letter: what most addresses are, told in one pass. Many others are valid too.
fn is_plain(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else {
        return false;
    };
    address.len() <= TOTAL_MAX
        && local.len() <= LOCAL_MAX
        && is_dotted(local)
        && is_dotted(domain)
        && domain.contains('.')
        && domain.ends_with(|c: char| c.is_ascii_alphabetic())
}

fn is_dotted(text: &str) -> bool {
    let mut word = 0;
    let fits = text.bytes().all(|byte| {
        if byte == b'.' {
            return std::mem::take(&mut word) > 0;
        }
        word += 1;
        byte.is_ascii_alphanumeric() && word <= LABEL_MAX
    });
    fits && word > 0
}

/// The form under which addresses are compared: without case and outer spaces.
#[must_use]
pub fn email_key(address: &str) -> String {
    address.trim().to_lowercase()
}

fn punycode(domain: &str) -> Result<String, EmailFault> {
    // IDNA maps some invisible and full-width characters away: what was typed is then not what is
    // shown, so that only letters, marks, digits, hyphens and dots are let through.
    let plain = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '.' | '-')
            || unicode_normalization::char::is_combining_mark(c)
    };
    if !domain.chars().all(plain) {
        return Err(EmailFault::Domain);
    }
    idna::domain_to_ascii_strict(domain).map_err(|_| EmailFault::Domain)
}

fn is_dot_atom(local: &str) -> bool {
    local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

/// RFC 5322 §3.2.3.
fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_domain(domain: &str) -> bool {
    let Some((_, top)) = domain.rsplit_once('.') else {
        return false;
    };
    // A top label of digits would be an IP address.
    domain.split('.').all(is_label) && !top.bytes().all(|b| b.is_ascii_digit())
}

fn is_label(label: &str) -> bool {
    if label.is_empty() || label.len() > LABEL_MAX {
        return false;
    }
    let hyphen = |b: Option<&u8>| b == Some(&b'-');
    let bytes = label.as_bytes();
    if hyphen(bytes.first()) || hyphen(bytes.last()) {
        return false;
    }
    if !bytes
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || *b == b'-')
    {
        return false;
    }
    // An encoded label must be one that can be decoded.
    !label
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
        || idna::domain_to_ascii_strict(label).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_addresses_are_valid_as_they_are() {
        for address in [
            "zoe@example.org",
            "Zoe.Martin+atelier@Example.ORG",
            "o'brien@example.org",
            "a@b.c",
            "contact@sous-domaine.example.museum",
            "x_y-z=1@123.example.org",
        ] {
            assert_eq!(to_ascii(address), Ok(Cow::Borrowed(address)));
        }
    }

    #[test]
    fn an_accented_domain_goes_out_as_punycode() {
        assert_eq!(
            to_ascii("zoe@théâtre.example").as_deref(),
            Ok("zoe@xn--thtre-4qa2c.example")
        );
        assert_eq!(
            to_ascii("zoe@THÉÂTRE.example").as_deref(),
            Ok("zoe@xn--thtre-4qa2c.example")
        );
        assert!(is_valid("zoe@xn--thtre-4qa2c.example"));
        assert!(!is_valid("zoe@xn--\u{7f}.example"));
        assert!(!is_valid("zoe@xn--a.example"));
    }

    #[test]
    fn faults_are_told_apart() {
        use EmailFault::{At, Domain, Local};
        for (address, fault) in [
            ("", At),
            ("zoe", At),
            ("zoe@a.org@b.org", At),
            ("zoe@a.org;max@b.org", At),
            ("@example.org", Local),
            (".zoe@example.org", Local),
            ("zoe.@example.org", Local),
            ("zo..e@example.org", Local),
            ("zoé@example.org", Local),
            ("Zoé Martin <zoe@example.org>", Local),
            ("<zoe@example.org>", Local),
            ("mailto:zoe@example.org", Local),
            ("zoe martin@example.org", Local),
            ("zoe @example.org", Local),
            ("\"zoe\"@example.org", Local),
            ("zoe@", Domain),
            ("zoe@example", Domain),
            ("zoe@example.", Domain),
            ("zoe@.org", Domain),
            ("zoe@example..org", Domain),
            ("zoe@-example.org", Domain),
            ("zoe@example-.org", Domain),
            ("zoe@exa_mple.org", Domain),
            ("zoe@example.org.", Domain),
            ("zoe@example.org,", Domain),
            ("zoe@example.org>", Domain),
            ("zoe@example.org (perso)", Domain),
            ("zoe@ example.org", Domain),
            ("zoe@192.168.0.1", Domain),
            ("zoe@[192.168.0.1]", Domain),
            ("zoe@théâtre", Domain),
            ("zoe@thé âtre.example", Domain),
            ("zoe@thé\u{200b}âtre.example", Domain),
        ] {
            assert_eq!(to_ascii(address), Err(fault), "{address}");
        }
    }

    #[test]
    fn lengths_are_exact() {
        let domain = "example.org";
        assert!(is_valid(&format!("{}@{domain}", "a".repeat(64))));
        assert!(!is_valid(&format!("{}@{domain}", "a".repeat(65))));
        assert!(is_valid(&format!("a@{}.org", "b".repeat(63))));
        assert!(!is_valid(&format!("a@{}.org", "b".repeat(64))));
        let long = |last: usize| {
            let label = "b".repeat(63);
            format!("a@{label}.{label}.{label}.{}", "c".repeat(last))
        };
        assert_eq!(long(60).len(), 254);
        assert!(is_valid(&long(60)));
        assert_eq!(to_ascii(&long(61)), Err(EmailFault::Length));
    }

    #[test]
    fn keys_ignore_case_and_outer_spaces() {
        assert_eq!(email_key(" Zoe@Example.ORG\u{A0}"), "zoe@example.org");
        assert_ne!(email_key("zoe@example.org"), email_key("z.oe@example.org"));
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in any::<String>()) {
            let _ = to_ascii(&text);
            let _ = email_key(&text);
        }

        #[test]
        fn what_is_plain_is_valid(text in "[aZ9.@é-]{0,9}@[aZ9.-]{1,9}") {
            prop_assert!(!is_plain(&text) || to_ascii(&text).is_ok());
        }

        #[test]
        fn what_is_valid_stays_so_in_ascii(text in "[a-z.]{1,8}@[a-zéèà.-]{1,16}") {
            if let Ok(ascii) = to_ascii(&text) {
                prop_assert!(ascii.is_ascii());
                prop_assert!(is_valid(&ascii));
            }
        }
    }
}
