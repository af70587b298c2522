//! Registration numbers of structures: SIREN, SIRET, RNA (programme.md §4, DON07).

/// What the check of a registration number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationNumber {
    /// It has the form of its kind, and its key is right where it has one.
    Valid(RegistrationKind),
    /// Neither 9 nor 14 digits, or a `W` with more or fewer than 9 digits.
    BadLength,
    /// 9 or 14 digits, but the last one doesn't fit the others (Luhn's key).
    BadKey(RegistrationKind),
    /// Something else than digits, or than `W` and digits.
    BadCharacter,
}

/// The register that a number belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationKind {
    /// 9 digits: the company.
    Siren,
    /// 14 digits: one of its establishments.
    Siret,
    /// `W` and 9 digits: the national register of associations, without a key.
    Rna,
}

/// The SIREN of La Poste, whose establishments are numbered without Luhn's key (its own key is right).
const LA_POSTE: &[u8] = b"356000000";

/// Checks `text`; blanks, dots and hyphens in it don't count.
#[must_use]
pub fn check_registration_number(text: &str) -> RegistrationNumber {
    let mut digits = [0_u8; 14];
    let mut count = 0;
    let mut association = false;
    for c in text.chars() {
        match c {
            '0'..='9' => {
                // Counted on past the end: too long is told as too long.
                if let (Some(place), Ok(digit)) = (digits.get_mut(count), u8::try_from(c)) {
                    *place = digit;
                }
                count += 1;
            }
            'w' | 'W' if count == 0 && !association => association = true,
            '.' | '-' | '\u{2010}'..='\u{2013}' => {}
            _ if c.is_whitespace() => {}
            _ => return RegistrationNumber::BadCharacter,
        }
    }
    match (association, count) {
        (true, 9) => RegistrationNumber::Valid(RegistrationKind::Rna),
        (false, 9) => keyed(digits.get(..9).unwrap_or_default(), RegistrationKind::Siren),
        (false, 14) => keyed(&digits, RegistrationKind::Siret),
        _ => RegistrationNumber::BadLength,
    }
}

fn keyed(digits: &[u8], kind: RegistrationKind) -> RegistrationNumber {
    if digits.starts_with(LA_POSTE) || luhn(digits) {
        RegistrationNumber::Valid(kind)
    } else {
        RegistrationNumber::BadKey(kind)
    }
}

/// Luhn's key: from the right, every second digit doubled (its digits added), the sum a multiple of
/// ten. All zeros would pass; no register gives that number.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match (place % 2, digit) {
                (0, _) => digit,
                (_, 5..) => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    sum > 0 && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::RegistrationKind::{Rna, Siren, Siret};
    use super::RegistrationNumber::{BadCharacter, BadKey, BadLength, Valid};
    use super::*;

    #[test]
    fn each_kind_is_known() {
        for (text, wanted) in [
            ("732829320", Valid(Siren)),
            ("732 829 320", Valid(Siren)),
            ("73282932000074", Valid(Siret)),
            ("732.829.320\u{A0}000-74", Valid(Siret)),
            ("W313000001", Valid(Rna)),
            ("w 313 000 001", Valid(Rna)),
            ("356000000", Valid(Siren)),
            ("732829321", BadKey(Siren)),
            ("73282932000075", BadKey(Siret)),
            ("000000000", BadKey(Siren)),
            ("73282932", BadLength),
            ("7328293200", BadLength),
            ("7328293200007", BadLength),
            ("732829320000741", BadLength),
            ("W31300000", BadLength),
            ("W3130000011", BadLength),
            ("W", BadLength),
            ("", BadLength),
            ("WW31300000", BadCharacter),
            ("3W13000001", BadCharacter),
            ("FR732829320", BadCharacter),
            ("en cours", BadCharacter),
        ] {
            assert_eq!(check_registration_number(text), wanted, "{text}");
        }
    }

    #[test]
    fn la_poste_has_no_key_on_its_establishments_alone() {
        assert_eq!(check_registration_number("35600000000001"), Valid(Siret));
        assert_eq!(check_registration_number("356000001"), BadKey(Siren));
        assert_eq!(check_registration_number("35600000100001"), BadKey(Siret));
    }

    proptest! {
        #[test]
        fn exactly_one_last_digit_fits(eight in "[1-9][0-9]{7}") {
            let fitting = (0..10).filter(|last| {
                check_registration_number(&format!("{eight}{last}")) == Valid(Siren)
            });
            prop_assert_eq!(fitting.count(), 1);
        }

        #[test]
        fn any_text_is_checked(text in any::<String>()) {
            let _ = check_registration_number(&text);
        }
    }
}
