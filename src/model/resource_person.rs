//! Personnes ressources: the experienced members and partners who help (programme.md §3).

use super::axis::Axis;
use super::cell::{Cell, List};
use super::column::{Kind, columns};
use super::email::Email;
use super::name::Name;
use super::role::Role;
use super::table::{Head, Row};

columns! {
    NAME: "Nom", Cell (key), Kind::Name, "Le nom complet, toujours écrit de la même façon.";
    STRUCTURE: "Structure", Cell, Kind::Name, "Sa structure, comme dans Adhérents si c’est une structure membre.";
    EMAIL: "Email", Cell, Kind::Email, "Une seule adresse.";
    SPECIALITIES: "Spécialités", Cell, Kind::Axes, "Un ou plusieurs axes du programme, séparés par des points-virgules.";
    KIND: "Type", Optional, Kind::Choice(&["membre", "partenaire"]), "Membre ou partenaire ; vide : membre.";
    HOURS_AVAILABLE: "Heures disponibles", Optional, Kind::Hours, "Le nombre d’heures qu’elle peut donner.";
}

/// Whether the person comes from the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonKind {
    /// Membre: her structure must be an active member.
    Member,
    /// Partenaire: an outside expert.
    Partner,
}

/// A resource person.
#[derive(Debug)]
pub struct ResourcePerson {
    /// Where it stands and what it is called.
    pub head: Head,
    /// The person.
    pub name: Cell<Name>,
    /// Her structure.
    pub structure: Cell<Name>,
    /// Where to write.
    pub email: Cell<Email>,
    /// The axes she knows.
    pub specialities: Cell<List<Axis>>,
    /// Member or partner; empty: member.
    pub kind: Cell<PersonKind>,
    /// The hours she can give; empty: no limit.
    pub hours_available: Cell<f64>,
}

impl Row for ResourcePerson {
    const ROLE: Role = Role::ResourcePersons;

    fn head(&self) -> &Head {
        &self.head
    }
}
