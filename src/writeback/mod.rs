//! Giving the coordinator her workbook back: hers to the last byte, with our columns filled.

mod digest;
mod edits;
mod look;
mod rebuild;
mod reread;
mod versions;

pub use digest::{of_cells, of_copy};
pub use versions::two_versions;

use sha2::{Digest, Sha256};

use crate::french::typographic;
use crate::model::Season;
use crate::model::place::column_letters;
use crate::model::season::{Format, Workbook};
use crate::package::{self, Patched, Refusal, Remark, SheetEdit};
use crate::plan::SheetPlan;
use crate::report::dashboard;

/// Why a workbook could not be given back tonight. The others go on.
#[derive(Debug, thiserror::Error)]
pub enum WritebackError {
    /// The package can't be patched without loss.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A text that is not the program's stands in a column of the program's.
    #[error("sheet {sheet:?}: {cell} holds a text that is not ours under {header:?}")]
    Foreign {
        /// The sheet's name.
        sheet: String,
        /// The cell.
        cell: String,
        /// Our header.
        header: &'static str,
        /// The text, or its beginning.
        text: String,
    },
    /// The file is no longer what was read.
    #[error("the workbook changed while it was being checked")]
    Changed,
    /// What was made is not what was planned, and was thrown away: a fault of the program.
    #[error("what was made is not what was planned: {0}")]
    Wrong(String),
    /// The copy of an `.ods` or `.xls` could not be made.
    #[error("the copy can't be made: {0}")]
    Copy(String),
}

impl WritebackError {
    /// What to tell the coordinator, and what she can do.
    pub fn french(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.french(),
            Self::Foreign {
                sheet,
                cell,
                header,
                text,
            } => typographic(&format!(
                "Feuille « {sheet} », {cell} : la colonne « {header} » est remplie par le programme, et le texte « {text} » n’est pas de lui. Déplacez-le dans une autre colonne et videz cette cellule ; rien n’a été écrit d’ici là."
            )),
            Self::Changed => {
                "Le classeur a changé pendant le contrôle : il sera repris la nuit prochaine.".to_owned()
            }
            Self::Wrong(_) => {
                "Rien n’a été écrit : la relecture n’a pas trouvé exactement ce qui était prévu, à cause d’un défaut du programme. Transmettez ce message à la personne qui en assure la maintenance.".to_owned()
            }
            Self::Copy(_) => {
                "La copie de ce classeur n’a pas pu être faite : enregistrez-le au format .xlsx dans Excel.".to_owned()
            }
        }
    }
}

/// A package with our columns filled.
#[derive(Debug)]
pub struct Filled {
    edits: Vec<SheetEdit>,
    patched: Patched,
}

impl Filled {
    /// The whole file; the source's very bytes where nothing had to change.
    pub fn bytes(&self) -> &[u8] {
        &self.patched.bytes
    }

    /// Whether they differ from the source.
    pub fn changed(&self) -> bool {
        self.patched.changed
    }

    /// What the coordinator may want to know, in French.
    pub fn remark(&self) -> Option<String> {
        in_french(&self.patched.remarks)
    }

    /// Proves that these bytes are the source with the planned cells and nothing else: part by
    /// part, and as a reader that is not ours sees the cells.
    ///
    /// # Errors
    /// The first difference: these bytes must not take the workbook's place.
    pub fn verify(&self, source: &[u8]) -> Result<(), WritebackError> {
        package::verify(source, self.bytes(), &self.edits)
            .map_err(|difference| WritebackError::Wrong(difference.to_string()))?;
        reread::check(source, self.bytes(), &self.edits, &self.patched.columns)
            .map_err(WritebackError::Wrong)
    }
}

/// What she typed into a column of ours would be lost: the workbook waits until she has moved it
/// (writeback.md, "Own column's cells").
fn refuse_foreign(season: &Season, position: u16) -> Result<(), WritebackError> {
    let mut sheets = season.sheets.iter();
    let found = sheets.find_map(|sheet| {
        let foreign = sheet.foreign.as_ref();
        Some((sheet, foreign.filter(|_| sheet.workbook == position)?))
    });
    let Some((sheet, foreign)) = found else {
        return Ok(());
    };
    Err(WritebackError::Foreign {
        sheet: sheet.name.to_string(),
        cell: format!("{}{}", column_letters(foreign.column), foreign.row),
        header: foreign.owned.header(),
        text: foreign.text.to_string(),
    })
}

/// Fills our columns of a package.
///
/// # Errors
/// It can't be patched without loss.
pub fn fill(
    season: &Season,
    position: u16,
    source: &[u8],
    plans: &[SheetPlan],
) -> Result<Filled, WritebackError> {
    refuse_foreign(season, position)?;
    let edits = edits::of_workbook(season, position, plans);
    let patched = package::patch(source, &edits)?;
    Ok(Filled { edits, patched })
}

/// A workbook with our columns filled.
#[derive(Debug, PartialEq, Eq)]
pub struct Copy {
    /// The file's name in `controles/`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// For the coordinator: what is different from her file, if anything is.
    pub remark: Option<String>,
}

/// The copy of one workbook: the package patched, or a new `.xlsx` for a format that can't be.
///
/// # Errors
/// The workbook can't be given back; nothing was written.
pub fn copy(
    season: &Season,
    position: u16,
    source: &[u8],
    plans: &[SheetPlan],
) -> Result<Copy, WritebackError> {
    let Some(workbook) = season.workbooks.get(usize::from(position)) else {
        return Err(WritebackError::Changed);
    };
    let fingerprint: [u8; 32] = Sha256::digest(source).into();
    if fingerprint != workbook.fingerprint {
        return Err(WritebackError::Changed);
    }
    refuse_foreign(season, position)?;
    let edits = edits::of_workbook(season, position, plans);
    match workbook.format {
        Format::Package => {
            let patched = package::patch(source, &edits)?;
            Ok(Copy {
                name: name_of_copy(season, workbook),
                bytes: patched.bytes,
                remark: in_french(&patched.remarks),
            })
        }
        Format::Ods | Format::Xls => Ok(Copy {
            name: name_of_copy(season, workbook),
            bytes: rebuild::as_xlsx(source, workbook.format, &edits)
                .map_err(WritebackError::Copy)?,
            remark: Some(format!(
                "« {} » ne peut pas être complété tel quel : sa copie est un nouveau classeur .xlsx, avec ses valeurs et ses dates, sans ses formules ni sa mise en forme.",
                workbook.name
            )),
        }),
    }
}

/// What the coordinator may want to know of how our columns were written.
fn in_french(remarks: &[Remark]) -> Option<String> {
    let remarks: Vec<String> = remarks.iter().map(Remark::french).collect();
    (!remarks.is_empty()).then(|| remarks.join(" "))
}

/// The copy of a package has its name. That of `suivi.ods` is `suivi.xlsx`, or `suivi.ods.xlsx`
/// where the copy of another workbook (her `suivi.xlsx` or `suivi.xls`) would have that name: two
/// workbooks must not share one copy. Case doesn't count, as on Windows.
pub fn name_of_copy(season: &Season, workbook: &Workbook) -> String {
    let usual = usual_name(workbook);
    let others = || {
        season
            .workbooks
            .iter()
            .filter(|of| of.name != workbook.name)
    };
    let is_taken = others().any(|of| usual_name(of).to_lowercase() == usual.to_lowercase());
    match workbook.format {
        Format::Ods | Format::Xls if is_taken => format!("{}.xlsx", workbook.name),
        _ => usual,
    }
}

fn usual_name(workbook: &Workbook) -> String {
    let usual = match workbook.format {
        Format::Package => workbook.name.to_string(),
        Format::Ods | Format::Xls => format!("{}.xlsx", stem(workbook)),
    };
    // The programme's own files in `controles/`: a workbook of hers may have such a name.
    if !OURS.contains(&usual.to_lowercase().as_str()) {
        return usual;
    }
    let extension = usual.rsplit_once('.').map_or("xlsx", |(_, end)| end);
    format!("{} (copie).{extension}", stem(workbook))
}

/// What the program writes into `controles/` besides copies.
const OURS: [&str; 4] = [
    dashboard::FILE,
    dashboard::FILE_BESIDE,
    dashboard::FILE_UNREADABLE,
    "bilan.xlsx",
];

fn stem(workbook: &Workbook) -> &str {
    workbook
        .name
        .rsplit_once('.')
        .map_or(&*workbook.name, |(stem, _)| stem)
}
