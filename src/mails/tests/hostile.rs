//! Hostile text in every cell that reaches an e-mail: it stays text, and there is one recipient.

use chrono::DateTime;
use proptest::prelude::*;

use crate::config::Settings;
use crate::mails::scenario::{Ledger, TEMPLATES};
use crate::mails::{message, message_id};
use crate::rules::scene::Scene;

const NASTY: &[&str] = &[
    "*a* [x](http://evil.example/)",
    "<b>gras</b><script>alert(1)</script>",
    "<img src=http://evil.example/p.gif>",
    "{{to.name}} {{{x}}} {{> signature}}",
    "a\r\nBcc: b@example.org",
    "a\nb\u{2028}c\u{85}d",
    "\u{202e}live\u{202c} \u{200b}",
    "a@b.example, c@d.example; \"e\" <f@g.example>",
    "# Titre",
    "- puce",
    "1. un",
    "```code```",
    "---",
    "> cité | table |",
    "&lt;b&gt; &amp; &#42;",
    "\\*\\",
    "![vu](http://evil.example/p.gif)",
    "<http://evil.example/>",
    "🎭 Théâtre d’été « à côté »",
    "=?utf-8?q?oui?=",
    "שלום",
    "o'Brien & fils",
    "~~non~~ ^a^ $b$",
    ".",
];

/// Every kind of cell that a participant's e-mail shows.
fn scene(text: &str) -> Scene {
    Scene::new()
        .on("2021-01-22")
        .with("[coordinator]\nname = \"Inès\"\nemail = \"ines@peer.example.org\"\n")
        .member(&[("Structure", text), ("Référent", text)])
        .person(&[("Nom", "Anna Roux")])
        .support(&[
            ("Structure", text),
            ("Bénéficiaire", text),
            ("Entretien le", "25/01/2021 10:00"),
            ("Statut", "diagnostic"),
        ])
        .meeting(&[("Date", "24/01/2021"), ("Lieu", text)])
        .workshop(&[("Titre", text), ("Lieu", text)])
        .registration(&[("Nom", text), ("Structure", text)])
}

/// What a reader sees of an HTML part.
fn seen(html: &str) -> String {
    let mut out = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

fn check(text: &str) {
    let made = Ledger::default().look(scene(text));
    let clean = crate::sheets::cells::clean_line(text).into_owned();
    for draft in &made.due.drafts {
        let rendered = TEMPLATES.render(draft, &made.season).unwrap();
        let context = format!("{:?} in {}", text, draft.kind.name());
        assert!(!rendered.subject.contains(char::is_control), "{context}");
        // Nothing of the cell became a tag, a link or an image.
        let tags = [
            "<script",
            "<img",
            "<b>",
            "evil.example/\"",
            "<code",
            "<hr",
            "<h1>",
            "<del",
            "<table",
            "<blockquote",
        ];
        for tag in tags {
            let own = rendered.html.matches(tag).count();
            assert_eq!(own, 0, "{tag} from {context}: {}", rendered.html);
        }
        let links = rendered.html.matches("<a ").count();
        assert_eq!(links, 1, "{context}: {}", rendered.html);
        // And the cell reads as it was typed, in both parts.
        if draft.to.name == clean {
            assert!(
                rendered.text.contains(&format!("Bonjour {clean},")),
                "{context}: {}",
                rendered.text
            );
            assert!(
                seen(&rendered.html).contains(&format!("Bonjour {clean},")),
                "{context}"
            );
        }
        check_message(draft, &rendered, &context);
    }
}

fn check_message(draft: &crate::mails::Draft, rendered: &crate::mails::Rendered, context: &str) {
    let settings =
        Settings::parse("[coordinator]\nname = \"Inès\"\nemail = \"ines@peer.example.org\"\n")
            .unwrap();
    let id = message_id(draft.kind, &draft.key, &draft.to.address, &settings).unwrap();
    let date = DateTime::parse_from_rfc3339("2021-01-22T04:30:00+01:00").unwrap();
    let bytes = message(rendered, draft, &settings, date, &id).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.is_ascii(), "{context}");
    assert!(
        !text.replace("\r\n", "").contains(['\r', '\n']),
        "{context}"
    );
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let names: Vec<&str> = head
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split_once(':').unwrap().0)
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            "Auto-Submitted",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Reply-To",
            "Subject",
            "To"
        ],
        "{context}"
    );
    let unfolded = head.replace("\r\n ", " ");
    let to = unfolded
        .split("\r\n")
        .find(|line| line.starts_with("To:"))
        .unwrap();
    let boxes: lettre::message::Mailboxes = to["To:".len()..]
        .trim()
        .parse()
        .unwrap_or_else(|error| panic!("{context}: {to}: {error}"));
    let addresses: Vec<String> = boxes.into_iter().map(|one| one.email.to_string()).collect();
    assert_eq!(
        addresses,
        std::slice::from_ref(&draft.to.address),
        "{context}"
    );
    assert!(text.lines().all(|line| line.len() <= 998), "{context}");
}

#[test]
fn nasty_cells_stay_text_in_every_part() {
    for text in NASTY {
        check(text);
    }
}

#[test]
fn the_scene_reaches_several_kinds() {
    let made = Ledger::default().look(scene("Compagnie du Nord"));
    let kinds: std::collections::BTreeSet<_> =
        made.due.drafts.iter().map(|draft| draft.kind).collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_cell_stays_text(text in "\\PC{0,40}|[ -~]{0,40}|[*_`<>\\[\\](){}!#|\\\\ a-c\n\r]{0,30}") {
        check(&text);
    }
}
