//! What the coordinator should know in the morning: one value that the dashboard and the digest
//! both show. It is made from what was read, decided and done; it writes nothing and reads no clock.

mod calls;
pub mod changes;
mod coming;
mod figures;
mod lost;
pub mod mails;
mod to_do;

use chrono::NaiveDate;

use crate::apply::{Taken, WorkbookDone};
use crate::plan::Verdict;
use crate::programme::Programme;

pub use calls::Call;
pub use changes::{Changes, Memory};
pub use coming::Coming;
pub use figures::{Figures, SupportFigure, WorkshopFigure};
pub use lost::Lost;
pub use mails::{ClockQuestion, MailDesk, NightMails, RegistryQuestion};
pub use to_do::{ToDo, Where};

/// What the coordinator should know.
#[derive(Debug)]
pub struct Morning {
    /// « PEER CULTURE — Session #2 »
    pub programme: String,
    /// The day of the last check: « Dernier contrôle ».
    pub today: NaiveDate,
    /// What to decide first, the most urgent first.
    pub to_do: Vec<ToDo>,
    /// The programme in numbers.
    pub figures: Figures,
    /// What is new and what is solved since the last run of an earlier day.
    pub changes: Changes,
    /// What became of the e-mails of the day.
    pub mails: NightMails,
    /// The coming fourteen days.
    pub coming: Vec<Coming>,
    /// Whom no e-mail reaches.
    pub calls: Vec<Call>,
}

/// What a night came to, of which the morning is made.
#[derive(Debug, Clone, Copy)]
pub struct Night<'a> {
    /// The folder.
    pub programme: &'a Programme,
    /// What was found and decided.
    pub verdict: &'a Verdict,
    /// Why nothing goes without her yes, in French, where a guard closed.
    pub guard: Option<&'a str>,
    /// The e-mails.
    pub desk: &'a MailDesk,
    /// The findings of the last run of an earlier day, where there was one.
    pub before: Option<&'a Memory>,
    /// What the latest run read, of this day or of an earlier one.
    pub latest: Option<&'a Memory>,
    /// What kept e-mails from being put into words or handed over, in French.
    pub problems: &'a [String],
    /// What became of the workbooks.
    pub workbooks: &'a [WorkbookDone],
    /// What came of her answers.
    pub taken: &'a Taken,
}

impl Night<'_> {
    /// The sheets and columns that were read before and are no longer found.
    #[must_use]
    pub fn lost(&self) -> Vec<Lost> {
        let latest = self.latest.into_iter();
        latest
            .flat_map(|latest| latest.lost(&self.programme.season))
            .collect()
    }
}

impl Morning {
    /// Puts it together.
    #[must_use]
    pub fn of(night: Night<'_>) -> Self {
        let settings = &night.programme.settings;
        let season = &night.programme.season;
        let changes = Changes::of(&night.verdict.findings, season, night.before);
        let calls = calls::calls(night.programme, &night.verdict.findings, night.desk);
        let programme = &settings.programme;
        Self {
            programme: if programme.session.is_empty() {
                programme.name.clone()
            } else {
                format!("{} — {}", programme.name, programme.session)
            },
            today: night.programme.now.today,
            to_do: to_do::to_do(night, &calls),
            figures: Figures::of(night.programme, night.verdict),
            changes,
            mails: NightMails::of(night.desk, night.programme.now.today),
            coming: coming::coming(night.programme, night.verdict),
            calls,
        }
    }
}
