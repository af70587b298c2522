//! `content.xml`: tables, rows, cells (ODF 1.2 part 1, 9.1 and 19.385).

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;

use super::Sheet;
use super::stream::{Cause, Stream, Tag};
use crate::package::opc::Visibility;
use crate::package::reader::{MAX_ROW_TEXT, Value};
use crate::package::refs::{LAST_COLUMN, LAST_ROW};
use crate::package::rows::Rows;

/// Spaces that one `text:s` may stand for: a cell holds no more letters.
const MAX_SPACES: u32 = 32_767;

/// What the prefixes stand for that are looked for.
const PREFIXES: [(&str, &str); 4] = [
    (
        "xmlns:office",
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    ),
    (
        "xmlns:style",
        "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    ),
    (
        "xmlns:table",
        "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    ),
    (
        "xmlns:text",
        "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    ),
];

/// Reads the sheets in the order of their tabs.
pub(super) fn read(from: impl Read) -> Result<Vec<Sheet>, Cause> {
    let mut reader = Reader {
        stream: Stream::new(from)?,
        hidden: BTreeMap::new(),
        style: None,
    };
    reader.root()?;
    let mut sheets: Vec<Sheet> = Vec::new();
    while let Some(tag) = reader.stream.next(None)? {
        if tag == Tag::End {
            continue;
        }
        match reader.stream.name() {
            b"style:style" => reader.style = reader.stream.attribute("style:name")?,
            b"style:table-properties" => reader.note_visibility()?,
            // Copies of other documents' cells.
            b"table:dde-links" => reader.stream.skip()?,
            b"table:table" => {
                let sheet = reader.table()?;
                if sheets.iter().any(|known| known.name == sheet.name) {
                    return Err("two sheets bear one name".into());
                }
                sheets.push(sheet);
            }
            _ => {}
        }
    }
    if sheets.is_empty() {
        return Err("it has no sheet".into());
    }
    Ok(sheets)
}

struct Reader<R> {
    stream: Stream<R>,
    /// By style, whether its sheets are hidden.
    hidden: BTreeMap<String, bool>,
    /// The style that is being defined.
    style: Option<String>,
}

/// A cell's value before its text is known.
enum Found {
    Nothing,
    /// Its text is its value.
    Words,
    Number(f64),
    Bool(bool),
    Iso(String),
    Said(String),
    Error,
    /// Nothing that its attributes say: its text, where it has one, is what the formula gave.
    Formula,
}

/// A value whose text stands in the row's buffer.
enum Held {
    Number(f64),
    Bool(bool),
    Text(Range<usize>),
    Iso(Range<usize>),
    Error(Range<usize>),
    Uncalculated,
}

/// The cells of a row, from left to right.
#[derive(Default)]
struct Row {
    texts: String,
    cells: Vec<(u32, Held)>,
    /// The next cell's column.
    next: u32,
}

impl<R: Read> Reader<R> {
    fn root(&mut self) -> Result<(), Cause> {
        let started = self.stream.next(None)?;
        if started.is_none() || self.stream.name() != b"office:document-content" {
            return Err("it is no document content".into());
        }
        for (prefix, wanted) in PREFIXES {
            let bound = self.stream.raw(prefix)?;
            if bound.is_some_and(|bound| bound != wanted.as_bytes()) {
                return Err("its prefixes stand for something unusual".into());
            }
        }
        Ok(())
    }

    fn note_visibility(&mut self) -> Result<(), Cause> {
        let hidden = self.stream.raw("table:display")? == Some(b"false");
        if let Some(style) = &self.style {
            self.hidden.insert(style.clone(), hidden);
        }
        Ok(())
    }

    fn table(&mut self) -> Result<Sheet, Cause> {
        let name = self.stream.attribute("table:name")?;
        let style = self.stream.attribute("table:style-name")?;
        let hidden = style.and_then(|style| self.hidden.get(&style).copied());
        let mut rows = Rows::default();
        let mut next = 0u32;
        let depth = self.stream.depth();
        loop {
            match self.stream.next(None)? {
                None => return Err("it ends too early".into()),
                Some(Tag::End) if self.stream.depth() < depth => break,
                Some(Tag::End) => {}
                Some(Tag::Start) => match self.stream.name() {
                    b"table:table-row" => next = self.row(&mut rows, next)?,
                    b"table:table-rows" | b"table:table-header-rows" | b"table:table-row-group" => {
                    }
                    _ => self.stream.skip()?,
                },
            }
        }
        let name = name.ok_or("a sheet without a name")?;
        if name.contains(char::is_control) {
            return Err("a control character in a sheet's name".into());
        }
        Ok(Sheet {
            name,
            visibility: match hidden {
                Some(true) => Visibility::Hidden,
                _ => Visibility::Visible,
            },
            rows,
        })
    }

    /// Reads a row that stands at `next`; returns where the one after it stands.
    fn row(&mut self, rows: &mut Rows, next: u32) -> Result<u32, Cause> {
        let repeated = self.repeated("table:number-rows-repeated")?;
        let mut row = Row::default();
        let depth = self.stream.depth();
        loop {
            match self.stream.next(None)? {
                None => return Err("it ends too early".into()),
                Some(Tag::End) if self.stream.depth() < depth => break,
                Some(Tag::End) => {}
                Some(Tag::Start) => match self.stream.name() {
                    b"table:table-cell" | b"table:covered-table-cell" => self.cell(&mut row)?,
                    _ => self.stream.skip()?,
                },
            }
        }
        let after = next.saturating_add(repeated);
        if !row.cells.is_empty() && after - 1 > LAST_ROW {
            return Err("a cell off the sheet".into());
        }
        rows.push(next, repeated, &row.values())?;
        Ok(after)
    }

    fn repeated(&self, name: &str) -> Result<u32, Cause> {
        let Some(raw) = self.stream.raw(name)? else {
            return Ok(1);
        };
        let digits = std::str::from_utf8(raw).ok();
        let count = digits.and_then(|digits| digits.trim().parse::<u32>().ok());
        let count = count.filter(|count| *count > 0);
        count.ok_or_else(|| "a repetition that is no number".into())
    }

    fn cell(&mut self, row: &mut Row) -> Result<(), Cause> {
        let repeated = self.repeated("table:number-columns-repeated")?;
        let found = self.value()?;
        let start = row.texts.len();
        let has_text = self.words(&mut row.texts)?;
        if row.texts.len() > MAX_ROW_TEXT {
            return Err(Cause::TooMuch);
        }
        let words = start..row.texts.len();
        let held = match found {
            // LibreOffice gives a formula that came to "" an empty paragraph, and no type.
            Found::Formula if !has_text => Some(Held::Uncalculated),
            Found::Nothing | Found::Formula if words.is_empty() => None,
            Found::Nothing | Found::Formula | Found::Words => Some(Held::Text(words)),
            Found::Number(number) => Some(Held::Number(number)),
            Found::Bool(value) => Some(Held::Bool(value)),
            Found::Iso(text) => Some(Held::Iso(row.keep(&text))),
            Found::Said(text) => Some(Held::Text(row.keep(&text))),
            Found::Error => Some(Held::Error(words)),
        };
        let first = row.next;
        row.next = first.saturating_add(repeated);
        let Some(held) = held else {
            return Ok(());
        };
        if row.next - 1 > LAST_COLUMN {
            return Err("a cell off the sheet".into());
        }
        let copies = (first..row.next).map(|column| (column, held.copy()));
        row.cells.extend(copies);
        Ok(())
    }

    /// What the attributes of a cell say that it holds.
    fn value(&self) -> Result<Found, Cause> {
        let stream = &self.stream;
        if stream.raw("calcext:value-type")? == Some(b"error") {
            return Ok(Found::Error);
        }
        let kind = stream.raw("office:value-type")?;
        Ok(match kind {
            Some(b"string") => match stream.attribute("office:string-value")? {
                Some(text) => Found::Said(text),
                None => Found::Words,
            },
            Some(b"date") => Found::Iso(self.wanted("office:date-value")?),
            Some(b"time") => Found::Iso(self.wanted("office:time-value")?),
            Some(b"boolean") => Found::Bool(match self.wanted("office:boolean-value")?.as_str() {
                "true" => true,
                "false" => false,
                _ => return Err("a boolean that is neither true nor false".into()),
            }),
            // So LibreOffice keeps a TRUE or FALSE of Excel's that no formula gave.
            Some(b"float") if let Some(value) = self.lone_bool()? => Found::Bool(value),
            Some(b"float" | b"percentage" | b"currency") => {
                let number = self.wanted("office:value")?.trim().parse().ok();
                let number = number.filter(|number: &f64| number.is_finite());
                Found::Number(number.ok_or("a number that can't be read")?)
            }
            Some(b"void") => Found::Nothing,
            Some(_) => return Err("a type that is none of the standard's".into()),
            None if stream.raw("table:formula")?.is_some() => Found::Formula,
            None => Found::Nothing,
        })
    }

    /// A formula that is nothing but a truth value.
    fn lone_bool(&self) -> Result<Option<bool>, Cause> {
        Ok(match self.stream.raw("table:formula")? {
            Some(b"of:=TRUE()") => Some(true),
            Some(b"of:=FALSE()") => Some(false),
            _ => None,
        })
    }

    fn wanted(&self, name: &str) -> Result<String, Cause> {
        let value = self.stream.attribute(name)?;
        value.ok_or_else(|| format!("a cell without its {name}").as_str().into())
    }

    /// The paragraphs of a cell, a line each; notes, pictures and shapes are not its text. Whether
    /// there is one, be it empty.
    fn words(&mut self, out: &mut String) -> Result<bool, Cause> {
        let depth = self.stream.depth();
        let mut first = true;
        loop {
            match self.stream.next(None)? {
                None => return Err("it ends too early".into()),
                Some(Tag::End) if self.stream.depth() < depth => return Ok(!first),
                Some(Tag::End) => {}
                Some(Tag::Start) if self.stream.name() == b"text:p" => {
                    if !std::mem::take(&mut first) {
                        out.push('\n');
                    }
                    self.paragraph(out)?;
                }
                Some(Tag::Start) => self.stream.skip()?,
            }
        }
    }

    fn paragraph(&mut self, out: &mut String) -> Result<(), Cause> {
        let depth = self.stream.depth();
        let start = out.len();
        let mut run = String::new();
        loop {
            run.clear();
            let tag = self.stream.next(Some(&mut run))?;
            push_collapsed(out, &run, start);
            match tag {
                None => return Err("it ends too early".into()),
                Some(Tag::End) if self.stream.depth() < depth => return Ok(()),
                Some(Tag::End) => {}
                Some(Tag::Start) => match self.stream.name() {
                    b"text:s" => {
                        let count = self.spaces()?;
                        out.extend(std::iter::repeat_n(' ', count));
                    }
                    b"text:tab" => out.push('\t'),
                    b"text:line-break" => out.push('\n'),
                    // Notes and the reading aids of ruby text.
                    b"office:annotation" | b"text:note" | b"text:ruby-text" => {
                        self.stream.skip()?;
                    }
                    _ => {}
                },
            }
        }
    }

    fn spaces(&self) -> Result<usize, Cause> {
        let count = match self.stream.raw("text:c")? {
            None => 1,
            Some(raw) => {
                let digits = std::str::from_utf8(raw).ok();
                let count = digits.and_then(|digits| digits.trim().parse().ok());
                count.ok_or("spaces that are no number")?
            }
        };
        if count > MAX_SPACES {
            return Err(Cause::TooMuch);
        }
        Ok(count as usize)
    }
}

/// Blanks and line ends of the file are one blank, and none at a paragraph's start (6.1.2).
fn push_collapsed(out: &mut String, run: &str, start: usize) {
    for letter in run.chars() {
        if !matches!(letter, ' ' | '\t' | '\r' | '\n') {
            out.push(letter);
        } else if out.len() > start && !out.ends_with(' ') {
            out.push(' ');
        }
    }
}

impl Held {
    fn copy(&self) -> Self {
        match self {
            Self::Number(number) => Self::Number(*number),
            Self::Bool(value) => Self::Bool(*value),
            Self::Text(range) => Self::Text(range.clone()),
            Self::Iso(range) => Self::Iso(range.clone()),
            Self::Error(range) => Self::Error(range.clone()),
            Self::Uncalculated => Self::Uncalculated,
        }
    }
}

impl Row {
    fn keep(&mut self, text: &str) -> Range<usize> {
        let start = self.texts.len();
        self.texts.push_str(text);
        start..self.texts.len()
    }

    fn values(&self) -> Vec<(u32, Value<'_>)> {
        let text = |range: &Range<usize>| self.texts.get(range.clone()).unwrap_or_default();
        let value = |held: &Held| match held {
            Held::Number(number) => Value::Number(*number),
            Held::Bool(value) => Value::Bool(*value),
            Held::Text(range) => Value::Text(text(range)),
            Held::Iso(range) => Value::Iso(text(range)),
            Held::Error(range) => Value::Error(text(range)),
            Held::Uncalculated => Value::Uncalculated,
        };
        let cells = self.cells.iter();
        cells.map(|(column, held)| (*column, value(held))).collect()
    }
}
