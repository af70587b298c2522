//! Inscriptions: who comes to which workshop (programme.md §3).

use chrono::NaiveDateTime;

use super::cell::Cell;
use super::column::{Kind, columns};
use super::email::Email;
use super::fold::fold_name;
use super::name::Name;
use super::role::Role;
use super::table::{Head, Row};

columns! {
    REGISTERED: "Inscrit le", Cell, Kind::DateTime, "La date et l’heure de l’inscription.";
    WORKSHOP: "Atelier", Cell (key), Kind::Name, "La référence de l’atelier.";
    NAME: "Nom", Cell, Kind::Name, "La personne inscrite.";
    EMAIL: "Email", Cell (key), Kind::Email, "Une seule adresse.";
    STRUCTURE: "Structure", Optional, Kind::Name, "Sa structure ; vide pour une personne sans structure.";
    PAID: "Paiement", Optional, Kind::Euros, "Le montant payé, en euros.";
    PAID_ON: "Payé le", Optional, Kind::Date, "La date du paiement.";
    ATTENDED: "Présence", Optional, Kind::YesNo, "Oui si la personne est venue.";
    STATE: "État", Optional, Kind::Choice(&["annulée", "confirmée", "liste d'attente"]), "À remplir seulement pour décider vous-même ; vide : le programme décide.";
    DO_NOT_WRITE: "Ne pas écrire", Optional, Kind::YesNo, "Oui pour qu’aucun courriel ne parte au sujet de cette ligne.";
}

/// What the coordinator decided herself; an empty cell leaves it to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationState {
    /// Annulée.
    Cancelled,
    /// Confirmée: takes a seat whatever the order.
    Confirmed,
    /// Liste d'attente: waits whatever the order.
    Waiting,
}

/// Somebody's registration for a workshop.
#[derive(Debug)]
pub struct Registration {
    /// Where it stands and what it is called.
    pub head: Head,
    /// When, in the programme's time zone.
    pub registered: Cell<NaiveDateTime>,
    /// The workshop's reference.
    pub workshop: Cell<Name>,
    /// Who.
    pub name: Cell<Box<str>>,
    /// Where to write.
    pub email: Cell<Email>,
    /// Her structure; empty: none.
    pub structure: Cell<Name>,
    /// What was paid, in euros; empty: nothing.
    pub paid: Cell<f64>,
    /// Came; empty: no.
    pub attended: Cell<bool>,
    /// What the coordinator decided; empty: the program decides.
    pub state: Cell<RegistrationState>,
    /// No e-mail on account of this row; empty: no.
    pub do_not_write: Cell<bool>,
}

impl Registration {
    /// What the ledger knows the registration by: the workshop's folded reference and the address.
    /// None while one of the two can't be read.
    pub fn identity(&self) -> Option<String> {
        let workshop = fold_name(&self.workshop.value()?.text);
        Some(format!(
            "{workshop}|{}",
            self.email.value()?.text.to_lowercase()
        ))
    }
}

impl Row for Registration {
    const ROLE: Role = Role::Registrations;

    fn head(&self) -> &Head {
        &self.head
    }

    fn counts(&self) -> bool {
        matches!(
            self.state,
            Cell::Empty | Cell::Is(RegistrationState::Confirmed | RegistrationState::Waiting)
        )
    }
}
