//! RDV09: a resource person comes from the beneficiary's own structure, or Proximités puts the two
//! structures at 2 or more (programme.md §4): the programme wants new encounters.
//!
//! Made where the beneficiary's structure stands in Adhérents, and for each person whose own
//! structure can be read and is not a DON05; the other persons of the list are still compared.
//! Without Proximités only the structures are.

use crate::facts::{persons, references};
use crate::findings::Severity;
use crate::french::words;
use crate::model::meeting::{self, Meeting};
use crate::model::{Name, Role, RowRef, Season, Table};
use crate::rules::{Card, Night, Sink};

/// The degree from which two structures are close (programme.md §4, RDV09; 0 to 3, §3 Proximités).
const CLOSE: u8 = 2;

/// What `explain RDV09` prints.
pub const CARD: Card = Card {
    code: "RDV09",
    severity: Severity::Warning,
    title: "Personne ressource trop proche",
    finds: "Une personne ressource vient de la structure accompagnée, ou d’une structure qui la connaît déjà bien : le programme cherche à créer de nouvelles rencontres.",
    remedy: "Préférez une personne ressource plus éloignée ; si ce choix est voulu, il n’y a rien à faire.",
};

/// Reports every meeting with a person who is close to the beneficiary.
pub fn check(night: &Night, sink: &mut Sink) {
    for (index, meeting) in night.season.tables.meetings.iter().flat_map(Table::live) {
        let close = close_persons(night.season, meeting);
        if close.is_empty() {
            continue;
        }
        let row = RowRef {
            role: Role::Meetings,
            index,
        };
        let message = format!(
            "{}. Préférez, si possible, une personne ressource plus éloignée.",
            close.join(" ; ")
        );
        sink.row(row, meeting::PERSONS, message);
    }
}

fn close_persons(season: &Season, meeting: &Meeting) -> Vec<String> {
    let Some((_, support)) = references::support_of(season, meeting) else {
        return Vec::new();
    };
    let Some(beneficiary) = references::listed_structure(season, support) else {
        return Vec::new();
    };
    persons::rows_named(season, meeting.persons())
        .into_iter()
        .filter_map(|person| closeness(season, person, beneficiary))
        .collect()
}

/// What makes the person close, in words.
fn closeness(season: &Season, person: u32, beneficiary: &Name) -> Option<String> {
    let row = persons::at(season, person)?;
    let name = persons::name(season, person);
    let home = row.structure.value()?;
    let theirs = words::quoted(&beneficiary.text);
    if home.key == beneficiary.key {
        return Some(format!(
            "{name} vient de la structure accompagnée, {theirs}"
        ));
    }
    if references::unlisted_home(season, row).is_some() {
        return None;
    }
    let degree = season.index.proximity(home.key, beneficiary.key)?;
    (degree >= CLOSE).then(|| {
        format!(
            "{name} vient de {}, déjà proche de {theirs} (degré {degree})",
            words::quoted(&home.text),
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::model::Role;
    use crate::rules::scene::Scene;

    fn meeting() -> Scene {
        Scene::new()
            .member(&[])
            .person(&[])
            .support(&[])
            .meeting(&[])
    }

    #[test]
    fn a_person_of_the_very_structure_is_found() {
        let scene = Scene::new()
            .member(&[])
            .person(&[("Structure", "atelier nord")])
            .meeting(&[]);
        assert_eq!(scene.places("RDV09"), ["Rendez-vous!B2"]);
        assert!(scene.messages("RDV09")[0].contains("Atelier Nord"));
    }

    #[test]
    fn two_is_close_and_one_is_not() {
        let degree = |degree| meeting().proximity(&[("Degré", degree)]);
        assert!(degree("1").rows("RDV09").is_empty());
        assert_eq!(degree("2").rows("RDV09"), ["Rendez-vous!2"]);
        assert_eq!(degree("3").rows("RDV09").len(), 1);
        assert!(degree("4").rows("RDV09").is_empty());
    }

    #[test]
    fn proximity_is_the_same_both_ways() {
        let scene = meeting().proximity(&[
            ("Structure A", "Studio Sud"),
            ("Structure B", "Atelier Nord"),
            ("Degré", "2"),
        ]);
        assert_eq!(scene.rows("RDV09").len(), 1);
    }

    #[test]
    fn strangers_are_fine_with_and_without_the_sheet() {
        assert!(meeting().rows("RDV09").is_empty());
        assert!(meeting().empty(Role::Proximities).rows("RDV09").is_empty());
    }

    #[test]
    fn a_good_name_beside_an_unknown_one_is_compared() {
        let scene = Scene::new()
            .person(&[("Structure", "Atelier Nord")])
            .meeting(&[("Personne ressource", "Nina Blanc; Anna Roux")]);
        assert_eq!(scene.rows("RDV09").len(), 1);
    }

    #[test]
    fn a_structure_that_is_not_listed_is_not_compared() {
        let scene = Scene::new()
            .member(&[("Structure", "Autre")])
            .person(&[("Structure", "Atelier Nord")])
            .meeting(&[]);
        assert!(scene.rows("RDV09").is_empty());
    }

    #[test]
    fn the_unlisted_home_of_a_member_is_not_compared() {
        let scene = |kind| {
            Scene::new()
                .person(&[("Type", kind)])
                .proximity(&[("Degré", "3")])
                .meeting(&[])
        };
        assert!(scene("membre").rows("RDV09").is_empty());
        assert_eq!(scene("partenaire").rows("RDV09").len(), 1);
    }

    #[test]
    fn a_cancelled_meeting_is_silent() {
        let scene = Scene::new()
            .person(&[("Structure", "Atelier Nord")])
            .meeting(&[("État", "annulé")]);
        assert!(scene.rows("RDV09").is_empty());
    }
}
