//! Why a workbook can't be read: what it is, in English for the operator, and what to do about it,
//! in French for the coordinator whose file it is.

use std::fmt;

use crate::package::Refusal;

/// A cause that lies in the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// The package is damaged, or dangerous to read.
    Refused(Refusal),
    /// The system can't give its bytes.
    File(String),
    /// Another program holds it open and lets nobody else read it (Windows).
    Held,
    /// Its name holds a line break or another control character, which no list could show.
    Name,
    /// Nothing in it.
    Empty,
    /// The name promises another format than the content has: what it is, and the ending that fits.
    Misnamed(&'static str, &'static str),
    /// The name ends in `.xls`, the content is nothing that Excel writes.
    NoWorkbook,
    /// More bytes than a workbook has.
    TooLarge(u64),
    /// Its known columns hold more text than a programme has.
    TooMuchText,
    /// More workbooks or sheets than are counted.
    TooMany,
    /// The reader of `.xls` files found it damaged: its own words.
    DamagedXls(String),
    /// The reader of `.xls` files came to no end: it was stopped, or stopped itself.
    Stopped,
    /// The reader stumbled over it: a fault of the program's, met in a file that is surely damaged.
    Stumbled,
}

impl Unreadable {
    fn english(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.to_string(),
            Self::File(cause) => format!("it can't be read: {cause}"),
            Self::Held => "another program holds it open and lets nobody else read it".to_owned(),
            Self::Name => "its name holds a control character".to_owned(),
            Self::Empty => "the file is empty".to_owned(),
            Self::Misnamed(what, ending) => {
                format!("it is {what} under another name; rename it to {ending}")
            }
            Self::NoWorkbook => "it is damaged or no Excel workbook at all".to_owned(),
            Self::TooLarge(bytes) => {
                format!("the file has {bytes} bytes: too large for a workbook")
            }
            Self::TooMuchText => "its columns hold more text than a programme has".to_owned(),
            Self::TooMany => "there are too many workbooks or sheets".to_owned(),
            Self::DamagedXls(cause) => format!("the .xls workbook is damaged: {cause}"),
            Self::Stopped => {
                "the .xls workbook is damaged or abnormally large: its reader was stopped"
                    .to_owned()
            }
            Self::Stumbled => "it is damaged in a way that stopped the reader".to_owned(),
        }
    }

    fn french(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.french(),
            Self::File(_) => {
                "Le fichier n’a pas pu être lu. Vérifiez qu’il est bien là, et que le programme a le droit de le lire.".to_owned()
            }
            Self::Held => {
                "Le fichier est ouvert dans un autre programme, qui ne le laisse lire à personne. Fermez-le ; il sera lu la prochaine fois.".to_owned()
            }
            Self::Name => {
                "Le nom du fichier contient un caractère invisible. Renommez-le avec des lettres, des chiffres et des tirets.".to_owned()
            }
            Self::Empty => {
                "Le fichier est vide. Reprenez une version précédente, ou retirez-le du dossier.".to_owned()
            }
            Self::Misnamed(_, ending) => format!(
                "Le nom du fichier ne correspond pas à son contenu. Renommez-le pour qu’il se termine par « {ending} »."
            ),
            Self::NoWorkbook => {
                "Ce fichier est endommagé, ou n’est pas un classeur Excel malgré son nom. Ouvrez-le dans Excel et enregistrez-le au format .xlsx.".to_owned()
            }
            Self::TooLarge(_) | Self::TooMuchText | Self::TooMany => {
                "Le fichier est d’une taille anormale et n’a pas été lu. Vérifiez d’où il vient ; s’il est bien à vous, allégez-le (lignes vides, textes recopiés, images) et enregistrez.".to_owned()
            }
            Self::DamagedXls(_) | Self::Stopped => {
                "Le fichier est endommagé, ou d’une taille anormale. Ouvrez-le dans Excel et enregistrez-le au format .xlsx ; sinon, reprenez une version précédente.".to_owned()
            }
            Self::Stumbled => {
                "Le fichier est endommagé. Ouvrez-le dans Excel, acceptez la réparation et enregistrez ; sinon, reprenez une version précédente.".to_owned()
            }
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. ", self.english())?;
        f.write_str(&crate::french::typographic(&self.french()))
    }
}

impl std::error::Error for Unreadable {}

impl From<Refusal> for Unreadable {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
