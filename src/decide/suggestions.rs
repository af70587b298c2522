//! Suggested resource persons (programme.md §4).

use std::cmp::Reverse;

use crate::facts::Night;
use crate::facts::hours;
use crate::french::words;
use crate::model::axis::Axis;
use crate::model::resource_person::ResourcePerson;
use crate::model::support::Support;
use crate::model::{Name, Table};

/// How many persons are suggested for a support.
const SHOWN: usize = 3;

/// A resource person suggested for a support, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Her row in Personnes ressources.
    pub person: u32,
    /// Her name as typed.
    pub name: Box<str>,
    /// The plan's axes that she knows.
    pub covers: Vec<Axis>,
    /// How many axes the plan has.
    pub axes: usize,
    /// 0 (unknown to each other) to 3, as Proximités has it; none where it has nothing.
    pub proximity: Option<u8>,
    /// Hours that she already has with other meetings.
    pub hours: f64,
}

impl Suggestion {
    /// « Anna Roux : 2 axes sur 3, proximité 1 sur 3, 7 h déjà prévues »
    pub fn french(&self) -> String {
        let proximity = match self.proximity {
            None => "proximité inconnue".to_owned(),
            Some(degree) => format!("proximité {degree} sur 3"),
        };
        format!(
            "{} : {} sur {}, {proximity}, {} déjà prévues",
            self.name,
            words::count(self.covers.len(), "axe", "axes"),
            self.axes,
            words::hours(self.hours),
        )
    }
}

/// For each support in diagnostic or en cours: specialities that cover the plan's axes, then low
/// proximity, then few hours already planned; never the beneficiary's own structure.
pub fn suggest(night: &Night) -> Vec<Vec<Suggestion>> {
    let tables = &night.season.tables;
    let (Some(supports), Some(persons)) = (&tables.supports, &tables.resource_persons) else {
        return Vec::new();
    };
    let hours = hours::by_person(night.season, night.settings);
    supports
        .all()
        .map(|(index, support)| {
            if !support.is_open() || !supports.stands(index) {
                return Vec::new();
            }
            for_support(night, support, persons, &hours)
        })
        .collect()
}

fn for_support(
    night: &Night,
    support: &Support,
    persons: &Table<ResourcePerson>,
    hours: &[f64],
) -> Vec<Suggestion> {
    let (Some(axes), Some(structure)) = (support.axes.value(), support.structure.value()) else {
        return Vec::new();
    };
    let mut suggestions: Vec<Suggestion> = persons
        .standing()
        .filter_map(|(index, person)| {
            let own = hours.get(index as usize).copied().unwrap_or(0.0);
            of_person(night, &axes.items, structure, index, person, own)
        })
        .collect();
    suggestions.sort_by(|a, b| {
        let order = |one: &Suggestion| (Reverse(one.covers.len()), one.proximity.unwrap_or(0));
        order(a)
            .cmp(&order(b))
            .then(a.hours.total_cmp(&b.hours))
            .then(a.person.cmp(&b.person))
    });
    suggestions.truncate(SHOWN);
    suggestions
}

fn of_person(
    night: &Night,
    axes: &[Axis],
    structure: &Name,
    index: u32,
    person: &ResourcePerson,
    hours: f64,
) -> Option<Suggestion> {
    let name = person.name.value()?;
    let home = person.structure.value();
    if home.is_some_and(|home| home.key == structure.key) {
        return None;
    }
    let specialities = person.specialities.value()?;
    let covers: Vec<Axis> = axes
        .iter()
        .copied()
        .filter(|axis| specialities.items.contains(axis))
        .collect();
    if covers.is_empty() {
        return None;
    }
    Some(Suggestion {
        person: index,
        name: (&*name.text).into(),
        covers,
        axes: axes.len(),
        proximity: home.and_then(|home| night.season.index.proximity(home.key, structure.key)),
        hours,
    })
}
