//! `controles/tableau-de-bord.xlsx`: what it says, and that the same night gives the same file.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use calamine::Data;

use crate::answers::{DASHBOARD, FIRST, SECOND, THIRD};
use crate::book::{Book, Grid};
use crate::folder::{Folder, program};

pub const SHEETS: [&str; 6] = [
    "Aujourd'hui",
    "En chiffres",
    "Constats",
    "Personnes suggérées",
    "Courriels",
    "Personnes à appeler",
];

pub fn dashboard(folder: &Folder) -> Book {
    Book::open(&folder.path().join(DASHBOARD))
}

/// Every text of a sheet, a line a row.
pub fn text(sheet: &Grid) -> String {
    let mut lines: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (row, _, value) in sheet.values() {
        if *value != Data::Empty {
            let value = value.to_string().replace(['\u{a0}', '\u{202f}'], " ");
            lines.entry(row).or_default().push(value);
        }
    }
    let lines: Vec<String> = lines.into_values().map(|line| line.join(" · ")).collect();
    lines.join("\n")
}

/// The texts of a column below its header.
pub fn column(sheet: &Grid, header: &str) -> Vec<String> {
    let (top, column) = sheet.header(header);
    (top + 1..sheet.len())
        .map(|row| sheet.at(row, column).to_string())
        .collect()
}

/// A part of the workbook's package.
pub fn part(folder: &Folder, name: &str) -> String {
    let file = fs::File::open(folder.path().join(DASHBOARD)).unwrap();
    let mut package = zip::ZipArchive::new(file).unwrap();
    let mut text = String::new();
    package
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn the_first_page_says_what_to_decide_what_comes_and_when_it_was_checked() {
    let folder = Folder::sample();
    let first = folder.night(FIRST);
    assert_eq!(first["dashboard"]["file"], DASHBOARD);
    assert_eq!(first["dashboard"]["state"], "written");
    let book = dashboard(&folder);
    assert_eq!(book.names(), SHEETS);
    let today = text(book.sheet("Aujourd'hui"));
    for part in [
        "PEER CULTURE — Session #2 · Dernier contrôle : mardi 12 janvier 2021",
        "Constats bloquants · Attendent votre accord · Candidatures retenues",
        "21 · 9 · 5 / 5 · 4 · 32,5 h · 6 / 8 · 36 / 60",
        "À décider · 9 courriels attendent votre accord : Décision sur la candidature (9). · Courriels",
        "À appeler · 1 personne que le courriel n’atteint pas",
        "Bloquant · RDV03 Le 13/01/2021 (matin), Élise Fontan a aussi le rendez-vous",
        "Bloquant · DON05 Référence introuvable : 3 lignes · Constats",
        "C’est le premier contrôle",
        "mercredi 13/01/2021 · matin · Rendez-vous ACC-02, Compagnie Les Passantes (Inès Delmas) · Élise Fontan",
        "jeudi 14/01/2021 · 10 h · Entretien ACC-05",
        "9 h 30 – 12 h 30 · Atelier AT-03, Raconter son projet : positionnement et publics : 12 places prises sur 12, 2 en attente · Pedro Carvalho · MA Sphère, Toulouse",
        "Fin de l’adhésion de « Collectif Terre Crue »",
        "54 courriels rangés dans controles/courriels : ",
        "Inscription confirmée (33)",
    ] {
        assert!(today.contains(part), "{part}\nin\n{today}");
    }
    assert!(!today.contains("29/01/2021"), "fifteen days ahead: {today}");
    let order = |part: &str| today.find(part).unwrap();
    assert!(order("À décider d’abord") < order("Depuis le dernier contrôle"));
    assert!(order("Depuis le dernier contrôle") < order("Les quatorze jours qui viennent"));
}

#[test]
fn the_figures_are_those_of_the_workbooks() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let book = dashboard(&folder);
    let figures = text(book.sheet("En chiffres"));
    for part in [
        "AT-03 · Raconter son projet : positionnement et publics · ",
        "12 · 0 · 2 · 12",
        "AT-08 · Le mécénat de proximité · à fixer · 2 · 10 · 0 · 12",
        "ACC-02 · Compagnie Les Passantes · en cours · 7 · 14 · 21 · 14 · 28",
        "ACC-01 · Studio Garonne Images · terminé · 14 · 0 · 14 · 14 · 28",
        "Retenues · 5 · Compétences acquises",
        "Sans décision · 2",
    ] {
        assert!(figures.contains(part), "{part}\nin\n{figures}");
    }
    // One chart each, of what stands in the tables.
    for number in 1..=4 {
        let chart = part(&folder, &format!("xl/charts/chart{number}.xml"));
        assert!(chart.contains("En chiffres"), "{chart}");
    }
    let suggestions = book.sheet("Personnes suggérées");
    let persons = column(suggestions, "Personne suggérée");
    assert_eq!(persons.len(), 12);
    assert_eq!(persons[0], "Ibrahima Sow");
    assert_eq!(column(suggestions, "Rang")[..4], ["1", "2", "3", "1"]);
}

#[test]
fn the_second_day_says_what_is_new_and_what_is_solved() {
    let folder = Folder::sample();
    folder.night(FIRST);
    folder.edit("ateliers.xlsx", |book| {
        let sheet = book.sheet_mut("Inscriptions");
        let row = sheet.row(&[
            ("Atelier", "AT-03"),
            ("Email", "elodie.castera@example.org"),
        ]);
        sheet.set(row, "Paiement", "18");
        let row = sheet.row(&[("Atelier", "AT-05"), ("Email", "karine.dubosc@example.org")]);
        sheet.set(row, "Email", "karine");
        sheet.reverse_from(2);
    });
    for day in [SECOND, SECOND] {
        folder.night(day);
        let book = dashboard(&folder);
        let today = text(book.sheet("Aujourd'hui"));
        for part in [
            "Depuis le contrôle du 12/01/2021",
            "nouveau · DON03 « karine » n’est pas une adresse e-mail valable",
            "résolu · INS03 Participation à payer, Inscriptions : AT-03 | elodie.castera@example.org",
        ] {
            assert!(today.contains(part), "{part}\nin\n{today}");
        }
        let sheet = book.sheet("Constats");
        let new = column(sheet, "Nouveau")
            .iter()
            .filter(|word| *word == "nouveau")
            .count();
        assert!(
            today.contains(&format!("{new} nouveau")),
            "{new} in {today}"
        );
        assert!(new < 6, "sorting is no news");
    }
    folder.night(THIRD);
    let today = text(dashboard(&folder).sheet("Aujourd'hui"));
    assert!(
        today.contains("Depuis le contrôle du 13/01/2021"),
        "{today}"
    );
    assert!(!today.contains("résolu · INS03"), "{today}");
}

#[test]
fn the_same_day_gives_the_same_bytes_and_leaves_the_file_alone() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let path = folder.path().join(DASHBOARD);
    let bytes = fs::read(&path).unwrap();
    let again = folder.night(FIRST);
    assert_eq!(again["dashboard"]["state"], "unchanged");
    assert!(fs::read(&path).unwrap() == bytes);
    // Taken away or changed, it is made again, the same.
    for damage in [None, Some("x")] {
        match damage {
            None => fs::remove_file(&path).unwrap(),
            Some(text) => fs::write(&path, text).unwrap(),
        }
        let again = folder.night(FIRST);
        assert_eq!(again["dashboard"]["state"], "written");
        assert!(fs::read(&path).unwrap() == bytes || damage.is_some());
    }
    let next = folder.night(SECOND);
    assert_eq!(
        next["dashboard"]["state"], "written",
        "the day is another one"
    );
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::sample();
    folder.night(FIRST);
    let mode = fs::metadata(folder.path().join(DASHBOARD))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_empty_programme_has_a_page_that_makes_sense() {
    let folder = Folder::new();
    let made = program().arg("init").arg(folder.path()).output().unwrap();
    assert_eq!(made.status.code(), Some(0));
    folder.night("2020-11-02");
    let book = dashboard(&folder);
    let today = text(book.sheet("Aujourd'hui"));
    for part in [
        "Dernier contrôle : lundi 2 novembre 2020",
        "Ni atelier, ni rendez-vous, ni échéance.",
        "Aucun courriel n’est parti.",
    ] {
        assert!(today.contains(part), "{part} in {today}");
    }
    let figures = text(book.sheet("En chiffres"));
    assert!(
        figures.contains("Évaluations : pas encore d’évaluation."),
        "{figures}"
    );
    assert!(text(book.sheet("Courriels")).contains("Rien n’attend votre réponse."));
    assert!(text(book.sheet("Personnes à appeler")).contains("Tout le monde a une adresse"));
    assert!(text(book.sheet("Personnes suggérées")).contains("Aucun accompagnement n’attend"));
}
