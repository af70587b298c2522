//! `synthese`: the coordinator's morning e-mail.

use std::fs;

use mail_parser::{Message, MessageParser, MimeHeaders};
use serde_json::Value;

use crate::folder::{Folder, text};
use crate::post_office::{Manner, PostOffice};

pub const COORDINATOR: &str = "peer-culture@ma-sphere.example.org";

/// What a digest says.
pub struct Digest {
    pub subject: String,
    text: String,
    files: Vec<String>,
}

impl Digest {
    pub fn of(bytes: &[u8]) -> Self {
        let message: Message = MessageParser::default().parse(bytes).unwrap();
        let plain = |text: &str| text.replace(['\u{A0}', '\u{202F}'], " ");
        let files = message.attachments();
        Self {
            subject: plain(message.subject().unwrap()),
            text: plain(&message.body_text(0).unwrap()),
            files: files
                .map(|file| file.attachment_name().unwrap().to_owned())
                .collect(),
        }
    }

    fn latest(folder: &Folder) -> Self {
        let name = folder.digests().pop().unwrap();
        let path = folder.path().join("controles/courriels").join(name);
        Self::of(&fs::read(path).unwrap())
    }
}

fn settings(folder: &Folder, change: impl FnOnce(&str) -> String) {
    let path = folder.path().join("programme.toml");
    let toml = fs::read_to_string(&path).unwrap();
    let changed = change(&toml);
    assert_ne!(toml, changed);
    fs::write(path, changed).unwrap();
}

/// Adds a line to `[mail]`.
fn mail_setting(folder: &Folder, line: &str) {
    settings(folder, |toml| {
        toml.replace("[mail]\n", &format!("[mail]\n{line}\n"))
    });
}

/// The sample, sending to a post office.
pub fn by_post(office: &PostOffice) -> Folder {
    let folder = Folder::sample();
    settings(&folder, |toml| {
        toml.replace("transport = \"file\"", &office.settings())
    });
    folder
}

pub fn accepted(night: &Value) -> usize {
    let mails = night["mails"].as_array().unwrap();
    mails
        .iter()
        .filter(|mail| mail["state"] == "accepted")
        .count()
}

#[test]
fn each_day_of_run_has_one_with_the_dashboard_and_says_what_changed() {
    let folder = Folder::sample();
    let night = folder.night("2021-01-12");
    assert_eq!(night["digest"], "accepted");
    assert_eq!(folder.digests().len(), 1);
    let digest = Digest::latest(&folder);
    assert!(
        digest.subject.contains("mardi 12 janvier 2021"),
        "{}",
        digest.subject
    );
    for part in [
        "À décider d’abord",
        "9 courriels attendent votre accord : Décision sur la candidature (9).",
        "54 courriels rangés dans controles/courriels : ",
        "Inscription confirmée (33)",
        "Constats dans vos classeurs : ",
        "mercredi 13 janvier, matin",
        "(Rendez-vous, ligne 12)",
    ] {
        assert!(digest.text.contains(part), "{part} in {}", digest.text);
    }
    assert!(!digest.text.contains("Depuis le"), "{}", digest.text);
    assert_eq!(digest.files, ["tableau-de-bord.xlsx"]);

    folder.edit("ateliers.xlsx", |book| {
        book.sheet_mut("Inscriptions")
            .set(1, "Email", "pas une adresse");
    });
    folder.night("2021-01-13");
    assert_eq!(folder.digests().len(), 2);
    let text = Digest::latest(&folder).text;
    assert!(text.contains("Depuis le mardi 12 janvier 2021"), "{text}");
    assert!(text.contains("Nouveau, DON03 — "), "{text}");
    assert!(text.contains("(Inscriptions, ligne 2)"), "{text}");

    folder.edit("ateliers.xlsx", |book| {
        book.sheet_mut("Inscriptions")
            .set(1, "Email", "zoe.martin@example.org");
    });
    folder.night("2021-01-14");
    let text = Digest::latest(&folder).text;
    assert!(text.contains("Réglé, DON03 — "), "{text}");
}

#[test]
fn a_second_run_of_the_day_writes_and_sends_nothing() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    let controls = |folder: &Folder| -> Vec<_> {
        let files = folder.snapshot().into_iter();
        files
            .filter(|(path, _)| path.starts_with(folder.path().join("controles")))
            .collect()
    };
    let before = controls(&folder);
    let again = folder.night("2021-01-12");
    assert_eq!(again["digest"], Value::Null);
    assert_eq!(again["dashboard"]["state"], "unchanged");
    assert!(controls(&folder) == before);
}

#[test]
fn without_news_there_is_none_where_she_set_it_so() {
    let folder = Folder::sample();
    mail_setting(&folder, "digest = \"news\"");
    assert_eq!(folder.night("2021-12-20")["digest"], "accepted");
    assert_eq!(folder.night("2021-12-21")["digest"], Value::Null);
    folder.edit("ateliers.xlsx", |book| {
        book.sheet_mut("Inscriptions")
            .set(1, "Email", "pas une adresse");
    });
    assert_eq!(folder.night("2021-12-22")["digest"], "accepted");
    assert_eq!(folder.digests().len(), 2);
}

#[test]
fn nobody_who_coordinates_by_e_mail_gets_none() {
    let folder = Folder::sample();
    settings(&folder, |toml| {
        let lines = toml.lines().filter(|line| !line.starts_with("email"));
        lines.collect::<Vec<&str>>().join("\n")
    });
    let night = folder.night("2021-01-12");
    assert_eq!(night["digest"], Value::Null);
    assert!(folder.digests().is_empty());
}

#[test]
fn switched_off_it_stays_at_home() {
    let folder = Folder::sample();
    mail_setting(&folder, "kinds = { synthese = \"off\" }");
    assert_eq!(folder.night("2021-01-12")["digest"], Value::Null);
    assert!(folder.digests().is_empty());
}

#[test]
fn a_guard_that_holds_the_others_is_the_first_thing_it_says() {
    let folder = Folder::sample();
    mail_setting(&folder, "max_per_run = 0");
    let night = folder.night("2021-01-12");
    assert_eq!(night["digest"], "accepted");
    assert!(folder.mails().is_empty());
    let text = Digest::latest(&folder).text;
    let (_, decisions) = text.split_once("À décider d’abord").unwrap();
    let first = decisions.trim().lines().next().unwrap();
    assert!(
        first.contains("54 courriels partiraient cette nuit"),
        "{first}"
    );
}

/// The ledger is gone: nothing leaves without her yes, and the digest is what asks for it.
#[test]
fn it_leaves_though_the_ledger_was_lost() {
    let folder = Folder::sample();
    folder.night("2021-01-12");
    fs::remove_dir_all(folder.path().join(".peer-culture")).unwrap();
    let before = folder.mails();
    assert_eq!(folder.night("2021-01-13")["digest"], "accepted");
    assert_eq!(folder.mails(), before);
    let text = Digest::latest(&folder).text;
    assert!(text.contains("Le registre des courriels manque"), "{text}");
}

fn sums(night: &Value) -> (u64, u64) {
    let totals = night["mail_totals"].as_object().unwrap();
    let parts = totals.iter().filter(|(name, _)| *name != "planned");
    let sum = parts.map(|(_, count)| count.as_u64().unwrap()).sum();
    (totals["planned"].as_u64().unwrap(), sum)
}

/// The first night sends nothing, the second most of it.
#[test]
fn a_run_counts_what_it_took_over_from_earlier_nights_and_it_adds_up() {
    let office = PostOffice::open();
    let folder = by_post(&office);
    office.close(true);
    let (_, first) = folder.json("run", &["--today", "2021-01-12"]);
    assert_eq!(sums(&first), (54 + 9 + 1, 54 + 9 + 1), "{first}");
    assert_eq!(first["mail_totals"]["deferred"], 54 + 1);
    assert_eq!(first["taken_over"], 0);
    office.close(false);
    let ledger = peer_culture::outbox::Ledger::read_only(folder.path())
        .unwrap()
        .unwrap();
    let waiting = ledger
        .in_state(peer_culture::mails::State::Deferred)
        .unwrap();
    drop(ledger);
    let mut addresses: Vec<String> = waiting.iter().map(|one| one.to.address.clone()).collect();
    addresses.retain(|address| address != COORDINATOR);
    addresses.sort_unstable();
    let alone = |address: &&String| addresses.iter().filter(|one| one == address).count() == 1;
    let alone: Vec<String> = addresses.iter().filter(alone).cloned().collect();
    office.meet(&alone[0], Manner::Never);
    office.meet(&alone[1], Manner::Later);
    office.meet(&alone[2], Manner::TakesAndHangsUp);
    mail_setting(&folder, "patience_minutes = 60");
    let (code, second) = folder.json("run", &["--today", "2021-01-13"]);
    assert_eq!(code, Some(3));
    let (planned, sum) = sums(&second);
    assert_eq!(planned, sum, "{second}");
    // Nothing of the first night's is missing.
    assert!(second["taken_over"].as_u64().unwrap() > 54 + 9, "{second}");
    assert_eq!(second["mail_totals"]["refused"], 1);
    assert_eq!(second["mail_totals"]["unknown"], 1);
    assert_eq!(second["new_doubts"], 1);
    assert_eq!(second["mail_totals"]["awaiting_approval"], 9);
    let told = second["mail_totals"]["accepted"].as_u64().unwrap();
    assert_eq!(told, office.told() as u64);
    // A doubt names its e-mail and the row that it is about.
    let mut problems = second["problems"].as_array().unwrap().iter();
    let doubt =
        problems.find_map(|one| one.as_str().filter(|one| one.contains("tout le courriel")));
    let doubt = doubt.unwrap();
    assert!(
        doubt.starts_with("« ") && doubt.contains(" ligne "),
        "{doubt}"
    );
    // In words, the night after: the doubt is said until it is settled, as is what waits.
    let third = text(&folder.run("run", &["--today", "2021-01-14"]).stdout);
    let third = third.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(third.contains("9 en attente de votre accord"), "{third}");
    assert!(third.contains("1 courriel est peut-être parti"), "{third}");
}

/// After a crash the next run finds what it left half-way, and says so.
#[test]
fn a_doubt_that_a_crash_left_is_named_by_the_next_run() {
    let office = PostOffice::open();
    let folder = by_post(&office);
    let crashed = || {
        use peer_culture::outbox::{Ledger, Moment, Step};
        let mut ledger = Ledger::open(folder.path()).unwrap();
        let moment = Moment {
            now: chrono::DateTime::from_timestamp(1_610_422_200, 0).unwrap(),
            day: "2021-01-12".parse().unwrap(),
        };
        let by = "smtp".to_owned();
        let id = "1".parse().unwrap();
        let reason = "test".to_owned();
        assert!(ledger.step(id, Step::Approve { reason }, moment).unwrap());
        assert!(ledger.step(id, Step::Claim { by }, moment).unwrap());
    };
    folder.night("2021-01-12");
    crashed();
    let output = folder.run("run", &["--today", "2021-01-13"]);
    let said = text(&output.stdout).replace(['\u{a0}', '\u{202f}'], " ");
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains("À décider : 1 courriel est peut-être parti"),
        "{said}"
    );
    assert!(
        said.contains("1 peut-être arrivés") || said.contains("1 peut-être arrivé"),
        "{said}"
    );
}

#[test]
fn an_address_that_was_refused_is_told_every_night_until_it_is_another() {
    let office = PostOffice::open();
    let folder = by_post(&office);
    office.meet(COORDINATOR, Manner::Never);
    let (code, night) = folder.json("run", &["--today", "2021-01-12"]);
    assert_eq!(
        (code, &night["digest"]),
        (Some(3), &"refused".into()),
        "{night}"
    );
    assert_eq!(accepted(&night), 54);
    // It is tried every night all the same.
    let (code, night) = folder.json("run", &["--today", "2021-01-13"]);
    assert_eq!(
        (code, &night["digest"]),
        (Some(3), &"refused".into()),
        "{night}"
    );
    assert!(night["problems"].to_string().contains("coordinator.email"));
    settings(&folder, |toml| {
        toml.replace(COORDINATOR, "claire@example.net")
    });
    let (code, night) = folder.json("run", &["--today", "2021-01-14"]);
    assert_eq!(
        (code, &night["digest"]),
        (Some(0), &"accepted".into()),
        "{night}"
    );
    assert_eq!(office.taken_by("claire@example.net").len(), 1);
}

#[test]
fn a_template_of_hers_that_is_broken_keeps_it_back_and_nothing_else() {
    let folder = Folder::sample();
    folder.file(
        "templates/fr/synthese.md.hbs",
        b"Objet : Matin\n\n{{digest.nothing}}\n",
    );
    let output = folder.run("run", &[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        text(&output.stdout).contains("synthese"),
        "{}",
        text(&output.stdout)
    );
    assert_eq!((folder.mails().len(), folder.digests().len()), (54, 0));
}
