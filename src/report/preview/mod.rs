//! The preview of a night: one static page with every e-mail as its reader will see it, and the
//! cells that will change. It fetches nothing, and shows what it shows without a network.

pub mod changes;
mod entry;
mod html;
pub mod letter;
mod letters;
mod table;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use crate::french::words::count;
use crate::model::time::long_date;

pub use changes::SheetChanges;
use html::{Html, text};
pub use letter::{Letter, Person, Seen, Status};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// The script shows a letter when it is opened: without it there is the text.
const WITHOUT_SCRIPT: &str = ".view.html, .tools { display: none } .view.text { display: block }";

/// What a night would do.
#[derive(Debug)]
pub struct Preview<'a> {
    /// The programme and its session, as e-mails name them.
    pub title: String,
    /// The night.
    pub day: NaiveDate,
    /// Why nothing goes without approval, in French, where a guard closed.
    pub guard: Option<&'a str>,
    /// What can't be shown or put into words, in French.
    pub problems: Vec<String>,
    /// The e-mails; those of one status and kind stand together.
    pub letters: Vec<Letter>,
    /// What changes, sheet by sheet.
    pub changes: Vec<SheetChanges>,
}

impl Preview<'_> {
    /// How many cells change.
    pub fn cells(&self) -> usize {
        self.changes.iter().map(SheetChanges::count).sum()
    }

    /// How many e-mails have a status.
    pub fn count(&self, status: Status) -> usize {
        let has = |letter: &&Letter| letter.status == status;
        self.letters.iter().filter(has).count()
    }
}

/// What a number of e-mails with a status do: `54` `courriels partent d’eux-mêmes`.
pub fn caption(status: Status, number: usize) -> &'static str {
    letters::caption(status, number)
}

/// The page.
pub fn page(preview: &Preview) -> String {
    let mut out = Html::default();
    head(&mut out, preview);
    out.raw("<body>\n<a class=\"skip\" href=\"#contenu\">Aller au contenu</a>\n");
    top(&mut out, preview);
    if !preview.letters.is_empty() {
        tools(&mut out);
    }
    out.raw("<main id=\"contenu\" tabindex=\"-1\">\n");
    letters::write(&mut out, preview);
    table::write(&mut out, preview);
    out.raw("</main>\n<footer><p>");
    out.text(
        "Page faite par peer-culture. Elle contient des noms et des adresses : ne la publiez pas.",
    );
    out.raw("</p></footer>\n<script>");
    out.raw(SCRIPT);
    out.raw("</script>\n</body>\n</html>\n");
    out.into_text()
}

/// Nothing is fetched, whatever a cell holds: the page says so to the browser too, and names its own
/// script by its hash.
fn head(out: &mut Html, preview: &Preview) {
    let title = format!("Aperçu du {} · {}", long_date(preview.day), preview.title);
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        html::sha256_base64(SCRIPT)
    );
    out.raw("<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.raw(&format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n"
    ));
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n");
    out.raw(&format!(
        "<title>{}</title>\n<style>\n{STYLE}</style>\n<noscript><style>{WITHOUT_SCRIPT}</style></noscript>\n</head>\n",
        text(&title)
    ));
}

fn top(out: &mut Html, preview: &Preview) {
    out.raw("<header class=\"top\">\n");
    out.tag("p", "programme", &preview.title);
    out.tag("h1", "", &format!("Aperçu du {}", long_date(preview.day)));
    out.tag(
        "p",
        "lead",
        "Voici ce que ferait la prochaine exécution. Rien n’est encore parti, et vos classeurs sont comme vous les avez laissés.",
    );
    figures(out, preview);
    if let Some(guard) = preview.guard {
        out.tag("p", "alert", guard);
    }
    for problem in &preview.problems {
        out.tag("p", "alert", problem);
    }
    out.raw("</header>\n");
}

fn figures(out: &mut Html, preview: &Preview) {
    out.raw("<nav aria-label=\"Sur cette page\"><ul class=\"figures\">\n");
    for status in [Status::AwaitsApproval, Status::Goes, Status::InDoubt] {
        let number = preview.count(status);
        let is_told = number > 0 || status == Status::Goes;
        if is_told {
            figure(
                out,
                letters::anchor(status),
                number,
                letters::caption(status, number),
            );
        }
    }
    let cells = preview.cells();
    let words = if cells < 2 {
        "cellule change"
    } else {
        "cellules changent"
    };
    figure(out, "cellules", cells, words);
    out.raw("</ul></nav>\n");
}

fn figure(out: &mut Html, anchor: &str, number: usize, words: &str) {
    out.raw(&format!(
        "<li><a href=\"#{anchor}\"><strong>{number}</strong> "
    ));
    out.text(words);
    out.raw("</a></li>\n");
}

/// What shows without a script: the two choices. The script adds the filter.
fn tools(out: &mut Html) {
    out.raw("<div class=\"tools\" role=\"region\" aria-label=\"Affichage des courriels\">\n");
    choice(
        out,
        "Contenu",
        "part",
        [("as-html", "Mis en forme"), ("as-text", "Texte seul")],
    );
    choice(
        out,
        "Largeur",
        "width",
        [("on-desk", "Ordinateur"), ("on-phone", "Téléphone")],
    );
    out.raw("<div class=\"search\" hidden><label for=\"filter\">Filtrer</label> <input id=\"filter\" type=\"search\" autocomplete=\"off\" placeholder=\"nom, adresse, mot…\"></div>\n");
    out.raw("<button id=\"all\" type=\"button\" hidden>Tout déplier</button>\n");
    out.raw("<p id=\"found\" role=\"status\"></p>\n</div>\n");
}

fn choice(out: &mut Html, legend: &str, name: &str, options: [(&str, &str); 2]) {
    out.raw(&format!("<fieldset><legend>{legend}</legend>"));
    for (position, (id, label)) in options.iter().enumerate() {
        let checked = if position == 0 { " checked" } else { "" };
        out.raw(&format!(
            "<label for=\"{id}\"><input id=\"{id}\" type=\"radio\" name=\"{name}\"{checked}>{label}</label>"
        ));
    }
    out.raw("</fieldset>\n");
}

/// `1 ligne`, `12 lignes`
fn lines(number: usize) -> String {
    count(number, "ligne", "lignes")
}
