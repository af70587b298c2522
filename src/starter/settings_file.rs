//! The text of `programme.toml`: what usually differs from one programme to the next, with comments.

use std::fmt::Write;

use crate::config::{Settings, Transport};

/// The file, which gives back the settings that it names.
pub fn text(settings: &Settings) -> String {
    let coordinator = &settings.coordinator;
    let programme = &settings.programme;
    let transport = match settings.mail.transport {
        Transport::File => "file",
        Transport::Smtp => "smtp",
    };
    let text = format!(
        r#"# Les réglages du programme. Tout ce qui n'est pas écrit ici garde sa valeur habituelle : les durées,
# les tarifs, le nombre de places, les axes, les domaines…
# Une ligne qui commence par # est un commentaire.

[programme]
name = {name}
session = {session}
# Le premier jour : année-mois-jour.
start = {start}

[applications]
# Le dernier jour de l'appel à candidatures, compris en entier.
deadline = {deadline}

# La personne à qui les participant·e·s répondent, et qui reçoit la synthèse chaque matin.
[coordinator]
name = {coordinator_name}
email = {email}
# Sous le nom, à la fin des courriels ; \n passe à la ligne.
signature = {signature}

[mail]
# "file" : les courriels sont rangés dans controles/courriels, rien ne part.
# "smtp" : ils partent vraiment, une fois le serveur décrit par la ligne smtp.
transport = "{transport}"
# De la part de qui ; sans cette ligne, de la coordinatrice.
# from = "PEER CULTURE <peer-culture@example.org>"
# smtp = {{ host = "smtp.example.org", port = 465, tls = "implicit", user = "peer-culture" }}
"#,
        name = quoted(&programme.name),
        session = quoted(&programme.session),
        start = programme.start,
        deadline = settings.applications.deadline,
        coordinator_name = quoted(&coordinator.name),
        email = quoted(&coordinator.email),
        signature = quoted(&coordinator.signature),
    );
    text.lines().map(|line| comment(line) + "\n").collect()
}

/// A comment in prose is set as French is; a setting stays as it is, behind a `#` too.
fn comment(line: &str) -> String {
    if line.starts_with('#') && !line.contains(" = ") {
        super::typeset(line)
    } else {
        line.to_owned()
    }
}

/// A basic string of TOML 1.0.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_back_the_settings_it_was_made_of() {
        let mut settings = Settings::default();
        settings.programme.name = "Le \"programme\" d'été \\ 2022".to_owned();
        settings.coordinator.name = "Zoé & Cie".to_owned();
        settings.coordinator.signature = "Une ligne\nUne autre\ttabulée".to_owned();
        let read = Settings::parse(&text(&settings)).unwrap();
        assert_eq!(read, settings);
    }
}
