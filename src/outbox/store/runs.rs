//! The runs, and what else one run leaves to the next.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value;

use super::text::{
    MomentText, instant_text, parse_day, parse_instant, parse_json, parsed, parsed_or_null,
};
use super::{Ledger, Result};
use crate::outbox::{About, Moment, Run, RunId, Seal};

/// How many times the question whether today's date is right was asked anew.
const CLOCK_ASKED: &str = "clock asked anew";
/// Runs up to this number took place under a clock that was wrong.
const DISTRUSTED: &str = "runs under a wrong clock, up to";

impl Ledger {
    /// Notes that a run begins.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn begin_run(&mut self, moment: Moment) -> Result<RunId> {
        let moment = MomentText::from(moment);
        self.connection
            .execute(
                "INSERT INTO runs (day, started) VALUES (?1, ?2)",
                params![moment.day, moment.now],
            )
            .map_err(self.failed())?;
        Ok(RunId(self.connection.last_insert_rowid()))
    }

    /// Notes that a run is done, and what it counted.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn end_run(&mut self, run: RunId, moment: Moment, counts: &Value) -> Result<()> {
        self.connection
            .execute(
                "UPDATE runs SET ended = ?2, counts = ?3 WHERE id = ?1",
                params![run.0, instant_text(moment.now), counts.to_string()],
            )
            .map_err(self.failed())?;
        Ok(())
    }

    /// The run that began last, whether it was done or cut off.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_run(&self) -> Result<Option<Run>> {
        self.run("SELECT day, started, ended, counts FROM runs ORDER BY id DESC LIMIT 1")
    }

    /// The last run that was done to its end.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_completed_run(&self) -> Result<Option<Run>> {
        self.run(
            "SELECT day, started, ended, counts FROM runs WHERE ended IS NOT NULL \
             ORDER BY id DESC LIMIT 1",
        )
    }

    /// The last day, up to this one, that had a run to its end. Days after it were written by a
    /// clock that was wrong, or by a run for a day that was asked for; so were those that a later run
    /// took back, which came on an earlier day that had had none. When such a day really comes, its
    /// night is still to be done.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_completed_day(&self, up_to: NaiveDate) -> Result<Option<NaiveDate>> {
        let runs = self.all(
            "SELECT day, ended IS NOT NULL FROM runs ORDER BY id",
            [],
            |row| Ok((parsed(row, 0, parse_day)?, row.get(1)?)),
        )?;
        let mut seen = BTreeSet::new();
        let mut done = BTreeSet::new();
        for (day, is_done) in runs {
            if !seen.contains(&day) {
                // Time doesn't go back: what lies after it was never reached.
                seen.split_off(&day);
                done.split_off(&day);
            }
            seen.insert(day);
            if is_done {
                done.insert(day);
            }
        }
        Ok(done.range(..=up_to).next_back().copied())
    }

    /// The greatest day under which a run ever began, whether it was done or cut off: where it is
    /// after today's, a clock is or was wrong, and nothing may be sent (hazards.md, Sending). Not
    /// the day of the latest run: a clock that stays behind would then be right the second night.
    /// Runs that [`Ledger::trust_clock`] set aside don't count.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn latest_day(&self) -> Result<Option<NaiveDate>> {
        Ok(self.latest()?.map(|(_, day)| day))
    }

    /// The seal of the question whether today's date is right.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn clock_seal(&self) -> Result<Option<Seal>> {
        let latest = self.latest()?;
        let times = self.note(CLOCK_ASKED)?.unwrap_or_default();
        let seal = |(run, day): (i64, NaiveDate)| {
            Seal::of(About::Date, &[&run.to_string(), &day.to_string(), &times])
        };
        Ok(latest.map(seal))
    }

    /// The question whether today's date is right is another one from now on: what was answered to
    /// it counts no longer.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn ask_clock_anew(&mut self) -> Result<()> {
        let times = self.note(CLOCK_ASKED)?.and_then(|times| times.parse().ok());
        let times: u32 = times.unwrap_or(0);
        self.set_note(CLOCK_ASKED, &times.saturating_add(1).to_string())
    }

    fn latest(&self) -> Result<Option<(i64, NaiveDate)>> {
        let runs = self.all(
            "SELECT id, day FROM runs WHERE id > \
             coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = ?1), 0) \
             ORDER BY day DESC, id LIMIT 1",
            [DISTRUSTED],
            |row| Ok((row.get(0)?, parsed(row, 1, parse_day)?)),
        )?;
        Ok(runs.into_iter().next())
    }

    /// The coordinator says that today's date is right: the days of the runs so far count no more.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn trust_clock(&mut self) -> Result<()> {
        let last = self.all("SELECT coalesce(max(id), 0) FROM runs", [], |row| {
            row.get::<_, i64>(0)
        })?;
        let last = last.first().copied().unwrap_or(0);
        self.set_note(DISTRUSTED, &last.to_string())
    }

    /// What a run left to the next under that name.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn note(&self, name: &str) -> Result<Option<String>> {
        self.connection
            .query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| {
                row.get(0)
            })
            .optional()
            .map_err(self.failed())
    }

    /// Leaves something to the next run.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn set_note(&mut self, name: &str, value: &str) -> Result<()> {
        self.connection
            .execute(
                "INSERT INTO meta (name, value) VALUES (?1, ?2) \
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [name, value],
            )
            .map_err(self.failed())?;
        Ok(())
    }

    fn run(&self, sql: &str) -> Result<Option<Run>> {
        Ok(self.all(sql, [], run_of)?.pop())
    }
}

fn run_of(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        day: parsed(row, 0, parse_day)?,
        started: parsed(row, 1, parse_instant)?,
        ended: parsed_or_null(row, 2, parse_instant)?,
        counts: parsed_or_null(row, 3, parse_json)?,
    })
}
