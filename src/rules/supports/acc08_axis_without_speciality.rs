//! ACC08: Statut is diagnostic or en cours, and an axis of the plan is no resource person's
//! speciality (programme.md §4): one finding an axis, so that each can be found somebody for.
//!
//! Any resource person whose Spécialités can't be read in full might be the one: the check is then
//! not made. An unreadable axis of the plan leaves its good ones to be checked.

use crate::findings::Severity;
use crate::french::words;
use crate::model::axis::Axis;
use crate::model::resource_person::ResourcePerson;
use crate::model::support::AXES;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ACC08` prints.
pub const CARD: Card = Card {
    code: "ACC08",
    severity: Severity::Warning,
    title: "Axe sans personne ressource",
    finds: "Un axe du plan d’accompagnement n’est la spécialité d’aucune personne ressource.",
    remedy: "Trouvez une personne ressource pour cet axe, ou complétez les spécialités dans Personnes ressources.",
};

/// Reports every axis of an open plan that nobody knows.
pub fn check(night: &Night, sink: &mut Sink) {
    let persons = night.season.tables.resource_persons.as_ref();
    let Some(known) = persons.and_then(specialities) else {
        return;
    };
    for (index, support) in night.season.tables.supports.iter().flat_map(Table::live) {
        let Some(axes) = support.axes.value().filter(|_| support.is_open()) else {
            continue;
        };
        for axis in axes.items.iter().filter(|axis| !known.contains(axis)) {
            let Some(name) = night.settings.axes.get(usize::from(axis.0)) else {
                continue;
            };
            let message = format!(
                "L’axe {} n’est la spécialité d’aucune personne ressource : cherchez quelqu’un, ou complétez les spécialités.",
                words::quoted(name)
            );
            let row = RowRef {
                role: Role::Supports,
                index,
            };
            sink.row(row, AXES, message);
        }
    }
}

/// The axes that somebody knows; none while a cell of Spécialités can't be read in full.
fn specialities(persons: &Table<ResourcePerson>) -> Option<Vec<Axis>> {
    let mut known = Vec::new();
    for (_, person) in persons.live() {
        let list = person.specialities.value().filter(|list| !list.bad)?;
        for axis in &list.items {
            if !known.contains(axis) {
                known.push(*axis);
            }
        }
    }
    Some(known)
}

#[cfg(test)]
mod tests {
    use crate::model::Role;
    use crate::rules::scene::Scene;

    const ECONOMY: &str = "stratégie économique et financière";
    const BOTH: &str = "stratégie des activités; stratégie économique et financière";

    fn plan(axes: &str) -> Scene {
        Scene::new().support(&[("Axes", axes)])
    }

    #[test]
    fn an_axis_that_nobody_knows_is_found() {
        let scene = plan(BOTH).person(&[]);
        assert_eq!(scene.places("ACC08"), ["Accompagnements!G2"]);
        assert!(scene.messages("ACC08")[0].contains(ECONOMY));
    }

    #[test]
    fn each_axis_has_its_finding() {
        let scene = plan(BOTH).empty(Role::ResourcePersons);
        assert_eq!(scene.rows("ACC08").len(), 2);
    }

    #[test]
    fn one_person_an_axis_is_enough() {
        let scene = plan(BOTH)
            .person(&[])
            .person(&[("Nom", "Paul Petit"), ("Spécialités", ECONOMY)]);
        assert!(scene.rows("ACC08").is_empty());
    }

    #[test]
    fn it_is_made_while_the_support_is_open_and_the_sheet_is_there() {
        let with = |status| {
            Scene::new()
                .support(&[("Axes", ECONOMY), ("Statut", status)])
                .person(&[])
                .rows("ACC08")
                .len()
        };
        assert_eq!((with("diagnostic"), with("en cours")), (1, 1));
        assert_eq!((with("terminé"), with("abandonné")), (0, 0));
        assert!(plan(ECONOMY).rows("ACC08").is_empty());
    }

    #[test]
    fn specialities_that_cannot_be_read_leave_it_out() {
        for specialities in ["jonglage", "stratégie des activités; jonglage", ""] {
            let scene = plan(ECONOMY)
                .person(&[])
                .person(&[("Nom", "Paul Petit"), ("Spécialités", specialities)]);
            assert!(scene.rows("ACC08").is_empty(), "{specialities}");
        }
    }

    #[test]
    fn a_bad_axis_of_the_plan_leaves_the_good_ones() {
        let scene = plan("jonglage; stratégie économique et financière").person(&[]);
        assert_eq!(scene.rows("ACC08").len(), 1);
    }
}
