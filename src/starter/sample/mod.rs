//! The sample programme: session #2 of the seed, as its coordinator's workbooks stand on
//! 12 January 2021. People and structures are invented; the two partners are those of the seed.
//!
//! A text file a sheet: the headers, then a row a line, cells parted by `|`. A cell is read as its
//! column asks (`12/01/2021`, `24,5`) unless it starts with `'`, which leaves it the text that she
//! typed; `{jaune}` and `{vert}` colour it, `{note: …}` adds a comment.

pub mod extras;

use crate::config::{Coordinator, Settings};
use crate::model::Role;

/// The settings with the sample's coordinator, unless they name one.
pub fn coordinated(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    if settings.coordinator == Coordinator::default() {
        settings.coordinator = Coordinator {
            name: "Claire Montagnac".to_owned(),
            email: "peer-culture@ma-sphere.example.org".to_owned(),
            signature: "Chargée de développement, MA Sphère\n05 36 49 10 00".to_owned(),
        };
    }
    settings
}

/// The text of a role's sheet.
pub fn text(role: Role) -> &'static str {
    match role {
        Role::Members => include_str!("members.txt"),
        Role::Applications => include_str!("applications.txt"),
        Role::CommitteeMarks => include_str!("committee_marks.txt"),
        Role::ResourcePersons => include_str!("resource_persons.txt"),
        Role::Proximities => include_str!("proximities.txt"),
        Role::Supports => include_str!("supports.txt"),
        Role::Meetings => include_str!("meetings.txt"),
        Role::Workshops => include_str!("workshops.txt"),
        Role::Registrations => include_str!("registrations.txt"),
        Role::Evaluations => include_str!("evaluations.txt"),
    }
}
