//! Rendez-vous: the half-days of a support (programme.md §3).

use chrono::NaiveDate;

use super::cell::{Cell, List};
use super::column::{Kind, columns};
use super::event_state::{self, EVENT_STATES, EventState};
use super::name::Name;
use super::role::Role;
use super::table::{Head, Row};
use super::time::HalfDay;

columns! {
    SUPPORT: "Accompagnement", Cell (key), Kind::Name, "La référence de l’accompagnement.";
    PERSONS: "Personne ressource", Cell (key), Kind::Names, "Une ou plusieurs personnes ressources, séparées par des points-virgules.";
    DATE: "Date", Cell (key), Kind::Date, "Le jour du rendez-vous.";
    HALF_DAY: "Demi-journée", Cell (key), Kind::Choice(&["matin", "après-midi"]), "Matin ou après-midi.";
    HOURS: "Heures", Optional, Kind::Hours, "La durée ; vide : une demi-journée ordinaire.";
    PLACE: "Lieu", Optional, Kind::Text, "Où l’on se retrouve.";
    STATE: "État", Optional, Kind::Choice(EVENT_STATES), "Prévu, réalisé ou annulé ; vide : prévu.";
    DO_NOT_WRITE: "Ne pas écrire", Optional, Kind::YesNo, "Oui pour qu’aucun courriel ne parte au sujet de cette ligne.";
}

/// A half-day of a support.
#[derive(Debug)]
pub struct Meeting {
    /// Where it stands and what it is called.
    pub head: Head,
    /// The support's reference.
    pub support: Cell<Name>,
    /// The resource persons.
    pub persons: Cell<List<Name>>,
    /// The day.
    pub date: Cell<NaiveDate>,
    /// Morning or afternoon.
    pub half_day: Cell<HalfDay>,
    /// Hours as typed; empty: `supports.half_day_hours`.
    pub hours: Cell<f64>,
    /// Where.
    pub place: Cell<Box<str>>,
    /// Prévu, réalisé or annulé; empty: prévu.
    pub state: Cell<EventState>,
    /// No e-mail on account of this row; empty: no.
    pub do_not_write: Cell<bool>,
}

impl Meeting {
    /// Réalisé.
    pub fn is_held(&self) -> bool {
        self.state == Cell::Is(EventState::Held)
    }

    /// Prévu, as typed or by default.
    pub fn is_planned(&self) -> bool {
        matches!(self.state, Cell::Empty | Cell::Is(EventState::Planned))
    }

    /// The resource persons that could be read.
    pub fn persons(&self) -> &[Name] {
        self.persons.value().map_or(&[], |list| &list.items)
    }

    /// The day and half-day, when both could be read.
    pub fn when(&self) -> Option<(NaiveDate, HalfDay)> {
        Some((self.date.get()?, self.half_day.get()?))
    }
}

impl Row for Meeting {
    const ROLE: Role = Role::Meetings;

    fn head(&self) -> &Head {
        &self.head
    }

    fn counts(&self) -> bool {
        event_state::counts(&self.state)
    }
}
