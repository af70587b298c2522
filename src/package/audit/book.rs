//! The workbook part (ECMA-376 part 1, 18.2): its sheets, names and views, and the list of titles
//! in `docProps/app.xml`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::outline::{Element, Outline};
use super::super::xml::{self, Namespace};
use super::Audit;
use super::order;

/// Excel's longest name of a sheet, in UTF-16 units (MS-OI29500 2.1.578).
const LONGEST_NAME: usize = 31;
const LAST_SHEET_ID: u32 = 65_534;

/// What other parts must agree with.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// The names that hold in the whole workbook, in lower case.
    pub names: BTreeSet<String>,
    /// The entry of each sheet's part, by the sheet's id.
    pub by_id: BTreeMap<u32, usize>,
    /// The ids of pivot caches.
    pub caches: BTreeSet<u32>,
}

pub(super) fn look(audit: &mut Audit<'_, '_>) -> Book {
    let entry = audit.workbook.entry;
    let mut book = Book::default();
    let Some(data) = audit.read(entry) else {
        return book;
    };
    let Some(outline) = audit.outline(entry, &data) else {
        return book;
    };
    let root = outline.root();
    order::look(audit, entry, root, order::WORKBOOK);
    let count = sheets(audit, entry, root, &mut book);
    names(audit, entry, root, count, &mut book);
    views(audit, entry, root, count);
    for cache in outline.all("pivotCache") {
        book.caches.extend(cache.number("cacheId"));
    }
    titles(audit);
    pivots(audit, &book);
    book
}

/// How many sheets are listed.
fn sheets(
    audit: &mut Audit<'_, '_>,
    entry: usize,
    root: Element<'_, '_>,
    book: &mut Book,
) -> usize {
    let Some(listed) = root.child("sheets") else {
        return 0;
    };
    let (mut names, mut shown, mut count) = (BTreeSet::new(), 0, 0);
    for (sheet, id) in listed.children_with_relationship() {
        if !sheet.is(Namespace::Sheet, "sheet") {
            continue;
        }
        count += 1;
        let name = sheet.attribute("name").unwrap_or_default();
        if !names.insert(name.to_lowercase()) {
            audit.note(entry, &name, "the name of two sheets");
        }
        if !may_name_a_sheet(&name) {
            audit.note(entry, &name, "a name that no sheet may have");
        }
        shown += usize::from(sheet.raw("state").is_none_or(|state| state == b"visible"));
        match sheet.number("sheetId") {
            Some(number) if (1..=LAST_SHEET_ID).contains(&number) => {
                let id = id.unwrap_or_default();
                let links = audit.links.of(&key_of(audit, entry)).iter();
                let target = links
                    .filter(|link| link.id == id)
                    .find_map(|link| link.target.clone());
                let part = target.and_then(|target| audit.container.find(&target));
                // A module of macros is listed without a part.
                let part = part.unwrap_or(usize::MAX);
                if book.by_id.insert(number, part).is_some() {
                    audit.note(entry, number, "the sheetId of two sheets");
                }
            }
            _ => audit.note(entry, &name, "a sheetId that is missing or out of range"),
        }
    }
    if shown == 0 {
        audit.note(entry, "", "no sheet is visible");
    }
    count
}

fn key_of(audit: &Audit<'_, '_>, entry: usize) -> String {
    super::super::opc::part_key(&audit.container.name(entry))
}

fn may_name_a_sheet(name: &str) -> bool {
    let length = name.encode_utf16().count();
    (1..=LONGEST_NAME).contains(&length)
        && !name.contains([':', '\\', '/', '?', '*', '[', ']'])
        && !name.starts_with('\'')
        && !name.ends_with('\'')
}

fn names(
    audit: &mut Audit<'_, '_>,
    entry: usize,
    root: Element<'_, '_>,
    sheets: usize,
    book: &mut Book,
) {
    let mut seen = BTreeSet::new();
    let listed = root.child("definedNames");
    let defined = listed.iter().flat_map(|listed| listed.children());
    for element in defined.filter(|child| child.is(Namespace::Sheet, "definedName")) {
        let name = element.attribute("name").unwrap_or_default();
        let sheet = element.number("localSheetId");
        if name.is_empty() {
            audit.note(entry, "", "a defined name without a name");
        }
        if sheet.is_some_and(|sheet| sheet as usize >= sheets) {
            audit.note(entry, &name, "a defined name of a sheet that is not there");
        }
        if !seen.insert((name.to_lowercase(), sheet)) {
            audit.note(entry, &name, "a name that is defined twice");
        }
        if sheet.is_none() {
            book.names.insert(name.to_lowercase());
        }
    }
}

fn views(audit: &mut Audit<'_, '_>, entry: usize, root: Element<'_, '_>, sheets: usize) {
    let listed = root.child("bookViews");
    for view in listed.iter().flat_map(|listed| listed.children()) {
        for name in ["activeTab", "firstSheet"] {
            let tab = view.number(name);
            if tab.is_some_and(|tab| tab as usize >= sheets) {
                audit.note(entry, name, "a sheet that is not there");
            }
        }
    }
}

/// Excel asks for repair when the counts of `HeadingPairs` and the list of titles disagree.
fn titles(audit: &mut Audit<'_, '_>) {
    let links = audit.links.of("").iter();
    let mut of_kind = links.filter(|link| link.kind == "extended-properties");
    let target = of_kind.find_map(|link| link.target.clone());
    let Some(entry) = target.and_then(|target| audit.container.find(&target)) else {
        return;
    };
    let Some(data) = audit.read(entry) else {
        return;
    };
    let Some(outline) = audit.outline(entry, &data) else {
        return;
    };
    let announced: Option<u32> = vector(&outline, b"HeadingPairs").map(|pairs| {
        let counts = descendants(pairs, b"i4").into_iter();
        counts.filter_map(|count| number(&data, count)).sum()
    });
    let listed = vector(&outline, b"TitlesOfParts").map(|titles| {
        let vector = titles.children().next();
        vector.map_or(0, |vector| vector.children().count())
    });
    if let (Some(announced), Some(listed)) = (announced, listed)
        && announced as usize != listed
    {
        audit.note(entry, "", "HeadingPairs and TitlesOfParts disagree");
    }
}

fn vector<'o, 'a>(outline: &'o Outline<'a>, local: &[u8]) -> Option<Element<'o, 'a>> {
    let mut children = outline.root().children();
    children.find(|child| xml::split_name(child.name()).1 == local)
}

fn descendants<'o, 'a>(element: Element<'o, 'a>, local: &[u8]) -> Vec<Element<'o, 'a>> {
    let mut found = Vec::new();
    for child in element.children() {
        if xml::split_name(child.name()).1 == local {
            found.push(child);
        }
        found.extend(descendants(child, local));
    }
    found
}

fn number(data: &[u8], element: Element<'_, '_>) -> Option<u32> {
    super::super::refs::parse_number(data.get(element.inner())?.trim_ascii())
}

/// Pivot tables stand on a cache of the workbook.
fn pivots(audit: &mut Audit<'_, '_>, book: &Book) {
    let links = audit.links.all();
    let tables: BTreeSet<String> = links
        .filter(|(_, link)| link.kind == "pivotTable")
        .filter_map(|(_, link)| link.target.clone())
        .collect();
    for target in tables {
        let Some(entry) = audit.container.find(&target) else {
            continue;
        };
        let Some(data) = audit.read(entry) else {
            continue;
        };
        let Some(outline) = audit.outline(entry, &data) else {
            continue;
        };
        let cache = outline.root().number("cacheId");
        if cache.is_none_or(|cache| !book.caches.contains(&cache)) {
            audit.note(entry, "", "a pivot table without a cache in the workbook");
        }
    }
}
