//! ELI03: none of the words in Domaine is a cultural domain of the programme (programme.md §4; the
//! domains, §1).
//!
//! One domain of the list is enough: the structure may do other things besides.

use crate::facts::eligibility::Domains;
use crate::findings::Severity;
use crate::french::words;
use crate::model::member::{DOMAINS, Member};
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ELI03` prints.
pub const CARD: Card = Card {
    code: "ELI03",
    severity: Severity::Blocking,
    title: "Aucun domaine culturel du programme",
    finds: "Aucun des domaines de la structure ne figure dans la liste des domaines culturels du programme.",
    remedy: "Indiquez dans Domaine un des domaines de la liste, ou complétez la liste dans les réglages (eligibility.domains).",
};

/// Reports every row of Adhérents without a domain of the list.
pub fn check(night: &Night, sink: &mut Sink) {
    let domains = Domains::new(night.settings);
    for (index, member) in night.season.tables.members.iter().flat_map(Table::live) {
        if domains.has_none_of(member) {
            let row = RowRef {
                role: Role::Members,
                index,
            };
            sink.row(row, DOMAINS, message(night, &domains, member));
        }
    }
}

fn message(night: &Night, domains: &Domains, member: &Member) -> String {
    let typed = member.domains.value().map_or(&[][..], |list| &list.items);
    let subject = if typed.len() == 1 {
        "n’est pas un domaine culturel"
    } else {
        "ne sont pas des domaines culturels"
    };
    let near = domains.nearest(typed.iter().map(|text| &**text));
    let near: Vec<String> = near.map(str::to_owned).into_iter().collect();
    let listed = words::one_of(&night.settings.eligibility.domains);
    let otherwise = format!("Indiquez au moins un de ceux-ci : {listed}.");
    format!(
        "{} {subject} du programme. {}",
        words::all_of(typed),
        words::proposal(&near, &otherwise)
    )
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn with(domains: &str) -> Scene {
        Scene::new().member(&[("Domaine", domains)])
    }

    #[test]
    fn no_domain_of_the_list_is_found() {
        let scene = with("restauration ; mécanique");
        assert_eq!(scene.places("ELI03"), ["Adhérents!F2"]);
        assert!(scene.messages("ELI03")[0].contains("patrimoine"));
    }

    #[test]
    fn one_domain_of_the_list_is_enough() {
        assert!(with("restauration, Éditions").places("ELI03").is_empty());
        assert!(with("SPECTACLES VIVANTS").places("ELI03").is_empty());
    }

    #[test]
    fn a_near_domain_is_proposed() {
        let messages = with("spectacle vivan").messages("ELI03");
        assert!(messages[0].contains("Vouliez-vous dire «\u{a0}spectacle vivant\u{a0}»"));
    }

    #[test]
    fn an_empty_cell_is_left_to_don01() {
        let scene = with("");
        assert!(scene.places("ELI03").is_empty());
        assert_eq!(scene.places("DON01"), ["Adhérents!F2"]);
    }

    #[test]
    fn the_list_is_a_setting() {
        let scene = with("cirque").with("[eligibility]\ndomains = [\"cirque\"]\n");
        assert!(scene.places("ELI03").is_empty());
        assert_eq!(with("cirque").places("ELI03").len(), 1);
    }
}
