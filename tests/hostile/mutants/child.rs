//! The child's side: each mutant read, checked and written back.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;
use std::{env, fs};

use chrono::NaiveDate;
use peer_culture::clock::Now;
use peer_culture::config::Settings;
use peer_culture::mails::History;
use peer_culture::model::season::{Format, Workbook};
use peer_culture::plan::Plan;
use peer_culture::programme::Programme;
use peer_culture::sheets::cells::{DateKind, Raw};
use peer_culture::sheets::source::{self, Source};
use peer_culture::sheets::{self, Reading, xls};
use peer_culture::writeback;
use sha2::{Digest, Sha256};

use super::super::oracle::{self, Answer, Cells};
use super::super::parts::Parts;
use super::bases::{Base, all, mutant};
use super::tally::Tally;

/// The child's side.
pub fn serve(range: &str) {
    let mut words = range.splitn(3, ' ');
    let mut next = || words.next().unwrap();
    let (from, to): (u64, u64) = (next().parse().unwrap(), next().parse().unwrap());
    let notes = PathBuf::from(next());
    xls::read_apart_with(PathBuf::from(env!("CARGO_BIN_EXE_peer-culture")));
    std::panic::set_hook(Box::new(|panic| {
        *PANIC.lock().unwrap() = panic.to_string().replace('\n', " ");
    }));
    let bases = all();
    let mut tally = Tally::default();
    for seed in from..to {
        fs::write(&notes, seed.to_string()).unwrap();
        let start = Instant::now();
        tally.count += 1;
        let (base, bytes, parts) = mutant(seed, &bases);
        let tried = catch_unwind(AssertUnwindSafe(|| {
            examine(&bytes, parts.as_ref(), base, &mut tally)
        }));
        let failure = match tried {
            Ok(Ok(())) => None,
            Ok(Err(failure)) => Some(failure),
            Err(_) => Some(PANIC.lock().unwrap().clone()),
        };
        tally.slowest = tally.slowest.max((start.elapsed().as_micros(), seed));
        if let Some(failure) = failure {
            let file = env::temp_dir().join(format!("mutant-{seed}.{}", base.ending));
            fs::write(&file, bytes).unwrap();
            tally.failures.push(format!(
                "seed {seed} ({}, {}): {failure}",
                base.name,
                file.display()
            ));
        }
    }
    fs::write(notes.with_extension("done"), tally.line()).unwrap();
}

/// Set: what is read though it is not well-formed counts as a failure, to look at.
const TELL: &str = "PEER_CULTURE_MALFORMED";

/// What the last panic said.
static PANIC: Mutex<String> = Mutex::new(String::new());

/// Reads a mutant, checks it and writes it back.
fn examine(
    bytes: &[u8],
    parts: Option<&Parts>,
    base: &Base,
    tally: &mut Tally,
) -> Result<(), String> {
    let Ok(read) = cells(bytes, base.format) else {
        tally.refused += 1;
        return Ok(());
    };
    tally.accepted += 1;
    if base.format == Format::Package {
        match parts.map(oracle::read) {
            Some(Answer::Cells(wanted)) => {
                tally.compared += 1;
                same(&wanted, &read, "the oracle")?;
            }
            Some(Answer::Unsure) => {
                tally.unsure += 1;
                let malformed = parts.and_then(oracle::malformed);
                if let Some(part) = malformed.filter(|_| env::var_os(TELL).is_some()) {
                    return Err(format!("{part} is not well-formed, and read"));
                }
            }
            // The checksums hold, so that the parts are what they were.
            None => same(&base.cells, &read, "the base")?,
        }
    }
    let Some(programme) = programme(bytes, base.format) else {
        return Ok(());
    };
    let plan = Plan::of(&programme, &History::default());
    match writeback::copy(&programme.season, 0, bytes, &plan.sheets) {
        Ok(copy) if base.format == Format::Package => {
            tally.written += 1;
            let again = cells(&copy.bytes, Format::Package)
                .map_err(|cause| format!("the copy can't be read: {cause}"))?;
            hers(&read, &again)
        }
        Ok(_) => {
            tally.written += 1;
            Ok(())
        }
        Err(_) => {
            tally.kept += 1;
            Ok(())
        }
    }
}

/// Every cell of hers is in the copy; what is more there is ours.
fn hers(read: &Cells, copy: &Cells) -> Result<(), String> {
    let ours: BTreeMap<(&String, u32), u32> = copy
        .iter()
        .filter(|(_, text)| text.ends_with("(auto)"))
        .map(|((sheet, row, column), _)| ((sheet, *column), *row))
        .collect();
    let is_ours = |(sheet, row, column): &(String, u32, u32)| {
        ours.get(&(sheet, *column))
            .is_some_and(|header| row >= header)
    };
    let rest = |cells: &Cells| -> Cells {
        let cells = cells.iter().filter(|(place, _)| !is_ours(place));
        cells
            .map(|(place, text)| (place.clone(), text.clone()))
            .collect()
    };
    same(&rest(read), &rest(copy), "the workbook")
}

fn same(wanted: &Cells, read: &Cells, who: &str) -> Result<(), String> {
    if wanted == read {
        return Ok(());
    }
    let odd = wanted
        .iter()
        .find(|(place, text)| read.get(*place) != Some(text));
    let more = read.iter().find(|(place, _)| !wanted.contains_key(*place));
    Err(format!(
        "{who} has {odd:?}, read was {:?}, and {more:?} more",
        odd.map(|(place, _)| read.get(place))
    ))
}

fn programme(bytes: &[u8], format: Format) -> Option<Programme> {
    let settings = Settings::default();
    let mut reading = Reading::new(&settings);
    let workbook = Workbook {
        name: "mutant.xlsx".into(),
        format,
        fingerprint: Sha256::digest(bytes).into(),
        bytes: None,
    };
    let mut source: Box<dyn Source> = source::open(bytes, format).unwrap();
    reading.add(workbook, source.as_mut()).ok()?;
    let season = reading.finish().ok()?;
    let today = NaiveDate::from_ymd_opt(2021, 1, 12).unwrap();
    Some(Programme {
        folder: PathBuf::from("mutants"),
        now: Now::new(settings.programme.timezone, Some(today)),
        settings,
        season,
    })
}

/// Every cell that the program reads, as the oracle puts them.
pub fn cells(bytes: &[u8], format: Format) -> Result<Cells, String> {
    sheets::check(bytes, format).map_err(|cause| cause.to_string())?;
    let mut book = source::open(bytes, format).map_err(|cause| cause.to_string())?;
    let epoch = book.epoch_1904();
    let mut found = Cells::new();
    for sheet in book.sheet_names() {
        let mut twice = None;
        book.visit(&sheet, &mut |row, cells| {
            for (column, raw) in cells {
                let place = (sheet.clone(), row, *column);
                if let Some(value) = shown(*raw, epoch)
                    && found.insert(place.clone(), value).is_some()
                {
                    twice = Some(place);
                }
            }
            ControlFlow::Continue(())
        })
        .map_err(|cause| cause.to_string())?;
        assert_eq!(twice, None);
    }
    Ok(found)
}

fn shown(raw: Raw<'_>, epoch_1904: bool) -> Option<String> {
    Some(match raw {
        Raw::Empty => return None,
        Raw::Text(text) => format!("t:{text}"),
        Raw::Number(number) => format!("n:{number}"),
        Raw::Date(days, DateKind::DateTime) if epoch_1904 && days >= 1_463.0 => {
            format!("n:{}", days - 1_462.0)
        }
        Raw::Date(days, _) => format!("n:{days}"),
        Raw::Bool(value) => format!("b:{value}"),
        Raw::IsoDate(text) => format!("d:{text}"),
        Raw::Error(text) => format!("e:{text}"),
        Raw::Uncalculated => "u".to_owned(),
    })
}
