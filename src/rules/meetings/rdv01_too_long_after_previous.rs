//! RDV01: a meeting stands more than `supports.max_gap_days` after the support's previous one
//! (programme.md §4; the seed recommends two weeks at most, §1 "spacing").
//!
//! Exactly that many days is fine. The previous meeting is the one before it by date among those
//! that are not annulé and whose date can be read; a half-day that can't be read comes last in its
//! day. Meetings of an abandonné support keep the check; those of an unknown one have no previous.

use crate::facts::hours;
use crate::findings::Severity;
use crate::french::words;
use crate::model::meeting::{self, Meeting};
use crate::model::time::short_date;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain RDV01` prints.
pub const CARD: Card = Card {
    code: "RDV01",
    severity: Severity::Warning,
    title: "Rendez-vous trop espacés",
    finds: "Le rendez-vous vient plus tard que recommandé après le précédent du même accompagnement : l’élan risque de se perdre.",
    remedy: "Proposez une date plus proche ou un rendez-vous entre les deux ; si l’écart est voulu, il n’y a rien à faire.",
};

/// Reports every meeting that comes too long after the previous one.
pub fn check(night: &Night, sink: &mut Sink) {
    for (support, _) in night
        .season
        .tables
        .supports
        .iter()
        .flat_map(Table::standing)
    {
        check_support(night, support, sink);
    }
}

fn check_support(night: &Night, support: u32, sink: &mut Sink) {
    let limit = night.settings.supports.max_gap_days;
    let mut meetings: Vec<(u32, &Meeting)> = hours::meetings(night.season, support)
        .filter(|(_, meeting)| meeting.date.get().is_some())
        .collect();
    meetings.sort_by_key(|(index, meeting)| {
        let half_day = meeting.half_day.get();
        (meeting.date.get(), half_day.is_none(), half_day, *index)
    });
    for ((_, previous), (index, meeting)) in meetings.iter().zip(meetings.iter().skip(1)) {
        let (Some(before), Some(day)) = (previous.date.get(), meeting.date.get()) else {
            continue;
        };
        let gap = day.signed_duration_since(before).num_days();
        if gap <= i64::from(limit) {
            continue;
        }
        let row = RowRef {
            role: Role::Meetings,
            index: *index,
        };
        let message = format!(
            "{gap} jours après le rendez-vous précédent, celui du {} : il est recommandé de ne pas dépasser {}. Proposez si possible une date plus proche.",
            short_date(before),
            words::count(limit as usize, "jour", "jours"),
        );
        sink.row(row, meeting::DATE, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn pair(first: &str, second: &str) -> Scene {
        Scene::new()
            .meeting(&[("Date", first)])
            .meeting(&[("Date", second)])
    }

    #[test]
    fn the_later_meeting_is_found_whatever_the_order_of_rows() {
        assert_eq!(
            pair("14/01/2021", "29/01/2021").places("RDV01"),
            ["Rendez-vous!C3"]
        );
        assert_eq!(
            pair("29/01/2021", "14/01/2021").places("RDV01"),
            ["Rendez-vous!C2"]
        );
    }

    #[test]
    fn two_weeks_are_fine_and_a_day_more_is_not() {
        assert!(pair("14/01/2021", "28/01/2021").rows("RDV01").is_empty());
        let message = &pair("14/01/2021", "29/01/2021").messages("RDV01")[0];
        assert!(message.starts_with("15 jours"), "{message}");
        assert!(message.contains("14/01/2021"), "{message}");
    }

    #[test]
    fn the_setting_decides() {
        let scene = pair("14/01/2021", "16/01/2021").with("[supports]\nmax_gap_days = 1\n");
        assert_eq!(scene.rows("RDV01"), ["Rendez-vous!3"]);
    }

    #[test]
    fn each_support_has_its_own_rhythm() {
        let scene = Scene::new()
            .support(&[])
            .support(&[("Référence", "ACC-02")])
            .meeting(&[])
            .meeting(&[("Accompagnement", "ACC-02"), ("Date", "25/02/2021")]);
        assert!(scene.rows("RDV01").is_empty());
    }

    #[test]
    fn a_cancelled_or_repeated_meeting_bridges_nothing() {
        let scene =
            pair("14/01/2021", "10/02/2021").meeting(&[("Date", "28/01/2021"), ("État", "annulé")]);
        assert_eq!(scene.rows("RDV01"), ["Rendez-vous!3"]);
        let repeated = pair("14/01/2021", "14/01/2021").meeting(&[("Date", "28/01/2021")]);
        assert!(repeated.rows("RDV01").is_empty());
    }

    #[test]
    fn an_unknown_support_has_no_previous_meeting() {
        let scene = Scene::new()
            .meeting(&[("Accompagnement", "ACC-99")])
            .meeting(&[("Accompagnement", "ACC-99"), ("Date", "25/02/2021")]);
        assert!(scene.rows("RDV01").is_empty());
    }

    #[test]
    fn an_unreadable_half_day_does_not_hide_the_gap() {
        let scene = pair("14/01/2021", "29/01/2021");
        assert_eq!(scene.rows("RDV01").len(), 1);
        let scene = Scene::new()
            .meeting(&[])
            .meeting(&[("Date", "29/01/2021"), ("Demi-journée", "soir")]);
        assert_eq!(scene.rows("RDV01"), ["Rendez-vous!3"]);
    }
}
