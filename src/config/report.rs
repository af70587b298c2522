//! What reading `programme.toml` gathers: problems, and the line of every setting that is given.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::near::nearest;
use super::problem::Problem;
use super::secret;

/// A value that the file gives, and where.
pub(super) struct Given<'t> {
    /// Dotted name of the setting, as messages write it: `mail.smtp.port`.
    pub path: String,
    /// Line of its key (of itself, for an element of an array).
    pub line: usize,
    /// The value, with its place in the file.
    pub value: &'t Spanned<DeValue<'t>>,
}

/// A key that no setting has; the proposal waits until every setting is known.
struct Unknown {
    table: String,
    key: String,
    line: usize,
}

/// Everything that is wrong so far, and what is known of the file.
pub(super) struct Report<'s> {
    source: &'s str,
    line_starts: Vec<usize>,
    broken_lines: BTreeSet<usize>,
    problems: Vec<Problem>,
    known: BTreeSet<String>,
    given: BTreeMap<String, usize>,
    unreadable: BTreeSet<String>,
    unknown: Vec<Unknown>,
}

impl<'s> Report<'s> {
    /// A report on `source`, with the `errors` that the TOML parser found in it.
    pub(super) fn new(source: &'s str, errors: &[Error]) -> Self {
        let after_breaks = source.match_indices('\n').map(|(at, _)| at + 1);
        let mut report = Self {
            source,
            line_starts: std::iter::once(0).chain(after_breaks).collect(),
            broken_lines: BTreeSet::new(),
            problems: Vec::new(),
            known: BTreeSet::new(),
            given: BTreeMap::new(),
            unreadable: BTreeSet::new(),
            unknown: Vec::new(),
        };
        for error in errors {
            report.syntax(error);
        }
        report
    }

    /// The line that holds the byte at `offset`, counted from 1.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// One syntax error a line: what follows the first is mostly its echo.
    fn syntax(&mut self, error: &Error) {
        let line = error.span().map(|span| self.line_of(span.start));
        if line.is_some_and(|line| !self.broken_lines.insert(line)) {
            return;
        }
        let message = match error.message() {
            "duplicate key" => {
                let key = error.span().and_then(|span| self.source.get(span));
                format!("{} is there twice: keep one", key.unwrap_or("a key"))
            }
            // Of a path of Windows, most likely.
            fault if fault.contains("escaped value") || fault.contains("unicode value") => {
                format!(
                    "not valid TOML: a \\ stands for itself only between single quotes: '…' ({fault})"
                )
            }
            fault => format!("not valid TOML: {fault}"),
        };
        self.problems.push(Problem { line, message });
    }

    /// Adds a problem, unless its line is one that could not be parsed: its values are guesses.
    pub(super) fn problem(&mut self, line: Option<usize>, message: String) {
        if line.is_some_and(|line| self.broken_lines.contains(&line)) {
            return;
        }
        self.problems.push(Problem { line, message });
    }

    /// Passes a converted value on; where there is none, says what was expected and what is there.
    pub(super) fn accept<T>(
        &mut self,
        given: &Given<'_>,
        expected: &dyn std::fmt::Display,
        converted: Option<T>,
    ) -> Option<T> {
        if converted.is_none() {
            let found = self.found(given.value);
            let message = format!("{} must be {expected}, found {found}", given.path);
            self.problem(Some(given.line), message);
        }
        converted
    }

    /// Like [`Self::accept`], for values that a message must not repeat.
    pub(super) fn accept_unseen<T>(
        &mut self,
        given: &Given<'_>,
        expected: &dyn std::fmt::Display,
        converted: Option<T>,
    ) -> Option<T> {
        if converted.is_none() {
            self.problem(
                Some(given.line),
                format!("{} must be {expected}", given.path),
            );
        }
        converted
    }

    /// A value as it stands in the file, on one line and short.
    pub(super) fn found(&self, value: &Spanned<DeValue<'_>>) -> String {
        const SHOWN: usize = 40;
        if value.get_ref().is_table() {
            return "a table".to_owned();
        }
        let Range { start, end } = value.span();
        let text = self.source.get(start..end).unwrap_or_default();
        let line: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(SHOWN)
            .collect();
        let rest = if text.chars().nth(SHOWN).is_some() {
            "…"
        } else {
            ""
        };
        format!("{line}{rest}")
    }

    /// Notes that a setting exists, and its line where the file gives it.
    pub(super) fn note(&mut self, path: &str, line: Option<usize>) {
        self.known.insert(path.to_owned());
        if let Some(line) = line {
            self.given.insert(path.to_owned(), line);
        }
    }

    /// Notes that what the file gives for a setting can't be used.
    pub(super) fn unreadable(&mut self, path: &str) {
        self.unreadable.insert(path.to_owned());
    }

    /// A rule between several settings: where it doesn't hold, `message` is said on the line of
    /// the first of `paths` that the file gives.
    ///
    /// It is not judged on a setting that could not be read, nor when a line could not be parsed:
    /// a default would stand in for what the operator wrote.
    pub(super) fn check(&mut self, holds: bool, paths: &[String], message: &str) {
        let unreadable = paths.iter().any(|path| {
            self.unreadable
                .iter()
                .any(|bad| path == bad || child_of(bad, path).is_some())
        });
        if holds || unreadable || !self.broken_lines.is_empty() {
            return;
        }
        let line = paths.iter().find_map(|path| self.given.get(path)).copied();
        self.problem(line, message.to_owned());
    }

    /// A key that no setting has. Below it, only secrets are looked for.
    pub(super) fn unknown(&mut self, table: &str, key: &Spanned<std::borrow::Cow<'_, str>>) {
        let line = self.line_of(key.span().start);
        if self.refuse_secret(table, key) {
            return;
        }
        self.unknown.push(Unknown {
            table: table.to_owned(),
            key: key.get_ref().clone().into_owned(),
            line,
        });
    }

    /// Refuses a key that looks like it names a secret; says whether it does.
    pub(super) fn refuse_secret(
        &mut self,
        table: &str,
        key: &Spanned<std::borrow::Cow<'_, str>>,
    ) -> bool {
        if !secret::names_one(key.get_ref()) {
            return false;
        }
        // Said even on a line that could not be parsed: it must not stay there meanwhile.
        self.problems.push(Problem {
            line: Some(self.line_of(key.span().start)),
            message: format!("{} {}", join(table, key.get_ref()), secret::REMEDY),
        });
        true
    }

    /// Looks for secrets in a table that no setting has.
    pub(super) fn refuse_secrets_within(&mut self, path: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            self.refuse_secret(path, key);
            if let Some(inner) = value.get_ref().as_table() {
                self.refuse_secrets_within(&join(path, key.get_ref()), inner);
            }
        }
    }

    /// Every problem, in the order of the lines, those without a line last.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        for Unknown { table, key, line } in std::mem::take(&mut self.unknown) {
            let path = join(&table, &key);
            let remedy = self.remedy(&table, &key);
            self.problem(Some(line), format!("{path} is not a setting; {remedy}"));
        }
        self.problems
            .sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
        self.problems
    }

    /// What to write instead of an unknown key: a near name of the same table, else the same name
    /// in another table, else the list of what the table takes.
    fn remedy(&self, table: &str, key: &str) -> String {
        let here = || self.known.iter().filter_map(|path| child_of(table, path));
        if let Some(near) = nearest(key, here()) {
            return format!("did you mean {}?", join(table, near));
        }
        if self.known.contains(key) && !self.is_table(key) {
            return format!("{key} goes at the top of the file, above the first [table]");
        }
        let end = format!(".{key}");
        let elsewhere: Vec<_> = self
            .known
            .iter()
            .filter(|path| path.ends_with(&end))
            .map(String::as_str)
            .collect();
        // A name that many tables have (`names`, `columns`) tells nothing about which was meant.
        if (1..=3).contains(&elsewhere.len()) {
            return format!("did you mean {}?", elsewhere.join(" or "));
        }
        let taken: Vec<_> = here().collect();
        match table {
            "" => format!("the file takes {}", taken.join(", ")),
            _ => format!("[{table}] takes {}", taken.join(", ")),
        }
    }

    fn is_table(&self, path: &str) -> bool {
        self.known
            .iter()
            .any(|known| child_of(path, known).is_some())
    }
}

/// The last part of `path` when it lies directly in `table`.
fn child_of<'p>(table: &str, path: &'p str) -> Option<&'p str> {
    let child = match table {
        "" => path,
        _ => path.strip_prefix(table)?.strip_prefix('.')?,
    };
    (!child.contains('.')).then_some(child)
}

/// The dotted name of a key in a table; a key of several words is quoted as TOML wants it.
pub(super) fn join(table: &str, key: &str) -> String {
    let bare = !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let key = if bare {
        key.to_owned()
    } else {
        format!("{key:?}")
    };
    match table {
        "" => key,
        _ => format!("{table}.{key}"),
    }
}
