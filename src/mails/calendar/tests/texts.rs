//! Whatever she typed is a text, and nothing else.

use proptest::prelude::*;

use super::{CAMILLE, read, registered, sent, settings};
use crate::mails::scenario::Ledger;

fn check_text(text: &str) {
    let scene = registered(
        "2021-01-12",
        &[("Titre", text), ("Lieu", text)],
        &[("Nom", text)],
    );
    for draft in sent(&mut Ledger::default(), CAMILLE, scene) {
        let Some(invitation) = draft.calendar.as_ref() else {
            continue;
        };
        let read = read(&draft, &settings());
        assert_eq!(read.attendees, [CAMILLE]);
        let lines = |text: &str| text.replace("\r\n", "\n");
        assert_eq!(read.summary, lines(&invitation.event.summary));
        assert_eq!(read.place, lines(&invitation.event.place));
        let clean = crate::sheets::cells::clean_line(text);
        let spaceless = |text: &str| text.replace(char::is_whitespace, "");
        if clean.chars().count() < 200 && !clean.contains("=?") {
            assert!(
                spaceless(&read.place).contains(&spaceless(&clean)),
                "{text:?}"
            );
        }
    }
}

#[test]
fn odd_texts_stay_texts() {
    for text in [
        "a;b,c\\d:e\"f",
        "a\r\nATTENDEE:mailto:b@example.org",
        "END:VEVENT\nEND:VCALENDAR",
        "\\n\\N\\;",
        "🎭 Théâtre d’été « à côté »",
        "\u{202e}live\u{202c} שלום",
        "^n^'^^",
    ] {
        check_text(text);
    }
    check_text(&"é🎭".repeat(16_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_text_stays_text(text in "\\PC{0,60}|[ -~]{0,200}|[;:,\"\\\\^n\r\n a-c]{0,40}") {
        check_text(&text);
    }
}
