//! The way of a workbook through the patcher.

use std::collections::{BTreeMap, BTreeSet};

use super::container::Container;
use super::edit::{Patched, Placed, Remark, SheetEdit};
use super::opc::{self, SheetPart, Workbook};
use super::palette::Palette;
use super::pivots;
use super::place::{self, Layout};
use super::plan;
use super::refusal::Refusal;
use super::rezip::{self, Content};
use super::scan::{Scanner, Where};
use super::splice::Splices;
use super::stale::{self, Written};
use super::styles::Styles;
use super::survey::{self, Survey};
use super::tables::{self, Table};

/// A sheet up to this size is inflated once and held; a larger one is inflated for each pass.
const HELD: u64 = 64 << 20;

/// Writes owned columns into a copy of a workbook.
///
/// Every cell of an owned column below its header holds just what the edit lists; everything else
/// stays as it was. The same edits again give the very same bytes.
///
/// # Errors
///
/// A [`Refusal`] with the cause, when the file can't be read safely or a cell can't be written
/// without harm; nothing is written in part.
pub fn patch(source: &[u8], edits: &[SheetEdit]) -> Result<Patched, Refusal> {
    patch_within(source, edits, HELD)
}

/// The same, holding sheets up to `held` bytes in memory.
pub(super) fn patch_within(
    source: &[u8],
    edits: &[SheetEdit],
    held: u64,
) -> Result<Patched, Refusal> {
    let container = Container::open(source)?;
    let workbook = Workbook::find(&container)?;
    if workbook.signed {
        return Err(Refusal::Signed);
    }
    let styles_data = match workbook.styles {
        Some(entry) => container.read(entry)?,
        None => Vec::new(),
    };
    let styles_outline = match workbook.styles {
        Some(entry) => Some(opc::outline(&container.name(entry), &styles_data)?),
        None => None,
    };
    let mut styles = styles_outline.as_ref().and_then(Styles::open);
    let palette = Palette::mix(edits, styles.as_mut());

    let mut work = Work {
        container: &container,
        workbook: &workbook,
        palette: &palette,
        may_hold: held,
        changes: BTreeMap::new(),
        held: BTreeMap::new(),
        columns: Vec::new(),
        remarks: Vec::new(),
        written: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    for edit in edits {
        if !seen.insert(&edit.sheet) {
            return Err(Refusal::WrongEdit {
                sheet: edit.sheet.clone(),
                detail: "two edits of one sheet".to_owned(),
            });
        }
        work.sheet(edit)?;
    }
    if let (Some(styles), Some(entry)) = (&styles, workbook.styles) {
        work.note(entry, styles.splices());
    }
    if palette.lacking {
        work.remarks.push(Remark::WithoutFormat);
    }
    let stale = stale::remarks(&container, &workbook, &work.written)?;
    work.remarks.extend(stale);
    let changed = !work.changes.is_empty();
    let bytes = if changed {
        rezip::rewrite(&container, source, &work.contents())?
    } else {
        source.to_vec()
    };
    Ok(Patched {
        bytes,
        changed,
        columns: work.columns,
        remarks: work.remarks,
    })
}

/// What is gathered sheet by sheet.
struct Work<'w, 's> {
    container: &'w Container<'s>,
    workbook: &'w Workbook,
    palette: &'w Palette,
    may_hold: u64,
    changes: BTreeMap<usize, Splices>,
    held: BTreeMap<usize, Vec<u8>>,
    columns: Vec<Placed>,
    remarks: Vec<Remark>,
    /// The sheets that change.
    written: Vec<Written>,
}

impl Work<'_, '_> {
    fn sheet(&mut self, edit: &SheetEdit) -> Result<(), Refusal> {
        let part = find_sheet(self.workbook, &edit.sheet)?;
        if self.container.size(part.entry) <= self.may_hold {
            let data = self.container.read_whole(part.entry)?;
            self.held.insert(part.entry, data);
        }
        let survey = self.survey(edit, part)?;
        let tables = tables::of_sheet(self.container, &part.key)?;
        let pivots = pivots::of_sheet(self.container, &part.key)?;
        let layout = place::place(edit, &survey, &tables, &pivots)?;
        let splices = self.scan(part, |scanner| {
            plan::plan(scanner, edit, &layout, &survey, self.palette)
        })?;
        self.report(edit, &layout, &survey);
        if splices.is_empty() {
            self.held.remove(&part.entry);
            return Ok(());
        }
        self.note(part.entry, splices);
        self.join(edit, &layout, &tables)?;
        let written = Written::new(part.entry, edit, &layout, &tables, survey.reads);
        self.written.push(written);
        Ok(())
    }

    fn survey(&self, edit: &SheetEdit, part: &SheetPart) -> Result<Survey, Refusal> {
        let rows: BTreeSet<u32> = edit.columns.iter().map(|c| c.header_row).collect();
        let mut survey = self.scan(part, |scanner| survey::survey(scanner, &edit.sheet, &rows))?;
        survey::read_shared(&mut survey.headers, self.container, self.workbook)?;
        Ok(survey)
    }

    /// Hands a scanner at the sheet's beginning to `work`.
    fn scan<T>(
        &self,
        part: &SheetPart,
        work: impl FnOnce(Scanner<&mut dyn std::io::Read>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let place = Where {
            sheet: part.name.clone(),
            part: self.container.name(part.entry),
        };
        match self.held.get(&part.entry) {
            Some(data) => {
                let mut data = data.as_slice();
                let from: &mut dyn std::io::Read = &mut data;
                work(Scanner::open(from, place)?)
            }
            None => self
                .container
                .stream(part.entry, |from| work(Scanner::open(from, place)?))?,
        }
    }

    /// What the parts that change hold anew.
    fn contents(&self) -> BTreeMap<usize, Content<'_>> {
        let changes = self.changes.iter();
        changes
            .map(|(entry, splices)| {
                let held = self.held.get(entry).map(Vec::as_slice);
                (*entry, Content::Spliced(splices, held))
            })
            .collect()
    }

    fn note(&mut self, entry: usize, splices: Splices) {
        if !splices.is_empty() {
            self.changes.insert(entry, splices);
        }
    }

    /// New columns join their table.
    fn join(&mut self, edit: &SheetEdit, layout: &Layout, tables: &[Table]) -> Result<(), Refusal> {
        let Some(table) = layout.joined.and_then(|index| tables.get(index)) else {
            return Ok(());
        };
        let names: Vec<&str> = layout
            .seats
            .iter()
            .zip(&edit.columns)
            .filter(|(seat, _)| seat.added)
            .map(|(_, owned)| owned.header.as_ref())
            .collect();
        let data = self.container.read(table.entry)?;
        let name = self.container.name(table.entry);
        let outline = opc::outline(&name, &data)?;
        let splices = tables::join(&outline, &names).ok_or(Refusal::DamagedPart {
            part: name,
            detail: "the table can't be extended".to_owned(),
        })?;
        self.note(table.entry, splices);
        Ok(())
    }

    fn report(&mut self, edit: &SheetEdit, layout: &Layout, survey: &Survey) {
        for (seat, owned) in layout.seats.iter().zip(&edit.columns) {
            self.columns.push(Placed {
                sheet: edit.sheet.clone(),
                header: owned.header.to_string(),
                column: seat.column,
                added: seat.added,
            });
        }
        let sheet = || edit.sheet.clone();
        if survey.tail.protected {
            self.remarks.push(Remark::Protected { sheet: sheet() });
        }
        if let Some(why) = layout.apart {
            let sheet = sheet();
            self.remarks.push(Remark::TableNotJoined { sheet, why });
        }
    }
}

/// The sheet of that name, when it has cells.
pub(super) fn find_sheet<'w>(workbook: &'w Workbook, name: &str) -> Result<&'w SheetPart, Refusal> {
    let part = workbook.sheet(name).ok_or_else(|| Refusal::SheetMissing {
        sheet: name.to_owned(),
    })?;
    if part.kind != "worksheet" {
        return Err(Refusal::NotCells {
            sheet: name.to_owned(),
        });
    }
    Ok(part)
}
