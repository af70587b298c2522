//! What to decide first: what holds the night, what waits for her word, then what is blocking and
//! near, then the rest by kind of fault.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::calls::Cause;
use super::{Call, Night};
use crate::apply::WorkbookState;
use crate::findings::{Finding, Severity};
use crate::french::typographic;
use crate::french::words::count;
use crate::mails::Kind;
use crate::model::column::Column;
use crate::model::{Place, Role, Season};
use crate::report::dashboard::tabs;
use crate::rules;

/// So many days ahead, a blocking finding on a meeting or a workshop is told by itself.
const NEAR_DAYS: u64 = 14;
/// So many of those at most: the page is read standing.
const NEAR_SHOWN: usize = 6;
/// So many kinds of fault at most.
const KINDS_SHOWN: usize = 8;

/// Something to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToDo {
    /// How urgent it is.
    pub severity: Severity,
    /// What is asked, in a word or two of French.
    pub label: &'static str,
    /// What it is, in French.
    pub text: String,
    /// Where to decide it.
    pub at: Where,
}

/// Where to decide something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// Outside the workbooks.
    Nowhere,
    /// A sheet of the dashboard.
    Tab(&'static str),
    /// A cell of hers.
    Cell(Place, Option<Column>),
}

/// What to decide, the most urgent first.
pub(super) fn to_do(night: Night<'_>, calls: &[Call]) -> Vec<ToDo> {
    let mut list = Vec::new();
    if let Some(guard) = night.guard {
        list.push(ToDo {
            severity: Severity::Blocking,
            label: DECIDE,
            text: guard.to_owned(),
            at: Where::Tab(tabs::MAILS),
        });
    }
    failures(night, &mut list);
    lost(night, &mut list);
    mails(night, &mut list);
    answers(night, &mut list);
    let of = |cause: Cause| -> Vec<&Call> {
        let calls = calls.iter();
        calls.filter(|call| call.cause == cause).collect()
    };
    let [unreached, refused, untold] = [Cause::Address, Cause::Message, Cause::Untold].map(of);
    if !unreached.is_empty() {
        let text = count(
            persons(&unreached),
            "personne que le courriel n’atteint pas : à appeler, puis corrigez son adresse.",
            "personnes que le courriel n’atteint pas : à appeler, puis corrigez leur adresse.",
        );
        let at = Where::Tab(tabs::CALLS);
        push(&mut list, Severity::Blocking, "À appeler", &text, at);
    }
    if !refused.is_empty() {
        let text = count(
            persons(&refused),
            "personne à qui un courriel a été refusé, sans que son adresse soit en cause : prévenez-la, ou faites-le réessayer (peer-culture outbox retry).",
            "personnes à qui un courriel a été refusé, sans que leur adresse soit en cause : prévenez-les, ou faites-le réessayer (peer-culture outbox retry).",
        );
        let at = Where::Tab(tabs::CALLS);
        push(&mut list, Severity::Warning, "À appeler", &text, at);
    }
    if !untold.is_empty() {
        let text = count(
            persons(&untold),
            "personne à qui une date a été annoncée qui n’est plus la bonne, sans qu’aucun courriel le lui dise : à appeler.",
            "personnes à qui une date a été annoncée qui n’est plus la bonne, sans qu’aucun courriel le leur dise : à appeler.",
        );
        let at = Where::Tab(tabs::CALLS);
        push(&mut list, Severity::Blocking, "À appeler", &text, at);
    }
    findings(night, &mut list);
    list
}

/// Who stands there once for each of her rows is one person.
fn persons(calls: &[&Call]) -> usize {
    let known_by = |call: &&Call| {
        if call.address.is_empty() {
            call.about.clone()
        } else {
            call.address.clone()
        }
    };
    calls.iter().map(known_by).collect::<BTreeSet<_>>().len()
}

const DECIDE: &str = "À décider";

fn push(list: &mut Vec<ToDo>, severity: Severity, label: &'static str, text: &str, at: Where) {
    list.push(ToDo {
        severity,
        label,
        text: typographic(text),
        at,
    });
}

/// What could not be written or sent.
fn failures(night: Night<'_>, list: &mut Vec<ToDo>) {
    for workbook in night.workbooks {
        let severity = match workbook.state {
            WorkbookState::Written | WorkbookState::Unchanged => continue,
            WorkbookState::Beside | WorkbookState::Unread => Severity::Warning,
            WorkbookState::Failed => Severity::Blocking,
        };
        let remark = workbook.remark.as_deref().unwrap_or_default();
        let text = format!("{} : {remark}", workbook.workbook);
        push(list, severity, "À régler", &text, Where::Nowhere);
    }
    for problem in night.problems {
        push(
            list,
            Severity::Blocking,
            "À régler",
            problem,
            Where::Nowhere,
        );
    }
}

/// What was read before and is no longer found.
fn lost(night: Night<'_>, list: &mut Vec<ToDo>) {
    let missed = night.lost().into_iter();
    // What holds the night has been said first.
    let is_said = |text: &str| night.guard.is_some_and(|guard| guard.starts_with(text));
    for lost in missed.filter(|lost| !is_said(&typographic(&lost.in_words()))) {
        let text = format!("{} : {}", lost.in_words(), lost.remedy());
        push(list, Severity::Blocking, "À régler", &text, Where::Nowhere);
    }
}

fn mails(night: Night<'_>, list: &mut Vec<ToDo>) {
    let desk = night.desk;
    let at = Where::Tab(tabs::MAILS);
    if desk.clock.is_some() && night.guard.is_none() {
        let text = "La date de l’ordinateur est douteuse : est-elle juste ?";
        push(list, Severity::Blocking, DECIDE, text, at);
    }
    if !desk.awaiting.is_empty() {
        let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
        for (message, _) in &desk.awaiting {
            *kinds.entry(message.kind).or_default() += 1;
        }
        let kinds: Vec<String> = kinds
            .iter()
            .map(|(kind, number)| format!("{} ({number})", kind.french()))
            .collect();
        let text = format!(
            "{} : {}.",
            count(
                desk.awaiting.len(),
                "courriel attend votre accord",
                "courriels attendent votre accord"
            ),
            kinds.join(", ")
        );
        push(list, Severity::Warning, DECIDE, &text, at);
    }
    if !desk.doubtful.is_empty() {
        let text = count(
            desk.doubtful.len(),
            "courriel est peut-être parti : est-il arrivé, ou faut-il le renvoyer ?",
            "courriels sont peut-être partis : sont-ils arrivés, ou faut-il les renvoyer ?",
        );
        push(list, Severity::Warning, DECIDE, &text, at);
    }
}

/// Her answers that were not taken.
fn answers(night: Night<'_>, list: &mut Vec<ToDo>) {
    for remark in &night.taken.remarks {
        let at = Where::Tab(tabs::MAILS);
        push(list, Severity::Warning, "À revoir", remark, at);
    }
}

fn findings(night: Night<'_>, list: &mut Vec<ToDo>) {
    let season = &night.programme.season;
    let today = night.programme.now.today;
    let horizon = today
        .checked_add_days(Days::new(NEAR_DAYS))
        .unwrap_or(today);
    let mut near: Vec<(NaiveDate, &Finding)> = night
        .verdict
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Blocking)
        .filter_map(|finding| Some((day_of(season, finding)?, finding)))
        .filter(|(day, _)| (today..=horizon).contains(day))
        .collect();
    near.sort_by_key(|(day, _)| *day);
    near.truncate(NEAR_SHOWN);
    for (_, finding) in &near {
        let text = format!("{} {}", finding.code, finding.message);
        let at = Where::Cell(finding.place, finding.column);
        found(list, Severity::Blocking, &text, at);
    }
    let is_near = |finding: &Finding| near.iter().any(|(_, one)| std::ptr::eq(*one, finding));
    by_kind(night, is_near, list);
}

fn found(list: &mut Vec<ToDo>, severity: Severity, text: &str, at: Where) {
    push(list, severity, severity.french(), text, at);
}

/// The day of a meeting or a workshop.
fn day_of(season: &Season, finding: &Finding) -> Option<NaiveDate> {
    let row = finding.row()?;
    let tables = &season.tables;
    match row.role {
        Role::Meetings => tables.meetings.as_ref()?.get(row.index)?.date.get(),
        Role::Workshops => tables.workshops.as_ref()?.get(row.index)?.date.get(),
        _ => None,
    }
}

/// What is blocking besides, a line a kind of fault; then how much more there is.
fn by_kind(night: Night<'_>, is_told: impl Fn(&Finding) -> bool, list: &mut Vec<ToDo>) {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut warnings, mut infos) = (0, 0);
    for finding in night.verdict.findings.iter() {
        match finding.severity {
            Severity::Blocking if !is_told(finding) => {
                *kinds.entry(finding.code).or_default() += 1;
            }
            Severity::Blocking => {}
            Severity::Warning => warnings += 1,
            Severity::Info => infos += 1,
        }
    }
    let mut kinds: Vec<(&str, usize)> = kinds.into_iter().collect();
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let (shown, rest) = kinds.split_at(kinds.len().min(KINDS_SHOWN));
    let at = Where::Tab(tabs::FINDINGS);
    for (code, number) in shown {
        let title = rules::find(code).map_or("", |rule| rule.card.title);
        let text = if *number == 1 {
            format!("{code} {title}")
        } else {
            format!("{code} {title} : {number} lignes")
        };
        found(list, Severity::Blocking, &text, at);
    }
    let more: usize = rest.iter().map(|(_, number)| number).sum();
    if more > 0 {
        let text = count(more, "autre constat bloquant", "autres constats bloquants");
        found(list, Severity::Blocking, &text, at);
    }
    let mut later = Vec::new();
    if warnings > 0 {
        later.push(count(warnings, "constat à vérifier", "constats à vérifier"));
    }
    if infos > 0 {
        later.push(count(infos, "information", "informations"));
    }
    if !later.is_empty() {
        let text = format!("{}, quand vous en aurez le temps.", later.join(" et "));
        found(list, Severity::Info, &text, at);
    }
}
