//! The e-mails of the page, by what becomes of them, then by kind.

use super::entry::Entry;
use super::html::{Html, attribute, text};
use super::{Letter, Preview, Status};
use crate::french::words::count;

/// Where a section stands on the page.
pub(super) fn anchor(status: Status) -> &'static str {
    match status {
        Status::AwaitsApproval => "accord",
        Status::Goes => "envois",
        Status::InDoubt => "doutes",
    }
}

/// What the number of a section's e-mails counts.
pub(super) fn caption(status: Status, number: usize) -> &'static str {
    match (status, number < 2) {
        (Status::AwaitsApproval, true) => "courriel attend votre accord",
        (Status::AwaitsApproval, false) => "courriels attendent votre accord",
        (Status::Goes, true) => "courriel part de lui-même",
        (Status::Goes, false) => "courriels partent d’eux-mêmes",
        (Status::InDoubt, true) => "courriel est peut-être déjà parti",
        (Status::InDoubt, false) => "courriels sont peut-être déjà partis",
    }
}

fn title(status: Status) -> &'static str {
    match status {
        Status::AwaitsApproval => "Attendent votre accord",
        Status::Goes => "Partent d’eux-mêmes",
        Status::InDoubt => "Peut-être déjà partis",
    }
}

fn hint(status: Status) -> &'static str {
    match status {
        Status::AwaitsApproval => {
            "Ils ne partent qu’avec votre oui : dans la feuille « Courriels » du tableau de bord, ou avec la commande outbox approve."
        }
        Status::Goes => "Ils partent avec la prochaine exécution, sans que vous ayez rien à faire.",
        Status::InDoubt => {
            "Le serveur n’a pas répondu à temps : ils ne repartent pas d’eux-mêmes. Dites dans la feuille « Courriels » s’ils ont été reçus ou s’il faut les renvoyer."
        }
    }
}

/// Every section that has e-mails.
pub(super) fn write(out: &mut Html, preview: &Preview) {
    if preview.letters.is_empty() {
        out.raw("<section id=\"envois\">\n");
        out.tag("h2", "", "Aucun courriel");
        out.tag("p", "hint", "La prochaine exécution n’écrirait à personne.");
        out.raw("</section>\n");
        return;
    }
    let mut number = 0;
    for status in [Status::AwaitsApproval, Status::Goes, Status::InDoubt] {
        let letters: Vec<&Letter> = preview
            .letters
            .iter()
            .filter(|letter| letter.status == status)
            .collect();
        if !letters.is_empty() {
            section(out, status, &letters, &mut number);
        } else if status == Status::Goes {
            nothing_goes(out);
        }
    }
}

fn nothing_goes(out: &mut Html) {
    out.raw("<section id=\"envois\">\n");
    out.tag("h2", "", title(Status::Goes));
    out.tag("p", "hint", "Aucun courriel ne part de lui-même.");
    out.raw("</section>\n");
}

fn section(out: &mut Html, status: Status, letters: &[&Letter], number: &mut usize) {
    let id = anchor(status);
    out.raw(&format!(
        "<section id=\"{id}\" class=\"letters {id}\" aria-labelledby=\"titre-{id}\">\n<h2 id=\"titre-{id}\">{} <span class=\"count\">{}</span></h2>\n",
        text(title(status)),
        letters.len()
    ));
    out.tag("p", "hint", hint(status));
    for of_kind in letters.chunk_by(|a, b| a.kind == b.kind) {
        if let Some(first) = of_kind.first() {
            out.raw(&format!(
                "<div class=\"kind\">\n<h3>{} <span class=\"count\">{}</span></h3>\n<ul>\n",
                text(first.kind.french()),
                of_kind.len()
            ));
        }
        for letter in of_kind {
            *number += 1;
            write_letter(out, letter, *number);
        }
        out.raw("</ul>\n</div>\n");
    }
    out.raw("</section>\n");
}

/// Closed at first. What its frame shows is set when it is opened: browsers would load hundreds of
/// hidden ones, `loading="lazy"` or not.
fn write_letter(out: &mut Html, letter: &Letter, number: usize) {
    let entry = letter.seen.calendar.as_deref().and_then(Entry::of);
    out.raw(&format!(
        "<li><details class=\"letter\" id=\"courriel-{number}\"><summary><span class=\"who\">"
    ));
    out.verbatim(&letter.seen.to.name);
    out.raw(" <span class=\"address\">");
    out.verbatim(&letter.seen.to.address);
    out.raw("</span></span> <span class=\"subject\">");
    out.verbatim(&letter.seen.subject);
    out.raw("</span>");
    if let Some(entry) = &entry {
        out.raw(" <span class=\"tag\">");
        out.text(entry.what);
        out.raw("</span>");
    }
    out.raw("</summary>\n<div class=\"inside\">\n");
    meta(out, letter);
    out.raw("<div class=\"pair\">\n");
    views(out, letter);
    if let Some(entry) = &entry {
        write_entry(
            out,
            entry,
            letter.seen.calendar.as_deref().unwrap_or_default(),
        );
    }
    out.raw("</div>\n</div></details></li>\n");
}

fn meta(out: &mut Html, letter: &Letter) {
    let seen = &letter.seen;
    let thread = "Répond au courriel précédent sur le même sujet, pour arriver dans le même fil.";
    let answers = if seen.reply_to == seen.from {
        String::new()
    } else {
        seen.reply_to.to_string()
    };
    let lines = [
        ("Pourquoi", letter.why.as_str()),
        ("Ligne", letter.about.as_deref().unwrap_or_default()),
        ("État", letter.left_over.as_deref().unwrap_or_default()),
        ("De", &seen.from.to_string()),
        ("Réponses à", &answers),
        ("Fil", if seen.is_answer { thread } else { "" }),
    ];
    out.raw("<dl>\n");
    for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
        out.raw("<div>");
        out.raw(&format!("<dt>{}</dt><dd>", text(name)));
        out.text(value);
        out.raw("</dd></div>\n");
    }
    out.raw("</dl>\n");
}

fn views(out: &mut Html, letter: &Letter) {
    let seen = &letter.seen;
    // allow-same-origin lets the page measure the letter; without allow-scripts nothing in it runs.
    out.raw(&format!(
        "<div class=\"view html\"><iframe sandbox=\"allow-same-origin\" title=\"{}\" data-srcdoc=\"{}\"></iframe></div>\n",
        text(&format!("Le courriel « {} » à {}", seen.subject, seen.to)),
        attribute(&seen.html)
    ));
    out.raw("<div class=\"view text\"><pre tabindex=\"0\">");
    out.verbatim(&seen.text);
    out.raw("</pre></div>\n");
}

fn write_entry(out: &mut Html, entry: &Entry, part: &str) {
    out.raw("<div class=\"entry\">\n");
    out.tag("h4", "", entry.what);
    out.raw("<p class=\"event\">");
    out.verbatim(&entry.title);
    out.raw("</p>\n<p>");
    out.text(&entry.when);
    out.raw("</p>\n");
    if !entry.place.is_empty() {
        out.raw("<p>");
        out.verbatim(&entry.place);
        out.raw("</p>\n");
    }
    for line in entry.notes.lines() {
        out.raw("<p class=\"note\">");
        out.verbatim(line);
        out.raw("</p>\n");
    }
    let size = count(part.lines().count(), "ligne", "lignes");
    out.raw("<details class=\"source\"><summary>");
    out.text(&format!("Le fichier invitation.ics ({size})"));
    out.raw("</summary><pre tabindex=\"0\">");
    out.verbatim(part);
    out.raw("</pre></details>\n</div>\n");
}
