//! Content lines (RFC 5545 §3.1): parameters, escaping, folding.

use std::fmt::Write as _;

/// RFC 5545 §3.1: "Lines of text SHOULD NOT be longer than 75 octets, excluding the line break".
const WIDTH: usize = 75;

/// The content lines of a calendar part.
#[derive(Default)]
pub(super) struct Lines {
    text: String,
}

impl Lines {
    /// A property whose value is written as it is: ours, never somebody's text.
    pub fn raw(&mut self, name: &str, value: &str) {
        self.with(name, &[], value);
    }

    /// A property whose value is somebody's text (RFC 5545 §3.3.11).
    pub fn text(&mut self, name: &str, text: &str) {
        self.with(name, &[], &escaped(text));
    }

    /// A property with parameters, whose value is written as it is.
    pub fn with(&mut self, name: &str, parameters: &[(&str, &str)], value: &str) {
        let mut line = name.to_owned();
        for (name, value) in parameters {
            line.extend([";", name, "=", &parameter(value)]);
        }
        line.extend([":", value]);
        fold(&line, &mut self.text);
    }

    /// Lines as [`Lines::into_text`] gave them.
    pub fn append(&mut self, lines: &str) {
        self.text.push_str(lines);
    }

    /// All lines, each ending with CRLF.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// The address as a URI (RFC 6068 §2).
pub(super) fn mailto(address: &str) -> String {
    let mut uri = "mailto:".to_owned();
    for byte in address.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~!$'*+@".contains(&byte);
        if is_plain {
            uri.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// RFC 5545 §3.3.11: backslashes, semicolons, commas and line breaks; no other control character.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A parameter's value, in quotes where something in it would end it (RFC 5545 §3.2). Quotes can't
/// be written in one; backslashes and circumflexes can, but some calendars take them for escapes
/// (of RFC 5545's texts, of RFC 6868). They give way to what looks like them.
fn parameter(value: &str) -> String {
    let value: String = value
        .chars()
        .map(|c| match c {
            '"' => '\'',
            '\\' => '/',
            '^' => '\u{2c6}',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-/_.".contains(c);
    if value.chars().all(is_plain) {
        value
    } else {
        format!("\"{value}\"")
    }
}

/// Lines of at most 75 octets; the next one starts with a blank. No character is cut.
fn fold(line: &str, out: &mut String) {
    let mut rest = line;
    let mut room = WIDTH;
    loop {
        let end = rest.floor_char_boundary(room);
        let (head, tail) = rest.split_at(end);
        out.push_str(head);
        out.push_str("\r\n");
        if tail.is_empty() {
            return;
        }
        out.push(' ');
        rest = tail;
        room = WIDTH - 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(name: &str, text: &str) -> String {
        let mut lines = Lines::default();
        lines.text(name, text);
        lines.into_text()
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            one("SUMMARY", "a;b,c\\d\ne\tf: \"g\""),
            "SUMMARY:a\\;b\\,c\\\\d\\ne f: \"g\"\r\n"
        );
    }

    #[test]
    fn a_parameter_is_quoted_where_it_must_be() {
        let mut lines = Lines::default();
        let parameters = [("CN", "Zoé \"Z\"; a:b,\nc"), ("RSVP", "FALSE")];
        lines.with("ATTENDEE", &parameters, "mailto:z@example.org");
        assert_eq!(
            lines.into_text(),
            "ATTENDEE;CN=\"Zoé 'Z'; a:b, c\";RSVP=FALSE:mailto:z@example.org\r\n"
        );
    }

    #[test]
    fn an_address_is_a_uri() {
        assert_eq!(mailto("o'b+c@example.org"), "mailto:o'b+c@example.org");
        assert_eq!(
            mailto("a&b%c?d@example.org"),
            "mailto:a%26b%25c%3Fd@example.org"
        );
    }

    #[test]
    fn lines_are_folded_at_75_octets_between_characters() {
        let at_75 = "a".repeat(67);
        assert_eq!(one("SUMMARY", &at_75), format!("SUMMARY:{at_75}\r\n"));
        let text = format!("{at_75}b");
        assert_eq!(one("SUMMARY", &text), format!("SUMMARY:{at_75}\r\n b\r\n"));
        let text = format!("{}é", "a".repeat(66));
        let folded = format!("SUMMARY:{}\r\n é\r\n", "a".repeat(66));
        assert_eq!(one("SUMMARY", &text), folded);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_by_folding(text in "\\PC{0,300}") {
            let folded = one("X", &text);
            for line in folded.split("\r\n") {
                prop_assert!(line.len() <= WIDTH, "{line}");
            }
            let unfolded = folded.replace("\r\n ", "");
            prop_assert_eq!(unfolded, format!("X:{}\r\n", escaped(&text)));
        }
    }
}
