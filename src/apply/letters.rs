//! From drafts to messages in the ledger, and what became of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Mode;
use crate::mails::{
    self, Attachment, Draft, Due, Entry, History, Kind, Overrides, State, Templates,
};
use crate::model::time::short_date;
use crate::model::{RowRef, Season, Table};
use crate::outbox::{AcceptedMail, Enqueued, Initial, Queued};
use crate::programme::Programme;

/// A night's e-mails, put into words before anything is sent.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Ready to be frozen.
    pub(super) queued: Vec<Queued>,
    /// For each of them, its draft's place in the plan.
    drafts: Vec<usize>,
    /// What could not be put into words, in French, each once.
    pub(super) problems: Vec<String>,
}

impl Prepared {
    /// Each draft that could be put into words, with its words.
    pub(super) fn with_drafts<'p>(
        &'p self,
        due: &'p Due,
    ) -> impl Iterator<Item = (&'p Draft, &'p Queued)> {
        let drafts = self.drafts.iter().map(|position| due.drafts.get(*position));
        drafts
            .zip(&self.queued)
            .filter_map(|(draft, queued)| Some((draft?, queued)))
    }
}

/// Puts every e-mail into words. A template or a value that fails holds back the e-mails of its
/// kind, and no others: they are due again the next night.
pub(super) fn put_into_words(programme: &Programme, due: &Due) -> Prepared {
    let (templates, mut problems) = templates(programme);
    let mut written: Vec<(usize, Queued)> = Vec::with_capacity(due.drafts.len());
    let mut held_back: BTreeSet<Kind> = BTreeSet::new();
    for (position, draft) in due.drafts.iter().enumerate() {
        if held_back.contains(&draft.kind) {
            continue;
        }
        match write(programme, &templates, draft, None) {
            Ok(queued) => written.push((position, queued)),
            Err(problem) => {
                held_back.insert(draft.kind);
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
        }
    }
    written.retain(|(_, queued)| !held_back.contains(&queued.kind));
    let (drafts, queued) = written.into_iter().unzip();
    Prepared {
        queued,
        drafts,
        problems,
    }
}

/// Puts the digest into words, with the dashboard.
pub(super) fn put_digest_into_words(
    programme: &Programme,
    draft: &Draft,
    dashboard: Option<&Attachment>,
) -> Result<Queued, String> {
    let (templates, _) = templates(programme);
    write(programme, &templates, draft, dashboard)
}

fn templates(programme: &Programme) -> (Templates, Vec<String>) {
    match Overrides::read(&programme.folder) {
        Ok(overrides) => {
            let templates = Templates::new(&overrides);
            let problems = templates.problems().map(ToString::to_string).collect();
            (templates, problems)
        }
        // Her own words are there and can't be read: the shipped ones would not be hers.
        Err(error) => {
            let problem = format!(
                "Le dossier templates/fr ne peut pas être lu ({error}) : les modèles fournis sont utilisés."
            );
            (Templates::new(&Overrides::none()), vec![problem])
        }
    }
}

fn write(
    programme: &Programme,
    templates: &Templates,
    draft: &Draft,
    file: Option<&Attachment>,
) -> Result<Queued, String> {
    let settings = &programme.settings;
    let rendered = templates
        .render(draft, &programme.season)
        .map_err(|problem| problem.to_string())?;
    let of_kind = |error: mails::MessageError| format!("{} : {error}", draft.kind.name());
    let message_id =
        mails::message_id(draft.kind, &draft.key, &draft.to.address, settings).map_err(of_kind)?;
    let date = programme.now.instant.fixed_offset();
    let eml =
        mails::message(&rendered, draft, settings, date, &message_id, file).map_err(of_kind)?;
    Ok(Queued {
        kind: draft.kind,
        key: draft.key.clone(),
        to: draft.to.clone(),
        initial: match draft.mode {
            Mode::Auto => Initial::Planned,
            Mode::Review | Mode::Off => Initial::AwaitingApproval,
        },
        about: draft.about.and_then(|row| place(&programme.season, row)),
        why: draft.why.clone(),
        told: draft.told.clone(),
        subject: rendered.subject,
        message_id,
        eml,
    })
}

/// « ateliers.xlsx, Inscriptions, ligne 5 »
fn place(season: &Season, row: RowRef) -> Option<String> {
    let place = season.place(row)?;
    let sheet = season.sheet(place.sheet)?;
    let workbook = season.workbook_of(sheet)?;
    Some(format!(
        "{}, {}, ligne {}",
        workbook.name, sheet.name, place.row
    ))
}

/// The state of each draft, in the plan's order; none for one that was held back.
pub(super) fn states(
    due: &Due,
    prepared: &Prepared,
    queued: &Enqueued,
    history: &History,
) -> Vec<Option<State>> {
    debug_assert_eq!(prepared.drafts.len(), queued.ids.len());
    let mut states = vec![None; due.drafts.len()];
    for position in &prepared.drafts {
        if let (Some(slot), Some(draft)) = (states.get_mut(*position), due.drafts.get(*position)) {
            *slot = state_of(history, draft);
        }
    }
    states
}

/// What each registrant was last sent, and when, by the registration's row.
pub(super) fn last_mails(season: &Season, accepted: &[AcceptedMail]) -> BTreeMap<u32, String> {
    let mut by_identity: BTreeMap<&str, &AcceptedMail> = BTreeMap::new();
    for mail in accepted {
        if let Some(identity) = identity_of(mail) {
            // In the order in which the server took them: the last one stays.
            by_identity.insert(identity, mail);
        }
    }
    if by_identity.is_empty() {
        return BTreeMap::new();
    }
    season
        .tables
        .registrations
        .iter()
        .flat_map(Table::all)
        .filter_map(|(index, row)| {
            let mail = by_identity.get(row.identity()?.as_str())?;
            let text = format!("{}, {}", mail.kind.french(), short_date(mail.accepted_on));
            Some((index, text))
        })
        .collect()
}

/// The registration that an e-mail is about: the workshop and the address, with which the keys of
/// its kinds begin.
fn identity_of(mail: &AcceptedMail) -> Option<&str> {
    if !mail.kind.is_about_registration() {
        return None;
    }
    let workshop = mail.key.find('|')?;
    let rest = mail.key.get(workshop + 1..)?;
    let end = rest
        .find('|')
        .map_or(mail.key.len(), |end| workshop + 1 + end);
    mail.key.get(..end)
}

/// The state of the ledger's message of that kind, key and address.
pub(super) fn state_of(history: &History, draft: &Draft) -> Option<State> {
    let entry: &Entry = history.find(draft.kind, &draft.key, &draft.to.address)?;
    Some(entry.state)
}
