//! Hostile text in every cell that a person types: it stays text in e-mails, workbooks, tables and
//! JSON, and changes no name, no address and no line.

mod scene;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;

use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};

use super::oracle::extension;
use crate::folder::{Folder, text};

/// So many strings in all unless `PEER_CULTURE_STRINGS` says it, so many of them in a programme.
const STRINGS: u64 = if cfg!(debug_assertions) { 1_000 } else { 5_000 };
const A_PROGRAMME: u64 = 1_000;
/// People a workshop takes.
const PLACES: u64 = 12;

const SETTINGS: &[u8] =
    b"[coordinator]\nname = \"Lou\"\nemail = \"lou@example.org\"\n\n[mail]\nmax_per_run = 100000\n";
const TODAY: &str = "2020-12-10";

#[test]
fn hostile_text_stays_text_everywhere() {
    let strings = super::number("PEER_CULTURE_STRINGS", STRINGS);
    let mut mails = 0;
    for first in (0..strings).step_by(usize::try_from(A_PROGRAMME).unwrap()) {
        mails += one_programme(first);
    }
    // Most strings leave something to read, and so reach an e-mail and more.
    println!("{strings} strings, {mails} e-mails");
    assert!(mails > usize::try_from(strings).unwrap(), "{mails}");
}

/// Runs a night over strings from that one on; returns how many e-mails it wrote.
fn one_programme(first: u64) -> usize {
    let folder = Folder::new();
    folder.file("programme.toml", SETTINGS);
    scene::write(&folder, first);
    let before: BTreeSet<_> = folder
        .snapshot()
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    for command in ["check", "plan"] {
        let output = folder.run(command, &["--today", TODAY]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        calm(&text(&output.stdout), command);
        assert_eq!(text(&output.stderr), "");
    }
    lines(&folder);
    let (code, done) = folder.json("run", &["--today", TODAY]);
    assert_eq!(code, Some(0), "{done}");
    let accepted = done["mails"].as_array().unwrap().iter();
    let accepted = accepted.filter(|mail| mail["state"] == "accepted").count();
    let names = folder.mails();
    assert_eq!(names.len(), accepted);
    let mut recipients = BTreeSet::new();
    for name in &names {
        plain(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.");
        let bytes = fs::read(folder.path().join("controles/courriels").join(name)).unwrap();
        let to = letter(&bytes, name);
        assert!(
            to.ends_with("@personne.example.org") || to == "lou@example.org",
            "{to}"
        );
        recipients.insert((name.split('_').nth(1).unwrap().to_owned(), to));
    }
    assert!(recipients.len() > names.len() / 2);
    for (path, _) in folder.snapshot() {
        let inside = path.strip_prefix(folder.path()).unwrap();
        let ours = inside.starts_with("controles") || inside.starts_with(".peer-culture");
        assert!(ours || before.contains(&path), "{}", path.display());
        plain(
            &inside.to_string_lossy(),
            "abcdefghijklmnopqrstuvwxyz0123456789-_./ ",
        );
    }
    for name in folder.names("controles") {
        if extension(&name) == Some("xlsx") {
            no_formulas(
                &fs::read(folder.path().join("controles").join(&name)).unwrap(),
                &name,
            );
        }
    }
    // The list of what was sent is read in a terminal too.
    let output = folder.run("outbox", &[]);
    calm(&text(&output.stdout), "outbox");
    names.len()
}

/// Nothing that a terminal takes for more than letters.
fn calm(said: &str, what: &str) {
    let odd = said.chars().find(|letter| {
        (letter.is_control() && *letter != '\n')
            || matches!(*letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    });
    assert_eq!(odd, None, "{what}: {said}");
}

/// `check` prints a line a finding, and for each sheet a blank line and its name.
fn lines(folder: &Folder) {
    let (_, checked) = folder.json("check", &["--today", TODAY]);
    let findings = checked["findings"].as_array().unwrap();
    let sheets: BTreeSet<(&str, &str)> = findings
        .iter()
        .map(|finding| {
            (
                finding["workbook"].as_str().unwrap(),
                finding["sheet"].as_str().unwrap(),
            )
        })
        .collect();
    let said = text(&folder.run("check", &["--today", TODAY]).stdout);
    let wanted = 1 + findings.len() + 2 * sheets.len() + 2;
    assert_eq!(said.lines().count(), wanted, "{said}");
}

/// A name of a file of ours: nothing of a cell is in it.
fn plain(name: &str, letters: &str) {
    assert!(
        name.chars().all(|letter| letters.contains(letter)),
        "{name}"
    );
}

/// Looks at an e-mail as a mail program does; returns its one recipient.
fn letter(bytes: &[u8], name: &str) -> String {
    let raw = std::str::from_utf8(bytes).unwrap();
    assert!(raw.is_ascii(), "{name}");
    assert!(!raw.replace("\r\n", "").contains(['\r', '\n']), "{name}");
    assert!(raw.lines().all(|line| line.len() <= 998), "{name}");
    let message = MessageParser::default().parse(bytes).unwrap();
    let mut headers: Vec<&str> = message
        .root_part()
        .headers
        .iter()
        .map(mail_parser::Header::name)
        .collect();
    headers.sort_unstable();
    headers.dedup();
    assert_eq!(
        headers.len(),
        message.root_part().headers.len(),
        "{name}: {headers:?}"
    );
    let known = [
        "Auto-Submitted",
        "Content-Language",
        "Content-Type",
        "Date",
        "From",
        "In-Reply-To",
        "MIME-Version",
        "Message-ID",
        "References",
        "Reply-To",
        "Subject",
        "To",
    ];
    assert!(
        headers.iter().all(|header| known.contains(header)),
        "{name}: {headers:?}"
    );
    assert!(message.cc().is_none() && message.bcc().is_none());
    let subject = message.subject().unwrap();
    assert!(!subject.contains(char::is_control), "{name}: {subject:?}");
    for part in &message.parts {
        match &part.body {
            PartType::Html(html) => only_our_tags(html, name),
            PartType::Text(calendar)
                if part
                    .content_type()
                    .is_some_and(|kind| kind.subtype() == Some("calendar")) =>
            {
                one_event(calendar, name);
            }
            PartType::Text(words) => {
                assert!(!words.contains('\u{1b}') && !words.contains('\0'), "{name}");
            }
            _ => {}
        }
    }
    only(&message, name)
}

fn only(message: &Message<'_>, name: &str) -> String {
    let Some(Address::List(list)) = message.to() else {
        panic!("{name}: {:?}", message.to());
    };
    assert_eq!(list.len(), 1, "{name}: {list:?}");
    list[0].address().unwrap().to_owned()
}

/// Every `<` begins a tag of the layout, and no address or order stands in one.
fn only_our_tags(html: &str, name: &str) {
    let ours = [
        "!DOCTYPE", "a", "body", "br", "div", "em", "h1", "h2", "h3", "head", "html", "li", "meta",
        "ol", "p", "strong", "style", "title", "ul",
    ];
    for tag in html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let named = tag
            .trim_start_matches('/')
            .split([' ', '/'])
            .next()
            .unwrap();
        assert!(ours.contains(&named), "{name}: <{tag}> in {html}");
        if named == "a" && !tag.starts_with('/') {
            assert_eq!(tag, "a href=\"mailto:lou@example.org\"", "{name}");
        }
        for word in ["evil", "javascript", "alert", " on", "url("] {
            assert!(!tag.contains(word), "{name}: <{tag}> in {html}");
        }
    }
}

fn one_event(calendar: &str, name: &str) {
    let unfolded = calendar.replace("\r\n ", "").replace("\r\n\t", "");
    for word in [
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
    ] {
        let count = unfolded.lines().filter(|line| *line == word).count();
        assert_eq!(count, 1, "{name}: {word} in {calendar}");
    }
    for line in unfolded.lines() {
        let named = line.split([':', ';']).next().unwrap();
        let proper = !named.is_empty()
            && named
                .chars()
                .all(|letter| letter.is_ascii_uppercase() || letter == '-');
        assert!(proper, "{name}: {line:?} in {calendar}");
        // What stands in quotes is a name.
        let value = line.split('"').step_by(2).collect::<String>();
        let value = value.split_once(':').unwrap().1;
        match named {
            "ATTENDEE" => assert!(
                value.starts_with("mailto:") && value.ends_with("@personne.example.org"),
                "{name}: {line}"
            ),
            "ORGANIZER" => assert_eq!(value, "mailto:lou@example.org", "{name}: {line}"),
            _ => {}
        }
    }
}

/// Our copies add texts and numbers, never a formula; the dashboard has links of its own only.
fn no_formulas(bytes: &[u8], name: &str) {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let path = part.name().unwrap().into_owned();
        let mut content = String::new();
        if path.starts_with("xl/worksheets/sheet") {
            part.read_to_string(&mut content).unwrap();
            let dangerous = [
                "<f>cmd",
                "<f>HYPERLINK(\"http://evil",
                "<f>SUM(A1)",
                "<f>1+1",
                "<f>2+3",
            ];
            for formula in dangerous {
                assert!(!content.contains(formula), "{name} {path}");
            }
            let ours = name.starts_with("tableau");
            assert!(ours || !content.contains("<f"), "{name} {path}");
        }
        if extension(&path) == Some("rels") {
            part.read_to_string(&mut content).unwrap();
            assert!(
                !content.contains("evil.example"),
                "{name} {path}: {content}"
            );
        }
    }
}
