//! Évaluations: what a support brought (programme.md §3).

use chrono::NaiveDate;

use super::cell::Cell;
use super::column::{Kind, columns};
use super::name::Name;
use super::role::Role;
use super::table::{Head, Row};

columns! {
    SUPPORT: "Accompagnement", Cell (key), Kind::Name, "La référence de l’accompagnement.";
    FILLED_ON: "Rempli le", Cell, Kind::Date, "La date de l’évaluation.";
    SKILLS: "Compétences acquises", Cell, Kind::Mark, "De 1 à 5.";
    ACTIONS: "Actions réalisées", Cell, Kind::Mark, "De 1 à 5.";
    SATISFACTION: "Satisfaction", Cell, Kind::Mark, "De 1 à 5.";
    COMMENTS: "Commentaires", Optional, Kind::Text, "Ce que la personne souhaite dire.";
    IMPROVEMENTS: "Pistes d'amélioration", Optional, Kind::Text, "Ce qui pourrait être amélioré.";
}

/// The evaluation of a support.
#[derive(Debug)]
pub struct Evaluation {
    /// Where it stands and what it is called.
    pub head: Head,
    /// The support's reference.
    pub support: Cell<Name>,
    /// The day.
    pub filled_on: Cell<NaiveDate>,
    /// Skills acquired, 1 to 5 expected (EVA02).
    pub skills: Cell<f64>,
    /// Actions carried out, 1 to 5 expected.
    pub actions: Cell<f64>,
    /// Satisfaction, 1 to 5 expected.
    pub satisfaction: Cell<f64>,
    /// What the person wished to say.
    pub comments: Cell<Box<str>>,
    /// What could be better.
    pub improvements: Cell<Box<str>>,
}

impl Row for Evaluation {
    const ROLE: Role = Role::Evaluations;

    fn head(&self) -> &Head {
        &self.head
    }
}
