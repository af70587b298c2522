//! Two versions of one workbook, in words.

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::model::season::Conflict;
use crate::programme::Programme;

/// Tells that a sync client has left a second version of a workbook: both with the moment of their
/// last change, in the programme's time zone, and what to do. In French.
pub fn two_versions(programme: &Programme, conflict: &Conflict) -> String {
    let dated = |name: &str| match modified(programme, &programme.folder.join(name)) {
        Some(moment) => format!("« {name} » (modifié le {moment})"),
        None => format!("« {name} »"),
    };
    format!(
        "Deux versions d’un même classeur sont dans le dossier : {} et {}, laissée par la synchronisation. Seule la première est lue, et aucune n’est modifiée. Reportez dans la première ce que l’autre a de plus, puis supprimez l’autre.",
        dated(&conflict.of),
        dated(&conflict.name),
    )
}

fn modified(programme: &Programme, path: &Path) -> Option<String> {
    let moment = std::fs::metadata(path).ok()?.modified().ok()?;
    let moment =
        DateTime::<Utc>::from(moment).with_timezone(&programme.settings.programme.timezone);
    Some(moment.format("%d/%m/%Y à %H:%M").to_string())
}
