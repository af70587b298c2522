//! Proximités: how well two structures already know each other (programme.md §3).

use super::cell::Cell;
use super::column::{Kind, columns};
use super::name::Name;
use super::role::Role;
use super::table::{Head, Row};

columns! {
    STRUCTURE_A: "Structure A", Cell (key), Kind::Name, "Une structure.";
    STRUCTURE_B: "Structure B", Cell (key), Kind::Name, "Une autre structure.";
    DEGREE: "Degré", Cell, Kind::Count, "De 0 (ne se connaissent pas) à 3 (travaillent régulièrement ensemble).";
}

/// The degree of proximity of two structures, the same both ways.
#[derive(Debug)]
pub struct Proximity {
    /// Where it stands and what it is called.
    pub head: Head,
    /// One structure.
    pub structure_a: Cell<Name>,
    /// The other.
    pub structure_b: Cell<Name>,
    /// 0 (unknown to each other) to 3 (work together regularly).
    pub degree: Cell<u8>,
}

impl Row for Proximity {
    const ROLE: Role = Role::Proximities;

    fn head(&self) -> &Head {
        &self.head
    }
}
