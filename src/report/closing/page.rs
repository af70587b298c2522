//! The report as a page to print.

use super::html::{document, table, text};
use super::{Closing, Evaluations, WorkshopFilling};
use crate::french::words;
use crate::model::time::short_date;
use crate::report::sheet::tiles::Tile;

/// The page: figures, hours, people, workshops, evaluations.
#[must_use]
pub fn page(closing: &Closing) -> String {
    let mut body = format!(
        "<h1>{}</h1>\n<p class=\"sub\">Bilan au {}</p>\n",
        text(&closing.title),
        text(&closing.day)
    );
    body.push_str(&figures(closing));
    body.push_str(&supports(closing));
    body.push_str(&axes(closing));
    body.push_str(&persons(closing));
    body.push_str(&workshops(&closing.workshops));
    body.push_str(&evaluations(&closing.evaluations));
    document(&format!("Bilan — {}", closing.title), &body)
}

fn figures(closing: &Closing) -> String {
    let figure = |tile: &Tile| {
        format!(
            "<li>{}<strong>{}</strong>{}</li>\n",
            text(tile.label),
            text(&tile.value),
            text(&tile.detail)
        )
    };
    let figures: Vec<String> = closing.figures().iter().map(figure).collect();
    format!("<ul class=\"figures\">\n{}</ul>\n", figures.concat())
}

fn supports(closing: &Closing) -> String {
    let rows: Vec<Vec<String>> = closing
        .supports
        .iter()
        .map(|support| {
            vec![
                support.reference.clone(),
                support.structure.clone(),
                support.beneficiary.clone(),
                support.status_word().to_owned(),
                support.meetings.to_string(),
                support.agreed.map_or_else(|| "—".to_owned(), words::hours),
                words::hours(support.held),
            ]
        })
        .collect();
    let heads = [
        "Référence",
        "Structure",
        "Bénéficiaire",
        "Statut",
        "Rendez-vous",
        "Convenues",
        "Réalisées",
    ];
    let (least, most) = closing.bounds;
    let caption = format!(
        "Heures par accompagnement (entre {} et {})",
        words::hours(least),
        words::hours(most)
    );
    format!(
        "<h2>Accompagnements</h2>\n{}",
        table(&caption, &heads, &[4, 5, 6], &rows)
    )
}

fn axes(closing: &Closing) -> String {
    let rows: Vec<Vec<String>> = closing
        .axes
        .iter()
        .map(|share| {
            vec![
                share.axis.clone(),
                share.supports.to_string(),
                words::hours(share.hours),
                share.workshops.to_string(),
            ]
        })
        .collect();
    let caption =
        "Par axe ; les heures d’un accompagnement sont partagées entre les axes de son plan";
    table(
        caption,
        &["Axe", "Accompagnements", "Heures", "Ateliers"],
        &[1, 2, 3],
        &rows,
    )
}

fn persons(closing: &Closing) -> String {
    let rows: Vec<Vec<String>> = closing
        .persons
        .iter()
        .map(|person| {
            vec![
                person.name.clone(),
                person.structure.clone(),
                person.meetings.to_string(),
                words::hours(person.hours),
                person.workshops.to_string(),
            ]
        })
        .collect();
    let heads = [
        "Nom",
        "Structure",
        "Rendez-vous",
        "Heures",
        "Ateliers animés",
    ];
    format!(
        "<h2>Personnes ressources</h2>\n{}",
        table(
            "Implication, rendez-vous réalisés et ateliers passés",
            &heads,
            &[2, 3, 4],
            &rows
        )
    )
}

fn workshops(workshops: &[WorkshopFilling]) -> String {
    let rows: Vec<Vec<String>> = workshops
        .iter()
        .map(|workshop| {
            let day = workshop
                .date
                .map_or_else(|| "sans date".to_owned(), short_date);
            vec![
                if workshop.is_cancelled {
                    format!("{day} (annulé)")
                } else {
                    day
                },
                workshop.title.clone(),
                format!("{} / {}", workshop.seated.len(), workshop.places),
                workshop.waiting.len().to_string(),
                workshop.present.to_string(),
            ]
        })
        .collect();
    let heads = [
        "Date",
        "Atelier",
        "Inscrit·e·s",
        "En attente",
        "Présent·e·s",
    ];
    format!(
        "<h2>Ateliers collectifs</h2>\n{}",
        table("Remplissage et présence", &heads, &[2, 3, 4], &rows)
    )
}

fn evaluations(evaluations: &Evaluations) -> String {
    let rows: Vec<Vec<String>> = evaluations
        .marks
        .iter()
        .filter_map(|(name, spread)| {
            let spread = (*spread)?;
            Some(vec![
                (*name).to_owned(),
                words::number(spread.mean),
                words::number(spread.deviation),
                format!(
                    "{} à {}",
                    words::number(spread.lowest),
                    words::number(spread.highest)
                ),
                spread.count.to_string(),
            ])
        })
        .collect();
    let mut html = "<h2>Évaluations</h2>\n".to_owned();
    if rows.is_empty() {
        html.push_str("<p>Pas encore d’évaluation.</p>\n");
        return html;
    }
    let heads = [
        "Critère (1 à 5)",
        "Moyenne",
        "Écart-type",
        "De … à",
        "Réponses",
    ];
    html.push_str(&table(
        "Notes des bénéficiaires",
        &heads,
        &[1, 2, 3, 4],
        &rows,
    ));
    for (title, said) in [
        ("Commentaires", &evaluations.comments),
        ("Pistes d’amélioration", &evaluations.improvements),
    ] {
        if said.is_empty() {
            continue;
        }
        let rows: Vec<Vec<String>> = said
            .iter()
            .map(|(support, words)| vec![support.clone(), words.clone()])
            .collect();
        html.push_str(&table(
            title,
            &["Accompagnement", "Ce qui est dit"],
            &[],
            &rows,
        ));
    }
    html
}
