//! ELI04: the structure of an application or of a support has no Membre actif membership valid on D
//! (programme.md §4): individual support is for active members (§1).
//!
//! An application is spared when the membership was valid on the day it was received; a support is
//! checked only while diagnostic or en cours. A structure that is not in Adhérents has ELI08 or
//! DON05 instead. An unreadable cell that would decide leaves the check out.

use super::active_members::ActiveMembers;
use crate::facts::membership::{self, Known};
use crate::facts::references;
use crate::findings::Severity;
use crate::french::words;
use crate::model::{Name, Role, RowRef, Table, application, support};
use crate::rules::{Card, Night, Sink};

/// What `explain ELI04` prints.
pub const CARD: Card = Card {
    code: "ELI04",
    severity: Severity::Blocking,
    title: "Pas d’adhésion de membre actif valable",
    finds: "L’accompagnement individuel est réservé aux membres actifs, et la structure n’a pas d’adhésion de membre actif valable aujourd’hui (ni, pour une candidature, le jour de sa réception).",
    remedy: "Proposez à la structure d’adhérer ou de renouveler son adhésion comme membre actif, puis complétez Adhérents.",
};

/// Reports every application and every open support of a structure that is no active member.
pub fn check(night: &Night, sink: &mut Sink) {
    let mut active = ActiveMembers::new(night);
    applications(night, sink, &mut active);
    supports(night, sink, &mut active);
}

fn applications(night: &Night, sink: &mut Sink, active: &mut ActiveMembers) {
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
        if !membership::is_listed(night.season, structure.key) {
            continue;
        }
        let on_receipt = match row.received.get() {
            Some(received) => active.on(structure.key, received.date()),
            None => Known::Unknown,
        };
        if active.today(structure.key).or(on_receipt) == Known::No {
            let row = RowRef {
                role: Role::Applications,
                index,
            };
            let message = message(night, structure, active);
            sink.row(row, application::STRUCTURE, message);
        }
    }
}

fn supports(night: &Night, sink: &mut Sink, active: &mut ActiveMembers) {
    for (index, row) in night.season.tables.supports.iter().flat_map(Table::live) {
        if !row.is_open() {
            continue;
        }
        let Some(structure) = references::listed_structure(night.season, row) else {
            continue;
        };
        if active.today(structure.key) == Known::No {
            let row = RowRef {
                role: Role::Supports,
                index,
            };
            sink.row(row, support::STRUCTURE, message(night, structure, active));
        }
    }
}

fn message(night: &Night, structure: &Name, active: &mut ActiveMembers) -> String {
    format!(
        "{} {} : l’accompagnement individuel demande une adhésion de membre actif ({} par an), à régulariser dans Adhérents.",
        words::quoted(&structure.text),
        active.why_not(structure.key),
        words::euros(night.settings.membership.active_fee),
    )
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    #[test]
    fn a_cooperating_member_cannot_be_supported() {
        let cells = [("Statut", "membre coopérant"), ("Cotisation", "100")];
        let scene = Scene::new().member(&cells).application(&[]).support(&[]);
        assert_eq!(
            scene.places("ELI04"),
            ["Accompagnements!B2", "Candidatures!B2"]
        );
        assert!(scene.messages("ELI04")[0].contains("membre coopérant"));
    }

    #[test]
    fn an_active_member_is_silent_up_to_the_last_day() {
        let on = |day| {
            Scene::new()
                .on(day)
                .member(&[("Payée le", "12/01/2020")])
                .support(&[])
                .rows("ELI04")
        };
        assert!(on("2020-01-12").is_empty());
        assert!(on("2021-01-11").is_empty());
        assert_eq!(on("2021-01-12").len(), 1);
        assert_eq!(on("2020-01-11").len(), 1);
    }

    #[test]
    fn an_application_may_have_been_received_while_the_membership_was_valid() {
        let received = |day| {
            Scene::new()
                .member(&[("Payée le", "02/12/2019")])
                .application(&[("Horodateur", day)])
                .rows("ELI04")
        };
        assert!(received("01/12/2020 23:59").is_empty());
        assert_eq!(received("02/12/2020 00:00"), ["Candidatures!2"]);
        // It may no longer be decided when it was received.
        assert!(received("bientôt").is_empty());
    }

    #[test]
    fn a_support_that_is_over_is_left_alone() {
        let with = |status| {
            Scene::new()
                .member(&[("Payée le", "")])
                .support(&[("Statut", status)])
                .rows("ELI04")
                .len()
        };
        assert_eq!((with("diagnostic"), with("en cours")), (1, 1));
        assert_eq!((with("terminé"), with("abandonné")), (0, 0));
        assert_eq!(with("peut-être"), 0);
    }

    #[test]
    fn the_fee_must_be_the_active_one() {
        let paid = |fee| {
            let scene = Scene::new().member(&[("Cotisation", fee)]).support(&[]);
            scene.messages("ELI04")
        };
        assert!(paid("300").is_empty());
        assert!(paid("299,99")[0].contains("299,99\u{a0}€ au lieu de 300\u{a0}€"));
        assert!(paid("beaucoup").is_empty());
    }

    #[test]
    fn a_structure_that_is_not_a_member_has_another_finding() {
        let scene = Scene::new()
            .member(&[])
            .application(&[("Structure", "Sud")])
            .support(&[("Structure", "Sud")]);
        assert!(scene.rows("ELI04").is_empty());
        assert_eq!(scene.rows("ELI08"), ["Candidatures!2"]);
        assert_eq!(scene.rows("DON05"), ["Accompagnements!2"]);
    }

    #[test]
    fn an_application_that_another_replaces_has_it_too() {
        let scene = Scene::new()
            .member(&[("Payée le", "")])
            .application(&[])
            .application(&[]);
        assert_eq!(scene.rows("ELI04").len(), 2);
    }
}
