//! The days on which people meet, in Rendez-vous and in Ateliers: what RDV05 and RDV08 look at.

use chrono::NaiveDate;

use crate::model::column::Column;
use crate::model::{Role, RowRef, Season, Table, meeting, workshop};

/// A day on which people meet.
pub struct Dated {
    /// The meeting or the workshop.
    pub row: RowRef,
    /// The column of its date.
    pub column: Column,
    /// The day.
    pub day: NaiveDate,
    /// « Le rendez-vous » or « L’atelier ».
    pub subject: &'static str,
}

/// The live meetings, then the live workshops, that have a readable date.
pub fn dated(season: &Season) -> impl Iterator<Item = Dated> {
    let meetings = season.tables.meetings.iter().flat_map(Table::live);
    let meetings = meetings.filter_map(|(index, meeting)| {
        Some(Dated {
            row: RowRef {
                role: Role::Meetings,
                index,
            },
            column: meeting::DATE,
            day: meeting.date.get()?,
            subject: "Le rendez-vous",
        })
    });
    let workshops = season.tables.workshops.iter().flat_map(Table::live);
    let workshops = workshops.filter_map(|(index, workshop)| {
        Some(Dated {
            row: RowRef {
                role: Role::Workshops,
                index,
            },
            column: workshop::DATE,
            day: workshop.date.get()?,
            subject: "L’atelier",
        })
    });
    meetings.chain(workshops)
}
