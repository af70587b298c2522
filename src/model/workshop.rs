//! Ateliers: the group workshops (programme.md §3).

use chrono::{NaiveDate, NaiveTime};

use super::axis::Axis;
use super::cell::{Cell, List};
use super::column::{Kind, columns};
use super::event_state::{self, EVENT_STATES, EventState};
use super::name::Name;
use super::role::Role;
use super::table::{Head, Row};
use super::time::Slot;

columns! {
    REFERENCE: "Référence", Cell (key), Kind::Name, "Une référence courte et unique, par exemple AT-01.";
    TITLE: "Titre", Cell, Kind::Text, "Le titre que lisent les participant·e·s.";
    AXIS: "Axe", Cell, Kind::Axis, "L’axe du programme.";
    DATE: "Date", Column, Kind::Date, "Le jour ; vide tant que l’atelier n’est pas programmé.";
    SLOT: "Demi-journée", Cell, Kind::Choice(&["matin", "après-midi", "journée"]), "Matin, après-midi ou journée.";
    STARTS: "Heure de début", Optional, Kind::Time, "Vide : l’heure habituelle de la demi-journée.";
    ENDS: "Heure de fin", Optional, Kind::Time, "Vide : l’heure habituelle de la demi-journée.";
    PLACE: "Lieu", Optional, Kind::Text, "Où l’on se retrouve.";
    LEADERS: "Animateurs", Cell, Kind::Names, "Une ou plusieurs personnes ressources, séparées par des points-virgules.";
    SEATS: "Places", Optional, Kind::Count, "Le nombre de places ; vide : 12.";
    STATE: "État", Optional, Kind::Choice(EVENT_STATES), "Prévu, réalisé ou annulé ; vide : prévu.";
}

/// A group workshop.
#[derive(Debug)]
pub struct Workshop {
    /// Where it stands and what it is called.
    pub head: Head,
    /// The reference by which registrations name it.
    pub reference: Cell<Name>,
    /// The title that participants read.
    pub title: Cell<Box<str>>,
    /// The axis.
    pub axis: Cell<Axis>,
    /// The day; empty: not scheduled yet.
    pub date: Cell<NaiveDate>,
    /// Morning, afternoon or the whole day.
    pub slot: Cell<Slot>,
    /// When it starts; empty: the settings' hour.
    pub starts: Cell<NaiveTime>,
    /// When it ends; empty: the settings' hour.
    pub ends: Cell<NaiveTime>,
    /// Where.
    pub place: Cell<Box<str>>,
    /// The resource persons who lead it.
    pub leaders: Cell<List<Name>>,
    /// Seats as typed, a whole number; empty: `workshops.capacity`.
    pub seats: Cell<i64>,
    /// Prévu, réalisé or annulé; empty: prévu.
    pub state: Cell<EventState>,
}

impl Workshop {
    /// The leaders that could be read.
    pub fn leaders(&self) -> &[Name] {
        self.leaders.value().map_or(&[], |list| &list.items)
    }

    /// The day and the part of the day, when both could be read.
    pub fn when(&self) -> Option<(NaiveDate, Slot)> {
        Some((self.date.get()?, self.slot.get()?))
    }

    /// Annulé.
    pub fn is_cancelled(&self) -> bool {
        self.state == Cell::Is(EventState::Cancelled)
    }
}

impl Row for Workshop {
    const ROLE: Role = Role::Workshops;

    fn head(&self) -> &Head {
        &self.head
    }

    fn counts(&self) -> bool {
        event_state::counts(&self.state)
    }
}
