//! A night that is more likely a broken workbook, a lost ledger or a wrong clock than a busy day:
//! nothing goes without the coordinator's yes, and she is told so first.

use std::fs;

use serde_json::Value;

use crate::answers::{DASHBOARD, FIRST, SECOND, THIRD, answer, count, rows};
use crate::folder::{Folder, program, text};
use crate::post_office::PostOffice;

/// So many e-mails go by themselves on the sample's first night.
const SENT: usize = 54;

pub fn with_setting(folder: &Folder, line: &str) {
    let path = folder.path().join("programme.toml");
    let settings = fs::read_to_string(&path).unwrap();
    fs::write(path, settings.replace("[mail]", &format!("[mail]\n{line}"))).unwrap();
}

pub fn guard(printed: &Value) -> &str {
    printed["guard"].as_str().unwrap_or_default()
}

#[test]
fn as_many_as_a_run_may_send_go_and_one_more_holds_them_all() {
    for (limit, left) in [(SENT, SENT), (SENT - 1, 0)] {
        let folder = Folder::sample();
        with_setting(&folder, &format!("max_per_run = {limit}"));
        let first = folder.night(FIRST);
        assert_eq!(folder.mails().len(), left, "{limit}");
        assert_eq!(guard(&first).is_empty(), left > 0, "{limit}");
        let waiting = count(&folder, "awaiting");
        assert_eq!(waiting, SENT + 9 - left);
        if left > 0 {
            continue;
        }
        assert!(guard(&first).starts_with("54 courriels partiraient cette nuit, pour 53 au plus"));
        // They wait for her, and nothing else happens the night after.
        folder.night(SECOND);
        assert_eq!(folder.mails().len(), 0);
        answer(&folder, DASHBOARD, |sheet| {
            let row = rows(sheet, &[("Courriel", "Tous à la fois")])[0];
            sheet.set(row, "Envoyer\u{202f}?", "oui");
        });
        let third = folder.night(THIRD);
        assert_eq!(guard(&third), "", "her yes is not held again");
        assert_eq!(folder.mails().len(), waiting);
        // One is a reminder, written anew each night: fewer days are left.
        assert_eq!(third["retired"], 1);
    }
}

/// A broken workbook may take two nights to write to everybody, where the first could not send all.
#[test]
fn what_waits_since_an_earlier_night_counts_and_only_tonights_is_held() {
    let office = PostOffice::open();
    let folder = Folder::sample();
    let path = folder.path().join("programme.toml");
    let settings = fs::read_to_string(&path).unwrap();
    let by_post = settings.replace("transport = \"file\"", &office.settings());
    fs::write(&path, by_post).unwrap();
    with_setting(&folder, "max_per_run = 40");
    let workshops = folder.path().join("ateliers.xlsx");
    let bytes = fs::read(&workshops).unwrap();
    fs::remove_file(&workshops).unwrap();
    office.close(true);
    let (_, first) = folder.json("run", &["--today", FIRST]);
    assert_eq!(guard(&first), "");
    let waiting = count(&folder, "deferred") - 1;
    assert!((1..=40).contains(&waiting), "{waiting}, and the digest");
    fs::write(&workshops, bytes).unwrap();
    office.close(false);
    let second = folder.night(SECOND);
    let new = SENT - waiting;
    let said = guard(&second).replace(['\u{a0}', '\u{202f}'], " ");
    assert_eq!(
        said,
        format!(
            "54 courriels partiraient cette nuit, pour 40 au plus (mail.max_per_run) : {waiting} qui restaient d’une nuit précédente partent, {new} nouveaux attendent votre accord."
        )
    );
    // And the digest.
    assert_eq!(office.taken(), waiting + 1);
    // What she says yes to is not counted against the night.
    let approved = program()
        .args(["outbox", "approve"])
        .arg(folder.path())
        .args(["--all", "--today", SECOND])
        .output()
        .unwrap();
    assert!(approved.status.success(), "{}", text(&approved.stderr));
    let third = folder.night(THIRD);
    assert_eq!(guard(&third), "");
}

#[test]
fn a_ledger_put_back_from_a_backup_holds_what_it_does_not_know() {
    let folder = Folder::sample();
    folder.night("2020-12-01");
    let known = folder.mails().len();
    let state = folder.path().join(".peer-culture/ledger.sqlite3");
    let backup = fs::read(&state).unwrap();
    folder.night(FIRST);
    let sent = folder.mails().len();
    let again = folder.night(FIRST);
    assert_eq!(guard(&again), "", "the ledger knows what it sent");
    fs::write(&state, backup).unwrap();
    let planned = folder.run("plan", &["--today", FIRST]);
    assert!(text(&planned.stdout).contains("plus ancien que le dossier controles"));
    let held = folder.night(FIRST);
    assert!(guard(&held).contains("plus ancien que le dossier controles"));
    assert_eq!(folder.mails().len(), sent, "nothing left twice");
    assert!(
        count(&folder, "awaiting") >= sent - known,
        "{known} of {sent}"
    );
    // They wait for her from then on, and so does what is new (gap.rs).
    let next = folder.night(SECOND);
    assert!(
        guard(&next).contains("Depuis le 12/01/2021"),
        "{}",
        guard(&next)
    );
    assert_eq!(folder.mails().len(), sent);
}

/// Workshops of 12, `people` registered one each.
fn crowd(people: usize, cancelled: usize) -> Folder {
    let folder = Folder::new();
    write_crowd(&folder, people, cancelled);
    folder
}

fn write_crowd(folder: &Folder, people: usize, cancelled: usize) {
    let texts = |row: &[&str]| row.iter().map(|text| (*text).to_owned()).collect();
    let mut workshops: Vec<Vec<String>> = vec![texts(&[
        "Référence",
        "Titre",
        "Axe",
        "Date",
        "Demi-journée",
        "Animateurs",
        "Lieu",
    ])];
    for number in 0..people.div_ceil(12) {
        let reference = format!("AT-{number:02}");
        let day = format!("{:02}/02/2021", number + 1);
        workshops.push(texts(&[
            &reference,
            "Se situer",
            "conditions de travail",
            &day,
            "matin",
            "Anna Roux",
            "Toulouse",
        ]));
    }
    let mut registrations: Vec<Vec<String>> =
        vec![texts(&["Inscrit le", "Atelier", "Nom", "Email", "État"])];
    for number in 0..people {
        let reference = format!("AT-{:02}", number / 12);
        let email = format!("p{number:02}@example.org");
        let state = if number < cancelled { "annulée" } else { "" };
        registrations.push(texts(&[
            "05/01/2021 10:00",
            &reference,
            "Zoé Martin",
            &email,
            state,
        ]));
    }
    let members = texts(&[
        "Structure",
        "Forme juridique",
        "Immatriculation",
        "Commune",
        "Code postal",
        "Domaine",
        "Référent",
        "Email",
        "Statut",
        "Cotisation",
        "Payée le",
    ]);
    let persons = vec![
        texts(&["Nom", "Structure", "Email", "Spécialités", "Type"]),
        texts(&[
            "Anna Roux",
            "Conseil",
            "anna@example.org",
            "conditions de travail",
            "partenaire",
        ]),
    ];
    folder.workbook(
        "programme.xlsx",
        &[
            ("Adhérents", vec![members]),
            ("Personnes ressources", persons),
            ("Ateliers", workshops),
            ("Inscriptions", registrations),
        ],
    );
}

#[test]
fn cancellations_to_a_fifth_go_and_to_more_wait() {
    // People told, cancelled, held: never for five, then as soon as it is more than a fifth.
    for (people, cancelled, held) in [
        (6, 5, false),
        (6, 6, true),
        (30, 6, false),
        (29, 6, true),
        (35, 7, false),
        (34, 7, true),
    ] {
        let folder = crowd(people, 0);
        folder.night("2021-01-12");
        assert_eq!(folder.mails().len(), people, "{people}");
        write_crowd(&folder, people, cancelled);
        let second = folder.night("2021-01-13");
        let left = folder.mails().len() - people;
        assert_eq!(
            left,
            if held { 0 } else { cancelled },
            "{people}, {cancelled}"
        );
        assert_eq!(
            guard(&second).contains("annulations"),
            held,
            "{}",
            guard(&second)
        );
        assert_eq!(count(&folder, "awaiting"), if held { cancelled } else { 0 });
    }
}

#[test]
fn a_held_night_holds_what_is_new_in_it_too_and_says_why_in_each_row() {
    let folder = crowd(12, 0);
    folder.night("2021-01-12");
    write_crowd(&folder, 14, 7);
    let second = folder.night("2021-01-13");
    assert_eq!(folder.mails().len(), 12);
    assert_eq!(second["mails"].as_array().unwrap().len(), 9);
    assert_eq!(count(&folder, "awaiting"), 9);
    answer(&folder, DASHBOARD, |sheet| {
        for row in rows(
            sheet,
            &[
                ("Courriel", "Inscription confirmée"),
                ("État", "en attente de votre accord"),
            ],
        ) {
            let why = sheet.get(row, "Pourquoi").to_string();
            assert!(
                why.contains(
                    "Retenu\u{a0}: annulations ou modifications à 7 personnes d’un coup, sur 12"
                ),
                "{why}"
            );
        }
    });
}

#[test]
fn what_holds_a_night_is_said_first() {
    let folder = Folder::sample();
    with_setting(&folder, "max_per_run = 10");
    for command in ["plan", "run"] {
        let said = text(&folder.run(command, &["--today", FIRST]).stdout);
        let second = said.lines().nth(1).unwrap();
        assert!(
            second.starts_with("! 54 courriels partiraient cette nuit"),
            "{said}"
        );
    }
}

#[test]
fn a_first_run_after_a_year_of_rows_writes_to_nobody_about_the_past() {
    let folder = Folder::sample();
    let first = folder.night("2021-12-01");
    let mails = first["mails"].as_array().unwrap();
    assert_eq!(folder.mails(), [""; 0], "{mails:#?}");
    assert_eq!(count(&folder, "awaiting"), 0);
    assert_eq!(guard(&first), "");
}

#[test]
fn a_lost_ledger_is_seen_by_what_earlier_nights_wrote() {
    let folder = Folder::sample();
    folder.night(FIRST);
    fs::remove_dir_all(folder.path().join(".peer-culture")).unwrap();
    let before = folder.mails();
    let (_, planned) = folder.json("plan", &["--today", SECOND]);
    assert!(
        guard(&planned).contains(".peer-culture"),
        "{}",
        guard(&planned)
    );
    let second = folder.night(SECOND);
    assert!(guard(&second).contains(".peer-culture"));
    assert_eq!(folder.mails(), before);
    let waiting = count(&folder, "awaiting");
    assert!(waiting > SENT, "{waiting}");
    folder.night(THIRD);
    assert_eq!(folder.mails(), before, "nor the night after");
    // One that never sent anything is nothing lost.
    let quiet = Folder::sample();
    quiet.night("2021-12-01");
    let second = quiet.night("2021-12-02");
    assert_eq!(guard(&second), "");
}

/// A new registration, which would be confirmed.
pub fn register(folder: &Folder, name: &str) {
    folder.edit("ateliers.xlsx", |book| {
        let email = format!("{name}@example.org");
        book.sheet_mut("Inscriptions").push(&[
            ("Inscrit le", "10/01/2021 09:00"),
            ("Atelier", "AT-05"),
            ("Nom", name),
            ("Email", &email),
        ]);
    });
}

#[test]
fn a_clock_that_stays_behind_is_wrong_every_night_until_she_says_it_is_right() {
    let folder = Folder::sample();
    folder.night(FIRST);
    // One night the computer believes that it is August; then it knows better.
    folder.night("2021-08-30");
    let before = folder.mails();
    for (day, name) in [(SECOND, "zoe"), (THIRD, "yan"), ("2021-01-15", "xena")] {
        register(&folder, name);
        let night = folder.night(day);
        assert!(
            guard(&night).contains("30/08/2021"),
            "{day}: {}",
            guard(&night)
        );
        assert_eq!(folder.mails(), before, "{day}");
    }
    let waiting = count(&folder, "awaiting");
    answer(&folder, DASHBOARD, |sheet| {
        let row = rows(sheet, &[("Courriel", "Date d’aujourd’hui")])[0];
        sheet.set(row, "Envoyer\u{202f}?", "oui");
    });
    register(&folder, "walid");
    let fourth = folder.night("2021-01-16");
    assert_eq!(guard(&fourth), "");
    assert_eq!(fourth["answers"]["clock_trusted"], true);
    let new: Vec<String> = folder
        .mails()
        .into_iter()
        .filter(|name| !before.contains(name))
        .collect();
    assert!(
        new.iter()
            .any(|name| name.contains("inscription-confirmee")),
        "{new:?}"
    );
    // What was held still waits for its own yes, but for what has passed meanwhile.
    assert!(count(&folder, "awaiting") > 9 && count(&folder, "awaiting") <= waiting);
    answer(&folder, DASHBOARD, |sheet| {
        assert!(rows(sheet, &[("Courriel", "Date d’aujourd’hui")]).is_empty());
    });
    assert_eq!(guard(&folder.night("2021-01-17")), "");
}

#[test]
fn the_date_is_trusted_at_the_command_line_too() {
    let folder = Folder::sample();
    let trust = |today: &str| {
        let mut program = program();
        program.args(["outbox", "trust-date"]).arg(folder.path());
        program.args(["--today", today]).output().unwrap()
    };
    assert_eq!(trust(FIRST).status.code(), Some(2), "nothing ever ran");
    folder.night("2021-08-30");
    assert!(!guard(&folder.night(FIRST)).is_empty());
    let said = trust(FIRST);
    assert_eq!(said.status.code(), Some(0));
    assert!(text(&said.stdout).contains("malgré le contrôle daté du 30/08/2021"));
    register(&folder, "zoe");
    let second = folder.night(SECOND);
    assert_eq!(guard(&second), "");
    assert!(!folder.mails().is_empty());
    assert!(text(&trust(SECOND).stdout).contains("rien n’a changé"));
}

#[test]
fn what_an_earlier_night_could_not_send_waits_too_while_the_clock_is_wrong() {
    let folder = Folder::sample();
    // In the place of the folder that the e-mails go to: everything is to be tried again.
    let obstacle = folder.file("controles/courriels", b"");
    let (code, _) = folder.json("run", &["--today", SECOND]);
    assert_eq!(code, Some(3));
    fs::remove_file(obstacle).unwrap();
    let earlier = folder.night(FIRST);
    assert!(!guard(&earlier).is_empty());
    assert_eq!(folder.mails(), [""; 0]);
    assert_eq!(
        (count(&folder, "planned"), count(&folder, "deferred")),
        (0, 0)
    );
    assert!(count(&folder, "awaiting") >= SENT);
}
