//! A column's cell as the type that the column asks for.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{Range, RowReader};
use crate::model::axis::Axis;
use crate::model::column::Column;
use crate::model::email::Email;
use crate::model::fault::FaultKind;
use crate::model::fold::WordTable;
use crate::model::time::{HalfDay, Slot};
use crate::model::{Cell, List, Name};
use crate::sheets::cells::{self, BadCell, BadKind, Raw};

impl RowReader<'_> {
    /// A text on one line.
    pub fn text(&mut self, column: Column) -> Cell<Box<str>> {
        self.read(column, cells::text, "un texte").map(Into::into)
    }

    /// A postcode: a number lost the zero that stood before it.
    pub fn postcode(&mut self, column: Column) -> Cell<Box<str>> {
        let typed_as_number = matches!(self.raw(column), Raw::Number(_));
        self.text(column).map(|text| {
            if typed_as_number && text.len() == 4 {
                format!("0{text}").into()
            } else {
                text
            }
        })
    }

    /// A text that may have several lines.
    pub fn long_text(&mut self, column: Column) -> Cell<Box<str>> {
        self.read(column, cells::long_text, "un texte")
            .map(Into::into)
    }

    /// A telephone number: like a postcode, it may have lost the zero that stood before it.
    pub fn phone(&mut self, column: Column) -> Cell<Box<str>> {
        let typed_as_number = matches!(self.raw(column), Raw::Number(_));
        self.text(column).map(|text| {
            if typed_as_number && text.len() == 9 {
                format!("0{text}").into()
            } else {
                text
            }
        })
    }

    /// A text that only has to be there.
    pub fn checked_text(&mut self, column: Column) {
        self.read(column, cells::long_text, "un texte");
    }

    /// A name or a reference.
    pub fn name(&mut self, column: Column) -> Cell<Name> {
        let cell = self.read(column, cells::text, "un nom");
        self.add_to_key(column, cell.value().map(AsRef::as_ref));
        cell.map(|text| self.intern(&text))
    }

    /// An e-mail address.
    pub fn email(&mut self, column: Column) -> Cell<Email> {
        let cell = match cells::email(self.raw(column)) {
            Err(BadCell {
                kind: BadKind::Unreadable,
                shown,
            }) => {
                self.fault(
                    column,
                    FaultKind::BadEmail {
                        shown: shown.into(),
                    },
                );
                Cell::Bad
            }
            read => self.settle(column, read, "une adresse"),
        };
        self.add_to_key(column, cell.value().map(AsRef::as_ref));
        cell.map(|address| Email {
            text: address.into(),
        })
    }

    /// A day.
    pub fn date(&mut self, column: Column) -> Cell<NaiveDate> {
        let cell = self.settle(
            column,
            cells::date(self.dated(column)),
            "une date entre 2000 et 2099, par exemple 12/01/2021",
        );
        if self.is_key(column) {
            let iso = cell.map(|date| date.to_string());
            self.add_to_key(column, iso.value().map(String::as_str));
        }
        cell
    }

    /// A day and a time.
    pub fn date_time(&mut self, column: Column) -> Cell<NaiveDateTime> {
        self.settle(
            column,
            cells::date_time(self.dated(column)),
            "une date et une heure, par exemple 12/01/2021 14:30",
        )
    }

    /// A time of day.
    pub fn time(&mut self, column: Column) -> Cell<NaiveTime> {
        self.read(column, cells::time_of_day, "une heure, par exemple 14h30")
    }

    /// An amount in euros.
    pub fn euros(&mut self, column: Column) -> Cell<f64> {
        let expected = "un montant en euros, par exemple 18";
        let cell = self.read(column, cells::number, expected);
        self.ranged(
            column,
            cell,
            Range::NotNegative,
            "un montant qui ne soit pas négatif",
        )
    }

    /// A number of hours.
    pub fn hours(&mut self, column: Column, range: Range) -> Cell<f64> {
        let expected = "un nombre d’heures, par exemple 3,5 ou 3h30";
        let cell = self.read(column, cells::hours, expected);
        self.ranged(
            column,
            cell,
            range,
            "un nombre d’heures qui ne soit pas négatif",
        )
    }

    /// A mark.
    pub fn mark(&mut self, column: Column, range: Range) -> Cell<f64> {
        let cell = self.read(column, cells::number, "une note");
        self.ranged(column, cell, range, "une note de 0 à 5")
    }

    /// A whole number.
    pub fn whole(&mut self, column: Column, expected: &str) -> Cell<i64> {
        let cell = self.read(column, cells::number, expected);
        match cell.map(as_whole) {
            Cell::Is(Some(whole)) => Cell::Is(whole),
            Cell::Is(None) => self.unreadable(column, expected, None),
            Cell::Empty => Cell::Empty,
            Cell::Bad => Cell::Bad,
        }
    }

    /// Yes or no; an empty cell stays empty, and means no.
    pub fn yes_no(&mut self, column: Column) -> Cell<bool> {
        self.read(column, cells::yes_no, "oui ou non")
    }

    /// One of the words.
    pub fn choice<T: Copy>(&mut self, column: Column, words: &WordTable<T>) -> Cell<T> {
        let cell = self.read(column, cells::text, "un texte");
        match cell {
            Cell::Is(text) => match words.get(&text) {
                Some(value) => Cell::Is(value),
                None => self.unreadable(column, &self.expected_words(column), words.nearest(&text)),
            },
            Cell::Empty => Cell::Empty,
            Cell::Bad => Cell::Bad,
        }
    }

    /// Matin or après-midi.
    pub fn half_day(&mut self, column: Column) -> Cell<HalfDay> {
        self.add_to_key(column, None);
        self.choice(column, HalfDay::words())
    }

    /// Matin, après-midi or journée.
    pub fn slot(&mut self, column: Column) -> Cell<Slot> {
        self.choice(column, Slot::words())
    }

    /// One of the programme's axes.
    pub fn axis(&mut self, column: Column) -> Cell<Axis> {
        self.choice(column, &self.vocabulary.axes)
    }

    /// Several of the programme's axes.
    pub fn axes(&mut self, column: Column) -> Cell<List<Axis>> {
        let words = &self.vocabulary.axes;
        let Cell::Is(items) = self.read(column, cells::list, "un texte") else {
            return self.without_items(column);
        };
        let mut list = List::default();
        let mut unknown = None;
        for item in &items {
            match words.get(item) {
                Some(axis) if list.items.contains(&axis) => {}
                Some(axis) => list.items.push(axis),
                None => unknown = unknown.or(Some(item)),
            }
        }
        if let Some(item) = unknown {
            list.bad = true;
            self.fault(
                column,
                FaultKind::Unreadable {
                    shown: item.as_ref().into(),
                    expected: self.expected_words(column).into(),
                    near: words.nearest(item).map(Into::into),
                },
            );
        }
        Cell::Is(list)
    }

    /// Several words, as typed.
    pub fn words(&mut self, column: Column) -> Cell<List<Box<str>>> {
        let Cell::Is(items) = self.read(column, cells::list, "un texte") else {
            return self.without_items(column);
        };
        Cell::Is(List {
            items: items.into_iter().map(Into::into).collect(),
            bad: false,
        })
    }

    /// Several names.
    pub fn names(&mut self, column: Column) -> Cell<List<Name>> {
        self.add_to_key(column, None);
        let Cell::Is(items) = self.read(column, cells::list, "un texte") else {
            return self.without_items(column);
        };
        Cell::Is(List {
            items: items.iter().map(|text| self.intern(text)).collect(),
            bad: false,
        })
    }
}

fn as_whole(number: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number below 2^53 is exact as i64"
    )]
    let whole = number as i64;
    #[expect(
        clippy::cast_precision_loss,
        clippy::float_cmp,
        reason = "exactness is what is asked"
    )]
    let exact = number.abs() < 9e15 && whole as f64 == number;
    exact.then_some(whole)
}
