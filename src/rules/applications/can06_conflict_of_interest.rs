//! CAN06: the committee member is a resource person or a référent of the very structure that is
//! marked (programme.md §4). The mark is left out of the means.
//!
//! A mark for a structure that is not in Candidatures has DON05 instead.

use crate::facts::conflict;
use crate::findings::Severity;
use crate::french::words;
use crate::model::committee_mark::{COMMITTEE_MEMBER, CommitteeMark};
use crate::model::{Role, RowRef, Season, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain CAN06` prints.
pub const CARD: Card = Card {
    code: "CAN06",
    severity: Severity::Warning,
    title: "Conflit d’intérêts dans le comité",
    finds: "Un membre du comité a noté une structure dont il est personne ressource ou personne référente : sa note n’entre pas dans la moyenne.",
    remedy: "Rien à faire si les autres notes suffisent ; sinon, demandez une note à un autre membre du comité.",
};

/// Reports every mark that is given in conflict of interest.
pub fn check(night: &Night, sink: &mut Sink) {
    let season = night.season;
    for (index, mark) in season.tables.committee_marks.iter().flat_map(Table::live) {
        if !conflict::is_conflict(season, mark) {
            continue;
        }
        if let Some(message) = message(season, mark) {
            let row = RowRef {
                role: Role::CommitteeMarks,
                index,
            };
            sink.row(row, COMMITTEE_MEMBER, message);
        }
    }
}

fn message(season: &Season, mark: &CommitteeMark) -> Option<String> {
    let member = mark.committee_member.value()?;
    let structure = mark.structure.value()?;
    if season.index.applications_of(structure.key).is_empty() {
        return None;
    }
    let tie = if conflict::is_resource_person_of(season, member.key, structure.key) {
        "est personne ressource de"
    } else {
        "est la personne référente de"
    };
    Some(format!(
        "{} {tie} {} : cette note n’entre pas dans la moyenne. Si les autres ne suffisent pas, demandez-en une à un autre membre du comité.",
        words::quoted(&member.text),
        words::quoted(&structure.text),
    ))
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn mark(member: &str) -> Scene {
        Scene::new()
            .application(&[])
            .mark(&[("Membre du comité", member)])
    }

    #[test]
    fn the_contact_of_the_structure_is_in_conflict() {
        assert_eq!(mark("Lou Garcia").places("CAN06"), ["Notes comité!B2"]);
        assert!(mark("Inès Faure").places("CAN06").is_empty());
    }

    #[test]
    fn a_resource_person_is_in_conflict_for_her_own_structure_alone() {
        let person = |structure| mark("Anna Roux").person(&[("Structure", structure)]);
        assert_eq!(person("Atelier Nord").rows("CAN06").len(), 1);
        assert!(person("Studio Sud").rows("CAN06").is_empty());
    }

    #[test]
    fn a_contact_of_an_earlier_membership_is_in_conflict_too() {
        let scene = mark("Ana Prat")
            .member(&[("Payée le", "02/01/2020"), ("Référent", "Ana Prat")])
            .member(&[("Payée le", "03/01/2021")]);
        assert_eq!(scene.rows("CAN06").len(), 1);
    }

    #[test]
    fn a_mark_for_nobody_has_another_finding() {
        let scene = mark("Lou Garcia").mark(&[
            ("Structure", "Studio Sud"),
            ("Membre du comité", "Lou Garcia"),
        ]);
        let scene = scene.member(&[]).member(&[("Structure", "Studio Sud")]);
        assert_eq!(scene.rows("CAN06"), ["Notes comité!2"]);
        assert_eq!(scene.rows("DON05"), ["Notes comité!3"]);
    }
}
