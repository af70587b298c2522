//! What beneficiaries say: means with their spread, and their words.

use crate::model::evaluation::Evaluation;
use crate::model::{Cell, Table};
use crate::programme::Programme;

/// Marks from 1 to 5 (EVA02): others are not counted.
const MARKS: std::ops::RangeInclusive<f64> = 1.0..=5.0;

/// The evaluations of a programme.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluations {
    /// How many there are.
    pub count: usize,
    /// Compétences acquises, Actions réalisées, Satisfaction.
    pub marks: [(&'static str, Option<Spread>); 3],
    /// Commentaires, with the support's reference.
    pub comments: Vec<(String, String)>,
    /// Pistes d'amélioration, with the support's reference.
    pub improvements: Vec<(String, String)>,
}

/// How marks lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// How many.
    pub count: u32,
    /// Their mean.
    pub mean: f64,
    /// The standard deviation of these marks (of all of them, not of a sample).
    pub deviation: f64,
    /// The lowest.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
}

impl Spread {
    /// None without any mark.
    #[must_use]
    pub fn of(marks: &[f64]) -> Option<Self> {
        let count = u32::try_from(marks.len()).ok().filter(|count| *count > 0)?;
        let mean = marks.iter().sum::<f64>() / f64::from(count);
        let variance =
            marks.iter().map(|mark| (mark - mean).powi(2)).sum::<f64>() / f64::from(count);
        Some(Self {
            count,
            mean,
            deviation: variance.sqrt(),
            lowest: marks.iter().copied().fold(f64::INFINITY, f64::min),
            highest: marks.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        })
    }
}

impl Evaluations {
    pub(in crate::report) fn of(programme: &Programme) -> Self {
        let table = programme
            .season
            .tables
            .evaluations
            .iter()
            .flat_map(Table::standing);
        let rows: Vec<&Evaluation> = table.map(|(_, row)| row).collect();
        let spread = |pick: fn(&Evaluation) -> Cell<f64>| {
            let marks = rows.iter().filter_map(|row| pick(row).get());
            Spread::of(
                &marks
                    .filter(|mark| MARKS.contains(mark))
                    .collect::<Vec<f64>>(),
            )
        };
        let words = |pick: fn(&Evaluation) -> &Cell<Box<str>>| {
            let said = rows
                .iter()
                .filter_map(|row| Some((row, pick(row).value()?)));
            said.map(|(row, text)| {
                let support = row.support.value().map(|name| &*name.text);
                (super::supports::shown(support), text.to_string())
            })
            .collect()
        };
        Self {
            count: rows.len(),
            marks: [
                ("Compétences acquises", spread(|row| row.skills)),
                ("Actions réalisées", spread(|row| row.actions)),
                ("Satisfaction", spread(|row| row.satisfaction)),
            ],
            comments: words(|row| &row.comments),
            improvements: words(|row| &row.improvements),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn the_spread_of_marks() {
        assert_eq!(Spread::of(&[]), None);
        let spread = Spread::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 3.0, 5.0]).expect("marks");
        assert_eq!((spread.count, spread.lowest, spread.highest), (8, 2.0, 5.0));
        assert!((spread.mean - 4.0).abs() < 1e-12);
        assert!((spread.deviation - 1.0).abs() < 1e-12);
    }
}
