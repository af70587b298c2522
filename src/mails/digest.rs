//! `synthese`: the coordinator's morning e-mail, once a day of run.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::draft::{Draft, Recipient};
use super::kind::Kind;
use super::words::{Common, clip};
use crate::config::{Mode, Settings};

/// What the digest says, in French, ready to be read; an empty text or list says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DigestWords {
    /// What the subject says before the day: « 3 points à voir ».
    pub headline: String,
    /// `mardi 12 janvier 2021`
    pub day: String,
    /// What to decide first.
    pub to_do: Vec<LineWords>,
    /// « et 3 autres », here and below.
    pub more_to_do: String,
    /// `lundi 11 janvier 2021`: the run that news are counted from.
    pub since: String,
    /// What is new, the most severe first.
    pub new: Vec<LineWords>,
    /// How many more.
    pub more_new: String,
    /// What was solved.
    pub solved: Vec<LineWords>,
    /// How many more.
    pub more_solved: String,
    /// How much remains.
    pub remaining: String,
    /// What the server took today.
    pub sent: String,
    /// What could not be sent, is doubtful or waits.
    pub not_sent: Vec<String>,
    /// The coming fourteen days.
    pub coming: Vec<ComingWords>,
    /// How many more.
    pub more_coming: String,
    /// The dashboard goes along.
    pub with_dashboard: bool,
}

/// Something to decide, new or solved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LineWords {
    /// What it is in a word: « Bloquant », « RDV03 ».
    pub label: String,
    /// What it is.
    pub text: String,
    /// « Inscriptions, ligne 5 »; may be empty.
    pub place: String,
}

/// Something that comes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ComingWords {
    /// `mardi 12 janvier`
    pub day: String,
    /// `matin`; empty: all day.
    pub when: String,
    /// What it is.
    pub what: String,
    /// With whom and where; may be empty.
    pub details: String,
}

/// The digest of a day; none where nobody coordinates by e-mail, or she switched it off.
pub fn digest(words: &DigestWords, settings: &Settings, day: NaiveDate) -> Option<Draft> {
    let mode = Kind::Digest.mode(settings);
    let address = settings.coordinator.email.trim();
    if mode == Mode::Off || address.is_empty() {
        return None;
    }
    let to = Recipient {
        name: settings.coordinator.name.clone(),
        address: address.to_owned(),
    };
    let mut context = serde_json::to_value(Common::of(settings, &to)).ok()?;
    let digest = serde_json::to_value(words).ok()?;
    context.as_object_mut()?.insert("digest".to_owned(), digest);
    clip(&mut context);
    Some(Draft {
        kind: Kind::Digest,
        key: day.to_string(),
        to,
        // It tells her what awaits approval: it can't await it itself.
        mode: Mode::Auto,
        agreed: false,
        about: None,
        why: "La synthèse du matin.".to_owned(),
        told: Value::Null,
        references: Vec::new(),
        calendar: None,
        context,
    })
}

/// Two digests, a full one and an empty one, for trying its template out.
pub(super) fn samples() -> Vec<Value> {
    let mut settings = Settings::default();
    "ines@peer.example.org".clone_into(&mut settings.coordinator.email);
    let line = || {
        vec![LineWords {
            label: "Bloquant".to_owned(),
            text: "Un exemple.".to_owned(),
            place: "Inscriptions, ligne 5".to_owned(),
        }]
    };
    let more = || "et 2 autres".to_owned();
    let full = DigestWords {
        headline: "3 points à voir".to_owned(),
        day: "mardi 12 janvier 2021".to_owned(),
        to_do: line(),
        more_to_do: more(),
        since: "lundi 11 janvier 2021".to_owned(),
        new: line(),
        more_new: more(),
        solved: line(),
        more_solved: more(),
        remaining: "Aucun constat dans vos classeurs.".to_owned(),
        sent: "Aucun courriel n’est parti cette nuit.".to_owned(),
        not_sent: vec!["1 courriel attend votre accord".to_owned()],
        coming: vec![ComingWords {
            day: "mardi 12 janvier".to_owned(),
            when: "matin".to_owned(),
            what: "Rendez-vous".to_owned(),
            details: "Toulouse".to_owned(),
        }],
        more_coming: more(),
        with_dashboard: true,
    };
    let samples = [full, DigestWords::default()];
    let drafts = samples
        .iter()
        .filter_map(|words| digest(words, &settings, NaiveDate::default()));
    drafts.map(|draft| draft.context).collect()
}
