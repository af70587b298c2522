//! What is accepted, and what it means.

use chrono::{NaiveDate, NaiveTime};

use super::super::*;
use super::accepted;
use crate::model::role::Role;

const DEFAULT_FILE: &str = include_str!("../programme.default.toml");

#[test]
fn the_default_file_is_the_default() {
    assert_eq!(accepted(DEFAULT_FILE), Settings::default());
    assert_eq!(accepted(""), Settings::default());
}

/// The two texts can't agree by leaving the same setting out: changing any value of the file
/// changes the settings, so each is really read.
#[test]
fn every_value_of_the_default_file_is_read() {
    let changes = [
        ("conditions de travail\"]", "autre\"]"),
        ("\"PEER CULTURE\"", "\"Autre\""),
        ("Session #2", "Session #3"),
        ("2020-11-01", "2021-11-01"),
        ("months = 12", "months = 13"),
        ("Europe/Paris", "Europe/Brussels"),
        ("\nname = \"\"", "\nname = \"A\""),
        ("email = \"\"", "email = \"a@example.org\""),
        ("signature = \"\"", "signature = \"A\""),
        ("2020-12-18", "2020-12-19"),
        ("places = 5", "places = 6"),
        ("adequation = 1", "adequation = 2"),
        ("engagement = 1", "engagement = 2"),
        ("collaboration = 1", "collaboration = 2"),
        ("min_hours = 14", "min_hours = 15"),
        ("max_hours = 28", "max_hours = 29"),
        ("\nhalf_day_hours = 3.5", "\nhalf_day_hours = 3"),
        ("max_half_day_hours = 4", "max_half_day_hours = 5"),
        ("max_gap_days = 14", "max_gap_days = 15"),
        ("expected = 8", "expected = 9"),
        ("capacity = 12", "capacity = 13"),
        ("non_member_fee = 18", "non_member_fee = 18.5"),
        ("members_first = false", "members_first = true"),
        ("\"09:30\"", "\"09:00\""),
        ("\"17:30\"", "\"18:00\""),
        ("expected = 10", "expected = 11"),
        ("active_fee = 300", "active_fee = 301"),
        ("cooperating_fee = 100", "cooperating_fee = 101"),
        ("\"société\"]", "\"coopérative\"]"),
        ("\"presse\"", "\"radio\""),
        ("[\"31\"]", "[\"81\"]"),
        ("[\"Toulouse\"]", "[\"Albi\"]"),
        ("meeting_days = [2]", "meeting_days = [3]"),
        ("workshop_days = [7, 1]", "workshop_days = [1]"),
        ("payment_days = [3, 7]", "payment_days = []"),
        ("[0, 7, 14]", "[7, 14]"),
        ("membership_days = 30", "membership_days = 31"),
        ("gap_repeat_days = 7", "gap_repeat_days = 8"),
        ("\nnames = []", "\nnames = [\"Membres\"]"),
        ("columns = {}", "columns = { Structure = \"Nom\" }"),
        ("write = \"copy\"", "write = \"in-place\""),
        ("backups = 14", "backups = 15"),
        ("\nfrom = \"\"", "\nfrom = \"a@example.org\""),
        ("reply_to = \"\"", "reply_to = \"a@example.org\""),
        ("max_per_run = 200", "max_per_run = 201"),
        ("per_minute = 0", "per_minute = 1"),
        ("per_session = 0", "per_session = 1"),
        ("connections = 2", "connections = 3"),
        ("[1, 5, 15, 30]", "[]"),
        ("patience_minutes = 120", "patience_minutes = 0"),
        ("host = \"\"", "host = \"mail.example.org\""),
        ("port = 465", "port = 587"),
        ("tls = \"implicit\"", "tls = \"required\""),
        ("user = \"\"", "user = \"a\""),
        ("ca_file = \"\"", "ca_file = \"ca.pem\""),
        ("auth = \"auto\"", "auth = \"xoauth2\""),
        ("password_file = \"\"", "password_file = \"a\""),
        ("kinds = {}", "kinds = { \"synthese\" = \"off\" }"),
        ("\n[levels] ", "\n[levels]\nRDV01 = \"info\" "),
        ("0 30 4 * * *", "0 30 5 * * *"),
        ("ping = \"\"", "ping = \"https://example.org/a\""),
        ("grace_hours = 3", "grace_hours = 4"),
    ];
    for (from, to) in changes {
        assert_eq!(DEFAULT_FILE.matches(from).count(), 1, "{from}");
        let settings = accepted(&DEFAULT_FILE.replace(from, to));
        assert_ne!(settings, Settings::default(), "{from}");
    }
}

#[test]
fn the_sample_of_the_contract_is_accepted() {
    let settings = accepted(
        r#"
        [programme]
        name = "PEER CULTURE"
        session = "Session #2"
        start = 2020-11-01
        timezone = "Europe/Paris"          # every setting of §1 has its default: name only what differs

        [coordinator]
        name = "…"
        email = "coordination@example.org"

        [sheets.applications]              # the role names are those in `code` in §3
        names = ["Candidatures", "Réponses au formulaire 1"]
        columns = { "Structure" = "Quel est le nom de votre structure ?" }   # our header = theirs

        [output]
        write = "copy"                     # "copy": controles/<same file name>; "in-place": the workbook itself

        [mail]
        transport = "file"                 # "file": controles/courriels/*.eml; "smtp"
        "#,
    );
    let sheet = settings.sheets.of(Role::Applications);
    assert_eq!(sheet.names, ["Candidatures", "Réponses au formulaire 1"]);
    let rename = &sheet.columns["Structure"];
    assert_eq!(rename.header, "Quel est le nom de votre structure ?");
    assert_eq!(rename.line, 14);
    assert_eq!(settings.sheets.of(Role::Members), &SheetNames::default());
}

#[test]
fn values_become_what_they_mean() {
    let settings = accepted(
        "programme.start = 2021-09-01\n\
         workshops.morning = [\"08:45\", \"12:15\"]\n\
         workshops.non_member_fee = 20\n\
         output.write = \"in-place\"\n\
         applications.criteria.engagement = 2.5\n\
         [mail]\n\
         kinds.rdv-relance = \"off\"\n\
         kinds.synthese = \"review\"\n\
         [levels]\n\
         RDV01 = \"info\"\n\
         CAN07 = \"off\"\n",
    );
    assert_eq!(
        settings.programme.start,
        NaiveDate::from_ymd_opt(2021, 9, 1).unwrap()
    );
    assert_eq!(
        settings.programme.end(),
        NaiveDate::from_ymd_opt(2022, 9, 1).unwrap()
    );
    assert_eq!(
        settings.workshops.morning.start,
        NaiveTime::from_hms_opt(8, 45, 0).unwrap()
    );
    assert_eq!(
        settings.workshops.morning.end,
        NaiveTime::from_hms_opt(12, 15, 0).unwrap()
    );
    assert!((settings.workshops.non_member_fee - 20.0).abs() < f64::EPSILON);
    assert_eq!(settings.output.write, Write::InPlace);
    let criteria = settings.applications.criteria;
    assert_eq!(
        criteria,
        Criteria {
            engagement: 2.5,
            ..Criteria::default()
        }
    );
    assert_eq!(settings.mail.kinds.get("rdv-relance"), Some(&Mode::Off));
    assert_eq!(settings.mail.kinds.get("synthese"), Some(&Mode::Review));
    assert_eq!(settings.levels.get("RDV01"), Some(&Level::Info));
    assert_eq!(settings.levels.get("CAN07"), Some(&Level::Off));
}

#[test]
fn e_mails_come_from_the_coordinator_unless_told_otherwise() {
    let coordinator = "coordinator = { name = \"Camille\", email = \"camille@example.org\" }\n";
    let settings = accepted(coordinator);
    let camille = settings.coordinator.mailbox();
    assert_eq!(
        camille.as_ref().and_then(|m| m.name.as_deref()),
        Some("Camille")
    );
    assert_eq!(
        (settings.sender(), settings.reply_to()),
        (camille.clone(), camille.clone())
    );

    let from = "mail.from = \"PEER CULTURE <peer-culture@example.org>\"\n";
    let settings = accepted(&format!("{coordinator}{from}"));
    assert_eq!(
        settings.sender(),
        Mailbox::parse("PEER CULTURE <peer-culture@example.org>")
    );
    assert_eq!(settings.reply_to(), camille);

    assert_eq!(accepted("").sender(), None);
}

#[test]
fn smtp_settings_of_each_protection_are_accepted() {
    let coordinator = "coordinator = { name = \"A\", email = \"a@example.org\" }\n";
    for smtp in [
        "host = \"mail.example.org\", user = \"a@example.org\"",
        "host = \"mail.example.org\", port = 587, tls = \"required\"",
        "host = \"localhost\", port = 25, tls = \"none\"",
        "host = \"127.0.0.1\", port = 2525, tls = \"none\"",
        "host = \"::1\", port = 25, tls = \"none\"",
        "host = \"192.0.2.7\", port = 65535, ca_file = \"ca.pem\"",
    ] {
        accepted(&format!(
            "{coordinator}mail.transport = \"smtp\"\nmail.smtp = {{ {smtp} }}\n"
        ));
    }
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_accepted() {
    let settings = accepted("\u{feff}[programme]\r\nmonths = 6\r\n");
    assert_eq!(settings.programme.months, 6);
}
