//! Lists and tables with free keys, of any other kind.

use std::collections::BTreeMap;

use toml::Spanned;

use super::super::reader::Kind;
use super::super::report::{Given, Report, join};
use super::texts::proposal;

/// An array of one kind, no value twice where that would be a slip.
pub(in super::super) struct List<K> {
    of: K,
    may_be_empty: bool,
    may_repeat: bool,
}

impl<K> List<K> {
    /// An array that may be empty.
    pub(in super::super) const fn of(of: K) -> Self {
        Self {
            of,
            may_be_empty: true,
            may_repeat: false,
        }
    }

    /// An array that may be empty or say the same again: what comes one after the other.
    pub(in super::super) const fn sequence(of: K) -> Self {
        Self {
            of,
            may_be_empty: true,
            may_repeat: true,
        }
    }

    /// An array with one element at least.
    pub(in super::super) const fn some(of: K) -> Self {
        Self {
            of,
            may_be_empty: false,
            may_repeat: false,
        }
    }

    fn expected(&self) -> &'static str {
        if self.may_be_empty {
            "a list in brackets"
        } else {
            "a list in brackets, with one value at least"
        }
    }
}

impl<K: Kind<Value: PartialEq>> Kind for List<K> {
    type Value = Vec<K::Value>;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<Self::Value> {
        let array = given.value.get_ref().as_array();
        let array = array.filter(|array| self.may_be_empty || !array.is_empty());
        let array = report.accept(given, &self.expected(), array)?;
        let mut values = Vec::with_capacity(array.len());
        let mut all_read = true;
        for (index, value) in array.iter().enumerate() {
            let item = Given {
                path: format!("{}[{index}]", given.path),
                line: report.line_of(value.span().start),
                value,
            };
            match self.of.read(&item, report) {
                Some(value) if !self.may_repeat && values.contains(&value) => {
                    let message = format!("{} is in the list twice", report.found(item.value));
                    report.problem(Some(item.line), format!("{}: {message}", item.path));
                    all_read = false;
                }
                Some(value) => values.push(value),
                None => all_read = false,
            }
        }
        all_read.then_some(values)
    }
}

/// Which keys a [`MapOf`] takes.
pub(in super::super) enum Keys {
    /// Any: they are judged elsewhere.
    Any,
    /// Only known ones. `what` says what a key names: "a kind of e-mail".
    Known {
        /// The keys.
        keys: &'static [&'static str],
        /// What they name.
        what: &'static str,
    },
}

/// A table whose keys aren't settings but names.
pub(in super::super) struct MapOf<K> {
    /// The keys that it takes.
    pub keys: Keys,
    /// What stands under each.
    pub of: K,
}

impl<K> MapOf<K> {
    fn takes(
        &self,
        path: &str,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        report: &mut Report<'_>,
    ) -> bool {
        let Keys::Known { keys, what } = &self.keys else {
            return true;
        };
        let name = key.get_ref().as_ref();
        if keys.contains(&name) {
            return true;
        }
        if !report.refuse_secret(path, key) {
            let near = proposal(name, keys.iter().copied());
            let line = report.line_of(key.span().start);
            report.problem(Some(line), format!("{path}: {name:?} is not {what}{near}"));
        }
        false
    }
}

impl<K: Kind> Kind for MapOf<K> {
    type Value = BTreeMap<String, K::Value>;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<Self::Value> {
        let table = given.value.get_ref().as_table();
        let table = report.accept(given, &"a table", table)?;
        let mut entries = BTreeMap::new();
        let mut all_read = true;
        for (key, value) in table {
            if !self.takes(&given.path, key, report) {
                all_read = false;
                continue;
            }
            let item = Given {
                path: join(&given.path, key.get_ref()),
                line: report.line_of(key.span().start),
                value,
            };
            match self.of.read(&item, report) {
                Some(value) => drop(entries.insert(key.get_ref().to_string(), value)),
                None => all_read = false,
            }
        }
        all_read.then_some(entries)
    }
}
