//! Documents made here, cell by cell.

use std::ops::ControlFlow;

use super::OdsBook;
use crate::package::tests::scene::zip;
use crate::package::{Refusal, Value, Visibility};

const ROOT: &str = "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\">";

fn document(content: &str) -> Vec<u8> {
    zip(&[("content.xml".to_owned(), content.as_bytes().to_vec())])
}

fn tables(tables: &str) -> Vec<u8> {
    document(&format!(
        "{ROOT}<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    ))
}

fn table(rows: &str) -> Vec<u8> {
    tables(&format!(
        "<table:table table:name=\"A\">{rows}</table:table>"
    ))
}

fn shown(book: &OdsBook) -> Vec<String> {
    let mut found = Vec::new();
    book.visit("A", &mut |row, cells| {
        for (column, value) in cells {
            found.push(match value {
                Value::Text(text) => format!("{row},{column} {text}"),
                value => format!("{row},{column} {value:?}"),
            });
        }
        ControlFlow::Continue(())
    });
    found
}

fn read(rows: &str) -> Vec<String> {
    shown(&OdsBook::open(&table(rows)).unwrap())
}

fn refused(rows: &str) -> Refusal {
    OdsBook::open(&table(rows)).unwrap_err()
}

#[test]
fn values_of_every_type() {
    let rows = "<table:table-row>\
        <table:table-cell office:value-type=\"string\"><text:p>Un <text:span>&amp;</text:span>\n  deux<text:s text:c=\"2\"/>_x000D_<text:line-break/>trois</text:p><text:p>quatre</text:p><office:annotation><text:p>note</text:p></office:annotation></table:table-cell>\
        <table:table-cell office:value-type=\"float\" office:value=\"3.5\"><text:p>3,50</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2021-01-12\"><text:p>12/01</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"time\" office:time-value=\"PT14H30M00S\"/>\
        <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"/>\
        <table:table-cell office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"><text:p>#N/D</text:p></table:table-cell>\
        <table:table-cell table:formula=\"of:=1+1\"/>\
        <table:table-cell office:value-type=\"string\" office:string-value=\"dit\"><draw:frame><text:p>forme</text:p></draw:frame></table:table-cell>\
        </table:table-row>";
    assert_eq!(
        read(rows),
        [
            "0,0 Un & deux  _x000D_\ntrois\nquatre",
            "0,1 Number(3.5)",
            "0,2 Iso(\"2021-01-12\")",
            "0,3 Iso(\"PT14H30M00S\")",
            "0,4 Bool(true)",
            "0,5 Error(\"#N/D\")",
            "0,6 Uncalculated",
            "0,7 dit",
        ]
    );
}

#[test]
fn a_box_that_excel_ticked_is_no_number() {
    let cell = |formula: &str, value: &str| {
        format!(
            "<table:table-cell table:formula=\"{formula}\" office:value-type=\"float\" \
             office:value=\"{value}\"><text:p>{value}</text:p></table:table-cell>"
        )
    };
    let cells = [
        cell("of:=FALSE()", "0"),
        cell("of:=TRUE()", "1"),
        cell("of:=TRUE()+1", "2"),
    ];
    let rows = format!("<table:table-row>{}</table:table-row>", cells.concat());
    assert_eq!(
        read(&rows),
        ["0,0 Bool(false)", "0,1 Bool(true)", "0,2 Number(2.0)"]
    );
}

#[test]
fn a_formula_with_a_paragraph_was_calculated() {
    let rows = "<table:table-row>\
        <table:table-cell table:formula=\"of:=&quot;&quot;\"><text:p/></table:table-cell>\
        <table:table-cell table:formula=\"of:=&quot;&quot;\"><text:p></text:p></table:table-cell>\
        <table:table-cell table:formula=\"of:=A1\"><text:p>douze</text:p></table:table-cell>\
        <table:table-cell table:formula=\"of:=A1\"></table:table-cell>\
        <table:table-cell table:formula=\"of:=A1\"><office:annotation><text:p>note</text:p></office:annotation></table:table-cell>\
        </table:table-row>";
    assert_eq!(
        read(rows),
        ["0,2 douze", "0,3 Uncalculated", "0,4 Uncalculated"]
    );
}

#[test]
fn repeated_rows_and_columns_keep_their_places() {
    let cell = |attributes: &str, text: &str| {
        format!(
            "<table:table-cell {attributes} office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let rows = format!(
        "<table:table-header-rows><table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row></table:table-header-rows>\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"3\"/>{}<table:covered-table-cell/>{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048572\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
        cell("table:number-columns-repeated=\"2\"", "a"),
        cell("", "b"),
    );
    assert_eq!(
        read(&rows),
        ["2,3 a", "2,4 a", "2,6 b", "3,3 a", "3,4 a", "3,6 b"]
    );
}

#[test]
fn hidden_sheets_by_their_style() {
    let content = format!(
        "{ROOT}<office:automatic-styles><style:style style:name=\"h\"><style:table-properties table:display=\"false\"/></style:style></office:automatic-styles><office:body><table:table table:name=\"A\" table:style-name=\"h\"/><table:table table:name=\"B\"/></office:body></office:document-content>"
    );
    let book = OdsBook::open(&document(&content)).unwrap();
    let sheets: Vec<_> = book.sheets().collect();
    assert_eq!(
        sheets,
        [("A", Visibility::Hidden), ("B", Visibility::Visible)]
    );
}

#[test]
fn what_repeats_beyond_measure_is_refused() {
    let row = |rows: &str, columns: &str| {
        format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell table:number-columns-repeated=\"{columns}\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>"
        )
    };
    let much = refused(&row("1048576", "20"));
    assert!(matches!(much, Refusal::TooLarge { .. }), "{much}");
    let off = [("1048577", "1"), ("1", "16385"), ("1", "4294967295")];
    for (rows, columns) in off {
        let cause = refused(&row(rows, columns));
        assert!(cause.to_string().contains("off the sheet"), "{cause}");
    }
    for (rows, columns) in [("0", "1"), ("-1", "1"), ("1", "99999999999"), ("x", "1")] {
        let cause = refused(&row(rows, columns));
        assert!(cause.to_string().contains("repetition"), "{cause}");
    }
    let spaces = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p><text:s text:c=\"4000000000\"/></text:p></table:table-cell></table:table-row>";
    assert!(matches!(refused(spaces), Refusal::TooLarge { .. }));
}

#[test]
fn damage_is_seen() {
    for rows in [
        "<table:table-row>",
        "<table:table-row></table:table-cell>",
        "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"x\"/></table:table-row>",
        "<table:table-row><table:table-cell office:value-type=\"float\"/></table:table-row>",
        "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"inf\"/></table:table-row>",
        "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>&nope;</text:p></table:table-cell></table:table-row>",
        "<table:table-row><table:table-cell><office:annotation>",
    ] {
        let cause = refused(rows);
        assert!(
            matches!(cause, Refusal::DamagedPart { .. }),
            "{rows}: {cause}"
        );
    }
    let twice = tables("<table:table table:name=\"A\"/><table:table table:name=\"A\"/>");
    assert!(OdsBook::open(&twice).is_err());
    assert!(OdsBook::open(&tables("")).is_err());
    assert!(OdsBook::open(&document("<!DOCTYPE a><a/>")).is_err());
    assert!(OdsBook::open(&document("<a/>")).is_err());
    assert!(OdsBook::open(&zip(&[])).is_err());
}
