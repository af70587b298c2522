//! What stands around a worksheet's rows: order, widths, merged ranges, conditional formats.

use std::collections::BTreeSet;

use super::super::opc::SheetPart;
use super::super::outline::Element;
use super::super::refs::{self, Area};
use super::super::xml::Namespace;
use super::styles::Counts;
use super::{Audit, order};

/// Looks at a sheet part without its rows; gives its merged ranges.
pub(super) fn look(
    audit: &mut Audit<'_, '_>,
    part: &SheetPart,
    around: &[u8],
    styles: &Counts,
) -> Vec<Area> {
    let entry = part.entry;
    let Some(outline) = audit.outline(entry, around) else {
        return Vec::new();
    };
    let root = outline.root();
    order::look(audit, entry, root, order::WORKSHEET);
    for cols in root.children().filter(|c| c.is(Namespace::Sheet, "cols")) {
        widths(audit, entry, cols, styles);
    }
    let merges = merges(audit, entry, root);
    for rule in outline.all("cfRule") {
        format_of_rule(audit, entry, rule, styles);
    }
    linked_tables(audit, part, root);
    merges
}

fn widths(audit: &mut Audit<'_, '_>, entry: usize, cols: Element<'_, '_>, styles: &Counts) {
    let mut last = 0;
    for col in cols.children() {
        let (Some(min), Some(max)) = (col.number("min"), col.number("max")) else {
            audit.note(entry, "cols", "a width without its columns");
            continue;
        };
        let place = format!("columns {min} to {max}");
        if min <= last || max < min || max > refs::LAST_COLUMN + 1 {
            audit.note(entry, &place, "widths that overlap or are out of order");
        }
        last = max;
        let style = col.number("style").unwrap_or(0) as usize;
        if style > 0 && styles.formats.is_some_and(|formats| style >= formats) {
            audit.note(entry, &place, "a format that is not there");
        }
    }
}

fn merges(audit: &mut Audit<'_, '_>, entry: usize, root: Element<'_, '_>) -> Vec<Area> {
    let listed = root.child("mergeCells");
    let mut areas = Vec::new();
    for merge in listed.iter().flat_map(|listed| listed.children()) {
        match merge.raw("ref").and_then(Area::parse) {
            Some(area) => areas.push(area),
            None => audit.note(entry, "mergeCells", "a merged range off the sheet"),
        }
    }
    areas.sort_by_key(|area| (area.first_row, area.first_column));
    // Those that reach down to the row at hand; ranges are few on each row.
    let mut open: Vec<Area> = Vec::new();
    for area in &areas {
        open.retain(|other| other.last_row >= area.first_row);
        if let Some(other) = open.iter().find(|other| other.meets(area)) {
            let place = format!("{area} and {other}");
            audit.note(entry, place, "merged ranges that overlap");
        }
        open.push(*area);
    }
    areas
}

fn format_of_rule(audit: &mut Audit<'_, '_>, entry: usize, rule: Element<'_, '_>, styles: &Counts) {
    let format = rule.number("dxfId");
    let there = styles.differential.unwrap_or(0);
    if format.is_some_and(|format| format as usize >= there) {
        let priority = rule.attribute("priority").unwrap_or_default();
        let place = format!("rule {priority}");
        audit.note(entry, place, "a conditional format that is not there");
    }
}

/// Every table that is linked is listed, once.
fn linked_tables(audit: &mut Audit<'_, '_>, part: &SheetPart, root: Element<'_, '_>) {
    let listed = root.child("tableParts");
    let mut ids = BTreeSet::new();
    for (_, id) in listed
        .into_iter()
        .flat_map(Element::children_with_relationship)
    {
        let id = id.unwrap_or_default();
        if !ids.insert(id.clone()) {
            audit.note(part.entry, id, "a table that is listed twice");
        }
    }
    let links = audit.links.of(&part.key).iter();
    let tables: BTreeSet<String> = links
        .filter(|link| link.kind == "table")
        .map(|link| link.id.clone())
        .collect();
    for id in ids.difference(&tables) {
        audit.note(part.entry, id, "a table part that is no table");
    }
    for id in tables.difference(&ids) {
        audit.note(part.entry, id, "a table that is not among the tableParts");
    }
}
