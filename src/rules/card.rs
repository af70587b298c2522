//! What a rule says about itself, and where it puts what it finds.

use crate::config::{Level, Settings};
use crate::decide::Decisions;
use crate::facts::Night;
use crate::findings::{Finding, Severity, Target};
use crate::french::typographic;
use crate::model::column::Column;
use crate::model::{Role, RowRef, Season};

/// A rule's card: what `explain CODE` prints.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    /// Family and number, as in programme.md §4.
    pub code: &'static str,
    /// Before `[levels]`.
    pub severity: Severity,
    /// What is wrong, in a few French words.
    pub title: &'static str,
    /// What it finds and why it matters, in French.
    pub finds: &'static str,
    /// What to do, in French.
    pub remedy: &'static str,
}

impl Card {
    /// The severity that `[levels]` leaves the rule; none where it is off. The one point where a
    /// severity is overridden.
    pub fn severity_under(&self, settings: &Settings) -> Option<Severity> {
        match settings.levels.get(self.code) {
            None => Some(self.severity),
            Some(Level::Blocking) => Some(Severity::Blocking),
            Some(Level::Warning) => Some(Severity::Warning),
            Some(Level::Info) => Some(Severity::Info),
            Some(Level::Off) => None,
        }
    }
}

/// A rule reads the season alone, or what was decided from it too.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// Made before anything is decided.
    Read(fn(&Night, &mut Sink)),
    /// Made on the decisions: seats, ranking.
    Decided(fn(&Night, &Decisions, &mut Sink)),
}

/// A rule: its card and its check.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What it says about itself.
    pub card: &'static Card,
    /// What it does.
    pub check: Check,
}

/// Where a rule puts its findings.
#[derive(Debug)]
pub struct Sink<'a> {
    season: &'a Season,
    code: &'static str,
    severity: Severity,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Sink<'a> {
    /// A sink for one rule.
    pub(super) fn new(
        season: &'a Season,
        code: &'static str,
        severity: Severity,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        Self {
            season,
            code,
            severity,
            findings,
        }
    }

    /// A finding on a row, at one of its columns where one is at fault.
    pub fn row(
        &mut self,
        row: RowRef,
        column: impl Into<Option<Column>>,
        message: impl Into<String>,
    ) {
        let Some(place) = self.season.place(row) else {
            return;
        };
        self.findings.push(Finding {
            code: self.code,
            severity: self.severity,
            target: Target::Row(row),
            place,
            column: column.into(),
            message: typographic(&message.into()).into_boxed_str(),
        });
    }

    /// A finding on the header row of a role's first sheet.
    pub fn header(
        &mut self,
        role: Role,
        column: impl Into<Option<Column>>,
        message: impl Into<String>,
    ) {
        let Some(id) = self.season.first_sheet(role) else {
            return;
        };
        let Some(sheet) = self.season.sheet(id) else {
            return;
        };
        self.findings.push(Finding {
            code: self.code,
            severity: self.severity,
            target: Target::Sheet(id),
            place: crate::model::Place {
                sheet: id,
                row: sheet.header_row,
            },
            column: column.into(),
            message: typographic(&message.into()).into_boxed_str(),
        });
    }
}
