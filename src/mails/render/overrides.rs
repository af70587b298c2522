//! The templates of a programme's own folder, `templates/fr/`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::french::typographic;

/// A template is a page of text: what is far longer is something else.
const MAX_BYTES: u64 = 256 * 1024;

/// The sources of overriding templates by file name, or why one can't be read, in French.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    pub(super) files: BTreeMap<String, Result<String, String>>,
}

impl Overrides {
    /// No override.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Sources by file name: `inscription-confirmee.md.hbs`.
    #[must_use]
    pub fn of(sources: impl IntoIterator<Item = (String, String)>) -> Self {
        let sources = sources.into_iter();
        Self {
            files: sources.map(|(name, source)| (name, Ok(source))).collect(),
        }
    }

    /// Reads `templates/fr/` of a programme's folder; none where it isn't there. Only `.hbs` files
    /// directly in it count. A file that lies outside the folder by a link, is too long or is not
    /// UTF-8 is noted as such, and later holds back the e-mails of its kind.
    ///
    /// # Errors
    ///
    /// The folder is there and can't be listed.
    pub fn read(programme: &Path) -> io::Result<Self> {
        let directory = programme.join("templates").join("fr");
        let home = match fs::canonicalize(&directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::none()),
            home => home?,
        };
        let mut files = BTreeMap::new();
        let is_inside = home.starts_with(fs::canonicalize(programme)?);
        for entry in fs::read_dir(&directory)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let extension = Path::new(&name).extension();
            if name.starts_with(['.', '~']) || extension.is_none_or(|end| end != "hbs") {
                continue;
            }
            let source = if is_inside {
                read_inside(&home, &entry.path())
            } else {
                Err(OUTSIDE.to_owned())
            };
            files.insert(name, source.map_err(|why| typographic(&why)));
        }
        Ok(Self { files })
    }
}

const OUTSIDE: &str = "ce fichier se trouve hors du dossier du programme (par un lien)";

fn read_inside(home: &Path, path: &Path) -> Result<String, String> {
    let unreadable = |_| "ce fichier ne peut pas être lu".to_owned();
    let real = fs::canonicalize(path).map_err(unreadable)?;
    if real.parent() != Some(home) {
        return Err(OUTSIDE.to_owned());
    }
    let about = fs::metadata(&real).map_err(unreadable)?;
    if !about.is_file() || about.len() > MAX_BYTES {
        return Err("un modèle est un fichier de texte de 256 Ko au plus".to_owned());
    }
    let bytes = fs::read(&real).map_err(unreadable)?;
    String::from_utf8(bytes)
        .map_err(|_| "ce fichier n’est pas enregistré en UTF-8 : enregistrez-le ainsi".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_templates_overrides_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Overrides::read(folder.path()).unwrap(), Overrides::none());
    }

    #[test]
    fn only_templates_of_the_folder_itself_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("templates").join("fr");
        fs::create_dir_all(&home).unwrap();
        fs::write(home.join("signature.md.hbs"), "À bientôt").unwrap();
        fs::write(home.join("notes.txt"), "rien").unwrap();
        fs::write(home.join("rdv-rappel.md.hbs"), b"\xff\xfe").unwrap();
        let read = Overrides::read(folder.path()).unwrap();
        let names: Vec<&str> = read.files.keys().map(String::as_str).collect();
        assert_eq!(names, ["rdv-rappel.md.hbs", "signature.md.hbs"]);
        assert_eq!(read.files["signature.md.hbs"], Ok("À bientôt".to_owned()));
        assert!(read.files["rdv-rappel.md.hbs"].is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leaves_the_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let home = folder.path().join("templates").join("fr");
        fs::create_dir_all(&home).unwrap();
        fs::write(elsewhere.path().join("secret"), "secret").unwrap();
        let link = home.join("rdv-rappel.md.hbs");
        std::os::unix::fs::symlink(elsewhere.path().join("secret"), link).unwrap();
        let read = Overrides::read(folder.path()).unwrap();
        let error = read.files["rdv-rappel.md.hbs"].clone().unwrap_err();
        assert!(error.contains("hors du dossier"), "{error}");

        let other = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(
            folder.path().join("templates"),
            other.path().join("templates"),
        )
        .unwrap();
        let read = Overrides::read(other.path()).unwrap();
        assert!(
            read.files["signature.md.hbs"
                .replace("signature", "rdv-rappel")
                .as_str()]
            .is_err()
        );
    }
}
