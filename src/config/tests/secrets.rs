//! No secret stands in `programme.toml`, and no message repeats one.

use super::problems;

const CANARY: &str = "kanarienvogel-42";

#[track_caller]
fn refused(toml: &str, path: &str, line: usize) {
    let found = problems(toml);
    let start = format!("programme.toml:{line}: {path} is a secret");
    assert!(
        found.iter().any(|problem| problem.starts_with(&start)),
        "{found:?}"
    );
    let all = found.concat();
    assert!(
        all.contains("systemd credential") && all.contains("0600") && all.contains("environment")
    );
    assert!(!all.contains(CANARY), "{all}");
}

#[test]
fn a_secret_is_refused_with_the_remedy_wherever_it_stands() {
    refused(
        &format!("[mail]\npassword = \"{CANARY}\"\n"),
        "mail.password",
        2,
    );
    refused(
        &format!("[mail.smtp]\nPASS = \"{CANARY}\"\n"),
        "mail.smtp.PASS",
        2,
    );
    refused(
        &format!("mail.smtp = {{ smtp_password = \"{CANARY}\" }}\n"),
        "mail.smtp.smtp_password",
        1,
    );
    refused(
        &format!("[mail.auth]\n\ntoken = \"{CANARY}\"\n"),
        "mail.auth.token",
        3,
    );
    refused(
        &format!("[mail.a.b]\nsecret = [\"{CANARY}\"]\n"),
        "mail.a.b.secret",
        2,
    );
    refused(
        &format!("[mail]\nkinds = {{ api_key = \"{CANARY}\" }}\n"),
        "mail.kinds.api_key",
        2,
    );
    refused(&format!("mot_de_passe = \"{CANARY}\"\n"), "mot_de_passe", 1);
}

#[test]
fn a_secret_without_quotes_is_refused_too() {
    refused(
        &format!("[mail]\npassword = {CANARY}\n"),
        "mail.password",
        2,
    );
}

#[test]
fn a_secret_within_the_host_is_not_repeated() {
    let found = problems(&format!(
        "[mail.smtp]\nhost = \"smtp://a:{CANARY}@mail.example.org\"\n"
    ));
    assert_eq!(
        found,
        [
            "programme.toml:2: mail.smtp.host must be the name or the IP address of a server, in \
          quotes and without user, port or path"
        ]
    );
}
