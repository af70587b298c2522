//! A workbook as values that a test can change and save again, as the coordinator would.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Reader};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

/// The sheets of a workbook, in tab order.
#[derive(Debug, PartialEq)]
pub struct Book(Vec<(String, Grid)>);

/// The values of a sheet from A1; the header is the first row that holds the header asked for.
#[derive(Debug, PartialEq)]
pub struct Grid(Vec<Vec<Data>>);

impl Book {
    /// Reads any kind of workbook.
    pub fn open(path: &Path) -> Self {
        let bytes = Cursor::new(fs::read(path).unwrap());
        let mut book = calamine::open_workbook_auto_from_rs(bytes).unwrap();
        let sheets = book.sheet_names().into_iter().map(|name| {
            let grid = Grid::of(&book.worksheet_range(&name).unwrap());
            (name, grid)
        });
        Self(sheets.collect())
    }

    /// Writes it as a new `.xlsx`.
    pub fn save(&self, path: &Path) {
        let mut book = Workbook::new();
        for (name, grid) in &self.0 {
            grid.write(book.add_worksheet().set_name(name).unwrap());
        }
        book.save(path).unwrap();
    }

    /// The sheets' names.
    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// A sheet.
    pub fn sheet(&self, name: &str) -> &Grid {
        let found = self.0.iter().find(|(sheet, _)| sheet == name);
        &found.unwrap_or_else(|| panic!("no sheet {name}")).1
    }

    /// A sheet, to be changed.
    pub fn sheet_mut(&mut self, name: &str) -> &mut Grid {
        let found = self.0.iter_mut().find(|(sheet, _)| sheet == name);
        &mut found.unwrap_or_else(|| panic!("no sheet {name}")).1
    }

    /// Gives a sheet another name.
    pub fn rename(&mut self, name: &str, new: &str) {
        for (sheet, _) in &mut self.0 {
            if sheet == name {
                new.clone_into(sheet);
            }
        }
    }

    /// Takes a sheet out.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(sheet, _)| sheet != name);
    }
}

impl Grid {
    fn of(range: &calamine::Range<Data>) -> Self {
        let (rows, columns) = range.end().map_or((0, 0), |(row, column)| {
            (row as usize + 1, column as usize + 1)
        });
        let (top, left) = range.start().unwrap_or_default();
        let mut grid = vec![vec![Data::Empty; columns]; rows];
        for (row, column, value) in range.used_cells() {
            grid[row + top as usize][column + left as usize] = value.clone();
        }
        Self(grid)
    }

    fn write(&self, sheet: &mut Worksheet) {
        let date = Format::new().set_num_format("dd/mm/yyyy hh:mm");
        let hours = Format::new().set_num_format("[h]:mm");
        for (row, cells) in (0..).zip(&self.0) {
            for (column, value) in (0..).zip(cells) {
                match value {
                    Data::Empty => {}
                    Data::String(text) => drop(sheet.write_string(row, column, text).unwrap()),
                    Data::Float(number) => drop(sheet.write_number(row, column, *number).unwrap()),
                    Data::Bool(value) => drop(sheet.write_boolean(row, column, *value).unwrap()),
                    Data::DateTime(serial) => {
                        let format = if serial.is_duration() { &hours } else { &date };
                        sheet
                            .write_number_with_format(row, column, serial.as_f64(), format)
                            .unwrap();
                    }
                    other => panic!("{other:?} at {row}, {column}"),
                }
            }
        }
    }

    /// How many rows there are, the header counted.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Every value with its row and column from 0.
    pub fn values(&self) -> impl Iterator<Item = (usize, usize, &Data)> {
        self.0.iter().enumerate().flat_map(|(row, cells)| {
            let cells = cells.iter().enumerate();
            cells.map(move |(column, value)| (row, column, value))
        })
    }

    /// The value at a row and column from 0; empty beyond the edge.
    pub fn at(&self, row: usize, column: usize) -> &Data {
        let cell = self.0.get(row).and_then(|cells| cells.get(column));
        cell.unwrap_or(&Data::Empty)
    }

    /// The column under a header.
    pub fn column(&self, header: &str) -> usize {
        self.header(header).1
    }

    /// The row and the column of a header, from 0.
    pub fn header(&self, header: &str) -> (usize, usize) {
        let is_it = |value: &Data| *value == Data::String(header.to_owned());
        let found = self.values().find(|(_, _, value)| is_it(value));
        let (row, column, _) = found.unwrap_or_else(|| panic!("no column {header}"));
        (row, column)
    }

    /// The value under a header, in a row from 0.
    pub fn get(&self, row: usize, header: &str) -> &Data {
        self.at(row, self.column(header))
    }

    /// Types a text under a header, in a row from 0.
    pub fn set(&mut self, row: usize, header: &str, text: &str) {
        let column = self.column(header);
        self.0[row][column] = Data::String(text.to_owned());
    }

    /// Replaces a text wherever it stands.
    pub fn replace(&mut self, text: &str, new: &str) {
        for value in self.0.iter_mut().flatten() {
            if *value == Data::String(text.to_owned()) {
                *value = Data::String(new.to_owned());
            }
        }
    }

    /// The one row, from 0, that has all these values under these headers.
    pub fn row(&self, wanted: &[(&str, &str)]) -> usize {
        let fits = |row: &usize| {
            let mut wanted = wanted.iter();
            wanted.all(|(header, text)| *self.get(*row, header) == Data::String((*text).to_owned()))
        };
        let rows: Vec<usize> = (1..self.len()).filter(fits).collect();
        assert_eq!(rows.len(), 1, "{wanted:?}: {rows:?}");
        rows[0]
    }

    /// The texts of a row, each with the header above it; the header is in the first row.
    pub fn texts(&self, row: usize) -> Vec<(String, String)> {
        let cells = self.0[0].iter().zip(&self.0[row]);
        let texts = cells.filter_map(|pair| match pair {
            (Data::String(header), Data::String(text)) => Some((header.clone(), text.clone())),
            (Data::String(header), Data::Empty) => Some((header.clone(), String::new())),
            _ => None,
        });
        texts.collect()
    }

    /// Deletes a row, as Excel does.
    pub fn remove(&mut self, row: usize) {
        self.0.remove(row);
    }

    /// Sorts the rows the other way round, below a header in the first row.
    pub fn reverse(&mut self) {
        self.reverse_from(1);
    }

    /// Sorts the rows from this one on the other way round.
    pub fn reverse_from(&mut self, top: usize) {
        self.0[top..].reverse();
    }

    /// Adds a row at the end: texts under headers.
    pub fn push(&mut self, texts: &[(&str, &str)]) {
        self.0.push(vec![Data::Empty; self.0[0].len()]);
        for (header, text) in texts {
            self.set(self.len() - 1, header, text);
        }
    }
}
