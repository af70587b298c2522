//! What a new folder holds, read back by the program itself.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

use tempfile::TempDir;
use zip::ZipArchive;

use super::*;
use crate::model::Role;
use crate::model::column::Kind;
use crate::model::season::{Season, columns_of};

fn made(sample: bool) -> Vec<(String, Vec<u8>)> {
    files(&Settings::default(), sample).unwrap()
}

fn written(sample: bool) -> TempDir {
    let folder = TempDir::new().unwrap();
    write(folder.path(), &made(sample)).unwrap();
    folder
}

fn season(folder: &Path) -> Season {
    let toml = fs::read_to_string(folder.join(FILE_NAME)).unwrap();
    let settings = Settings::parse(&toml).unwrap();
    crate::sheets::read(folder, &settings, &crate::progress::Progress::none()).unwrap()
}

/// The parts of a workbook that are XML, by name.
fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        parts.insert(entry.name().unwrap().into_owned(), text);
    }
    parts
}

#[test]
fn excel_opens_every_starter_in_peace() {
    for (name, bytes) in [made(false), made(true)].concat() {
        if name.contains(".xlsx") {
            let flaws = crate::package::flaws(&bytes);
            assert_eq!(flaws, Ok(Vec::new()), "{name}");
        }
    }
}

#[test]
fn an_empty_starter_has_every_sheet_and_no_row_or_fault() {
    let folder = written(false);
    let season = season(folder.path());
    let mut roles: Vec<Role> = season.sheets.iter().map(|sheet| sheet.role).collect();
    roles.sort();
    assert_eq!(roles, Role::ALL);
    for role in Role::ALL {
        assert_eq!(season.row_count(role), 0, "{role:?}");
    }
    assert!(season.faults.is_empty(), "{:?}", season.faults);
}

#[test]
fn the_columns_of_the_starter_are_those_of_the_model() {
    let folder = written(false);
    for sheet in &season(folder.path()).sheets {
        assert_eq!(sheet.header_row, 1);
        for (position, spec) in (0..).zip(columns_of(sheet.role)) {
            let header = sheet.columns[position as usize].as_ref().unwrap();
            assert_eq!((header.column, &*header.text), (position, spec.header));
        }
    }
}

#[test]
fn the_same_settings_give_the_same_bytes() {
    for sample in [false, true] {
        assert!(made(sample) == made(sample));
    }
}

#[test]
fn the_sample_is_read_as_it_was_meant() {
    let folder = written(true);
    let season = season(folder.path());
    let counts = Role::ALL.map(|role| season.row_count(role));
    assert_eq!(counts, [31, 14, 30, 10, 8, 5, 25, 8, 70, 3]);
    let faults: Vec<(Role, u32, String)> = season
        .faults
        .iter()
        .map(|fault| {
            let kind = format!("{:?}", fault.kind);
            let word = kind.split([' ', '{', '(']).next().unwrap().to_owned();
            (fault.row.role, season.place(fault.row).unwrap().row, word)
        })
        .collect();
    // A date that no calendar has, two addresses in a cell, a name to be told: as it happens.
    insta::assert_debug_snapshot!(faults);
}

#[test]
fn the_sample_has_the_workshops_header_below_her_title() {
    let folder = written(true);
    let season = season(folder.path());
    for sheet in &season.sheets {
        let expected = if sheet.role == Role::Workshops { 3 } else { 1 };
        assert_eq!(sheet.header_row, expected, "{:?}", sheet.role);
    }
}

#[test]
fn every_header_of_the_sample_is_the_models_or_plainly_hers() {
    for role in Role::ALL {
        let content = Content::new(role, true);
        let known = content
            .columns
            .iter()
            .filter(|head| head.spec.is_some())
            .count();
        assert_eq!(known, columns_of(role).len(), "{role:?}");
        for row in &content.rows {
            assert_eq!(row.len(), content.columns.len(), "{role:?}: {row:?}");
        }
    }
}

#[test]
fn nobody_real_can_be_written_to() {
    for role in Role::ALL {
        for word in sample::text(role).split_whitespace() {
            let Some((_, domain)) = word.split_once('@') else {
                continue;
            };
            let invented = ["example.org", "example.com"];
            assert!(invented.iter().any(|end| domain.ends_with(end)), "{word}");
        }
    }
}

#[test]
fn every_choice_is_offered() {
    for (name, bytes) in made(false).iter().filter(|(name, _)| name != FILE_NAME) {
        let book = WORKBOOKS.iter().find(|book| book.file == name).unwrap();
        let parts = parts(bytes);
        for (number, role) in (1..).zip(book.roles) {
            let sheet = &parts[&format!("xl/worksheets/sheet{number}.xml")];
            let listed = columns_of(*role).iter().filter(|spec| {
                matches!(
                    spec.kind,
                    Kind::Choice(_)
                        | Kind::YesNo
                        | Kind::Axis
                        | Kind::Axes
                        | Kind::LegalForm
                        | Kind::Domains
                )
            });
            let lists = sheet.matches("type=\"list\"").count();
            let references = sheet.matches("COUNTA(").count();
            assert_eq!(lists - references, listed.count(), "{role:?}");
            let expected = match role {
                Role::CommitteeMarks | Role::Registrations => 1,
                Role::Meetings => 2,
                _ => 0,
            };
            assert_eq!(references, expected, "{role:?}");
        }
    }
}

#[test]
fn every_sheet_is_a_table_with_a_frozen_header_and_prints_on_a4() {
    for sample in [false, true] {
        for (name, bytes) in made(sample).iter().filter(|(name, _)| name != FILE_NAME) {
            let book = WORKBOOKS.iter().find(|book| book.file == name).unwrap();
            let parts = parts(bytes);
            for number in 1..=book.roles.len() {
                let sheet = &parts[&format!("xl/worksheets/sheet{number}.xml")];
                for wanted in [
                    "state=\"frozen\"",
                    "paperSize=\"9\"",
                    "orientation=\"landscape\"",
                    "<tablePart ",
                    "<legacyDrawing ",
                ] {
                    assert!(sheet.contains(wanted), "{name}, sheet {number}: {wanted}");
                }
                let table = &parts[&format!("xl/tables/table{number}.xml")];
                assert!(table.contains("showRowStripes=\"1\""), "{name}");
            }
        }
    }
}

#[test]
fn the_guide_names_every_column() {
    for (name, bytes) in made(false).iter().filter(|(name, _)| name != FILE_NAME) {
        let book = WORKBOOKS.iter().find(|book| book.file == name).unwrap();
        let parts = parts(bytes);
        let texts = &parts["xl/sharedStrings.xml"];
        for spec in book.roles.iter().flat_map(|role| columns_of(*role)) {
            let help = crate::french::typographic(spec.help);
            assert!(texts.contains(&*help), "{name}: {}", spec.header);
        }
    }
}

#[test]
fn nothing_is_overwritten_and_every_name_in_the_way_is_told() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("ateliers.xlsx"), b"hers").unwrap();
    fs::write(folder.path().join(FILE_NAME), b"hers too").unwrap();
    let Err(StarterError::InTheWay { names, .. }) = write(folder.path(), &made(false)) else {
        panic!("it must refuse");
    };
    assert_eq!(names, [FILE_NAME, "ateliers.xlsx"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    assert_eq!(
        fs::read(folder.path().join("ateliers.xlsx")).unwrap(),
        b"hers"
    );
}

#[test]
fn a_folder_that_cannot_be_finished_is_left_as_it_was() {
    let folder = TempDir::new().unwrap();
    let files = [
        ("one.xlsx".to_owned(), vec![1]),
        ("no such folder/two.xlsx".to_owned(), vec![2]),
    ];
    assert!(matches!(
        write(folder.path(), &files),
        Err(StarterError::Write { .. })
    ));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_sample_in_the_repository_is_the_one_that_init_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("workbooks");
    for (name, bytes) in made(true) {
        let kept = fs::read(folder.join(&name)).unwrap_or_default();
        // A package notes on which system it was made.
        let is_book = bytes.starts_with(b"PK");
        let same = kept == bytes || (cfg!(windows) && is_book && parts(&kept) == parts(&bytes));
        assert!(same, "workbooks/{name} differs: write the sample again");
    }
}
