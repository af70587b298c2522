//! Every cause for leaving a workbook alone, by the workbook that has it.

use super::super::{OwnedCell, OwnedValue, Refusal, SheetEdit, inspect, patch};
use super::scene::*;

const PART: &str = "xl/worksheets/sheet1.xml";
const HEADER: &str =
    "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>";

fn refused(source: &[u8], edit: SheetEdit) -> Refusal {
    let cause = patch(source, &[edit]).unwrap_err();
    assert!(cause.french().ends_with('.') && !cause.to_string().is_empty());
    cause
}

/// Rows below a header row with `Nom` and `Contrôle (auto)`.
fn sheet_refused(rows: &str, tail: &str) -> Refusal {
    let text = sheet(&format!("{HEADER}{rows}"));
    let text = text.replace("</sheetData>", &format!("</sheetData>{tail}"));
    refused(&zip(&book(&text)), control(&["a", "b", "c"]))
}

fn package_refused(change: impl FnOnce(&mut Parts)) -> Refusal {
    let mut parts = book(&sheet(HEADER));
    change(&mut parts);
    refused(&zip(&parts), control(&["a"]))
}

#[test]
fn files_that_are_no_package() {
    assert_eq!(refused(b"", control(&[])), Refusal::NotAZip);
    assert_eq!(refused(b"<html>", control(&[])), Refusal::NotAZip);
    let mut compound = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    assert_eq!(refused(&compound, control(&[])), Refusal::LegacyXls);
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    compound.extend_from_slice(&name);
    assert_eq!(refused(&compound, control(&[])), Refusal::Encrypted);
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let source = zip(&book(&sheet(HEADER)));
    for length in 0..source.len() {
        let cut = source.get(..length).unwrap();
        assert!(
            inspect(cut).is_err() && patch(cut, &[control(&["a"])]).is_err(),
            "{length}"
        );
    }
    let longer = [source.as_slice(), b"\0"].concat();
    assert_eq!(refused(&longer, control(&[])), Refusal::Truncated);
}

#[test]
fn a_byte_wrong_never_passes_for_other_cells() {
    let source = zip(&book(&sheet(HEADER)));
    let edit = control(&["a"]);
    let good = unzip(&patch(&source, std::slice::from_ref(&edit)).unwrap().bytes);
    for at in 0..source.len() {
        let mut damaged = source.clone();
        damaged[at] ^= 0x10;
        // Most are refused; what passes is a date or a flag, and every part is as it was.
        if inspect(&damaged).is_err() {
            continue;
        }
        if let Ok(out) = patch(&damaged, std::slice::from_ref(&edit)) {
            let read = unzip(&out.bytes);
            assert_eq!(read.len(), good.len());
            for ((_, was), (_, is)) in good.iter().zip(&read) {
                assert!(was == is, "{at}");
            }
        }
    }
}

#[test]
fn packages_that_readers_disagree_on() {
    let twin = package_refused(|parts| parts.push(("XL/Workbook.xml".to_owned(), Vec::new())));
    assert!(matches!(twin, Refusal::DuplicatePart { .. }));
    let folder = package_refused(|parts| parts.push(("xl/workbook.xml/a".to_owned(), Vec::new())));
    assert!(matches!(folder, Refusal::DuplicatePart { .. }));
    let signed =
        package_refused(|parts| parts.push(("_xmlsignatures/origin.sigs".to_owned(), Vec::new())));
    assert_eq!(signed, Refusal::Signed);
}

#[test]
fn what_is_no_workbook() {
    let document = package_refused(|parts| replace(parts, "xl/workbook.xml", MAIN, "urn:word"));
    assert!(matches!(document, Refusal::NotAWorkbook { .. }));
    let lost = package_refused(|parts| parts.retain(|(name, _)| name != "_rels/.rels"));
    assert!(matches!(lost, Refusal::NotAWorkbook { .. }));
    let binary =
        package_refused(|parts| replace(parts, "_rels/.rels", "workbook.xml", "workbook.bin"));
    assert_eq!(binary, Refusal::BinaryWorkbook);
    let missing = package_refused(|parts| parts.retain(|(name, _)| name != PART));
    assert!(matches!(missing, Refusal::DamagedPart { .. }));
    let chart = package_refused(|parts| {
        replace(
            parts,
            "xl/_rels/workbook.xml.rels",
            "/worksheet\"",
            "/chartsheet\"",
        );
    });
    assert!(matches!(chart, Refusal::NotCells { .. }));
    let other = SheetEdit {
        sheet: "Autre".to_owned(),
        ..control(&[])
    };
    let source = zip(&book(&sheet(HEADER)));
    assert!(matches!(
        refused(&source, other),
        Refusal::SheetMissing { .. }
    ));
}

#[test]
fn doctype_and_foreign_encodings_in_any_part() {
    for name in [
        "xl/workbook.xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        PART,
    ] {
        let cause = package_refused(|parts| {
            let found = parts.iter_mut().find(|(known, _)| known == name).unwrap();
            found.1.splice(0..0, *b"<!DOCTYPE a [<!ENTITY b 'c'>]>");
        });
        assert!(matches!(cause, Refusal::Doctype { .. }), "{name}");
        let cause = package_refused(|parts| {
            let found = parts.iter_mut().find(|(known, _)| known == name).unwrap();
            let text = String::from_utf8(found.1.clone()).unwrap();
            found.1 = [0xFF, 0xFE]
                .into_iter()
                .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
                .collect();
        });
        assert!(matches!(cause, Refusal::Encoding { .. }), "{name}");
    }
}

#[test]
fn rows_and_cells_out_of_order() {
    for rows in [
        "<row r=\"1\"/>",
        "<row r=\"3\"/><row r=\"2\"/>",
        "<row r=\"2\"><c r=\"B2\"/><c r=\"A2\"/></row>",
        "<row r=\"2\"><c r=\"A2\"/><c r=\"A2\"/></row>",
        "<row r=\"2\"><c r=\"A3\"/></row>",
    ] {
        assert!(
            matches!(sheet_refused(rows, ""), Refusal::Disorder { .. }),
            "{rows}"
        );
    }
}

#[test]
fn shapes_that_we_don_t_dare_to_edit() {
    for rows in [
        "<mc:AlternateContent xmlns:mc=\"urn:m\"/>",
        "<row r=\"2\"><x/></row>",
        "<x:row xmlns:x=\"urn:x\"/>",
    ] {
        assert!(
            matches!(sheet_refused(rows, ""), Refusal::Unusual { .. }),
            "{rows}"
        );
    }
    for rows in [
        "<row r=\"9999999\"/>",
        "<row r=\"x\"/>",
        "<row r=\"2\"><c r=\"XFE2\"/></row>",
        "<row r=\"2\"",
        "<row xmlns=\"urn:x\"/>",
    ] {
        let cause = sheet_refused(rows, "");
        assert!(
            matches!(
                cause,
                Refusal::DamagedPart { .. } | Refusal::Disorder { .. }
            ),
            "{rows}"
        );
    }
}

#[test]
fn formulas_in_our_column() {
    let cell = |inner: &str| format!("<row r=\"2\"><c r=\"B2\">{inner}</c></row>");
    let own = sheet_refused(&cell("<f>A1</f><v>1</v>"), "");
    assert!(matches!(own, Refusal::Formula { ref cell, .. } if cell == "B2"));
    let master = sheet_refused(&cell("<f t=\"shared\" ref=\"B2:B9\" si=\"0\">A1</f>"), "");
    assert!(matches!(master, Refusal::SharedFormula { .. }));
    let array = sheet_refused(
        "<row r=\"2\"><c r=\"A2\"><f t=\"array\" ref=\"A2:B4\">1</f></c></row>",
        "",
    );
    assert!(matches!(array, Refusal::ArrayFormula { ref cell, .. } if cell == "B2"));
    let rich = sheet_refused(
        "<row r=\"2\"><c r=\"B2\" vm=\"1\" t=\"e\"><v>#VALUE!</v></c></row>",
        "",
    );
    assert!(matches!(rich, Refusal::RichValue { .. }));
    // Below what is listed too: our column is ours to its end.
    let below = sheet_refused("<row r=\"99\"><c r=\"B99\"><f>1</f></c></row>", "");
    assert!(matches!(below, Refusal::Formula { .. }));
}

#[test]
fn merged_ranges_that_would_hide_us() {
    let tail = "<mergeCells><mergeCell ref=\"B2:B3\"/></mergeCells>";
    let cause = sheet_refused("", tail);
    assert!(matches!(cause, Refusal::Merged { ref cell, .. } if cell == "B3"));
}

#[test]
fn headers_that_are_not_as_seen() {
    let source = zip(&book(&sheet(HEADER)));
    let mut edit = control(&["a"]);
    edit.columns[0].column = Some(0);
    let cause = refused(&source, edit);
    assert!(matches!(cause, Refusal::HeaderDiffers { ref found, .. } if found == "Nom"));
    let twice = HEADER.replace("</row>", "<c r=\"C1\" t=\"s\"><v>1</v></c></row>");
    let cause = refused(&zip(&book(&sheet(&twice))), control(&["a"]));
    assert!(matches!(cause, Refusal::HeaderTwice { .. }));
    let last = "<row r=\"1\"><c r=\"XFD1\"><v>0</v></c></row>";
    let cause = refused(&zip(&book(&sheet(last))), control(&["a"]));
    assert!(matches!(cause, Refusal::NoRoom { .. }));
}

#[test]
fn edits_that_can_t_be() {
    let source = zip(&book(&sheet(HEADER)));
    let number = OwnedCell {
        value: OwnedValue::Number(f64::NAN),
        ..OwnedCell::default()
    };
    for columns in [
        vec![column("A", vec![(1, number)])],
        vec![column("A", vec![(2, says("a")), (2, says("b"))])],
        vec![column("A", vec![(0, says("a"))])],
        vec![column("A", vec![(1_048_576, says("a"))])],
        vec![column(" ", Vec::new())],
        vec![column("A", Vec::new()), column("a", Vec::new())],
    ] {
        assert!(matches!(
            refused(&source, edit(columns)),
            Refusal::WrongEdit { .. }
        ));
    }
}

#[test]
fn bombs_and_false_counts() {
    let bomb =
        package_refused(|parts| parts.push(("xl/media/a.bin".to_owned(), vec![0; 20 << 20])));
    assert!(matches!(bomb, Refusal::Bomb { .. }));
    let mut parts = book(&sheet(HEADER));
    replace(
        &mut parts,
        "xl/sharedStrings.xml",
        "uniqueCount=\"3\"",
        "uniqueCount=\"4000000000\"",
    );
    assert!(matches!(
        inspect(&zip(&parts)),
        Err(Refusal::FalseCount { .. })
    ));
}

#[test]
fn the_zip_reader_stops_at_the_declared_size() {
    // Our bounds are on declared sizes: this holds them for every reader of the same crate.
    let parts = book(&format!("{}{}", sheet(HEADER), " ".repeat(9000)));
    let source = zip(&parts);
    let size = u32::try_from(parts[4].1.len()).unwrap();
    let mut lying = source.clone();
    let at = memchr::memmem::find_iter(&source, &size.to_le_bytes()).collect::<Vec<_>>();
    assert!(!at.is_empty());
    for place in at {
        lying[place..place + 4].copy_from_slice(&1000u32.to_le_bytes());
    }
    assert!(matches!(
        patch(&lying, &[control(&["a"])]),
        Err(Refusal::DamagedPart { .. } | Refusal::DamagedZip { .. })
    ));
}

#[test]
fn encrypted_entries_and_other_methods() {
    let source = zip(&book(&sheet(HEADER)));
    let central = memchr::memmem::find(&source, b"PK\x01\x02").unwrap();
    let mut encrypted = source.clone();
    encrypted[central + 8] |= 1;
    assert!(matches!(
        refused(&encrypted, control(&[])),
        Refusal::EncryptedPart { .. }
    ));
    let mut other = source.clone();
    other[central + 10] = 12;
    assert!(matches!(
        refused(&other, control(&[])),
        Refusal::UnsupportedMethod { .. }
    ));
}
