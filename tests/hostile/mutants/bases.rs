//! The workbooks that are spoilt: one of each way to write one.

use peer_culture::model::season::Format;

use super::super::MEMBERS;
use super::super::compound::{self, compound};
use super::super::kinds;
use super::super::mutate::{self, Random};
use super::super::oracle::Cells;
use super::super::parts::{Parts, dialects, pack, workbook};
use super::child::cells;

/// A workbook to be spoilt.
pub struct Base {
    pub name: &'static str,
    pub ending: &'static str,
    pub format: Format,
    pub parts: Parts,
    pub bytes: Vec<u8>,
    pub cells: Cells,
}

pub fn all() -> Vec<Base> {
    let mut bases: Vec<Base> = dialects()
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
        let (last_row, last_column) = (
            u32::try_from(rows.len() - 1).unwrap(),
            u16::try_from(rows[0].len() - 1).unwrap(),
        );
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
            MEMBERS[0],
            MEMBERS[1],
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
pub fn mutant(seed: u64, bases: &[Base]) -> (&Base, Vec<u8>, Option<Parts>) {
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
