//! Mutated workbooks, each through reading, checking and writing back: no panic, no abort, no cell
//! elsewhere than where it stands.
//!
//! `PEER_CULTURE_MUTANTS=200000 cargo test --release --test all mutants -- --nocapture` makes that
//! many; `PEER_CULTURE_SEED` is the first one's number. A failure names its number: with `PEER_CULTURE_MUTANTS=1`
//! and that seed it comes again, and the workbook is left in the folder for temporary files.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use std::{env, fs};

use chrono::NaiveDate;
use peer_culture::clock::Now;
use peer_culture::config::Settings;
use peer_culture::mails::History;
use peer_culture::model::season::{Format, Workbook};
use peer_culture::plan::Plan;
use peer_culture::programme::Programme;
use peer_culture::sheets::cells::Raw;
use peer_culture::sheets::source::{self, Source};
use peer_culture::sheets::{self, Reading, xls};
use peer_culture::writeback;
use sha2::{Digest, Sha256};

use super::compound::{self, compound};
use super::mutate::{self, Random};
use super::oracle::{self, Answer, Cells};
use super::parts::{Dialect, Parts, pack, workbook};
use super::{MEMORY, kinds};

/// How many without being asked.
const USUAL: u64 = if cfg!(debug_assertions) { 600 } else { 2_000 };
/// Processes at a time: so many cores has the smallest machine that this must be quick on.
const PROCESSES: u64 = 2;
/// One mutant that takes longer than that hangs.
const HANGS: Duration = Duration::from_secs(60);
/// What a child is told: its first mutant, the one after its last, and where it says how far it is.
const RANGE: &str = "PEER_CULTURE_MUTANT_RANGE";

#[test]
fn mutants_are_read_right_or_refused() {
    if let Ok(range) = env::var(RANGE) {
        return serve(&range);
    }
    let number = |name: &str, usual: u64| {
        let given = env::var(name).ok();
        given.map_or(usual, |text| text.parse().unwrap())
    };
    let count = number("PEER_CULTURE_MUTANTS", USUAL);
    let first = number("PEER_CULTURE_SEED", 0);
    let folder = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let share = count.div_ceil(PROCESSES);
    let reports: Vec<Result<Tally, String>> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..PROCESSES)
            .map(|process| {
                let from = first + process * share;
                let to = (from + share).min(first + count);
                let notes = folder.path().join(process.to_string());
                scope.spawn(move || child(from, to, &notes))
            })
            .collect();
        started.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut all = Tally::default();
    let mut failures = Vec::new();
    for report in reports {
        match report {
            Ok(tally) => all.add(&tally),
            Err(failure) => failures.push(failure),
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{count} mutants in {seconds:.1} s: {all}");
    failures.extend(all.failures.clone());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(all.count, count);
    // Mutants that are all refused, or all as they were, would show nothing.
    if count >= USUAL {
        assert!(
            all.accepted > count / 10 && all.refused > count / 10,
            "{all}"
        );
        assert!(all.compared > count / 20, "{all}");
    }
}

/// What came of mutants.
#[derive(Default)]
struct Tally {
    count: u64,
    accepted: u64,
    refused: u64,
    /// Accepted, and every cell held against the oracle's.
    compared: u64,
    /// Accepted, though the oracle would not say.
    unsure: u64,
    /// Written back, or refused there.
    written: u64,
    kept: u64,
    slowest: (u128, u64),
    failures: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.compared += other.compared;
        self.unsure += other.unsure;
        self.written += other.written;
        self.kept += other.kept;
        self.slowest = self.slowest.max(other.slowest);
        self.failures.extend(other.failures.iter().cloned());
    }

    fn line(&self) -> String {
        let numbers = [
            self.count,
            self.accepted,
            self.refused,
            self.compared,
            self.unsure,
            self.written,
            self.kept,
        ];
        let numbers = numbers
            .iter()
            .map(u64::to_string)
            .collect::<Vec<_>>()
            .join(" ");
        let (took, seed) = self.slowest;
        format!("{numbers} {took} {seed}\n{}", self.failures.join("\n"))
    }

    fn parse(text: &str) -> Option<Self> {
        let (numbers, failures) = text.split_once('\n')?;
        let mut numbers = numbers
            .split(' ')
            .map_while(|number| number.parse::<u64>().ok());
        let mut next = || numbers.next();
        Some(Self {
            count: next()?,
            accepted: next()?,
            refused: next()?,
            compared: next()?,
            unsure: next()?,
            written: next()?,
            kept: next()?,
            slowest: (u128::from(next()?), next()?),
            failures: failures.lines().map(str::to_owned).collect(),
        })
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} refused, {} accepted ({} cell by cell, {} not well-formed), {} written back, {} left alone; slowest: {} µs (seed {}); {} failures",
            self.refused,
            self.accepted,
            self.compared,
            self.unsure,
            self.written,
            self.kept,
            self.slowest.0,
            self.slowest.1,
            self.failures.len()
        )
    }
}

/// Runs a share of the mutants in a process of its own, so that one that ends it names itself.
fn child(from: u64, to: u64, notes: &PathBuf) -> Result<Tally, String> {
    let mut command = if cfg!(target_os = "linux") {
        let mut shell = Command::new("sh");
        let script = format!("ulimit -v {} && exec \"$@\"", MEMORY >> 10);
        shell
            .args(["-c", &script, "sh"])
            .arg(env::current_exe().unwrap());
        shell
    } else {
        Command::new(env::current_exe().unwrap())
    };
    command
        .args([
            "--exact",
            "hostile::mutants::mutants_are_read_right_or_refused",
            "--nocapture",
        ])
        .env(RANGE, format!("{from} {to} {}", notes.display()))
        .stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    let at = || fs::read_to_string(notes).unwrap_or_default();
    let mut seen = (at(), Instant::now());
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            let tally = fs::read_to_string(notes.with_extension("done"));
            let tally = tally.ok().filter(|_| status.success());
            return tally
                .and_then(|text| Tally::parse(&text))
                .ok_or_else(|| format!("seed {}: the process ended with {status}", at()));
        }
        std::thread::sleep(Duration::from_millis(50));
        let now = at();
        if now != seen.0 {
            seen = (now, Instant::now());
        } else if seen.1.elapsed() > HANGS {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err(format!("seed {}: it hangs", seen.0));
        }
    }
}

/// The child's side.
fn serve(range: &str) {
    let mut words = range.splitn(3, ' ');
    let mut next = || words.next().unwrap();
    let (from, to): (u64, u64) = (next().parse().unwrap(), next().parse().unwrap());
    let notes = PathBuf::from(next());
    xls::read_apart_with(PathBuf::from(env!("CARGO_BIN_EXE_peer-culture")));
    std::panic::set_hook(Box::new(|panic| {
        *PANIC.lock().unwrap() = panic.to_string().replace('\n', " ")
    }));
    let bases = bases();
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

/// What the last panic said.
static PANIC: Mutex<String> = Mutex::new(String::new());

/// A workbook to be spoilt.
struct Base {
    name: &'static str,
    ending: &'static str,
    format: Format,
    parts: Parts,
    bytes: Vec<u8>,
    cells: Cells,
}

fn bases() -> Vec<Base> {
    let plain = Dialect::default();
    let dialects = [
        ("shared strings", plain),
        (
            "inline strings",
            Dialect {
                inline: true,
                ..plain
            },
        ),
        (
            "strict",
            Dialect {
                strict: true,
                ..plain
            },
        ),
        (
            "prefixed",
            Dialect {
                prefixed: true,
                ..plain
            },
        ),
        (
            "strict, prefixed",
            Dialect {
                strict: true,
                prefixed: true,
                inline: true,
                ..plain
            },
        ),
        (
            "without places",
            Dialect {
                without_places: true,
                ..plain
            },
        ),
        (
            "formulas",
            Dialect {
                formulas: true,
                ..plain
            },
        ),
        (
            "a table",
            Dialect {
                table: true,
                ..plain
            },
        ),
        (
            "merged, protected, 1904",
            Dialect {
                dressed: true,
                epoch_1904: true,
                ..plain
            },
        ),
    ];
    let mut bases: Vec<Base> = dialects
        .into_iter()
        .map(|(name, dialect)| {
            let parts = workbook(&PROGRAMME, dialect);
            let bytes = pack(&parts);
            base(name, "xlsx", Format::Package, parts, bytes)
        })
        .collect();
    let made = made_by_a_library();
    bases.push(base(
        "a library's",
        "xlsx",
        Format::Package,
        unpacked(&made),
        made,
    ));
    let ods = kinds::document();
    bases.push(base("ods", "ods", Format::Ods, unpacked(&ods), ods));
    let xls = compound("Workbook", &compound::xls(&compound::ROWS));
    bases.push(base("xls", "xls", Format::Xls, Parts::new(), xls));
    bases
}

fn base(
    name: &'static str,
    ending: &'static str,
    format: Format,
    parts: Parts,
    bytes: Vec<u8>,
) -> Base {
    let cells = cells(&bytes, format).unwrap();
    assert!(!cells.is_empty(), "{name}");
    Base {
        name,
        ending,
        format,
        parts,
        bytes,
        cells,
    }
}

fn unpacked(bytes: &[u8]) -> Parts {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut data = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut data).unwrap();
            (file.name().unwrap().into_owned(), data)
        })
        .collect()
}

/// A workbook with what real ones have: a table, a drop-down, colours by rule, a hidden sheet.
fn made_by_a_library() -> Vec<u8> {
    use rust_xlsxwriter::{
        ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, Note, Table, Workbook,
    };
    let mut book = Workbook::new();
    for (name, rows) in PROGRAMME {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0u32..).zip(rows) {
            for (column, content) in (0u16..).zip(*cells) {
                let number = content.trim_matches(['<', '>', '[', ']']).parse::<f64>();
                match number {
                    Ok(number) if !content.starts_with(char::is_numeric) => {
                        sheet.write_number(row, column, number).unwrap()
                    }
                    _ => sheet.write_string(row, column, *content).unwrap(),
                };
            }
        }
        let (last_row, last_column) = (rows.len() as u32 - 1, rows[0].len() as u16 - 1);
        sheet
            .add_table(0, 0, last_row, last_column, &Table::new())
            .unwrap();
        let list = DataValidation::new()
            .allow_list_strings(&["oui", "non"])
            .unwrap();
        sheet.add_data_validation(1, 0, 100, 0, &list).unwrap();
        let above =
            ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::GreaterThan(5));
        sheet.add_conditional_format(1, 0, 100, 3, &above).unwrap();
        sheet.insert_note(0, 0, &Note::new("à vérifier")).unwrap();
    }
    book.add_worksheet()
        .set_hidden(true)
        .write_string(0, 0, "caché")
        .unwrap();
    book.save_to_buffer().unwrap()
}

/// A programme in one workbook.
const PROGRAMME: [(&str, &[&[&str]]); 4] = [
    (
        "Inscriptions",
        &[
            &[
                "Inscrit le",
                "Atelier",
                "Nom",
                "Email",
                "Structure",
                "Paiement",
                "Notes",
            ],
            &[
                "[44200.5]",
                "AT-01",
                "Ana Roux",
                "ana@example.org",
                "Alma",
                "<0>",
                "à_x0041_b",
            ],
            &[
                "[44201.25]",
                "AT-01",
                "Bo Li",
                "bo@example.org",
                "",
                "<18>",
                "x &amp; y",
            ],
            &[
                "[44202]",
                "AT-02",
                "Cy Lam",
                "cy@example.org",
                "Alma",
                "",
                "",
            ],
            &[
                "[44203]",
                "AT-01",
                "Ana Roux",
                "ana@example.org",
                "",
                "<36>",
                "",
            ],
            &[
                "[44204]",
                "AT-09",
                "Dé Fo",
                "de.example.org",
                "",
                "",
                "<1.5>",
            ],
        ],
    ),
    (
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
                "<300>",
                "[44138]",
            ],
            &[
                "Bora",
                "SCOP",
                "",
                "Albi",
                "81000",
                "édition",
                "Bo Li",
                "bo@example.org",
                "membre coopérant",
                "<50>",
                "[44139]",
            ],
        ],
    ),
    (
        "Ateliers",
        &[
            &[
                "Référence",
                "Titre",
                "Axe",
                "Date",
                "Demi-journée",
                "Animateurs",
                "Places",
            ],
            &[
                "AT-01",
                "Budget",
                "stratégie économique et financière",
                "[44250]",
                "matin",
                "Ana Roux",
                "<1>",
            ],
            &[
                "AT-02",
                "Plan",
                "stratégie des activités",
                "[44251]",
                "journée",
                "Ana Roux",
                "",
            ],
        ],
    ),
    (
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
    ),
];

/// The mutant of a number: its base, its bytes, and its parts where the zip tells the truth.
fn mutant(seed: u64, bases: &[Base]) -> (&Base, Vec<u8>, Option<Parts>) {
    let mut random = Random::new(seed);
    let base = match random.below(200) {
        // Each of these starts a process.
        0 => &bases[bases.len() - 1],
        1..20 => &bases[bases.len() - 2],
        _ => &bases[random.below(bases.len() - 2)],
    };
    if base.format == Format::Xls || random.below(20) == 0 {
        let mut bytes = base.bytes.clone();
        mutate::bytes(&mut bytes, &mut random);
        return (base, bytes, None);
    }
    let mut parts = base.parts.clone();
    if random.below(8) == 0 {
        return (base, mutate::archive(&parts, &mut random), None);
    }
    mutate::parts(&mut parts, &mut random);
    (base, pack(&parts), Some(parts))
}

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
            Some(Answer::Unsure) => tally.unsure += 1,
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

/// Every cell that the program reads, as the oracle puts them.
fn cells(bytes: &[u8], format: Format) -> Result<Cells, String> {
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
        Raw::Date(days, peer_culture::sheets::cells::DateKind::DateTime)
            if epoch_1904 && days >= 1_463.0 =>
        {
            format!("n:{}", days - 1_462.0)
        }
        Raw::Date(days, _) => format!("n:{days}"),
        Raw::Bool(value) => format!("b:{value}"),
        Raw::IsoDate(text) => format!("d:{text}"),
        Raw::Error(text) => format!("e:{text}"),
        Raw::Uncalculated => "u".to_owned(),
    })
}

fn programme(bytes: &[u8], format: Format) -> Option<Programme> {
    let settings = Settings::default();
    let mut reading = Reading::new(&settings);
    let workbook = Workbook {
        name: "mutant.xlsx".into(),
        format,
        fingerprint: Sha256::digest(bytes).into(),
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
