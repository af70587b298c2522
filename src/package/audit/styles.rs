//! The styles part (ECMA-376 part 1, 18.8): every index must be there.

use std::collections::BTreeSet;

use super::super::outline::Element;
use super::super::xml::Namespace;
use super::Audit;
use super::order;

/// Office's limit on formats of cells and of cell styles together (MS-OE376 2.1.727).
const MAX_FORMATS: usize = 65_430;
/// Number formats below are Excel's own.
const FIRST_OF_HERS: u32 = 164;

/// How many there are of what others point to; none without a styles part.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub formats: Option<usize>,
    pub differential: Option<usize>,
}

pub(super) fn look(audit: &mut Audit<'_, '_>) -> Counts {
    let Some(entry) = audit.workbook.styles else {
        return Counts::default();
    };
    let Some(data) = audit.read(entry) else {
        return Counts::default();
    };
    let Some(outline) = audit.outline(entry, &data) else {
        return Counts::default();
    };
    let root = outline.root();
    order::look(audit, entry, root, order::STYLES);
    let lists = Lists::of(root);
    numbers(audit, entry, root);
    for (list, name) in [
        ("cellStyleXfs", "a cell style's format"),
        ("cellXfs", "a cell's format"),
    ] {
        for (index, format) in items(root, list).enumerate() {
            lists.check(audit, entry, format, &format_args!("{name} {index}"));
        }
    }
    for style in items(root, "cellStyles") {
        let base = style.number("xfId").unwrap_or(0) as usize;
        if base >= lists.bases {
            let name = style.attribute("name").unwrap_or_default();
            audit.note(entry, name, "a style without its format");
        }
    }
    if lists.formats + lists.bases > MAX_FORMATS {
        audit.note(entry, lists.formats, "more formats than Excel takes");
    }
    Counts {
        formats: Some(lists.formats),
        differential: Some(items(root, "dxfs").count()),
    }
}

fn items<'o, 'a>(
    root: Element<'o, 'a>,
    list: &'static str,
) -> impl Iterator<Item = Element<'o, 'a>> {
    let list = root.child(list);
    list.into_iter().flat_map(Element::children)
}

/// How long each list is that formats point into.
struct Lists {
    fonts: usize,
    fills: usize,
    borders: usize,
    bases: usize,
    formats: usize,
}

impl Lists {
    fn of(root: Element<'_, '_>) -> Self {
        let count = |list| items(root, list).count();
        Self {
            fonts: count("fonts"),
            fills: count("fills"),
            borders: count("borders"),
            bases: count("cellStyleXfs"),
            formats: count("cellXfs"),
        }
    }

    fn check(
        &self,
        audit: &mut Audit<'_, '_>,
        entry: usize,
        format: Element<'_, '_>,
        place: &dyn std::fmt::Display,
    ) {
        for (name, count, kind) in [
            ("fontId", self.fonts, "a font that is not there"),
            ("fillId", self.fills, "a fill that is not there"),
            ("borderId", self.borders, "a border that is not there"),
            ("xfId", self.bases, "a base format that is not there"),
        ] {
            let index = format.number(name);
            // Without a list 0 is the default.
            let is_there = |index: u32| (index as usize) < count || (index == 0 && count == 0);
            if index.is_some_and(|index| !is_there(index)) {
                audit.note(entry, place, kind);
            }
        }
    }
}

fn numbers(audit: &mut Audit<'_, '_>, entry: usize, root: Element<'_, '_>) {
    let mut ids = BTreeSet::new();
    for format in items(root, "numFmts") {
        if !format.is(Namespace::Sheet, "numFmt") {
            continue;
        }
        match format.number("numFmtId") {
            None => audit.note(entry, "", "a number format without an id"),
            Some(id) if !ids.insert(id) && id >= FIRST_OF_HERS => {
                audit.note(entry, id, "two number formats of one id");
            }
            Some(_) => {}
        }
    }
}
