//! The rows of every role while they are read.

use super::cells::Raw;
use super::row::{Ledgers, RowReader};
use super::vocabulary::Vocabulary;
use crate::model::application::Application;
use crate::model::committee_mark::CommitteeMark;
use crate::model::evaluation::Evaluation;
use crate::model::meeting::Meeting;
use crate::model::member::Member;
use crate::model::proximity::Proximity;
use crate::model::registration::Registration;
use crate::model::resource_person::ResourcePerson;
use crate::model::season::{Tables, columns_of};
use crate::model::support::Support;
use crate::model::workshop::Workshop;
use crate::model::{Place, Role, Row, RowRef, Table};

/// The rows of every role as they are read.
#[derive(Default)]
pub struct Rows {
    members: Vec<Member>,
    applications: Vec<Application>,
    committee_marks: Vec<CommitteeMark>,
    resource_persons: Vec<ResourcePerson>,
    proximities: Vec<Proximity>,
    supports: Vec<Support>,
    meetings: Vec<Meeting>,
    workshops: Vec<Workshop>,
    registrations: Vec<Registration>,
    evaluations: Vec<Evaluation>,
}

impl Rows {
    /// Reads one row of a role.
    pub fn read(
        &mut self,
        role: Role,
        at: Place,
        raws: &[Raw],
        epoch_1904: bool,
        vocabulary: &Vocabulary,
        ledgers: &mut Ledgers,
    ) {
        let index = u32::try_from(self.count(role)).unwrap_or(u32::MAX);
        let row = RowRef { role, index };
        let reader = &mut RowReader::new(
            columns_of(role),
            raws,
            (row, at),
            epoch_1904,
            vocabulary,
            ledgers,
        );
        match role {
            Role::Members => self.members.push(super::member::read(reader)),
            Role::Applications => self.applications.push(super::application::read(reader)),
            Role::CommitteeMarks => self
                .committee_marks
                .push(super::committee_mark::read(reader)),
            Role::ResourcePersons => self
                .resource_persons
                .push(super::resource_person::read(reader)),
            Role::Proximities => self.proximities.push(super::proximity::read(reader)),
            Role::Supports => self.supports.push(super::support::read(reader)),
            Role::Meetings => self.meetings.push(super::meeting::read(reader)),
            Role::Workshops => self.workshops.push(super::workshop::read(reader)),
            Role::Registrations => self.registrations.push(super::registration::read(reader)),
            Role::Evaluations => self.evaluations.push(super::evaluation::read(reader)),
        }
    }

    fn count(&self, role: Role) -> usize {
        match role {
            Role::Members => self.members.len(),
            Role::Applications => self.applications.len(),
            Role::CommitteeMarks => self.committee_marks.len(),
            Role::ResourcePersons => self.resource_persons.len(),
            Role::Proximities => self.proximities.len(),
            Role::Supports => self.supports.len(),
            Role::Meetings => self.meetings.len(),
            Role::Workshops => self.workshops.len(),
            Role::Registrations => self.registrations.len(),
            Role::Evaluations => self.evaluations.len(),
        }
    }

    /// The tables of the roles that have a sheet.
    pub fn into_tables(self, present: impl Fn(Role) -> bool) -> Tables {
        fn table<T: Row>(rows: Vec<T>, present: impl Fn(Role) -> bool) -> Option<Table<T>> {
            present(T::ROLE).then(|| Table::new(rows))
        }
        Tables {
            members: table(self.members, &present),
            applications: table(self.applications, &present),
            committee_marks: table(self.committee_marks, &present),
            resource_persons: table(self.resource_persons, &present),
            proximities: table(self.proximities, &present),
            supports: table(self.supports, &present),
            meetings: table(self.meetings, &present),
            workshops: table(self.workshops, &present),
            registrations: table(self.registrations, &present),
            evaluations: table(self.evaluations, &present),
        }
    }
}
