//! Which structures are Membre actif on a day, and why one is not, for ELI04 and ELI05.

use chrono::NaiveDate;

use crate::config::Settings;
use crate::facts::membership::{self, Known};
use crate::facts::memo::Memo;
use crate::french::words;
use crate::model::member::{Level, Member};
use crate::model::time::short_date;
use crate::model::{Key, Season};
use crate::rules::Night;

/// What is known of structures as active members; each question is worked out once.
pub struct ActiveMembers<'a> {
    night: &'a Night<'a>,
    valid: Memo<(Key, NaiveDate), Known>,
    reasons: Memo<Key, String>,
}

impl<'a> ActiveMembers<'a> {
    /// Nothing asked yet.
    pub fn new(night: &'a Night) -> Self {
        Self {
            night,
            valid: Memo::default(),
            reasons: Memo::default(),
        }
    }

    /// Whether the structure has a Membre actif membership valid on the day.
    pub fn on(&mut self, structure: Key, day: NaiveDate) -> Known {
        let Night {
            season, settings, ..
        } = *self.night;
        self.valid.get((structure, day), || {
            membership::valid_on(season, settings, structure, day, Level::Active)
        })
    }

    /// Whether it has one valid on D.
    pub fn today(&mut self, structure: Key) -> Known {
        self.on(structure, self.night.today)
    }

    /// Why it has none on D, as the end of a sentence that begins with the structure; what its
    /// dates don't tell stays unsaid.
    pub fn why_not(&mut self, structure: Key) -> String {
        let night = self.night;
        self.reasons.get(structure, || why_not(night, structure))
    }
}

fn why_not(night: &Night, structure: Key) -> String {
    let Night {
        season,
        settings,
        today,
        ..
    } = *night;
    membership::latest(season, structure)
        .and_then(|index| season.tables.members.as_ref()?.get(index))
        .and_then(|row| lacks(row, settings, today))
        .or_else(|| ended(season, structure, today))
        .unwrap_or_else(|| format!("n’a pas d’adhésion valable le {}", short_date(today)))
}

fn lacks(row: &Member, settings: &Settings, day: NaiveDate) -> Option<String> {
    if row.paid_on.is_empty() {
        return Some("n’a pas payé sa dernière adhésion".to_owned());
    }
    if let Some(end) = row.ends_on().get().filter(|end| *end < day) {
        return Some(was_member_until(end));
    }
    if row.level.get() == Some(Level::Cooperating) {
        return Some("est membre coopérant".to_owned());
    }
    let due = membership::fee_of(row.level.get()?, settings);
    if let Some(fee) = row.fee.get().filter(|fee| *fee < due) {
        let (fee, due) = (words::euros(fee), words::euros(due));
        return Some(format!("a payé {fee} au lieu de {due}"));
    }
    let start = row.paid_on.get().filter(|start| *start > day)?;
    Some(format!("n’adhère qu’à partir du {}", short_date(start)))
}

fn ended(season: &Season, structure: Key, day: NaiveDate) -> Option<String> {
    membership::last_end(season, structure)
        .filter(|end| *end < day)
        .map(was_member_until)
}

fn was_member_until(end: NaiveDate) -> String {
    format!("était adhérente jusqu’au {}", short_date(end))
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn reason(cells: &[(&str, &str)]) -> String {
        let messages = Scene::new().member(cells).support(&[]).messages("ELI04");
        messages.concat()
    }

    #[test]
    fn the_reason_is_the_one_that_the_row_shows() {
        for (cells, expected) in [
            (&[("Payée le", "")][..], "n’a pas payé sa dernière adhésion"),
            (
                &[("Payée le", "12/01/2020")],
                "adhérente jusqu’au 11/01/2021",
            ),
            (
                &[("Payée le", "13/01/2021")],
                "n’adhère qu’à partir du 13/01/2021",
            ),
            (
                &[("Cotisation", "250")],
                "a payé 250\u{a0}€ au lieu de 300\u{a0}€",
            ),
            (
                &[("Statut", "membre coopérant"), ("Cotisation", "100")],
                "est membre coopérant",
            ),
        ] {
            let reason = reason(cells);
            assert!(reason.contains(expected), "{reason}");
        }
    }
}
