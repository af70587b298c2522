//! RDV10: none of the meeting's resource persons has a speciality among the plan's axes
//! (programme.md §4).
//!
//! A "none of" check: silent where a name, one of the persons' specialities or an axis of the plan
//! can't be read or leads nowhere, for it might be the one that fits.

use crate::facts::{persons, references};
use crate::findings::Severity;
use crate::french::words;
use crate::model::axis::Axis;
use crate::model::meeting::{self, Meeting};
use crate::model::{Cell, List, Role, RowRef, Season, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain RDV10` prints.
pub const CARD: Card = Card {
    code: "RDV10",
    severity: Severity::Warning,
    title: "Aucune spécialité du plan",
    finds: "Aucune des personnes ressources de ce rendez-vous n’a pour spécialité un axe du plan d’accompagnement.",
    remedy: "Ajoutez une personne ressource dont c’est la spécialité, ou complétez les spécialités ou les axes du plan.",
};

/// Reports every meeting whose persons know none of the plan's axes.
pub fn check(night: &Night, sink: &mut Sink) {
    for (index, meeting) in night.season.tables.meetings.iter().flat_map(Table::live) {
        let Some(axes) = uncovered_plan(night.season, meeting) else {
            continue;
        };
        let row = RowRef {
            role: Role::Meetings,
            index,
        };
        let named: Vec<&str> = axes
            .iter()
            .filter_map(|axis| night.settings.axes.get(usize::from(axis.0)))
            .map(String::as_str)
            .collect();
        let message = format!(
            "Aucune des personnes ressources n’a pour spécialité un axe du plan : {}. Ajoutez quelqu’un dont c’est la spécialité, ou complétez les spécialités.",
            words::all_of(&named),
        );
        sink.row(row, meeting::PERSONS, message);
    }
}

/// The plan's axes, when everybody's specialities are known and none is among them.
fn uncovered_plan<'a>(season: &'a Season, meeting: &Meeting) -> Option<&'a [Axis]> {
    let (_, support) = references::support_of(season, meeting)?;
    let axes = whole(&support.axes)?;
    let names = whole(&meeting.persons)?;
    if !references::all_known(season, names) {
        return None;
    }
    for person in persons::rows_named(season, names) {
        let specialities = whole(&persons::at(season, person)?.specialities)?;
        if specialities.iter().any(|axis| axes.contains(axis)) {
            return None;
        }
    }
    Some(axes)
}

/// The elements of a list that was read as a whole.
fn whole<T>(cell: &Cell<List<T>>) -> Option<&[T]> {
    let list = cell.value()?;
    (!list.bad && !list.items.is_empty()).then_some(&list.items)
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn scene(specialities: &str, axes: &str) -> Scene {
        Scene::new()
            .person(&[("Spécialités", specialities)])
            .support(&[("Axes", axes)])
            .meeting(&[])
    }

    const ACTIVITIES: &str = "stratégie des activités";
    const FINANCE: &str = "stratégie économique et financière";
    const WORK: &str = "conditions de travail";

    #[test]
    fn a_person_with_other_specialities_is_found() {
        let scene = scene(FINANCE, ACTIVITIES);
        assert_eq!(scene.places("RDV10"), ["Rendez-vous!B2"]);
        assert!(scene.messages("RDV10")[0].contains(ACTIVITIES));
    }

    #[test]
    fn one_common_axis_is_enough() {
        let both = format!("{WORK}; {ACTIVITIES}");
        assert!(scene(&both, ACTIVITIES).rows("RDV10").is_empty());
        assert!(scene(ACTIVITIES, &both).rows("RDV10").is_empty());
    }

    #[test]
    fn one_person_who_knows_is_enough() {
        let two = |second| {
            Scene::new()
                .person(&[("Spécialités", FINANCE)])
                .person(&[("Nom", "Paul Petit"), ("Spécialités", second)])
                .meeting(&[("Personne ressource", "Anna Roux; Paul Petit")])
        };
        assert!(two(ACTIVITIES).rows("RDV10").is_empty());
        assert_eq!(two(WORK).rows("RDV10").len(), 1);
        assert!(two("jonglage").rows("RDV10").is_empty());
    }

    #[test]
    fn what_cannot_be_read_might_fit() {
        let odd = format!("{FINANCE}; jonglage");
        assert!(scene(&odd, ACTIVITIES).rows("RDV10").is_empty());
        assert!(scene(ACTIVITIES, &odd).rows("RDV10").is_empty());
        let unknown = Scene::new()
            .person(&[("Spécialités", FINANCE)])
            .meeting(&[("Personne ressource", "Anna Roux; Nina Blanc")]);
        assert!(unknown.rows("RDV10").is_empty());
    }

    #[test]
    fn an_unknown_support_has_no_plan() {
        let scene = Scene::new()
            .person(&[("Spécialités", FINANCE)])
            .meeting(&[("Accompagnement", "ACC-99")]);
        assert!(scene.rows("RDV10").is_empty());
    }
}
