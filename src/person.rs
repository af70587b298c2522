//! Who is meant by an address, a name or a structure.

use std::collections::{BTreeMap, BTreeSet};

use crate::french::words;
use crate::mails::History;
use crate::model::email::{Email, email_key};
use crate::model::fold::{fold_name, nearest};
use crate::model::{Cell, Name, Season, Table};

/// Nobody of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unknown(pub String);

/// A person, or the people of a structure: what they are called in the sheets. Folded forms with
/// the first way in which each was typed.
#[derive(Debug, Default)]
pub struct Person {
    addresses: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
    structures: BTreeMap<String, String>,
}

impl Person {
    /// It is one of her addresses.
    pub fn has_address(&self, address: &str) -> bool {
        self.addresses.contains_key(&email_key(address))
    }

    /// A row with that name, structure and address is about her.
    pub fn is_meant(
        &self,
        name: Option<&str>,
        structure: &Cell<Name>,
        email: &Cell<Email>,
    ) -> bool {
        name.is_some_and(|name| self.is_named(name))
            || self.is_structure(structure)
            || self.is_addressed(email)
    }

    fn is_addressed(&self, email: &Cell<Email>) -> bool {
        email
            .value()
            .is_some_and(|email| self.has_address(&email.text))
    }

    /// It is one of her names, whatever the case, the accents and the punctuation.
    pub fn is_named(&self, name: &str) -> bool {
        self.names.contains_key(&fold_name(name))
    }

    /// The structure was asked for, not only somebody of it.
    fn is_structure(&self, structure: &Cell<Name>) -> bool {
        let folded = structure.value().map(|name| fold_name(&name.text));
        folded.is_some_and(|folded| self.structures.contains_key(&folded))
    }

    /// Her addresses in lower case.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.addresses.keys().map(String::as_str)
    }

    /// Her names, folded, and those of the structure that was asked for.
    pub fn folded_names(&self) -> impl Iterator<Item = &str> {
        self.names
            .keys()
            .chain(self.structures.keys())
            .map(String::as_str)
    }

    /// What she is called, as typed: structures, names, addresses.
    pub fn shown(&self) -> Vec<String> {
        let all = self.structures.values().chain(self.names.values());
        all.chain(self.addresses.values()).cloned().collect()
    }

    fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.names.is_empty() && self.structures.is_empty()
    }
}

/// One mention of somebody in a row.
struct Mention<'a> {
    name: Option<&'a str>,
    structure: Option<&'a str>,
    email: Option<&'a str>,
}

/// The person of that address, else of that name, else the people of that structure.
///
/// # Errors
/// Nobody, with the names that look like it.
pub fn find(season: &Season, history: &History, wanted: &str) -> Result<Person, Unknown> {
    let mentions = mentions(season);
    let person = if wanted.contains('@') {
        by_address(&mentions, history, wanted)
    } else {
        by_name(&mentions, wanted)
    };
    if !person.is_empty() {
        return Ok(person);
    }
    let near = nearest(wanted, known(&mentions, wanted.contains('@')));
    let otherwise = "Donnez une adresse, un nom ou une structure comme dans vos classeurs.";
    Err(Unknown(format!(
        "Personne ne correspond à {} dans les classeurs ni dans le registre des courriels. {}",
        words::quoted(wanted),
        words::proposal(&near, otherwise)
    )))
}

fn by_address(mentions: &[Mention], history: &History, wanted: &str) -> Person {
    let key = email_key(wanted.trim());
    let mut person = Person::default();
    for mention in mentions {
        let Some(email) = mention.email.filter(|email| email_key(email) == key) else {
            continue;
        };
        note(&mut person.addresses, key.clone(), email);
        if let Some(name) = mention.name {
            note(&mut person.names, fold_name(name), name);
        }
    }
    // Her rows may all be gone.
    if history.entries().iter().any(|entry| entry.address == key) {
        note(&mut person.addresses, key.clone(), &key);
    }
    person
}

fn by_name(mentions: &[Mention], wanted: &str) -> Person {
    let key = fold_name(wanted);
    let is = |text: Option<&str>| text.is_some_and(|text| fold_name(text) == key);
    let mut person = Person::default();
    for mention in mentions {
        let (named, of_structure) = (is(mention.name), is(mention.structure));
        if let Some(name) = mention.name.filter(|_| named) {
            note(&mut person.names, key.clone(), name);
        }
        if let Some(structure) = mention.structure.filter(|_| of_structure) {
            note(&mut person.structures, key.clone(), structure);
        }
        if let Some(email) = mention.email.filter(|_| named || of_structure) {
            note(&mut person.addresses, email_key(email), email);
        }
    }
    person
}

fn note(known: &mut BTreeMap<String, String>, key: String, typed: &str) {
    known.entry(key).or_insert_with(|| typed.to_owned());
}

fn known<'a>(mentions: &'a [Mention], addresses: bool) -> BTreeSet<&'a str> {
    let of = |mention: &'a Mention| {
        if addresses {
            [mention.email, None]
        } else {
            [mention.name, mention.structure]
        }
    };
    mentions.iter().flat_map(of).flatten().collect()
}

fn mentions(season: &Season) -> Vec<Mention<'_>> {
    let tables = &season.tables;
    let members = tables.members.iter().flat_map(Table::all);
    let applications = tables.applications.iter().flat_map(Table::all);
    let persons = tables.resource_persons.iter().flat_map(Table::all);
    let supports = tables.supports.iter().flat_map(Table::all);
    let registrations = tables.registrations.iter().flat_map(Table::all);
    members
        .map(|(_, row)| mention(text(&row.contact), text(&row.structure), &row.email))
        .chain(
            applications.map(|(_, row)| mention(text(&row.name), text(&row.structure), &row.email)),
        )
        .chain(persons.map(|(_, row)| mention(text(&row.name), text(&row.structure), &row.email)))
        .chain(
            supports
                .map(|(_, row)| mention(text(&row.beneficiary), text(&row.structure), &row.email)),
        )
        .chain(registrations.map(|(_, row)| {
            let name = row.name.value().map(|name| &**name);
            mention(name, text(&row.structure), &row.email)
        }))
        .collect()
}

fn mention<'a>(
    name: Option<&'a str>,
    structure: Option<&'a str>,
    email: &'a Cell<Email>,
) -> Mention<'a> {
    Mention {
        name,
        structure,
        email: email.value().map(|email| &*email.text),
    }
}

fn text(name: &Cell<Name>) -> Option<&str> {
    name.value().map(|name| &*name.text)
}
