use super::*;

#[test]
fn typed_numbers() {
    for (text, wanted) in [
        ("3", 3.0),
        ("0", 0.0),
        ("3,5", 3.5),
        ("3.5", 3.5),
        (",5", 0.5),
        ("+3", 3.0),
        ("-3,5", -3.5),
        ("\u{2212}3", -3.0),
        ("1 200,50", 1200.5),
        ("1\u{A0}200,50", 1200.5),
        ("1\u{202F}200,50", 1200.5),
        ("1 200 300", 1_200_300.0),
        ("18 €", 18.0),
        ("18€", 18.0),
        ("18\u{A0}€", 18.0),
        ("€ 18", 18.0),
        ("€18", 18.0),
        ("18 euros", 18.0),
        ("1 euro", 1.0),
        ("18 Euros", 18.0),
        ("18 EUR", 18.0),
        ("EUR 18,50", 18.5),
        ("-18 €", -18.0),
        ("1 200,50 €", 1200.5),
        ("1.200,50", 1200.5),
        ("1,200.50", 1200.5),
        ("1.200", 1.2),
        ("1,200", 1.2),
        ("1.200.500", 1_200_500.0),
        ("1,200,500", 1_200_500.0),
        ("1.200.500,75", 1_200_500.75),
        ("007", 7.0),
        ("0,1", 0.1),
        ("123456789012345", 123_456_789_012_345.0),
        ("0,1234567890123456789", 0.123_456_789_012_345_68),
    ] {
        assert_eq!(read(number, text), Some(wanted), "{text}");
    }
}

#[test]
fn texts_that_are_no_number() {
    for text in [
        "douze",
        "1e3",
        "inf",
        "NaN",
        "infinity",
        "0x1F",
        "3h",
        "12 34",
        "1 2",
        "1  200",
        "1200 500",
        "1'200",
        "12.01.2021",
        "1.20.300",
        "1.200,500.300",
        "1,200 500.5",
        "1 200.500.300",
        "3,",
        "3.",
        ",",
        ".",
        "-",
        "+",
        "--3",
        "3-",
        "3 +",
        "€",
        "€ 18 €",
        "18 €uro",
        "18 $",
        "18€50",
        "4/5",
        "50 %",
        "3,5,",
        "٣",
        "3 3/4",
        "euros",
        "12/01/2021",
        "1_000",
        "3 5",
        "(3)",
    ] {
        assert_eq!(read(number, text), None, "{text}");
    }
}

#[test]
fn excel_numbers() {
    assert_eq!(number(Raw::Number(-3.25)), Ok(Some(-3.25)));
    for raw in [
        Raw::Number(f64::NAN),
        Raw::Number(f64::INFINITY),
        Raw::Bool(true),
        moment(44_208.0),
        elapsed(0.5),
        Raw::IsoDate("2021-01-12"),
    ] {
        assert!(number(raw).is_err(), "{raw:?}");
    }
}

#[test]
fn typed_hours() {
    for (text, wanted) in [
        ("3", 3.0),
        ("3,5", 3.5),
        ("3.5", 3.5),
        ("3h", 3.0),
        ("3H", 3.0),
        ("3 h", 3.0),
        ("3h30", 3.5),
        ("3 h 30", 3.5),
        ("3\u{A0}h\u{A0}30", 3.5),
        ("3h30min", 3.5),
        ("3h45", 3.75),
        ("3h05", 3.0 + 5.0 / 60.0),
        ("3:30", 3.5),
        ("03:30:00", 3.5),
        ("0:45", 0.75),
        ("28:00", 28.0),
        ("28h", 28.0),
        ("3 heures", 3.0),
        ("1 heure", 1.0),
        ("3 heures 30", 3.5),
        ("3,5 h", 3.5),
        ("3.5h", 3.5),
        ("3,5 heures", 3.5),
        ("3h59", 3.0 + 59.0 / 60.0),
    ] {
        assert_eq!(read(hours, text), Some(wanted), "{text}");
    }
    for text in [
        "3h60",
        "3:60",
        "3h5",
        "3:5",
        "3:30:60",
        "3,5h30",
        "3 30",
        "h",
        "h30",
        "3 jours",
        "3h30 ou 4h",
        "matin",
        "3 hh",
        "12345:00",
        "heures",
        "30 min",
    ] {
        assert_eq!(read(hours, text), None, "{text}");
    }
}

#[test]
fn hours_from_excel() {
    for (raw, wanted) in [
        (Raw::Number(3.5), Some(3.5)),
        (Raw::Number(-1.0), Some(-1.0)),
        (moment(3.5 / 24.0), Some(3.5)),
        (moment(0.145_833_333_3), Some(3.5)),
        (moment(0.0), Some(0.0)),
        (moment(1.0), None),
        (moment(44_208.0), None),
        (moment(-0.1), None),
        (elapsed(3.5 / 24.0), Some(3.5)),
        (elapsed(28.0 / 24.0), Some(28.0)),
        (Raw::IsoDate("PT03H30M00S"), Some(3.5)),
        (Raw::IsoDate("PT28H"), Some(28.0)),
        (Raw::IsoDate("P1D"), None),
        (Raw::IsoDate("2021-01-12"), None),
        (Raw::Bool(true), None),
        (Raw::Number(f64::NAN), None),
    ] {
        assert_eq!(hours(raw).ok().flatten(), wanted, "{raw:?}");
    }
}
