//! Attendance sheets (feuilles d'émargement) for the coming workshops.

use chrono::NaiveDate;

use super::html::{document, table, text};
use super::{Closing, WorkshopFilling};
use crate::french::words;
use crate::model::time::{Slot, long_date};

/// Lines left empty for who comes unannounced.
const SPARE: usize = 3;

/// One sheet for each workshop from `today` on that is not annulé.
#[must_use]
pub fn attendance_page(closing: &Closing, today: NaiveDate) -> String {
    let is_coming = |workshop: &&WorkshopFilling| {
        !workshop.is_cancelled && workshop.date.is_some_and(|date| date >= today)
    };
    let sheets: String = closing
        .workshops
        .iter()
        .filter(is_coming)
        .map(|workshop| sheet(&closing.title, workshop))
        .collect();
    let body = if sheets.is_empty() {
        "<h1>Feuilles d’émargement</h1>\n<p>Aucun atelier n’est à venir.</p>\n".to_owned()
    } else {
        sheets
    };
    document(&format!("Feuilles d’émargement — {}", closing.title), &body)
}

fn sheet(programme: &str, workshop: &WorkshopFilling) -> String {
    let when = workshop.date.map(long_date).unwrap_or_default();
    let slot = workshop.slot.map_or("", Slot::french);
    let place = if workshop.place.is_empty() {
        String::new()
    } else {
        format!(", {}", workshop.place)
    };
    let signs: &[&str] = match workshop.slot {
        Some(Slot::Day) => &["Signature (matin)", "Signature (après-midi)"],
        _ => &["Heure d’arrivée", "Signature"],
    };
    let heads = [&["Nom", "Structure"], signs].concat();
    let mut rows: Vec<Vec<String>> = workshop
        .seated
        .iter()
        .map(|seated| {
            vec![
                seated.name.clone(),
                seated.structure.clone(),
                String::new(),
                String::new(),
            ]
        })
        .collect();
    rows.extend(std::iter::repeat_n(vec![String::new(); 4], SPARE));
    let waiting = if workshop.waiting.is_empty() {
        String::new()
    } else {
        let list = format!(
            "Liste d’attente, dans l’ordre : {}",
            workshop.waiting.join(", ")
        );
        format!("<p class=\"note\">{}</p>\n", text(&list))
    };
    let caption = format!(
        "Feuille d’émargement : {} sur {}",
        words::count(workshop.seated.len(), "inscrit·e", "inscrit·e·s"),
        workshop.places
    );
    format!(
        "<section class=\"sheet sign\">\n<p class=\"sub\">{}</p>\n<h1>{}</h1>\n<p class=\"sub\">{}</p>\n<p>{}</p>\n{}{waiting}</section>\n",
        text(programme),
        text(&workshop.title),
        text(&format!("{when}, {slot}{place}")),
        text(&format!("Animation : {}", workshop.leaders.join(", "))),
        table(&caption, &heads, &[], &rows),
    )
}
