//! The parts of small workbooks, made from rows in every dialect that writers use.

use std::fmt::Write;

use super::archive::{Entry, zip};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const STRICT: &str = "http://purl.oclc.org/ooxml/spreadsheetml/main";
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT_REL: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";
const RELS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// How a workbook is written.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a way to write, and any two go together"
)]
pub struct Dialect {
    /// Texts in the cells rather than shared.
    pub inline: bool,
    /// ISO 29500 Strict.
    pub strict: bool,
    /// `x:row` rather than `row`.
    pub prefixed: bool,
    /// Rows and cells don't say where they are.
    pub without_places: bool,
    /// Every number is a formula's value, some of it shared or an array.
    pub formulas: bool,
    /// The first sheet's rows are an Excel table.
    pub table: bool,
    /// Merged cells, widths, an autofilter, protection.
    pub dressed: bool,
    /// Dates count from 1904.
    pub epoch_1904: bool,
}

/// One of each way, by its name.
pub fn dialects() -> [(&'static str, Dialect); 9] {
    let dialect = |change: fn(&mut Dialect)| {
        let mut dialect = Dialect::default();
        change(&mut dialect);
        dialect
    };
    [
        ("shared strings", dialect(|_| {})),
        ("inline strings", dialect(|way| way.inline = true)),
        ("strict", dialect(|way| way.strict = true)),
        ("prefixed", dialect(|way| way.prefixed = true)),
        (
            "strict, prefixed",
            dialect(|way| (way.strict, way.prefixed, way.inline) = (true, true, true)),
        ),
        ("without places", dialect(|way| way.without_places = true)),
        ("formulas", dialect(|way| way.formulas = true)),
        ("a table", dialect(|way| way.table = true)),
        (
            "merged, protected, 1904",
            dialect(|way| (way.dressed, way.epoch_1904) = (true, true)),
        ),
    ]
}

/// A sheet: its name, its rows of texts; a number between `<` and `>`, a date between `[` and `]`.
pub type Sheet<'s> = (&'s str, &'s [&'s [&'s str]]);

/// Named parts in the order of the package.
pub type Parts = Vec<(String, Vec<u8>)>;

/// A whole workbook.
pub fn pack(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let entries: Vec<Entry> = entries(parts);
    zip(&entries)
}

/// Its entries.
pub fn entries(parts: &[(String, Vec<u8>)]) -> Vec<Entry> {
    let parts = parts.iter();
    parts.map(|(name, data)| Entry::new(name, data)).collect()
}

/// The parts of a workbook.
pub fn workbook(sheets: &[Sheet<'_>], dialect: Dialect) -> Parts {
    Writer::new(dialect).parts(sheets)
}

struct Writer {
    dialect: Dialect,
    /// The prefix with its colon, or nothing.
    x: &'static str,
    main: &'static str,
    rel: &'static str,
    strings: Vec<String>,
}

impl Writer {
    fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            x: if dialect.prefixed { "x:" } else { "" },
            main: if dialect.strict { STRICT } else { MAIN },
            rel: if dialect.strict { STRICT_REL } else { REL },
            strings: Vec::new(),
        }
    }

    fn parts(mut self, sheets: &[Sheet<'_>]) -> Parts {
        let pages: Vec<String> = (1..)
            .zip(sheets)
            .map(|(number, (_, rows))| self.sheet(number, rows))
            .collect();
        let mut parts = vec![
            text(
                "[Content_Types].xml",
                content_types(sheets.len(), self.dialect.table),
            ),
            text(
                "_rels/.rels",
                self.links(&[("officeDocument", "xl/workbook.xml".to_owned())]),
            ),
            text("xl/workbook.xml", self.book(sheets)),
        ];
        let mut links: Vec<(&str, String)> = (1..=sheets.len())
            .map(|number| ("worksheet", format!("worksheets/sheet{number}.xml")))
            .collect();
        links.push(("styles", "styles.xml".to_owned()));
        if !self.dialect.inline {
            links.push(("sharedStrings", "sharedStrings.xml".to_owned()));
        }
        parts.push(text("xl/_rels/workbook.xml.rels", self.links(&links)));
        for (number, page) in (1..).zip(pages) {
            parts.push(text(&format!("xl/worksheets/sheet{number}.xml"), page));
        }
        parts.push(text("xl/styles.xml", self.styles()));
        if !self.dialect.inline {
            parts.push(text("xl/sharedStrings.xml", self.shared()));
        }
        if self.dialect.table {
            let links = self.links(&[("table", "../tables/table1.xml".to_owned())]);
            parts.push(text("xl/worksheets/_rels/sheet1.xml.rels", links));
            parts.push(text("xl/tables/table1.xml", self.table(sheets[0].1)));
        }
        parts
    }

    /// The element's declaration of its namespaces.
    fn spaces(&self) -> String {
        let (main, rel) = (self.main, self.rel);
        let prefix = self.x.trim_end_matches(':');
        let colon = if prefix.is_empty() { "" } else { ":" };
        format!("xmlns{colon}{prefix}=\"{main}\" xmlns:r=\"{rel}\"")
    }

    fn links(&self, links: &[(&str, String)]) -> String {
        let mut out = format!("<Relationships xmlns=\"{RELS}\">");
        for (number, (kind, target)) in (1..).zip(links) {
            let rel = self.rel;
            write!(
                out,
                "<Relationship Id=\"rId{number}\" Type=\"{rel}/{kind}\" Target=\"{target}\"/>"
            )
            .unwrap();
        }
        out + "</Relationships>"
    }

    fn book(&self, sheets: &[Sheet<'_>]) -> String {
        let (x, spaces) = (self.x, self.spaces());
        let mut out = format!("<{x}workbook {spaces}>");
        if self.dialect.epoch_1904 {
            write!(out, "<{x}workbookPr date1904=\"1\"/>").unwrap();
        }
        write!(out, "<{x}sheets>").unwrap();
        for (number, (name, _)) in (1..).zip(sheets) {
            write!(
                out,
                "<{x}sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>"
            )
            .unwrap();
        }
        write!(out, "</{x}sheets></{x}workbook>").unwrap();
        out
    }

    fn sheet(&mut self, number: usize, rows: &[&[&str]]) -> String {
        let (x, spaces) = (self.x, self.spaces());
        let last = place(rows.len() - 1, rows[0].len() - 1);
        let mut out = format!("<{x}worksheet {spaces}><{x}dimension ref=\"A1:{last}\"/>");
        if self.dialect.dressed {
            write!(
                out,
                "<{x}cols><{x}col min=\"1\" max=\"3\" width=\"20\" customWidth=\"1\"/></{x}cols>"
            )
            .unwrap();
        }
        write!(out, "<{x}sheetData>").unwrap();
        for (index, row) in rows.iter().enumerate() {
            self.row(&mut out, index, row);
        }
        write!(out, "</{x}sheetData>").unwrap();
        if self.dialect.dressed {
            write!(out, "<{x}sheetProtection sheet=\"1\"/><{x}autoFilter ref=\"A1:{last}\"/><{x}mergeCells count=\"1\"><{x}mergeCell ref=\"A40:B41\"/></{x}mergeCells>").unwrap();
        }
        if self.dialect.table && number == 1 {
            write!(
                out,
                "<{x}tableParts count=\"1\"><{x}tablePart r:id=\"rId1\"/></{x}tableParts>"
            )
            .unwrap();
        }
        write!(out, "</{x}worksheet>").unwrap();
        out
    }

    fn row(&mut self, out: &mut String, index: usize, row: &[&str]) {
        let x = self.x;
        if self.dialect.without_places {
            write!(out, "<{x}row>").unwrap();
        } else {
            write!(
                out,
                "<{x}row r=\"{}\" spans=\"1:{}\">",
                index + 1,
                row.len()
            )
            .unwrap();
        }
        for (column, content) in row.iter().enumerate() {
            let at = if self.dialect.without_places {
                String::new()
            } else {
                format!(" r=\"{}\"", place(index, column))
            };
            self.cell(out, &at, content, (index, column));
        }
        write!(out, "</{x}row>").unwrap();
    }

    fn cell(&mut self, out: &mut String, at: &str, content: &str, (row, column): (usize, usize)) {
        let x = self.x;
        let bare = |open: char, close: char| {
            content
                .strip_prefix(open)
                .and_then(|rest| rest.strip_suffix(close))
        };
        if content.is_empty() {
            // A cell that is only formatted; without places it holds its column.
            write!(out, "<{x}c{at} s=\"1\"/>").unwrap();
        } else if let Some(number) = bare('<', '>') {
            let formula = match (self.dialect.formulas, row % 3) {
                (false, _) => String::new(),
                (true, 0) => format!("<{x}f>1+1</{x}f>"),
                (true, 1) => {
                    let cell = place(row, column);
                    format!("<{x}f t=\"array\" ref=\"{cell}\">SUM(A1:A2)</{x}f>")
                }
                (true, _) => {
                    let cell = place(row, column);
                    format!("<{x}f t=\"shared\" ref=\"{cell}\" si=\"{row}\">A1*2</{x}f>")
                }
            };
            write!(out, "<{x}c{at}>{formula}<{x}v>{number}</{x}v></{x}c>").unwrap();
        } else if let Some(date) = bare('[', ']') {
            write!(out, "<{x}c{at} s=\"2\"><{x}v>{date}</{x}v></{x}c>").unwrap();
        } else if self.dialect.inline {
            write!(
                out,
                "<{x}c{at} t=\"inlineStr\"><{x}is><{x}t>{content}</{x}t></{x}is></{x}c>"
            )
            .unwrap();
        } else {
            let known = self.strings.iter().position(|text| text == content);
            let index = known.unwrap_or_else(|| {
                self.strings.push(content.to_owned());
                self.strings.len() - 1
            });
            write!(out, "<{x}c{at} t=\"s\"><{x}v>{index}</{x}v></{x}c>").unwrap();
        }
    }

    fn shared(&self) -> String {
        let (x, spaces, count) = (self.x, self.spaces(), self.strings.len());
        let mut out = format!("<{x}sst {spaces} count=\"{count}\" uniqueCount=\"{count}\">");
        for (number, text) in self.strings.iter().enumerate() {
            if number % 5 == 4 {
                let (first, second) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
                write!(out, "<{x}si><{x}r><{x}rPr><{x}b/></{x}rPr><{x}t xml:space=\"preserve\">{first}</{x}t></{x}r><{x}r><{x}t xml:space=\"preserve\">{second}</{x}t></{x}r></{x}si>").unwrap();
            } else {
                write!(out, "<{x}si><{x}t>{text}</{x}t></{x}si>").unwrap();
            }
        }
        write!(out, "</{x}sst>").unwrap();
        out
    }

    fn styles(&self) -> String {
        let (x, spaces) = (self.x, self.spaces());
        let xf = |attributes: &str| {
            format!("<{x}xf {attributes} fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>")
        };
        format!(
            "<{x}styleSheet {spaces}><{x}numFmts count=\"1\"><{x}numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy hh:mm\"/></{x}numFmts><{x}fonts count=\"1\"><{x}font><{x}sz val=\"11\"/><{x}name val=\"Calibri\"/></{x}font></{x}fonts><{x}fills count=\"2\"><{x}fill><{x}patternFill patternType=\"none\"/></{x}fill><{x}fill><{x}patternFill patternType=\"gray125\"/></{x}fill></{x}fills><{x}borders count=\"1\"><{x}border/></{x}borders><{x}cellStyleXfs count=\"1\"><{x}xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></{x}cellStyleXfs><{x}cellXfs count=\"3\">{}{}{}</{x}cellXfs></{x}styleSheet>",
            xf("numFmtId=\"0\""),
            xf("numFmtId=\"2\" applyNumberFormat=\"1\""),
            xf("numFmtId=\"164\" applyNumberFormat=\"1\""),
        )
    }

    fn table(&self, rows: &[&[&str]]) -> String {
        let (x, spaces) = (self.x, self.spaces());
        let area = format!("A1:{}", place(rows.len() - 1, rows[0].len() - 1));
        let mut out = format!(
            "<{x}table {spaces} id=\"1\" name=\"Tableau1\" displayName=\"Tableau1\" ref=\"{area}\"><{x}autoFilter ref=\"{area}\"/><{x}tableColumns count=\"{}\">",
            rows[0].len()
        );
        for (number, header) in (1..).zip(rows[0]) {
            write!(out, "<{x}tableColumn id=\"{number}\" name=\"{header}\"/>").unwrap();
        }
        write!(
            out,
            "</{x}tableColumns><{x}tableStyleInfo name=\"TableStyleMedium2\"/></{x}table>"
        )
        .unwrap();
        out
    }
}

fn content_types(sheets: usize, table: bool) -> String {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut out = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>".to_owned();
    let mut part = |name: &str, suffix: &str| {
        write!(
            out,
            "<Override PartName=\"/xl/{name}\" ContentType=\"{kind}.{suffix}+xml\"/>"
        )
        .unwrap();
    };
    part("workbook.xml", "sheet.main");
    for number in 1..=sheets {
        part(&format!("worksheets/sheet{number}.xml"), "worksheet");
    }
    part("styles.xml", "styles");
    part("sharedStrings.xml", "sharedStrings");
    if table {
        part("tables/table1.xml", "table");
    }
    out + "</Types>"
}

fn text(name: &str, data: String) -> (String, Vec<u8>) {
    (name.to_owned(), data.into_bytes())
}

/// A reference such as `B12`; columns up to Z do here.
fn place(row: usize, column: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(column).unwrap());
    format!("{letter}{}", row + 1)
}
