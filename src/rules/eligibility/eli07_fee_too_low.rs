//! ELI07: paid (Payée le is filled) less than the level's fee (programme.md §4; fees, §1).
//!
//! Nothing is said of a membership that is not paid yet: that is ELI06. An unreadable date, amount
//! or level leaves the check out.

use crate::facts::membership;
use crate::findings::Severity;
use crate::french::words;
use crate::model::member::{FEE, Level, Member};
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ELI07` prints.
pub const CARD: Card = Card {
    code: "ELI07",
    severity: Severity::Blocking,
    title: "Cotisation inférieure au tarif",
    finds: "L’adhésion est payée, mais le montant est inférieur à la cotisation de son statut : elle ne compte pas comme valable.",
    remedy: "Vérifiez le montant et le statut, ou demandez le complément à la structure.",
};

/// Reports every paid membership below its level's fee.
pub fn check(night: &Night, sink: &mut Sink) {
    for (index, member) in night.season.tables.members.iter().flat_map(Table::live) {
        if let Some(message) = too_low(night, member) {
            let row = RowRef {
                role: Role::Members,
                index,
            };
            sink.row(row, FEE, message);
        }
    }
}

fn too_low(night: &Night, member: &Member) -> Option<String> {
    member.paid_on.get()?;
    let level = member.level.get()?;
    let fee = member.fee.get()?;
    if membership::covers_fee(fee, level, night.settings) {
        return None;
    }
    let due = membership::fee_of(level, night.settings);
    let status = match level {
        Level::Active => "membre actif",
        Level::Cooperating => "membre coopérant",
    };
    Some(format!(
        "{} payés au lieu de {} pour un {status} : vérifiez le montant et le statut, ou demandez le complément.",
        words::euros(fee),
        words::euros(due)
    ))
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn found(level: &str, fee: &str) -> usize {
        let cells = [("Statut", level), ("Cotisation", fee)];
        Scene::new().member(&cells).places("ELI07").len()
    }

    #[test]
    fn less_than_the_fee_is_found() {
        let scene = Scene::new().member(&[("Cotisation", "200")]);
        assert_eq!(scene.places("ELI07"), ["Adhérents!K2"]);
        assert!(scene.messages("ELI07")[0].contains("200\u{a0}€ payés au lieu de 300\u{a0}€"));
    }

    #[test]
    fn the_fee_itself_is_enough() {
        assert_eq!(found("membre actif", "299,99"), 1);
        assert_eq!(found("membre actif", "300"), 0);
        // As a formula may give it: then the membership counts, too.
        let scene = Scene::new().member(&[("Cotisation", "299,99999999999994")]);
        let scene = scene.application(&[]);
        assert_eq!(scene.places("ELI07"), [""; 0]);
        assert_eq!(scene.places("ELI04"), [""; 0]);
        assert_eq!(found("membre coopérant", "99,99"), 1);
        assert_eq!(found("membre coopérant", "100"), 0);
    }

    #[test]
    fn what_is_unpaid_or_unreadable_has_other_findings() {
        for cells in [
            [("Payée le", ""), ("Cotisation", "0")],
            [("Payée le", "bientôt"), ("Cotisation", "0")],
            [("Statut", "ami"), ("Cotisation", "0")],
        ] {
            assert!(Scene::new().member(&cells).places("ELI07").is_empty());
        }
        assert_eq!(found("membre actif", "beaucoup"), 0);
    }

    #[test]
    fn the_fees_are_settings() {
        let scene = Scene::new()
            .with("[membership]\nactive_fee = 350\n")
            .member(&[]);
        assert_eq!(scene.places("ELI07").len(), 1);
    }
}
