//! The ten kinds of sheet that the program reads (`programme.md` §3).

/// What the rows of a sheet are, whatever the sheet is called in a workbook.
///
/// The order is the one in which §3 of `programme.md` presents them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Adhérents: member structures and their fees.
    Members,
    /// Candidatures: applications to an individual support.
    Applications,
    /// Notes comité: marks of each member of the committee.
    CommitteeMarks,
    /// Personnes ressources: who supports and leads workshops.
    ResourcePersons,
    /// Proximités: how well two structures know each other.
    Proximities,
    /// Accompagnements: individual supports.
    Supports,
    /// Rendez-vous: meetings of a support.
    Meetings,
    /// Ateliers: workshops.
    Workshops,
    /// Inscriptions: registrations for a workshop.
    Registrations,
    /// Évaluations: what beneficiaries say at the end.
    Evaluations,
}

impl Role {
    /// Every role, in the order of §3.
    pub const ALL: [Self; 10] = [
        Self::Members,
        Self::Applications,
        Self::CommitteeMarks,
        Self::ResourcePersons,
        Self::Proximities,
        Self::Supports,
        Self::Meetings,
        Self::Workshops,
        Self::Registrations,
        Self::Evaluations,
    ];

    /// The name of the role in `programme.toml`: `[sheets.KEY]`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Applications => "applications",
            Self::CommitteeMarks => "committee_marks",
            Self::ResourcePersons => "resource_persons",
            Self::Proximities => "proximities",
            Self::Supports => "supports",
            Self::Meetings => "meetings",
            Self::Workshops => "workshops",
            Self::Registrations => "registrations",
            Self::Evaluations => "evaluations",
        }
    }

    /// The name of the sheet as the coordinator reads it, and as a workbook calls it by default.
    #[must_use]
    pub fn french(self) -> &'static str {
        match self {
            Self::Members => "Adhérents",
            Self::Applications => "Candidatures",
            Self::CommitteeMarks => "Notes comité",
            Self::ResourcePersons => "Personnes ressources",
            Self::Proximities => "Proximités",
            Self::Supports => "Accompagnements",
            Self::Meetings => "Rendez-vous",
            Self::Workshops => "Ateliers",
            Self::Registrations => "Inscriptions",
            Self::Evaluations => "Évaluations",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_role_has_its_own_two_names() {
        let keys: BTreeSet<_> = Role::ALL.iter().map(|role| role.key()).collect();
        let names: BTreeSet<_> = Role::ALL.iter().map(|role| role.french()).collect();
        assert_eq!((keys.len(), names.len()), (10, 10));
        assert!(Role::ALL.is_sorted());
    }
}
