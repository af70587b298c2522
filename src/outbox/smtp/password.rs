//! Where the password lies: a systemd credential, then a file for its owner alone, then the
//! environment (hazards.md, "Files"). Never in `programme.toml`, never on the command line.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::outbox::state_folder;
use crate::platform;

/// Where systemd puts the credentials of a service (systemd.exec(5)).
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";
/// The name of the credential, and of the file in the state folder.
const NAME: &str = "smtp-password";
/// The variable.
const VARIABLE: &str = "PEER_CULTURE_SMTP_PASSWORD";
/// Longer is no password; an access token has a few thousand bytes.
const LENGTH_MAX: u64 = 64 << 10;

/// A password or an access token, which shows itself to nobody.
#[derive(Clone)]
pub(super) struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Password(…)")
    }
}

impl Password {
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// For the server alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Why there is no password. It never holds one.
#[derive(Debug, thiserror::Error)]
pub enum PasswordProblem {
    /// It is in none of the places.
    #[error(
        "mail.smtp.user is given and its password is nowhere: give it as the systemd credential \
         {NAME}, in the file {} with mode 0600, or in the environment variable {VARIABLE}",
        file.display()
    )]
    Missing {
        /// The file that may hold it.
        file: PathBuf,
    },
    /// Others may read the file.
    #[error(
        "{} holds the mail server's password and others may read it: chmod 600, and change the \
         password if others have",
        file.display()
    )]
    Exposed {
        /// The file.
        file: PathBuf,
    },
    /// The file can't be read.
    #[error("the mail server's password can't be read from {}: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is empty, has several lines or isn't text.
    #[error("the mail server's password in {place} is empty, too long, or not one line of text")]
    Malformed {
        /// The file or the variable.
        place: String,
    },
}

/// Finds the password. `configured` is `mail.smtp.password_file`; `environment` gives the value of
/// a variable.
pub(super) fn find(
    folder: &Path,
    configured: &str,
    environment: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Password, PasswordProblem> {
    if let Some(credentials) = environment(CREDENTIALS).filter(|folder| !folder.is_empty()) {
        // systemd keeps them in memory, for the service alone.
        if let Some(found) = in_file(&Path::new(&credentials).join(NAME), false)? {
            return Ok(found);
        }
    }
    let file = if configured.is_empty() {
        state_folder(folder).join(NAME)
    } else {
        folder.join(configured)
    };
    if let Some(found) = in_file(&file, true)? {
        return Ok(found);
    }
    let value = environment(VARIABLE).ok_or(PasswordProblem::Missing { file })?;
    let text = value.into_string().ok();
    text.and_then(|text| one_line(&text))
        .ok_or_else(|| PasswordProblem::Malformed {
            place: VARIABLE.to_owned(),
        })
}

/// None where there is no such file.
fn in_file(path: &Path, must_be_private: bool) -> Result<Option<Password>, PasswordProblem> {
    let unreadable = |source| PasswordProblem::Unreadable {
        file: path.to_owned(),
        source,
    };
    // A pipe or a device would make the run wait.
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
        Ok(metadata) if !metadata.is_file() => {
            return Err(unreadable(ErrorKind::InvalidInput.into()));
        }
        Ok(_) => {}
    }
    let file = File::open(path).map_err(unreadable)?;
    if must_be_private && platform::is_private(path) == Some(false) {
        return Err(PasswordProblem::Exposed {
            file: path.to_owned(),
        });
    }
    let mut bytes = Vec::new();
    file.take(LENGTH_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    let text = String::from_utf8(bytes).ok();
    match text.and_then(|text| one_line(&text)) {
        Some(found) => Ok(Some(found)),
        None => Err(PasswordProblem::Malformed {
            place: path.display().to_string(),
        }),
    }
}

/// Editors end a file with a line break, and some of Windows' begin it with a mark of its encoding:
/// neither belongs to a password. Nothing else is cut off.
fn one_line(text: &str) -> Option<Password> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let is_line = !text.is_empty() && !text.contains(['\n', '\r', '\0']);
    (is_line && text.len() as u64 <= LENGTH_MAX).then(|| Password::new(text))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::{NAME, PasswordProblem, VARIABLE, find};
    use crate::platform;

    const CANARY: &str = "canary-7f3a";

    struct Scene {
        folder: tempfile::TempDir,
        variables: BTreeMap<&'static str, String>,
    }

    impl Scene {
        fn new() -> Self {
            Self {
                folder: tempfile::tempdir().expect("a folder"),
                variables: BTreeMap::new(),
            }
        }

        fn private(&self, name: &str, text: &str) {
            let path = self.folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            platform::make_private_file(&path).expect("a file");
            fs::write(path, text).expect("written");
        }

        fn credential(&mut self, text: &str) {
            self.private(&format!("credentials/{NAME}"), text);
            let path = self.folder.path().join("credentials");
            let path = path.into_os_string().into_string().expect("text");
            self.variables.insert("CREDENTIALS_DIRECTORY", path);
        }

        fn find(&self, configured: &str) -> Result<String, PasswordProblem> {
            find(self.folder.path(), configured, &|name| {
                self.variables.get(name).map(Into::into)
            })
            .map(|password| password.reveal().to_owned())
        }
    }

    #[test]
    fn the_credential_comes_first_then_the_file_then_the_environment() {
        let mut scene = Scene::new();
        assert!(matches!(
            scene.find(""),
            Err(PasswordProblem::Missing { .. })
        ));
        scene
            .variables
            .insert(VARIABLE, "from the environment".to_owned());
        assert_eq!(scene.find("").expect("found"), "from the environment");
        scene.private(".peer-culture/smtp-password", "from the file\n");
        assert_eq!(scene.find("").expect("found"), "from the file");
        scene.private("elsewhere", "from elsewhere\r\n");
        assert_eq!(scene.find("elsewhere").expect("found"), "from elsewhere");
        scene.private("notepad", "\u{feff}from Notepad\r\n");
        assert_eq!(scene.find("notepad").expect("found"), "from Notepad");
        scene.credential(" from systemd ");
        assert_eq!(scene.find("").expect("found"), " from systemd ");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;

        let scene = Scene::new();
        scene.private(".peer-culture/smtp-password", CANARY);
        let path = scene.folder.path().join(".peer-culture/smtp-password");
        for mode in [0o640, 0o604, 0o660, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("changed");
            let problem = scene.find("").expect_err("refused");
            assert!(
                matches!(problem, PasswordProblem::Exposed { .. }),
                "{mode:o}"
            );
            assert!(!problem.to_string().contains(CANARY));
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).expect("changed");
        assert_eq!(scene.find("").expect("found"), CANARY);
    }

    #[test]
    fn what_is_no_line_of_text_is_told_and_not_repeated() {
        for text in ["", "\n", "canary-7f3a\ncanary-7f3a", "canary-7f3a\0"] {
            let scene = Scene::new();
            scene.private(".peer-culture/smtp-password", text);
            let problem = scene.find("").expect_err("refused");
            assert!(
                matches!(problem, PasswordProblem::Malformed { .. }),
                "{text:?}"
            );
            assert!(!format!("{problem} {problem:?}").contains(CANARY));
        }
        let password = super::Password::new(CANARY);
        assert!(!format!("{password:?}").contains(CANARY));
    }
}
