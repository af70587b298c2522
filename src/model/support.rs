//! Accompagnements: the individual supports (programme.md §3).

use chrono::{NaiveDate, NaiveDateTime};

use super::axis::Axis;
use super::cell::{Cell, List};
use super::column::{Kind, columns};
use super::email::Email;
use super::name::Name;
use super::role::Role;
use super::table::{Head, Row};

columns! {
    REFERENCE: "Référence", Cell (key), Kind::Name, "Une référence courte et unique, par exemple ACC-01.";
    STRUCTURE: "Structure", Cell, Kind::Name, "La structure accompagnée, comme dans Adhérents.";
    BENEFICIARY: "Bénéficiaire", Cell, Kind::Name, "La personne accompagnée.";
    EMAIL: "Email", Cell, Kind::Email, "Une seule adresse.";
    INTERVIEW: "Entretien le", Optional, Kind::DateTime, "La date et l’heure de l’entretien de diagnostic.";
    DIAGNOSIS_VALIDATED_ON: "Diagnostic validé le", Optional, Kind::Date, "La date de validation du diagnostic partagé.";
    AXES: "Axes", Cell, Kind::Axes, "Les axes du plan d’accompagnement, séparés par des points-virgules.";
    GOALS: "Objectifs", Optional, Kind::Text, "Les objectifs du plan.";
    PLANNED_HOURS: "Heures prévues", Column, Kind::Hours, "Entre 14 et 28 heures ; peut rester vide pendant le diagnostic.";
    EXTENSION: "Prolongation", Optional, Kind::Hours, "Les heures ajoutées, sans dépasser 28 heures au total.";
    WORKING_CONDITIONS: "Conditions de travail", Optional, Kind::YesNo, "Oui si le volet conditions de travail est demandé.";
    REPRISE_FILLED_ON: "Objectif Reprise rempli le", Optional, Kind::Date, "La date à laquelle Objectif Reprise a été rempli.";
    STATUS: "Statut", Cell, Kind::Choice(&["diagnostic", "en cours", "terminé", "abandonné"]), "L’état de l’accompagnement.";
}

/// Where a support stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Diagnostic: the plan is being made.
    Diagnosis,
    /// En cours.
    Running,
    /// Terminé.
    Finished,
    /// Abandonné.
    Abandoned,
}

impl Status {
    /// Diagnostic or en cours.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Diagnosis | Self::Running)
    }
}

/// An individual support.
#[derive(Debug)]
pub struct Support {
    /// Where it stands and what it is called.
    pub head: Head,
    /// The reference by which meetings and evaluations name it.
    pub reference: Cell<Name>,
    /// The structure that is supported.
    pub structure: Cell<Name>,
    /// The person.
    pub beneficiary: Cell<Name>,
    /// Where to write.
    pub email: Cell<Email>,
    /// The first interview, in the programme's time zone.
    pub interview: Cell<NaiveDateTime>,
    /// When the diagnosis was validated.
    pub diagnosis_validated_on: Cell<NaiveDate>,
    /// The axes of the plan.
    pub axes: Cell<List<Axis>>,
    /// Hours planned by the diagnosis.
    pub planned_hours: Cell<f64>,
    /// Hours added.
    pub extension: Cell<f64>,
    /// The working-conditions strand is asked for; empty: no.
    pub working_conditions: Cell<bool>,
    /// When the structure filled in Objectif Reprise.
    pub reprise_filled_on: Cell<NaiveDate>,
    /// Where it stands.
    pub status: Cell<Status>,
}

impl Support {
    /// The agreed hours: Heures prévues + Prolongation (programme.md §4).
    pub fn agreed_hours(&self) -> Option<f64> {
        Some(self.planned_hours.get()? + self.extension.or_default(0.0)?)
    }

    /// Whether the support is known to be in one of these states.
    pub fn status_is(&self, wanted: &[Status]) -> bool {
        self.status
            .get()
            .is_some_and(|status| wanted.contains(&status))
    }

    /// The same, for the checks that look at its meetings: without a readable reference nobody knows
    /// which they are.
    pub fn meetings_known_and_status_is(&self, wanted: &[Status]) -> bool {
        self.reference.value().is_some() && self.status_is(wanted)
    }

    /// Diagnostic or en cours.
    pub fn is_open(&self) -> bool {
        self.status.get().is_some_and(Status::is_open)
    }
}

impl Row for Support {
    const ROLE: Role = Role::Supports;

    fn head(&self) -> &Head {
        &self.head
    }
}
