//! What `programme.toml` may say, and what is answered when it says something else.

mod defaults;
mod places;
mod ranges;
mod secrets;

use super::Settings;

/// Every problem of a text, as the operator reads them; none when it is accepted.
fn problems(toml: &str) -> Vec<String> {
    let problems = Settings::parse(toml).err().unwrap_or_default();
    problems.iter().map(ToString::to_string).collect()
}

/// The settings of a text that has no problem.
#[track_caller]
fn accepted(toml: &str) -> Settings {
    Settings::parse(toml).expect("settings without a problem")
}

/// Asserts that a text has exactly these problems, in this order.
#[track_caller]
fn assert_problems(toml: &str, expected: &[&str]) {
    assert_eq!(problems(toml), expected, "of:\n{toml}");
}
