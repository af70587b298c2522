//! The settings of a programme: TOML as read, validated, with the line of every problem.
//!
//! `programme.default.toml`, beside this file, names every setting; each field's documentation
//! gives its unit, range, default and source. A new setting is a field, its default, and one line
//! in the `read` of its section; `kinds` says what values there are.
//!
//! ```
//! use peer_culture::config::Settings;
//!
//! let problems = Settings::parse("[supports]\nmax_hour = 20\n").unwrap_err();
//! assert_eq!(
//!     problems[0].to_string(),
//!     "programme.toml:2: supports.max_hour is not a setting; did you mean supports.max_hours?"
//! );
//! ```

mod activities;
mod admission;
mod kinds;
mod levels;
mod mail;
mod mailbox;
mod near;
mod nightly;
mod problem;
mod programme;
mod reader;
mod report;
mod secret;
mod sheets;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use toml::de::DeTable;

pub use activities::{ResourcePersons, Supports, TimeRange, Workshops};
pub use admission::{Applications, Criteria, Eligibility, Membership};
pub use levels::{CHECK_CODES, Level, Levels};
pub use mail::{Auth, MAIL_KINDS, Mail, Mode, Smtp, Tls, Transport};
pub use mailbox::Mailbox;
pub use nightly::{Output, Reminders, Schedule, Write};
pub use problem::{FILE_NAME, Problem};
pub use programme::{Coordinator, Language, Programme};
pub use sheets::{Rename, SheetNames, SheetSettings};

use kinds::{List, NAME, Number};
use reader::{Reader, Section};
use report::Report;

/// Every setting of a programme, validated. Field names are the names in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Axes of the programme, one at least, none twice. Default: the four of `programme.md` §1.
    pub axes: Vec<String>,
    /// The session and its calendar.
    pub programme: Programme,
    /// Whom participants answer.
    pub coordinator: Coordinator,
    /// The call for applications.
    pub applications: Applications,
    /// Individual supports.
    pub supports: Supports,
    /// Collective workshops.
    pub workshops: Workshops,
    /// Resource persons.
    pub resource_persons: ResourcePersons,
    /// Fees of members.
    pub membership: Membership,
    /// Which structures the programme is for.
    pub eligibility: Eligibility,
    /// When reminders fall due.
    pub reminders: Reminders,
    /// The coordinator's names for sheets and columns.
    pub sheets: SheetSettings,
    /// Where flags are written.
    pub output: Output,
    /// How e-mails leave.
    pub mail: Mail,
    /// Severities that differ from a check's own.
    pub levels: Levels,
    /// When the nightly run comes.
    pub schedule: Schedule,
}

impl Settings {
    /// Reads the text of a `programme.toml`; what it doesn't name keeps its default.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, in the order of the lines: faults of TOML, unknown keys
    /// (with the nearest known one), wrong types, values out of range, settings that contradict
    /// each other, and secrets. Values on a line that is not TOML are judged once it is.
    pub fn parse(toml: &str) -> Result<Self, Vec<Problem>> {
        let (document, faults) = DeTable::parse_recoverable(toml);
        let mut report = Report::new(toml, &faults);
        let mut settings = Self::default();
        Reader::file(document.get_ref(), &mut report, &mut settings);
        let problems = report.finish();
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(problems)
        }
    }

    /// Who e-mails are from: `mail.from`, else the coordinator; `None` where neither is given.
    #[must_use]
    pub fn sender(&self) -> Option<Mailbox> {
        self.mail
            .from
            .clone()
            .or_else(|| self.coordinator.mailbox())
    }

    /// Where answers go: `mail.reply_to`, else the coordinator; `None` where neither is given.
    #[must_use]
    pub fn reply_to(&self) -> Option<Mailbox> {
        self.mail
            .reply_to
            .clone()
            .or_else(|| self.coordinator.mailbox())
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            axes: texts(&[
                "stratégie des activités",
                "stratégie économique et financière",
                "stratégie management et organisation du travail",
                "conditions de travail",
            ]),
            programme: Programme::default(),
            coordinator: Coordinator::default(),
            applications: Applications::default(),
            supports: Supports::default(),
            workshops: Workshops::default(),
            resource_persons: ResourcePersons::default(),
            membership: Membership::default(),
            eligibility: Eligibility::default(),
            reminders: Reminders::default(),
            sheets: SheetSettings::default(),
            output: Output::default(),
            mail: Mail::default(),
            levels: Levels::new(),
            schedule: Schedule::default(),
        }
    }
}

impl Section for Settings {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        table.read("axes", &List::some(NAME), &mut self.axes);
        table.section("programme", &mut self.programme);
        table.section("coordinator", &mut self.coordinator);
        table.section("applications", &mut self.applications);
        table.section("supports", &mut self.supports);
        table.section("workshops", &mut self.workshops);
        table.section("resource_persons", &mut self.resource_persons);
        table.section("membership", &mut self.membership);
        table.section("eligibility", &mut self.eligibility);
        table.section("reminders", &mut self.reminders);
        table.section("sheets", &mut self.sheets);
        table.section("output", &mut self.output);
        table.section("mail", &mut self.mail);
        table.read("levels", &levels::LEVELS, &mut self.levels);
        table.section("schedule", &mut self.schedule);
        self.check_who_sends(table);
    }
}

impl Settings {
    /// Participants must know who writes to them once e-mails really leave.
    fn check_who_sends(&self, table: &mut Reader<'_, '_>) {
        let Coordinator { name, email, .. } = &self.coordinator;
        for (key, value) in [("coordinator.name", name), ("coordinator.email", email)] {
            table.check(
                self.mail.transport == Transport::File || !value.is_empty(),
                &["mail.transport", key],
                &format!("{key} must be given, since mail.transport is \"smtp\""),
            );
        }
    }
}

/// An amount in €.
const FEE: Number = Number::between(0.0, 1_000_000.0);

/// A day of the defaults, which a test compares with the default file.
fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
