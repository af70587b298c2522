//! DON04: a later row repeats an earlier row's key (programme.md §4).
//!
//! The earliest row stands for the key. For Adhérents only when both are paid and their periods
//! overlap; annulé rows neither give nor get it; a meeting's persons are a set; Proximités in either
//! order. Candidatures and Inscriptions have CAN02 and INS02 instead.

use crate::findings::Severity;
use crate::french::words;
use crate::model::{Role, RowRef};
use crate::rules::{Card, Night, Sink};

/// What `explain DON04` prints.
pub const CARD: Card = Card {
    code: "DON04",
    severity: Severity::Blocking,
    title: "Ligne en double",
    finds: "La ligne répète une ligne précédente de même nature : la première compte, celle-ci n’est pas utilisée.",
    remedy: "Supprimez la ligne en trop, ou corrigez ce qui devait la distinguer.",
};

/// Reports every row that repeats an earlier one.
pub fn check(night: &Night, sink: &mut Sink) {
    let season = night.season;
    for repeat in season.index.repeats() {
        let first = RowRef {
            role: repeat.row.role,
            index: repeat.first,
        };
        let Some(head) = season.head(first) else {
            continue;
        };
        let key = words::quoted(&head.key);
        let line = words::line_of(season, first);
        let message = if repeat.row.role == Role::Members {
            format!(
                "{key} a déjà une adhésion payée sur une période qui chevauche celle-ci, {line} : corrigez les dates ou supprimez la ligne en trop."
            )
        } else {
            format!(
                "{key} figure déjà {line} : cette ligne n’est pas utilisée. Supprimez-la ou corrigez-la."
            )
        };
        sink.row(repeat.row, None, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    #[test]
    fn the_later_row_is_found() {
        let scene = Scene::new()
            .support(&[("Référence", "ACC-01")])
            .support(&[("Référence", "acc 01")]);
        assert_eq!(scene.rows("DON04"), ["Accompagnements!3"]);
    }

    #[test]
    fn memberships_may_follow_each_other() {
        let renewal = |paid| {
            Scene::new()
                .member(&[
                    ("Structure", "Nord"),
                    ("Payée le", "10/01/2020"),
                    ("Valable jusqu'au", "09/01/2021"),
                ])
                .member(&[("Structure", "Nord"), ("Payée le", paid)])
        };
        assert!(renewal("10/01/2021").rows("DON04").is_empty());
        assert_eq!(renewal("09/01/2021").rows("DON04"), ["Adhérents!3"]);
        assert!(renewal("").rows("DON04").is_empty());
    }

    #[test]
    fn the_persons_of_a_meeting_are_a_set() {
        let scene = Scene::new()
            .person(&[("Nom", "Anna Roux")])
            .person(&[("Nom", "Paul Petit")])
            .meeting(&[("Personne ressource", "Anna Roux; Paul Petit")])
            .meeting(&[("Personne ressource", "paul petit, Anna Roux")]);
        assert_eq!(scene.rows("DON04"), ["Rendez-vous!3"]);
    }

    #[test]
    fn a_cancelled_row_neither_gives_nor_gets_it() {
        let scene = Scene::new()
            .meeting(&[("État", "annulé")])
            .meeting(&[])
            .meeting(&[("État", "annulé")]);
        assert!(scene.rows("DON04").is_empty());
    }

    #[test]
    fn proximities_are_the_same_both_ways() {
        let scene = Scene::new()
            .member(&[("Structure", "Nord")])
            .member(&[("Structure", "Sud")])
            .proximity(&[("Structure A", "Nord"), ("Structure B", "Sud")])
            .proximity(&[("Structure A", "Sud"), ("Structure B", "Nord")]);
        assert_eq!(scene.rows("DON04"), ["Proximités!3"]);
    }
}
