//! A programme folder of any size: invented, the same every time.

use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// One registration in so many has a fault of some kind.
const FAULTY: u32 = 20;
/// Registrations a workshop: a little more than it can take.
const PER_WORKSHOP: u32 = 14;

/// Writes a folder with so many registrations.
pub fn write(folder: &Path, registrations: u32) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    let members = (registrations / 20).clamp(20, 5_000);
    write_members(&folder.join("adherents.xlsx"), members)?;
    write_workshops(&folder.join("ateliers.xlsx"), registrations, members)?;
    Ok(())
}

fn write_members(path: &Path, members: u32) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    let sheet = book
        .add_worksheet_with_low_memory()?
        .set_name("Adhérents")?;
    let headers = [
        "Structure",
        "Forme juridique",
        "Immatriculation",
        "Commune",
        "Code postal",
        "Domaine",
        "Référent",
        "Email",
        "Téléphone",
        "Statut",
        "Cotisation",
        "Payée le",
    ];
    sheet.write_row(0, 0, headers)?;
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for index in 0..members {
        let row = index + 1;
        sheet.write_string(row, 0, structure(index))?;
        sheet.write_string(row, 1, "association")?;
        sheet.write_string(row, 2, format!("W{:09}", 313_000_000 + index))?;
        sheet.write_string(row, 3, "Toulouse")?;
        sheet.write_string(row, 4, "31000")?;
        sheet.write_string(row, 5, "spectacle vivant")?;
        sheet.write_string(row, 6, person(index))?;
        sheet.write_string(row, 7, format!("contact@structure{index}.example.org"))?;
        sheet.write_string(row, 9, "membre coopérant")?;
        sheet.write_number(row, 10, 100.0)?;
        sheet.write_datetime_with_format(row, 11, ExcelDateTime::from_ymd(2020, 11, 2)?, &date)?;
    }
    book.save(path)
}

fn write_workshops(path: &Path, registrations: u32, members: u32) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    fill_persons(book.add_worksheet_with_low_memory()?)?;
    fill_workshops(
        book.add_worksheet_with_low_memory()?,
        registrations.div_ceil(PER_WORKSHOP),
    )?;
    fill_registrations(
        book.add_worksheet_with_low_memory()?,
        registrations,
        members,
    )?;
    book.save(path)
}

fn fill_persons(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("Personnes ressources")?;
    sheet.write_row(0, 0, ["Nom", "Structure", "Email", "Spécialités", "Type"])?;
    for index in 0..10 {
        sheet.write_row(
            index + 1,
            0,
            [
                format!("Animatrice {index}"),
                "Réseau partenaire".to_owned(),
                format!("animatrice{index}@example.org"),
                "stratégie des activités".to_owned(),
                "partenaire".to_owned(),
            ],
        )?;
    }

    Ok(())
}

fn fill_workshops(sheet: &mut Worksheet, workshops: u32) -> Result<(), XlsxError> {
    let date = Format::new().set_num_format("dd/mm/yyyy");
    sheet.set_name("Ateliers")?.write_row(
        0,
        0,
        [
            "Référence",
            "Titre",
            "Axe",
            "Demi-journée",
            "Animateurs",
            "Places",
            "Date",
        ],
    )?;
    for index in 0..workshops {
        let row = index + 1;
        sheet.write_row(
            row,
            0,
            [
                reference(index),
                format!("Atelier {index}"),
                "stratégie des activités".to_owned(),
                if index % 2 == 0 {
                    "matin"
                } else {
                    "après-midi"
                }
                .to_owned(),
                format!("Animatrice {}", index % 10),
            ],
        )?;
        sheet.write_number(row, 5, 12.0)?;
        sheet.write_datetime_with_format(
            row,
            6,
            ExcelDateTime::from_serial_datetime(day(index))?,
            &date,
        )?;
    }

    Ok(())
}

fn fill_registrations(
    sheet: &mut Worksheet,
    registrations: u32,
    members: u32,
) -> Result<(), XlsxError> {
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let moment = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    sheet.set_name("Inscriptions")?.write_row(
        0,
        0,
        [
            "Inscrit le",
            "Atelier",
            "Nom",
            "Email",
            "Structure",
            "Paiement",
            "Payé le",
            "Présence",
            "État",
            "Ne pas écrire",
            "Remarques",
            "Source",
        ],
    )?;
    for index in 0..registrations {
        let row = index + 1;
        let faulty = index % FAULTY == 0;
        let registered = 44_150.0 + f64::from(index % 60) + f64::from(index % 1440) / 1440.0;
        sheet.write_number_with_format(row, 0, registered, &moment)?;
        sheet.write_string(row, 1, reference(index / PER_WORKSHOP))?;
        sheet.write_string(row, 2, person(index))?;
        sheet.write_string(row, 3, format!("personne{index}@example.org"))?;
        if index % 3 == 0 {
            sheet.write_string(row, 4, structure(index % members))?;
        } else if !faulty {
            sheet.write_number(row, 5, 18.0)?;
            sheet.write_number_with_format(row, 6, 44_200.0, &date)?;
        }
        sheet.write_string(row, 7, "non")?;
        sheet.write_string(row, 10, "vue au salon")?;
        sheet.write_string(row, 11, "formulaire")?;
    }
    Ok(())
}

/// From 1 February 2021 on, ten workshops a day.
fn day(index: u32) -> f64 {
    44_228.0 + f64::from(index / 10 % 250)
}

fn reference(index: u32) -> String {
    format!("AT-{index:06}")
}

fn structure(index: u32) -> String {
    format!("Compagnie du Canal {index}")
}

fn person(index: u32) -> String {
    const FIRST: [&str; 8] = [
        "Anna", "Bilal", "Camille", "Dounia", "Élodie", "Farid", "Gaëlle", "Hugo",
    ];
    const LAST: [&str; 8] = [
        "Roux", "Petit", "Garcia", "Benali", "Faure", "Nguyen", "Soulié", "Traoré",
    ];
    let first = FIRST.get(index as usize % FIRST.len()).unwrap_or(&"Anna");
    let last = LAST.get(index as usize / 8 % LAST.len()).unwrap_or(&"Roux");
    format!("{first} {last} {index}")
}
