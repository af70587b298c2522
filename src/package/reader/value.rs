//! From a cell's bytes to its value (ECMA-376 part 1, 18.3.1.4 and 18.18.11).

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use super::formats::NumberKind;
use super::texts::Texts;
use super::{MAX_ROW_TEXT, Value, Visit};
use crate::package::cell::{CellType, Content};
use crate::package::scan::Cell;
use crate::package::{strings, text};

/// The cells of the row that is being read; their texts stand in one buffer.
#[derive(Default)]
pub(super) struct Row {
    index: u32,
    cells: Vec<(u32, Held)>,
    texts: String,
}

/// A value whose text, if it has one, stands elsewhere.
enum Held {
    Text(Range<usize>),
    Shared(usize),
    Number(f64, NumberKind),
    Bool(bool),
    Iso(Range<usize>),
    Error(Range<usize>),
    Uncalculated,
}

impl Row {
    pub fn start(&mut self, index: u32) {
        self.index = index;
        self.cells.clear();
        self.texts.clear();
    }

    /// Takes the next cell; one without a value and without a formula counts as not there.
    pub fn push(
        &mut self,
        cell: &Cell<'_>,
        prefix: &[u8],
        kind: NumberKind,
        texts: &Texts,
    ) -> Result<(), &'static str> {
        let held = self.hold(cell, prefix, kind, texts)?;
        if self.texts.len() > MAX_ROW_TEXT {
            return Err("its row has more text than a sheet");
        }
        let held = match held {
            Some(held) => held,
            None if cell.raw.formula.is_some() => Held::Uncalculated,
            None => return Ok(()),
        };
        self.cells.push((cell.column, held));
        Ok(())
    }

    fn hold(
        &mut self,
        cell: &Cell<'_>,
        prefix: &[u8],
        kind: NumberKind,
        texts: &Texts,
    ) -> Result<Option<Held>, &'static str> {
        let Some(content) = &cell.raw.value else {
            return Ok(None);
        };
        let bytes = |range: &Range<usize>| cell.bytes.get(range.clone()).unwrap_or_default();
        match content {
            Content::Rich(range) => {
                let start = self.texts.len();
                strings::push_rich_text(&mut self.texts, bytes(range), prefix)?;
                Ok(Some(Held::Text(start..self.texts.len())))
            }
            Content::Text(range) => Ok(Some(Held::Text(self.keep(bytes(range))?))),
            Content::Value(range) => self.hold_value(cell.raw.kind, bytes(range), kind, texts),
        }
    }

    fn hold_value(
        &mut self,
        cell: CellType,
        content: &[u8],
        kind: NumberKind,
        texts: &Texts,
    ) -> Result<Option<Held>, &'static str> {
        let raw = plain(content)?;
        let raw = raw.as_ref();
        Ok(match cell {
            CellType::Text => Some(Held::Text(self.keep(content)?)),
            CellType::Error => Some(Held::Error(self.keep(content)?)),
            CellType::Date => Some(Held::Iso(self.keep(content)?)),
            CellType::Unknown => return Err("its type is none of the standard's"),
            _ if raw.is_empty() => None,
            CellType::Inline => return Err("its inline text is missing"),
            CellType::Other => Some(match number(raw) {
                Some(number) => Held::Number(number, kind),
                // No type, and no number: a text is the kinder reading.
                None => Held::Text(self.keep(content)?),
            }),
            CellType::Number => {
                let number = number(raw).ok_or("its number can't be read")?;
                Some(Held::Number(number, kind))
            }
            CellType::Shared => {
                let index = raw.parse();
                let index = index.map_err(|_| "its shared string's number can't be read")?;
                if texts.get(index).is_none() {
                    return Err("its shared string is missing");
                }
                Some(Held::Shared(index))
            }
            CellType::Bool => match raw {
                "0" | "false" => Some(Held::Bool(false)),
                "1" | "true" => Some(Held::Bool(true)),
                _ => return Err("its boolean is neither 0 nor 1"),
            },
        })
    }

    fn keep(&mut self, raw: &[u8]) -> Result<Range<usize>, &'static str> {
        let start = self.texts.len();
        text::push_characters(&mut self.texts, raw)?;
        Ok(start..self.texts.len())
    }

    /// Shows the row, if it holds something.
    pub fn visit(&mut self, texts: &Texts, visit: &mut Visit) -> ControlFlow<()> {
        if self.cells.is_empty() {
            return ControlFlow::Continue(());
        }
        let cells = self.cells.iter();
        let values: Vec<(u32, Value<'_>)> = cells
            .map(|(column, held)| (*column, self.value(held, texts)))
            .collect();
        visit(self.index, &values)
    }

    fn value<'v>(&'v self, held: &Held, texts: &'v Texts) -> Value<'v> {
        let text = |range: &Range<usize>| self.texts.get(range.clone()).unwrap_or_default();
        match held {
            Held::Text(range) => Value::Text(text(range)),
            Held::Shared(index) => Value::Text(texts.get(*index).unwrap_or_default()),
            Held::Number(number, NumberKind::Plain) => Value::Number(*number),
            Held::Number(number, NumberKind::Date) => Value::Date(*number),
            Held::Number(number, NumberKind::Duration) => Value::Duration(*number),
            Held::Bool(value) => Value::Bool(*value),
            Held::Iso(range) => Value::Iso(text(range)),
            Held::Error(range) => Value::Error(text(range)),
            Held::Uncalculated => Value::Uncalculated,
        }
    }
}

/// The characters of a value that is no text, without comments, escapes and outer blanks.
fn plain(raw: &[u8]) -> Result<Cow<'_, str>, &'static str> {
    if memchr::memchr2(b'<', b'&', raw).is_none() {
        let text = std::str::from_utf8(raw.trim_ascii());
        return text.map(Cow::Borrowed).map_err(|_| "its text is not UTF-8");
    }
    let mut out = String::new();
    text::push_xml_characters(&mut out, raw)?;
    Ok(Cow::Owned(out.trim_ascii().to_owned()))
}

/// A number as XML Schema writes a double; neither infinite nor without value.
fn number(raw: &str) -> Option<f64> {
    let number: f64 = raw.parse().ok()?;
    number.is_finite().then_some(number)
}
