//! The sheet « Mode d'emploi »: what each column is for, what the program adds, what it does at
//! night, and what she is free to do.

use rust_xlsxwriter::{Color, Format, FormatAlign, Worksheet, XlsxError};

use super::layout::Book;
use super::{paint, sheet, typeset};
use crate::config::{Settings, Write};
use crate::model::Role;
use crate::model::column::{ColumnSpec, Kind, Need};
use crate::model::owned::{Owned, owned_columns};
use crate::model::season::columns_of;

/// The sheet's name, which no role answers to.
pub const NAME: &str = "Mode d'emploi";

/// Widths of the three columns, in characters.
const WIDTHS: [u16; 3] = [28, 18, 84];
/// Characters that fit on a line across the three columns; on one of the third.
const ACROSS: usize = 142;
const THIRD: usize = 92;

/// Writes the guide of a workbook.
pub fn write(sheet: &mut Worksheet, book: &Book, settings: &Settings) -> Result<(), XlsxError> {
    sheet.set_name(NAME)?.set_tab_color(paint::PALE);
    sheet.set_screen_gridlines(false);
    for (column, width) in (0u16..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let mut page = Page { sheet, row: 0 };
    page.title(&format!("Mode d'emploi : {}", book.title))?;
    page.paragraph(book.purpose)?;
    page.paragraph(
        "Remplissez les feuilles comme vous en avez l'habitude, une ligne après l'autre. Le programme lit chaque nuit ce que vous avez écrit, vérifie chaque ligne et vous signale ce qui mérite un regard. Passez la souris sur le titre d'une colonne : une note dit ce qu'on y attend.",
    )?;
    for role in book.roles {
        columns(&mut page, *role, settings)?;
    }
    added_columns(&mut page, book)?;
    flags(&mut page)?;
    typing(&mut page)?;
    night(&mut page, settings)?;
    freedom(&mut page)?;
    sheet::print_setup(sheet, 0, settings)
}

/// The columns of one sheet.
fn columns(page: &mut Page, role: Role, settings: &Settings) -> Result<(), XlsxError> {
    page.heading(&format!("La feuille « {} »", role.french()))?;
    page.table(["Colonne", "À remplir", "Ce qu'on y écrit"])?;
    for spec in columns_of(role) {
        let (need, name) = match spec.need {
            Need::Cell => ("toujours", paint::required(paint::lined())),
            Need::Column => ("dès que possible", paint::required(paint::lined())),
            Need::Optional => ("si vous le voulez", paint::optional(paint::lined())),
        };
        page.line((spec.header, &name), need, &what_to_type(spec, settings))?;
    }
    let key: Vec<&str> = columns_of(role)
        .iter()
        .filter(|spec| spec.key)
        .map(|spec| spec.header)
        .collect();
    page.aside(&format!(
        "Le programme reconnaît une ligne à ce que contient : {}. Deux lignes ne peuvent donc pas y être identiques{}.",
        key.join(", "),
        match role {
            Role::Members => ", sauf pour deux adhésions qui se suivent",
            Role::Applications => " : la dernière candidature reçue dans les délais compte",
            Role::Registrations => " : la première inscription compte",
            _ => "",
        }
    ))
}

fn what_to_type(spec: &ColumnSpec, settings: &Settings) -> String {
    let more = match spec.kind {
        Kind::Date => " Par exemple : 12/01/2021.".to_owned(),
        Kind::DateTime => " Par exemple : 12/01/2021 14:30.".to_owned(),
        Kind::Time => " Par exemple : 14:30.".to_owned(),
        Kind::Hours => " Une durée s'écrit 3,5 ou 3h30.".to_owned(),
        Kind::YesNo => " Oui ou non ; vide : non.".to_owned(),
        Kind::Choice(words) if !tells_all(spec.help, words) => {
            format!(" Au choix : {}.", words.join(", "))
        }
        Kind::Axis | Kind::Axes => format!(" Les axes : {}.", settings.axes.join(" ; ")),
        Kind::Domains => format!(
            " Les domaines : {}.",
            settings.eligibility.domains.join(" ; ")
        ),
        _ => String::new(),
    };
    format!("{}{more}", spec.help)
}

/// Whether the help already names every choice.
fn tells_all(help: &str, words: &[&str]) -> bool {
    let help = help.to_lowercase();
    words.iter().all(|word| help.contains(word))
}

/// The columns that the program adds to the sheets of the workbook.
fn added_columns(page: &mut Page, book: &Book) -> Result<(), XlsxError> {
    page.heading("Les colonnes « … (auto) »")?;
    page.paragraph(
        "Le programme ajoute ces colonnes à droite des vôtres et les récrit chaque nuit : inutile d'y écrire, ce serait remplacé. Il ne touche à rien d'autre.",
    )?;
    page.table(["Colonne", "Feuille", "Ce qu'elle dit"])?;
    let mut told: Vec<Owned> = Vec::new();
    for role in book.roles {
        for owned in owned_columns(*role) {
            if told.contains(owned) {
                continue;
            }
            told.push(*owned);
            let place = match owned {
                Owned::Verdict | Owned::Alerts => "toutes",
                _ => role.french(),
            };
            let name = paint::optional(paint::lined());
            page.line((owned.header(), &name), place, meaning(*owned))?;
        }
    }
    Ok(())
}

/// What a column of the program tells.
fn meaning(owned: Owned) -> &'static str {
    match owned {
        Owned::Verdict => {
            "Le résumé de la ligne : OK, Information, À vérifier ou Bloquant, en couleur."
        }
        Owned::Alerts => {
            "Chaque remarque sur sa ligne : ce qui ne va pas, et ce que vous pouvez faire."
        }
        Owned::Score => {
            "La moyenne des notes du comité, de 0 à 5 ; qui a un conflit d'intérêts n'y compte pas."
        }
        Owned::Rank => {
            "Le rang de la candidature d'après ce score ; vide tant que les notes manquent."
        }
        Owned::HoursHeld => "Les heures des rendez-vous réalisés.",
        Owned::HoursPlanned => "Les heures de tous les rendez-vous, réalisés ou prévus.",
        Owned::HoursLeft => "Les heures convenues qu'aucun rendez-vous ne prend encore.",
        Owned::Suggestions => "Les personnes ressources que le programme propose, et pourquoi.",
        Owned::RunningTotal => "Les heures de l'accompagnement jusqu'à ce rendez-vous compris.",
        Owned::SeatsTaken => "Le nombre de places prises.",
        Owned::WaitingCount => "Le nombre de personnes en liste d'attente.",
        Owned::SeatsLeft => "Le nombre de places encore libres.",
        Owned::Seat => {
            "Confirmée, liste d'attente et sa place dans la liste, annulée, ou non retenue."
        }
        Owned::Fee => "Ce que la personne doit pour l'atelier : rien pour une structure adhérente.",
        Owned::LastMail => "Le dernier courriel envoyé au sujet de la ligne, et quand.",
    }
}

fn flags(page: &mut Page) -> Result<(), XlsxError> {
    page.heading("Les couleurs de « Contrôle (auto) »")?;
    let texts = [
        "Rien à signaler.",
        "Bon à savoir ; vous n'avez rien à faire.",
        "Quelque chose mérite un regard ; rien n'est arrêté pour autant.",
        "À corriger : tant que c'est là, aucun courriel ne part au sujet de cette ligne.",
    ];
    for ((word, fill, ink), text) in paint::FLAGS.into_iter().zip(texts) {
        let name = paint::lined()
            .set_bold()
            .set_background_color(fill)
            .set_font_color(ink);
        page.line((word, &name), "", text)?;
    }
    Ok(())
}

fn typing(page: &mut Page) -> Result<(), XlsxError> {
    page.heading("Comment écrire")?;
    for text in [
        "Les titres foncés sont ceux dont le programme a besoin : gardez ces colonnes. Les titres clairs sont facultatifs.",
        "Une date s'écrit comme vous voulez : 12/01/2021, 12 janvier 2021, mardi 12 janvier 2021. Le jour vient en premier.",
        "Plusieurs noms, axes ou domaines dans une case : séparez-les par des points-virgules.",
        "Une structure, une personne, une référence s'écrivent partout de la même façon ; les majuscules et les accents ne comptent pas.",
        "Les listes proposent, elles n'imposent rien : vous pouvez écrire autre chose, ou plusieurs choix à la suite.",
    ] {
        page.item(text)?;
    }
    Ok(())
}

fn night(page: &mut Page, settings: &Settings) -> Result<(), XlsxError> {
    page.heading("Ce que fait le programme la nuit")?;
    let where_to = match settings.output.write {
        Write::Copy => {
            "Il écrit ses remarques dans une copie de ce classeur, rangée dans le dossier « controles » : votre classeur reste tel quel."
        }
        Write::InPlace => {
            "Il écrit ses remarques dans ce classeur même, dans ses colonnes « (auto) », et garde une sauvegarde des dernières nuits. Fermez le classeur le soir : ouvert, il serait laissé pour la nuit suivante."
        }
    };
    for text in [
        "Il relit tous vos classeurs et vérifie chaque ligne : ce qui manque, ce qui se contredit, ce qui dépasse.",
        where_to,
        "Il attribue les places des ateliers dans l'ordre des inscriptions et tient les listes d'attente.",
        "Il prépare les courriels : confirmations, rappels, changements. Personne ne reçoit deux fois la même chose, et ce qui est délicat attend votre accord.",
        "Il vous envoie au matin une synthèse : ce qui est nouveau, ce qui est réglé, ce qui reste, et les quatorze jours à venir.",
    ] {
        page.item(text)?;
    }
    Ok(())
}

fn freedom(page: &mut Page) -> Result<(), XlsxError> {
    page.heading("Vous pouvez, sans crainte")?;
    for text in [
        "trier, filtrer, insérer et déplacer des lignes ou des colonnes : le programme les retrouve à leur contenu et à leur titre ;",
        "ajouter vos propres colonnes, où vous voulez : le programme ne les lit pas et n'y touche pas ;",
        "colorier, commenter, masquer, ajouter un titre au-dessus du tableau (le titre des colonnes doit rester dans les dix premières lignes), un graphique, une feuille ;",
        "laisser une ligne vide. Pour annuler un rendez-vous, un atelier ou une inscription, écrivez-le dans « État » plutôt que d'effacer la ligne : les personnes seront prévenues.",
    ] {
        page.item(text)?;
    }
    page.paragraph(
        "Évitez seulement d'écrire un total juste sous un tableau, dans l'une de ses colonnes : le programme le prendrait pour une ligne. Au-dessus du tableau, il ne gêne pas. Si vous voulez renommer une colonne ou une feuille, dites-le dans programme.toml.",
    )
}

/// Where the next line of the guide goes.
struct Page<'s> {
    sheet: &'s mut Worksheet,
    row: u32,
}

impl Page<'_> {
    fn title(&mut self, text: &str) -> Result<(), XlsxError> {
        self.across(text, &paint::title(), 26.0)
    }

    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        let format = Format::new()
            .set_bold()
            .set_font_size(13)
            .set_font_color(paint::DEEP)
            .set_align(FormatAlign::VerticalCenter);
        self.across(text, &format, 24.0)
    }

    fn paragraph(&mut self, text: &str) -> Result<(), XlsxError> {
        self.across(text, &paint::prose(), height(text, ACROSS))
    }

    fn item(&mut self, text: &str) -> Result<(), XlsxError> {
        self.paragraph(&format!("•  {text}"))
    }

    fn aside(&mut self, text: &str) -> Result<(), XlsxError> {
        let format = paint::aside().set_text_wrap().set_align(FormatAlign::Top);
        self.across(text, &format, height(text, ACROSS))
    }

    fn table(&mut self, headers: [&str; 3]) -> Result<(), XlsxError> {
        let format = paint::lined()
            .set_bold()
            .set_background_color(Color::RGB(0xEF_F3F4));
        for (column, header) in (0u16..).zip(headers) {
            let text = typeset(header);
            self.sheet
                .write_string_with_format(self.row, column, text, &format)?;
        }
        self.row += 1;
        Ok(())
    }

    fn line(&mut self, name: (&str, &Format), middle: &str, text: &str) -> Result<(), XlsxError> {
        let cell = paint::lined().set_text_wrap().set_align(FormatAlign::Top);
        let (word, format) = name;
        let format = format.clone().set_align(FormatAlign::Top);
        // A header is shown as she must find it: its spaces stay as they are.
        self.sheet
            .write_string_with_format(self.row, 0, word, &format)?
            .write_string_with_format(self.row, 1, typeset(middle), &cell)?
            .write_string_with_format(self.row, 2, typeset(text), &cell)?
            .set_row_height(self.row, height(text, THIRD))?;
        self.row += 1;
        Ok(())
    }

    fn across(&mut self, text: &str, format: &Format, height: f64) -> Result<(), XlsxError> {
        self.sheet
            .merge_range(self.row, 0, self.row, 2, &typeset(text), format)?
            .set_row_height(self.row, height)?;
        self.row += 1;
        Ok(())
    }
}

/// The height of a wrapped text, in points: Excel doesn't find it for merged cells.
fn height(text: &str, characters: usize) -> f64 {
    let lines = text.chars().count() / characters + 1;
    f64::from(u32::try_from(lines).unwrap_or(u32::MAX)) * 15.0 + 1.5
}
