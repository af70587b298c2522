//! The lists that every command prints.

use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use crate::config::Mode;
use crate::decide::SeatState;
use crate::findings::{Finding, Severity};
use crate::mails::{Due, Kind, State};
use crate::model::Season;
use crate::outbox::Pending;
use crate::plan::Verdict;
use crate::programme::Programme;

/// A list that is written as it is walked: a season of a million registrations is never copied.
pub(super) struct Each<'a, L>(pub View<'a>, pub L);

#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub programme: &'a Programme,
    pub verdict: &'a Verdict,
    pub due: &'a Due,
    /// After a run: the state of each e-mail.
    pub states: Option<&'a [Option<State>]>,
    /// After a run: the e-mails of earlier nights that it tried.
    pub taken_up: &'a [Pending],
}

pub(super) trait List {
    fn each<S: SerializeSeq>(&self, view: View, out: &mut S) -> Result<(), S::Error>;
}

impl<L: List> Serialize for Each<'_, L> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_seq(None)?;
        self.1.each(self.0, &mut out)?;
        out.end()
    }
}

pub(super) struct FindingsOf;

#[derive(Serialize)]
struct FindingView<'a> {
    code: &'static str,
    severity: Severity,
    workbook: &'a str,
    sheet: &'a str,
    row: u32,
    column: Option<String>,
    key: &'a str,
    message: &'a str,
}

impl List for FindingsOf {
    fn each<S: SerializeSeq>(&self, view: View, out: &mut S) -> Result<(), S::Error> {
        for finding in view.verdict.findings.iter() {
            out.serialize_element(&finding_view(&view.programme.season, finding))?;
        }
        Ok(())
    }
}

fn finding_view<'a>(season: &'a Season, finding: &'a Finding) -> FindingView<'a> {
    let (workbook, sheet) = names(season, finding.place.sheet);
    FindingView {
        code: finding.code,
        severity: finding.severity,
        workbook,
        sheet,
        row: finding.place.row,
        column: finding.letters(season),
        key: finding.key(season),
        message: &finding.message,
    }
}

pub(super) fn names(season: &Season, id: crate::model::SheetId) -> (&str, &str) {
    let Some(sheet) = season.sheet(id) else {
        return ("", "");
    };
    let workbook = season
        .workbook_of(sheet)
        .map_or("", |workbook| &workbook.name);
    (workbook, &sheet.name)
}

pub(super) struct SeatsOf;

#[derive(Serialize)]
struct SeatView<'a> {
    workshop: &'a str,
    email: &'a str,
    workbook: &'a str,
    sheet: &'a str,
    row: u32,
    state: &'static str,
    position: Option<u32>,
    fee: f64,
}

impl List for SeatsOf {
    fn each<S: SerializeSeq>(&self, view: View, out: &mut S) -> Result<(), S::Error> {
        let season = &view.programme.season;
        let Some(registrations) = &season.tables.registrations else {
            return Ok(());
        };
        for (index, row) in registrations.all() {
            let seat = view.verdict.decisions.seats.of(index);
            let (workbook, sheet) = names(season, row.head.at.sheet);
            // The key is the workshop and the address as typed, readable or not.
            let (workshop, email) = row.head.key.split_once(" | ").unwrap_or_default();
            out.serialize_element(&SeatView {
                workshop,
                email,
                workbook,
                sheet,
                row: row.head.at.row,
                state: match seat.state {
                    SeatState::Confirmed => "confirmed",
                    SeatState::Waiting => "waiting",
                    SeatState::Cancelled => "cancelled",
                    SeatState::Excluded => "excluded",
                },
                position: seat.position,
                fee: seat.fee(),
            })?;
        }
        Ok(())
    }
}

pub(super) struct RankingOf;

#[derive(Serialize)]
struct RankView<'a> {
    structure: &'a str,
    score: Option<f64>,
    rank: Option<u32>,
}

impl List for RankingOf {
    fn each<S: SerializeSeq>(&self, view: View, out: &mut S) -> Result<(), S::Error> {
        let Some(applications) = &view.programme.season.tables.applications else {
            return Ok(());
        };
        for index in &view.verdict.decisions.ranking.order {
            let status = view.verdict.decisions.ranking.status(*index);
            let structure = applications
                .get(*index)
                .and_then(|row| row.structure.value());
            out.serialize_element(&RankView {
                structure: structure.map_or("", |name| &name.text),
                score: status.score,
                rank: status.rank,
            })?;
        }
        Ok(())
    }
}

pub(super) struct MailsOf;

#[derive(Serialize)]
struct MailView<'a> {
    kind: Kind,
    to: &'a str,
    key: &'a str,
    mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
}

impl List for MailsOf {
    fn each<S: SerializeSeq>(&self, view: View, out: &mut S) -> Result<(), S::Error> {
        for (position, draft) in view.due.drafts.iter().enumerate() {
            let state = |states: &[Option<State>]| {
                let state = states.get(position).copied().flatten();
                state.map_or("held_back", State::name)
            };
            out.serialize_element(&MailView {
                kind: draft.kind,
                to: &draft.to.address,
                key: &draft.key,
                mode: mode(draft.mode),
                state: view.states.map(state),
            })?;
        }
        for message in view.taken_up {
            out.serialize_element(&MailView {
                kind: message.kind,
                to: &message.to.address,
                key: &message.key,
                mode: mode(message.kind.mode(&view.programme.settings)),
                state: Some(message.state.name()),
            })?;
        }
        Ok(())
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Auto => "auto",
        Mode::Review => "review",
        Mode::Off => "off",
    }
}
