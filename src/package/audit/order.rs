//! The order in which elements must stand (`CT_Workbook`, `CT_Worksheet`,
//! `CT_Stylesheet`, `CT_Table`: sequences of ECMA-376 part 1, annex A.2).

use super::super::outline::Element;
use super::super::xml::{self, Namespace};
use super::Audit;

pub(super) const WORKBOOK: &[&str] = &[
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
];

pub(super) const WORKSHEET: &[&str] = &[
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];

pub(super) const STYLES: &[&str] = &[
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];

pub(super) const TABLE: &[&str] = &[
    "autoFilter",
    "sortState",
    "tableColumns",
    "tableStyleInfo",
    "extLst",
];

/// Those that may stand there several times.
const REPEATED: [&str; 3] = ["cols", "conditionalFormatting", "fileRecoveryPr"];

/// Notes the children of `parent` that stand after one that must follow them, or are there twice.
pub(super) fn look(
    audit: &mut Audit<'_, '_>,
    entry: usize,
    parent: Element<'_, '_>,
    order: &[&str],
) {
    let mut last = None;
    for child in parent.children() {
        let local = String::from_utf8_lossy(xml::split_name(child.name()).1).into_owned();
        if !child.is(Namespace::Sheet, &local) {
            continue;
        }
        let Some(place) = order.iter().position(|known| *known == local) else {
            audit.note(entry, local, "an element that has no place here");
            continue;
        };
        if last.is_some_and(|last| place < last) {
            audit.note(entry, local, "an element that stands too late");
        } else if last == Some(place) && !REPEATED.contains(&local.as_str()) {
            audit.note(entry, local, "an element that is there twice");
        } else {
            last = Some(place);
        }
    }
}
