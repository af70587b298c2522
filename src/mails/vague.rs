//! Rows of Inscriptions that can't be read as a whole.

use crate::model::fold::fold_name;
use crate::model::registration::Registration;

use super::past::SeatPast;

/// What can be read of a row whose workshop or address can't be: a told registration that may be
/// this one isn't gone for sure.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Vague {
    /// The workshop's reference, folded.
    workshop: Option<String>,
    who: Who,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    /// In lower case.
    Address(String),
    /// Folded: the address can't be read.
    Named(String),
    /// Neither can be read.
    Anybody,
}

impl Vague {
    /// What can be read of that row.
    pub fn of(row: &Registration) -> Self {
        let workshop = row.workshop.value();
        let who = match (row.email.value(), row.name.value()) {
            (Some(email), _) => Who::Address(email.text.to_lowercase()),
            (None, Some(name)) => Who::Named(fold_name(name)),
            (None, None) => Who::Anybody,
        };
        Self {
            workshop: workshop.map(|name| fold_name(&name.text)),
            who,
        }
    }

    /// Every row that a told registration may be.
    pub fn that_may_be(past: &SeatPast, reference: Option<&str>) -> Vec<Self> {
        let mut all = Vec::new();
        for workshop in [None, reference.map(str::to_owned)] {
            for who in [
                Who::Address(past.address.clone()),
                Who::Named(fold_name(&past.name)),
                Who::Anybody,
            ] {
                let workshop = workshop.clone();
                all.push(Self { workshop, who });
            }
        }
        all
    }
}
