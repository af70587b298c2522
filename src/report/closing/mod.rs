//! The end of the programme: what was done, by whom, and what people say of it; as a workbook, as
//! pages to print, with attendance sheets and attestations.
//!
//! [`Closing`] is the value that all of them show: nothing is counted twice in two ways.

mod attendance;
mod attestations;
mod evaluations;
mod figures;
mod html;
mod page;
mod sheets;
mod supports;
mod tables;
mod workbook;
mod workshops;

use crate::facts::hours;
use crate::model::time::long_date;
use crate::plan::Verdict;
use crate::programme::Programme;

pub use attendance::attendance_page;
pub use attestations::attestations_page;
pub use evaluations::{Evaluations, Spread};
pub use page::page;
pub use supports::{AxisShare, PersonHours, SupportHours};
pub use workbook::workbook;
pub use workshops::WorkshopFilling;

/// What a programme comes to.
#[derive(Debug)]
pub struct Closing {
    /// « PEER CULTURE — Session #2 »
    pub title: String,
    /// « mardi 12 janvier 2021 »
    pub day: String,
    /// `supports.min_hours` and `supports.max_hours`.
    pub bounds: (f64, f64),
    /// Supports, in the order of the sheet.
    pub supports: Vec<SupportHours>,
    /// The axes, in the order of the settings.
    pub axes: Vec<AxisShare>,
    /// Resource persons, in the order of the sheet.
    pub persons: Vec<PersonHours>,
    /// Workshops, by date.
    pub workshops: Vec<WorkshopFilling>,
    /// What beneficiaries say.
    pub evaluations: Evaluations,
}

impl Closing {
    /// Counts what was read and decided.
    #[must_use]
    pub fn of(programme: &Programme, verdict: &Verdict) -> Self {
        let settings = &programme.settings;
        Self {
            title: format!(
                "{} — {}",
                settings.programme.name, settings.programme.session
            ),
            day: long_date(programme.now.today),
            bounds: (settings.supports.min_hours, settings.supports.max_hours),
            supports: supports::supports(programme),
            axes: supports::axes(programme),
            persons: supports::persons(programme),
            workshops: workshops::workshops(programme, verdict),
            evaluations: Evaluations::of(programme),
        }
    }

    /// Hours of meetings that were held.
    #[must_use]
    pub fn held(&self) -> f64 {
        let total: f64 = self.supports.iter().map(|support| support.held).sum();
        // The same tolerance as the sums that it is made of.
        if total.abs() < hours::TOLERANCE {
            0.0
        } else {
            total
        }
    }

    /// People who came to a workshop, each workshop for itself.
    #[must_use]
    pub fn present(&self) -> usize {
        self.workshops.iter().map(|workshop| workshop.present).sum()
    }
}
