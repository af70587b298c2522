//! EVA02: a mark of an evaluation lies outside 1 to 5 (programme.md §4; §3, Évaluations). One finding
//! a row, at the first such mark, that names them all. Both ends are inside.

use std::ops::RangeInclusive;

use crate::findings::Severity;
use crate::french::words;
use crate::model::column::Column;
use crate::model::evaluation::{self, Evaluation};
use crate::model::{Cell, Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// The marks of an evaluation (programme.md §3, Évaluations).
const MARKS: RangeInclusive<f64> = 1.0..=5.0;

/// What `explain EVA02` prints.
pub const CARD: Card = Card {
    code: "EVA02",
    severity: Severity::Blocking,
    title: "Note hors de 1 à 5",
    finds: "Une note de l’évaluation est inférieure à 1 ou supérieure à 5 : elle fausserait les moyennes.",
    remedy: "Vérifiez la note auprès de la personne, et indiquez une valeur de 1 à 5.",
};

/// Reports every evaluation with a mark that doesn't exist.
pub fn check(night: &Night, sink: &mut Sink) {
    for (index, evaluation) in night
        .season
        .tables
        .evaluations
        .iter()
        .flat_map(Table::standing)
    {
        let odd: Vec<(Column, f64)> = marks(evaluation)
            .into_iter()
            .filter_map(|(column, mark)| Some((column, mark.get()?)))
            .filter(|(_, mark)| !MARKS.contains(mark))
            .collect();
        let Some((first, _)) = odd.first() else {
            continue;
        };
        let row = RowRef {
            role: Role::Evaluations,
            index,
        };
        let named: Vec<String> = odd
            .iter()
            .map(|(column, mark)| {
                let header = words::header(night.season, row, *column);
                format!("{} dans {header}", words::number(*mark))
            })
            .collect();
        let message = format!(
            "{} : les notes vont de {} à {}. Corrigez après vérification.",
            named.join(" ; "),
            words::number(*MARKS.start()),
            words::number(*MARKS.end()),
        );
        sink.row(row, *first, message);
    }
}

fn marks(evaluation: &Evaluation) -> [(Column, Cell<f64>); 3] {
    [
        (evaluation::SKILLS, evaluation.skills),
        (evaluation::ACTIONS, evaluation.actions),
        (evaluation::SATISFACTION, evaluation.satisfaction),
    ]
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn marked(column: &str, mark: &str) -> Scene {
        Scene::new().evaluation(&[(column, mark)])
    }

    #[test]
    fn each_of_the_three_marks_is_looked_at() {
        for (column, place) in [
            ("Compétences acquises", "Évaluations!C2"),
            ("Actions réalisées", "Évaluations!D2"),
            ("Satisfaction", "Évaluations!E2"),
        ] {
            assert_eq!(marked(column, "6").places("EVA02"), [place]);
        }
    }

    #[test]
    fn both_ends_are_inside() {
        for (mark, found) in [("0,99", 1), ("1", 0), ("5", 0), ("5,01", 1), ("-2", 1)] {
            let rows = marked("Satisfaction", mark).rows("EVA02");
            assert_eq!(rows.len(), found, "{mark}");
        }
    }

    #[test]
    fn a_row_has_one_finding_that_names_them_all() {
        let scene =
            Scene::new().evaluation(&[("Compétences acquises", "0"), ("Satisfaction", "9")]);
        assert_eq!(scene.places("EVA02"), ["Évaluations!C2"]);
        let message = &scene.messages("EVA02")[0];
        assert!(message.starts_with("0 dans"), "{message}");
        assert!(message.contains("9 dans"), "{message}");
    }

    #[test]
    fn an_unreadable_mark_is_left_to_its_data_check() {
        assert!(marked("Satisfaction", "bien").rows("EVA02").is_empty());
        assert!(marked("Satisfaction", "").rows("EVA02").is_empty());
    }

    #[test]
    fn the_settings_may_leave_it_out() {
        let scene = marked("Satisfaction", "9").with("[levels]\nEVA02 = \"off\"\n");
        assert!(scene.rows("EVA02").is_empty());
    }

    #[test]
    fn a_repeated_row_is_silent() {
        let scene = Scene::new()
            .evaluation(&[])
            .evaluation(&[("Satisfaction", "9")]);
        assert!(scene.rows("EVA02").is_empty());
    }
}
