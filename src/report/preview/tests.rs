use super::*;
use crate::mails::Kind;

fn empty() -> Preview<'static> {
    Preview {
        title: "PEER CULTURE · Session #2".to_owned(),
        day: NaiveDate::from_ymd_opt(2021, 1, 12).unwrap(),
        guard: None,
        problems: Vec::new(),
        letters: Vec::new(),
        changes: Vec::new(),
    }
}

fn letter(status: Status, words: &str) -> Letter {
    let person = |address: &str| Person {
        name: words.to_owned(),
        address: address.to_owned(),
    };
    Letter {
        status,
        left_over: Some(words.to_owned()),
        kind: Kind::RegistrationConfirmed,
        why: words.to_owned(),
        about: Some(words.to_owned()),
        seen: Seen {
            to: person("camille@example.org"),
            from: person("ines@example.org"),
            reply_to: person("paul@example.org"),
            subject: words.to_owned(),
            text: words.to_owned(),
            html: format!("<p title=\"a\">{words}</p>"),
            calendar: Some(format!(
                "METHOD:REQUEST\nBEGIN:VEVENT\nSEQUENCE:0\nDTSTART;VALUE=DATE:20210105\nDTEND;VALUE=DATE:20210106\nSUMMARY:{words}\nLOCATION:{words}\nDESCRIPTION:{words}\n"
            )),
            is_answer: true,
        },
    }
}

#[test]
fn a_night_without_anything_says_so() {
    let page = page(&empty());
    assert!(page.contains("Aucun courriel"));
    assert!(page.contains("Aucune cellule ne change"));
    assert!(!page.contains("class=\"tools\""));
}

#[test]
fn what_awaits_a_yes_comes_first_and_a_doubt_is_named() {
    let mut preview = empty();
    preview.guard = Some("Trop de courriels.");
    preview.problems = vec!["Un modèle est à corriger.".to_owned()];
    for status in [Status::AwaitsApproval, Status::Goes, Status::InDoubt] {
        preview.letters.push(letter(status, "Bonjour"));
    }
    let page = page(&preview);
    let at = |text: &str| {
        page.find(text)
            .unwrap_or_else(|| panic!("{text} is missing"))
    };
    assert!(at("Trop de courriels.") < at("Un modèle est à corriger."));
    assert!(at("id=\"accord\"") < at("id=\"envois\""));
    assert!(at("id=\"envois\"") < at("id=\"doutes\""));
    assert!(at("id=\"doutes\"") < at("id=\"cellules\""));
}

#[test]
fn whatever_a_cell_holds_stays_text() {
    for words in [
        "</script><script>alert(1)</script>",
        "\"></iframe><img src=x onerror=alert(1)>",
        "'\" onload=\"alert(1)",
        "</pre></details><h1>",
        "&lt;b&gt; &amp;",
    ] {
        let mut preview = empty();
        preview.title = words.to_owned();
        preview.letters.push(letter(Status::Goes, words));
        preview.changes.push(SheetChanges {
            file: words.to_owned(),
            sheet: words.to_owned(),
            rows: vec![changes::RowChanges {
                row: 2,
                key: words.to_owned(),
                cells: vec![changes::CellChange {
                    header: "Alertes (auto)",
                    before: words.to_owned(),
                    after: words.to_owned(),
                    verdict: None,
                }],
            }],
        });
        let plain = {
            let mut plain = empty();
            plain.letters.push(letter(Status::Goes, "x"));
            plain.changes.push(SheetChanges {
                file: "x".to_owned(),
                sheet: "x".to_owned(),
                rows: vec![changes::RowChanges {
                    row: 2,
                    key: "x".to_owned(),
                    cells: vec![changes::CellChange {
                        header: "Alertes (auto)",
                        before: "x".to_owned(),
                        after: "x".to_owned(),
                        verdict: None,
                    }],
                }],
            });
            page(&plain)
        };
        assert_eq!(tags(&page(&preview)), tags(&plain), "{words}");
    }
}

/// How many tags a browser would see, and how many attributes end: quotes and brackets in quotes
/// don't count.
fn tags(page: &str) -> (usize, usize) {
    let (mut tags, mut quotes, mut in_tag, mut in_value) = (0, 0, false, false);
    for c in page.chars() {
        match c {
            '"' if in_tag => {
                in_value = !in_value;
                quotes += 1;
            }
            '<' if !in_tag => {
                in_tag = true;
                tags += 1;
            }
            '>' if in_tag && !in_value => in_tag = false,
            _ => {}
        }
    }
    (tags, quotes)
}
