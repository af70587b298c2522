//! Figures in a row: what each is, the figure to be read from afar, what it is measured against.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::look;
use crate::french::typographic;
use crate::french::words::{count, hours};
use crate::report::morning::Morning;

/// A figure.
pub(in crate::report) struct Tile {
    /// What it is.
    pub label: &'static str,
    /// The figure.
    pub value: String,
    /// What it is measured against.
    pub detail: String,
    /// It should not be so.
    pub alarms: bool,
}

/// The rows of a row of figures.
pub(in crate::report) const ROWS: u32 = 3;

/// Draws them side by side from a cell on, each so many columns wide.
pub(in crate::report) fn draw(
    sheet: &mut Worksheet,
    (top, left): (u32, u16),
    width: u16,
    tiles: &[Tile],
) -> Result<(), XlsxError> {
    let (label, value, detail) = (look::tile_label(), look::tile_value(), look::tile_detail());
    for (row, height) in (top..).zip([18, 30, 30]) {
        sheet.set_row_height(row, height)?;
    }
    for (position, tile) in (0..).zip(tiles) {
        let first = left + width * position;
        let last = first + width - 1;
        let value = if tile.alarms {
            value.clone().set_font_color(look::LIMIT)
        } else {
            value.clone()
        };
        sheet.merge_range(top, first, top, last, tile.label, &label)?;
        sheet.merge_range(top + 1, first, top + 1, last, &tile.value, &value)?;
        sheet.merge_range(top + 2, first, top + 2, last, &tile.detail, &detail)?;
    }
    Ok(())
}

/// The figures of the first page.
pub(super) fn tiles(morning: &Morning) -> [Tile; 7] {
    let figures = &morning.figures;
    let [blocking, warnings, infos] = figures.findings;
    let awaiting: usize = morning.mails.awaiting.values().sum();
    let open = figures.supports.iter().filter(|one| one.is_open).count();
    let held: f64 = figures.supports.iter().map(|one| one.held).sum();
    let agreed: f64 = figures.supports.iter().filter_map(|one| one.agreed).sum();
    let (taken, seats, waiting) = figures.seats(morning.today);
    let applications: usize = figures.applications.iter().map(|(_, number)| number).sum();
    let tile = |label, value: String, detail: String, alarms| Tile {
        label,
        value: typographic(&value),
        detail: typographic(&detail),
        alarms,
    };
    [
        tile(
            "Constats bloquants",
            blocking.to_string(),
            format!(
                "{warnings} à vérifier, {}",
                count(infos, "information", "informations")
            ),
            blocking > 0,
        ),
        tile(
            "Attendent votre accord",
            awaiting.to_string(),
            match morning.mails.doubtful {
                0 => "courriels".to_owned(),
                number => format!("courriels, et {}", count(number, "doute", "doutes")),
            },
            morning.mails.doubtful > 0,
        ),
        tile(
            "Candidatures retenues",
            format!("{} / {}", figures.selected(), figures.places),
            format!("sur {}", count(applications, "reçue", "reçues")),
            figures.selected() > figures.places as usize,
        ),
        tile(
            "Accompagnements",
            open.to_string(),
            "en diagnostic ou en cours".to_owned(),
            false,
        ),
        tile(
            "Heures réalisées",
            hours(held),
            format!("sur {} convenues", hours(agreed)),
            false,
        ),
        tile(
            "Ateliers programmés",
            format!("{} / {}", figures.scheduled(), figures.workshops_expected),
            format!("{} adhérents à jour", figures.members),
            false,
        ),
        tile(
            "Places prises",
            format!("{taken} / {seats}"),
            format!("ateliers à venir, {waiting} en attente"),
            false,
        ),
    ]
}
