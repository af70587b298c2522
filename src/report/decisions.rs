//! What was decided and why, in words: seats that are not simply given, the ranking, suggestions.

use std::io::{self, Write};

use crate::decide::{Decisions, SeatReason, SeatState};
use crate::french::typographic;
use crate::french::words;
use crate::model::{Role, RowRef, Table};
use crate::programme::Programme;

/// Writes the decisions that a coordinator may ask about.
///
/// # Errors
/// The output can't be written.
pub fn write(out: &mut impl Write, programme: &Programme, decisions: &Decisions) -> io::Result<()> {
    seats(out, programme, decisions)?;
    ranking(out, programme, decisions)?;
    suggestions(out, programme, decisions)
}

fn seats(out: &mut impl Write, programme: &Programme, decisions: &Decisions) -> io::Result<()> {
    let registrations = programme
        .season
        .tables
        .registrations
        .iter()
        .flat_map(Table::all);
    let mut title = Some("\nInscriptions sans place simplement attribuée :");
    for (index, row) in registrations {
        let seat = decisions.seats.of(index);
        if seat.state == SeatState::Confirmed && seat.reason == SeatReason::InOrder {
            continue;
        }
        write_title(out, &mut title)?;
        let line = words::line_of(
            &programme.season,
            RowRef {
                role: Role::Registrations,
                index,
            },
        );
        let position = seat
            .position
            .map_or_else(String::new, |position| format!(" {position}"));
        let text = format!(
            "  {} ({line}) : {}{position}, {}",
            row.head.key,
            seat.state.french(),
            seat.reason.french()
        );
        writeln!(out, "{}", typographic(&text))?;
    }
    Ok(())
}

fn ranking(out: &mut impl Write, programme: &Programme, decisions: &Decisions) -> io::Result<()> {
    let Some(applications) = &programme.season.tables.applications else {
        return Ok(());
    };
    let mut title = Some("\nClassement des candidatures :");
    for index in &decisions.ranking.order {
        let status = decisions.ranking.status(*index);
        let structure = applications
            .get(*index)
            .and_then(|row| row.structure.value());
        let (Some(rank), Some(score), Some(structure)) = (status.rank, status.score, structure)
        else {
            continue;
        };
        write_title(out, &mut title)?;
        writeln!(
            out,
            "  {rank:>3}. {} ({} sur 5)",
            structure.text,
            words::number(score)
        )?;
    }
    Ok(())
}

fn suggestions(
    out: &mut impl Write,
    programme: &Programme,
    decisions: &Decisions,
) -> io::Result<()> {
    let supports = programme.season.tables.supports.iter().flat_map(Table::all);
    let mut title = Some("\nPersonnes suggérées :");
    for ((_, support), suggestions) in supports.zip(&decisions.suggestions) {
        for suggestion in suggestions {
            write_title(out, &mut title)?;
            let text = format!("  {} : {}", support.head.key, suggestion.french());
            writeln!(out, "{}", typographic(&text))?;
        }
    }
    Ok(())
}

fn write_title(out: &mut impl Write, title: &mut Option<&str>) -> io::Result<()> {
    match title.take() {
        Some(title) => writeln!(out, "{}", typographic(title)),
        None => Ok(()),
    }
}
