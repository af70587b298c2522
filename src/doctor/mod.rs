//! What a night needs, looked at one by one: what is wrong, and the remedy. For the operator, in
//! English but for what is said of templates, which are the coordinator's.
//!
//! It leaves no trace but a file that it makes, renames and removes, to see whether it may.

mod folder;
mod ledger;
mod network;
mod settings;
mod templates;
mod time;
mod workbooks;

use std::path::Path;

use chrono::NaiveDate;
use serde::Serialize;

use crate::clock::Now;
use crate::programme;
use crate::progress::Progress;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What it is about, in a word.
    pub topic: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What was found.
    pub message: String,
    /// What to do.
    pub remedy: Option<String>,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and could be better or may surprise.
    Advice,
    /// A night would fail or do harm.
    Repair,
}

impl Check {
    fn ok(topic: &'static str, message: impl Into<String>) -> Self {
        Self {
            topic,
            verdict: Verdict::Ok,
            message: message.into(),
            remedy: None,
        }
    }

    fn advice(topic: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Advice,
            remedy: Some(remedy.into()),
            ..Self::ok(topic, message)
        }
    }

    fn repair(topic: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Repair,
            ..Self::advice(topic, message, remedy)
        }
    }
}

/// Looks at everything that a night in the folder needs; `send_test` is an address that a test
/// message goes to.
#[must_use]
pub fn examine(
    folder: &Path,
    today: Option<NaiveDate>,
    send_test: Option<&str>,
    progress: &Progress,
) -> Vec<Check> {
    let mut checks = Vec::new();
    let read = match programme::settings(folder) {
        Ok(settings) => Some(settings),
        Err(problems) => {
            checks.extend(problems.iter().map(settings::unusable));
            None
        }
    };
    if !folder.is_dir() {
        return checks;
    }
    if let Some(settings) = &read {
        let now = Now::new(settings.programme.timezone, today);
        checks.extend(settings::look(folder, settings, now.today));
        checks.extend(time::look(folder, settings, &now));
        progress.say("reading workbooks");
        checks.extend(workbooks::look(folder, settings, today, progress));
    }
    progress.say("looking at templates");
    checks.extend(templates::look(folder));
    checks.extend(folder::look(folder));
    checks.extend(ledger::look(folder));
    if let Some(settings) = &read {
        progress.say("asking servers");
        let now = Now::new(settings.programme.timezone, today);
        checks.extend(network::look(folder, settings, &now, send_test));
    }
    checks
}
