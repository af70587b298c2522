//! The templates of e-mails, all rendered with sample data.

use std::collections::BTreeSet;
use std::path::Path;

use super::Check;
use crate::mails::{Overrides, Templates};

const TOPIC: &str = "templates";
const REMEDY: &str = "correct it in templates/fr, or remove it: the shipped one then stands in; \
                      meanwhile the e-mails of that kind wait";

pub(super) fn look(folder: &Path) -> Vec<Check> {
    let overrides = match Overrides::read(folder) {
        Ok(overrides) => overrides,
        Err(error) => {
            let message = format!("templates/fr can't be read: {error}");
            let remedy = "let the account that runs the program read it";
            return vec![Check::repair(TOPIC, message, remedy)];
        }
    };
    let templates = Templates::new(&overrides);
    // A partial that is broken breaks every kind that includes it: it is told once.
    let problems: BTreeSet<String> = templates
        .problems()
        .map(ToString::to_string)
        .chain(templates.sample_problems().iter().map(ToString::to_string))
        .collect();
    if problems.is_empty() {
        let own = overrides.len();
        let message = format!("all can be rendered; {own} of them from templates/fr");
        return vec![Check::ok(TOPIC, message)];
    }
    problems
        .into_iter()
        .map(|problem| Check::repair(TOPIC, problem, REMEDY))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::doctor::Verdict;

    fn verdicts(templates: &[(&str, &str)]) -> Vec<(Verdict, String)> {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("templates").join("fr");
        fs::create_dir_all(&home).unwrap();
        for (name, source) in templates {
            fs::write(home.join(name), source).unwrap();
        }
        let checks = look(folder.path());
        checks
            .into_iter()
            .map(|check| (check.verdict, check.message))
            .collect()
    }

    #[test]
    fn the_shipped_ones_can_be_rendered() {
        assert_eq!(verdicts(&[])[0].0, Verdict::Ok);
    }

    #[test]
    fn a_variable_that_the_kind_lacks_is_found_before_the_night() {
        let found = verdicts(&[(
            "rdv-rappel.md.hbs",
            "Objet : Rappel\n\nBonjour {{prenom_inconnu}}\n",
        )]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, Verdict::Repair);
        assert!(found[0].1.contains("prenom_inconnu"), "{found:?}");
    }

    #[test]
    fn a_broken_partial_is_told_once() {
        let found = verdicts(&[("tarif.md.hbs", "{{#if}")]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, Verdict::Repair);
    }
}
