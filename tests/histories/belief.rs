//! What people believe, from what they read: made of the e-mails that arrived, and of nothing else.

use chrono::{Datelike, NaiveDate};
use mail_parser::MessageParser;
use peer_culture::mails::Kind;

use super::season::Season;

/// What somebody believes of a workshop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Belief {
    Seat,
    Waits,
    Off,
}

impl Belief {
    /// What e-mails of a kind make somebody believe; none where they are about something else.
    pub fn told_by(kind: Kind) -> Option<Self> {
        match kind {
            Kind::RegistrationConfirmed | Kind::RegistrationPromoted => Some(Self::Seat),
            Kind::RegistrationWaiting => Some(Self::Waits),
            Kind::RegistrationCancelled | Kind::WorkshopCancellation => Some(Self::Off),
            _ => None,
        }
    }
}

/// An e-mail that arrived.
#[derive(Debug, Clone)]
pub struct Letter {
    pub id: String,
    pub kind: Kind,
    pub to: String,
    pub text: String,
}

impl Letter {
    pub fn read(kind: Kind, eml: &[u8]) -> Self {
        let message = MessageParser::default().parse(eml).unwrap();
        let to = message.to().and_then(|to| to.first()).unwrap();
        let text = format!(
            "{}\n{}",
            message.subject().unwrap(),
            message.body_text(0).unwrap()
        );
        Self {
            id: message.message_id().unwrap().to_owned(),
            kind,
            to: to.address().unwrap().to_lowercase(),
            text: text.replace(['\u{a0}', '\u{202f}'], " "),
        }
    }

    /// The workshop that it is about.
    pub fn workshop(&self, season: &Season) -> usize {
        let mut about = (0..season.workshops.len())
            .filter(|at| self.text.contains(season.workshops[*at].title));
        let workshop = about
            .next()
            .unwrap_or_else(|| panic!("about nothing: {self:?}"));
        assert!(about.next().is_none(), "about two: {self:?}");
        workshop
    }

    /// Whether it tells this day and this place.
    pub fn tells(&self, date: NaiveDate, place: &str) -> bool {
        let month = ["janvier", "février"][date.month0() as usize];
        let day = match date.day() {
            1 => "1er".to_owned(),
            day => day.to_string(),
        };
        let told = format!(" {day} {month}");
        // A reminder to pay says nothing of the place.
        let is_about_money = self.kind == Kind::PaymentReminder;
        self.text.contains(&told) && (is_about_money || self.text.contains(place))
    }

    /// What it makes of what was believed before; none where it is about something else.
    pub fn outcome(&self, before: Option<Belief>) -> Option<Belief> {
        Belief::told_by(self.kind).or(before)
    }
}
