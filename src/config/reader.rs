//! A cursor over one table of `programme.toml`: each setting is asked for on one line, and
//! whatever is wrong goes to the report.

use toml::de::DeTable;

use super::report::{Given, Report, join};

/// How the value of a setting is read: a type with its range.
pub(super) trait Kind {
    /// What a setting of this kind holds.
    type Value;

    /// The value that the file gives; `None` once the report says what is wrong with it.
    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<Self::Value>;
}

/// A table of settings, which starts as its defaults and takes what the file gives.
pub(super) trait Section {
    /// Asks `table` for every setting of the section, then checks them against each other.
    fn read(&mut self, table: &mut Reader<'_, '_>);
}

/// The table being read. An absent table is read too, so that all its settings are known.
pub(super) struct Reader<'r, 't> {
    report: &'r mut Report<'t>,
    table: Option<&'t DeTable<'t>>,
    path: String,
    asked: Vec<&'static str>,
}

impl<'r, 't> Reader<'r, 't> {
    /// Reads a whole file into `section`.
    pub(super) fn file(
        table: &'t DeTable<'t>,
        report: &'r mut Report<'t>,
        section: &mut impl Section,
    ) {
        let root = Self {
            report,
            table: Some(table),
            path: String::new(),
            asked: Vec::new(),
        };
        root.fill(section);
    }

    fn fill(mut self, section: &mut impl Section) {
        section.read(&mut self);
        self.refuse_the_rest();
    }

    /// Reads the setting `key` into `target`, which keeps its default where the file gives nothing.
    pub(super) fn read<K: Kind>(&mut self, key: &'static str, kind: &K, target: &mut K::Value) {
        let Some(given) = self.ask(key) else { return };
        match kind.read(&given, self.report) {
            Some(value) => *target = value,
            None => self.report.unreadable(&given.path),
        }
    }

    /// Reads the table `key` into `section`.
    pub(super) fn section(&mut self, key: &'static str, section: &mut impl Section) {
        let given = self.ask(key);
        let table = given.as_ref().and_then(|given| {
            let table = given.value.get_ref().as_table();
            if table.is_none() {
                self.report.unreadable(&given.path);
            }
            self.report.accept(given, &"a table", table)
        });
        let inner = Reader {
            report: &mut *self.report,
            table,
            path: join(&self.path, key),
            asked: Vec::new(),
        };
        inner.fill(section);
    }

    /// A rule between settings of this table, or of tables within it; see [`Report::check`].
    pub(super) fn check(&mut self, holds: bool, keys: &[&str], message: &str) {
        let paths: Vec<_> = keys
            .iter()
            .map(|key| match self.path.as_str() {
                "" => (*key).to_owned(),
                path => format!("{path}.{key}"),
            })
            .collect();
        self.report.check(holds, &paths, message);
    }

    /// The first of two settings of this table must not be above the second.
    pub(super) fn at_most(&mut self, low: (&str, f64), high: (&str, f64)) {
        let ((low, least), (high, most)) = (low, high);
        let (low_path, high_path) = (join(&self.path, low), join(&self.path, high));
        let message = format!("{low_path} ({least}) must not be above {high_path} ({most})");
        self.check(least <= most, &[high, low], &message);
    }

    fn ask(&mut self, key: &'static str) -> Option<Given<'t>> {
        self.asked.push(key);
        let path = join(&self.path, key);
        let entry = self.table.and_then(|table| table.get_key_value(key));
        let line = entry.map(|(key, _)| self.report.line_of(key.span().start));
        self.report.note(&path, line);
        let (_, value) = entry?;
        Some(Given {
            path,
            line: line?,
            value,
        })
    }

    fn refuse_the_rest(self) {
        for (key, value) in self.table.into_iter().flatten() {
            if self.asked.contains(&key.get_ref().as_ref()) {
                continue;
            }
            self.report.unknown(&self.path, key);
            if let Some(inner) = value.get_ref().as_table() {
                let path = join(&self.path, key.get_ref());
                self.report.refuse_secrets_within(&path, inner);
            }
        }
    }
}
