//! What stands in the way of writing a workbook, and what the coordinator is told.

use super::owner_file::{Editor, Owner};

/// What stands in the way. The workbook is as it was; the next night tries again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// Somebody has it open.
    Open(Owner),
    /// A program holds it open, and nothing says which one (Windows).
    Held,
    /// A sync client has left another version of it.
    TwoVersions {
        /// Both, with their dates.
        remark: String,
    },
    /// It is no longer what was read.
    Changed,
    /// It is no longer there.
    Gone,
    /// It lies in a synchronised folder and has changed lately: somebody may be at work on it.
    JustSynchronised {
        /// Which service synchronises it.
        service: &'static str,
    },
    /// Nobody may write it.
    ReadOnly,
    /// It has other names elsewhere (hard links), which would keep the old content.
    SeveralNames,
    /// Its owner or its rights could not be given to a new file.
    Rights,
    /// Nothing can be written into its folder.
    ClosedFolder,
}

impl Obstacle {
    /// What it is, in French: one or two sentences.
    pub fn reason(&self, workbook: &str) -> String {
        match self {
            Self::Open(owner) => {
                let program = match owner.editor {
                    Editor::Excel => "Excel",
                    Editor::LibreOffice => "LibreOffice",
                };
                let by = owner.by.as_deref();
                let by = by.map(|name| format!(" par {name}")).unwrap_or_default();
                format!("« {workbook} » est ouvert dans {program}{by} : il est resté tel quel.")
            }
            Self::Held => format!(
                "« {workbook} » est ouvert dans un autre programme : il est resté tel quel."
            ),
            Self::TwoVersions { remark } => remark.clone(),
            Self::Changed => format!(
                "« {workbook} » a changé pendant le contrôle : il est resté tel quel. Les remarques valent pour ce qui a été lu."
            ),
            Self::Gone => format!("« {workbook} » n’est plus là depuis qu’il a été lu."),
            Self::JustSynchronised { service } => format!(
                "« {workbook} » vient d’être modifié dans un dossier synchronisé par {service}, où rien ne dit si quelqu’un y travaille encore : il est resté tel quel."
            ),
            Self::ReadOnly => {
                format!("« {workbook} » est en lecture seule : il est resté tel quel.")
            }
            Self::SeveralNames => format!(
                "« {workbook} » porte d’autres noms ailleurs sur le disque (liens physiques), qui garderaient l’ancien contenu : il est resté tel quel."
            ),
            Self::Rights => format!(
                "« {workbook} » appartient à quelqu’un d’autre, et le programme n’a pas le droit de lui rendre son propriétaire et ses droits d’accès : il est resté tel quel."
            ),
            Self::ClosedFolder => format!(
                "Le programme n’a pas le droit d’écrire dans le dossier de « {workbook} » : il est resté tel quel."
            ),
        }
    }

    /// What happens next, and what she can do, in French. `copy`: whether there is one beside it.
    pub fn next(&self, workbook: &str, copy: bool) -> String {
        let again = if copy {
            "La nuit prochaine les écrira dans le classeur lui-même et retirera cette copie"
        } else {
            "La nuit prochaine les écrira dans le classeur lui-même"
        };
        match self {
            Self::Open(owner) => format!(
                "Fermez-le le soir. {again}. Si personne ne l’a ouvert, supprimez le fichier « {} ».",
                owner.file
            ),
            Self::Held | Self::JustSynchronised { .. } => format!("Fermez-le le soir. {again}."),
            Self::Changed => format!("{again}."),
            Self::TwoVersions { .. } => format!("{again}, une fois qu’il n’en restera qu’une."),
            Self::Gone => format!("Remettez « {workbook} » dans le dossier."),
            Self::ReadOnly => format!("{again}, dès que vous aurez retiré la lecture seule."),
            Self::SeveralNames => format!(
                "{again}, dès qu’il n’aura plus qu’un nom : enregistrez-le sous un nouveau nom, puis remplacez-le."
            ),
            Self::Rights => format!(
                "{again}, dès que le programme tournera sous le compte à qui le fichier appartient."
            ),
            Self::ClosedFolder => format!("{again}, dès qu’il en aura le droit."),
        }
    }
}
