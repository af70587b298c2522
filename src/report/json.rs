//! The machine-readable output (programme.md §7).

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write as _};

use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use crate::apply::{Done, Foresight, Taken, WorkbookDone, WorkbookState};
use crate::config::Mode;
use crate::decide::SeatState;
use crate::findings::{Finding, Severity};
use crate::mails::{Due, Kind, State};
use crate::model::Season;
use crate::outbox::Pending;
use crate::plan::Verdict;
use crate::programme::Programme;
use crate::sheets::InputProblem;
use crate::writeback::two_versions;

/// What `check --format json` prints for one folder.
#[derive(Serialize)]
pub struct Checked<'a> {
    programme: &'a str,
    as_of: chrono::NaiveDate,
    findings: Each<'a, FindingsOf>,
    seats: Each<'a, SeatsOf>,
    ranking: Each<'a, RankingOf>,
    mails: Each<'a, MailsOf>,
    /// Only where a sync client has left another version of a workbook.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unread: Vec<Unread<'a>>,
}

#[derive(Serialize)]
struct Unread<'a> {
    workbook: &'a str,
    version_of: &'a str,
    remark: String,
}

impl<'a> Checked<'a> {
    /// The view of a plan.
    pub fn new(programme: &'a Programme, verdict: &'a Verdict, due: &'a Due) -> Self {
        let view = View {
            programme,
            verdict,
            due,
            states: None,
        };
        Self {
            programme: &programme.settings.programme.name,
            as_of: programme.now.today,
            findings: Each(view, FindingsOf),
            seats: Each(view, SeatsOf),
            ranking: Each(view, RankingOf),
            mails: Each(view, MailsOf),
            unread: unread(programme),
        }
    }
}

fn unread(programme: &Programme) -> Vec<Unread<'_>> {
    let conflicts = programme.season.conflicts.iter();
    conflicts
        .map(|conflict| Unread {
            workbook: &conflict.name,
            version_of: &conflict.of,
            remark: two_versions(programme, conflict),
        })
        .collect()
}

/// What `plan --format json` prints: the check, and what would be written.
#[derive(Serialize)]
pub struct Planned<'a> {
    #[serde(flatten)]
    checked: Checked<'a>,
    guard: Option<&'a str>,
    would_write: Vec<WouldWrite<'a>>,
    answers: Answers<'a>,
    /// What would leave besides `mails`: queued by an earlier night, or approved since.
    left: Vec<Left<'a>>,
    retired: u32,
}

#[derive(Serialize)]
struct Left<'a> {
    kind: Kind,
    to: &'a str,
    key: &'a str,
    queued_on: chrono::NaiveDate,
}

#[derive(Serialize)]
struct WouldWrite<'a> {
    workbook: &'a str,
    sheet: &'a str,
    columns: Vec<&'static str>,
    rows: usize,
}

impl<'a> Planned<'a> {
    /// The view of a plan.
    pub fn new(programme: &'a Programme, night: &'a Foresight) -> Self {
        let plan = &night.plan;
        let left = |message: &'a Pending| Left {
            kind: message.kind,
            to: &message.to.address,
            key: &message.key,
            queued_on: message.run_day,
        };
        Self {
            answers: Answers::new(&night.taken),
            left: night.left.iter().map(left).collect(),
            retired: night.retired,
            checked: Checked::new(programme, &plan.verdict, &plan.due),
            guard: plan.due.guard.as_deref(),
            would_write: plan
                .sheets
                .iter()
                .map(|sheet| {
                    let (workbook, name) = names(&programme.season, sheet.sheet);
                    WouldWrite {
                        workbook,
                        sheet: name,
                        columns: sheet
                            .columns
                            .iter()
                            .map(|column| column.owned.header())
                            .collect(),
                        rows: sheet.columns.first().map_or(0, |column| column.cells.len()),
                    }
                })
                .collect(),
        }
    }
}

/// What `run --format json` prints: the check, what was written, and the state of each e-mail.
#[derive(Serialize)]
pub struct Ran<'a> {
    #[serde(flatten)]
    checked: Checked<'a>,
    #[serde(flatten)]
    told: Told<'a>,
}

/// What was done.
#[derive(Serialize)]
struct Told<'a> {
    guard: Option<&'a str>,
    written: Vec<Written<'a>>,
    dashboard: Written<'a>,
    answers: Answers<'a>,
    digest: Option<&'static str>,
    mail_counts: BTreeMap<&'static str, u32>,
    mail_totals: BTreeMap<&'static str, u32>,
    resumed: usize,
    retired: u32,
    problems: &'a [String],
}

#[derive(Serialize)]
struct Written<'a> {
    workbook: &'a str,
    file: Option<&'a str>,
    state: &'static str,
    remark: Option<&'a str>,
}

/// What came of the coordinator's answers in the dashboard.
#[derive(Serialize)]
struct Answers<'a> {
    approved: u32,
    rejected: u32,
    received: u32,
    resent: u32,
    clock_trusted: bool,
    remarks: &'a [String],
}

impl<'a> Answers<'a> {
    fn new(taken: &'a Taken) -> Self {
        Self {
            approved: taken.approved,
            rejected: taken.rejected,
            received: taken.received,
            resent: taken.resent,
            clock_trusted: taken.clock_trusted,
            remarks: &taken.remarks,
        }
    }
}

impl<'a> Written<'a> {
    fn new(workbook: &'a WorkbookDone) -> Self {
        Self {
            workbook: &workbook.workbook,
            file: workbook.file.as_deref(),
            state: match workbook.state {
                WorkbookState::Written => "written",
                WorkbookState::Unchanged => "unchanged",
                WorkbookState::Beside => "beside",
                WorkbookState::Failed => "failed",
                WorkbookState::Unread => "unread",
            },
            remark: workbook.remark.as_deref(),
        }
    }
}

impl<'a> Ran<'a> {
    /// The view of what was done.
    pub fn new(programme: &'a Programme, done: &'a Done) -> Self {
        Self {
            checked: found_by(programme, done),
            told: Told::new(done),
        }
    }
}

fn found_by<'a>(programme: &'a Programme, done: &'a Done) -> Checked<'a> {
    let mut checked = Checked::new(programme, &done.plan.verdict, &done.plan.due);
    checked.mails.0.states = Some(&done.states);
    checked
}

impl<'a> Told<'a> {
    fn new(done: &'a Done) -> Self {
        Self {
            guard: done.plan.due.guard.as_deref(),
            written: done.workbooks.iter().map(Written::new).collect(),
            dashboard: Written::new(&done.dashboard),
            answers: Answers::new(&done.taken),
            digest: done.digest.map(crate::mails::State::name),
            mail_counts: done
                .counts
                .iter()
                .map(|(state, count)| (state.name(), *count))
                .collect(),
            mail_totals: totals(&done.counts),
            resumed: done.resumed,
            retired: done.retired,
            problems: &done.problems,
        }
    }
}

/// Writes a [`Ran`], and to `again` the one that [`Done::once_more`] makes of it.
///
/// # Errors
/// It can't be written.
pub fn tell_ran(
    out: &mut dyn io::Write,
    again: &mut dyn io::Write,
    programme: &Programme,
    done: &mut Done,
) -> io::Result<()> {
    let open = Open {
        both: [&mut *out, &mut *again],
        last: None,
    };
    let mut found = BufWriter::with_capacity(1 << 16, open);
    serde_json::to_writer(&mut found, &found_by(programme, done))?;
    found.flush()?;
    drop(found);
    close(out, &Told::new(done))?;
    done.once_more();
    close(again, &Told::new(done))
}

/// Goes on with an object whose end was kept back.
fn close(out: &mut dyn io::Write, more: &Told<'_>) -> io::Result<()> {
    let more = serde_json::to_vec(more)?;
    out.write_all(b",")?;
    out.write_all(more.strip_prefix(b"{").unwrap_or(&more))
}

/// Writes to both, and keeps the last byte back: the object is not at its end.
struct Open<'o> {
    both: [&'o mut dyn io::Write; 2],
    last: Option<u8>,
}

impl io::Write for Open<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some((last, bytes)) = bytes.split_last() else {
            return Ok(0);
        };
        let before = self.last.replace(*last);
        for out in &mut self.both {
            out.write_all(before.as_slice())?;
            out.write_all(bytes)?;
        }
        Ok(bytes.len() + 1)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The day's e-mails in sums that add up (hazards.md, "Sending: the protocol"): planned are all of
/// them. What the ledger could not note counts as what the next run makes of it.
fn totals(counts: &BTreeMap<State, u32>) -> BTreeMap<&'static str, u32> {
    let of =
        |states: &[State]| -> u32 { states.iter().filter_map(|state| counts.get(state)).sum() };
    let parts = [
        ("accepted", of(&[State::Accepted])),
        ("deferred", of(&[State::Deferred, State::Planned])),
        ("refused", of(&[State::Refused])),
        ("unknown", of(&[State::Unknown, State::HandingOver])),
        ("obsolete", of(&[State::Obsolete])),
        ("awaiting_approval", of(&[State::AwaitingApproval])),
        ("rejected", of(&[State::Rejected])),
    ];
    let planned = parts.iter().map(|(_, count)| count).sum();
    parts.into_iter().chain([("planned", planned)]).collect()
}

/// What is printed where a run stops before anything is written or sent.
#[derive(Serialize)]
pub struct Stopped<'a> {
    /// Every problem.
    pub errors: &'a [InputProblem],
}

/// A list that is written as it is walked: a season of a million registrations is never copied.
struct Each<'a, L>(View<'a>, L);

#[derive(Clone, Copy)]
struct View<'a> {
    programme: &'a Programme,
    verdict: &'a Verdict,
    due: &'a Due,
    /// After a run: the state of each e-mail.
    states: Option<&'a [Option<State>]>,
}

trait List {
    fn each<S: SerializeSeq>(&self, view: View, out: &mut S) -> Result<(), S::Error>;
}

impl<L: List> Serialize for Each<'_, L> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_seq(None)?;
        self.1.each(self.0, &mut out)?;
        out.end()
    }
}

struct FindingsOf;

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

fn names(season: &Season, id: crate::model::SheetId) -> (&str, &str) {
    let Some(sheet) = season.sheet(id) else {
        return ("", "");
    };
    let workbook = season
        .workbook_of(sheet)
        .map_or("", |workbook| &workbook.name);
    (workbook, &sheet.name)
}

struct SeatsOf;

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

struct RankingOf;

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

struct MailsOf;

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
