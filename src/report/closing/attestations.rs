//! Attestations of attendance: one page for each person who came to a workshop.

use std::collections::BTreeMap;

use super::html::{document, text};
use super::{Closing, WorkshopFilling};
use crate::config::Settings;
use crate::french::words;
use crate::model::time::{Slot, long_date};

/// The pages, by name. Hours are half-days of `supports.half_day_hours`.
#[must_use]
pub fn attestations_page(closing: &Closing, settings: &Settings) -> String {
    let mut people: BTreeMap<(String, &str), (&str, &str, Vec<&WorkshopFilling>)> = BTreeMap::new();
    for workshop in &closing.workshops {
        for seated in workshop.seated.iter().filter(|seated| seated.came) {
            let key = (seated.name.to_lowercase(), &*seated.address);
            let entry = people
                .entry(key)
                .or_insert_with(|| (&seated.name, &seated.structure, Vec::new()));
            entry.2.push(workshop);
        }
    }
    let pages: String = people
        .values()
        .map(|(name, structure, workshops)| letter(closing, settings, name, structure, workshops))
        .collect();
    let body = if pages.is_empty() {
        "<h1>Attestations</h1>\n<p>Personne n’est encore noté·e présent·e à un atelier.</p>\n"
            .to_owned()
    } else {
        pages
    };
    document(&format!("Attestations — {}", closing.title), &body)
}

fn letter(
    closing: &Closing,
    settings: &Settings,
    name: &str,
    structure: &str,
    workshops: &[&WorkshopFilling],
) -> String {
    let half_days: u32 = workshops
        .iter()
        .map(|workshop| workshop.slot.map_or(1, Slot::half_days))
        .sum();
    let hours = f64::from(half_days) * settings.supports.half_day_hours;
    let list: Vec<String> = workshops
        .iter()
        .map(|workshop| {
            let day = workshop.date.map(long_date).unwrap_or_default();
            format!(
                "<li>{}</li>\n",
                text(&format!("{} — {day}", workshop.title))
            )
        })
        .collect();
    let of = if structure.is_empty() {
        String::new()
    } else {
        format!(" ({structure})")
    };
    let who = format!(
        "{name}{of} a participé à {} du programme {} :",
        words::count(workshops.len(), "atelier collectif", "ateliers collectifs"),
        closing.title
    );
    let signature = match &*settings.coordinator.name {
        "" => "La coordination du programme".to_owned(),
        name => format!("{name}, coordination du programme"),
    };
    format!(
        "<section class=\"sheet letter\">\n<h1>Attestation de présence</h1>\n<p>{}</p>\n<ul>\n{}</ul>\n<p>{}</p>\n<div class=\"foot\"><p>{}</p>\n<div class=\"space\"></div>\n<p>{}</p></div>\n</section>\n",
        text(&who),
        list.concat(),
        text(&format!("soit {} au total.", words::hours(hours))),
        text(&format!("Fait le {}", closing.day)),
        text(&signature),
    )
}
