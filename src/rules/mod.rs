//! The checks of programme.md §4: one rule a file, every rule over every season.
//!
//! A rule sees the season, the settings and the day, and no other rule's findings. A rule that is
//! about seats or ranks reads the decisions, which are made from the season and from the findings
//! of the rules before them.

mod applications;
mod card;
mod data;
mod eligibility;
mod evaluations;
mod meetings;
mod registrations;
mod resource_persons;
mod supports;

mod workshops;

#[cfg(test)]
pub(crate) mod scene;

pub use crate::facts::Night;
pub use card::{Card, Check, Rule, Sink};

use crate::decide::{self, Decisions};
use crate::findings::{Finding, Findings, Severity};

/// Every rule, family by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        data::RULES,
        eligibility::RULES,
        applications::RULES,
        supports::RULES,
        meetings::RULES,
        workshops::RULES,
        registrations::RULES,
        resource_persons::RULES,
        evaluations::RULES,
    ]
    .into_iter()
    .flatten()
}

/// The rule of that code.
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.card.code.eq_ignore_ascii_case(code))
}

/// The severity that `[levels]` leaves the rule of that code; none where it is off.
pub fn severity_of(night: &Night, code: &str) -> Option<Severity> {
    find(code).and_then(|rule| rule.card.severity_under(night.settings))
}

/// Runs every rule and makes the decisions between the rules that they need and those that need them.
pub fn run(night: &Night) -> (Findings, Decisions) {
    let mut findings = Vec::new();
    for rule in all() {
        if let Check::Read(check) = rule.check {
            with_sink(night, rule, &mut findings, |sink| check(night, sink));
        }
    }
    let late_is_blocking = severity_of(night, "INS04") == Some(Severity::Blocking);
    let decisions = decide::decide(night, &findings, late_is_blocking);
    for rule in all() {
        if let Check::Decided(check) = rule.check {
            with_sink(night, rule, &mut findings, |sink| {
                check(night, &decisions, sink);
            });
        }
    }
    (Findings::sorted(findings, night.season), decisions)
}

fn with_sink(
    night: &Night,
    rule: &Rule,
    findings: &mut Vec<Finding>,
    check: impl FnOnce(&mut Sink),
) {
    let Some(severity) = rule.card.severity_under(night.settings) else {
        return;
    };
    check(&mut Sink::new(
        night.season,
        rule.card.code,
        severity,
        findings,
    ));
}
