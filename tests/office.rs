//! LibreOffice opens what the program writes, and shows her cells as before and ours beside them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Reader, Xlsx};
use peer_culture::package::{
    CellFormat, OwnedCell, OwnedColumn, OwnedValue, Rgb, SheetEdit, inspect, patch,
};
use rust_xlsxwriter::{
    Chart, ChartType, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, Format,
    Formula, Note, Sparkline, Table, TableColumn, TableFunction, Workbook, Worksheet,
};

use crate::folder::{Folder, sample, text};
use crate::hostile::parts::{dialects, pack, workbook};

/// Every sheet as what is shown: comma, quote, UTF-8, from the first row, all quoted no, as shown
/// (LibreOffice help, "Filter Options for CSV": the tenth token; the twelfth, -1: a file a sheet).
const CSV: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";

#[test]
fn libreoffice_shows_her_cells_as_before_and_ours_beside_them() {
    if Command::new("soffice").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "soffice is missing");
        println!("skipped: soffice is missing");
        return;
    }
    let pairs = [of_a_night(), of_the_patcher()].concat();
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (number, pair) in pairs.iter().enumerate() {
        for (letter, bytes) in [("a", &pair.before), ("b", &pair.after)] {
            let file = folder.path().join(format!("{letter}{number}.xlsx"));
            fs::write(&file, bytes).unwrap();
            files.push(file);
        }
    }
    let shown = shown(folder.path(), &files);
    let mut ours = 0;
    for (number, pair) in pairs.iter().enumerate() {
        let of = |letter: &str| -> BTreeMap<String, &Grid> {
            let prefix = format!("{letter}{number}-");
            let named = shown
                .iter()
                .filter_map(|(name, grid)| Some((name.strip_prefix(&prefix)?.to_owned(), grid)));
            named.collect()
        };
        ours += compare(pair, &of("a"), &of("b"));
    }
    println!("{} workbooks, {ours} cells of ours", pairs.len());
    assert!(ours > 400, "{ours}");
}

/// A workbook, and what the program made of it.
#[derive(Clone)]
struct Pair {
    name: String,
    before: Vec<u8>,
    after: Vec<u8>,
}

/// What a sheet shows, row by row.
type Grid = Vec<Vec<String>>;

/// The sample's workbooks and the copies of a night.
fn of_a_night() -> Vec<Pair> {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    let names = folder.names("controles");
    let names = names
        .into_iter()
        .filter(|name| sample().join(name).is_file());
    let pairs: Vec<Pair> = names
        .map(|name| Pair {
            before: fs::read(sample().join(&name)).unwrap(),
            after: fs::read(folder.path().join("controles").join(&name)).unwrap(),
            name,
        })
        .collect();
    assert!(pairs.len() >= 5);
    pairs
}

/// Workbooks of every dialect, and rich ones, with two columns of ours.
fn of_the_patcher() -> Vec<Pair> {
    let rows: &[&[&str]] = &[
        &["Nom", "Heures", "Date", "Notes"],
        &["Ana &amp; Bo", "<3.5>", "[44200.5]", " é &lt; ü "],
        &["Cirque", "<-1>", "[44201]", ""],
        &["Dé", "", "", "x &amp; y"],
    ];
    let made = dialects().map(|(name, dialect)| {
        (
            name,
            pack(&workbook(&[("Suivi", rows), ("Autre", rows)], dialect)),
        )
    });
    let rich = [
        ("rich", rich(false)),
        ("rich, a table with totals", rich(true)),
    ];
    let all = made.into_iter().chain(rich);
    all.map(|(name, before)| Pair {
        name: name.to_owned(),
        after: flagged(&before),
        before,
    })
    .collect()
}

/// Two columns of ours on every sheet.
fn flagged(source: &[u8]) -> Vec<u8> {
    let red = CellFormat {
        fill: Some(Rgb(255, 199, 206)),
        bold: true,
        ..CellFormat::PLAIN
    };
    let wrapped = CellFormat {
        wrap: true,
        ..CellFormat::PLAIN
    };
    let cell = |row: u32, value: &'static str, format| {
        let value = OwnedValue::Text(value.into());
        (row, OwnedCell { value, format })
    };
    let column = |header: &'static str, cells| OwnedColumn {
        header: header.into(),
        cells,
        width: Some(20.0),
        ..OwnedColumn::default()
    };
    let flags = vec![
        cell(1, "Bloquant", red),
        cell(2, "OK", CellFormat::PLAIN),
        cell(3, "=1+1", red),
    ];
    let words = vec![
        cell(1, "DON01 : « Nom » est vide\nDON02 & <autre>", wrapped),
        cell(3, " +33 _x0041_ 🎭", wrapped),
    ];
    let sheets = inspect(source).unwrap().sheets;
    let edits: Vec<SheetEdit> = sheets
        .into_iter()
        .map(|facts| SheetEdit {
            sheet: facts.name,
            columns: vec![
                column("Contrôle (auto)", flags.clone()),
                column("Alertes (auto)", words.clone()),
            ],
        })
        .collect();
    patch(source, &edits).unwrap().bytes
}

/// A workbook with most of what people put into one.
fn rich(totals: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    for name in ["Feuille", "L'autre & l'une"] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        cells(sheet);
        dress(sheet, name);
        if totals {
            table(sheet);
        } else {
            sheet.autofilter(0, 0, 6, 3).unwrap();
            sheet.protect();
        }
    }
    book.define_name("Tout", "=Feuille!$A$1:$B$3").unwrap();
    book.save_to_buffer().unwrap()
}

fn cells(sheet: &mut Worksheet) {
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let euros = Format::new().set_num_format("#,##0.00\\ \"€\"");
    for column in 0..4 {
        sheet.write(0, column, format!("Titre {column}")).unwrap();
    }
    for row in 1..=6u32 {
        sheet.write(row, 0, format!("Ligne {row}\nà voir")).unwrap();
        sheet
            .write_with_format(row, 1, f64::from(row) * 1.5, &euros)
            .unwrap();
        sheet.write_with_format(row, 2, 44_200 + row, &day).unwrap();
        let formula = Formula::new(format!("=B{0}*2", row + 1));
        sheet
            .write_formula(row, 3, formula.set_result((row * 3).to_string()))
            .unwrap();
    }
}

fn dress(sheet: &mut Worksheet, name: &str) {
    let bold = Format::new().set_bold();
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values((name, 1, 1, 6, 1));
    sheet.insert_chart(12, 0, &chart).unwrap();
    let choices = DataValidation::new()
        .allow_list_strings(&["oui", "non"])
        .unwrap();
    sheet.add_data_validation(1, 0, 6, 0, &choices).unwrap();
    let rule = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::GreaterThan(3))
        .set_format(&bold);
    sheet.add_conditional_format(1, 1, 6, 1, &rule).unwrap();
    sheet.insert_note(1, 0, &Note::new("À confirmer")).unwrap();
    let line = Sparkline::new().set_range((name, 1, 1, 6, 1));
    sheet.add_sparkline(9, 0, &line).unwrap();
    sheet.merge_range(10, 0, 10, 2, "Réunies", &bold).unwrap();
    let array = Formula::new("=B2:B4*2").set_result("3");
    sheet.write_array_formula(30, 0, 32, 0, array).unwrap();
    sheet.set_row_hidden(2).unwrap();
    sheet.set_freeze_panes(1, 0).unwrap();
}

fn table(sheet: &mut Worksheet) {
    let named = (0..4).map(|column| {
        let function = if column == 1 {
            TableFunction::Sum
        } else {
            TableFunction::Count
        };
        TableColumn::new()
            .set_header(format!("Titre {column}"))
            .set_total_function(function)
    });
    let named: Vec<TableColumn> = named.collect();
    let table = Table::new().set_columns(&named).set_total_row(true);
    sheet.add_table(0, 0, 7, 3, &table).unwrap();
}

/// What LibreOffice shows of every sheet, by file and sheet.
fn shown(folder: &Path, files: &[PathBuf]) -> BTreeMap<String, Grid> {
    let out = folder.join("csv");
    // A profile of its own: two LibreOffice that share one get in each other's way.
    let profile = folder.join("profile");
    let output = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.display()
        ))
        .args(["--headless", "--convert-to", CSV, "--outdir"])
        .arg(&out)
        .args(files)
        .output()
        .unwrap();
    let said = text(&output.stdout) + &text(&output.stderr);
    let made = fs::read_dir(&out).unwrap_or_else(|error| panic!("{error}: {said}"));
    made.map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, grid(&fs::read_to_string(&path).unwrap()))
    })
    .collect()
}

/// The fields of comma-separated values (RFC 4180).
fn grid(csv: &str) -> Grid {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = csv.chars().peekable();
    while let Some(letter) = letters.next() {
        let field = rows.last_mut().unwrap().last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => rows.last_mut().unwrap().push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            letter => field.push(letter),
        }
    }
    rows
}

/// Holds what is shown of both against each other; gives how many cells of ours are shown.
fn compare(
    pair: &Pair,
    before: &BTreeMap<String, &Grid>,
    after: &BTreeMap<String, &Grid>,
) -> usize {
    let name = &pair.name;
    let mut read: Xlsx<_> = Xlsx::new(Cursor::new(pair.after.as_slice())).unwrap();
    let sheets = read.sheet_names();
    assert!(
        !before.is_empty(),
        "LibreOffice doesn't open {name} as it was"
    );
    assert_eq!(before.len(), sheets.len(), "{name}: {:?}", before.keys());
    let mut ours = 0;
    for sheet in sheets {
        let (Some(hers), Some(all)) = (before.get(&sheet), after.get(&sheet)) else {
            panic!("{name}: {sheet} of {:?}, {:?}", before.keys(), after.keys());
        };
        let range = read.worksheet_range(&sheet).unwrap();
        let columns = our_columns(&range, hers);
        same_cells_of_hers(&format!("{name}, {sheet}"), hers, all, &columns);
        for column in columns {
            ours += same_cells_of_ours(&format!("{name}, {sheet}"), all, &range, column);
        }
    }
    ours
}

/// Where a header of ours stands that was not there before.
fn our_columns(range: &calamine::Range<Data>, hers: &Grid) -> Vec<usize> {
    let (top, left) = range.start().unwrap();
    let mut found = Vec::new();
    for (row, column, value) in range.used_cells() {
        let (row, column) = (row + top as usize, column + left as usize);
        let before = hers.get(row).and_then(|fields| fields.get(column));
        if matches!(value, Data::String(text) if text.ends_with("(auto)") && before != Some(text)) {
            found.push(column);
        }
    }
    found
}

fn same_cells_of_hers(place: &str, hers: &Grid, all: &Grid, ours: &[usize]) {
    let filled = |grid: &Grid, skipped: &[usize]| -> BTreeMap<(usize, usize), String> {
        let cells = grid.iter().enumerate().flat_map(|(row, fields)| {
            let fields = fields.iter().enumerate();
            fields.map(move |(column, field)| ((row, column), field.clone()))
        });
        let cells =
            cells.filter(|((_, column), field)| !field.is_empty() && !skipped.contains(column));
        cells.collect()
    };
    let (was, is) = (filled(hers, &[]), filled(all, ours));
    assert!(!was.is_empty(), "{place}");
    assert_eq!(was, is, "{place}");
}

/// The texts of a column of ours as another reader has them.
fn same_cells_of_ours(
    place: &str,
    all: &Grid,
    range: &calamine::Range<Data>,
    column: usize,
) -> usize {
    let (top, left) = range.start().unwrap();
    let mut count = 0;
    for (row, at, value) in range.used_cells() {
        if at + left as usize != column {
            continue;
        }
        let Data::String(wanted) = value else {
            continue;
        };
        let row = row + top as usize;
        let shown = all.get(row).and_then(|fields| fields.get(column));
        assert_eq!(shown, Some(wanted), "{place}: row {row}");
        count += 1;
    }
    count
}
