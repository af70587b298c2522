//! INS02: the same address stands in an earlier registration for this workshop, by Inscrit le, then
//! row, that is not annulée and has no blocking finding (programme.md §4). The earlier one counts,
//! and this row has no other INS finding.
//!
//! Not said of a row whose Inscrit le can't be read: nobody knows which came first. It is said of an
//! annulé workshop too.

use crate::decide::{Decisions, SeatReason};
use crate::facts::references;
use crate::findings::Severity;
use crate::french::words;
use crate::model::registration::{self, Registration};
use crate::model::time::short_date;
use crate::model::{Role, RowRef, Season, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain INS02` prints.
pub const CARD: Card = Card {
    code: "INS02",
    severity: Severity::Warning,
    title: "Personne inscrite deux fois",
    finds: "La même adresse e-mail est déjà inscrite à cet atelier : la première inscription compte, celle-ci n’est pas utilisée.",
    remedy: "Supprimez cette ligne ou écrivez « annulée » dans son état ; si c’est une autre personne, indiquez son adresse à elle.",
};

/// Reports every registration that an earlier one stands for.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    let Some(registrations) = &night.season.tables.registrations else {
        return;
    };
    for (index, row) in registrations.live() {
        let SeatReason::Duplicate { of } = decisions.seats.of(index).reason else {
            continue;
        };
        if row.registered.is_bad() {
            continue;
        }
        let message = message(night.season, registrations, row, of);
        let at = RowRef {
            role: Role::Registrations,
            index,
        };
        sink.row(at, registration::EMAIL, message);
    }
}

fn message(
    season: &Season,
    registrations: &Table<Registration>,
    row: &Registration,
    of: u32,
) -> String {
    let first = RowRef {
        role: Role::Registrations,
        index: of,
    };
    let line = words::line_of(season, first);
    let registered = registrations
        .get(of)
        .and_then(|first| first.registered.get());
    let day = registered.map_or(String::new(), |at| format!(" ({})", short_date(at.date())));
    let email = row.email.value().map_or("", |email| &email.text);
    let workshop = references::workshop_named(season, &row.workshop);
    format!(
        "L’adresse {email} est déjà inscrite à {}, {line}{day} : c’est cette première inscription qui compte. Supprimez celle-ci, ou notez « annulée ».",
        words::quoted(workshop.map_or("", |(_, workshop)| &workshop.head.key)),
    )
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn twice(second: &[(&str, &str)]) -> Scene {
        Scene::new().registration(&[]).registration(second)
    }

    #[test]
    fn the_later_registration_is_found_and_names_the_earlier() {
        let scene = twice(&[("Email", "CAMILLE@example.org")]);
        assert_eq!(scene.places("INS02"), ["Inscriptions!D3"]);
        let message = &scene.messages("INS02")[0];
        assert!(
            message.contains("ligne 2 de «\u{a0}Inscriptions\u{a0}» (04/01/2021)"),
            "{message}"
        );
        assert!(message.contains("AT-01"), "{message}");
    }

    #[test]
    fn the_time_decides_before_the_row() {
        let later = twice(&[("Inscrit le", "04/01/2021 09:00:01")]);
        assert_eq!(later.rows("INS02"), ["Inscriptions!3"]);
        let equal = twice(&[("Inscrit le", "04/01/2021 09:00:00")]);
        assert_eq!(equal.rows("INS02"), ["Inscriptions!3"]);
        let earlier = twice(&[("Inscrit le", "04/01/2021 08:59:59")]);
        assert_eq!(earlier.rows("INS02"), ["Inscriptions!2"]);
    }

    #[test]
    fn another_address_or_workshop_is_silent() {
        assert!(
            twice(&[("Email", "c@example.org")])
                .rows("INS02")
                .is_empty()
        );
        let other = Scene::new()
            .workshop(&[])
            .workshop(&[("Référence", "AT-02"), ("Date", "29/01/2021")])
            .registration(&[])
            .registration(&[("Atelier", "AT-02")]);
        assert!(other.rows("INS02").is_empty());
    }

    #[test]
    fn an_earlier_row_that_cannot_be_used_does_not_count() {
        for cell in [("État", "annulée"), ("Nom", ""), ("Inscrit le", "hier")] {
            let scene = Scene::new().registration(&[cell]).registration(&[]);
            assert!(scene.rows("INS02").is_empty(), "{cell:?}");
        }
    }

    #[test]
    fn the_repeated_row_has_no_other_ins_finding() {
        let scene = twice(&[("Structure", "Inconnue"), ("Paiement", "100")]);
        for code in [
            "INS01", "INS03", "INS04", "INS05", "INS06", "INS07", "INS08",
        ] {
            let rows = scene.rows(code);
            assert!(!rows.contains(&"Inscriptions!3".to_owned()), "{code}");
        }
    }

    #[test]
    fn a_cancelled_workshop_keeps_it_alone() {
        let scene = twice(&[]).workshop(&[("État", "annulé")]);
        assert_eq!(scene.rows("INS02"), ["Inscriptions!3"]);
        assert_eq!(scene.rows("INS05"), ["Inscriptions!2"]);
    }

    #[test]
    fn three_times_names_the_first_twice() {
        let scene = twice(&[]).registration(&[]);
        let messages = scene.messages("INS02");
        assert_eq!(messages.len(), 2);
        assert!(messages.iter().all(|message| message.contains("ligne 2")));
    }
}
