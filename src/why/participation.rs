//! What is said of a membership, an application, a resource person, a registration.

use super::rows::{Desk, Said};
use crate::decide::ranking::MarksStatus;
use crate::decide::{Seat, SeatReason, SeatState};
use crate::facts::membership::{self, Known};
use crate::french::words;
use crate::model::application::{Application, Decision};
use crate::model::member::{Level, Member};
use crate::model::registration::Registration;
use crate::model::resource_person::ResourcePerson;
use crate::model::time::short_date;
use crate::model::workshop::Workshop;
use crate::model::{Cell, Role, RowRef};

/// The level, the period, and whether it is valid today.
pub(super) fn membership(desk: &Desk, row: &Member) -> Said {
    let level = match row.level.get() {
        Some(Level::Active) => "membre actif",
        Some(Level::Cooperating) => "membre coopérant",
        None => "niveau illisible",
    };
    let period = match (row.paid_on.get(), row.ends_on().get()) {
        (Some(from), Some(to)) => format!("du {} au {}", short_date(from), short_date(to)),
        _ if row.paid_on.is_empty() => "pas encore payée".to_owned(),
        _ => "période illisible".to_owned(),
    };
    let night = &desk.night;
    let valid = membership::row_valid_on(row, night.settings, night.today, Level::Cooperating);
    let today = match valid {
        Known::Yes => "valable aujourd’hui",
        Known::No => "pas valable aujourd’hui",
        Known::Unknown => "validité impossible à dire",
    };
    vec![format!("Adhésion : {level}, {period}, {today}.")]
}

/// Whether it counts, and its place in the ranking.
pub(super) fn application(desk: &Desk, index: u32, row: &Application) -> Said {
    let status = desk.verdict.decisions.ranking.status(index);
    let mut said = Vec::new();
    if let Some(other) = status.replaced_by.filter(|_| !status.counts) {
        let role = Role::Applications;
        let line = words::line_of(desk.season(), RowRef { role, index: other });
        said.push(format!(
            "Ne compte pas : une autre candidature de la structure compte ({line})."
        ));
    }
    said.push(format!(
        "{}, {}.",
        if status.eligible {
            "Éligible"
        } else {
            "Non éligible"
        },
        if status.in_time {
            "reçue dans les délais"
        } else {
            "reçue après la date limite"
        },
    ));
    said.push(match (status.rank, status.score) {
        (Some(rank), Some(score)) => format!("Rang {rank}, {} sur 5.", words::number(score)),
        _ if status.marks != MarksStatus::Complete => {
            "Pas classée : il manque des notes.".to_owned()
        }
        _ => "Pas classée.".to_owned(),
    });
    if let Some(decision) = row.decision.get().map(Decision::french) {
        said.push(format!("Décision : {decision}."));
    }
    said
}

/// The hours that she gives.
pub(super) fn resource_person(desk: &Desk, index: u32, row: &ResourcePerson) -> Said {
    let given = crate::facts::hours::by_person(desk.season(), desk.night.settings);
    let given = given.get(index as usize).copied().unwrap_or_default();
    let available = row.hours_available.get().map_or_else(String::new, |hours| {
        format!(" sur {} disponibles", words::hours(hours))
    });
    vec![format!(
        "Personne ressource : {} de rendez-vous{available}.",
        words::hours(given)
    )]
}

/// The seat, why, what would move it, the fee.
pub(super) fn registration(desk: &Desk, index: u32, row: &Registration) -> Said {
    let seat = desk.verdict.decisions.seats.of(index);
    let position = seat
        .position
        .map_or_else(String::new, |position| format!(" {position}"));
    let mut said = vec![format!(
        "{}{position} : {}.",
        words::capitalized(seat.state.french()),
        seat.reason.french()
    )];
    let workshop = row
        .workshop
        .value()
        .and_then(|name| desk.season().index.workshop(name.key));
    let table = desk.season().tables.workshops.as_ref();
    if let Some((index, workshop)) = workshop.and_then(|index| Some((index, table?.get(index)?))) {
        said.push(of_workshop(workshop));
        said.extend(what_would_move_it(desk, index, seat));
    }
    said.extend(fee(row, seat));
    if row.do_not_write.get() == Some(true) {
        said.push("« Ne pas écrire » : aucun courriel ne part au sujet de cette ligne.".to_owned());
    }
    said
}

fn of_workshop(workshop: &Workshop) -> String {
    let title = workshop.title.value().map_or("sans titre", |title| title);
    let when = workshop.when().map_or_else(
        || "pas encore de date".to_owned(),
        |(date, slot)| format!("{}, {}", short_date(date), slot.french()),
    );
    format!("Atelier « {title} », {when}.")
}

fn what_would_move_it(desk: &Desk, workshop: u32, seat: Seat) -> Option<String> {
    if seat.state != SeatState::Waiting {
        return None;
    }
    if seat.reason == SeatReason::ForcedWaiting {
        return Some("Elle attend parce que vous l’avez écrit dans État : effacez-le pour que le programme décide.".to_owned());
    }
    let hall = desk.verdict.decisions.seats.workshop(workshop);
    let needed = hall.taken.saturating_sub(hall.places) + seat.position.unwrap_or(1);
    let needed = words::count(needed as usize, "désistement", "désistements");
    Some(format!(
        "{} prises sur {}, {} en attente : une place lui reviendrait après {needed}, ou si vous écrivez « confirmée » dans État.",
        words::count(hall.taken as usize, "place", "places"),
        hall.places,
        hall.waiting,
    ))
}

fn fee(row: &Registration, seat: Seat) -> Option<String> {
    if !seat.takes_part() {
        return None;
    }
    let why = match seat.member {
        Known::Yes => "sa structure est adhérente ce jour-là",
        Known::No if row.structure == Cell::Empty => "sans structure",
        Known::No => "sa structure n’est pas adhérente ce jour-là",
        Known::Unknown => "son adhésion ne peut pas être lue",
    };
    let paid = row
        .paid
        .get()
        .map_or_else(String::new, |paid| format!(", payé {}", words::euros(paid)));
    Some(format!(
        "Tarif : {} ({why}){paid}.",
        words::euros(seat.fee())
    ))
}
