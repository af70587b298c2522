//! `synthese`: the coordinator's morning e-mail.

use std::fs;

use mail_parser::{MessageParser, MimeHeaders};

use crate::folder::Folder;

fn digest(folder: &Folder, name: &str) -> (String, String, Vec<String>) {
    let bytes = fs::read(folder.path().join("controles/courriels").join(name)).unwrap();
    let message = MessageParser::default().parse(&bytes).unwrap();
    let files = message.attachments();
    (
        message.subject().unwrap().to_owned(),
        message
            .body_text(0)
            .unwrap()
            .replace(['\u{A0}', '\u{202F}'], " "),
        files
            .map(|file| file.attachment_name().unwrap().to_owned())
            .collect(),
    )
}

fn settings(folder: &Folder, change: impl FnOnce(String) -> String) {
    let path = folder.path().join("programme.toml");
    let toml = fs::read_to_string(&path).unwrap();
    fs::write(path, change(toml)).unwrap();
}

#[test]
fn each_day_of_run_has_one_with_the_dashboard_and_says_what_changed() {
    let folder = Folder::sample();
    let night = folder.night("2021-01-12");
    assert_eq!(night["digest"], "accepted");
    assert_eq!(
        folder.night("2021-01-12")["digest"],
        serde_json::Value::Null
    );
    let names = folder.digests();
    let [first] = names.as_slice() else {
        panic!("{names:?}");
    };
    let (subject, text, files) = digest(&folder, first);
    assert!(subject.contains("mardi 12 janvier 2021"), "{subject}");
    assert!(text.contains("À décider d’abord"), "{text}");
    assert!(text.contains("Inscription confirmée : "), "{text}");
    assert!(!text.contains("Depuis le"), "{text}");
    assert_eq!(files, ["tableau-de-bord.xlsx"]);

    folder.edit("ateliers.xlsx", |book| {
        book.sheet_mut("Inscriptions")
            .set(1, "Email", "pas une adresse");
    });
    folder.night("2021-01-13");
    let (_, text, _) = digest(&folder, &folder.digests()[1]);
    assert!(text.contains("Depuis le mardi 12 janvier 2021"), "{text}");
    assert!(text.contains("Nouveau DON03"), "{text}");
}

#[test]
fn without_news_there_is_none_where_she_set_it_so() {
    let folder = Folder::sample();
    settings(&folder, |toml| {
        format!("{toml}\n[mail]\ndigest = \"news\"\n")
    });
    assert_eq!(folder.night("2021-12-20")["digest"], "accepted");
    let night = folder.night("2021-12-21");
    assert_eq!(night["digest"], serde_json::Value::Null);
}

#[test]
fn nobody_who_coordinates_by_e_mail_gets_none() {
    let folder = Folder::sample();
    settings(&folder, |toml| {
        let lines = toml.lines().filter(|line| !line.starts_with("email"));
        lines.collect::<Vec<&str>>().join("\n")
    });
    assert_eq!(
        folder.night("2021-01-12")["digest"],
        serde_json::Value::Null
    );
    assert!(folder.digests().is_empty());
}
