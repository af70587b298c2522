//! INS04: registered on a later day than the workshop's (programme.md §4): no seat is given. The day
//! itself is fine, at whatever hour.

use super::examined::examined;
use crate::decide::Decisions;
use crate::findings::Severity;
use crate::model::registration;
use crate::model::time::short_date;
use crate::rules::{Card, Night, Sink};

/// What `explain INS04` prints.
pub const CARD: Card = Card {
    code: "INS04",
    severity: Severity::Blocking,
    title: "Inscription après l’atelier",
    finds: "L’inscription est datée d’un jour qui suit l’atelier : aucune place n’est donnée.",
    remedy: "Vérifiez la date d’inscription et la référence de l’atelier.",
};

/// Reports every registration of a day after the workshop.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    for examined in examined(night, decisions) {
        let (Some(registered), Some(day)) = (
            examined.registration.registered.get(),
            examined.workshop.date.get(),
        ) else {
            continue;
        };
        if registered.date() <= day {
            continue;
        }
        let message = format!(
            "Inscription du {}, après l’atelier {} du {}. Vérifiez la date ou la référence de l’atelier.",
            short_date(registered.date()),
            examined.workshop_name(),
            short_date(day),
        );
        sink.row(examined.row, registration::REGISTERED, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn registered(at: &str) -> Scene {
        Scene::new().registration(&[("Inscrit le", at)])
    }

    #[test]
    fn the_day_after_is_found_and_the_day_itself_is_not() {
        let scene = registered("29/01/2021 00:00:00");
        assert_eq!(scene.places("INS04"), ["Inscriptions!A2"]);
        assert!(scene.messages("INS04")[0].contains("28/01/2021"));
        assert!(registered("28/01/2021 23:59:59").rows("INS04").is_empty());
    }

    #[test]
    fn without_both_days_it_is_silent() {
        let late = [("Inscrit le", "29/01/2021 10:00:00")];
        for day in ["", "bientôt"] {
            let scene = Scene::new().workshop(&[("Date", day)]).registration(&late);
            assert!(scene.rows("INS04").is_empty(), "{day}");
        }
        assert!(registered("hier").rows("INS04").is_empty());
    }

    #[test]
    fn a_cancelled_workshop_or_registration_is_silent() {
        let late = ("Inscrit le", "29/01/2021 10:00:00");
        let workshop = Scene::new()
            .workshop(&[("État", "annulé")])
            .registration(&[late]);
        assert!(workshop.rows("INS04").is_empty());
        let registration = Scene::new().registration(&[late, ("État", "annulée")]);
        assert!(registration.rows("INS04").is_empty());
    }

    #[test]
    fn as_a_warning_it_is_still_said() {
        let scene = registered("29/01/2021").with("[levels]\nINS04 = \"warning\"\n");
        assert_eq!(scene.rows("INS04").len(), 1);
    }
}
