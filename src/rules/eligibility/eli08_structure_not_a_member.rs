//! ELI08: the structure of an application is not in Adhérents (programme.md §4); near names are
//! proposed, since the same structure is often typed in two ways. ELI04 is then not made as well.
//!
//! An application that another one replaces has it too: it helps to find the name that was meant.

use crate::facts::membership;
use crate::facts::memo::Memo;
use crate::findings::Severity;
use crate::french::words;
use crate::model::application::STRUCTURE;
use crate::model::fold::NearNames;
use crate::model::member::Member;
use crate::model::{Name, Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ELI08` prints.
pub const CARD: Card = Card {
    code: "ELI08",
    severity: Severity::Blocking,
    title: "Structure candidate absente d’Adhérents",
    finds: "La structure qui candidate ne figure pas dans Adhérents, ou y figure sous un autre nom.",
    remedy: "Écrivez le nom comme dans Adhérents, ou ajoutez la structure quand elle a adhéré.",
};

/// Reports every application of a structure that is not in Adhérents.
pub fn check(night: &Night, sink: &mut Sink) {
    let Some(members) = &night.season.tables.members else {
        return;
    };
    let mut proposals = Proposals::new(members);
    for (index, row) in night
        .season
        .tables
        .applications
        .iter()
        .flat_map(Table::live)
    {
        let Some(structure) = row.structure.value() else {
            continue;
        };
        if membership::is_listed(night.season, structure.key) {
            continue;
        }
        let message = format!(
            "{} ne figure pas dans Adhérents. {}",
            words::quoted(&structure.text),
            proposals.sentence(structure)
        );
        let row = RowRef {
            role: Role::Applications,
            index,
        };
        sink.row(row, STRUCTURE, message);
    }
}

/// The members' names, folded when first needed; each wrong name is looked up once.
struct Proposals<'a> {
    members: &'a Table<Member>,
    names: Option<NearNames>,
    sentences: Memo<crate::model::Key, String>,
}

impl<'a> Proposals<'a> {
    fn new(members: &'a Table<Member>) -> Self {
        Self {
            members,
            names: None,
            sentences: Memo::default(),
        }
    }

    fn sentence(&mut self, structure: &Name) -> String {
        let names = self.names.get_or_insert_with(|| {
            let rows = self.members.standing();
            NearNames::new(rows.filter_map(|(_, row)| Some(&*row.structure.value()?.text)))
        });
        self.sentences.get(structure.key, || {
            words::proposal(
                &names.near(&structure.text),
                "Corrigez le nom, ou ajoutez la structure dans Adhérents quand elle a adhéré.",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Role;
    use crate::rules::scene::Scene;

    #[test]
    fn an_unknown_structure_is_found_and_a_near_name_proposed() {
        let scene = Scene::new()
            .member(&[])
            .application(&[("Structure", "Atelier Nor")])
            .application(&[("Structure", "Quatre Vents")]);
        assert_eq!(
            scene.places("ELI08"),
            ["Candidatures!B2", "Candidatures!B3"]
        );
        let messages = scene.messages("ELI08");
        assert!(messages[0].contains("Vouliez-vous dire «\u{a0}Atelier Nord\u{a0}»"));
        assert!(messages[1].contains("ajoutez la structure"));
    }

    #[test]
    fn a_member_is_silent_however_it_is_written() {
        let scene = Scene::new()
            .member(&[("Structure", "Atelier Nord")])
            .application(&[("Structure", "ATELIER  NORD")]);
        assert!(scene.places("ELI08").is_empty());
    }

    #[test]
    fn names_keep_their_last_letters() {
        let scene = Scene::new()
            .member(&[])
            .application(&[("Structure", "Atelier Nords")]);
        assert_eq!(scene.places("ELI08").len(), 1);
    }

    #[test]
    fn an_empty_sheet_of_members_has_nobody() {
        let scene = Scene::new().empty(Role::Members).application(&[]);
        assert_eq!(scene.places("ELI08").len(), 1);
    }

    #[test]
    fn an_empty_name_is_left_to_don01() {
        let scene = Scene::new().application(&[("Structure", "")]);
        assert!(scene.places("ELI08").is_empty());
    }
}
