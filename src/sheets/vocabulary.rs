//! The words that choices are made of: those of programme.md §3 with their synonyms, and those of
//! the settings.

use crate::config::Settings;
use crate::model::application::Decision;
use crate::model::axis::Axis;
use crate::model::event_state::EventState;
use crate::model::fold::WordTable;
use crate::model::member::Level;
use crate::model::registration::RegistrationState;
use crate::model::resource_person::PersonKind;
use crate::model::support::Status;

/// Synonyms of the seed's legal forms; they hold while the settings list the form.
const LEGAL_FORM_SYNONYMS: [(&str, &[&str]); 3] = [
    ("association", &["association loi 1901", "loi 1901", "asso"]),
    (
        "entreprise individuelle",
        &[
            "EI",
            "EIRL",
            "auto-entrepreneur",
            "autoentreprise",
            "auto-entreprise",
            "micro-entreprise",
            "micro-entrepreneur",
            "artiste-auteur",
            "profession libérale",
        ],
    ),
    (
        "société",
        &[
            "EURL",
            "SARL",
            "SAS",
            "SASU",
            "SA",
            "SNC",
            "SCOP",
            "SCIC",
            "SCI",
            "coopérative",
        ],
    ),
];

/// Every choice, ready to be looked up.
#[derive(Debug)]
pub struct Vocabulary {
    /// Forme juridique.
    pub legal_forms: WordTable<()>,
    /// The legal forms of the settings, without synonyms: for messages.
    pub legal_form_words: Vec<String>,
    /// Statut of a membership.
    pub levels: WordTable<Level>,
    /// The programme's axes.
    pub axes: WordTable<Axis>,
    /// Décision.
    pub decisions: WordTable<Decision>,
    /// Type of a resource person.
    pub person_kinds: WordTable<PersonKind>,
    /// Statut of a support.
    pub statuses: WordTable<Status>,
    /// État of a meeting or a workshop.
    pub event_states: WordTable<EventState>,
    /// État of a registration.
    pub registration_states: WordTable<RegistrationState>,
}

impl Vocabulary {
    /// The words, with those of the settings.
    pub fn new(settings: &Settings) -> Self {
        Self {
            legal_forms: legal_forms(&settings.eligibility.legal_forms),
            legal_form_words: settings.eligibility.legal_forms.clone(),
            levels: WordTable::new([
                ("membre actif", Level::Active),
                ("membre coopérant", Level::Cooperating),
                ("actif", Level::Active),
                ("coopérant", Level::Cooperating),
            ]),
            axes: WordTable::new(
                (0u8..)
                    .zip(&settings.axes)
                    .map(|(index, axis)| (axis.as_str(), Axis(index))),
            ),
            decisions: WordTable::new([
                ("retenue", Decision::Selected),
                ("liste d'attente", Decision::Waiting),
                ("refusée", Decision::Refused),
            ]),
            person_kinds: WordTable::new([
                ("membre", PersonKind::Member),
                ("partenaire", PersonKind::Partner),
            ]),
            statuses: WordTable::new([
                ("diagnostic", Status::Diagnosis),
                ("en cours", Status::Running),
                ("terminé", Status::Finished),
                ("abandonné", Status::Abandoned),
            ]),
            event_states: WordTable::new([
                ("prévu", EventState::Planned),
                ("réalisé", EventState::Held),
                ("annulé", EventState::Cancelled),
            ]),
            registration_states: WordTable::new([
                ("annulée", RegistrationState::Cancelled),
                ("confirmée", RegistrationState::Confirmed),
                ("liste d'attente", RegistrationState::Waiting),
            ]),
        }
    }
}

fn legal_forms(listed: &[String]) -> WordTable<()> {
    let known: WordTable<()> = WordTable::new(listed.iter().map(|form| (form.as_str(), ())));
    let synonyms = LEGAL_FORM_SYNONYMS
        .iter()
        .filter(|(form, _)| known.get(form).is_some())
        .flat_map(|(_, synonyms)| synonyms.iter().copied());
    let all = listed.iter().map(String::as_str).chain(synonyms);
    WordTable::new(all.map(|form| (form, ())))
}
