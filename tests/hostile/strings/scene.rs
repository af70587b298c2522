//! A programme with a hostile text in every cell that a person types.

use rust_xlsxwriter::{Workbook, Worksheet};

use super::super::mutate::Random;
use super::{A_PROGRAMME, PLACES};
use crate::folder::Folder;

/// What a string is made of.
const PIECES: &[&str] = &[
    "\r\nBcc: evil@evil.example",
    "\nTo: evil@evil.example",
    "\r\n\r\n.\r\n",
    "\r",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{b}",
    "\u{c}",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://evil.example\")",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "|",
    ";DDE",
    "\u{202e}exe.txt\u{202c}",
    "\u{2066}a\u{2069}",
    "\u{200b}",
    "\u{200d}",
    "\u{feff}",
    "\u{ad}",
    "\u{200e}",
    "\u{1b}[31mrouge\u{1b}[0m",
    "\u{1b}]0;titre\u{7}",
    "\u{8}\u{8}",
    "\u{7f}",
    "\u{1}",
    "\u{9b}31m",
    "🎭",
    "👩‍👩‍👧",
    "e\u{301}\u{301}\u{301}\u{301}",
    "שלום עולם",
    "مرحبا",
    "日本語",
    "𝕏",
    "\u{fffd}",
    "\u{e000}",
    "_x000D__x000A_Bcc: evil@evil.example",
    "_x0041_",
    "_x_",
    "\"",
    "'",
    "`",
    ",",
    ";",
    ":",
    "<",
    ">",
    "&",
    "\\",
    "\\n",
    "%0d%0a",
    "%s%n",
    "\"evil\" <evil@evil.example>",
    "a@b.example, c@d.example",
    "undisclosed:;",
    "=?utf-8?q?=0D=0ABcc:_evil@evil.example?=",
    "=0D=0A",
    "{{to.address}}",
    "{{{x}}}",
    "{{> layout}}",
    "{{#each a}}",
    "${7*7}",
    "<%= 1 %>",
    "<script>alert(1)</script>",
    "<img src=http://evil.example/p.gif>",
    "</td></tr>",
    "<!--",
    "]]>",
    "<a href=\"http://evil.example\">ici</a>",
    "javascript:alert(1)",
    "[clic](http://evil.example)",
    "![](http://evil.example/p.gif)",
    "# Titre",
    "---",
    "> cité",
    "```",
    "| a | b |",
    "**",
    "1. un",
    "http://evil.example/",
    "../../../../tmp/evil",
    "C:\\evil",
    "/etc/passwd",
    "CON",
    "~$a",
    "a/b",
    "a\\b",
    "\0",
    "'; DROP TABLE mails; --",
    "\" OR 1=1",
    "BEGIN:VEVENT",
    "\nEND:VCALENDAR",
    "\\;ATTENDEE:mailto:evil@evil.example",
    "ORGANIZER:mailto:evil@evil.example",
    "a",
    "Été",
    "Roux",
    " ",
    "\u{a0}",
    "12/01/2021",
    "3,5",
];

/// The string of a number: a few pieces, now and then very many of them.
fn hostile(seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut text = String::new();
    let count = if seed % 500 == 499 {
        800
    } else {
        1 + random.below(4)
    };
    for _ in 0..count {
        text.push_str(PIECES[random.below(PIECES.len())]);
    }
    text
}

/// Writes the programme: each string stands in a cell of every sheet that people fill in.
#[expect(clippy::too_many_lines, reason = "a paragraph a sheet")]
pub fn write(folder: &Folder, first: u64) {
    let mut book = Workbook::new();
    let strings: Vec<String> = (first..first + A_PROGRAMME).map(hostile).collect();
    let workshops = A_PROGRAMME.div_ceil(PLACES);
    let mut add = |name: &str, headers: &[&str], count: u64, row: &dyn Fn(u64) -> Vec<String>| {
        let sheet: &mut Worksheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_row(0, 0, headers.iter().copied()).unwrap();
        for index in 0..count {
            let cells = row(index);
            sheet
                .write_row(u32::try_from(index).unwrap() + 1, 0, cells)
                .unwrap();
        }
    };
    let of = |index: u64| strings[usize::try_from(index % A_PROGRAMME).unwrap()].clone();
    // Keys and addresses are what they should be, so that the rest reaches people.
    let address = |who: &str, index: u64| format!("{who}{index}@personne.example.org");
    let said = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<String>>()
    };
    add(
        "Adhérents",
        &[
            "Structure",
            "Forme juridique",
            "Immatriculation",
            "Commune",
            "Code postal",
            "Domaine",
            "Référent",
            "Email",
            "Téléphone",
            "Statut",
            "Cotisation",
            "Payée le",
        ],
        100,
        &|index| {
            let mut row = said(&[
                "",
                "association",
                "W313000001",
                "Toulouse",
                "31000",
                "édition",
                "",
                "",
                "",
                "membre actif",
                "300",
                "20/12/2019",
            ]);
            row[0] = format!("Membre {index} {}", of(index));
            row[6] = of(index);
            row[7] = address("membre", index);
            row[8] = of(index);
            row
        },
    );
    add(
        "Candidatures",
        &[
            "Horodateur",
            "Structure",
            "Nom",
            "Email",
            "Axes",
            "Besoins",
            "Motivations",
        ],
        100,
        &|index| {
            let text = of(index + 100);
            vec![
                "08/12/2020 10:00".to_owned(),
                format!("Membre {index} {}", of(index)),
                format!("Nom {text}"),
                address("candidate", index),
                "conditions de travail".to_owned(),
                text.clone(),
                text,
            ]
        },
    );
    add(
        "Personnes ressources",
        &["Nom", "Structure", "Email", "Spécialités"],
        10,
        &|index| {
            vec![
                format!("Personne {index}"),
                format!("Membre {index} {}", of(index)),
                address("ressource", index),
                "conditions de travail".to_owned(),
            ]
        },
    );
    add(
        "Accompagnements",
        &[
            "Référence",
            "Structure",
            "Bénéficiaire",
            "Email",
            "Entretien le",
            "Axes",
            "Objectifs",
            "Heures prévues",
            "Statut",
        ],
        100,
        &|index| {
            let text = of(index + 200);
            vec![
                format!("ACC-{index}"),
                format!("Membre {index} {}", of(index)),
                format!("B {text}"),
                address("beneficiaire", index),
                "15/12/2020 10:00".to_owned(),
                "conditions de travail".to_owned(),
                text,
                "14".to_owned(),
                "diagnostic".to_owned(),
            ]
        },
    );
    add(
        "Rendez-vous",
        &[
            "Accompagnement",
            "Personne ressource",
            "Date",
            "Demi-journée",
            "Lieu",
        ],
        100,
        &|index| {
            vec![
                format!("ACC-{index}"),
                format!("Personne {}", index % 10),
                format!("{:02}/01/2021", 5 + index / 10),
                if index % 2 == 0 {
                    "matin"
                } else {
                    "après-midi"
                }
                .to_owned(),
                of(index + 300),
            ]
        },
    );
    add(
        "Ateliers",
        &[
            "Référence",
            "Titre",
            "Axe",
            "Date",
            "Demi-journée",
            "Lieu",
            "Animateurs",
        ],
        workshops,
        &|index| {
            let text = of(index + 400);
            vec![
                format!("AT-{index}"),
                format!("T {text}"),
                "conditions de travail".to_owned(),
                "05/03/2021".to_owned(),
                "matin".to_owned(),
                text,
                format!("Personne {}", index % 10),
            ]
        },
    );
    add(
        "Inscriptions",
        &[
            "Inscrit le",
            "Atelier",
            "Nom",
            "Email",
            "Structure",
            "Remarques",
        ],
        A_PROGRAMME,
        &|index| {
            let text = of(index);
            vec![
                "01/12/2020 09:00".to_owned(),
                format!("AT-{}", index / PLACES),
                format!("N {text}"),
                address("personne", index),
                text.clone(),
                text,
            ]
        },
    );
    book.save(folder.path().join("programme.xlsx")).unwrap();
}
