//! The figures at the top of « Aujourd'hui ».

use crate::french::typographic;
use crate::french::words::{count, hours};
use crate::report::morning::Morning;
use crate::report::sheet::tiles::Tile;

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
