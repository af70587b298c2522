use mail_parser::{MessageParser, MimeHeaders};
use serde_json::Value;

use super::*;
use crate::config::{Mode, Transport};
use crate::mails::Recipient;
use crate::mails::calendar::{Event, Method, Span};

const SETTINGS: &str =
    "[coordinator]\nname = \"Inès Faure\"\nemail = \"ines@théâtre.example.org\"\n";

fn draft(name: &str, address: &str) -> Draft {
    Draft {
        kind: Kind::RegistrationConfirmed,
        key: "at01|camille@example.org".to_owned(),
        to: Recipient {
            name: name.to_owned(),
            address: address.to_owned(),
        },
        mode: Mode::Auto,
        agreed: false,
        about: None,
        why: String::new(),
        told: Value::Null,
        references: Vec::new(),
        calendar: None,
        context: Value::Null,
    }
}

fn rendered(subject: &str) -> Rendered {
    Rendered {
        subject: subject.to_owned(),
        text: "Bonjour,\nà bientôt.\n".to_owned(),
        html: "<p>Bonjour</p>\n".to_owned(),
    }
}

fn date() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2021-01-12T04:30:00+01:00").unwrap()
}

fn built(subject: &str, draft: &Draft, settings: &Settings) -> Result<String, MessageError> {
    let id = message_id(draft.kind, &draft.key, &draft.to.address, settings)?;
    let bytes = message(&rendered(subject), draft, settings, date(), &id, None)?;
    Ok(String::from_utf8(bytes).unwrap())
}

#[test]
fn a_message_is_the_same_bytes_every_time() {
    let settings = Settings::parse(SETTINGS).unwrap();
    let draft = draft("Camille Petit", "camille@example.org");
    let first = built("Inscription confirmée", &draft, &settings).unwrap();
    assert_eq!(
        first,
        built("Inscription confirmée", &draft, &settings).unwrap()
    );
    let wanted = r#"From: =?utf-8?b?SW7DqHMgRmF1cmU=?= <ines@xn--thtre-4qa2c.example.org>
To: "Camille Petit" <camille@example.org>
Subject: Inscription =?utf-8?b?Y29uZmlybcOpZQ==?=
Date: Tue, 12 Jan 2021 03:30:00 +0000
Message-ID: <b78199f9e7a1279a398cae9d9ecc74b59abd6416@xn--thtre-4qa2c.example.org>
Auto-Submitted: auto-generated
Content-Language: fr
Reply-To: =?utf-8?b?SW7DqHMgRmF1cmU=?= <ines@xn--thtre-4qa2c.example.org>
MIME-Version: 1.0
Content-Type: multipart/alternative;
 boundary="=_3d0a0108c843cddafe906855afe1c5ac"

--=_3d0a0108c843cddafe906855afe1c5ac
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Bonjour,
=C3=A0 bient=C3=B4t.

--=_3d0a0108c843cddafe906855afe1c5ac
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>Bonjour</p>

--=_3d0a0108c843cddafe906855afe1c5ac--
"#;
    assert_eq!(first.replace('\r', ""), wanted);
}

#[test]
fn a_message_id_belongs_to_its_business_key() {
    let settings = Settings::parse(SETTINGS).unwrap();
    let id = |kind, key, address| message_id(kind, key, address, &settings).unwrap();
    let one = id(Kind::MeetingReminder, "a", "x@example.org");
    assert_eq!(one, id(Kind::MeetingReminder, "a", "X@example.org"));
    assert_ne!(one, id(Kind::MeetingReminder, "b", "x@example.org"));
    assert_ne!(one, id(Kind::MeetingConfirmation, "a", "x@example.org"));
    assert!(
        one.ends_with("@xn--thtre-fsa9c.example.org>") || one.contains("@xn--"),
        "{one}"
    );
    assert!(one.is_ascii());
}

#[test]
fn without_a_coordinator_only_files_can_be_written() {
    let mut settings = Settings::default();
    let draft = draft("Camille", "camille@example.org");
    let text = built("Objet", &draft, &settings).unwrap();
    assert!(
        text.contains("From: \"PEER CULTURE\" <adresse-a-renseigner@peer-culture.invalid>"),
        "{text}"
    );
    assert!(!text.contains("Reply-To"));
    settings.mail.transport = Transport::Smtp;
    assert!(matches!(
        built("Objet", &draft, &settings),
        Err(MessageError::NoSender)
    ));
}

#[test]
fn an_accented_domain_is_punycode_and_a_bad_address_is_refused() {
    let settings = Settings::parse(SETTINGS).unwrap();
    let text = built("Objet", &draft("Zoé", "zoe@théâtre.example.org"), &settings).unwrap();
    assert!(text.contains("<zoe@xn--"), "{text}");
    for address in [
        "a@example.org, b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "zoé@example.org",
        "",
    ] {
        let result = built("Objet", &draft("Zoé", address), &settings);
        assert!(
            matches!(result, Err(MessageError::Recipient(_))),
            "{address:?}"
        );
    }
}

#[test]
fn a_name_with_dots_is_quoted_and_an_encoded_word_is_not_forged() {
    let settings = Settings::parse(SETTINGS).unwrap();
    for (name, wanted) in [
        ("J.Martin", "\nTo: \"J.Martin\" <j@example.org>"),
        (".", "\nTo: \".\" <j@example.org>"),
        ("J. Martin", "\nTo: \"J. Martin\" <j@example.org>"),
        (" \u{200b} ", "\nTo: j@example.org"),
    ] {
        let text = built("=?utf-8?q?oui?=", &draft(name, "j@example.org"), &settings).unwrap();
        let text = text.replace('\r', "");
        assert!(text.contains(wanted), "{text}");
        assert!(text.contains("\nSubject: = ?utf-8?q?oui?=\n"), "{text}");
    }
}

#[test]
fn a_calendar_part_is_the_third_alternative_and_the_same_as_a_file() {
    let settings = Settings::parse(SETTINGS).unwrap();
    let day = chrono::NaiveDate::from_ymd_opt(2021, 1, 28).unwrap();
    let with = |method| Draft {
        calendar: Some(Invitation {
            method,
            uid: "0a1b@example.org".to_owned(),
            sequence: 0,
            event: Event {
                span: Span::Day(day),
                summary: "Atelier « À côté »".repeat(9),
                place: String::new(),
                notes: vec!["=_ --".to_owned()],
            },
        }),
        ..draft("Camille Petit", "camille@example.org")
    };
    for method in [Method::Request, Method::Cancel] {
        let draft = with(method);
        let eml = built("Objet", &draft, &settings).unwrap();
        assert_eq!(eml, built("Objet", &draft, &settings).unwrap());
        let message = MessageParser::default().parse(&eml).unwrap();
        let types: Vec<String> = message
            .parts
            .iter()
            .map(|part| {
                let kind = part.content_type().unwrap();
                format!("{}/{}", kind.c_type, kind.c_subtype.as_ref().unwrap())
            })
            .collect();
        assert_eq!(
            types,
            [
                "multipart/mixed",
                "multipart/alternative",
                "text/plain",
                "text/html",
                "text/calendar",
                "application/ics"
            ]
        );
        let (inline, file) = (&message.parts[4], &message.parts[5]);
        let kind = inline.content_type().unwrap();
        assert_eq!(kind.attribute("method"), Some(method.name()));
        assert_eq!(kind.attribute("charset"), Some("utf-8"));
        assert_eq!(file.attachment_name(), Some("invitation.ics"));
        let date = date();
        let invitation = draft.calendar.as_ref().unwrap();
        let wanted = calendar::text(invitation, &draft.to, &settings, date).unwrap();
        assert!(wanted.contains(&format!("\r\nMETHOD:{}\r\n", method.name())));
        assert_eq!(inline.contents(), wanted.as_bytes());
        assert_eq!(file.contents(), wanted.as_bytes());
        assert_eq!(
            message.attachment_count(),
            1 + 1,
            "the inline part counts as one"
        );
    }
}
