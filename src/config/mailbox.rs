//! An e-mail address with the name that goes before it.

/// Who an e-mail is from, or where answers go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name that readers see; `None`: the address alone.
    pub name: Option<String>,
    /// The address, with a dot in its domain; accents are possible in either half.
    pub email: String,
}

impl Mailbox {
    /// Reads `Name <address>`, `"Name" <address>` or `address`; names may have accents and need no
    /// quotes. `None` where the text is none of them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, email) = match text.strip_suffix('>') {
            Some(rest) => rest.rsplit_once('<')?,
            None => ("", text),
        };
        let name = name.trim();
        let name = name
            .strip_prefix('"')
            .and_then(|name| name.strip_suffix('"'))
            .unwrap_or(name);
        let email = email.trim();
        if !Self::is_address(email) || name.chars().any(|c| c.is_control() || "<>\"".contains(c)) {
            return None;
        }
        Some(Self {
            name: (!name.is_empty()).then(|| name.to_owned()),
            email: email.to_owned(),
        })
    }

    /// Whether `text` is one e-mail address, nothing around it, with a dot in its domain
    /// (`programme.md` §2).
    #[must_use]
    pub fn is_address(text: &str) -> bool {
        text.parse::<lettre::Address>().is_ok_and(|address| {
            let labels = address.domain().split('.');
            labels.clone().count() > 1
                && labels.clone().all(|label| !label.is_empty())
                && !address.domain().starts_with('[')
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_an_address_with_or_without_a_name() {
        let named = Mailbox {
            name: Some("Équipe PEER CULTURE, Toulouse".to_owned()),
            email: "equipe@example.org".to_owned(),
        };
        for text in [
            "Équipe PEER CULTURE, Toulouse <equipe@example.org>",
            "\"Équipe PEER CULTURE, Toulouse\" <equipe@example.org>",
        ] {
            assert_eq!(Mailbox::parse(text).as_ref(), Some(&named), "{text}");
        }
        let bare = Mailbox::parse("equipe@example.org").expect("an address alone");
        assert_eq!(bare.name, None);
    }

    #[test]
    fn two_addresses_or_line_breaks_are_no_mailbox() {
        for text in [
            "a@example.org, b@example.org",
            "a@example.org <b@example.org",
            "A\nBcc: c@example.org <a@example.org>",
            "A <a@example.org> <b@example.org>",
            "A <>",
            "",
        ] {
            assert_eq!(Mailbox::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_address_has_a_dot_in_its_domain() {
        assert!(Mailbox::is_address("prénom@théâtre.example.org"));
        for text in [
            "a@localhost",
            "a@[127.0.0.1]",
            " a@example.org",
            "a b@example.org",
            "a@b.",
        ] {
            assert!(!Mailbox::is_address(text), "{text:?}");
        }
    }
}
