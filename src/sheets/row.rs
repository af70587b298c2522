//! One row's cells to one entity's fields; what can't be read becomes a fault with its place.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::cells::{self, BadCell, BadKind, Raw};
use super::vocabulary::Vocabulary;
use crate::model::axis::Axis;
use crate::model::column::{Column, ColumnSpec, Kind, Need};
use crate::model::email::{Email, email_key};
use crate::model::fault::{Fault, FaultKind};
use crate::model::fold::{WordTable, fold_name};
use crate::model::name::Interner;
use crate::model::table::Head;
use crate::model::time::{HalfDay, Slot};
use crate::model::{Cell, List, Name, Place, RowRef};

/// What the reading of all rows adds to.
#[derive(Debug, Default)]
pub struct Ledgers {
    /// Cells that give no value.
    pub faults: Vec<Fault>,
    /// The keys of names.
    pub names: Interner,
}

/// Which numbers a column takes; others are DON02 (programme.md §2).
#[derive(Debug, Clone, Copy)]
pub enum Range {
    /// A code of its own says what is out of range.
    Any,
    /// Amounts and hours.
    NotNegative,
    /// Marks.
    ZeroToFive,
}

/// One row, read field by field in the order of its columns.
pub struct RowReader<'r> {
    specs: &'static [ColumnSpec],
    raws: &'r [Raw<'r>],
    row: RowRef,
    place: Place,
    /// Bare numbers in date columns count from 1904.
    epoch_1904: bool,
    vocabulary: &'r Vocabulary,
    ledgers: &'r mut Ledgers,
    key: String,
}

impl<'r> RowReader<'r> {
    /// A reader over the row's cells, indexed by [`Column`].
    pub fn new(
        specs: &'static [ColumnSpec],
        raws: &'r [Raw<'r>],
        (row, place): (RowRef, Place),
        epoch_1904: bool,
        vocabulary: &'r Vocabulary,
        ledgers: &'r mut Ledgers,
    ) -> Self {
        Self {
            specs,
            raws,
            row,
            place,
            epoch_1904,
            vocabulary,
            ledgers,
            key: String::new(),
        }
    }

    /// Where the row stands and what it is called: to be asked for once every key column was read.
    pub fn head(&mut self) -> Head {
        Head {
            at: self.place,
            key: std::mem::take(&mut self.key).into_boxed_str(),
        }
    }

    /// The words of choices.
    pub fn vocabulary(&self) -> &'r Vocabulary {
        self.vocabulary
    }

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

    /// A text that only has to be there.
    pub fn checked_text(&mut self, column: Column) {
        self.read(column, cells::long_text, "un texte");
    }

    /// A name or a reference.
    pub fn name(&mut self, column: Column) -> Cell<Name> {
        let cell = self.read(column, cells::text, "un nom");
        self.add_to_key(column, None);
        cell.map(|text| self.intern(text))
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
        self.add_to_key(column, None);
        cell.map(|address| Email {
            key: self.ledgers.names.intern(&email_key(&address)),
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
        let iso = cell.map(|date| date.to_string());
        self.add_to_key(column, iso.value().map(String::as_str));
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
            items: items.into_iter().map(|text| self.intern(text)).collect(),
            bad: false,
        })
    }

    /// Says that a cell, readable or empty as it is, gives no value after all.
    pub fn unreadable<T>(&mut self, column: Column, expected: &str, near: Option<&str>) -> Cell<T> {
        let shown = self.raw(column).shown().into();
        self.fault(
            column,
            FaultKind::Unreadable {
                shown,
                expected: expected.into(),
                near: near.map(Into::into),
            },
        );
        Cell::Bad
    }

    /// Says that a cell which may be empty elsewhere must not be here (DON01).
    pub fn missing<T>(&mut self, column: Column) -> Cell<T> {
        self.fault(column, FaultKind::Missing);
        Cell::Bad
    }

    fn raw(&self, column: Column) -> Raw<'r> {
        self.raws
            .get(usize::from(column.0))
            .copied()
            .unwrap_or(Raw::Empty)
    }

    /// The cell of a date column, where a bare number is a date of the workbook's date system.
    fn dated(&self, column: Column) -> Raw<'r> {
        match self.raw(column) {
            Raw::Number(serial) if self.epoch_1904 => {
                Raw::Number(cells::from_1904(serial, cells::DateKind::DateTime))
            }
            raw => raw,
        }
    }

    fn spec(&self, column: Column) -> Option<&'static ColumnSpec> {
        self.specs.get(usize::from(column.0))
    }

    /// The words of a choice, without their synonyms: « matin » ou « après-midi ».
    fn expected_words(&self, column: Column) -> String {
        match self.spec(column).map(|spec| spec.kind) {
            Some(Kind::Choice(words)) => one_of(words.iter().copied()),
            Some(Kind::Axis | Kind::Axes) => one_of(self.vocabulary.axes.words()),
            Some(Kind::LegalForm) => {
                one_of(self.vocabulary.legal_form_words.iter().map(String::as_str))
            }
            _ => String::new(),
        }
    }

    fn read<T>(
        &mut self,
        column: Column,
        parse: impl FnOnce(Raw<'r>) -> Result<Option<T>, BadCell>,
        expected: &str,
    ) -> Cell<T> {
        let read = parse(self.raw(column));
        self.settle(column, read, expected)
    }

    fn settle<T>(
        &mut self,
        column: Column,
        read: Result<Option<T>, BadCell>,
        expected: &str,
    ) -> Cell<T> {
        let bad = match read {
            Ok(Some(value)) => return Cell::Is(value),
            Ok(None)
                if self
                    .spec(column)
                    .is_some_and(|spec| spec.need == Need::Cell) =>
            {
                return self.missing(column);
            }
            Ok(None) => return Cell::Empty,
            Err(bad) => bad,
        };
        let kind = match bad.kind {
            BadKind::Unreadable => FaultKind::Unreadable {
                shown: bad.shown.into(),
                expected: expected.into(),
                near: None,
            },
            BadKind::Uncalculated => FaultKind::Uncalculated,
            BadKind::ErrorValue => FaultKind::ErrorValue {
                shown: bad.shown.into(),
            },
        };
        self.fault(column, kind);
        Cell::Bad
    }

    fn ranged(
        &mut self,
        column: Column,
        cell: Cell<f64>,
        range: Range,
        expected: &str,
    ) -> Cell<f64> {
        let Cell::Is(value) = cell else { return cell };
        let fits = match range {
            Range::Any => true,
            Range::NotNegative => value >= 0.0,
            Range::ZeroToFive => (0.0..=5.0).contains(&value),
        };
        if fits {
            return cell;
        }
        self.unreadable(column, expected, None)
    }

    /// A list cell that gave no items: empty, or already at fault.
    fn without_items<T>(&self, column: Column) -> Cell<List<T>> {
        let at_fault = self
            .ledgers
            .faults
            .last()
            .is_some_and(|fault| fault.row == self.row && fault.column == column);
        if at_fault { Cell::Bad } else { Cell::Empty }
    }

    fn intern(&mut self, text: Cow<'_, str>) -> Name {
        Name {
            key: self.ledgers.names.intern(&fold_name(&text)),
            text: text.into(),
        }
    }

    fn fault(&mut self, column: Column, kind: FaultKind) {
        self.ledgers.faults.push(Fault {
            row: self.row,
            column,
            kind,
        });
    }

    /// Adds a key column to the row's key: its text as typed, or what was made of it where that has
    /// a form of its own (programme.md §7: dates in ISO form).
    fn add_to_key(&mut self, column: Column, text: Option<&str>) {
        if !self.spec(column).is_some_and(|spec| spec.key) {
            return;
        }
        let is_first = self
            .specs
            .iter()
            .take(usize::from(column.0))
            .all(|spec| !spec.key);
        if !is_first {
            self.key.push_str(" | ");
        }
        match text {
            Some(text) => self.key.push_str(text),
            None => {
                if let Ok(Some(typed)) = cells::text(self.raw(column)) {
                    self.key.push_str(&typed);
                }
            }
        }
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

/// « matin », « après-midi » ou « journée »
fn one_of<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.map(|word| format!("« {word} »")).collect();
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} ou {last}", others.join(", ")),
    }
}
