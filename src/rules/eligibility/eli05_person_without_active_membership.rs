//! ELI05: a resource person of type membre whose structure has no Membre actif membership valid on D
//! (programme.md §4): being a resource person is for active members (§1); partners come from
//! anywhere.
//!
//! An empty Type is membre. A structure that is not in Adhérents has DON05 instead.

use super::active_members::ActiveMembers;
use crate::facts::membership::{self, Known};
use crate::facts::references;
use crate::findings::Severity;
use crate::french::words;
use crate::model::resource_person::STRUCTURE;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ELI05` prints.
pub const CARD: Card = Card {
    code: "ELI05",
    severity: Severity::Blocking,
    title: "Personne ressource sans adhésion de membre actif",
    finds: "La personne ressource est de type membre, et sa structure n’a pas d’adhésion de membre actif valable aujourd’hui.",
    remedy: "Proposez à la structure d’adhérer ou de renouveler comme membre actif, ou indiquez le type partenaire si la personne n’est pas issue d’une structure adhérente.",
};

/// Reports every resource person whose structure is no active member.
pub fn check(night: &Night, sink: &mut Sink) {
    let mut active = ActiveMembers::new(night);
    let persons = night.season.tables.resource_persons.iter();
    for (index, person) in persons.flat_map(Table::live) {
        if !references::is_member_kind(person) {
            continue;
        }
        let Some(structure) = person
            .structure
            .value()
            .filter(|name| membership::is_listed(night.season, name.key))
        else {
            continue;
        };
        if active.today(structure.key) == Known::No {
            let message = format!(
                "{} {} : une personne ressource de type membre vient d’une structure membre actif ({} par an), à régulariser dans Adhérents.",
                words::quoted(&structure.text),
                active.why_not(structure.key),
                words::euros(night.settings.membership.active_fee),
            );
            let row = RowRef {
                role: Role::ResourcePersons,
                index,
            };
            sink.row(row, STRUCTURE, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn scene(kind: &str, paid: &str) -> Scene {
        Scene::new()
            .member(&[("Structure", "Studio Sud"), ("Payée le", paid)])
            .person(&[("Type", kind)])
    }

    #[test]
    fn a_member_whose_membership_is_not_paid_is_found() {
        let scene = scene("membre", "");
        assert_eq!(scene.places("ELI05"), ["Personnes ressources!B2"]);
        assert!(scene.messages("ELI05")[0].contains("n’a pas payé"));
    }

    #[test]
    fn an_empty_type_is_a_member_and_a_partner_is_free() {
        assert_eq!(scene("", "").rows("ELI05").len(), 1);
        assert!(scene("partenaire", "").rows("ELI05").is_empty());
        assert!(scene("ami", "").rows("ELI05").is_empty());
    }

    #[test]
    fn the_last_day_counts() {
        assert!(scene("membre", "13/01/2020").rows("ELI05").is_empty());
        assert_eq!(scene("membre", "12/01/2020").rows("ELI05").len(), 1);
    }

    #[test]
    fn an_unknown_structure_has_another_finding() {
        let scene = Scene::new().member(&[]).person(&[("Type", "membre")]);
        assert!(scene.rows("ELI05").is_empty());
        assert_eq!(scene.rows("DON05").len(), 1);
    }
}
