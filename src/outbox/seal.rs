//! By what an answer of the coordinator's is known to be about what she was shown.
//!
//! The dashboard shows each message that she decides on with its seal; whoever reads her answer
//! compares it with the seal of today. What has changed since has another one: another state, a
//! doubt of another night, other words.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::{Id, NoId};

/// What was shown, and a short print of it: `12-3f9a1c2b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seal {
    /// What is sealed.
    pub about: About,
    print: u32,
}

/// What a seal can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum About {
    /// A message.
    Message(Id),
    /// All that awaited approval.
    Everything,
    /// Whether today's date is right.
    Date,
    /// Whether e-mails may go again although the ledger doesn't know all that was sent.
    Registry,
}

impl Seal {
    /// The seal of these texts, of which none can run into the next.
    #[must_use]
    pub fn of(about: About, texts: &[&str]) -> Self {
        let mut digest = Sha256::new();
        for text in texts {
            digest.update(text.len().to_le_bytes());
            digest.update(text);
        }
        let bytes: [u8; 32] = digest.finalize().into();
        let print = bytes
            .first_chunk()
            .map_or(0, |bytes| u32::from_be_bytes(*bytes));
        Self { about, print }
    }
}

const EVERYTHING: &str = "tous";
const DATE: &str = "date";
const REGISTRY: &str = "registre";

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.about {
            About::Message(id) => write!(f, "{id}")?,
            About::Everything => f.write_str(EVERYTHING)?,
            About::Date => f.write_str(DATE)?,
            About::Registry => f.write_str(REGISTRY)?,
        }
        write!(f, "-{:08x}", self.print)
    }
}

/// What was typed is no seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a reference such as 12-3f9a1c2b")]
pub struct NoSeal;

impl From<NoId> for NoSeal {
    fn from(_: NoId) -> Self {
        Self
    }
}

impl FromStr for Seal {
    type Err = NoSeal;

    fn from_str(text: &str) -> Result<Self, NoSeal> {
        let (about, print) = text.trim().rsplit_once('-').ok_or(NoSeal)?;
        let is_print = print.len() == 8 && print.bytes().all(|byte| byte.is_ascii_hexdigit());
        let print = u32::from_str_radix(print, 16)
            .ok()
            .filter(|_| is_print)
            .ok_or(NoSeal)?;
        let about = match about {
            EVERYTHING => About::Everything,
            DATE => About::Date,
            REGISTRY => About::Registry,
            id => About::Message(id.parse()?),
        };
        Ok(Self { about, print })
    }
}

#[cfg(test)]
mod tests {
    use super::{About, NoSeal, Seal};

    #[test]
    fn a_seal_is_read_as_it_is_shown_and_changes_with_what_it_seals() {
        let id = "12".parse().expect("a number");
        for about in [
            About::Message(id),
            About::Everything,
            About::Date,
            About::Registry,
        ] {
            let seal = Seal::of(about, &["awaiting_approval", "Bonjour"]);
            assert_eq!(seal.to_string().parse(), Ok(seal));
            assert_ne!(seal, Seal::of(about, &["awaiting_approval", "Bonsoir"]));
            assert_ne!(seal, Seal::of(about, &["awaiting_approvalB", "onjour"]));
        }
        let seal = Seal::of(About::Message(id), &[]);
        assert!(seal.to_string().starts_with("12-"));
        for typed in ["", "12", "12-", "12-3f9a1c2", "12-+f9a1c2b", "x-3f9a1c2b"] {
            assert_eq!(typed.parse::<Seal>(), Err(NoSeal), "{typed}");
        }
    }
}
