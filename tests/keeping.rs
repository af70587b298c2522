//! Nothing of a person stays in the ledger for longer than 12 months, unless the clock is in doubt.

use std::path::Path;

use crate::folder::{Folder, text};

const FIRST: &str = "2021-01-12";

/// Nights on those days; then how many of the first one's accepted e-mails still name somebody, and
/// how many of their files are there.
fn after(days: &[&str]) -> (i64, usize) {
    let folder = Folder::sample();
    for day in days {
        let output = folder.run("run", &["--today", day]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    let path = folder.path().join(".peer-culture/ledger.sqlite3");
    let ledger = rusqlite::Connection::open(path).unwrap();
    let named =
        "SELECT count(*) FROM messages WHERE run_day = ?1 AND state = 'accepted' AND address <> ''";
    let named = ledger.query_row(named, [FIRST], |row| row.get(0)).unwrap();
    let mut files = folder.mails();
    files.extend(folder.digests());
    files.retain(|name| name.starts_with(FIRST));
    (named, files.len())
}

/// 54 e-mails and the digest.
const ALL: (i64, usize) = (55, 55);

#[test]
fn twelve_months_are_kept_and_not_a_day_more() {
    assert_eq!(after(&[FIRST, "2021-12-01", "2022-01-12"]), ALL);
    assert_eq!(after(&[FIRST, "2021-12-01", "2022-01-13"]), (0, 0));
}

/// What a query on a ledger gives.
fn texts(ledger: &Path, query: &str) -> Vec<String> {
    let ledger = rusqlite::Connection::open(ledger).unwrap();
    let mut statement = ledger.prepare(query).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn what_is_too_old_leaves_the_file_itself() {
    let folder = Folder::sample();
    folder.night(FIRST);
    let path = folder.path().join(".peer-culture/ledger.sqlite3");
    let addresses = texts(
        &path,
        "SELECT DISTINCT address FROM messages WHERE state = 'accepted'",
    );
    let written = |addresses: &[String]| {
        let file = std::fs::read(&path).unwrap();
        let holds = |text: &str| {
            file.windows(text.len())
                .any(|bytes| bytes == text.as_bytes())
        };
        addresses.iter().filter(|address| holds(address)).count()
    };
    assert!(addresses.len() > 10 && written(&addresses) == addresses.len());
    folder.night("2021-12-01");
    folder.night("2022-01-13");
    let still = texts(
        &path,
        "SELECT address || key || told || why || subject FROM messages \
         UNION ALL SELECT value FROM meta",
    );
    // Nothing was sent to them since, and no finding of the last night names them.
    let is_gone = |address: &&String| !still.iter().any(|text| text.contains(address.as_str()));
    let gone: Vec<String> = addresses.iter().filter(is_gone).cloned().collect();
    assert!(gone.len() > 10, "{} of {}", gone.len(), addresses.len());
    assert_eq!(written(&gone), 0);
}

#[test]
fn a_clock_that_jumped_ahead_empties_nothing() {
    // The night of the jump, the next one, and one a month later.
    let jumped = ["2022-06-01", "2022-06-02", "2022-06-30"];
    assert_eq!(after(&[&[FIRST, "2021-02-01"], &jumped[..]].concat()), ALL);
    // The same for a month: it is believed.
    let steady = [&[FIRST, "2021-02-01"], &jumped[..], &["2022-07-01"]].concat();
    assert_eq!(after(&steady), (0, 0));
}

#[test]
fn the_clock_must_have_been_the_same_for_thirty_days_and_not_longer_ago_than_sixty() {
    for (earlier, left) in [
        ("2021-12-16", ALL),
        ("2021-12-15", (0, 0)),
        ("2021-11-15", (0, 0)),
        ("2021-11-14", ALL),
    ] {
        assert_eq!(after(&[FIRST, earlier, "2022-01-14"]), left, "{earlier}");
    }
}

#[test]
fn a_clock_that_went_back_empties_nothing() {
    assert_eq!(
        after(&[FIRST, "2021-12-01", "2022-01-20", "2022-01-15"]).0,
        0
    );
    assert_eq!(
        after(&[
            FIRST,
            "2021-12-01",
            "2022-01-12",
            "2023-01-01",
            "2022-01-15"
        ]),
        ALL
    );
}

#[test]
fn what_left_is_never_sent_again_and_the_log_says_what_happened() {
    let folder = Folder::sample();
    for day in [FIRST, "2021-12-01"] {
        folder.night(day);
    }
    let said = |day: &str| {
        text(
            &folder
                .run("run", &["--today", day, "--log-level", "info"])
                .stderr,
        )
    };
    let log = said("2022-01-13");
    assert!(
        log.contains("older than 12 months left the ledger"),
        "{log}"
    );
    assert!(!log.contains('@'), "{log}");
    let before = folder.mails();
    // Back on the first day, as if nothing had been: nobody is written to again.
    folder.night(FIRST);
    assert_eq!(folder.mails(), before);
    folder.night("2022-01-14");
    let log = said("2023-02-14");
    assert!(log.contains("the clock has not been the same"), "{log}");
}
