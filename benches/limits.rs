//! What the bounds on workbooks leave room for: 200,000 rows of 40 columns are read and checked
//! without complaint, and within the memory that is promised for any file.
//!
//! `cargo bench --bench limits`

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use wait4::Wait4;

const ROWS: u32 = 200_000;
const COLUMNS: u16 = 40;
/// The most that a run may take for one file (issue 3).
const MEMORY: u64 = 512 << 20;

/// How the texts are written.
#[derive(Clone, Copy)]
enum Strings {
    Shared,
    Inline,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("| {ROWS} rows × {COLUMNS} columns | file MB | CPU s | wall s | MiB |");
    println!("|---|---|---|---|---|");
    for (name, strings) in [
        ("shared strings", Strings::Shared),
        ("inline strings", Strings::Inline),
    ] {
        let folder = std::env::temp_dir().join("peer-culture-bench-limits");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let file = folder.join("programme.xlsx");
        write(&file, strings)?;
        let size = std::fs::metadata(&file)?.len();
        let start = Instant::now();
        let check = Command::new(env!("CARGO_BIN_EXE_peer-culture"))
            .arg("check")
            .arg(&folder)
            .args(["--today", "2021-12-20"])
            .stdout(Stdio::null())
            .spawn()?;
        let ended = check.wait4()?;
        let wall = start.elapsed().as_secs_f64();
        let cpu = (ended.rusage.utime + ended.rusage.stime).as_secs_f64();
        let mib = ended.rusage.maxrss >> 20;
        println!(
            "| {name} | {} | {cpu:.2} | {wall:.2} | {mib} |",
            size / 1_000_000
        );
        std::fs::remove_dir_all(&folder)?;
        if !ended.status.success() {
            return Err(format!("check ended with {}", ended.status).into());
        }
        if ended.rusage.maxrss > MEMORY {
            return Err(format!("{mib} MiB is more than was promised").into());
        }
    }
    Ok(())
}

fn write(path: &Path, strings: Strings) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    let mut sheet = |name: &str, rows: &[&[&str]]| -> Result<(), XlsxError> {
        let sheet = book.add_worksheet().set_name(name)?;
        for (row, cells) in (0..).zip(rows) {
            sheet.write_row(row, 0, cells.iter().copied())?;
        }
        Ok(())
    };
    sheet(
        "Adhérents",
        &[
            &[
                "Structure",
                "Forme juridique",
                "Immatriculation",
                "Commune",
                "Code postal",
                "Domaine",
                "Référent",
                "Email",
                "Statut",
                "Cotisation",
                "Payée le",
            ],
            &[
                "Alma",
                "association",
                "W313000001",
                "Toulouse",
                "31000",
                "édition",
                "Ana Roux",
                "ana@example.org",
                "membre actif",
                "300",
                "02/11/2020",
            ],
        ],
    )?;
    sheet(
        "Personnes ressources",
        &[
            &["Nom", "Structure", "Email", "Spécialités"],
            &[
                "Ana Roux",
                "Alma",
                "ana@example.org",
                "conditions de travail",
            ],
        ],
    )?;
    sheet(
        "Ateliers",
        &[
            &[
                "Référence",
                "Titre",
                "Axe",
                "Date",
                "Demi-journée",
                "Animateurs",
            ],
            &[
                "AT-01",
                "Budget",
                "conditions de travail",
                "05/03/2021",
                "matin",
                "Ana Roux",
            ],
        ],
    )?;
    let registrations = match strings {
        Strings::Shared => book.add_worksheet_with_low_memory()?,
        Strings::Inline => book.add_worksheet_with_constant_memory()?,
    };
    fill(registrations)?;
    book.save(path)
}

/// Ten columns that the program knows, and thirty of the coordinator's own: texts, numbers, nothing.
fn fill(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("Inscriptions")?;
    let known = [
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
    ];
    sheet.write_row(0, 0, known)?;
    for column in 10..COLUMNS {
        sheet.write_string(0, column, format!("Question {column}"))?;
    }
    for row in 1..=ROWS {
        sheet.write_string(row, 0, "03/02/2021 10:00")?;
        sheet.write_string(row, 1, "AT-01")?;
        sheet.write_string(row, 2, format!("Personne {row}"))?;
        sheet.write_string(row, 3, format!("personne{row}@example.org"))?;
        sheet.write_string(row, 4, "Alma")?;
        sheet.write_number(row, 5, 18.0)?;
        sheet.write_string(row, 6, "04/02/2021")?;
        sheet.write_string(row, 7, "oui")?;
        sheet.write_string(row, 8, "annulée")?;
        sheet.write_string(row, 9, "oui")?;
        for column in 10..COLUMNS {
            match column % 3 {
                0 => drop(sheet.write_number(row, column, f64::from(row) * 1.25)?),
                1 => drop(sheet.write_string(row, column, format!("réponse {row} à {column}"))?),
                _ => drop(sheet.write_string(row, column, "sans avis")?),
            }
        }
    }
    Ok(())
}
