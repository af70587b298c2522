//! For every flaw the package that has it, and none in those that Excel would open in peace.

use rust_xlsxwriter::{
    Chart, ChartType, ConditionalFormatCell, ConditionalFormatCellRule, Format, Formula, Note,
    Table, TableColumn, Workbook,
};

use super::flaws;
use crate::package::tests::scene::*;

const SHEET: &str = "xl/worksheets/sheet1.xml";
const WORKBOOK: &str = "xl/workbook.xml";
const STYLES: &str = "xl/styles.xml";
const TABLE: &str = "xl/tables/table1.xml";
const TYPES: &str = "[Content_Types].xml";
const LINKS: &str = "xl/_rels/workbook.xml.rels";

/// A workbook with something of everything that is looked at.
fn good() -> Parts {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet().set_name("Ateliers").unwrap();
    for (column, name) in (0..).zip(["Titre", "Places"]) {
        sheet.write(0, column, name).unwrap();
    }
    for row in 1..=4u32 {
        sheet.write(row, 0, format!("Atelier {row}")).unwrap();
        sheet.write(row, 1, 12.5).unwrap();
    }
    let names = ["Titre", "Places"].map(|name| TableColumn::new().set_header(name));
    let table = Table::new().set_columns(&names).set_name("Liste");
    sheet.add_table(0, 0, 4, 1, &table).unwrap();
    sheet.merge_range(8, 0, 8, 2, "Note", &bold).unwrap();
    sheet.merge_range(9, 0, 9, 2, "Note", &bold).unwrap();
    sheet.write_formula(11, 0, "=SUM(B2:B5)").unwrap();
    let array = Formula::new("=B2:B4*2");
    sheet.write_array_formula(12, 0, 14, 0, array).unwrap();
    sheet.set_column_width(0, 30).unwrap();
    sheet.set_column_width(1, 12).unwrap();
    let rule = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::GreaterThan(10))
        .set_format(&bold);
    sheet.add_conditional_format(1, 1, 4, 1, &rule).unwrap();
    sheet.insert_note(3, 1, &Note::new("À confirmer")).unwrap();
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values(("Ateliers", 1, 1, 4, 1));
    sheet.insert_chart(20, 0, &chart).unwrap();
    book.add_worksheet().set_name("Autre").unwrap();
    book.define_name("Titres", "=Ateliers!$A$2:$A$5").unwrap();
    let mut parts = unzip(&book.save_to_buffer().unwrap());
    chained(&mut parts);
    parts
}

/// Adds the calculation chain that Excel would.
fn chained(parts: &mut Parts) {
    let link = format!(
        "<Relationship Id=\"rIdC\" Type=\"{REL}/calcChain\" Target=\"calcChain.xml\"/></Relationships>"
    );
    replace(parts, LINKS, "</Relationships>", &link);
    let kind = "<Override PartName=\"/xl/calcChain.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml\"/></Types>";
    replace(parts, TYPES, "</Types>", kind);
    let chain = format!(
        "<calcChain xmlns=\"{MAIN}\"><c r=\"A12\" i=\"1\"/><c r=\"A13\" a=\"1\"/><c r=\"A14\" a=\"1\"/></calcChain>"
    );
    parts.push(("xl/calcChain.xml".to_owned(), chain.into_bytes()));
}

fn found(parts: &Parts) -> Vec<String> {
    let flaws = flaws(&zip(parts)).unwrap();
    flaws.iter().map(ToString::to_string).collect()
}

#[test]
fn a_workbook_of_a_real_writer_has_none() {
    assert_eq!(found(&good()), Vec::<String>::new());
    assert_eq!(found(&book(&sheet(""))), Vec::<String>::new());
}

/// Part, what is changed in it, into what, and what is said of that.
const FLAWS: &str = r#"
# The package.
types ¦ <Default Extension="vml" ¦ <Default Extension="vlm" ¦ it has no content type
types ¦ <Default Extension="vml" ¦ <Default Extension="XML" ContentType="a"/><Default Extension="vml" ¦ given twice
types ¦ spreadsheetml.table+xml ¦ spreadsheetml.styles+xml ¦ not what it is linked as
links ¦ Id="rIdC" ¦ Id="rId1" ¦ rId1: the id of two relationships
links ¦ calcChain.xml" ¦ calcchains.xml" ¦ the target of this relationship is not there
sheet ¦ <drawing r:id="rId1" ¦ <drawing r:id="rId77" ¦ id rId77: no relationship has this id
docProps/core.xml ¦ <dc:creator> ¦ <dc:creator>a & b ¦ an ampersand that begins no entity
xl/charts/chart1.xml ¦ <c:chart> ¦ <c:chart ¦ a tag inside a tag
# The workbook.
workbook ¦ <calcPr ¦ <bookViews/><calcPr ¦ bookViews: an element that stands too late
workbook ¦ <calcPr ¦ <calcPr/><calcPr ¦ calcPr: an element that is there twice
workbook ¦ <calcPr ¦ <pageMargins/><calcPr ¦ pageMargins: an element that has no place here
workbook ¦ name="Autre" ¦ name="A:tre" ¦ A:tre: a name that no sheet may have
workbook ¦ name="Autre" ¦ name="Un nom de plus de trente et un signes" ¦ a name that no sheet may have
workbook ¦ sheetId="2" ¦ sheetId="1" ¦ 1: the sheetId of two sheets
workbook ¦ sheetId="2" ¦ sheetId="65535" ¦ a sheetId that is missing or out of range
workbook ¦ <definedName name="Titres" ¦ <definedName name="titres">1</definedName><definedName name="Titres" ¦ Titres: a name that is defined twice
workbook ¦ <definedName name="Titres" ¦ <definedName name="Titres" localSheetId="2" ¦ a defined name of a sheet that is not there
workbook ¦ <definedName name="Titres" ¦ <definedName name="Liste" ¦ Liste: a name that is empty or taken
workbook ¦ <workbookView  ¦ <workbookView activeTab="2"  ¦ activeTab: a sheet that is not there
docProps/app.xml ¦ <vt:i4>2</vt:i4> ¦ <vt:i4>3</vt:i4> ¦ HeadingPairs and TitlesOfParts disagree
# Styles.
styles ¦ <borders ¦ <extLst/><borders ¦ borders: an element that stands too late
styles ¦ fontId="1" ¦ fontId="9" ¦ a font that is not there
styles ¦ fillId="0" ¦ fillId="9" ¦ a fill that is not there
styles ¦ borderId="0" ¦ borderId="9" ¦ a border that is not there
styles ¦ xfId="0" ¦ xfId="9" ¦ a base format that is not there
styles ¦ <fonts ¦ <numFmts><numFmt numFmtId="170" formatCode="0"/><numFmt numFmtId="170" formatCode="00"/></numFmts><fonts ¦ 170: two number formats of one id
styles ¦ builtinId="0"/> ¦ builtinId="0"/><cellStyle name="X" xfId="4"/> ¦ X: a style without its format
# Rows and cells.
sheet ¦ <row r="3" ¦ <row r="2" ¦ 2 is out of order or there twice
sheet ¦ <c r="B3" ¦ <c r="A3" ¦ A3 is out of order or there twice
sheet ¦ <c r="B3" ¦ <c r="B3" s="44" ¦ B3: a format that is not there
sheet ¦ <row r="3" ¦ <row r="3" s="44" ¦ row 3: a format that is not there
sheet ¦ <c r="B3"><v>12.5< ¦ <c r="B3" t="s"><v>99< ¦ B3: a shared string that is not there
sheet ¦ <c r="B3"><v>12.5< ¦ <c r="B3"><v>douze< ¦ B3: a number that is none
sheet ¦ <c r="B3"><v>12.5< ¦ <c r="B3" t="text"><v>12.5< ¦ B3: an unknown type of cell
sheet ¦ <c r="B3"><v>12.5< ¦ <c r="B3"><f t="shared" si="4"/><v>12.5< ¦ B3: a shared formula that no cell has
sheet ¦ <c r="B3"><v>12.5< ¦ <c r="B3"><f t="shared" si="4" ref="C4:C5">1</f><v>12.5< ¦ B3: a shared formula outside its range
sheet ¦ ref="A13:A15" ¦ ref="A14:A15" ¦ A13: an array formula outside its range
sheet ¦ <f>SUM(B2:B5)</f> ¦ <f t="array" ref="A12:A13">1</f> ¦ A13: an array formula across another
xl/calcChain.xml ¦ A12 ¦ A11 ¦ sheet 1, A11: an entry for a cell without a formula
# Around the rows.
sheet ¦ <mergeCells ¦ <hyperlinks/><mergeCells ¦ mergeCells: an element that stands too late
sheet ¦ ref="A10:C10" ¦ ref="B9:C10" ¦ B9:C10 and A9:C9: merged ranges that overlap
sheet ¦ ref="A10:C10" ¦ ref="A5:A6" ¦ A5:A6: a merged range within a table
sheet ¦ <col min="2" max="2" ¦ <col min="1" max="2" ¦ columns 1 to 2: widths that overlap or are out of order
sheet ¦ <col min="2" max="2" ¦ <col min="2" max="2" style="70" ¦ a format that is not there
sheet ¦ dxfId="0" ¦ dxfId="1" ¦ a conditional format that is not there
sheet ¦ <tableParts count="1"><tablePart r:id="rId3"/></tableParts> ¦  ¦ a table that is not among the tableParts
# Tables.
table ¦ name="Places" ¦ name="Place" ¦ B1: a header that is not its table column's name
table ¦ name="Places" ¦ name="TITRE" ¦ TITRE: the name of two columns
table ¦ <tableColumn id="2" ¦ <tableColumn id="1" ¦ a column's id that is missing or there twice
table ¦ ref="A1:B5"  ¦ ref="A1:C5"  ¦ as many columns as its range has are not listed
table ¦ <autoFilter ref="A1:B5" ¦ <autoFilter ref="A1:C5" ¦ a filter that leaves the table
table ¦ ref="A1:B5"  ¦ ref="A1:B1" totalsRowCount="1"  ¦ a range too small for its header and totals
table ¦ displayName="Liste" ¦ displayName="" ¦ a name that is empty or taken
"#;

#[test]
fn every_flaw_is_told_with_its_part_and_place() {
    let lines = FLAWS.lines().filter(|line| line.contains('¦'));
    for line in lines {
        let mut columns = line.split(" ¦ ");
        let [part, from, to, said] = [(); 4].map(|()| columns.next().unwrap());
        let part = match part {
            "types" => TYPES,
            "links" => LINKS,
            "workbook" => WORKBOOK,
            "styles" => STYLES,
            "sheet" => SHEET,
            "table" => TABLE,
            other => other,
        };
        let mut parts = good();
        replace_once(&mut parts, part, from, to);
        let found = found(&parts);
        assert!(
            found.iter().any(|flaw| flaw.contains(said)),
            "{line}: {found:?}"
        );
    }
}

fn replace_once(parts: &mut Parts, name: &str, from: &str, to: &str) {
    let found = parts.iter_mut().find(|(known, _)| known == name).unwrap();
    let text = String::from_utf8(found.1.clone()).unwrap();
    assert!(text.contains(from), "{name} has no {from}: {text}");
    let new = text.replacen(from, to, 1);
    found.1 = new.into_bytes();
}

#[test]
fn flaws_that_need_more_than_one_change() {
    // A header that is a number.
    let mut parts = good();
    replace_once(
        &mut parts,
        SHEET,
        "<c r=\"B1\" t=\"s\"><v>1</v>",
        "<c r=\"B1\"><v>2020</v>",
    );
    replace_once(&mut parts, TABLE, "name=\"Places\"", "name=\"2020\"");
    assert!(found(&parts)[0].ends_with("B1: a table's header that is no text"));
    // No sheet shows.
    let mut parts = good();
    replace(
        &mut parts,
        WORKBOOK,
        "sheetId=",
        "state=\"hidden\" sheetId=",
    );
    assert!(found(&parts)[0].ends_with("no sheet is visible"));
    // A formula that no cell can hold, and a text.
    let mut parts = good();
    let long = format!("<f>{}SUM(B2:B5)</f>", "0+".repeat(4_100));
    replace_once(&mut parts, SHEET, "<f>SUM(B2:B5)</f>", &long);
    assert!(found(&parts)[0].ends_with("A12: a formula that is too long"));
    let text = format!(
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{}</t></is></c></row>",
        "é".repeat(32_768)
    );
    assert!(found(&book(&sheet(&text)))[0].ends_with("A1: a text that is too long"));
}

#[test]
fn of_one_kind_the_first_ten_are_told() {
    let rows: Vec<String> = (1..50)
        .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" s=\"9\"/></row>"))
        .collect();
    let found = found(&book(&sheet(&rows.concat())));
    assert_eq!(found.len(), 10);
    assert_eq!(
        found[9],
        "xl/worksheets/sheet1.xml: A10: a format that is not there"
    );
}

#[test]
fn what_can_t_be_opened_is_refused() {
    assert!(flaws(b"PK").is_err());
    let mut parts = good();
    parts.retain(|(name, _)| name != WORKBOOK);
    assert!(flaws(&zip(&parts)).is_err());
}
