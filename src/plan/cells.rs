//! What stands in the columns that the program owns (programme.md §5).

use super::Verdict;
use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::decide::{Decisions, SeatState, Suggestion};
use crate::facts::Night;
use crate::facts::hours;
use crate::findings::{Finding, Findings, Severity};
use crate::french::typographic;
use crate::model::owned::{Owned, owned_columns};
use crate::model::season::Sheet;
use crate::model::{Role, RowRef, SheetId};

/// The value of a cell that the program owns.
#[derive(Debug, Clone, PartialEq)]
pub enum CellValue {
    /// Nothing.
    Empty,
    /// A text, never a formula.
    Text(Cow<'static, str>),
    /// The worst severity of the row, none where nothing was found.
    Verdict(Option<Severity>),
    /// A count, a rank or a score.
    Number(f64),
    /// Hours.
    Hours(f64),
    /// Euros.
    Euros(f64),
}

/// One of the program's columns on one sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnPlan {
    /// Which.
    pub owned: Owned,
    /// Its cells by row as Excel counts, ascending.
    pub cells: Vec<(u32, CellValue)>,
    /// For each cell, its row in the role's table.
    rows: Vec<u32>,
}

/// How many rows a sheet has, at most.
fn rows_of(night: &Night, sheet: &Sheet) -> usize {
    let below = sheet.last_row.saturating_sub(sheet.header_row);
    night.season.row_count(sheet.role).min(below as usize)
}

impl ColumnPlan {
    /// Without cells yet, and with room for so many.
    fn new(owned: Owned, rows: usize) -> Self {
        Self {
            owned,
            cells: Vec::with_capacity(rows),
            rows: Vec::with_capacity(rows),
        }
    }
}

/// The program's columns on one sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetPlan {
    /// The sheet.
    pub sheet: SheetId,
    /// Its columns, in the order in which they are added.
    pub columns: Vec<ColumnPlan>,
}

/// The cells of every sheet.
pub fn plan(night: &Night, verdict: &Verdict) -> Vec<SheetPlan> {
    let by_row = FindingsByRow::new(&verdict.findings);
    let filler = Filler {
        night,
        decisions: &verdict.decisions,
        by_row: &by_row,
        running_totals: running_totals(night),
    };
    let mut plans: Vec<SheetPlan> = night
        .season
        .sheets
        .iter()
        .zip(0u16..)
        .map(|(sheet, id)| SheetPlan {
            sheet: SheetId(id),
            columns: owned_columns(sheet.role)
                .iter()
                .map(|owned| ColumnPlan::new(*owned, rows_of(night, sheet)))
                .collect(),
        })
        .collect();
    for role in Role::ALL {
        for index in (0u32..).take(night.season.row_count(role)) {
            let row = RowRef { role, index };
            let Some(place) = night.season.place(row) else {
                continue;
            };
            let Some(sheet) = plans.get_mut(usize::from(place.sheet.0)) else {
                continue;
            };
            for column in &mut sheet.columns {
                column
                    .cells
                    .push((place.row, filler.value(row, column.owned)));
                column.rows.push(index);
            }
        }
    }
    plans
}

/// Fills « Dernier courriel (auto) », by row of Inscriptions.
pub(super) fn fill_last_mails(plans: &mut [SheetPlan], last: &BTreeMap<u32, String>) {
    let columns = plans.iter_mut().flat_map(|plan| &mut plan.columns);
    for column in columns.filter(|column| column.owned == Owned::LastMail) {
        for ((_, value), row) in column.cells.iter_mut().zip(&column.rows) {
            *value = optional(last.get(row).cloned(), |text| CellValue::Text(text.into()));
        }
    }
}

/// The findings of each row; the list is sorted by place, so those of a row stand together.
struct FindingsByRow<'a> {
    list: Vec<&'a Finding>,
}

impl<'a> FindingsByRow<'a> {
    fn new(findings: &'a Findings) -> Self {
        let mut list: Vec<&Finding> = findings
            .iter()
            .filter(|finding| finding.row().is_some())
            .collect();
        list.sort_by_key(|finding| finding.row());
        Self { list }
    }

    fn of(&self, row: RowRef) -> &[&'a Finding] {
        let start = self
            .list
            .partition_point(|finding| finding.row() < Some(row));
        let rest = self.list.get(start..).unwrap_or_default();
        let length = rest.partition_point(|finding| finding.row() == Some(row));
        rest.get(..length).unwrap_or_default()
    }
}

/// The running total at each meeting, by its row; none where it can't be placed in time.
fn running_totals(night: &Night) -> Vec<Option<f64>> {
    let season = night.season;
    let mut totals = vec![None; season.row_count(Role::Meetings)];
    for support in (0u32..).take(season.row_count(Role::Supports)) {
        for (index, _, total) in hours::running_totals(season, night.settings, support) {
            if let Some(slot) = totals.get_mut(index as usize) {
                *slot = Some(total);
            }
        }
    }
    totals
}

struct Filler<'a> {
    night: &'a Night<'a>,
    decisions: &'a Decisions,
    by_row: &'a FindingsByRow<'a>,
    running_totals: Vec<Option<f64>>,
}

impl Filler<'_> {
    fn value(&self, row: RowRef, owned: Owned) -> CellValue {
        let index = row.index;
        match owned {
            Owned::Verdict => CellValue::Verdict(
                self.by_row
                    .of(row)
                    .iter()
                    .map(|finding| finding.severity)
                    .max(),
            ),
            Owned::Alerts => alerts(self.by_row.of(row)),
            Owned::Score => optional(
                self.decisions
                    .ranking
                    .status(index)
                    .score
                    .map(|score| (score * 100.0).round() / 100.0),
                CellValue::Number,
            ),
            Owned::Rank => optional(self.decisions.ranking.status(index).rank, |rank| {
                CellValue::Number(f64::from(rank))
            }),
            Owned::HoursHeld => self.support_hours(index, |held, _, _| Some(held)),
            Owned::HoursPlanned => self.support_hours(index, |held, all, _| Some(all - held)),
            Owned::HoursLeft => {
                self.support_hours(index, |_, all, agreed| Some((agreed? - all).max(0.0)))
            }
            Owned::Suggestions => suggestions(
                self.decisions
                    .suggestions
                    .get(index as usize)
                    .map_or(&[], Vec::as_slice),
            ),
            Owned::RunningTotal => optional(
                self.running_totals.get(index as usize).copied().flatten(),
                CellValue::Hours,
            ),
            Owned::SeatsTaken => self.workshop_count(index, |seats| seats.taken),
            Owned::WaitingCount => self.workshop_count(index, |seats| seats.waiting),
            Owned::SeatsLeft => {
                self.workshop_count(index, |seats| seats.places.saturating_sub(seats.taken))
            }
            Owned::Seat => CellValue::Text(self.seat(index)),
            Owned::Fee => self.fee(index),
            Owned::LastMail => CellValue::Empty,
        }
    }

    /// Hours held, hours of all live meetings, and agreed hours, made into one number.
    fn support_hours(
        &self,
        index: u32,
        make: impl FnOnce(f64, f64, Option<f64>) -> Option<f64>,
    ) -> CellValue {
        let (season, settings) = (self.night.season, self.night.settings);
        let support = season
            .tables
            .supports
            .as_ref()
            .and_then(|table| table.get(index));
        if season.tables.meetings.is_none() {
            return CellValue::Empty;
        }
        let held = hours::held(season, settings, index);
        let all = hours::planned(season, settings, index);
        let agreed = support.and_then(crate::model::support::Support::agreed_hours);
        optional(make(held, all, agreed), CellValue::Hours)
    }

    fn workshop_count(
        &self,
        index: u32,
        count: impl FnOnce(crate::decide::WorkshopSeats) -> u32,
    ) -> CellValue {
        let season = self.night.season;
        let live = season
            .tables
            .workshops
            .as_ref()
            .is_some_and(|table| table.is_live(index));
        if !live || season.tables.registrations.is_none() {
            return CellValue::Empty;
        }
        CellValue::Number(f64::from(count(self.decisions.seats.workshop(index))))
    }

    fn seat(&self, index: u32) -> Cow<'static, str> {
        let seat = self.decisions.seats.of(index);
        match (seat.state, seat.position) {
            (SeatState::Confirmed, _) => "confirmée".into(),
            (SeatState::Waiting, Some(position)) => format!("liste d'attente {position}").into(),
            (SeatState::Waiting, None) => "liste d'attente".into(),
            (SeatState::Cancelled, _) => "annulée".into(),
            (SeatState::Excluded, _) => "non retenue".into(),
        }
    }

    fn fee(&self, index: u32) -> CellValue {
        let seat = self.decisions.seats.of(index);
        if seat.takes_part() {
            CellValue::Euros(seat.fee())
        } else {
            CellValue::Empty
        }
    }
}

fn optional<T>(value: Option<T>, make: impl FnOnce(T) -> CellValue) -> CellValue {
    value.map_or(CellValue::Empty, make)
}

/// Each finding, code first, a line each.
fn alerts(findings: &[&Finding]) -> CellValue {
    if findings.is_empty() {
        return CellValue::Empty;
    }
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| format!("{} {}", finding.code, finding.message))
        .collect();
    CellValue::Text(lines.join("\n").into())
}

/// Each person and why, a line each: rows keep their height, so a line says it all.
fn suggestions(list: &[Suggestion]) -> CellValue {
    if list.is_empty() {
        return CellValue::Empty;
    }
    let lines: Vec<String> = list.iter().map(Suggestion::french).collect();
    CellValue::Text(typographic(&lines.join("\n")).into())
}
