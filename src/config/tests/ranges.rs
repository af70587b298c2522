//! Types, ranges, and settings that contradict each other.

use super::super::*;
use super::{accepted, assert_problems, problems};

#[test]
fn the_waits_between_two_tries_may_be_the_same() {
    let settings = accepted("[mail]\nretry_minutes = [1, 1, 5]\n");
    assert_eq!(settings.mail.retry_minutes, [1, 1, 5]);
}

/// Both ends of each range are accepted, and one step outside is one problem on that line.
#[test]
fn ranges_hold_at_both_ends() {
    let ranges = [
        (
            "programme.months",
            vec!["1", "60"],
            vec!["0", "61", "1.5", "\"12\"", "-1"],
        ),
        ("applications.places", vec!["0", "1000"], vec!["-1", "1001"]),
        (
            "applications.criteria.adequation",
            vec!["0.001", "1000"],
            vec!["0", "0.0", "-1", "1001", "nan", "inf", "true"],
        ),
        (
            "supports.max_hours",
            vec!["14", "1000", "27.5"],
            vec![
                "-1",
                "1000.5",
                "1e400",
                "9999999999",
                "99999999999999999999",
            ],
        ),
        ("supports.half_day_hours", vec!["0.5", "4"], vec!["0", "-3"]),
        (
            "supports.max_half_day_hours",
            vec!["3.5", "24"],
            vec!["0", "25"],
        ),
        (
            "supports.max_gap_days",
            vec!["1", "366"],
            vec!["0", "367", "14.0"],
        ),
        ("workshops.expected", vec!["0", "1000"], vec!["-1", "1001"]),
        (
            "workshops.capacity",
            vec!["1", "10_000"],
            vec!["0", "10_001"],
        ),
        (
            "workshops.non_member_fee",
            vec!["0", "1_000_000", "18.5"],
            vec!["-0.5", "1_000_001", "\"18 €\""],
        ),
        (
            "workshops.members_first",
            vec!["true", "false"],
            vec!["\"oui\"", "1"],
        ),
        (
            "resource_persons.expected",
            vec!["0", "0x1F"],
            vec!["-1", "10_001"],
        ),
        ("membership.active_fee", vec!["0", "300.5"], vec!["-1"]),
        ("membership.cooperating_fee", vec!["0"], vec!["-1"]),
        (
            "reminders.membership_days",
            vec!["0", "366"],
            vec!["-1", "367"],
        ),
        (
            "reminders.gap_repeat_days",
            vec!["1", "366"],
            vec!["0", "367"],
        ),
        (
            "reminders.meeting_days",
            vec!["[]", "[0, 366]"],
            vec!["[-1]", "[367]", "2", "[2, 2]", "[\"2\"]"],
        ),
        ("output.backups", vec!["1", "366"], vec!["0", "367"]),
        (
            "mail.max_per_run",
            vec!["0", "100_000"],
            vec!["-1", "100_001"],
        ),
        (
            "mail.per_minute",
            vec!["0", "100_000"],
            vec!["-1", "100_001"],
        ),
        ("mail.connections", vec!["1", "16"], vec!["0", "17"]),
        ("mail.smtp.port", vec!["1", "65535"], vec!["0", "65536"]),
    ];
    for (key, within, outside) in ranges {
        for value in within {
            accepted(&format!("{key} = {value}\n"));
        }
        for value in outside {
            let found = problems(&format!("\n{key} = {value}\n"));
            assert_eq!(found.len(), 1, "{key} = {value}: {found:?}");
            assert!(
                found[0].starts_with(&format!("programme.toml:2: {key}")),
                "{found:?}"
            );
        }
    }
}

#[test]
fn dates_are_toml_dates_without_quotes_or_time() {
    for value in [
        "\"2020-11-01\"",
        "2020-11-01T00:00:00",
        "2020-11-01T00:00:00Z",
        "07:30:00",
        "1999-12-31",
        "2100-01-01",
    ] {
        assert_problems(
            &format!("[programme]\nstart = {value}\n"),
            &[&format!(
                "programme.toml:2: programme.start must be a date from 2000 to 2099 such as \
                 2020-11-01, without quotes or time, found {value}"
            )],
        );
    }
    let impossible = problems("[applications]\ndeadline = 2021-02-30\n");
    assert_eq!(impossible.len(), 1, "{impossible:?}");
    assert!(
        impossible[0].starts_with("programme.toml:2:"),
        "{impossible:?}"
    );
}

#[test]
fn half_days_are_two_times_in_order() {
    for value in [
        "[\"13:00\", \"09:30\"]",
        "[\"09:30\", \"09:30\"]",
        "[\"09:30\"]",
        "[\"09:30\", \"13:00\", \"14:00\"]",
        "[\"9h30\", \"13:00\"]",
        "[\"09:30\", \"24:00\"]",
        "[\"09:30\", 13]",
        "\"09:30-13:00\"",
    ] {
        assert_problems(
            &format!("workshops.afternoon = {value}\n"),
            &[&format!(
                "programme.toml:1: workshops.afternoon must be two times of day, the first before \
                 the second, such as [\"09:30\", \"13:00\"], found {value}"
            )],
        );
    }
}

#[test]
fn time_zones_are_those_of_the_iana_list() {
    assert_problems(
        "programme.timezone = \"Europe/Pari\"\n",
        &[
            "programme.toml:1: programme.timezone must be a time zone such as \"Europe/Paris\", \
           found \"Europe/Pari\"; did you mean \"Europe/Paris\"?",
        ],
    );
    assert_problems(
        "programme.timezone = 1\n",
        &[
            "programme.toml:1: programme.timezone must be a time zone such as \"Europe/Paris\", found 1",
        ],
    );
}

#[test]
fn french_is_the_only_language() {
    assert_problems(
        "programme.language = \"en\"\n",
        &["programme.toml:1: programme.language must be \"fr\", found \"en\""],
    );
}

#[test]
fn lists_hold_texts_each_once_and_some_at_least_one() {
    for key in ["axes", "eligibility.legal_forms", "eligibility.domains"] {
        assert_eq!(problems(&format!("{key} = []\n")).len(), 1, "{key}");
    }
    accepted("eligibility = { postcodes = [], communes = [] }\n");
    assert_problems(
        "axes = [\"a\", \"b\", \"a \", \"\", 3]\n",
        &[
            "programme.toml:1: axes[2]: \"a \" is in the list twice",
            "programme.toml:1: axes[3] must be a text in quotes, on one line and not empty, found \"\"",
            "programme.toml:1: axes[4] must be a text in quotes, on one line and not empty, found 3",
        ],
    );
    assert_problems(
        "eligibility.postcodes = [31]\n",
        &[
            "programme.toml:1: eligibility.postcodes[0] must be the beginning of a postcode, in \
           quotes: 1 to 10 digits or letters, found 31",
        ],
    );
}

#[test]
fn texts_that_go_into_headers_have_one_line() {
    accepted("coordinator.signature = \"Camille\\nPEER CULTURE\"\n");
    for key in ["programme.name", "coordinator.name"] {
        let found = problems(&format!("{key} = \"A\\nBcc: b@example.org\"\n"));
        assert_eq!(found.len(), 1, "{found:?}");
    }
    assert_eq!(problems("programme.name = \" \"\n").len(), 1);
}

#[test]
fn addresses_are_one_address_and_not_repeated() {
    for address in [
        "a@localhost",
        "a@example.org, b@example.org",
        "A <a@example.org>",
        "camille",
    ] {
        let found = problems(&format!("coordinator.email = \"{address}\"\n"));
        assert_eq!(
            found,
            [
                "programme.toml:1: coordinator.email must be one e-mail address, in quotes and with \
              a dot in its domain, or \"\""
            ]
        );
    }
    let found = problems("mail = { from = \"A <a@localhost>\", reply_to = 3 }\n");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(!found.concat().contains("localhost"), "{found:?}");
}

#[test]
fn limits_that_cross_are_told_on_the_line_that_is_there() {
    assert_problems(
        "[supports]\nmax_hours = 10\n",
        &["programme.toml:2: supports.min_hours (14) must not be above supports.max_hours (10)"],
    );
    assert_problems(
        "[supports]\nmax_hours = 10\nmin_hours = 11\n",
        &["programme.toml:2: supports.min_hours (11) must not be above supports.max_hours (10)"],
    );
    accepted("supports = { min_hours = 28, half_day_hours = 5 }\n");
}

#[test]
fn a_limit_is_not_compared_with_one_that_cannot_be_read() {
    let found = problems("[supports]\nmin_hours = \"vingt\"\nmax_hours = 10\n");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn smtp_needs_a_server_and_a_coordinator() {
    assert_problems(
        "[mail]\ntransport = \"smtp\"\n",
        &[
            "programme.toml:2: mail.smtp.host must be given, since mail.transport is \"smtp\"",
            "programme.toml:2: coordinator.name must be given, since mail.transport is \"smtp\"",
            "programme.toml:2: coordinator.email must be given, since mail.transport is \"smtp\"",
        ],
    );
    let unreadable = problems("coordinator = 3\n[mail]\ntransport = \"smtp\"\nsmtp.host = \"h\"\n");
    assert_eq!(
        unreadable,
        ["programme.toml:1: coordinator must be a table, found 3"]
    );
}

#[test]
fn plain_text_goes_to_this_machine_only() {
    for host in [
        "mail.example.org",
        "192.0.2.7",
        "localhost.example.org",
        "2001:db8::1",
    ] {
        assert_problems(
            &format!("[mail.smtp]\nhost = \"{host}\"\ntls = \"none\"\n"),
            &[
                "programme.toml:3: mail.smtp.tls must be \"implicit\" or \"required\", since \
               mail.smtp.host is not this machine (localhost, 127.0.0.1 or ::1)",
            ],
        );
    }
}

#[test]
fn a_renamed_column_has_a_header() {
    assert_problems(
        "[sheets.members.columns]\n\"Payée le\" = \"Réglée\"\nEmail = \"\"\n\"Forme juridique\" = 1\n",
        &[
            "programme.toml:3: sheets.members.columns.Email must be a text in quotes, on one line \
             and not empty, found \"\"",
            "programme.toml:4: sheets.members.columns.\"Forme juridique\" must be a text in quotes, \
             on one line and not empty, found 1",
        ],
    );
}

#[test]
fn renames_know_their_lines_in_every_notation() {
    let inline =
        accepted("[sheets.members]\nnames = [\n\"A\",\n]\ncolumns = { Structure = \"Nom\" }\n");
    let table =
        accepted("[sheets.members.columns]\n\nStructure = \"Nom\"\n\"Payée le\" = \"Date\"\n");
    let dotted = accepted("sheets.members.columns.Structure = \"Nom\"\n");
    let line = |settings: &Settings, column: &str| {
        let names = settings.sheets.of(crate::model::role::Role::Members);
        names.columns.get(column).map(|rename| rename.line)
    };
    assert_eq!(line(&inline, "Structure"), Some(5));
    assert_eq!(line(&table, "Structure"), Some(3));
    assert_eq!(line(&table, "Payée le"), Some(4));
    assert_eq!(line(&dotted, "Structure"), Some(1));
}

#[test]
fn cron_lines_have_seconds_first_and_come() {
    for line in ["0 30 4 * * *", "0 30 4 * * MON-FRI", "0 0 3 1 * * 2021"] {
        accepted(&format!("schedule.cron = \"{line}\"\n"));
    }
    for line in [
        "30 4 * * *",
        "@daily",
        "0 61 4 * * *",
        "0 0 0 30 2 *",
        "",
        "à 4 h 30 du matin ok",
    ] {
        assert_problems(
            &format!("schedule.cron = \"{line}\"\n"),
            &[&format!(
                "programme.toml:1: schedule.cron must be a cron line of 6 or 7 fields, seconds \
                 first, such as \"0 30 4 * * *\", found \"{line}\""
            )],
        );
    }
}

#[test]
fn a_ping_is_https_or_to_this_machine() {
    for address in [
        "",
        "https://hc-ping.com/8d1c",
        "https://ping.example.org:8443/a?b=c",
        "http://localhost:8000/ping/x",
        "http://[::1]:8000/",
    ] {
        accepted(&format!("schedule.ping = \"{address}\"\n"));
    }
    for address in [
        "http://hc-ping.com/secret-8d1c",
        "ftp://localhost/secret-8d1c",
        "https://",
        "https://user:secret-8d1c@example.org/",
        "https://example.org/a secret-8d1c",
        "hc-ping.com/secret-8d1c",
        "https://example.org:port/secret-8d1c",
    ] {
        let found = problems(&format!("schedule.ping = \"{address}\"\n"));
        let expected = "programme.toml:1: schedule.ping must be a web address";
        assert!(
            found.len() == 1 && found[0].starts_with(expected),
            "{address}: {found:?}"
        );
        assert!(!found[0].contains("secret"), "{found:?}");
    }
}
