//! Every form of programme.md §2, and both sides of each boundary.

mod dates;
mod numbers;
mod properties;
mod texts;

use super::*;

/// What reading `text` with `reader` gives; none for unreadable.
fn read<'a, T>(reader: impl Fn(Raw<'a>) -> Result<Option<T>, BadCell>, text: &'a str) -> Option<T> {
    match reader(Raw::Text(text)) {
        Ok(value) => Some(value.expect("not empty")),
        Err(bad) => {
            assert_eq!(bad.kind, BadKind::Unreadable);
            assert_eq!(bad.shown, clean_line(text));
            None
        }
    }
}

fn moment(serial: f64) -> Raw<'static> {
    Raw::Date(serial, DateKind::DateTime)
}

fn elapsed(serial: f64) -> Raw<'static> {
    Raw::Date(serial, DateKind::Duration)
}

/// The kind of fault that every reader finds in `raw`.
fn faults(raw: Raw<'_>) -> Vec<Option<BadKind>> {
    let kind = |bad: BadCell| bad.kind;
    vec![
        text(raw).err().map(kind),
        long_text(raw).err().map(kind),
        date(raw).err().map(kind),
        date_time(raw).err().map(kind),
        time_of_day(raw).err().map(kind),
        number(raw).err().map(kind),
        hours(raw).err().map(kind),
        yes_no(raw).err().map(kind),
        list(raw).err().map(kind),
        email(raw).err().map(kind),
    ]
}

#[test]
fn errors_and_uncalculated_formulas_are_told_by_every_reader() {
    for fault in faults(Raw::Error("#N/A")) {
        assert_eq!(fault, Some(BadKind::ErrorValue));
    }
    for fault in faults(Raw::Uncalculated) {
        assert_eq!(fault, Some(BadKind::Uncalculated));
    }
    assert_eq!(Raw::Error("#N/A").shown(), "#N/A");
    assert!(!Raw::Error("#N/A").is_empty());
    assert!(!Raw::Uncalculated.is_empty());
}

#[test]
fn blank_cells_are_empty_to_every_reader() {
    for raw in [
        Raw::Empty,
        Raw::Text(""),
        Raw::Text(" \u{A0}\u{202F}\t\r\n\u{200B}\u{FEFF} "),
    ] {
        assert!(raw.is_empty());
        assert!(faults(raw).into_iter().all(|fault| fault.is_none()));
        assert_eq!(text(raw), Ok(None));
        assert_eq!(long_text(raw), Ok(None));
        assert_eq!(date(raw), Ok(None));
        assert_eq!(hours(raw), Ok(None));
        assert_eq!(yes_no(raw), Ok(None));
        assert_eq!(list(raw), Ok(None));
        assert_eq!(email(raw), Ok(None));
    }
    assert!(!Raw::Text("0").is_empty());
    assert!(!Raw::Bool(false).is_empty());
    assert!(!Raw::Number(0.0).is_empty());
}

#[test]
fn a_message_shows_the_cell_as_the_coordinator_knows_it() {
    assert_eq!(Raw::Text(" a\nb ").shown(), "a b");
    assert_eq!(Raw::Number(7.0).shown(), "7");
    assert_eq!(Raw::Bool(true).shown(), "vrai");
    assert_eq!(moment(44_208.0).shown(), "12/01/2021");
    assert_eq!(moment(44_208.5).shown(), "12/01/2021 12:00:00");
    assert_eq!(moment(0.5).shown(), "12:00");
    assert_eq!(elapsed(1.5).shown(), "36:00");
    assert_eq!(moment(-3.0).shown(), "-3");
    assert_eq!(moment(400_000.0).shown(), "400000");
    assert_eq!(Raw::Text(&"é".repeat(80)).shown(), "é".repeat(80));
    let long = Raw::Text(&"é".repeat(81)).shown();
    assert_eq!(long, format!("{}…", "é".repeat(79)));
}
