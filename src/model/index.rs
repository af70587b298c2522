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
    homes: FxHashSet<Key>,
    repeats: Vec<Repeat>,
}

impl Index {
    /// Makes the lookups and marks the repeated rows in their tables.
    pub(super) fn build(tables: &mut Tables) -> Self {
        let mut index = Self::default();
        index.mark_repeated_names(tables);
        index.index_names(tables);
        // A reference that leads nowhere has a finding of its own, and a key that holds one is not
        // compared: so the rows that refer come after those that are referred to.
        index.mark_repeated_references(tables);
        index.index_references(tables);
        index.index_meetings(tables);
        index
    }

    fn index_names(&mut self, tables: &Tables) {
        self.members = group(tables.members.as_ref(), |row| {
            Some(row.structure.value()?.key)
        });
        self.applications = group(tables.applications.as_ref(), |row| {
            Some(row.structure.value()?.key)
        });
        self.persons = first(tables.resource_persons.as_ref(), |row| {
            Some(row.name.value()?.key)
        });
        self.supports = first(tables.supports.as_ref(), |row| {
            Some(row.reference.value()?.key)
        });
        self.workshops = first(tables.workshops.as_ref(), |row| {
            Some(row.reference.value()?.key)
        });
        self.homes = tables
            .resource_persons
            .iter()
            .flat_map(Table::standing)
            .filter_map(|(_, row)| Some(row.structure.value()?.key))
            .collect();
    }

    fn index_references(&mut self, tables: &Tables) {
        self.committee_marks = group(tables.committee_marks.as_ref(), |row| {
            Some(row.structure.value()?.key)
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
        self.evaluated = tables
            .evaluations
            .iter()
            .flat_map(Table::standing)
            .filter_map(|(_, row)| Some(row.support.value()?.key))
            .collect();
    }

    /// Marks the rows of Adhérents, Personnes ressources, Accompagnements and Ateliers that repeat an
    /// earlier row's key (DON04). Candidatures and Inscriptions have CAN02 and INS02 instead.
    fn mark_repeated_names(&mut self, tables: &mut Tables) {
        let repeats = &mut self.repeats;
        mark_overlapping_memberships(tables.members.as_mut(), repeats);
        mark(tables.resource_persons.as_mut(), repeats, |row| {
            Some(row.name.value()?.key)
        });
        mark(tables.supports.as_mut(), repeats, |row| {
            Some(row.reference.value()?.key)
        });
        mark(tables.workshops.as_mut(), repeats, |row| {
            Some(row.reference.value()?.key)
        });
    }

    /// The same for the rows whose key refers to other rows.
    fn mark_repeated_references(&mut self, tables: &mut Tables) {
        let mut repeats = std::mem::take(&mut self.repeats);
        let persons_present = tables.resource_persons.is_some();
        mark(tables.committee_marks.as_mut(), &mut repeats, |row| {
            let structure = row.structure.value()?.key;
            self.applications.get(&structure)?;
            Some((structure, row.committee_member.value()?.key))
        });
        mark(tables.proximities.as_mut(), &mut repeats, |row| {
            let (a, b) = (row.structure_a.value()?.key, row.structure_b.value()?.key);
            let known = |key| !persons_present || self.is_structure(key);
            (known(a) && known(b)).then(|| unordered(a, b))
        });
        mark(tables.meetings.as_mut(), &mut repeats, |row| {
            self.meeting_key(row)
        });
        mark(tables.evaluations.as_mut(), &mut repeats, |row| {
            let support = row.support.value()?.key;
            self.support(support).map(|_| support)
        });
        self.repeats = repeats;
    }

    /// A meeting's key: its list of persons is a set.
    fn meeting_key(&self, row: &Meeting) -> Option<(Key, Vec<Key>, NaiveDate, HalfDay)> {
        let (date, half_day) = row.when()?;
        let support = row.support.value()?.key;
        self.support(support)?;
        let mut persons: Vec<Key> = row
            .persons
            .value()?
            .items
            .iter()
            .map(|name| name.key)
            .collect();
        if !persons
            .iter()
            .all(|person| self.persons.contains_key(person))
        {
            return None;
        }
        persons.sort_unstable();
        persons.dedup();
        Some((support, persons, date, half_day))
    }

    /// The structure stands in Adhérents, or is a resource person's.
    pub fn is_structure(&self, structure: Key) -> bool {
        self.members.contains_key(&structure) || self.homes.contains(&structure)
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
