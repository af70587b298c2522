//! DON05: a reference to a row that doesn't exist (programme.md §4). One finding a row, that names
//! everything which leads nowhere; near names are proposed.
//!
//! A reference to a sheet that is absent is not checked: its rows may come later in the year.

use rustc_hash::FxHashMap;

use crate::facts::references::{self, Reference};
use crate::findings::Severity;
use crate::french::words;
use crate::model::fold::NearNames;
use crate::model::{Key, Name, Role, Row, Season, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain DON05` prints.
pub const CARD: Card = Card {
    code: "DON05",
    severity: Severity::Blocking,
    title: "Référence introuvable",
    finds: "La ligne renvoie à un atelier, un accompagnement, une personne ressource ou une structure qui ne figure pas dans sa feuille.",
    remedy: "Corrigez le nom ou la référence, ou ajoutez la ligne manquante dans la feuille indiquée.",
};

/// Reports every row that refers to what doesn't exist.
pub fn check(night: &Night, sink: &mut Sink) {
    let season = night.season;
    let mut near = Proposals::new(season);
    for row in references::rows_with_unknown(season) {
        let Some(first) = row.unknown.first() else {
            continue;
        };
        let sentences: Vec<String> = row
            .unknown
            .iter()
            .map(|reference| near.sentence(reference))
            .collect();
        sink.row(row.row, first.column, sentences.join(" "));
    }
}

/// Near names by the sheet in which a reference is looked up, built when first needed; each wrong
/// name is looked up once, however many rows hold it.
struct Proposals<'a> {
    season: &'a Season,
    built: Vec<(Role, NearNames)>,
    answers: FxHashMap<(Role, Key), Vec<String>>,
}

impl<'a> Proposals<'a> {
    fn new(season: &'a Season) -> Self {
        Self {
            season,
            built: Vec::new(),
            answers: FxHashMap::default(),
        }
    }

    fn sentence(&mut self, reference: &Reference) -> String {
        let name = words::quoted(&reference.name.text);
        let sheet = words::quoted(reference.role.french());
        let near = self.near(reference.role, reference.name);
        let otherwise = format!("Corrigez-le, ou ajoutez la ligne dans {sheet}.");
        format!(
            "{name} ne figure pas dans {sheet}. {}",
            words::proposal(&near, &otherwise)
        )
    }

    fn near(&mut self, role: Role, name: &Name) -> Vec<String> {
        if let Some(answer) = self.answers.get(&(role, name.key)) {
            return answer.clone();
        }
        let position = self.built.iter().position(|(known, _)| *known == role);
        let position = position.unwrap_or_else(|| {
            self.built
                .push((role, NearNames::new(names_of(self.season, role))));
            self.built.len() - 1
        });
        let answer = self
            .built
            .get(position)
            .map(|(_, names)| names.near(&name.text))
            .unwrap_or_default();
        self.answers.insert((role, name.key), answer.clone());
        answer
    }
}

/// The names under which a role's rows are referred to.
fn names_of(season: &Season, role: Role) -> Vec<&str> {
    fn texts<'s, T: Row>(
        table: Option<&'s Table<T>>,
        name: impl Fn(&'s T) -> Option<&'s Name>,
    ) -> Vec<&'s str> {
        table
            .into_iter()
            .flat_map(Table::standing)
            .filter_map(|(_, row)| name(row).map(|name| &*name.text))
            .collect()
    }
    let tables = &season.tables;
    match role {
        Role::Members => texts(tables.members.as_ref(), |row| row.structure.value()),
        Role::Applications => texts(tables.applications.as_ref(), |row| row.structure.value()),
        Role::ResourcePersons => texts(tables.resource_persons.as_ref(), |row| row.name.value()),
        Role::Supports => texts(tables.supports.as_ref(), |row| row.reference.value()),
        Role::Workshops => texts(tables.workshops.as_ref(), |row| row.reference.value()),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    #[test]
    fn a_workshop_that_is_not_there_is_found_and_a_near_one_proposed() {
        let scene = Scene::new()
            .workshop(&[("Référence", "AT-01")])
            .registration(&[("Atelier", "AT-O1")]);
        assert_eq!(scene.places("DON05"), ["Inscriptions!B2"]);
        assert!(scene.messages("DON05")[0].contains("AT-01"));
    }

    #[test]
    fn names_are_compared_folded_but_keep_their_last_letters() {
        let registered = |workshop| {
            Scene::new()
                .workshop(&[("Référence", "Dubois")])
                .registration(&[("Atelier", workshop)])
        };
        assert!(registered("DUBOIS ").places("DON05").is_empty());
        assert_eq!(registered("Duboi").places("DON05").len(), 1);
    }

    #[test]
    fn one_finding_names_everything_that_leads_nowhere() {
        let scene = Scene::new()
            .support(&[])
            .person(&[("Nom", "Anna Roux")])
            .meeting(&[
                ("Accompagnement", "ACC-99"),
                ("Personne ressource", "Anna Roux; Zoé Inconnue"),
            ]);
        let messages = scene.messages("DON05");
        assert_eq!(messages.len(), 1);
        assert!(messages[0].contains("ACC-99") && messages[0].contains("Zoé Inconnue"));
        assert!(!messages[0].contains("Anna"));
    }

    #[test]
    fn a_partner_may_come_from_anywhere() {
        let person =
            |kind| Scene::new().person(&[("Structure", "Aract Occitanie"), ("Type", kind)]);
        assert!(person("partenaire").places("DON05").is_empty());
        assert_eq!(person("membre").places("DON05").len(), 1);
        assert_eq!(person("").places("DON05").len(), 1);
    }

    #[test]
    fn a_cancelled_row_is_checked_too() {
        let scene = Scene::new()
            .workshop(&[])
            .registration(&[("Atelier", "AT-77"), ("État", "annulée")]);
        assert_eq!(scene.places("DON05").len(), 1);
    }
}
