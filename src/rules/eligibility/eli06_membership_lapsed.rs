//! ELI06: the structure's latest membership is not paid, or ended before D (programme.md §4).
//!
//! It stands on the latest row alone: earlier ones of a structure that renewed are history. An
//! unpaid row is later than any paid one. While a date of one of the structure's rows can't be
//! read, nobody knows which row is the latest, and the check is not made.

use crate::facts::membership;
use crate::facts::memo::Memo;
use crate::findings::Severity;
use crate::french::words;
use crate::model::member::{PAID_ON, VALID_UNTIL};
use crate::model::time::short_date;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ELI06` prints.
pub const CARD: Card = Card {
    code: "ELI06",
    severity: Severity::Warning,
    title: "Adhésion non payée ou échue",
    finds: "La dernière adhésion de la structure n’est pas payée, ou s’est terminée.",
    remedy: "Relancez la structure, puis remplissez Payée le ou ajoutez une ligne pour la nouvelle adhésion.",
};

/// Reports every latest membership that is not paid or has ended.
pub fn check(night: &Night, sink: &mut Sink) {
    let mut latest = Memo::default();
    for (index, member) in night.season.tables.members.iter().flat_map(Table::live) {
        let Some(structure) = member.structure.value() else {
            continue;
        };
        if member.paid_on.is_bad() {
            continue;
        }
        let answer = || membership::latest(night.season, structure.key);
        if latest.get(structure.key, answer) != Some(index) {
            continue;
        }
        let row = RowRef {
            role: Role::Members,
            index,
        };
        let name = words::quoted(&structure.text);
        if member.paid_on.is_empty() {
            let message = format!(
                "L’adhésion de {name} n’est pas payée : relancez la structure, ou remplissez la date de paiement."
            );
            sink.row(row, PAID_ON, message);
        } else if let Some(end) = member.ends_on().get().filter(|end| *end < night.today) {
            let end = short_date(end);
            let message = format!(
                "L’adhésion de {name} s’est terminée le {end} : proposez à la structure de la renouveler."
            );
            sink.row(row, VALID_UNTIL, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    #[test]
    fn an_unpaid_membership_is_found() {
        let scene = Scene::new().member(&[("Payée le", "")]);
        assert_eq!(scene.places("ELI06"), ["Adhérents!L2"]);
    }

    #[test]
    fn the_last_day_is_still_valid() {
        let until = |day| Scene::new().member(&[("Valable jusqu'au", day)]);
        assert!(until("12/01/2021").places("ELI06").is_empty());
        assert_eq!(until("11/01/2021").places("ELI06"), ["Adhérents!M2"]);
    }

    #[test]
    fn a_renewal_puts_the_earlier_row_at_rest() {
        let old = [("Payée le", "02/01/2020")];
        let renewed = Scene::new()
            .member(&old)
            .member(&[("Payée le", "03/01/2021")]);
        assert!(renewed.rows("ELI06").is_empty());
        let unpaid = Scene::new().member(&[("Payée le", "")]).member(&old);
        assert_eq!(unpaid.rows("ELI06"), ["Adhérents!2"]);
    }

    #[test]
    fn an_unreadable_date_leaves_the_structure_out() {
        let scene = Scene::new()
            .member(&[("Payée le", "02/01/2020")])
            .member(&[("Payée le", "bientôt")]);
        assert!(scene.rows("ELI06").is_empty());
    }
}
