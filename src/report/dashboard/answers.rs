//! What the coordinator typed into « Courriels »: the only thing that is ever read in the dashboard.
//!
//! Rows are known by their reference and columns by their headers: she may sort, filter, insert and
//! hide. The file went through other hands since it was written: it is inspected as her workbooks
//! are, and one that can't be read is a reason, never a panic.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::mails::{ANSWER, REFERENCE};
use super::tabs;
use crate::model::fold::{Folded, fold_word};
use crate::model::season::Format;
use crate::outbox::Seal;
use crate::sheets::cells::{self, Raw};
use crate::sheets::{self, source};

/// The header is in one of the first rows; she may have added some above.
const TOP: u32 = 30;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it is about; none where the reference is gone or is no reference.
    pub seal: Option<Seal>,
    /// What she said.
    pub word: Word,
    /// The row, as Excel counts.
    pub row: u32,
}

/// What she said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Send it.
    Yes,
    /// Never send it.
    No,
    /// It arrived.
    Received,
    /// Send it once more.
    Resend,
    /// None of these, as typed.
    Unclear(String),
}

/// Why no answer could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// The file is no workbook that can be read: damaged, or protected by a password.
    File,
    /// The sheet or one of its two columns is gone.
    Sheet,
}

/// The answers in a dashboard, from the top.
///
/// # Errors
/// Why none can be read.
pub fn read(bytes: &[u8]) -> Result<Vec<Answer>, Unreadable> {
    sheets::check(bytes, Format::Package).map_err(|_| Unreadable::File)?;
    // Nothing is known to panic here; if something does, that is this file's fault.
    catch_unwind(AssertUnwindSafe(|| read_sheet(bytes))).unwrap_or(Err(Unreadable::File))
}

fn read_sheet(bytes: &[u8]) -> Result<Vec<Answer>, Unreadable> {
    let mut book = source::open(bytes, Format::Package).map_err(|_| Unreadable::File)?;
    let wanted = fold_word(tabs::MAILS);
    let names = book.sheet_names().into_iter();
    let Some(name) = names
        .into_iter()
        .find(|name| fold_word(name).matches(&wanted))
    else {
        return Err(Unreadable::Sheet);
    };
    let mut reading = Reading::default();
    book.visit(&name, &mut |row, cells| reading.row(row, cells))
        .map_err(|_| Unreadable::File)?;
    match reading.columns {
        Some(_) => Ok(reading.answers),
        None => Err(Unreadable::Sheet),
    }
}

#[derive(Default)]
struct Reading {
    columns: Option<Columns>,
    answers: Vec<Answer>,
}

#[derive(Clone, Copy)]
struct Columns {
    answer: u32,
    reference: u32,
}

impl Reading {
    fn row(&mut self, row: u32, cells: &[(u32, Raw<'_>)]) -> ControlFlow<()> {
        let Some(columns) = self.columns else {
            self.columns = Columns::of(cells);
            return if self.columns.is_none() && row >= TOP {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            };
        };
        let at = |column| {
            let found = cells.iter().find(|(at, _)| *at == column);
            found.map_or(Raw::Empty, |(_, raw)| *raw)
        };
        if let Some(word) = Word::of(at(columns.answer)) {
            let reference = cells::text(at(columns.reference)).ok().flatten();
            self.answers.push(Answer {
                seal: reference.and_then(|text| text.parse().ok()),
                word,
                row: row + 1,
            });
        }
        ControlFlow::Continue(())
    }
}

impl Columns {
    /// Where the two headers stand in a row, if it is the header row.
    fn of(cells: &[(u32, Raw<'_>)]) -> Option<Self> {
        let place = |header: &Folded| {
            let is_it = |raw: Raw<'_>| {
                let text = cells::text(raw).ok().flatten();
                text.is_some_and(|text| fold_word(&text).matches(header))
            };
            let found = cells.iter().find(|(_, raw)| is_it(*raw));
            found.map(|(column, _)| *column)
        };
        Some(Self {
            answer: place(&fold_word(ANSWER))?,
            reference: place(&fold_word(REFERENCE))?,
        })
    }
}

impl Word {
    /// None for a cell without anything in it.
    fn of(raw: Raw<'_>) -> Option<Self> {
        if raw.is_empty() {
            return None;
        }
        if let Ok(said) = cells::yes_no(raw) {
            return said.map(|yes| if yes { Self::Yes } else { Self::No });
        }
        let typed = cells::text(raw).ok().flatten();
        let typed = typed.map(|text| fold_word(text.trim_end_matches(['.', '!', ' '])));
        let is = |words: &[&str]| {
            let mut words = words.iter();
            typed
                .as_ref()
                .is_some_and(|typed| words.any(|word| fold_word(word).matches(typed)))
        };
        Some(if is(&["reçu", "bien reçu", "arrivé"]) {
            Self::Received
        } else if is(&["renvoyer", "à renvoyer", "renvoyé", "renvoi"]) {
            Self::Resend
        } else {
            Self::Unclear(raw.shown())
        })
    }

    /// Both answer the same question, and not alike.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        matches!(
            (self, other),
            (Self::Yes, Self::No)
                | (Self::No, Self::Yes)
                | (Self::Received, Self::Resend)
                | (Self::Resend, Self::Received)
        )
    }

    /// As the messages about it name it.
    #[must_use]
    pub fn french(&self) -> &str {
        match self {
            Self::Yes => "oui",
            Self::No => "non",
            Self::Received => "reçu",
            Self::Resend => "renvoyer",
            Self::Unclear(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{Workbook, Worksheet};

    use super::*;
    use crate::outbox::About;

    fn seal(number: u32) -> Seal {
        let id = number.to_string().parse().expect("a number");
        Seal::of(About::Message(id), &["x"])
    }

    fn book(name: &str, fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
        let mut book = Workbook::new();
        book.add_worksheet();
        fill(book.add_worksheet().set_name(name).expect("a name"));
        book.save_to_buffer().expect("a workbook")
    }

    fn typed(rows: &[(&str, &str)]) -> Vec<u8> {
        book(tabs::MAILS, |sheet| {
            sheet.write(0, 0, "Courriels").expect("written");
            // Her own column in front, and the two of ours the other way round.
            for (row, (answer, reference)) in
                (4..).zip(std::iter::once(&("ENVOYER", "repère")).chain(rows))
            {
                sheet.write(row, 1, *reference).expect("written");
                sheet.write(row, 5, *answer).expect("written");
            }
        })
    }

    #[test]
    fn answers_are_read_as_people_type_them() {
        let forms = [
            ("oui", Word::Yes),
            ("X", Word::Yes),
            (" Oui !", Word::Yes),
            ("1", Word::Yes),
            ("non.", Word::No),
            ("N", Word::No),
            ("Reçue", Word::Received),
            ("recu", Word::Received),
            ("RENVOYER", Word::Resend),
            ("à renvoyer", Word::Resend),
            ("peut-être", Word::Unclear("peut-être".to_owned())),
        ];
        let reference = seal(7).to_string();
        let rows: Vec<(&str, &str)> = forms.iter().map(|(text, _)| (*text, &*reference)).collect();
        let answers = read(&typed(&rows)).expect("read");
        assert_eq!(answers.len(), forms.len());
        for ((row, answer), (text, word)) in (6..).zip(answers).zip(forms) {
            let expected = Answer {
                seal: Some(seal(7)),
                word,
                row,
            };
            assert_eq!(answer, expected, "{text}");
        }
    }

    #[test]
    fn a_row_without_an_answer_says_nothing_and_one_without_a_reference_is_told() {
        let reference = seal(7).to_string();
        let rows = [
            ("", &*reference),
            ("oui", ""),
            ("oui", "12-3f9a"),
            ("  ", ""),
        ];
        let answers = read(&typed(&rows)).expect("read");
        let seen: Vec<_> = answers.iter().map(|one| (one.seal, one.row)).collect();
        assert_eq!(seen, [(None, 7), (None, 8)]);
    }

    #[test]
    fn booleans_and_numbers_are_answers_too() {
        let bytes = book("courriel", |sheet| {
            sheet.write(0, 0, ANSWER).expect("written");
            sheet.write(0, 1, REFERENCE).expect("written");
            sheet.write(1, 0, true).expect("written");
            sheet.write(2, 0, 0).expect("written");
            sheet.write(3, 0, 7).expect("written");
            for row in 1..4 {
                let reference = seal(row).to_string();
                sheet.write(row, 1, reference).expect("written");
            }
        });
        let words: Vec<Word> = read(&bytes)
            .expect("read")
            .into_iter()
            .map(|one| one.word)
            .collect();
        assert_eq!(words, [Word::Yes, Word::No, Word::Unclear("7".to_owned())]);
    }

    #[test]
    fn a_file_that_is_no_dashboard_is_a_reason() {
        assert_eq!(read(b""), Err(Unreadable::File));
        assert_eq!(read(b"PK\x03\x04 not a zip"), Err(Unreadable::File));
        let mut bytes = typed(&[]);
        bytes.truncate(bytes.len() / 2);
        assert_eq!(read(&bytes), Err(Unreadable::File));
        assert_eq!(read(&book("Autre", |_| {})), Err(Unreadable::Sheet));
        assert_eq!(read(&book(tabs::MAILS, |_| {})), Err(Unreadable::Sheet));
    }
}
