//! Lookups by key, made once, and the rows that repeat an earlier one.

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use super::meeting::Meeting;
use super::member::Member;
use super::name::Key;
use super::place::RowRef;
use super::season::Tables;
use super::table::{Row, Table};
use super::time::HalfDay;

/// A row that repeats the key of an earlier one (DON04).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeat {
    /// The later row.
    pub row: RowRef,
    /// The earliest row, which stands for the key: its index in the same table.
    pub first: u32,
}

/// Lookups over the rows that stand. Only looked up, never iterated: the order of a hash map would
/// reach the output.
#[derive(Debug, Default)]
pub struct Index {
    members: FxHashMap<Key, Vec<u32>>,
    applications: FxHashMap<Key, Vec<u32>>,
    committee_marks: FxHashMap<Key, Vec<u32>>,
    persons: FxHashMap<Key, u32>,
    supports: FxHashMap<Key, u32>,
    workshops: FxHashMap<Key, u32>,
    proximities: FxHashMap<(Key, Key), u8>,
    meetings_by_support: Vec<Vec<u32>>,
    evaluated: FxHashSet<Key>,
    repeats: Vec<Repeat>,
}

impl Index {
    /// Makes the lookups and marks the repeated rows in their tables.
    pub(super) fn build(tables: &mut Tables) -> Self {
        let mut index = Self {
            repeats: mark_repeats(tables),
            ..Self::default()
        };
        index.index_structures(tables);
        index.index_references(tables);
        index.index_meetings(tables);
        index
    }

    fn index_structures(&mut self, tables: &Tables) {
        self.members = group(tables.members.as_ref(), |row| {
            row.structure.value().map(|name| name.key)
        });
        self.applications = group(tables.applications.as_ref(), |row| {
            row.structure.value().map(|name| name.key)
        });
        self.committee_marks = group(tables.committee_marks.as_ref(), |row| {
            row.structure.value().map(|name| name.key)
        });
        for (_, row) in tables.proximities.iter().flat_map(Table::standing) {
            if let (Some(a), Some(b), Some(degree)) = (
                row.structure_a.value(),
                row.structure_b.value(),
                row.degree.get(),
            ) {
                self.proximities.insert(unordered(a.key, b.key), degree);
            }
        }
    }

    fn index_references(&mut self, tables: &Tables) {
        self.persons = first(tables.resource_persons.as_ref(), |row| {
            row.name.value().map(|name| name.key)
        });
        self.supports = first(tables.supports.as_ref(), |row| {
            row.reference.value().map(|name| name.key)
        });
        self.workshops = first(tables.workshops.as_ref(), |row| {
            row.reference.value().map(|name| name.key)
        });
        self.evaluated = tables
            .evaluations
            .iter()
            .flat_map(Table::standing)
            .filter_map(|(_, row)| row.support.value().map(|name| name.key))
            .collect();
    }

    fn index_meetings(&mut self, tables: &Tables) {
        let Some(supports) = &tables.supports else {
            return;
        };
        self.meetings_by_support = vec![Vec::new(); supports.len()];
        let Some(meetings) = &tables.meetings else {
            return;
        };
        for (index, meeting) in meetings.live() {
            let support = meeting
                .support
                .value()
                .and_then(|name| self.support(name.key));
            if let Some(list) =
                support.and_then(|support| self.meetings_by_support.get_mut(support as usize))
            {
                list.push(index);
            }
        }
        for list in &mut self.meetings_by_support {
            // A meeting whose day can't be read comes last; equal half-days stay in row order.
            list.sort_by_key(|index| {
                let when = meetings.get(*index).and_then(Meeting::when);
                (when.is_none(), when)
            });
        }
    }

    /// The memberships of a structure, in row order.
    pub fn memberships(&self, structure: Key) -> &[u32] {
        self.members.get(&structure).map_or(&[], Vec::as_slice)
    }

    /// The applications of a structure, in row order.
    pub fn applications_of(&self, structure: Key) -> &[u32] {
        self.applications.get(&structure).map_or(&[], Vec::as_slice)
    }

    /// The committee's marks for a structure, in row order.
    pub fn committee_marks_of(&self, structure: Key) -> &[u32] {
        self.committee_marks
            .get(&structure)
            .map_or(&[], Vec::as_slice)
    }

    /// The resource person of that name.
    pub fn person(&self, name: Key) -> Option<u32> {
        self.persons.get(&name).copied()
    }

    /// The support of that reference.
    pub fn support(&self, reference: Key) -> Option<u32> {
        self.supports.get(&reference).copied()
    }

    /// The workshop of that reference; an annulé one only where no other has it.
    pub fn workshop(&self, reference: Key) -> Option<u32> {
        self.workshops.get(&reference).copied()
    }

    /// The degree of proximity of two structures, where Proximités has it.
    pub fn proximity(&self, a: Key, b: Key) -> Option<u8> {
        self.proximities.get(&unordered(a, b)).copied()
    }

    /// The live meetings of a support by day and half-day; those without a readable day last.
    pub fn meetings_of(&self, support: u32) -> &[u32] {
        self.meetings_by_support
            .get(support as usize)
            .map_or(&[], Vec::as_slice)
    }

    /// An evaluation names this support's reference.
    pub fn is_evaluated(&self, support: Key) -> bool {
        self.evaluated.contains(&support)
    }

    /// The rows that repeat an earlier one, by role, then row.
    pub fn repeats(&self) -> &[Repeat] {
        &self.repeats
    }
}

fn group<T: Row>(
    table: Option<&Table<T>>,
    key: impl Fn(&T) -> Option<Key>,
) -> FxHashMap<Key, Vec<u32>> {
    let mut groups: FxHashMap<Key, Vec<u32>> = FxHashMap::default();
    for (index, row) in table.into_iter().flat_map(Table::standing) {
        if let Some(key) = key(row) {
            groups.entry(key).or_default().push(index);
        }
    }
    groups
}

/// The first live row of each key, or the first that stands where none is live.
fn first<T: Row>(table: Option<&Table<T>>, key: impl Fn(&T) -> Option<Key>) -> FxHashMap<Key, u32> {
    let mut found = FxHashMap::default();
    let Some(table) = table else { return found };
    for (index, row) in table.live().chain(table.standing()) {
        if let Some(key) = key(row) {
            found.entry(key).or_insert(index);
        }
    }
    found
}

fn unordered(a: Key, b: Key) -> (Key, Key) {
    if a <= b { (a, b) } else { (b, a) }
}

/// Marks every row that repeats an earlier row's key, role by role (DON04). Candidatures and
/// Inscriptions have CAN02 and INS02 instead.
fn mark_repeats(tables: &mut Tables) -> Vec<Repeat> {
    let mut repeats = Vec::new();
    mark_overlapping_memberships(tables.members.as_mut(), &mut repeats);
    mark(tables.committee_marks.as_mut(), &mut repeats, |row| {
        Some((
            row.structure.value()?.key,
            row.committee_member.value()?.key,
        ))
    });
    mark(tables.resource_persons.as_mut(), &mut repeats, |row| {
        Some(row.name.value()?.key)
    });
    mark(tables.proximities.as_mut(), &mut repeats, |row| {
        Some(unordered(
            row.structure_a.value()?.key,
            row.structure_b.value()?.key,
        ))
    });
    mark(tables.supports.as_mut(), &mut repeats, |row| {
        Some(row.reference.value()?.key)
    });
    mark(tables.meetings.as_mut(), &mut repeats, meeting_key);
    mark(tables.workshops.as_mut(), &mut repeats, |row| {
        Some(row.reference.value()?.key)
    });
    mark(tables.evaluations.as_mut(), &mut repeats, |row| {
        Some(row.support.value()?.key)
    });
    repeats
}

/// A meeting's key: its list of persons is a set.
fn meeting_key(row: &Meeting) -> Option<(Key, Vec<Key>, NaiveDate, HalfDay)> {
    let (date, half_day) = row.when()?;
    let list = row.persons.value()?;
    if list.bad {
        return None;
    }
    let mut persons: Vec<Key> = list.items.iter().map(|name| name.key).collect();
    persons.sort_unstable();
    persons.dedup();
    Some((row.support.value()?.key, persons, date, half_day))
}

fn mark<T: Row, K: std::hash::Hash + Eq>(
    table: Option<&mut Table<T>>,
    repeats: &mut Vec<Repeat>,
    key: impl Fn(&T) -> Option<K>,
) {
    let Some(table) = table else { return };
    let mut firsts: FxHashMap<K, u32> = FxHashMap::default();
    let mut found = Vec::new();
    for (index, row) in table.all().filter(|(_, row)| row.counts()) {
        let Some(key) = key(row) else { continue };
        let first = *firsts.entry(key).or_insert(index);
        if first != index {
            found.push((index, first));
        }
    }
    push_repeats(table, repeats, found);
}

fn push_repeats<T: Row>(table: &mut Table<T>, repeats: &mut Vec<Repeat>, found: Vec<(u32, u32)>) {
    for (index, first) in found {
        table.repeat(index);
        repeats.push(Repeat {
            row: RowRef {
                role: T::ROLE,
                index,
            },
            first,
        });
    }
}

/// A structure may stand in several rows; a later one repeats an earlier one that stands when both
/// are paid and their periods overlap.
fn mark_overlapping_memberships(table: Option<&mut Table<Member>>, repeats: &mut Vec<Repeat>) {
    let Some(table) = table else { return };
    let mut periods: FxHashMap<Key, Vec<(u32, NaiveDate, NaiveDate)>> = FxHashMap::default();
    let mut found = Vec::new();
    for (index, row) in table.all() {
        let (Some(structure), Some(from), Some(to)) = (
            row.structure.value(),
            row.paid_on.get(),
            row.ends_on().get(),
        ) else {
            continue;
        };
        let standing = periods.entry(structure.key).or_default();
        let earlier = standing
            .iter()
            .find(|(_, other_from, other_to)| from <= *other_to && *other_from <= to);
        match earlier {
            Some((first, _, _)) => found.push((index, *first)),
            None => standing.push((index, from, to)),
        }
    }
    push_repeats(table, repeats, found);
}
