use super::*;

#[test]
fn lines_are_cleaned() {
    for (text, wanted) in [
        ("Zoé Dubois", "Zoé Dubois"),
        ("  Zoé\u{A0}", "Zoé"),
        ("\u{202F}Zoé", "Zoé"),
        ("a\u{A0}b", "a\u{A0}b"),
        ("a  b", "a  b"),
        ("a\r\nb", "a b"),
        ("a\tb", "a b"),
        ("a \n\n b", "a b"),
        ("a\u{0}\u{7F}\u{85}b", "a b"),
        ("a\u{2028}b", "a b"),
        ("\na\n", "a"),
        ("\u{200B} a \u{200B}", "a"),
        ("\u{FEFF}a\u{200D}b", "ab"),
        ("\u{202E}gro.elpmaxe\u{202C}", "gro.elpmaxe"),
        ("a\u{2066}b\u{2069}", "ab"),
        ("a\u{AD}b", "ab"),
        ("a\n\u{200B}\nb", "a b"),
        ("🎭", "🎭"),
        ("\u{200B}", ""),
    ] {
        assert_eq!(clean_line(text), wanted, "{text:?}");
    }
    assert!(matches!(clean_line(" Zoé "), Cow::Borrowed("Zoé")));
}

#[test]
fn long_texts_keep_their_lines() {
    for (text, wanted) in [
        (" a\nb ", "a\nb"),
        ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd"),
        ("a\r\n\r\nb", "a\n\nb"),
        ("a\n\rb", "a\n\nb"),
        ("a\tb\u{200B}", "a b"),
        ("\r\n", ""),
    ] {
        assert_eq!(clean_text(text), wanted, "{text:?}");
    }
    assert_eq!(long_text(Raw::Text(" a\r\nb\n")), Ok(Some("a\nb".into())));
    assert_eq!(long_text(Raw::Number(7.0)), Ok(Some("7".into())));
}

#[test]
fn whatever_a_cell_holds_has_a_text() {
    for (raw, wanted) in [
        (Raw::Text(" a\nb "), "a b"),
        (Raw::Number(7.0), "7"),
        (Raw::Number(-0.0), "0"),
        (Raw::Number(31_000.0), "31000"),
        (Raw::Number(73_282_932_000_074.0), "73282932000074"),
        (Raw::Number(3.5), "3.5"),
        (Raw::Number(-3.5), "-3.5"),
        (Raw::Number(0.1 + 0.2), "0.3"),
        (Raw::Number(1e20), "100000000000000000000"),
        (Raw::Number(1e300), "1E300"),
        (Raw::Number(1e-20), "1E-20"),
        (Raw::Bool(true), "vrai"),
        (Raw::Bool(false), "faux"),
        (moment(44_208.0), "2021-01-12"),
        (moment(44_208.585_671_296_3), "2021-01-12T14:03:22"),
        (moment(0.604_166_666_7), "14:30"),
        (elapsed(1.5), "36:00"),
        (moment(-1.0), "-1"),
        (Raw::IsoDate("2021-01-12"), "2021-01-12"),
    ] {
        assert_eq!(text(raw), Ok(Some(wanted.into())), "{raw:?}");
    }
}

#[test]
fn yes_and_no() {
    for said in [
        "oui",
        "Oui",
        "OUI",
        " oui ",
        "oui\u{A0}",
        "o",
        "O",
        "x",
        "X",
        "vrai",
        "TRUE",
        "yes",
        "1",
        "Oui !",
        "oui.",
    ] {
        assert_eq!(read(yes_no, said), Some(true), "{said}");
    }
    for said in [
        "non", "Non", "NON", "n", "N", "faux", "False", "no", "0", "nón",
    ] {
        assert_eq!(read(yes_no, said), Some(false), "{said}");
    }
    for said in [
        "peut-être",
        "oui non",
        "ouii",
        "-",
        "?",
        "2",
        "-1",
        "10",
        "1,0",
        "o/n",
        "n/a",
        "oui1",
        ".",
    ] {
        assert_eq!(read(yes_no, said), None, "{said}");
    }
    assert_eq!(yes_no(Raw::Bool(true)), Ok(Some(true)));
    assert_eq!(yes_no(Raw::Bool(false)), Ok(Some(false)));
    assert_eq!(yes_no(Raw::Number(1.0)), Ok(Some(true)));
    assert_eq!(yes_no(Raw::Number(0.0)), Ok(Some(false)));
    assert!(yes_no(Raw::Number(2.0)).is_err());
    assert!(yes_no(Raw::Number(0.5)).is_err());
    assert!(yes_no(moment(1.0)).is_err());
}

#[test]
fn lists() {
    let items = |text| {
        let items = list(Raw::Text(text)).unwrap()?;
        Some(items.into_iter().map(Cow::into_owned).collect::<Vec<_>>())
    };
    let some = |wanted: &[&str]| Some(wanted.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(items("a"), some(&["a"]));
    assert_eq!(items("a;b"), some(&["a", "b"]));
    assert_eq!(
        items(" a , b ;c\nd\r\ne "),
        some(&["a", "b", "c", "d", "e"])
    );
    assert_eq!(items(";a;;b;\u{A0};"), some(&["a", "b"]));
    assert_eq!(
        items("Zoé\u{200B} Dubois;\tMax"),
        some(&["Zoé Dubois", "Max"])
    );
    assert_eq!(items(";,\n"), None);
    assert_eq!(list(Raw::Number(7.0)), Ok(Some(vec!["7".into()])));
    assert_eq!(list(Raw::Number(3.5)), Ok(Some(vec!["3.5".into()])));
}

#[test]
fn email_addresses() {
    for (text, wanted) in [
        ("zoe@example.org", Some("zoe@example.org")),
        (" Zoe@Example.org\u{A0}", Some("Zoe@Example.org")),
        ("zoe@\u{200B}example.org", Some("zoe@example.org")),
        ("zoe@théâtre.example", Some("zoe@théâtre.example")),
        ("zoe@example.org\nmax@example.org", None),
        ("zoe@example.org; max@example.org", None),
        ("zoe@example.org max@example.org", None),
        ("Zoé <zoe@example.org>", None),
        ("mailto:zoe@example.org", None),
        ("zoé@example.org", None),
        ("zoe@example", None),
        ("à venir", None),
    ] {
        assert_eq!(read(email, text), wanted.map(Cow::Borrowed), "{text}");
    }
    for raw in [Raw::Number(7.0), Raw::Bool(false), moment(44_208.0)] {
        assert!(email(raw).is_err());
    }
}
