//! One `<c>` element (ECMA-376 part 1, 18.3.1.4), measured without reading its value.

use std::ops::Range;

use memchr::memmem::{Finder, FinderRev};

use super::refs;
use super::xml::{self, Fault, Kind};

/// How a cell's value is to be read (18.18.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum CellType {
    Shared,
    Inline,
    /// A formula's text.
    Text,
    Bool,
    Error,
    /// A date as ISO 8601 text, in Strict workbooks.
    Date,
    /// A number that says so.
    Number,
    /// A number, as is usual.
    #[default]
    Other,
    /// Nothing that the standard knows.
    Unknown,
}

impl CellType {
    fn of(value: &[u8]) -> Self {
        match value {
            b"s" => Self::Shared,
            b"inlineStr" => Self::Inline,
            b"str" => Self::Text,
            b"b" => Self::Bool,
            b"e" => Self::Error,
            b"d" => Self::Date,
            b"n" => Self::Number,
            _ => Self::Unknown,
        }
    }
}

/// What kind of formula a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Formula {
    Own,
    /// The cell whose formula others share.
    SharedMaster,
    /// An array formula or a data table, with the range that it fills.
    Array(Vec<u8>),
}

/// What a cell's value is made of, by its place in the cell's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// A `v`.
    Value(Range<usize>),
    /// The one `t` of a plain `is`.
    Text(Range<usize>),
    /// What stands within an `is`.
    Rich(Range<usize>),
}

/// A cell's shape.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawCell {
    /// Bytes from `<` of its start tag to the end of its end tag.
    pub length: usize,
    /// Its reference, when it has one.
    pub place: Option<(u32, u32)>,
    pub style: Option<u32>,
    pub kind: CellType,
    /// Where its value stands in its bytes, when it has one.
    pub value: Option<Content>,
    /// It has a value that is not empty, or a formula.
    pub filled: bool,
    pub formula: Option<Formula>,
    /// It has `cm` or `vm`.
    pub rich: bool,
    /// It holds what could pass for another cell's or row's tag to who looks for those alone.
    pub odd: bool,
}

/// The tags of nearly all cells, with the sheet's prefix.
#[derive(Debug, Default)]
pub(super) struct Tags {
    cell: Vec<u8>,
    value: Vec<u8>,
    end: Vec<u8>,
    inline: Vec<u8>,
    inline_end: Vec<u8>,
    row_close: Vec<u8>,
    /// Both made once: they are asked for in every row.
    row_end: Option<Finder<'static>>,
    last: Option<FinderRev<'static>>,
}

impl Tags {
    pub fn with(prefix: &[u8]) -> Self {
        Self {
            cell: [b"<", prefix, b"c "].concat(),
            value: [b"<", prefix, b"v>"].concat(),
            end: [b"</", prefix, b"v></", prefix, b"c>"].concat(),
            inline: [b"<", prefix, b"is><", prefix, b"t"].concat(),
            inline_end: [b"</", prefix, b"t></", prefix, b"is></", prefix, b"c>"].concat(),
            row_close: [b"</", prefix, b"row>"].concat(),
            row_end: Some(Finder::new(&[b"</", prefix, b"row"].concat()).into_owned()),
            last: Some(FinderRev::new(&[b"<", prefix, b"c "].concat()).into_owned()),
        }
    }

    pub fn begin(&self, data: &[u8]) -> bool {
        begins(data, &self.cell)
    }

    /// The length of the end tag of a row, where it begins `data` as nearly all writers have it.
    pub fn row_close(&self, data: &[u8]) -> Option<usize> {
        begins(data, &self.row_close).then_some(self.row_close.len())
    }

    /// Where the text of a plain value begins in `data`, and what must follow it.
    fn content(&self, data: &[u8]) -> Option<(usize, &[u8])> {
        if begins(data, &self.value) {
            return Some((self.value.len(), &self.end));
        }
        if !begins(data, &self.inline) {
            return None;
        }
        let from = self.inline.len();
        let rest = data.get(from..)?;
        let space = b" xml:space=\"preserve\">";
        let tag = if rest.first() == Some(&b'>') {
            1
        } else if begins(rest, space) {
            space.len()
        } else {
            return None;
        };
        Some((from + tag, &self.inline_end))
    }

    /// Where the row ends whose cells begin `data`: the place of its end tag.
    pub fn row_end(&self, data: &[u8]) -> Option<usize> {
        self.row_end.as_ref()?.find(data)
    }

    /// The last cell in `row`: its place, and where it says that it is.
    pub fn last_cell(&self, row: &[u8]) -> Option<(usize, (u32, u32))> {
        let at = self.last.as_ref()?.rfind(row)?;
        let tag = xml::next_token(row, at).ok()??.bytes(row);
        let place = xml::attributes(tag).flatten().find(|a| a.name == b"r")?;
        Some((at, refs::parse(place.value)?))
    }
}

/// Where the next tag begins: within a few bytes, mostly.
fn find_tag(data: &[u8]) -> Option<usize> {
    let near = data.iter().take(12).position(|byte| *byte == b'<');
    near.or_else(|| memchr::memchr(b'<', data))
}

/// `starts_with` for a few bytes, without a call.
pub(super) fn begins(data: &[u8], with: &[u8]) -> bool {
    data.len() >= with.len() && data.iter().zip(with).all(|(left, right)| left == right)
}

/// [`measure`] for a cell that is written as Excel and most writers do, with no value or a plain one.
/// `None` for any other: nothing but speed depends on this (it is four times as fast).
pub(super) fn measure_plain(data: &[u8], tags: &Tags) -> Option<RawCell> {
    let mut cell = RawCell::default();
    let mut at = tags.cell.len();
    loop {
        let name = match *data.get(at)? {
            b' ' => {
                at += 1;
                continue;
            }
            b'>' => break,
            b'/' if data.get(at + 1) == Some(&b'>') => {
                cell.length = at + 2;
                return Some(cell);
            }
            name => name,
        };
        if data.get(at + 1..at + 3) != Some(b"=\"") {
            return None;
        }
        let rest = data.get(at + 3..)?;
        let length = rest.iter().take(16).position(|byte| *byte == b'"')?;
        let value = rest.get(..length)?;
        match name {
            b'r' if cell.place.is_none() => cell.place = Some(refs::parse(value)?),
            b's' if cell.style.is_none() => cell.style = Some(refs::parse_number(value)?),
            b't' if cell.kind == CellType::Other => cell.kind = CellType::of(value),
            _ => return None,
        }
        at += length + 4;
    }
    let (from, end) = tags.content(data.get(at + 1..)?)?;
    let inline = end.len() > tags.end.len();
    if inline != (cell.kind == CellType::Inline) {
        return None;
    }
    let rest = data.get(at + 1 + from..)?;
    let length = find_tag(rest)?;
    if !begins(rest.get(length..)?, end) {
        return None;
    }
    // An `is` is filled by its `t`, whatever that holds.
    cell.filled = length > 0 || inline;
    let start = at + 1 + from;
    let content = start..start + length;
    cell.value = Some(if inline {
        Content::Text(content)
    } else {
        Content::Value(content)
    });
    cell.length = at + 1 + from + length + end.len();
    Some(cell)
}

/// Measures the cell whose start tag begins `data`; `None` when its end is not there yet.
/// `prefix` is that of `sheetData`, colon included.
pub(super) fn measure(data: &[u8], prefix: &[u8]) -> Result<Option<RawCell>, Fault> {
    let Some(token) = xml::next_token(data, 0)? else {
        return Ok(None);
    };
    let mut cell = start_tag(token.bytes(data), prefix)?;
    cell.length = token.end;
    if token.kind == Kind::Empty {
        return Ok(Some(cell));
    }
    let mut depth = 1usize;
    let own = xml::name(token.bytes(data));
    // Of the element within the cell that is open.
    let mut child: &[u8] = &[];
    let mut value_from = None;
    let mut at = token.end;
    while let Some(token) = xml::next_token(data, at)? {
        at = token.end;
        match token.kind {
            Kind::Doctype => return Err(Fault("a DOCTYPE within the sheet")),
            Kind::Aside => cell.odd = true,
            Kind::Start | Kind::Empty => {
                let tag = token.bytes(data);
                let local = xml::name(tag).strip_prefix(prefix);
                cell.odd |= matches!(local, Some(b"c" | b"row"));
                if depth == 1 {
                    child = xml::name(tag);
                    match local {
                        Some(b"f") => {
                            cell.formula = Some(formula(tag, prefix)?);
                            cell.filled = true;
                        }
                        Some(b"v" | b"is") if token.kind == Kind::Start => {
                            value_from = Some((token.end, local == Some(b"is")));
                        }
                        Some(b"v") => cell.note(token.end..token.end, false)?,
                        _ => {}
                    }
                }
                depth += usize::from(token.kind == Kind::Start);
            }
            Kind::End => {
                depth -= 1;
                let name = xml::name(token.bytes(data));
                if (depth == 1 && name != child) || (depth == 0 && name != own) {
                    return Err(Fault("an end tag of another element"));
                }
                if depth == 1
                    && let Some((from, rich)) = value_from.take()
                {
                    cell.filled |= from < token.start;
                    cell.note(from..token.start, rich)?;
                }
                if depth == 0 {
                    cell.length = token.end;
                    return Ok(Some(cell));
                }
            }
        }
    }
    Ok(None)
}

impl RawCell {
    /// Takes a `v` or an `is`. Writers that put both into a cell of inline text repeat it in the `v`.
    fn note(&mut self, content: Range<usize>, rich: bool) -> Result<(), Fault> {
        let inline = self.kind == CellType::Inline;
        match (&self.value, rich) {
            (Some(Content::Rich(_)), false) if inline => return Ok(()),
            (Some(Content::Value(_)), true) if inline => {}
            (Some(_), _) => return Err(Fault("a cell with two values")),
            (None, true) if !inline => {
                return Err(Fault("an inline text in a cell of another type"));
            }
            (None, _) => {}
        }
        self.value = Some(if rich {
            Content::Rich(content)
        } else {
            Content::Value(content)
        });
        Ok(())
    }
}

fn start_tag(tag: &[u8], prefix: &[u8]) -> Result<RawCell, Fault> {
    let mut cell = RawCell::default();
    let mut kind = None;
    for attribute in xml::attributes(tag) {
        let attribute = attribute?;
        let again = match attribute.name {
            b"r" => cell.place.is_some(),
            b"s" => cell.style.is_some(),
            b"t" => kind.is_some(),
            _ => false,
        };
        if again {
            return Err(Fault("an attribute that is there twice"));
        }
        match attribute.name {
            b"r" => {
                let place = refs::parse(attribute.value);
                cell.place = Some(place.ok_or(Fault("a cell reference off the sheet"))?);
            }
            // Some writers leave it empty; only a cell that we write again loses that.
            b"s" => cell.style = refs::parse_number(attribute.value),
            b"t" => {
                kind = Some(CellType::of(attribute.value));
            }
            b"cm" | b"vm" => cell.rich |= attribute.value != b"0",
            name => refuse_rebinding(name, attribute.value, prefix)?,
        }
    }
    cell.kind = kind.unwrap_or_default();
    Ok(cell)
}

fn formula(tag: &[u8], prefix: &[u8]) -> Result<Formula, Fault> {
    let (mut kind, mut range) = (&b""[..], None);
    for attribute in xml::attributes(tag) {
        let attribute = attribute?;
        match attribute.name {
            b"t" => kind = attribute.value,
            b"ref" => range = Some(attribute.value),
            name => refuse_rebinding(name, attribute.value, prefix)?,
        }
    }
    Ok(match (kind, range) {
        (b"array" | b"dataTable", Some(range)) => Formula::Array(range.to_vec()),
        (b"shared", Some(_)) => Formula::SharedMaster,
        _ => Formula::Own,
    })
}

/// Within `sheetData` elements are known by its prefix: a tag that gives it another meaning can't be followed.
pub(super) fn refuse_rebinding(name: &[u8], uri: &[u8], prefix: &[u8]) -> Result<(), Fault> {
    let Some(declared) = xml::declared_prefix(name) else {
        return Ok(());
    };
    let ours = prefix.strip_suffix(b":").unwrap_or(prefix);
    // Another prefix for the same namespace would hide rows and cells from us.
    if (declared == ours) == xml::is_sheet_namespace(uri) {
        return Ok(());
    }
    Err(Fault("namespaces change within the rows"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> RawCell {
        let found = measure(text.as_bytes(), b"").unwrap().unwrap();
        assert_eq!(found.length, text.len());
        found
    }

    #[test]
    fn shapes_of_cells() {
        let found = cell("<c r=\"B2\" s=\"3\" t=\"s\"><v>1</v></c>");
        assert_eq!(found.place, Some((1, 1)));
        assert_eq!((found.style, found.kind), (Some(3), CellType::Shared));
        assert!(found.filled && found.formula.is_none() && !found.rich);
        assert!(!cell("<c r=\"B2\"/>").filled);
        assert!(!cell("<c><v></v></c>").filled);
        assert!(!cell("<c><v/></c>").filled);
        assert!(cell("<c t='inlineStr'><is><t>v</t></is></c>").filled);
        assert!(cell("<c vm='1'><v>1</v></c>").rich);
    }

    #[test]
    fn plain_cells_are_measured_alike() {
        for (text, plain) in [
            ("<c r=\"B2\" s=\"3\" t=\"s\"><v>1</v></c>", true),
            ("<c  r=\"B2\" ><v></v></c>", true),
            ("<c r=\"B2\" s=\"3\"/>", true),
            ("<c r=\"B2\" s=\"3\"></c>", false),
            ("<c r='B2'><v>1</v></c>", false),
            ("<c r=\"B2\"><v>1</v><extLst/></c>", false),
            ("<c r=\"B2\"><v><![CDATA[1]]></v></c>", false),
            ("<c r=\"B2\"><f>1</f><v>1</v></c>", false),
            ("<c r=\"B2\" vm=\"1\"><v>1</v></c>", false),
        ] {
            let found = measure_plain(text.as_bytes(), &Tags::with(b""));
            assert_eq!(found.is_some(), plain, "{text}");
            let slow = cell(text);
            assert!(found.is_none_or(|found| found == slow), "{text}");
            for cut in 0..text.len() {
                let part = text.as_bytes().get(..cut).unwrap();
                assert_eq!(measure_plain(part, &Tags::with(b"")), None);
            }
        }
    }

    #[test]
    fn formulas_of_every_kind() {
        assert_eq!(cell("<c><f>A1</f></c>").formula, Some(Formula::Own));
        let shared = cell("<c><f t='shared' ref='A1:A3' si='0'>B1</f></c>");
        assert_eq!(shared.formula, Some(Formula::SharedMaster));
        let child = cell("<c><f t='shared' si='0'/><v>1</v></c>");
        assert_eq!(child.formula, Some(Formula::Own));
        let array = cell("<c><f t='array' ref='A1:A3'>B1</f></c>");
        assert_eq!(array.formula, Some(Formula::Array(b"A1:A3".to_vec())));
    }

    #[test]
    fn unfinished_or_strange_cells() {
        assert!(measure(b"<c r='A1'><v>1</v>", b"").unwrap().is_none());
        assert!(measure(b"<c r='ZZZZ1'/>", b"").is_err());
        assert!(measure(b"<c xmlns='urn:x'/>", b"").is_err());
        assert!(
            measure(b"<x:c xmlns:a='urn:x' r='A1'/>", b"x:")
                .unwrap()
                .is_some()
        );
    }
}
