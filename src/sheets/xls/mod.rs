//! `.xls` workbooks, read by calamine in a process of their own.
//!
//! Its reader of the old binary format trusts lengths and counts that a damaged file gives: it can
//! panic, loop or ask for more memory than there is, and that last ends a process without a word. So the
//! program starts itself once more for each such file, with bounded memory and time, hands it the
//! bytes and takes rows back; whatever happens to that process happens to one workbook alone.

mod child;
mod parent;

use std::path::PathBuf;
use std::sync::OnceLock;

use super::unreadable::Unreadable;
use crate::package::{Refusal, Rows, Visibility, Visit};

pub use child::serve;

/// Memory that the reading process may take, in bytes.
const MEMORY: u64 = 512 << 20;
/// Processor time that it may take, in seconds; the largest legal file takes two.
const PROCESSOR_SECONDS: u64 = 8;
/// Time on the clock, in seconds, where the machine is busy or can't count the other.
const CLOCK_SECONDS: u64 = 30;

/// The program that serves as reader, once it is known.
static READER: OnceLock<PathBuf> = OnceLock::new();

/// Has `.xls` workbooks read by that program, which calls [`serve`] when its first argument is
/// [`SERVE`]. Until this is called they are read in this process, which does for tests.
pub fn read_apart_with(program: PathBuf) {
    // Set once, by `main`; who comes later means the same program.
    let _ = READER.set(program);
}

/// The hidden command of the reading process.
pub const SERVE: &str = "read-xls";

/// An `.xls` workbook, read.
#[derive(Debug, PartialEq, Eq)]
pub struct XlsBook {
    epoch_1904: bool,
    sheets: Vec<Sheet>,
}

#[derive(Debug, PartialEq, Eq)]
struct Sheet {
    name: String,
    visibility: Visibility,
    rows: Rows,
}

/// Reads a workbook.
///
/// # Errors
/// It is damaged, or its reader had to be stopped.
pub fn open(bytes: &[u8]) -> Result<XlsBook, Unreadable> {
    match READER.get() {
        Some(program) => parent::read(program, bytes),
        None => child::read(bytes).map_err(in_words),
    }
}

/// What the reader says of a workbook that a password protects.
const PASSWORD: &str = "password";

fn in_words(cause: String) -> Unreadable {
    if cause == PASSWORD {
        Unreadable::Refused(Refusal::Encrypted)
    } else {
        Unreadable::DamagedXls(cause)
    }
}

impl XlsBook {
    /// The sheets in the order of their tabs: names and whether they show.
    pub fn sheets(&self) -> impl Iterator<Item = (&str, Visibility)> {
        let sheets = self.sheets.iter();
        sheets.map(|sheet| (sheet.name.as_str(), sheet.visibility))
    }

    /// Dates count from 1904.
    pub fn epoch_1904(&self) -> bool {
        self.epoch_1904
    }

    /// Visits the rows of a sheet that hold something, from the top; stops when told to.
    ///
    /// # Errors
    /// What the reading process handed over is not whole.
    pub fn visit(&self, sheet: &str, visit: &mut Visit) -> Result<(), Unreadable> {
        let found = self.sheets.iter().find(|known| known.name == sheet);
        if found.is_none_or(|sheet| sheet.rows.visit(visit)) {
            Ok(())
        } else {
            Err(Unreadable::Stopped)
        }
    }
}

/// A workbook as the reading process hands it over, numbers little-endian: 1, then 1 for the 1904
/// system, then each sheet as its name (length in four bytes, bytes), its visibility in one byte and
/// its rows (length in eight bytes, bytes); or 0 and the reader's words.
mod wire {
    use std::io::{self, Write};

    use super::{Sheet, XlsBook};
    use crate::package::{Rows, Visibility};

    const WHOLE: &[u8] = b"whole";

    pub fn write(read: Result<XlsBook, String>, out: &mut impl Write) -> io::Result<()> {
        let book = match read {
            Ok(book) => book,
            Err(cause) => {
                out.write_all(&[0])?;
                return out.write_all(cause.as_bytes());
            }
        };
        out.write_all(&[1, u8::from(book.epoch_1904)])?;
        for sheet in book.sheets {
            let length = u32::try_from(sheet.name.len()).map_err(io::Error::other)?;
            out.write_all(&length.to_le_bytes())?;
            out.write_all(sheet.name.as_bytes())?;
            out.write_all(&[match sheet.visibility {
                Visibility::Visible => 0,
                Visibility::Hidden => 1,
                Visibility::VeryHidden => 2,
            }])?;
            let rows = sheet.rows.as_bytes();
            out.write_all(&(rows.len() as u64).to_le_bytes())?;
            out.write_all(rows)?;
        }
        out.write_all(WHOLE)
    }

    /// `None` for what is not whole.
    pub fn read(bytes: &[u8]) -> Option<Result<XlsBook, String>> {
        let (first, rest) = bytes.split_first()?;
        if *first == 0 {
            return Some(Err(String::from_utf8_lossy(rest).into_owned()));
        }
        let (epoch, rest) = rest.split_first()?;
        let mut rest = rest.strip_suffix(WHOLE)?;
        let mut sheets = Vec::new();
        while !rest.is_empty() {
            let length = u32::from_le_bytes(take(&mut rest, 4)?.try_into().ok()?);
            let name = take(&mut rest, length as usize)?;
            let name = std::str::from_utf8(name).ok()?.to_owned();
            let visibility = match take(&mut rest, 1)? {
                [0] => Visibility::Visible,
                [1] => Visibility::Hidden,
                _ => Visibility::VeryHidden,
            };
            let length = u64::from_le_bytes(take(&mut rest, 8)?.try_into().ok()?);
            let rows = take(&mut rest, usize::try_from(length).ok()?)?;
            sheets.push(Sheet {
                name,
                visibility,
                rows: Rows::from_bytes(rows.to_vec()),
            });
        }
        Some(Ok(XlsBook {
            epoch_1904: *epoch == 1,
            sheets,
        }))
    }

    fn take<'r>(rest: &mut &'r [u8], count: usize) -> Option<&'r [u8]> {
        let (taken, after) = rest.split_at_checked(count)?;
        *rest = after;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::{Rows, Sheet, Visibility, XlsBook, wire};
    use crate::package::Value;

    fn book() -> XlsBook {
        let sheet = |name: &str, visibility, cells: &[(u32, Value<'_>)]| {
            let mut rows = Rows::default();
            rows.push(4, 1, cells).unwrap();
            Sheet {
                name: name.to_owned(),
                visibility,
                rows: Rows::from_bytes(rows.as_bytes().to_vec()),
            }
        };
        XlsBook {
            epoch_1904: true,
            sheets: vec![
                sheet("Été", Visibility::Hidden, &[(2, Value::Text("a"))]),
                sheet("Vide", Visibility::Visible, &[]),
            ],
        }
    }

    #[test]
    fn a_workbook_goes_from_process_to_process() {
        let mut bytes = Vec::new();
        wire::write(Ok(book()), &mut bytes).unwrap();
        assert_eq!(wire::read(&bytes), Some(Ok(book())));
        for cut in 0..bytes.len() {
            assert_eq!(wire::read(bytes.get(..cut).unwrap()), None, "{cut}");
        }
        let mut bytes = Vec::new();
        wire::write(Err("no".to_owned()), &mut bytes).unwrap();
        assert_eq!(wire::read(&bytes), Some(Err("no".to_owned())));
    }
}
