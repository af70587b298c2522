//! Which line a problem is on, and that all are told at once.

use proptest::prelude::*;

use super::super::*;
use super::{assert_problems, problems};

#[test]
fn a_wrong_type_names_the_line_what_is_expected_and_what_is_there() {
    assert_problems(
        "# comment\n[supports]\nmin_hours = 7\n\nmax_hours = \"vingt\"\n",
        &["programme.toml:5: supports.max_hours must be a number from 0 to 1000, found \"vingt\""],
    );
}

#[test]
fn every_problem_is_told_in_the_order_of_the_lines() {
    assert_problems(
        "axes = []\n\
         [output]\n\
         write = \"paste\"\n\
         [programme]\n\
         months = 61\n\
         session = 2\n\
         langage = \"fr\"\n\
         [supports]\n\
         min_hours = 30\n",
        &[
            "programme.toml:1: axes must be a list in brackets, with one value at least, found []",
            "programme.toml:3: output.write must be \"copy\" or \"in-place\", found \"paste\"",
            "programme.toml:5: programme.months must be a whole number from 1 to 60, found 61",
            "programme.toml:6: programme.session must be a text in quotes, on one line, found 2",
            "programme.toml:7: programme.langage is not a setting; did you mean programme.language?",
            "programme.toml:9: supports.min_hours (30) must not be above supports.max_hours (28)",
        ],
    );
}

#[test]
fn lines_are_right_in_inline_tables_dotted_keys_and_arrays() {
    assert_problems(
        "supports.max_gap_days = 0\n\
         applications.criteria.engagement = 0\n\
         mail.smtp = { host = \"\",\n\
         port = 0 }\n\
         [reminders]\n\
         payment_days = [\n\
           3,\n\
           -1,\n\
         ]\n",
        &[
            "programme.toml:1: supports.max_gap_days must be a whole number from 1 to 366, found 0",
            "programme.toml:2: applications.criteria.engagement must be a number above 0, up to 1000, found 0",
            "programme.toml:4: mail.smtp.port must be a whole number from 1 to 65535, found 0",
            "programme.toml:8: reminders.payment_days[1] must be a whole number from 0 to 366, found -1",
        ],
    );
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_shift_no_line() {
    assert_problems(
        "\u{feff}[programme]\r\n\r\nmonths = 0\r\n",
        &["programme.toml:3: programme.months must be a whole number from 1 to 60, found 0"],
    );
}

#[test]
fn every_fault_of_toml_is_told_and_other_lines_are_still_judged() {
    assert_problems(
        "[supports]\n\
         min_hours = quatorze\n\
         max_hours = = 28\n\
         max_gap_days = 0\n",
        &[
            "programme.toml:2: not valid TOML: string values must be quoted, expected literal string",
            "programme.toml:3: not valid TOML: extra `=`, expected nothing",
            "programme.toml:4: supports.max_gap_days must be a whole number from 1 to 366, found 0",
        ],
    );
}

#[test]
fn a_path_of_windows_is_told_how_to_be_written() {
    for path in [r"C:\users\claire", r"C:\Programmes", r"D:\xls"] {
        let found = problems(&format!("[mail.smtp]\nca_file = \"{path}\"\n"));
        let hint = r"programme.toml:2: not valid TOML: a \ stands for itself only between single quotes: '…'";
        assert!(
            found.len() == 1 && found[0].starts_with(hint),
            "{path}: {found:?}"
        );
        assert_problems(&format!("[mail.smtp]\nca_file = '{path}'\n"), &[]);
    }
}

#[test]
fn a_table_that_is_not_closed_is_one_problem() {
    let found = problems("[supports\nmin_hours = 3\n[mail]\ntransport = \"smtp\"\n");
    assert_eq!(
        found,
        ["programme.toml:1: not valid TOML: unclosed table, expected `]`"]
    );
}

#[test]
fn a_key_or_table_that_is_there_twice_is_named() {
    assert_problems(
        "[programme]\nmonths = 6\nmonths = 7\n[supports]\n[programme]\nsession = \"A\"\n",
        &[
            "programme.toml:3: months is there twice: keep one",
            "programme.toml:5: programme is there twice: keep one",
        ],
    );
}

#[test]
fn an_unknown_key_gets_the_nearest_known_one() {
    assert_problems(
        "[support]\nmin_hours = 3\n[mail.smpt]\nhost = \"h\"\n[sheets.aplications]\nnames = []\n",
        &[
            "programme.toml:1: support is not a setting; did you mean supports?",
            "programme.toml:3: mail.smpt is not a setting; did you mean mail.smtp?",
            "programme.toml:5: sheets.aplications is not a setting; did you mean sheets.applications?",
        ],
    );
}

#[test]
fn a_key_in_the_wrong_table_is_shown_the_right_one() {
    assert_problems(
        "[programme]\naxes = [\"a\"]\ncapacity = 12\ncolour = \"red\"\n",
        &[
            "programme.toml:2: programme.axes is not a setting; axes goes at the top of the file, \
             above the first [table]",
            "programme.toml:3: programme.capacity is not a setting; did you mean workshops.capacity?",
            "programme.toml:4: programme.colour is not a setting; [programme] takes language, months, \
             name, session, start, timezone",
        ],
    );
}

#[test]
fn unknown_kinds_and_codes_get_the_nearest_one() {
    assert_problems(
        "[mail]\nkinds = { rdv-relanc = \"off\" }\n[levels]\nRDV11 = \"info\"\nrdv01 = \"info\"\n\
         RDV02 = \"error\"\nnothing-like-it = \"off\"\n",
        &[
            "programme.toml:2: mail.kinds: \"rdv-relanc\" is not a kind of e-mail; did you mean \"rdv-relance\"?",
            "programme.toml:4: levels: \"RDV11\" is not the code of a check (three letters and two \
             digits, such as RDV01); did you mean \"RDV01\"?",
            "programme.toml:5: levels: \"rdv01\" is not the code of a check (three letters and two \
             digits, such as RDV01); did you mean \"RDV01\"?",
            "programme.toml:6: levels.RDV02 must be \"blocking\", \"warning\", \"info\" or \"off\", found \"error\"",
            "programme.toml:7: levels: \"nothing-like-it\" is not the code of a check (three letters \
             and two digits, such as RDV01)",
        ],
    );
}

#[test]
fn a_table_where_a_value_is_expected_and_the_reverse() {
    assert_problems(
        "supports = 3\n[[mail]]\n[programme.months]\n[levels]\nRDV01 = { a = 1 }\n",
        &[
            "programme.toml:1: supports must be a table, found 3",
            "programme.toml:2: mail must be a table, found [[mail]]",
            "programme.toml:3: programme.months must be a whole number from 1 to 60, found a table",
            "programme.toml:5: levels.RDV01 must be \"blocking\", \"warning\", \"info\" or \"off\", found a table",
        ],
    );
}

#[test]
fn long_or_broken_values_are_shown_on_one_short_line() {
    let found = problems(
        "[programme]\nmonths = \"\"\"\nun\ndeux\"\"\"\nstart = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n",
    );
    assert!(
        found[0].ends_with("found \"\"\" un deux\"\"\""),
        "{found:?}"
    );
    assert!(
        found[1].ends_with(&format!("found \"{}…", "a".repeat(39))),
        "{found:?}"
    );
}

#[test]
fn a_problem_without_a_line_still_names_the_file() {
    let problem = Problem {
        line: None,
        message: "what".to_owned(),
    };
    assert_eq!(problem.to_string(), "programme.toml: what");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(\\[[a-z.]{0,9}\\]?\n|[a-z._\"]{0,9} ?=? ?[-0-9a-z\"'\\[\\]{},:.é]{0,12}\n){0,12}") {
        let lines = text.lines().count() + 1;
        for problem in Settings::parse(&text).err().unwrap_or_default() {
            prop_assert!(problem.line.is_none_or(|line| (1..=lines).contains(&line)), "{problem}");
            prop_assert!(!problem.to_string().contains('\n'));
        }
    }

    /// A file cut or damaged anywhere is answered with problems on lines that exist, or accepted.
    #[test]
    fn no_damage_to_the_default_file_makes_it_panic(at in 0_usize..4000, with in "[\"=\\[\\]{}\n,#a-z0-9]{0,3}") {
        let file = include_str!("../programme.default.toml");
        let at = file.floor_char_boundary(at.min(file.len()));
        let lines = file.lines().count() + 4;
        let damaged = format!("{}{with}{}", &file[..at], &file[file.ceil_char_boundary(at + 1)..]);
        for text in [&damaged, &file[..at]] {
            for problem in Settings::parse(text).err().unwrap_or_default() {
                prop_assert!(problem.line.is_none_or(|line| (1..=lines).contains(&line)), "{problem}");
            }
        }
    }
}
