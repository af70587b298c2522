//! The speed goals, each as a ratio against a floor measured in the same run: whole processes, the
//! median of several runs.
//!
//! `cargo bench --bench speed` measures 1,000, 10,000 and 100,000 registrations; other sizes can be
//! named: `cargo bench --bench speed -- 1000000`.

mod season;

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use calamine::{DataRef, Reader, Xlsx};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use peer_culture::package::{self, CellFormat, OwnedCell, OwnedColumn, OwnedValue, Rgb, SheetEdit};
use rust_xlsxwriter::Workbook;
use wait4::Wait4;
use zip::ZipArchive;

/// Runs of each command; the median counts. One is enough where it takes long.
const RUNS: usize = 5;
const LONG: u32 = 500_000;
const SIZES: [u32; 3] = [1_000, 10_000, 100_000];
/// After the last workshop: nobody is written to, so that reading, checking and writing are measured.
const TODAY: &str = "2021-12-20";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["floor-read", folder] => floor_read(Path::new(folder)),
        ["floor-rewrite", folder] => floor_rewrite(Path::new(folder)),
        ["floor-patch", folder] => floor_patch(Path::new(folder)),
        ["patch", folder] => patch(Path::new(folder)),
        sizes => measure(sizes),
    }
}

fn measure(sizes: &[&str]) -> Result<(), Box<dyn Error>> {
    let named: Vec<u32> = sizes.iter().filter_map(|size| size.parse().ok()).collect();
    let sizes = if named.is_empty() {
        SIZES.to_vec()
    } else {
        named
    };
    println!("| registrations | command | CPU s | wall s | MiB | CPU ratio | wall ratio |");
    println!("|---|---|---|---|---|---|---|");
    for size in sizes {
        measure_size(size)?;
    }
    Ok(())
}

fn measure_size(size: u32) -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("peer-culture-bench-{size}"));
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    season::write(&folder, size)?;
    let program = Path::new(env!("CARGO_BIN_EXE_peer-culture"));
    let this = std::env::current_exe()?;

    let count = if size >= LONG { 1 } else { RUNS };
    let read = median(count, &this, &["floor-read"], &folder, || Ok(()))?;
    row(size, "floor: streaming read, cells dropped", &read, None);
    let check = median(
        count,
        program,
        &["check", "--today", TODAY],
        &folder,
        || Ok(()),
    )?;
    row(size, "check", &check, Some(&read));
    let json = median(
        count,
        program,
        &["check", "--today", TODAY, "--format", "json"],
        &folder,
        || Ok(()),
    )?;
    row(
        size,
        "check --format json, with its e-mails",
        &json,
        Some(&read),
    );

    let rewrite = median(count, &this, &["floor-rewrite"], &folder, || Ok(()))?;
    row(
        size,
        "floor: bare read, bare write of the rows",
        &rewrite,
        None,
    );
    let fresh = || forget(&folder);
    let first = median(
        count,
        program,
        &["run", "--today", TODAY, "--format", "json"],
        &folder,
        fresh,
    )?;
    row(size, "run, everything new", &first, Some(&rewrite));
    let again = median(
        count,
        program,
        &["run", "--today", TODAY, "--format", "json"],
        &folder,
        || Ok(()),
    )?;
    row(size, "run again, nothing new", &again, Some(&read));
    let in_full = || {
        std::fs::remove_file(folder.join(".peer-culture/unchanged.json"))?;
        Ok(())
    };
    let full = median(
        count,
        program,
        &["run", "--today", TODAY, "--format", "json"],
        &folder,
        in_full,
    )?;
    row(size, "the same, the night in full", &full, Some(&read));

    let unzip = median(count, &this, &["floor-patch"], &folder, || Ok(()))?;
    row(
        size,
        "floor: inflate, copy, deflate one sheet's XML",
        &unzip,
        None,
    );
    let patch = median(count, &this, &["patch"], &folder, || Ok(()))?;
    row(size, "two columns written into it", &patch, Some(&unzip));
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// As if the program had never seen the folder.
fn forget(folder: &Path) -> Result<(), Box<dyn Error>> {
    for made in [".peer-culture", "controles"] {
        let path = folder.join(made);
        if path.exists() {
            std::fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}

/// What one run of a command took.
#[derive(Clone, Copy)]
struct Took {
    cpu: f64,
    wall: f64,
    mib: f64,
}

fn median(
    count: usize,
    program: &Path,
    arguments: &[&str],
    folder: &Path,
    prepare: impl Fn() -> Result<(), Box<dyn Error>>,
) -> Result<Took, Box<dyn Error>> {
    let mut runs = Vec::with_capacity(count);
    for _ in 0..count {
        prepare()?;
        runs.push(once(program, arguments, folder)?);
    }
    let middle = |pick: fn(&Took) -> f64| {
        let mut values: Vec<f64> = runs.iter().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    Ok(Took {
        cpu: middle(|took| took.cpu),
        wall: middle(|took| took.wall),
        mib: middle(|took| took.mib),
    })
}

fn once(program: &Path, arguments: &[&str], folder: &Path) -> Result<Took, Box<dyn Error>> {
    let started = Instant::now();
    let child = Command::new(program)
        .args(arguments)
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()?;
    let ended = child.wait4()?;
    if !ended.status.success() {
        return Err(format!(
            "{} {arguments:?} ended with {}",
            program.display(),
            ended.status
        )
        .into());
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a size in MiB needs no more digits"
    )]
    let mib = ended.rusage.maxrss as f64 / (1024.0 * 1024.0);
    Ok(Took {
        cpu: ended.rusage.utime.as_secs_f64() + ended.rusage.stime.as_secs_f64(),
        wall: started.elapsed().as_secs_f64(),
        mib,
    })
}

fn row(size: u32, command: &str, took: &Took, floor: Option<&Took>) {
    let ratio = |value: f64, floor: Option<f64>| {
        floor.map_or_else(String::new, |floor| format!("{:.2}", value / floor))
    };
    println!(
        "| {size} | {command} | {:.3} | {:.3} | {:.0} | {} | {} |",
        took.cpu,
        took.wall,
        took.mib,
        ratio(took.cpu, floor.map(|floor| floor.cpu)),
        ratio(took.wall, floor.map(|floor| floor.wall)),
    );
}

fn workbooks(folder: &Path) -> [PathBuf; 2] {
    [folder.join("adherents.xlsx"), folder.join("ateliers.xlsx")]
}

/// Reads every cell with calamine's streaming reader and drops it.
fn floor_read(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut cells = 0_u64;
    for path in workbooks(folder) {
        let mut book: Xlsx<_> = Xlsx::new(BufReader::new(File::open(path)?))?;
        for name in book.sheet_names() {
            let mut reader = book.worksheet_cells_reader(&name)?;
            while let Some(cell) = reader.next_cell()? {
                cells += u64::from(*cell.get_value() != DataRef::Empty);
            }
        }
    }
    println!("{cells}");
    Ok(())
}

/// Reads every cell and writes it to a new workbook with `rust_xlsxwriter` as it comes.
fn floor_rewrite(folder: &Path) -> Result<(), Box<dyn Error>> {
    for path in workbooks(folder) {
        let mut book: Xlsx<_> = Xlsx::new(BufReader::new(File::open(&path)?))?;
        let mut copy = Workbook::new();
        for name in book.sheet_names() {
            let sheet = copy.add_worksheet().set_name(&name)?;
            let mut reader = book.worksheet_cells_reader(&name)?;
            while let Some(cell) = reader.next_cell()? {
                let (row, column) = cell.get_position();
                let column = u16::try_from(column)?;
                match cell.get_value() {
                    DataRef::SharedString(text) => sheet.write_string(row, column, *text)?,
                    DataRef::String(text) => sheet.write_string(row, column, text)?,
                    DataRef::Float(number) => sheet.write_number(row, column, *number)?,
                    DataRef::DateTime(serial) => {
                        sheet.write_number(row, column, serial.as_f64())?
                    }
                    _ => continue,
                };
            }
        }
        let target = path.with_extension("floor.tmp");
        copy.save(&target)?;
        std::fs::remove_file(target)?;
    }
    Ok(())
}

/// The sheet of registrations, where `season` writes it.
const SHEET: &str = "Inscriptions";
const SHEET_PART: &str = "xl/worksheets/sheet3.xml";
/// As `package` deflates.
const LEVEL: u32 = 5;

/// Inflates the sheet's XML, copies it, and deflates it with the settings of `package`.
fn floor_patch(folder: &Path) -> Result<(), Box<dyn Error>> {
    let [_, path] = workbooks(folder);
    let source = std::fs::read(path)?;
    let mut archive = ZipArchive::new(Cursor::new(source.as_slice()))?;
    let mut xml = Vec::new();
    archive.by_name(SHEET_PART)?.read_to_end(&mut xml)?;
    let mut copy = Vec::with_capacity(xml.len());
    std::io::copy(&mut xml.as_slice(), &mut copy)?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(LEVEL));
    encoder.write_all(&copy)?;
    println!("{}", encoder.finish()?.len());
    Ok(())
}

/// Writes a verdict and a text into every row of the sheet.
fn patch(folder: &Path) -> Result<(), Box<dyn Error>> {
    let [_, path] = workbooks(folder);
    let source = std::fs::read(&path)?;
    let rows = rows_of(folder)?;
    let flag = OwnedCell {
        value: OwnedValue::Text("OK".into()),
        format: CellFormat {
            fill: Some(Rgb(0xC6, 0xEF, 0xCE)),
            ..CellFormat::PLAIN
        },
    };
    let text = OwnedCell {
        value: OwnedValue::Text("INS01 En liste d’attente, à la place 1.".into()),
        format: CellFormat::PLAIN,
    };
    let column = |header: &'static str, cell: &OwnedCell| OwnedColumn {
        header: header.into(),
        header_row: 0,
        column: None,
        cells: (1..=rows).map(|row| (row, cell.clone())).collect(),
        width: None,
    };
    let edit = SheetEdit {
        sheet: SHEET.to_owned(),
        columns: vec![
            column("Contrôle (auto)", &flag),
            column("Alertes (auto)", &text),
        ],
    };
    let patched = package::patch(&source, &[edit])?;
    println!("{}", patched.bytes.len());
    Ok(())
}

/// `season` writes no row without cells: the name of the folder says how many there are.
fn rows_of(folder: &Path) -> Result<u32, Box<dyn Error>> {
    let name = folder.to_string_lossy();
    let (_, rows) = name.rsplit_once('-').ok_or("a folder of another name")?;
    Ok(rows.parse()?)
}
