//! What the coordinator reads when her workbook is left alone.

use super::edit::Remark;
use super::refusal::Refusal;

impl Refusal {
    /// What it is and what to do, in French, one to three sentences without the workbook's name.
    #[must_use]
    pub fn french(&self) -> String {
        self.french_package().unwrap_or_else(|| self.french_sheet())
    }

    /// Causes that lie in the file as a whole.
    fn french_package(&self) -> Option<String> {
        let text = match self {
            Self::Encrypted => {
                "Le classeur est protégé par un mot de passe à l’ouverture. Retirez-le dans Excel (Fichier, Informations, Protéger le classeur), puis enregistrez.".to_owned()
            }
            Self::LegacyXls => {
                "Le classeur est à l’ancien format .xls, ou protégé par un mot de passe. Ouvrez-le dans Excel, retirez le mot de passe s’il y en a un, et enregistrez-le au format .xlsx.".to_owned()
            }
            Self::BinaryWorkbook => {
                "Le classeur est au format binaire .xlsb. Ouvrez-le dans Excel et enregistrez-le au format .xlsx.".to_owned()
            }
            Self::NotAZip | Self::NotAWorkbook { .. } => {
                "Ce fichier n’est pas un classeur Excel, malgré son nom. Ouvrez-le avec le logiciel qui l’a créé et enregistrez-le au format .xlsx.".to_owned()
            }
            Self::Truncated => {
                "Le fichier est incomplet : sa copie ou sa synchronisation n’est sans doute pas terminée. Attendez qu’elle le soit ; sinon, reprenez une version précédente.".to_owned()
            }
            Self::DamagedZip { .. } => {
                "Le fichier est endommagé. Ouvrez-le dans Excel, acceptez la réparation et enregistrez ; sinon, reprenez une version précédente.".to_owned()
            }
            Self::DamagedPart { part, .. } | Self::FalseCount { part, .. } => format!(
                "Le fichier est endommagé (partie « {part} »). Ouvrez-le dans Excel, acceptez la réparation et enregistrez ; sinon, reprenez une version précédente."
            ),
            Self::DuplicatePart { part }
            | Self::EncryptedPart { part }
            | Self::UnsupportedMethod { part }
            | Self::Doctype { part }
            | Self::Encoding { part, .. } => format!(
                "Le fichier a une forme qu’Excel n’écrit pas (partie « {part} »). Ouvrez-le dans Excel et enregistrez-le de nouveau au format .xlsx."
            ),
            Self::TooManyParts { .. } | Self::TooLarge { .. } | Self::Bomb { .. } => {
                "Le fichier est d’une taille anormale et n’a pas été ouvert. Vérifiez d’où il vient ; s’il est bien à vous, allégez-le (lignes vides, images) et enregistrez.".to_owned()
            }
            Self::Signed => {
                "Le classeur porte une signature numérique, que toute écriture rendrait invalide. Retirez-la dans Excel (Fichier, Informations), ou enregistrez une copie du classeur sans signature.".to_owned()
            }
            _ => return None,
        };
        Some(typeset(&text))
    }

    /// Causes that lie in one sheet.
    fn french_sheet(&self) -> String {
        let text = match self {
            Self::SheetMissing { sheet } => format!(
                "La feuille « {sheet} » n’est pas dans le classeur. Vérifiez le nom de l’onglet."
            ),
            Self::NotCells { sheet } => format!(
                "La feuille « {sheet} » ne contient pas de cellules (c’est un graphique). Placez le tableau dans une feuille de calcul."
            ),
            Self::Disorder { sheet, cell } => format!(
                "Feuille « {sheet} » : {cell} n’est pas à sa place dans le fichier. Ouvrez le classeur dans Excel et enregistrez-le de nouveau."
            ),
            Self::DamagedCell { sheet, cell, .. } => format!(
                "Feuille « {sheet} », {cell} : la cellule est endommagée. Ouvrez le classeur dans Excel, acceptez la réparation et enregistrez ; sinon, reprenez une version précédente."
            ),
            Self::Unusual { sheet, .. } => format!(
                "La feuille « {sheet} » a une forme inhabituelle, où rien n’a été écrit par prudence. Ouvrez le classeur dans Excel et enregistrez-le de nouveau."
            ),
            Self::Formula { sheet, cell } | Self::SharedFormula { sheet, cell } => format!(
                "Feuille « {sheet} », {cell} : il y a une formule dans une colonne réservée aux contrôles. Déplacez-la dans une autre colonne."
            ),
            Self::ArrayFormula { sheet, cell, range } => format!(
                "Feuille « {sheet} », {cell} : une formule matricielle occupe {range}, jusque dans une colonne réservée aux contrôles. Déplacez-la ou réduisez-la."
            ),
            Self::RichValue { sheet, cell } => format!(
                "Feuille « {sheet} », {cell} : une image, un type de données ou une formule dynamique se trouve dans une colonne réservée aux contrôles. Déplacez ce contenu."
            ),
            Self::Merged { sheet, cell, range } => format!(
                "Feuille « {sheet} », {cell} : la cellule est fusionnée ({range}) et le contrôle y serait caché. Annulez la fusion de ces cellules."
            ),
            Self::HeaderDiffers {
                sheet,
                cell,
                expected,
                found,
            } => format!(
                "Feuille « {sheet} », {cell} : l’en-tête est « {found} » au lieu de « {expected} ». Rétablissez l’en-tête, ou relancez le contrôle si vous venez de modifier la feuille."
            ),
            Self::HeaderTwice { sheet, header } => format!(
                "Feuille « {sheet} » : l’en-tête « {header} » y figure plusieurs fois. Supprimez la colonne en trop."
            ),
            Self::NoRoom { sheet } => format!(
                "Feuille « {sheet} » : il ne reste aucune colonne libre à droite. Supprimez les contenus égarés dans les dernières colonnes."
            ),
            Self::WrongEdit { sheet, .. } => format!(
                "Feuille « {sheet} » : rien n’a été écrit, à cause d’un défaut du programme. Transmettez ce message à la personne qui en assure la maintenance."
            ),
            _ => "Le classeur n’a pas été modifié.".to_owned(),
        };
        typeset(&text)
    }
}

impl Remark {
    /// What the coordinator may want to know, in French, one or two sentences.
    #[must_use]
    pub fn french(&self) -> String {
        let text = match self {
            Self::Protected { sheet } => format!(
                "La feuille « {sheet} » est protégée : les contrôles y sont écrits, la protection reste."
            ),
            Self::TableNotJoined { sheet, .. } => format!(
                "Feuille « {sheet} » : le tableau ne peut pas être agrandi sans risque ; les colonnes des contrôles sont à sa droite, après une colonne vide."
            ),
            Self::ReadByFormulas {
                sheet,
                header,
                reader,
            } => format!(
                "Des formules (feuille « {reader} ») lisent la colonne « {header} » de la feuille « {sheet} » : elles montrent leur ancien résultat jusqu’au prochain calcul. Dans Excel, appuyez sur Ctrl+Alt+F9."
            ),
            Self::WithoutFormat => {
                "Les couleurs des contrôles n’ont pas pu être ajoutées à ce classeur, dont la liste des formats est pleine ou inhabituelle ; les textes y sont.".to_owned()
            }
        };
        typeset(&text)
    }
}

/// No-break spaces where French typography wants them: U+00A0 before the colon and inside
/// guillemets, U+202F before the other tall signs.
fn typeset(text: &str) -> String {
    text.replace(" : ", "\u{a0}: ")
        .replace("« ", "«\u{a0}")
        .replace(" »", "\u{a0}»")
        .replace(" ;", "\u{202f};")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_typeset_and_says_where() {
        let sheet = "Rendez-vous".to_owned();
        let cell = "M4".to_owned();
        let text = Refusal::Merged {
            sheet,
            cell,
            range: "M4:M6".to_owned(),
        }
        .french();
        assert!(text.starts_with("Feuille «\u{a0}Rendez-vous\u{a0}», M4\u{a0}: "));
        assert!(text.contains("M4:M6"));
        assert!(Refusal::Truncated.french().contains("incomplet\u{a0}: "));
        assert!(Refusal::Truncated.french().contains("soit\u{202f}; sinon"));
    }
}
