//! What is known of a person, for the terminal.

use std::io::{self, Write};

use crate::french::{typographic, words};
use crate::model::Season;
use crate::model::time::{long_date, short_date};
use crate::programme::Programme;
use crate::why::{Answer, ComingMail, PastMail, RowAnswer};

/// Writes the answer.
///
/// # Errors
/// The output can't be written.
pub fn write(out: &mut impl Write, programme: &Programme, answer: &Answer) -> io::Result<()> {
    let today = programme.now.today;
    let title = format!("{} — le {}", answer.who.join(", "), long_date(today));
    writeln!(out, "{}", typographic(&title))?;
    for row in &answer.rows {
        write_row(out, &programme.season, row)?;
    }
    section(out, "Courriels des nuits passées", &answer.past, past)?;
    let coming = format!(
        "Courriels à venir jusqu’au {}, si rien ne change dans vos classeurs",
        short_date(answer.until)
    );
    section(out, &coming, &answer.ahead, ahead)
}

fn write_row(out: &mut impl Write, season: &Season, answer: &RowAnswer) -> io::Result<()> {
    let sheet = season
        .place(answer.row)
        .and_then(|place| season.sheet(place.sheet));
    let workbook = sheet
        .and_then(|sheet| season.workbook_of(sheet))
        .map_or("", |workbook| &workbook.name);
    let key = season.head(answer.row).map_or("", |head| &head.key);
    let line = words::line_of(season, answer.row);
    writeln!(
        out,
        "\n{}",
        typographic(&format!("{workbook}, {line} : {key}"))
    )?;
    let findings = answer.findings.iter().map(|finding| format!("! {finding}"));
    for said in answer.said.iter().cloned().chain(findings) {
        writeln!(out, "  {}", typographic(&said))?;
    }
    Ok(())
}

fn section<T>(
    out: &mut impl Write,
    title: &str,
    mails: &[T],
    line: fn(&T) -> String,
) -> io::Result<()> {
    writeln!(out, "\n{}", typographic(&format!("{title} :")))?;
    if mails.is_empty() {
        return writeln!(out, "  aucun");
    }
    for mail in mails {
        writeln!(out, "  {}", typographic(&line(mail)))?;
    }
    Ok(())
}

fn past(mail: &PastMail) -> String {
    let accepted = mail
        .accepted_on
        .map_or_else(String::new, |day| format!(" le {}", short_date(day)));
    format!(
        "{}  {} → {} : {}{accepted}",
        short_date(mail.day),
        mail.kind.french(),
        mail.address,
        mail.state.french()
    )
}

fn ahead(mail: &ComingMail) -> String {
    let review = if mail.awaits_approval {
        " (attendra votre accord)"
    } else {
        ""
    };
    format!(
        "{}  {} → {}{review}\n      {}",
        short_date(mail.day),
        mail.kind.french(),
        mail.address,
        mail.why
    )
}
