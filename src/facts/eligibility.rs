//! What a row of Adhérents needs for its structure to take part: a registration number (ELI01) and
//! a cultural domain of the programme (ELI03). ELI09 asks the same of a structure's latest row.

use crate::config::Settings;
use crate::model::fold::WordTable;
use crate::model::member::Member;

/// The cultural domains of `eligibility.domains`.
#[derive(Debug)]
pub struct Domains {
    words: WordTable<()>,
}

impl Domains {
    /// The domains of the settings.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let domains = settings.eligibility.domains.iter();
        Self {
            words: WordTable::new(domains.map(|domain| (domain.as_str(), ()))),
        }
    }

    /// Whether none of the row's domains is one of them; false where the cell gives no domain, or
    /// only some of it could be read: a DON finding stands on it.
    #[must_use]
    pub fn has_none_of(&self, member: &Member) -> bool {
        let Some(domains) = member.domains.value().filter(|list| !list.bad) else {
            return false;
        };
        let known = |domain: &str| self.words.get(domain).is_some();
        !domains.items.iter().any(|domain| known(domain))
    }

    /// The domain that looks most like one of the texts.
    pub fn nearest<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Option<&str> {
        texts.into_iter().find_map(|text| self.words.nearest(text))
    }
}

/// Whether the row has no registration number; one that can't be read has a DON finding instead.
#[must_use]
pub fn lacks_registration_number(member: &Member) -> bool {
    member.registration_number.is_empty()
}
