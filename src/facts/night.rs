//! What a night starts from.

use chrono::NaiveDate;

use super::told::Told;
use crate::config::Settings;
use crate::model::Season;

/// What rules, decisions and e-mails may look at.
#[derive(Debug, Clone, Copy)]
pub struct Night<'a> {
    /// Everything that was read.
    pub season: &'a Season,
    /// Every number of the programme.
    pub settings: &'a Settings,
    /// The day of the run in the programme's time zone: D of programme.md §4.
    pub today: NaiveDate,
    /// What people were told before tonight.
    pub told: &'a Told,
}
