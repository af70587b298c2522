//! A worksheet part read as a stream: what stands before the rows, row by row and cell by cell, and
//! what follows. Only shapes and places are taken; the bytes stay as they are.

use std::io::Read;
use std::ops::Range;

use super::cell::{self, RawCell, Tags};
use super::refs::{self, Area};
use super::refusal::Refusal;
use super::row::{self, Spans};
use super::window::Window;
use super::xml::{self, Fault, Kind, Scopes, Token};

/// What stands before the rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    /// The value of `dimension/@ref` and its place.
    pub dimension: Option<(Range<u64>, Vec<u8>)>,
    /// The place and the bytes of `<cols>…</cols>`.
    pub cols: Option<(u64, Vec<u8>)>,
    /// The start tag of `sheetData`.
    pub rows: Range<u64>,
    pub rows_self_closed: bool,
    /// The prefix of `sheetData` with its colon, or nothing.
    pub prefix: Vec<u8>,
    /// All bytes up to the rows and the start tag of `sheetData`, when they are kept.
    pub bytes: Vec<u8>,
}

/// What follows the rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Tail {
    /// The place of `</sheetData>`.
    pub rows_end: u64,
    pub merges: Vec<Area>,
    pub protected: bool,
    /// All bytes after `</sheetData>`, when they are kept.
    pub bytes: Vec<u8>,
}

/// A row's start tag.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Its number, 0-based.
    pub index: u32,
    pub tag: Range<u64>,
    pub self_closed: bool,
    pub spans: Option<Spans>,
    /// It says more than its number and its spans.
    pub attributes: bool,
}

/// A cell, with its bytes.
#[derive(Debug)]
pub(super) struct Cell<'w> {
    pub row: u32,
    pub column: u32,
    pub at: u64,
    pub bytes: &'w [u8],
    pub raw: RawCell,
}

impl Cell<'_> {
    pub fn range(&self) -> Range<u64> {
        self.at..self.at + self.bytes.len() as u64
    }
}

/// What comes next among the rows.
#[derive(Debug)]
pub(super) enum Item<'w> {
    /// A row's start tag, and its bytes.
    Row(Row, &'w [u8]),
    Cell(Cell<'w>),
    /// The place of `</row>`; a self-closed row has none.
    RowEnd(u64),
}

/// How far the reading of rows is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before or between rows.
    Rows,
    /// Among the cells of a row.
    Row,
    /// Past the last row.
    Past,
}

/// What a tag among the rows belongs to.
enum Part {
    Rows,
    Row,
    Cell,
    Extension,
    Other,
}

/// Names for messages.
#[derive(Debug, Clone)]
pub(super) struct Where {
    pub sheet: String,
    pub part: String,
}

/// The reader of one sheet.
pub(super) struct Scanner<R> {
    pub(super) window: Window<R>,
    pub(super) scopes: Scopes,
    pub(super) place: Where,
    pub(super) head: Head,
    /// Bytes of the view that the last item took.
    taken: usize,
    pub(super) stage: Stage,
    row: Option<u32>,
    column: Option<u32>,
    pub(super) keeping: bool,
    tags: Tags,
    plain: bool,
}

impl<R: Read> Scanner<R> {
    /// Reads up to the rows.
    pub fn open(source: R, place: Where) -> Result<Self, Refusal> {
        Self::start(source, place, false)
    }

    /// The same, keeping the bytes outside the rows.
    pub fn open_keeping(source: R, place: Where) -> Result<Self, Refusal> {
        Self::start(source, place, true)
    }

    fn start(source: R, place: Where, keeping: bool) -> Result<Self, Refusal> {
        let mut scanner = Self {
            window: Window::new(source),
            scopes: Scopes::default(),
            place,
            head: Head::default(),
            taken: 0,
            stage: Stage::Rows,
            row: None,
            column: None,
            keeping,
            tags: Tags::default(),
            plain: true,
        };
        scanner.refuse_encoding()?;
        scanner.read_head()?;
        scanner.tags = Tags::with(&scanner.head.prefix);
        Ok(scanner)
    }

    pub fn head(&self) -> &Head {
        &self.head
    }

    fn refuse_encoding(&mut self) -> Result<(), Refusal> {
        while self.window.view().len() < 256 && self.more()? {}
        super::opc::refuse_encoding(&self.place.part, self.window.view())
    }

    fn more(&mut self) -> Result<bool, Refusal> {
        self.window.more().map_err(|error| self.damage(&error))
    }

    pub(super) fn damage(&self, detail: &dyn std::fmt::Display) -> Refusal {
        Refusal::DamagedPart {
            part: self.place.part.clone(),
            detail: detail.to_string(),
        }
    }

    pub(super) fn unusual(&self, detail: &str) -> Refusal {
        Refusal::Unusual {
            sheet: self.place.sheet.clone(),
            detail: detail.to_owned(),
        }
    }

    /// The next token, read whole; it stays in the view. `None` at the end.
    pub(super) fn peek(&mut self) -> Result<Option<Token>, Refusal> {
        loop {
            let found = xml::next_token(self.window.view(), 0).map_err(|f| self.damage(&f))?;
            if let Some(token) = found {
                if token.kind == Kind::Doctype {
                    return Err(Refusal::Doctype {
                        part: self.place.part.clone(),
                    });
                }
                return Ok(Some(token));
            }
            // Text before a tag can be dropped once it is known to hold no tag.
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    pub(super) fn expect(&mut self) -> Result<Token, Refusal> {
        let token = self.peek()?;
        token.ok_or_else(|| self.damage(&"the sheet ends too early"))
    }

    /// The rest of an element whose start tag is `token`, read whole into the view: its end.
    pub(super) fn element_end(&mut self, token: Token) -> Result<usize, Refusal> {
        if token.kind == Kind::Empty {
            return Ok(token.end);
        }
        loop {
            let found = whole_element(self.window.view(), token);
            if let Some(end) = found.map_err(|fault| self.damage(&fault))? {
                return Ok(end);
            }
            if !self.more()? {
                return Err(self.damage(&"the sheet ends too early"));
            }
        }
    }

    /// The next row, cell or end of row; `None` at the end of the rows.
    pub fn next(&mut self) -> Result<Option<Item<'_>>, Refusal> {
        self.window.advance(std::mem::take(&mut self.taken));
        loop {
            if self.stage == Stage::Past {
                return Ok(None);
            }
            if self.stage == Stage::Row && self.tags.begin(self.window.view()) {
                let raw = cell::measure_plain(self.window.view(), &self.tags);
                if let Some(raw) = raw {
                    return self.cell(raw);
                }
            } else if self.stage == Stage::Row
                && let Some(length) = self.tags.row_close(self.window.view())
            {
                self.stage = Stage::Rows;
                self.taken = length;
                return Ok(Some(Item::RowEnd(self.window.offset())));
            }
            let token = self.expect()?;
            if token.kind == Kind::Aside {
                self.plain = false;
                self.window.advance(token.end);
                continue;
            }
            let at = self.window.offset() + token.start as u64;
            let in_row = self.stage == Stage::Row;
            match (token.kind, in_row, self.part_of_rows(token)) {
                (Kind::End, false, Part::Rows) => {
                    self.stage = Stage::Past;
                    // The end tag stays in the view: the tail begins with its place.
                    return Ok(None);
                }
                (Kind::End, true, Part::Row) => {
                    self.stage = Stage::Rows;
                    self.taken = token.end;
                    return Ok(Some(Item::RowEnd(at)));
                }
                (Kind::Start | Kind::Empty, false, Part::Row) => {
                    let row = self.read_row(token)?;
                    self.taken = token.end;
                    return Ok(Some(Item::Row(row, token.bytes(self.window.view()))));
                }
                (Kind::Start | Kind::Empty, true, Part::Cell) => return self.read_cell(token),
                (Kind::Start | Kind::Empty, true, Part::Extension) => {
                    self.plain = false;
                    let end = self.element_end(token)?;
                    self.window.advance(end);
                }
                _ => return Err(self.unusual("something other than rows and cells among them")),
            }
        }
    }

    /// Whether among the rows read so far every cell says where it is, and only cells and rows have
    /// tags of their names: then [`Scanner::skip_to`] is exact.
    pub fn is_plain(&self) -> bool {
        self.plain
    }

    /// After a row's start tag: steps over its cells left of `column`, found from its end backwards.
    /// Only for rows that were read through before and are plain.
    pub fn skip_to(&mut self, column: u32) -> Result<(), Refusal> {
        if self.stage != Stage::Row {
            return Ok(());
        }
        self.window.advance(std::mem::take(&mut self.taken));
        let mut length = loop {
            if let Some(length) = self.tags.row_end(self.window.view()) {
                break length;
            }
            if !self.more()? {
                return Err(self.damage(&"the sheet ends too early"));
            }
        };
        let row = self.window.view().get(..length).unwrap_or_default();
        let mut rest = row;
        while let Some((at, (_, found))) = self.tags.last_cell(rest) {
            if found < column {
                self.column = Some(found);
                break;
            }
            length = at;
            rest = row.get(..at).unwrap_or_default();
        }
        self.window.advance(length);
        Ok(())
    }

    fn part_of_rows(&self, token: Token) -> Part {
        let name = xml::name(token.bytes(self.window.view()));
        if !cell::begins(name, &self.head.prefix) {
            return Part::Other;
        }
        match name.get(self.head.prefix.len()..) {
            Some(b"sheetData") => Part::Rows,
            Some(b"row") => Part::Row,
            Some(b"c") => Part::Cell,
            Some(b"extLst") => Part::Extension,
            _ => Part::Other,
        }
    }

    fn read_row(&mut self, token: Token) -> Result<Row, Refusal> {
        let tag = token.bytes(self.window.view());
        let at = self.window.offset() + token.start as u64;
        let parsed =
            row::row_tag(tag, at, &self.head.prefix).map_err(|fault| self.damage(&fault))?;
        let next = self.row.map_or(0, |row| row + 1);
        let row = parsed.number.unwrap_or(next);
        if row < next || row > refs::LAST_ROW {
            return Err(self.disorder((row + 1).to_string()));
        }
        self.row = Some(row);
        self.column = None;
        if token.kind == Kind::Start {
            self.stage = Stage::Row;
        }
        Ok(Row {
            index: row,
            tag: at..at + (token.end - token.start) as u64,
            self_closed: token.kind == Kind::Empty,
            spans: parsed.spans,
            attributes: parsed.others,
        })
    }

    fn disorder(&self, cell: String) -> Refusal {
        Refusal::Disorder {
            sheet: self.place.sheet.clone(),
            cell,
        }
    }

    fn read_cell(&mut self, token: Token) -> Result<Option<Item<'_>>, Refusal> {
        self.window.advance(token.start);
        let raw = loop {
            let found = cell::measure(self.window.view(), &self.head.prefix);
            if let Some(raw) = found.map_err(|fault| self.damage(&fault))? {
                break raw;
            }
            if !self.more()? {
                return Err(self.damage(&"the sheet ends too early"));
            }
        };
        self.cell(raw)
    }

    /// The cell that begins the view.
    fn cell(&mut self, raw: RawCell) -> Result<Option<Item<'_>>, Refusal> {
        let row = self.row.unwrap_or(0);
        let next = self.column.map_or(0, |column| column + 1);
        self.plain &= !raw.odd && raw.place.is_some() && self.tags.begin(self.window.view());
        let (stated, column) = raw.place.unwrap_or((row, next));
        if stated != row || column < next || column > refs::LAST_COLUMN {
            return Err(self.disorder(refs::name(stated, column)));
        }
        self.column = Some(column);
        self.taken = raw.length;
        Ok(Some(Item::Cell(Cell {
            row,
            column,
            at: self.window.offset(),
            bytes: self.window.view().get(..raw.length).unwrap_or_default(),
            raw,
        })))
    }
}

/// The end of the element that `token` starts, when it is all there.
pub(super) fn whole_element(data: &[u8], token: Token) -> Result<Option<usize>, Fault> {
    if token.kind == Kind::Empty {
        return Ok(Some(token.end));
    }
    let mut depth = 1usize;
    let mut at = token.end;
    while let Some(token) = xml::next_token(data, at)? {
        at = token.end;
        match token.kind {
            Kind::Start => depth += 1,
            Kind::End => depth -= 1,
            Kind::Doctype => return Err(Fault("a DOCTYPE within the part")),
            Kind::Empty | Kind::Aside => {}
        }
        if depth == 0 {
            return Ok(Some(at));
        }
    }
    Ok(None)
}
