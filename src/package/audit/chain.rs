//! The calculation chain (ECMA-376 part 1, 18.6): each entry must be a cell with a formula, else
//! Excel removes "Formula from /xl/calcChain.xml part".

use std::collections::BTreeSet;

use super::super::refs::{self, Area};
use super::super::xml::Namespace;
use super::Audit;

/// The entries that no formula was met for yet.
#[derive(Debug, Default)]
pub(super) struct Chain {
    entry: usize,
    /// By the number of the sheet as the chain has it: its id.
    rest: BTreeSet<(u32, u32, u32)>,
}

pub(super) fn read(audit: &mut Audit<'_, '_>) -> Chain {
    let mut chain = Chain::default();
    let workbook = super::super::opc::part_key(&audit.container.name(audit.workbook.entry));
    let links = audit.links.of(&workbook).iter();
    let target = links
        .filter(|link| link.kind == "calcChain")
        .find_map(|link| link.target.clone());
    let Some(entry) = target.and_then(|target| audit.container.find(&target)) else {
        return chain;
    };
    chain.entry = entry;
    let Some(data) = audit.read(entry) else {
        return chain;
    };
    let Some(outline) = audit.outline(entry, &data) else {
        return chain;
    };
    let mut sheet = 0;
    let cells = outline.root().children();
    for cell in cells.filter(|child| child.is(Namespace::Sheet, "c")) {
        // An entry without its sheet's id has that of the one before (18.6.1).
        sheet = cell.number("i").unwrap_or(sheet);
        let place = cell.raw("r").and_then(refs::parse);
        match place {
            Some((row, column)) => drop(chain.rest.insert((sheet, row, column))),
            None => audit.note(entry, "", "an entry that is no cell"),
        }
    }
    chain
}

impl Chain {
    /// A cell with a formula.
    pub fn met(&mut self, sheet: Option<u32>, row: u32, column: u32) {
        if let Some(sheet) = sheet.filter(|_| !self.rest.is_empty()) {
            self.rest.remove(&(sheet, row, column));
        }
    }

    /// A range that one formula fills.
    pub fn met_area(&mut self, sheet: Option<u32>, area: &Area) {
        self.rest
            .retain(|(of, row, column)| Some(*of) != sheet || !area.holds(*row, *column));
    }

    pub fn report_rest(&self, audit: &mut Audit<'_, '_>) {
        for (sheet, row, column) in &self.rest {
            let cell = refs::name(*row, *column);
            let place = format_args!("sheet {sheet}, {cell}").to_string();
            audit.note(self.entry, place, "an entry for a cell without a formula");
        }
    }
}
