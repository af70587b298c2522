//! E-mails of every kind with invented data: templates are tried out on them before a night needs
//! them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{LAYOUT, RenderProblem, Templates};
use crate::config::Mode;
use crate::mails::{Draft, Kind, Recipient, digest};
use crate::model::Season;

/// What the templates of each kind are given, in each of the cases that they tell apart: the
/// contexts of the letters in `mails::tests`, which keep this file as it should be.
const CONTEXTS: &str = include_str!("samples.json");

/// The contexts by kind.
fn contexts() -> BTreeMap<String, Vec<Value>> {
    // A test reads it.
    let mut contexts: BTreeMap<String, Vec<Value>> =
        serde_json::from_str(CONTEXTS).unwrap_or_default();
    contexts.insert(Kind::Digest.name().to_owned(), digest::samples());
    contexts
}

impl Templates {
    /// What keeps sample e-mails from being rendered, each once. A template that is broken in itself
    /// is not among them: see [`Templates::problems`].
    #[must_use]
    pub fn sample_problems(&self) -> Vec<RenderProblem> {
        let mut problems: Vec<RenderProblem> = Vec::new();
        if self.broken.contains_key(LAYOUT) {
            return problems;
        }
        for (name, contexts) in contexts() {
            let Some(kind) = Kind::named(&name).filter(|_| !self.broken.contains_key(&name)) else {
                continue;
            };
            for context in contexts {
                let rendered = self.render(&draft(kind, context), &Season::default());
                if let Err(problem) = rendered
                    && !problems.contains(&problem)
                {
                    problems.push(problem);
                }
            }
        }
        problems
    }
}

fn draft(kind: Kind, context: Value) -> Draft {
    Draft {
        kind,
        key: "exemple".to_owned(),
        to: Recipient {
            name: String::new(),
            address: String::new(),
        },
        mode: Mode::Auto,
        agreed: false,
        about: None,
        why: String::new(),
        told: Value::Null,
        references: Vec::new(),
        calendar: None,
        context,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_samples_of_every_kind() {
        let contexts = contexts();
        for kind in Kind::ALL {
            assert!(
                contexts
                    .get(kind.name())
                    .is_some_and(|list| !list.is_empty()),
                "{kind:?}"
            );
        }
    }
}
