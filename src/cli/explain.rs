//! `explain`: what a check finds, why, and what to do.

use std::io::Write;

use clap::Args;

use super::Exit;
use super::output::stdout;
use crate::french::typographic;
use crate::rules::{self, Card};

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The code of a check, as in « Alertes (auto) »; without it, all checks are listed.
    code: Option<String>,
}

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let mut out = stdout();
    let Some(code) = &args.code else {
        for rule in rules::all() {
            let card = rule.card;
            writeln!(
                out,
                "{}  {:<11} {}",
                card.code,
                card.severity.french(),
                typographic(card.title)
            )?;
        }
        return Ok(Exit::Done);
    };
    let Some(rule) = rules::find(code.trim()) else {
        let codes = rules::all().map(|rule| rule.card.code);
        let near = crate::model::fold::nearest(code, codes);
        let proposal = near.first().map_or_else(
            || "run `peer-culture explain` for the list".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        eprintln!("error: there is no check {code}; {proposal}");
        return Ok(Exit::BadInput);
    };
    write!(out, "{}", page(rule.card))?;
    Ok(Exit::Done)
}

fn page(card: &Card) -> String {
    let heading = format!(
        "{} — {} ({})",
        card.code,
        card.title,
        card.severity.french()
    );
    typographic(&format!(
        "{heading}\n\nCe que le programme constate\n  {}\n\nQue faire\n  {}\n",
        card.finds, card.remedy
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::CHECK_CODES;

    #[test]
    fn the_codes_that_settings_know_are_the_rules() {
        let mut codes: Vec<&str> = rules::all().map(|rule| rule.card.code).collect();
        codes.sort_unstable();
        let mut known = CHECK_CODES.to_vec();
        known.sort_unstable();
        assert_eq!(codes, known);
    }

    #[test]
    fn every_card_says_what_and_what_to_do() {
        for rule in rules::all() {
            let page = page(rule.card);
            assert!(page.contains(rule.card.code));
            assert!(
                !rule.card.finds.is_empty() && !rule.card.remedy.is_empty(),
                "{page}"
            );
        }
    }
}
