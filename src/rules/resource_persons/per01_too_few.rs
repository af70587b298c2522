//! PER01: fewer resource persons than `resource_persons.expected` (programme.md §4; §1, "resource
//! persons").
//!
//! Rows whose name can't be read, or that repeat an earlier one, are not counted. One finding, on
//! the header row of the first sheet; a sheet without rows has it too, an absent one hasn't.

use crate::findings::Severity;
use crate::french::words;
use crate::model::Role;
use crate::rules::{Card, Night, Sink};

/// What `explain PER01` prints.
pub const CARD: Card = Card {
    code: "PER01",
    severity: Severity::Warning,
    title: "Trop peu de personnes ressources",
    finds: "Le programme annonce plus de personnes ressources que la feuille n’en compte.",
    remedy: "Invitez d’autres personnes, ou corrigez le nombre annoncé dans programme.toml.",
};

/// Reports that resource persons are missing, once.
pub fn check(night: &Night, sink: &mut Sink) {
    let Some(persons) = &night.season.tables.resource_persons else {
        return;
    };
    let expected = night.settings.resource_persons.expected as usize;
    let known = persons
        .standing()
        .filter(|(_, person)| person.name.value().is_some())
        .count();
    if known >= expected {
        return;
    }
    let message = format!(
        "{}, sur {expected} annoncées : il en manque {}.",
        words::count(known, "personne ressource", "personnes ressources"),
        expected - known,
    );
    sink.header(Role::ResourcePersons, None, message);
}

#[cfg(test)]
mod tests {
    use crate::model::Role;
    use crate::rules::scene::Scene;

    fn two(second: &str) -> Scene {
        Scene::new()
            .person(&[])
            .person(&[("Nom", second)])
            .with("[resource_persons]\nexpected = 2\n")
    }

    #[test]
    fn it_is_said_once_on_the_header_row() {
        let scene = Scene::new().person(&[]);
        assert_eq!(scene.places("PER01"), ["Personnes ressources!1"]);
        let message = &scene.messages("PER01")[0];
        assert!(
            message.starts_with("1 personne ressource, sur 10"),
            "{message}"
        );
        assert!(message.contains("il en manque 9"), "{message}");
    }

    #[test]
    fn as_many_as_expected_are_enough() {
        assert!(two("Paul Petit").rows("PER01").is_empty());
    }

    #[test]
    fn nobody_is_counted_twice_or_without_a_name() {
        assert_eq!(two("anna roux").rows("PER01").len(), 1);
        assert_eq!(two("").rows("PER01").len(), 1);
    }

    #[test]
    fn a_sheet_without_rows_has_it_and_an_absent_one_has_not() {
        let empty = Scene::new().empty(Role::ResourcePersons);
        assert_eq!(empty.rows("PER01"), ["Personnes ressources!1"]);
        assert!(Scene::new().rows("PER01").is_empty());
    }
}
