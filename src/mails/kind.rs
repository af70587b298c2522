//! The kinds of e-mail (programme.md §6).

use serde::{Serialize, Serializer};

use crate::config::{Mode, Settings};

/// A kind of e-mail: one template, one rule of when it is due, one kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An application arrived.
    ApplicationReceived,
    /// An application lacks something.
    ApplicationIncomplete,
    /// The committee's decision.
    ApplicationDecision,
    /// The first interview is fixed.
    InterviewConfirmation,
    /// A meeting is fixed.
    MeetingConfirmation,
    /// A meeting was moved, or its place changed.
    MeetingChange,
    /// A meeting will not take place.
    MeetingCancellation,
    /// A meeting comes soon.
    MeetingReminder,
    /// No meeting for too long.
    MeetingGap,
    /// A seat at a workshop.
    RegistrationConfirmed,
    /// A place in the waiting list.
    RegistrationWaiting,
    /// A seat came free.
    RegistrationPromoted,
    /// The registration is cancelled.
    RegistrationCancelled,
    /// A workshop has a new date, time or place.
    WorkshopChange,
    /// A workshop will not take place.
    WorkshopCancellation,
    /// A workshop comes soon.
    WorkshopReminder,
    /// A fee is due.
    PaymentReminder,
    /// A membership ends soon.
    MembershipEnding,
    /// The evaluation may be filled in.
    EvaluationInvitation,
    /// The coordinator's digest.
    Digest,
}

impl Kind {
    /// Every kind, in the order of programme.md §6.
    pub const ALL: [Self; 20] = [
        Self::ApplicationReceived,
        Self::ApplicationIncomplete,
        Self::ApplicationDecision,
        Self::InterviewConfirmation,
        Self::MeetingConfirmation,
        Self::MeetingChange,
        Self::MeetingCancellation,
        Self::MeetingReminder,
        Self::MeetingGap,
        Self::RegistrationConfirmed,
        Self::RegistrationWaiting,
        Self::RegistrationPromoted,
        Self::RegistrationCancelled,
        Self::WorkshopChange,
        Self::WorkshopCancellation,
        Self::WorkshopReminder,
        Self::PaymentReminder,
        Self::MembershipEnding,
        Self::EvaluationInvitation,
        Self::Digest,
    ];

    /// The name of the kind in programme.md, in `[mail.kinds]`, in the ledger and of its template.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ApplicationReceived => "candidature-recue",
            Self::ApplicationIncomplete => "candidature-incomplete",
            Self::ApplicationDecision => "candidature-decision",
            Self::InterviewConfirmation => "entretien-confirmation",
            Self::MeetingConfirmation => "rdv-confirmation",
            Self::MeetingChange => "rdv-modification",
            Self::MeetingCancellation => "rdv-annulation",
            Self::MeetingReminder => "rdv-rappel",
            Self::MeetingGap => "rdv-relance",
            Self::RegistrationConfirmed => "inscription-confirmee",
            Self::RegistrationWaiting => "inscription-attente",
            Self::RegistrationPromoted => "inscription-promue",
            Self::RegistrationCancelled => "inscription-annulee",
            Self::WorkshopChange => "atelier-modification",
            Self::WorkshopCancellation => "atelier-annulation",
            Self::WorkshopReminder => "atelier-rappel",
            Self::PaymentReminder => "paiement-rappel",
            Self::MembershipEnding => "adhesion-echeance",
            Self::EvaluationInvitation => "evaluation-invitation",
            Self::Digest => "synthese",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What becomes of the kind's e-mails: as `[mail.kinds]` says, else decisions and incomplete
    /// applications wait for approval and all others go.
    #[must_use]
    pub fn mode(self, settings: &Settings) -> Mode {
        if let Some(mode) = settings.mail.kinds.get(self.name()) {
            return *mode;
        }
        match self {
            Self::ApplicationIncomplete | Self::ApplicationDecision => Mode::Review,
            _ => Mode::Auto,
        }
    }

    /// What the coordinator reads, in « Dernier courriel (auto) » for instance.
    pub fn french(self) -> &'static str {
        match self {
            Self::ApplicationReceived => "Candidature reçue",
            Self::ApplicationIncomplete => "Candidature incomplète",
            Self::ApplicationDecision => "Décision sur la candidature",
            Self::InterviewConfirmation => "Entretien confirmé",
            Self::MeetingConfirmation => "Rendez-vous confirmé",
            Self::MeetingChange => "Rendez-vous modifié",
            Self::MeetingCancellation => "Rendez-vous annulé",
            Self::MeetingReminder => "Rappel de rendez-vous",
            Self::MeetingGap => "Relance de rendez-vous",
            Self::RegistrationConfirmed => "Inscription confirmée",
            Self::RegistrationWaiting => "Liste d’attente",
            Self::RegistrationPromoted => "Place libérée",
            Self::RegistrationCancelled => "Inscription annulée",
            Self::WorkshopChange => "Atelier modifié",
            Self::WorkshopCancellation => "Atelier annulé",
            Self::WorkshopReminder => "Rappel d’atelier",
            Self::PaymentReminder => "Rappel de paiement",
            Self::MembershipEnding => "Échéance d’adhésion",
            Self::EvaluationInvitation => "Invitation à évaluer",
            Self::Digest => "Synthèse",
        }
    }

    /// Its key begins with a registration's identity.
    pub fn is_about_registration(self) -> bool {
        matches!(
            self,
            Self::RegistrationConfirmed
                | Self::RegistrationWaiting
                | Self::RegistrationPromoted
                | Self::RegistrationCancelled
                | Self::WorkshopChange
                | Self::WorkshopCancellation
                | Self::WorkshopReminder
                | Self::PaymentReminder
        )
    }

    /// It takes back or changes what was told before: guarded when too many would go in one night.
    #[must_use]
    pub fn takes_back(self) -> bool {
        matches!(
            self,
            Self::MeetingChange
                | Self::MeetingCancellation
                | Self::RegistrationCancelled
                | Self::WorkshopChange
                | Self::WorkshopCancellation
        )
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
