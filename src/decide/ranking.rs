//! The ranking of applications (programme.md §4, Ranking).

use crate::config::Settings;
use crate::facts::Night;
use crate::facts::{applications, conflict};
use crate::findings::{FindingsOfRole, RowFindings};
use crate::model::application::{Application, Marks};
use crate::model::{Cell, Season, Table};

/// Scores closer than this share a rank.
const EQUAL: f64 = 1e-9;

/// What was found out about an application.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ApplicationStatus {
    /// No other application of its structure counts instead (CAN02).
    pub counts: bool,
    /// The row of the one that does.
    pub replaced_by: Option<u32>,
    /// No blocking finding of the ELI family.
    pub eligible: bool,
    /// Not received after the deadline (CAN01).
    pub in_time: bool,
    /// Whether its marks are all there.
    pub marks: MarksStatus,
    /// Weighted mean of the criteria, 0 to 5, when it is ranked.
    pub score: Option<f64>,
    /// From 1; equal scores share the better rank.
    pub rank: Option<u32>,
}

/// Whether the three marks of an application are there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MarksStatus {
    /// All three.
    Complete,
    /// At least one is missing.
    #[default]
    Missing,
    /// At least one has a finding of its own.
    Unreadable,
}

/// The status of every application, and the ranked ones in order.
#[derive(Debug, Default)]
pub struct Ranking {
    /// By row of Candidatures.
    pub applications: Vec<ApplicationStatus>,
    /// Rows of Candidatures by rank, then row.
    pub order: Vec<u32>,
}

impl Ranking {
    /// The status of one application.
    pub fn status(&self, index: u32) -> ApplicationStatus {
        self.applications
            .get(index as usize)
            .copied()
            .unwrap_or_default()
    }
}

/// Ranks the applications that count, are in time and eligible and have all marks.
pub fn rank(night: &Night, marks: &FindingsOfRole) -> Ranking {
    let Some(table) = &night.season.tables.applications else {
        return Ranking::default();
    };
    let replacements = applications::replacements(night.season, night.settings);
    let mut statuses: Vec<ApplicationStatus> = table
        .all()
        .zip(&replacements)
        .map(|((index, row), replaced_by)| ApplicationStatus {
            replaced_by: *replaced_by,
            ..status(night, marks.get(index), row, replaced_by.is_none())
        })
        .collect();
    let mut scored: Vec<(u32, f64)> = (0u32..)
        .zip(&statuses)
        .filter_map(|(index, status)| Some((index, status.score?)))
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut previous: Option<(f64, u32)> = None;
    for ((index, score), place) in scored.iter().zip(1u32..) {
        let rank = match previous {
            Some((last, rank)) if (last - score).abs() <= EQUAL => rank,
            _ => place,
        };
        previous = Some((*score, rank));
        if let Some(status) = statuses.get_mut(*index as usize) {
            status.rank = Some(rank);
        }
    }
    let mut order: Vec<u32> = scored.iter().map(|(index, _)| *index).collect();
    order.sort_by_key(|index| {
        (
            statuses.get(*index as usize).and_then(|status| status.rank),
            *index,
        )
    });
    Ranking {
        applications: statuses,
        order,
    }
}

fn status(night: &Night, found: RowFindings, row: &Application, counts: bool) -> ApplicationStatus {
    let marks = effective_marks(night.season, row);
    let mut status = ApplicationStatus {
        counts,
        eligible: !found.ineligible,
        in_time: !found.late,
        marks: marks_status(&marks),
        ..ApplicationStatus::default()
    };
    if status.counts && status.eligible && status.in_time {
        status.score = score(&marks, night.settings);
    }
    status
}

/// The marks that count: the committee's means where it marked the structure, else those typed
/// beside the application.
fn effective_marks(season: &Season, row: &Application) -> Marks {
    let Some(structure) = row.structure.value() else {
        return row.marks;
    };
    let rows = season.index.committee_marks_of(structure.key);
    if rows.is_empty() {
        return row.marks;
    }
    let table = season.tables.committee_marks.as_ref();
    let without_conflict: Vec<&Marks> = rows
        .iter()
        .filter_map(|index| table.and_then(|table: &Table<_>| table.get(*index)))
        .filter(|mark| !conflict::is_conflict(season, mark))
        .map(|mark| &mark.marks)
        .collect();
    let mean_of = |criterion: fn(&Marks) -> Cell<f64>| {
        mean(without_conflict.iter().map(|marks| criterion(marks)))
    };
    Marks {
        adequation: mean_of(|marks| marks.adequation),
        engagement: mean_of(|marks| marks.engagement),
        collaboration: mean_of(|marks| marks.collaboration),
    }
}

/// The mean of the marks that can be read; where none can, what keeps it from being known.
fn mean(marks: impl Iterator<Item = Cell<f64>>) -> Cell<f64> {
    let (mut sum, mut count, mut unreadable) = (0.0, 0.0, false);
    for mark in marks {
        match mark {
            Cell::Is(value) => {
                sum += value;
                count += 1.0;
            }
            Cell::Bad => unreadable = true,
            Cell::Empty => {}
        }
    }
    if count > 0.0 {
        Cell::Is(sum / count)
    } else if unreadable {
        Cell::Bad
    } else {
        Cell::Empty
    }
}

fn marks_status(marks: &Marks) -> MarksStatus {
    let all = [marks.adequation, marks.engagement, marks.collaboration];
    if all.iter().any(Cell::is_empty) {
        MarksStatus::Missing
    } else if all.iter().any(Cell::is_bad) {
        MarksStatus::Unreadable
    } else {
        MarksStatus::Complete
    }
}

fn score(marks: &Marks, settings: &Settings) -> Option<f64> {
    let weights = &settings.applications.criteria;
    let weighted = marks.adequation.get()? * weights.adequation
        + marks.engagement.get()? * weights.engagement
        + marks.collaboration.get()? * weights.collaboration;
    Some(weighted / (weights.adequation + weights.engagement + weights.collaboration))
}
