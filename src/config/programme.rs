//! `[programme]` and `[coordinator]`: what runs, when, and who holds it.

use chrono::{Months, NaiveDate};
use chrono_tz::Tz;

use super::Mailbox;
use super::kinds::{Choice, Day, EMAIL, LINE, NAME, PARAGRAPH, Whole, Zone};
use super::reader::{Reader, Section};

/// `[programme]`: the session and its calendar (`programme.md` §1, "length").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// Name of the programme, on every e-mail. One line, not empty. Default: `PEER CULTURE`.
    pub name: String,
    /// Name of the session. One line, may be empty. Default: `Session #2`.
    pub session: String,
    /// First day. 2000 to 2099. Default: 2020-11-01.
    pub start: NaiveDate,
    /// Length in months, 1 to 60. Default: 12.
    pub months: u32,
    /// Time zone of every day and time, whatever the machine's: an IANA name. Default:
    /// `Europe/Paris` (§1, "Paris time").
    pub timezone: Tz,
    /// Language of what people read. Only `fr` exists. Default: `fr`.
    pub language: Language,
}

/// Languages that e-mails and findings are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `fr`: French.
    Fr,
}

impl Programme {
    /// The first day after the programme: `start` + `months` (RDV05 flags from this day on).
    #[must_use]
    pub fn end(&self) -> NaiveDate {
        let end = self.start.checked_add_months(Months::new(self.months));
        end.unwrap_or(NaiveDate::MAX)
    }
}

impl Default for Programme {
    fn default() -> Self {
        Self {
            name: "PEER CULTURE".to_owned(),
            session: "Session #2".to_owned(),
            start: super::day(2020, 11, 1),
            months: 12,
            timezone: Tz::Europe__Paris,
            language: Language::Fr,
        }
    }
}

impl Section for Programme {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        table.read("name", &NAME, &mut self.name);
        table.read("session", &LINE, &mut self.session);
        table.read("start", &Day, &mut self.start);
        table.read("months", &Whole(1..=60), &mut self.months);
        table.read("timezone", &Zone, &mut self.timezone);
        table.read(
            "language",
            &Choice(&[("fr", Language::Fr)]),
            &mut self.language,
        );
    }
}

/// `[coordinator]`: whom participants answer, and who gets the `synthese` (`programme.md` §6).
/// Name and e-mail are required once `mail.transport` is `smtp`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coordinator {
    /// Her name. One line. Default: empty.
    pub name: String,
    /// Her address: one, with a dot in its domain. Default: empty.
    pub email: String,
    /// What e-mails are signed with, below her name. May have several lines. Default: empty.
    pub signature: String,
}

impl Coordinator {
    /// Her name and address, once there is an address.
    #[must_use]
    pub fn mailbox(&self) -> Option<Mailbox> {
        if self.email.is_empty() {
            return None;
        }
        Some(Mailbox {
            name: (!self.name.is_empty()).then(|| self.name.clone()),
            email: self.email.clone(),
        })
    }
}

impl Section for Coordinator {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        table.read("name", &LINE, &mut self.name);
        table.read("email", &EMAIL, &mut self.email);
        table.read("signature", &PARAGRAPH, &mut self.signature);
    }
}
