//! ELI09: the latest membership row of an applicant's or a supported structure has ELI01 or ELI03
//! (programme.md §4): the fault lies in Adhérents, and what depends on it is told where it matters.
//!
//! On supports whatever their Statut. A structure that is not in Adhérents has ELI08 or DON05
//! instead. A check that `[levels]` switches off leaves no row with it.

use crate::facts::eligibility::{self, Domains};
use crate::facts::membership;
use crate::facts::memo::Memo;
use crate::facts::references;
use crate::findings::Severity;
use crate::french::words;
use crate::model::{Key, Name, Role, RowRef, Table, application, support};
use crate::rules::{Card, Night, Sink, severity_of};

/// What `explain ELI09` prints.
pub const CARD: Card = Card {
    code: "ELI09",
    severity: Severity::Blocking,
    title: "Structure à compléter dans Adhérents",
    finds: "La dernière ligne de la structure dans Adhérents n’a pas de numéro d’immatriculation, ou pas de domaine culturel du programme.",
    remedy: "Complétez la ligne de la structure dans Adhérents.",
};

/// Reports every application and support whose structure's latest row is incomplete.
pub fn check(night: &Night, sink: &mut Sink) {
    let mut members = Members::new(night);
    for (index, row) in night
        .season
        .tables
        .applications
        .iter()
        .flat_map(Table::live)
    {
        if let Some(message) = row.structure.value().and_then(|it| members.fault(it)) {
            let row = RowRef {
                role: Role::Applications,
                index,
            };
            sink.row(row, application::STRUCTURE, message);
        }
    }
    for (index, row) in night.season.tables.supports.iter().flat_map(Table::live) {
        let structure = references::listed_structure(night.season, row);
        if let Some(message) = structure.and_then(|it| members.fault(it)) {
            let row = RowRef {
                role: Role::Supports,
                index,
            };
            sink.row(row, support::STRUCTURE, message);
        }
    }
}

/// What the latest rows of structures lack.
struct Members<'a> {
    night: &'a Night<'a>,
    domains: Domains,
    needs_number: bool,
    needs_domain: bool,
    messages: Memo<Key, Option<String>>,
}

impl<'a> Members<'a> {
    fn new(night: &'a Night) -> Self {
        Self {
            night,
            domains: Domains::new(night.settings),
            needs_number: severity_of(night, "ELI01").is_some(),
            needs_domain: severity_of(night, "ELI03").is_some(),
            messages: Memo::default(),
        }
    }

    fn fault(&mut self, structure: &Name) -> Option<String> {
        let Self {
            night,
            domains,
            needs_number,
            needs_domain,
            messages,
        } = self;
        messages.get(structure.key, || {
            let index = membership::latest(night.season, structure.key)?;
            let row = references::member(night.season, index)?;
            let no_number = *needs_number && eligibility::lacks_registration_number(row);
            let no_domain = *needs_domain && domains.has_none_of(row);
            let lacks = match (no_number, no_domain) {
                (true, true) => "n’a ni numéro d’immatriculation ni domaine culturel du programme",
                (true, false) => "n’a pas de numéro d’immatriculation",
                (false, true) => "n’a pas de domaine culturel du programme",
                (false, false) => return None,
            };
            let member = RowRef {
                role: Role::Members,
                index,
            };
            Some(format!(
                "{} {lacks} : complétez la {}.",
                words::quoted(&structure.text),
                words::line_of(night.season, member)
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn scene(number: &str, domain: &str) -> Scene {
        Scene::new()
            .member(&[("Immatriculation", number), ("Domaine", domain)])
            .application(&[])
            .support(&[("Statut", "terminé")])
    }

    #[test]
    fn a_row_without_number_or_domain_is_found_where_it_matters() {
        let places = ["Accompagnements!B2", "Candidatures!B2"];
        assert_eq!(scene("", "presse").places("ELI09"), places);
        assert_eq!(scene("W313001234", "banque").places("ELI09"), places);
        let messages = scene("", "banque").messages("ELI09");
        assert!(messages[0].contains("ni numéro d’immatriculation ni domaine"));
        assert!(messages[0].contains("ligne 2 de «\u{a0}Adhérents\u{a0}»"));
    }

    #[test]
    fn a_complete_row_is_silent() {
        assert!(scene("W313001234", "presse").places("ELI09").is_empty());
    }

    #[test]
    fn the_latest_row_alone_counts() {
        let number = |earlier, later| {
            Scene::new()
                .member(&[("Payée le", "02/01/2020"), ("Immatriculation", earlier)])
                .member(&[("Payée le", "03/01/2021"), ("Immatriculation", later)])
                .application(&[])
                .rows("ELI09")
                .len()
        };
        assert_eq!(number("", "W313001234"), 0);
        assert_eq!(number("W313001234", ""), 1);
    }

    #[test]
    fn an_unknown_latest_row_leaves_it_out() {
        let bad = [("Payée le", "bientôt"), ("Immatriculation", "")];
        let several = Scene::new().member(&bad).member(&bad).application(&[]);
        assert!(several.rows("ELI09").is_empty());
        let only = Scene::new().member(&bad).application(&[]);
        assert_eq!(only.rows("ELI09").len(), 1);
    }

    #[test]
    fn a_structure_that_is_not_a_member_has_another_finding() {
        let scene = Scene::new()
            .member(&[("Immatriculation", "")])
            .application(&[("Structure", "Sud")]);
        assert!(scene.rows("ELI09").is_empty());
    }

    #[test]
    fn a_check_that_is_off_leaves_no_row_with_it() {
        let off = "[levels]\nELI01 = \"off\"\n";
        assert!(scene("", "presse").with(off).rows("ELI09").is_empty());
        assert_eq!(scene("", "banque").with(off).rows("ELI09").len(), 2);
    }
}
