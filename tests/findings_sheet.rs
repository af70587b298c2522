//! « Constats » of the dashboard: a line a finding, with a link that opens its cell, however many
//! there are and whatever she typed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use calamine::Data;
use serde_json::Value;

use crate::answers::{DASHBOARD, FIRST, SECOND};
use crate::book::Book;
use crate::dashboard::{SHEETS, column, dashboard, part, text};
use crate::folder::Folder;

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
