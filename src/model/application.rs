//! Candidatures: who asks for an individual support (programme.md §3).

use chrono::NaiveDateTime;

use super::axis::Axis;
use super::cell::{Cell, List};
use super::column::{Kind, columns};
use super::email::Email;
use super::name::Name;
use super::role::Role;
use super::table::{Head, Row};

columns! {
    RECEIVED: "Horodateur", Cell, Kind::DateTime, "La date et l’heure de réception.";
    STRUCTURE: "Structure", Cell (key), Kind::Name, "Le nom de la structure, comme dans Adhérents.";
    NAME: "Nom", Cell, Kind::Name, "La personne qui candidate.";
    EMAIL: "Email", Cell (key), Kind::Email, "Une seule adresse.";
    AXES: "Axes", Cell, Kind::Axes, "Un ou plusieurs axes du programme, séparés par des points-virgules.";
    NEEDS: "Besoins", Cell, Kind::Text, "Les besoins exprimés.";
    MOTIVATION: "Motivations", Cell, Kind::Text, "Les motivations exprimées.";
    WORKING_CONDITIONS: "Conditions de travail", Optional, Kind::YesNo, "Oui si la structure souhaite aborder les conditions de travail.";
    MARK_ADEQUATION: "Note adéquation", Optional, Kind::Mark, "De 0 à 5 ; la feuille Notes comité l’emporte quand elle est remplie.";
    MARK_ENGAGEMENT: "Note engagement", Optional, Kind::Mark, "De 0 à 5.";
    MARK_COLLABORATION: "Note collaboration", Optional, Kind::Mark, "De 0 à 5.";
    DECISION: "Décision", Optional, Kind::Choice(&["retenue", "liste d'attente", "refusée"]), "La décision du comité de pilotage ; vide tant qu’elle n’est pas prise.";
}

/// The steering committee's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Retenue.
    Selected,
    /// Liste d'attente.
    Waiting,
    /// Refusée.
    Refused,
}

impl Decision {
    /// The word that the coordinator and the applicants read.
    pub fn french(self) -> &'static str {
        match self {
            Self::Selected => "retenue",
            Self::Waiting => "liste d’attente",
            Self::Refused => "refusée",
        }
    }
}

/// The marks of an application, one a criterion, from 0 to 5.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marks {
    /// Adéquation entre les besoins et le contenu du programme.
    pub adequation: Cell<f64>,
    /// Volonté d'engagement individuel.
    pub engagement: Cell<f64>,
    /// Volonté d'intégrer des dynamiques collaboratives.
    pub collaboration: Cell<f64>,
}

/// An application for an individual support.
#[derive(Debug)]
pub struct Application {
    /// Where it stands and what it is called.
    pub head: Head,
    /// When it was received, in the programme's time zone.
    pub received: Cell<NaiveDateTime>,
    /// The structure.
    pub structure: Cell<Name>,
    /// The applicant.
    pub name: Cell<Name>,
    /// Where to write.
    pub email: Cell<Email>,
    /// The axes asked for.
    pub axes: Cell<List<Axis>>,
    /// The marks typed beside it.
    pub marks: Marks,
    /// The decision; empty: not taken yet.
    pub decision: Cell<Decision>,
}

impl Row for Application {
    const ROLE: Role = Role::Applications;

    fn head(&self) -> &Head {
        &self.head
    }
}
