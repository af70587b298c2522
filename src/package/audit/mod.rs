//! A package looked over as Excel does when it opens one: what makes it offer a repair, or refuse.
//!
//! A schema misses most of these causes (writeback.md, "Checking the result"): content types and
//! relationships that disagree with the parts, rows and cells out of order, indices into lists that
//! end before, tables whose headers are others than their columns' names, entries of the calculation
//! chain without a formula. What Excel bears in silence, such as a wrong `count`, is no flaw.

mod book;
mod chain;
mod layout;
mod links;
mod order;
mod parts;
mod sheet;
mod styles;
mod tables;
mod wellformed;

use std::collections::BTreeMap;

use super::container::Container;
use super::inspect;
use super::opc::{self, Workbook};
use super::outline::Outline;
use super::refusal::Refusal;
use links::Links;

/// What Excel would stumble over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The part's name in the package.
    pub part: String,
    /// What is wrong, with the place in the part where there is one.
    pub detail: String,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.part, self.detail)
    }
}

/// Looks a package over.
///
/// The flaws are in the order of the parts; of one kind in one part, only the first ten.
///
/// # Errors
/// A [`Refusal`] when it can't be opened at all.
pub fn flaws(source: &[u8]) -> Result<Vec<Flaw>, Refusal> {
    inspect::inspect(source)?;
    let container = Container::open(source)?;
    let workbook = Workbook::find(&container)?;
    let mut audit = Audit::new(&container, &workbook);
    audit.links = links::read(&mut audit);
    parts::look(&mut audit);
    let book = book::look(&mut audit);
    let styles = styles::look(&mut audit);
    let mut chain = chain::read(&mut audit);
    let strings = sheet::count_strings(&audit);
    let lists = sheet::Lists {
        styles: &styles,
        strings,
        book: &book,
    };
    let mut tables = tables::Seen::with(&book);
    for part in workbook.sheets.iter().filter(|p| p.kind == "worksheet") {
        sheet::look(&mut audit, part, &lists, &mut chain, &mut tables);
    }
    chain.report_rest(&mut audit);
    Ok(audit.sorted())
}

/// So many flaws of one kind in one part are told.
const TOLD: usize = 10;

/// The look over one package.
struct Audit<'a, 's> {
    container: &'a Container<'s>,
    workbook: &'a Workbook,
    links: Links,
    flaws: Vec<(usize, Flaw)>,
    /// How many of one kind, by part and kind.
    counts: BTreeMap<(usize, &'static str), usize>,
}

impl<'a, 's> Audit<'a, 's> {
    fn new(container: &'a Container<'s>, workbook: &'a Workbook) -> Self {
        Self {
            container,
            workbook,
            links: Links::default(),
            flaws: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Notes a flaw of a part; `place` says where in it.
    fn note(&mut self, entry: usize, place: impl std::fmt::Display, kind: &'static str) {
        let place = place.to_string();
        let count = self.counts.entry((entry, kind)).or_default();
        *count += 1;
        let detail = match *count {
            0..=TOLD if place.is_empty() => kind.to_owned(),
            0..=TOLD => format!("{place}: {kind}"),
            _ => return,
        };
        self.push(entry, detail);
    }

    fn push(&mut self, entry: usize, detail: String) {
        let part = self.container.name(entry);
        self.flaws.push((entry, Flaw { part, detail }));
    }

    /// A part, whole; one that can't be read is a flaw.
    fn read(&mut self, entry: usize) -> Option<Vec<u8>> {
        match self.container.read(entry) {
            Ok(data) => Some(data),
            Err(cause) => {
                self.refused(entry, &cause);
                None
            }
        }
    }

    /// The elements of a part; one that is no XML is a flaw.
    fn outline<'d>(&mut self, entry: usize, data: &'d [u8]) -> Option<Outline<'d>> {
        match opc::outline(&self.container.name(entry), data) {
            Ok(outline) => Some(outline),
            Err(cause) => {
                self.refused(entry, &cause);
                None
            }
        }
    }

    fn refused(&mut self, entry: usize, cause: &Refusal) {
        let detail = match cause {
            Refusal::DamagedPart { detail, .. } => detail.clone(),
            other => other.to_string(),
        };
        // Several looks at one part may stumble over the same.
        let known = self.flaws.iter();
        let mut known = known.filter(|(at, _)| *at == entry);
        if !known.any(|(_, flaw)| flaw.detail == detail) {
            self.push(entry, detail);
        }
    }

    fn sorted(mut self) -> Vec<Flaw> {
        self.flaws.sort_by_key(|(entry, _)| *entry);
        self.flaws.into_iter().map(|(_, flaw)| flaw).collect()
    }
}

#[cfg(test)]
mod tests;
