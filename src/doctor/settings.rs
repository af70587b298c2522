//! `programme.toml`.

use std::path::Path;

use chrono::{Days, NaiveDate};

use super::Check;
use crate::config::{FILE_NAME, Settings, Transport, Write};
use crate::schedule::Timetable;
use crate::sheets::InputProblem;

const TOPIC: &str = "settings";

/// How far ahead the times of the schedule are looked at.
const AHEAD_DAYS: u64 = 366;

/// Something that keeps the settings from being used.
pub(super) fn unusable(problem: &InputProblem) -> Check {
    Check::repair(
        TOPIC,
        problem.to_string(),
        "correct it: the message says where and what is expected",
    )
}

pub(super) fn look(folder: &Path, settings: &Settings, today: NaiveDate) -> Vec<Check> {
    let mut checks = vec![if folder.join(FILE_NAME).is_file() {
        Check::ok(TOPIC, format!("{FILE_NAME} has nothing wrong"))
    } else {
        Check::advice(
            TOPIC,
            format!("there is no {FILE_NAME}: every setting has its default"),
            "write one: `peer-culture init` makes one that can be copied",
        )
    }];
    if settings.coordinator.email.is_empty() {
        checks.push(Check::advice(
            TOPIC,
            "coordinator.email is empty: participants have nobody to answer",
            "give the coordinator's name and address in [coordinator]",
        ));
    }
    if settings.mail.transport == Transport::File {
        checks.push(Check::advice(
            "mail",
            "mail.transport is \"file\": e-mails are written to controles/courriels, none leaves",
            "set it to \"smtp\" once the coordinator is content with what she reads there",
        ));
    }
    if settings.output.write == Write::InPlace {
        checks.push(Check::ok(
            "output",
            format!(
                "flags are written into the workbooks themselves, {} nights are kept",
                settings.output.backups
            ),
        ));
    }
    checks.extend(schedule(settings, today));
    checks
}

fn schedule(settings: &Settings, today: NaiveDate) -> Vec<Check> {
    let line = &settings.schedule.cron;
    let table = match Timetable::of(settings) {
        Ok(table) => table,
        Err(error) => return vec![Check::repair(TOPIC, error.to_string(), "correct it")],
    };
    let several = (0..AHEAD_DAYS)
        .filter_map(|days| today.checked_add_days(Days::new(days)))
        .any(|day| table.has_several_times(day));
    if several {
        return vec![Check::advice(
            "schedule",
            format!("schedule.cron ({line}) comes several times a day: only the first is run"),
            "name one time; for more, begin `peer-culture run` by hand",
        )];
    }
    Vec::new()
}
