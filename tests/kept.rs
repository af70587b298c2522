//! What stays hers whatever stands in her workbook, and what she is told of it.

use std::fs;

use serde_json::Value;

use crate::folder::{Folder, text};
use crate::package::Package;

const WORKBOOK: &str = "ateliers.xlsx";
/// The part of the sheet Inscriptions in it.
const REGISTRATIONS: &str = "xl/worksheets/sheet2.xml";

/// The sample with one workbook changed, part by part.
fn changed(change: impl FnOnce(&mut Package)) -> Folder {
    let folder = Folder::sample();
    let mut package = Package::open(&folder.path().join(WORKBOOK));
    change(&mut package);
    folder.file(WORKBOOK, &package.zipped());
    folder
}

/// What became of the workbook.
fn of_workbook(printed: &Value) -> &Value {
    let workbooks = printed["written"].as_array().unwrap();
    let found = workbooks.iter().find(|done| done["workbook"] == WORKBOOK);
    found.unwrap_or_else(|| panic!("{printed}"))
}

fn remark(folder: &Folder) -> Option<String> {
    let printed = folder.night("2021-01-12");
    of_workbook(&printed)["remark"].as_str().map(str::to_owned)
}

#[test]
fn macros_and_their_signature_stay() {
    const MACROS: &[u8] = b"\xD0\xCF\x11\xE0 a project of macros";
    const SIGNATURE: &[u8] = b"\x00\x01 what proves that nobody changed it";
    const PLAIN: &str =
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    const WITH_MACROS: &str = "application/vnd.ms-excel.sheet.macroEnabled.main+xml";
    const TYPES: &str = "<Default Extension=\"bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/><Override PartName=\"/xl/vbaProjectSignature.bin\" ContentType=\"application/vnd.ms-office.vbaProjectSignature\"/>";
    const OF_MACROS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.microsoft.com/office/2006/relationships/vbaProjectSignature\" Target=\"vbaProjectSignature.bin\"/></Relationships>";
    let folder = Folder::sample();
    let mut package = Package::open(&folder.path().join(WORKBOOK));
    package.replace("[Content_Types].xml", PLAIN, WITH_MACROS);
    package.replace(
        "[Content_Types].xml",
        "<Default ",
        &format!("{TYPES}<Default "),
    );
    package.replace(
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        "<Relationship Id=\"rIdMacros\" Type=\"http://schemas.microsoft.com/office/2006/relationships/vbaProject\" Target=\"vbaProject.bin\"/></Relationships>",
    );
    package.add("xl/vbaProject.bin", MACROS);
    package.add("xl/vbaProjectSignature.bin", SIGNATURE);
    package.add("xl/_rels/vbaProject.bin.rels", OF_MACROS.as_bytes());
    fs::remove_file(folder.path().join(WORKBOOK)).unwrap();
    folder.file("Ateliers.XLSM", &package.zipped());

    let printed = folder.night("2021-01-12");
    let seats = printed["seats"].as_array().unwrap();
    assert!(seats.iter().all(|seat| seat["workbook"] == "Ateliers.XLSM"));
    let copy = Package::open(&folder.path().join("controles/Ateliers.XLSM"));
    assert_eq!(copy.names, package.names);
    for part in [
        "xl/vbaProject.bin",
        "xl/vbaProjectSignature.bin",
        "xl/_rels/vbaProject.bin.rels",
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/workbook.xml",
    ] {
        assert_eq!(copy.parts[part], package.parts[part], "{part}");
    }
    assert!(text(&copy.parts[REGISTRATIONS]).contains("Place (auto)"));
}

#[test]
fn formulas_that_read_our_columns_are_told() {
    assert_eq!(remark(&Folder::sample()), None);
    let cell = "<c r=\"A900\"><f>COUNTIF(F2:ZZ899,\"Bloquant\")</f><v>0</v></c>";
    let row = format!("<row r=\"900\">{cell}</row>");
    let folder = changed(|package| {
        package.replace(REGISTRATIONS, "</sheetData>", &format!("{row}</sheetData>"));
    });
    let remark = remark(&folder).unwrap();
    assert!(remark.contains("«\u{a0}Inscriptions\u{a0}»"), "{remark}");
    assert!(remark.contains("Ctrl+Alt+F9"), "{remark}");
    let copy = Package::open(&folder.path().join("controles").join(WORKBOOK));
    assert!(text(&copy.parts[REGISTRATIONS]).contains(cell));
}

#[test]
fn a_protected_sheet_stays_protected() {
    let lock = "</sheetData><sheetProtection sheet=\"1\" objects=\"1\" scenarios=\"1\"/>";
    let folder = changed(|package| package.replace(REGISTRATIONS, "</sheetData>", lock));
    let remark = remark(&folder).unwrap();
    assert!(remark.contains("est protégée"), "{remark}");
    let copy = Package::open(&folder.path().join("controles").join(WORKBOOK));
    assert!(text(&copy.parts[REGISTRATIONS]).contains(lock));
}

#[test]
fn a_signed_workbook_is_left_alone_and_the_others_go_on() {
    let folder = changed(|package| package.add("_xmlsignatures/origin.sigs", b""));
    let before = folder.files();
    let (code, printed) = folder.json("run", &["--today", "2021-01-12"]);
    assert_eq!(code, Some(3));
    let done = of_workbook(&printed);
    assert_eq!(done["state"], "failed");
    assert!(done["remark"].as_str().unwrap().contains("signature"));
    assert_eq!(folder.files(), before);
    assert!(!folder.path().join("controles").join(WORKBOOK).exists());
    assert!(folder.path().join("controles/adherents.xlsx").exists());
}

#[test]
fn what_she_typed_into_a_column_of_ours_is_not_lost() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    // She goes on with the copy, and types a note where we write.
    let copy = fs::read(folder.path().join("controles").join(WORKBOOK)).unwrap();
    folder.file(WORKBOOK, &copy);
    let (code, _) = folder.json("run", &["--today", "2021-01-13"]);
    assert_eq!(code, Some(0));
    folder.edit(WORKBOOK, |book| {
        let sheet = book.sheet_mut("Inscriptions");
        let (header, _) = sheet.header("Alertes (auto)");
        sheet.set(header + 1, "Alertes (auto)", "vu avec Alma");
    });
    let (code, printed) = folder.json("run", &["--today", "2021-01-14"]);
    assert_eq!(code, Some(3));
    let done = of_workbook(&printed);
    assert_eq!(done["state"], "failed");
    let remark = done["remark"].as_str().unwrap();
    assert!(
        remark.contains("vu avec Alma") && remark.contains("Alertes (auto)"),
        "{remark}"
    );
    let others = printed["written"].as_array().unwrap().iter();
    assert_eq!(others.filter(|done| done["state"] == "failed").count(), 1);
    // She clears it: the next night goes well.
    folder.edit(WORKBOOK, |book| {
        let sheet = book.sheet_mut("Inscriptions");
        let (header, _) = sheet.header("Alertes (auto)");
        sheet.set(header + 1, "Alertes (auto)", "");
    });
    folder.night("2021-01-15");
}
