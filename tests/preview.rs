//! The preview: one page, nothing else written, and a real browser shows it.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::book::Book;
use crate::folder::{Folder, text};

const CAMILLE: [(&str, &str); 2] = [
    ("Atelier", "AT-03"),
    ("Email", "camille.garrigue@example.org"),
];

const PAGE: &str = "controles/apercu/index.html";

fn page(folder: &Folder) -> String {
    fs::read_to_string(folder.path().join(PAGE)).unwrap()
}

/// What the preview printed as JSON; all went well.
fn preview(folder: &Folder, today: &str) -> Value {
    let (code, printed) = folder.json("preview", &["--today", today]);
    assert_eq!(code, Some(0), "{printed}");
    printed
}

#[test]
fn it_writes_its_page_and_nothing_else() {
    for days in [&["2021-01-12"][..], &["2021-01-12", "2021-01-13"]] {
        let folder = Folder::sample();
        for night in &days[1..] {
            folder.night(night);
        }
        let today = days[0];
        let before = folder.snapshot();
        preview(&folder, today);
        let mut after = folder.snapshot();
        after.retain(|(path, _)| !path.ends_with(PAGE));
        assert!(after == before, "another file was written");
        let first = page(&folder);
        preview(&folder, today);
        assert!(page(&folder) == first, "the same night gives the same page");
    }
}

#[test]
fn it_shows_every_e_mail_of_the_night_and_every_cell() {
    let folder = Folder::sample();
    let printed = preview(&folder, "2021-01-12");
    let count = |field: &str| printed[field].as_u64().unwrap();
    // And the digest.
    assert_eq!(count("going"), 54 + 1);
    assert_eq!(count("awaiting_approval"), 9);
    assert!(count("cells") > 400, "{printed}");
    let page = page(&folder);
    assert_eq!(
        page.matches("<details class=\"letter\"").count(),
        54 + 1 + 9
    );
    assert_eq!(page.matches("BEGIN:VCALENDAR").count(), 50);
    // Every e-mail that the night then sends was on the page, to the letter of its subject and text.
    folder.night("2021-01-12");
    for name in folder.mails().into_iter().chain(folder.digests()) {
        let bytes = fs::read(folder.path().join("controles/courriels").join(&name)).unwrap();
        let message = mail_parser::MessageParser::default().parse(&bytes).unwrap();
        let body = message.body_text(0).unwrap().replace("\r\n", "\n");
        for shown in [message.subject().unwrap(), &body] {
            assert!(page.contains(&escaped(shown)), "{name}: {shown}");
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;")
        .replace('=', "&#x3D;")
}

#[test]
fn after_a_night_it_shows_what_is_left_and_what_has_changed() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    let same = preview(&folder, "2021-01-12");
    assert_eq!(
        (&same["going"], &same["cells"]),
        (&0.into(), &0.into()),
        "{same}"
    );
    // The decisions still wait: they are shown as they were frozen.
    assert_eq!(same["awaiting_approval"], 9);
    assert!(page(&folder).contains("en attente de votre accord, depuis le 12/01/2021"));
    folder.edit("ateliers.xlsx", |book| {
        let sheet = book.sheet_mut("Inscriptions");
        let row = sheet.row(&CAMILLE);
        sheet.set(row, "État", "annulée");
    });
    let changed = preview(&folder, "2021-01-13");
    assert_eq!(changed["going"], 2 + 1, "{changed}");
    let page = page(&folder);
    let cells = page.split("id=\"cellules\"").nth(1).unwrap();
    let row = cells.split("camille.garrigue@example.org").nth(1).unwrap();
    let row = row.split("</tbody>").next().unwrap();
    for wanted in [
        "Place (auto)",
        ">confirmée<",
        ">annulée<",
        ">Inscription confirmée, 12/01/2021<",
        ">Inscription annulée, 13/01/2021<",
    ] {
        assert!(row.contains(wanted), "{wanted} in {row}");
    }
    // And a run writes just that.
    folder.night("2021-01-13");
    let copy = Book::open(&folder.path().join("controles/ateliers.xlsx"));
    let sheet = copy.sheet("Inscriptions");
    let row = sheet.row(&CAMILLE);
    let cell = |header| sheet.get(row, header).to_string();
    assert_eq!(cell("Place (auto)"), "annulée");
    let last = cell("Dernier courriel (auto)");
    assert_eq!(last, "Inscription annulée, 13/01/2021");
}

#[test]
fn rows_that_moved_are_no_change() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    folder.edit("accompagnements.xlsx", |book| {
        book.sheet_mut("Proximités").reverse();
    });
    assert_eq!(preview(&folder, "2021-01-12")["cells"], 0);
}

#[test]
fn the_page_asks_for_nothing_outside_itself() {
    let folder = Folder::sample();
    preview(&folder, "2021-01-12");
    let page = page(&folder);
    for remote in [
        "<link",
        "<img",
        "@import",
        "url(",
        " src=",
        "href=\"http",
        "<script src",
    ] {
        assert!(!page.contains(remote), "{remote}");
    }
    let links = page.matches("href=").count();
    let inside = page.matches("href=\"#").count() + page.matches("href=&quot;mailto:").count();
    assert_eq!(links, inside);
}

/// A headless Chromium; none where there is no such program (in CI there must be).
fn browser() -> Option<Command> {
    let there = |name: &&&str| {
        let found = Command::new(**name).arg("--version").output();
        found.is_ok_and(|output| output.status.success())
    };
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let Some(name) = names.iter().find(there) else {
        assert!(std::env::var_os("CI").is_none(), "chromium is missing");
        eprintln!("skipped: there is no chromium here");
        return None;
    };
    let mut command = Command::new(name);
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
    ]);
    command.args([
        "--virtual-time-budget=20000",
        "--enable-logging=stderr",
        "--dump-dom",
    ]);
    Some(command)
}

/// The page as the browser made it, and what it had to complain of.
fn shown(page: &Path, fragment: &str, window: &str) -> Option<(String, Vec<String>)> {
    let profile = tempfile::tempdir().unwrap();
    let output = browser()?
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--window-size={window}"))
        .arg(format!("file://{}{fragment}", page.display()))
        .output()
        .unwrap();
    let complaints = text(&output.stderr);
    let complaints = complaints.lines().filter(|line| line.contains("CONSOLE"));
    Some((
        text(&output.stdout),
        complaints.map(str::to_owned).collect(),
    ))
}

#[test]
fn a_browser_shows_a_letter_when_it_is_opened() {
    let folder = Folder::sample();
    preview(&folder, "2021-01-12");
    let path = folder.path().join(PAGE);
    let Some((closed, complaints)) = shown(&path, "", "1280,900") else {
        return;
    };
    assert_eq!(complaints, [""; 0]);
    assert!(closed.contains("<html lang=\"fr\" data-ready=\"oui\">"));
    assert_eq!(
        closed.matches("<details class=\"letter\"").count(),
        54 + 1 + 9
    );
    assert_eq!(closed.matches(" srcdoc=").count(), 0);
    let (open, complaints) = shown(&path, "#courriel-10", "1280,900").unwrap();
    assert_eq!(complaints, [""; 0]);
    assert_eq!(open.matches(" srcdoc=").count(), 1);
    let frame = open
        .split("<iframe")
        .find(|frame| frame.contains(" srcdoc="))
        .unwrap();
    assert!(frame.contains("sandbox=\"allow-same-origin\""));
    // It took the height of its letter.
    let height = frame.split("style=\"height: ").nth(1).unwrap();
    let height: u32 = height.split("px").next().unwrap().parse().unwrap();
    assert!((300..2000).contains(&height), "{height}");
}

/// On a phone nothing sticks out to the side, and the filter finds people.
#[test]
fn a_phone_shows_it_without_scrolling_sideways() {
    const PROBE: &str = "<script>addEventListener('load', () => {
        document.querySelectorAll('details').forEach((one) => { one.open = true; });
        const filter = document.getElementById('filter');
        filter.value = 'CASTERA elodie';
        filter.dispatchEvent(new Event('input'));
        document.body.dataset.found = document.querySelectorAll('details.letter').length
            - document.querySelectorAll('li[hidden] details.letter').length;
        const root = document.documentElement;
        root.dataset.wide = root.scrollWidth > innerWidth ? 'oui' : 'non';
    });</script></body>";
    let folder = Folder::sample();
    preview(&folder, "2021-01-12");
    let page = page(&folder);
    let (before, rest) = page.split_once("<meta http-equiv").unwrap();
    let (_, after) = rest.split_once('\n').unwrap();
    let (after, end) = after.rsplit_once("</body>").unwrap();
    let probed = format!("{before}{after}{PROBE}{end}");
    let path = folder.file("probe.html", probed.as_bytes());
    for window in ["360,800", "1280,900"] {
        let Some((shown, complaints)) = shown(&path, "", window) else {
            return;
        };
        assert_eq!(complaints, [""; 0]);
        assert!(shown.contains("data-wide=\"non\""), "{window}");
        assert!(shown.contains("data-found=\"1\""), "{window}");
    }
}
