//! What had to stay of styles and tables: every old element, in its place, with its bytes.

use std::collections::BTreeSet;

use super::outline::{Element, Outline};
use super::refs::Area;
use super::text;
use super::xml::{self, Namespace};

/// The lists of styles that may grow.
const GROWING: [&str; 4] = ["numFmts", "fonts", "fills", "cellXfs"];

/// Styles: old entries keep their bytes and their numbers, new ones follow them.
pub(super) fn only_appended(was: &Outline<'_>, is: &Outline<'_>) -> Result<(), &'static str> {
    let (was, is) = (was.root(), is.root());
    if was.tag() != is.tag() {
        return Err("the root element changed");
    }
    let mut old = was.children().peekable();
    for new in is.children() {
        let grows = GROWING.iter().any(|name| new.is(Namespace::Sheet, name));
        match old.next_if(|old| old.name() == new.name()) {
            Some(old) if old.bytes() == new.bytes() => {}
            Some(old) if grows => grown(old, new)?,
            None if grows => counted(new)?,
            _ => return Err("something other than its lists changed"),
        }
    }
    match old.next() {
        None => Ok(()),
        Some(_) => Err("a list is gone"),
    }
}

fn grown(old: Element<'_, '_>, new: Element<'_, '_>) -> Result<(), &'static str> {
    if attributes_but(old, &["count"]) != attributes_but(new, &["count"]) {
        return Err("a list's attributes changed");
    }
    let mut grown = new.children();
    let kept = old
        .children()
        .all(|item| grown.next().is_some_and(|new| new.bytes() == item.bytes()));
    if !kept {
        return Err("an entry changed or moved");
    }
    counted(new)
}

fn counted(list: Element<'_, '_>) -> Result<(), &'static str> {
    let right = list
        .number("count")
        .is_none_or(|count| count as usize == list.children().count());
    if right {
        Ok(())
    } else {
        Err("a count is wrong")
    }
}

/// The attributes of a start tag, some left out.
pub(super) fn attributes_but(element: Element<'_, '_>, names: &[&str]) -> Vec<Vec<u8>> {
    raw_attributes_but(element.tag(), names)
}

/// The same for the bytes of a tag: names and raw values by turns.
pub(super) fn raw_attributes_but(tag: &[u8], names: &[&str]) -> Vec<Vec<u8>> {
    xml::attributes(tag)
        .flatten()
        .filter(|attribute| !names.iter().any(|name| attribute.name == name.as_bytes()))
        .flat_map(|attribute| [attribute.name.to_vec(), attribute.value.to_vec()])
        .collect()
}

/// A table: its range, its filter's and its columns grew by the joined ones, nothing else changed.
pub(super) fn only_joined(
    was: &Outline<'_>,
    is: &Outline<'_>,
    joined: &[&str],
) -> Result<(), &'static str> {
    let (was, is) = (was.root(), is.root());
    wider(was, is, joined.len())?;
    if was.children().count() != is.children().count() {
        return Err("its elements changed");
    }
    for (old, new) in was.children().zip(is.children()) {
        if new.is(Namespace::Sheet, "autoFilter") {
            wider(old, new, joined.len())?;
        } else if new.is(Namespace::Sheet, "tableColumns") {
            more_columns(old, new, joined)?;
            let width = is.raw("ref").and_then(Area::parse);
            let width = width.map(|area| area.last_column - area.first_column + 1);
            if width != u32::try_from(new.children().count()).ok() {
                return Err("its columns don't fit its range");
            }
        } else if old.bytes() != new.bytes() {
            return Err("something other than its columns changed");
        }
    }
    Ok(())
}

fn wider(old: Element<'_, '_>, new: Element<'_, '_>, by: usize) -> Result<(), &'static str> {
    let area = |element: Element<'_, '_>| element.raw("ref").and_then(Area::parse);
    let mut expected = area(old).ok_or("its range can't be read")?;
    expected.last_column += u32::try_from(by).unwrap_or(0);
    let same_rest = attributes_but(old, &["ref"]) == attributes_but(new, &["ref"]);
    if area(new) != Some(expected) || !same_rest {
        return Err("its range is wrong");
    }
    Ok(())
}

fn more_columns(
    old: Element<'_, '_>,
    new: Element<'_, '_>,
    joined: &[&str],
) -> Result<(), &'static str> {
    counted(new)?;
    let mut columns = new.children();
    let kept = old.children().all(|column| {
        columns
            .next()
            .is_some_and(|new| new.bytes() == column.bytes())
    });
    let names: Vec<String> = columns
        .filter_map(|column| column.attribute("name"))
        .map(|name| text::decode(&name))
        .collect();
    if !kept || names != joined {
        return Err("its columns are not the old ones and the new ones");
    }
    let all = |name: &str| -> Vec<String> {
        let values = new.children().filter_map(|column| column.attribute(name));
        values.map(|value| value.to_lowercase()).collect()
    };
    for values in [all("id"), all("name")] {
        let distinct: BTreeSet<&String> = values.iter().collect();
        if distinct.len() != new.children().count() {
            return Err("two of its columns have one number or one name");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NS: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

    fn styles(fonts: &str, formats: &str) -> String {
        format!(
            "<styleSheet {NS}>{fonts}<cellXfs count=\"2\">{formats}</cellXfs><dxfs/></styleSheet>"
        )
    }

    fn compare(was: &str, is: &str) -> Result<(), &'static str> {
        only_appended(
            &Outline::parse(was.as_bytes()).unwrap(),
            &Outline::parse(is.as_bytes()).unwrap(),
        )
    }

    #[test]
    fn styles_may_only_grow() {
        let was = styles("", "<xf/><xf a='1'/>");
        let is = styles("<fonts><font/></fonts>", "<xf/><xf a='1'/><xf b='1'/>");
        let is = is.replace("count=\"2\"", "count=\"3\"");
        assert_eq!(compare(&was, &is), Ok(()));
        assert!(compare(&was, &styles("", "<xf a='1'/><xf/>")).is_err());
        assert!(compare(&was, &styles("", "<xf/>")).is_err());
        assert!(compare(&was, &is.replace("<dxfs/>", "")).is_err());
        assert!(compare(&was, &is.replace("<dxfs/>", "<dxfs><dxf/></dxfs>")).is_err());
        assert!(compare(&was, &is.replace("count=\"3\"", "count=\"2\"")).is_err());
    }

    #[test]
    fn tables_may_only_gain_the_columns_named() {
        let was = format!(
            "<table {NS} ref=\"A1:B9\"><tableColumns count=\"2\"><tableColumn id=\"1\" name=\"a\"/><tableColumn id=\"2\" name=\"b\"/></tableColumns><x/></table>"
        );
        let is = was
            .replace("A1:B9", "A1:C9")
            .replace("count=\"2\"", "count=\"3\"")
            .replace(
                "</tableColumns>",
                "<tableColumn id=\"3\" name=\"c\"/></tableColumns>",
            );
        let check = |is: &str| {
            only_joined(
                &Outline::parse(was.as_bytes()).unwrap(),
                &Outline::parse(is.as_bytes()).unwrap(),
                &["c"],
            )
        };
        assert_eq!(check(&is), Ok(()));
        for (from, to) in [
            ("A1:C9", "A1:D9"),
            ("id=\"3\"", "id=\"2\""),
            ("name=\"c\"", "name=\"B\""),
            ("count=\"3\"", "count=\"2\""),
            ("<x/>", "<y/>"),
            ("name=\"a\"", "name=\"z\""),
        ] {
            assert!(check(&is.replace(from, to)).is_err(), "{to}");
        }
    }
}
