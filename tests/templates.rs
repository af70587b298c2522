//! Templates of her own: her words are used, and one that is broken holds back its kind alone.

use std::fs;

use crate::folder::Folder;
use crate::mails::{FIRST, SECOND, SENT, in_state, letters, letters_but, who};

#[test]
fn the_coordinators_own_words_are_used() {
    let folder = Folder::sample();
    folder.file(
        "templates/fr/inscription-confirmee.md.hbs",
        "Objet : À bientôt, {{workshop.title}}\n\n{{> bonjour}}\n\n**Deux mots** de Claire.\n"
            .as_bytes(),
    );
    folder.night(FIRST);
    let letters = letters(&folder);
    assert_eq!(letters.len(), SENT);
    let (hers, others): (Vec<_>, Vec<_>) = letters
        .into_iter()
        .partition(|letter| letter.kind == "inscription-confirmee");
    assert_eq!(hers.len(), 33);
    for letter in hers {
        assert!(
            letter.subject.starts_with("À bientôt, "),
            "{}",
            letter.subject
        );
        assert!(
            letter.text.contains("Deux mots de Claire."),
            "{}",
            letter.text
        );
        assert!(
            letter.html.contains("<strong>Deux mots</strong>"),
            "{}",
            letter.html
        );
    }
    assert!(
        others
            .iter()
            .all(|letter| !letter.text.contains("Claire.\n"))
    );
}

/// An overriding template of the waiting list that can't be used, and what the problem must name.
const BROKEN: [(&str, &[&str]); 4] = [
    (
        "Objet : Liste d’attente\n\nBonjour {{prenom}}\n",
        &[
            "inscription-attente.md.hbs",
            "prenom",
            "ateliers.xlsx, Inscriptions, ligne 38",
        ],
    ),
    (
        "Objet : Liste d’attente {{prenom}}\n\nBonjour\n",
        &[
            "inscription-attente.md.hbs",
            "prenom",
            "ateliers.xlsx, Inscriptions, ligne 38",
        ],
    ),
    (
        "Objet : Liste d’attente\n\nBonjour\n\n{{> inscription-attente}}\n",
        &[
            "inscription-attente.md.hbs",
            "ateliers.xlsx, Inscriptions, ligne 38",
        ],
    ),
    (
        "Objet : Liste d’attente\n\n{{#if person}}Bonjour\n",
        &[
            "inscription-attente.md.hbs",
            "ateliers.xlsx, Inscriptions, ligne 38",
        ],
    ),
];

#[test]
fn a_broken_template_holds_back_its_kind_until_it_is_mended() {
    for (template, names) in BROKEN {
        let folder = Folder::sample();
        let path = folder.file(
            "templates/fr/inscription-attente.md.hbs",
            template.as_bytes(),
        );
        let (code, printed) = folder.json("run", &["--today", FIRST]);
        assert_eq!(code, Some(3), "{printed}");
        let problems = printed["problems"].as_array().unwrap().iter();
        let problems: Vec<&str> = problems.map(|problem| problem.as_str().unwrap()).collect();
        let of_the_row = problems.last().unwrap();
        for name in names {
            assert!(of_the_row.contains(name), "{name} in {of_the_row}");
        }
        assert_eq!(in_state(&printed, "held_back").len(), 2);
        let kept = folder.mails();
        assert_eq!(kept.len(), SENT - 2, "{template}");
        assert!(
            kept.iter()
                .all(|name| !name.contains("inscription-attente"))
        );

        fs::remove_file(path).unwrap();
        folder.night(SECOND);
        let late = letters_but(&folder, &kept);
        assert_eq!(
            who(&late),
            [
                ("inscription-attente", "lucia.navarro@example.org"),
                ("inscription-attente", "yann@sonsdebrume.example.com"),
            ],
            "{template}"
        );
    }
}
