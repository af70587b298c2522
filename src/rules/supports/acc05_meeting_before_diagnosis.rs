//! ACC05: a meeting is dated before Diagnostic validé le, or that date is empty while there are
//! meetings (programme.md §4): the diagnosis sets the plan that meetings follow.
//!
//! One finding a support. A meeting on the very day is fine; one without a readable day is still a
//! meeting for a date that is empty. Cancelled meetings don't count.

use chrono::NaiveDate;

use crate::facts::hours;
use crate::findings::Severity;
use crate::french::words;
use crate::model::support::DIAGNOSIS_VALIDATED_ON;
use crate::model::time::short_date;
use crate::model::{Cell, Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ACC05` prints.
pub const CARD: Card = Card {
    code: "ACC05",
    severity: Severity::Blocking,
    title: "Rendez-vous avant la validation du diagnostic",
    finds: "Un rendez-vous est daté d’avant la validation du diagnostic, ou cette date manque alors qu’il y a des rendez-vous.",
    remedy: "Remplissez ou corrigez Diagnostic validé le, ou déplacez le rendez-vous.",
};

/// Reports every support whose meetings come before its diagnosis.
pub fn check(night: &Night, sink: &mut Sink) {
    if night.season.tables.meetings.is_none() {
        return;
    }
    for (index, support) in night.season.tables.supports.iter().flat_map(Table::live) {
        let message = match support.diagnosis_validated_on {
            Cell::Bad => None,
            Cell::Empty => without_diagnosis(night, index),
            Cell::Is(validated) => before(night, index, validated),
        };
        if let Some(message) = message {
            let row = RowRef {
                role: Role::Supports,
                index,
            };
            sink.row(row, DIAGNOSIS_VALIDATED_ON, message);
        }
    }
}

fn without_diagnosis(night: &Night, support: u32) -> Option<String> {
    let meetings = hours::meetings(night.season, support).count();
    (meetings > 0).then(|| {
        format!(
            "{} alors que le diagnostic n’a pas de date de validation : remplissez-la.",
            words::count(meetings, "rendez-vous", "rendez-vous")
        )
    })
}

fn before(night: &Night, support: u32, validated: NaiveDate) -> Option<String> {
    let dates = hours::meetings(night.season, support).filter_map(|(_, row)| row.date.get());
    let first = dates.min().filter(|date| *date < validated)?;
    Some(format!(
        "Un rendez-vous est daté du {}, avant la validation du diagnostic le {} : corrigez l’une des deux dates.",
        short_date(first),
        short_date(validated)
    ))
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn scene(validated: &str, meeting: &str) -> Scene {
        Scene::new()
            .support(&[("Diagnostic validé le", validated)])
            .meeting(&[("Date", meeting)])
    }

    #[test]
    fn the_very_day_is_fine() {
        assert!(scene("14/01/2021", "14/01/2021").rows("ACC05").is_empty());
        let early = scene("15/01/2021", "14/01/2021");
        assert_eq!(early.places("ACC05"), ["Accompagnements!F2"]);
        assert!(early.messages("ACC05")[0].contains("14/01/2021"));
    }

    #[test]
    fn meetings_without_a_diagnosis_are_found() {
        assert_eq!(scene("", "14/01/2021").rows("ACC05").len(), 1);
        assert_eq!(scene("", "un jour").rows("ACC05").len(), 1);
        let none = Scene::new().support(&[("Diagnostic validé le", "")]);
        assert!(none.rows("ACC05").is_empty());
    }

    #[test]
    fn an_unreadable_date_leaves_it_out() {
        assert!(scene("bientôt", "14/01/2021").rows("ACC05").is_empty());
        assert!(scene("15/01/2021", "un jour").rows("ACC05").is_empty());
    }

    #[test]
    fn a_day_counts_beside_an_unreadable_half_day() {
        let scene = Scene::new()
            .support(&[("Diagnostic validé le", "15/01/2021")])
            .meeting(&[("Demi-journée", "tard")]);
        assert_eq!(scene.rows("ACC05").len(), 1);
    }

    #[test]
    fn one_finding_a_support_and_cancelled_meetings_do_not_count() {
        let many = scene("15/01/2021", "13/01/2021").meeting(&[]);
        assert_eq!(many.rows("ACC05").len(), 1);
        let cancelled = Scene::new()
            .support(&[("Diagnostic validé le", "")])
            .meeting(&[("État", "annulé")]);
        assert!(cancelled.rows("ACC05").is_empty());
    }
}
