//! Which workbook holds which sheets.

use crate::model::Role;

/// A workbook of the starter.
pub struct Book {
    /// The file's name.
    pub file: &'static str,
    /// What its guide calls it.
    pub title: &'static str,
    /// What it is for, in one sentence.
    pub purpose: &'static str,
    /// Its sheets.
    pub roles: &'static [Role],
}

/// The workbooks, in the order of a season.
pub const WORKBOOKS: &[Book] = &[
    Book {
        file: "adherents.xlsx",
        title: "Adhérents",
        purpose: "Les structures adhérentes et leurs cotisations : tout le reste s'y réfère.",
        roles: &[Role::Members],
    },
    Book {
        file: "candidatures.xlsx",
        title: "Candidatures",
        purpose: "L'appel à candidatures, de la première réponse à la décision du comité de pilotage.",
        roles: &[Role::Applications, Role::CommitteeMarks],
    },
    Book {
        file: "accompagnements.xlsx",
        title: "Accompagnements",
        purpose: "Les accompagnements individuels, leurs rendez-vous, et les personnes ressources qui les conduisent.",
        roles: &[
            Role::ResourcePersons,
            Role::Proximities,
            Role::Supports,
            Role::Meetings,
        ],
    },
    Book {
        file: "ateliers.xlsx",
        title: "Ateliers",
        purpose: "Le calendrier des ateliers collectifs et les inscriptions.",
        roles: &[Role::Workshops, Role::Registrations],
    },
    Book {
        file: "evaluations.xlsx",
        title: "Évaluations",
        purpose: "Ce que disent les bénéficiaires à la fin de leur accompagnement.",
        roles: &[Role::Evaluations],
    },
];

/// The name of a sheet's table, which Excel wants in letters, digits and `_`.
pub fn table_name(role: Role) -> &'static str {
    match role {
        Role::Members => "Adherents",
        Role::Applications => "Candidatures",
        Role::CommitteeMarks => "Notes_comite",
        Role::ResourcePersons => "Personnes_ressources",
        Role::Proximities => "Proximites",
        Role::Supports => "Accompagnements",
        Role::Meetings => "Rendez_vous",
        Role::Workshops => "Ateliers",
        Role::Registrations => "Inscriptions",
        Role::Evaluations => "Evaluations",
    }
}
