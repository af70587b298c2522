//! `controles/tableau-de-bord.xlsx`: what it says, where its links lead, and that the same night
//! gives the same file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use calamine::Data;
use peer_culture::outbox::{Ledger, Moment, Refused, Step};
use serde_json::Value;

use crate::answers::{DASHBOARD, FIRST, SECOND, THIRD, rows};
use crate::book::{Book, Grid};
use crate::folder::{Folder, program};

const SHEETS: [&str; 6] = [
    "Aujourd'hui",
    "En chiffres",
    "Constats",
    "Personnes suggérées",
    "Courriels",
    "Personnes à appeler",
];

fn dashboard(folder: &Folder) -> Book {
    Book::open(&folder.path().join(DASHBOARD))
}

/// Every text of a sheet, a line a row.
fn text(sheet: &Grid) -> String {
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
fn column(sheet: &Grid, header: &str) -> Vec<String> {
    let (top, column) = sheet.header(header);
    (top + 1..sheet.len())
        .map(|row| sheet.at(row, column).to_string())
        .collect()
}

/// A part of the workbook's package.
fn part(folder: &Folder, name: &str) -> String {
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

/// The links of « Constats » out of the workbook: cell, file as seen from `controles/`, place.
fn links(folder: &Folder) -> Vec<(String, String, String)> {
    let attribute = |tag: &str, name: &str| {
        let start = tag.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        let end = start + tag[start..].find('"').unwrap();
        tag[start..end].replace("&apos;", "'").replace("&amp;", "&")
    };
    let relations = part(folder, "xl/worksheets/_rels/sheet3.xml.rels");
    let targets: BTreeMap<String, String> = relations
        .split("<Relationship ")
        .skip(1)
        .map(|tag| {
            let tag = format!(" {tag}");
            (attribute(&tag, "Id"), attribute(&tag, "Target"))
        })
        .collect();
    part(folder, "xl/worksheets/sheet3.xml")
        .split("<hyperlink")
        .skip(1)
        .filter(|tag| tag.contains("r:id"))
        .map(|tag| {
            let target = targets[&attribute(tag, "r:id")].clone();
            (attribute(tag, "ref"), target, attribute(tag, "location"))
        })
        .collect()
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
fn every_finding_stands_there_with_a_link_that_opens_its_cell() {
    let folder = Folder::sample();
    let first = folder.night(FIRST);
    let book = dashboard(&folder);
    let sheet = book.sheet("Constats");
    let found = first["findings"].as_array().unwrap();
    let (codes, cells) = (column(sheet, "Code"), column(sheet, "Cellule"));
    assert_eq!(codes.len(), found.len());
    let severities = column(sheet, "Gravité");
    let rank = |word: &String| {
        ["Bloquant", "À vérifier", "Information"]
            .iter()
            .position(|one| one == word)
            .unwrap()
    };
    assert!(severities.iter().map(rank).is_sorted(), "{severities:?}");
    assert!(column(sheet, "Nouveau").iter().all(String::is_empty));

    let links = links(&folder);
    assert_eq!(links.len(), found.len());
    let (top, at) = sheet.header("Cellule");
    for (position, (cell, file, location)) in links.into_iter().enumerate() {
        let row = top + 1 + position;
        assert_eq!(
            cell,
            format!("{}{}", (b'A' + u8::try_from(at).unwrap()) as char, row + 1)
        );
        let (name, place) = location.rsplit_once('!').unwrap();
        assert_eq!(place, cells[position]);
        // From where the dashboard lies, the file is the copy, and has that sheet.
        let target = folder.path().join("controles").join(&file);
        let name = name.trim_matches('\'');
        assert!(Book::open(&target).names().contains(&name), "{file} {name}");
        assert_eq!(Data::String(name.to_owned()), *sheet.get(row, "Feuille"));
        let wanted = found.iter().any(|finding| {
            let column = finding["column"].as_str().unwrap_or("A");
            let here = format!("{column}{}", finding["row"]);
            here == place && finding["code"] == codes[position].as_str() && finding["sheet"] == name
        });
        assert!(wanted, "{location}");
    }
}

#[test]
fn links_lead_to_the_workbooks_themselves_where_those_are_written() {
    let folder = Folder::sample();
    let settings = folder.path().join("programme.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(
        &settings,
        format!("{text}\n[output]\nwrite = \"in-place\"\n"),
    )
    .unwrap();
    // Names that an address has to escape.
    let rename = |from: &str, to: &str| {
        fs::rename(folder.path().join(from), folder.path().join(to)).unwrap();
    };
    rename("ateliers.xlsx", "Ateliers d'été à 100 %.xlsx");
    rename("candidatures.xlsx", "appel #2.xlsx");
    folder.night(FIRST);
    let links = links(&folder);
    let files: Vec<&str> = links.iter().map(|(_, file, _)| file.as_str()).collect();
    assert!(files.contains(&"../accompagnements.xlsx"), "{files:?}");
    assert!(
        files.contains(&"../Ateliers%20d'été%20à%20100%20%25.xlsx"),
        "{files:?}"
    );
    // No link at all rather than one that leads elsewhere.
    assert!(
        files.iter().all(|file| !file.contains("appel")),
        "{files:?}"
    );
    let sheet = dashboard(&folder);
    let sheet = sheet.sheet("Constats");
    assert!(column(sheet, "Classeur").contains(&"appel #2.xlsx".to_owned()));
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

#[test]
fn whom_no_e_mail_reaches_is_to_be_called_with_the_number_that_is_known() {
    let folder = Folder::sample();
    folder.edit("adherents.xlsx", |book| {
        let sheet = book.sheet_mut("Adhérents");
        let row = sheet.row(&[("Structure", "Chœur Mosaïque")]);
        sheet.set(row, "Téléphone", "05 61 00 11 22");
    });
    folder.edit("accompagnements.xlsx", |book| {
        let sheet = book.sheet_mut("Accompagnements");
        let row = sheet.row(&[("Référence", "ACC-04")]);
        sheet.set(row, "Email", "nadia chez choeurmosaique");
    });
    folder.night(FIRST);
    let book = dashboard(&folder);
    let calls = book.sheet("Personnes à appeler");
    let row = rows_of(calls, "Personne", "Nadia Cherif");
    assert_eq!(row.len(), 1);
    let cell = |header: &str| calls.get(row[0], header).to_string();
    assert_eq!(cell("Structure"), "Chœur Mosaïque");
    assert_eq!(cell("Téléphone"), "05 61 00 11 22");
    assert!(cell("Pourquoi").contains("nadia chez choeurmosaique"));
    assert_eq!(cell("Au sujet de"), "Accompagnements : ACC-04");
    assert!(cell("À corriger").starts_with("Accompagnements "));
}

/// The rows below the header that have this text.
fn rows_of(sheet: &Grid, header: &str, text: &str) -> Vec<usize> {
    let (top, column) = sheet.header(header);
    let is_it = |row: &usize| *sheet.at(*row, column) == Data::String(text.to_owned());
    (top + 1..sheet.len()).filter(is_it).collect()
}

#[test]
fn an_address_that_the_server_refused_is_to_be_called_until_it_is_corrected() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let mut ledger = Ledger::open(folder.path()).unwrap();
    let moment = Moment {
        now: chrono::DateTime::from_timestamp(1_610_422_200, 0).unwrap(),
        day: FIRST.parse().unwrap(),
    };
    let (reason, by) = ("test".to_owned(), "smtp".to_owned());
    let error = "550 5.1.1 unknown user".to_owned();
    for step in [
        Step::Approve { reason },
        Step::Claim { by },
        Step::Refuse {
            error,
            refused: Refused::Address,
        },
    ] {
        assert!(ledger.step("1".parse().unwrap(), step, moment).unwrap());
    }
    drop(ledger);
    folder.night(SECOND);
    let book = dashboard(&folder);
    let calls = book.sheet("Personnes à appeler");
    let row = rows_of(calls, "Personne", "Thi Mai Nguyen")[0];
    assert_eq!(
        calls.get(row, "Adresse").to_string(),
        "thimai@bleupastel.example.org"
    );
    assert!(calls.get(row, "Pourquoi").to_string().contains("550 5.1.1"));
    let mails = book.sheet("Courriels");
    assert_eq!(rows(mails, &[("État", "refusé par le serveur")]).len(), 1);
    for (file, sheet) in [
        ("candidatures.xlsx", "Candidatures"),
        ("accompagnements.xlsx", "Accompagnements"),
        ("ateliers.xlsx", "Inscriptions"),
        ("adherents.xlsx", "Adhérents"),
        ("accompagnements.xlsx", "Personnes ressources"),
    ] {
        folder.edit(file, |book| {
            book.sheet_mut(sheet).replace(
                "thimai@bleupastel.example.org",
                "thi.mai@bleupastel.example.org",
            );
            book.sheet_mut(sheet).replace(
                "ThiMai@bleupastel.example.org",
                "thi.mai@bleupastel.example.org",
            );
        });
    }
    folder.night(THIRD);
    let book = dashboard(&folder);
    assert!(
        rows_of(
            book.sheet("Personnes à appeler"),
            "Personne",
            "Thi Mai Nguyen"
        )
        .is_empty()
    );
}

/// Somebody with a seat in two workshops: the second confirmation is refused.
#[test]
fn what_was_refused_is_named_with_the_row_that_it_is_about() {
    for (refused, said, corrects) in [
        (
            Refused::Address,
            "Adresse refusée par le serveur, pour 1 courriel",
            true,
        ),
        (
            Refused::Message,
            "1 courriel refusé par le serveur, l’adresse n’est pas en cause",
            false,
        ),
    ] {
        let folder = Folder::sample();
        guard_everything(&folder);
        folder.night(FIRST);
        let (id, row) = second_confirmation(&folder);
        let mut ledger = Ledger::open(folder.path()).unwrap();
        let moment = Moment {
            now: chrono::DateTime::from_timestamp(1_610_422_200, 0).unwrap(),
            day: FIRST.parse().unwrap(),
        };
        let (reason, by) = ("test".to_owned(), "smtp".to_owned());
        let error = "554 rejected".to_owned();
        for step in [
            Step::Approve { reason },
            Step::Claim { by },
            Step::Refuse { error, refused },
        ] {
            assert!(ledger.step(id, step, moment).unwrap());
        }
        drop(ledger);
        folder.night(SECOND);
        let book = dashboard(&folder);
        let calls = book.sheet("Personnes à appeler");
        let found = rows_of(calls, "Adresse", TWICE);
        assert_eq!(found.len(), 1);
        let cell = |header: &str| {
            calls
                .get(found[0], header)
                .to_string()
                .replace('\u{a0}', " ")
        };
        assert!(cell("Pourquoi").starts_with(said), "{}", cell("Pourquoi"));
        assert!(cell("Au sujet de").ends_with(&format!("(Inscriptions, ligne {row})")));
        let to_correct = cell("À corriger");
        assert_eq!(
            to_correct.starts_with("Inscriptions "),
            corrects,
            "{to_correct}"
        );
        assert!(!corrects || to_correct.ends_with(&row), "{to_correct}");
        let today = text(book.sheet("Aujourd'hui"));
        assert_eq!(
            today.contains("sans que son adresse soit en cause"),
            !corrects
        );
    }
}

/// Registered in two workshops of the sample.
const TWICE: &str = "youssef.elamrani@example.com";

/// Nothing leaves: each e-mail awaits her yes.
fn guard_everything(folder: &Folder) {
    let path = folder.path().join("programme.toml");
    let settings = fs::read_to_string(&path).unwrap();
    fs::write(path, settings.replace("[mail]", "[mail]\nmax_per_run = 1")).unwrap();
}

/// The later of her two confirmations, and the number of its row.
fn second_confirmation(folder: &Folder) -> (peer_culture::outbox::Id, String) {
    let ledger = Ledger::read_only(folder.path()).unwrap().unwrap();
    let waiting = ledger
        .in_state(peer_culture::mails::State::AwaitingApproval)
        .unwrap();
    let mut hers = waiting.into_iter().filter(|message| {
        message.to.address == TWICE
            && message
                .about
                .as_ref()
                .is_some_and(|about| about.contains("Inscriptions"))
    });
    let message = hers.next_back().unwrap();
    let about = message.about.unwrap();
    let (_, row) = about.rsplit_once(' ').unwrap();
    (message.id, row.to_owned())
}

#[test]
fn whatever_she_typed_is_a_text_and_nothing_else() {
    let folder = Folder::sample();
    let long = "é".repeat(30_000);
    folder.edit("adherents.xlsx", |book| {
        let sheet = book.sheet_mut("Adhérents");
        for (row, text) in [
            (1, "=HYPERLINK(\"http://example.org\";\"ici\")"),
            (2, "@SUM(1+1)*cmd|' /C calc'!A0"),
            (3, "<b>&amp;\"'_x0041_\u{1F600}\u{202E}"),
            (4, long.as_str()),
        ] {
            sheet.set(row, "Structure", text);
            sheet.set(row, "Immatriculation", "");
        }
    });
    folder.night(FIRST);
    let book = dashboard(&folder);
    let keys = column(book.sheet("Constats"), "Ligne concernée");
    assert!(keys.contains(&"=HYPERLINK(\"http://example.org\";\"ici\")".to_owned()));
    assert!(
        keys.iter()
            .any(|key| key.starts_with("<b>&amp;\"'_x0041_\u{1F600}")),
        "{keys:?}"
    );
    assert!(
        keys.iter()
            .any(|key| key.starts_with("éé") && key.ends_with('…'))
    );
    let parts = [3, 1].map(|number| part(&folder, &format!("xl/worksheets/sheet{number}.xml")));
    assert!(parts.iter().all(|part| !part.contains("<f>")), "no formula");
}

#[test]
fn a_workbook_of_hers_may_have_its_name() {
    let folder = Folder::sample();
    fs::rename(
        folder.path().join("ateliers.xlsx"),
        folder.path().join("Tableau-de-bord.xlsx"),
    )
    .unwrap();
    let first = folder.night(FIRST);
    assert_eq!(dashboard(&folder).names(), SHEETS);
    let copy = folder.path().join("controles/Tableau-de-bord (copie).xlsx");
    assert!(Book::open(&copy).names().contains(&"Inscriptions"));
    assert!(written(&first, "Tableau-de-bord.xlsx").ends_with("(copie).xlsx"));
    assert!(
        links(&folder)
            .iter()
            .any(|(_, file, _)| file == "Tableau-de-bord%20(copie).xlsx")
    );
    folder.night(SECOND);
    assert_eq!(folder.mails().len(), 54);
}

fn written(printed: &Value, workbook: &str) -> String {
    let written = printed["written"].as_array().unwrap().iter();
    let mut found = written.filter(|one| one["workbook"] == workbook);
    found.next().unwrap()["file"].as_str().unwrap().to_owned()
}

/// How the cells of the first finding look: font, fill, border and alignment of each.
fn looks(folder: &Folder) -> Vec<String> {
    let styles = part(folder, "xl/styles.xml");
    let list = |name: &str, item: &str| -> Vec<String> {
        let (_, from) = styles.split_once(&format!("<{name} ")).unwrap();
        let (list, _) = from.split_once(&format!("</{name}>")).unwrap();
        let begin = format!("<{item}");
        let items = list.split(begin.as_str()).skip(1);
        items.map(str::to_owned).collect()
    };
    let (fonts, fills) = (list("fonts", "font>"), list("fills", "fill>"));
    let (borders, formats) = (list("borders", "border>"), list("cellXfs", "xf "));
    let number = |text: &str, name: &str| -> usize {
        let (_, from) = text.split_once(&format!("{name}=\"")).unwrap();
        from.split('"').next().unwrap().parse().unwrap()
    };
    let sheet = part(folder, "xl/worksheets/sheet3.xml");
    let (_, row) = sheet.split_once("<row r=\"4\"").unwrap();
    let cells = row.split("</row>").next().unwrap().split("<c ").skip(1);
    cells
        .map(|cell| {
            let format = &formats[number(cell, " s")];
            let (_, alignment) = format.split_once("<alignment").unwrap();
            [
                &fonts[number(format, "fontId")],
                &fills[number(format, "fillId")],
                &borders[number(format, "borderId")],
                alignment,
            ]
            .join(" ")
        })
        .collect()
}

#[test]
fn thousands_of_findings_are_written_like_a_few() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let few = looks(&folder);
    assert_eq!(few.len(), 8);
    folder.edit("ateliers.xlsx", |book| {
        let sheet = book.sheet_mut("Inscriptions");
        for number in 0..6_000 {
            let email = format!("personne {number} & <fille>");
            sheet.push(&[
                ("Inscrit le", "05/01/2021 10:00"),
                ("Atelier", "AT-05"),
                ("Nom", "Zoé Martin"),
                ("Email", &email),
            ]);
        }
    });
    let second = folder.night(SECOND);
    let found = second["findings"].as_array().unwrap();
    assert!(found.len() > 6_000);
    let book = dashboard(&folder);
    let sheet = book.sheet("Constats");
    assert_eq!(column(sheet, "Code").len(), found.len());
    assert!(text(sheet).contains("personne 5999 & <fille>"));
    let links = links(&folder);
    assert_eq!(links.len(), found.len());
    let mut places: Vec<String> = links.iter().map(|(cell, ..)| cell.clone()).collect();
    places.dedup();
    assert_eq!(places.len(), found.len());
    let files: BTreeSet<&str> = links.iter().map(|(_, file, _)| file.as_str()).collect();
    assert!(files.contains("ateliers.xlsx") && files.len() > 1);
    assert!(
        files
            .iter()
            .all(|file| folder.names("controles").iter().any(|name| name == file))
    );
    assert_eq!(looks(&folder), few);
    let bytes = fs::read(folder.path().join(DASHBOARD)).unwrap();
    let flaws = peer_culture::package::flaws(&bytes).unwrap();
    assert!(flaws.is_empty(), "{flaws:?}");
    let part = part(&folder, "xl/worksheets/sheet3.xml");
    let last = found.len() + 3;
    for wanted in [
        format!("<dimension ref=\"A1:H{last}\"/>"),
        format!("<autoFilter ref=\"A3:H{last}\"/>"),
    ] {
        assert!(part.contains(&wanted), "{wanted}");
    }
    let left: Vec<String> = folder.names(".peer-culture");
    assert!(left.iter().all(|name| !name.contains("tmp")), "{left:?}");
    assert!(!Path::new(&folder.path().join("controles/.tmp")).exists());
}
