//! French as the coordinator and the participants read it: the spaces of its typography, and the
//! small words of messages.

pub mod words;

/// No-break space: before a colon, inside « », before € and units.
const NO_BREAK: char = '\u{a0}';
/// Narrow no-break space: before `;`, `!` and `?`.
const NARROW: char = '\u{202f}';

/// The text with its spaces made unbreakable where French typography asks for it: before `: ; ! ?`,
/// inside « », before `€`, `%`, and between a number and `h`. Sources stay legible, and no message
/// can forget it.
pub fn typographic(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    let mut previous = None;
    while let Some(c) = chars.next() {
        out.push(if c == ' ' {
            space(previous, chars.peek().copied())
        } else {
            c
        });
        previous = Some(c);
    }
    out
}

fn space(previous: Option<char>, next: Option<char>) -> char {
    match (previous, next) {
        (_, Some(';' | '!' | '?')) => NARROW,
        (_, Some(':' | '»' | '€' | '%')) | (Some('«'), _) => NO_BREAK,
        (Some(digit), Some('h')) if digit.is_ascii_digit() => NO_BREAK,
        _ => ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::typographic;

    #[test]
    fn spaces_become_unbreakable_where_they_should() {
        assert_eq!(
            typographic("Vouliez-vous dire « Nord » ? Il manque : 18 € et 3,5 h."),
            "Vouliez-vous dire «\u{a0}Nord\u{a0}»\u{202f}? Il manque\u{a0}: 18\u{a0}€ et 3,5\u{a0}h."
        );
        assert_eq!(typographic("14 heures, midi"), "14\u{a0}heures, midi");
        assert_eq!(typographic("rien à changer"), "rien à changer");
    }

    #[test]
    fn it_changes_nothing_twice() {
        let once = typographic("Oui ! « a » : b");
        assert_eq!(typographic(&once), once);
    }
}
