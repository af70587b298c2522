//! Parts and relationships (ECMA-376 part 2): from the package's root to the sheets, by type and id.

use std::collections::{BTreeMap, BTreeSet};

use super::container::Container;
use super::outline::{Element, Outline, Unreadable};
use super::refusal::Refusal;
use super::xml::{self, Namespace};

/// A part name in the one form under which names are compared: no leading slash, `.` and `..`
/// resolved, percent escapes and `\` undone, ASCII in lower case (6.2.2.3; `\` is some tools' slip).
pub(super) fn part_key(name: &str) -> String {
    let name = percent_decoded(name).replace('\\', "/");
    let mut steps: Vec<&str> = Vec::new();
    for step in name.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/").to_ascii_lowercase()
}

fn percent_decoded(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = escaped {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether a part's key ends in that extension; keys are in lower case.
pub(super) fn has_ending(key: &str, extension: &str) -> bool {
    key.rsplit_once('.')
        .is_some_and(|(_, end)| end == extension)
}

/// The key of a relationship's target, seen from the part that has it.
pub(super) fn target_key(source: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or(target);
    if target.starts_with(['/', '\\']) {
        return part_key(target);
    }
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    part_key(&format!("{folder}/{target}"))
}

/// One relationship to a part of the package.
#[derive(Debug, Clone)]
pub(super) struct Relationship {
    pub id: String,
    /// The last step of its type, such as `worksheet`, transitional and Strict alike.
    pub kind: String,
    /// The key of its target.
    pub target: String,
}

/// A part that is read whole and outlined.
pub(super) fn outline<'d>(part: &str, data: &'d [u8]) -> Result<Outline<'d>, Refusal> {
    refuse_encoding(part, data)?;
    Outline::parse(data).map_err(|cause| match cause {
        Unreadable::Doctype => Refusal::Doctype {
            part: part.to_owned(),
        },
        Unreadable::Malformed(fault) => Refusal::DamagedPart {
            part: part.to_owned(),
            detail: fault.to_string(),
        },
    })
}

pub(super) fn refuse_encoding(part: &str, data: &[u8]) -> Result<(), Refusal> {
    match xml::foreign_encoding(data) {
        None => Ok(()),
        Some(encoding) => Err(Refusal::Encoding {
            part: part.to_owned(),
            encoding,
        }),
    }
}

/// The relationships of a part by its key; those of the package for the empty key.
pub(super) fn relationships(
    container: &Container<'_>,
    source: &str,
) -> Result<Vec<Relationship>, Refusal> {
    let (folder, file) = source.rsplit_once('/').unwrap_or(("", source));
    let key = part_key(&format!("{folder}/_rels/{file}.rels"));
    let Some(index) = container.find(&key) else {
        return Ok(Vec::new());
    };
    let data = container.read(index)?;
    let name = container.name(index);
    let parsed = outline(&name, &data)?;
    let found = parsed
        .root()
        .children()
        .filter(|child| child.is(Namespace::Package, "Relationship"))
        .filter(|child| child.raw("TargetMode") != Some(b"External"))
        .filter_map(|child| relationship(source, &child))
        .collect();
    Ok(found)
}

fn relationship(source: &str, element: &Element<'_, '_>) -> Option<Relationship> {
    let kind = element.attribute("Type")?;
    Some(Relationship {
        id: element.attribute("Id")?,
        kind: kind.rsplit('/').next()?.to_owned(),
        target: target_key(source, &element.attribute("Target")?),
    })
}

/// A sheet as the workbook lists it.
#[derive(Debug, Clone)]
pub(super) struct SheetPart {
    pub name: String,
    pub visibility: Visibility,
    /// The last step of the relationship's type: `worksheet`, `chartsheet`…
    pub kind: String,
    /// The key of its part.
    pub key: String,
    pub entry: usize,
}

/// Whether a sheet's tab shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// The tab shows.
    Visible,
    /// Hidden; the menu shows it again.
    Hidden,
    /// Hidden from the menu too.
    VeryHidden,
}

/// The way from the package's root to the parts that matter.
#[derive(Debug, Clone)]
pub(super) struct Workbook {
    /// The entry of the workbook part.
    pub entry: usize,
    pub sheets: Vec<SheetPart>,
    pub styles: Option<usize>,
    pub strings: Option<usize>,
    /// Dates count from 1904.
    pub epoch_1904: bool,
    pub signed: bool,
    pub macros: bool,
}

impl Workbook {
    pub fn find(container: &Container<'_>) -> Result<Self, Refusal> {
        let root = relationships(container, "")?;
        let start = root.iter().find(|link| link.kind == "officeDocument");
        let start = start.ok_or(Refusal::NotAWorkbook {
            detail: "no relationship to an office document",
        })?;
        if has_ending(&start.target, "bin") {
            return Err(Refusal::BinaryWorkbook);
        }
        let entry = container.find(&start.target);
        let entry = entry.ok_or(Refusal::NotAWorkbook {
            detail: "the workbook part is missing",
        })?;
        let links = relationships(container, &start.target)?;
        let of_kind = |kind: &str| match links.iter().find(|link| link.kind == kind) {
            None => Ok(None),
            Some(link) => match container.find(&link.target) {
                Some(entry) => Ok(Some(entry)),
                None => Err(Refusal::DamagedPart {
                    part: link.target.clone(),
                    detail: "it is missing".to_owned(),
                }),
            },
        };
        let data = container.read(entry)?;
        let parsed = outline(&container.name(entry), &data)?;
        let book = parsed.root();
        Ok(Self {
            entry,
            sheets: sheets(container, entry, &links, book)?,
            epoch_1904: book.child("workbookPr").is_some_and(|p| p.on("date1904")),
            // Some writers announce styles that they don't write; readers do without.
            styles: of_kind("styles").unwrap_or(None),
            strings: of_kind("sharedStrings")?,
            macros: links.iter().any(|link| link.kind == "vbaProject"),
            signed: root.iter().any(|link| link.kind == "origin")
                || container.is_there("_xmlsignatures/"),
        })
    }

    pub fn sheet(&self, name: &str) -> Option<&SheetPart> {
        self.sheets.iter().find(|sheet| sheet.name == name)
    }
}

fn sheets(
    container: &Container<'_>,
    entry: usize,
    links: &[Relationship],
    root: Element<'_, '_>,
) -> Result<Vec<SheetPart>, Refusal> {
    let name = container.name(entry);
    if !root.is(Namespace::Sheet, "workbook") {
        return Err(Refusal::NotAWorkbook {
            detail: "the office document is no workbook",
        });
    }
    let listed = root.child("sheets").ok_or(Refusal::NotAWorkbook {
        detail: "the workbook lists no sheets",
    })?;
    let damaged = |detail: &str| Refusal::DamagedPart {
        part: name.clone(),
        detail: detail.to_owned(),
    };
    let by_id: BTreeMap<&str, &Relationship> =
        links.iter().map(|link| (link.id.as_str(), link)).collect();
    let mut parts = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut found = Vec::new();
    for (sheet, id) in listed.children_with_relationship() {
        if !sheet.is(Namespace::Sheet, "sheet") {
            continue;
        }
        // Excel lists a module of macros that came from an old .xls as a sheet with an empty id.
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            continue;
        };
        let link = by_id.get(id.as_str());
        let link = link.ok_or_else(|| damaged("a sheet without its relationship"))?;
        let part = container.find(&link.target);
        let part = part.ok_or_else(|| damaged("a sheet's part is missing"))?;
        // One part as many sheets would be read as many times.
        if !parts.insert(part) {
            return Err(damaged("two sheets are one part"));
        }
        let sheet_name = sheet.attribute("name");
        let sheet_name = sheet_name.ok_or_else(|| damaged("a sheet without a name"))?;
        if sheet_name.contains(char::is_control) {
            return Err(damaged("a control character in a sheet's name"));
        }
        if !names.insert(sheet_name.to_lowercase()) {
            return Err(damaged("two sheets bear one name"));
        }
        found.push(SheetPart {
            name: sheet_name,
            visibility: match sheet.raw("state") {
                Some(b"hidden") => Visibility::Hidden,
                Some(b"veryHidden") => Visibility::VeryHidden,
                _ => Visibility::Visible,
            },
            kind: link.kind.clone(),
            key: link.target.clone(),
            entry: part,
        });
    }
    if found.is_empty() {
        return Err(damaged("it lists no sheet"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_in_one_form() {
        for name in [
            "xl/worksheets/sheet 1.xml",
            "/xl/worksheets/sheet%201.xml",
            "XL\\Worksheets\\./Sheet%201.xml",
            "xl/other/../worksheets//sheet 1.xml",
        ] {
            assert_eq!(part_key(name), "xl/worksheets/sheet 1.xml");
        }
        assert_eq!(part_key("a%zz%4"), "a%zz%4");
    }

    #[test]
    fn targets_are_relative_or_absolute() {
        let from = "xl/worksheets/sheet1.xml";
        assert_eq!(
            target_key(from, "../tables/table1.xml"),
            "xl/tables/table1.xml"
        );
        assert_eq!(
            target_key(from, "/xl/tables/table1.xml"),
            "xl/tables/table1.xml"
        );
        assert_eq!(target_key("", "xl/workbook.xml"), "xl/workbook.xml");
    }
}
