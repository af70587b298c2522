//! RDV02: a running support has hours left and no meeting ahead, and the last one is
//! `supports.max_gap_days` or more before D (programme.md §4): it may be fading away.
//!
//! The gap counts from the last meeting, or from Diagnostic validé le while there is none at all;
//! exactly that many days is enough. A meeting today is ahead. Meetings whose date can't be read
//! give hours but no day (sums and lists go on without them); where that leaves no day at all, the
//! check is not made. Needs Rendez-vous.

use chrono::NaiveDate;

use crate::facts::hours::{self, TOLERANCE};
use crate::findings::Severity;
use crate::french::words;
use crate::model::support::{Status, Support};
use crate::model::time::short_date;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain RDV02` prints.
pub const CARD: Card = Card {
    code: "RDV02",
    severity: Severity::Warning,
    title: "Aucun rendez-vous à venir",
    finds: "L’accompagnement est en cours, il lui reste des heures, aucun rendez-vous n’est prévu et le dernier remonte déjà à quelque temps.",
    remedy: "Prenez des nouvelles et fixez le prochain rendez-vous ; si l’accompagnement est fini, changez son statut.",
};

/// Reports every running support that has nothing ahead.
pub fn check(night: &Night, sink: &mut Sink) {
    if night.season.tables.meetings.is_none() {
        return;
    }
    for (index, support) in night
        .season
        .tables
        .supports
        .iter()
        .flat_map(Table::standing)
    {
        if let Some(message) = waiting(night, index, support) {
            let row = RowRef {
                role: Role::Supports,
                index,
            };
            sink.row(row, None, message);
        }
    }
}

fn waiting(night: &Night, index: u32, support: &Support) -> Option<String> {
    if !support.meetings_known_and_status_is(&[Status::Running]) {
        return None;
    }
    let agreed = support.agreed_hours()?;
    let planned = hours::planned(night.season, night.settings, index);
    if planned + TOLERANCE >= agreed {
        return None;
    }
    let since = Since::of(night, index, support)?;
    let days = night.today.signed_duration_since(since.day).num_days();
    // A meeting on or after D gives a gap of 0 or less, below any setting.
    if days < i64::from(night.settings.supports.max_gap_days) {
        return None;
    }
    Some(format!(
        "Aucun rendez-vous à venir, alors qu’il reste {} à placer sur {} : {} date du {}, il y a {}. Proposez une date.",
        words::hours(agreed - planned),
        words::hours(agreed),
        since.what,
        short_date(since.day),
        words::count(usize::try_from(days).unwrap_or_default(), "jour", "jours"),
    ))
}

/// The day from which the support has been waiting.
struct Since {
    day: NaiveDate,
    what: &'static str,
}

impl Since {
    fn of(night: &Night, index: u32, support: &Support) -> Option<Self> {
        if night.season.index.meetings_of(index).is_empty() {
            return Some(Self {
                day: support.diagnosis_validated_on.get()?,
                what: "le diagnostic",
            });
        }
        let days = hours::meetings(night.season, index);
        Some(Self {
            day: days.filter_map(|(_, meeting)| meeting.date.get()).max()?,
            what: "le dernier",
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Role;
    use crate::rules::scene::Scene;

    fn last_on(day: &str) -> Scene {
        Scene::new().on("2021-02-20").meeting(&[("Date", day)])
    }

    #[test]
    fn two_weeks_without_a_next_meeting_are_found() {
        let scene = last_on("06/02/2021");
        assert_eq!(scene.places("RDV02"), ["Accompagnements!2"]);
        let message = &scene.messages("RDV02")[0];
        assert!(message.contains("06/02/2021, il y a 14 jours"), "{message}");
        assert!(message.contains("il reste 10,5\u{a0}h"), "{message}");
    }

    #[test]
    fn a_day_less_is_silent() {
        assert!(last_on("07/02/2021").rows("RDV02").is_empty());
    }

    #[test]
    fn a_meeting_today_or_later_is_ahead() {
        for day in ["20/02/2021", "21/02/2021"] {
            let scene = last_on("01/01/2021").meeting(&[("Date", day)]);
            assert!(scene.rows("RDV02").is_empty(), "{day}");
        }
        let cancelled =
            last_on("01/01/2021").meeting(&[("Date", "21/02/2021"), ("État", "annulé")]);
        assert_eq!(cancelled.rows("RDV02").len(), 1);
    }

    #[test]
    fn hours_that_are_all_planned_are_silent() {
        let agreed = |hours| {
            last_on("01/01/2021").support(&[("Heures prévues", hours), ("Prolongation", "0")])
        };
        assert!(agreed("3,5").rows("RDV02").is_empty());
        assert_eq!(agreed("3,6").rows("RDV02").len(), 1);
        let extended =
            last_on("01/01/2021").support(&[("Heures prévues", "3,5"), ("Prolongation", "1")]);
        assert_eq!(extended.rows("RDV02").len(), 1);
    }

    #[test]
    fn without_any_meeting_the_diagnosis_counts() {
        let scene = |validated| {
            Scene::new()
                .on("2021-01-19")
                .empty(Role::Meetings)
                .empty(Role::ResourcePersons)
                .support(&[("Diagnostic validé le", validated)])
        };
        assert_eq!(scene("05/01/2021").rows("RDV02").len(), 1);
        assert!(scene("06/01/2021").rows("RDV02").is_empty());
        assert!(scene("").rows("RDV02").is_empty());
        assert!(scene("bientôt").rows("RDV02").is_empty());
    }

    #[test]
    fn only_running_supports_with_known_hours_are_looked_at() {
        for cell in [
            ("Statut", "terminé"),
            ("Statut", "diagnostic"),
            ("Statut", "abandonné"),
            ("Statut", "?"),
            ("Heures prévues", ""),
            ("Prolongation", "un peu"),
        ] {
            let scene = last_on("01/01/2021").support(&[cell]);
            assert!(scene.rows("RDV02").is_empty(), "{cell:?}");
        }
    }

    #[test]
    fn it_needs_the_sheet_of_meetings() {
        let scene = Scene::new().on("2021-06-01").support(&[]);
        assert!(scene.rows("RDV02").is_empty());
    }

    #[test]
    fn a_date_that_cannot_be_read_is_no_day() {
        let alone = last_on("bientôt");
        assert!(alone.rows("RDV02").is_empty());
        let beside = last_on("01/01/2021").meeting(&[("Date", "bientôt")]);
        assert_eq!(beside.rows("RDV02").len(), 1);
    }
}
