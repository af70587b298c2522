//! ELI02: the structure is outside the programme's area, Toulouse and its surroundings
//! (programme.md §4; the area, §1 "who"): its postcode starts with none of `eligibility.postcodes`
//! and its commune is none of `eligibility.communes`.
//!
//! Either is enough, so a postcode or a commune that can't be read leaves the check out unless the
//! other one is of the area. Settings that name neither postcodes nor communes set no area.

use crate::config::Settings;
use crate::facts::membership::Known;
use crate::findings::Severity;
use crate::french::words;
use crate::model::fold::{WordTable, fold_name};
use crate::model::member::{Member, POSTCODE};
use crate::model::{Cell, Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ELI02` prints.
pub const CARD: Card = Card {
    code: "ELI02",
    severity: Severity::Warning,
    title: "Structure hors du territoire",
    finds: "Ni le code postal ni la commune de la structure ne sont du territoire du programme.",
    remedy: "Vérifiez l’adresse de la structure. Si elle est bien du territoire, ajoutez sa commune ou le début de son code postal aux réglages (eligibility.communes, eligibility.postcodes).",
};

/// Reports every row of Adhérents that is outside the area.
pub fn check(night: &Night, sink: &mut Sink) {
    let Some(area) = Area::of(night.settings) else {
        return;
    };
    for (index, member) in night.season.tables.members.iter().flat_map(Table::live) {
        if area.holds(member) == Known::No {
            let row = RowRef {
                role: Role::Members,
                index,
            };
            sink.row(row, POSTCODE, message(member));
        }
    }
}

fn message(member: &Member) -> String {
    let postcode = member.postcode.value().map_or("", |text| text);
    let commune = member.commune.value().map_or("", |text| text);
    format!(
        "{} n’est pas sur le territoire du programme : vérifiez le code postal et la commune.",
        words::quoted(&format!("{postcode} {commune}"))
    )
}

struct Area {
    prefixes: Vec<String>,
    communes: WordTable<()>,
}

impl Area {
    /// The area of the settings; none where they name nothing.
    fn of(settings: &Settings) -> Option<Self> {
        let eligibility = &settings.eligibility;
        if eligibility.postcodes.is_empty() && eligibility.communes.is_empty() {
            return None;
        }
        let communes = eligibility.communes.iter();
        Some(Self {
            prefixes: eligibility
                .postcodes
                .iter()
                .map(|it| fold_name(it))
                .collect(),
            communes: WordTable::new(communes.map(|commune| (commune.as_str(), ()))),
        })
    }

    fn holds(&self, member: &Member) -> Known {
        let by_postcode = known(&member.postcode, |postcode| {
            // People space postcodes: 31 000.
            let postcode = fold_name(postcode);
            self.prefixes.iter().any(|it| postcode.starts_with(it))
        });
        let by_commune = known(&member.commune, |commune| {
            self.communes.get(commune).is_some()
        });
        by_postcode.or(by_commune)
    }
}

fn known(cell: &Cell<Box<str>>, holds: impl FnOnce(&str) -> bool) -> Known {
    cell.value()
        .map_or(Known::Unknown, |text| holds(text).into())
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;
    use crate::sheets::cells::Raw;

    fn found(postcode: &'static str, commune: &'static str) -> usize {
        let cells = [("Code postal", postcode), ("Commune", commune)];
        Scene::new().member(&cells).places("ELI02").len()
    }

    #[test]
    fn neither_the_postcode_nor_the_commune_is_of_the_area() {
        let scene = Scene::new().member(&[("Code postal", "81000"), ("Commune", "Albi")]);
        assert_eq!(scene.places("ELI02"), ["Adhérents!E2"]);
        assert!(scene.messages("ELI02")[0].contains("81000 Albi"));
    }

    #[test]
    fn one_of_them_is_enough() {
        assert_eq!(found("31700", "Blagnac"), 0);
        assert_eq!(found("31 700", "Blagnac"), 0);
        assert_eq!(found("81000", "TOULOUSE"), 0);
        assert_eq!(found("13100", "Aix-en-Provence"), 1);
    }

    #[test]
    fn what_cannot_be_read_leaves_it_out_unless_the_other_decides() {
        let bad = Raw::Error("#N/A");
        let postcode = |commune| {
            let cells = [("Code postal", bad), ("Commune", Raw::Text(commune))];
            Scene::new().member_raw(&cells).places("ELI02").len()
        };
        assert_eq!(postcode("Albi"), 0);
        let commune = [("Code postal", Raw::Text("81000")), ("Commune", bad)];
        assert!(Scene::new().member_raw(&commune).places("ELI02").is_empty());
    }

    #[test]
    fn the_area_is_a_setting() {
        let settings = "[eligibility]\npostcodes = [\"09\"]\ncommunes = []\n";
        let scene = |postcode| {
            Scene::new()
                .with(settings)
                .member_raw(&[("Code postal", postcode)])
        };
        assert_eq!(scene(Raw::Text("31000")).places("ELI02").len(), 1);
        // A number lost the zero before it.
        assert!(scene(Raw::Number(9200.0)).places("ELI02").is_empty());
    }

    #[test]
    fn settings_without_postcodes_and_communes_set_no_area() {
        let scene = Scene::new()
            .with("[eligibility]\npostcodes = []\ncommunes = []\n")
            .member(&[("Code postal", "81000"), ("Commune", "Albi")]);
        assert!(scene.places("ELI02").is_empty());
    }
}
