//! What changes before the rows: the sheet's dimension, and the widths of columns that we add.

use std::collections::BTreeMap;

use super::edit::SheetEdit;
use super::outline::Outline;
use super::place::Layout;
use super::refs::{self, Area};
use super::scan::Head;
use super::splice::Splices;
use super::xml::{self, Namespace};

pub(super) fn plan(edit: &SheetEdit, layout: &Layout, head: &Head, splices: &mut Splices) {
    widen_dimension(edit, layout, head, splices);
    set_widths(edit, layout, head, splices);
}

/// A hint for readers (18.3.1.35): it must cover what we write.
fn widen_dimension(edit: &SheetEdit, layout: &Layout, head: &Head, splices: &mut Splices) {
    let Some((range, text)) = &head.dimension else {
        return;
    };
    let Some(old) = Area::parse(text) else {
        return;
    };
    let mut area = old;
    for (seat, owned) in layout.seats.iter().zip(&edit.columns) {
        let written = owned.cells.iter().filter(|(_, cell)| !cell.is_nothing());
        let header = seat.added.then_some(owned.header_row);
        for row in header.into_iter().chain(written.map(|(row, _)| *row)) {
            area.first_row = area.first_row.min(row);
            area.last_row = area.last_row.max(row);
            area.first_column = area.first_column.min(seat.column);
            area.last_column = area.last_column.max(seat.column);
        }
    }
    if area != old {
        splices.replace(range.clone(), area.to_string().as_bytes());
    }
}

/// Widths of new columns; `cols` that overlap or can't be read are left alone.
fn set_widths(edit: &SheetEdit, layout: &Layout, head: &Head, splices: &mut Splices) {
    let widths: BTreeMap<u32, f64> = layout
        .seats
        .iter()
        .zip(&edit.columns)
        .filter(|(seat, _)| seat.added)
        .filter_map(|(seat, owned)| Some((seat.column, owned.width?)))
        .filter(|(_, width)| (0.0..=255.0).contains(width))
        .collect();
    if widths.is_empty() {
        return;
    }
    let name = |local: &str| [head.prefix.as_slice(), local.as_bytes()].concat();
    let Some((at, bytes)) = &head.cols else {
        let mut all = [b"<", name("cols").as_slice(), b">"].concat();
        for (column, width) in &widths {
            all.extend_from_slice(&new_col(&name("col"), *column, *width));
        }
        all.extend_from_slice(&[b"</", name("cols").as_slice(), b">"].concat());
        let at = head.rows.start;
        return splices.replace(at..at, &all);
    };
    if let Some(changed) = changed_cols(bytes, &head.prefix, &widths) {
        splices.replace(*at..*at + bytes.len() as u64, &changed);
    }
}

fn new_col(name: &[u8], column: u32, width: f64) -> Vec<u8> {
    let number = column + 1;
    let attributes =
        format!(" min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>");
    [b"<", name, attributes.as_bytes()].concat()
}

/// One `<col>`: 1-based columns, and its tag.
struct Col {
    min: u32,
    max: u32,
    tag: Vec<u8>,
}

fn changed_cols(bytes: &[u8], prefix: &[u8], widths: &BTreeMap<u32, f64>) -> Option<Vec<u8>> {
    // The fragment lacks the sheet's declarations: one is put around it.
    let declared = prefix.strip_suffix(b":").map_or_else(
        || "xmlns".to_owned(),
        |prefix| format!("xmlns:{}", String::from_utf8_lossy(prefix)),
    );
    let uri = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let around = format!("<around {declared}=\"{uri}\">");
    let data = [around.as_bytes(), bytes, b"</around>"].concat();
    let outline = Outline::parse(&data).ok()?;
    let cols = outline
        .root()
        .child("cols")
        .or_else(|| outline.root().children().next())?;
    if cols.self_closed() {
        return None;
    }
    let mut listed = Vec::new();
    let mut last = 0;
    for col in cols.children() {
        let (min, max) = (col.number("min")?, col.number("max")?);
        if !col.is(Namespace::Sheet, "col") || !col.self_closed() || min <= last || max < min {
            return None;
        }
        last = max;
        listed.push(Col {
            min,
            max,
            tag: col.tag().to_vec(),
        });
    }
    let name = [prefix, b"col"].concat();
    let mut out = cols.tag().to_vec();
    let mut new: Vec<(u32, f64)> = widths.iter().map(|(c, w)| (c + 1, *w)).collect();
    new.reverse();
    for col in &listed {
        while new.last().is_some_and(|(column, _)| *column < col.min) {
            let (column, width) = new.pop()?;
            out.extend_from_slice(&new_col(&name, column - 1, width));
        }
        let mut from = col.min;
        while new.last().is_some_and(|(column, _)| *column <= col.max) {
            let (column, width) = new.pop()?;
            if from < column {
                out.extend_from_slice(&part_of(col, from, column - 1)?);
            }
            out.extend_from_slice(&resized(col, column, width));
            from = column + 1;
        }
        if from <= col.max {
            out.extend_from_slice(&part_of(col, from, col.max)?);
        }
    }
    while let Some((column, width)) = new.pop() {
        out.extend_from_slice(&new_col(&name, column - 1, width));
    }
    out.extend_from_slice(&[b"</", cols.name(), b">"].concat());
    Some(out)
}

/// A `<col>` with other ends; all else as it stands.
fn part_of(col: &Col, min: u32, max: u32) -> Option<Vec<u8>> {
    let mut splices = Splices::default();
    for attribute in xml::attributes(&col.tag) {
        let attribute = attribute.ok()?;
        let new = match attribute.name {
            b"min" => min,
            b"max" => max,
            _ => continue,
        };
        let range = super::tables::wide(attribute.range);
        splices.replace(range, new.to_string().as_bytes());
    }
    splices.applied(&col.tag).ok()
}

/// One column out of a `<col>`: it keeps its style, and shows, since it is ours.
fn resized(col: &Col, column: u32, width: f64) -> Vec<u8> {
    let style = xml::attributes(&col.tag)
        .flatten()
        .find(|attribute| attribute.name == b"style")
        .and_then(|attribute| refs::parse_number(attribute.value));
    let name = xml::name(&col.tag);
    let plain = new_col(name, column - 1, width);
    let Some(style) = style else {
        return plain;
    };
    let styled = format!(" style=\"{style}\"/>");
    [
        plain.strip_suffix(b"/>").unwrap_or(&plain),
        styled.as_bytes(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(cols: &str, widths: &[(u32, f64)]) -> Option<String> {
        let widths = widths.iter().copied().collect();
        let out = changed_cols(cols.as_bytes(), b"", &widths)?;
        String::from_utf8(out).ok()
    }

    #[test]
    fn a_col_is_split_around_ours() {
        let cols = "<cols><col min=\"1\" max=\"2\" width=\"9\"/><col min=\"4\" max=\"16384\" style=\"3\" hidden=\"1\"/></cols>";
        assert_eq!(
            changed(cols, &[(5, 12.5), (6, 50.0)]).unwrap(),
            "<cols><col min=\"1\" max=\"2\" width=\"9\"/><col min=\"4\" max=\"5\" style=\"3\" hidden=\"1\"/><col min=\"6\" max=\"6\" width=\"12.5\" customWidth=\"1\" style=\"3\"/><col min=\"7\" max=\"7\" width=\"50\" customWidth=\"1\" style=\"3\"/><col min=\"8\" max=\"16384\" style=\"3\" hidden=\"1\"/></cols>"
        );
    }

    #[test]
    fn a_col_goes_between_or_after() {
        let cols = "<cols><col min=\"1\" max=\"2\"/><col min=\"9\" max=\"9\"/></cols>";
        assert_eq!(
            changed(cols, &[(2, 1.0), (9, 2.0)]).unwrap(),
            "<cols><col min=\"1\" max=\"2\"/><col min=\"3\" max=\"3\" width=\"1\" customWidth=\"1\"/><col min=\"9\" max=\"9\"/><col min=\"10\" max=\"10\" width=\"2\" customWidth=\"1\"/></cols>"
        );
    }

    #[test]
    fn cols_out_of_order_stay() {
        assert!(
            changed(
                "<cols><col min=\"3\" max=\"4\"/><col min=\"2\" max=\"9\"/></cols>",
                &[(4, 1.0)]
            )
            .is_none()
        );
        assert!(changed("<cols/>", &[(4, 1.0)]).is_none());
    }
}
