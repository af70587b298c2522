//! What changes in a sheet part, worked out in one pass over its rows.

use std::io::Read;

use super::cell::Formula;
use super::edit::{OwnedCell, OwnedColumn, SheetEdit};
use super::palette::Palette;
use super::place::{Layout, Seat};
use super::refs;
use super::refusal::Refusal;
use super::render;
use super::scan::{Cell, Head, Item, Row, Scanner};
use super::splice::Splices;
use super::survey::Survey;

/// What a column wants in a row.
#[derive(Clone, Copy)]
enum Want<'e> {
    Header,
    Cell(&'e OwnedCell),
}

/// One owned column on its way down.
struct Track<'e> {
    seat: Seat,
    owned: &'e OwnedColumn,
    header_due: bool,
    rest: std::iter::Peekable<std::slice::Iter<'e, (u32, OwnedCell)>>,
}

impl<'e> Track<'e> {
    fn new(seat: Seat, owned: &'e OwnedColumn) -> Self {
        Self {
            seat,
            owned,
            header_due: seat.added,
            rest: owned.cells.iter().peekable(),
        }
    }

    /// The next row where something is listed.
    fn next_row(&mut self) -> Option<u32> {
        if self.header_due {
            return Some(self.owned.header_row);
        }
        self.rest.peek().map(|(row, _)| *row)
    }

    /// What is listed for this row; rows are asked for in ascending order.
    fn take(&mut self, row: u32) -> Option<Want<'e>> {
        if self.next_row() != Some(row) {
            return None;
        }
        if self.header_due {
            self.header_due = false;
            return Some(Want::Header);
        }
        self.rest.next().map(|(_, cell)| Want::Cell(cell))
    }
}

impl Want<'_> {
    fn is_nothing(self) -> bool {
        match self {
            Self::Header => false,
            Self::Cell(cell) => cell.is_nothing(),
        }
    }
}

/// The plan of one sheet.
pub(super) struct Planner<'e, 'p> {
    sheet: &'e str,
    tracks: Vec<Track<'e>>,
    palette: &'p Palette,
    prefix: Vec<u8>,
    splices: Splices,
    /// What the present row wants, by track; a track that is past is taken.
    wants: Vec<Option<Want<'e>>>,
    next_track: usize,
}

/// Plans a sheet. `scanner` starts at its beginning again.
pub(super) fn plan<R: Read>(
    mut scanner: Scanner<R>,
    edit: &SheetEdit,
    layout: &Layout,
    survey: &Survey,
    palette: &Palette,
) -> Result<Splices, Refusal> {
    let head = &survey.head;
    let mut planner = Planner::new(edit, layout, palette, head);
    super::head::plan(edit, layout, head, &mut planner.splices);
    planner.splices.sort();
    // Cells left of our first column can't concern us; the survey has read them already.
    let first = layout.seats.iter().map(|seat| seat.column).min();
    let skip = first.filter(|_| survey.plain);
    let mut row = None;
    while let Some(item) = scanner.next()? {
        match item {
            Item::Row(tag, _) => {
                planner.rows_before(tag.index, tag.tag.start);
                planner.enter(&tag);
                row = Some(tag.index);
                if let Some(column) = skip {
                    scanner.skip_to(column)?;
                }
            }
            Item::Cell(cell) => planner.cell(&cell)?,
            Item::RowEnd(at) => planner.cells_before(row.unwrap_or(0), u32::MAX, at),
        }
    }
    planner.end(head, survey.tail.rows_end);
    Ok(planner.splices)
}

impl<'e, 'p> Planner<'e, 'p> {
    fn new(edit: &'e SheetEdit, layout: &Layout, palette: &'p Palette, head: &Head) -> Self {
        let mut tracks: Vec<Track<'e>> = layout
            .seats
            .iter()
            .zip(&edit.columns)
            .map(|(seat, owned)| Track::new(*seat, owned))
            .collect();
        tracks.sort_by_key(|track| track.seat.column);
        Self {
            sheet: &edit.sheet,
            wants: Vec::with_capacity(tracks.len()),
            tracks,
            palette,
            prefix: head.prefix.clone(),
            splices: Splices::default(),
            next_track: 0,
        }
    }

    /// The next row, above the given one, where something is written.
    fn due(&mut self, before: u32) -> Option<u32> {
        let rows = self.tracks.iter_mut().filter_map(Track::next_row);
        rows.min().filter(|row| *row < before)
    }

    /// Rows that are not there yet.
    fn rows_before(&mut self, row: u32, at: u64) {
        while let Some(missing) = self.due(row) {
            self.load(missing);
            if self.wants.iter().flatten().all(|want| want.is_nothing()) {
                continue;
            }
            let tag = row_tag(&self.prefix, missing, "<", ">");
            self.splices.replace(at..at, &tag);
            self.cells_before(missing, u32::MAX, at);
            let end = end_tag(&self.prefix, "row");
            self.splices.replace(at..at, &end);
        }
    }

    fn load(&mut self, row: u32) {
        let wants = self.tracks.iter_mut().map(|track| track.take(row));
        self.wants.clear();
        self.wants.extend(wants);
        self.next_track = 0;
    }

    fn enter(&mut self, row: &Row) {
        self.load(row.index);
        self.widen_spans(row);
        if !row.self_closed || self.wants.iter().flatten().all(|want| want.is_nothing()) {
            return;
        }
        let end = row.tag.end;
        self.splices.replace(end - 2..end, b">");
        self.cells_before(row.index, u32::MAX, end);
        let tag = end_tag(&self.prefix, "row");
        self.splices.replace(end..end, &tag);
    }

    fn widen_spans(&mut self, row: &Row) {
        let Some(spans) = &row.spans else {
            return;
        };
        let written = self
            .tracks
            .iter()
            .zip(&self.wants)
            .filter(|(_, want)| want.is_some_and(|want| !want.is_nothing()))
            .map(|(track, _)| track.seat.column + 1);
        let (mut first, mut last) = (spans.first, spans.last);
        for column in written {
            first = first.min(column);
            last = last.max(column);
        }
        for (old, new, at) in [
            (spans.first, first, &spans.first_at),
            (spans.last, last, &spans.last_at),
        ] {
            if new != old {
                self.splices.replace(at.clone(), new.to_string().as_bytes());
            }
        }
    }

    /// The wanted cells left of a column, at a place where no cell of ours is.
    fn cells_before(&mut self, row: u32, column: u32, at: u64) {
        while let Some(track) = self.tracks.get(self.next_track) {
            let seat = track.seat;
            if seat.column >= column {
                return;
            }
            let want = self.wants.get(self.next_track).copied().flatten();
            self.next_track += 1;
            let Some(want) = want.filter(|want| !want.is_nothing()) else {
                continue;
            };
            let text = self.render(row, self.next_track - 1, want, None);
            self.splices
                .write(at..at, |out| text.push(out, &self.prefix));
        }
    }

    fn render(
        &self,
        row: u32,
        track: usize,
        want: Want<'e>,
        style: Option<u32>,
    ) -> render::CellXml<'e> {
        let track = self.tracks.get(track);
        let column = track.map_or(0, |track| track.seat.column);
        match want {
            Want::Header => render::CellXml {
                row,
                column,
                style: style.or(track.and_then(|track| track.seat.header_style)),
                value: render::Value::Text(track.map_or("", |track| &track.owned.header)),
            },
            Want::Cell(cell) => render::CellXml {
                row,
                column,
                style: self.palette.style(&cell.format, style),
                value: render::Value::of(&cell.value),
            },
        }
    }

    fn cell(&mut self, cell: &Cell<'_>) -> Result<(), Refusal> {
        self.cells_before(cell.row, cell.column, cell.at);
        let Some(track) = self.tracks.get(self.next_track) else {
            return Ok(());
        };
        if track.seat.column != cell.column {
            return Ok(());
        }
        let first = track.owned.header_row + u32::from(!track.seat.added);
        let spared = track.seat.spared;
        let want = self.wants.get(self.next_track).copied().flatten();
        self.next_track += 1;
        let unlisted = want.is_none();
        if cell.row < first
            || unlisted && spared.is_some_and(|(from, to)| (from..=to).contains(&cell.row))
        {
            return Ok(());
        }
        refuse_foreign(self.sheet, cell)?;
        match want.filter(|want| !want.is_nothing()) {
            None => self.clear(cell),
            Some(want) => {
                let text = self.render(cell.row, self.next_track - 1, want, cell.raw.style);
                self.splices
                    .write(cell.range(), |out| text.push(out, &self.prefix));
                self.splices.drop_if_same(cell.bytes);
            }
        }
        Ok(())
    }

    /// Takes a value out; the style stays unless it is a bare coloured background, which was a flag.
    fn clear(&mut self, cell: &Cell<'_>) {
        if !cell.raw.filled {
            return;
        }
        // The element stays: a cell after it may count on from it.
        let text = render::CellXml {
            row: cell.row,
            column: cell.column,
            style: cell.raw.style.filter(|style| !self.palette.is_loud(*style)),
            value: render::Value::Empty,
        };
        self.splices
            .write(cell.range(), |out| text.push(out, &self.prefix));
    }

    /// Rows below the last one.
    fn end(&mut self, head: &Head, rows_end: u64) {
        if !head.rows_self_closed {
            return self.rows_before(u32::MAX, rows_end);
        }
        let end = head.rows.end;
        let before = self.splices.len();
        self.splices.replace(end - 2..end, b">");
        self.rows_before(u32::MAX, end);
        if self.splices.len() == before + 1 {
            return self.splices.drop_last();
        }
        let tag = end_tag(&self.prefix, "sheetData");
        self.splices.replace(end..end, &tag);
    }
}

fn row_tag(prefix: &[u8], row: u32, open: &str, close: &str) -> Vec<u8> {
    let mut out = open.as_bytes().to_vec();
    out.extend_from_slice(prefix);
    out.extend_from_slice(b"row r=\"");
    refs::push_number(&mut out, row + 1);
    out.push(b'"');
    out.extend_from_slice(close.as_bytes());
    out
}

fn end_tag(prefix: &[u8], local: &str) -> Vec<u8> {
    [b"</", prefix, local.as_bytes(), b">"].concat()
}

/// What is hers even in a column of ours, and can't be taken away without harm.
fn refuse_foreign(sheet: &str, cell: &Cell<'_>) -> Result<(), Refusal> {
    let sheet = sheet.to_owned();
    let name = refs::name(cell.row, cell.column);
    let cell_name = || name.clone();
    match &cell.raw.formula {
        Some(Formula::Own) => Err(Refusal::Formula {
            sheet,
            cell: cell_name(),
        }),
        Some(Formula::SharedMaster) => Err(Refusal::SharedFormula {
            sheet,
            cell: cell_name(),
        }),
        Some(Formula::Array(range)) => Err(Refusal::ArrayFormula {
            sheet,
            cell: cell_name(),
            range: String::from_utf8_lossy(range).into_owned(),
        }),
        None if cell.raw.rich => Err(Refusal::RichValue {
            sheet,
            cell: cell_name(),
        }),
        None => Ok(()),
    }
}
