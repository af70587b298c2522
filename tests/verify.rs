//! `verify`: what Excel would want to repair.

use std::process::Output;

use crate::folder::{Folder, program, text};
use crate::package::Package;

fn verify(folder: &Folder, files: &[&str]) -> Output {
    let mut program = program();
    program.current_dir(folder.path()).arg("verify").args(files);
    program.output().unwrap()
}

#[test]
fn what_a_night_writes_has_no_flaw() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    let names = folder.names("controles");
    let copies = names.iter().filter(|name| name.contains(".xlsx"));
    let copies: Vec<String> = copies.map(|name| format!("controles/{name}")).collect();
    assert!(copies.len() >= 5, "{names:?}");
    let files: Vec<&str> = copies.iter().map(String::as_str).collect();
    let output = verify(&folder, &files);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert_eq!(
        text(&output.stdout).matches(": no flaw\n").count(),
        files.len()
    );
}

#[test]
fn every_flaw_is_a_line_and_the_worst_file_decides() {
    let folder = Folder::sample();
    let mut package = Package::open(&folder.path().join("ateliers.xlsx"));
    package.replace("xl/worksheets/sheet2.xml", "<row r=\"3\"", "<row r=\"2\"");
    folder.file("cassé.xlsx", &package.zipped());
    let output = verify(&folder, &["ateliers.xlsx", "cassé.xlsx"]);
    assert_eq!(output.status.code(), Some(1));
    let printed = text(&output.stdout);
    assert!(printed.starts_with("ateliers.xlsx: no flaw\n"), "{printed}");
    let flaw = "cassé.xlsx: xl/worksheets/sheet2.xml: sheet \"Inscriptions\": 2 is out of order or there twice";
    assert!(printed.lines().any(|line| line == flaw), "{printed}");

    folder.file("texte.xlsx", b"bonjour");
    let output = verify(&folder, &["texte.xlsx", "absent.xlsx", "cassé.xlsx"]);
    assert_eq!(output.status.code(), Some(2));
    let errors = text(&output.stderr);
    assert!(errors.contains("error: texte.xlsx: the file is not a zip package"));
    assert!(errors.contains("error: absent.xlsx: "));
    assert!(text(&output.stdout).contains(flaw));
}
