//! Secrets don't belong in `programme.toml`: which keys look like one, and where it goes instead.

/// The remedy, as it follows the name of the key (`hazards.md`, Files).
pub(super) const REMEDY: &str = "is a secret, and programme.toml must not hold one: \
    remove it from the file, and give it as a systemd credential, in a file of its own with mode 0600, \
    or in the environment";

/// Pieces of a key, without separators, that give a secret away.
const MARKS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "privatekey",
    "credential",
    "motdepasse",
];

/// Whether a key looks like it names a secret: `smtp_password`, `API-Key`, `pass`…
pub(super) fn names_one(key: &str) -> bool {
    let letters: String = key
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    MARKS.iter().any(|mark| letters.contains(mark))
        || ["pass", "mdp"].iter().any(|end| letters.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::names_one;

    #[test]
    fn usual_names_of_secrets_are_recognised() {
        for key in [
            "password",
            "smtp_pass",
            "Pass",
            "API-Key",
            "auth_token",
            "client_secret",
            "mot_de_passe",
            "smtp.pwd",
            "credentials",
        ] {
            assert!(names_one(key), "{key}");
        }
    }

    #[test]
    fn settings_and_columns_are_not() {
        for key in [
            "user",
            "host",
            "passage",
            "max_per_run",
            "Présence",
            "ca_file",
        ] {
            assert!(!names_one(key), "{key}");
        }
    }
}
