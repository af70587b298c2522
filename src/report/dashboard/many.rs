//! « Constats » with tens of thousands of rows: the crate that writes workbooks makes the sheet with
//! one row, in which each look and each link's file occurs once; its part is then written anew with
//! the rows. That crate looks up the format of each cell by all that a format is, which alone took a
//! tenth of a night.

use std::io::{self, Write};

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::findings::{self, COLUMNS, Ink, LINK, Paint};
use super::link::{Links, Target};
use super::{look, tabs};
use crate::findings::Findings;
use crate::model::Season;
use crate::model::place::column_letters;
use crate::package::{Refill, push_attribute, push_text_cell, refill};
use crate::report::morning::Changes;

/// Where the sheet lies in the workbook: the third.
const SHEET: &str = "xl/worksheets/sheet3.xml";
const RELATIONS: &str = "xl/worksheets/_rels/sheet3.xml.rels";
/// ECMA-376 part 1, 18.3.1.47.
const HYPERLINK: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink";
/// Rows below the title, what the page is for and the headers, counted from 1.
const FIRST: u32 = 4;
/// Bytes that are gathered before they are handed on.
const PIECE: usize = 64 << 10;

/// What the sheet shows.
pub(super) struct Many<'a> {
    pub season: &'a Season,
    pub findings: &'a Findings,
    pub changes: &'a Changes,
    pub links: &'a Links<'a>,
}

impl Many<'_> {
    fn lines(&self) -> impl Iterator<Item = (u32, findings::Line<'_>)> {
        (FIRST..).zip(findings::lines(self.findings, self.changes))
    }

    /// The rows with a link, and where it leads.
    fn targets(&self) -> impl Iterator<Item = (u32, Target)> {
        let lines = self.lines();
        lines.filter_map(|(row, line)| Some((row, line.target(self.links)?)))
    }

    /// The number of the last row, counted from 1.
    fn last(&self) -> u32 {
        let rows = self.findings.len().min(findings::MOST);
        (FIRST - 1).saturating_add(u32::try_from(rows).unwrap_or(u32::MAX))
    }

    /// Writes the sheet with one row in place of all.
    pub fn prepare(&self, sheet: &mut Worksheet, programme: &str) -> Result<(), XlsxError> {
        let mut page = findings::begin(sheet, self.findings)?;
        let header = page.header_row;
        let row = page.next_row();
        let paint = Paint::new();
        let mut column = 0;
        for ink in Ink::ALL {
            page.sheet
                .write_string_with_format(row, column, "x", paint.of(ink))?;
            column += 1;
        }
        for target in self.links.one_in_each() {
            let at = (row, column);
            self.links
                .write_to(page.sheet, at, "x", &target, paint.of(Ink::Link))?;
            column += 1;
        }
        page.end_at(self.last() - 1)?;
        look::page(sheet, tabs::FINDINGS, programme, Some((header, header)))
    }

    /// The workbook with the rows, and the links.
    ///
    /// # Errors
    /// It isn't as it was prepared.
    pub fn fill(&self, workbook: &[u8]) -> Result<Vec<u8>, XlsxError> {
        let sheet = Refill {
            part: SHEET,
            write: &|old, into| self.write_sheet(old, into),
        };
        // Without a workbook that a link can name there are none.
        let relations = Refill {
            part: RELATIONS,
            write: &|old, into| self.write_relations(old, into),
        };
        let has_links = self.links.one_in_each().next().is_some();
        let parts = [sheet, relations];
        let parts = if has_links { &parts } else { &parts[..1] };
        refill(workbook, parts).map_err(|error| XlsxError::IoError(io::Error::other(error)))
    }

    fn write_sheet(&self, old: &str, into: &mut dyn Write) -> io::Result<()> {
        let (before, rest) = split(old, &format!("<row r=\"{FIRST}\""))?;
        let (prepared, after) = split(rest, "</sheetData>")?;
        let (head, rest) = split(before, "<dimension ref=\"")?;
        let (_, head_end) = split(rest, "\"")?;
        let last_column = column_letters(u32::try_from(COLUMNS.len() - 1).unwrap_or(0));
        write!(
            into,
            "{head}<dimension ref=\"A1:{last_column}{}\"{head_end}",
            self.last()
        )?;
        self.write_rows(&Styles::of(prepared)?, into)?;
        into.write_all(b"</sheetData>")?;
        let Some((before, rest)) = after.split_once("<hyperlinks>") else {
            return into.write_all(after.as_bytes());
        };
        let (_, after) = split(rest, "</hyperlinks>")?;
        into.write_all(before.as_bytes())?;
        self.write_links(into)?;
        into.write_all(after.as_bytes())
    }

    fn write_rows(&self, styles: &Styles, into: &mut dyn Write) -> io::Result<()> {
        let mut out = Vec::with_capacity(PIECE + PIECE / 4);
        for (number, line) in self.lines() {
            let cells = line.cells(self.season, self.links);
            write!(out, "<row r=\"{number}\"")?;
            if let Some(height) = cells.height {
                write!(out, " ht=\"{}\" customHeight=\"1\"", on_pixels(height))?;
            }
            out.push(b'>');
            for (column, (text, ink)) in (0..).zip(&cells.texts) {
                let is_link = cells.link.is_some() && column == u32::from(LINK);
                let style = styles.number(if is_link { Ink::Link } else { *ink });
                push_text_cell(&mut out, (number - 1, column), style, text);
            }
            out.extend_from_slice(b"</row>");
            hand_on(&mut out, PIECE, into)?;
        }
        hand_on(&mut out, 0, into)
    }

    /// Each link has a relationship of its own, as Excel writes them.
    fn write_links(&self, into: &mut dyn Write) -> io::Result<()> {
        let letters = column_letters(u32::from(LINK));
        let mut out = b"<hyperlinks>".to_vec();
        for (id, (row, target)) in (1..).zip(self.targets()) {
            write!(
                out,
                "<hyperlink ref=\"{letters}{row}\" r:id=\"rId{id}\" location=\""
            )?;
            push_attribute(&mut out, &target.location);
            out.extend_from_slice(b"\"/>");
            hand_on(&mut out, PIECE, into)?;
        }
        out.extend_from_slice(b"</hyperlinks>");
        hand_on(&mut out, 0, into)
    }

    fn write_relations(&self, old: &str, into: &mut dyn Write) -> io::Result<()> {
        let (before, prepared) = split(old, "<Relationship ")?;
        // Escaped as the crate escapes addresses, in the order in which they were prepared.
        let files = prepared.split(" Target=\"").skip(1);
        let files = files.map(|from| from.split('"').next().unwrap_or_default());
        let workbooks = self.links.one_in_each().map(|target| target.workbook);
        let files: Vec<(usize, &str)> = workbooks.zip(files).collect();
        let mut out = before.as_bytes().to_vec();
        for (id, (_, target)) in (1..).zip(self.targets()) {
            let file = files.iter().find(|(of, _)| *of == target.workbook);
            let (_, file) = file.ok_or_else(|| unlike("a link's file"))?;
            write!(
                out,
                "<Relationship Id=\"rId{id}\" Type=\"{HYPERLINK}\" Target=\"{file}\" TargetMode=\"External\"/>"
            )?;
            hand_on(&mut out, PIECE, into)?;
        }
        out.extend_from_slice(b"</Relationships>");
        hand_on(&mut out, 0, into)
    }
}

/// The number that the workbook has for each look.
struct Styles([u32; Ink::ALL.len()]);

impl Styles {
    /// Read from the row that was prepared.
    fn of(row: &str) -> io::Result<Self> {
        let mut cells = row.split("<c ").skip(1);
        let mut styles = [0; Ink::ALL.len()];
        for style in &mut styles {
            let (_, from) = split(cells.next().unwrap_or_default(), " s=\"")?;
            let (number, _) = split(from, "\"")?;
            *style = number.parse().map_err(|_| unlike("a style"))?;
        }
        Ok(Self(styles))
    }

    fn number(&self, wanted: Ink) -> u32 {
        let position = Ink::ALL.iter().position(|ink| *ink == wanted);
        let style = position.and_then(|at| self.0.get(at));
        style.copied().unwrap_or_default()
    }
}

/// A height of so many points in Excel's pixels, as the crate rounds it.
fn on_pixels(points: u32) -> f64 {
    (f64::from(points) * 4.0 / 3.0).round() * 0.75
}

/// Hands on what was gathered, if it is more than so many bytes.
fn hand_on(out: &mut Vec<u8>, more_than: usize, into: &mut dyn Write) -> io::Result<()> {
    if out.len() > more_than {
        into.write_all(out)?;
        out.clear();
    }
    Ok(())
}

fn split<'t>(text: &'t str, at: &str) -> io::Result<(&'t str, &'t str)> {
    text.split_once(at).ok_or_else(|| unlike(at))
}

fn unlike(what: &str) -> io::Error {
    io::Error::other(format!("the sheet isn't as it was prepared: {what}"))
}
