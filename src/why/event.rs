//! What is said of a support, a meeting, a workshop that she leads.

use super::rows::{Desk, Said};
use crate::facts::hours;
use crate::french::words;
use crate::model::Cell;
use crate::model::event_state::EventState;
use crate::model::meeting::Meeting;
use crate::model::support::{Status, Support};
use crate::model::time::short_date;
use crate::model::workshop::Workshop;

/// Where a support stands, its hours, and who is suggested for it.
pub(super) fn support(desk: &Desk, index: u32, row: &Support) -> Said {
    let status = match row.status.get() {
        Some(Status::Diagnosis) => "diagnostic",
        Some(Status::Running) => "en cours",
        Some(Status::Finished) => "terminé",
        Some(Status::Abandoned) => "abandonné",
        None => "état illisible",
    };
    let held = hours::held(desk.season(), desk.night.settings, index);
    let planned = hours::planned(desk.season(), desk.night.settings, index);
    let agreed = row
        .agreed_hours()
        .map_or_else(|| "non fixées".to_owned(), words::hours);
    let mut said = vec![format!(
        "Accompagnement : {status} ; heures convenues {agreed}, réalisées {}, réalisées ou prévues {}.",
        words::hours(held),
        words::hours(planned)
    )];
    let suggestions = desk.verdict.decisions.suggestions.get(index as usize);
    said.extend(
        suggestions
            .into_iter()
            .flatten()
            .map(|suggestion| format!("Personne suggérée : {}.", suggestion.french())),
    );
    said
}

/// When and with whom.
pub(super) fn meeting(row: &Meeting) -> Said {
    let when = row.when().map_or_else(
        || "date illisible".to_owned(),
        |(date, half_day)| format!("{}, {}", short_date(date), half_day.french()),
    );
    let persons: Vec<&str> = row.persons().iter().map(|name| &*name.text).collect();
    let mut said = vec![format!(
        "Rendez-vous {} : {when}, avec {}.",
        state(row.state),
        persons.join(" et ")
    )];
    if row.do_not_write.get() == Some(true) {
        said.push("« Ne pas écrire » : aucun courriel ne part au sujet de cette ligne.".to_owned());
    }
    said
}

/// When, and how full it is.
pub(super) fn workshop_led(desk: &Desk, index: u32, row: &Workshop) -> Said {
    let when = row.when().map_or_else(
        || "pas encore de date".to_owned(),
        |(date, slot)| format!("{}, {}", short_date(date), slot.french()),
    );
    let hall = desk.verdict.decisions.seats.workshop(index);
    vec![format!(
        "Anime l’atelier ({}) : {when} ; {} sur {}, {} en attente.",
        state(row.state),
        words::count(hall.taken as usize, "place prise", "places prises"),
        hall.places,
        hall.waiting
    )]
}

fn state(cell: Cell<EventState>) -> &'static str {
    match cell {
        Cell::Empty | Cell::Is(EventState::Planned) => "prévu",
        Cell::Is(EventState::Held) => "réalisé",
        Cell::Is(EventState::Cancelled) => "annulé",
        Cell::Bad => "d’état illisible",
    }
}
