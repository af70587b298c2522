//! The JSON of `check`, `plan` and `run`: its fields and its words are those of the contract.

use serde_json::Value;

use crate::folder::Folder;

/// The fields of an object and what each may hold, in programme.md §7.
pub type Shape = [(&'static str, &'static str)];

pub const ERROR: [(&str, &str); 4] = [
    ("code", "text"),
    ("workbook", "text?"),
    ("sheet", "text?"),
    ("message", "text"),
];
const CHECKED: [(&str, &str); 6] = [
    ("programme", "text"),
    ("as_of", "text"),
    ("findings", "list"),
    ("seats", "list"),
    ("ranking", "list"),
    ("mails", "list"),
];
const PLANNED: [(&str, &str); 5] = [
    ("guard", "text?"),
    ("would_write", "list"),
    ("answers", "object"),
    ("left", "list"),
    ("retired", "whole"),
];
const RAN: [(&str, &str); 12] = [
    ("guard", "text?"),
    ("written", "list"),
    ("dashboard", "object"),
    ("answers", "object"),
    ("digest", "text?"),
    ("mail_counts", "object"),
    ("mail_totals", "object"),
    ("taken_over", "whole"),
    ("new_doubts", "whole"),
    ("resumed", "whole"),
    ("retired", "whole"),
    ("problems", "list"),
];
const FINDING: [(&str, &str); 8] = [
    ("code", "text"),
    ("severity", "text"),
    ("workbook", "text"),
    ("sheet", "text"),
    ("row", "whole"),
    ("column", "text?"),
    ("key", "text"),
    ("message", "text"),
];
const SEAT: [(&str, &str); 8] = [
    ("workshop", "text"),
    ("email", "text"),
    ("workbook", "text"),
    ("sheet", "text"),
    ("row", "whole"),
    ("state", "text"),
    ("position", "whole?"),
    ("fee", "number"),
];
const RANK: [(&str, &str); 3] = [
    ("structure", "text"),
    ("score", "number?"),
    ("rank", "whole?"),
];
const MAIL: [(&str, &str); 4] = [
    ("kind", "text"),
    ("to", "text"),
    ("key", "text"),
    ("mode", "text"),
];
const SENT: [(&str, &str); 5] = [
    ("kind", "text"),
    ("to", "text"),
    ("key", "text"),
    ("mode", "text"),
    ("state", "text"),
];
const WOULD_WRITE: [(&str, &str); 4] = [
    ("workbook", "text"),
    ("sheet", "text"),
    ("columns", "list"),
    ("rows", "whole"),
];
const WRITTEN: [(&str, &str); 4] = [
    ("workbook", "text"),
    ("file", "text?"),
    ("state", "text"),
    ("remark", "text?"),
];

#[test]
fn json_has_the_fields_of_the_contract() {
    let folder = Folder::sample();
    let (_, checked) = folder.json("check", &[]);
    assert_shape(&checked, "check", &CHECKED);
    assert_each(&checked, "mails", &MAIL);
    let (_, planned) = folder.json("plan", &[]);
    assert_shape(&planned, "plan", &[&CHECKED[..], &PLANNED].concat());
    assert_each(&planned, "mails", &MAIL);
    assert_each(&planned, "would_write", &WOULD_WRITE);
    let (_, ran) = folder.json("run", &[]);
    assert_shape(&ran, "run", &[&CHECKED[..], &RAN].concat());
    assert_each(&ran, "mails", &SENT);
    assert_each(&ran, "written", &WRITTEN);
    for printed in [&checked, &planned, &ran] {
        assert_eq!(printed["as_of"], "2021-01-12");
        assert_each(printed, "findings", &FINDING);
        assert_each(printed, "seats", &SEAT);
        assert_each(printed, "ranking", &RANK);
        assert_eq!(printed["findings"], checked["findings"]);
        assert_eq!(printed["seats"], checked["seats"]);
        assert_eq!(printed["ranking"], checked["ranking"]);
    }
    for mail in ran["mails"].as_array().unwrap() {
        let review = mail["mode"] == "review";
        let state = if review {
            "awaiting_approval"
        } else {
            "accepted"
        };
        assert_eq!(mail["state"], state, "{mail}");
    }
}

#[test]
fn json_says_only_the_words_of_the_contract() {
    let folder = Folder::sample();
    let (_, checked) = folder.json("check", &[]);
    let findings = checked["findings"].as_array().unwrap();
    for finding in findings {
        let severity = finding["severity"].as_str().unwrap();
        assert!(
            ["blocking", "warning", "info"].contains(&severity),
            "{severity}"
        );
    }
    for seat in checked["seats"].as_array().unwrap() {
        let state = seat["state"].as_str().unwrap();
        let waits = state == "waiting";
        assert!(
            waits || ["confirmed", "cancelled", "excluded"].contains(&state),
            "{seat}"
        );
        assert_eq!(seat["position"].is_u64(), waits, "{seat}");
        if ["cancelled", "excluded"].contains(&state) {
            assert_eq!(seat["fee"].as_f64(), Some(0.0), "{seat}");
        }
    }
    let places: Vec<(&str, &str, u64, &str)> = findings
        .iter()
        .map(|finding| {
            let word = |field: &str| finding[field].as_str().unwrap();
            let row = finding["row"].as_u64().unwrap();
            (word("workbook"), word("sheet"), row, word("code"))
        })
        .collect();
    assert!(places.len() > 40, "{places:?}");
    assert!(places.is_sorted(), "{places:?}");
}

fn assert_each(printed: &Value, list: &str, shape: &Shape) {
    let list_of = printed[list].as_array().unwrap();
    assert!(!list_of.is_empty(), "{list} is empty");
    for one in list_of {
        assert_shape(one, list, shape);
    }
}

/// These fields and no others, in any order, each of its type.
pub fn assert_shape(value: &Value, what: &str, shape: &Shape) {
    let fields = value.as_object().unwrap();
    let mut names: Vec<&str> = fields.keys().map(String::as_str).collect();
    let mut wanted: Vec<&str> = shape.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(names, wanted, "{what}");
    for (name, kind) in shape {
        let value = &fields[*name];
        let fits = match kind.trim_end_matches('?') {
            "text" => value.is_string(),
            "whole" => value.is_u64(),
            "number" => value.is_number(),
            "list" => value.is_array(),
            "object" => value.is_object(),
            other => panic!("no type {other}"),
        };
        let absent = kind.ends_with('?') && value.is_null();
        assert!(fits || absent, "{what}.{name} is {value}, not {kind}");
    }
}
