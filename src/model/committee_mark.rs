//! Notes comité: what each committee member thinks of an application (programme.md §3).

use super::application::Marks;
use super::cell::Cell;
use super::column::{Kind, columns};
use super::name::Name;
use super::role::Role;
use super::table::{Head, Row};

columns! {
    STRUCTURE: "Structure", Cell (key), Kind::Name, "La structure candidate, comme dans Candidatures.";
    COMMITTEE_MEMBER: "Membre du comité", Cell (key), Kind::Name, "Qui note.";
    MARK_ADEQUATION: "Note adéquation", Cell, Kind::Mark, "De 0 à 5 : les besoins répondent au contenu du programme.";
    MARK_ENGAGEMENT: "Note engagement", Cell, Kind::Mark, "De 0 à 5 : la volonté de s’engager.";
    MARK_COLLABORATION: "Note collaboration", Cell, Kind::Mark, "De 0 à 5 : la volonté de coopérer.";
}

/// One committee member's marks for one structure's application.
#[derive(Debug)]
pub struct CommitteeMark {
    /// Where it stands and what it is called.
    pub head: Head,
    /// The structure that is marked.
    pub structure: Cell<Name>,
    /// Who marks.
    pub committee_member: Cell<Name>,
    /// The three marks.
    pub marks: Marks,
}

impl Row for CommitteeMark {
    const ROLE: Role = Role::CommitteeMarks;

    fn head(&self) -> &Head {
        &self.head
    }
}
