//! Text from cells, safe to show and to send (hazards.md, "Text from cells").

use std::borrow::Cow;

use crate::model::fold::is_invisible;

/// What cleaning makes of a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Kept,
    /// An ordinary or typographic blank: kept, but for the ends of the text.
    Blank,
    Break,
    /// A control character: a blank.
    Control,
    /// Zero-width and bidirectional controls: removed, nobody sees them.
    Invisible,
}

fn class(c: char) -> Class {
    match c {
        ' ' => Class::Blank,
        '!'..='~' => Class::Kept,
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Class::Break,
        _ if is_invisible(c) => Class::Invisible,
        _ if c.is_control() => Class::Control,
        _ if c.is_whitespace() => Class::Blank,
        _ => Class::Kept,
    }
}

/// Whether `c` breaks a line.
pub(super) fn is_break(c: char) -> bool {
    class(c) == Class::Break
}

/// The text on one line: trimmed (no-break spaces too), each run of line breaks and control
/// characters one space, zero-width and bidirectional controls removed. Borrowed when there is
/// nothing to do.
#[must_use]
pub fn clean_line(text: &str) -> Cow<'_, str> {
    let clean = |c| matches!(class(c), Class::Kept | Class::Blank);
    // What was typed in an ASCII cell is nearly always clean: a byte at a time, without classes.
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) || text.chars().all(clean) {
        return Cow::Borrowed(text.trim());
    }
    let mut line = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        match class(c) {
            Class::Invisible => {}
            Class::Break | Class::Control => gap = true,
            Class::Kept if gap => {
                // The blanks around the break are part of it.
                line.truncate(line.trim_end().len());
                line.push(' ');
                line.push(c);
                gap = false;
            }
            Class::Blank | Class::Kept => line.push(c),
        }
    }
    Cow::Owned(trimmed(line))
}

/// The text with its line breaks, each a `\n`; otherwise like [`clean_line`].
#[must_use]
pub fn clean_text(text: &str) -> Cow<'_, str> {
    let clean = |c| matches!(class(c), Class::Kept | Class::Blank) || c == '\n';
    if text.chars().all(clean) {
        return Cow::Borrowed(text.trim());
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut after_return = false;
    for c in text.chars() {
        match class(c) {
            Class::Invisible => continue,
            Class::Break if after_return && c == '\n' => {}
            Class::Break => cleaned.push('\n'),
            Class::Control => cleaned.push(' '),
            Class::Blank | Class::Kept => cleaned.push(c),
        }
        after_return = c == '\r';
    }
    Cow::Owned(trimmed(cleaned))
}

fn trimmed(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    let start = text.len() - text.trim_start().len();
    text.drain(..start);
    text
}
