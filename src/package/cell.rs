//! One `<c>` element (ECMA-376 part 1, 18.3.1.4), measured without reading its value.

use super::refs;
use super::xml::{self, Fault, Kind};

/// How a cell's value is to be read (18.18.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum CellType {
    Shared,
    Inline,
    /// A formula's text.
    Text,
    /// Numbers, booleans, errors, dates.
    #[default]
    Other,
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

/// A cell's shape.
#[derive(Debug, Clone, Default)]
pub(super) struct RawCell {
    /// Bytes from `<` of its start tag to the end of its end tag.
    pub length: usize,
    /// Its reference, when it has one.
    pub place: Option<(u32, u32)>,
    pub style: Option<u32>,
    pub kind: CellType,
    /// It has a value that is not empty, or a formula.
    pub filled: bool,
    pub formula: Option<Formula>,
    /// It has `cm` or `vm`.
    pub rich: bool,
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
    let mut value_from = None;
    let mut at = token.end;
    while let Some(token) = xml::next_token(data, at)? {
        at = token.end;
        match token.kind {
            Kind::Doctype => return Err(Fault("a DOCTYPE within the sheet")),
            Kind::Aside => {}
            Kind::Start | Kind::Empty => {
                if depth == 1 {
                    let tag = token.bytes(data);
                    match xml::name(tag).strip_prefix(prefix) {
                        Some(b"f") => {
                            cell.formula = Some(formula(tag, prefix)?);
                            cell.filled = true;
                        }
                        Some(b"v" | b"is") => value_from = Some(token.end),
                        _ => {}
                    }
                }
                depth += usize::from(token.kind == Kind::Start);
            }
            Kind::End => {
                depth -= 1;
                if depth == 1 && value_from.take().is_some_and(|from| from < token.start) {
                    cell.filled = true;
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

fn start_tag(tag: &[u8], prefix: &[u8]) -> Result<RawCell, Fault> {
    let mut cell = RawCell::default();
    for attribute in xml::attributes(tag) {
        let attribute = attribute?;
        match attribute.name {
            b"r" => {
                let place = refs::parse(attribute.value);
                cell.place = Some(place.ok_or(Fault("a cell reference off the sheet"))?);
            }
            b"s" => {
                let style = refs::parse_number(attribute.value);
                cell.style = Some(style.ok_or(Fault("a style that is no number"))?);
            }
            b"t" => {
                cell.kind = match attribute.value {
                    b"s" => CellType::Shared,
                    b"inlineStr" => CellType::Inline,
                    b"str" => CellType::Text,
                    _ => CellType::Other,
                }
            }
            b"cm" | b"vm" => cell.rich |= attribute.value != b"0",
            name => refuse_rebinding(name, attribute.value, prefix)?,
        }
    }
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
