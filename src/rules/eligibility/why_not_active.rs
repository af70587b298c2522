//! Why a structure is no Membre actif on a day, in words for ELI04 and ELI05.

use chrono::NaiveDate;

use crate::config::Settings;
use crate::facts::membership;
use crate::model::member::{Level, Member};
use crate::model::time::short_date;
use crate::model::{Key, Season};
use crate::rules::{Night, words};

/// What the structure's latest membership lacks on the day, as the end of a sentence that begins
/// with the structure; what its dates don't tell stays unsaid.
pub fn why_not_active(night: &Night, structure: Key, day: NaiveDate) -> String {
    let Night {
        season, settings, ..
    } = *night;
    let reason = membership::latest(season, structure)
        .and_then(|index| season.tables.members.as_ref()?.get(index))
        .and_then(|row| lacks(row, settings, day));
    reason
        .or_else(|| ended(season, structure, day))
        .unwrap_or_else(|| format!("n’a pas d’adhésion valable le {}", short_date(day)))
}

fn lacks(row: &Member, settings: &Settings, day: NaiveDate) -> Option<String> {
    if row.paid_on.is_empty() {
        return Some("n’a pas payé sa dernière adhésion".to_owned());
    }
    if let Some(end) = row.ends_on().get().filter(|end| *end < day) {
        return Some(format!(
            "n’est plus adhérente depuis le {}",
            short_date(end)
        ));
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
    Some(format!(
        "n’est adhérente que depuis le {}",
        short_date(start)
    ))
}

fn ended(season: &Season, structure: Key, day: NaiveDate) -> Option<String> {
    let end = membership::last_end(season, structure).filter(|end| *end < day)?;
    Some(format!(
        "n’est plus adhérente depuis le {}",
        short_date(end)
    ))
}
