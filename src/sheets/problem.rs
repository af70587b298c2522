//! What stops a run before anything is written or sent: a workbook, a sheet or a column that can't
//! be used at all (programme.md §3, last paragraph).

use std::fmt;

use serde::Serialize;

use super::cells::clean_line;

/// Something that stops the run, for the operator: which workbook, which sheet, what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, thiserror::Error)]
pub struct InputProblem {
    /// Which kind of problem.
    pub code: ProblemCode,
    /// The file's name, when the problem is about one.
    pub workbook: Option<String>,
    /// The sheet's name, when the problem is about one.
    pub sheet: Option<String>,
    /// What is wrong and what to do.
    pub message: String,
}

/// The kinds of problem, as `errors[].code` gives them (programme.md §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// The ledger can't be used: nothing may be sent.
    UnusableLedger,
    /// The run was asked to stop before its end.
    Cancelled,
    /// Another run holds the folder.
    FolderHeld,
    /// The ledger has no message of that number.
    UnknownMessage,
    /// A message is not in a state in which what was asked can be done.
    WrongState,
    /// The command line can't be read.
    BadArguments,
    /// `programme.toml` has an error.
    BadSettings,
    /// The folder can't be read, or isn't there.
    UnreadableFolder,
    /// A workbook is damaged, encrypted, or not what its name says.
    UnreadableWorkbook,
    /// A sheet's name fits two roles.
    AmbiguousSheet,
    /// A sheet that the programme needs is missing.
    MissingSheet,
    /// A required column is missing.
    MissingColumn,
    /// Two columns match one name.
    RepeatedColumn,
}

impl InputProblem {
    /// A problem about the folder as a whole.
    pub fn new(code: ProblemCode, message: impl Into<String>) -> Self {
        Self {
            code,
            workbook: None,
            sheet: None,
            message: on_one_line(&message.into()),
        }
    }

    /// Names the workbook.
    #[must_use]
    pub fn in_workbook(mut self, workbook: &str) -> Self {
        self.workbook = Some(on_one_line(workbook));
        self
    }

    /// Names the sheet.
    #[must_use]
    pub fn in_sheet(mut self, sheet: &str) -> Self {
        self.sheet = Some(on_one_line(sheet));
        self
    }
}

/// Every problem is one line, whatever the names and cells that it repeats.
fn on_one_line(text: &str) -> String {
    clean_line(text).into_owned()
}

impl fmt::Display for InputProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.workbook, &self.sheet) {
            (Some(workbook), Some(sheet)) => write!(f, "{workbook}, sheet \"{sheet}\": ")?,
            (Some(workbook), None) => write!(f, "{workbook}: ")?,
            (None, _) => {}
        }
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::{InputProblem, ProblemCode};

    #[test]
    fn a_problem_is_one_line() {
        let problem = InputProblem::new(ProblemCode::MissingSheet, "a\nerror: b \u{1b}[31m")
            .in_workbook("c\r\n.xlsx")
            .in_sheet("d\u{202e}");
        assert_eq!(problem.to_string(), "c .xlsx, sheet \"d\": a error: b [31m");
    }
}
