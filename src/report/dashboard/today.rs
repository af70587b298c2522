//! « Aujourd'hui »: the page that is read standing. What to decide first, the figures, what changed,
//! what comes, what was written.

use chrono::Datelike;
use rust_xlsxwriter::{Format, FormatAlign, Url, Worksheet, XlsxError};

use super::link::Links;
use super::tiles::tiles;
use super::{look, tabs};
use crate::findings::Findings;
use crate::french::typographic;
use crate::french::words::count;
use crate::model::time::{long_date, short_date, weekday_name};
use crate::report::morning::{Coming, Morning, Where};
use crate::report::sheet::tiles::{ROWS, draw};

/// The page is a grid of equal columns between two margins.
const COLUMNS: u16 = 14;
const WIDTH: f64 = 9.8;
const FIRST: u16 = 1;
const LAST: u16 = COLUMNS;

/// A line of the page: a tag, a text, a link.
const TEXT: (u16, u16) = (FIRST + 1, LAST - 2);
const TARGET: (u16, u16) = (LAST - 1, LAST);

/// So many changes of each sort; the others stand in « Constats ».
const NEW_SHOWN: usize = 10;
const SOLVED_SHOWN: usize = 8;
/// So many days of much activity fit; the digest has all.
const COMING_SHOWN: usize = 60;

/// Writes the page.
pub(super) fn write(
    sheet: &mut Worksheet,
    morning: &Morning,
    findings: &Findings,
    links: &Links,
    by_file: bool,
) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 1.5)?;
    sheet.set_column_range_width(FIRST, LAST, WIDTH)?;
    let mut page = Page {
        sheet,
        links,
        row: 0,
    };
    page.head(morning)?;
    page.tiles(morning)?;
    page.decide(morning)?;
    page.changes(morning, findings)?;
    page.coming(&morning.coming)?;
    page.mails(morning, by_file)?;
    look::page(sheet, tabs::TODAY, &morning.programme, None)
}

struct Page<'s, 'l> {
    sheet: &'s mut Worksheet,
    links: &'s Links<'l>,
    row: u32,
}

impl Page<'_, '_> {
    fn head(&mut self, morning: &Morning) -> Result<(), XlsxError> {
        let stamp = typographic(&format!("Dernier contrôle : {}", long_date(morning.today)));
        let right = look::aside()
            .set_bold()
            .set_font_color(look::DEEP)
            .set_align(FormatAlign::Right)
            .set_align(FormatAlign::VerticalCenter);
        self.sheet.set_row_height(self.row, 30)?;
        self.band((FIRST, 8), &morning.programme, &look::title())?;
        self.band((9, LAST), &stamp, &right)?;
        self.row += 1;
        self.sheet.set_row_height(self.row, 8)?;
        self.row += 1;
        Ok(())
    }

    fn tiles(&mut self, morning: &Morning) -> Result<(), XlsxError> {
        draw(self.sheet, (self.row, FIRST), 2, &tiles(morning))?;
        self.row += ROWS;
        Ok(())
    }

    fn decide(&mut self, morning: &Morning) -> Result<(), XlsxError> {
        self.heading("À décider d’abord")?;
        if morning.to_do.is_empty() {
            return self.note("Rien ne demande de décision ce matin.");
        }
        for item in &morning.to_do {
            self.line(
                item.label,
                &look::severity(item.severity),
                &item.text,
                item.at,
            )?;
        }
        Ok(())
    }

    fn changes(&mut self, morning: &Morning, findings: &Findings) -> Result<(), XlsxError> {
        let changes = &morning.changes;
        let Some(since) = changes.since else {
            self.heading("Depuis le dernier contrôle")?;
            return self.note("C’est le premier contrôle : demain, cette partie dira ce qui est nouveau et ce qui est résolu.");
        };
        self.heading(&format!("Depuis le contrôle du {}", short_date(since)))?;
        self.note(&format!(
            "{}, {}, {}.",
            count(changes.new_count(), "nouveau constat", "nouveaux constats"),
            count(changes.solved.len(), "résolu", "résolus"),
            count(changes.remaining, "inchangé", "inchangés"),
        ))?;
        let new = changes.new_ones(findings);
        for finding in new.iter().take(NEW_SHOWN) {
            let text = format!("{} {}", finding.code, finding.message);
            let at = Where::Cell(finding.place, finding.column);
            self.line("nouveau", &look::severity(finding.severity), &text, at)?;
        }
        self.more(new.len(), NEW_SHOWN, "autre nouveau", "autres nouveaux")?;
        let solved = look::done();
        for one in changes.solved.iter().take(SOLVED_SHOWN) {
            let key = if one.key.is_empty() {
                String::new()
            } else {
                format!(" : {}", one.key)
            };
            let text = format!("{} {}, {}{key}", one.code, one.title, one.sheet);
            self.line("résolu", &solved, &typographic(&text), Where::Nowhere)?;
        }
        self.more(
            changes.solved.len(),
            SOLVED_SHOWN,
            "autre résolu",
            "autres résolus",
        )
    }

    fn more(
        &mut self,
        all: usize,
        shown: usize,
        one: &str,
        several: &str,
    ) -> Result<(), XlsxError> {
        if all <= shown {
            return Ok(());
        }
        let text = format!("et {}", count(all - shown, one, several));
        self.line("", &look::centred(), &text, Where::Tab(tabs::FINDINGS))
    }

    fn coming(&mut self, coming: &[Coming]) -> Result<(), XlsxError> {
        self.heading("Les quatorze jours qui viennent")?;
        if coming.is_empty() {
            return self.note("Ni atelier, ni rendez-vous, ni échéance.");
        }
        let header = look::header();
        let spans = [(1, 2), (3, 4), (5, 10), (11, 12), (13, LAST)];
        self.sheet.set_row_height(self.row, 18)?;
        for (span, name) in spans.iter().zip(["Jour", "Quand", "Quoi", "Avec", "Où"]) {
            self.band(*span, name, &header)?;
        }
        self.row += 1;
        let mut last = None;
        for one in coming.iter().take(COMING_SHOWN) {
            let what = match one.kind {
                Coming::DEADLINE => one.what.clone(),
                kind => format!("{kind} {}", one.what),
            };
            let day = format!(
                "{} {}",
                weekday_name(one.date.weekday()),
                short_date(one.date)
            );
            let day = if last == Some(one.date) { "" } else { &day };
            last = Some(one.date);
            let texts = [day, &one.when, &what, &one.who, &one.place];
            self.measure(&texts.into_iter().zip(spans).collect::<Vec<_>>())?;
            for (number, (span, text)) in spans.iter().zip(texts).enumerate() {
                let format = if number == 0 {
                    look::cell().set_bold()
                } else {
                    look::cell()
                };
                self.band(*span, &look::fit(text), &format)?;
            }
            self.row += 1;
        }
        if coming.len() > COMING_SHOWN {
            self.note(&format!("et {} encore.", coming.len() - COMING_SHOWN))?;
        }
        Ok(())
    }

    fn mails(&mut self, morning: &Morning, by_file: bool) -> Result<(), XlsxError> {
        self.heading("Courriels de ce contrôle")?;
        for text in mails(morning, by_file) {
            self.note(&text)?;
        }
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, 12)?;
        self.row += 1;
        self.sheet.set_row_height(self.row, 22)?;
        self.band((FIRST, LAST), &typographic(text), &look::heading())?;
        self.row += 1;
        Ok(())
    }

    fn note(&mut self, text: &str) -> Result<(), XlsxError> {
        let text = typographic(text);
        self.measure(&[(text.as_str(), (FIRST, LAST))])?;
        let format = look::aside().set_align(FormatAlign::VerticalCenter);
        self.band((FIRST, LAST), &text, &format)?;
        self.row += 1;
        Ok(())
    }

    /// A tag, what it is about, and where to go.
    fn line(&mut self, tag: &str, tone: &Format, text: &str, at: Where) -> Result<(), XlsxError> {
        let text = look::fit(text);
        self.measure(&[(&*text, TEXT)])?;
        let tone = tone
            .clone()
            .set_align(FormatAlign::Center)
            .set_indent(0)
            .set_font_size(9);
        self.band((FIRST, FIRST), tag, &tone)?;
        self.band(TEXT, &text, &look::cell())?;
        self.band(TARGET, "", &look::link())?;
        let target = (self.row, TARGET.0);
        match at {
            Where::Nowhere => {}
            Where::Tab(tab) => {
                let name = tab.replace('\'', "''");
                let url = Url::new(format!("internal:'{name}'!A1")).set_text(tab);
                self.sheet
                    .write_url_with_format(target.0, target.1, url, &look::link())?;
            }
            Where::Cell(place, column) => {
                let text = self.links.sheet_and_cell(place, column);
                self.links.write(
                    self.sheet,
                    target,
                    (&text, place, column),
                    (&look::link(), &look::centred()),
                )?;
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Makes the row as high as its texts need in their spans.
    fn measure(&mut self, texts: &[(&str, (u16, u16))]) -> Result<(), XlsxError> {
        let measured: Vec<(&str, f64)> = texts
            .iter()
            .map(|(text, (first, last))| (*text, f64::from(last - first + 1) * WIDTH))
            .collect();
        look::height(self.sheet, self.row, &measured)
    }

    fn band(
        &mut self,
        (first, last): (u16, u16),
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        if first == last {
            self.sheet
                .write_string_with_format(self.row, first, text, format)?;
        } else {
            self.sheet
                .merge_range(self.row, first, self.row, last, text, format)?;
        }
        Ok(())
    }
}

/// What became of the day's e-mails, a sentence each.
fn mails(morning: &Morning, by_file: bool) -> Vec<String> {
    let mails = &morning.mails;
    let mut texts = Vec::new();
    let accepted = mails.accepted_count();
    let kinds: Vec<String> = mails
        .accepted
        .iter()
        .map(|(kind, number)| format!("{} ({number})", kind.french()))
        .collect();
    let how = if by_file {
        (
            "rangé dans controles/courriels",
            "rangés dans controles/courriels",
        )
    } else {
        ("accepté par le serveur", "acceptés par le serveur")
    };
    if accepted == 0 {
        let none = if by_file {
            "Aucun courriel n’est parti."
        } else {
            // One may have left.
            "Aucun courriel n’a été accepté par le serveur."
        };
        texts.push(none.to_owned());
    } else {
        let how = if accepted < 2 { how.0 } else { how.1 };
        texts.push(format!(
            "{} {how} : {}.",
            count(accepted, "courriel", "courriels"),
            kinds.join(", ")
        ));
    }
    if mails.unsent > 0 {
        texts.push(format!(
            "{} à la prochaine exécution.",
            count(mails.unsent, "courriel repartira", "courriels repartiront")
        ));
    }
    if mails.refused > 0 {
        texts.push(format!(
            "{} par le serveur : voyez « Personnes à appeler ».",
            count(mails.refused, "courriel refusé", "courriels refusés")
        ));
    }
    texts
}
