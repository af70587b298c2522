//! Hostile text in every cell that reaches an e-mail: it stays text, and there is one recipient.

use chrono::DateTime;
use mail_parser::MessageParser;
use proptest::prelude::*;

use crate::config::Settings;
use crate::mails::scenario::{Ledger, TEMPLATES};
use crate::mails::{Draft, Rendered, message, message_id};
use crate::rules::scene::Scene;

/// Mail programs cut a message off at about 102 kB.
const MOST_BYTES: usize = 100_000;

/// All headers of a message that answers no earlier one.
const HEADERS: [&str; 10] = [
    "Auto-Submitted",
    "Content-Language",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Reply-To",
    "Subject",
    "To",
];

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
    let shown = crate::french::typographic(&clean);
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
        // And the cell reads as it was typed, in both parts; a whole page in a cell is cut.
        if draft.to.name == clean && clean.chars().count() <= 500 {
            assert!(
                rendered.text.contains(&format!("Bonjour {shown},")),
                "{context}: {}",
                rendered.text
            );
            assert!(
                seen(&rendered.html).contains(&format!("Bonjour {shown},")),
                "{context}"
            );
        }
        check_message(draft, &rendered, &context);
    }
}

/// The e-mail as a mail program reads it: exactly our headers, one recipient, the words as they
/// were rendered.
fn check_message(draft: &Draft, rendered: &Rendered, context: &str) {
    let settings =
        Settings::parse("[coordinator]\nname = \"Inès\"\nemail = \"ines@peer.example.org\"\n")
            .unwrap();
    let bytes = written(draft, rendered, &settings);
    let text = str::from_utf8(&bytes).unwrap();
    assert!(text.is_ascii(), "{context}");
    assert!(
        !text.replace("\r\n", "").contains(['\r', '\n']),
        "{context}"
    );
    assert!(text.lines().all(|line| line.len() <= 998), "{context}");
    // RFC 2047 §2.
    let encoded = text.lines().filter(|line| line.contains("=?utf-8?"));
    for line in encoded {
        assert!(line.len() <= 76, "{}: {line}", line.len());
    }
    let message = MessageParser::default().parse(&bytes).unwrap();
    let mut names: Vec<&str> = message
        .headers()
        .iter()
        .map(mail_parser::Header::name)
        .collect();
    names.sort_unstable();
    assert_eq!(names, HEADERS, "{context}");
    let boxes: Vec<_> = message.to().unwrap().iter().collect();
    assert_eq!(boxes.len(), 1, "{context}");
    assert_eq!(
        boxes[0].address(),
        Some(draft.to.address.as_str()),
        "{context}"
    );
    // Where a header is folded, how many blanks stood there is the reader's choice (RFC 5322 §2.2.3).
    let plain = |text: &str| {
        let text = text.replace("= ?", "=?");
        text.split(' ')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let shown = boxes[0].name().unwrap_or_default();
    // A name of more than 200 characters is cut.
    let typed: String = draft.to.name.chars().take(200).collect();
    assert!(
        plain(shown).trim_end_matches('…').trim() == plain(&typed).as_str(),
        "{context}: {shown:?} for {typed:?}"
    );
    assert_eq!(
        plain(message.subject().unwrap()),
        plain(&rendered.subject),
        "{context}"
    );
    let lines = |text: &str| text.replace("\r\n", "\n");
    for (found, wanted) in [
        (message.body_text(0), &rendered.text),
        (message.body_html(0), &rendered.html),
    ] {
        assert_eq!(lines(&found.unwrap()), *wanted, "{context}");
    }
    assert!(bytes.len() < MOST_BYTES, "{context}: {} bytes", bytes.len());
}

fn written(draft: &Draft, rendered: &Rendered, settings: &Settings) -> Vec<u8> {
    let id = message_id(draft.kind, &draft.key, &draft.to.address, settings).unwrap();
    let date = DateTime::parse_from_rfc3339("2021-01-22T04:30:00+01:00").unwrap();
    message(rendered, draft, settings, date, &id, None).unwrap()
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

#[test]
fn a_whole_page_in_every_cell_is_cut() {
    // Excel's limit, of characters that cost the most when they are escaped and encoded.
    for page in ["<&é🎭\"'", "a b", "*_[", "\n- "] {
        check(&page.chars().cycle().take(32_767).collect::<String>());
    }
}

#[test]
fn a_coordinators_name_is_as_odd_as_any() {
    let made = Ledger::default().look(scene("Camille"));
    let draft = &made.due.drafts[0];
    let rendered = TEMPLATES.render(draft, &made.season).unwrap();
    for name in NASTY {
        let mut settings = Settings::default();
        (*name).clone_into(&mut settings.coordinator.name);
        "ines@peer.example.org".clone_into(&mut settings.coordinator.email);
        settings.mail.reply_to = settings.coordinator.mailbox();
        let bytes = written(draft, &rendered, &settings);
        let message = MessageParser::default().parse(&bytes).unwrap();
        for list in [message.from(), message.reply_to()] {
            let addresses: Vec<_> = list.unwrap().iter().map(|one| one.address()).collect();
            assert_eq!(addresses, [Some("ines@peer.example.org")], "{name}");
        }
        assert_eq!(message.headers().len(), HEADERS.len(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_readable_address_is_one_recipient(
        local in "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\\.[a-z0-9!#%&'*+=?^{|}~-]{1,10})?",
        domain in "[a-z0-9é]{1,10}\\.(fr|example\\.org|xn--p1ai)",
    ) {
        let address = format!("{local}@{domain}");
        prop_assume!(crate::model::email::is_valid(&address));
        let made = Ledger::default().look(scene("Camille"));
        let mut draft = made.due.drafts[0].clone();
        let rendered = TEMPLATES.render(&draft, &made.season).unwrap();
        draft.to.address.clone_from(&address);
        let bytes = written(&draft, &rendered, &Settings::default());
        let message = MessageParser::default().parse(&bytes).unwrap();
        let found: Vec<_> = message.to().unwrap().iter().map(|one| one.address()).collect();
        let ascii = crate::model::email::to_ascii(&address).unwrap();
        prop_assert_eq!(found, [Some(ascii.as_ref())]);
    }

    #[test]
    fn any_cell_stays_text(text in "\\PC{0,40}|[ -~]{0,40}|[*_`<>\\[\\](){}!#|\\\\ a-c\n\r]{0,30}") {
        check(&text);
    }
}
