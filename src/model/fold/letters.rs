//! One letter without case and accents.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// What a character is to the folding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Letter,
    Digit,
    /// A combining accent, or an invisible character: as if it weren't there.
    Mark,
    /// One of the four dots of inclusive writing.
    Dot,
    Open,
    Close,
    /// Blanks and other punctuation: they end a word.
    Other,
}

/// What `c` is.
pub(super) fn kind(c: char) -> Kind {
    match c {
        'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ſ' => Kind::Letter,
        '0'..='9' => Kind::Digit,
        '\u{B7}' | '\u{2022}' | '\u{2027}' | '\u{22C5}' => Kind::Dot,
        '(' => Kind::Open,
        ')' => Kind::Close,
        '\0'..='\x7F' => Kind::Other,
        _ if is_invisible(c) || is_combining_mark(c) => Kind::Mark,
        _ if c.is_alphabetic() => Kind::Letter,
        _ if c.is_numeric() => Kind::Digit,
        _ => Kind::Other,
    }
}

/// Zero-width and bidirectional controls, the soft hyphen: nobody sees them, nobody typed them.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{FEFF}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}')
}

/// Appends the letter or digit `c` without case and accents; œ, æ and ß become two letters.
pub(crate) fn push_folded(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    if let Some(base) = french_base(c) {
        out.push_str(base);
        return;
    }
    for lower in c.to_lowercase() {
        decompose_canonical(lower, |part| {
            if let Some(base) = french_base(part) {
                out.push_str(base);
            } else if matches!(kind(part), Kind::Letter | Kind::Digit) {
                out.extend(part.to_lowercase());
            }
        });
    }
}

/// The accented letters that French workbooks hold: no table of Unicode is searched for them.
fn french_base(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' | 'À' | 'Â' | 'Ä' | 'Á' | 'Ã' | 'Å' => "a",
        'ç' | 'Ç' => "c",
        // 1ᵉʳ
        'ʳ' => "r",
        'ᵉ' | 'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
        'î' | 'ï' | 'í' | 'ì' | 'Î' | 'Ï' | 'Í' | 'Ì' => "i",
        'ñ' | 'Ñ' => "n",
        'ô' | 'ö' | 'ó' | 'ò' | 'õ' | 'Ô' | 'Ö' | 'Ó' | 'Ò' | 'Õ' => "o",
        'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' | 'Ú' => "u",
        'ÿ' | 'ý' | 'Ÿ' | 'Ý' => "y",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ß' | 'ẞ' => "ss",
        _ => return None,
    })
}
