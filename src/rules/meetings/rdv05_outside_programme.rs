//! RDV05: a meeting or a workshop lies outside the programme's months (programme.md §4; §1,
//! "length"): before `programme.start`, or on the day after its last or later.

use chrono::Days;

use super::dated::dated;
use crate::findings::Severity;
use crate::model::time::short_date;
use crate::rules::{Card, Night, Sink};

/// What `explain RDV05` prints.
pub const CARD: Card = Card {
    code: "RDV05",
    severity: Severity::Warning,
    title: "Hors du programme",
    finds: "Le rendez-vous ou l’atelier tombe avant le début ou après la fin du programme : souvent une année mal saisie.",
    remedy: "Vérifiez l’année et le mois, ou choisissez une date dans la durée du programme.",
};

/// Reports every day before the programme's first or after its last.
pub fn check(night: &Night, sink: &mut Sink) {
    let programme = &night.settings.programme;
    let (start, end) = (programme.start, programme.end());
    let last = end.checked_sub_days(Days::new(1)).unwrap_or(end);
    for dated in dated(night.season) {
        if (start..end).contains(&dated.day) {
            continue;
        }
        let message = format!(
            "{} du {} est hors du programme, qui va du {} au {}. Vérifiez la date.",
            dated.subject,
            short_date(dated.day),
            short_date(start),
            short_date(last),
        );
        sink.row(dated.row, dated.column, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    #[test]
    fn meetings_and_workshops_are_found_at_their_date() {
        let scene = Scene::new()
            .meeting(&[("Date", "14/01/2020")])
            .workshop(&[("Date", "14/01/2022")]);
        assert_eq!(scene.places("RDV05"), ["Ateliers!D2", "Rendez-vous!C2"]);
        let message = &scene.messages("RDV05")[0];
        assert!(message.contains("du 01/11/2020 au 31/10/2021"), "{message}");
    }

    #[test]
    fn the_first_and_the_last_day_are_inside() {
        let on = |day| Scene::new().meeting(&[("Date", day)]);
        assert_eq!(on("31/10/2020").rows("RDV05").len(), 1);
        assert!(on("01/11/2020").rows("RDV05").is_empty());
        assert!(on("31/10/2021").rows("RDV05").is_empty());
        assert_eq!(on("01/11/2021").rows("RDV05").len(), 1);
    }

    #[test]
    fn the_settings_decide() {
        let scene = Scene::new()
            .meeting(&[("Date", "01/02/2022")])
            .with("[programme]\nstart = 2022-01-01\nmonths = 2\n");
        assert!(scene.rows("RDV05").is_empty());
    }

    #[test]
    fn cancelled_and_unreadable_ones_are_silent() {
        let scene = Scene::new()
            .meeting(&[("Date", "14/01/2020"), ("État", "annulé")])
            .workshop(&[("Date", "14/01/2020"), ("État", "?")])
            .workshop(&[("Référence", "AT-02"), ("Date", "un jour")])
            .workshop(&[("Référence", "AT-03"), ("Date", "")]);
        assert!(scene.rows("RDV05").is_empty());
    }
}
