//! The four figures of the report, on its page and on the first sheet of its workbook.

use super::Closing;
use crate::french::typographic;
use crate::french::words::{count, hours, number};
use crate::model::support::Status;
use crate::report::sheet::tiles::Tile;

impl Closing {
    /// What a funder reads first.
    pub(super) fn figures(&self) -> [Tile; 4] {
        let agreed: f64 = self.supports.iter().filter_map(|one| one.agreed).sum();
        let ended = self.supports.iter();
        let ended = ended.filter(|one| one.status == Some(Status::Finished));
        let held = self.workshops.iter().filter(|one| one.present > 0);
        let mean = self
            .evaluations
            .marks
            .last()
            .and_then(|(_, spread)| *spread);
        let tile = |label, value: String, detail: String| Tile {
            label,
            value: typographic(&value),
            detail: typographic(&detail),
            alarms: false,
        };
        [
            tile(
                "Heures réalisées",
                hours(self.held()),
                format!("sur {} convenues", hours(agreed)),
            ),
            tile(
                "Accompagnements",
                self.supports.len().to_string(),
                format!(
                    "individuels, dont {}",
                    count(ended.count(), "terminé", "terminés")
                ),
            ),
            tile(
                "Présences",
                self.present().to_string(),
                format!("à {}", count(held.count(), "atelier", "ateliers")),
            ),
            tile(
                "Satisfaction",
                mean.map_or_else(|| "—".to_owned(), |spread| number(spread.mean)),
                mean.map_or_else(String::new, |spread| {
                    let answers = count(spread.count as usize, "réponse", "réponses");
                    format!("sur 5, {answers}")
                }),
            ),
        ]
    }
}
