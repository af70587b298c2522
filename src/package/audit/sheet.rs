//! A worksheet's rows (ECMA-376 part 1, 18.3.1): order, indices, formulas that others share.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use super::super::cell::{CellType, Content, Formula};
use super::super::opc::SheetPart;
use super::super::refs::{self, Area};
use super::super::refusal::Refusal;
use super::super::scan::{Cell, Item, Scanner, Where};
use super::super::survey::{self, HeaderCell};
use super::super::window::Window;
use super::super::xml::{self, Kind};
use super::book::Book;
use super::chain::Chain;
use super::styles::Counts;
use super::{Audit, layout, tables};

/// Excel's longest text of a cell, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;
/// Excel's longest formula, in characters.
const LONGEST_FORMULA: usize = 8_192;

/// What cells point into.
pub(super) struct Lists<'l> {
    pub styles: &'l Counts,
    /// How many shared strings there are; none without the part.
    pub strings: Option<usize>,
    pub book: &'l Book,
}

pub(super) fn look(
    audit: &mut Audit<'_, '_>,
    part: &SheetPart,
    lists: &Lists<'_>,
    chain: &mut Chain,
    seen: &mut tables::Seen,
) {
    let tables = tables::of_sheet(audit, &part.key);
    let mut rows = Rows {
        lists,
        chain,
        entry: part.entry,
        id: (lists.book.by_id.iter())
            .find(|(_, entry)| **entry == part.entry)
            .map(|(id, _)| *id),
        masters: BTreeSet::new(),
        children: BTreeMap::new(),
        arrays: Vec::new(),
        of_headers: tables.iter().map(tables::Table::header_row).collect(),
        headers: Vec::new(),
    };
    let container = audit.container;
    let read = container.stream(part.entry, |from| rows.read(audit, part, from));
    let around = match read {
        Ok(Ok(around)) => around,
        Ok(Err(cause)) | Err(cause) => return audit.refused(part.entry, &cause),
    };
    rows.report_shared(audit);
    let mut headers = rows.headers;
    if let Err(cause) = survey::read_shared(&mut headers, audit.container, audit.workbook) {
        audit.refused(part.entry, &cause);
    }
    let merges = layout::look(audit, part, &around, lists.styles);
    tables::look(audit, part.entry, &tables, &headers, &merges, seen);
}

/// What is gathered on the way down.
struct Rows<'r> {
    lists: &'r Lists<'r>,
    chain: &'r mut Chain,
    entry: usize,
    /// The sheet's id.
    id: Option<u32>,
    /// The numbers of formulas that others share.
    masters: BTreeSet<u32>,
    /// By number, the first cell that shares one.
    children: BTreeMap<u32, String>,
    arrays: Vec<Area>,
    of_headers: BTreeSet<u32>,
    headers: Vec<HeaderCell>,
}

impl Rows<'_> {
    /// Reads every row; gives the bytes around them as one part without rows.
    fn read(
        &mut self,
        audit: &mut Audit<'_, '_>,
        part: &SheetPart,
        from: &mut dyn Read,
    ) -> Result<Vec<u8>, Refusal> {
        let place = Where {
            sheet: part.name.clone(),
            part: audit.container.name(part.entry),
        };
        let mut scanner = Scanner::open_keeping(from, place)?;
        let head = scanner.head().clone();
        while let Some(item) = scanner.next()? {
            match item {
                Item::Cell(cell) => self.cell(audit, &cell, &head.prefix),
                Item::Row(row, tag) => self.row(audit, row.index, tag),
                Item::RowEnd(_) => {}
            }
        }
        let tail = scanner.finish()?;
        let mut around = head.bytes;
        if !head.rows_self_closed {
            around.extend_from_slice(b"</");
            around.extend_from_slice(&head.prefix);
            around.extend_from_slice(b"sheetData>");
        }
        around.extend_from_slice(&tail.bytes);
        Ok(around)
    }

    fn row(&self, audit: &mut Audit<'_, '_>, row: u32, tag: &[u8]) {
        let mut attributes = xml::attributes(tag).flatten();
        let style = attributes.find(|attribute| attribute.name == b"s");
        let style = style.and_then(|style| refs::parse_number(style.value));
        self.style(audit, &format_args!("row {}", row + 1), style);
    }

    fn style(&self, audit: &mut Audit<'_, '_>, place: &dyn std::fmt::Display, style: Option<u32>) {
        let formats = self.lists.styles.formats;
        if let (Some(style), Some(formats)) = (style, formats)
            && style as usize >= formats
        {
            audit.note(self.entry, place, "a format that is not there");
        }
    }

    fn cell(&mut self, audit: &mut Audit<'_, '_>, cell: &Cell<'_>, prefix: &[u8]) {
        let name = || refs::name(cell.row, cell.column);
        let raw = &cell.raw;
        self.style(audit, &name(), raw.style);
        let value = match &raw.value {
            Some(Content::Value(range) | Content::Text(range) | Content::Rich(range)) => {
                cell.bytes.get(range.clone())
            }
            None => None,
        };
        match (raw.kind, value) {
            // Excel takes an empty one for an empty cell.
            (CellType::Shared, Some(value)) if !value.trim_ascii().is_empty() => {
                let index = std::str::from_utf8(value).ok();
                let index = index.and_then(|index| index.trim().parse::<usize>().ok());
                if index.is_none_or(|index| self.lists.strings.is_none_or(|all| index >= all)) {
                    audit.note(self.entry, name(), "a shared string that is not there");
                }
            }
            (CellType::Inline | CellType::Text, Some(value)) if value.len() > LONGEST_TEXT => {
                let text = String::from_utf8_lossy(value);
                let text = super::super::text::decode(&text);
                if text.encode_utf16().count() > LONGEST_TEXT && !text.contains('<') {
                    audit.note(self.entry, name(), "a text that is too long");
                }
            }
            (CellType::Unknown, _) => audit.note(self.entry, name(), "an unknown type of cell"),
            (CellType::Other | CellType::Number, Some(value)) if !is_number(value) => {
                audit.note(self.entry, name(), "a number that is none");
            }
            _ => {}
        }
        if let Some(formula) = &raw.formula {
            self.formula(audit, cell, formula, prefix);
        }
        let is_text = matches!(
            raw.kind,
            CellType::Shared | CellType::Inline | CellType::Text
        );
        if is_text && raw.filled && self.of_headers.contains(&cell.row) {
            self.headers.push(HeaderCell::of(cell, prefix));
        }
    }

    fn formula(
        &mut self,
        audit: &mut Audit<'_, '_>,
        cell: &Cell<'_>,
        formula: &Formula,
        prefix: &[u8],
    ) {
        let name = || refs::name(cell.row, cell.column);
        self.chain.met(self.id, cell.row, cell.column);
        let text = super::super::strings::element_text(cell.bytes, prefix, b"f");
        let text = super::super::text::unescape(&text);
        if text.chars().count() > LONGEST_FORMULA {
            audit.note(self.entry, name(), "a formula that is too long");
        }
        let shared = shared_number(cell.bytes, prefix);
        match (formula, shared) {
            (Formula::SharedMaster, Some((number, Some(area)))) => {
                self.masters.insert(number);
                if !area.holds(cell.row, cell.column) {
                    audit.note(self.entry, name(), "a shared formula outside its range");
                }
            }
            (Formula::Own, Some((number, _))) => {
                self.children.entry(number).or_insert_with(name);
            }
            (Formula::Array(range), _) => match Area::parse(range) {
                Some(area) => self.array(audit, cell, area),
                None => audit.note(self.entry, name(), "an array formula without a range"),
            },
            _ => {}
        }
    }

    fn array(&mut self, audit: &mut Audit<'_, '_>, cell: &Cell<'_>, area: Area) {
        let name = refs::name(cell.row, cell.column);
        if !area.holds(cell.row, cell.column) {
            audit.note(self.entry, &name, "an array formula outside its range");
        }
        if self.arrays.iter().any(|other| other.meets(&area)) {
            audit.note(self.entry, &name, "an array formula across another");
        }
        if !area.is_one_cell() {
            self.chain.met_area(self.id, &area);
        }
        self.arrays.push(area);
    }

    fn report_shared(&self, audit: &mut Audit<'_, '_>) {
        for (number, cell) in &self.children {
            if !self.masters.contains(number) {
                audit.note(self.entry, cell, "a shared formula that no cell has");
            }
        }
    }
}

/// What XML Schema takes for a double, with blanks around it; an empty one is none.
fn is_number(value: &[u8]) -> bool {
    let text = std::str::from_utf8(value).unwrap_or("?").trim();
    text.is_empty() || text.parse::<f64>().is_ok()
}

/// The number under which a formula is shared, and the range where it says so.
fn shared_number(bytes: &[u8], prefix: &[u8]) -> Option<(u32, Option<Area>)> {
    let mut at = 0;
    while let Ok(Some(token)) = xml::next_token(bytes, at) {
        at = token.end;
        let tag = token.bytes(bytes);
        if xml::name(tag).strip_prefix(prefix) != Some(b"f") {
            continue;
        }
        let find = |name: &[u8]| {
            let mut attributes = xml::attributes(tag).flatten();
            attributes.find(|a| a.name == name).map(|a| a.value)
        };
        if find(b"t") != Some(b"shared") {
            return None;
        }
        let number = refs::parse_number(find(b"si")?)?;
        return Some((number, find(b"ref").and_then(Area::parse)));
    }
    None
}

/// How many items the shared strings have.
pub(super) fn count_strings(audit: &Audit<'_, '_>) -> Option<usize> {
    let entry = audit.workbook.strings?;
    let counted = audit.container.stream(entry, |from| count_items(from));
    counted.ok()?.ok()
}

fn count_items(from: impl Read) -> std::io::Result<usize> {
    let mut window = Window::new(from);
    let mut count = 0;
    loop {
        let token = xml::next_token(window.view(), 0).map_err(std::io::Error::other)?;
        match token {
            Some(token) => {
                let opens = matches!(token.kind, Kind::Start | Kind::Empty);
                let name = xml::name(token.bytes(window.view()));
                count += usize::from(opens && xml::split_name(name).1 == b"si");
                window.advance(token.end);
            }
            None if window.more()? => {}
            None => return Ok(count),
        }
    }
}
