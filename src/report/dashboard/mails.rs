//! « Courriels »: what awaits the coordinator's word, and what became of the latest others. The
//! next run reads the column « Envoyer ? » (see [`super::answers`]).

use chrono::NaiveDate;
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Format, Worksheet, XlsxError};

use super::{Table, look, tabs};
use crate::french::typographic;
use crate::french::words::count;
use crate::mails::State;
use crate::model::time::short_date;
use crate::outbox::{Pending, Seal};
use crate::report::morning::MailDesk;

/// The column that she fills in.
pub const ANSWER: &str = "Envoyer ?";
/// The column by which a row is known.
pub const REFERENCE: &str = "Repère";

/// The columns with their widths in characters.
const COLUMNS: [(&str, f64); 9] = [
    ("État", 16.0),
    (ANSWER, 12.0),
    ("Courriel", 19.0),
    ("Destinataire", 33.0),
    ("Objet", 36.0),
    ("Pourquoi", 44.0),
    ("Depuis le", 12.0),
    ("Au sujet de", 20.0),
    (REFERENCE, 12.0),
];

/// What she may answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    Nothing,
    /// Yes or no.
    YesNo,
    /// Whether it is to go; or it is there already.
    Approval,
    /// Whether it arrived.
    Arrived,
}

/// A row of the sheet.
struct Line<'a> {
    state: &'a str,
    tone: State,
    ask: Ask,
    kind: &'a str,
    /// Her name, and her address below it.
    to: String,
    subject: &'a str,
    why: String,
    since: Option<NaiveDate>,
    about: &'a str,
    reference: String,
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    desk: &MailDesk,
    programme: &str,
) -> Result<(), XlsxError> {
    let intro = intro(desk);
    let mut table = Table::begin(sheet, tabs::MAILS, &intro, &COLUMNS)?;
    let header = table.header_row;
    let everything = everything(desk);
    let clock = clock(desk);
    let lines = clock
        .into_iter()
        .chain(registry(desk))
        .chain(everything)
        .chain(desk.awaiting.iter().map(|(one, seal)| awaiting(one, *seal)))
        .chain(desk.doubtful.iter().map(|(one, seal)| doubtful(one, *seal)))
        .chain(desk.refused.iter().map(plain))
        .chain(desk.unsent.iter().map(plain))
        .chain(desk.accepted.iter().map(|(one, day)| Line {
            since: Some(*day),
            ..plain(one)
        }));
    let paint = Paint::new();
    let mut asked: Vec<(u32, Ask)> = Vec::new();
    for line in lines {
        let row = table.next_row();
        write_line(table.sheet, row, &line, &paint)?;
        if !matches!(line.ask, Ask::Nothing) {
            asked.push((row, line.ask));
        }
    }
    table.end("Aucun courriel ces quatorze derniers jours, et rien n’attend votre accord.")?;
    add_choices(sheet, &asked)?;
    look::page(sheet, tabs::MAILS, programme, Some((header, header)))
}

fn intro(desk: &MailDesk) -> String {
    let mut counts = Vec::new();
    for (number, singular, plural) in [
        (
            desk.awaiting.len(),
            "courriel attend votre accord",
            "courriels attendent votre accord",
        ),
        (
            desk.doubtful.len(),
            "est peut-être parti",
            "sont peut-être partis",
        ),
        (desk.refused.len(), "est refusé", "sont refusés"),
    ] {
        if number > 0 {
            counts.push(count(number, singular, plural));
        }
    }
    let asks = desk.clock.is_some() || desk.registry.is_some();
    let to_do = if desk.awaiting.is_empty() && desk.doubtful.is_empty() && !asks {
        "Rien n’attend votre réponse."
    } else {
        "Répondez dans les cases jaunes : « oui » ou « non », ou « reçu » si la personne a déjà ce courriel ; pour un courriel peut-être parti, « reçu » ou « renvoyer ». Enregistrez, fermez : la prochaine exécution lit vos réponses, vérifie que chaque courriel est encore d’actualité, et l’envoie."
    };
    let counts = if counts.is_empty() {
        String::new()
    } else {
        format!("{}. ", counts.join(", "))
    };
    typographic(&format!("{counts}{to_do}"))
}

/// One answer for all that await approval.
fn everything(desk: &MailDesk) -> Option<Line<'_>> {
    let seal = desk.everything?;
    let why = format!(
        "Une seule réponse pour les {} courriels qui attendent votre accord ; celle d’une ligne l’emporte sur celle-ci.",
        desk.awaiting.len()
    );
    Some(Line {
        ask: Ask::Approval,
        kind: "Tous à la fois",
        reference: seal.to_string(),
        ..blank(State::AwaitingApproval, &why)
    })
}

/// The question whether today's date is right.
fn clock(desk: &MailDesk) -> Option<Line<'_>> {
    let question = desk.clock?;
    let why = format!(
        "Un contrôle passé porte la date du {}. Si la date d’aujourd’hui est juste, répondez « oui » : les courriels repartiront. Si elle est fausse, corrigez la date de l’ordinateur.",
        short_date(question.latest)
    );
    Some(Line {
        ask: Ask::YesNo,
        kind: "Date d’aujourd’hui",
        subject: "La date de ce contrôle est-elle juste\u{202f}?",
        reference: question.seal.to_string(),
        ..blank(State::AwaitingApproval, &why)
    })
}

/// The question whether e-mails may go again.
fn registry(desk: &MailDesk) -> Option<Line<'_>> {
    let question = desk.registry?;
    let why = format!(
        "Depuis le {}, le registre ne sait pas tout ce qui est parti, et rien ne part sans votre accord. Rien n’est retenu pour l’instant : si les envois peuvent reprendre, répondez « oui ».",
        short_date(question.since)
    );
    Some(Line {
        ask: Ask::YesNo,
        kind: "Registre des courriels",
        subject: "Les envois peuvent-ils reprendre\u{202f}?",
        reference: question.seal.to_string(),
        ..blank(State::AwaitingApproval, &why)
    })
}

fn blank(tone: State, why: &str) -> Line<'static> {
    Line {
        state: tone.french(),
        tone,
        ask: Ask::Nothing,
        kind: "",
        to: String::new(),
        subject: "",
        why: typographic(why),
        since: None,
        about: "",
        reference: String::new(),
    }
}

fn awaiting(message: &Pending, seal: Seal) -> Line<'_> {
    Line {
        ask: Ask::Approval,
        reference: seal.to_string(),
        ..plain(message)
    }
}

fn doubtful(message: &Pending, seal: Seal) -> Line<'_> {
    Line {
        ask: Ask::Arrived,
        reference: seal.to_string(),
        ..plain(message)
    }
}

fn plain(message: &Pending) -> Line<'_> {
    let error = message.last_error.as_deref().filter(|it| !it.is_empty());
    Line {
        state: message.state.french(),
        tone: message.state,
        ask: Ask::Nothing,
        kind: message.kind.french(),
        to: match message.to.name.as_str() {
            "" => message.to.address.clone(),
            name => format!("{name}\n{}", message.to.address),
        },
        subject: &message.subject,
        why: match error {
            Some(error) => format!("{}\n{error}", message.why),
            None => message.why.clone(),
        },
        since: Some(message.run_day),
        about: message.about.as_deref().unwrap_or_default(),
        reference: format!("n° {}", message.id),
    }
}

struct Paint {
    cell: Format,
    centred: Format,
    day: Format,
    small: Format,
    answer: Format,
    states: Vec<(State, Format)>,
}

impl Paint {
    fn new() -> Self {
        Self {
            cell: look::cell(),
            centred: look::centred(),
            day: look::day(),
            small: look::small(),
            answer: look::answer(),
            states: State::ALL.map(|state| (state, look::state(state))).to_vec(),
        }
    }

    fn state(&self, wanted: State) -> &Format {
        let mut states = self.states.iter();
        let found = states.find(|(state, _)| *state == wanted);
        found.map_or(&self.cell, |(_, format)| format)
    }
}

fn write_line(
    sheet: &mut Worksheet,
    row: u32,
    line: &Line,
    paint: &Paint,
) -> Result<(), XlsxError> {
    sheet.write_with_format(row, 0, line.state, paint.state(line.tone))?;
    let answer = match line.ask {
        Ask::Nothing => &paint.centred,
        Ask::YesNo | Ask::Approval | Ask::Arrived => &paint.answer,
    };
    sheet.write_blank(row, 1, answer)?;
    let texts = [line.kind, &line.to, line.subject, &line.why].map(look::fit);
    let widths = COLUMNS.iter().skip(2).map(|(_, width)| *width);
    let measured: Vec<(&str, f64)> = texts.iter().map(AsRef::as_ref).zip(widths).collect();
    look::height(sheet, row, &measured)?;
    for (column, text) in (2..).zip(&texts) {
        sheet.write_string_with_format(row, column, &**text, &paint.cell)?;
    }
    match line.since {
        Some(day) => sheet.write_datetime_with_format(row, 6, day, &paint.day)?,
        None => sheet.write_blank(row, 6, &paint.day)?,
    };
    sheet.write_string_with_format(row, 7, look::fit(line.about), &paint.cell)?;
    sheet.write_string_with_format(row, 8, &line.reference, &paint.small)?;
    Ok(())
}

/// A drop-down list on each cell that she fills in; neighbours share one.
fn add_choices(sheet: &mut Worksheet, asked: &[(u32, Ask)]) -> Result<(), XlsxError> {
    let same = |a: &(u32, Ask), b: &(u32, Ask)| a.0 + 1 == b.0 && a.1 == b.1;
    for run in asked.chunk_by(same) {
        let (Some((first, ask)), Some((last, _))) = (run.first(), run.last()) else {
            continue;
        };
        let (words, help): (&[&str], _) = match ask {
            Ask::Arrived => (
                &["reçu", "renvoyer"],
                "« reçu » s’il est arrivé, « renvoyer » sinon.",
            ),
            Ask::Approval => (
                &["oui", "non", "reçu"],
                "« oui » pour l’envoyer, « non » pour l’écarter, « reçu » si la personne l’a déjà.",
            ),
            Ask::Nothing | Ask::YesNo => (&["oui", "non"], "« oui » ou « non »."),
        };
        let rule = DataValidation::new()
            .allow_list_strings(words)?
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_title("Réponse")?
            .set_error_message(typographic(help))?
            .set_input_title(typographic(ANSWER))?
            .set_input_message(typographic(help))?;
        sheet.add_data_validation(*first, 1, *last, 1, &rule)?;
    }
    Ok(())
}
