//! The report as a workbook, with the charts that a funder asks for.

use chrono::NaiveDate;
use rust_xlsxwriter::{Chart, ChartType, DocProperties, Workbook, Worksheet, XlsxError};

use super::Closing;
use super::sheets::{Cell, Sheet};
use crate::french::typographic;
use crate::model::time::short_date;

/// Colours of series.
const DEEP: u32 = 0x1F_4E5F;
const PALE: u32 = 0xC5_D9DF;
const AMBER: u32 = 0xD9_8E04;
const RED: u32 = 0xB0_3A2E;

/// `bilan.xlsx`. The same figures on the same day give the same bytes.
///
/// # Errors
/// The workbook can't be made.
pub fn workbook(closing: &Closing, today: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = today.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc();
    let properties = DocProperties::new()
        .set_title(format!("Bilan — {}", closing.title))
        .set_creation_datetime(&made);
    book.set_properties(&properties);
    supports(book.add_worksheet(), closing)?;
    sheet(
        "Axes",
        &[
            "Axe",
            "Accompagnements",
            "Heures réalisées",
            "Ateliers passés",
        ],
        axes(closing),
    )
    .write(book.add_worksheet())?;
    sheet(
        "Personnes ressources",
        &[
            "Nom",
            "Structure",
            "Rendez-vous réalisés",
            "Heures réalisées",
            "Ateliers animés",
        ],
        persons(closing),
    )
    .write(book.add_worksheet())?;
    workshops(book.add_worksheet(), closing)?;
    evaluations(book.add_worksheet(), closing)?;
    let words = said(closing);
    sheet("Paroles", &["Accompagnement", "Rubrique", "Texte"], words)
        .write(book.add_worksheet())?;
    book.save_to_buffer()
}

fn sheet<'a>(name: &'a str, heads: &'a [&'a str], rows: Vec<Vec<Cell>>) -> Sheet<'a> {
    Sheet { name, heads, rows }
}

fn supports(worksheet: &mut Worksheet, closing: &Closing) -> Result<(), XlsxError> {
    let (least, most) = closing.bounds;
    let rows: Vec<Vec<Cell>> = closing
        .supports
        .iter()
        .map(|support| {
            vec![
                Cell::text(&support.reference),
                Cell::text(&support.structure),
                Cell::text(&support.beneficiary),
                Cell::text(support.status),
                Cell::count(support.meetings),
                support.agreed.map_or(Cell::Empty, Cell::Hours),
                Cell::Hours(support.held),
                Cell::Hours(least),
                Cell::Hours(most),
            ]
        })
        .collect();
    let count = rows.len();
    let heads = [
        "Référence",
        "Structure",
        "Bénéficiaire",
        "Statut",
        "Rendez-vous réalisés",
        "Heures convenues",
        "Heures réalisées",
        "Minimum",
        "Maximum",
    ];
    let page = sheet("Accompagnements", &heads, rows);
    page.write(worksheet)?;
    if count == 0 {
        return Ok(());
    }
    let mut chart = Chart::new(ChartType::Column);
    page.series(&mut chart, 0, 6, DEEP);
    let mut bounds = Chart::new(ChartType::Line);
    page.series(&mut bounds, 0, 7, AMBER);
    page.series(&mut bounds, 0, 8, RED);
    chart.combine(&bounds);
    chart
        .title()
        .set_name("Heures réalisées par accompagnement");
    place(worksheet, chart, count)
}

fn axes(closing: &Closing) -> Vec<Vec<Cell>> {
    let row = |share: &super::AxisShare| {
        vec![
            Cell::text(&share.axis),
            Cell::count(share.supports),
            Cell::Hours(share.hours),
            Cell::count(share.workshops),
        ]
    };
    closing.axes.iter().map(row).collect()
}

fn persons(closing: &Closing) -> Vec<Vec<Cell>> {
    let row = |person: &super::PersonHours| {
        vec![
            Cell::text(&person.name),
            Cell::text(&person.structure),
            Cell::count(person.meetings),
            Cell::Hours(person.hours),
            Cell::count(person.workshops),
        ]
    };
    closing.persons.iter().map(row).collect()
}

fn workshops(worksheet: &mut Worksheet, closing: &Closing) -> Result<(), XlsxError> {
    let rows: Vec<Vec<Cell>> = closing
        .workshops
        .iter()
        .map(|workshop| {
            vec![
                Cell::text(&workshop.reference),
                Cell::text(&workshop.title),
                Cell::text(
                    &workshop
                        .date
                        .map_or_else(|| "sans date".to_owned(), short_date),
                ),
                Cell::text(if workshop.is_cancelled { "annulé" } else { "" }),
                Cell::count(workshop.places as usize),
                Cell::count(workshop.seated.len()),
                Cell::count(workshop.waiting.len()),
                Cell::count(workshop.present),
            ]
        })
        .collect();
    let count = rows.len();
    let heads = [
        "Référence",
        "Titre",
        "Date",
        "État",
        "Places",
        "Inscrit·e·s",
        "Liste d’attente",
        "Présent·e·s",
    ];
    let page = sheet("Ateliers", &heads, rows);
    page.write(worksheet)?;
    if count == 0 {
        return Ok(());
    }
    let mut chart = Chart::new(ChartType::Column);
    for (column, colour) in [(4, PALE), (5, DEEP), (7, AMBER)] {
        page.series(&mut chart, 0, column, colour);
    }
    chart.title().set_name("Places, inscriptions et présences");
    place(worksheet, chart, count)
}

fn evaluations(worksheet: &mut Worksheet, closing: &Closing) -> Result<(), XlsxError> {
    let rows: Vec<Vec<Cell>> = closing
        .evaluations
        .marks
        .iter()
        .map(|(name, spread)| {
            let mut row = vec![Cell::text(name)];
            match spread {
                Some(spread) => row.extend([
                    Cell::Hours(spread.mean),
                    Cell::Hours(spread.deviation),
                    Cell::Hours(spread.lowest),
                    Cell::Hours(spread.highest),
                    Cell::count(spread.count as usize),
                ]),
                None => row.resize(6, Cell::Empty),
            }
            row
        })
        .collect();
    let heads = [
        "Critère",
        "Moyenne",
        "Écart-type",
        "Plus basse",
        "Plus haute",
        "Réponses",
    ];
    let count = rows.len();
    let page = sheet("Évaluations", &heads, rows);
    page.write(worksheet)?;
    if closing.evaluations.count == 0 {
        return Ok(());
    }
    let mut chart = Chart::new(ChartType::Bar);
    page.series(&mut chart, 0, 1, DEEP);
    chart.title().set_name("Moyennes sur 5");
    chart.x_axis().set_min(0).set_max(5);
    chart.legend().set_hidden();
    place(worksheet, chart, count)
}

fn place(worksheet: &mut Worksheet, mut chart: Chart, rows: usize) -> Result<(), XlsxError> {
    chart.set_width(760).set_height(320);
    let below = u32::try_from(rows).unwrap_or(u32::MAX - 4) + 4;
    worksheet.insert_chart(below, 0, &chart)?;
    Ok(())
}

fn said(closing: &Closing) -> Vec<Vec<Cell>> {
    let evaluations = &closing.evaluations;
    let comments = evaluations
        .comments
        .iter()
        .map(|said| ("Commentaires", said));
    let improvements = evaluations
        .improvements
        .iter()
        .map(|said| ("Pistes d’amélioration", said));
    comments
        .chain(improvements)
        .map(|(title, (support, words))| {
            vec![
                Cell::text(support),
                Cell::text(&typographic(title)),
                Cell::text(words),
            ]
        })
        .collect()
}
