//! From drafts to messages in the ledger, and what became of them.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::thread;

use crate::config::Mode;
use crate::mails::{
    self, Attachment, Draft, Due, Entry, History, Kind, Overrides, State, Templates,
};
use crate::model::time::short_date;
use crate::model::{Season, Table};
use crate::outbox::{AcceptedMail, Enqueued, Initial, Queued};
use crate::programme::Programme;

/// A night's e-mails, put into words before anything is sent.
#[derive(Debug)]
pub struct Prepared {
    /// Ready to be frozen.
    pub queued: Vec<Queued>,
    /// For each of them, its draft's place in the plan.
    drafts: Vec<usize>,
    /// What could not be put into words, in French, each once.
    pub problems: Vec<String>,
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

/// Fewer than so many are sooner written by one than shared out.
const WORTH_SHARING: usize = 32;

/// Puts every e-mail into words, on all processors. A template or a value that fails holds back the
/// e-mails of its kind, and no others: they are due again the next night. However many processors
/// there are, the words, the problems and their order are the same.
pub fn put_into_words(programme: &Programme, due: &Due) -> Prepared {
    let most = thread::available_parallelism().map_or(1, usize::from);
    by_hands(most.min(due.drafts.len() / WORTH_SHARING), programme, due)
}

fn by_hands(hands: usize, programme: &Programme, due: &Due) -> Prepared {
    let (templates, mut problems) = templates(programme);
    let share = due.drafts.len().div_ceil(hands.max(1)).max(1);
    let shares: Vec<&[Draft]> = due.drafts.chunks(share).collect();
    let mut written: Vec<(usize, Queued)> = Vec::with_capacity(due.drafts.len());
    let mut held_back: BTreeSet<Kind> = BTreeSet::new();
    let letters = by_several(&shares, |share| write_share(programme, &templates, share));
    for (position, letter) in letters.into_iter().flatten().enumerate() {
        match letter {
            Letter::Written(queued) => written.push((position, *queued)),
            Letter::HeldBack => {}
            Letter::Failed(kind, problem) => {
                // The first of each kind says it for the others.
                if held_back.insert(kind) && !problems.contains(&problem) {
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

/// What became of a draft.
enum Letter {
    Written(Box<Queued>),
    /// Why, in French.
    Failed(Kind, String),
    /// One of its kind before it failed.
    HeldBack,
}

/// Puts one share of a night's drafts into words, in their order.
fn write_share(programme: &Programme, templates: &Templates, share: &[Draft]) -> Vec<Letter> {
    let mut held_back: BTreeSet<Kind> = BTreeSet::new();
    let write = |draft: &Draft| {
        if held_back.contains(&draft.kind) {
            return Letter::HeldBack;
        }
        match write(programme, templates, draft, None) {
            Ok(queued) => Letter::Written(Box::new(queued)),
            Err(problem) => {
                held_back.insert(draft.kind);
                Letter::Failed(draft.kind, problem)
            }
        }
    };
    share.iter().map(write).collect()
}

/// Does the shares side by side; what came of each, in their order.
fn by_several<T: Sync + ?Sized, R: Send>(shares: &[&T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let Some((last, others)) = shares.split_last() else {
        return Vec::new();
    };
    let work = &work;
    thread::scope(|scope| {
        let begun: Vec<_> = others
            .iter()
            .map(|share| scope.spawn(move || work(share)))
            .collect();
        let own = work(last);
        let done = begun
            .into_iter()
            // What panics there would have panicked here.
            .map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done.collect::<Vec<R>>().into_iter().chain([own]).collect()
    })
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
        about: draft
            .about
            .and_then(|row| programme.season.row_in_words(row)),
        why: draft.why.clone(),
        told: draft.told.clone(),
        subject: rendered.subject,
        message_id,
        eml,
    })
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::by_hands;
    use crate::mails::{Due, History, Kind};
    use crate::plan::Plan;
    use crate::programme::Programme;
    use crate::progress::Progress;

    /// A night of the sample programme, three times over, with two templates that ask for what no
    /// e-mail has.
    fn night(folder: &Path) -> (Programme, Due) {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("workbooks");
        let today = "2021-01-12".parse().ok();
        let mut programme = Programme::load(&sample, today, &Progress::none()).expect("read");
        folder.clone_into(&mut programme.folder);
        let templates = folder.join("templates/fr");
        fs::create_dir_all(&templates).expect("a folder");
        for kind in ["inscription-attente", "rdv-rappel"] {
            let text = "Objet : {{to.name}}\n\nBonjour {{nowhere}}\n";
            fs::write(templates.join(format!("{kind}.md.hbs")), text).expect("a template");
        }
        let one = Plan::of(&programme, &History::default()).due;
        let drafts = (0..3).flat_map(|time| {
            one.drafts.iter().cloned().map(move |mut draft| {
                draft.key = format!("{}|{time}", draft.key);
                draft
            })
        });
        let due = Due {
            drafts: drafts.collect(),
            ..Due::default()
        };
        (programme, due)
    }

    #[test]
    fn however_many_hands_write_the_words_and_the_problems_are_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let (programme, due) = night(folder.path());
        let alone = by_hands(1, &programme, &due);
        assert!(!alone.problems.is_empty() && alone.queued.len() > 50);
        let is_written = |kind| alone.queued.iter().any(|queued| queued.kind == kind);
        assert!(!is_written(Kind::RegistrationWaiting) && is_written(Kind::RegistrationConfirmed));
        for hands in [0, 2, 3, 7, 10_000] {
            let several = by_hands(hands, &programme, &due);
            assert!(several.queued == alone.queued, "{hands}");
            assert_eq!(several.drafts, alone.drafts, "{hands}");
            assert_eq!(several.problems, alone.problems, "{hands}");
        }
        let nothing = by_hands(4, &programme, &Due::default());
        assert!(nothing.queued.is_empty());
    }
}
