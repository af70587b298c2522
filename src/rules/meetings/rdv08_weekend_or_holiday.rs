//! RDV08: a meeting or a workshop falls on a Saturday, a Sunday or one of metropolitan France's
//! eleven public holidays (programme.md §4). Often a slip of the date, sometimes wanted.

use chrono::{Datelike, NaiveDate, Weekday};

use super::dated::dated;
use crate::findings::Severity;
use crate::model::time::{public_holiday, short_date, weekday_name};
use crate::rules::{Card, Night, Sink};

/// What `explain RDV08` prints.
pub const CARD: Card = Card {
    code: "RDV08",
    severity: Severity::Warning,
    title: "Week-end ou jour férié",
    finds: "Le rendez-vous ou l’atelier tombe un samedi, un dimanche ou un jour férié : la date est peut-être mal saisie.",
    remedy: "Vérifiez la date auprès des personnes concernées ; si elle est voulue, il n’y a rien à faire.",
};

/// Reports every day on which people usually don't work.
pub fn check(night: &Night, sink: &mut Sink) {
    for dated in dated(night.season) {
        if let Some(reason) = day_off(dated.day) {
            let message = format!(
                "Le {} est {reason}. Vérifiez que cette date convient.",
                short_date(dated.day),
            );
            sink.row(dated.row, dated.column, message);
        }
    }
}

/// Why people usually don't work on that day.
fn day_off(day: NaiveDate) -> Option<String> {
    if let Some(name) = public_holiday(day) {
        return Some(format!("férié ({name})"));
    }
    let weekday = day.weekday();
    matches!(weekday, Weekday::Sat | Weekday::Sun).then(|| format!("un {}", weekday_name(weekday)))
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn on(day: &str) -> Scene {
        Scene::new().meeting(&[("Date", day)])
    }

    #[test]
    fn the_weekend_begins_on_saturday_and_ends_on_sunday() {
        assert!(on("15/01/2021").rows("RDV08").is_empty());
        assert_eq!(on("16/01/2021").places("RDV08"), ["Rendez-vous!C2"]);
        assert!(on("16/01/2021").messages("RDV08")[0].contains("un samedi"));
        assert!(on("17/01/2021").messages("RDV08")[0].contains("un dimanche"));
        assert!(on("18/01/2021").rows("RDV08").is_empty());
    }

    #[test]
    fn a_holiday_is_found_and_named() {
        assert!(on("13/05/2021").messages("RDV08")[0].contains("férié (Ascension)"));
        assert!(on("14/05/2021").rows("RDV08").is_empty());
    }

    #[test]
    fn workshops_are_looked_at_too() {
        let scene = Scene::new().workshop(&[("Date", "14/07/2021")]);
        assert_eq!(scene.places("RDV08"), ["Ateliers!D2"]);
    }

    #[test]
    fn a_cancelled_one_is_silent() {
        let scene = Scene::new()
            .meeting(&[("Date", "16/01/2021"), ("État", "annulé")])
            .workshop(&[("Date", "16/01/2021"), ("État", "annulé")]);
        assert!(scene.rows("RDV08").is_empty());
    }
}
