//! The tables of the report, a sheet each.

use super::Closing;
use super::sheets::{Cell, Sheet};

pub(super) const SUPPORTS: &str = "Accompagnements";
pub(super) const AXES: &str = "Axes";
pub(super) const WORKSHOPS: &str = "Ateliers";
pub(super) const EVALUATIONS: &str = "Évaluations";

/// Columns that charts show.
pub(super) mod support {
    pub const HELD: u16 = 6;
    pub const MINIMUM: u16 = 7;
    pub const MAXIMUM: u16 = 8;
}
pub(super) mod axis {
    pub const HOURS: u16 = 2;
}
pub(super) mod workshop {
    pub const PLACES: u16 = 4;
    pub const SEATED: u16 = 5;
    pub const PRESENT: u16 = 7;
}
pub(super) mod mark {
    pub const MEAN: u16 = 1;
}

pub(super) fn supports(closing: &Closing) -> Sheet<'static> {
    let (least, most) = closing.bounds;
    let rows = closing.supports.iter().map(|support| {
        vec![
            Cell::text(&support.reference),
            Cell::text(&support.structure),
            Cell::text(&support.beneficiary),
            Cell::text(support.status_word()),
            Cell::count(support.meetings),
            support.agreed.map_or(Cell::Empty, Cell::Hours),
            Cell::Hours(support.held),
            Cell::Hours(least),
            Cell::Hours(most),
        ]
    });
    Sheet {
        name: SUPPORTS,
        intro: "Les heures convenues sont celles du diagnostic et de sa prolongation ; les heures réalisées, celles des rendez-vous qui ont eu lieu.",
        columns: &[
            ("Référence", 12.0),
            ("Structure", 30.0),
            ("Bénéficiaire", 24.0),
            ("Statut", 14.0),
            ("Rendez-vous réalisés", 13.0),
            ("Heures convenues", 12.0),
            ("Heures réalisées", 12.0),
            ("Minimum", 11.0),
            ("Maximum", 11.0),
        ],
        rows: rows.collect(),
        nothing: "Aucun accompagnement.",
    }
}

pub(super) fn axes(closing: &Closing) -> Sheet<'static> {
    let rows = closing.axes.iter().map(|share| {
        vec![
            Cell::text(&share.axis),
            Cell::count(share.supports),
            Cell::Hours(share.hours),
            Cell::count(share.workshops),
        ]
    });
    Sheet {
        name: AXES,
        intro: "Les heures d’un accompagnement sont partagées également entre les axes de son plan : leur somme est celle des heures réalisées.",
        columns: &[
            ("Axe", 50.0),
            ("Accompagnements", 18.0),
            ("Heures réalisées", 18.0),
            ("Ateliers passés", 18.0),
        ],
        rows: rows.collect(),
        nothing: "Aucun axe.",
    }
}

pub(super) fn persons(closing: &Closing) -> Sheet<'static> {
    let rows = closing.persons.iter().map(|person| {
        vec![
            Cell::text(&person.name),
            Cell::text(&person.structure),
            Cell::count(person.meetings),
            Cell::Hours(person.hours),
            Cell::count(person.workshops),
        ]
    });
    Sheet {
        name: "Personnes ressources",
        intro: "Un rendez-vous à plusieurs compte entier pour chaque personne.",
        columns: &[
            ("Nom", 28.0),
            ("Structure", 36.0),
            ("Rendez-vous réalisés", 22.0),
            ("Heures réalisées", 18.0),
            ("Ateliers animés", 18.0),
        ],
        rows: rows.collect(),
        nothing: "Aucune personne ressource.",
    }
}

pub(super) fn workshops(closing: &Closing) -> Sheet<'static> {
    let rows = closing.workshops.iter().map(|workshop| {
        let state = if workshop.is_cancelled { "annulé" } else { "" };
        vec![
            Cell::text(&workshop.reference),
            Cell::text(&workshop.title),
            workshop
                .date
                .map_or_else(|| Cell::text("sans date"), Cell::Day),
            Cell::text(state),
            Cell::count(workshop.places as usize),
            Cell::count(workshop.seated.len()),
            Cell::count(workshop.waiting.len()),
            Cell::count(workshop.present),
        ]
    });
    Sheet {
        name: WORKSHOPS,
        intro: "Les présences sont celles de la colonne « Présence » de vos inscriptions.",
        columns: &[
            ("Référence", 12.0),
            ("Titre", 48.0),
            ("Date", 13.0),
            ("État", 11.0),
            ("Places", 11.0),
            ("Inscrit·e·s", 12.0),
            ("Liste d’attente", 12.0),
            ("Présent·e·s", 12.0),
        ],
        rows: rows.collect(),
        nothing: "Aucun atelier.",
    }
}

pub(super) fn evaluations(closing: &Closing) -> Sheet<'static> {
    let rows = closing.evaluations.marks.iter().map(|(name, spread)| {
        let mut row = vec![Cell::text(name)];
        match spread {
            Some(spread) => row.extend([
                Cell::Mark(spread.mean),
                Cell::Mark(spread.deviation),
                Cell::Mark(spread.lowest),
                Cell::Mark(spread.highest),
                Cell::count(spread.count as usize),
            ]),
            None => row.resize(6, Cell::Empty),
        }
        row
    });
    Sheet {
        name: EVALUATIONS,
        intro: "Notes de 1 à 5. L’écart-type dit si les réponses se ressemblent : plus il est petit, plus elles sont proches.",
        columns: &[
            ("Critère", 36.0),
            ("Moyenne", 15.0),
            ("Écart-type", 15.0),
            ("Plus basse", 15.0),
            ("Plus haute", 15.0),
            ("Réponses", 15.0),
        ],
        rows: rows.collect(),
        nothing: "Aucune question.",
    }
}

pub(super) fn words(closing: &Closing) -> Sheet<'static> {
    let evaluations = &closing.evaluations;
    let row = |title: &str, (support, words): &(String, String)| {
        vec![Cell::text(support), Cell::text(title), Cell::text(words)]
    };
    let comments = evaluations.comments.iter();
    let comments = comments.map(|said| row("Commentaires", said));
    let improvements = evaluations.improvements.iter();
    let improvements = improvements.map(|said| row("Pistes d’amélioration", said));
    Sheet {
        name: "Paroles",
        intro: "Ce que les personnes accompagnées ont écrit, tel quel.",
        columns: &[
            ("Accompagnement", 18.0),
            ("Rubrique", 24.0),
            ("Texte", 84.0),
        ],
        rows: comments.chain(improvements).collect(),
        nothing: "Aucune réponse écrite.",
    }
}
