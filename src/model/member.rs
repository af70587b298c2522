//! Adhérents: the structures and their memberships (programme.md §3).

use chrono::{Days, Months, NaiveDate};

use super::cell::{Cell, List};
use super::column::{Kind, columns};
use super::email::Email;
use super::name::Name;
use super::role::Role;
use super::table::{Head, Row};

columns! {
    STRUCTURE: "Structure", Cell (key), Kind::Name, "Le nom de la structure, toujours écrit de la même façon.";
    LEGAL_FORM: "Forme juridique", Cell, Kind::LegalForm, "Association, entreprise individuelle ou société.";
    REGISTRATION_NUMBER: "Immatriculation", Column, Kind::Text, "SIREN, SIRET ou numéro RNA (W suivi de 9 chiffres).";
    COMMUNE: "Commune", Cell, Kind::Text, "La commune de la structure.";
    POSTCODE: "Code postal", Cell, Kind::Text, "Le code postal, sur cinq chiffres.";
    DOMAINS: "Domaine", Cell, Kind::Domains, "Un ou plusieurs domaines culturels, séparés par des points-virgules.";
    CONTACT: "Référent", Cell, Kind::Name, "Le nom de la personne référente.";
    EMAIL: "Email", Cell, Kind::Email, "Une seule adresse.";
    PHONE: "Téléphone", Optional, Kind::Text, "Rappelé dans le tableau de bord quand aucun courriel n’arrive.";
    LEVEL: "Statut", Cell, Kind::Choice(&["membre actif", "membre coopérant"]), "Le niveau d’adhésion.";
    FEE: "Cotisation", Cell, Kind::Euros, "Le montant payé cette année, en euros.";
    PAID_ON: "Payée le", Column, Kind::Date, "La date du paiement ; vide tant que rien n’est payé.";
    VALID_UNTIL: "Valable jusqu'au", Optional, Kind::Date, "Le dernier jour de validité ; vide : un an après le paiement.";
}

/// The level of a membership; the active one covers what the cooperating one covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Membre coopérant: workshops.
    Cooperating,
    /// Membre actif: individual support, or being a resource person.
    Active,
}

/// A membership of a structure for one period.
#[derive(Debug)]
pub struct Member {
    /// Where it stands and what it is called.
    pub head: Head,
    /// The structure.
    pub structure: Cell<Name>,
    /// SIREN, SIRET or RNA number, as typed.
    pub registration_number: Cell<Box<str>>,
    /// The commune.
    pub commune: Cell<Box<str>>,
    /// The postcode, as text.
    pub postcode: Cell<Box<str>>,
    /// The cultural domains, as typed: words outside the settings' list are ELI03's matter.
    pub domains: Cell<List<Box<str>>>,
    /// The person to write to.
    pub contact: Cell<Name>,
    /// Where to write.
    pub email: Cell<Email>,
    /// Where to call, as typed.
    pub phone: Cell<Box<str>>,
    /// The level.
    pub level: Cell<Level>,
    /// What was paid this year, in euros.
    pub fee: Cell<f64>,
    /// When it was paid; empty: not paid.
    pub paid_on: Cell<NaiveDate>,
    /// The last day as typed; empty: a year after the payment.
    pub valid_until: Cell<NaiveDate>,
}

impl Member {
    /// The last day of validity: as typed, or the payment's day + 1 year − 1 day.
    pub fn ends_on(&self) -> Cell<NaiveDate> {
        if !self.valid_until.is_empty() {
            return self.valid_until;
        }
        match self.paid_on {
            Cell::Is(paid) => paid
                .checked_add_months(Months::new(12))
                .and_then(|day| day.checked_sub_days(Days::new(1)))
                .map_or(Cell::Bad, Cell::Is),
            Cell::Empty => Cell::Empty,
            Cell::Bad => Cell::Bad,
        }
    }
}

impl Row for Member {
    const ROLE: Role = Role::Members;

    fn head(&self) -> &Head {
        &self.head
    }
}
