//! Excel tables (ECMA-376 part 1, 18.5): where they lie, and how new columns join one.

use std::collections::BTreeSet;

use super::container::Container;
use super::opc;
use super::outline::{Element, Outline};
use super::refs::Area;
use super::refusal::Refusal;
use super::splice::Splices;
use super::text;
use super::xml::Namespace;

/// A table on a sheet.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub entry: usize,
    /// As formulas call it.
    pub name: String,
    pub area: Area,
    pub has_header: bool,
    pub totals_rows: u32,
    pub names: Vec<String>,
    /// What forbids adding a column to it.
    pub closed: Option<&'static str>,
}

impl Table {
    /// The rows of its totals, first and last.
    pub fn totals(&self) -> Option<(u32, u32)> {
        let first = (self.area.last_row + 1).checked_sub(self.totals_rows)?;
        (self.totals_rows > 0).then_some((first, self.area.last_row))
    }
}

/// The tables that belong to the sheet of that key.
pub(super) fn of_sheet(container: &Container<'_>, sheet_key: &str) -> Result<Vec<Table>, Refusal> {
    let links = opc::relationships(container, sheet_key)?;
    let mut tables = Vec::new();
    let mut seen = BTreeSet::new();
    for link in links.iter().filter(|link| link.kind == "table") {
        let missing = || Refusal::DamagedPart {
            part: link.target.clone(),
            detail: "a table's part is missing".to_owned(),
        };
        let entry = container.find(&link.target).ok_or_else(missing)?;
        // A table that is linked a thousand times is still read once.
        if !seen.insert(entry) {
            continue;
        }
        let queried = opc::relationships(container, &link.target)?
            .iter()
            .any(|link| link.kind == "queryTable");
        let data = container.read(entry)?;
        let name = container.name(entry);
        let outline = opc::outline(&name, &data)?;
        let table = read(&outline, entry, queried).ok_or_else(|| Refusal::DamagedPart {
            part: name.clone(),
            detail: "a table without a range".to_owned(),
        })?;
        tables.push(table);
    }
    Ok(tables)
}

fn read(outline: &Outline<'_>, entry: usize, queried: bool) -> Option<Table> {
    let root = outline.root();
    let area = Area::parse(root.raw("ref")?)?;
    let columns = columns(outline);
    let names: Vec<String> = columns
        .iter()
        .map(|column| text::decode(&column.attribute("name").unwrap_or_default()))
        .collect();
    let name = root.attribute("displayName");
    Some(Table {
        entry,
        name: text::decode(&name.unwrap_or_default()),
        area,
        has_header: root.number("headerRowCount").unwrap_or(1) == 1,
        totals_rows: root.number("totalsRowCount").unwrap_or(0),
        closed: closed(outline, area, queried, &columns),
        names,
    })
}

fn columns<'o, 'a>(outline: &'o Outline<'a>) -> Vec<Element<'o, 'a>> {
    let Some(listed) = outline.root().child("tableColumns") else {
        return Vec::new();
    };
    listed
        .children()
        .filter(|child| child.is(Namespace::Sheet, "tableColumn"))
        .collect()
}

fn closed(
    outline: &Outline<'_>,
    area: Area,
    queried: bool,
    columns: &[Element<'_, '_>],
) -> Option<&'static str> {
    let root = outline.root();
    let kind = root.raw("tableType");
    if queried || kind == Some(b"queryTable") {
        return Some("it shows the result of a query");
    }
    if kind == Some(b"xml") || outline.all("xmlColumnPr").next().is_some() {
        return Some("it is mapped to XML");
    }
    if !root.is(Namespace::Sheet, "table") {
        return Some("its part is unusual");
    }
    let width = area.last_column - area.first_column + 1;
    if u32::try_from(columns.len()) != Ok(width) {
        return Some("its columns don't fit its range");
    }
    let filtered = root.child("autoFilter").map(|filter| filter.raw("ref"));
    let fits = filtered.is_none_or(|range| {
        range.and_then(Area::parse).is_some_and(|filter| {
            filter.first_column == area.first_column && filter.last_column == area.last_column
        })
    });
    (!fits).then_some("its filter doesn't fit its range")
}

/// What changes in a table's part when columns of these names join at its right.
pub(super) fn join(outline: &Outline<'_>, names: &[&str]) -> Option<Splices> {
    let mut splices = Splices::default();
    let root = outline.root();
    let added = u32::try_from(names.len()).ok()?;
    widen(&root, added, &mut splices)?;
    if let Some(filter) = root.child("autoFilter") {
        widen(&filter, added, &mut splices)?;
    }
    let listed = root.child("tableColumns")?;
    let columns = columns(outline);
    if let Some(count) = listed.value_range("count") {
        let total = columns.len() + names.len();
        splices.replace(wide(count), total.to_string().as_bytes());
    }
    let last = columns.last()?;
    let used = columns
        .iter()
        .filter_map(|column| column.number("id"))
        .max()?;
    let at = last.range().end as u64;
    for (id, name) in (used + 1..).zip(names) {
        splices.write(at..at, |out| {
            out.push(b'<');
            out.extend_from_slice(last.name());
            out.extend_from_slice(format!(" id=\"{id}\" name=\"").as_bytes());
            text::push_attribute(out, name);
            out.extend_from_slice(b"\"/>");
        });
    }
    splices.sort();
    Some(splices)
}

fn widen(element: &Element<'_, '_>, added: u32, splices: &mut Splices) -> Option<()> {
    let mut area = Area::parse(element.raw("ref")?)?;
    area.last_column += added;
    let range = element.value_range("ref")?;
    splices.replace(wide(range), area.to_string().as_bytes());
    Some(())
}

pub(super) fn wide(range: std::ops::Range<usize>) -> std::ops::Range<u64> {
    range.start as u64..range.end as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: &str = "<?xml version=\"1.0\"?>\r\n<table xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" id=\"3\" ref='A1:B9' totalsRowCount=\"1\"><autoFilter ref=\"A1:B8\"/><tableColumns count=\"2\"><tableColumn id=\"7\" name=\"Un\"/><tableColumn id=\"2\" name=\"Deux\"><totalsRowFormula>1</totalsRowFormula></tableColumn></tableColumns><tableStyleInfo/></table>";

    #[test]
    fn columns_join_at_the_right() {
        let outline = Outline::parse(PART.as_bytes()).unwrap();
        let table = read(&outline, 0, false).unwrap();
        assert_eq!((table.closed, table.totals()), (None, Some((8, 8))));
        assert_eq!(table.names, ["Un", "Deux"]);
        let splices = join(&outline, &["A \"b\"", "Été\n& co"]).unwrap();
        let after = String::from_utf8(splices.applied(PART.as_bytes()).unwrap()).unwrap();
        let expected = PART
            .replace("A1:B9", "A1:D9")
            .replace("A1:B8", "A1:D8")
            .replace("count=\"2\"", "count=\"4\"")
            .replace(
                "</tableColumns>",
                "<tableColumn id=\"8\" name=\"A &quot;b&quot;\"/><tableColumn id=\"9\" name=\"Été_x000a_&amp; co\"/></tableColumns>",
            );
        assert_eq!(after, expected);
    }

    #[test]
    fn some_tables_are_closed() {
        for (from, to) in [
            (" id=\"3\"", " id=\"3\" tableType=\"queryTable\""),
            ("<tableColumn id=\"7\" name=\"Un\"/>", ""),
            ("A1:B8", "A1:A8"),
            (
                "<totalsRowFormula>1</totalsRowFormula>",
                "<xmlColumnPr mapId=\"1\"/>",
            ),
        ] {
            let part = PART.replace(from, to);
            let outline = Outline::parse(part.as_bytes()).unwrap();
            assert!(read(&outline, 0, false).unwrap().closed.is_some(), "{to}");
        }
        let outline = Outline::parse(PART.as_bytes()).unwrap();
        assert!(read(&outline, 0, true).unwrap().closed.is_some());
    }
}
