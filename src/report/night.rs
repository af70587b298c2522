//! A night in words, for the operator's terminal: what is planned, or what was done.

use std::collections::BTreeMap;
use std::io;

use super::{decisions, table};
use crate::apply::{Done, Foresight, Taken, WorkbookDone, WorkbookState};
use crate::config::{Mode, Transport, Write};
use crate::french::typographic;
use crate::french::words::count;
use crate::mails::{Draft, Due, Kind, State};
use crate::model::time::{long_date, short_date};
use crate::outbox::Sums;
use crate::programme::Programme;
use crate::writeback::two_versions;

/// Writes what a run would write and send, and why.
///
/// # Errors
/// The output can't be written.
pub fn write_plan(
    out: &mut impl io::Write,
    programme: &Programme,
    night: &Foresight,
) -> io::Result<()> {
    let plan = &night.plan;
    head(out, programme)?;
    guard(out, &plan.due)?;
    writeln!(out, "Constats : {}", table::summary(&plan.verdict.findings))?;
    write_taken(out, &night.taken)?;
    conflicts(out, programme)?;
    writeln!(out, "\nSeraient écrits :")?;
    let folder = match programme.settings.output.write {
        Write::Copy => "controles/",
        Write::InPlace => "",
    };
    for sheet in &plan.sheets {
        let Some(read) = programme.season.sheet(sheet.sheet) else {
            continue;
        };
        let workbook = programme
            .season
            .workbook_of(read)
            .map_or("", |workbook| &workbook.name);
        let rows = sheet.columns.first().map_or(0, |column| column.cells.len());
        let columns: Vec<&str> = sheet
            .columns
            .iter()
            .map(|column| column.owned.header())
            .collect();
        writeln!(
            out,
            "  {folder}{workbook} › {} : {} ; {}",
            read.name,
            count(rows, "ligne", "lignes"),
            columns.join(", ")
        )?;
    }
    decisions::write(out, programme, &plan.verdict.decisions)?;
    would_leave(out, night)
}

/// What would leave, and what would be shown first.
fn would_leave(out: &mut impl io::Write, night: &Foresight) -> io::Result<()> {
    let plan = &night.plan;
    if night.retired > 0 {
        writeln!(out)?;
        let one = "courriel d’une nuit précédente ne serait plus";
        let several = "courriels d’une nuit précédente ne seraient plus";
        let what = count(night.retired as usize, one, several);
        writeln!(out, "  {what} d’actualité")?;
    }
    let (waiting, leaving): (Vec<&Draft>, Vec<&Draft>) = plan
        .due
        .drafts
        .iter()
        .partition(|draft| draft.mode == Mode::Review);
    if leaving.is_empty() && night.left.is_empty() {
        writeln!(out, "\nAucun courriel ne partirait.")?;
    } else {
        writeln!(out, "\nPartiraient :")?;
    }
    for message in &night.left {
        writeln!(
            out,
            "  {} → {} (préparé le {})\n      {}",
            message.kind.name(),
            message.to.address,
            short_date(message.run_day),
            typographic(&message.why)
        )?;
    }
    for draft in leaving {
        write_draft(out, draft)?;
    }
    if !waiting.is_empty() {
        writeln!(out, "\nAttendraient votre accord :")?;
    }
    for draft in waiting {
        write_draft(out, draft)?;
    }
    let before = night.asked;
    if before > 0 {
        let what = count(before, "courriel attend", "courriels attendent");
        writeln!(out, "\n{what} déjà votre accord.")?;
    }
    Ok(())
}

fn write_draft(out: &mut impl io::Write, draft: &Draft) -> io::Result<()> {
    writeln!(
        out,
        "  {} → {}\n      {}",
        draft.kind.name(),
        draft.to.address,
        typographic(&draft.why)
    )
}

/// Writes what a run did.
///
/// # Errors
/// The output can't be written.
pub fn write_done(mut out: impl io::Write, programme: &Programme, done: &Done) -> io::Result<()> {
    let out = &mut out;
    head(out, programme)?;
    guard(out, &done.plan.due)?;
    writeln!(
        out,
        "Constats : {}",
        table::summary(&done.plan.verdict.findings)
    )?;
    write_taken(out, &done.taken)?;
    writeln!(out, "\nClasseurs :")?;
    for workbook in done.workbooks.iter().chain([&done.dashboard]) {
        let what = match workbook.state {
            WorkbookState::Written => "écrit",
            WorkbookState::Unchanged => "inchangé",
            WorkbookState::Beside => "écrit à côté",
            WorkbookState::Failed => "non écrit",
            WorkbookState::Unread => "non lu",
        };
        let file = workbook.file.as_deref().unwrap_or(&workbook.workbook);
        writeln!(out, "  {file} : {what}")?;
        if let Some(remark) = &workbook.remark {
            writeln!(out, "      {}", typographic(remark))?;
        }
    }
    write_mails(out, programme, done)?;
    // What keeps it from leaving is among the problems.
    if done.digest == Some(State::Accepted) {
        let how = match programme.settings.mail.transport {
            Transport::File => "rangée dans controles/courriels",
            Transport::Smtp => "acceptée par le serveur",
        };
        writeln!(out, "{}", typographic(&format!("Synthèse : {how}.")))?;
    }
    for problem in &done.problems {
        writeln!(out, "  ! {}", typographic(problem))?;
    }
    Ok(())
}

/// A run in a few words, for the summary of several.
#[must_use]
pub fn sum(done: &Done) -> String {
    let written = |workbook: &&WorkbookDone| workbook.state == WorkbookState::Written;
    let sums = &done.tally.participants;
    in_few_words(
        done.workbooks.iter().filter(written).count(),
        sums.of(State::Accepted) as usize,
        sums.of(State::AwaitingApproval) as usize,
    )
}

/// A run on which nothing was new, likewise.
#[must_use]
pub fn sum_of_nothing() -> String {
    in_few_words(0, 0, 0)
}

fn in_few_words(workbooks: usize, accepted: usize, awaiting: usize) -> String {
    format!(
        "{}, {}, {awaiting} en attente de votre accord",
        count(workbooks, "classeur écrit", "classeurs écrits"),
        count(accepted, "courriel parti", "courriels partis"),
    )
}

/// What came of the coordinator's answers, and what did not.
fn write_taken(out: &mut impl io::Write, taken: &Taken) -> io::Result<()> {
    let counts = [
        (taken.approved, "accord", "accords"),
        (taken.rejected, "refus", "refus"),
        (taken.received, "« reçu »", "« reçu »"),
        (taken.resent, "« renvoyer »", "« renvoyer »"),
        (u32::from(taken.clock_trusted), "date confirmée", ""),
        (u32::from(taken.ledger_trusted), "reprise des envois", ""),
    ];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, several)| count(number as usize, one, several))
        .collect();
    if parts.is_empty() && taken.remarks.is_empty() {
        return Ok(());
    }
    let said = if parts.is_empty() {
        "aucune n’a pu être prise".to_owned()
    } else {
        parts.join(", ")
    };
    let line = format!("\nVos réponses dans le tableau de bord : {said}.");
    writeln!(out, "{}", typographic(&line))?;
    for remark in &taken.remarks {
        writeln!(out, "  ! {remark}")?;
    }
    Ok(())
}

fn write_mails(out: &mut impl io::Write, programme: &Programme, done: &Done) -> io::Result<()> {
    let sums = &done.tally.participants;
    if sums.touched == 0 && done.states.is_empty() {
        let open = open_ones(sums);
        let open = if open.is_empty() {
            open
        } else {
            format!(" ; {open}")
        };
        let line = format!("\nCourriels : rien de nouveau, aucun courriel n’est parti{open}.");
        writeln!(out, "{}", typographic(&line))?;
        return write_doubts(out, sums.of(State::Unknown));
    }
    let taken = match programme.settings.mail.transport {
        Transport::File => FILED,
        Transport::Smtp => TAKEN,
    };
    // Those whose words failed are due again the next night.
    let held_back = done.states.iter().filter(|state| state.is_none()).count();
    let held_back = u32::try_from(held_back).unwrap_or(u32::MAX);
    writeln!(out, "\n{}", typographic(&sum_line(sums, taken, held_back)))?;
    let resumed = done.resumed();
    if resumed > 0 {
        let what = count(resumed, "attendait", "attendaient");
        writeln!(out, "  dont {what} depuis une exécution précédente")?;
    }
    if sums.taken_over > 0 {
        let all: u32 = sums.by_state.values().sum();
        let (new, before) = (all - sums.taken_over, sums.taken_over);
        let line = format!("  en tout {all} : {new} de cette exécution et {before} d’avant");
        writeln!(out, "{}", typographic(&line))?;
    }
    write_doubts(out, sums.of(State::Unknown))?;
    for (kind, number) in by_kind(&done.plan.due) {
        writeln!(out, "  {:<26} {number}", kind.name())?;
    }
    Ok(())
}

/// What had become of the e-mails when a run was cut short.
///
/// # Errors
/// The output can't be written.
pub fn write_sums(out: &mut impl io::Write, sums: &Sums) -> io::Result<()> {
    // What the ledger could not note is in doubt.
    let mut sums = sums.clone();
    let under_way = sums.by_state.remove(&State::HandingOver).unwrap_or(0);
    *sums.by_state.entry(State::Unknown).or_default() += under_way;
    let line = sum_line(&sums, TAKEN, 0);
    writeln!(out, "{}", typographic(&line))?;
    write_doubts(out, sums.of(State::Unknown))
}

/// One e-mail, and several.
type Words = (&'static str, &'static str);

const FILED: Words = (
    "écrit dans controles/courriels",
    "écrits dans controles/courriels",
);
const TAKEN: Words = ("accepté par le serveur", "acceptés par le serveur");

/// « Courriels : 50 acceptés par le serveur, 9 en attente de votre accord, 2 à reprendre, 1 refusé
/// par le serveur. » They add up to all that the run dealt with.
fn sum_line(sums: &Sums, taken: Words, more_left: u32) -> String {
    let others = [
        (
            State::Refused,
            "refusé par le serveur",
            "refusés par le serveur",
        ),
        (State::Unknown, "peut-être arrivé", "peut-être arrivés"),
        (
            State::Obsolete,
            "qui n’est plus d’actualité",
            "qui ne sont plus d’actualité",
        ),
        (State::Rejected, "écarté par vous", "écartés par vous"),
    ];
    let others: Vec<String> = others
        .into_iter()
        .filter(|(state, ..)| sums.of(*state) > 0)
        .map(|(state, one, several)| format!(", {}", count(sums.of(state) as usize, one, several)))
        .collect();
    format!(
        "Courriels : {}, {} en attente de votre accord, {} à reprendre{}.",
        count(sums.of(State::Accepted) as usize, taken.0, taken.1),
        sums.of(State::AwaitingApproval),
        left(sums) + more_left,
        others.concat()
    )
}

fn left(sums: &Sums) -> u32 {
    let states = [State::Planned, State::Deferred];
    states.into_iter().map(|state| sums.of(state)).sum()
}

/// « 9 en attente de votre accord, 2 à reprendre »
fn open_ones(sums: &Sums) -> String {
    let parts = [
        (
            sums.of(State::AwaitingApproval),
            "en attente de votre accord",
        ),
        (left(sums), "à reprendre"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    parts.join(", ")
}

/// E-mails in doubt, every night until she has settled them.
fn write_doubts(out: &mut impl io::Write, doubts: u32) -> io::Result<()> {
    if doubts == 0 {
        return Ok(());
    }
    let what = count(
        doubts as usize,
        "courriel est peut-être parti : est-il arrivé, ou faut-il le renvoyer ?",
        "courriels sont peut-être partis : sont-ils arrivés, ou faut-il les renvoyer ?",
    );
    let line = format!(
        "  À décider : {what} (feuille « Courriels » du tableau de bord, ou peer-culture outbox resolve)"
    );
    writeln!(out, "{}", typographic(&line))
}

fn by_kind(due: &Due) -> BTreeMap<Kind, usize> {
    let mut kinds = BTreeMap::new();
    for draft in &due.drafts {
        *kinds.entry(draft.kind).or_default() += 1;
    }
    kinds
}

fn head(out: &mut impl io::Write, programme: &Programme) -> io::Result<()> {
    let settings = &programme.settings.programme;
    writeln!(
        out,
        "{} — {} ({}), {}",
        settings.name,
        settings.session,
        programme.folder.display(),
        long_date(programme.now.today)
    )
}

/// Writes which workbooks were left unread.
///
/// # Errors
/// The output can't be written.
pub fn conflicts(out: &mut impl io::Write, programme: &Programme) -> io::Result<()> {
    for conflict in &programme.season.conflicts {
        let remark = two_versions(programme, conflict);
        writeln!(out, "! {}", typographic(&remark))?;
    }
    Ok(())
}

fn guard(out: &mut impl io::Write, due: &Due) -> io::Result<()> {
    match &due.guard {
        Some(guard) => writeln!(out, "! {}", typographic(guard)),
        None => Ok(()),
    }
}
