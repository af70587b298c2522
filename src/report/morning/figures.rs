//! The programme in numbers.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::facts::hours;
use crate::facts::membership::{Known, row_valid_on};
use crate::findings::{Findings, Severity};
use crate::model::Table;
use crate::model::application::Decision;
use crate::model::member::Level;
use crate::model::support::Status;
use crate::plan::Verdict;
use crate::programme::Programme;
use crate::report::closing::Evaluations;

/// The programme in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Findings: blocking, to be looked at, worth knowing.
    pub findings: [usize; 3],
    /// Structures with a membership that is valid today.
    pub members: usize,
    /// Applications that count, by what was decided.
    pub applications: Vec<(&'static str, usize)>,
    /// `applications.places`
    pub places: u32,
    /// Supports that were not given up, in the order of the sheet.
    pub supports: Vec<SupportFigure>,
    /// `supports.min_hours` and `supports.max_hours`.
    pub bounds: (f64, f64),
    /// Workshops that are not annulés, by date.
    pub workshops: Vec<WorkshopFigure>,
    /// `workshops.expected`
    pub workshops_expected: u32,
    /// `workshops.capacity`
    pub capacity: u32,
    /// Resource persons.
    pub persons: usize,
    /// `resource_persons.expected`
    pub persons_expected: u32,
    /// What beneficiaries say.
    pub evaluations: Evaluations,
}

/// A support and its hours.
#[derive(Debug, Clone, PartialEq)]
pub struct SupportFigure {
    /// Its reference.
    pub reference: String,
    /// The structure.
    pub structure: String,
    /// The beneficiary.
    pub beneficiary: String,
    /// Where it stands, in French; empty where that can't be read.
    pub status: &'static str,
    /// Diagnostic or en cours.
    pub is_open: bool,
    /// Hours of meetings that were held.
    pub held: f64,
    /// Hours of meetings to come.
    pub to_come: f64,
    /// Agreed hours, where there are.
    pub agreed: Option<f64>,
}

/// A workshop and its seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkshopFigure {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its day, once it has one.
    pub date: Option<NaiveDate>,
    /// Seats taken.
    pub taken: u32,
    /// Seats left.
    pub free: u32,
    /// People waiting.
    pub waiting: u32,
}

impl Figures {
    pub(super) fn of(programme: &Programme, verdict: &Verdict) -> Self {
        let settings = &programme.settings;
        let persons = &programme.season.tables.resource_persons;
        Self {
            findings: by_severity(&verdict.findings),
            members: members(programme),
            applications: decisions(programme, verdict),
            places: settings.applications.places,
            supports: supports(programme),
            bounds: (settings.supports.min_hours, settings.supports.max_hours),
            workshops: workshops(programme, verdict),
            workshops_expected: settings.workshops.expected,
            capacity: settings.workshops.capacity,
            persons: persons.iter().flat_map(Table::standing).count(),
            persons_expected: settings.resource_persons.expected,
            evaluations: Evaluations::of(programme),
        }
    }

    /// Applications that were selected.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.applications.first().map_or(0, |(_, count)| *count)
    }

    /// Workshops with a date.
    #[must_use]
    pub fn scheduled(&self) -> usize {
        let dated = |workshop: &&WorkshopFigure| workshop.date.is_some();
        self.workshops.iter().filter(dated).count()
    }

    /// Seats taken, seats to give, people waiting, in workshops that are not over.
    #[must_use]
    pub fn seats(&self, today: NaiveDate) -> (u32, u32, u32) {
        let coming = self
            .workshops
            .iter()
            .filter(|workshop| workshop.date.is_none_or(|date| date >= today));
        coming.fold((0, 0, 0), |(taken, all, waiting), workshop| {
            (
                taken + workshop.taken,
                all + workshop.taken + workshop.free,
                waiting + workshop.waiting,
            )
        })
    }
}

fn by_severity(findings: &Findings) -> [usize; 3] {
    let mut counts = [0; 3];
    for finding in findings.iter() {
        let [blocking, warning, info] = &mut counts;
        *match finding.severity {
            Severity::Blocking => blocking,
            Severity::Warning => warning,
            Severity::Info => info,
        } += 1;
    }
    counts
}

fn members(programme: &Programme) -> usize {
    let (season, settings, today) = (&programme.season, &programme.settings, programme.now.today);
    let rows = season.tables.members.iter().flat_map(Table::standing);
    let valid = rows
        .filter(|(_, row)| row_valid_on(row, settings, today, Level::Cooperating) == Known::Yes);
    let structures: BTreeSet<_> = valid
        .filter_map(|(_, row)| row.structure.value().map(|name| name.key))
        .collect();
    structures.len()
}

fn decisions(programme: &Programme, verdict: &Verdict) -> Vec<(&'static str, usize)> {
    let season = &programme.season;
    if season.tables.applications.is_none() {
        return Vec::new();
    }
    let counting: Vec<Option<Decision>> = season
        .tables
        .applications
        .iter()
        .flat_map(Table::all)
        .filter(|(index, _)| verdict.decisions.ranking.status(*index).counts)
        .map(|(_, row)| row.decision.get())
        .collect();
    let of = |wanted: Option<Decision>| counting.iter().filter(|one| **one == wanted).count();
    vec![
        ("Retenues", of(Some(Decision::Selected))),
        ("Liste d’attente", of(Some(Decision::Waiting))),
        ("Refusées", of(Some(Decision::Refused))),
        ("Sans décision", of(None)),
    ]
}

fn supports(programme: &Programme) -> Vec<SupportFigure> {
    let (season, settings) = (&programme.season, &programme.settings);
    let rows = season.tables.supports.iter().flat_map(Table::standing);
    rows.filter(|(_, row)| row.status.get() != Some(Status::Abandoned))
        .map(|(index, row)| {
            let held = hours::held(season, settings, index);
            SupportFigure {
                reference: row.head.key.to_string(),
                structure: text_of(row.structure.value().map(|name| &*name.text)),
                beneficiary: text_of(row.beneficiary.value().map(|name| &*name.text)),
                status: match row.status.get() {
                    Some(Status::Diagnosis) => "diagnostic",
                    Some(Status::Running) => "en cours",
                    Some(Status::Finished) => "terminé",
                    Some(Status::Abandoned) | None => "",
                },
                is_open: row.is_open(),
                held,
                to_come: hours::planned(season, settings, index) - held,
                agreed: row.agreed_hours(),
            }
        })
        .collect()
}

fn workshops(programme: &Programme, verdict: &Verdict) -> Vec<WorkshopFigure> {
    let rows = programme.season.tables.workshops.iter();
    let mut workshops: Vec<WorkshopFigure> = rows
        .flat_map(Table::live)
        .map(|(index, row)| {
            let seats = verdict.decisions.seats.workshop(index);
            WorkshopFigure {
                reference: row.head.key.to_string(),
                title: text_of(row.title.value().map(|title| &**title)),
                date: row.date.get(),
                taken: seats.taken,
                free: seats.places.saturating_sub(seats.taken),
                waiting: seats.waiting,
            }
        })
        .collect();
    // Those without a date come last; the sheet's order decides between equals.
    workshops.sort_by_key(|workshop| (workshop.date.is_none(), workshop.date));
    workshops
}

pub(super) fn text_of(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}
